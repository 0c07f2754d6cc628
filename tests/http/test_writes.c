/* Writes that meet trouble, over real HTTP (scenario S10 and the faults of one request): nothing is lost, nothing happens twice, and each
 * is tried as often as it should be. */
#include <stdlib.h>
#include <string.h>

#include "engine/journal/journal.h"
#include "tests/support/http_case.h"

static void fault(struct lab_system *system, const char *kind, const char *what)
{
    lab_fault(system, json_pack("{s:s, s:s}", "kind", kind, "do", what));
}

/* --- S10: two writers ------------------------------------------------------------------------------------ */

/* Our snapshot is old by an edit that the poll of this round can't have seen: made while the first PUT is on its way. */
static void s10_an_edit_in_between_is_kept(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", NULL);
    fault(&test->lab.siem, "write incident", "hang");
    http_soar(test, "Closed", "TP.SA");
    lab_begin_once(&test->lab);
    lab_child_release(&test->lab.engine);
    double deadline = lab_seconds() + 30;
    while (lab_count(&test->lab.siem, "write incident") == 0 && lab_seconds() < deadline)
        lab_pause();
    lab_own_siem(&test->lab, &test->incident, "bbbbbbbb-0000-4000-8000-00000000000b");
    lab_do(&test->lab.siem, "POST", "/_sim/release", NULL);
    assert_int_equal(lab_finish_once(&test->lab), 0);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
    http_settle(test);
    assert_string_equal(lab_siem_text(&test->lab, &test->incident, "properties.owner.assignedTo"),
                        "Bob Ray (acme)");
    assert_string_equal(lab_soar_text(&test->lab, &test->incident, "Owner"), "Bob Ray");
}

static void s10_a_stale_write_costs_three_requests(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", NULL);
    fault(&test->lab.siem, "write incident", "409");
    http_soar(test, "Closed", "TP.SA");
    lab_rounds(&test->lab, 1);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
    assert_int_equal(lab_count(&test->lab.siem, "write incident"), 2);
    assert_int_equal(lab_count(&test->lab.siem, "read incident"), 1);
    lab_quiet(&test->lab, 2);
}

static void s10_where_the_conflict_comes_with_status_200(void **data)
{
    struct http_case *test = *data;
    lab_switch(&test->lab.siem, "conflict_status", "200");
    http_link_as(test, "Active", NULL);
    lab_switch_number(&test->lab.siem, "conflict_storm", 1);
    http_soar(test, "Closed", "TP.SA");
    lab_rounds(&test->lab, 1);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
}

static void s10_a_storm_of_conflicts_parks_the_write_with_both_values(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", NULL);
    lab_switch_number(&test->lab.siem, "conflict_storm", 1000);
    http_soar(test, "Closed", "TP.SA");
    lab_rounds(&test->lab, 1);
    http_expect(test, "Active - ~ Closed TP.SA");
    assert_in_range(lab_count(&test->lab.siem, "write incident"), 1, 4);
    http_expect_told(test, "conflicts", test->incident.name);
    http_expect_told(test, "conflicts", "Active");
    http_expect_told(test, "conflicts", "Closed");
    lab_switch_number(&test->lab.siem, "conflict_storm", 0);
    http_settle(test);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
}

/* --- replies lost, servers down --------------------------------------------------------------------------- */

/* The round may end with 1, for it couldn't do all; the next ones must. */
static void trouble(struct http_case *test, struct lab_system *system, const char *kind,
                    const char *what)
{
    http_link_as(test, "Active", NULL);
    fault(system, kind, what);
    http_soar(test, "Closed", "TP.SA");
    lab_edit_siem(&test->lab, &test->incident, json_pack("{s:s}", "severity", "Low"));
    lab_run_once(&test->lab);
    http_settle(test);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
    assert_string_equal(lab_soar_text(&test->lab, &test->incident, "Severity"), "Low");
}

#define TROUBLE(name, side, kind, what)                                                            \
    static void name(void **data)                                                                  \
    {                                                                                              \
        struct http_case *test = *data;                                                            \
        trouble(test, &test->lab.side, kind, what);                                                \
    }

