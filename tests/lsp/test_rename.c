/* Rename: what is edited where, and when it is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/diag.h"
#include "tests/support/lsp_stage.h"
#include "tests/support/lsp_texts.h"

static json_t *at(const char *mark, int behind)
{
    return lsp_at(LSP_MAPPING_URI, LSP_MAPPING, mark, 0, behind);
}

static json_t *wish(json_t *place, const char *name)
{
    json_object_set_new(place, "newName", json_string(name));
    return place;
}

/* The edits of one file in one line: `LINE:COLUMN text`, with " | " between. */
static void expect_edits(const json_t *answer, const char *uri, const char *expected)
{
    const json_t *edits = json_object_get(json_object_get(answer, "changes"), uri);
    char text[2048] = "";
    size_t length = 0;
    for (size_t i = 0; i < json_array_size(edits); i++) {
        const json_t *edit = json_array_get(edits, i);
        length +=
            (size_t)snprintf(text + length, sizeof text - length, "%s%d:%d %s", i > 0 ? " | " : "",
                             (int)json_integer_value(lsp_part(edit, "range.start.line")),
                             (int)json_integer_value(lsp_part(edit, "range.start.character")),
                             json_string_value(lsp_part(edit, "newText")));
    }
    assert_string_equal(text, expected);
}

static void a_field_is_renamed_wherever_it_is_named(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_of_texts(NULL);
    json_t *edit = lsp_ask(&stage, "textDocument/rename", wish(at("left.status", 6), "stage"));
    expect_edits(edit, LSP_MAPPING_URI, "9:20 stage");
    expect_edits(edit, LSP_SYSTEMS_URI, "9:4 stage | 10:16 stage | 15:51 stage");
    json_decref(edit);
    edit = lsp_ask(&stage, "textDocument/rename", wish(at("left.status", 6), "odd name"));
    expect_edits(edit, LSP_MAPPING_URI, "9:20 \"odd name\"");
    json_decref(edit);
    lsp_stage_finish(&stage);
}

static void what_is_sent_stays_when_a_value_is_renamed(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_of_texts(NULL);
    json_t *edit = lsp_ask(&stage, "textDocument/rename", wish(at("\"In Work\"", 4), "Busy"));
    expect_edits(edit, LSP_MAPPING_URI, "11:4 Busy");
    expect_edits(edit, LSP_SYSTEMS_URI, "9:24 Busy = \"In Work\"");
    json_decref(edit);
    lsp_stage_finish(&stage);
}

static void expect_refusal(struct lsp_stage *stage, json_t *params, const char *expected)
{
    json_t *answer = lsp_answer(stage, "textDocument/rename", params);
    assert_string_equal(json_string_value(lsp_part(answer, "error.message")), expected);
    json_decref(answer);
}

static void bad_names_are_refused_with_a_reason(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_of_texts(NULL);
    expect_refusal(&stage, wish(at("left.key", 6), "id"),
                   "'key' can't be renamed: this name has a meaning of its own");
    expect_refusal(&stage, wish(at("left.status", 6), ""),
                   "'' can't be the name: a name has at least one letter");
    expect_refusal(&stage, wish(at("left.status", 6), "a\nb"),
                   "'a\nb' can't be the name: a name stands on one line");
    expect_refusal(&stage, wish(at("left.status", 6), "title"),
                   "'title' can't be the name: then field 'title' is defined twice");
    expect_refusal(&stage, wish(at("as left", 3), "right"),
                   "'right' can't be the name: then both sides are called 'right'");
    expect_refusal(&stage, wish(at("first contact", 2), "x"),
                   "there is no name here that is defined somewhere");
    expect_refusal(&stage, wish(at("systems.duet", 2), "x"),
                   "'systems.duet' can't be renamed: a file is renamed on disk");
    expect_refusal(&stage, wish(lsp_at(LSP_SYSTEMS_URI, LSP_SYSTEMS, "{ site :", 0, 3), "a b"),
                   "'a b' can't be the name: it stands in braces in a text, where only a plain "
                   "word can");
    expect_refusal(&stage, at("left.status", 6), "'newName' is a text");
    lsp_stage_finish(&stage);
}

