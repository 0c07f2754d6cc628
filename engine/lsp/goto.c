/* Where a name is defined, and where it is used. */
#include <string.h>

#include "dsl/arena.h"
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

static bool has_location(const json_t *locations, const json_t *location)
{
    size_t index = 0;
    const json_t *item = NULL;
    json_array_foreach(locations, index, item)
    {
        if (json_equal(item, location))
            return true;
    }
    return false;
}

/* The uses of a symbol, as one view has them. */
static void add_uses(const struct duet_lsp *lsp, const struct duet_view *from,
                     const struct duet_symbol *symbol, struct duet_view *view, bool with_definition,
                     json_t *locations)
{
    size_t count = 0;
    const struct duet_use *uses = duet_index_uses(view->index, &count);
    for (size_t i = 0; i < count; i++) {
        if (uses[i].kind == DUET_USE_DEFINES && !with_definition)
            continue;
        if (!duet_lsp_same_symbol(from, symbol, view, uses[i].symbol))
            continue;
        json_t *location = duet_view_location(lsp, view, uses[i].at);
        if (!has_location(locations, location))
            json_array_append(locations, location);
        json_decref(location);
    }
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
    json_t *locations = json_array();
    duet_lsp_view_all(lsp);
    for (struct duet_view *view = lsp->views; view; view = view->next)
        add_uses(lsp, from, use->symbol, view, with_definition, locations);
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