TROUBLE(a_put_whose_reply_is_lost, siem, "write incident", "drop-after")
TROUBLE(a_put_that_never_arrives, siem, "write incident", "drop-before")
TROUBLE(a_put_answered_by_half, siem, "write incident", "cut")
TROUBLE(a_put_answered_500, siem, "write incident", "500")
TROUBLE(a_put_answered_503, siem, "write incident", "503")
TROUBLE(a_put_answered_with_a_page, siem, "write incident", "garbage")
TROUBLE(a_put_answered_401, siem, "write incident", "401")
TROUBLE(fields_whose_reply_is_lost, soar, "SetIncidentFieldsInBulk", "drop-after")
TROUBLE(fields_that_never_arrive, soar, "SetIncidentFieldsInBulk", "drop-before")
TROUBLE(fields_answered_by_half, soar, "SetIncidentFieldsInBulk", "cut")
TROUBLE(fields_answered_500, soar, "SetIncidentFieldsInBulk", "500")
TROUBLE(fields_answered_with_a_page, soar, "SetIncidentFieldsInBulk", "garbage")
TROUBLE(a_list_answered_500, siem, "list incidents", "500")
TROUBLE(a_list_answered_401, siem, "list incidents", "401")
TROUBLE(a_list_cut, siem, "list incidents", "cut")
TROUBLE(rows_answered_500, soar, "GetIncidents", "500")
TROUBLE(rows_cut, soar, "GetIncidents", "cut")
TROUBLE(no_token, siem, "token", "500")

/* Form, then close: what is lost in between is planned anew, not resumed. */
static void ordered_trouble(struct http_case *test, const char *kind, const char *what)
{
    http_link_as(test, "Active", NULL);
    fault(&test->lab.soar, kind, what);
    http_siem(test, "Closed", "FP.ID");
    lab_run_once(&test->lab);
    http_settle(test);
    http_expect(test, "Closed FP.ID ~ Closed FP.ID");
}

/* A test: the story, with one fault of the SOAR in it. */
#define FAULTED(name, story, kind, what)                                                           \
    static void name(void **data)                                                                  \
    {                                                                                              \
        story(*data, kind, what);                                                                  \
    }

FAULTED(a_form_whose_reply_is_lost, ordered_trouble, "UpdateDynamicFieldsByNumberInBulk",
        "drop-after")
FAULTED(a_form_that_never_arrives, ordered_trouble, "UpdateDynamicFieldsByNumberInBulk",
        "drop-before")
FAULTED(a_close_whose_reply_is_lost, ordered_trouble, "CloseIncidentInBulk", "drop-after")
FAULTED(a_close_that_never_arrives, ordered_trouble, "CloseIncidentInBulk", "drop-before")
FAULTED(a_close_answered_503, ordered_trouble, "CloseIncidentInBulk", "503")

/* --- creation ------------------------------------------------------------------------------------------------ */

static void creation_trouble(struct http_case *test, const char *kind, const char *what)
{
    fault(&test->lab.soar, kind, what);
    test->incident = lab_new_incident(&test->lab, 0, json_pack("{s:s}", "status", "Active"));
    lab_run_once(&test->lab);
    http_settle(test);
    assert_true(lab_find_number(&test->lab, &test->incident));
    http_expect(test, "Active - ~ In Progress -");
    const json_t *all =
        json_object_get(lab_do(&test->lab.soar, "GET", "/_sim/records", NULL), "incidents");
    assert_int_equal(json_array_size(all), 1);
}

FAULTED(a_creation_whose_reply_is_lost_is_adopted, creation_trouble, "CreateAnIncident",
        "drop-after")
FAULTED(a_creation_answered_by_half_is_adopted, creation_trouble, "CreateAnIncident", "cut")
FAULTED(a_creation_that_never_arrives_is_made, creation_trouble, "CreateAnIncident", "drop-before")
FAULTED(a_creation_answered_500_is_made, creation_trouble, "CreateAnIncident", "500")
FAULTED(a_creation_is_completed_after_a_lost_reply, creation_trouble, "SetIncidentFieldsInBulk",
        "drop-after")
