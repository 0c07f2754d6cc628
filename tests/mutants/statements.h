/* The statements of `mapping` and `record` blocks, as tokens: what mistakes are made of. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "dsl/tokens_seen.h"

struct duet_arena;

/* A file's text and its tokens, comments apart. */
struct mutant_file {
    const char *name; /* below mappings/ */
    const char *text;
    size_t length;
    const struct duet_lexeme *tokens;
    size_t count;
    size_t
        tests_from; /* where the first `test` block begins, in bytes; the length when there is none */
};

/* Reads FOLDER/NAME into the arena; false when it can't be read. */
bool mutant_file_read(const char *folder, const char *name, struct duet_arena *arena,
                      struct mutant_file *file_out);

/* Tokens first to last, both included. The heading ends before `end`: at the `;`, or at the `{` of a block. */
struct mutant_statement {
    const struct mutant_file *file;
    size_t first, end, last;
    const struct mutant_statement *within; /* NULL: stands in the mapping or record itself */
    const struct mutant_statement *next;   /* NULL: the last of its block */
};

/* The statements of every mapping and record of a file, inner ones behind their own. */
struct mutant_statements {
    const struct mutant_statement **list;
    size_t count;
};
struct mutant_statements mutant_statements_of(const struct mutant_file *file,
                                              struct duet_arena *arena);

/* Whether the token is this word or sign; a quoted text never is. False past the end. */
bool mutant_token_is(const struct mutant_file *file, size_t index, const char *text);
/* The text of tokens first to last, as written but with single blanks and without comments. */
char *mutant_slice(const struct mutant_file *file, size_t first, size_t last,
                   struct duet_arena *arena);
