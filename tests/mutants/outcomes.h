/* What the ways in which a trial ends are called. */
#pragma once

#include "tests/mutants/mistakes.h"

const char *outcome_name(enum trial_outcome outcome);
