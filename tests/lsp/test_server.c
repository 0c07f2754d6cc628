/* Life, errors, cancelling. */
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

/* An editor asks only for what is announced. */
static void what_it_can_is_announced(void **state)
{
    (void)state;
    static const char *const providers[] = {
        "hoverProvider",          "definitionProvider",        "referencesProvider",
        "documentSymbolProvider", "documentHighlightProvider", "workspaceSymbolProvider",
        "foldingRangeProvider",   "documentFormattingProvider"
    };
    struct lsp_stage stage = lsp_stage_bare();
    json_t *result = lsp_ask(&stage, "initialize", json_object());
    const json_t *can = lsp_part(result, "capabilities");
    for (size_t i = 0; i < sizeof providers / sizeof providers[0]; i++)
        assert_true(json_is_true(lsp_part(can, providers[i])));
    assert_true(json_is_true(lsp_part(can, "textDocumentSync.openClose")));
    assert_true(json_is_true(lsp_part(can, "textDocumentSync.save")));
    assert_int_equal(json_integer_value(lsp_part(can, "textDocumentSync.change")), 2);
    assert_true(json_is_true(lsp_part(can, "renameProvider.prepareProvider")));
    assert_true(json_is_true(lsp_part(can, "semanticTokensProvider.full")));
    assert_string_equal(json_string_value(lsp_part(can, "codeActionProvider.codeActionKinds.0")),
                        "quickfix");
    assert_string_equal(json_string_value(lsp_part(can, "completionProvider.triggerCharacters.0")),
                        ".");
    assert_true(json_is_true(lsp_part(can, "workspace.workspaceFolders.changeNotifications")));
    assert_string_equal(json_string_value(lsp_part(can, "positionEncoding")), "utf-16");
    json_decref(result);
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

/* --- paths ----------------------------------------------------------------------------------------------- */

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

static void a_document_opened_twice_has_the_second_text(void **state)
{
    (void)state;
    struct lsp_stage stage = lsp_stage_new(NULL, NULL);
    lsp_open(&stage, LSP_SYSTEMS_URI, "system");
    lsp_open(&stage, LSP_SYSTEMS_URI, LSP_SYSTEMS);
    assert_int_equal(json_array_size(lsp_findings(&stage, LSP_SYSTEMS_URI)), 0);
    lsp_tell(&stage, "textDocument/didClose",
             json_pack("{s:{s:s}}", "textDocument", "uri", LSP_SYSTEMS_URI));
    json_t *answer = lsp_answer(&stage, "textDocument/hover",
                                lsp_at(LSP_SYSTEMS_URI, LSP_SYSTEMS, "desk", 0, 0));
    expect_error(answer, -32602, "this document isn't open");
    lsp_stage_finish(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_out_of_turn_is_refused),
        cmocka_unit_test(what_it_can_is_announced),
        cmocka_unit_test(an_exit_without_shutdown_is_not_in_order),
        cmocka_unit_test(what_is_no_message_is_told),
        cmocka_unit_test(a_request_that_waits_can_be_cancelled),
        cmocka_unit_test(columns_are_utf8_where_the_editor_offers_it),
        cmocka_unit_test(a_document_opened_twice_has_the_second_text),
        cmocka_unit_test(a_path_with_odd_letters_is_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
