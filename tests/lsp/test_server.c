/* Life, errors, cancelling; findings of what is open, on disk or not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/lsp_stage.h"
#include "tests/support/lsp_texts.h"

static void expect_error(json_t *answer, int code, const char *message)
{
    assert_int_equal(json_integer_value(lsp_part(answer, "error.code")), code);
    assert_string_equal(json_string_value(lsp_part(answer, "error.message")), message);
    json_decref(answer);
}

static void change(struct lsp_stage *stage, const char *uri, int version, const char *text)
{
    lsp_tell(stage, "textDocument/didChange",
             json_pack("{s:{s:s, s:i}, s:[{s:s}]}", "textDocument", "uri", uri, "version", version,
                       "contentChanges", "text", text));
}

/* --- life ------------------------------------------------------------------------------------------------ */

static void what_comes_out_of_turn_is_refused(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_bare();
    bool in_order = true;
    expect_error(lsp_answer(&stage, "textDocument/hover", json_object()), -32002,
                 "'initialize' comes before 'textDocument/hover'");
    json_decref(lsp_ask(&stage, "initialize", json_object()));
    expect_error(lsp_answer(&stage, "initialize", json_object()), -32600,
                 "'initialize' came already");
    expect_error(lsp_answer(&stage, "textDocument/magic", json_object()), -32601,
                 "'textDocument/magic' is not a method of duet");
    expect_error(lsp_answer(&stage, "textDocument/hover", json_object()), -32602,
                 "this document isn't open");
    json_decref(lsp_ask(&stage, "shutdown", json_null()));
    expect_error(lsp_answer(&stage, "textDocument/hover", json_object()), -32600,
                 "the server was shut down");
    assert_false(duet_lsp_is_over(stage.lsp, &in_order));
    lsp_tell(&stage, "exit", json_null());
    assert_true(duet_lsp_is_over(stage.lsp, &in_order));
    assert_true(in_order);
    lsp_stage_finish(&stage);
}

static void an_exit_without_shutdown_is_not_in_order(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    bool in_order = true;
    lsp_tell(&stage, "exit", json_null());
    assert_true(duet_lsp_is_over(stage.lsp, &in_order));
    assert_false(in_order);
    lsp_stage_finish(&stage);
}

static void what_is_no_message_is_told(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    json_array_clear(stage.sent);
    duet_lsp_receive(stage.lsp, json_array());
    duet_lsp_receive(stage.lsp, json_pack("{s:i, s:i}", "id", 5, "method", 6));
    while (duet_lsp_work(stage.lsp))
        continue;
    assert_int_equal(json_array_size(stage.sent), 2);
    assert_true(json_is_null(lsp_part(stage.sent, "0.id")));
    assert_int_equal(json_integer_value(lsp_part(stage.sent, "0.error.code")), -32600);
    assert_int_equal(json_integer_value(lsp_part(stage.sent, "1.id")), 5);
    /* An answer to one of our own requests is taken without a word. */
    json_array_clear(stage.sent);
    duet_lsp_receive(stage.lsp, json_pack("{s:i, s:n}", "id", 1, "result"));
    while (duet_lsp_work(stage.lsp))
        continue;
    assert_int_equal(json_array_size(stage.sent), 0);
    lsp_stage_finish(&stage);
}

static void a_request_that_waits_can_be_cancelled(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    json_array_clear(stage.sent);
    for (int id = 70; id <= 71; id++)
        duet_lsp_receive(stage.lsp, json_pack("{s:i, s:s, s:{s:s}}", "id", id, "method",
                                              "workspace/symbol", "params", "query", ""));
    duet_lsp_receive(stage.lsp,
                     json_pack("{s:s, s:{s:i}}", "method", "$/cancelRequest", "params", "id", 71));
    while (duet_lsp_work(stage.lsp))
        continue;
    assert_int_equal(json_array_size(stage.sent), 2);
    assert_int_equal(json_integer_value(lsp_part(stage.sent, "0.id")), 71);
    assert_int_equal(json_integer_value(lsp_part(stage.sent, "0.error.code")), -32800);
    assert_int_equal(json_integer_value(lsp_part(stage.sent, "1.id")), 70);
    assert_true(json_is_array(lsp_part(stage.sent, "1.result")));
    lsp_stage_finish(&stage);
}

static void columns_are_utf8_where_the_editor_offers_it(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_bare();
    json_t *result = lsp_ask(&stage, "initialize",
                             json_pack("{s:{s:{s:[s, s]}}}", "capabilities", "general",
                                       "positionEncodings", "utf-16", "utf-8"));
    assert_string_equal(json_string_value(lsp_part(result, "capabilities.positionEncoding")),
                        "utf-8");
    json_decref(result);
    lsp_stage_finish(&stage);
}

/* --- findings -------------------------------------------------------------------------------------------- */

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

static void a_path_with_odd_letters_is_found_again(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, "file:///w%20x/%C3%A4/systems.duet", LSP_SYSTEMS);
    lsp_open(&stage, "file:///w%20x/b/../%C3%A4/mapping.duet", LSP_MAPPING);
    assert_int_equal(
        json_array_size(lsp_findings(&stage, "file:///w%20x/b/../%C3%A4/mapping.duet")), 0);
    lsp_stage_finish(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_out_of_turn_is_refused),
        cmocka_unit_test(an_exit_without_shutdown_is_not_in_order),
        cmocka_unit_test(what_is_no_message_is_told),
        cmocka_unit_test(a_request_that_waits_can_be_cancelled),
        cmocka_unit_test(columns_are_utf8_where_the_editor_offers_it),
        cmocka_unit_test(what_is_open_is_imported),
        cmocka_unit_test(a_finding_has_its_place_code_and_fix),
        cmocka_unit_test(findings_of_an_import_are_told_there_and_taken_back),
        cmocka_unit_test(what_is_unused_is_tagged),
        cmocka_unit_test(the_proof_is_told_when_a_file_is_opened_or_saved_not_while_typing),
        cmocka_unit_test(the_proof_of_each_open_file_is_told_again_with_any_other),
        cmocka_unit_test(a_path_with_odd_letters_is_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
