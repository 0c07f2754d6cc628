/* Other rules over real HTTP: changed while no engine ran, and by SIGHUP while it runs; what is asked, what is written, what is refused. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/http_case.h"
#include "tests/support/http_mapping.h"

#define DEADLINE_SECONDS 20
#define ON_HOLD "Active <-  \"On Hold\";"

enum { ACME, BETA };

static void expect_said(const struct http_case *test, const char *text)
{
    if (!strstr(test->lab.said, text))
        fail_msg("'%s' isn't in:\n%s", text, test->lab.said);
}

/* Requests to both systems since the counts were reset. */
static long requests(struct http_case *test)
{
    return lab_count(&test->lab.siem, "total") + lab_count(&test->lab.soar, "total");
}

/* One round: how many requests it took. */
static long asked_in_a_round(struct http_case *test)
{
    lab_reset_all_counts(&test->lab);
    lab_rounds(&test->lab, 1);
    return requests(test);
}

/* Active ~ On Hold, which agree; and a second incident that is New ~ Open. */
static void link_two(struct http_case *test)
{
    http_link_as(test, "Active", NULL);
    lab_edit_soar(&test->lab, &test->incident, json_pack("{s:s}", "Status", "On Hold"));
    (void)lab_new_incident(&test->lab, ACME, json_pack("{s:s}", "title", "another one"));
    http_settle(test);
    http_expect(test, "Active - ~ On Hold -");
}

/* --- while no engine ran --------------------------------------------------------------------------------------- */

static void a_comment_asks_for_nothing(void **data)
{
    struct http_case *test = *data;
    http_own_mapping(test);
    link_two(test);
    long usual = asked_in_a_round(test);
    http_change_mapping(test, "edition 2026;", "edition 2026;\n# a remark\n");
    assert_int_equal(asked_in_a_round(test), usual);
    assert_null(strstr(test->lab.said, "changed"));
}

/* No title here is so long: the rule changed, and no link is planned. */
static void a_rule_that_touches_nothing_asks_for_nothing(void **data)
{
    struct http_case *test = *data;
    http_own_mapping(test);
    link_two(test);
    long usual = asked_in_a_round(test);
    http_change_mapping(test, "truncate 100", "truncate 90");
    assert_int_equal(asked_in_a_round(test), usual);
    expect_said(test, "\"links planned by the changed rules\",\"owner\":\"acme\",\"rules\":1,"
                      "\"links\":0");
    assert_int_equal(asked_in_a_round(test), usual);
    assert_null(strstr(test->lab.said, "changed"));
}

/* Active and On Hold don't agree any more: Sentinel's value wins, as at a first contact, and the other one is kept. */
static void a_changed_arm_moves_the_links_that_it_touches(void **data)
{
    struct http_case *test = *data;
    http_own_mapping(test);
    link_two(test);
    http_change_mapping(test, ON_HOLD, "New    <-  \"On Hold\";");
    lab_reset_all_counts(&test->lab);
    lab_rounds(&test->lab, 1);
    expect_said(test, "\"rules\":1,\"links\":1");
    http_expect(test, "Active - ~ In Progress -");
    assert_int_equal(lab_writes(&test->lab.soar), 1);
    assert_int_equal(lab_writes(&test->lab.siem), 0);
    http_expect_told(test, "conflicts", "lost: On Hold");
    lab_quiet(&test->lab, 2);
}

/* An owner whom the table doesn't know and who mustn't be passed over: the record waits until the mapping says what becomes of him. */
static void a_quarantined_record_is_released_by_a_new_rule(void **data)
{
    struct http_case *test = *data;
    char *people = lab_format("%s/analysts.csv", test->lab.folder);
    http_own_mapping(test);
    link_two(test);
    lab_write_file(people, "siem.id,siem.login,soar.login,soar.name\n1,ann,ann,Ann Lee\n");
    http_change_mapping(test, "unknown keep", "unknown quarantine");
    lab_rounds(&test->lab, 1);
    lab_edit_soar(&test->lab, &test->incident, json_pack("{s:s}", "Owner", "Bob Ray"));
    lab_judge_siem(&test->lab, &test->incident, "Closed", "TP.SA");
    lab_rounds(&test->lab, 2);
    http_expect(test, "Closed TP.SA ~ On Hold -");
    http_change_mapping(test, "unknown quarantine", "unknown keep");
    lab_rounds(&test->lab, 2);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
    lab_quiet(&test->lab, 2);
    free(people);
}

/* --- by SIGHUP ----------------------------------------------------------------------------------------------------- */

/* How often the engine has said it so far. */
static size_t times_said(const struct http_case *test, const char *text)
{
    char *said = lab_read_file(test->lab.engine.out);
    size_t count = 0;
    for (const char *at = strstr(said, text); at; at = strstr(at + 1, text))
        count++;
    free(said);
    return count;
}

