/* Serves a simulator over HTTP on the loopback address; one thread, any number of connections. */
#pragma once

#include "tests/sim/server.h"

struct sim_http;

/* Port 0: any free port. NULL with a message on stderr when the port can't be had. `stop_fd`
 * (borrowed) becomes readable when serving is to end. */
struct sim_http *sim_http_new(struct sim_server *server, unsigned short port, int stop_fd);
unsigned short sim_http_port(const struct sim_http *http);

/* Serves until stopped. */
void sim_http_run(struct sim_http *http);
void sim_http_free(struct sim_http *http);
