/* Hover, definition, references, symbols, tokens: on a mapping of which nothing is on disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/lsp/inside.h"
#include "tests/support/lsp_stage.h"
#include "tests/support/lsp_texts.h"

static json_t *at(const char *mark, int behind)
{
    return lsp_at(LSP_MAPPING_URI, LSP_MAPPING, mark, 0, behind);
}

static void change(struct lsp_stage *stage, const char *text)
{
    lsp_tell(stage, "textDocument/didChange",
             json_pack("{s:{s:s, s:i}, s:[{s:s}]}", "textDocument", "uri", LSP_MAPPING_URI,
                       "version", 2, "contentChanges", "text", text));
}

static json_t *markdown(void)
{
    return json_pack("{s:{s:{s:[s]}}}", "textDocument", "hover", "contentFormat", "markdown");
}

/* --- hover ----------------------------------------------------------------------------------------------- */

static void expect_hover(struct lsp_stage *stage, json_t *place, const char *expected)
{
    json_t *hover = lsp_ask(stage, "textDocument/hover", place);
    assert_string_equal(json_string_value(lsp_part(hover, "contents.value")), expected);
    json_decref(hover);
}

static void a_field_shows_its_type_other_side_and_arms(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_of_texts(markdown());
    expect_hover(&stage, at("left.status", 6),
                 "**field** `desk.ticket.status` - systems.duet:10\n"
                 "\n"
                 "```duet\n"
                 "status : enum (New, \"In Work\", Done) at status required;\n"
                 "```\n"
                 "\n"
                 "`left.status <-> right.state` by rule `status` - mapping.duet:10\n"
                 "\n"
                 "| left.status | | right.state |\n"
                 "|---|:-:|---|\n"
                 "| New | <-> | Open |\n"
                 "| \"In Work\" | -> | Open |\n"
                 "| Done | <-> | Closed |");
    lsp_stage_finish(&stage);
}

static void keywords_values_and_findings_show_what_they_are(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_of_texts(markdown());
    expect_hover(
        &stage, at("first contact", 2),
        "**first**: `first contact`: who wins when records that are linked differ already");
    expect_hover(&stage, at("Closed", 2),
                 "**value** `floor.job.state.Closed` - systems.duet:25\n"
                 "\n"
                 "```duet\n"
                 "Closed\n"
                 "```");
    change(&stage, "edition 2026;\nsystem a { record t { } }\n");
    json_t *hover = lsp_ask(&stage, "textDocument/hover",
                            json_pack("{s:{s:s}, s:{s:i, s:i}}", "textDocument", "uri",
                                      LSP_MAPPING_URI, "position", "line", 1, "character", 18));
    assert_non_null(strstr(json_string_value(lsp_part(hover, "contents.value")), "**D040**: "));
    json_decref(hover);
    lsp_stage_finish(&stage);
}

static void an_editor_without_markdown_gets_plain_text(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_of_texts(NULL);
    json_t *hover = lsp_ask(&stage, "textDocument/hover", at("left.status", 6));
    assert_string_equal(json_string_value(lsp_part(hover, "contents.kind")), "plaintext");
    assert_string_equal(json_string_value(lsp_part(hover, "contents.value")),
                        "field desk.ticket.status - systems.duet:10\n"
                        "\n"
                        "status : enum (New, \"In Work\", Done) at status required;\n"
                        "\n"
                        "left.status <-> right.state by rule status - mapping.duet:10\n"
                        "\n"
                        "| left.status | | right.state |\n"
                        "| New | <-> | Open |\n"
                        "| \"In Work\" | -> | Open |\n"
                        "| Done | <-> | Closed |");
    json_decref(hover);
    lsp_stage_finish(&stage);
}

static void where_nothing_is_nothing_is_shown(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_of_texts(markdown());
    json_t *hover = lsp_ask(&stage, "textDocument/hover", at("\n\nimport", 1));
    assert_true(json_is_null(hover));
    json_decref(hover);
    lsp_stage_finish(&stage);
}

