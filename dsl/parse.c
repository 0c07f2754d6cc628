/* Loads a file and its imports, each once, and runs the passes over each: tokens, brackets, parser. */
#include "dsl/parse.h"

#include <errno.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/ast_fleet.h"
#include "dsl/brackets.h"
#include "dsl/folder.h"
#include "dsl/intern.h"
#include "dsl/name_index.h"
#include "dsl/parse_state.h"
#include "dsl/scan.h"
#include "dsl/suggest.h"
#include "grammar/duet.tab.h"

#define PATH_BYTES_MAX 4096
#define EDITION 2026

/* A file that is being parsed, and the import that led to it. */
struct visit {
    struct duet_ast_file *file;
    const struct visit *importer;
    struct duet_span import_at; /* in the importer */
    unsigned depth;
};

struct loader {
    const struct duet_parse_context *context;
    struct duet_ast_program *program;
    struct duet_ast_file **finished; /* by number; NULL: not yet */
};

/* --- one file ---------------------------------------------------------------------------------------- */

static void forget_tree(struct duet_parse_state *state)
{
    state->file->items = (struct duet_ast_item_list){ 0 };
    state->file->damages = (struct duet_ast_damage_list){ 0 };
    state->next = 0;
    state->made_up_before = 0;
    state->last = 0;
    state->recovering = false;
    state->restart = false;
}

void duet_parse_tokens(struct duet_parse_state *state)
{
    do {
        forget_tree(state);
        duet_yyparse(state);
    } while (state->restart);
}

/* The edition decides how a file is read, so it is looked at here. */
static void check_edition(const struct duet_parse_context *context,
                          const struct duet_ast_file *file)
{
    for (const struct duet_ast_item *item = file->items.first; item != NULL; item = item->next) {
        if (item->kind != DUET_AST_ITEM_EDITION)
            continue;
        if (item != file->items.first)
            duet_diag_add(context->diags, DUET_DIAG_EDITION, item->at,
                          "the edition comes first in a file, and once");
        else if (item->edition.value != EDITION)
            duet_diag_add(context->diags, DUET_DIAG_EDITION, item->edition.at,
                          "edition %lld isn't known: expected %d", (long long)item->edition.value,
                          EDITION);
    }
}

void duet_parse_alone(struct duet_parse_state *state, uint32_t number)
{
    const struct duet_parse_context *context = state->context;

    state->file = duet_arena_alloc(context->arena, sizeof *state->file);
    state->file->file = number;
    state->file->path = duet_source_path(context->sources, number);
    duet_scan_file(state);
    if (duet_brackets_pair(state))
        duet_parse_tokens(state);
    check_edition(context, state->file);
}

static struct duet_ast_file *parse_one(const struct duet_parse_context *context, uint32_t number)
{
    struct duet_parse_state state = { .context = context };

    duet_parse_alone(&state, number);
    duet_token_list_finish(&state.list);
    return state.file;
}

/* --- imports ------------------------------------------------------------------------------------------- */

static void report_folder(const struct duet_parse_context *context, struct duet_span at,
                          const char *path, const char *written)
{
    const char *files = duet_folder_listed(context->arena, path, written);
    struct duet_diag *diag = duet_diag_add(context->diags, DUET_DIAG_FILE_UNREADABLE, at,
                                           "can't read '%s': it is a folder", path);
    if (files)
        duet_diag_help(diag, "name a file in it: %s", files);
    else
        duet_diag_help(diag, "no file in it ends in .duet");
}

/* The path, and how it was written. */
static void report_unreadable(const struct duet_parse_context *context, enum duet_status status,
                              struct duet_span at, const char *path, const char *written)
{
    int reason = errno;
    if (status == DUET_INVALID)
        duet_diag_add(context->diags, DUET_DIAG_FILE_LIMIT, at,
                      "'%s' is too large, or too many files are read: expected at most %u bytes a "
                      "file and %u files",
                      path, DUET_SOURCE_BYTES_MAX, DUET_SOURCE_FILES_MAX);
    else if (status == DUET_FAILED && reason == EISDIR)
        report_folder(context, at, path, written);
    else
        duet_diag_add(context->diags, DUET_DIAG_FILE_UNREADABLE, at, "can't read '%s': %s", path,
                      status == DUET_NOT_FOUND ? "no such file" : strerror(reason));
}

/* The visit that is parsing this file, NULL when none is. */
static const struct visit *under_way(const struct visit *visit, uint32_t number)
{
    while (visit != NULL && visit->file->file != number)
        visit = visit->importer;
    return visit;
}

