/* Tests of the simulated Sentinel over HTTP, switch by switch: login, writing, quotas, people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/sim/siem_client.h"
#include "tests/sim/text.h"

/* --- login ------------------------------------------------------------------------------------------ */

static void a_wrong_login_says_what_is_wrong(void **state)
{
    struct client *client = *state;
    json_decref(siem_ask_token(client, "app-1", "wrong", "x%2F.default"));
    assert_int_equal(client->status, 401);
    siem_says(client, "AADSTS7000215");
    json_decref(siem_ask_token(client, "app-9", "wrong", "x%2F.default"));
    assert_int_equal(client->status, 400);
    siem_says(client, "AADSTS700016");
    json_decref(siem_ask_token(client, "app-1", "s%25%3Acret", "nonsense"));
    assert_int_equal(client->status, 400);
    siem_says(client, "AADSTS70011");
    client_switch(client, "secrets", "expired");
    json_decref(siem_ask_token(client, "app-1", "s%25%3Acret", "x%2F.default"));
    assert_int_equal(client->status, 401);
    siem_says(client, "AADSTS7000222");
}

static void a_token_expires(void **state)
{
    struct client *client = *state;
    client_switch(client, "token_lifetime", "60");
    siem_log_in(client, "app-1", "s%25%3Acret");
    siem_advance(client, 59);
    json_decref(siem_list(client, ""));
    assert_int_equal(client->status, 200);
    siem_advance(client, 1);
    json_decref(siem_list(client, ""));
    assert_int_equal(client->status, 401);
    siem_says(client, "ExpiredAuthenticationToken");
    siem_says(client, "'1/2/2026 3:05:05 AM'");
}

static void a_token_for_another_audience_forged_or_missing_is_refused(void **state)
{
    struct client *client = *state;
    json_t *answer = siem_ask_token(client, "app-1", "s%25%3Acret",
                                    "https%3A%2F%2Fgraph.microsoft.com%2F.default");
    client_set_header(
        client, sim_format("Authorization: Bearer %s", client_text_at(answer, "access_token")));
    json_decref(answer);
    json_decref(siem_list(client, ""));
    assert_int_equal(client->status, 401);
    siem_says(client, "InvalidAuthenticationTokenAudience");
    client_set_header(client, sim_copy("Authorization: Bearer eyJhbGciOiJub25lIn0.e30."));
    json_decref(siem_list(client, ""));
    assert_int_equal(client->status, 401);
    client_set_header(client, NULL);
    json_decref(siem_list(client, ""));
    assert_int_equal(client->status, 401);
    siem_says(client, "AuthenticationFailed");
}

static void only_a_workspaces_clients_may_use_it(void **state)
{
    struct client *client = *state;
    assert_int_equal(client_do(client, "GET", WORKSPACE("beta") VERSION, NULL), 403);
    siem_says(client, "AuthorizationFailed");
    assert_non_null(strstr(client->headers, "x-ms-failure-cause: gateway"));
    siem_log_in(client, "app-2", "other");
    assert_int_equal(client_do(client, "GET", WORKSPACE("beta") VERSION, NULL), 200);
    assert_int_equal(client_do(client, "GET", INCIDENTS VERSION, NULL), 200);
}

static void versions_and_methods_are_checked(void **state)
{
    struct client *client = *state;
    assert_int_equal(client_do(client, "GET", INCIDENTS, NULL), 400);
    siem_says(client, "MissingApiVersionParameter");
    assert_int_equal(client_do(client, "GET", INCIDENTS "?api-version=2019-01-01", NULL), 400);
    assert_int_equal(client_do(client, "PUT", INCIDENTS VERSION, siem_open_incident()), 405);
    siem_says(client, "UnsupportedApiVersion");
}

/* --- writing ---------------------------------------------------------------------------------------- */

