/* What a posted body says by the shipped system's `webhook` block. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/compile.h"
#include "engine/server/hook.h"

struct fixture {
    struct duet_compilation *compilation;
    struct duet_hook hook;
    struct duet_arena *arena;
    struct duet_hook_message message;
    struct duet_error error;
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    assert_int_equal(duet_compile_file("mappings/sentinel-smartsoar.duet", &fixture->compilation),
                     DUET_OK);
    const struct duet_tables *tables = duet_compilation_tables(
        fixture->compilation, duet_compilation_mappings(fixture->compilation) - 1);
    assert_non_null(tables);
    fixture->hook = (struct duet_hook){ .kind = DUET_OWNER_TENANT,
                                        .owner = "acme",
                                        .side = "soar",
                                        .tables = tables,
                                        .at = DUET_RIGHT,
                                        .secret = "key" };
    fixture->arena = duet_arena_new();
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    duet_arena_free(fixture->arena);
    duet_compilation_free(fixture->compilation);
    free(fixture);
    return 0;
}

static enum duet_status read_body(struct fixture *fixture, const char *body)
{
    return duet_hook_read(&fixture->hook, body, strlen(body), fixture->arena, &fixture->message,
                          &fixture->error);
}

static void assert_hint(struct fixture *fixture, const char *body, const char *key)
{
    assert_int_equal(read_body(fixture, body), DUET_OK);
    assert_string_equal(fixture->message.key, key);
    assert_null(fixture->message.signal);
    assert_null(fixture->message.data);
}

static void assert_signal(struct fixture *fixture, const char *body, const char *name,
                          const char *data)
{
    assert_int_equal(read_body(fixture, body), DUET_OK);
    assert_string_equal(fixture->message.key, "20260101-1");
    assert_non_null(fixture->message.signal);
    assert_string_equal(fixture->message.signal, name);
    if (!data) {
        assert_null(fixture->message.data);
        return;
    }
    assert_non_null(fixture->message.data);
    assert_string_equal(fixture->message.data, data);
}

static void assert_refused(struct fixture *fixture, const char *body, const char *why)
{
    assert_int_equal(read_body(fixture, body), DUET_INVALID);
    assert_string_equal(fixture->error.text, why);
}

static void only_a_side_with_a_webhook_block_takes_hooks(void **state)
{
    struct fixture *fixture = *state;
    assert_non_null(duet_hook_block(&fixture->hook));
    fixture->hook.at = DUET_LEFT;
    assert_null(duet_hook_block(&fixture->hook));
}

static void what_a_playbook_posts_is_a_hint(void **state)
{
    static const char *const triggers[] = { "OnIncidentClose", "OnIncidentReopen",
                                            "OnIncidentStatusChange", "OnIncidentChange" };
    for (size_t i = 0; i < sizeof triggers / sizeof triggers[0]; i++) {
        char *body = duet_arena_format(
            ((struct fixture *)*state)->arena,
            "{\"trigger\":\"%s\",\"incidentNumber\":\"20260101-1\",\"site\":\"SOC-A\","
            "\"triggerData\":{},\"occurredUtc\":\"2026-01-02T08:00:00Z\"}",
            triggers[i]);
        assert_hint(*state, body, "20260101-1");
    }
}

static void an_event_that_is_missing_or_null_is_a_hint(void **state)
{
    assert_hint(*state, "{\"incidentNumber\":\"20260101-1\"}", "20260101-1");
    assert_hint(*state, "{\"incidentNumber\":\"20260101-1\",\"trigger\":null}", "20260101-1");
}

static void a_key_may_be_a_whole_number_or_any_text(void **state)
{
    assert_hint(*state, "{\"incidentNumber\":20260101}", "20260101");
    assert_hint(*state, "{\"incidentNumber\":-9223372036854775808}", "-9223372036854775808");
    assert_hint(*state, "{\"incidentNumber\":\"\\u00e4\\ud83d\\ude00 \\\"x\\\"\"}",
                "\xc3\xa4\xf0\x9f\x98\x80 \"x\"");
}

#define SIGNAL(rest)                                                                               \
    "{\"trigger\":\"OnIncidentExternalAction\",\"incidentNumber\":\"20260101-1\"" rest "}"

static void a_signal_is_named_by_its_data(void **state)
{
    assert_signal(*state, SIGNAL(",\"triggerData\":{\"signal\":\"resync\",\"name\":\"other\"}"),
                  "resync", "{\"signal\":\"resync\",\"name\":\"other\"}");
    assert_signal(*state, SIGNAL(",\"triggerData\":{\"name\":\"resync\"}"), "resync",
                  "{\"name\":\"resync\"}");
}

static void a_signal_without_a_name_is_called_signal(void **state)
{
    assert_signal(*state, SIGNAL(""), "signal", NULL);
    assert_signal(*state, SIGNAL(",\"triggerData\":null"), "signal", NULL);
    assert_signal(*state, SIGNAL(",\"triggerData\":{\"signal\":7,\"name\":\"\"}"), "signal",
                  "{\"signal\":7,\"name\":\"\"}");
    assert_signal(*state, SIGNAL(",\"triggerData\":\"resync\""), "signal", "\"resync\"");
}

static void an_event_is_a_signal_only_by_its_exact_name(void **state)
{
    assert_hint(*state, "{\"trigger\":\"onincidentexternalaction\",\"incidentNumber\":\"1\"}", "1");
    assert_hint(*state, "{\"trigger\":\"OnIncidentExternalAction2\",\"incidentNumber\":\"1\"}",
                "1");
}

static void what_is_wrong_with_a_body_is_said(void **state)
{
    assert_refused(*state, "", "the body isn't valid JSON: line 1, column 0");
    assert_refused(*state, "[]", "the body must be a JSON object");
    assert_refused(*state, "{}", "'incidentNumber', the record's key, is missing");
    assert_refused(*state, "{\"incidentNumber\":null}",
                   "'incidentNumber', the record's key, is missing");
    assert_refused(*state, "{\"incidentNumber\":\"\"}",
                   "'incidentNumber' must be text or a whole number");
    assert_refused(*state, "{\"incidentNumber\":1.5}",
                   "'incidentNumber' must be text or a whole number");
    assert_refused(*state, "{\"incidentNumber\":{\"a\":1}}",
                   "'incidentNumber' must be text or a whole number");
    assert_refused(*state, "{\"incidentNumber\":\"1\",\"trigger\":[]}", "'trigger' must be text");
}

static void json_is_read_strictly(void **state)
{
    static const char *const wrong[] = {
        "{\"incidentNumber\":\"1\",\"incidentNumber\":\"2\"}",
        "{\"incidentNumber\":\"1\"} x",
        "{\"incidentNumber\":\"1\",}",
        "{'incidentNumber':'1'}",
        "{\"incidentNumber\":\"a\\u0000b\"}",
        "{\"incidentNumber\":\"\xff\xfe\"}",
        "{\"incidentNumber\":\"\\ud800\"}",
        "{\"incidentNumber\":\"1\"",
        "incidentNumber=1",
        "\xef\xbb\xbf{\"incidentNumber\":\"1\"}",
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(read_body(fixture, wrong[i]), DUET_INVALID);
        assert_non_null(strstr(fixture->error.text, "the body isn't valid JSON: line 1"));
    }
}

/* Builds {"incidentNumber":"1","triggerData":[[...]]} with that many brackets open at most. */
static char *nested(struct duet_arena *arena, size_t depth)
{
    char *open = duet_arena_alloc(arena, depth);
    char *close = duet_arena_alloc(arena, depth);
    memset(open, '[', depth - 1);
    memset(close, ']', depth - 1);
    return duet_arena_format(arena, SIGNAL(",\"triggerData\":%s%s"), open, close);
}

