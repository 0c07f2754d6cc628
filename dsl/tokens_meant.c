/* Mistakes that are made often, told by the tokens around the one that can't stand. */
#include "dsl/tokens_meant.h"

#include <string.h>

#include "dsl/arena.h"
#include "dsl/diag.h"
#include "dsl/suggest.h"
#include "dsl/tokens.h"
#include "grammar/duet.tab.h"

bool duet_expected_is_word(const char *symbol)
{
    return (symbol[0] >= 'a' && symbol[0] <= 'z' && strchr(symbol, ' ') == NULL) ||
           (symbol[0] >= 'A' && symbol[0] <= 'Z');
}

bool duet_tokens_is_reserved(const char *symbol)
{
    static const char *const reserved[] = { "and", "or", "not", "in", "when" };
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        if (strcmp(symbol, reserved[i]) == 0)
            return true;
    }
    return false;
}

size_t duet_tokens_statement(const struct duet_parse_state *state, size_t index)
{
    const struct duet_token *tokens = state->list.tokens;
    while (index > 0 && tokens[index - 1].kind != ';' && tokens[index - 1].kind != '{' &&
           tokens[index - 1].kind != '}')
        index--;
    return index;
}

bool duet_expected_has(struct duet_expected all, const char *symbol)
{
    for (size_t i = 0; i < all.count; i++) {
        if (strcmp(all.symbols[i], symbol) == 0)
            return true;
    }
    return false;
}

static bool is_a_word(const struct duet_token *token)
{
    return !duet_tokens_is_number(token->kind) && token->kind != DUET_TOKEN_QUOTED &&
           token->kind != DUET_TOKEN_FRACTION && token->value.text != NULL;
}

const char *duet_tokens_meant_keyword(const struct duet_token *token, struct duet_expected all)
{
    if (!is_a_word(token) || all.name_fits)
        return NULL;
    struct duet_suggest suggest = duet_suggest_start(token->value.text);
    for (size_t i = 0; i < all.count; i++) {
        if (duet_expected_is_word(all.symbols[i]))
            duet_suggest_offer(&suggest, all.symbols[i]);
    }
    return duet_suggest_best(&suggest);
}

/* Where a statement may begin with a name, a misspelt keyword is taken for one, and the trouble is seen
 * only at the word behind it. */
static const char *meant_before(const struct duet_parse_state *state)
{
    static const char *const keywords[] = { "form", "moves", "every", "note", "claims" };

    if (state->last < 2)
        return NULL;
    const struct duet_token *head = &state->list.tokens[state->last - 1];
    int before = head[-1].kind;
    if (head->kind != DUET_TOKEN_WORD || (before != ';' && before != '{' && before != '}'))
        return NULL;
    return duet_suggest_among(head->value.text, keywords, sizeof keywords / sizeof keywords[0]);
}

void duet_tokens_meant(struct duet_parse_state *state, struct duet_expected all,
                       struct duet_diag *diag)
{
    const struct duet_token *token = &state->list.tokens[state->last];
    const char *meant = duet_tokens_meant_keyword(token, all);
    const char *before = meant == NULL ? meant_before(state) : NULL;
    if (meant != NULL)
        duet_diag_help(diag, "did you mean '%s'?", meant);
    else if (before != NULL)
        duet_diag_help(diag, "did you mean '%s' instead of '%s'?", before,
                       state->list.tokens[state->last - 1].value.text);
    else if (all.name_fits && is_a_word(token) && duet_tokens_is_reserved(token->value.text))
        duet_diag_help(diag, "'%s' is a name only in quotes: \"%s\"", token->value.text,
                       token->value.text);
}
