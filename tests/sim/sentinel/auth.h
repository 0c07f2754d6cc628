/* Tokens: given for client credentials, verified on every call. */
#pragma once

#include "tests/sim/exchange.h"
#include "tests/sim/sentinel/state.h"

/* POST /{directory}/oauth2/v2.0/token (and the older /oauth2/token). */
void sentinel_token(struct sim_state *state, const struct sim_request *request,
                    struct sim_reply *reply);

/* The client whose valid token the request carries, else NULL with a 401 in the reply. */
const struct sentinel_client *sentinel_authenticate(struct sim_state *state,
                                                    const struct sim_request *request,
                                                    struct sim_reply *reply);

/* Whether the client (any of its entries) may use the workspace. */
bool sentinel_may_use(const struct sim_state *state, const struct sentinel_client *client,
                      const struct sentinel_workspace *workspace);