static void depth_is_bounded(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(read_body(fixture, nested(fixture->arena, DUET_HOOK_MAX_DEPTH)), DUET_OK);
    assert_refused(*state, nested(fixture->arena, DUET_HOOK_MAX_DEPTH + 1),
                   "the body is nested deeper than 64");
    assert_hint(*state,
                "{\"incidentNumber\":\"1\",\"x\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
                "[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[\"}",
                "1");
}

static void a_key_is_bounded(void **state)
{
    struct fixture *fixture = *state;
    char *key = duet_arena_alloc(fixture->arena, DUET_HOOK_MAX_KEY + 2);
    memset(key, 'k', DUET_HOOK_MAX_KEY);
    assert_hint(fixture, duet_arena_format(fixture->arena, "{\"incidentNumber\":\"%s\"}", key),
                key);
    key[DUET_HOOK_MAX_KEY] = 'k';
    assert_refused(fixture, duet_arena_format(fixture->arena, "{\"incidentNumber\":\"%s\"}", key),
                   "'incidentNumber' is longer than 1024 bytes");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_a_side_with_a_webhook_block_takes_hooks),
        TEST(what_a_playbook_posts_is_a_hint),
        TEST(an_event_that_is_missing_or_null_is_a_hint),
        TEST(a_key_may_be_a_whole_number_or_any_text),
        TEST(a_signal_is_named_by_its_data),
        TEST(a_signal_without_a_name_is_called_signal),
        TEST(an_event_is_a_signal_only_by_its_exact_name),
        TEST(what_is_wrong_with_a_body_is_said),
        TEST(json_is_read_strictly),
        TEST(depth_is_bounded),
        TEST(a_key_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
