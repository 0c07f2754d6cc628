/* Tests of engine/world/net_curl.c against real sockets: nothing is sent twice, nowhere else, and nothing without end is taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/world/memory.h"
#include "engine/world/net_curl.h"
#include "tests/support/raw_server.h"

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-One: a\r\nx-two:b \r\n\r\nhi"

struct fixture {
    struct duet_clock_sim clock;
    struct duet_loop *loop;
    struct duet_net_curl *curl;
    struct raw_server server;
    enum duet_net_failure failure;
    int status, told;
    char body[256], error[256], header[256];
};

static void done(void *data, const struct duet_net_answer *answer)
{
    struct fixture *f = data;
    const char *header = duet_net_header(answer, "X-Two");
    f->told++;
    f->failure = answer->failure;
    f->status = answer->status;
    snprintf(f->body, sizeof f->body, "%s", answer->body);
    snprintf(f->error, sizeof f->error, "%s", answer->error);
    snprintf(f->header, sizeof f->header, "%s", header ? header : "");
}

static void open_net(struct fixture *f, const struct raw_answer *answers, size_t count)
{
    memset(f, 0, sizeof *f);
    duet_clock_sim_init(&f->clock, 0);
    f->loop = duet_loop_new(&f->clock.clock);
    f->curl = duet_net_curl_new(&(struct duet_net_curl_options){ .loop = f->loop });
    assert_non_null(f->curl);
    raw_server_open(&f->server, f->loop, answers, count);
}

static void close_net(struct fixture *f)
{
    duet_net_curl_free(f->curl);
    raw_server_close(&f->server);
    duet_loop_free(f->loop);
}

static struct duet_net_request request_of(const char *method, const char *url, const char *body)
{
    return (struct duet_net_request){ .method = method,
                                      .url = url,
                                      .body = body,
                                      .body_length = body ? strlen(body) : 0,
                                      .deadline_ms = 20000,
                                      .max_bytes = 100000,
                                      .owner = "test",
                                      .side = "left" };
}

static void exchange(struct fixture *f, const struct duet_net_request *request)
{
    struct duet_net *net = duet_net_curl_net(f->curl);
    f->told = 0;
    net->submit(net, request, done, f);
    assert_int_equal(f->told, 0);
    duet_loop_run(f->loop);
    assert_int_equal(f->told, 1);
}

static void ask(struct fixture *f, const char *method, const char *path, const char *body)
{
    char url[512];
    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", f->server.port, path);
    struct duet_net_request request = request_of(method, url, body);
    exchange(f, &request);
}

static void an_exchange_goes_out_as_it_is(void **state)
{
    (void)state;
    const struct raw_answer answers[] = { { .bytes = OK } };
    const struct duet_net_header headers[] = { { "Content-Type", "application/json" },
                                               { "X-Empty", "" } };
    struct fixture f;
    char url[128];
    open_net(&f, answers, 1);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/a/./b/../c%%2Fd?$x=e==&y=%%20", f.server.port);
    struct duet_net_request request = request_of("PUT", url, "{\"a\":1}");
    request.headers = headers;
    request.header_count = 2;
    exchange(&f, &request);
    assert_int_equal(f.failure, DUET_NET_OK);
    assert_int_equal(f.status, 200);
    assert_string_equal(f.body, "hi");
    assert_string_equal(f.header, "b");
    const char *sent = f.server.requests[0];
    assert_ptr_equal(strstr(sent, "PUT /a/./b/../c%2Fd?$x=e==&y=%20 HTTP/1.1\r\n"), sent);
    assert_non_null(strstr(sent, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(sent, "Content-Length: 7\r\n"));
    assert_null(strstr(sent, "Expect"));
    assert_non_null(strstr(sent, "\r\n\r\n{\"a\":1}"));
    close_net(&f);
}

static void connections_are_kept(void **state)
{
    (void)state;
    const struct raw_answer answers[] = { { .bytes = OK } };
    struct fixture f;
    open_net(&f, answers, 1);
    for (int i = 0; i < 3; i++)
        ask(&f, i == 1 ? "POST" : "GET", "/", i == 1 ? "{}" : NULL);
    assert_int_equal(f.server.request_count, 3);
    assert_int_equal(f.server.accepted, 1);
    close_net(&f);
}

static void a_change_is_not_sent_twice_over_a_dead_connection(void **state)
{
    (void)state;
    static const char *const methods[] = { "POST", "PUT", "PATCH" };
    const struct raw_answer answers[] = { { .bytes = OK }, { .cuts = true } };
    for (size_t i = 0; i < 3; i++) {
        struct fixture f;
        open_net(&f, answers, 2);
        ask(&f, "GET", "/", NULL);
        ask(&f, methods[i], "/", "{\"note\":1}");
        assert_int_equal(f.failure, DUET_NET_LOST);
        assert_int_equal(f.server.request_count, 2);
        close_net(&f);
    }
}

static void a_change_without_a_body_is_not_sent_twice_either(void **state)
{
    (void)state;
    const struct raw_answer answers[] = { { .bytes = OK }, { .cuts = true } };
    struct fixture f;
    open_net(&f, answers, 2);
    ask(&f, "GET", "/", NULL);
    ask(&f, "DELETE", "/", NULL);
    assert_int_equal(f.failure, DUET_NET_LOST);
    assert_int_equal(f.server.request_count, 2);
    close_net(&f);
}

static void an_answer_cut_short_is_lost(void **state)
{
    (void)state;
    const struct raw_answer answers[] = {
        { .bytes = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", .cuts = true }
    };
    struct fixture f;
    open_net(&f, answers, 1);
    ask(&f, "POST", "/", "{}");
    assert_int_equal(f.failure, DUET_NET_LOST);
    close_net(&f);
}

static void redirects_are_not_followed(void **state)
{
    (void)state;
    const struct raw_answer answers[] = {
        { .bytes = "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n" }
    };
    struct fixture f;
    open_net(&f, answers, 1);
    ask(&f, "GET", "/", NULL);
    assert_int_equal(f.status, 302);
    assert_int_equal(f.server.request_count, 1);
    close_net(&f);
}

static void a_flood_is_too_large(void **state)
{
    (void)state;
    char *flood = duet_new(300001);
    int head = snprintf(flood, 100, "HTTP/1.1 200 OK\r\n\r\n");
    memset(flood + head, 'x', (size_t)(300000 - head));
    char *headers = duet_new(100001);
    size_t at = (size_t)snprintf(headers, 100, "HTTP/1.1 200 OK\r\n");
    while (at < 90000)
        at +=
            (size_t)snprintf(headers + at, 100, "X-H%zu: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", at);
    const struct raw_answer answers[] = { { .bytes = flood, .length = 300000, .cuts = true },
                                          { .bytes = headers, .length = at, .cuts = true } };
    struct fixture f;
    open_net(&f, answers, 2);
    ask(&f, "GET", "/", NULL);
    assert_int_equal(f.failure, DUET_NET_TOO_LARGE);
    ask(&f, "GET", "/", NULL);
    assert_int_equal(f.failure, DUET_NET_TOO_LARGE);
    close_net(&f);
    free(flood);
    free(headers);
}

/* 1,000,000 zeros, packed: gzip -9 */
static const unsigned char bomb_head[] = { 0x1f, 0x8b, 8,    0,    0,    0,    0, 0, 2,
                                           3,    0xed, 0xc1, 1,    1,    0,    0, 0, 0x82,
                                           0x20, 0xff, 0xaf, 0x6e, 0x48, 0x40, 1 };

