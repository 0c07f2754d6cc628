/* Tests of the simulated Smart SOAR over HTTP, switch by switch: who may, and reading. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/sim/jwt.h"
#include "tests/sim/soar_client.h"
#include "tests/sim/text.h"

/* --- who may ---------------------------------------------------------------------------------------- */

static void a_wrong_key_is_refused_before_the_body_is_read(void **state)
{
    struct client *client = *state;
    client_set_header(client, sim_copy("d3key: wrong"));
    json_t *answer = client_send_text(client, "POST", "/api/command/GetIncidents", "{");
    assert_int_equal(client->status, 401);
    assert_string_equal(client_text_at(answer, "Error"), "Invalid authentication key.");
    json_decref(answer);
    client_set_header(client, sim_copy("d3key: K:1"));
    answer = client_send_text(client, "POST", "/api/command/GetIncidents", "{");
    assert_int_equal(client->status, 400);
    assert_string_equal(client_text_at(answer, "Error"),
                        "The body of the request must be a valid JSON object");
    json_decref(answer);
    assert_int_equal(client_do(client, "POST", "/api/command/GetIncidents", json_object()), 400);
    assert_int_equal(client_do(client, "GET", "/api/command/GetIncidents", NULL), 405);
    assert_int_equal(client_do(client, "POST", "/api/command/NoSuch", json_object()), 404);
}

static long with_token(struct client *client, const char *secret, const char *user,
                       const char *site)
{
    json_t *claims = json_pack("{s:s, s:s}", "Username", user, "Site", site);
    char *token = sim_jwt_sign(claims, secret);
    client_set_header(client, sim_format("d3jwt: %s", token));
    json_decref(claims);
    free(token);
    json_decref(soar_call(client, "getincidents", soar_window()));
    return client->status;
}

static void a_token_must_be_signed_and_agree_with_the_body(void **state)
{
    struct client *client = *state;
    assert_int_equal(with_token(client, "jwt-secret", "svc", "SOC"), 200);
    assert_int_equal(with_token(client, "forged", "svc", "SOC"), 401);
    assert_int_equal(with_token(client, "jwt-secret", "svc", "soc"), 401);
    assert_int_equal(with_token(client, "jwt-secret", "ann", "SOC"), 401);
}

static void a_key_of_another_site_sees_nothing(void **state)
{
    struct client *client = *state;
    char *number = soar_create(client);
    client_set_header(client, sim_copy("d3key: K2"));
    soar_fails(client, "GetIncidents", soar_window(), "has no access to the site 'SOC'");
    free(number);
}

static void more_than_the_rate_is_refused(void **state)
{
    struct client *client = *state;
    long refused = 0;
    client_switch(client, "rate_limit", "2");
    for (int i = 0; i < 40; i++) {
        json_decref(soar_call(client, "GetIncidents", soar_window()));
        refused += client->status == 429;
    }
    assert_true(refused > 0);
}

/* --- reading ---------------------------------------------------------------------------------------- */

static void a_created_incident_is_found_by_its_claim(void **state)
{
    struct client *client = *state;
    char *number = soar_create(client);
    assert_string_equal(number, "20260102-1");
    assert_int_equal(soar_found(client, soar_filtered("Description", "LIKE", "%CLAIM-1%")), 1);
    assert_int_equal(soar_found(client, soar_filtered("Description", "LIKE", "claim-1")), 1);
    assert_int_equal(soar_found(client, soar_filtered("Description", "LIKE", "laim-1")), 0);
    json_t *one = soar_row(client, number);
    assert_string_equal(client_text_at(one, "Severity"), "High");
    assert_string_equal(client_text_at(one, "Status"), "Open");
    assert_string_equal(client_text_at(one, "Owner"), "System");
    assert_string_equal(client_text_at(one, "Date Modified"), "2026-01-02 03:04:05");
    json_decref(one);
    free(number);
}

