/* What a person or a detector does to the simulated Sentinel: the `/_sim` verbs. */
#pragma once

#include "tests/sim/sentinel/state.h"

json_t *sentinel_person(struct sim_state *state, const char *verb, json_t *body,
                        unsigned *status_out);
json_t *sentinel_inspect(struct sim_state *state, const char *what);
