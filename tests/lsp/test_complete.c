/* What is proposed where: every line is a text with a bar at the cursor, and what is expected, in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "dsl/arena.h"
#include "dsl/parse.h"
#include "engine/lsp/keywords.h"
#include "tests/support/lsp_stage.h"
#include "tests/support/lsp_texts.h"

struct row {
    const char *text; /* in place of the mark; a bar is the cursor */
    const char *expected;
};

static char *labels_of(const json_t *answer)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    size_t index = 0;
    const json_t *item = NULL;
    json_array_foreach(json_object_get(answer, "items"), index, item)
    {
        fprintf(out, "%s%s", index > 0 ? " " : "",
                json_string_value(json_object_get(item, "label")));
    }
    fclose(out);
    return text;
}

/* The base with the row's text in place of the mark, without the bar. */
static char *with_row(struct duet_arena *arena, const char *base, const char *mark,
                      const char *written)
{
    const char *at = strstr(base, mark);
    assert_non_null(at);
    return duet_arena_format(arena, "%.*s%s%s", (int)(at - base), base, written, at + strlen(mark));
}

static void expect_rows(const char *uri, const char *base, const char *mark, const struct row *rows,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct duet_arena *arena = duet_arena_new();
        struct lsp_stage stage = lsp_stage_new(NULL, NULL);
        char *with_bar = with_row(arena, base, mark, rows[i].text);
        json_t *place = lsp_at(uri, with_bar, "|", 0, 0);
        char *bar = strchr(with_bar, '|');
        memmove(bar, bar + 1, strlen(bar));
        lsp_open(&stage, LSP_SYSTEMS_URI, LSP_SYSTEMS);
        lsp_open(&stage, uri, base);
        lsp_tell(&stage, "textDocument/didChange",
                 json_pack("{s:{s:s, s:i}, s:[{s:s}]}", "textDocument", "uri", uri, "version", 2,
                           "contentChanges", "text", with_bar));
        json_t *answer = lsp_ask(&stage, "textDocument/completion", place);
        char *labels = labels_of(answer);
        if (strcmp(labels, rows[i].expected) != 0)
            fail_msg("%s\nexpected %s\nfound    %s", rows[i].text, rows[i].expected, labels);
        free(labels);
        json_decref(answer);
        lsp_stage_finish(&stage);
        duet_arena_free(arena);
    }
}

#define MARK "  on right change send title, status;\n"

static void in_a_mapping(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "  field x left.|\n", "key title status" },
        { "  field x left.ti|\n", "key title status" },
        { "  field x left.title <-> right.|;\n", "key desk_key title state" },
        { "  field x |\n", "left right" },
        { "  on |\n", "left right" },
        { "  on right |\n", "close reopen move change signal" },
        { "  on right change |\n", "send fetch clear" },
        { "  on right change send |\n", "title status notes all" },
        { "  on right change send title, |\n", "title status notes" },
        { "  on right change send title when left.|\n", "key title status closed" },
        { "  on right change send title when left.status == |\n", "New \"In Work\" Done none" },
        { "  on right change send title when left.status in (New, |);\n",
          "New \"In Work\" Done none" },
        { "  on right change send title when |\n", "left right" },
        { "  field x left.title <-> right.title conflict |\n",
          "left right highest lowest newest hold" },
        { "  field x left.title -> right.title |\n", "default lossy via unknown conflict" },
        { "  # on |\n", "" },
        { "  on right change send title when left.title == \"|\";\n", "" },
    };
    expect_rows(LSP_MAPPING_URI, LSP_MAPPING, MARK, rows, sizeof rows / sizeof rows[0]);
}

static void in_arms(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "    |\n", "New \"In Work\" Done none" },
        { "    Done <-> |;\n", "Open Closed none" },
        { "    \"In |\n", "New \"In Work\" Done" },
    };
    expect_rows(LSP_MAPPING_URI, LSP_MAPPING, "    Done      <-> Closed;\n", rows,
                sizeof rows / sizeof rows[0]);
}

static void around_a_mapping(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "| mapping m", "edition import system mapping test hub tenant fleet" },
        { "test \"x\" { given | }\nmapping m", "left right table" },
        { "test \"x\" { given left { | } }\nmapping m", "key title status note keeps" },
        { "test \"x\" { given left { status = |; } }\nmapping m",
          "New \"In Work\" Done none env file" },
        { "test \"x\" { expect | }\nmapping m",
          "left right writes hold no pending conflict nothing" },
        { "test \"x\" of |\nmapping m", "m" },
        { "tenant t runs |\nmapping m", "m" },
        { "hub h runs |\nmapping m", "desk floor" },
        { "hub h runs desk { | }\nmapping m", "site" },
        { "tenant t runs m { side left { | } }\nmapping m", "site" },
        { "tenant t runs m { override | }\nmapping m", "title status notes" },
    };
    expect_rows(LSP_MAPPING_URI, LSP_MAPPING, "mapping m", rows, sizeof rows / sizeof rows[0]);
    static const struct row head[] = {
        { "between |", "desk floor" },
        { "between desk.|", "ticket" },
        { "between desk.ticket as a and |", "desk floor" },
    };
    expect_rows(LSP_MAPPING_URI, LSP_MAPPING, "between desk.ticket as left and floor.job as right",
                head, sizeof head / sizeof head[0]);
}