static void a_packed_flood_is_too_large(void **state)
{
    (void)state;
    char bomb[1200];
    int head = snprintf(bomb, sizeof bomb, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n");
    memcpy(bomb + head, bomb_head, sizeof bomb_head);
    memset(bomb + head + sizeof bomb_head, 0, 950);
    const struct raw_answer answers[] = {
        { .bytes = bomb, .length = (size_t)head + sizeof bomb_head + 950, .cuts = true }
    };
    struct fixture f;
    open_net(&f, answers, 1);
    ask(&f, "GET", "/", NULL);
    assert_int_equal(f.failure, DUET_NET_TOO_LARGE);
    close_net(&f);
}

static void a_server_that_says_nothing_is_left_at_the_deadline(void **state)
{
    (void)state;
    const struct raw_answer answers[] = { { .bytes = NULL } };
    struct fixture f;
    char url[64];
    open_net(&f, answers, 1);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", f.server.port);
    struct duet_net_request request = request_of("POST", url, "{}");
    request.deadline_ms = 50;
    exchange(&f, &request);
    assert_int_equal(f.failure, DUET_NET_LOST);
    assert_int_equal(f.server.request_count, 1);
    close_net(&f);
}

static void what_cannot_be_reached_was_not_sent(void **state)
{
    (void)state;
    const struct raw_answer answers[] = { { .bytes = OK } };
    struct fixture f;
    open_net(&f, answers, 1);
    close(f.server.fd);
    duet_loop_unwatch(f.loop, f.server.watch);
    f.server.watch = NULL;
    f.server.fd = -1;
    ask(&f, "POST", "/", "{}");
    assert_int_equal(f.failure, DUET_NET_UNREACHABLE);
    close_net(&f);
}

static void some_addresses_are_not_asked(void **state)
{
    (void)state;
    static const char *const urls[] = { "http://example.com/",
                                        "http://127.0.0.1.example.com/",
                                        "ftp://127.0.0.1/",
                                        "file:///etc/passwd",
                                        "http://me@127.0.0.1/",
                                        "http://127.0.0.1/a b",
                                        "http://localhost.evil.test/",
                                        "gopher://x/" };
    struct fixture f;
    const struct raw_answer answers[] = { { .bytes = OK } };
    open_net(&f, answers, 1);
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct duet_net_request request = request_of("GET", urls[i], NULL);
        exchange(&f, &request);
        assert_int_equal(f.failure, DUET_NET_UNREACHABLE);
        assert_int_equal(strncmp(f.error, "the address", 11), 0);
    }
    close_net(&f);
}