static void a_put_creates_then_replaces(void **state)
{
    struct client *client = *state;
    json_t *body = siem_open_incident();
    json_object_set_new(client_at(body, "properties"), "owner",
                        json_pack("{s:s}", "objectId", "oid-1"));
    json_object_set_new(client_at(body, "properties"), "description", json_string("d"));
    assert_int_equal(siem_put(client, "i1", body), 201);
    json_t *answer = siem_get(client, "I1");
    assert_string_equal(client_text_at(answer, "name"), "i1");
    assert_string_equal(client_text_at(answer, "properties.owner.email"), "ann@contoso.com");
    assert_string_equal(client_text_at(answer, "properties.owner.assignedTo"), "Ann Lee");
    assert_string_equal(client_text_at(answer, "properties.lastModifiedTimeUtc"),
                        "2026-01-02T03:04:05.5Z");
    assert_int_equal(json_integer_value(client_at(answer, "properties.incidentNumber")), 1);
    json_decref(answer);
    assert_int_equal(siem_put(client, "i1", siem_open_incident()), 200);
    answer = siem_get(client, "i1");
    assert_true(json_is_null(client_at(answer, "properties.owner.objectId")));
    assert_null(client_at(answer, "properties.description"));
    json_decref(answer);
}

static void omitted_fields_can_be_kept(void **state)
{
    struct client *client = *state;
    client_switch(client, "omitted_fields", "keep");
    json_t *body = siem_open_incident();
    json_object_set_new(client_at(body, "properties"), "description", json_string("d"));
    assert_int_equal(siem_put(client, "i1", body), 201);
    assert_int_equal(siem_put(client, "i1", siem_open_incident()), 200);
    json_t *answer = siem_get(client, "i1");
    assert_string_equal(client_text_at(answer, "properties.description"), "d");
    json_decref(answer);
}

static long put_with_etag(struct client *client, const char *etag)
{
    json_t *body = siem_open_incident();
    if (etag)
        json_object_set_new(body, "etag", json_string(etag));
    return siem_put(client, "i1", body);
}

static void etags_follow_the_switch(void **state)
{
    struct client *client = *state;
    siem_put(client, "i1", siem_open_incident());
    json_t *first = siem_get(client, "i1");
    const char *etag = client_text_at(first, "etag");
    assert_int_equal(etag[0], '"');
    assert_int_equal(put_with_etag(client, etag), 200);
    assert_int_equal(put_with_etag(client, etag), 409);
    siem_says(client, "Newer version of resource 'i1' exists. Data was not saved");
    assert_int_equal(put_with_etag(client, NULL), 200);
    client_switch(client, "conflict_status", "200");
    assert_int_equal(put_with_etag(client, etag), 200);
    siem_says(client, "\"Conflict\"");
    client_switch(client, "etag", "required");
    assert_int_equal(put_with_etag(client, NULL), 200);
    siem_says(client, "\"Conflict\"");
    client_switch(client, "etag", "ignored");
    assert_int_equal(put_with_etag(client, etag), 200);
    siem_says(client, "\"properties\"");
    json_decref(first);
}

static void a_conflict_storm_passes(void **state)
{
    struct client *client = *state;
    client_switch(client, "conflict_storm", "2");
    assert_int_equal(siem_put(client, "i1", siem_open_incident()), 409);
    assert_int_equal(siem_put(client, "i1", siem_open_incident()), 409);
    assert_int_equal(siem_put(client, "i1", siem_open_incident()), 201);
}

static void five_ways_to_close_are_legal_and_no_other(void **state)
{
    static const char *const CLASSES[] = { "TruePositive", "BenignPositive", "FalsePositive",
                                           "Undetermined" };
    static const char *const REASONS[] = { "SuspiciousActivity", "SuspiciousButExpected",
                                           "IncorrectAlertLogic", "InaccurateData", NULL };
    static const int LEGAL[4][5] = {
        { 1, 0, 0, 0, 0 }, { 0, 1, 0, 0, 0 }, { 0, 0, 1, 1, 0 }, { 0, 0, 0, 0, 1 }
    };
    struct client *client = *state;
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 5; j++) {
            char name[32];
            snprintf(name, sizeof(name), "c%d%d", i, j);
            assert_int_equal(siem_put(client, name, siem_closed_incident(CLASSES[i], REASONS[j])),
                             LEGAL[i][j] ? 201 : 400);
        }
    assert_int_equal(siem_put(client, "x", siem_closed_incident(NULL, NULL)), 400);
    assert_int_equal(siem_put(client, "x", siem_closed_incident("BenignPositive", NULL)), 400);
    siem_says(client, "classification 'BenignPositive' must have classificationReason.");
}