FAULTED(a_creation_is_completed_after_a_lost_request, creation_trouble, "SetIncidentFieldsInBulk",
        "drop-before")

/* Since when the only creation of the store is wanted. */
static int64_t wanted_since(const struct http_case *test)
{
    struct duet_journal *journal = NULL;
    struct duet_error error = { "" };
    struct duet_arena *arena = duet_arena_new();
    struct duet_creation *creations = NULL;
    const struct duet_owner acme = { DUET_OWNER_TENANT, "acme", 0 };
    size_t count = 0;
    assert_int_equal(duet_journal_open(test->lab.store, &journal, &error), DUET_OK);
    assert_int_equal(duet_journal_creations(journal, &acme, 0, 2, arena, &creations, &count),
                     DUET_OK);
    assert_int_equal(count, 1);
    assert_int_equal(creations[0].state, DUET_CREATION_WANTED);
    int64_t when = creations[0].when;
    duet_arena_free(arena);
    duet_journal_close(journal);
    return when;
}

/* `duet held` tells by that time what doesn't go on. */
static void a_creation_that_fails_again_is_wanted_since_the_first_time(void **data)
{
    struct http_case *test = *data;
    test->incident = lab_new_incident(&test->lab, 0, json_pack("{s:s}", "status", "Active"));
    fault(&test->lab.soar, "CreateAnIncident", "503");
    lab_run_once(&test->lab);
    int64_t first = wanted_since(test);
    fault(&test->lab.soar, "CreateAnIncident", "503");
    lab_run_once(&test->lab);
    assert_int_equal(wanted_since(test), first);
    http_settle(test);
    assert_true(lab_find_number(&test->lab, &test->incident));
    http_expect(test, "Active - ~ In Progress -");
}

/* --- refused --------------------------------------------------------------------------------------------------- */

/* A close that the SOAR's own rule refuses: tried once for this pair of values, then held and shown until something changes. */
static void a_refused_close_is_tried_once_and_held(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", NULL);
    lab_edit_soar(&test->lab, &test->incident, json_pack("{s:i}", "Pending Required Tasks", 1));
    http_settle(test);
    http_siem(test, "Closed", "FP.ID");
    http_settle(test);
    http_expect(test, "Closed FP.ID ~ In Progress FP.ID");
    assert_int_equal(lab_count(&test->lab.soar, "CloseIncidentInBulk"), 1);
    http_expect_told(test, "held", "required pending task");
    lab_quiet(&test->lab, 2);
    lab_edit_soar(&test->lab, &test->incident, json_pack("{s:i}", "Pending Required Tasks", 0));
    http_siem(test, "Active", NULL);
    http_settle(test);
    http_siem(test, "Closed", NULL);
    http_settle(test);
    http_expect(test, "Closed FP.ID ~ Closed FP.ID");
}

/* --- gone -------------------------------------------------------------------------------------------------------- */

static void delete_and_edit_the_other_side(struct http_case *test)
{
    http_link_as(test, "Active", NULL);
    lab_delete_siem(&test->lab, &test->incident);
    http_soar(test, "On Hold", NULL);
    lab_edit_soar(&test->lab, &test->incident, json_pack("{s:s}", "Severity", "Low"));
    lab_rounds(&test->lab, 3);
}

