/* What was probably meant where a token can't stand: the `help` of a syntax finding. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "dsl/parse_state.h"
#include "dsl/suggest.h"

/* What could stand there, by the grammar's names of symbols: words as they are, signs in quotes, descriptions with a
 * blank in them. */
struct duet_expected {
    const char *const *symbols;
    size_t count;
    bool name_fits; /* any name, so every soft keyword too */
};

bool duet_expected_is_word(const char *symbol);
bool duet_expected_has(struct duet_expected all, const char *symbol);

/* A keyword that is a name in quotes only. */
bool duet_tokens_is_reserved(const char *symbol);

/* Index of the first token of the statement that the token belongs to. */
size_t duet_tokens_statement(const struct duet_parse_state *state, size_t index);

/* A keyword that fits here and is spelt nearly so, if there is one. */
struct duet_suggest duet_tokens_meant_keyword(const struct duet_token *token,
                                              struct duet_expected all);

/* Gives the finding at the token handed out last its help, if what was meant can be told. */
void duet_tokens_meant(struct duet_parse_state *state, struct duet_expected all,
                       struct duet_diag *diag);
