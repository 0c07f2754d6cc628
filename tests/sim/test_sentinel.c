/* Tests of the simulated Sentinel over HTTP, switch by switch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/sim/client.h"
#include "tests/sim/text.h"

#define WORKSPACE(name)                                                                            \
    "/subscriptions/sub-1/resourceGroups/soc/providers/Microsoft.OperationalInsights/"             \
    "workspaces/" name "/providers/Microsoft.SecurityInsights/incidents"
#define INCIDENTS WORKSPACE("acme")
#define VERSION "?api-version=2024-09-01"

static json_t *ask_token(struct client *client, const char *id, const char *secret,
                         const char *scope)
{
    char *body = sim_format("client_id=%s&client_secret=%s&grant_type=client_credentials&scope=%s",
                            id, secret, scope);
    json_t *answer = client_send_text(client, "POST", "/contoso/oauth2/v2.0/token", body);
    free(body);
    return answer;
}

static void log_in(struct client *client, const char *id, const char *secret)
{
    client_set_header(client, NULL);
    json_t *answer = ask_token(client, id, secret, "https%3A%2F%2Fmanagement.azure.com%2F.default");
    assert_int_equal(client->status, 200);
    client_set_header(
        client, sim_format("Authorization: Bearer %s", client_text_at(answer, "access_token")));
    json_decref(answer);
}

static int start(void **state)
{
    static const char *const ARGUMENTS[] = { "sentinel",
                                             "--client",
                                             "contoso:app-1:s%:cret:sub-1/soc/acme",
                                             "--client",
                                             "contoso:app-2:other:sub-1/soc/beta",
                                             "--client",
                                             "contoso:app-2:other:sub-1/soc/acme",
                                             "--user",
                                             "oid-1:ann@contoso.com:Ann Lee",
                                             "--clock",
                                             "2026-01-02T03:04:05.5Z",
                                             NULL };
    struct client *client = sim_alloc(sizeof(*client));
    client_start(client, ARGUMENTS);
    log_in(client, "app-1", "s%25%3Acret");
    *state = client;
    return 0;
}

static int stop(void **state)
{
    client_stop(*state);
    free(*state);
    return 0;
}

static json_t *open_incident(void)
{
    return json_pack("{s:{s:s, s:s, s:s}}", "properties", "title", "t", "severity", "High",
                     "status", "Active");
}

static json_t *closed_incident(const char *classification, const char *reason)
{
    return json_pack("{s:{s:s, s:s, s:s, s:s*, s:s*}}", "properties", "title", "t", "severity",
                     "High", "status", "Closed", "classification", classification,
                     "classificationReason", reason);
}

static long put(struct client *client, const char *name, json_t *body)
{
    char *path = sim_format(INCIDENTS "/%s" VERSION, name);
    long status = client_do(client, "PUT", path, body);
    free(path);
    return status;
}

static json_t *get(struct client *client, const char *name)
{
    char *path = sim_format(INCIDENTS "/%s" VERSION, name);
    json_t *answer = client_send(client, "GET", path, NULL);
    free(path);
    return answer;
}

static json_t *list(struct client *client, const char *more)
{
    char *path = sim_format(INCIDENTS VERSION "%s", more);
    json_t *answer = client_send(client, "GET", path, NULL);
    free(path);
    return answer;
}

static size_t list_size(struct client *client, const char *more)
{
    json_t *answer = list(client, more);
    size_t size = json_array_size(client_at(answer, "value"));
    json_decref(answer);
    return size;
}

static void advance(struct client *client, double seconds)
{
    assert_int_equal(
        client_do(client, "POST", "/_sim/clock", json_pack("{s:f}", "advance", seconds)), 200);
}

static json_t *edit(struct client *client, const char *name, json_t *set)
{
    return client_send(client, "POST", "/_sim/edit",
                       json_pack("{s:s, s:s, s:o}", "workspace", "acme", "name", name, "set", set));
}

static void says(struct client *client, const char *part)
{
    if (!strstr(client->text, part))
        fail_msg("'%s' isn't in: %s", part, client->text);
}

/* --- login ------------------------------------------------------------------------------------------ */

