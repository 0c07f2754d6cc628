/* The store over real HTTP: lost, lost with its key, used by two engines, a dry run beside it, a fleet that changes under it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/http_case.h"

static void lose(struct http_case *test, const char *ending)
{
    char *path = lab_format("%s%s", test->lab.store, ending);
    unlink(path);
    free(path);
}

static void lose_store(struct http_case *test)
{
    lose(test, "");
    lose(test, "-wal");
    lose(test, "-shm");
}

static size_t soar_incidents(struct http_case *test)
{
    return json_array_size(
        json_object_get(lab_do(&test->lab.soar, "GET", "/_sim/records", NULL), "incidents"));
}

/* An incident with a verdict, an owner and a note from each side; at rest. */
static void link_a_full_one(struct http_case *test)
{
    http_link_as(test, "Active", "TP.SA");
    lab_own_siem(&test->lab, &test->incident, "aaaaaaaa-0000-4000-8000-00000000000a");
    lab_note_siem(&test->lab, &test->incident, "word of one");
    lab_note_soar(&test->lab, &test->incident, "word of the other");
    http_settle(test);
}

static void expect_nothing_doubled(struct http_case *test)
{
    lab_quiet(&test->lab, 4);
    assert_int_equal(soar_incidents(test), 1);
    assert_int_equal(lab_siem_notes(&test->lab, &test->incident, "word"), 2);
    assert_int_equal(lab_soar_notes(&test->lab, &test->incident, "word"), 2);
}

static void expect_it_works_on(struct http_case *test)
{
    http_soar(test, "Closed", NULL);
    lab_note_soar(&test->lab, &test->incident, "a last one");
    http_settle(test);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
    assert_int_equal(lab_siem_notes(&test->lab, &test->incident, "a last one"), 1);
}

static void a_lost_store_doubles_nothing(void **data)
{
    struct http_case *test = *data;
    link_a_full_one(test);
    lose_store(test);
    expect_nothing_doubled(test);
    expect_it_works_on(test);
}

/* Linked anew while they differ: `first contact siem`, and the loser's value is kept in the ledger. */
static void edits_made_while_the_store_was_lost_are_first_contact(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", NULL);
    lose_store(test);
    lab_edit_siem(&test->lab, &test->incident, json_pack("{s:s}", "severity", "Low"));
    lab_edit_soar(&test->lab, &test->incident, json_pack("{s:s}", "Severity", "Medium"));
    http_settle(test);
    assert_string_equal(lab_siem_text(&test->lab, &test->incident, "properties.severity"), "Low");
    assert_string_equal(lab_soar_text(&test->lab, &test->incident, "Severity"), "Low");
    http_expect_lost(test, "severity");
}

/* --- dry run ----------------------------------------------------------------------------------------------- */

static void expect_said(const struct http_case *test, const char *words)
{
    if (!strstr(test->lab.said, words))
        fail_msg("expected '%s' in:\n%s", words, test->lab.said);
}

static void a_dry_run_tells_and_writes_nothing(void **data)
{
    struct http_case *test = *data;
    char *out = NULL;
    http_link_as(test, "Active", NULL);
    http_soar(test, "Closed", "TP.SA");
    lab_note_soar(&test->lab, &test->incident, "isolated the host");
    lab_new_incident(&test->lab, 0, NULL);
    lab_reset_all_counts(&test->lab);
    assert_int_equal(
        lab_duet(&test->lab, &out,
                 LAB_WORDS("run", test->lab.fleet, "--dry-run", "--store", test->lab.store)),
        0);
    assert_int_equal(lab_writes(&test->lab.siem) + lab_writes(&test->lab.soar), 0);
    expect_said(test, "would write");
    expect_said(test, "status: Active -> Closed, classification: - -> TruePositive, "
                      "reason: - -> SuspiciousActivity");
    expect_said(test, "would create");
    expect_said(test, "severity: High");
    expect_said(test, "would send note");
    expect_said(test, "isolated the host");
    assert_null(strstr(test->lab.said, "\"written\""));
    assert_string_equal(out, "1 record would be written, 1 created, 1 note sent; nothing was\n");
    free(out);
    http_expect(test, "Active - ~ Closed TP.SA");
    http_settle(test);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
    assert_int_equal(soar_incidents(test), 2);
}

