/* Where somebody writes: the blocks around the place and the statement so far, from the tokens alone, so that broken text has one too. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dsl/tokens_seen.h"

#define DUET_CONTEXT_BLOCKS_MAX 32u

struct duet_context {
    const struct duet_lexeme *words; /* without comments; those before the place */
    size_t count;
    struct {
        size_t head; /* the first token of the statement that opened it */
        char sign;   /* { ( [ */
    } blocks[DUET_CONTEXT_BLOCKS_MAX];
    size_t depth;
    size_t statement;    /* the first token of the one that is being written; count: none yet */
    uint32_t start, end; /* what is being written, and would be replaced; empty: nothing yet */
    bool in_comment;
    bool in_quotes;
    bool in_braces; /* of a {place} in a text */
};

struct duet_arena;

/* `text`: of the file, for as long as the context is used. */
struct duet_context duet_context_at(struct duet_arena *arena, struct duet_lexemes all,
                                    const char *text, uint32_t offset);

/* The text of the nth token before the place (0: the last); "" when there is none. */
const char *duet_context_before(const struct duet_context *context, size_t n);
/* The nth token of the statement; "" when there is none. */
const char *duet_context_word(const struct duet_context *context, size_t n);
/* How many tokens the statement has so far. */
size_t duet_context_length(const struct duet_context *context);
/* The nth token of what opened a block of braces, the innermost for 0; "" when there is none. */
const char *duet_context_head(const struct duet_context *context, size_t block, size_t n);
/* Whether a token stands in the statement. */
bool duet_context_has(const struct duet_context *context, const char *text);
/* The nth token of the innermost block whose statement begins with that word; "" when there is no such block. */
const char *duet_context_within(const struct duet_context *context, const char *first, size_t n);