static void a_wrong_login_says_what_is_wrong(void **state)
{
    struct client *client = *state;
    json_decref(ask_token(client, "app-1", "wrong", "x%2F.default"));
    assert_int_equal(client->status, 401);
    says(client, "AADSTS7000215");
    json_decref(ask_token(client, "app-9", "wrong", "x%2F.default"));
    assert_int_equal(client->status, 400);
    says(client, "AADSTS700016");
    json_decref(ask_token(client, "app-1", "s%25%3Acret", "nonsense"));
    assert_int_equal(client->status, 400);
    says(client, "AADSTS70011");
    client_switch(client, "secrets", "expired");
    json_decref(ask_token(client, "app-1", "s%25%3Acret", "x%2F.default"));
    assert_int_equal(client->status, 401);
    says(client, "AADSTS7000222");
}

static void a_token_expires(void **state)
{
    struct client *client = *state;
    client_switch(client, "token_lifetime", "60");
    log_in(client, "app-1", "s%25%3Acret");
    advance(client, 59);
    json_decref(list(client, ""));
    assert_int_equal(client->status, 200);
    advance(client, 1);
    json_decref(list(client, ""));
    assert_int_equal(client->status, 401);
    says(client, "ExpiredAuthenticationToken");
    says(client, "'1/2/2026 3:05:05 AM'");
}

static void a_token_for_another_audience_forged_or_missing_is_refused(void **state)
{
    struct client *client = *state;
    json_t *answer =
        ask_token(client, "app-1", "s%25%3Acret", "https%3A%2F%2Fgraph.microsoft.com%2F.default");
    client_set_header(
        client, sim_format("Authorization: Bearer %s", client_text_at(answer, "access_token")));
    json_decref(answer);
    json_decref(list(client, ""));
    assert_int_equal(client->status, 401);
    says(client, "InvalidAuthenticationTokenAudience");
    client_set_header(client, sim_copy("Authorization: Bearer eyJhbGciOiJub25lIn0.e30."));
    json_decref(list(client, ""));
    assert_int_equal(client->status, 401);
    client_set_header(client, NULL);
    json_decref(list(client, ""));
    assert_int_equal(client->status, 401);
    says(client, "AuthenticationFailed");
}

static void only_a_workspaces_clients_may_use_it(void **state)
{
    struct client *client = *state;
    assert_int_equal(client_do(client, "GET", WORKSPACE("beta") VERSION, NULL), 403);
    says(client, "AuthorizationFailed");
    assert_non_null(strstr(client->headers, "x-ms-failure-cause: gateway"));
    log_in(client, "app-2", "other");
    assert_int_equal(client_do(client, "GET", WORKSPACE("beta") VERSION, NULL), 200);
    assert_int_equal(client_do(client, "GET", INCIDENTS VERSION, NULL), 200);
}

static void versions_and_methods_are_checked(void **state)
{
    struct client *client = *state;
    assert_int_equal(client_do(client, "GET", INCIDENTS, NULL), 400);
    says(client, "MissingApiVersionParameter");
    assert_int_equal(client_do(client, "GET", INCIDENTS "?api-version=2019-01-01", NULL), 400);
    assert_int_equal(client_do(client, "PUT", INCIDENTS VERSION, open_incident()), 405);
    says(client, "UnsupportedApiVersion");
}

/* --- writing ---------------------------------------------------------------------------------------- */

static void a_put_creates_then_replaces(void **state)
{
    struct client *client = *state;
    json_t *body = open_incident();
    json_object_set_new(client_at(body, "properties"), "owner",
                        json_pack("{s:s}", "objectId", "oid-1"));
    json_object_set_new(client_at(body, "properties"), "description", json_string("d"));
    assert_int_equal(put(client, "i1", body), 201);
    json_t *answer = get(client, "I1");
    assert_string_equal(client_text_at(answer, "name"), "i1");
    assert_string_equal(client_text_at(answer, "properties.owner.email"), "ann@contoso.com");
    assert_string_equal(client_text_at(answer, "properties.owner.assignedTo"), "Ann Lee");
    assert_string_equal(client_text_at(answer, "properties.lastModifiedTimeUtc"),
                        "2026-01-02T03:04:05.5Z");
    assert_int_equal(json_integer_value(client_at(answer, "properties.incidentNumber")), 1);
    json_decref(answer);
    assert_int_equal(put(client, "i1", open_incident()), 200);
    answer = get(client, "i1");
    assert_true(json_is_null(client_at(answer, "properties.owner.objectId")));
    assert_null(client_at(answer, "properties.description"));
    json_decref(answer);
}

