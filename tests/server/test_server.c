/* The webhook intake over real sockets, client and server on one loop: what is kept and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/server_stage.h"

/* --- what stands in the journal ------------------------------------------------------------------------ */

static const struct duet_owner acme = { DUET_OWNER_TENANT, "acme", 0 };
static const struct duet_owner hub = { DUET_OWNER_HUB, "shared", 0 };

static size_t hints_of(struct server_stage *stage, const struct duet_owner *owner, const char *side,
                       struct duet_hint **hints_out)
{
    const struct duet_source source = { owner, side };
    size_t count = 0;
    assert_int_equal(
        duet_journal_hints(stage->journal, &source, 0, 100, stage->arena, hints_out, &count),
        DUET_OK);
    return count;
}

static size_t signals_of(struct server_stage *stage, const struct duet_owner *owner,
                         struct duet_signal **signals_out)
{
    size_t count = 0;
    assert_int_equal(
        duet_journal_signals(stage->journal, owner, 0, 100, stage->arena, signals_out, &count),
        DUET_OK);
    return count;
}

/* --- what is taken ---------------------------------------------------------------------------------------------- */

static void a_hint_is_kept_before_it_is_accepted(void **state)
{
    struct server_stage *stage = *state;
    struct duet_hint *hints = NULL;
    char answer[4096];
    char *text = server_request(stage, "/hooks/acme/soar", "right-key", HINT);
    assert_int_equal(server_exchange(stage, text, answer), 202);
    assert_non_null(strstr(answer, "{\"accepted\":\"hint\"}"));
    assert_int_equal(hints_of(stage, &acme, "soar", &hints), 1);
    assert_string_equal(hints[0].key, "20260101-1");
    assert_int_equal(hints[0].when, WALL);
    assert_int_equal(stage->woken, 1);
    assert_ptr_equal(stage->woken_by, &stage->hooks[TENANT]);
    assert_int_equal(stage->kept_when_woken, 1);
}

static void a_signal_is_kept_with_name_and_data(void **state)
{
    struct server_stage *stage = *state;
    struct duet_signal *signals = NULL;
    assert_int_equal(server_post(stage, "/hooks/acme/soar", "right-key", SIGNAL), 202);
    assert_int_equal(signals_of(stage, &acme, &signals), 1);
    assert_string_equal(signals[0].side, "soar");
    assert_string_equal(signals[0].key, "20260101-1");
    assert_string_equal(signals[0].name, "resync");
    assert_string_equal(signals[0].data, "{\"name\":\"resync\"}");
    assert_int_equal(signals[0].when, WALL);
    assert_int_equal(stage->kept_when_woken, 1);
}

static void a_hubs_side_has_no_name_in_the_journal(void **state)
{
    struct server_stage *stage = *state;
    struct duet_signal *signals = NULL;
    struct duet_hint *hints = NULL;
    assert_int_equal(server_post(stage, "/hooks/shared/soar", "hub-key", HINT), 202);
    assert_int_equal(server_post(stage, "/hooks/shared/soar", "hub-key", SIGNAL), 202);
    assert_int_equal(hints_of(stage, &hub, "", &hints), 1);
    assert_int_equal(signals_of(stage, &hub, &signals), 1);
    assert_string_equal(signals[0].side, "");
    assert_ptr_equal(stage->woken_by, &stage->hooks[HUB]);
}

static void a_hint_posted_twice_stands_once_and_a_signal_twice(void **state)
{
    struct server_stage *stage = *state;
    struct duet_hint *hints = NULL;
    struct duet_signal *signals = NULL;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(server_post(stage, "/hooks/acme/soar", "right-key", HINT), 202);
        assert_int_equal(server_post(stage, "/hooks/acme/soar", "right-key", SIGNAL), 202);
    }
    assert_int_equal(hints_of(stage, &acme, "soar", &hints), 1);
    assert_int_equal(signals_of(stage, &acme, &signals), 2);
}

static void a_name_may_be_anything_that_a_url_can_say(void **state)
{
    struct server_stage *stage = *state;
    assert_int_equal(server_post(stage, "/hooks/a%20b%2F%c3%A4/soar", "right-key", HINT), 202);
    assert_ptr_equal(stage->woken_by, &stage->hooks[ODD]);
}

