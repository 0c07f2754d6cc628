/* Tests of the simulated Smart SOAR over HTTP, switch by switch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/sim/client.h"
#include "tests/sim/jwt.h"
#include "tests/sim/text.h"

static int start(void **state)
{
    static const char *const ARGUMENTS[] = { "smartsoar",
                                             "--key",
                                             "K:1:svc:SOC",
                                             "--key",
                                             "K2:svc:Other",
                                             "--jwt",
                                             "jwt-secret:svc:SOC",
                                             "--user",
                                             "ann:Ann Lee",
                                             "--user",
                                             "svc:Sync Service",
                                             "--clock",
                                             "2026-01-02T03:04:05.9Z",
                                             "--set",
                                             "rate_limit=0",
                                             NULL };
    struct client *client = sim_alloc(sizeof(*client));
    client_start(client, ARGUMENTS);
    client_set_header(client, sim_copy("d3key: K:1"));
    *state = client;
    return 0;
}

static int stop(void **state)
{
    client_stop(*state);
    free(*state);
    return 0;
}

static json_t *call(struct client *client, const char *command, json_t *params)
{
    char *path = sim_format("/MainApp/VSOC/api/Command/%s", command);
    json_t *answer = client_send(
        client, "POST", path,
        json_pack("{s:s, s:s, s:o}", "Username", "svc", "Site", "SOC", "CommandParams", params));
    free(path);
    return answer;
}

/* The error of a command that is to fail with status 200. */
static void fails(struct client *client, const char *command, json_t *params, const char *part)
{
    json_t *answer = call(client, command, params);
    const char *error = client_text_at(answer, "error");
    assert_int_equal(client->status, 200);
    if (!error || !strstr(error, part))
        fail_msg("'%s' isn't in: %s", part, client->text);
    json_decref(answer);
}

static char *create(struct client *client)
{
    json_t *answer = call(client, "CreateAnIncident",
                          json_pack("{s:s, s:s, s:s, s:s}", "IncidentType", "Sentinel", "Title",
                                    "t", "Severity", "high", "Description", "claim-1"));
    char *number = sim_copy(client_text_at(answer, "returnData.Data.IncidentNumber"));
    json_decref(answer);
    return number;
}

static json_t *window(void)
{
    return json_pack("{s:s, s:s, s:i}", "Start Time", "2000-01-01 00:00:00", "End Time",
                     "2099-01-01 00:00:00", "Output Format", 2);
}

static json_t *filtered(const char *field, const char *relation, const char *value)
{
    json_t *params = window();
    json_object_set_new(
        params, "Filter",
        json_pack("[[{s:s, s:s, s:s}]]", "field", field, "operator", relation, "value", value));
    return params;
}

static size_t found(struct client *client, json_t *params)
{
    json_t *answer = call(client, "GetIncidents", params);
    size_t size = json_array_size(client_at(answer, "rawData.incidents"));
    json_decref(answer);
    return size;
}

static json_t *row(struct client *client, const char *number)
{
    json_t *answer = call(client, "GetIncidents", filtered("IR Number", "=", number));
    json_t *first = json_incref(client_at(answer, "rawData.incidents.0"));
    json_decref(answer);
    return first;
}

static json_t *set_fields(struct client *client, const char *number, json_t *input)
{
    return call(client, "SetIncidentFieldsInBulk",
                json_pack("{s:[{s:s, s:o}]}", "Input", "IncidentNumber", number, "Input", input));
}

static json_t *set_form(struct client *client, const char *number, json_t *values)
{
    return call(client, "UpdateDynamicFieldsByNumberInBulk",
                json_pack("{s:[{s:s, s:s, s:{}, s:o}]}", "Input", "IncidentNumber", number,
                          "SectionName", "Sentinel Sync", "Condition", "FieldValue", values));
}

static json_t *close_it(struct client *client, const char *number, const char *bypass)
{
    return call(client, "CloseIncidentInBulk",
                json_pack("{s:[s], s:s, s:s}", "Incident Numbers", number,
                          "Bypass Required Pending Tasks", bypass, "Conclusion", "done"));
}

static bool row_succeeded(const json_t *answer)
{
    const char *result = client_text_at(answer, "contextData.0.Result");
    assert_non_null(result);
    return strncmp(result, "Succe", 5) == 0;
}

