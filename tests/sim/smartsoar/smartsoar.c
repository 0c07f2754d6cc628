/* The simulated Smart SOAR: its row of functions for the server. */
#include "tests/sim/system.h"

const struct sim_system sim_smartsoar = {.name = "smartsoar"};