/* Until the engine has said it once more than `before` times. */
static void wait_for(struct http_case *test, const char *text, size_t before)
{
    double deadline = lab_seconds() + DEADLINE_SECONDS;
    while (times_said(test, text) <= before) {
        if (lab_seconds() > deadline || !lab_child_runs(&test->lab.engine)) {
            char *said = lab_read_file(test->lab.engine.out);
            fail_msg("the engine never said '%s':\n%s", text, said);
        }
        lab_pause();
    }
}

static void hang_up(struct http_case *test, const char *text)
{
    size_t before = times_said(test, text);
    assert_int_equal(kill(test->lab.engine.pid, SIGHUP), 0);
    wait_for(test, text, before);
}

#define RELOADED "\"event\":\"reloaded\""

static void wait_for_both(struct http_case *test, const char *both)
{
    double deadline = lab_seconds() + DEADLINE_SECONDS;
    while (strcmp(lab_both(&test->lab, &test->incident), both) != 0) {
        if (lab_seconds() > deadline)
            fail_msg("'%s' instead of '%s'", lab_both(&test->lab, &test->incident), both);
        lab_pause();
    }
}

/* Its first round is over. */
static void start_engine(struct http_case *test)
{
    lab_reset_all_counts(&test->lab);
    lab_start_engine(&test->lab);
    double deadline = lab_seconds() + DEADLINE_SECONDS;
    while (lab_count(&test->lab.siem, "list incidents") == 0 && lab_seconds() < deadline)
        lab_pause();
    hang_up(test, RELOADED);
}

/* Nothing is polled, no token fetched: the counts stand. */
static void a_reload_of_the_same_asks_for_nothing(void **data)
{
    struct http_case *test = *data;
    http_own_mapping(test);
    http_link(test);
    start_engine(test);
    lab_reset_all_counts(&test->lab);
    hang_up(test, RELOADED);
    http_change_mapping(test, "edition 2026;", "edition 2026;\n# a remark\n");
    hang_up(test, RELOADED);
    assert_int_equal(requests(test), 0);
    lab_stop_engine(&test->lab);
}

static void wait_for_severity(struct http_case *test, const char *severity)
{
    double deadline = lab_seconds() + DEADLINE_SECONDS;
    while (strcmp(lab_siem_text(&test->lab, &test->incident, "properties.severity"), severity) !=
           0) {
        if (lab_seconds() > deadline)
            fail_msg("the severity never becomes %s", severity);
        lab_pause();
    }
}

/* The token goes on to count: polls and the one write are all that is asked. Hooks are taken by the new mapping. The severity that came over
 * tells that the written status was read again: an edit back before that couldn't be told from a write that came to nothing, and is held. */
static void a_changed_arm_is_taken_over_at_once(void **data)
{
    struct http_case *test = *data;
    http_own_mapping(test);
    lab_switch(&test->lab.soar, "outbound", "off");
    link_two(test);
    start_engine(test);
    lab_reset_all_counts(&test->lab);
    http_change_mapping(test, ON_HOLD, "New    <-  \"On Hold\";");
    hang_up(test, "\"rules\":1,\"links\":1");
    wait_for_both(test, "Active - ~ In Progress -");
    assert_int_equal(lab_count(&test->lab.siem, "token"), 0);
    lab_switch(&test->lab.soar, "outbound", "on");
    lab_edit_soar(&test->lab, &test->incident, json_pack("{s:s}", "Severity", "Low"));
    wait_for_severity(test, "Low");
    lab_edit_soar(&test->lab, &test->incident, json_pack("{s:s}", "Status", "On Hold"));
    wait_for_both(test, "New - ~ On Hold -");
    lab_stop_engine(&test->lab);
    lab_quiet(&test->lab, 2);
}

static void a_mapping_with_mistakes_is_refused(void **data)
{
    struct http_case *test = *data;
    http_own_mapping(test);
    http_link_as(test, "Active", NULL);
    start_engine(test);
    http_change_mapping(test, ON_HOLD, "");
    hang_up(test, "own.duet:");
    wait_for(test, "reload refused: what ran before goes on", 0);
    lab_edit_soar(&test->lab, &test->incident, json_pack("{s:s}", "Status", "On Hold"));
    http_soar(test, "Closed", "TP.SA");
    wait_for_both(test, "Closed TP.SA ~ Closed TP.SA");
    assert_int_equal(times_said(test, RELOADED), 1); /* that of start_engine() */
    lab_stop_engine(&test->lab);
}

static void wait_for_owner(struct http_case *test)
{
    double deadline = lab_seconds() + DEADLINE_SECONDS;
    while (!*lab_siem_text(&test->lab, &test->incident, "properties.owner.objectId")) {
        if (lab_seconds() > deadline)
            fail_msg("the owner never arrives");
        lab_pause();
    }
}