static void broken_text_has_the_names_that_it_had(void **state)
{
    (void)state;
    static const char broken[] = "edition 2026;\n\nimport \"systems.duet\";\n\n"
                                 "mapping m between desk.ticket as left and floor.job as right {\n"
                                 "  link left.key <-> right.desk_key;\n"
                                 "  first contact left;\n\n"
                                 "  field title  left.title  <-> right.title conflict left;\n"
                                 "  field status left.status <-> right.state conflict = {\n"
                                 "    New       <-> Open;\n";
    struct lsp_stage stage = lsp_stage_of_texts(NULL);
    change(&stage, broken);
    json_t *place = lsp_ask(&stage, "textDocument/definition",
                            lsp_at(LSP_MAPPING_URI, broken, "left.status", 0, 6));
    assert_string_equal(json_string_value(lsp_part(place, "uri")), LSP_SYSTEMS_URI);
    assert_int_equal(json_integer_value(lsp_part(place, "range.start.line")), 9);
    json_decref(place);
    lsp_stage_finish(&stage);
}

/* --- definition and references --------------------------------------------------------------------------- */

static void expect_definition(struct lsp_stage *stage, json_t *place, const char *uri, int line,
                              int column)
{
    json_t *found = lsp_ask(stage, "textDocument/definition", place);
    assert_string_equal(json_string_value(lsp_part(found, "uri")), uri);
    assert_int_equal(json_integer_value(lsp_part(found, "range.start.line")), line);
    assert_int_equal(json_integer_value(lsp_part(found, "range.start.character")), column);
    json_decref(found);
}

static void names_lead_to_their_definitions(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_of_texts(NULL);
    expect_definition(&stage, at("right.state", 6), LSP_SYSTEMS_URI, 24, 4);
    expect_definition(&stage, at("right.state", 5), LSP_MAPPING_URI, 4, 55);
    expect_definition(&stage, at("\"In Work\"", 4), LSP_SYSTEMS_URI, 9, 24);
    expect_definition(&stage, at("desk.ticket", 0), LSP_SYSTEMS_URI, 4, 7);
    expect_definition(&stage, at("desk.ticket", 11), LSP_SYSTEMS_URI, 6, 9);
    expect_definition(&stage, at("send title, status", 13), LSP_MAPPING_URI, 9, 8);
    expect_definition(&stage, at("systems.duet", 3), LSP_SYSTEMS_URI, 0, 0);
    expect_definition(&stage, lsp_at(LSP_SYSTEMS_URI, LSP_SYSTEMS, "{site}", 0, 2), LSP_SYSTEMS_URI,
                      5, 13);
    lsp_stage_finish(&stage);
}

static size_t count_references(struct lsp_stage *stage, json_t *place, bool with_definition)
{
    json_object_set_new(place, "context",
                        json_pack("{s:b}", "includeDeclaration", with_definition));
    json_t *found = lsp_ask(stage, "textDocument/references", place);
    size_t count = json_array_size(found);
    json_decref(found);
    return count;
}

static void references_are_those_of_every_open_file(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_of_texts(NULL);
    /* definition, closed when, body, rule */
    assert_int_equal(count_references(&stage, at("left.status", 6), true), 4);
    assert_int_equal(count_references(&stage, at("left.status", 6), false), 3);
    /* rule and send */
    assert_int_equal(count_references(&stage, at("field status", 6), true), 2);
    /* definition, link, first contact, each rule and its conflict, trigger */
    assert_int_equal(count_references(&stage, at("as left", 3), true), 8);
    lsp_stage_finish(&stage);
}

static void highlights_tell_the_definition_from_the_uses_of_the_file(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_of_texts(NULL);
    json_t *marks = lsp_ask(&stage, "textDocument/documentHighlight", at("field status", 6));
    assert_int_equal(json_array_size(marks), 2);
    assert_int_equal(json_integer_value(lsp_part(marks, "0.kind")), 3); /* written: defined */
    assert_int_equal(json_integer_value(lsp_part(marks, "1.kind")), 2);
    assert_int_equal(json_integer_value(lsp_part(marks, "1.range.start.line")), 16);
    json_decref(marks);
    /* The other three of `left.status` stand in the other file. */
    marks = lsp_ask(&stage, "textDocument/documentHighlight", at("left.status", 6));
    assert_int_equal(json_array_size(marks), 1);
    json_decref(marks);
    lsp_stage_finish(&stage);
}

/* --- outline, folds, tokens, layout ---------------------------------------------------------------------- */

