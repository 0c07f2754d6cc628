/* A laboratory: both simulated systems, a fleet file for the shipped mapping, and the engine as a process of its own.
 *
 * Each tenant is a workspace of the simulated Sentinel (`acme`, `beta`); the Smart SOAR is a hub that they share. What must always hold
 * is looked at by lab_close(): no request was answered with 429, and no secret stands in what the engine said or stored. */
#pragma once

#include "tests/lab/system.h"

enum { LAB_TENANTS_MAX = 2 };

struct lab_options {
    unsigned tenants;  /* 1 or 2; 0 is 1 */
    bool real_time;    /* the simulators' clocks run; else they stand and move with lab_round() */
    bool hooks;        /* the SOAR posts its triggers to the engine's address */
    bool own_soar;     /* one tenant, and the SOAR is its own, no hub */
    const char *every; /* polls of the continuous engine; NULL: 1s */
    const char *tenant_text; /* statements added to each tenant's block, such as an override */
    const char *fleet_text;  /* replaces all of the fleet file */
};

struct lab {
    struct lab_system siem;
    struct lab_system soar;
    struct lab_child engine;
    struct lab_options options;
    char *folder;
    char *fleet; /* the fleet file */
    char *store;
    char *listen;          /* 127.0.0.1:PORT for the engine's webhooks; NULL without hooks */
    char *said;            /* the standard error of the last command or run */
    long throttled;        /* answers 429 before the last reset of the counts */
    double step;           /* seconds by which clocks that stand move on before a run; 10 */
    bool throttling_is_ok; /* a test that provokes it says so */
};

void lab_open(struct lab *lab, const struct lab_options *options);
/* Looks at what must always hold, stops all, takes the folder away. */
void lab_close(struct lab *lab);
/* Ends all, looks at nothing. For the way out of a failed test; safe on a zeroed one. */
void lab_end(struct lab *lab);

/* The first place in the fleet file that says `from` says `to` from now on. */
void lab_change_fleet(struct lab *lab, const char *from, const char *to);

const char *lab_tenant(unsigned tenant);
/* SUB/GROUP/WORKSPACE */
const char *lab_workspace(unsigned tenant);

/* `duet run FLEET --once`: its exit status. Clocks that stand move on by 10 s first. */
int lab_run_once(struct lab *lab);
/* The same, which must end with 0, `count` times. */
void lab_rounds(struct lab *lab, unsigned count);
/* Prepares `duet run FLEET --once`, which begins with lab_finish_once(): for faults that need its process id before. */
void lab_begin_once(struct lab *lab);
int lab_finish_once(struct lab *lab);
/* The continuous engine. */
void lab_start_engine(struct lab *lab);
void lab_stop_engine(struct lab *lab);

/* Runs `duet` with these words, ended by NULL, in the laboratory's environment; its exit status. `out` (may be NULL) gets what it printed. */
int lab_duet(struct lab *lab, char **out, const char *const *words);
#define LAB_WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

void lab_reset_all_counts(struct lab *lab);
/* Requests that write, since the last reset. */
long lab_writes(struct lab_system *system);
/* These rounds write nothing anywhere. */
void lab_quiet(struct lab *lab, unsigned rounds);
