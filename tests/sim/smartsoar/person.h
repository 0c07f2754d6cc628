/* What a person does to the simulated Smart SOAR: the `/_sim` verbs. */
#pragma once

#include "tests/sim/smartsoar/state.h"

json_t *smartsoar_person(struct sim_state *state, const char *verb, json_t *body,
                         unsigned *status_out);
json_t *smartsoar_inspect(struct sim_state *state, const char *what);
