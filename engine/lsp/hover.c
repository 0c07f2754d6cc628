/* What stands under the cursor: a name with its definition and its rules, a keyword, a finding. In Markdown, or without its signs. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/explain.h"
#include "engine/lsp/inside.h"
#include "engine/lsp/keywords.h"

#define SHOWN_LINES 12u

struct card {
    const struct duet_lsp *lsp;
    struct duet_view *view;
    struct duet_arena *arena;
    const char *text;
};

__attribute__((format(printf, 2, 3))) static void say(struct card *card, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *more = duet_arena_format_list(card->arena, format, arguments);
    va_end(arguments);
    card->text =
        duet_arena_format(card->arena, "%s%s%s", card->text, *card->text ? "\n\n" : "", more);
}

/* --- definitions ----------------------------------------------------------------------------------------- */

/* The text of a span, its later lines moved left by the indent of the first, cut when there are many. */
static const char *source_of(const struct card *card, struct duet_span at)
{
    const char *text = duet_source_text(card->view->sources, at.file);
    struct duet_position from = duet_source_position(card->view->sources, at.file, at.start);
    struct duet_position to = duet_source_position(card->view->sources, at.file, at.end);
    const char *out = "";
    for (uint32_t number = from.line; number <= to.line; number++) {
        struct duet_line line = duet_source_line(card->view->sources, at.file, number);
        if (number - from.line == SHOWN_LINES)
            return duet_arena_format(card->arena, "%s\n…", out);
        uint32_t start = number == from.line ? at.start : line.start;
        uint32_t end = number == to.line ? at.end : line.start + (uint32_t)line.length;
        for (uint32_t blanks = 1;
             number > from.line && blanks < from.column && start < end && text[start] == ' ';
             blanks++)
            start++;
        out = duet_arena_format(card->arena, "%s%s%.*s", out, *out ? "\n" : "", (int)(end - start),
                                text + start);
    }
    return out;
}

static const char *place_of(const struct card *card, struct duet_span at)
{
    const char *path = duet_source_path(card->view->sources, at.file);
    const char *slash = strrchr(path, '/');
    return duet_arena_format(card->arena, "%s:%u", slash ? slash + 1 : path,
                             duet_source_position(card->view->sources, at.file, at.start).line);
}

/* desk.ticket.status */
static const char *full_name(const struct card *card, const struct duet_symbol *symbol)
{
    const char *name =
        symbol->in_form ? duet_arena_format(card->arena, "form.%s", symbol->name) : symbol->name;
    if (!symbol->parent || !symbol->parent->name[0] || symbol->kind == DUET_SYMBOL_VARIABLE ||
        symbol->kind == DUET_SYMBOL_ROW)
        return name;
    return duet_arena_format(card->arena, "%s.%s", full_name(card, symbol->parent), name);
}

static void say_definition(struct card *card, const struct duet_symbol *symbol)
{
    say(card, "**%s** `%s` - %s", duet_lsp_kind_name(symbol->kind), full_name(card, symbol),
        symbol->at.file == DUET_SOURCE_NONE ? "" : place_of(card, symbol->at));
    if (symbol->all.file != DUET_SOURCE_NONE && symbol->all.end > symbol->all.start)
        say(card, "```duet\n%s\n```", source_of(card, symbol->all));
}

/* --- rules ----------------------------------------------------------------------------------------------- */

static const char *arrow_of(enum duet_ast_direction direction)
{
    switch (direction) {
    case DUET_AST_BOTH:
        return "<->";
    case DUET_AST_RIGHT:
        return "->";
    case DUET_AST_LEFT:
        return "<-";
    }
    return "";
}

static void say_rule(struct card *card, const struct duet_ast_rule *rule)
{
    if (!rule->left || !rule->right)
        return;
    say(card, "`%s %s %s` by rule `%s` - %s", rule->left->text, arrow_of(rule->direction),
        rule->right->text, rule->name.text, place_of(card, rule->at));
    if (!rule->arms.first)
        return;
    const char *table = duet_arena_format(card->arena, "| %s | | %s |\n|---|:-:|---|",
                                          rule->left->text, rule->right->text);
    for (const struct duet_ast_arm *arm = rule->arms.first; arm; arm = arm->next)
        table = duet_arena_format(card->arena, "%s\n| %s | %s | %s |", table,
                                  source_of(card, arm->left->at), arrow_of(arm->direction),
                                  source_of(card, arm->right->at));
    say(card, "%s", table);
}

/* The rules of one mapping, or group, that are about a field. */
static void say_rules(struct card *card, const struct duet_symbol *first,
                      const struct duet_symbol *field)
{
    const struct duet_index *index = card->view->index;
    for (const struct duet_symbol *rule = first; rule; rule = rule->next) {
        if (rule->kind == DUET_SYMBOL_GROUP || rule->kind == DUET_SYMBOL_MAPPING)
            say_rules(card, rule->children, field);
        if (rule->kind == DUET_SYMBOL_RULE && (duet_index_mapped(index, rule, 0) == field ||
                                               duet_index_mapped(index, rule, 1) == field))
            say_rule(card, rule->of.rule);
    }
}

