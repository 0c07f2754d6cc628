/* The safe fixes that findings carry (dsl/diag.h), applied to files in memory until none is left that helps.
 *
 * A fix is kept only when its file then has no more findings than before. Fixes that touch each other are applied one after the other, each with a
 * new look at all findings. A file gets the fixes that are found when it is the one that is checked; what it imports is read, never changed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct duet_fixer; /* owns all that the accessors give */

struct duet_fixer *duet_fixer_new(void);
void duet_fixer_free(struct duet_fixer *fixer); /* NULL is fine */

/* Reads a file that is to be fixed; named twice it is one. False: it can't be read, which a check says better. */
bool duet_fixer_add(struct duet_fixer *fixer, const char *path);

/* Fixes all that were added: each sees the others as they are then. */
void duet_fixer_run(struct duet_fixer *fixer);

struct duet_fixed_file {
    const char *path;
    const char *before;
    size_t before_length;
    const char *after;
    size_t after_length;
    size_t errors; /* that are left, without those of a proof */
    size_t warnings;
};
size_t duet_fixer_files(const struct duet_fixer *fixer);
struct duet_fixed_file duet_fixer_file(const struct duet_fixer *fixer, size_t index);
bool duet_fixed_file_changed(const struct duet_fixed_file *file);

/* What was done, in the order done: "a.duet:3:7: write 'Closed' instead of 'Closd' [D030]". The place is that of the text at that time. */
size_t duet_fixer_done(const struct duet_fixer *fixer);
const char *duet_fixer_done_text(const struct duet_fixer *fixer, size_t index);
