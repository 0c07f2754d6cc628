/* Findings of what is open, on disk or not; the proof's; fixes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/source.h"
#include "tests/support/lsp_stage.h"
#include "tests/support/lsp_texts.h"

static void change(struct lsp_stage *stage, const char *uri, int version, const char *text)
{
    lsp_tell(stage, "textDocument/didChange",
             json_pack("{s:{s:s, s:i}, s:[{s:s}]}", "textDocument", "uri", uri, "version", version,
                       "contentChanges", "text", text));
}

static void what_is_open_is_imported(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, LSP_MAPPING_URI, LSP_MAPPING);
    assert_string_equal(
        json_string_value(lsp_part(lsp_findings(&stage, LSP_MAPPING_URI), "0.code")), "D013");
    lsp_open(&stage, LSP_SYSTEMS_URI, LSP_SYSTEMS);
    assert_int_equal(json_array_size(lsp_findings(&stage, LSP_MAPPING_URI)), 0);
    assert_int_equal(json_array_size(lsp_findings(&stage, LSP_SYSTEMS_URI)), 0);
    lsp_tell(&stage, "textDocument/didClose",
             json_pack("{s:{s:s}}", "textDocument", "uri", LSP_SYSTEMS_URI));
    assert_int_equal(json_array_size(lsp_findings(&stage, LSP_MAPPING_URI)), 1);
    lsp_stage_finish(&stage);
}

static void a_finding_has_its_place_code_and_fix(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_bare();
    json_decref(lsp_ask(&stage, "initialize",
                        json_pack("{s:{s:s}, s:{}}", "initializationOptions", "pages",
                                  "https://example.com/findings/", "capabilities")));
    lsp_open(&stage, LSP_SYSTEMS_URI, LSP_SYSTEMS);
    lsp_open(&stage, LSP_MAPPING_URI,
             "edition 2026;\nimport \"systems.duet\";\n"
             "mapping m between desk.ticket as left and floor.job as right {\n"
             "  link left.key <-> right.desk_key; first contact left;\n"
             "  field s left.statis <-> right.state conflict left;\n"
             "  on left change send s; on right change send s;\n"
             "}\n");
    const json_t *finding = lsp_part(lsp_findings(&stage, LSP_MAPPING_URI), "0");
    json_t *expected = json_pack("{s:{s:i, s:i}, s:{s:i, s:i}}", "start", "line", 4, "character",
                                 10, "end", "line", 4, "character", 21);
    assert_true(json_equal(lsp_part(finding, "range"), expected));
    json_decref(expected);
    assert_int_equal(json_integer_value(lsp_part(finding, "severity")), 1);
    assert_string_equal(json_string_value(lsp_part(finding, "code")), "D023");
    assert_string_equal(json_string_value(lsp_part(finding, "codeDescription.href")),
                        "https://example.com/findings/D023");
    assert_non_null(strstr(json_string_value(lsp_part(finding, "message")),
                           "desk.ticket has no field 'statis'"));
    json_t *wish = json_pack("{s:{s:s}, s:O, s:{s:[]}}", "textDocument", "uri", LSP_MAPPING_URI,
                             "range", lsp_part(finding, "range"), "context", "diagnostics");
    json_t *actions = lsp_ask(&stage, "textDocument/codeAction", wish);
    assert_string_equal(json_string_value(lsp_part(actions, "0.kind")), "quickfix");
    assert_true(json_is_true(lsp_part(actions, "0.isPreferred")));
    const json_t *edit =
        json_array_get(json_object_get(lsp_part(actions, "0.edit.changes"), LSP_MAPPING_URI), 0);
    assert_non_null(strstr(json_string_value(lsp_part(edit, "newText")), "status"));
    json_decref(actions);
    lsp_stage_finish(&stage);
}

static void findings_of_an_import_are_told_there_and_taken_back(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, LSP_SYSTEMS_URI, LSP_SYSTEMS);
    lsp_open(&stage, LSP_MAPPING_URI, LSP_MAPPING);
    change(&stage, LSP_SYSTEMS_URI, 2, "edition 2026;\nsystem desk { record ticket { } }\n");
    const json_t *there = lsp_findings(&stage, LSP_SYSTEMS_URI);
    assert_true(json_array_size(there) > 0);
    /* Both files lead to it, and it is told once. */
    for (size_t i = 1; i < json_array_size(there); i++)
        assert_false(json_equal(json_array_get(there, 0), json_array_get(there, i)));
    assert_true(json_array_size(lsp_findings(&stage, LSP_MAPPING_URI)) > 0);
    change(&stage, LSP_SYSTEMS_URI, 3, LSP_SYSTEMS);
    assert_int_equal(json_array_size(lsp_findings(&stage, LSP_SYSTEMS_URI)), 0);
    assert_int_equal(json_array_size(lsp_findings(&stage, LSP_MAPPING_URI)), 0);
    lsp_stage_finish(&stage);
}

