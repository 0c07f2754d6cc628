/* What is open in the editor, and how it is edited. */
#include <string.h>

#include "dsl/arena.h"
#include "dsl/source.h"
#include "engine/lsp/inside.h"
#include "engine/lsp/uri.h"

/* --- finding --------------------------------------------------------------------------------------------- */

struct duet_document *duet_lsp_document(const struct duet_lsp *lsp, const char *uri)
{
    struct duet_document *document = lsp->documents;
    while (document && strcmp(document->uri, uri) != 0)
        document = document->next;
    return document;
}

struct duet_document *duet_lsp_document_at(const struct duet_lsp *lsp, const char *path)
{
    struct duet_document *document = lsp->documents;
    while (document && strcmp(document->path, path) != 0)
        document = document->next;
    return document;
}

const char *duet_lsp_uri_of(const struct duet_lsp *lsp, struct duet_arena *arena, const char *path)
{
    const struct duet_document *document = duet_lsp_document_at(lsp, path);
    return document ? document->uri : duet_uri_of(arena, path);
}

/* --- texts ----------------------------------------------------------------------------------------------- */

void duet_lsp_texts_changed(struct duet_lsp *lsp)
{
    duet_lsp_drop_views(lsp);
    lsp->findings_are_old = true;
}

/* The text becomes before + middle + after; the three may point into the old text. */
struct piece {
    const char *text;
    size_t length;
};

static void set_text(struct duet_lsp *lsp, struct duet_document *document, struct piece before,
                     struct piece middle, struct piece after)
{
    size_t length = before.length + middle.length + after.length;
    if (length > DUET_SOURCE_BYTES_MAX) {
        duet_lsp_notify(lsp, "window/showMessage",
                        json_pack("{s:i, s:s}", "type", 1, "message",
                                  "this file is too large for duet: it is taken as empty"));
        before.length = middle.length = after.length = length = 0;
    }
    struct duet_arena *arena = duet_arena_new();
    char *text = duet_arena_alloc(arena, length + 1);
    if (before.length > 0)
        memcpy(text, before.text, before.length);
    if (middle.length > 0)
        memcpy(text + before.length, middle.text, middle.length);
    if (after.length > 0)
        memcpy(text + before.length + middle.length, after.text, after.length);
    duet_arena_free(document->text_arena);
    document->text_arena = arena;
    document->text = text;
    document->length = length;
}

static struct piece piece_of(const json_t *text)
{
    return (struct piece){ json_string_value(text), json_string_length(text) };
}

static void set_whole(struct duet_lsp *lsp, struct duet_document *document, const json_t *text)
{
    set_text(lsp, document, (struct piece){ 0 }, piece_of(text), (struct piece){ 0 });
}

static void replace(struct duet_lsp *lsp, struct duet_document *document, const json_t *range,
                    const json_t *text)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_lines lines = duet_lines_of(arena, document->text, document->length, lsp->encoding);
    size_t start = 0;
    size_t end = 0;
    if (duet_lines_read_range(&lines, range, &start, &end))
        set_text(lsp, document, (struct piece){ document->text, start }, piece_of(text),
                 (struct piece){ document->text + end, document->length - end });
    duet_arena_free(arena);
}

static void forget_proof(struct duet_document *document)
{
    document->to_be_proved = false;
    json_decref((json_t *)(uintptr_t)document->proved);
    document->proved = NULL;
}

/* What is proved of a file may rest on any other. */
static void forget_proofs(struct duet_lsp *lsp)
{
    for (struct duet_document *document = lsp->documents; document; document = document->next)
        forget_proof(document);
}

/* Of all that is open, once there is nothing else to do. */
static void prove_again(struct duet_lsp *lsp)
{
    forget_proofs(lsp);
    for (struct duet_document *document = lsp->documents; document; document = document->next)
        document->to_be_proved = true;
}

/* --- opening and closing --------------------------------------------------------------------------------- */

static struct duet_document *document_new(const char *uri)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_document *document = duet_arena_alloc(arena, sizeof *document);
    document->arena = arena;
    document->uri = duet_arena_copy_text(arena, uri, strlen(uri));
    document->path = duet_uri_path(arena, uri);
    document->text = "";
    return document;
}

