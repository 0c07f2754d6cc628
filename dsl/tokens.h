/* Hands the tokens of a file to the parser, says what was expected where one can't stand, and finds where
 * parsing goes on. Called by grammar/duet.y. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "dsl/parse_state.h"

/* The next token and its place. While a broken statement is being skipped: the ';' or closing brace that
 * ends it, or a ';' made up where the next statement evidently begins. */
const struct duet_token *duet_tokens_next(struct duet_parse_state *state, struct duet_span *at_out);

/* Whether a token of this kind has a number for its value, not a text. */
bool duet_tokens_is_number(int kind);

/* The token handed out last can't stand where it does; expected: the names of the grammar's symbols that
 * could. A missing ';' is put in and the parse started again, so that its statement isn't lost. */
void duet_tokens_unexpected(struct duet_parse_state *state, const char *const *expected,
                            size_t count, bool name_fits);

/* The parser's own stack is used up. */
void duet_tokens_too_deep(struct duet_parse_state *state, struct duet_span at);

/* Places of a rule: of its parts, and of one that has none. */
struct duet_span duet_tokens_rule(struct duet_span first, struct duet_span last);
struct duet_span duet_tokens_empty(struct duet_span before);