static void what_is_unused_is_tagged(void **state)
{
    (void)state;
    static const char uri[] = "file:///w/hub.duet";
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, LSP_SYSTEMS_URI, LSP_SYSTEMS);
    lsp_open(&stage, uri, "edition 2026;\nimport \"systems.duet\";\nhub h runs floor { }\n");
    const json_t *finding = lsp_part(lsp_findings(&stage, uri), "0");
    assert_string_equal(json_string_value(lsp_part(finding, "code")), "D034");
    assert_int_equal(json_integer_value(lsp_part(finding, "tags.0")), 1);
    assert_int_equal(json_integer_value(lsp_part(finding, "severity")), 2);
    lsp_stage_finish(&stage);
}

/* Of `status` only what the desk changes goes over: the floor's edits stay for ever. */
#define UNSENT                                                                                     \
    "edition 2026;\nimport \"systems.duet\";\n"                                                    \
    "mapping m between desk.ticket as left and floor.job as right {\n"                             \
    "  link left.key <-> right.desk_key; first contact left;\n"                                    \
    "  field status left.status <-> right.state conflict left {\n"                                 \
    "    New <-> Open; \"In Work\" -> Open; Done <-> Closed;\n"                                    \
    "  }\n"                                                                                        \
    "  on left change send status;\n"                                                              \
    "  on right close send status;\n"                                                              \
    "}\n"

static bool has_code(const json_t *findings, const char *code)
{
    for (size_t i = 0; i < json_array_size(findings); i++) {
        if (strcmp(json_string_value(lsp_part(json_array_get(findings, i), "code")), code) == 0)
            return true;
    }
    return false;
}

static void the_proof_is_told_when_a_file_is_opened_or_saved_not_while_typing(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, LSP_SYSTEMS_URI, LSP_SYSTEMS);
    lsp_open(&stage, LSP_MAPPING_URI, UNSENT);
    assert_true(has_code(lsp_findings(&stage, LSP_MAPPING_URI), "D305"));
    change(&stage, LSP_MAPPING_URI, 2, UNSENT "\n");
    assert_false(has_code(lsp_findings(&stage, LSP_MAPPING_URI), "D305"));
    lsp_tell(&stage, "textDocument/didSave",
             json_pack("{s:{s:s}}", "textDocument", "uri", LSP_MAPPING_URI));
    assert_true(has_code(lsp_findings(&stage, LSP_MAPPING_URI), "D305"));
    change(&stage, LSP_MAPPING_URI, 3, LSP_MAPPING);
    lsp_tell(&stage, "textDocument/didSave",
             json_pack("{s:{s:s}}", "textDocument", "uri", LSP_MAPPING_URI));
    assert_int_equal(json_array_size(lsp_findings(&stage, LSP_MAPPING_URI)), 0);
    lsp_stage_finish(&stage);
}

