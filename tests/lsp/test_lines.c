/* Offsets as lines and columns: UTF-8, UTF-16 with characters of two units, every kind of line end, edits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/arena.h"
#include "engine/lsp/inside.h"
#include "engine/lsp/lines.h"
#include "tests/support/lsp_stage.h"

/* "a", an umlaut (2 bytes), a smile (4 bytes, 2 units), "b", and each kind of line end. */
#define TEXT                                                                                       \
    "a\xc3\xa4\xf0\x9f\x98\x80"                                                                    \
    "b\r\nsecond\rthird\n"

static void expect_place(enum duet_encoding encoding, size_t offset, size_t line, size_t column)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_lines lines = duet_lines_of(arena, TEXT, strlen(TEXT), encoding);
    struct duet_place place = duet_lines_place(&lines, offset);
    assert_int_equal(place.line, line);
    assert_int_equal(place.column, column);
    assert_int_equal(duet_lines_offset(&lines, place), offset);
    duet_arena_free(arena);
}

static void columns_are_counted_as_agreed(void **state)
{
    (void)state;
    expect_place(DUET_UTF8, 3, 0, 3);
    expect_place(DUET_UTF8, 7, 0, 7);
    expect_place(DUET_UTF16, 0, 0, 0);
    expect_place(DUET_UTF16, 1, 0, 1);
    expect_place(DUET_UTF16, 3, 0, 2);
    expect_place(DUET_UTF16, 7, 0, 4);
    expect_place(DUET_UTF16, 8, 0, 5);
}

static void each_kind_of_line_end_ends_a_line(void **state)
{
    (void)state;
    expect_place(DUET_UTF16, 10, 1, 0);
    expect_place(DUET_UTF16, 16, 1, 6);
    expect_place(DUET_UTF16, 17, 2, 0);
    expect_place(DUET_UTF16, 23, 3, 0);
}

static size_t offset_of(size_t line, size_t column)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_lines lines = duet_lines_of(arena, TEXT, strlen(TEXT), DUET_UTF16);
    size_t offset = duet_lines_offset(&lines, (struct duet_place){ line, column });
    duet_arena_free(arena);
    return offset;
}

static void what_is_beyond_is_the_end_and_within_a_character_its_start(void **state)
{
    (void)state;
    assert_int_equal(offset_of(0, 3), 3);
    assert_int_equal(offset_of(0, 100), 8);
    assert_int_equal(offset_of(1, 100), 16);
    assert_int_equal(offset_of(3, 5), 23);
    assert_int_equal(offset_of(99, 0), 23);
}

static void bytes_that_are_not_utf8_count_one_each(void **state)
{
    (void)state;
    struct duet_arena *arena = duet_arena_new();
    struct duet_lines lines = duet_lines_of(arena, "\xff\xc3z\x80", 4, DUET_UTF16);
    assert_int_equal(duet_lines_place(&lines, 2).column, 2);
    assert_int_equal(duet_lines_place(&lines, 4).column, 4);
    duet_arena_free(arena);
}

/* --- edits against a plain model ------------------------------------------------------------------------- */

/* Characters of one unit and of two, and line ends. */
static const struct {
    const char *text;
    int units;
    bool ends_line;
} letters[] = {
    { "a", 1, false },
    { "b", 1, false },
    { "\xc3\xa4", 1, false },
    { "\xe2\x82\xac", 1, false },
    { "\xf0\x9f\x98\x80", 2, false },
    { "\n", 0, true },
    { "\r\n", 0, true },
};
#define LETTERS (sizeof letters / sizeof letters[0])
#define MODEL_MAX 300

struct model {
    unsigned char letter[MODEL_MAX];
    size_t count;
};

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static char *text_of(const struct model *model, size_t from, size_t to)
{
    char *text = calloc(4 * (to - from) + 1, 1);
    size_t length = 0;
    assert_non_null(text);
    for (size_t i = from; i < to; i++) {
        const char *letter = letters[model->letter[i]].text;
        while (*letter)
            text[length++] = *letter++;
    }
    return text;
}

static json_t *position_of(const struct model *model, size_t at)
{
    int line = 0;
    int column = 0;
    for (size_t i = 0; i < at; i++) {
        bool ends = letters[model->letter[i]].ends_line;
        line += ends;
        column = ends ? 0 : column + letters[model->letter[i]].units;
    }
    return json_pack("{s:i, s:i}", "line", line, "character", column);
}

