/* One simulator: a system with its clock, switches, faults and request log. Knows no HTTP library. */
#pragma once

#include "tests/sim/clock.h"
#include "tests/sim/exchange.h"
#include "tests/sim/faults.h"
#include "tests/sim/requestlog.h"
#include "tests/sim/switches.h"
#include "tests/sim/system.h"

struct sim_server {
    const struct sim_system *system;
    struct sim_state *state;
    struct sim_clock *clock;
    struct sim_switches *switches;
    struct sim_faults *faults;
    struct sim_requestlog *log;
};

/* Where a request stands; {0} at first. */
struct sim_visit {
    const char *kind;
    struct sim_fault fault;
    json_t *entry; /* of the log; NULL for the control API */
};

enum sim_step {
    SIM_STEP_ANSWER, /* send the reply; then sim_server_answered() */
    SIM_STEP_CUT,    /* send half of the reply, then cut */
    SIM_STEP_DROP,   /* cut the connection */
    SIM_STEP_HOLD,   /* wait for a release, then sim_server_resume() */
    SIM_STEP_DELAY,  /* wait for visit->fault.delay_ms, then sim_server_resume() */
    SIM_STEP_RELEASE /* send the reply and release every held request */
};

struct sim_server *sim_server_new(const struct sim_system *system);
void sim_server_free(struct sim_server *server);

enum sim_step sim_server_receive(struct sim_server *server, const struct sim_request *request,
                                 struct sim_visit *visit, struct sim_reply *reply);
enum sim_step sim_server_resume(struct sim_server *server, const struct sim_request *request,
                                struct sim_visit *visit, struct sim_reply *reply);
/* The reply was sent completely (`status` 0: it wasn't). Ends the visit; may be called again. */
void sim_server_answered(struct sim_server *server, struct sim_visit *visit, unsigned status,
                         bool applied);
