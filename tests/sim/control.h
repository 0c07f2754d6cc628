/* The control API under /_sim: what a person or a test does to a simulator. */
#pragma once

#include "tests/sim/server.h"

/* Answers one request to /_sim/...; true when held requests are to be released. */
bool sim_control_handle(struct sim_server *server, const struct sim_request *request,
                        struct sim_reply *reply);
