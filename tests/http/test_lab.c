/* The laboratory of the HTTP tests, without the engine: people and observers see what the other tests rely on. */
#include <stdlib.h>
#include <string.h>

#include "tests/support/http_case.h"

static void people_edit_both_sides_and_both_are_seen(void **data)
{
    struct http_case *test = *data;
    test->incident = lab_new_incident(&test->lab, 0, NULL);
    http_expect(test, "New - ~ gone ");
    lab_do(&test->lab.soar, "POST", "/_sim/create",
           json_pack("{s:{s:s, s:{s:s}}}", "fields", "Title", "An odd sign-in", "Custom Field",
                     "CustomSentinelIncidentId", test->incident.name));
    assert_true(lab_find_number(&test->lab, &test->incident));
    http_siem(test, "Closed", "TP.SA");
    http_soar(test, "In Progress", "FP.IAL");
    http_expect(test, "Closed TP.SA ~ In Progress FP.IAL");
    http_siem(test, "Active", "-");
    http_soar(test, NULL, "TP.ID");
    http_expect(test, "Active - ~ In Progress TP.ID");
    lab_note_siem(&test->lab, &test->incident, "from one side");
    lab_note_soar(&test->lab, &test->incident, "from the other");
    assert_int_equal(lab_siem_notes(&test->lab, &test->incident, "from one"), 1);
    assert_int_equal(lab_soar_notes(&test->lab, &test->incident, "from the other"), 1);
    assert_int_equal(lab_soar_notes(&test->lab, &test->incident, "from one"), 0);
}

static void owners_are_people_whom_the_systems_know(void **data)
{
    struct http_case *test = *data;
    test->incident = lab_new_incident(&test->lab, 0, NULL);
    lab_own_siem(&test->lab, &test->incident, "aaaaaaaa-0000-4000-8000-00000000000a");
    assert_string_equal(lab_siem_text(&test->lab, &test->incident, "properties.owner.assignedTo"),
                        "Ann Lee (acme)");
}

static void writes_are_counted_and_throttling_is_noticed(void **data)
{
    struct http_case *test = *data;
    assert_int_equal(lab_writes(&test->lab.soar), 0);
    lab_send(&test->lab.soar, "POST", "/api/Command/SetIncidentFieldsInBulk", json_object());
    assert_int_equal(test->lab.soar.status, 401);
    assert_int_equal(lab_writes(&test->lab.soar), 1);
    lab_switch_number(&test->lab.soar, "rate_limit", 1);
    for (int i = 0; i < 3; i++)
        lab_send(&test->lab.soar, "POST", "/api/Command/GetIncidents", json_object());
    lab_reset_all_counts(&test->lab);
    assert_true(test->lab.throttled > 0);
    test->lab.throttling_is_ok = true;
}

static void the_fleet_is_sound(void **data)
{
    struct http_case *test = *data;
    char *out = NULL;
    if (lab_duet(&test->lab, &out, LAB_WORDS("check", test->lab.fleet)) != 0)
        fail_msg("%s%s", out, test->lab.said);
    free(out);
}

static void a_fleet_of_two_tenants_with_webhooks_is_sound(void **data)
{
    struct http_case *test = *data;
    lab_open(&test->lab, &(struct lab_options){ .tenants = 2, .hooks = true, .real_time = true });
    the_fleet_is_sound(data);
}

static void a_tenant_with_a_soar_of_its_own_is_sound(void **data)
{
    struct http_case *test = *data;
    lab_open(&test->lab, &(struct lab_options){ .own_soar = true });
    the_fleet_is_sound(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, http_case_start, http_case_stop)
#define CLOSED(name) cmocka_unit_test_setup_teardown(name, http_case_start_closed, http_case_stop)
        CASE(people_edit_both_sides_and_both_are_seen),
        CASE(owners_are_people_whom_the_systems_know),
        CASE(writes_are_counted_and_throttling_is_noticed),
        CASE(the_fleet_is_sound),
        CLOSED(a_fleet_of_two_tenants_with_webhooks_is_sound),
        CLOSED(a_tenant_with_a_soar_of_its_own_is_sound),
#undef CLOSED
#undef CASE
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