static void a_body_may_come_in_chunks_and_a_query_is_not_looked_at(void **state)
{
    struct server_stage *stage = *state;
    char answer[4096];
    assert_int_equal(
        server_exchange(stage,
                        "POST /hooks/acme/soar?x=1 HTTP/1.1\r\nHost: a\r\nX-Api-Key: right-key\r\n"
                        "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "12\r\n{\"incidentNumber\":\r\n4\r\n\"1\"}\r\n0\r\n\r\n",
                        answer),
        202);
    assert_int_equal(stage->woken, 1);
}

/* --- who is refused --------------------------------------------------------------------------------------------- */

static void only_the_right_key_is_taken(void **state)
{
    static const char *const wrong[] = { NULL,           "",        "right-ke",      "right-key2",
                                         "Right-key",    "hub-key", "right-key\xff", "right-key,",
                                         "\"right-key\"" };
    struct server_stage *stage = *state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(server_post(stage, "/hooks/acme/soar", wrong[i], HINT), 401);
    server_expect_nothing_kept(stage);
}

static void a_side_without_a_key_takes_nothing(void **state)
{
    struct server_stage *stage = *state;
    assert_int_equal(server_post(stage, "/hooks/keyless/soar", "", HINT), 401);
    assert_int_equal(server_post(stage, "/hooks/keyless/soar", NULL, HINT), 401);
    assert_int_equal(server_post(stage, "/hooks/keyless/soar", "right-key", HINT), 401);
    server_expect_nothing_kept(stage);
}

static void who_takes_no_hooks_is_not_told_from_a_wrong_key(void **state)
{
    struct server_stage *stage = *state;
    char known[4096];
    char unknown[4096];
    server_exchange(stage, server_request(stage, "/hooks/acme/soar", "wrong", HINT), known);
    server_exchange(stage, server_request(stage, "/hooks/nobody/soar", "wrong", HINT), unknown);
    assert_string_equal(strstr(known, "\r\n\r\n"), strstr(unknown, "\r\n\r\n"));
    assert_int_equal(server_post(stage, "/hooks/nobody/soar", "right-key", HINT), 401);
    assert_int_equal(server_post(stage, "/hooks/acme/sentinel", "right-key", HINT), 401);
    assert_int_equal(server_post(stage, "/hooks/acme/soar/more", "right-key", HINT), 401);
    server_expect_nothing_kept(stage);
}

static void other_paths_and_methods_are_told(void **state)
{
    static const char *const paths[] = { "/",
                                         "/hooks",
                                         "/hooks/",
                                         "/hooks/acme",
                                         "/hooks/acme/",
                                         "/hooks//soar",
                                         "/Hooks/acme/soar",
                                         "/x/hooks/acme/soar" };
    struct server_stage *stage = *state;
    char answer[4096];
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_int_equal(server_post(stage, paths[i], "right-key", HINT), 404);
    assert_int_equal(server_exchange(stage,
                                     "GET /hooks/acme/soar HTTP/1.1\r\nHost: a\r\n"
                                     "X-Api-Key: right-key\r\n\r\n",
                                     answer),
                     405);
    assert_non_null(strstr(answer, "Allow: POST\r\n"));
    assert_int_equal(
        server_exchange(stage,
                        "PUT /hooks/acme/soar HTTP/1.1\r\nHost: a\r\nX-Api-Key: right-key\r\n"
                        "Content-Length: 2\r\n\r\n{}",
                        answer),
        405);
    server_expect_nothing_kept(stage);
}

static void a_body_that_cannot_be_used_is_answered_with_the_reason(void **state)
{
    struct server_stage *stage = *state;
    char answer[4096];
    assert_int_equal(server_exchange(stage,
                                     server_request(stage, "/hooks/acme/soar", "right-key", "{}"),
                                     answer),
                     400);
    assert_non_null(
        strstr(answer, "{\"error\":\"'incidentNumber', the record's key, is missing\"}"));
    assert_int_equal(server_post(stage, "/hooks/acme/soar", "right-key", ""), 400);
    assert_int_equal(server_post(stage, "/hooks/acme/soar", "right-key", "incidentNumber=1"), 400);
    server_expect_nothing_kept(stage);
}

static void garbage_is_no_request(void **state)
{
    static const char *const texts[] = {
        "\r\n\r\n\r\n\r\n",
        "HELLO\r\n\r\n",
        "POST /hooks/acme/soar HTTP/1.1\r\nContent-Length: -1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "POST /hooks/acme/soar HTTP/1.1\r\nX-Api-Key: right-key\r\nContent-Length: 2\r\n\r\n{}",
        "\x16\x03\x01\x02\x01\x01\xfc\x03\x03\r\n\r\n",
    };
    struct server_stage *stage = *state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct post_client client;
        server_connect(stage, &client);
        server_say(&client, texts[i]);
        post_client_settle(&client);
        post_client_close(&client);
    }
    server_expect_nothing_kept(stage);
    assert_int_equal(server_post(stage, "/hooks/acme/soar", "right-key", HINT), 202);
}

/* --- failing ------------------------------------------------------------------------------------------------------- */

static void nothing_is_accepted_when_the_journal_fails(void **state)
{
    struct server_stage *stage = *state;
    const struct duet_source source = { &acme, "soar" };
    char answer[4096];
    /* A transaction that a failed write has spoilt: every write in it fails. */
    assert_int_equal(duet_journal_begin(stage->journal), DUET_OK);
    assert_int_not_equal(duet_journal_take(stage->journal, &source, "none", 1), DUET_OK);
    for (int i = 0; i < 2; i++) {
        char *text = server_request(stage, "/hooks/acme/soar", "right-key", i == 0 ? HINT : SIGNAL);
        assert_int_equal(server_exchange(stage, text, answer), 503);
        assert_non_null(strstr(answer, "Retry-After: "));
    }
    duet_journal_rollback(stage->journal);
    server_expect_nothing_kept(stage);
    assert_int_equal(server_post(stage, "/hooks/acme/soar", "right-key", HINT), 202);
}