/* What is proved of a file rests on the others, too: none loses its findings because another one is opened, saved or closed. */
static void the_proof_of_each_open_file_is_told_again_with_any_other(void **state)
{
    (void)state;
    static const char other[] = "file:///w/other.duet";
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, LSP_SYSTEMS_URI, LSP_SYSTEMS);
    lsp_open(&stage, LSP_MAPPING_URI, UNSENT);
    lsp_open(&stage, other, "edition 2026;\n");
    assert_true(has_code(lsp_findings(&stage, LSP_MAPPING_URI), "D305"));
    change(&stage, LSP_SYSTEMS_URI, 2, "# The same.\n" LSP_SYSTEMS);
    assert_false(has_code(lsp_findings(&stage, LSP_MAPPING_URI), "D305"));
    lsp_tell(&stage, "textDocument/didSave",
             json_pack("{s:{s:s}}", "textDocument", "uri", LSP_SYSTEMS_URI));
    assert_true(has_code(lsp_findings(&stage, LSP_MAPPING_URI), "D305"));
    change(&stage, other, 2, "");
    lsp_tell(&stage, "textDocument/didClose", json_pack("{s:{s:s}}", "textDocument", "uri", other));
    assert_true(has_code(lsp_findings(&stage, LSP_MAPPING_URI), "D305"));
    lsp_stage_finish(&stage);
}

/* Everything that `duet check` prints of a finding is in its message, a line each. */
static void a_finding_says_all_that_is_known(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, LSP_SYSTEMS_URI, LSP_SYSTEMS);
    lsp_open(&stage, LSP_MAPPING_URI, UNSENT);
    assert_string_equal(
        json_string_value(lsp_part(lsp_findings(&stage, LSP_MAPPING_URI), "0.message")),
        "an edit of 'status' is never sent\n"
        "before: left status = Done; right state = Closed\n"
        "edit: right state = Open\n"
        "outcome: status stays pending, whatever else is edited in right\n"
        "help: name it in a trigger that holds then, or let it go one way only\n"
        "in mapping m");
    lsp_stage_finish(&stage);
}

/* Where much could stand, what could is a line of its own. */
static void what_was_expected_is_a_line(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, LSP_SYSTEMS_URI, "edition 2026;\n42;\n");
    assert_string_equal(
        json_string_value(lsp_part(lsp_findings(&stage, LSP_SYSTEMS_URI), "0.message")),
        "'42' can't stand here\n"
        "expected the end of the file, 'edition', 'import', 'system', 'mapping', 'test', 'hub', "
        "'tenant' or 'fleet'");
    lsp_stage_finish(&stage);
}

static void a_finding_leads_to_what_it_speaks_of(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, LSP_SYSTEMS_URI, LSP_SYSTEMS);
    lsp_open(&stage, LSP_MAPPING_URI,
             "edition 2026;\nimport \"systems.duet\";\n"
             "mapping m between desk.ticket as left and floor.job as right {\n"
             "  link left.key <-> right.desk_key; first contact left;\n"
             "  field s left.status <-> right.state conflict left {\n"
             "    New <-> Open; \"In Work\" -> Open; Dne <-> Closed;\n"
             "  }\n"
             "  on left change send s; on right change send s;\n"
             "}\n");
    const json_t *finding = lsp_part(lsp_findings(&stage, LSP_MAPPING_URI), "0");
    assert_string_equal(json_string_value(lsp_part(finding, "code")), "D030");
    const json_t *related = lsp_part(finding, "relatedInformation.0");
    assert_string_equal(json_string_value(lsp_part(related, "location.uri")), LSP_SYSTEMS_URI);
    assert_int_equal(json_integer_value(lsp_part(related, "location.range.start.line")), 9);
    lsp_stage_finish(&stage);
}

static void findings_are_those_of_a_version(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, LSP_SYSTEMS_URI, LSP_SYSTEMS);
    json_array_clear(stage.sent);
    change(&stage, LSP_SYSTEMS_URI, 12, LSP_SYSTEMS);
    assert_int_equal(json_integer_value(lsp_part(stage.sent, "0.params.version")), 12);
    lsp_stage_finish(&stage);
}

/* Of a closed file nobody wants to hear any more, and nobody proves one with errors. */
static void what_is_closed_or_wrong_has_no_findings_left(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, LSP_SYSTEMS_URI, LSP_SYSTEMS);
    lsp_open(&stage, LSP_MAPPING_URI, UNSENT "system x { record y { } }\n");
    assert_true(has_code(lsp_findings(&stage, LSP_MAPPING_URI), "D040"));
    assert_false(has_code(lsp_findings(&stage, LSP_MAPPING_URI), "D305"));
    lsp_tell(&stage, "textDocument/didClose",
             json_pack("{s:{s:s}}", "textDocument", "uri", LSP_MAPPING_URI));
    assert_int_equal(json_array_size(lsp_findings(&stage, LSP_MAPPING_URI)), 0);
    lsp_stage_finish(&stage);
}

