/* A simulated world: two simulated systems, the network between, a clock, randomness, and the engine as it runs, in one thread.
 *
 * Two tenants, acme and beta, have a workspace each and share one SOAR, by the mapping that is shipped. Nothing asks the machine for time
 * or chance: the same seed gives the same world, byte for byte. The engine can be stopped dead and started again on what it has
 * stored; the store lives in memory and keeps what was committed. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "dsl/compile.h"
#include "engine/fleet/fleet.h"
#include "tests/torture/wire.h"

enum { WORLD_TENANTS = 2, SIEM = 0, SOAR = 1 };

#define WORLD_POLL_MS INT64_C(30000)

/* What every world has in common: made once. */
struct world_common {
    struct duet_compilation *compilation;
    const struct duet_fleet_config *config;
};
/* Sets the canaries in the environment, too. False with a message on standard error. */
bool world_common_open(struct world_common *common);
void world_common_close(struct world_common *common);

struct world {
    const struct world_common *common;
    struct chance chance; /* of what isn't scheduled */
    struct duet_clock clock;
    int64_t monotonic_ms;
    int64_t wall_ticks; /* what the engine's clock shows: may step */
    int64_t truth;      /* ticks: the systems' time */
    struct duet_random_seeded random;
    struct duet_loop *loop;
    struct wire wire;
    struct sim_server *systems[WIRE_SYSTEMS];
    struct duet_journal *journal;
    struct sqlite3 *store; /* what the journal writes to */
    struct duet_key key;
    struct duet_log *log;
    FILE *log_stream;
    char *log_text;
    size_t log_size;
    struct duet_fleet *fleet; /* NULL: it doesn't run */
    bool is_over;             /* it ended by itself */
    int64_t
        points_left; /* places to die at that are still passed: each commit, send and answer has some; -1: all */
    uint64_t points; /* passed so far */
    bool is_dying; /* nothing that the engine does has any effect any more; world_crash() is due */
    unsigned starts;
};

void world_open(struct world *world, const struct world_common *common, uint64_t seed);
void world_close(struct world *world);

/* A workspace's label for the simulated Sentinel; a tenant's name. */
const char *world_workspace(unsigned tenant);
const char *world_tenant(unsigned tenant);
/* A text that may stand nowhere but where credentials go: by number, NULL after the last. */
const char *world_canary(size_t number);

void world_start(struct world *world);
/* Stops the engine dead: what wasn't committed is undone. */
void world_crash(struct world *world);
/* Lets time pass until this moment of the simulated clock, or until the engine dies. */
void world_run_until(struct world *world, int64_t monotonic_ms);
int64_t world_now(const struct world *world);

/* Is something that may be under way written down in the store, and committed: an intent, a creation, a part of a note? */
bool world_is_intended(const struct world *world);

/* What a person does: a verb of the simulator's /_sim (tests/sim/README.md). `body` is stolen. False when it was refused. */
bool world_person(struct world *world, int system, const char *verb, json_t *body);
/* The text that the SOAR's "signal" leaves with the engine. */
void world_signal(struct world *world, const char *number, const char *name);
