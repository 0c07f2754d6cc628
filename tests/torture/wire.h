/* The network of a simulation: requests reach the simulated systems after a while, answers come back after another, and the schedule's
 * faults stand in between. A request that is held is dropped when the engine gives it up, as by a server whose client has gone.
 *
 * A host that isn't one of the systems is never reached; the watcher is told all the same. Delays are drawn from the wire's own
 * chance, so that a schedule repeats. One thread, all of it on the loop. */
#pragma once

#include "engine/world/loop.h"
#include "engine/world/net.h"
#include "tests/sim/server.h"
#include "tests/support/chance.h"

enum { WIRE_SYSTEMS = 2 };

struct wire_system {
    struct sim_server *server;
    const char *origin; /* "http://siem.test" */
};

/* One exchange, told to the watcher when it is sent, when the system has dealt with it, and when its answer is there. */
struct wire_exchange {
    const char *method, *url, *body;
    const char *owner;                 /* the tenant or hub that asks, as the engine names it */
    int system;                        /* -1: none of ours */
    const char *kind;                  /* as the system counts it; NULL before it came there */
    const struct sim_request *request; /* NULL likewise */
    const struct sim_reply *reply;     /* NULL until the system has answered */
    bool is_answered;                  /* the whole reply came back */
    uint64_t mark;                     /* the watcher's own */
};

struct wire_watcher {
    void (*sent)(void *data, const struct wire_exchange *exchange);
    void (*dealt)(void *data, struct wire_exchange *exchange);
    void (*answered)(void *data, const struct wire_exchange *exchange);
    void *data;
};

/* Called before and after a request is sent, and before an answer is handed over. False: the engine has died in between. */
struct wire_gate {
    bool (*passes)(void *data);
    void *data;
};

struct wire {
    struct duet_net net; /* hand in &wire.net */
    struct duet_loop *loop;
    struct chance *chance;
    struct wire_system systems[WIRE_SYSTEMS];
    struct wire_watcher watcher;
    struct wire_gate gate; /* none: all passes */
    struct trace *trace;
    const int64_t *truth;       /* ticks: the time that answers are dated with */
    int64_t slow_ms;            /* on top of each way */
    bool is_down[WIRE_SYSTEMS]; /* nobody answers there */
    struct pending *pending;    /* what is under way */
};

/* The engine is dead: each request that was on its way arrives now or never does, and nobody waits for an answer. */
void wire_cut(struct wire *wire);

void wire_init(struct wire *wire, struct duet_loop *loop, struct chance *chance);
/* Drops what is under way. */
void wire_finish(struct wire *wire);
