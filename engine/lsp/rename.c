/* Renaming, in every file of the workspace that names the thing. What is sent to systems stays as it was: a value without a spelling of
 * its own gets its old name for one. A rename after which there would be more errors is refused with the first of them. */
#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/compile.h"
#include "engine/lsp/edits.h"
#include "engine/lsp/inside.h"

#define NAME_BYTES_MAX 200u

/* A rename under way. */
struct rename {
    struct duet_lsp *lsp;
    const struct duet_view *from;
    const struct duet_symbol *symbol;
    const char *name;
    struct duet_edits edits;
    const char *quoted; /* the name in quotes */
};

/* --- what can't be renamed ------------------------------------------------------------------------------- */

static bool is_one_of(const char *name, const char *const *names)
{
    while (*names && strcmp(name, *names) != 0)
        names++;
    return *names != NULL;
}

/* Why a symbol keeps its name; NULL: it needn't. */
static const char *keeps_name(const struct duet_symbol *symbol)
{
    static const char *const fields[] = {
        "key", "version", "modified", "claim", "note_count", NULL
    };
    static const char *const note_fields[] = { "id", "text", "author", "written", NULL };
    static const char *const predicates[] = { "closed", "merged", NULL };
    bool is_field = symbol->kind == DUET_SYMBOL_FIELD;
    bool in_notes = is_field && symbol->parent && symbol->parent->kind == DUET_SYMBOL_FIELD;
    if (symbol->kind == DUET_SYMBOL_FILE)
        return "a file is renamed on disk";
    if (symbol->kind == DUET_SYMBOL_KEY)
        return "the first lines of the tables on disk have this name";
    if ((in_notes && is_one_of(symbol->name, note_fields)) ||
        (is_field && !in_notes && !symbol->in_form && is_one_of(symbol->name, fields)) ||
        (symbol->kind == DUET_SYMBOL_PREDICATE && is_one_of(symbol->name, predicates)))
        return "this name has a meaning of its own";
    return NULL;
}

/* The use under the cursor in the text as it is. */
static const struct duet_use *use_at(struct duet_lsp *lsp, const json_t *params,
                                     struct duet_spot *spot, struct duet_lsp_failure *failure)
{
    if (!duet_lsp_spot(lsp, params, DUET_SPOT_POSITION, spot, failure))
        return NULL;
    const struct duet_use *use =
        duet_index_at(spot->view->index, spot->file, (uint32_t)spot->offset);
    if (!use) {
        duet_lsp_fail(failure, DUET_LSP_REQUEST_FAILED,
                      "there is no name here that is defined somewhere");
        return NULL;
    }
    const char *why = keeps_name(use->symbol);
    if (why) {
        duet_lsp_fail(failure, DUET_LSP_REQUEST_FAILED, "'%s' can't be renamed: %s",
                      use->symbol->name, why);
        return NULL;
    }
    return use;
}

json_t *duet_lsp_prepare_rename(struct duet_lsp *lsp, const json_t *params,
                                struct duet_lsp_failure *failure)
{
    struct duet_spot spot;
    const struct duet_use *use = use_at(lsp, params, &spot, failure);
    return use ? json_pack("{s:o, s:o}", "range", duet_view_range(lsp, spot.view, use->at),
                           "placeholder", duet_lsp_text(use->symbol->name))
               : NULL;
}

/* --- the new name ---------------------------------------------------------------------------------------- */

static const char *in_quotes(struct duet_arena *arena, const char *name)
{
    char *out = duet_arena_alloc(arena, 2 * strlen(name) + 3);
    size_t length = 0;
    out[length++] = '"';
    for (; *name; name++) {
        if (*name == '"' || *name == '\\')
            out[length++] = '\\';
        out[length++] = *name;
    }
    out[length] = '"';
    return out;
}

static bool has_control(const char *name)
{
    while (*name && (unsigned char)*name >= 0x20 && *name != 0x7f)
        name++;
    return *name != '\0';
}

/* Words that are values of their own wherever a value stands. */
static bool is_value_word(const char *name)
{
    static const char *const words[] = { "none", "null", "absent", "true", "false", NULL };
    return is_one_of(name, words);
}

static bool is_text_always(enum duet_symbol_kind kind)
{
    return kind == DUET_SYMBOL_TEST || kind == DUET_SYMBOL_SIGNAL;
}

static bool needs_quotes(const struct rename *rename)
{
    return is_text_always(rename->symbol->kind) || duet_tokens_needs_quotes(rename->name) ||
           is_value_word(rename->name);
}

