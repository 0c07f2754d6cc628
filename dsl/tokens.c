/* The parser's tokens, its messages, and where it goes on after a mistake. */
#include "dsl/tokens.h"

#include <string.h>

#include "dsl/arena.h"
#include "dsl/ast_fleet.h"
#include "dsl/brackets.h"
#include "dsl/scan.h"
#include "dsl/tokens_meant.h"
#include "dsl/tokens_seen.h"
#include "grammar/duet.tab.h"

#define RESTARTS_MAX 20u
#define RESTART_TOKENS_MAX 200000u /* a larger file is parsed once only */
#define LISTED_MAX 6               /* more alternatives go to a note of their own */
#define SHOWN_MAX 40               /* bytes of the source repeated in a message */

struct duet_span duet_parse_span(const struct duet_parse_state *state, uint32_t start, uint32_t end)
{
    return (struct duet_span){ state->file->file, start, end };
}

struct duet_span duet_tokens_rule(struct duet_span first, struct duet_span last)
{
    return (struct duet_span){ first.file, first.start, last.end };
}

struct duet_span duet_tokens_empty(struct duet_span before)
{
    return (struct duet_span){ before.file, before.end, before.end };
}

bool duet_tokens_is_number(int kind)
{
    return kind == DUET_TOKEN_NUMERAL || kind == DUET_TOKEN_SPANNED;
}

/* --- handing out ------------------------------------------------------------------------------------- */

static bool ends_statement(int kind)
{
    return kind == ';' || kind == '}' || kind == ')' || kind == ']' || kind == DUET_TOKEN_END;
}

/* A line that stands as far left as the broken statement began is another statement. */
static bool begins_statement(const struct duet_parse_state *state, const struct duet_token *token)
{
    return token->first_on_line && token->line > state->broken_line &&
           token->indent <= state->broken_indent;
}

/* Where the parser is inside of brackets a ';' ends nothing: it throws the first one away and asks again,
 * and what follows is skipped as well. */
static bool may_make_up(const struct duet_parse_state *state)
{
    return state->made_up_before != state->next + 1;
}

static const struct duet_token *made_up_end(struct duet_parse_state *state, uint32_t offset)
{
    state->made_up_before = state->next + 1;
    state->synthetic = (struct duet_token){ .kind = ';', .start = offset, .end = offset };
    return &state->synthetic;
}

/* What still belongs to the statement after one of its blocks. */
static bool goes_on_with(int kind)
{
    return kind == DUET_TOKEN_THEN || kind == ',' || ends_statement(kind);
}

/* Steps over the rest of a broken statement; blocks are stepped over whole. NULL: the next token of the
 * list is its end. */
static const struct duet_token *skip_broken(struct duet_parse_state *state)
{
    const struct duet_token *tokens = state->list.tokens;

    for (;;) {
        const struct duet_token *token = &tokens[state->next];
        if (ends_statement(token->kind))
            return NULL;
        if (begins_statement(state, token) && may_make_up(state))
            return made_up_end(state, token->start);
        if (token->kind == '{' || token->kind == '(' || token->kind == '[') {
            state->next = token->match + 1u;
            if (token->kind == '{' && !goes_on_with(tokens[state->next].kind) && may_make_up(state))
                return made_up_end(state, tokens[token->match].end);
        } else {
            state->next++;
        }
    }
}

const struct duet_token *duet_tokens_next(struct duet_parse_state *state, struct duet_span *at_out)
{
    const struct duet_token *token = NULL;

    if (state->restart || duet_diags_full(state->context->diags))
        state->next = state->list.count - 1;
    else if (state->recovering)
        token = skip_broken(state);
    if (token == NULL) {
        token = &state->list.tokens[state->next];
        state->last = state->next;
        if (token->kind != DUET_TOKEN_END)
            state->next++;
    }
    *at_out = duet_parse_span(state, token->start, token->end);
    return token;
}

