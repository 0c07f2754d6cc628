/* Small mistakes in the shipped mappings, made by rule: a statement is missing, an arrow points elsewhere, a value is its neighbour. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "tests/mutants/statements.h"

#define MUTATION_EDITS 2

/* Bytes start to end become the text. */
struct mutation_edit {
    uint32_t start, end;
    const char *text;
};

struct mutation {
    const struct mutant_file *file;
    uint32_t line;
    const char *
        kind; /* "drop", "arrow", "value", "swap", "names", "when", "side", "event", "number", "attribute" */
    const char *name; /* "FILE: in WHAT: STATEMENT: CHANGE", of no two mistakes the same */
    struct mutation_edit edits[MUTATION_EDITS]; /* in the order of the text */
    size_t edit_count;
};

struct mutations {
    struct mutation *list;
    size_t count;
};

/* Of all files, in order; in the arena, pointing into the files. */
struct mutations mutations_of(const struct mutant_file *files, size_t count,
                              struct duet_arena *arena);

/* The file's text with the mistake, and where its tests begin in it. */
char *mutation_text(const struct mutation *mutation, struct duet_arena *arena, size_t *length_out,
                    size_t *tests_from_out);