/* Replaces letters from..to by some new ones; the change as an editor says it. */
static json_t *edit(struct model *model, uint32_t *seed)
{
    const struct model before = *model;
    size_t from = next_random(seed) % (model->count + 1);
    size_t to = from + next_random(seed) % 4;
    size_t fresh = next_random(seed) % 5;
    if (to > model->count)
        to = model->count;
    if (model->count - (to - from) + fresh > MODEL_MAX)
        fresh = 0;
    memmove(model->letter + from + fresh, before.letter + to, before.count - to);
    model->count = before.count - (to - from) + fresh;
    for (size_t i = 0; i < fresh; i++)
        model->letter[from + i] = (unsigned char)(next_random(seed) % LETTERS);
    char *text = text_of(model, from, from + fresh);
    json_t *change = json_pack("{s:{s:o, s:o}, s:s}", "range", "start", position_of(&before, from),
                               "end", position_of(&before, to), "text", text);
    free(text);
    return change;
}

static void thousands_of_edits_leave_the_text_that_a_model_has(void **state)
{
    (void)state;
    static const char uri[] = "file:///edited.duet";
    uint32_t seed = 7;
    struct model model = { .count = 0 };
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, uri, "");
    for (int round = 0; round < 400; round++) {
        json_t *changes = json_array();
        for (uint32_t i = 0; i < 10; i++)
            json_array_append_new(changes, edit(&model, &seed));
        json_array_clear(stage.sent);
        lsp_tell(&stage, "textDocument/didChange",
                 json_pack("{s:{s:s, s:i}, s:o}", "textDocument", "uri", uri, "version", round + 2,
                           "contentChanges", changes));
        char *text = text_of(&model, 0, model.count);
        const struct duet_document *document = duet_lsp_document(stage.lsp, uri);
        assert_string_equal(document->text, text);
        assert_int_equal(document->length, strlen(text));
        free(text);
    }
    lsp_stage_finish(&stage);
}

static void a_change_without_a_range_is_the_whole_text(void **state)
{
    (void)state;
    static const char uri[] = "file:///edited.duet";
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, uri, "system x { }");
    lsp_tell(&stage, "textDocument/didChange",
             json_pack("{s:{s:s, s:i}, s:[{s:s}]}", "textDocument", "uri", uri, "version", 2,
                       "contentChanges", "text", "edition 2026;\n"));
    assert_string_equal(duet_lsp_document(stage.lsp, uri)->text, "edition 2026;\n");
    lsp_stage_finish(&stage);
}

/* The end before the start, and far beyond the text: no edit is lost, or the editor's text and ours would part. */
static void a_change_beyond_the_text_or_turned_round_is_made(void **state)
{
    (void)state;
    static const char uri[] = "file:///edited.duet";
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, uri, "ab\ncd");
    lsp_tell(&stage, "textDocument/didChange",
             json_pack("{s:{s:s}, s:[{s:{s:{s:i, s:i}, s:{s:i, s:i}}, s:s}]}", "textDocument",
                       "uri", uri, "contentChanges", "range", "start", "line", 1, "character", 1,
                       "end", "line", 0, "character", 1, "text", "-"));
    assert_string_equal(duet_lsp_document(stage.lsp, uri)->text, "a-d");
    lsp_tell(&stage, "textDocument/didChange",
             json_pack("{s:{s:s}, s:[{s:{s:{s:i, s:i}, s:{s:i, s:i}}, s:s}]}", "textDocument",
                       "uri", uri, "contentChanges", "range", "start", "line", 0, "character", 99,
                       "end", "line", INT32_MAX, "character", INT32_MAX, "text", "!"));
    assert_string_equal(duet_lsp_document(stage.lsp, uri)->text, "a-d!");
    lsp_stage_finish(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_counted_as_agreed),
        cmocka_unit_test(each_kind_of_line_end_ends_a_line),
        cmocka_unit_test(what_is_beyond_is_the_end_and_within_a_character_its_start),
        cmocka_unit_test(bytes_that_are_not_utf8_count_one_each),
        cmocka_unit_test(thousands_of_edits_leave_the_text_that_a_model_has),
        cmocka_unit_test(a_change_beyond_the_text_or_turned_round_is_made),
        cmocka_unit_test(a_change_without_a_range_is_the_whole_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
