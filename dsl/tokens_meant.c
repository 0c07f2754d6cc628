/* Mistakes that are made often, told by the tokens around the one that can't stand. */
#include "dsl/tokens_meant.h"

#include <ctype.h>
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

struct duet_suggest duet_tokens_meant_keyword(const struct duet_token *token,
                                              struct duet_expected all)
{
    bool may_be_one = is_a_word(token) && !all.name_fits;
    struct duet_suggest suggest = duet_suggest_start(may_be_one ? token->value.text : "");
    for (size_t i = 0; i < all.count; i++) {
        if (duet_expected_is_word(all.symbols[i]))
            duet_suggest_offer(&suggest, all.symbols[i]);
    }
    return suggest;
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

static struct duet_span place_of(const struct duet_parse_state *state,
                                 const struct duet_token *token)
{
    return duet_parse_span(state, token->start, token->end);
}

/* --- names of several words ---------------------------------------------------------------------- */

static bool is_piece(const struct duet_token *token)
{
    return is_a_word(token) || token->kind == DUET_TOKEN_NUMERAL;
}

/* A comma between values, not between fields: inside of round brackets, or behind an arrow or colon. */
static bool is_comma_of_values(const struct duet_parse_state *state, size_t comma)
{
    const struct duet_token *tokens = state->list.tokens;
    for (size_t i = duet_tokens_statement(state, comma); i < comma; i++) {
        if (tokens[i].kind == DUET_TOKEN_RIGHT || tokens[i].kind == ':' ||
            (tokens[i].kind == '(' && tokens[i].match > comma))
            return true;
    }
    return false;
}

/* Whether the token at first stands where a value is written. */
static bool is_place_of_value(const struct duet_parse_state *state, size_t first,
                              struct duet_expected all)
{
    switch (state->list.tokens[first - 1].kind) {
    case DUET_TOKEN_BOTH:
    case DUET_TOKEN_LEFT:
    case DUET_TOKEN_RIGHT:
    case DUET_TOKEN_EQUAL:
    case DUET_TOKEN_UNEQUAL:
    case DUET_TOKEN_LESS:
    case DUET_TOKEN_AT_MOST:
    case DUET_TOKEN_MORE:
    case DUET_TOKEN_AT_LEAST:
    case DUET_TOKEN_WAS:
    case DUET_TOKEN_CONTAINS:
    case DUET_TOKEN_UNKNOWN:
    case DUET_TOKEN_DEFAULT:
    case DUET_TOKEN_EMPTY:
    case '=':
    case '(':
        return true;
    case ':':
        return state->list.tokens[first].kind == DUET_TOKEN_WORD;
    case ',':
        return is_comma_of_values(state, first - 1);
    case ';':
    case '{':
    case '}':
        return state->list.tokens[first].kind == DUET_TOKEN_WORD &&
               (duet_expected_has(all, "->") || duet_expected_has(all, "':'"));
    default:
        return false;
    }
}

/* On Hold: the place of both words; DUET_SPAN_NONE: it isn't that. */
static struct duet_span several_words(const struct duet_parse_state *state,
                                      struct duet_expected all)
{
    const struct duet_token *tokens = state->list.tokens;
    size_t first = state->last - 1;
    size_t last = state->last;

