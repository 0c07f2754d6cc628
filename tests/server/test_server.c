/* The webhook intake over real sockets, client and server on one loop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/compile.h"
#include "engine/server/server.h"
#include "tests/support/post_client.h"

#define WALL (INT64_C(1772366400) * INT64_C(10000000)) /* 2026-03-01T12:00:00Z */
#define HINT                                                                                       \
    "{\"trigger\":\"OnIncidentClose\",\"incidentNumber\":\"20260101-1\",\"triggerData\":{}}"
#define SIGNAL                                                                                     \
    "{\"trigger\":\"OnIncidentExternalAction\",\"incidentNumber\":\"20260101-1\","                 \
    "\"triggerData\":{\"name\":\"resync\"}}"

enum { TENANT, HUB, KEYLESS, BLOCKLESS, ODD, HOOKS };

struct fixture {
    struct duet_clock_sim clock;
    struct duet_loop *loop;
    struct duet_compilation *compilation;
    struct duet_journal *journal;
    char *log_text;
    size_t log_size;
    FILE *log_stream;
    struct duet_log *log;
    struct duet_hook hooks[HOOKS];
    struct duet_server *server;
    struct duet_arena *arena;
    size_t woken;
    const struct duet_hook *woken_by;
    size_t kept_when_woken; /* hints and signals that stood in the journal then */
};

/* --- what stands in the journal ------------------------------------------------------------------------ */

static const struct duet_owner acme = { DUET_OWNER_TENANT, "acme", 0 };
static const struct duet_owner hub = { DUET_OWNER_HUB, "shared", 0 };

static size_t hints_of(struct fixture *fixture, const struct duet_owner *owner, const char *side,
                       struct duet_hint **hints_out)
{
    const struct duet_source source = { owner, side };
    size_t count = 0;
    assert_int_equal(
        duet_journal_hints(fixture->journal, &source, 0, 100, fixture->arena, hints_out, &count),
        DUET_OK);
    return count;
}

static size_t signals_of(struct fixture *fixture, const struct duet_owner *owner,
                         struct duet_signal **signals_out)
{
    size_t count = 0;
    assert_int_equal(
        duet_journal_signals(fixture->journal, owner, 0, 100, fixture->arena, signals_out, &count),
        DUET_OK);
    return count;
}

static size_t all_kept(struct fixture *fixture)
{
    struct duet_journal_status status = { 0 };
    size_t count = 0;
    assert_int_equal(duet_journal_status(fixture->journal, fixture->arena, &status), DUET_OK);
    for (size_t i = 0; i < status.owner_count; i++)
        count += status.owners[i].signals;
    for (size_t i = 0; i < status.source_count; i++)
        count += status.sources[i].hints;
    return count;
}

static void woken(void *data, const struct duet_hook *hook)
{
    struct fixture *fixture = data;
    fixture->woken++;
    fixture->woken_by = hook;
    fixture->kept_when_woken = all_kept(fixture);
}

/* --- fixture ------------------------------------------------------------------------------------------------ */

static struct duet_server_options options_of(struct fixture *fixture)
{
    return (struct duet_server_options){ .loop = fixture->loop,
                                         .journal = fixture->journal,
                                         .clock = &fixture->clock.clock,
                                         .log = fixture->log,
                                         .listen = "127.0.0.1:0",
                                         .hooks = fixture->hooks,
                                         .hook_count = HOOKS,
                                         .woken = woken,
                                         .data = fixture };
}