static void report_cycle(const struct loader *loader, const struct visit *visit,
                         const struct visit *first, struct duet_span at)
{
    if (visit == first) {
        duet_diag_add(loader->context->diags, DUET_DIAG_IMPORT_CYCLE, at, "'%s' imports itself",
                      first->file->path);
        return;
    }
    struct duet_diag *diag =
        duet_diag_add(loader->context->diags, DUET_DIAG_IMPORT_CYCLE, at,
                      "importing '%s' here closes a circle", first->file->path);
    for (const struct visit *link = visit; link != first; link = link->importer)
        duet_diag_note(diag, link->import_at, "'%s' is imported here", link->file->path);
}

static struct duet_ast_file *load(struct loader *loader, uint32_t number,
                                  const struct visit *importer, struct duet_span import_at);

static void load_import(struct loader *loader, const struct visit *visit,
                        struct duet_ast_import *import)
{
    const struct duet_parse_context *context = loader->context;
    char path[PATH_BYTES_MAX];
    uint32_t number = 0;

    if (import->path.text[0] == '\0' ||
        !duet_source_resolve(visit->file->path, import->path.text, path, sizeof path)) {
        duet_diag_add(context->diags, DUET_DIAG_FILE_UNREADABLE, import->path.at,
                      "an import's path is empty or too long");
        return;
    }
    enum duet_status status = duet_sources_read(context->sources, path, &number);
    if (status != DUET_OK) {
        report_unreadable(context, status, import->path.at, path, import->path.text);
        return;
    }
    const struct visit *first = under_way(visit, number);
    if (first != NULL) {
        report_cycle(loader, visit, first, import->path.at);
        return;
    }
    import->file = loader->finished[number];
    if (import->file == NULL && visit->depth + 1 > DUET_PARSE_IMPORT_MAX)
        duet_diag_add(context->diags, DUET_DIAG_NESTING, import->path.at,
                      "files import each other deeper than %d", DUET_PARSE_IMPORT_MAX);
    else if (import->file == NULL)
        import->file = load(loader, number, visit, import->path.at);
}

/* Imported files first, so that the list of files is in an order in which names are known. */
static struct duet_ast_file *load(struct loader *loader, uint32_t number,
                                  const struct visit *importer, struct duet_span import_at)
{
    struct visit visit = { .importer = importer, .import_at = import_at };

    visit.file = parse_one(loader->context, number);
    visit.depth = importer == NULL ? 0 : importer->depth + 1;
    for (struct duet_ast_item *item = visit.file->items.first; item != NULL; item = item->next) {
        if (item->kind == DUET_AST_ITEM_IMPORT)
            load_import(loader, &visit, &item->import);
    }
    loader->program->files = duet_ast_file_list_append(loader->program->files, visit.file);
    loader->finished[number] = visit.file;
    return visit.file;
}

static struct duet_ast_program *load_root(const struct duet_parse_context *context, uint32_t number)
{
    struct loader loader = { .context = context };

    loader.program = duet_arena_alloc(context->arena, sizeof *loader.program);
    loader.finished = duet_arena_alloc_array(context->arena, DUET_SOURCE_FILES_MAX,
                                             sizeof(struct duet_ast_file *));
    loader.program->root = load(&loader, number, NULL, DUET_SPAN_NONE);
    loader.program->defined = duet_name_index_new(loader.program, context->arena);
    return loader.program;
}

/* --- the door -------------------------------------------------------------------------------------------- */

/* Two ways to write one path are one file. */
static const char *plain_path(const char *path, char *buffer, size_t size)
{
    if (duet_source_resolve("", path, buffer, size) && buffer[0] != '\0')
        return buffer;
    return path;
}

enum duet_status duet_parse_file(const struct duet_parse_context *context, const char *path,
                                 struct duet_ast_program **program_out)
{
    char buffer[PATH_BYTES_MAX];
    uint32_t number = 0;

    path = plain_path(path, buffer, sizeof buffer);
    enum duet_status status = duet_sources_read(context->sources, path, &number);
    if (status != DUET_OK) {
        report_unreadable(context, status, DUET_SPAN_NONE, path, path);
        return status;
    }
    *program_out = load_root(context, number);
    return DUET_OK;
}

enum duet_status duet_parse_text(const struct duet_parse_context *context, const char *path,
                                 const char *text, size_t length,
                                 struct duet_ast_program **program_out)
{
    char buffer[PATH_BYTES_MAX];
    uint32_t number = 0;

    path = plain_path(path, buffer, sizeof buffer);
    enum duet_status status = duet_sources_add_text(context->sources, path, text, length, &number);
    if (status != DUET_OK) {
        report_unreadable(context, status, DUET_SPAN_NONE, path, path);
        return status;
    }
    *program_out = load_root(context, number);
    return DUET_OK;
}
