/* Every token with its kind, for editors that colour by meaning. */
#include "engine/lsp/semantic.h"

#include "dsl/arena.h"
#include "engine/lsp/inside.h"
#include "engine/lsp/keywords.h"

/* The names that editors have for kinds, in the order of the legend. */
enum kind {
    KIND_KEYWORD,
    KIND_STRING,
    KIND_NUMBER,
    KIND_COMMENT,
    KIND_OPERATOR,
    KIND_NAMESPACE,
    KIND_CLASS,
    KIND_STRUCT,
    KIND_PROPERTY,
    KIND_ENUM_MEMBER,
    KIND_VARIABLE,
    KIND_PARAMETER,
    KIND_FUNCTION,
    KIND_EVENT,
    KIND_NONE
};

#define MODIFIER_DECLARATION 1

json_t *duet_semantic_legend(void)
{
    return json_pack("{s:[s, s, s, s, s, s, s, s, s, s, s, s, s, s], s:[s]}", "tokenTypes",
                     "keyword", "string", "number", "comment", "operator", "namespace", "class",
                     "struct", "property", "enumMember", "variable", "parameter", "function",
                     "event", "tokenModifiers", "declaration");
}

static enum kind kind_of_symbol(enum duet_symbol_kind kind)
{
    switch (kind) {
    case DUET_SYMBOL_FILE:
        return KIND_STRING;
    case DUET_SYMBOL_SYSTEM:
    case DUET_SYMBOL_HUB:
    case DUET_SYMBOL_TENANT:
        return KIND_NAMESPACE;
    case DUET_SYMBOL_MAPPING:
        return KIND_CLASS;
    case DUET_SYMBOL_RECORD:
    case DUET_SYMBOL_TABLE:
    case DUET_SYMBOL_TESTTABLE:
        return KIND_STRUCT;
    case DUET_SYMBOL_SETTING:
    case DUET_SYMBOL_FIELD:
    case DUET_SYMBOL_KEY:
    case DUET_SYMBOL_GROUP:
    case DUET_SYMBOL_RULE:
        return KIND_PROPERTY;
    case DUET_SYMBOL_CHOICE:
    case DUET_SYMBOL_ROW:
        return KIND_ENUM_MEMBER;
    case DUET_SYMBOL_LOOKUP:
    case DUET_SYMBOL_VARIABLE:
        return KIND_VARIABLE;
    case DUET_SYMBOL_SIDE:
        return KIND_PARAMETER;
    case DUET_SYMBOL_PREDICATE:
    case DUET_SYMBOL_TEST:
        return KIND_FUNCTION;
    case DUET_SYMBOL_SIGNAL:
        return KIND_EVENT;
    }
    return KIND_NONE;
}

/* The use that a lexeme is; names within a quoted text are left to the text. */
static const struct duet_use *use_of(const struct duet_spot *spot, const struct duet_lexeme *lexeme)
{
    const struct duet_use *use = duet_index_at(spot->view->index, spot->file, lexeme->start);
    return use && use->at.start == lexeme->start && use->at.end == lexeme->end ? use : NULL;
}

static enum kind kind_of(const struct duet_lexeme *lexeme)
{
    switch (lexeme->kind) {
    case DUET_LEXEME_WORD:
        return duet_keyword_help(lexeme->text) ? KIND_KEYWORD : KIND_NONE;
    case DUET_LEXEME_QUOTED:
        return KIND_STRING;
    case DUET_LEXEME_NUMBER:
        return KIND_NUMBER;
    case DUET_LEXEME_COMMENT:
        return KIND_COMMENT;
    case DUET_LEXEME_SIGN:
        break;
    }
    return lexeme->end - lexeme->start > 1 ? KIND_OPERATOR : KIND_NONE;
}

/* Five numbers a token, the place from the one before. */
static void add_token(const struct duet_spot *spot, const struct duet_lexeme *lexeme,
                      struct duet_place *last, json_t *data)
{
    const struct duet_use *use = use_of(spot, lexeme);
    enum kind kind = use ? kind_of_symbol(use->symbol->kind) : kind_of(lexeme);
    if (kind == KIND_NONE)
        return;
    struct duet_place place = duet_lines_place(spot->lines, lexeme->start);
    size_t column = place.line == last->line ? place.column - last->column : place.column;
    json_int_t numbers[] = { (json_int_t)(place.line - last->line), (json_int_t)column,
                             (json_int_t)duet_lines_width(spot->lines, lexeme->start, lexeme->end),
                             (json_int_t)kind,
                             use && use->kind == DUET_USE_DEFINES ? MODIFIER_DECLARATION : 0 };
    for (size_t i = 0; i < 5; i++)
        json_array_append_new(data, json_integer(numbers[i]));
    *last = place;
}

json_t *duet_lsp_semantic_tokens(struct duet_lsp *lsp, const json_t *params,
                                 struct duet_lsp_failure *failure)
{
    struct duet_spot spot;
    struct duet_place last = { 0, 0 };
    if (!duet_lsp_spot(lsp, params, DUET_SPOT_DOCUMENT, &spot, failure))
        return NULL;
    struct duet_lexemes all = duet_view_lexemes(spot.view);
    json_t *data = json_array();
    for (size_t i = 0; i < all.count; i++)
        add_token(&spot, &all.list[i], &last, data);
    return json_pack("{s:o}", "data", data);
}