static bool check_name(const struct rename *rename, struct duet_lsp_failure *failure)
{
    enum duet_symbol_kind kind = rename->symbol->kind;
    bool is_word_only = kind == DUET_SYMBOL_VARIABLE || kind == DUET_SYMBOL_ROW;
    const char *why = NULL;
    if (!rename->name[0])
        why = "a name has at least one letter";
    else if (strlen(rename->name) > NAME_BYTES_MAX)
        why = "the name is too long";
    else if (has_control(rename->name))
        why = "a name stands on one line";
    else if (is_word_only && needs_quotes(rename))
        why = "only a plain word can stand here: a quoted one would be a text";
    if (why)
        duet_lsp_fail(failure, DUET_LSP_INVALID_PARAMS, "'%.100s' can't be the name: %s",
                      rename->name, why);
    return !why;
}

/* --- the edits ------------------------------------------------------------------------------------------- */

/* What stands in the place of a use. */
static const char *text_at(const struct rename *rename, const struct duet_use *use)
{
    const char *text = needs_quotes(rename) ? rename->quoted : rename->name;
    bool defines = use->kind == DUET_USE_DEFINES;
    if (rename->symbol->kind == DUET_SYMBOL_CHOICE && defines && !use->symbol->of.choice->wire)
        return duet_arena_format(rename->edits.arena, "%s = %s", text,
                                 in_quotes(rename->edits.arena, use->symbol->name));
    return text;
}

static bool add_uses(struct rename *rename, const struct duet_view *view,
                     struct duet_lsp_failure *failure)
{
    size_t count = 0;
    const struct duet_use *uses = duet_index_uses(view->index, &count);
    for (size_t i = 0; i < count; i++) {
        if (!duet_lsp_same_symbol(rename->from, rename->symbol, view, uses[i].symbol))
            continue;
        const char *path = duet_source_path(view->sources, uses[i].at.file);
        if (uses[i].kind == DUET_USE_IN_TEXT && needs_quotes(rename)) {
            duet_lsp_fail(failure, DUET_LSP_INVALID_PARAMS,
                          "'%.100s' can't be the name: it stands in braces in a text, where only a "
                          "plain word can",
                          rename->name);
            return false;
        }
        duet_edits_add(&rename->edits, (struct duet_edit){ path, uses[i].at.start, uses[i].at.end,
                                                           text_at(rename, &uses[i]) });
    }
    return true;
}

/* --- whether it may be ----------------------------------------------------------------------------------- */

/* Errors of a file and what it imports, after the edits or (NULL) before. */
static struct duet_compilation *compile(const struct duet_view *view,
                                        const struct duet_edits *edits)
{
    struct duet_sources *sources = duet_sources_new();
    struct duet_compilation *compilation = NULL;
    for (uint32_t file = 0; file < duet_sources_count(view->sources); file++) {
        const char *path = duet_source_path(view->sources, file);
        const char *text = duet_source_text(view->sources, file);
        size_t length = duet_source_length(view->sources, file);
        uint32_t number = 0;
        if (edits)
            text = duet_edits_applied(edits, path, text, length, &length);
        (void)duet_sources_add_text(sources, path, text, length, &number);
    }
    (void)duet_compile_over(sources, view->path, &compilation);
    return compilation;
}

static bool has_message(struct duet_diags *diags, const char *message)
{
    for (size_t i = 0; i < duet_diags_count(diags); i++) {
        if (strcmp(duet_diag_message(duet_diags_at(diags, i)), message) == 0)
            return true;
    }
    return false;
}

/* The first finding that wasn't there before. */
static const char *new_message(struct duet_diags *before, struct duet_diags *after)
{
    for (size_t i = 0; i < duet_diags_count(after); i++) {
        const struct duet_diag *diag = duet_diags_at(after, i);
        if (duet_diag_severity(diag) == DUET_SEVERITY_ERROR &&
            !has_message(before, duet_diag_message(diag)))
            return duet_diag_message(diag);
    }
    return "there would be more errors";
}

static bool is_edited(const struct rename *rename, const struct duet_view *view)
{
    for (uint32_t file = 0; file < duet_sources_count(view->sources); file++) {
        if (duet_edits_has(&rename->edits, duet_source_path(view->sources, file)))
            return true;
    }
    return false;
}

static bool has_file(const struct duet_view *view, const char *path)
{
    for (uint32_t file = 0; file < duet_sources_count(view->sources); file++) {
        if (strcmp(duet_source_path(view->sources, file), path) == 0)
            return true;
    }
    return false;
}

/* A view, and what is known of it after the edits. */
struct candidate {
    const struct duet_view *view;
    bool is_sound; /* it has no errors, nor have its imports */
};

static bool may_be(const struct rename *rename, struct candidate *candidate,
                   struct duet_lsp_failure *failure)
{
    struct duet_compilation *after = compile(candidate->view, &rename->edits);
    struct duet_diags *fresh = duet_compilation_diags(after);
    candidate->is_sound = duet_diags_errors(fresh) == 0;
    struct duet_compilation *before = candidate->is_sound ? NULL : compile(candidate->view, NULL);
    bool fine =
        !before || duet_diags_errors(fresh) <= duet_diags_errors(duet_compilation_diags(before));
    if (!fine)
        duet_lsp_fail(failure, DUET_LSP_REQUEST_FAILED, "'%.100s' can't be the name: then %.300s",
                      rename->name, new_message(duet_compilation_diags(before), fresh));
    duet_compilation_free(before);
    duet_compilation_free(after);
    return fine;
}

