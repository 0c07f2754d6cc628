/* What a change may cost in requests, counted by the simulated systems. */
#include <stdio.h>
#include <string.h>

#include "tests/support/http_case.h"

enum { RECORDS = 4 };

/* Some incidents on both sides, at rest; the counts are reset. */
static void link_some(struct http_case *test, struct lab_incident *incidents, int count,
                      const char *status)
{
    for (int i = 0; i < count; i++)
        incidents[i] = lab_new_incident(&test->lab, 0, json_pack("{s:s}", "status", status));
    http_settle(test);
    for (int i = 0; i < count; i++)
        assert_true(lab_find_number(&test->lab, &incidents[i]));
    lab_reset_all_counts(&test->lab);
}

static void an_idle_poll_is_one_request_a_tenant_and_one_for_the_hub(void **data)
{
    struct http_case *test = *data;
    lab_open(&test->lab, &(struct lab_options){ .tenants = 2 });
    for (unsigned tenant = 0; tenant < 2; tenant++)
        lab_new_incident(&test->lab, tenant, NULL);
    http_settle(test);
    lab_reset_all_counts(&test->lab);
    lab_rounds(&test->lab, 1);
    assert_int_equal(lab_count(&test->lab.siem, "list incidents"), 2);
    assert_int_equal(lab_count(&test->lab.siem, "total"), 2 + lab_count(&test->lab.siem, "token"));
    assert_int_equal(lab_count(&test->lab.soar, "GetIncidents"), 1);
    assert_int_equal(lab_count(&test->lab.soar, "total"), 1);
}

static void outgoing_to_sentinel_is_one_put_a_record_and_no_read(void **data)
{
    struct http_case *test = *data;
    struct lab_incident incidents[RECORDS];
    link_some(test, incidents, RECORDS, "Active");
    for (int i = 0; i < RECORDS; i++) {
        lab_judge_soar(&test->lab, &incidents[i], "Closed", "TP.SA");
        lab_edit_soar(&test->lab, &incidents[i],
                      json_pack("{s:s, s:s}", "Severity", "Low", "Owner", "ann"));
    }
    lab_rounds(&test->lab, 1);
    assert_int_equal(lab_count(&test->lab.siem, "write incident"), RECORDS);
    assert_int_equal(lab_count(&test->lab.siem, "read incident"), 0);
    assert_int_equal(lab_count(&test->lab.siem, "list incidents"), 1);
    assert_int_equal(lab_count(&test->lab.soar, "total"), 1);
}

static void outgoing_to_the_soar_is_one_command_of_a_kind(void **data)
{
    struct http_case *test = *data;
    struct lab_incident incidents[RECORDS];
    link_some(test, incidents, RECORDS, "Active");
    for (int i = 0; i < RECORDS; i++) {
        if (i % 2 == 0)
            lab_judge_siem(&test->lab, &incidents[i], "Closed", "FP.ID");
        lab_edit_siem(&test->lab, &incidents[i], json_pack("{s:s}", "severity", "Low"));
    }
    lab_rounds(&test->lab, 1);
    assert_int_equal(lab_count(&test->lab.soar, "UpdateDynamicFieldsByNumberInBulk"), 1);
    assert_int_equal(lab_count(&test->lab.soar, "CloseIncidentInBulk"), 1);
    assert_int_equal(lab_count(&test->lab.soar, "SetIncidentFieldsInBulk"), 1);
    assert_int_equal(lab_count(&test->lab.soar, "GetIncidents"), 1);
    assert_int_equal(lab_count(&test->lab.soar, "total"), 4);
    assert_int_equal(lab_count(&test->lab.siem, "list incidents"), 1);
    assert_int_equal(lab_count(&test->lab.siem, "total"), 1 + lab_count(&test->lab.siem, "token"));
    for (int i = 0; i < RECORDS; i++)
        assert_string_equal(lab_both(&test->lab, &incidents[i]), i % 2 == 0
                                                                     ? "Closed FP.ID ~ Closed FP.ID"
                                                                     : "Active - ~ In Progress -");
}

static void a_change_of_fields_alone_needs_no_form_and_no_close(void **data)
{
    struct http_case *test = *data;
    http_link(test);
    http_siem(test, "Active", NULL);
    lab_rounds(&test->lab, 1);
    assert_int_equal(lab_count(&test->lab.soar, "SetIncidentFieldsInBulk"), 1);
    assert_int_equal(lab_count(&test->lab.soar, "total"), 2);
}

static void an_echo_costs_nothing(void **data)
{
    struct http_case *test = *data;
    http_link(test);
    http_siem(test, "Closed", "TP.SA");
    lab_rounds(&test->lab, 1);
    lab_reset_all_counts(&test->lab);
    lab_rounds(&test->lab, 10);
    assert_int_equal(lab_writes(&test->lab.siem) + lab_writes(&test->lab.soar), 0);
    assert_int_equal(lab_count(&test->lab.siem, "total"), 10 + lab_count(&test->lab.siem, "token"));
    assert_int_equal(lab_count(&test->lab.soar, "total"), 10);
}

