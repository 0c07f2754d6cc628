/* Trials of all mistakes, or of some, several at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tests/mutants/mistakes.h"

struct duet_arena;

struct run {
    const struct mistakes *mistakes;
    size_t only;          /* 0: all; counted from 1 */
    size_t every;         /* 1: all; else each so many */
    struct trial *trials; /* of each mistake; those that aren't chosen have no answer */
};

bool run_chooses(const struct run *run, size_t index);
/* Makes the trials, in the arena. A system that gives no process or file ends the program. */
void run_trials(struct run *run, struct duet_arena *arena);
