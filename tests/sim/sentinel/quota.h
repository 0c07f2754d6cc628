/* Limits: Sentinel's own by subscription and endpoint, and the resource manager's in front. */
#pragma once

#include "tests/sim/exchange.h"
#include "tests/sim/sentinel/state.h"

/* True when the request may go on; otherwise the reply is a 429. Adds the headers that say what
 * remains. `kind` is that of the request. */
bool sentinel_quota_take(struct sim_state *state, const struct sentinel_client *client,
                         const struct sentinel_workspace *workspace, const char *kind,
                         const char *method, struct sim_reply *reply);
