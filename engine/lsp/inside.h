/* What the server's modules share: its state, documents and views of them. Nobody else's business. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "dsl/diag.h"
#include "dsl/index.h"
#include "dsl/tokens_seen.h"
#include "engine/lsp/lines.h"
#include "engine/lsp/server.h"

struct duet_arena;
struct duet_ast_program;

/* --- documents ------------------------------------------------------------------------------------------- */

/* A file and what it imports, with what is open in the editor standing in for files. */
struct duet_view {
    struct duet_arena *arena; /* owns everything here but the sources */
    struct duet_intern *names;
    struct duet_sources *sources;
    struct duet_diags *diags;
    struct duet_ast_program *program;
    struct duet_index *index;
    const char *path;
    struct duet_lines *lines; /* by number of the file; made when first asked for */
    bool is_whole;            /* every statement of the file itself is in the tree */
    struct duet_view *next;
};

/* An open file; lives in its own arena. */
struct duet_document {
    struct duet_arena *arena;
    const char *uri;
    const char *path;
    json_int_t version;
    struct duet_arena *text_arena; /* of the text alone */
    const char *text;              /* NUL behind it */
    size_t length;
    struct duet_view *good; /* the last that was whole: names when the text is broken */
    bool to_be_proved;
    const json_t *proved; /* findings of the proof, until the text changes; NULL: none */
    struct duet_document *next;
};

enum duet_lsp_state { DUET_LSP_NEW, DUET_LSP_RUNNING, DUET_LSP_SHUT_DOWN, DUET_LSP_OVER };

struct duet_lsp {
    struct duet_arena *arena;
    const char *version;
    duet_lsp_send send;
    void *context;
    enum duet_lsp_state state;
    bool ended_in_order;
    enum duet_encoding encoding;
    bool has_markdown;     /* hover takes it */
    bool has_watching;     /* files may be watched on our demand */
    bool has_change_order; /* edits of several documents as `documentChanges` */
    const char *pages; /* where findings are explained: the code is put behind it; NULL: nowhere */
    json_t *folders;   /* paths of the workspace's folders */
    json_t *queue;     /* messages */
    json_t *told;      /* findings that the editor has, by URI */
    struct duet_document *documents;
    struct duet_view *views; /* as long as no text changes */
    bool findings_are_old;
    json_int_t last_request;
};

void duet_lsp_document_free(struct duet_document *document);
struct duet_document *duet_lsp_document(const struct duet_lsp *lsp, const char *uri);
struct duet_document *duet_lsp_document_at(const struct duet_lsp *lsp, const char *path);

/* The URI under which the editor knows a path: as it opened it. In the arena. */
const char *duet_lsp_uri_of(const struct duet_lsp *lsp, struct duet_arena *arena, const char *path);

/* All texts may be others now. */
void duet_lsp_texts_changed(struct duet_lsp *lsp);

/* --- views ----------------------------------------------------------------------------------------------- */

/* NULL: the file can't be read. Valid until a text changes. */
struct duet_view *duet_lsp_view(struct duet_lsp *lsp, const char *path);
/* Every file of the workspace that is open, or lies in one of its folders. Each is read with what it imports. */
void duet_lsp_view_all(struct duet_lsp *lsp);
void duet_lsp_drop_views(struct duet_lsp *lsp);
void duet_view_free(struct duet_view *view); /* NULL is fine */

/* A view that has a file, by its number there; NULL: none. */
struct duet_view *duet_lsp_view_with(const struct duet_lsp *lsp, const char *path,
                                     uint32_t *file_out);

/* Sources that look first at what is open in the editor; the caller's, while the server lives. */
struct duet_sources *duet_lsp_sources(const struct duet_lsp *lsp);

/* The tokens of the file itself. */
struct duet_lexemes duet_view_lexemes(struct duet_view *view);
/* The number of the file itself. */
uint32_t duet_view_file(const struct duet_view *view);
const struct duet_lines *duet_view_lines(const struct duet_lsp *lsp, struct duet_view *view,
                                         uint32_t file);
/* {"uri": ..., "range": ...} of a span, which must be in a file. */
json_t *duet_view_location(const struct duet_lsp *lsp, struct duet_view *view, struct duet_span at);
json_t *duet_view_range(const struct duet_lsp *lsp, struct duet_view *view, struct duet_span at);

/* --- requests -------------------------------------------------------------------------------------------- */

#define DUET_LSP_PARSE_ERROR (-32700)
#define DUET_LSP_INVALID_REQUEST (-32600)
#define DUET_LSP_METHOD_NOT_FOUND (-32601)
#define DUET_LSP_INVALID_PARAMS (-32602)
#define DUET_LSP_NOT_INITIALIZED (-32002)
#define DUET_LSP_REQUEST_FAILED (-32803)
#define DUET_LSP_REQUEST_CANCELLED (-32800)

/* Why a request has no answer. */
struct duet_lsp_failure {
    int code; /* 0: it has one */
    char text[512];
};

/* Sets the failure and gives back NULL. */
__attribute__((format(printf, 3, 4))) json_t *duet_lsp_fail(struct duet_lsp_failure *failure,
                                                            int code, const char *format, ...);

/* Where a request points to. */
struct duet_spot {
    struct duet_document *document;
    struct duet_view *view; /* of the document as it is */
    const struct duet_lines *lines;
    uint32_t file;
    size_t offset;
};

/* The document and, when `with_position`, the offset in it. False: the failure is set. */
enum duet_spot_kind { DUET_SPOT_DOCUMENT, DUET_SPOT_POSITION };
bool duet_lsp_spot(struct duet_lsp *lsp, const json_t *params, enum duet_spot_kind kind,
                   struct duet_spot *spot_out, struct duet_lsp_failure *failure);

/* The name at a spot in the text as it is, or as it was when it last was whole. NULL: none; *view_out: where it was found. */
const struct duet_use *duet_lsp_name_at(const struct duet_spot *spot, struct duet_view **view_out);

/* A JSON text; bytes that aren't UTF-8 become question marks. */
json_t *duet_lsp_text(const char *text);
/* The text of a member, NULL when it is none. */
const char *duet_lsp_member(const json_t *object, const char *key);

#define X(method, answer)                                                                          \
    json_t *duet_lsp_##answer(struct duet_lsp *lsp, const json_t *params,                          \
                              struct duet_lsp_failure *failure);
#define Y(method, take) void duet_lsp_##take(struct duet_lsp *lsp, const json_t *params);
#include "engine/lsp/methods.def"
#undef X
#undef Y

/* Whether two views mean the same definition. */
bool duet_lsp_same_symbol(const struct duet_view *a, const struct duet_symbol *left,
                          const struct duet_view *b, const struct duet_symbol *right);
/* What people call a kind of symbol. */
const char *duet_lsp_kind_name(enum duet_symbol_kind kind);

/* --- life and findings ----------------------------------------------------------------------------------- */

/* life.c: what the editor can do, and what the server says that it can. */
json_t *duet_lsp_initialize(struct duet_lsp *lsp, const json_t *params);
void duet_lsp_initialized(struct duet_lsp *lsp);

void duet_lsp_notify(struct duet_lsp *lsp, const char *method, json_t *params);
void duet_lsp_request(struct duet_lsp *lsp, const char *method, json_t *params);

/* findings.c: tells the findings of every open document. */
void duet_lsp_publish(struct duet_lsp *lsp);
/* Proves one document that was saved; false: none waits. */
bool duet_lsp_prove_next(struct duet_lsp *lsp);
/* A place for every kind of finding as LSP has it; used by codeAction, too. */
json_t *duet_lsp_code_text(enum duet_diag_code code);
