/* What could be written at the cursor, as an editor's list. */
#include <string.h>

#include "dsl/arena.h"
#include "dsl/parse.h"
#include "engine/lsp/context.h"
#include "engine/lsp/inside.h"
#include "engine/lsp/propose.h"

/* An answer being gathered. */
struct list {
    struct duet_proposals proposals; /* first: what the callbacks are given */
    struct duet_lsp *lsp;
    const struct duet_spot *spot;
    struct duet_context context;
    struct duet_arena *arena;
    json_t *items;
};

static bool has_label(const json_t *items, const char *label)
{
    size_t index = 0;
    const json_t *item = NULL;
    json_array_foreach(items, index, item)
    {
        if (strcmp(duet_lsp_member(item, "label"), label) == 0)
            return true;
    }
    return false;
}

/* What is replaced: the word so far, up to the cursor and what follows of it. */
static void add_item(struct list *list, const char *label, const char *text, int kind,
                     const char *detail)
{
    if (has_label(list->items, label))
        return;
    json_t *range = duet_lines_range(list->spot->lines, list->context.start, list->context.end);
    json_t *item = json_pack("{s:s, s:i, s:s, s:{s:o, s:s}}", "label", label, "kind", kind,
                             "filterText", text, "textEdit", "range", range, "newText", text);
    if (detail)
        json_object_set_new(item, "detail", duet_lsp_text(detail));
    json_array_append_new(list->items, item);
}

static int kind_number(enum duet_symbol_kind kind)
{
    switch (kind) {
    case DUET_SYMBOL_FIELD:
        return 5;
    case DUET_SYMBOL_SIDE:
    case DUET_SYMBOL_VARIABLE:
    case DUET_SYMBOL_LOOKUP:
        return 6;
    case DUET_SYMBOL_MAPPING:
        return 7;
    case DUET_SYMBOL_SYSTEM:
    case DUET_SYMBOL_HUB:
    case DUET_SYMBOL_TENANT:
        return 9;
    case DUET_SYMBOL_SETTING:
    case DUET_SYMBOL_KEY:
    case DUET_SYMBOL_RULE:
    case DUET_SYMBOL_GROUP:
        return 10;
    case DUET_SYMBOL_CHOICE:
    case DUET_SYMBOL_ROW:
        return 20;
    case DUET_SYMBOL_RECORD:
    case DUET_SYMBOL_TABLE:
    case DUET_SYMBOL_TESTTABLE:
        return 22;
    case DUET_SYMBOL_PREDICATE:
    case DUET_SYMBOL_TEST:
        return 3;
    case DUET_SYMBOL_SIGNAL:
        return 23;
    case DUET_SYMBOL_FILE:
        break;
    }
    return 17;
}

/* A field's type, a rule's text: the first line of the definition. */
static const char *detail_of(const struct list *list, const struct duet_symbol *symbol)
{
    const struct duet_view *view = list->proposals.view;
    if (symbol->all.file == DUET_SOURCE_NONE)
        return duet_lsp_kind_name(symbol->kind);
    const char *text = duet_source_text(view->sources, symbol->all.file) + symbol->all.start;
    size_t length = strcspn(text, "\n");
    size_t all = symbol->all.end - symbol->all.start;
    return duet_arena_format(list->arena, "%.*s", (int)(length < all ? length : all), text);
}

static void add_symbol(struct duet_proposals *proposals, const struct duet_symbol *symbol,
                       const char *before)
{
    struct list *list = (struct list *)proposals;
    const char *name = symbol->name;
    if (duet_tokens_needs_quotes(name))
        name = duet_arena_format(list->arena, "\"%s\"", name);
    if (before)
        name = duet_arena_format(list->arena, "%s%s", before, name);
    add_item(list, name, name, kind_number(symbol->kind), detail_of(list, symbol));
}

static void add_word(struct duet_proposals *proposals, const char *word, const char *help)
{
    if (!proposals->context->in_quotes)
        add_item((struct list *)proposals, word, word, 14, help);
}

/* In a text only what stands in braces can be completed. */
static void narrow_to_braces(struct list *list)
{
    struct duet_context *context = &list->context;
    const char *text = list->spot->document->text;
    size_t start = list->spot->offset;
    while (start > context->start && (text[start - 1] == '_' || text[start - 1] == '.' ||
                                      (text[start - 1] >= '0' && text[start - 1] <= '9') ||
                                      (text[start - 1] >= 'A' && text[start - 1] <= 'Z') ||
                                      (text[start - 1] >= 'a' && text[start - 1] <= 'z')))
        start--;
    if (start == context->start || text[start - 1] != '{')
        return;
    context->start = (uint32_t)start;
    context->end = (uint32_t)list->spot->offset;
    context->in_braces = true;
}

static void fill(struct list *list)
{
    const struct duet_parse_context parse = { list->arena, list->spot->view->names,
                                              list->spot->view->sources, list->spot->view->diags };
    if (list->context.in_quotes)
        narrow_to_braces(list);
    struct duet_keywords fitting =
        duet_tokens_fitting(&parse, list->spot->file, list->context.start);
    duet_propose_names(&list->proposals);
    /* What was lost with a broken statement may still be known. */
    if (json_array_size(list->items) == 0 && list->spot->document->good) {
        list->proposals.view = list->spot->document->good;
        duet_propose_names(&list->proposals);
    }
    bool behind_dot = strcmp(duet_context_before(&list->context, 0), ".") == 0;
    if (!list->context.in_quotes && !behind_dot)
        duet_propose_keywords(&list->proposals, &fitting);
}

json_t *duet_lsp_completion(struct duet_lsp *lsp, const json_t *params,
                            struct duet_lsp_failure *failure)
{
    struct duet_spot spot;
    if (!duet_lsp_spot(lsp, params, DUET_SPOT_POSITION, &spot, failure))
        return NULL;
    struct list list = {
        .lsp = lsp, .spot = &spot, .arena = duet_arena_new(), .items = json_array()
    };
    list.context = duet_context_at(list.arena, duet_view_lexemes(spot.view), spot.document->text,
                                   (uint32_t)spot.offset);
    list.proposals = (struct duet_proposals){
        .context = &list.context, .view = spot.view, .add = add_symbol, .add_word = add_word
    };
    if (!list.context.in_comment)
        fill(&list);
    duet_arena_free(list.arena);
    return json_pack("{s:b, s:o}", "isIncomplete", 0, "items", list.items);
}
