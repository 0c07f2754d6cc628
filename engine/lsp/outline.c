/* What a file, or the workspace, defines; what can be folded. */
#include <ctype.h>
#include <string.h>

#include "dsl/arena.h"
#include "engine/lsp/inside.h"

#define SYMBOLS_MAX 500u /* of a workspace, in one answer */

/* LSP's number for a kind; 0: not shown. */
static int kind_number(enum duet_symbol_kind kind)
{
    switch (kind) {
    case DUET_SYMBOL_SYSTEM:
        return 2; /* module */
    case DUET_SYMBOL_RECORD:
        return 23; /* struct */
    case DUET_SYMBOL_FIELD:
        return 8; /* field */
    case DUET_SYMBOL_SETTING:
        return 7; /* property */
    case DUET_SYMBOL_PREDICATE:
        return 17; /* boolean */
    case DUET_SYMBOL_CHOICE:
        return 22; /* enum member */
    case DUET_SYMBOL_MAPPING:
        return 5; /* class */
    case DUET_SYMBOL_GROUP:
        return 3; /* namespace */
    case DUET_SYMBOL_RULE:
        return 7; /* property */
    case DUET_SYMBOL_TEST:
        return 12; /* function */
    case DUET_SYMBOL_TESTTABLE:
        return 18; /* array */
    case DUET_SYMBOL_ROW:
        return 20; /* key */
    case DUET_SYMBOL_HUB:
    case DUET_SYMBOL_TENANT:
        return 19; /* object */
    case DUET_SYMBOL_FILE:
    case DUET_SYMBOL_KEY:
    case DUET_SYMBOL_LOOKUP:
    case DUET_SYMBOL_SIDE:
    case DUET_SYMBOL_TABLE:
    case DUET_SYMBOL_SIGNAL:
    case DUET_SYMBOL_VARIABLE:
        break;
    }
    return 0;
}

const char *duet_lsp_kind_name(enum duet_symbol_kind kind)
{
    static const char *const names[] = {
        [DUET_SYMBOL_FILE] = "file",          [DUET_SYMBOL_SYSTEM] = "system",
        [DUET_SYMBOL_SETTING] = "setting",    [DUET_SYMBOL_RECORD] = "record",
        [DUET_SYMBOL_FIELD] = "field",        [DUET_SYMBOL_PREDICATE] = "predicate",
        [DUET_SYMBOL_CHOICE] = "value",       [DUET_SYMBOL_KEY] = "key of a person",
        [DUET_SYMBOL_LOOKUP] = "lookup",      [DUET_SYMBOL_MAPPING] = "mapping",
        [DUET_SYMBOL_SIDE] = "side",          [DUET_SYMBOL_GROUP] = "group",
        [DUET_SYMBOL_RULE] = "field rule",    [DUET_SYMBOL_TABLE] = "table of persons",
        [DUET_SYMBOL_SIGNAL] = "signal",      [DUET_SYMBOL_TEST] = "test",
        [DUET_SYMBOL_TESTTABLE] = "table",    [DUET_SYMBOL_VARIABLE] = "variable",
        [DUET_SYMBOL_ROW] = "row of a table", [DUET_SYMBOL_HUB] = "hub",
        [DUET_SYMBOL_TENANT] = "tenant",
    };
    return names[kind];
}

/* The range that is selected must lie within the whole. */
static struct duet_span selection_of(const struct duet_symbol *symbol)
{
    bool inside = symbol->at.file == symbol->all.file && symbol->at.start >= symbol->all.start &&
                  symbol->at.end <= symbol->all.end;
    return inside ? symbol->at : symbol->all;
}

/* --- one file -------------------------------------------------------------------------------------------- */

static json_t *outline_of(const struct duet_lsp *lsp, struct duet_view *view, uint32_t file,
                          const struct duet_symbol *first)
{
    json_t *symbols = json_array();
    for (const struct duet_symbol *symbol = first; symbol; symbol = symbol->next) {
        if (kind_number(symbol->kind) == 0 || symbol->all.file != file || !symbol->name[0])
            continue;
        json_t *entry =
            json_pack("{s:o, s:s, s:i, s:o, s:o}", "name", duet_lsp_text(symbol->name), "detail",
                      duet_lsp_kind_name(symbol->kind), "kind", kind_number(symbol->kind), "range",
                      duet_view_range(lsp, view, symbol->all), "selectionRange",
                      duet_view_range(lsp, view, selection_of(symbol)));
        json_t *inner = outline_of(lsp, view, file, symbol->children);
        if (json_array_size(inner) > 0)
            json_object_set(entry, "children", inner);
        json_decref(inner);
        json_array_append_new(symbols, entry);
    }
    return symbols;
}

json_t *duet_lsp_document_symbols(struct duet_lsp *lsp, const json_t *params,
                                  struct duet_lsp_failure *failure)
{
    struct duet_spot spot;
    if (!duet_lsp_spot(lsp, params, DUET_SPOT_DOCUMENT, &spot, failure))
        return NULL;
    return outline_of(lsp, spot.view, spot.file, duet_index_symbols(spot.view->index));
}

/* --- the workspace --------------------------------------------------------------------------------------- */

/* The letters of the query in their order, whatever stands between. */
static bool matches(const char *name, const char *query)
{
    for (; *name && *query; name++) {
        if (tolower((unsigned char)*name) == tolower((unsigned char)*query))
            query++;
    }
    return *query == '\0';
}

static void add_symbols(const struct duet_lsp *lsp, struct duet_view *view, const char *query,
                        const struct duet_symbol *first, json_t *symbols)
{
    for (const struct duet_symbol *symbol = first; symbol; symbol = symbol->next) {
        bool own = symbol->at.file == duet_view_file(view);
        if (json_array_size(symbols) == SYMBOLS_MAX)
            return;
        if (own && kind_number(symbol->kind) != 0 && symbol->name[0] &&
            matches(symbol->name, query)) {
            json_t *entry = json_pack("{s:o, s:i, s:o}", "name", duet_lsp_text(symbol->name),
                                      "kind", kind_number(symbol->kind), "location",
                                      duet_view_location(lsp, view, symbol->at));
            if (symbol->parent)
                json_object_set_new(entry, "containerName", duet_lsp_text(symbol->parent->name));
            json_array_append_new(symbols, entry);
        }
        add_symbols(lsp, view, query, symbol->children, symbols);
    }
}

json_t *duet_lsp_workspace_symbols(struct duet_lsp *lsp, const json_t *params,
                                   struct duet_lsp_failure *failure)
{
    const char *query = duet_lsp_member(params, "query");
    if (!query)
        return duet_lsp_fail(failure, DUET_LSP_INVALID_PARAMS, "'query' is a text");
    json_t *symbols = json_array();
    duet_lsp_view_all(lsp);
    for (struct duet_view *view = lsp->views; view; view = view->next)
        add_symbols(lsp, view, query, duet_index_symbols(view->index), symbols);
    return symbols;
}
