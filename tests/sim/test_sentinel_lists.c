/* Tests of the simulated Sentinel over HTTP, switch by switch: lists and comments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/sim/siem_client.h"
#include "tests/sim/text.h"

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
    json_t *page = siem_list(client, more);
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
        siem_list_size(
            client,
            "&$filter=properties/lastModifiedTimeUtc%20ge%202026-01-02T03:04:05.5Z&$top=1000"),
        1000);
    assert_int_equal(
        siem_list_size(client,
                       "&$filter=properties/lastModifiedTimeUtc%20gt%202026-01-02T03:04:05.5Z"),
        0);
}

static void a_next_link_is_raw_and_can_be_wrong(void **state)
{
    struct client *client = *state;
    create_many(client, 3);
    json_t *page = siem_list(client, "&$top=1");
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
    page = siem_list(client, "&$top=1");
    assert_memory_equal(client_text_at(page, "nextLink"), "https://collector.example.net/", 30);
    json_decref(page);
    free(link);
}

static void a_list_says_what_is_wrong(void **state)
{
    struct client *client = *state;
    assert_int_equal(siem_list_size(client, "&$top=1001"), 0);
    assert_int_equal(client->status, 400);
    assert_int_equal(siem_list_size(client, "&$filter=nonsense"), 0);
    assert_int_equal(client->status, 400);
    assert_int_equal(siem_list_size(client, "&$orderby=properties/title%20up"), 0);
    assert_int_equal(client->status, 400);
}

static void late_arrivals_are_unseen_for_a_while(void **state)
{
    struct client *client = *state;
    client_switch(client, "late_arrivals", "600");
    siem_put(client, "i1", siem_open_incident());
    siem_advance(client, 599);
    assert_int_equal(siem_list_size(client, ""), 0);
    siem_advance(client, 1);
    json_t *page = siem_list(client, "");
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
    siem_put(client, "i1", siem_open_incident());
    json_t *answer = siem_get(client, "i1");
    assert_non_null(strstr(client_text_at(answer, "id"), "/incidents/i1"));
    assert_string_equal(client_text_at(answer, "properties.createdTimeUtc"),
                        "2026-01-02T03:04:05Z");
    assert_null(client_at(answer, "properties.owner"));
    assert_non_null(client_at(answer, "properties.futureMember"));
    assert_int_equal(json_integer_value(client_at(answer, "properties.incidentNumber")), 7);
    json_decref(answer);
    client_switch(client, "error_shape", "gateway");
    json_decref(siem_get(client, "none"));
    siem_says(client, "\"statusCode\":404");
    client_switch(client, "error_shape", "empty");
    json_decref(siem_get(client, "none"));
    assert_string_equal(client->text, "");
}

/* --- comments --------------------------------------------------------------------------------------- */

static void a_comment_written_twice_is_there_once(void **state)
{
    struct client *client = *state;
    siem_put(client, "i1", siem_open_incident());
    assert_int_equal(siem_comment(client, "c1", "one"), 201);
    siem_advance(client, 1);
    assert_int_equal(siem_comment(client, "c2", "two"), 201);
    assert_int_equal(siem_comment(client, "c1", "one again"), 200);
    json_t *page = client_send(client, "GET", INCIDENTS "/i1/comments" VERSION, NULL);
    assert_int_equal(json_array_size(client_at(page, "value")), 2);
    assert_string_equal(client_text_at(page, "value.0.name"), "c2");
    assert_string_equal(client_text_at(page, "value.1.properties.message"), "one again");
    assert_string_equal(client_text_at(page, "value.1.properties.author.name"), "app-1");
    json_decref(page);
    json_t *answer = siem_get(client, "i1");
    assert_int_equal(
        json_integer_value(client_at(answer, "properties.additionalData.commentsCount")), 2);
    json_decref(answer);
    siem_log_in(client, "app-2", "other");
    assert_int_equal(siem_comment(client, "c1", "not mine"), 403);
}

static void a_comment_moves_the_incident_or_not(void **state)
{
    struct client *client = *state;
    siem_put(client, "i1", siem_open_incident());
    json_t *before = siem_get(client, "i1");
    client_switch(client, "comment_bumps_incident", "off");
    siem_comment(client, "c1", "one");
    json_t *after = siem_get(client, "i1");
    assert_string_equal(client_text_at(before, "etag"), client_text_at(after, "etag"));
    json_decref(after);
    client_switch(client, "comment_bumps_incident", "on");
    siem_comment(client, "c1", "one");
    after = siem_get(client, "i1");
    assert_string_not_equal(client_text_at(before, "etag"), client_text_at(after, "etag"));
    json_decref(after);
    json_decref(before);
}

static void comments_have_limits(void **state)
{
    struct client *client = *state;
    char *longest = sim_alloc(30002);
    memset(longest, 'x', 30000);
    siem_put(client, "i1", siem_open_incident());
    assert_int_equal(siem_comment(client, "c1", longest), 201);
    longest[30000] = 'x';
    assert_int_equal(siem_comment(client, "c2", longest), 400);
    free(longest);
    client_switch(client, "comments_max", "2");
    assert_int_equal(siem_comment(client, "c2", "two"), 201);
    assert_int_equal(siem_comment(client, "c3", "three"), 400);
    assert_int_equal(siem_comment(client, "c2", "two"), 200);
}

#define WITH_SIMULATOR(test) cmocka_unit_test_setup_teardown(test, siem_start, siem_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SIMULATOR(pages_lead_to_the_end_though_all_times_tie),
        WITH_SIMULATOR(a_next_link_is_raw_and_can_be_wrong),
        WITH_SIMULATOR(a_list_says_what_is_wrong),
        WITH_SIMULATOR(late_arrivals_are_unseen_for_a_while),
        WITH_SIMULATOR(records_can_look_otherwise),
        WITH_SIMULATOR(a_comment_written_twice_is_there_once),
        WITH_SIMULATOR(a_comment_moves_the_incident_or_not),
        WITH_SIMULATOR(comments_have_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