/* Files that import the mapping; each defines what its name says. */
#define IMPORTS "edition 2026;\nimport \"mapping.duet\";\n"
#define DEFINES_N                                                                                  \
    IMPORTS "mapping n between desk.ticket as left and floor.job as right {\n"                     \
            "  link left.key <-> right.desk_key; first contact left;\n"                            \
            "  field title left.title <-> right.title conflict left;\n"                            \
            "  on left change send all; on right change send title;\n"                             \
            "}\n"

static void a_name_that_another_file_of_two_has_is_refused(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_of_texts(NULL);
    lsp_open(&stage, "file:///w/defines.duet", DEFINES_N);
    lsp_open(&stage, "file:///w/more.duet", "edition 2026;\n");
    lsp_open(&stage, "file:///w/imports.duet", IMPORTS "import \"more.duet\";\n");
    expect_refusal(&stage, wish(at("mapping m", 8), "n"),
                   "'n' can't be the name: then 'n' is defined twice");
    json_t *edit = lsp_ask(&stage, "textDocument/rename", wish(at("mapping m", 8), "o"));
    expect_edits(edit, LSP_MAPPING_URI, "4:8 o");
    json_decref(edit);
    lsp_stage_finish(&stage);
}

/* Where a file that imports it has more errors than are counted, the one that is renamed in is looked at alone. */
static void a_bad_name_is_refused_among_too_many_errors(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_of_texts(NULL);
    char text[4096] = "edition 2026;\n";
    size_t length = strlen(text);
    for (unsigned i = 0; i < DUET_DIAG_MAX + 10; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "system ;\n");
    lsp_open(&stage, "file:///w/broken.duet", text);
    lsp_open(&stage, "file:///w/imports.duet",
             "edition 2026;\nimport \"broken.duet\";\nimport \"mapping.duet\";\n");
    expect_refusal(&stage, wish(at("as left", 3), "right"),
                   "'right' can't be the name: then both sides are called 'right'");
    lsp_stage_finish(&stage);
}

static void what_would_be_renamed_is_told_before(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_of_texts(NULL);
    json_t *answer = lsp_ask(&stage, "textDocument/prepareRename", at("\"In Work\"", 4));
    assert_string_equal(json_string_value(lsp_part(answer, "placeholder")), "In Work");
    assert_int_equal(json_integer_value(lsp_part(answer, "range.start.character")), 4);
    assert_int_equal(json_integer_value(lsp_part(answer, "range.end.character")), 13);
    json_decref(answer);
    lsp_stage_finish(&stage);
}

static void names_of_notes_tables_and_predicates_stay(void **state)
{
    (void)state;
    static const char uri[] = "file:///w/more.duet";
    static const char text[] = "edition 2026;\n"
                               "system s {\n"
                               "  record r {\n"
                               "    key : text at id;\n"
                               "    owner : person (login Login, name Name) at owner;\n"
                               "    done : boolean at done;\n"
                               "    closed when done == true;\n"
                               "    late when done == false;\n"
                               "    notes : notes at n { id : text at id; text : text at body; }\n"
                               "  }\n"
                               "}\n";
    struct lsp_stage stage = lsp_stage_of_texts(NULL);
    lsp_open(&stage, uri, text);
    expect_refusal(&stage, wish(lsp_at(uri, text, "closed", 0, 2), "shut"),
                   "'closed' can't be renamed: this name has a meaning of its own");
    json_t *edit =
        lsp_ask(&stage, "textDocument/rename", wish(lsp_at(uri, text, "late", 0, 2), "open"));
    expect_edits(edit, uri, "7:4 open");
    json_decref(edit);
    expect_refusal(
        &stage, wish(lsp_at(uri, text, "login", 0, 2), "user"),
        "'login' can't be renamed: the first lines of the tables on disk have this name");
    expect_refusal(&stage, wish(lsp_at(uri, text, "id : text at id; text", 0, 0), "number"),
                   "'id' can't be renamed: this name has a meaning of its own");
    lsp_stage_finish(&stage);
}