static void freeing_the_server_cuts_what_is_under_way(void **state)
{
    struct server_stage *stage = *state;
    struct post_client idle;
    struct post_client half;
    const char *text = server_request(stage, "/hooks/acme/soar", "right-key", HINT);
    server_connect(stage, &idle);
    server_connect(stage, &half);
    post_client_send(&half, text, strlen(text) - 1);
    post_client_settle(&half);
    post_client_settle(&idle);
    duet_server_free(stage->server);
    stage->server = NULL;
    assert_int_equal(post_client_wait(&idle), 0);
    assert_int_equal(post_client_wait(&half), 0);
    post_client_close(&idle);
    post_client_close(&half);
    server_expect_nothing_kept(stage);
    assert_false(duet_loop_turn(stage->loop, false)); /* no timer and no hold is left */
}

static void refusals_are_logged_once_a_minute_and_no_key_ever(void **state)
{
    struct server_stage *stage = *state;
    for (int i = 0; i < 5; i++)
        server_post(stage, "/hooks/nobody/soar", "guessed-key", HINT);
    server_post(stage, "/hooks/acme/soar", "right-key", HINT);
    stage->clock.monotonic_ms += 60000;
    server_post(stage, "/hooks/nobody/soar", "guessed-key", HINT);
    fflush(stage->log_stream);
    const char *first = strstr(stage->log_text, "hook refused");
    assert_non_null(first);
    assert_non_null(strstr(first, "path=/hooks/nobody/soar status=401"));
    assert_non_null(strstr(first, "refused=1"));
    const char *second = strstr(first + 1, "hook refused");
    assert_non_null(second);
    assert_non_null(strstr(second, "refused=5"));
    assert_null(strstr(second + 1, "hook refused"));
    assert_null(strstr(stage->log_text, "guessed-key"));
    assert_null(strstr(stage->log_text, "right-key"));
}

/* --- starting ------------------------------------------------------------------------------------------------------ */

static enum duet_status start_with(struct server_stage *stage, const struct duet_hook *hooks,
                                   size_t count, struct duet_error *error)
{
    struct duet_server *server = NULL;
    struct duet_server_options options = server_stage_options(stage);
    options.hooks = hooks;
    options.hook_count = count;
    enum duet_status status = duet_server_new(&options, &server, error);
    duet_server_free(server);
    return status;
}

static void equal_hooks_are_one_and_different_ones_refused(void **state)
{
    struct server_stage *stage = *state;
    struct duet_error error = { "" };
    struct duet_hook hooks[2] = { stage->hooks[HUB], stage->hooks[HUB] };
    assert_int_equal(start_with(stage, hooks, 2, &error), DUET_OK);
    hooks[1].secret = "another";
    assert_int_equal(start_with(stage, hooks, 2, &error), DUET_INVALID);
    assert_string_equal(error.text,
                        "'/hooks/shared/soar' would be the address of two different hooks");
    hooks[1].secret = hooks[0].secret;
    hooks[1].kind = DUET_OWNER_TENANT;
    assert_int_equal(start_with(stage, hooks, 2, &error), DUET_INVALID);
    assert_int_equal(start_with(stage, NULL, 0, &error), DUET_OK);
}

static void a_server_that_cannot_listen_says_why(void **state)
{
    struct server_stage *stage = *state;
    struct duet_error error = { "" };
    struct duet_server *server = NULL;
    struct duet_server_options options = server_stage_options(stage);
    options.listen = "nonsense";
    assert_int_equal(duet_server_new(&options, &server, &error), DUET_INVALID);
    assert_null(server);
    assert_non_null(strstr(error.text, "can't listen on 'nonsense'"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, server_stage_start, server_stage_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_hint_is_kept_before_it_is_accepted),
        TEST(a_signal_is_kept_with_name_and_data),
        TEST(a_hubs_side_has_no_name_in_the_journal),
        TEST(a_hint_posted_twice_stands_once_and_a_signal_twice),
        TEST(a_name_may_be_anything_that_a_url_can_say),
        TEST(a_body_may_come_in_chunks_and_a_query_is_not_looked_at),
        TEST(only_the_right_key_is_taken),
        TEST(a_side_without_a_key_takes_nothing),
        TEST(who_takes_no_hooks_is_not_told_from_a_wrong_key),
        TEST(other_paths_and_methods_are_told),
        TEST(a_body_that_cannot_be_used_is_answered_with_the_reason),
        TEST(garbage_is_no_request),
        TEST(nothing_is_accepted_when_the_journal_fails),
        TEST(freeing_the_server_cuts_what_is_under_way),
        TEST(refusals_are_logged_once_a_minute_and_no_key_ever),
        TEST(equal_hooks_are_one_and_different_ones_refused),
        TEST(a_server_that_cannot_listen_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