static void edit(struct client *client, const char *number, json_t *set, long status)
{
    assert_int_equal(client_do(client, "POST", "/_sim/edit",
                               json_pack("{s:s, s:o}", "number", number, "set", set)),
                     status);
}

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
    json_decref(call(client, "getincidents", window()));
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
    char *number = create(client);
    client_set_header(client, sim_copy("d3key: K2"));
    fails(client, "GetIncidents", window(), "has no access to the site 'SOC'");
    free(number);
}

static void more_than_the_rate_is_refused(void **state)
{
    struct client *client = *state;
    long refused = 0;
    client_switch(client, "rate_limit", "2");
    for (int i = 0; i < 40; i++) {
        json_decref(call(client, "GetIncidents", window()));
        refused += client->status == 429;
    }
    assert_true(refused > 0);
}

/* --- reading ---------------------------------------------------------------------------------------- */

static void a_created_incident_is_found_by_its_claim(void **state)
{
    struct client *client = *state;
    char *number = create(client);
    assert_string_equal(number, "20260102-1");
    assert_int_equal(found(client, filtered("Description", "LIKE", "%CLAIM-1%")), 1);
    assert_int_equal(found(client, filtered("Description", "LIKE", "claim-1")), 1);
    assert_int_equal(found(client, filtered("Description", "LIKE", "laim-1")), 0);
    json_t *one = row(client, number);
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
    free(create(client));
    free(create(client));
    json_t *params = window();
    json_object_set_new(params, "Filter",
                        json_pack("[[{s:s, s:s, s:s}, {s:s, s:s, s:s}], [{s:s, s:s, s:s}]]",
                                  "field", "Title", "operator", "=", "value", "t", "field",
                                  "Status", "operator", "=", "value", "Closed", "field",
                                  "IR Number", "operator", "=", "value", "20260102-2"));
    assert_int_equal(found(client, params), 1);
    params = window();
    json_object_set_new(
        params, "Filter",
        json_pack("[{s:s, s:s, s:s}]", "field", "Title", "operator", "=", "value", "t"));
    assert_int_equal(found(client, params), 2);
    assert_int_equal(found(client, filtered("Date Modified", ">=", "2026-01-02 03:04:05")), 2);
    assert_int_equal(found(client, filtered("Date Modified", ">", "2026-01-02 03:04:05")), 0);
    assert_int_equal(found(client, filtered("Owner", "IS NOT EMPTY", "")), 2);
    fails(client, "GetIncidents", filtered("Nothing", "=", "x"), "Nothing");
    fails(client, "GetIncidents", filtered("Title", "~", "x"), "~");
}

