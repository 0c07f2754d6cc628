/* Errors as Azure Resource Manager words them. */
#pragma once

#include "tests/sim/sentinel/state.h"

/* {"error":{"code","message"}}, or what the switch error_shape says. */
void sentinel_error(const struct sim_state *state, struct sim_reply *reply, unsigned status,
                    const char *code, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* 400 BadRequest with a message that is freed. */
void sentinel_bad_request(const struct sim_state *state, struct sim_reply *reply,
                          char *stolen_message);
/* For injected faults: no state at hand. */
void sentinel_refuse(unsigned status, const char *retry_after, struct sim_reply *reply);
