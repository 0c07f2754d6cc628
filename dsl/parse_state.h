/* What a parse of one file carries along: for the lexer, the parser, their actions, nobody else. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dsl/ast.h"
#include "dsl/diag.h"
#include "dsl/parse.h"

struct duet_arena;
struct duet_intern;

/* kind is one of the grammar's enum duet_yytokentype. */
struct duet_token {
    int kind;
    uint32_t start;
    uint32_t end;
    uint32_t match; /* of a bracket: index of the other one */
    bool first_on_line;
    bool inserted;   /* not written: put in so that parsing can go on */
    bool told;       /* it, or a sign before it, was reported already */
    uint32_t indent; /* columns before the first token of the line it stands on */
    uint32_t line;
    union {
        const char *text; /* words, quoted texts, fractions */
        int64_t number;   /* numbers, durations in milliseconds */
    } value;
};

struct duet_keywords;

struct duet_token_list {
    struct duet_token *tokens; /* malloc; duet_tokens_finish() */
    size_t count;
    size_t room;
};

/* A piece of a file in which a bracket was put right: findings there would only repeat it. */
struct duet_repair {
    uint32_t start;
    uint32_t end;
    struct duet_repair *next;
};

struct duet_parse_state {
    const struct duet_parse_context *context;
    struct duet_ast_file *file;
    struct duet_token_list list;
    struct duet_repair *repairs;
    size_t next;                 /* token to be handed to the parser next */
    size_t last;                 /* token handed out last */
    struct duet_token synthetic; /* a ';' handed out where a broken statement ended without one */
    size_t made_up_before;       /* token before which the last such ';' stood, plus 1; 0: none */
    bool recovering;             /* a statement is being skipped */
    uint32_t broken_indent;      /* of that statement's first line */
    uint32_t broken_line;        /* of the token that couldn't stand */
    bool restart;                /* a missing ';' was put in: parse again from the start */
    unsigned restarts;
    struct duet_keywords
        *fitting; /* not NULL: what would fit in the place of the token that fits nowhere */
};

/* The place of the token list's file from start to end. */
struct duet_span duet_parse_span(const struct duet_parse_state *state, uint32_t start,
                                 uint32_t end);

/* Runs every pass over one file of the context's sources, without what it imports: its tree into state->file, its
 * tokens into state->list, which the caller finishes. */
void duet_parse_alone(struct duet_parse_state *state, uint32_t number);

/* Parses the state's token list, again from the start as often as a missing ';' is put in. */
void duet_parse_tokens(struct duet_parse_state *state);

/* Called by the grammar where a broken statement ends. */
void duet_parse_recovered(struct duet_parse_state *state, struct duet_span skipped);