static void omitted_fields_can_be_kept(void **state)
{
    struct client *client = *state;
    client_switch(client, "omitted_fields", "keep");
    json_t *body = open_incident();
    json_object_set_new(client_at(body, "properties"), "description", json_string("d"));
    assert_int_equal(put(client, "i1", body), 201);
    assert_int_equal(put(client, "i1", open_incident()), 200);
    json_t *answer = get(client, "i1");
    assert_string_equal(client_text_at(answer, "properties.description"), "d");
    json_decref(answer);
}

static long put_with_etag(struct client *client, const char *etag)
{
    json_t *body = open_incident();
    if (etag)
        json_object_set_new(body, "etag", json_string(etag));
    return put(client, "i1", body);
}

static void etags_follow_the_switch(void **state)
{
    struct client *client = *state;
    put(client, "i1", open_incident());
    json_t *first = get(client, "i1");
    const char *etag = client_text_at(first, "etag");
    assert_int_equal(etag[0], '"');
    assert_int_equal(put_with_etag(client, etag), 200);
    assert_int_equal(put_with_etag(client, etag), 409);
    says(client, "Newer version of resource 'i1' exists. Data was not saved");
    assert_int_equal(put_with_etag(client, NULL), 200);
    client_switch(client, "conflict_status", "200");
    assert_int_equal(put_with_etag(client, etag), 200);
    says(client, "\"Conflict\"");
    client_switch(client, "etag", "required");
    assert_int_equal(put_with_etag(client, NULL), 200);
    says(client, "\"Conflict\"");
    client_switch(client, "etag", "ignored");
    assert_int_equal(put_with_etag(client, etag), 200);
    says(client, "\"properties\"");
    json_decref(first);
}

static void a_conflict_storm_passes(void **state)
{
    struct client *client = *state;
    client_switch(client, "conflict_storm", "2");
    assert_int_equal(put(client, "i1", open_incident()), 409);
    assert_int_equal(put(client, "i1", open_incident()), 409);
    assert_int_equal(put(client, "i1", open_incident()), 201);
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
            assert_int_equal(put(client, name, closed_incident(CLASSES[i], REASONS[j])),
                             LEGAL[i][j] ? 201 : 400);
        }
    assert_int_equal(put(client, "x", closed_incident(NULL, NULL)), 400);
    assert_int_equal(put(client, "x", closed_incident("BenignPositive", NULL)), 400);
    says(client, "classification 'BenignPositive' must have classificationReason.");
}

static void required_fields_and_enums_are_checked(void **state)
{
    struct client *client = *state;
    static const char *const REQUIRED[] = { "title", "severity", "status" };
    for (size_t i = 0; i < 3; i++) {
        json_t *body = open_incident();
        json_object_del(client_at(body, "properties"), REQUIRED[i]);
        assert_int_equal(put(client, "x", body), 400);
    }
    json_t *body = open_incident();
    json_object_set_new(client_at(body, "properties"), "severity", json_string("Critical"));
    assert_int_equal(put(client, "x", body), 400);
    json_decref(client_send_text(client, "PUT", INCIDENTS "/x" VERSION, "{"));
    assert_int_equal(client->status, 400);
}

static void an_unknown_value_that_stands_there_may_be_written_back(void **state)
{
    struct client *client = *state;
    put(client, "i1", open_incident());
    json_t *forced = client_send(client, "POST", "/_sim/edit",
                                 json_pack("{s:s, s:b, s:s, s:{s:s}}", "name", "i1", "force", 1,
                                           "workspace", "acme", "set", "severity", "Catastrophic"));
    assert_string_equal(client_text_at(forced, "properties.severity"), "Catastrophic");
    assert_int_equal(put(client, "i1", forced), 200);
    json_t *answer = get(client, "i1");
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
    json_t *whole = get(client, "i1");
    assert_int_equal(put(client, "i1", json_incref(whole)), 200);
    json_t *after = get(client, "i1");
    assert_true(
        json_equal(client_at(whole, "properties.labels"), client_at(after, "properties.labels")));
    json_decref(after);
    client_switch(client, "label_types", "user");
    json_object_del(whole, "etag");
    assert_int_equal(put(client, "i1", whole), 200);
    after = get(client, "i1");
    assert_string_equal(client_text_at(after, "properties.labels.0.labelType"), "User");
    json_decref(after);
}

