/* Lists over real HTTP: pages, late arrivals, times of any form, records that can't be read (scenarios S7, S11, S14, S17). */
#include <stdlib.h>
#include <string.h>

#include "tests/support/http_case.h"

enum { SIEM_PAGE = 1000, SOAR_PAGE = 200 };

/* So many incidents that the mapping doesn't create, in one request. */
static void fill_siem(struct http_case *test, int count)
{
    json_t *list = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s, s:{s:s}}", "workspace", lab_workspace(0),
                                              "properties", "severity", "Informational"));
    lab_do(&test->lab.siem, "POST", "/_sim/create", list);
}

static void fill_soar(struct http_case *test, int count)
{
    json_t *list = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:{s:s}}", "fields", "Title", "Somebody else's"));
    lab_do(&test->lab.soar, "POST", "/_sim/create", list);
}

/* --- S14: pages are followed to the end ------------------------------------------------------------------ */

static void s14_the_second_page_of_incidents_is_read(void **data)
{
    struct http_case *test = *data;
    fill_siem(test, SIEM_PAGE + 3);
    http_link(test);
    fill_siem(test, SIEM_PAGE + 3);
    http_siem(test, "Active", NULL);
    lab_reset_all_counts(&test->lab);
    lab_rounds(&test->lab, 1);
    http_expect(test, "Active - ~ In Progress -");
    assert_in_range(lab_count(&test->lab.siem, "list incidents"), 2, 3);
    lab_quiet(&test->lab, 1);
}

static void s14_where_pages_are_counted_and_not_keyed(void **data)
{
    struct http_case *test = *data;
    lab_switch(&test->lab.siem, "paging", "offset");
    s14_the_second_page_of_incidents_is_read(data);
}

static void s14_the_second_page_of_rows_is_read(void **data)
{
    struct http_case *test = *data;
    fill_soar(test, SOAR_PAGE + 3);
    http_link(test);
    fill_soar(test, SOAR_PAGE + 3);
    http_soar(test, "In Progress", NULL);
    http_settle(test);
    http_expect(test, "Active - ~ In Progress -");
    assert_true(lab_count(&test->lab.soar, "GetIncidents") >= 2);
}

static void s14_where_the_newest_rows_come_first(void **data)
{
    struct http_case *test = *data;
    lab_switch(&test->lab.soar, "row_order", "newest");
    s14_the_second_page_of_rows_is_read(data);
}

/* No filter that the server gets wrong: verdicts of Undetermined come through. */
static void s14_an_undetermined_close_arrives(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", NULL);
    http_siem(test, "Closed", "U");
    http_settle(test);
    http_expect(test, "Closed U ~ Closed U");
}

/* A page that leads to itself, elsewhere or nowhere ends the poll of that tenant, and no more: it goes on when the server is well. */
static void broken_page(struct http_case *test, const char *how)
{
    http_link(test);
    fill_siem(test, SIEM_PAGE + 3);
    lab_switch(&test->lab.siem, "next_link", how);
    lab_run_once(&test->lab);
    assert_true(lab_count(&test->lab.siem, "list incidents") < 10);
    lab_switch(&test->lab.siem, "next_link", "ok");
    http_siem(test, "Active", NULL);
    http_settle(test);
    http_expect(test, "Active - ~ In Progress -");
}

static void a_next_link_that_loops_ends(void **data)
{
    broken_page(*data, "loop");
}

static void a_next_link_to_another_host_is_not_followed(void **data)
{
    broken_page(*data, "foreign");
}

static void a_next_link_that_expired_is_begun_anew(void **data)
{
    broken_page(*data, "expired");
}

/* --- S7: late arrivals, coarse times ----------------------------------------------------------------------- */

static void s7_an_incident_indexed_late_is_found_once(void **data)
{
    struct http_case *test = *data;
    http_link(test);
    lab_switch_number(&test->lab.siem, "late_arrivals", 60);
    struct lab_incident late = lab_new_incident(&test->lab, 0, NULL);
    lab_rounds(&test->lab, 1);
    lab_edit_siem(&test->lab, &test->incident, json_pack("{s:s}", "severity", "Low"));
    lab_rounds(&test->lab, 1); /* the cursor stands at a later time than the late one's now */
    assert_false(lab_find_number(&test->lab, &late));
    lab_rounds(&test->lab, 5);
    assert_true(lab_find_number(&test->lab, &late)); /* and once alone */
    assert_int_equal(lab_count(&test->lab.soar, "CreateAnIncident"), 1);
    lab_quiet(&test->lab, 2);
}

static void times_of_whole_seconds_lose_nothing(void **data)
{
    struct http_case *test = *data;
    lab_switch_number(&test->lab.siem, "fraction_digits", 0);
    http_link(test);
    http_siem(test, "Active", NULL);
    lab_rounds(&test->lab, 1);
    http_expect(test, "Active - ~ In Progress -");
    lab_own_siem(&test->lab, &test->incident, "aaaaaaaa-0000-4000-8000-00000000000a");
    http_settle(test);
    assert_string_equal(lab_soar_text(&test->lab, &test->incident, "Owner"), "Ann Lee");
}