static void required_fields_and_enums_are_checked(void **state)
{
    struct client *client = *state;
    static const char *const REQUIRED[] = { "title", "severity", "status" };
    for (size_t i = 0; i < 3; i++) {
        json_t *body = siem_open_incident();
        json_object_del(client_at(body, "properties"), REQUIRED[i]);
        assert_int_equal(siem_put(client, "x", body), 400);
    }
    json_t *body = siem_open_incident();
    json_object_set_new(client_at(body, "properties"), "severity", json_string("Critical"));
    assert_int_equal(siem_put(client, "x", body), 400);
    json_decref(client_send_text(client, "PUT", INCIDENTS "/x" VERSION, "{"));
    assert_int_equal(client->status, 400);
}

static void an_unknown_value_that_stands_there_may_be_written_back(void **state)
{
    struct client *client = *state;
    siem_put(client, "i1", siem_open_incident());
    json_t *forced = client_send(client, "POST", "/_sim/edit",
                                 json_pack("{s:s, s:b, s:s, s:{s:s}}", "name", "i1", "force", 1,
                                           "workspace", "acme", "set", "severity", "Catastrophic"));
    assert_string_equal(client_text_at(forced, "properties.severity"), "Catastrophic");
    assert_int_equal(siem_put(client, "i1", forced), 200);
    json_t *answer = siem_get(client, "i1");
    assert_string_equal(client_text_at(answer, "properties.severity"), "Catastrophic");
    json_decref(answer);
}

static void labels_keep_their_type_or_become_the_users(void **state)
{
    struct client *client = *state;
    json_decref(client_send(client, "POST", "/_sim/create",
                            json_pack("{s:s, s:s, s:{s:[{s:s, s:s}, {s:s, s:s}]}}", "workspace",
                                      "acme", "name", "i1", "properties", "labels", "labelName",
                                      "auto", "labelType", "AutoAssigned", "labelName", "mine",
                                      "labelType", "User")));
    json_t *whole = siem_get(client, "i1");
    assert_int_equal(siem_put(client, "i1", json_incref(whole)), 200);
    json_t *after = siem_get(client, "i1");
    assert_true(
        json_equal(client_at(whole, "properties.labels"), client_at(after, "properties.labels")));
    json_decref(after);
    client_switch(client, "label_types", "user");
    json_object_del(whole, "etag");
    assert_int_equal(siem_put(client, "i1", whole), 200);
    after = siem_get(client, "i1");
    assert_string_equal(client_text_at(after, "properties.labels.0.labelType"), "User");
    json_decref(after);
}

static void the_verdict_of_an_open_incident_follows_the_switches(void **state)
{
    struct client *client = *state;
    json_t *body = siem_closed_incident("TruePositive", "SuspiciousActivity");
    json_object_set_new(client_at(body, "properties"), "status", json_string("Active"));
    siem_put(client, "i1", siem_closed_incident("TruePositive", "SuspiciousActivity"));
    siem_put(client, "i1", json_deep_copy(body));
    json_t *answer = siem_get(client, "i1");
    assert_string_equal(client_text_at(answer, "properties.classification"), "TruePositive");
    json_decref(answer);
    client_switch(client, "reopen_drops_verdict", "on");
    siem_put(client, "i1", siem_closed_incident("TruePositive", "SuspiciousActivity"));
    siem_put(client, "i1", json_deep_copy(body));
    answer = siem_get(client, "i1");
    assert_null(client_at(answer, "properties.classification"));
    json_decref(answer);
    client_switch(client, "open_verdict", "refuse");
    assert_int_equal(siem_put(client, "i1", json_deep_copy(body)), 400);
    client_switch(client, "open_verdict", "drop");
    assert_int_equal(siem_put(client, "i1", body), 200);
    answer = siem_get(client, "i1");
    assert_null(client_at(answer, "properties.classification"));
    json_decref(answer);
}

static void a_delete_leaves_nothing(void **state)
{
    struct client *client = *state;
    siem_put(client, "i1", siem_open_incident());
    client_switch(client, "role", "responder");
    assert_int_equal(client_do(client, "DELETE", INCIDENTS "/i1" VERSION, NULL), 403);
    client_switch(client, "role", "contributor");
    assert_int_equal(client_do(client, "DELETE", INCIDENTS "/i1" VERSION, NULL), 200);
    assert_int_equal(client_do(client, "DELETE", INCIDENTS "/i1" VERSION, NULL), 204);
    json_decref(siem_get(client, "i1"));
    assert_int_equal(client->status, 404);
}