static void notes_are_listed_only_when_their_count_moved(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", NULL);
    lab_edit_siem(&test->lab, &test->incident, json_pack("{s:s}", "severity", "Low"));
    http_settle(test);
    assert_int_equal(lab_count(&test->lab.siem, "list notes"), 0);
    lab_note_siem(&test->lab, &test->incident, "one");
    lab_note_siem(&test->lab, &test->incident, "two");
    lab_rounds(&test->lab, 1);
    assert_int_equal(lab_count(&test->lab.siem, "list notes"), 1);
    assert_int_equal(lab_count(&test->lab.soar, "SetIncidentFieldHTML"), 2);
}

static void a_creation_is_find_create_and_what_create_cannot_carry(void **data)
{
    struct http_case *test = *data;
    http_link(test); /* so that neither list is the first one */
    lab_new_incident(&test->lab, 0, json_pack("{s:s}", "status", "Active"));
    lab_rounds(&test->lab, 1);
    assert_int_equal(lab_count(&test->lab.soar, "GetIncidents"), 2); /* the poll, and find */
    assert_int_equal(lab_count(&test->lab.soar, "CreateAnIncident"), 1);
    assert_int_equal(lab_count(&test->lab.soar, "SetIncidentFieldsInBulk"), 1);
    assert_int_equal(lab_count(&test->lab.soar, "total"), 4);
    assert_int_equal(lab_writes(&test->lab.siem), 0);
}

/* 75 PUTs in five minutes: kept beforehand, not learned from a 429, and not forgotten by the next engine. */
static void the_quota_of_writes_is_kept_beforehand(void **data)
{
    enum { LIMIT = 75, MORE = 80 };
    struct http_case *test = *data;
    struct lab_incident incidents[MORE];
    link_some(test, incidents, MORE, "New");
    for (int i = 0; i < MORE; i++)
        lab_judge_soar(&test->lab, &incidents[i], "In Progress", NULL);
    for (int engine = 0; engine < 2; engine++) {
        lab_run_once(&test->lab);
        assert_int_equal(lab_count(&test->lab.siem, "write incident"), LIMIT);
        assert_int_equal(lab_count_status(&test->lab.siem, 429), 0);
    }
}

/* A server that throttles sooner than it says is obeyed, and nothing is lost by it. */
static void retry_after_is_obeyed(struct http_case *test, const char *form)
{
    http_link_as(test, "Active", NULL);
    lab_switch(&test->lab.siem, "retry_after", form);
    lab_switch_number(&test->lab.siem, "put_incident_limit", 1);
    lab_edit_siem(&test->lab, &test->incident, json_pack("{s:s}", "description", "x"));
    struct lab_incident other = lab_new_incident(&test->lab, 0, NULL);
    http_settle(test);
    assert_true(lab_find_number(&test->lab, &other));
    http_soar(test, "Closed", "TP.SA");
    lab_judge_soar(&test->lab, &other, "In Progress", NULL);
    lab_run_once(&test->lab);
    assert_in_range(lab_count(&test->lab.siem, "write incident"), 2, 3);
    lab_clock_advance(&test->lab.siem, 301);
    lab_run_once(&test->lab);
    lab_clock_advance(&test->lab.siem, 301);
    lab_run_once(&test->lab);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
    assert_string_equal(lab_both(&test->lab, &other), "Active - ~ In Progress -");
    test->lab.throttling_is_ok = true;
}

static void a_429_with_seconds(void **data)
{
    retry_after_is_obeyed(*data, "seconds");
}

static void a_429_without_a_time(void **data)
{
    retry_after_is_obeyed(*data, "absent");
}

static void a_429_with_a_huge_time(void **data)
{
    retry_after_is_obeyed(*data, "huge");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, http_case_start, http_case_stop)
        cmocka_unit_test_setup_teardown(an_idle_poll_is_one_request_a_tenant_and_one_for_the_hub,
                                        http_case_start_closed, http_case_stop),
        CASE(outgoing_to_sentinel_is_one_put_a_record_and_no_read),
        CASE(outgoing_to_the_soar_is_one_command_of_a_kind),
        CASE(a_change_of_fields_alone_needs_no_form_and_no_close),
        CASE(an_echo_costs_nothing),
        CASE(notes_are_listed_only_when_their_count_moved),
        CASE(a_creation_is_find_create_and_what_create_cannot_carry),
        CASE(the_quota_of_writes_is_kept_beforehand),
        CASE(a_429_with_seconds),
        CASE(a_429_without_a_time),
        CASE(a_429_with_a_huge_time),
#undef CASE
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