static void in_a_system(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "    closed when |;\n", "key title status" },
        { "    closed when status == |;\n", "New \"In Work\" Done none" },
        { "    moves status { | }\n", "New \"In Work\" Done none" },
        { "    cause : enum by status at cause { | }\n", "New \"In Work\" Done" },
        { "    |\n", "form moves" },
    };
    expect_rows(LSP_SYSTEMS_URI, LSP_SYSTEMS, "    closed when status == Done;\n", rows,
                sizeof rows / sizeof rows[0]);
    static const struct row base[] = {
        { "base \"{|}/api\";", "site ticket" },
        { "base \"{si|\";", "site ticket" },
        { "base \"|\";", "" },
    };
    expect_rows(LSP_SYSTEMS_URI, LSP_SYSTEMS, "base \"{site}/api\";", base,
                sizeof base / sizeof base[0]);
    static const struct row body[] = {
        { "s: |,", "site ticket" },
        { "s: ticket.|,", "key title status" },
    };
    expect_rows(LSP_SYSTEMS_URI, LSP_SYSTEMS, "s: ticket.status,", body,
                sizeof body / sizeof body[0]);
}

static void what_is_chosen_takes_the_place_of_the_word_so_far(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, LSP_SYSTEMS_URI, LSP_SYSTEMS);
    lsp_open(&stage, LSP_MAPPING_URI, LSP_MAPPING);
    json_t *answer = lsp_ask(&stage, "textDocument/completion",
                             lsp_at(LSP_MAPPING_URI, LSP_MAPPING, "left.title", 0, 7));
    const json_t *edit = lsp_part(answer, "items.0.textEdit");
    assert_int_equal(json_integer_value(lsp_part(edit, "range.start.character")), 20);
    assert_int_equal(json_integer_value(lsp_part(edit, "range.end.character")), 25);
    assert_string_equal(json_string_value(lsp_part(edit, "newText")), "key");
    assert_string_equal(json_string_value(lsp_part(answer, "items.0.detail")), "key : text at id;");
    assert_int_equal(json_integer_value(lsp_part(answer, "items.0.kind")), 5); /* a field */
    json_decref(answer);
    answer = lsp_ask(&stage, "textDocument/completion",
                     lsp_at(LSP_MAPPING_URI, LSP_MAPPING, "change send", 0, 7));
    assert_string_equal(json_string_value(lsp_part(answer, "items.0.label")), "send");
    assert_int_equal(json_integer_value(lsp_part(answer, "items.0.kind")), 14); /* a keyword */
    assert_string_equal(json_string_value(lsp_part(answer, "items.0.detail")),
                        duet_keyword_help("send"));
    json_decref(answer);
    lsp_stage_finish(&stage);
}

/* Brackets too deep to be paired: what skips a broken statement would go round and round. The alarm ends that; it measures nothing. */
static void brackets_that_cannot_be_paired_end_it(void **state)
{
    (void)state;
    static const char uri[] = "file:///deep.duet";
    char text[256] = "edition ";
    memset(text + strlen(text), '(', DUET_PARSE_NESTING_MAX + 1);
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, uri, text);
    alarm(60);
    json_t *answer = lsp_ask(&stage, "textDocument/completion",
                             lsp_at(uri, text, "(", DUET_PARSE_NESTING_MAX, 1));
    alarm(0);
    assert_int_equal(json_array_size(lsp_part(answer, "items")), 0);
    json_decref(answer);
    lsp_stage_finish(&stage);
}

/* --- keywords -------------------------------------------------------------------------------------------- */

/* Each `NAME "word"` of the grammar's tokens that is a word. */
static void every_keyword_has_its_line_of_help(void **state)
{
    (void)state;
    FILE *file = fopen(DUET_SOURCE_DIR "/grammar/duet.y", "r");
    char line[512];
    size_t count = 0;
    assert_non_null(file);
    while (fgets(line, sizeof line, file) && strncmp(line, "%type", 5) != 0) {
        for (const char *at = strchr(line, '"'); at; at = strchr(at, '"')) {
            size_t length = strcspn(++at, "\"");
            char word[64] = "";
            bool is_word =
                length > 0 && length < sizeof word &&
                strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ2") == length;
            memcpy(word, at, is_word ? length : 0);
            at += length + 1;
            if (!is_word || strncmp(line, "#", 1) == 0)
                continue;
            if (!duet_keyword_help(word))
                fail_msg("'%s' has no help", word);
            count++;
        }
    }
    fclose(file);
    assert_true(count > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_a_mapping),
        cmocka_unit_test(in_arms),
        cmocka_unit_test(around_a_mapping),
        cmocka_unit_test(in_a_system),
        cmocka_unit_test(what_is_chosen_takes_the_place_of_the_word_so_far),
        cmocka_unit_test(brackets_that_cannot_be_paired_end_it),
        cmocka_unit_test(every_keyword_has_its_line_of_help),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
