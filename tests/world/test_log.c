/* Tests of engine/world/log.c and secrets.c: one line an event, and no secret in any. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "engine/world/log.h"

struct fixture {
    struct duet_clock_sim clock;
    FILE *stream;
    char *text;
    size_t size;
    struct duet_log *log;
};

static void open_log(struct fixture *f, enum duet_log_format format)
{
    memset(f, 0, sizeof *f);
    duet_clock_sim_init(&f->clock, INT64_C(17723664005000000));
    f->stream = open_memstream(&f->text, &f->size);
    f->log = duet_log_new(f->stream, format, DUET_LOG_INFO, &f->clock.clock);
}

static void close_log(struct fixture *f)
{
    duet_log_free(f->log);
    fclose(f->stream);
    free(f->text);
}

static void a_line_has_keys_and_values(void **state)
{
    (void)state;
    struct fixture f;
    open_log(&f, DUET_LOG_TEXT);
    duet_log_line(f.log, DUET_LOG_INFO, "incident written",
                  DUET_LOG_FIELDS({ DUET_LOGGED_OWNER, .text = "acme" },
                                  { DUET_LOGGED_WHY, .text = "a \"b\"\nlevel=error" },
                                  { DUET_LOGGED_STATUS, .number = 200 },
                                  { DUET_LOGGED_AGAIN, .number = 1 }));
    duet_log_event(f.log, DUET_LOG_DEBUG, "too fine");
    assert_string_equal(
        f.text, "time=2026-03-01T12:00:00.5Z level=info event=\"incident written\" owner=acme "
                "why=\"a \\\"b\\\"\\nlevel=error\" status=200 again=true\n");
    close_log(&f);
}

static void a_text_that_is_not_there_leaves_its_key_out(void **state)
{
    (void)state;
    struct fixture f;
    open_log(&f, DUET_LOG_TEXT);
    duet_log_line(f.log, DUET_LOG_INFO, "x",
                  DUET_LOG_FIELDS({ DUET_LOGGED_REQUEST, .text = "" },
                                  { DUET_LOGGED_WHY, .text = NULL },
                                  { DUET_LOGGED_STATUS, .number = 0 }));
    assert_string_equal(f.text, "time=2026-03-01T12:00:00.5Z level=info event=x status=0\n");
    close_log(&f);
}

static void json_lines_are_json(void **state)
{
    (void)state;
    struct fixture f;
    open_log(&f, DUET_LOG_JSON);
    duet_log_line(f.log, DUET_LOG_WARNING, "x",
                  DUET_LOG_FIELDS(
                      { DUET_LOGGED_WHY, .text = "quote \" back \\ bell \a" },
                      { DUET_LOGGED_STATUS, .number = -1 }, { DUET_LOGGED_MS, .number = INT64_MAX },
                      { DUET_LOGGED_AGAIN, .number = 0 }, { DUET_LOGGED_REQUEST, .text = "" }));
    json_t *line = json_loads(f.text, 0, NULL);
    json_t *expected =
        json_pack("{s:s, s:s, s:s, s:s, s:i, s:I, s:b}", "time", "2026-03-01T12:00:00.5Z", "level",
                  "warning", "event", "x", "why", "quote \" back \\ bell \a", "status", -1, "ms",
                  (json_int_t)INT64_MAX, "again", 0);
    assert_true(json_equal(line, expected));
    json_decref(expected);
    json_decref(line);
    close_log(&f);
}

/* A log that is searched by key: each once, in the form that needs no quotes anywhere. */
static void each_key_is_a_word_and_there_once(void **state)
{
    (void)state;
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    static const char *const taken[] = { "time", "level", "event" };
    for (int i = 0; i < DUET_LOG_KEYS; i++) {
        const char *name = duet_log_key_name((enum duet_log_key)i);
        assert_true(*name && strspn(name, letters) == strlen(name));
        for (size_t k = 0; k < sizeof taken / sizeof taken[0]; k++)
            assert_string_not_equal(name, taken[k]);
        for (int other = 0; other < i; other++)
            assert_string_not_equal(name, duet_log_key_name((enum duet_log_key)other));
    }
}

static void secrets_are_struck_out_in_every_form(void **state)
{
    (void)state;
    struct fixture f;
    open_log(&f, DUET_LOG_TEXT);
    struct duet_secrets *secrets = duet_log_secrets(f.log);
    duet_secrets_add(secrets, "can\"ary/1");
    duet_secrets_add(secrets, "can\"ary/1-longer");
    duet_secrets_add(secrets, "abc"); /* too short to be told from words */
    duet_log_line(f.log, DUET_LOG_INFO, "e can\"ary/1",
                  DUET_LOG_FIELDS({ DUET_LOGGED_WHY, .text = "<can\"ary/1>" },
                                  { DUET_LOGGED_URL, .text = "k=can%22ary%2F1&x" },
                                  { DUET_LOGGED_KEY, .text = "can\\\"ary/1" },
                                  { DUET_LOGGED_PATH, .text = "can\"ary/1-longer.can\"ary/1" },
                                  { DUET_LOGGED_SIDE, .text = "abc" }));
    assert_null(strstr(f.text, "ary"));
    assert_non_null(
        strstr(f.text, "event=\"e ***\" why=<***> url=\"k=***&x\" key=*** path=***.*** side=abc"));
    close_log(&f);
}

static void a_secret_is_kept_as_often_as_it_was_added(void **state)
{
    (void)state;
    struct duet_arena *arena = duet_arena_new();
    struct duet_secrets *secrets = duet_secrets_new();
    duet_secrets_add(secrets, "canary");
    duet_secrets_add(secrets, "canary");
    duet_secrets_forget(secrets, "canary");
    assert_string_equal(duet_secrets_strike(secrets, "a canary", arena), "a ***");
    duet_secrets_forget(secrets, "canary");
    assert_string_equal(duet_secrets_strike(secrets, "a canary", arena), "a canary");
    duet_secrets_free(secrets);
    duet_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_has_keys_and_values),
        cmocka_unit_test(a_text_that_is_not_there_leaves_its_key_out),
        cmocka_unit_test(json_lines_are_json),
        cmocka_unit_test(each_key_is_a_word_and_there_once),
        cmocka_unit_test(secrets_are_struck_out_in_every_form),
        cmocka_unit_test(a_secret_is_kept_as_often_as_it_was_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