static void a_test_keeps_its_quotes_and_its_words_can_have_none(void **state)
{
    (void)state;
    static const char uri[] = "file:///w/tests.duet";
    static const char text[] = "edition 2026;\n"
                               "import \"mapping.duet\";\n"
                               "test \"it goes\" {\n"
                               "  forall before in left.status;\n"
                               "  given left { status = before; }\n"
                               "  expect nothing;\n"
                               "}\n";
    struct lsp_stage stage = lsp_stage_of_texts(NULL);
    lsp_open(&stage, uri, text);
    json_t *edit =
        lsp_ask(&stage, "textDocument/rename", wish(lsp_at(uri, text, "it goes", 0, 1), "works"));
    expect_edits(edit, uri, "2:5 \"works\"");
    json_decref(edit);
    expect_refusal(&stage, wish(lsp_at(uri, text, "before", 0, 1), "a b"),
                   "'a b' can't be the name: only a plain word can stand here: a quoted one would "
                   "be a text");
    edit = lsp_ask(&stage, "textDocument/rename", wish(lsp_at(uri, text, "before", 0, 1), "then"));
    expect_edits(edit, uri, "3:9 then | 4:24 then");
    json_decref(edit);
    lsp_stage_finish(&stage);
}

static void a_name_is_written_so_that_it_is_one(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_of_texts(NULL);
    json_t *edit = lsp_ask(&stage, "textDocument/rename", wish(at("field status", 7), "none"));
    expect_edits(edit, LSP_MAPPING_URI, "9:8 \"none\" | 16:30 \"none\"");
    json_decref(edit);
    edit = lsp_ask(&stage, "textDocument/rename", wish(at("field status", 7), "a\"b\\c"));
    expect_edits(edit, LSP_MAPPING_URI, "9:8 \"a\\\"b\\\\c\" | 16:30 \"a\\\"b\\\\c\"");
    json_decref(edit);
    edit = lsp_ask(&stage, "textDocument/rename", wish(at("field status", 7), "status"));
    assert_int_equal(json_object_size(lsp_part(edit, "changes")), 0);
    json_decref(edit);
    char name[300] = "";
    memset(name, 'x', sizeof name - 1);
    json_t *answer = lsp_answer(&stage, "textDocument/rename", wish(at("field status", 7), name));
    assert_non_null(strstr(json_string_value(lsp_part(answer, "error.message")),
                           "can't be the name: the name is too long"));
    json_decref(answer);
    lsp_stage_finish(&stage);
}

static void edits_say_which_version_they_are_of(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_of_texts(
        json_pack("{s:{s:{s:b}}}", "workspace", "workspaceEdit", "documentChanges", 1));
    lsp_tell(&stage, "textDocument/didChange",
             json_pack("{s:{s:s, s:i}, s:[{s:s}]}", "textDocument", "uri", LSP_MAPPING_URI,
                       "version", 7, "contentChanges", "text", LSP_MAPPING));
    json_t *edit = lsp_ask(&stage, "textDocument/rename", wish(at("mapping m", 8), "n"));
    assert_int_equal(json_array_size(lsp_part(edit, "documentChanges")), 1);
    const json_t *change = lsp_part(edit, "documentChanges.0");
    assert_string_equal(json_string_value(lsp_part(change, "textDocument.uri")), LSP_MAPPING_URI);
    assert_int_equal(json_integer_value(lsp_part(change, "textDocument.version")), 7);
    assert_string_equal(json_string_value(lsp_part(change, "edits.0.newText")), "n");
    json_decref(edit);
    lsp_stage_finish(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_field_is_renamed_wherever_it_is_named),
        cmocka_unit_test(what_is_sent_stays_when_a_value_is_renamed),
        cmocka_unit_test(bad_names_are_refused_with_a_reason),
        cmocka_unit_test(a_name_that_another_file_of_two_has_is_refused),
        cmocka_unit_test(a_bad_name_is_refused_among_too_many_errors),
        cmocka_unit_test(what_would_be_renamed_is_told_before),
        cmocka_unit_test(names_of_notes_tables_and_predicates_stay),
        cmocka_unit_test(a_test_keeps_its_quotes_and_its_words_can_have_none),
        cmocka_unit_test(a_name_is_written_so_that_it_is_one),
        cmocka_unit_test(edits_say_which_version_they_are_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