static void fill_hooks(struct fixture *fixture)
{
    const struct duet_tables *tables = duet_compilation_tables(
        fixture->compilation, duet_compilation_mappings(fixture->compilation) - 1);
    assert_non_null(tables);
    const struct duet_hook hook = { DUET_OWNER_TENANT, "acme",     "soar", tables,
                                    DUET_RIGHT,        "right-key" };
    for (size_t i = 0; i < HOOKS; i++)
        fixture->hooks[i] = hook;
    fixture->hooks[HUB].kind = DUET_OWNER_HUB;
    fixture->hooks[HUB].owner = "shared";
    fixture->hooks[HUB].secret = "hub-key";
    fixture->hooks[KEYLESS].owner = "keyless";
    fixture->hooks[KEYLESS].secret = "";
    fixture->hooks[BLOCKLESS].side = "sentinel";
    fixture->hooks[BLOCKLESS].at = DUET_LEFT;
    fixture->hooks[ODD].owner = "a b/\xc3\xa4";
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct duet_error error = { "" };
    assert_non_null(fixture);
    duet_clock_sim_init(&fixture->clock, WALL);
    fixture->loop = duet_loop_new(&fixture->clock.clock);
    fixture->arena = duet_arena_new();
    fixture->log_stream = open_memstream(&fixture->log_text, &fixture->log_size);
    fixture->log =
        duet_log_new(fixture->log_stream, DUET_LOG_TEXT, DUET_LOG_DEBUG, &fixture->clock.clock);
    assert_int_equal(duet_compile_file("mappings/sentinel-smartsoar.duet", &fixture->compilation),
                     DUET_OK);
    assert_int_equal(duet_journal_open(":memory:", &fixture->journal, &error), DUET_OK);
    fill_hooks(fixture);
    const struct duet_server_options options = options_of(fixture);
    assert_int_equal(duet_server_new(&options, &fixture->server, &error), DUET_OK);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    duet_server_free(fixture->server);
    duet_journal_close(fixture->journal);
    duet_compilation_free(fixture->compilation);
    duet_log_free(fixture->log);
    fclose(fixture->log_stream);
    free(fixture->log_text);
    duet_arena_free(fixture->arena);
    duet_loop_free(fixture->loop);
    free(fixture);
    return 0;
}

/* --- posting -------------------------------------------------------------------------------------------------- */

static void open_client(struct fixture *fixture, struct post_client *client)
{
    post_client_open(client, fixture->loop, duet_server_port(fixture->server));
}

static void send_text(struct post_client *client, const char *text)
{
    post_client_send(client, text, strlen(text));
}

/* Sends the text as it stands; the answer is left in `answer`, which has 4096 bytes. */
static int exchange(struct fixture *fixture, const char *text, char *answer)
{
    struct post_client client;
    open_client(fixture, &client);
    send_text(&client, text);
    int status = post_client_wait(&client);
    memcpy(answer, client.answer, sizeof client.answer);
    post_client_close(&client);
    return status;
}

static char *request(struct fixture *fixture, const char *path, const char *key, const char *body)
{
    const char *header = key ? duet_arena_format(fixture->arena, "x-api-key: %s\r\n", key) : "";
    return duet_arena_format(
        fixture->arena, "POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %zu\r\n\r\n%s",
        path, header, strlen(body), body);
}

static int post(struct fixture *fixture, const char *path, const char *key, const char *body)
{
    char answer[4096];
    return exchange(fixture, request(fixture, path, key, body), answer);
}

static void assert_nothing_kept(struct fixture *fixture)
{
    assert_int_equal(all_kept(fixture), 0);
    assert_int_equal(fixture->woken, 0);
}

/* --- what is taken ---------------------------------------------------------------------------------------------- */

static void a_hint_is_kept_before_it_is_accepted(void **state)
{
    struct fixture *fixture = *state;
    struct duet_hint *hints = NULL;
    char answer[4096];
    char *text = request(fixture, "/hooks/acme/soar", "right-key", HINT);
    assert_int_equal(exchange(fixture, text, answer), 202);
    assert_non_null(strstr(answer, "{\"accepted\":\"hint\"}"));
    assert_int_equal(hints_of(fixture, &acme, "soar", &hints), 1);
    assert_string_equal(hints[0].key, "20260101-1");
    assert_int_equal(hints[0].when, WALL);
    assert_int_equal(fixture->woken, 1);
    assert_ptr_equal(fixture->woken_by, &fixture->hooks[TENANT]);
    assert_int_equal(fixture->kept_when_woken, 1);
}

static void a_signal_is_kept_with_name_and_data(void **state)
{
    struct fixture *fixture = *state;
    struct duet_signal *signals = NULL;
    assert_int_equal(post(fixture, "/hooks/acme/soar", "right-key", SIGNAL), 202);
    assert_int_equal(signals_of(fixture, &acme, &signals), 1);
    assert_string_equal(signals[0].side, "soar");
    assert_string_equal(signals[0].key, "20260101-1");
    assert_string_equal(signals[0].name, "resync");
    assert_string_equal(signals[0].data, "{\"name\":\"resync\"}");
    assert_int_equal(signals[0].when, WALL);
    assert_int_equal(fixture->kept_when_woken, 1);
}

