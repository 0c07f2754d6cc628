/* An editor for tests: a server, and every message that it sent. */
#pragma once

#include <jansson.h>

#include "engine/lsp/server.h"

struct lsp_stage {
    struct duet_lsp *lsp;
    json_t *sent; /* what wasn't taken yet */
    json_int_t last_id;
};

/* Initialized, with folders (a JSON array or NULL, taken over) and what the editor can (an object or NULL, taken over). */
struct lsp_stage lsp_stage_new(json_t *folders, json_t *capabilities);
/* Before `initialize`. */
struct lsp_stage lsp_stage_bare(void);
/* Initialized, with the two texts of lsp_texts.h open; capabilities as above. */
struct lsp_stage lsp_stage_of_texts(json_t *capabilities);
void lsp_stage_finish(struct lsp_stage *stage);

/* params are taken over. */
void lsp_tell(struct lsp_stage *stage, const char *method, json_t *params);
/* The whole answer, to be freed; other messages stay in `sent`. */
json_t *lsp_answer(struct lsp_stage *stage, const char *method, json_t *params);
/* Its result; the test fails when it is an error. */
json_t *lsp_ask(struct lsp_stage *stage, const char *method, json_t *params);

void lsp_open(struct lsp_stage *stage, const char *uri, const char *text);
/* The last findings that were told of a document; the test fails when none were. Borrowed from *stage until the next call. */
const json_t *lsp_findings(struct lsp_stage *stage, const char *uri);

/* {"textDocument": {"uri"}, "position"}: `behind` characters (ASCII) behind the nth (from 0) place of `mark` in the text. */
json_t *lsp_at(const char *uri, const char *text, const char *mark, int nth, int behind);

/* The member far down: "result.0.range.start.line"; the test fails when it isn't there. Borrowed. */
const json_t *lsp_part(const json_t *value, const char *path);