static void the_window_is_required_and_on_creation(void **state)
{
    struct client *client = *state;
    free(create(client));
    fails(client, "GetIncidents", json_pack("{s:s}", "Start Time", "2000-01-01 00:00:00"),
          "'End Time'");
    client_switch(client, "missing_parameter", "400");
    json_decref(call(client, "GetIncidents", json_object()));
    assert_int_equal(client->status, 400);
    assert_int_equal(found(client, json_pack("{s:s, s:s}", "Start Time", "2026-01-02 03:04:06",
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
    assert_int_equal(found(client, window()), 100);
    json_t *params = window();
    json_object_set_new(params, "PageIndex", json_integer(2));
    json_object_set_new(params, "Page Size", json_integer(120));
    json_t *answer = call(client, "GetIncidents", params);
    assert_int_equal(json_integer_value(client_at(answer, "outputData.TotalPages")), 3);
    assert_int_equal(json_array_size(client_at(answer, "rawData.incidents")), 10);
    assert_string_equal(client_text_at(answer, "rawData.incidents.9.IR Number"), "20260102-250");
    json_decref(answer);
    client_switch(client, "row_order", "newest");
    answer = call(client, "GetIncidents", window());
    assert_string_equal(client_text_at(answer, "rawData.incidents.0.IR Number"), "20260102-250");
    assert_null(client_at(answer, "outputData.TotalPages"));
    json_decref(answer);
    params = window();
    json_object_set_new(params, "Page Size", json_integer(1001));
    fails(client, "GetIncidents", params, "Page Size");
}

static void columns_follow_the_switches(void **state)
{
    struct client *client = *state;
    char *number = create(client);
    json_decref(set_form(client, number, json_pack("{s:s}", "Comment", "c")));
    json_t *one = row(client, number);
    assert_non_null(client_at(one, "Custom Field"));
    assert_non_null(client_at(one, "Notes"));
    assert_string_equal(json_string_value(json_object_get(one, "Sentinel Sync - Comment")), "c");
    json_decref(one);
    client_switch(client, "static_default", "contract");
    client_switch(client, "dynamic_default", "off");
    one = row(client, number);
    assert_null(client_at(one, "Custom Field"));
    assert_null(client_at(one, "Notes"));
    assert_null(client_at(one, "Date Closed"));
    assert_non_null(client_at(one, "Description"));
    assert_null(json_object_get(one, "Sentinel Sync - Comment"));
    json_decref(one);
    json_t *params = window();
    json_object_set_new(params, "Static Fields", json_pack("[s, s]", "Notes", "Custom Field"));
    json_object_set_new(params, "Dynamic Fields",
                        json_pack("{s:[s, s]}", "Sentinel Sync", "Comment", "Reason"));
    json_t *answer = call(client, "GetIncidents", params);
    json_t *wanted = client_at(answer, "rawData.incidents.0");
    assert_int_equal(json_object_size(wanted), 4);
    assert_string_equal(json_string_value(json_object_get(wanted, "Sentinel Sync - Reason")), "");
    json_decref(answer);
    free(number);
}

static void a_static_field_and_a_search_find_it_too(void **state)
{
    struct client *client = *state;
    char *number = create(client);
    json_decref(set_fields(client, number, json_pack("{s:s}", "Sentinel Id!", "abc-1")));
    json_t *answer = call(client, "SearchIncident", json_pack("{s:s}", "Wildcard Search", "abc-1"));
    assert_string_equal(client_text_at(answer, "returnData.0"), number);
    json_decref(answer);
    answer = call(client, "getIncidentStaticField", json_pack("{s:s}", "Incident Number", number));
    assert_string_equal(client_text_at(answer, "returnData.Data.CustomFields.CustomSentinelId"),
                        "abc-1");
    assert_non_null(client_at(answer, "returnData.Data.Notes"));
    json_decref(answer);
    client_switch(client, "notes", "unlisted");
    answer = call(client, "getIncidentStaticField", json_pack("{s:s}", "Incident Number", number));
    assert_null(client_at(answer, "returnData.Data.Notes"));
    json_decref(answer);
    json_t *one = row(client, number);
    assert_null(client_at(one, "Notes"));
    json_decref(one);
    fails(client, "getIncidentStaticField", json_pack("{s:s}", "Incident Number", "none"),
          "The incident number does not exist.");
    fails(client, "SearchIncident", json_object(), "criterion");
    free(number);
}

static void a_site_not_in_utc_shows_its_own_time(void **state)
{
    struct client *client = *state;
    char *number = create(client);
    client_switch(client, "site_offset_minutes", "60");
    json_t *one = row(client, number);
    assert_string_equal(client_text_at(one, "Date Created"), "2026-01-02 04:04:05");
    json_decref(one);
    free(number);
}

/* --- writing ---------------------------------------------------------------------------------------- */

static void a_bulk_write_answers_for_each(void **state)
{
    struct client *client = *state;
    char *number = create(client);
    json_t *answer =
        call(client, "SetIncidentFieldsInBulk",
             json_pack("{s:[{s:s, s:{s:s, s:s}}, {s:s, s:{s:s}}, {s:s, s:{s:s}}]}", "Input",
                       "IncidentNumber", number, "Input", "Owner", "ann", "SeverityName", "low",
                       "IncidentNumber", "none", "Input", "Title", "x", "IncidentNumber", number,
                       "Input", "Owner", "nobody"));
    assert_string_equal(client_text_at(answer, "error"), "");
    assert_string_equal(client_text_at(answer, "returnData.Status"), "Partially Successful");
    assert_true(row_succeeded(answer));
    assert_string_equal(client_text_at(answer, "contextData.1.Incident Number"), "none");
    assert_memory_equal(client_text_at(answer, "contextData.1.Result"), "Failed", 6);
    assert_memory_equal(client_text_at(answer, "contextData.2.Result"), "Failed", 6);
    json_decref(answer);
    json_t *one = row(client, number);
    assert_string_equal(client_text_at(one, "Owner"), "Ann Lee");
    assert_string_equal(client_text_at(one, "Severity"), "Low");
    json_decref(one);
    json_decref(set_fields(client, number, json_pack("{s:s}", "Owner", "")));
    one = row(client, number);
    assert_string_equal(client_text_at(one, "Owner"), "System");
    json_decref(one);
    free(number);
}

static void a_title_is_cut_and_a_wrong_status_refused(void **state)
{
    struct client *client = *state;
    char *number = create(client);
    char title[121];
    memset(title, 'x', 120);
    title[120] = '\0';
    json_decref(set_fields(client, number, json_pack("{s:s}", "Title", title)));
    json_t *one = row(client, number);
    assert_int_equal(strlen(client_text_at(one, "Title")), 100);
    json_decref(one);
    json_t *answer = set_fields(client, number, json_pack("{s:s}", "Status", "Resolved"));
    assert_false(row_succeeded(answer));
    json_decref(answer);
    free(number);
}

static void the_form_takes_what_it_offers(void **state)
{
    struct client *client = *state;
    char *number = create(client);
    json_t *answer = set_form(
        client, number,
        json_pack("{s:s, s:s}", "Classification", "FalsePositive", "Reason", "InaccurateData"));
    assert_true(row_succeeded(answer));
    json_decref(answer);
    answer = set_form(client, number, json_pack("{s:s}", "Reason", "SuspiciousActivity"));
    assert_false(row_succeeded(answer));
    json_decref(answer);
    answer = set_form(client, number, json_pack("{s:s}", "Classification", "Guess"));
    assert_false(row_succeeded(answer));
    json_decref(answer);
    client_switch(client, "form_dependency", "off");
    answer = set_form(client, number, json_pack("{s:s}", "Reason", "SuspiciousActivity"));
    assert_true(row_succeeded(answer));
    json_decref(answer);
    answer = set_form(client, number, json_pack("{s:s, s:n}", "Classification", "", "Reason"));
    assert_true(row_succeeded(answer));
    json_decref(answer);
    json_t *one = row(client, number);
    assert_null(json_object_get(one, "Sentinel Sync - Classification"));
    assert_null(json_object_get(one, "Sentinel Sync - Reason"));
    json_decref(one);
    free(number);
}

static void pending_tasks_block_a_close(void **state)
{
    struct client *client = *state;
    char *number = create(client);
    edit(client, number, json_pack("{s:i}", "Pending Required Tasks", 1), 200);
    json_t *answer = close_it(client, number, "No");
    assert_false(row_succeeded(answer));
    json_decref(answer);
    edit(client, number, json_pack("{s:s}", "Status", "Closed"), 400);
    answer = close_it(client, number, "Yes");
    assert_true(row_succeeded(answer));
    json_decref(answer);
    json_t *one = row(client, number);
    assert_string_equal(client_text_at(one, "Status"), "Closed");
    assert_string_equal(client_text_at(one, "Closed by"), "Sync Service");
    assert_string_equal(client_text_at(one, "Date Closed"), "2026-01-02 03:04:05");
    assert_string_equal(client_text_at(one, "Conclusion"), "done");
    json_decref(one);
    json_decref(set_fields(client, number, json_pack("{s:s}", "Status", "Open")));
    one = row(client, number);
    assert_string_equal(client_text_at(one, "Date Closed"), "");
    assert_string_equal(client_text_at(one, "Conclusion"), "done");
    json_decref(one);
    client_switch(client, "close_rule", "ignored");
    answer = close_it(client, number, "No");
    assert_true(row_succeeded(answer));
    json_decref(answer);
    free(number);
}

static void a_close_by_status_is_checked_or_free(void **state)
{
    struct client *client = *state;
    char *number = create(client);
    client_switch(client, "required_on_close", "on");
    json_t *answer = close_it(client, number, "Yes");
    assert_false(row_succeeded(answer));
    json_decref(answer);
    client_switch(client, "status_close", "checked");
    answer = set_fields(client, number, json_pack("{s:s}", "Status", "Closed"));
    assert_false(row_succeeded(answer));
    json_decref(answer);
    client_switch(client, "status_close", "free");
    answer = set_fields(client, number, json_pack("{s:s}", "Status", "Closed"));
    assert_true(row_succeeded(answer));
    json_decref(answer);
    free(number);
}

static void write_note(struct client *client, const char *number, const char *html)
{
    json_t *answer = call(client, "SetIncidentFieldHTML",
                          json_pack("{s:s, s:s, s:s}", "Incident Number", number, "Field Name",
                                    "Note", "HTML Content", html));
    assert_string_equal(client_text_at(answer, "error"), "");
    json_decref(answer);
}

static void notes_are_added_or_replaced_with_or_without_marks(void **state)
{
    struct client *client = *state;
    char *number = create(client);
    write_note(client, number, "<p>a</p><!-- mark -->");
    client_switch(client, "note_comments", "stripped");
    write_note(client, number, "<p>b</p><!-- mark -->!");
    json_t *one = row(client, number);
    assert_int_equal(json_array_size(client_at(one, "Notes")), 2);
    assert_string_equal(client_text_at(one, "Notes.0.Text"), "<p>a</p><!-- mark -->");
    assert_string_equal(client_text_at(one, "Notes.1.Text"), "<p>b</p>!");
    assert_string_equal(client_text_at(one, "Notes.1.Author"), "Sync Service");
    assert_string_equal(client_text_at(one, "Notes.1.Date Created"), "2026-01-02 03:04:05");
    json_decref(one);
    client_switch(client, "note_write", "replace");
    write_note(client, number, "c");
    one = row(client, number);
    assert_int_equal(json_array_size(client_at(one, "Notes")), 1);
    json_decref(one);
    free(number);
}

static void a_note_moves_the_incident_or_not(void **state)
{
    struct client *client = *state;
    char *number = create(client);
    assert_int_equal(client_do(client, "POST", "/_sim/clock", json_pack("{s:i}", "advance", 60)),
                     200);
    client_switch(client, "note_bumps_incident", "off");
    write_note(client, number, "a");
    assert_int_equal(found(client, filtered("Date Modified", ">", "2026-01-02 03:04:05")), 0);
    client_switch(client, "note_bumps_incident", "on");
    write_note(client, number, "b");
    assert_int_equal(found(client, filtered("Date Modified", "=", "2026-01-02 03:05:05")), 1);
    free(number);
}

static void return_data_has_many_styles(void **state)
{
    struct client *client = *state;
    char *number = create(client);
    json_t *answer = set_fields(client, number, json_object());
    assert_string_equal(client_text_at(answer, "returnData"), "Successful");
    json_decref(answer);
    client_switch(client, "returndata", "succeed");
    answer = set_fields(client, number, json_object());
    assert_string_equal(client_text_at(answer, "returnData"), "Succeed");
    json_decref(answer);
    client_switch(client, "returndata", "object");
    answer = set_fields(client, number, json_object());
    assert_string_equal(client_text_at(answer, "returnData.Status"), "Successful");
    json_decref(answer);
    client_switch(client, "returndata", "mixed");
    int objects = 0;
    for (int i = 0; i < 3; i++) {
        answer = set_fields(client, number, json_object());
        objects += json_is_object(client_at(answer, "returnData")) ? 1 : 0;
        json_decref(answer);
    }
    assert_int_equal(objects, 1);
    free(number);
}

static void playbook_commands_fail_from_outside(void **state)
{
    struct client *client = *state;
    fails(client, "CloseIncident", json_object(), "playbook");
    fails(client, "SetIncidentNotes", json_object(), "playbook");
}

/* --- triggers: another simulator is the listener, its log is what arrived ------------------------------ */

static json_t *arrived(struct client *client, struct client *listener)
{
    for (;;) { /* the post is sent by a thread of its own; ctest's timeout ends a wait in vain */
        json_t *hooks = client_send(client, "GET", "/_sim/hooks", NULL);
        bool waiting = json_integer_value(client_at(hooks, "waiting")) > 0;
        json_decref(hooks);
        if (!waiting)
            break;
    }
    json_t *requests = client_send(listener, "GET", "/_sim/requests", NULL);
    json_t *triggers = json_array();
    const json_t *log = client_at(requests, "log");
    for (size_t i = 0; i < json_array_size(log); i++)
        json_array_append(triggers, client_at(json_array_get(log, i), "body.trigger"));
    json_decref(requests);
    assert_int_equal(client_do(listener, "POST", "/_sim/requests/reset", NULL), 200);
    return triggers;
}

static void expect_triggers(struct client *client, struct client *listener, json_t *expected)
{
    json_t *triggers = arrived(client, listener);
    if (!json_equal(triggers, expected)) {
        char *text = json_dumps(triggers, 0);
        fail_msg("triggers: %s", text);
    }
    json_decref(triggers);
    json_decref(expected);
}

static void start_with_listener(struct client *client, struct client *listener)
{
    static const char *const LISTENER[] = { "sentinel", NULL };
    client_start(listener, LISTENER);
    char *hook = sim_format("%s/hooks/soc", listener->base);
    const char *const arguments[] = { "smartsoar", "--key",  "K:svc:SOC", "--hook-key",
                                      "H",         "--hook", hook,        NULL };
    client_start(client, arguments);
    client_set_header(client, sim_copy("d3key: K"));
    free(hook);
}

static void triggers_are_posted(void **unused)
{
    struct client client;
    struct client listener;
    (void)unused;
    start_with_listener(&client, &listener);
    char *number = create(&client);
    edit(&client, number, json_pack("{s:s}", "Status", "In Progress"), 200);
    expect_triggers(&client, &listener,
                    json_pack("[s, s]", "OnIncidentStatusChange", "OnIncidentChange"));
    json_decref(close_it(&client, number, "No"));
    expect_triggers(&client, &listener, json_pack("[s, s]", "OnIncidentClose", "OnIncidentChange"));
    edit(&client, number, json_pack("{s:s}", "Status", "Open"), 200);
    expect_triggers(&client, &listener,
                    json_pack("[s, s]", "OnIncidentReopen", "OnIncidentChange"));
    edit(&client, number, json_pack("{s:s}", "Status", "Open"), 200);
    expect_triggers(&client, &listener, json_array());
    assert_int_equal(
        client_do(&client, "POST", "/_sim/signal",
                  json_pack("{s:s, s:{s:s}}", "number", number, "signal", "source", "resync")),
        200);
    expect_triggers(&client, &listener, json_pack("[s]", "OnIncidentExternalAction"));
    json_decref(
        call(&client, "TriggerIncidentExternalAction",
             json_pack("{s:{s:s}, s:{}}", "Search Conditions", "Title", "t", "Trigger Data")));
    expect_triggers(&client, &listener, json_pack("[s]", "OnIncidentExternalAction"));
    free(number);
    client_stop(&client);
    client_stop(&listener);
}

static void posts_can_be_lost_doubled_held_or_off(void **unused)
{
    struct client client;
    struct client listener;
    (void)unused;
    start_with_listener(&client, &listener);
    char *number = create(&client);
    client_switch(&client, "outbound_copies", "2");
    edit(&client, number, json_pack("{s:s}", "Severity", "Low"), 200);
    expect_triggers(&client, &listener,
                    json_pack("[s, s]", "OnIncidentChange", "OnIncidentChange"));
    client_switch(&client, "outbound_copies", "1");
    client_switch(&client, "outbound_lose", "1");
    edit(&client, number, json_pack("{s:s}", "Severity", "High"), 200);
    expect_triggers(&client, &listener, json_array());
    client_switch(&client, "outbound_lose", "0");
    client_switch(&client, "outbound", "off");
    edit(&client, number, json_pack("{s:s}", "Severity", "Low"), 200);
    expect_triggers(&client, &listener, json_array());
    client_switch(&client, "outbound", "held");
    edit(&client, number, json_pack("{s:s}", "Severity", "High"), 200);
    json_t *hooks = client_send(&client, "GET", "/_sim/hooks", NULL);
    assert_int_equal(json_integer_value(client_at(hooks, "waiting")), 1);
    json_decref(hooks);
    assert_int_equal(client_do(&client, "POST", "/_sim/release-hooks", NULL), 200);
    expect_triggers(&client, &listener, json_pack("[s]", "OnIncidentChange"));
    client_switch(&client, "outbound", "on");
    client_switch(&client, "api_triggers", "off");
    json_decref(set_fields(&client, number, json_pack("{s:s}", "SeverityName", "Low")));
    expect_triggers(&client, &listener, json_array());
    free(number);
    client_stop(&client);
    client_stop(&listener);
}

#define WITH_SIMULATOR(test) cmocka_unit_test_setup_teardown(test, start, stop)

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
        WITH_SIMULATOR(a_bulk_write_answers_for_each),
        WITH_SIMULATOR(a_title_is_cut_and_a_wrong_status_refused),
        WITH_SIMULATOR(the_form_takes_what_it_offers),
        WITH_SIMULATOR(pending_tasks_block_a_close),
        WITH_SIMULATOR(a_close_by_status_is_checked_or_free),
        WITH_SIMULATOR(notes_are_added_or_replaced_with_or_without_marks),
        WITH_SIMULATOR(a_note_moves_the_incident_or_not),
        WITH_SIMULATOR(return_data_has_many_styles),
        WITH_SIMULATOR(playbook_commands_fail_from_outside),
        cmocka_unit_test(triggers_are_posted),
        cmocka_unit_test(posts_can_be_lost_doubled_held_or_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
