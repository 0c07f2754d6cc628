/* Where a name is defined, and where it is used. */
#include <string.h>

#include "dsl/arena.h"
#include "engine/lsp/edits.h"
#include "engine/lsp/inside.h"

static const struct duet_span nowhere = { DUET_SOURCE_NONE, 0, 0 };

static bool find_name(struct duet_lsp *lsp, const json_t *params, struct duet_spot *spot,
                      struct duet_view **view, const struct duet_use **use,
                      struct duet_lsp_failure *failure)
{
    if (!duet_lsp_spot(lsp, params, DUET_SPOT_POSITION, spot, failure))
        return false;
    *use = duet_lsp_name_at(spot, view);
    return *use != NULL;
}

json_t *duet_lsp_definition(struct duet_lsp *lsp, const json_t *params,
                            struct duet_lsp_failure *failure)
{
    struct duet_spot spot;
    struct duet_view *view = NULL;
    const struct duet_use *use = NULL;
    if (!find_name(lsp, params, &spot, &view, &use, failure))
        return NULL;
    struct duet_span at = use->symbol->at;
    return at.file == DUET_SOURCE_NONE ? NULL : duet_view_location(lsp, view, at);
}

/* --- references ------------------------------------------------------------------------------------------ */

bool duet_lsp_same_symbol(const struct duet_view *a, const struct duet_symbol *left,
                          const struct duet_view *b, const struct duet_symbol *right)
{
    struct duet_span one = left->at.file == DUET_SOURCE_NONE ? nowhere : left->at;
    struct duet_span other = right->at.file == DUET_SOURCE_NONE ? nowhere : right->at;
    return left->kind == right->kind && one.start == other.start && one.file != nowhere.file &&
           other.file != nowhere.file &&
           strcmp(duet_source_path(a->sources, one.file),
                  duet_source_path(b->sources, other.file)) == 0;
}

/* The uses of a symbol, as one view has them. */
static void add_uses(const struct duet_view *from, const struct duet_symbol *symbol,
                     const struct duet_view *view, bool with_definition, struct duet_edits *places)
{
    size_t count = 0;
    const struct duet_use *uses = duet_index_uses(view->index, &count);
    for (size_t i = 0; i < count; i++) {
        struct duet_span at = uses[i].at;
        if ((with_definition || uses[i].kind != DUET_USE_DEFINES) &&
            duet_lsp_same_symbol(from, symbol, view, uses[i].symbol))
            duet_edits_add(places, (struct duet_edit){ duet_source_path(view->sources, at.file),
                                                       at.start, at.end, "" });
    }
}

/* Each place once, however many files lead to it. */
static json_t *locations_of(const struct duet_lsp *lsp, const struct duet_edits *places)
{
    json_t *locations = json_array();
    for (size_t i = 0; i < places->count; i++) {
        const struct duet_edit *place = &places->list[i];
        struct duet_span at = { .start = place->start, .end = place->end };
        struct duet_view *view = duet_lsp_view_with(lsp, place->path, &at.file);
        if (view)
            json_array_append_new(locations, duet_view_location(lsp, view, at));
    }
    return locations;
}

json_t *duet_lsp_references(struct duet_lsp *lsp, const json_t *params,
                            struct duet_lsp_failure *failure)
{
    struct duet_spot spot;
    struct duet_view *from = NULL;
    const struct duet_use *use = NULL;
    if (!find_name(lsp, params, &spot, &from, &use, failure))
        return NULL;
    bool with_definition =
        json_is_true(json_object_get(json_object_get(params, "context"), "includeDeclaration"));
    struct duet_edits places = { .arena = duet_arena_new() };
    duet_lsp_view_all(lsp);
    for (const struct duet_view *view = lsp->views; view; view = view->next)
        add_uses(from, use->symbol, view, with_definition, &places);
    json_t *locations = locations_of(lsp, &places);
    duet_arena_free(places.arena);
    return locations;
}

json_t *duet_lsp_highlight(struct duet_lsp *lsp, const json_t *params,
                           struct duet_lsp_failure *failure)
{
    struct duet_spot spot;
    struct duet_view *view = NULL;
    const struct duet_use *use = NULL;
    size_t count = 0;
    if (!find_name(lsp, params, &spot, &view, &use, failure) || view != spot.view)
        return NULL;
    const struct duet_use *uses = duet_index_uses(view->index, &count);
    json_t *marks = json_array();
    for (size_t i = 0; i < count; i++) {
        if (uses[i].symbol == use->symbol && uses[i].at.file == spot.file)
            json_array_append_new(marks, json_pack("{s:o, s:i}", "range",
                                                   duet_view_range(lsp, view, uses[i].at), "kind",
                                                   uses[i].kind == DUET_USE_DEFINES ? 3 : 2));
    }
    return marks;
}