/* The SOAR knows nobody of the owner's name: that is no reason to keep the severity back. */
static void one_refused_field_keeps_no_other_back(void **data)
{
    struct http_case *test = *data;
    char *people = lab_format("%s/analysts.csv", test->lab.folder);
    lab_write_file(people, "siem.id,siem.login,soar.login\n"
                           "bbbbbbbb-0000-4000-8000-00000000000b,bob@acme.example,left\n");
    free(people);
    http_link_as(test, "Active", NULL);
    lab_own_siem(&test->lab, &test->incident, "bbbbbbbb-0000-4000-8000-00000000000b");
    lab_edit_siem(&test->lab, &test->incident,
                  json_pack("{s:s, s:s}", "severity", "Low", "status", "New"));
    lab_rounds(&test->lab, 1);
    http_expect(test, "New - ~ Open -");
    assert_string_equal(lab_soar_text(&test->lab, &test->incident, "Severity"), "Low");
    assert_in_range(lab_count(&test->lab.soar, "SetIncidentFieldsInBulk"), 2, 4);
    http_expect_told(test, "held", "owner");
    lab_quiet(&test->lab, 3);
}

static void a_deleted_incident_deletes_nothing(void **data)
{
    struct http_case *test = *data;
    lab_switch(&test->lab.siem, "missing_with_etag", "conflict");
    delete_and_edit_the_other_side(test);
    http_expect(test, "gone  ~ On Hold -");
    http_expect_told(test, "held", "gone");
    lab_quiet(&test->lab, 2);
}

/* A PUT makes what isn't there, and a list tells nothing of a deletion: so the first write after it brings the incident back, once. */
static void a_deleted_incident_comes_back_where_a_put_creates(void **data)
{
    struct http_case *test = *data;
    delete_and_edit_the_other_side(test);
    http_expect(test, "Active - ~ On Hold -");
    assert_string_equal(lab_siem_text(&test->lab, &test->incident, "properties.severity"), "Low");
    lab_quiet(&test->lab, 2);
}

static void a_deleted_row_deletes_nothing_and_is_not_made_again(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", NULL);
    lab_delete_soar(&test->lab, &test->incident);
    lab_edit_siem(&test->lab, &test->incident, json_pack("{s:s}", "severity", "Low"));
    lab_rounds(&test->lab, 3);
    http_expect(test, "Active - ~ gone ");
    assert_int_equal(lab_count(&test->lab.soar, "CreateAnIncident"), 0);
    lab_quiet(&test->lab, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, http_case_start, http_case_stop)
        CASE(s10_an_edit_in_between_is_kept),
        CASE(s10_a_stale_write_costs_three_requests),
        CASE(s10_where_the_conflict_comes_with_status_200),
        CASE(s10_a_storm_of_conflicts_parks_the_write_with_both_values),
        CASE(a_put_whose_reply_is_lost),
        CASE(a_put_that_never_arrives),
        CASE(a_put_answered_by_half),
        CASE(a_put_answered_500),
        CASE(a_put_answered_503),
        CASE(a_put_answered_with_a_page),
        CASE(a_put_answered_401),
        CASE(fields_whose_reply_is_lost),
        CASE(fields_that_never_arrive),
        CASE(fields_answered_by_half),
        CASE(fields_answered_500),
        CASE(fields_answered_with_a_page),
        CASE(a_list_answered_500),
        CASE(a_list_answered_401),
        CASE(a_list_cut),
        CASE(rows_answered_500),
        CASE(rows_cut),
        CASE(no_token),
        CASE(a_form_whose_reply_is_lost),
        CASE(a_form_that_never_arrives),
        CASE(a_close_whose_reply_is_lost),
        CASE(a_close_that_never_arrives),
        CASE(a_close_answered_503),
        CASE(a_creation_whose_reply_is_lost_is_adopted),
        CASE(a_creation_answered_by_half_is_adopted),
        CASE(a_creation_that_never_arrives_is_made),
        CASE(a_creation_answered_500_is_made),
        CASE(a_creation_is_completed_after_a_lost_reply),
        CASE(a_creation_is_completed_after_a_lost_request),
        CASE(a_creation_that_fails_again_is_wanted_since_the_first_time),
        CASE(a_refused_close_is_tried_once_and_held),
        CASE(one_refused_field_keeps_no_other_back),
        CASE(a_deleted_incident_deletes_nothing),
        CASE(a_deleted_incident_comes_back_where_a_put_creates),
        CASE(a_deleted_row_deletes_nothing_and_is_not_made_again),
#undef CASE
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
