/* Who a command comes from: an API key in d3key, or an HS256 token in d3jwt. */
#pragma once

#include "tests/sim/exchange.h"
#include "tests/sim/smartsoar/state.h"

/* The access that the request's headers prove; NULL: none. `claims_out` (caller frees, NULL for a
 * key) are the token's claims, which must equal the body. */
const struct smartsoar_access *smartsoar_authenticate(const struct sim_state *state,
                                                      const struct sim_request *request,
                                                      json_t **claims_out);
/* Whether user and site in the body are those of the token. */
bool smartsoar_claims_agree(const json_t *claims, const char *user, const char *site);