/* --- two engines ---------------------------------------------------------------------------------------------- */

/* The first one has a write under way while the second one starts, finishes the work and ends. Whatever the first one makes of it: the
 * edit stands once on each side, and it writes nothing to the store any more. */
static void the_engine_that_started_last_owns_the_store(void **data)
{
    struct http_case *test = *data;
    struct lab_child first = { 0 };
    lab_switch(&test->lab.soar, "outbound", "off");
    http_link_as(test, "Active", NULL);
    lab_start_engine(&test->lab);
    first = test->lab.engine;
    test->lab.engine = (struct lab_child){ 0 };
    http_soar(test, "Closed", "TP.SA");
    http_settle(test);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
    lab_switch(&test->lab.soar, "outbound", "on");
    lab_note_soar(&test->lab, &test->incident, "for whom?"); /* only the first one is told */
    assert_int_equal(lab_child_wait(&first, 30), 3);
    lab_child_end(&first);
    http_settle(test);
    assert_int_equal(lab_siem_notes(&test->lab, &test->incident, "for whom?"), 1);
}

/* --- the fleet changes ------------------------------------------------------------------------------------------ */

/* Both sides still agree by the arm that the overlay left, so nothing is written; from then on it counts. */
static void a_changed_overlay_counts_from_then_on(void **data)
{
    struct http_case *test = *data;
    http_link(test);
    lab_edit_siem(&test->lab, &test->incident, json_pack("{s:s}", "severity", "Informational"));
    http_settle(test);
    assert_string_equal(lab_soar_text(&test->lab, &test->incident, "Severity"), "Informational");
    lab_change_fleet(
        &test->lab, "every 1s;\n  \n}",
        "every 1s;\n  override severity { Informational -> Low lossy \"none here\"; }\n}");
    lab_quiet(&test->lab, 2);
    lab_edit_siem(&test->lab, &test->incident, json_pack("{s:s}", "severity", "High"));
    http_settle(test);
    lab_edit_siem(&test->lab, &test->incident, json_pack("{s:s}", "severity", "Informational"));
    http_settle(test);
    assert_string_equal(lab_soar_text(&test->lab, &test->incident, "Severity"), "Low");
    assert_int_equal(soar_incidents(test), 1);
}

/* A person whom the table learns to know later is met again. */
static void a_changed_table_of_persons_moves_owners(void **data)
{
    struct http_case *test = *data;
    char *people = lab_format("%s/analysts.csv", test->lab.folder);
    http_link_with(test, json_pack("{s:{s:s, s:s}}", "owner", "objectId",
                                   "cccccccc-0000-4000-8000-00000000000c", "assignedTo", "Cyd"));
    assert_string_equal(lab_soar_text(&test->lab, &test->incident, "Owner"), "System");
    lab_write_file(people, "siem.id,soar.login,soar.name\n"
                           "cccccccc-0000-4000-8000-00000000000c,cyd,Cyd Fox\n");
    http_settle(test);
    assert_string_equal(lab_soar_text(&test->lab, &test->incident, "Owner"), "Cyd Fox");
    free(people);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, http_case_start, http_case_stop)
        CASE(a_lost_store_doubles_nothing),
        CASE(edits_made_while_the_store_was_lost_are_first_contact),
        CASE(a_dry_run_tells_and_writes_nothing),
        cmocka_unit_test_setup_teardown(the_engine_that_started_last_owns_the_store,
                                        http_case_start_running, http_case_stop),
        CASE(a_changed_overlay_counts_from_then_on),
        CASE(a_changed_table_of_persons_moves_owners),
#undef CASE
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
