#include "tests/support/lsp_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/lsp_texts.h"

static void keep(void *context, const json_t *message)
{
    json_array_append_new(context, json_deep_copy(message));
}

struct lsp_stage lsp_stage_bare(void)
{
    struct lsp_stage stage = { .sent = json_array() };
    stage.lsp = duet_lsp_new("test", keep, stage.sent);
    return stage;
}

struct lsp_stage lsp_stage_new(json_t *folders, json_t *capabilities)
{
    struct lsp_stage stage = lsp_stage_bare();
    json_decref(lsp_ask(&stage, "initialize",
                        json_pack("{s:o, s:o}", "workspaceFolders", folders ? folders : json_null(),
                                  "capabilities", capabilities ? capabilities : json_object())));
    lsp_tell(&stage, "initialized", json_object());
    return stage;
}

struct lsp_stage lsp_stage_of_texts(json_t *capabilities)
{
    struct lsp_stage stage = lsp_stage_new(NULL, capabilities);
    lsp_open(&stage, LSP_SYSTEMS_URI, LSP_SYSTEMS);
    lsp_open(&stage, LSP_MAPPING_URI, LSP_MAPPING);
    return stage;
}

void lsp_stage_finish(struct lsp_stage *stage)
{
    duet_lsp_free(stage->lsp);
    json_decref(stage->sent);
}

static void work(struct lsp_stage *stage)
{
    while (duet_lsp_work(stage->lsp))
        continue;
}

void lsp_tell(struct lsp_stage *stage, const char *method, json_t *params)
{
    duet_lsp_receive(stage->lsp, json_pack("{s:s, s:s, s:o}", "jsonrpc", "2.0", "method", method,
                                           "params", params));
    work(stage);
}

json_t *lsp_answer(struct lsp_stage *stage, const char *method, json_t *params)
{
    json_int_t id = ++stage->last_id;
    duet_lsp_receive(stage->lsp, json_pack("{s:s, s:I, s:s, s:o}", "jsonrpc", "2.0", "id", id,
                                           "method", method, "params", params));
    work(stage);
    for (size_t i = 0; i < json_array_size(stage->sent); i++) {
        json_t *message = json_array_get(stage->sent, i);
        if (json_object_get(message, "method") ||
            json_integer_value(json_object_get(message, "id")) != id)
            continue;
        json_incref(message);
        json_array_remove(stage->sent, i);
        return message;
    }
    fail_msg("'%s' wasn't answered", method);
    return NULL;
}

json_t *lsp_ask(struct lsp_stage *stage, const char *method, json_t *params)
{
    json_t *answer = lsp_answer(stage, method, params);
    const json_t *error = json_object_get(answer, "error");
    if (error)
        fail_msg("'%s': %s", method, json_string_value(json_object_get(error, "message")));
    json_t *result = json_incref(json_object_get(answer, "result"));
    assert_non_null(result);
    json_decref(answer);
    return result;
}

void lsp_open(struct lsp_stage *stage, const char *uri, const char *text)
{
    lsp_tell(stage, "textDocument/didOpen",
             json_pack("{s:{s:s, s:s, s:i, s:s}}", "textDocument", "uri", uri, "languageId", "duet",
                       "version", 1, "text", text));
}

const json_t *lsp_findings(struct lsp_stage *stage, const char *uri)
{
    for (size_t i = json_array_size(stage->sent); i-- > 0;) {
        const json_t *params = json_object_get(json_array_get(stage->sent, i), "params");
        const char *of = json_string_value(json_object_get(params, "uri"));
        const json_t *findings = json_object_get(params, "diagnostics");
        if (findings && of && strcmp(of, uri) == 0)
            return findings;
    }
    fail_msg("nothing was told of %s", uri);
    return NULL;
}

json_t *lsp_at(const char *uri, const char *text, const char *mark, int nth, int behind)
{
    const char *at = strstr(text, mark);
    for (; at && nth > 0; nth--)
        at = strstr(at + 1, mark);
    assert_non_null(at);
    at += behind;
    int line = 0;
    const char *start = text;
    for (const char *c = text; c < at; c++) {
        if (*c == '\n') {
            line++;
            start = c + 1;
        }
    }
    return json_pack("{s:{s:s}, s:{s:i, s:i}}", "textDocument", "uri", uri, "position", "line",
                     line, "character", (int)(at - start));
}

const json_t *lsp_part(const json_t *value, const char *path)
{
    while (*path) {
        char step[64];
        size_t length = strcspn(path, ".");
        assert_true(length < sizeof step);
        memcpy(step, path, length);
        step[length] = '\0';
        value = json_is_array(value) ? json_array_get(value, strtoul(step, NULL, 10))
                                     : json_object_get(value, step);
        if (!value)
            fail_msg("there is no '%s'", path);
        path += length + (path[length] == '.');
    }
    return value;
}