static void filters_join_by_and_inside_and_or_outside(void **state)
{
    struct client *client = *state;
    free(soar_create(client));
    free(soar_create(client));
    json_t *params = soar_window();
    json_object_set_new(params, "Filter",
                        json_pack("[[{s:s, s:s, s:s}, {s:s, s:s, s:s}], [{s:s, s:s, s:s}]]",
                                  "field", "Title", "operator", "=", "value", "t", "field",
                                  "Status", "operator", "=", "value", "Closed", "field",
                                  "IR Number", "operator", "=", "value", "20260102-2"));
    assert_int_equal(soar_found(client, params), 1);
    params = soar_window();
    json_object_set_new(
        params, "Filter",
        json_pack("[{s:s, s:s, s:s}]", "field", "Title", "operator", "=", "value", "t"));
    assert_int_equal(soar_found(client, params), 2);
    assert_int_equal(
        soar_found(client, soar_filtered("Date Modified", ">=", "2026-01-02 03:04:05")), 2);
    assert_int_equal(soar_found(client, soar_filtered("Date Modified", ">", "2026-01-02 03:04:05")),
                     0);
    assert_int_equal(soar_found(client, soar_filtered("Owner", "IS NOT EMPTY", "")), 2);
    soar_fails(client, "GetIncidents", soar_filtered("Nothing", "=", "x"), "Nothing");
    soar_fails(client, "GetIncidents", soar_filtered("Title", "~", "x"), "~");
}

static void the_window_is_required_and_on_creation(void **state)
{
    struct client *client = *state;
    free(soar_create(client));
    soar_fails(client, "GetIncidents", json_pack("{s:s}", "Start Time", "2000-01-01 00:00:00"),
               "'End Time'");
    client_switch(client, "missing_parameter", "400");
    json_decref(soar_call(client, "GetIncidents", json_object()));
    assert_int_equal(client->status, 400);
    assert_int_equal(soar_found(client, json_pack("{s:s, s:s}", "Start Time", "2026-01-02 03:04:06",
                                                  "End Time", "2099-01-01 00:00:00")),
                     0);
}

static void pages_are_counted_when_a_size_is_given(void **state)
{
    struct client *client = *state;
    json_t *list = json_array();
    for (int i = 0; i < 250; i++)
        json_array_append_new(list, json_object());
    assert_int_equal(client_do(client, "POST", "/_sim/create", list), 200);
    assert_int_equal(soar_found(client, soar_window()), 100);
    json_t *params = soar_window();
    json_object_set_new(params, "PageIndex", json_integer(2));
    json_object_set_new(params, "Page Size", json_integer(120));
    json_t *answer = soar_call(client, "GetIncidents", params);
    assert_int_equal(json_integer_value(client_at(answer, "outputData.TotalPages")), 3);
    assert_int_equal(json_array_size(client_at(answer, "rawData.incidents")), 10);
    assert_string_equal(client_text_at(answer, "rawData.incidents.9.IR Number"), "20260102-250");
    json_decref(answer);
    client_switch(client, "row_order", "newest");
    answer = soar_call(client, "GetIncidents", soar_window());
    assert_string_equal(client_text_at(answer, "rawData.incidents.0.IR Number"), "20260102-250");
    assert_null(client_at(answer, "outputData.TotalPages"));
    json_decref(answer);
    params = soar_window();
    json_object_set_new(params, "Page Size", json_integer(1001));
    soar_fails(client, "GetIncidents", params, "Page Size");
}