void duet_parse_recovered(struct duet_parse_state *state, struct duet_span skipped)
{
    struct duet_ast_damage *damage = duet_arena_alloc(state->context->arena, sizeof *damage);
    damage->at = skipped;
    /* What skip_broken() stepped over was never seen by the parser. */
    const struct duet_token *last = &state->list.tokens[state->next > 0 ? state->next - 1 : 0];
    uint32_t end = last->kind == ';' || last->kind == '}' ? last->start : last->end;
    if (end > damage->at.end)
        damage->at.end = end;
    state->file->damages = duet_ast_damage_list_append(state->file->damages, damage);
    state->recovering = false;
}

/* --- what was expected ----------------------------------------------------------------------------------- */

/* What needs no mention: each soft keyword where any name fits, and the ways to make a path longer. */
static bool is_noise(const char *symbol, bool name_fits, size_t count)
{
    if (name_fits && ((duet_expected_is_word(symbol) && !duet_tokens_is_reserved(symbol)) ||
                      strcmp(symbol, "a quoted text") == 0))
        return true;
    return count > 2 && (strcmp(symbol, "'.'") == 0 || strcmp(symbol, "'['") == 0);
}

static size_t count_shown(struct duet_expected all)
{
    size_t shown = 0;
    for (size_t i = 0; i < all.count; i++)
        shown += !is_noise(all.symbols[i], all.name_fits, all.count);
    return shown;
}

/* a name, 'x' or ';' */
static const char *listed(struct duet_parse_state *state, struct duet_expected all)
{
    const char *text = "";
    size_t shown = 0;
    size_t last = count_shown(all);

    for (size_t i = 0; i < all.count; i++) {
        const char *symbol = all.symbols[i];
        if (is_noise(symbol, all.name_fits, all.count))
            continue;
        shown++;
        bool as_is = symbol[0] == '\'' || strchr(symbol, ' ') != NULL;
        const char *before = shown == 1 ? "" : shown == last ? " or " : ", ";
        const char *quote = as_is ? "" : "'";
        text = duet_arena_format(state->context->arena, "%s%s%s%s%s", text, before, quote, symbol,
                                 quote);
    }
    return text;
}

static const char *found_text(struct duet_parse_state *state, const struct duet_token *token)
{
    const char *source = duet_source_text(state->context->sources, state->file->file);
    if (token->kind == DUET_TOKEN_END)
        return "the end of the file";
    int length = (int)(token->end - token->start);
    int shown = length > SHOWN_MAX ? SHOWN_MAX : length;
    while (shown < length &&
           ((unsigned char)source[token->start + (uint32_t)shown] & 0xc0u) == 0x80u)
        shown++;
    const char *quote = token->kind == DUET_TOKEN_QUOTED ? "" : "'";
    return duet_arena_format(state->context->arena, "%s%.*s%s%s", quote, shown,
                             source + token->start, shown < length ? "..." : "", quote);
}

/* --- a missing ';' ------------------------------------------------------------------------------------------- */

/* Only the ';' is missing: it could stand here, and what follows begins on a new line no deeper, or is the
 * end of the block. */
static bool lacks_semicolon(const struct duet_parse_state *state, struct duet_expected all)
{
    const struct duet_token *token = &state->list.tokens[state->last];

    if (state->last == 0 || !duet_expected_has(all, "';'"))
        return false;
    if (token->kind == '}' || token->kind == DUET_TOKEN_END)
        return true;
    uint32_t indent = state->list.tokens[duet_tokens_statement(state, state->last - 1)].indent;
    return token->first_on_line && token->indent <= indent;
}

static void put_semicolon(struct duet_parse_state *state)
{
    struct duet_token_list *list = &state->list;
    size_t at = state->last;
    uint32_t end = list->tokens[at - 1].end;

    duet_token_list_add(list, list->tokens[list->count - 1]);
    memmove(&list->tokens[at + 1], &list->tokens[at],
            (list->count - 1 - at) * sizeof *list->tokens);
    list->tokens[at] = (struct duet_token){ .kind = ';',
                                            .start = end,
                                            .end = end,
                                            .line = list->tokens[at - 1].line,
                                            .indent = list->tokens[at - 1].indent,
                                            .inserted = true };
    for (size_t i = 0; i < list->count; i++) {
        if (list->tokens[i].match >= at)
            list->tokens[i].match++;
    }
    state->restart = true;
    state->restarts++;
}

