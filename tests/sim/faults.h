/* Faults to inject: which request of which kind goes wrong, and how. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

enum sim_fault_action {
    SIM_FAULT_NONE,
    SIM_FAULT_STATUS,       /* refused with `status`, not applied */
    SIM_FAULT_HANG,         /* held until released, then answered */
    SIM_FAULT_SLOW,         /* held for `delay_ms` */
    SIM_FAULT_DROP_BEFORE,  /* connection cut, not applied */
    SIM_FAULT_DROP_AFTER,   /* applied, connection cut without an answer */
    SIM_FAULT_GARBAGE,      /* 200 with a body that is no JSON, not applied */
    SIM_FAULT_CUT,          /* applied, answered with half the body */
    SIM_FAULT_KILL_BEFORE,  /* SIGKILL to `pid`, not applied */
    SIM_FAULT_KILL_APPLIED, /* applied, SIGKILL to `pid`, no answer */
    SIM_FAULT_KILL_ANSWERED /* applied, answered, then SIGKILL to `pid` */
};

struct sim_fault {
    enum sim_fault_action action;
    unsigned status;
    char retry_after[64]; /* "" for none */
    long delay_ms;
    int pid;
};

struct sim_faults;

/* `kinds` (borrowed) are the names that a fault may give. */
struct sim_faults *sim_faults_new(const char *const *kinds, size_t kind_count);
void sim_faults_free(struct sim_faults *faults);

/* False with a message (caller frees) when the description isn't understood. */
bool sim_faults_add(struct sim_faults *faults, const json_t *description, char **problem_out);
void sim_faults_clear(struct sim_faults *faults);
json_t *sim_faults_json(const struct sim_faults *faults);

/* Counts a request of this kind and says what is to go wrong with it. */
struct sim_fault sim_faults_take(struct sim_faults *faults, const char *kind);
