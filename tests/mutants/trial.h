/* What finds a mistake: the checks, the proof, or a test of the shipped mapping. */
#pragma once

#include <stdbool.h>

#include "tests/mutants/mutations.h"

#define TRIAL_NAME 128

enum trial_outcome {
    TRIAL_NO_ANSWER,   /* the trial crashed or took too long */
    TRIAL_NO_LANGUAGE, /* it doesn't parse: nobody could make this mistake and go on */
    TRIAL_BY_CHECK,
    TRIAL_BY_PROOF,
    TRIAL_BY_TEST,
    TRIAL_SURVIVES
};

struct trial {
    enum trial_outcome outcome;
    char name[TRIAL_NAME]; /* the finding's code, or the first test that fails */
};

/* `folder` has the shipped mappings; nothing in it is changed. NULL for a mistake: the mappings as they are. */
struct trial trial_of(const char *folder, const struct mutation *mutation);
