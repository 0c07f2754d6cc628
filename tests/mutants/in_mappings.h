/* The mistakes in the shipped mappings. */
#pragma once

#include "tests/mutants/mistakes.h"

struct duet_arena;

/* `folder` has the mappings. What can't be read ends the program. */
struct mistakes mistakes_in_mappings(const char *folder, struct duet_arena *arena);