    if (state->last < 2 || all.name_fits || !is_a_word(&tokens[first]) ||
        !is_place_of_value(state, first, all))
        return DUET_SPAN_NONE;
    while (is_piece(&tokens[last]) && tokens[last].line == tokens[first].line &&
           !(is_a_word(&tokens[last]) && (duet_expected_has(all, tokens[last].value.text) ||
                                          duet_tokens_is_reserved(tokens[last].value.text))))
        last++;
    if (last == state->last)
        return DUET_SPAN_NONE;
    return duet_parse_span(state, tokens[first].start, tokens[last - 1].end);
}

static bool meant_several_words(struct duet_parse_state *state, struct duet_expected all,
                                struct duet_diag *diag)
{
    struct duet_span words = several_words(state, all);
    const char *source = duet_source_text(state->context->sources, state->file->file);
    if (words.file == DUET_SOURCE_NONE)
        return false;
    duet_diag_help(diag, "a name of several words stands in quotes: \"%.*s\"",
                   (int)(words.end - words.start), source + words.start);
    duet_diag_fix(diag, DUET_FIX_SAFE, words, "\"%.*s\"", (int)(words.end - words.start),
                  source + words.start);
    return true;
}

/* --- = and == -------------------------------------------------------------------------------------- */

static bool meant_equals(const struct duet_parse_state *state, struct duet_expected all,
                         struct duet_diag *diag)
{
    const struct duet_token *token = &state->list.tokens[state->last];
    if (token->kind == '=' && duet_expected_has(all, "==")) {
        duet_diag_help(diag, "write '==': '=' gives a value, it doesn't compare");
        duet_diag_fix(diag, DUET_FIX_SAFE, place_of(state, token), "==");
        return true;
    }
    if (token->kind == DUET_TOKEN_EQUAL && duet_expected_has(all, "'='")) {
        duet_diag_help(diag, "write '=': '==' compares, it gives no value");
        duet_diag_fix(diag, DUET_FIX_SAFE, place_of(state, token), "=");
        return true;
    }
    return false;
}

/* --- signs of JSON and YAML --------------------------------------------------------------------------- */

static bool meant_sign(const struct duet_parse_state *state, struct duet_expected all,
                       struct duet_diag *diag)
{
    const struct duet_token *token = &state->list.tokens[state->last];
    const char *meant = NULL;
    if (token->kind == ':' && duet_expected_has(all, "'='"))
        meant = "=";
    if (token->kind == '=' && duet_expected_has(all, "':'"))
        meant = ":";
    if (token->kind == ',' && duet_expected_has(all, "';'") && token[1].first_on_line)
        meant = ";";
    if (token->kind == '|' && duet_expected_has(all, "','"))
        meant = ",";
    if ((token->kind == '[' || token->kind == '{') && duet_expected_has(all, "'('")) {
        duet_diag_help(diag, "lists stand between '(' and ')'");
        return true;
    }
    if (meant == NULL)
        return false;
    duet_diag_help(diag, *meant == ';' ? "a statement ends with ';'" : "write '%s'", meant);
    duet_diag_fix(diag, DUET_FIX_SAFE, place_of(state, token), "%s", meant);
    return true;
}

/* --- words of other languages --------------------------------------------------------------------------- */

static const struct {
    const char *found;
    const char *symbol; /* the keyword that must fit there */
    const char *meant;
} foreign_words[] = {
    { "string", "text", "text" },        { "str", "text", "text" },
    { "int", "integer", "integer" },     { "long", "integer", "integer" },
    { "float", "number", "number" },     { "double", "number", "number" },
    { "decimal", "number", "number" },   { "bool", "boolean", "boolean" },
    { "date", "time", "time" },          { "datetime", "time", "time" },
    { "timestamp", "time", "time" },     { "array", "list", "list of" },
    { "readonly", "read", "read only" }, { "if", "when", "when" },
    { "where", "when", "when" },         { "update", "change", "change" },
    { "updated", "change", "change" },   { "closed", "close", "close" },
    { "reopened", "reopen", "reopen" },
};

static bool same_but_for_case(const char *a, const char *b)
{
    while (*a && tolower((unsigned char)*a) == tolower((unsigned char)*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

/* What another language calls it, or a keyword in the other case. */
static const char *foreign_word(const char *word, struct duet_expected all)
{
    for (size_t i = 0; i < sizeof foreign_words / sizeof foreign_words[0]; i++) {
        if (strcmp(foreign_words[i].found, word) == 0 &&
            duet_expected_has(all, foreign_words[i].symbol))
            return foreign_words[i].meant;
    }
    for (size_t i = 0; i < all.count; i++) {
        if (duet_expected_is_word(all.symbols[i]) && same_but_for_case(all.symbols[i], word))
            return all.symbols[i];
    }
    return NULL;
}

static bool meant_foreign_word(const struct duet_parse_state *state, struct duet_expected all,
                               struct duet_diag *diag)
{
    const struct duet_token *token = &state->list.tokens[state->last];
    if (token->kind == DUET_TOKEN_WHEN && duet_expected_has(all, "send")) {
        duet_diag_help(diag, "the condition comes last: `send ... when ...;`");
        return true;
    }
    const char *meant =
        is_a_word(token) && !all.name_fits ? foreign_word(token->value.text, all) : NULL;
    if (meant == NULL)
        return false;
    duet_diag_help(diag, "write '%s'", meant);
    duet_diag_fix(diag, DUET_FIX_SAFE, place_of(state, token), "%s", meant);
    return true;
}

/* --- durations ------------------------------------------------------------------------------------------ */

static bool meant_duration(const struct duet_parse_state *state, struct duet_expected all,
                           struct duet_diag *diag)
{
    static const char *const units[] = { "ms", "s", "min", "h", "d" };
    const struct duet_token *token = &state->list.tokens[state->last];
    if (token->kind != DUET_TOKEN_NUMERAL || !duet_expected_has(all, "a duration"))
        return false;
    long long amount = (long long)token->value.number;
    for (size_t i = 0; i < sizeof units / sizeof units[0] && is_a_word(&token[1]); i++) {
        if (strcmp(token[1].value.text, units[i]) != 0)
            continue;
        duet_diag_help(diag, "number and unit are one word: `%lld%s`", amount, units[i]);
        duet_diag_fix(diag, DUET_FIX_SAFE, duet_parse_span(state, token->start, token[1].end),
                      "%lld%s", amount, units[i]);
        return true;
    }
    duet_diag_help(diag, "add a unit, ms, s, min, h or d: `%llds`", amount);
    return true;
}

/* --- two words joined ------------------------------------------------------------------------------------- */

/* first_contact, read_only, in-order: the first word is a keyword that fits. */
static bool meant_two_words(const struct duet_parse_state *state, struct duet_expected all,
                            struct duet_diag *diag)
{
    const struct duet_token *token = &state->list.tokens[state->last];
    const char *joint = is_a_word(token) ? strchr(token->value.text, '_') : NULL;
    for (size_t i = 0; joint != NULL && i < all.count; i++) {
        size_t length = strlen(all.symbols[i]);
        if (!duet_expected_is_word(all.symbols[i]) ||
            length != (size_t)(joint - token->value.text) ||
            strncmp(all.symbols[i], token->value.text, length) != 0)
            continue;
        duet_diag_help(diag, "these are two words: `%s %s`", all.symbols[i], joint + 1);
        duet_diag_fix(diag, DUET_FIX_SAFE, place_of(state, token), "%s %s", all.symbols[i],
                      joint + 1);
        return true;
    }
    return false;
}

/* --- what a trigger sends ----------------------------------------------------------------------------- */

static bool is_action(int kind)
{
    return kind == DUET_TOKEN_SEND || kind == DUET_TOKEN_FETCH || kind == DUET_TOKEN_CLEAR;
}

/* The action whose names the token stands behind; 0: it doesn't. */
static size_t action_before(const struct duet_parse_state *state)
{
    const struct duet_token *tokens = state->list.tokens;
    size_t start = duet_tokens_statement(state, state->last);
    size_t at = state->last;
    if (tokens[start].kind != DUET_TOKEN_ON && tokens[start].kind != DUET_TOKEN_OVERRIDE)
        return 0;
    while (at > start && !is_action(tokens[at - 1].kind) &&
           (tokens[at - 1].kind == ',' || is_a_word(&tokens[at - 1]) ||
            tokens[at - 1].kind == DUET_TOKEN_QUOTED))
        at--;
    return at > start && is_action(tokens[at - 1].kind) ? at - 1 : 0;
}

static bool meant_names(struct duet_parse_state *state, struct duet_expected all,
                        struct duet_diag *diag)
{
    const struct duet_token *tokens = state->list.tokens;
    const struct duet_token *token = &tokens[state->last];
    size_t action = action_before(state);
    if (action == 0)
        return false;
    const char *verb = tokens[action].value.text;
    bool is_clear = tokens[action].kind == DUET_TOKEN_CLEAR;
    const char *before = tokens[state->last - 1].value.text;
    if (all.name_fits && state->last == action + 1) {
        if (is_clear)
            duet_diag_help(diag, "name a field or group");
        else
            duet_diag_help(diag, "name fields and groups, or write `%s all`", verb);
        return true;
    }
    if (!duet_expected_has(all, "','") || !is_a_word(token))
        return false;
    if (tokens[state->last - 1].kind == DUET_TOKEN_ALL && !is_clear) {
        duet_diag_help(diag, "`%s all` means every field and the notes", verb);
        return true;
    }
    const struct duet_token *next =
        token->kind == DUET_TOKEN_AND && is_a_word(&token[1]) ? &token[1] : token;
    duet_diag_help(diag, "names are parted by ',': `%s %s, %s`", verb, before, next->value.text);
    return true;
}

/* --- the help --------------------------------------------------------------------------------------------- */

void duet_tokens_meant(struct duet_parse_state *state, struct duet_expected all,
                       struct duet_diag *diag)
{
    const struct duet_token *token = &state->list.tokens[state->last];
    struct duet_suggest meant = duet_tokens_meant_keyword(token, all);
    const char *before = meant.best == NULL ? meant_before(state) : NULL;
    if (meant.best != NULL) {
        duet_diag_help(diag, "did you mean '%s'?", meant.best);
        duet_diag_fix(diag, meant.is_only ? DUET_FIX_SAFE : DUET_FIX_MAYBE, place_of(state, token),
                      "%s", meant.best);
    } else if (before != NULL) {
        duet_diag_help(diag, "did you mean '%s' instead of '%s'?", before, token[-1].value.text);
        duet_diag_fix(diag, DUET_FIX_SAFE, place_of(state, &token[-1]), "%s", before);
    } else if (meant_equals(state, all, diag) || meant_sign(state, all, diag) ||
               meant_foreign_word(state, all, diag) || meant_duration(state, all, diag) ||
               meant_two_words(state, all, diag) || meant_names(state, all, diag) ||
               meant_several_words(state, all, diag))
        return;
    else if (all.name_fits && is_a_word(token) && duet_tokens_is_reserved(token->value.text)) {
        duet_diag_help(diag, "'%s' is a name only in quotes: \"%s\"", token->value.text,
                       token->value.text);
        duet_diag_fix(diag, DUET_FIX_SAFE, place_of(state, token), "\"%s\"", token->value.text);
    }
}