void duet_lsp_document_free(struct duet_document *document)
{
    forget_proof(document);
    duet_view_free(document->good);
    duet_arena_free(document->text_arena);
    duet_arena_free(document->arena);
}

static json_int_t version_of(const json_t *identifier)
{
    return json_integer_value(json_object_get(identifier, "version"));
}

static struct duet_document *document_of(const struct duet_lsp *lsp, const json_t *params)
{
    const char *uri = duet_lsp_member(json_object_get(params, "textDocument"), "uri");
    return uri ? duet_lsp_document(lsp, uri) : NULL;
}

void duet_lsp_did_open(struct duet_lsp *lsp, const json_t *params)
{
    const json_t *item = json_object_get(params, "textDocument");
    const char *uri = duet_lsp_member(item, "uri");
    const json_t *text = json_object_get(item, "text");
    if (!uri || !json_is_string(text))
        return;
    struct duet_document *document = duet_lsp_document(lsp, uri);
    if (!document) {
        document = document_new(uri);
        document->next = lsp->documents;
        lsp->documents = document;
    }
    document->version = version_of(item);
    set_whole(lsp, document, text);
    prove_again(lsp);
    duet_lsp_texts_changed(lsp);
}

void duet_lsp_did_change(struct duet_lsp *lsp, const json_t *params)
{
    struct duet_document *document = document_of(lsp, params);
    size_t index = 0;
    const json_t *change = NULL;
    if (!document)
        return;
    json_array_foreach(json_object_get(params, "contentChanges"), index, change)
    {
        const json_t *range = json_object_get(change, "range");
        const json_t *text = json_object_get(change, "text");
        if (json_is_string(text) && range)
            replace(lsp, document, range, text);
        else if (json_is_string(text))
            set_whole(lsp, document, text);
    }
    document->version = version_of(json_object_get(params, "textDocument"));
    forget_proofs(lsp);
    duet_lsp_texts_changed(lsp);
}

void duet_lsp_did_save(struct duet_lsp *lsp, const json_t *params)
{
    if (!document_of(lsp, params))
        return;
    prove_again(lsp);
    duet_lsp_texts_changed(lsp);
}

void duet_lsp_did_close(struct duet_lsp *lsp, const json_t *params)
{
    struct duet_document *document = document_of(lsp, params);
    struct duet_document **link = &lsp->documents;
    if (!document)
        return;
    while (*link != document)
        link = &(*link)->next;
    *link = document->next;
    duet_lsp_drop_views(lsp);
    duet_lsp_document_free(document);
    prove_again(lsp);
    duet_lsp_texts_changed(lsp);
}

void duet_lsp_did_change_files(struct duet_lsp *lsp, const json_t *params)
{
    (void)params;
    prove_again(lsp);
    duet_lsp_texts_changed(lsp);
}

/* --- what requests point to ------------------------------------------------------------------------------ */

bool duet_lsp_spot(struct duet_lsp *lsp, const json_t *params, enum duet_spot_kind kind,
                   struct duet_spot *spot_out, struct duet_lsp_failure *failure)
{
    *spot_out = (struct duet_spot){ .document = document_of(lsp, params) };
    if (!spot_out->document) {
        duet_lsp_fail(failure, DUET_LSP_INVALID_PARAMS, "this document isn't open");
        return false;
    }
    spot_out->view = duet_lsp_view(lsp, spot_out->document->path);
    if (!spot_out->view) {
        duet_lsp_fail(failure, DUET_LSP_REQUEST_FAILED, "this document can't be read");
        return false;
    }
    spot_out->file = duet_view_file(spot_out->view);
    spot_out->lines = duet_view_lines(lsp, spot_out->view, spot_out->file);
    if (kind == DUET_SPOT_POSITION &&
        !duet_lines_read_position(spot_out->lines, json_object_get(params, "position"),
                                  &spot_out->offset)) {
        duet_lsp_fail(failure, DUET_LSP_INVALID_PARAMS, "'position' is no position");
        return false;
    }
    return true;
}