/* It compiles, and its hub can't run: hooks, polls and the table of persons are those of before, also after a good reload. */
static void a_fleet_that_cannot_run_is_refused(void **data)
{
    struct http_case *test = *data;
    char *people = lab_format("%s/analysts.csv", test->lab.folder);
    char *persons = lab_read_file(people);
    http_own_mapping(test);
    char *fleet = lab_read_file(test->lab.fleet);
    char *lacking = http_replaced(fleet, "api_key = env HUB_KEY", "api_key = env NOT_SET_HERE");
    http_link_as(test, "Active", NULL);
    start_engine(test);
    lab_write_file(people, "siem.id,soar.login,soar.name\n1,ann,Ann Lee\n2,ann,Ann Lee\n");
    lab_write_file(test->lab.fleet, lacking);
    hang_up(test, "reload refused: what ran before goes on");
    assert_true(times_said(test, "NOT_SET_HERE") > 0);
    assert_int_equal(times_said(test, RELOADED), 1); /* that of start_engine() */
    lab_edit_soar(&test->lab, &test->incident, json_pack("{s:s}", "Owner", "Ann Lee"));
    wait_for_owner(test);
    lab_write_file(people, persons);
    lab_write_file(test->lab.fleet, fleet);
    hang_up(test, RELOADED);
    http_soar(test, "Closed", "TP.SA");
    wait_for_both(test, "Closed TP.SA ~ Closed TP.SA");
    lab_stop_engine(&test->lab);
    lab_quiet(&test->lab, 2);
    free(lacking);
    free(fleet);
    free(persons);
    free(people);
}

/* Two rows for one login: named, and Ann is still known. */
static void a_refused_table_of_persons_stays_as_it_was(void **data)
{
    struct http_case *test = *data;
    char *people = lab_format("%s/analysts.csv", test->lab.folder);
    char *before = lab_read_file(people);
    http_own_mapping(test);
    http_link_as(test, "Active", NULL);
    start_engine(test);
    lab_write_file(people, "siem.id,soar.login,soar.name\n1,ann,Ann Lee\n2,ann,Ann Lee\n");
    hang_up(test, "a table of persons is refused: the one of before stays");
    wait_for(test, RELOADED, 1);
    assert_true(times_said(test, "analysts.csv") > 0);
    lab_edit_soar(&test->lab, &test->incident, json_pack("{s:s}", "Owner", "Ann Lee"));
    wait_for_owner(test);
    lab_stop_engine(&test->lab);
    lab_write_file(people, before);
    free(before);
    free(people);
}

static int start_two(void **data)
{
    if (http_case_start_closed(data) != 0)
        return -1;
    struct http_case *test = *data;
    lab_open(&test->lab, &(struct lab_options){
                             .tenants = 2, .hooks = true, .real_time = true, .every = "1h" });
    return 0;
}

/* How many incidents the SOAR has. */
static size_t soar_incidents(struct http_case *test)
{
    return json_array_size(
        json_object_get(lab_do(&test->lab.soar, "GET", "/_sim/records", NULL), "incidents"));
}

static void wait_for_incidents(struct http_case *test, size_t count)
{
    double deadline = lab_seconds() + DEADLINE_SECONDS;
    while (soar_incidents(test) < count) {
        if (lab_seconds() > deadline)
            fail_msg("%zu incidents instead of %zu", soar_incidents(test), count);
        lab_pause();
    }
}

/* Beta joins: its incidents go over at once. It leaves: they don't any more, and acme goes on. */
static void tenants_join_and_leave(void **data)
{
    struct http_case *test = *data;
    char *both = lab_read_file(test->lab.fleet);
    char *block = strstr(both, "tenant beta");
    assert_non_null(block);
    char *alone = lab_format("%.*s", (int)(block - both), both);
    lab_write_file(test->lab.fleet, alone);
    (void)lab_new_incident(&test->lab, BETA, json_pack("{s:s}", "title", "of beta"));
    http_link(test);
    assert_int_equal(soar_incidents(test), 1);
    start_engine(test);
    lab_write_file(test->lab.fleet, both);
    hang_up(test, "\"a tenant joined the fleet\",\"owner\":\"beta\"");
    wait_for_incidents(test, 2);
    lab_write_file(test->lab.fleet, alone);
    hang_up(test, "\"a tenant left the fleet\",\"owner\":\"beta\"");
    lab_reset_counts(&test->lab.siem);
    http_soar(test, "Closed", "TP.SA");
    wait_for_both(test, "Closed TP.SA ~ Closed TP.SA");
    lab_stop_engine(&test->lab);
    free(alone);
    free(both);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, http_case_start, http_case_stop)
#define RUNNING(name) cmocka_unit_test_setup_teardown(name, http_case_start_running, http_case_stop)
        CASE(a_comment_asks_for_nothing),
        CASE(a_rule_that_touches_nothing_asks_for_nothing),
        CASE(a_changed_arm_moves_the_links_that_it_touches),
        CASE(a_quarantined_record_is_released_by_a_new_rule),
        RUNNING(a_reload_of_the_same_asks_for_nothing),
        RUNNING(a_changed_arm_is_taken_over_at_once),
        RUNNING(a_mapping_with_mistakes_is_refused),
        RUNNING(a_fleet_that_cannot_run_is_refused),
        RUNNING(a_refused_table_of_persons_stays_as_it_was),
        cmocka_unit_test_setup_teardown(tenants_join_and_leave, start_two, http_case_stop),
#undef RUNNING
#undef CASE
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