static void the_outline_has_what_is_defined(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_of_texts(NULL);
    json_t *symbols = lsp_ask(&stage, "textDocument/documentSymbol",
                              json_pack("{s:{s:s}}", "textDocument", "uri", LSP_MAPPING_URI));
    assert_int_equal(json_array_size(symbols), 1);
    assert_string_equal(json_string_value(lsp_part(symbols, "0.name")), "m");
    assert_int_equal(json_integer_value(lsp_part(symbols, "0.kind")), 5); /* a class */
    /* The whole mapping, and its name in it. */
    assert_int_equal(json_integer_value(lsp_part(symbols, "0.range.start.character")), 0);
    assert_int_equal(json_integer_value(lsp_part(symbols, "0.range.end.line")), 17);
    assert_int_equal(json_integer_value(lsp_part(symbols, "0.selectionRange.start.character")), 8);
    assert_int_equal(json_integer_value(lsp_part(symbols, "0.selectionRange.end.line")), 4);
    assert_int_equal(json_array_size(lsp_part(symbols, "0.children")), 2);
    assert_string_equal(json_string_value(lsp_part(symbols, "0.children.1.name")), "status");
    assert_int_equal(json_integer_value(lsp_part(symbols, "0.children.1.range.end.line")), 13);
    json_decref(symbols);
    symbols = lsp_ask(&stage, "workspace/symbol", json_pack("{s:s}", "query", "InWo"));
    assert_int_equal(json_array_size(symbols), 1);
    assert_string_equal(json_string_value(lsp_part(symbols, "0.containerName")), "status");
    json_decref(symbols);
    symbols = lsp_ask(&stage, "workspace/symbol", json_pack("{s:s}", "query", "DKEY"));
    assert_int_equal(json_array_size(symbols), 1);
    assert_string_equal(json_string_value(lsp_part(symbols, "0.name")), "desk_key");
    json_decref(symbols);
    lsp_stage_finish(&stage);
}

static void blocks_and_comments_fold(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_of_texts(NULL);
    json_t *folds = lsp_ask(&stage, "textDocument/foldingRange",
                            json_pack("{s:{s:s}}", "textDocument", "uri", LSP_SYSTEMS_URI));
    /* two records, two https, two systems, and the comment of two lines */
    assert_int_equal(json_array_size(folds), 7);
    /* The line that closes a block stays to be seen. */
    assert_int_equal(json_integer_value(lsp_part(folds, "0.startLine")), 6);
    assert_int_equal(json_integer_value(lsp_part(folds, "0.endLine")), 10);
    const json_t *comment = lsp_part(folds, "6");
    assert_int_equal(json_integer_value(lsp_part(comment, "startLine")), 2);
    assert_int_equal(json_integer_value(lsp_part(comment, "endLine")), 3);
    json_decref(folds);
    lsp_stage_finish(&stage);
}

static void tokens_are_told_by_what_they_mean(void **state)
{
    (void)state;
    static const int expected[] = {
        0, 0, 6, 0, 0, /* system: a keyword */
        0, 7, 1, 5, 1, /* a: a namespace, defined here */
        0, 4, 6, 0, 0, /* record */
        0, 7, 1, 7, 1, /* t: a struct */
        1, 2, 5, 3, 0, /* # and a smile: a comment of four units and a blank */
        1, 2, 1, 8, 1, /* s: a property */
        0, 4, 4, 0, 0, /* enum */
        0, 6, 1, 9, 1, /* A: a member */
        0, 3, 2, 0, 0, /* at */
    };
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, LSP_MAPPING_URI,
             "system a { record t {\n"
             "  # \xf0\x9f\x98\x80!\n"
             "  s : enum (A) at p; } }\n");
    json_t *tokens = lsp_ask(&stage, "textDocument/semanticTokens/full",
                             json_pack("{s:{s:s}}", "textDocument", "uri", LSP_MAPPING_URI));
    const json_t *data = lsp_part(tokens, "data");
    assert_int_equal(json_array_size(data), sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < json_array_size(data); i++)
        assert_int_equal(json_integer_value(json_array_get(data, i)), expected[i]);
    json_decref(tokens);
    lsp_stage_finish(&stage);
}

