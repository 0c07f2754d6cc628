/* What a build with DUET_MUTANTS calls at each branch of the mutated files (branches.awk); the rest of the build knows nothing of it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define BRANCH_NUMBERS 65536
#define BRANCHES_APART 1000 /* the numbers of one file's first branch and the next one's */

/* Read from the environment when the program starts. */
#define BRANCH_TURNED "DUET_BRANCH_TURNED" /* the number of the branch that is turned round */
#define BRANCH_STEPS                                                                               \
    "DUET_BRANCH_STEPS" /* after so many branches the program ends: BRANCH_ENDLESS */
#define BRANCH_REACHED                                                                             \
    "DUET_BRANCH_REACHED" /* a file of the size of a branch_record, kept up to date */
#define BRANCH_ENDLESS 124

struct branch_record {
    uint64_t steps;
    uint8_t reached[BRANCH_NUMBERS];
};

/* The condition, or its contrary. */
bool duet_branch(uint32_t number, bool condition);
/* The value that a switch looks at: if it is `arm`, the one at `other` may be taken for it. */
int64_t duet_arm(uint32_t number, int64_t value, int64_t arm, int64_t other);