static void columns_follow_the_switches(void **state)
{
    struct client *client = *state;
    char *number = soar_create(client);
    json_decref(soar_set_form(client, number, json_pack("{s:s}", "Comment", "c")));
    json_t *one = soar_row(client, number);
    assert_non_null(client_at(one, "Custom Field"));
    assert_non_null(client_at(one, "Notes"));
    assert_string_equal(json_string_value(json_object_get(one, "Sentinel Sync - Comment")), "c");
    json_decref(one);
    client_switch(client, "static_default", "contract");
    client_switch(client, "dynamic_default", "off");
    one = soar_row(client, number);
    assert_null(client_at(one, "Custom Field"));
    assert_null(client_at(one, "Notes"));
    assert_null(client_at(one, "Date Closed"));
    assert_non_null(client_at(one, "Description"));
    assert_null(json_object_get(one, "Sentinel Sync - Comment"));
    json_decref(one);
    json_t *params = soar_window();
    json_object_set_new(params, "Static Fields", json_pack("[s, s]", "Notes", "Custom Field"));
    json_object_set_new(params, "Dynamic Fields",
                        json_pack("{s:[s, s]}", "Sentinel Sync", "Comment", "Reason"));
    json_t *answer = soar_call(client, "GetIncidents", params);
    json_t *wanted = client_at(answer, "rawData.incidents.0");
    assert_int_equal(json_object_size(wanted), 4);
    assert_string_equal(json_string_value(json_object_get(wanted, "Sentinel Sync - Reason")), "");
    json_decref(answer);
    free(number);
}

static void a_static_field_and_a_search_find_it_too(void **state)
{
    struct client *client = *state;
    char *number = soar_create(client);
    json_decref(soar_set_fields(client, number, json_pack("{s:s}", "Sentinel Id!", "abc-1")));
    json_t *answer =
        soar_call(client, "SearchIncident", json_pack("{s:s}", "Wildcard Search", "abc-1"));
    assert_string_equal(client_text_at(answer, "returnData.0"), number);
    json_decref(answer);
    answer =
        soar_call(client, "getIncidentStaticField", json_pack("{s:s}", "Incident Number", number));
    assert_string_equal(client_text_at(answer, "returnData.Data.CustomFields.CustomSentinelId"),
                        "abc-1");
    assert_non_null(client_at(answer, "returnData.Data.Notes"));
    json_decref(answer);
    client_switch(client, "notes", "unlisted");
    answer =
        soar_call(client, "getIncidentStaticField", json_pack("{s:s}", "Incident Number", number));
    assert_null(client_at(answer, "returnData.Data.Notes"));
    json_decref(answer);
    json_t *one = soar_row(client, number);
    assert_null(client_at(one, "Notes"));
    json_decref(one);
    soar_fails(client, "getIncidentStaticField", json_pack("{s:s}", "Incident Number", "none"),
               "The incident number does not exist.");
    soar_fails(client, "SearchIncident", json_object(), "criterion");
    free(number);
}

static void a_site_not_in_utc_shows_its_own_time(void **state)
{
    struct client *client = *state;
    char *number = soar_create(client);
    client_switch(client, "site_offset_minutes", "60");
    json_t *one = soar_row(client, number);
    assert_string_equal(client_text_at(one, "Date Created"), "2026-01-02 04:04:05");
    json_decref(one);
    free(number);
}

#define WITH_SIMULATOR(test) cmocka_unit_test_setup_teardown(test, soar_start, soar_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SIMULATOR(a_wrong_key_is_refused_before_the_body_is_read),
        WITH_SIMULATOR(a_token_must_be_signed_and_agree_with_the_body),
        WITH_SIMULATOR(a_key_of_another_site_sees_nothing),
        WITH_SIMULATOR(more_than_the_rate_is_refused),
        WITH_SIMULATOR(a_created_incident_is_found_by_its_claim),
        WITH_SIMULATOR(filters_join_by_and_inside_and_or_outside),
        WITH_SIMULATOR(the_window_is_required_and_on_creation),
        WITH_SIMULATOR(pages_are_counted_when_a_size_is_given),
        WITH_SIMULATOR(columns_follow_the_switches),
        WITH_SIMULATOR(a_static_field_and_a_search_find_it_too),
        WITH_SIMULATOR(a_site_not_in_utc_shows_its_own_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
