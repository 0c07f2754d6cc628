/* The programs that find mistakes in the code: commands whose answer changes, tests that fail. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/mutants/branch.h"
#include "tests/mutants/mistakes.h"

struct duet_arena;

struct judge {
    enum trial_outcome outcome; /* of what it finds */
    const char *name;           /* the program's, without its folder */
    char **arguments;           /* as execv takes them */
    struct branch_record seen;  /* the branches that it comes by, and how many steps it takes */
    char *answer; /* what it says, when a command's answer is what counts; else NULL */
};

struct judges {
    struct judge *list;
    size_t count;
};

/* From the list at `path`, with the programs of a build. A list that can't be read ends the program. */
struct judges judges_read(const char *path, const char *build, struct duet_arena *arena);

/* How the judge ends when there is no mistake. A test that fails, or a command that does, ends the program. The build's folder
 * `branches` gets a file. */
void judge_learn(struct judge *judge, const char *build, struct duet_arena *arena);

/* Whether it ends another way while the branch is turned round, which it must come by; `how` is the test that fails, or what happens. */
bool judge_finds(const struct judge *judge, uint32_t branch, char *how, size_t size);
