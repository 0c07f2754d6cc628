/* Incidents and comments as the API shows them. */
#pragma once

#include "tests/sim/sentinel/state.h"

json_t *sentinel_incident_json(struct sim_state *state, const struct sentinel_workspace *workspace,
                               const struct sentinel_incident *incident);
json_t *sentinel_comment_json(struct sim_state *state, const struct sentinel_workspace *workspace,
                              const struct sentinel_incident *incident,
                              const struct sentinel_comment *comment);
/* The incident with a member "comments", for the control API. */
json_t *sentinel_record_json(struct sim_state *state, const struct sentinel_workspace *workspace,
                             const struct sentinel_incident *incident);