/* The kind of the token at the place, by the names that the server gives its numbers. */
static const char *kind_at(const json_t *legend, const json_t *data, json_int_t line,
                           json_int_t column)
{
    json_int_t at_line = 0;
    json_int_t at_column = 0;
    for (size_t i = 0; i + 4 < json_array_size(data); i += 5) {
        json_int_t lines = json_integer_value(json_array_get(data, i));
        json_int_t columns = json_integer_value(json_array_get(data, i + 1));
        at_line += lines;
        at_column = lines > 0 ? columns : at_column + columns;
        if (at_line == line && at_column == column)
            return json_string_value(
                json_array_get(lsp_part(legend, "tokenTypes"),
                               (size_t)json_integer_value(json_array_get(data, i + 3))));
    }
    return "none";
}

static void tokens_have_the_names_of_the_legend(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_bare();
    json_t *said = lsp_ask(&stage, "initialize", json_object());
    const json_t *legend = lsp_part(said, "capabilities.semanticTokensProvider.legend");
    lsp_open(&stage, LSP_SYSTEMS_URI, LSP_SYSTEMS);
    lsp_open(&stage, LSP_MAPPING_URI, LSP_MAPPING);
    json_t *tokens = lsp_ask(&stage, "textDocument/semanticTokens/full",
                             json_pack("{s:{s:s}}", "textDocument", "uri", LSP_MAPPING_URI));
    const json_t *data = lsp_part(tokens, "data");
    assert_string_equal(kind_at(legend, data, 0, 0), "keyword");
    assert_string_equal(kind_at(legend, data, 0, 8), "number");
    assert_string_equal(kind_at(legend, data, 2, 7), "string");
    assert_string_equal(kind_at(legend, data, 4, 8), "class");      /* m */
    assert_string_equal(kind_at(legend, data, 4, 18), "namespace"); /* desk */
    assert_string_equal(kind_at(legend, data, 4, 23), "struct");    /* ticket */
    assert_string_equal(kind_at(legend, data, 4, 33), "parameter"); /* left */
    assert_string_equal(kind_at(legend, data, 9, 20), "property");  /* status */
    assert_string_equal(kind_at(legend, data, 9, 27), "operator");  /* <-> */
    assert_string_equal(kind_at(legend, data, 10, 4), "enumMember");
    json_decref(tokens);
    json_decref(said);
    lsp_stage_finish(&stage);
}

static void the_layout_changes_only_what_differs(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, LSP_MAPPING_URI, "edition   2026;\n");
    json_t *edits = lsp_ask(&stage, "textDocument/formatting",
                            json_pack("{s:{s:s}}", "textDocument", "uri", LSP_MAPPING_URI));
    assert_int_equal(json_array_size(edits), 1);
    assert_string_equal(json_string_value(lsp_part(edits, "0.newText")), "");
    assert_int_equal(json_integer_value(lsp_part(edits, "0.range.start.character")), 8);
    assert_int_equal(json_integer_value(lsp_part(edits, "0.range.end.character")), 10);
    json_decref(edits);
    change(&stage, "edition 2026;\n");
    edits = lsp_ask(&stage, "textDocument/formatting",
                    json_pack("{s:{s:s}}", "textDocument", "uri", LSP_MAPPING_URI));
    assert_int_equal(json_array_size(edits), 0);
    json_decref(edits);
    change(&stage, "edition");
    json_t *answer = lsp_answer(&stage, "textDocument/formatting",
                                json_pack("{s:{s:s}}", "textDocument", "uri", LSP_MAPPING_URI));
    assert_string_equal(json_string_value(lsp_part(answer, "error.message")),
                        "a file that doesn't parse isn't laid out: mend its errors first");
    json_decref(answer);
    lsp_stage_finish(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_field_shows_its_type_other_side_and_arms),
        cmocka_unit_test(keywords_values_and_findings_show_what_they_are),
        cmocka_unit_test(an_editor_without_markdown_gets_plain_text),
        cmocka_unit_test(where_nothing_is_nothing_is_shown),
        cmocka_unit_test(broken_text_has_the_names_that_it_had),
        cmocka_unit_test(names_lead_to_their_definitions),
        cmocka_unit_test(references_are_those_of_every_open_file),
        cmocka_unit_test(highlights_tell_the_definition_from_the_uses_of_the_file),
        cmocka_unit_test(the_outline_has_what_is_defined),
        cmocka_unit_test(blocks_and_comments_fold),
        cmocka_unit_test(tokens_are_told_by_what_they_mean),
        cmocka_unit_test(tokens_have_the_names_of_the_legend),
        cmocka_unit_test(the_layout_changes_only_what_differs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
