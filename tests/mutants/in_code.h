/* The mistakes in the code of the checker and the planner: each branch turned round, in a build made for it (branches.cmake). */
#pragma once

#include "tests/mutants/mistakes.h"

struct duet_arena;

/* The branches of the build, found by the judges of the list. What can't be read ends the program. */
struct mistakes mistakes_in_code(const char *source, const char *build, const char *judges,
                                 struct duet_arena *arena);