static void report_semicolon(struct duet_parse_state *state)
{
    const struct duet_token *token = &state->list.tokens[state->last];
    uint32_t end = state->list.tokens[state->last - 1].end;
    struct duet_span at = duet_parse_span(state, end, end);
    struct duet_diag *diag = duet_diag_add(state->context->diags, DUET_DIAG_UNEXPECTED, at,
                                           "expected ';', found %s", found_text(state, token));
    duet_diag_fix(diag, DUET_FIX_SAFE, at, ";");
}

/* --- the finding ------------------------------------------------------------------------------------------------- */

/* The end of the file is shown behind the last token: that is where something is missing. */
static struct duet_span place_of(const struct duet_parse_state *state,
                                 const struct duet_token *token)
{
    if (token->kind != DUET_TOKEN_END || state->last == 0)
        return duet_parse_span(state, token->start, token->end);
    return duet_parse_span(state, token[-1].end, token[-1].end);
}

static void report(struct duet_parse_state *state, struct duet_expected all)
{
    const struct duet_token *token = &state->list.tokens[state->last];
    enum duet_diag_code code =
        token->kind == DUET_TOKEN_END ? DUET_DIAG_UNFINISHED : DUET_DIAG_UNEXPECTED;
    struct duet_span at = place_of(state, token);
    const char *expected = listed(state, all);
    bool many = count_shown(all) > LISTED_MAX;

    struct duet_diag *diag =
        many ? duet_diag_add(state->context->diags, code, at, "%s can't stand here",
                             found_text(state, token))
             : duet_diag_add(state->context->diags, code, at, "expected %s, found %s", expected,
                             found_text(state, token));
    if (many)
        duet_diag_note(diag, DUET_SPAN_NONE, "expected %s", expected);
    duet_tokens_meant(state, all, diag);
}

static void begin_skipping(struct duet_parse_state *state)
{
    const struct duet_token *token = &state->list.tokens[state->last];
    size_t first = duet_tokens_statement(state, state->last);

    state->broken_indent = state->list.tokens[first].indent;
    state->broken_line = token->line;
    state->recovering = true;
    /* The parser throws the brace away; the block behind it must go too. */
    if (token->kind == '{' || token->kind == '(' || token->kind == '[')
        state->next = state->last;
}

/* Keywords only, once. */
static void take_fitting(struct duet_parse_state *state, struct duet_expected all)
{
    const char **words =
        duet_arena_alloc_array(state->context->arena, all.count + 1, sizeof *words);
    size_t count = 0;
    for (size_t i = 0; i < all.count; i++) {
        if (duet_expected_is_word(all.symbols[i]))
            words[count++] = all.symbols[i];
    }
    *state->fitting = (struct duet_keywords){ words, count, all.name_fits };
}

void duet_tokens_unexpected(struct duet_parse_state *state, const char *const *expected,
                            size_t count, bool name_fits)
{
    struct duet_expected all = { expected, count, name_fits };
    const struct duet_token *token = &state->list.tokens[state->last];
    bool told = token->inserted || token->told || duet_brackets_repaired(state, token->start);

    if (state->restart)
        return;
    if (state->fitting && token->kind == DUET_TOKEN_DUET_YYUNDEF) {
        take_fitting(state, all);
        return;
    }
    if (duet_tokens_meant_keyword(token, all).best == NULL && lacks_semicolon(state, all) &&
        state->restarts < RESTARTS_MAX && state->list.count < RESTART_TOKENS_MAX) {
        if (!told)
            report_semicolon(state);
        put_semicolon(state);
        return;
    }
    if (!told)
        report(state, all);
    begin_skipping(state);
}

void duet_tokens_too_deep(struct duet_parse_state *state, struct duet_span at)
{
    duet_diag_add(state->context->diags, DUET_DIAG_NESTING, at, "nested deeper than can be parsed");
}
