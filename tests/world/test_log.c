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

static void a_line_has_names_and_values(void **state)
{
    (void)state;
    const char *none = NULL;
    struct fixture f;
    open_log(&f, DUET_LOG_TEXT);
    duet_log_line(f.log, DUET_LOG_INFO, "incident written", "tenant", "acme", "text",
                  "a \"b\"\nlevel=error", "none", none, DUET_LOG_END);
    duet_log_line(f.log, DUET_LOG_DEBUG, "too fine", DUET_LOG_END);
    assert_string_equal(
        f.text, "time=2026-03-01T12:00:00.5Z level=info event=\"incident written\" tenant=acme "
                "text=\"a \\\"b\\\"\\nlevel=error\"\n");
    close_log(&f);
}

static void json_lines_are_json(void **state)
{
    (void)state;
    struct fixture f;
    open_log(&f, DUET_LOG_JSON);
    duet_log_line(f.log, DUET_LOG_WARNING, "x", "text", "quote \" back \\ bell \a", DUET_LOG_END);
    json_t *line = json_loads(f.text, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(line, "text")),
                        "quote \" back \\ bell \a");
    assert_string_equal(json_string_value(json_object_get(line, "level")), "warning");
    json_decref(line);
    close_log(&f);
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
    duet_log_line(f.log, DUET_LOG_INFO, "e", "raw", "<can\"ary/1>", "url", "k=can%22ary%2F1&x",
                  "json", "can\\\"ary/1", "two", "can\"ary/1-longer.can\"ary/1", "short", "abc",
                  DUET_LOG_END);
    assert_null(strstr(f.text, "ary"));
    assert_non_null(strstr(f.text, "raw=<***> url=\"k=***&x\" json=*** two=***.*** short=abc"));
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
        cmocka_unit_test(a_line_has_names_and_values),
        cmocka_unit_test(json_lines_are_json),
        cmocka_unit_test(secrets_are_struck_out_in_every_form),
        cmocka_unit_test(a_secret_is_kept_as_often_as_it_was_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
