/* What a test expects against what a play shows: a finding for each that isn't so, with what decided it. */
#pragma once

#include "dsl/diag.h"
#include "engine/prove/play.h"
#include "engine/prove/written.h"

struct duet_judge {
    const struct duet_play *play;
    const struct duet_written *written;
    struct duet_diags *failures;
};

/* Any `expect` step. */
void duet_judge_step(const struct duet_judge *judge, const struct duet_ast_test_step *step);

/* What became of a unit in the last plans, for people: "status went to siem (x.duet:20), released by x.duet:35". */
const char *duet_judge_move(const struct duet_judge *judge, uint32_t unit);