static void the_verdict_of_an_open_incident_follows_the_switches(void **state)
{
    struct client *client = *state;
    json_t *body = closed_incident("TruePositive", "SuspiciousActivity");
    json_object_set_new(client_at(body, "properties"), "status", json_string("Active"));
    put(client, "i1", closed_incident("TruePositive", "SuspiciousActivity"));
    put(client, "i1", json_deep_copy(body));
    json_t *answer = get(client, "i1");
    assert_string_equal(client_text_at(answer, "properties.classification"), "TruePositive");
    json_decref(answer);
    client_switch(client, "reopen_drops_verdict", "on");
    put(client, "i1", closed_incident("TruePositive", "SuspiciousActivity"));
    put(client, "i1", json_deep_copy(body));
    answer = get(client, "i1");
    assert_null(client_at(answer, "properties.classification"));
    json_decref(answer);
    client_switch(client, "open_verdict", "refuse");
    assert_int_equal(put(client, "i1", json_deep_copy(body)), 400);
    client_switch(client, "open_verdict", "drop");
    assert_int_equal(put(client, "i1", body), 200);
    answer = get(client, "i1");
    assert_null(client_at(answer, "properties.classification"));
    json_decref(answer);
}

static void a_delete_leaves_nothing(void **state)
{
    struct client *client = *state;
    put(client, "i1", open_incident());
    client_switch(client, "role", "responder");
    assert_int_equal(client_do(client, "DELETE", INCIDENTS "/i1" VERSION, NULL), 403);
    client_switch(client, "role", "contributor");
    assert_int_equal(client_do(client, "DELETE", INCIDENTS "/i1" VERSION, NULL), 200);
    assert_int_equal(client_do(client, "DELETE", INCIDENTS "/i1" VERSION, NULL), 204);
    json_decref(get(client, "i1"));
    assert_int_equal(client->status, 404);
}

/* --- lists ------------------------------------------------------------------------------------------ */

static void create_many(struct client *client, int count)
{
    json_t *list_of = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(list_of, json_pack("{s:s}", "workspace", "acme"));
    json_decref(client_send(client, "POST", "/_sim/create", list_of));
    assert_int_equal(client->status, 200);
}

/* Follows nextLink as it is; the number of different names seen, -1 when one came twice. */
static long walk(struct client *client, const char *more, long *pages_out)
{
    json_t *seen = json_object();
    json_t *page = list(client, more);
    long result = 0;
    for (*pages_out = 0; page; (*pages_out)++) {
        const json_t *value = client_at(page, "value");
        for (size_t i = 0; i < json_array_size(value); i++) {
            const char *name = client_text_at(json_array_get(value, i), "name");
            if (json_object_get(seen, name))
                result = -1;
            json_object_set_new(seen, name, json_true());
        }
        const char *link = client_text_at(page, "nextLink");
        json_t *next = link ? client_send(client, "GET", link, NULL) : NULL;
        json_decref(page);
        page = next;
    }
    if (result == 0)
        result = (long)json_object_size(seen);
    json_decref(seen);
    return result;
}

static void pages_lead_to_the_end_though_all_times_tie(void **state)
{
    struct client *client = *state;
    long pages = 0;
    create_many(client, 2000);
    assert_int_equal(
        walk(client, "&$orderby=properties/lastModifiedTimeUtc%20asc&$top=1000", &pages), 2000);
    assert_int_equal(pages, 2);
    assert_int_equal(walk(client, "", &pages), 2000);
    assert_int_equal(pages, 40);
    client_switch(client, "paging", "offset");
    assert_int_equal(walk(client, "&$top=300", &pages), 2000);
    assert_int_equal(
        list_size(
            client,
            "&$filter=properties/lastModifiedTimeUtc%20ge%202026-01-02T03:04:05.5Z&$top=1000"),
        1000);
    assert_int_equal(
        list_size(client, "&$filter=properties/lastModifiedTimeUtc%20gt%202026-01-02T03:04:05.5Z"),
        0);
}

static void a_next_link_is_raw_and_can_be_wrong(void **state)
{
    struct client *client = *state;
    create_many(client, 3);
    json_t *page = list(client, "&$top=1");
    char *link = sim_copy(client_text_at(page, "nextLink"));
    json_decref(page);
    assert_memory_equal(link, client->base, strlen(client->base));
    assert_non_null(strstr(link, "&$skipToken="));
    assert_int_equal(link[strlen(link) - 1], '=');
    client_switch(client, "next_link", "loop");
    page = client_send(client, "GET", link, NULL);
    assert_string_equal(client_text_at(page, "nextLink"), link);
    json_decref(page);
    client_switch(client, "next_link", "expired");
    assert_int_equal(client_do(client, "GET", link, NULL), 400);
    client_switch(client, "next_link", "foreign");
    page = list(client, "&$top=1");
    assert_memory_equal(client_text_at(page, "nextLink"), "https://collector.example.net/", 30);
    json_decref(page);
    free(link);
}