static void say_symbol(struct card *card, const struct duet_symbol *symbol)
{
    say_definition(card, symbol);
    if (symbol->kind == DUET_SYMBOL_FIELD)
        say_rules(card, duet_index_symbols(card->view->index), symbol);
    if (symbol->kind == DUET_SYMBOL_RULE && symbol->of.rule->arms.first)
        say_rule(card, symbol->of.rule);
}

/* --- findings and keywords ------------------------------------------------------------------------------- */

static void say_finding(struct card *card, const struct duet_spot *spot, const json_t *finding)
{
    size_t start = 0;
    size_t end = 0;
    const char *code = duet_lsp_member(finding, "code");
    if (!code ||
        !duet_lines_read_range(spot->lines, json_object_get(finding, "range"), &start, &end) ||
        spot->offset < start || spot->offset > end)
        return;
    enum duet_diag_code number = (enum duet_diag_code)strtoul(code + 1, NULL, 10);
    const struct duet_page *page = duet_page_of(number);
    if (page)
        say(card, "**%s**: %s. %s\n\n`duet explain %s` shows examples.", code,
            duet_diag_code_meaning(number), page->why, code);
}

static void say_findings(struct card *card, const struct duet_spot *spot)
{
    size_t index = 0;
    const json_t *finding = NULL;
    json_array_foreach(json_object_get(card->lsp->told, spot->document->uri), index, finding)
    {
        say_finding(card, spot, finding);
    }
}

static const struct duet_lexeme *lexeme_at(const struct duet_spot *spot)
{
    struct duet_lexemes all = duet_view_lexemes(spot->view);
    const struct duet_lexeme *list = all.list;
    for (size_t i = 0; i < all.count; i++) {
        if (list[i].start <= spot->offset && spot->offset <= list[i].end &&
            list[i].kind == DUET_LEXEME_WORD)
            return &list[i];
    }
    return NULL;
}

/* --- the card -------------------------------------------------------------------------------------------- */

/* A line without the marks of bold and code; `length` bytes, put behind *end. */
static void put_plain(const char *line, size_t length, char **end)
{
    for (size_t i = 0; i < length; i++) {
        bool is_bold = line[i] == '*' && i + 1 < length && line[i + 1] == '*';
        if (!is_bold && line[i] != '`')
            *(*end)++ = line[i];
        i += is_bold;
    }
}

/* For an editor that shows Markdown as it stands: without fences, marks, and the line below a table's head. */
static const char *plain(struct duet_arena *arena, const char *text)
{
    char *out = duet_arena_alloc(arena, strlen(text) + 1);
    char *end = out;
    bool in_code = false;
    while (*text) {
        size_t length = strcspn(text, "\n");
        bool has_end = text[length] == '\n';
        bool is_fence = strncmp(text, "```", 3) == 0;
        bool is_left_out = is_fence || strncmp(text, "|---", 4) == 0;
        if (in_code && !is_fence) {
            memcpy(end, text, length);
            end += length;
        } else if (!is_left_out) {
            put_plain(text, length, &end);
        }
        if (has_end && !is_left_out)
            *end++ = '\n';
        in_code = in_code != is_fence;
        text += length + has_end;
    }
    while (end > out && end[-1] == '\n')
        end--;
    *end = '\0';
    return out;
}

static json_t *card_json(const struct card *card, struct duet_view *view, struct duet_span at)
{
    bool has_markdown = card->lsp->has_markdown;
    json_t *hover = json_pack(
        "{s:{s:s, s:o}}", "contents", "kind", has_markdown ? "markdown" : "plaintext", "value",
        duet_lsp_text(has_markdown ? card->text : plain(card->arena, card->text)));
    if (at.file != DUET_SOURCE_NONE)
        json_object_set_new(hover, "range", duet_view_range(card->lsp, view, at));
    return hover;
}

json_t *duet_lsp_hover(struct duet_lsp *lsp, const json_t *params, struct duet_lsp_failure *failure)
{
    struct duet_spot spot;
    struct duet_span at = DUET_SPAN_NONE;
    if (!duet_lsp_spot(lsp, params, DUET_SPOT_POSITION, &spot, failure))
        return NULL;
    struct card card = { .lsp = lsp, .arena = duet_arena_new(), .text = "" };
    const struct duet_use *use = duet_lsp_name_at(&spot, &card.view);
    const struct duet_lexeme *word = use ? NULL : lexeme_at(&spot);
    const char *help = word ? duet_keyword_help(word->text) : NULL;
    if (use)
        say_symbol(&card, use->symbol);
    if (help)
        say(&card, "**%s**: %s", word->text, help);
    if (use && card.view == spot.view)
        at = use->at;
    if (help)
        at = (struct duet_span){ spot.file, word->start, word->end };
    say_findings(&card, &spot);
    json_t *hover = *card.text ? card_json(&card, spot.view, at) : NULL;
    duet_arena_free(card.arena);
    return hover;
}
