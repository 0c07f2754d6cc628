/* The command line of duet-sim. */
#pragma once

#include "tests/sim/server.h"

enum sim_options_outcome {
    SIM_OPTIONS_RUN,
    SIM_OPTIONS_HELP, /* help was printed */
    SIM_OPTIONS_WRONG /* a message was printed */
};

/* On SIM_OPTIONS_RUN the caller owns `server_out`; otherwise it is NULL. */
enum sim_options_outcome sim_options_read(int count, char **words, struct sim_server **server_out,
                                          unsigned short *port_out);