static void a_hubs_side_has_no_name_in_the_journal(void **state)
{
    struct fixture *fixture = *state;
    struct duet_signal *signals = NULL;
    struct duet_hint *hints = NULL;
    assert_int_equal(post(fixture, "/hooks/shared/soar", "hub-key", HINT), 202);
    assert_int_equal(post(fixture, "/hooks/shared/soar", "hub-key", SIGNAL), 202);
    assert_int_equal(hints_of(fixture, &hub, "", &hints), 1);
    assert_int_equal(signals_of(fixture, &hub, &signals), 1);
    assert_string_equal(signals[0].side, "");
    assert_ptr_equal(fixture->woken_by, &fixture->hooks[HUB]);
}

static void a_hint_posted_twice_stands_once_and_a_signal_twice(void **state)
{
    struct fixture *fixture = *state;
    struct duet_hint *hints = NULL;
    struct duet_signal *signals = NULL;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(post(fixture, "/hooks/acme/soar", "right-key", HINT), 202);
        assert_int_equal(post(fixture, "/hooks/acme/soar", "right-key", SIGNAL), 202);
    }
    assert_int_equal(hints_of(fixture, &acme, "soar", &hints), 1);
    assert_int_equal(signals_of(fixture, &acme, &signals), 2);
}

static void a_name_may_be_anything_that_a_url_can_say(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(post(fixture, "/hooks/a%20b%2F%c3%A4/soar", "right-key", HINT), 202);
    assert_ptr_equal(fixture->woken_by, &fixture->hooks[ODD]);
}

static void a_body_may_come_in_chunks_and_a_query_is_not_looked_at(void **state)
{
    struct fixture *fixture = *state;
    char answer[4096];
    assert_int_equal(
        exchange(fixture,
                 "POST /hooks/acme/soar?x=1 HTTP/1.1\r\nHost: a\r\nX-Api-Key: right-key\r\n"
                 "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "12\r\n{\"incidentNumber\":\r\n4\r\n\"1\"}\r\n0\r\n\r\n",
                 answer),
        202);
    assert_int_equal(fixture->woken, 1);
}

/* --- who is refused --------------------------------------------------------------------------------------------- */

static void only_the_right_key_is_taken(void **state)
{
    static const char *const wrong[] = { NULL,           "",        "right-ke",      "right-key2",
                                         "Right-key",    "hub-key", "right-key\xff", "right-key,",
                                         "\"right-key\"" };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(post(fixture, "/hooks/acme/soar", wrong[i], HINT), 401);
    assert_nothing_kept(fixture);
}

static void a_side_without_a_key_takes_nothing(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(post(fixture, "/hooks/keyless/soar", "", HINT), 401);
    assert_int_equal(post(fixture, "/hooks/keyless/soar", NULL, HINT), 401);
    assert_int_equal(post(fixture, "/hooks/keyless/soar", "right-key", HINT), 401);
    assert_nothing_kept(fixture);
}

static void who_takes_no_hooks_is_not_told_from_a_wrong_key(void **state)
{
    struct fixture *fixture = *state;
    char known[4096];
    char unknown[4096];
    exchange(fixture, request(fixture, "/hooks/acme/soar", "wrong", HINT), known);
    exchange(fixture, request(fixture, "/hooks/nobody/soar", "wrong", HINT), unknown);
    assert_string_equal(strstr(known, "\r\n\r\n"), strstr(unknown, "\r\n\r\n"));
    assert_int_equal(post(fixture, "/hooks/nobody/soar", "right-key", HINT), 401);
    assert_int_equal(post(fixture, "/hooks/acme/sentinel", "right-key", HINT), 401);
    assert_int_equal(post(fixture, "/hooks/acme/soar/more", "right-key", HINT), 401);
    assert_nothing_kept(fixture);
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
    struct fixture *fixture = *state;
    char answer[4096];
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_int_equal(post(fixture, paths[i], "right-key", HINT), 404);
    assert_int_equal(exchange(fixture,
                              "GET /hooks/acme/soar HTTP/1.1\r\nHost: a\r\n"
                              "X-Api-Key: right-key\r\n\r\n",
                              answer),
                     405);
    assert_non_null(strstr(answer, "Allow: POST\r\n"));
    assert_int_equal(exchange(fixture,
                              "PUT /hooks/acme/soar HTTP/1.1\r\nHost: a\r\nX-Api-Key: right-key\r\n"
                              "Content-Length: 2\r\n\r\n{}",
                              answer),
                     405);
    assert_nothing_kept(fixture);
}

static void a_body_that_cannot_be_used_is_answered_with_the_reason(void **state)
{
    struct fixture *fixture = *state;
    char answer[4096];
    assert_int_equal(
        exchange(fixture, request(fixture, "/hooks/acme/soar", "right-key", "{}"), answer), 400);
    assert_non_null(
        strstr(answer, "{\"error\":\"'incidentNumber', the record's key, is missing\"}"));
    assert_int_equal(post(fixture, "/hooks/acme/soar", "right-key", ""), 400);
    assert_int_equal(post(fixture, "/hooks/acme/soar", "right-key", "incidentNumber=1"), 400);
    assert_nothing_kept(fixture);
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
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct post_client client;
        open_client(fixture, &client);
        send_text(&client, texts[i]);
        post_client_settle(&client);
        post_client_close(&client);
    }
    assert_nothing_kept(fixture);
    assert_int_equal(post(fixture, "/hooks/acme/soar", "right-key", HINT), 202);
}