static void a_list_says_what_is_wrong(void **state)
{
    struct client *client = *state;
    assert_int_equal(list_size(client, "&$top=1001"), 0);
    assert_int_equal(client->status, 400);
    assert_int_equal(list_size(client, "&$filter=nonsense"), 0);
    assert_int_equal(client->status, 400);
    assert_int_equal(list_size(client, "&$orderby=properties/title%20up"), 0);
    assert_int_equal(client->status, 400);
}

static void late_arrivals_are_unseen_for_a_while(void **state)
{
    struct client *client = *state;
    client_switch(client, "late_arrivals", "600");
    put(client, "i1", open_incident());
    advance(client, 599);
    assert_int_equal(list_size(client, ""), 0);
    advance(client, 1);
    json_t *page = list(client, "");
    assert_string_equal(client_text_at(page, "value.0.properties.createdTimeUtc"),
                        "2026-01-02T03:04:05.5Z");
    json_decref(page);
}

static void records_can_look_otherwise(void **state)
{
    struct client *client = *state;
    client_switch(client, "id_case", "incidents");
    client_switch(client, "fraction_digits", "0");
    client_switch(client, "nulls_in_owner", "off");
    client_switch(client, "extra_members", "on");
    client_switch(client, "number_gaps", "on");
    create_many(client, 3);
    put(client, "i1", open_incident());
    json_t *answer = get(client, "i1");
    assert_non_null(strstr(client_text_at(answer, "id"), "/incidents/i1"));
    assert_string_equal(client_text_at(answer, "properties.createdTimeUtc"),
                        "2026-01-02T03:04:05Z");
    assert_null(client_at(answer, "properties.owner"));
    assert_non_null(client_at(answer, "properties.futureMember"));
    assert_int_equal(json_integer_value(client_at(answer, "properties.incidentNumber")), 7);
    json_decref(answer);
    client_switch(client, "error_shape", "gateway");
    json_decref(get(client, "none"));
    says(client, "\"statusCode\":404");
    client_switch(client, "error_shape", "empty");
    json_decref(get(client, "none"));
    assert_string_equal(client->text, "");
}

/* --- comments --------------------------------------------------------------------------------------- */

static long comment(struct client *client, const char *id, const char *message)
{
    char *path = sim_format(INCIDENTS "/i1/comments/%s" VERSION, id);
    long status =
        client_do(client, "PUT", path, json_pack("{s:{s:s}}", "properties", "message", message));
    free(path);
    return status;
}

static void a_comment_written_twice_is_there_once(void **state)
{
    struct client *client = *state;
    put(client, "i1", open_incident());
    assert_int_equal(comment(client, "c1", "one"), 201);
    advance(client, 1);
    assert_int_equal(comment(client, "c2", "two"), 201);
    assert_int_equal(comment(client, "c1", "one again"), 200);
    json_t *page = client_send(client, "GET", INCIDENTS "/i1/comments" VERSION, NULL);
    assert_int_equal(json_array_size(client_at(page, "value")), 2);
    assert_string_equal(client_text_at(page, "value.0.name"), "c2");
    assert_string_equal(client_text_at(page, "value.1.properties.message"), "one again");
    assert_string_equal(client_text_at(page, "value.1.properties.author.name"), "app-1");
    json_decref(page);
    json_t *answer = get(client, "i1");
    assert_int_equal(
        json_integer_value(client_at(answer, "properties.additionalData.commentsCount")), 2);
    json_decref(answer);
    log_in(client, "app-2", "other");
    assert_int_equal(comment(client, "c1", "not mine"), 403);
}

static void a_comment_moves_the_incident_or_not(void **state)
{
    struct client *client = *state;
    put(client, "i1", open_incident());
    json_t *before = get(client, "i1");
    client_switch(client, "comment_bumps_incident", "off");
    comment(client, "c1", "one");
    json_t *after = get(client, "i1");
    assert_string_equal(client_text_at(before, "etag"), client_text_at(after, "etag"));
    json_decref(after);
    client_switch(client, "comment_bumps_incident", "on");
    comment(client, "c1", "one");
    after = get(client, "i1");
    assert_string_not_equal(client_text_at(before, "etag"), client_text_at(after, "etag"));
    json_decref(after);
    json_decref(before);
}