static void times_of_three_digits_lose_nothing(void **data)
{
    struct http_case *test = *data;
    lab_switch_number(&test->lab.siem, "fraction_digits", 3);
    http_link_as(test, "Active", "TP.SA");
    http_expect(test, "Active TP.SA ~ In Progress TP.SA");
    http_soar(test, "Closed", NULL);
    http_settle(test);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
}

/* Two edits in one second of a system that knows no smaller time. */
static void edits_within_one_second_both_arrive(void **data)
{
    struct http_case *test = *data;
    http_link(test);
    test->lab.step = 0;
    http_soar(test, "In Progress", NULL);
    lab_rounds(&test->lab, 1);
    http_expect(test, "Active - ~ In Progress -");
    http_soar(test, "Open", NULL);
    lab_edit_soar(&test->lab, &test->incident, json_pack("{s:s}", "Severity", "Low"));
    http_settle(test);
    http_expect(test, "New - ~ Open -");
    assert_string_equal(lab_siem_text(&test->lab, &test->incident, "properties.severity"), "Low");
}

/* --- S11, S17: poison --------------------------------------------------------------------------------------- */

static void s11_a_severity_that_nobody_maps_stops_only_its_record(void **data)
{
    struct http_case *test = *data;
    http_link(test);
    struct lab_incident poison = lab_new_incident(&test->lab, 0, NULL);
    lab_edit_siem(&test->lab, &poison, json_pack("{s:s}", "title", "first poison, then healed"));
    lab_do(&test->lab.siem, "POST", "/_sim/edit",
           json_pack("{s:s, s:s, s:{s:s}, s:b}", "workspace", lab_workspace(0), "name", poison.name,
                     "set", "severity", "Catastrophic", "force", 1));
    http_siem(test, "Active", NULL);
    http_settle(test);
    http_expect(test, "Active - ~ In Progress -");
    assert_false(lab_find_number(&test->lab, &poison));
    http_expect_told(test, "status", "Catastrophic");
    lab_edit_siem(&test->lab, &poison, json_pack("{s:s}", "severity", "Medium"));
    http_settle(test);
    assert_true(lab_find_number(&test->lab, &poison));
}

static void s17_a_record_of_nonsense_stops_nothing(void **data)
{
    struct http_case *test = *data;
    http_link(test);
    struct lab_incident poison = lab_new_incident(&test->lab, 0, NULL);
    lab_do(&test->lab.siem, "POST", "/_sim/edit",
           json_pack("{s:s, s:s, s:{s:{s:i}, s:[i, n], s:i}, s:b}", "workspace", lab_workspace(0),
                     "name", poison.name, "set", "title", "no", 1, "status", 7, "severity", 3,
                     "force", 1));
    for (int i = 0; i < 2; i++) {
        http_siem(test, i == 0 ? "Active" : "New", NULL);
        lab_rounds(&test->lab, 1);
        http_expect(test, i == 0 ? "Active - ~ In Progress -" : "New - ~ Open -");
    }
    lab_quiet(&test->lab, 2);
    assert_false(lab_find_number(&test->lab, &poison));
}

static void s17_a_linked_record_that_turns_bad_is_left_alone_until_it_heals(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", NULL);
    lab_do(&test->lab.siem, "POST", "/_sim/edit",
           json_pack("{s:s, s:s, s:{s:i}, s:b}", "workspace", lab_workspace(0), "name",
                     test->incident.name, "set", "severity", 12, "force", 1));
    http_soar(test, "On Hold", NULL);
    lab_quiet(&test->lab, 3);
    lab_edit_siem(&test->lab, &test->incident,
                  json_pack("{s:s, s:s}", "severity", "Low", "status", "New"));
    http_settle(test);
    assert_string_equal(lab_soar_text(&test->lab, &test->incident, "Severity"), "Low");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, http_case_start, http_case_stop)
        CASE(s14_the_second_page_of_incidents_is_read),
        CASE(s14_where_pages_are_counted_and_not_keyed),
        CASE(s14_the_second_page_of_rows_is_read),
        CASE(s14_where_the_newest_rows_come_first),
        CASE(s14_an_undetermined_close_arrives),
        CASE(a_next_link_that_loops_ends),
        CASE(a_next_link_to_another_host_is_not_followed),
        CASE(a_next_link_that_expired_is_begun_anew),
        CASE(s7_an_incident_indexed_late_is_found_once),
        CASE(times_of_whole_seconds_lose_nothing),
        CASE(times_of_three_digits_lose_nothing),
        CASE(edits_within_one_second_both_arrive),
        CASE(s11_a_severity_that_nobody_maps_stops_only_its_record),
        CASE(s17_a_record_of_nonsense_stops_nothing),
        CASE(s17_a_linked_record_that_turns_bad_is_left_alone_until_it_heals),
#undef CASE
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