/* --- bounds ------------------------------------------------------------------------------------------------------ */

/* A usable body of exactly `size` bytes. */
static char *sized_body(struct fixture *fixture, size_t size)
{
    static const char start[] = "{\"incidentNumber\":\"1\",\"x\":\"";
    char *body = duet_arena_alloc(fixture->arena, size + 1);
    memset(body, 'x', size);
    memcpy(body, start, sizeof start - 1);
    body[size - 2] = '"';
    body[size - 1] = '}';
    return body;
}

static void a_body_is_bounded(void **state)
{
    struct fixture *fixture = *state;
    char *most = sized_body(fixture, DUET_SERVER_MAX_BODY);
    char *more = sized_body(fixture, DUET_SERVER_MAX_BODY + 1);
    char *too_many = sized_body(fixture, 2U << 20);
    assert_int_equal(post(fixture, "/hooks/acme/soar", "right-key", more), 413);
    assert_int_equal(post(fixture, "/hooks/acme/soar", "wrong-key", more), 401);
    struct post_client client;
    open_client(fixture, &client);
    char *text = request(fixture, "/hooks/acme/soar", "right-key", too_many);
    post_client_send(&client, text, strlen(text));
    post_client_wait(&client);
    assert_null(strstr(client.answer, "202 Accepted"));
    post_client_close(&client);
    assert_nothing_kept(fixture);
    assert_int_equal(post(fixture, "/hooks/acme/soar", "right-key", most), 202);
}

static char *chunked(struct fixture *fixture, size_t size)
{
    return duet_arena_format(fixture->arena,
                             "POST /hooks/acme/soar HTTP/1.1\r\nHost: a\r\nX-Api-Key: right-key\r\n"
                             "Transfer-Encoding: chunked\r\n\r\n%zx\r\n%s\r\n0\r\n\r\n",
                             size, sized_body(fixture, size));
}

static void a_body_in_chunks_is_bounded_too(void **state)
{
    struct fixture *fixture = *state;
    char answer[4096];
    assert_int_equal(exchange(fixture, chunked(fixture, DUET_SERVER_MAX_BODY + 1), answer), 413);
    assert_int_equal(exchange(fixture, chunked(fixture, 2U << 20), answer), 0);
    assert_nothing_kept(fixture);
    assert_int_equal(exchange(fixture, chunked(fixture, DUET_SERVER_MAX_BODY), answer), 202);
}

static void a_head_is_bounded(void **state)
{
    struct fixture *fixture = *state;
    char *long_text = duet_arena_alloc(fixture->arena, 100001);
    memset(long_text, 'k', 100000);
    char *text = duet_arena_format(
        fixture->arena, "POST /hooks/acme/soar HTTP/1.1\r\nHost: a\r\nX-Long: %s\r\n\r\n",
        long_text);
    char answer[4096];
    int status = exchange(fixture, text, answer);
    assert_true(status == 0 || status == 431 || status == 413);
    assert_nothing_kept(fixture);
    assert_int_equal(post(fixture, "/hooks/acme/soar", "right-key", HINT), 202);
}

