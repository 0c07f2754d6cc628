#include "tests/mutants/outcomes.h"

static const char *const NAMES[] = {
    [TRIAL_NO_ANSWER] = "no answer",         [TRIAL_NO_LANGUAGE] = "doesn't parse",
    [TRIAL_BY_CHECK] = "caught by check",    [TRIAL_BY_PROOF] = "caught by proof",
    [TRIAL_BY_TEST] = "caught by test",      [TRIAL_BY_CASE] = "caught by golden case",
    [TRIAL_BY_UNIT] = "caught by unit test", [TRIAL_UNREACHED] = "reached by nothing",
    [TRIAL_SURVIVES] = "found by nothing",
};

const char *outcome_name(enum trial_outcome outcome)
{
    return NAMES[outcome];
}
