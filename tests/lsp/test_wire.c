/* Bytes as messages: whole, in pieces, broken, hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/lsp/server.h"
#include "engine/lsp/wire.h"

static const char no_length[] = "the header says no Content-Length that is a number";

static const char not_json[] = "the message isn't JSON in UTF-8";

static void feed(struct duet_wire *wire, const char *text)
{
    assert_true(duet_wire_feed(wire, text, strlen(text)));
}

static void expect_message(struct duet_wire *wire, const char *json)
{
    json_t *message = NULL;
    const char *why = NULL;
    assert_int_equal(duet_wire_next(wire, &message, &why), DUET_WIRE_MESSAGE);
    char *text = json_dumps(message, JSON_COMPACT | JSON_ENCODE_ANY);
    assert_string_equal(text, json);
    free(text);
    json_decref(message);
}

static void expect_broken(struct duet_wire *wire, const char *expected)
{
    json_t *message = NULL;
    const char *why = NULL;
    assert_int_equal(duet_wire_next(wire, &message, &why), DUET_WIRE_BROKEN);
    assert_null(message);
    assert_string_equal(why, expected);
}

static void expect_more(struct duet_wire *wire)
{
    json_t *message = NULL;
    const char *why = NULL;
    assert_int_equal(duet_wire_next(wire, &message, &why), DUET_WIRE_MORE);
}

static void two_messages_at_once_are_two(void **state)
{
    (void)state;
    struct duet_wire wire = { 0 };
    feed(&wire, "Content-Length: 2\r\n\r\n{}Content-Length: 7\r\n\r\n{\"a\":1}");
    expect_message(&wire, "{}");
    expect_message(&wire, "{\"a\":1}");
    expect_more(&wire);
    duet_wire_finish(&wire);
}

static void a_message_may_come_byte_by_byte(void **state)
{
    (void)state;
    struct duet_wire wire = { 0 };
    const char *text = "content-length:  5\r\nContent-Type: x; charset=utf-8\r\n\r\n[1,2]";
    for (const char *c = text; *c; c++) {
        expect_more(&wire);
        assert_true(duet_wire_feed(&wire, c, 1));
    }
    expect_message(&wire, "[1,2]");
    duet_wire_finish(&wire);
}

static void what_is_broken_is_told_once_and_reading_goes_on(void **state)
{
    (void)state;
    struct duet_wire wire = { 0 };
    feed(&wire, "Content-Type: x\r\n\r\nContent-Length: 2\r\n\r\n{}");
    expect_broken(&wire, no_length);
    expect_message(&wire, "{}");
    feed(&wire, "Content-Length: 3\r\n\r\n{x}Content-Length: 4\r\n\r\n\"\xff\xfe\"");
    expect_broken(&wire, not_json);
    expect_broken(&wire, not_json);
    feed(&wire, "Content-Length: 2\r\n\r\n{}");
    expect_message(&wire, "{}");
    duet_wire_finish(&wire);
}

/* The length is told wrong, each message behind it right: one finding, and nothing else is lost. */
static void a_wrong_length_costs_one_message(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *why;
        bool takes_next; /* the next header is taken for a part of it */
    } rows[] = {
        { "Content-Length: x\r\n\r\n{}", no_length, false },
        { "Content-Length: 3\r\n\r\n{\"a\":1}", not_json, false },
        { "Content-Length: 9\r\n\r\n{\"a\":1}", not_json, true },
        { "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", no_length, false },
    };
    struct duet_wire wire = { 0 };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        feed(&wire, rows[i].text);
        feed(&wire, "Content-Length: 4\r\n\r\nnull");
        feed(&wire, "Content-Length: 2\r\n\r\n[]Content-Length: 1\r\n\r\n5");
        expect_broken(&wire, rows[i].why);
        if (!rows[i].takes_next)
            expect_message(&wire, "null");
        expect_message(&wire, "[]");
        expect_message(&wire, "5");
        expect_more(&wire);
    }
    duet_wire_finish(&wire);
}

static void lengths_that_are_no_number_are_refused(void **state)
{
    (void)state;
    static const char *const headers[] = {
        "Content-Length: -1\r\n\r\n",
        "Content-Length: 1x\r\n\r\n",
        "Content-Length: \r\n\r\n",
        "Content-Length: 2\r\nContent-Length: 2\r\n\r\n",
        "Content-Length: 99999999999999999999999999\r\n\r\n",
    };
    struct duet_wire wire = { 0 };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        feed(&wire, headers[i]);
        expect_broken(&wire, no_length);
        expect_more(&wire);
    }
    duet_wire_finish(&wire);
}

static void a_header_without_an_end_is_left_out(void **state)
{
    (void)state;
    struct duet_wire wire = { 0 };
    for (unsigned i = 0; i < DUET_WIRE_HEADER_MAX; i++)
        feed(&wire, "x");
    feed(&wire, "Content-Length: 2\r\n\r\n{}");
    expect_broken(&wire, "the header of a message never ends");
    expect_message(&wire, "{}");
    duet_wire_finish(&wire);
}

