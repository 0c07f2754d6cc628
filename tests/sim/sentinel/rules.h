/* What a write may do to an incident: required fields, enums, legal ways to close. */
#pragma once

#include "tests/sim/sentinel/state.h"

/* The properties after a PUT of `sent` over `before` (NULL when new), by the switches; a new
 * reference. Members that a client can't write are taken from `before`. */
json_t *sentinel_merge(const struct sim_state *state, const json_t *before, const json_t *sent);

/* NULL when `after` is legal, else a message that the caller frees. */
char *sentinel_check(const struct sim_state *state, const json_t *before, const json_t *after);

bool sentinel_can_write(const char *property);
