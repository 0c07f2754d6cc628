/* Files as the editor shows them, parsed, with who names what. */
#include <string.h>

#include "dsl/arena.h"
#include "dsl/folder.h"
#include "dsl/intern.h"
#include "dsl/parse.h"
#include "engine/lsp/inside.h"

#define WORKSPACE_FILES_MAX 2000u

/* --- one view -------------------------------------------------------------------------------------------- */

static bool look_up(const void *context, const char *path, const char **text_out,
                    size_t *length_out)
{
    const struct duet_document *document = duet_lsp_document_at(context, path);
    if (!document)
        return false;
    *text_out = document->text;
    *length_out = document->length;
    return true;
}

struct duet_sources *duet_lsp_sources(const struct duet_lsp *lsp)
{
    struct duet_sources *sources = duet_sources_new();
    duet_sources_look_first(sources, look_up, lsp);
    return sources;
}

static struct duet_view *view_new(struct duet_lsp *lsp, const char *path)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_view *view = duet_arena_alloc(arena, sizeof *view);
    view->arena = arena;
    view->names = duet_intern_new(arena);
    view->sources = duet_lsp_sources(lsp);
    view->diags = duet_diags_new(arena);
    view->path = duet_arena_copy_text(arena, path, strlen(path));
    const struct duet_parse_context context = { arena, view->names, view->sources, view->diags };
    if (duet_parse_file(&context, path, &view->program) != DUET_OK) {
        duet_view_free(view);
        return NULL;
    }
    view->index = duet_index_new(arena, view->program);
    view->is_whole = view->program->root->damages.first == NULL;
    return view;
}

void duet_view_free(struct duet_view *view)
{
    if (!view)
        return;
    duet_sources_free(view->sources);
    duet_arena_free(view->arena);
}

uint32_t duet_view_file(const struct duet_view *view)
{
    return view->program->root->file;
}

struct duet_view *duet_lsp_view(struct duet_lsp *lsp, const char *path)
{
    struct duet_view *view = lsp->views;
    while (view && strcmp(view->path, path) != 0)
        view = view->next;
    if (view)
        return view;
    view = view_new(lsp, path);
    if (view) {
        view->next = lsp->views;
        lsp->views = view;
    }
    return view;
}

/* A whole view of an open document is kept as its last good one. */
void duet_lsp_drop_views(struct duet_lsp *lsp)
{
    while (lsp->views) {
        struct duet_view *view = lsp->views;
        lsp->views = view->next;
        struct duet_document *document = duet_lsp_document_at(lsp, view->path);
        struct duet_view *dropped = view;
        if (document && view->is_whole) {
            dropped = document->good;
            document->good = view;
        }
        duet_view_free(dropped);
    }
}

/* --- the workspace --------------------------------------------------------------------------------------- */

void duet_lsp_view_all(struct duet_lsp *lsp)
{
    struct duet_arena *arena = duet_arena_new();
    const char **paths = duet_arena_alloc_array(arena, WORKSPACE_FILES_MAX, sizeof *paths);
    size_t count = 0;
    size_t index = 0;
    const json_t *folder = NULL;
    json_array_foreach(lsp->folders, index, folder)
    {
        count += duet_folder_walk(arena, json_string_value(folder), paths + count,
                                  WORKSPACE_FILES_MAX - count);
    }
    for (const struct duet_document *document = lsp->documents; document; document = document->next)
        duet_lsp_view(lsp, document->path);
    for (size_t i = 0; i < count; i++)
        duet_lsp_view(lsp, paths[i]);
    duet_arena_free(arena);
}

static struct duet_parse_context context_of(const struct duet_view *view)
{
    return (struct duet_parse_context){ view->arena, view->names, view->sources, view->diags };
}

struct duet_lexemes duet_view_lexemes(struct duet_view *view)
{
    const struct duet_parse_context context = context_of(view);
    return duet_tokens_seen(&context, duet_view_file(view));
}

struct duet_view *duet_lsp_view_with(const struct duet_lsp *lsp, const char *path,
                                     uint32_t *file_out)
{
    for (struct duet_view *view = lsp->views; view; view = view->next) {
        for (uint32_t file = 0; file < duet_sources_count(view->sources); file++) {
            if (strcmp(duet_source_path(view->sources, file), path) == 0) {
                *file_out = file;
                return view;
            }
        }
    }
    return NULL;
}

/* --- places ---------------------------------------------------------------------------------------------- */

const struct duet_lines *duet_view_lines(const struct duet_lsp *lsp, struct duet_view *view,
                                         uint32_t file)
{
    if (!view->lines)
        view->lines = duet_arena_alloc_array(view->arena, duet_sources_count(view->sources),
                                             sizeof *view->lines);
    struct duet_lines *lines = &view->lines[file];
    if (lines->count == 0)
        *lines = duet_lines_of(view->arena, duet_source_text(view->sources, file),
                               duet_source_length(view->sources, file), lsp->encoding);
    return lines;
}

json_t *duet_view_range(const struct duet_lsp *lsp, struct duet_view *view, struct duet_span at)
{
    return duet_lines_range(duet_view_lines(lsp, view, at.file), at.start, at.end);
}

json_t *duet_view_location(const struct duet_lsp *lsp, struct duet_view *view, struct duet_span at)
{
    const char *uri = duet_lsp_uri_of(lsp, view->arena, duet_source_path(view->sources, at.file));
    return json_pack("{s:o, s:o}", "uri", duet_lsp_text(uri), "range",
                     duet_view_range(lsp, view, at));
}

/* --- names ----------------------------------------------------------------------------------------------- */

/* Where a place of the text as it is stood in the text as it was, if around it nothing changed since. */
static bool place_before(const struct duet_spot *spot, const struct duet_view *good,
                         uint32_t *offset_out)
{
    uint32_t file = duet_view_file(good);
    const char *was = duet_source_text(good->sources, file);
    size_t length = duet_source_length(good->sources, file);
    const struct duet_document *now = spot->document;
    size_t same = 0;
    while (same < length && same < now->length && was[same] == now->text[same])
        same++;
    size_t behind = 0;
    while (behind < length - same && behind < now->length - same &&
           was[length - 1 - behind] == now->text[now->length - 1 - behind])
        behind++;
    if (spot->offset <= same)
        *offset_out = (uint32_t)spot->offset;
    else if (spot->offset >= now->length - behind)
        *offset_out = (uint32_t)(length - (now->length - spot->offset));
    else
        return false;
    return true;
}

const struct duet_use *duet_lsp_name_at(const struct duet_spot *spot, struct duet_view **view_out)
{
    struct duet_view *good = spot->document->good;
    uint32_t offset = 0;
    *view_out = spot->view;
    const struct duet_use *use =
        duet_index_at(spot->view->index, spot->file, (uint32_t)spot->offset);
    if (use || spot->view->is_whole || !good || !place_before(spot, good, &offset))
        return use;
    *view_out = good;
    return duet_index_at(good->index, duet_view_file(good), offset);
}
