/* What finds a mistake in a mapping: the checks, the proof, or a test of the shipped mapping. */
#pragma once

#include "tests/mutants/mistakes.h"
#include "tests/mutants/mutations.h"

/* `folder` has the shipped mappings; nothing in it is changed. NULL for a mistake: the mappings as they are. */
struct trial trial_of(const char *folder, const struct mutation *mutation);