static void a_proxy_in_the_environment_is_not_asked(void **state)
{
    (void)state;
    const struct raw_answer answers[] = { { .bytes = OK } };
    struct fixture f;
    setenv("http_proxy", "http://127.0.0.1:1/", 1);
    open_net(&f, answers, 1);
    ask(&f, "GET", "/", NULL);
    unsetenv("http_proxy");
    assert_int_equal(f.failure, DUET_NET_OK);
    close_net(&f);
}

static void what_is_cancelled_is_not_told(void **state)
{
    (void)state;
    const struct raw_answer answers[] = { { .bytes = OK } };
    struct fixture f;
    char url[64];
    open_net(&f, answers, 1);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", f.server.port);
    struct duet_net *net = duet_net_curl_net(f.curl);
    struct duet_net_request request = request_of("GET", url, NULL);
    struct duet_net_request bad = request_of("GET", "ftp://x/", NULL);
    struct duet_net_exchange *first = net->submit(net, &request, done, &f);
    struct duet_net_exchange *second = net->submit(net, &bad, done, &f);
    net->submit(net, &request, done, &f); /* ended by freeing */
    net->cancel(net, first);
    net->cancel(net, second);
    duet_net_curl_free(f.curl);
    f.curl = NULL;
    duet_loop_run(f.loop);
    assert_int_equal(f.told, 0);
    close_net(&f);
}

static void loopback_is_told_by_its_numbers(void **state)
{
    (void)state;
    static const char *const own[] = { "localhost",   "LOCALHOST", "127.0.0.1",
                                       "127.255.0.9", "[::1]",     "::1" };
    static const char *const others[] = { "",
                                          "127.0.0.1.example.com",
                                          "127.0.0",
                                          "127.0.0.256",
                                          "128.0.0.1",
                                          "10.0.0.1",
                                          "127.0.0.1.",
                                          "0x7f.0.0.1",
                                          "localhost.example.com",
                                          "[::2]",
                                          "127.0.0.1.5",
                                          "1270.0.0.1" };
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        assert_true(duet_net_is_loopback(own[i], strlen(own[i])));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(duet_net_is_loopback(others[i], strlen(others[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_exchange_goes_out_as_it_is),
        cmocka_unit_test(connections_are_kept),
        cmocka_unit_test(a_change_is_not_sent_twice_over_a_dead_connection),
        cmocka_unit_test(a_change_without_a_body_is_not_sent_twice_either),
        cmocka_unit_test(an_answer_cut_short_is_lost),
        cmocka_unit_test(redirects_are_not_followed),
        cmocka_unit_test(a_flood_is_too_large),
        cmocka_unit_test(a_packed_flood_is_too_large),
        cmocka_unit_test(a_server_that_says_nothing_is_left_at_the_deadline),
        cmocka_unit_test(what_cannot_be_reached_was_not_sent),
        cmocka_unit_test(some_addresses_are_not_asked),
        cmocka_unit_test(a_proxy_in_the_environment_is_not_asked),
        cmocka_unit_test(what_is_cancelled_is_not_told),
        cmocka_unit_test(loopback_is_told_by_its_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