static void comments_have_limits(void **state)
{
    struct client *client = *state;
    char *longest = sim_alloc(30002);
    memset(longest, 'x', 30000);
    put(client, "i1", open_incident());
    assert_int_equal(comment(client, "c1", longest), 201);
    longest[30000] = 'x';
    assert_int_equal(comment(client, "c2", longest), 400);
    free(longest);
    client_switch(client, "comments_max", "2");
    assert_int_equal(comment(client, "c2", "two"), 201);
    assert_int_equal(comment(client, "c3", "three"), 400);
    assert_int_equal(comment(client, "c2", "two"), 200);
}

/* --- quotas ----------------------------------------------------------------------------------------- */

static void the_76th_put_in_five_minutes_waits(void **state)
{
    struct client *client = *state;
    for (int i = 0; i < 75; i++)
        assert_true(put(client, "i1", open_incident()) <= 201);
    assert_int_equal(put(client, "i1", open_incident()), 429);
    says(client, "TooManyRequests");
    assert_non_null(strstr(client->headers, "Retry-After: "));
    assert_int_equal(comment(client, "c1", "counted apart"), 201);
    client_switch(client, "retry_after", "absent");
    assert_int_equal(put(client, "i1", open_incident()), 429);
    assert_null(strstr(client->headers, "Retry-After: "));
    client_switch(client, "retry_after", "date");
    assert_int_equal(put(client, "i1", open_incident()), 429);
    assert_non_null(strstr(client->headers, " GMT\r\n"));
    advance(client, 300);
    assert_int_equal(put(client, "i1", open_incident()), 200);
}

/* --- people ----------------------------------------------------------------------------------------- */

static void a_person_obeys_the_same_rules(void **state)
{
    struct client *client = *state;
    put(client, "i1", open_incident());
    json_decref(
        edit(client, "i1",
             json_pack("{s:s, s:s}", "status", "Closed", "classification", "TruePositive")));
    assert_int_equal(client->status, 400);
    says(client, "must have classificationReason");
    json_t *answer = edit(client, "i1", json_pack("{s:s}", "severity", "Low"));
    assert_string_equal(client_text_at(answer, "properties.severity"), "Low");
    assert_string_equal(client_text_at(answer, "properties.status"), "Active");
    json_decref(answer);
    json_decref(edit(client, "i1", json_pack("{s:i}", "incidentNumber", 5)));
    assert_int_equal(client->status, 400);
}

static void a_merge_looks_like_one(void **state)
{
    struct client *client = *state;
    put(client, "i1", open_incident());
    json_t *answer = client_send(client, "POST", "/_sim/merge",
                                 json_pack("{s:s, s:s}", "workspace", "acme", "name", "i1"));
    assert_string_equal(client_text_at(answer, "properties.classification"), "Undetermined");
    assert_string_equal(client_text_at(answer, "properties.labels.0.labelName"), "Redirected");
    assert_string_equal(client_text_at(answer, "properties.labels.0.labelType"), "AutoAssigned");
    json_decref(answer);
    assert_int_equal(list_size(client, "&$filter=properties/classification%20eq%20'Undetermined'"),
                     0);
    client_switch(client, "undetermined_filter_bug", "off");
    assert_int_equal(list_size(client, "&$filter=properties/classification%20eq%20'Undetermined'"),
                     1);
}

#define WITH_SIMULATOR(test) cmocka_unit_test_setup_teardown(test, start, stop)

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
        WITH_SIMULATOR(pages_lead_to_the_end_though_all_times_tie),
        WITH_SIMULATOR(a_next_link_is_raw_and_can_be_wrong),
        WITH_SIMULATOR(a_list_says_what_is_wrong),
        WITH_SIMULATOR(late_arrivals_are_unseen_for_a_while),
        WITH_SIMULATOR(records_can_look_otherwise),
        WITH_SIMULATOR(a_comment_written_twice_is_there_once),
        WITH_SIMULATOR(a_comment_moves_the_incident_or_not),
        WITH_SIMULATOR(comments_have_limits),
        WITH_SIMULATOR(the_76th_put_in_five_minutes_waits),
        WITH_SIMULATOR(a_person_obeys_the_same_rules),
        WITH_SIMULATOR(a_merge_looks_like_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