static void a_file_too_large_says_so(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    size_t length = (size_t)DUET_SOURCE_BYTES_MAX + 1;
    char *text = malloc(length + 1);
    assert_non_null(text);
    memset(text, ' ', length);
    text[length] = '\0';
    json_array_clear(stage.sent);
    lsp_open(&stage, LSP_MAPPING_URI, text);
    free(text);
    assert_string_equal(json_string_value(lsp_part(stage.sent, "0.method")), "window/showMessage");
    assert_string_equal(json_string_value(lsp_part(stage.sent, "0.params.message")),
                        "this file is too large for duet: it is taken as empty");
    lsp_stage_finish(&stage);
}

/* --- fixes ----------------------------------------------------------------------------------------------- */

static json_t *actions_at(struct lsp_stage *stage, int line, int column)
{
    return lsp_ask(stage, "textDocument/codeAction",
                   json_pack("{s:{s:s}, s:{s:{s:i, s:i}, s:{s:i, s:i}}, s:{s:[]}}", "textDocument",
                             "uri", LSP_MAPPING_URI, "range", "start", "line", line, "character",
                             column, "end", "line", line, "character", column, "context",
                             "diagnostics"));
}

static void a_fix_is_offered_where_its_finding_is_with_what_it_writes(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, LSP_MAPPING_URI, "edition 2026;\nsystm a { }\n");
    json_t *actions = actions_at(&stage, 1, 2);
    assert_int_equal(json_array_size(actions), 1);
    assert_string_equal(json_string_value(lsp_part(actions, "0.title")),
                        "write 'system' instead of 'systm'");
    assert_string_equal(json_string_value(lsp_part(actions, "0.diagnostics.0.code")), "D001");
    const json_t *edits = json_object_get(lsp_part(actions, "0.edit.changes"), LSP_MAPPING_URI);
    assert_string_equal(json_string_value(lsp_part(edits, "0.newText")), "system");
    assert_int_equal(json_integer_value(lsp_part(edits, "0.range.end.character")), 5);
    json_decref(actions);
    actions = actions_at(&stage, 0, 2);
    assert_int_equal(json_array_size(actions), 0);
    json_decref(actions);
    lsp_stage_finish(&stage);
}

/* The request comes before the findings of the last edit were told. */
static void fixes_are_those_of_the_text_as_it_is(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, LSP_MAPPING_URI, "edition 2026;\n");
    duet_lsp_receive(stage.lsp, json_pack("{s:s, s:{s:{s:s, s:i}, s:[{s:s}]}}", "method",
                                          "textDocument/didChange", "params", "textDocument", "uri",
                                          LSP_MAPPING_URI, "version", 2, "contentChanges", "text",
                                          "edition 2026;\nsystm a { }\n"));
    json_t *actions = actions_at(&stage, 1, 2);
    assert_int_equal(json_array_size(actions), 1);
    json_decref(actions);
    lsp_stage_finish(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_open_is_imported),
        cmocka_unit_test(a_finding_has_its_place_code_and_fix),
        cmocka_unit_test(findings_of_an_import_are_told_there_and_taken_back),
        cmocka_unit_test(what_is_unused_is_tagged),
        cmocka_unit_test(the_proof_is_told_when_a_file_is_opened_or_saved_not_while_typing),
        cmocka_unit_test(the_proof_of_each_open_file_is_told_again_with_any_other),
        cmocka_unit_test(a_finding_says_all_that_is_known),
        cmocka_unit_test(what_was_expected_is_a_line),
        cmocka_unit_test(a_finding_leads_to_what_it_speaks_of),
        cmocka_unit_test(findings_are_those_of_a_version),
        cmocka_unit_test(what_is_closed_or_wrong_has_no_findings_left),
        cmocka_unit_test(a_file_too_large_says_so),
        cmocka_unit_test(a_fix_is_offered_where_its_finding_is_with_what_it_writes),
        cmocka_unit_test(fixes_are_those_of_the_text_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