static int most_files_first(const void *a, const void *b)
{
    uint32_t left = duet_sources_count(((const struct candidate *)a)->view->sources);
    uint32_t right = duet_sources_count(((const struct candidate *)b)->view->sources);
    return left > right ? -1 : left < right;
}

/* The edited files, those with the most imports first; in the arena. */
static struct candidate *candidates(const struct rename *rename, size_t *count_out)
{
    size_t most = 0;
    size_t count = 0;
    for (const struct duet_view *view = rename->lsp->views; view; view = view->next)
        most++;
    struct candidate *all = duet_arena_alloc_array(rename->edits.arena, most + 1, sizeof *all);
    for (const struct duet_view *view = rename->lsp->views; view; view = view->next) {
        if (is_edited(rename, view))
            all[count++].view = view;
    }
    qsort(all, count, sizeof *all, most_files_first);
    *count_out = count;
    return all;
}

/* The failure is told as the smallest of the files says it that are refused with this one. */
static void blame_import(const struct rename *rename, struct candidate *refused,
                         struct candidate *end, struct duet_lsp_failure *failure)
{
    for (struct candidate *smaller = refused + 1; smaller < end; smaller++) {
        if (has_file(refused->view, smaller->view->path))
            (void)may_be(rename, smaller, failure);
    }
}

/* A file that is sound where it is imported needs no look of its own, and who imports a file has more files than it has. */
static bool all_may_be(const struct rename *rename, struct duet_lsp_failure *failure)
{
    size_t count = 0;
    struct candidate *all = candidates(rename, &count);
    for (size_t i = 0; i < count; i++) {
        for (size_t other = 0; other < i && !all[i].is_sound; other++)
            all[i].is_sound = all[other].is_sound && has_file(all[other].view, all[i].view->path);
        if (!all[i].is_sound && !may_be(rename, &all[i], failure)) {
            blame_import(rename, &all[i], all + count, failure);
            return false;
        }
    }
    return true;
}

/* --- the answer ------------------------------------------------------------------------------------------ */

static json_t *edits_json(const struct rename *rename)
{
    json_t *by_uri = json_object();
    json_t *edits = NULL;
    struct duet_view *view = NULL;
    uint32_t file = 0;
    for (size_t i = 0; i < rename->edits.count; i++) {
        const struct duet_edit *edit = &rename->edits.list[i];
        if (i == 0 || strcmp(edit->path, edit[-1].path) != 0) {
            edits = json_array();
            view = duet_lsp_view_with(rename->lsp, edit->path, &file);
            json_object_set_new(
                by_uri, duet_lsp_uri_of(rename->lsp, rename->edits.arena, edit->path), edits);
        }
        if (view)
            json_array_append_new(
                edits,
                json_pack("{s:o, s:o}", "range",
                          duet_view_range(rename->lsp, view,
                                          (struct duet_span){ file, edit->start, edit->end }),
                          "newText", duet_lsp_text(edit->text)));
    }
    return by_uri;
}

static json_t *renamed(struct rename *rename, struct duet_lsp_failure *failure)
{
    struct duet_lsp *lsp = rename->lsp;
    if (!check_name(rename, failure))
        return NULL;
    duet_lsp_view_all(lsp);
    for (const struct duet_view *view = lsp->views; view; view = view->next) {
        if (!add_uses(rename, view, failure))
            return NULL;
    }
    if (!all_may_be(rename, failure))
        return NULL;
    return duet_workspace_edit(lsp, edits_json(rename));
}

json_t *duet_lsp_rename(struct duet_lsp *lsp, const json_t *params,
                        struct duet_lsp_failure *failure)
{
    struct duet_spot spot;
    const struct duet_use *use = use_at(lsp, params, &spot, failure);
    const json_t *name = json_object_get(params, "newName");
    if (!use)
        return NULL;
    if (!json_is_string(name) || strlen(json_string_value(name)) != json_string_length(name))
        return duet_lsp_fail(failure, DUET_LSP_INVALID_PARAMS, "'newName' is a text");
    struct duet_arena *arena = duet_arena_new();
    struct rename rename = { .lsp = lsp,
                             .from = spot.view,
                             .symbol = use->symbol,
                             .name = json_string_value(name),
                             .edits = { .arena = arena },
                             .quoted = in_quotes(arena, json_string_value(name)) };
    json_t *edit = strcmp(rename.name, use->symbol->name) == 0
                       ? duet_workspace_edit(lsp, json_object())
                       : renamed(&rename, failure);
    duet_arena_free(arena);
    return edit;
}