static void who_waits_before_sending_learns_at_once(void **state)
{
    struct fixture *fixture = *state;
    struct post_client client;
    char answer[4096];
    assert_int_equal(exchange(fixture,
                              "POST /hooks/acme/soar HTTP/1.1\r\nHost: a\r\nX-Api-Key: wrong\r\n"
                              "Content-Length: 10\r\nExpect: 100-continue\r\n\r\n",
                              answer),
                     401);
    open_client(fixture, &client);
    send_text(&client, "POST /hooks/acme/soar HTTP/1.1\r\nHost: a\r\nX-Api-Key: right-key\r\n"
                       "Content-Length: 22\r\nExpect: 100-continue\r\n\r\n");
    post_client_expect(&client, "100 Continue");
    send_text(&client, "{\"incidentNumber\":\"1\"}");
    post_client_expect(&client, "202 Accepted");
    post_client_close(&client);
}

/* Lets the time of a connection pass. */
static void pass_time(struct fixture *fixture)
{
    fixture->clock.monotonic_ms += DUET_SERVER_CONNECTION_MS;
}

static void a_slow_client_is_cut_and_keeps_nobody_waiting(void **state)
{
    struct fixture *fixture = *state;
    struct post_client slow;
    struct post_client slower;
    const char *text = request(fixture, "/hooks/acme/soar", "right-key", HINT);
    open_client(fixture, &slow);
    open_client(fixture, &slower);
    for (size_t i = 0; i < strlen(text) - 1; i++) {
        post_client_send(&slow, text + i, 1); /* never silent for long */
        post_client_settle(&slow);
    }
    post_client_settle(&slower);
    assert_int_equal(post(fixture, "/hooks/shared/soar", "hub-key", HINT), 202);
    assert_false(slow.is_closed);
    assert_false(slower.is_closed);
    pass_time(fixture);
    assert_int_equal(post_client_wait(&slow), 0);
    assert_int_equal(post_client_wait(&slower), 0);
    assert_int_equal(fixture->woken, 1);
    post_client_close(&slow);
    post_client_close(&slower);
}

static void connections_are_bounded_and_the_next_one_waits(void **state)
{
    struct fixture *fixture = *state;
    struct post_client clients[DUET_SERVER_MAX_CONNECTIONS];
    struct post_client last;
    for (size_t i = 0; i < DUET_SERVER_MAX_CONNECTIONS; i++) {
        open_client(fixture, &clients[i]);
        post_client_settle(&clients[i]);
    }
    open_client(fixture, &last);
    send_text(&last, request(fixture, "/hooks/acme/soar", "right-key", HINT));
    post_client_settle(&last);
    assert_int_equal(fixture->woken, 0);
    assert_false(last.is_closed);
    pass_time(fixture);
    assert_int_equal(post_client_wait(&last), 202);
    post_client_close(&last);
    for (size_t i = 0; i < DUET_SERVER_MAX_CONNECTIONS; i++) {
        assert_int_equal(post_client_wait(&clients[i]), 0);
        post_client_close(&clients[i]);
    }
}

/* --- failing ------------------------------------------------------------------------------------------------------- */

static void nothing_is_accepted_when_the_journal_fails(void **state)
{
    struct fixture *fixture = *state;
    const struct duet_source source = { &acme, "soar" };
    char answer[4096];
    /* A transaction that a failed write has spoilt: every write in it fails. */
    assert_int_equal(duet_journal_begin(fixture->journal), DUET_OK);
    assert_int_not_equal(duet_journal_take(fixture->journal, &source, "none", 1), DUET_OK);
    for (int i = 0; i < 2; i++) {
        char *text = request(fixture, "/hooks/acme/soar", "right-key", i == 0 ? HINT : SIGNAL);
        assert_int_equal(exchange(fixture, text, answer), 503);
        assert_non_null(strstr(answer, "Retry-After: "));
    }
    duet_journal_rollback(fixture->journal);
    assert_nothing_kept(fixture);
    assert_int_equal(post(fixture, "/hooks/acme/soar", "right-key", HINT), 202);
}

