/* A page of a list: filter, order, size and where to go on. */
#pragma once

#include "tests/sim/exchange.h"
#include "tests/sim/sentinel/state.h"

/* Answers with {"value":[...],"nextLink"?}: the page of `records` (a list of what the API shows,
 * stolen) that the request's $filter, $orderby, $top or $skipToken ask for. */
void sentinel_list(struct sim_state *state, const struct sim_request *request,
                   struct sim_reply *reply, json_t *records);