/* --- quotas ----------------------------------------------------------------------------------------- */

static void the_76th_put_in_five_minutes_waits(void **state)
{
    struct client *client = *state;
    for (int i = 0; i < 75; i++)
        assert_true(siem_put(client, "i1", siem_open_incident()) <= 201);
    assert_int_equal(siem_put(client, "i1", siem_open_incident()), 429);
    siem_says(client, "TooManyRequests");
    assert_non_null(strstr(client->headers, "Retry-After: "));
    assert_int_equal(siem_comment(client, "c1", "counted apart"), 201);
    client_switch(client, "retry_after", "absent");
    assert_int_equal(siem_put(client, "i1", siem_open_incident()), 429);
    assert_null(strstr(client->headers, "Retry-After: "));
    client_switch(client, "retry_after", "date");
    assert_int_equal(siem_put(client, "i1", siem_open_incident()), 429);
    assert_non_null(strstr(client->headers, " GMT\r\n"));
    siem_advance(client, 300);
    assert_int_equal(siem_put(client, "i1", siem_open_incident()), 200);
}

/* --- people ----------------------------------------------------------------------------------------- */

static void a_person_obeys_the_same_rules(void **state)
{
    struct client *client = *state;
    siem_put(client, "i1", siem_open_incident());
    json_decref(
        siem_edit(client, "i1",
                  json_pack("{s:s, s:s}", "status", "Closed", "classification", "TruePositive")));
    assert_int_equal(client->status, 400);
    siem_says(client, "must have classificationReason");
    json_t *answer = siem_edit(client, "i1", json_pack("{s:s}", "severity", "Low"));
    assert_string_equal(client_text_at(answer, "properties.severity"), "Low");
    assert_string_equal(client_text_at(answer, "properties.status"), "Active");
    json_decref(answer);
    json_decref(siem_edit(client, "i1", json_pack("{s:i}", "incidentNumber", 5)));
    assert_int_equal(client->status, 400);
}

static void a_merge_looks_like_one(void **state)
{
    struct client *client = *state;
    siem_put(client, "i1", siem_open_incident());
    json_t *answer = client_send(client, "POST", "/_sim/merge",
                                 json_pack("{s:s, s:s}", "workspace", "acme", "name", "i1"));
    assert_string_equal(client_text_at(answer, "properties.classification"), "Undetermined");
    assert_string_equal(client_text_at(answer, "properties.labels.0.labelName"), "Redirected");
    assert_string_equal(client_text_at(answer, "properties.labels.0.labelType"), "AutoAssigned");
    json_decref(answer);
    assert_int_equal(
        siem_list_size(client, "&$filter=properties/classification%20eq%20'Undetermined'"), 0);
    client_switch(client, "undetermined_filter_bug", "off");
    assert_int_equal(
        siem_list_size(client, "&$filter=properties/classification%20eq%20'Undetermined'"), 1);
}

#define WITH_SIMULATOR(test) cmocka_unit_test_setup_teardown(test, siem_start, siem_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SIMULATOR(a_wrong_login_says_what_is_wrong),
        WITH_SIMULATOR(a_token_expires),
        WITH_SIMULATOR(a_token_for_another_audience_forged_or_missing_is_refused),
        WITH_SIMULATOR(only_a_workspaces_clients_may_use_it),
        WITH_SIMULATOR(versions_and_methods_are_checked),
        WITH_SIMULATOR(a_put_creates_then_replaces),
        WITH_SIMULATOR(omitted_fields_can_be_kept),
        WITH_SIMULATOR(etags_follow_the_switch),
        WITH_SIMULATOR(a_conflict_storm_passes),
        WITH_SIMULATOR(five_ways_to_close_are_legal_and_no_other),
        WITH_SIMULATOR(required_fields_and_enums_are_checked),
        WITH_SIMULATOR(an_unknown_value_that_stands_there_may_be_written_back),
        WITH_SIMULATOR(labels_keep_their_type_or_become_the_users),
        WITH_SIMULATOR(the_verdict_of_an_open_incident_follows_the_switches),
        WITH_SIMULATOR(a_delete_leaves_nothing),
        WITH_SIMULATOR(the_76th_put_in_five_minutes_waits),
        WITH_SIMULATOR(a_person_obeys_the_same_rules),
        WITH_SIMULATOR(a_merge_looks_like_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
