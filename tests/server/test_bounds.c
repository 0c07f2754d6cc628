/* The webhook intake over real sockets: sizes, times and connections are bounded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/server_stage.h"

/* A usable body of exactly `size` bytes. */
static char *sized_body(struct server_stage *stage, size_t size)
{
    static const char start[] = "{\"incidentNumber\":\"1\",\"x\":\"";
    char *body = duet_arena_alloc(stage->arena, size + 1);
    memset(body, 'x', size);
    memcpy(body, start, sizeof start - 1);
    body[size - 2] = '"';
    body[size - 1] = '}';
    return body;
}

static void a_body_is_bounded(void **state)
{
    struct server_stage *stage = *state;
    char *most = sized_body(stage, DUET_SERVER_MAX_BODY);
    char *more = sized_body(stage, DUET_SERVER_MAX_BODY + 1);
    char *too_many = sized_body(stage, 2U << 20);
    assert_int_equal(server_post(stage, "/hooks/acme/soar", "right-key", more), 413);
    assert_int_equal(server_post(stage, "/hooks/acme/soar", "wrong-key", more), 401);
    struct post_client client;
    server_connect(stage, &client);
    char *text = server_request(stage, "/hooks/acme/soar", "right-key", too_many);
    post_client_send(&client, text, strlen(text));
    post_client_wait(&client);
    assert_null(strstr(client.answer, "202 Accepted"));
    post_client_close(&client);
    server_expect_nothing_kept(stage);
    assert_int_equal(server_post(stage, "/hooks/acme/soar", "right-key", most), 202);
}

static char *chunked(struct server_stage *stage, size_t size)
{
    return duet_arena_format(stage->arena,
                             "POST /hooks/acme/soar HTTP/1.1\r\nHost: a\r\nX-Api-Key: right-key\r\n"
                             "Transfer-Encoding: chunked\r\n\r\n%zx\r\n%s\r\n0\r\n\r\n",
                             size, sized_body(stage, size));
}

static void a_body_in_chunks_is_bounded_too(void **state)
{
    struct server_stage *stage = *state;
    char answer[4096];
    assert_int_equal(server_exchange(stage, chunked(stage, DUET_SERVER_MAX_BODY + 1), answer), 413);
    assert_int_equal(server_exchange(stage, chunked(stage, 2U << 20), answer), 0);
    server_expect_nothing_kept(stage);
    assert_int_equal(server_exchange(stage, chunked(stage, DUET_SERVER_MAX_BODY), answer), 202);
}

static void a_head_is_bounded(void **state)
{
    struct server_stage *stage = *state;
    char *long_text = duet_arena_alloc(stage->arena, 100001);
    memset(long_text, 'k', 100000);
    char *text = duet_arena_format(
        stage->arena, "POST /hooks/acme/soar HTTP/1.1\r\nHost: a\r\nX-Long: %s\r\n\r\n", long_text);
    char answer[4096];
    int status = server_exchange(stage, text, answer);
    assert_true(status == 0 || status == 431 || status == 413);
    server_expect_nothing_kept(stage);
    assert_int_equal(server_post(stage, "/hooks/acme/soar", "right-key", HINT), 202);
}

static void who_waits_before_sending_learns_at_once(void **state)
{
    struct server_stage *stage = *state;
    struct post_client client;
    char answer[4096];
    assert_int_equal(
        server_exchange(stage,
                        "POST /hooks/acme/soar HTTP/1.1\r\nHost: a\r\nX-Api-Key: wrong\r\n"
                        "Content-Length: 10\r\nExpect: 100-continue\r\n\r\n",
                        answer),
        401);
    server_connect(stage, &client);
    server_say(&client, "POST /hooks/acme/soar HTTP/1.1\r\nHost: a\r\nX-Api-Key: right-key\r\n"
                        "Content-Length: 22\r\nExpect: 100-continue\r\n\r\n");
    post_client_expect(&client, "100 Continue");
    server_say(&client, "{\"incidentNumber\":\"1\"}");
    post_client_expect(&client, "202 Accepted");
    post_client_close(&client);
}

/* Lets the time of a connection pass. */
static void pass_time(struct server_stage *stage)
{
    stage->clock.monotonic_ms += DUET_SERVER_CONNECTION_MS;
}

static void a_slow_client_is_cut_and_keeps_nobody_waiting(void **state)
{
    struct server_stage *stage = *state;
    struct post_client slow;
    struct post_client slower;
    const char *text = server_request(stage, "/hooks/acme/soar", "right-key", HINT);
    server_connect(stage, &slow);
    server_connect(stage, &slower);
    for (size_t i = 0; i < strlen(text) - 1; i++) {
        post_client_send(&slow, text + i, 1); /* never silent for long */
        post_client_settle(&slow);
    }
    post_client_settle(&slower);
    assert_int_equal(server_post(stage, "/hooks/shared/soar", "hub-key", HINT), 202);
    assert_false(slow.is_closed);
    assert_false(slower.is_closed);
    pass_time(stage);
    assert_int_equal(post_client_wait(&slow), 0);
    assert_int_equal(post_client_wait(&slower), 0);
    assert_int_equal(stage->woken, 1);
    post_client_close(&slow);
    post_client_close(&slower);
}

static void connections_are_bounded_and_the_next_one_waits(void **state)
{
    struct server_stage *stage = *state;
    struct post_client clients[DUET_SERVER_MAX_CONNECTIONS];
    struct post_client last;
    for (size_t i = 0; i < DUET_SERVER_MAX_CONNECTIONS; i++) {
        server_connect(stage, &clients[i]);
        post_client_settle(&clients[i]);
    }
    server_connect(stage, &last);
    server_say(&last, server_request(stage, "/hooks/acme/soar", "right-key", HINT));
    post_client_settle(&last);
    assert_int_equal(stage->woken, 0);
    assert_false(last.is_closed);
    pass_time(stage);
    assert_int_equal(post_client_wait(&last), 202);
    post_client_close(&last);
    for (size_t i = 0; i < DUET_SERVER_MAX_CONNECTIONS; i++) {
        assert_int_equal(post_client_wait(&clients[i]), 0);
        post_client_close(&clients[i]);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, server_stage_start, server_stage_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_body_is_bounded),
        TEST(a_body_in_chunks_is_bounded_too),
        TEST(a_head_is_bounded),
        TEST(who_waits_before_sending_learns_at_once),
        TEST(a_slow_client_is_cut_and_keeps_nobody_waiting),
        TEST(connections_are_bounded_and_the_next_one_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