static void freeing_the_server_cuts_what_is_under_way(void **state)
{
    struct fixture *fixture = *state;
    struct post_client idle;
    struct post_client half;
    const char *text = request(fixture, "/hooks/acme/soar", "right-key", HINT);
    open_client(fixture, &idle);
    open_client(fixture, &half);
    post_client_send(&half, text, strlen(text) - 1);
    post_client_settle(&half);
    post_client_settle(&idle);
    duet_server_free(fixture->server);
    fixture->server = NULL;
    assert_int_equal(post_client_wait(&idle), 0);
    assert_int_equal(post_client_wait(&half), 0);
    post_client_close(&idle);
    post_client_close(&half);
    assert_nothing_kept(fixture);
    assert_false(duet_loop_turn(fixture->loop, false)); /* no timer and no hold is left */
}

static void refusals_are_logged_once_a_minute_and_no_key_ever(void **state)
{
    struct fixture *fixture = *state;
    for (int i = 0; i < 5; i++)
        post(fixture, "/hooks/nobody/soar", "guessed-key", HINT);
    post(fixture, "/hooks/acme/soar", "right-key", HINT);
    fixture->clock.monotonic_ms += 60000;
    post(fixture, "/hooks/nobody/soar", "guessed-key", HINT);
    fflush(fixture->log_stream);
    const char *first = strstr(fixture->log_text, "hook refused");
    assert_non_null(first);
    assert_non_null(strstr(first, "path=/hooks/nobody/soar status=401"));
    assert_non_null(strstr(first, "refused=1"));
    const char *second = strstr(first + 1, "hook refused");
    assert_non_null(second);
    assert_non_null(strstr(second, "refused=5"));
    assert_null(strstr(second + 1, "hook refused"));
    assert_null(strstr(fixture->log_text, "guessed-key"));
    assert_null(strstr(fixture->log_text, "right-key"));
}

/* --- starting ------------------------------------------------------------------------------------------------------ */

static enum duet_status start_with(struct fixture *fixture, const struct duet_hook *hooks,
                                   size_t count, struct duet_error *error)
{
    struct duet_server *server = NULL;
    struct duet_server_options options = options_of(fixture);
    options.hooks = hooks;
    options.hook_count = count;
    enum duet_status status = duet_server_new(&options, &server, error);
    duet_server_free(server);
    return status;
}

static void equal_hooks_are_one_and_different_ones_refused(void **state)
{
    struct fixture *fixture = *state;
    struct duet_error error = { "" };
    struct duet_hook hooks[2] = { fixture->hooks[HUB], fixture->hooks[HUB] };
    assert_int_equal(start_with(fixture, hooks, 2, &error), DUET_OK);
    hooks[1].secret = "another";
    assert_int_equal(start_with(fixture, hooks, 2, &error), DUET_INVALID);
    assert_string_equal(error.text,
                        "'/hooks/shared/soar' would be the address of two different hooks");
    hooks[1].secret = hooks[0].secret;
    hooks[1].kind = DUET_OWNER_TENANT;
    assert_int_equal(start_with(fixture, hooks, 2, &error), DUET_INVALID);
    assert_int_equal(start_with(fixture, NULL, 0, &error), DUET_OK);
}

static void a_server_that_cannot_listen_says_why(void **state)
{
    struct fixture *fixture = *state;
    struct duet_error error = { "" };
    struct duet_server *server = NULL;
    struct duet_server_options options = options_of(fixture);
    options.listen = "nonsense";
    assert_int_equal(duet_server_new(&options, &server, &error), DUET_INVALID);
    assert_null(server);
    assert_non_null(strstr(error.text, "can't listen on 'nonsense'"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

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
        TEST(a_body_is_bounded),
        TEST(a_body_in_chunks_is_bounded_too),
        TEST(a_head_is_bounded),
        TEST(who_waits_before_sending_learns_at_once),
        TEST(a_slow_client_is_cut_and_keeps_nobody_waiting),
        TEST(connections_are_bounded_and_the_next_one_waits),
        TEST(nothing_is_accepted_when_the_journal_fails),
        TEST(freeing_the_server_cuts_what_is_under_way),
        TEST(refusals_are_logged_once_a_minute_and_no_key_ever),
        TEST(equal_hooks_are_one_and_different_ones_refused),
        TEST(a_server_that_cannot_listen_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