static void a_body_that_is_too_large_is_never_kept(void **state)
{
    (void)state;
    struct duet_wire wire = { 0 };
    char header[64];
    char piece[65536];
    size_t left = (size_t)DUET_WIRE_BODY_MAX + 1;
    snprintf(header, sizeof header, "Content-Length: %zu\r\n\r\n", left);
    memset(piece, 'x', sizeof piece);
    feed(&wire, header);
    expect_broken(&wire, "the message is too large");
    while (left > 0) {
        size_t size = left < sizeof piece ? left : sizeof piece;
        assert_true(duet_wire_feed(&wire, piece, size));
        left -= size;
        expect_more(&wire);
    }
    assert_true(wire.room < 2 * sizeof piece);
    feed(&wire, "Content-Length: 2\r\n\r\n[]");
    expect_message(&wire, "[]");
    duet_wire_finish(&wire);
}

static void deep_nesting_is_refused_but_not_in_texts(void **state)
{
    (void)state;
    struct duet_wire wire = { 0 };
    char deep[1001] = "";
    memset(deep, '[', 500);
    memset(deep + 500, ']', 500);
    feed(&wire, "Content-Length: 1000\r\n\r\n");
    feed(&wire, deep);
    expect_broken(&wire, "the message is nested too deep");
    deep[0] = deep[999] = '"';
    feed(&wire, "Content-Length: 1000\r\n\r\n");
    feed(&wire, deep);
    expect_message(&wire, deep);
    duet_wire_finish(&wire);
}

static void a_written_message_has_its_length_in_bytes(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    json_t *message = json_pack("{s:s}", "name", "\xc3\xa4\xf0\x9f\x98\x80");
    assert_true(duet_wire_write(message, out));
    fclose(out);
    assert_string_equal(text, "Content-Length: 17\r\n\r\n{\"name\":\"\xc3\xa4\xf0\x9f\x98\x80\"}");
    json_decref(message);
    free(text);
}

/* --- garbage --------------------------------------------------------------------------------------------- */

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Whatever the server sends is a whole message with its version. */
static void expect_sound(void *context, const json_t *message)
{
    (void)context;
    assert_string_equal(json_string_value(json_object_get(message, "jsonrpc")), "2.0");
    assert_true(json_object_get(message, "method") || json_object_get(message, "result") ||
                json_object_get(message, "error"));
}

static const char open_message[] =
    "{\"method\":\"textDocument/didOpen\",\"params\":{\"textDocument\":"
    "{\"uri\":\"file:///a.duet\",\"text\":\"system {\"}}}";
static const char hover_message[] =
    "{\"id\":2,\"method\":\"textDocument/hover\",\"params\":{\"textDocument\":"
    "{\"uri\":\"file:///a.duet\"},\"position\":{\"line\":0,\"character\":3}}}";

static const char *const pieces[] = {
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{}}",
    open_message,
    hover_message,
    "{}",
    "[]",
    "null",
    "\"",
    "\\",
    "\xff",
    "{\"id\":[],\"method\":\"x\"}",
    "{\"method\":\"textDocument/didClose\"}",
    "{\"id\":3,\"method\":\"textDocument/rename\"}",
    "{\"method\":\"$/cancelRequest\",\"params\":{\"id\":2}}",
    "{\"method\":7}",
    "{\"method\":\"textDocument/didChange\",\"params\":{\"contentChanges\":[1,{\"text\":2}]}}",
};

/* A piece with a right header, a wrong one, or none. */
static void feed_piece(struct duet_wire *wire, uint32_t *random)
{
    const char *piece = pieces[next_random(random) % (sizeof pieces / sizeof pieces[0])];
    char header[64];
    uint32_t kind = next_random(random) % 4;
    size_t length = strlen(piece) + (kind == 1 ? next_random(random) % 3 : 0);
    snprintf(header, sizeof header, "Content-Length: %zu\r\n\r\n", length);
    if (kind < 3)
        feed(wire, header);
    feed(wire, piece);
}

static void garbage_is_survived(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 1000; seed++) {
        struct duet_wire wire = { 0 };
        struct duet_lsp *lsp = duet_lsp_new("test", expect_sound, NULL);
        uint32_t random = seed;
        for (uint32_t i = 0; i < 30; i++) {
            json_t *message = NULL;
            const char *why = NULL;
            enum duet_wire_result result = DUET_WIRE_MORE;
            feed_piece(&wire, &random);
            while ((result = duet_wire_next(&wire, &message, &why)) != DUET_WIRE_MORE) {
                if (result == DUET_WIRE_MESSAGE)
                    duet_lsp_receive(lsp, message);
                else
                    duet_lsp_receive_broken(lsp, why);
            }
            while (duet_lsp_work(lsp))
                continue;
        }
        duet_lsp_free(lsp);
        duet_wire_finish(&wire);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_messages_at_once_are_two),
        cmocka_unit_test(a_message_may_come_byte_by_byte),
        cmocka_unit_test(what_is_broken_is_told_once_and_reading_goes_on),
        cmocka_unit_test(a_wrong_length_costs_one_message),
        cmocka_unit_test(lengths_that_are_no_number_are_refused),
        cmocka_unit_test(a_header_without_an_end_is_left_out),
        cmocka_unit_test(a_body_that_is_too_large_is_never_kept),
        cmocka_unit_test(deep_nesting_is_refused_but_not_in_texts),
        cmocka_unit_test(a_written_message_has_its_length_in_bytes),
        cmocka_unit_test(garbage_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
