/* A simulated system as a process, and what a person or an observer does with it over `/_sim`. */
#pragma once

#include <jansson.h>

#include "tests/lab/child.h"

struct lab_system {
    struct lab_child child;
    const char *name; /* sentinel, smartsoar */
    char *base;       /* http://127.0.0.1:PORT */
    json_t *answer;   /* the last one; the functions that give parts of it lend them */
    long status;      /* of the last answer; 0: there was none */
    int trouble;      /* why, as curl counts */
};

/* `arguments` after "duet-sim NAME", ended by NULL; outputs go to files in `folder`. Fails when it doesn't start. */
void lab_system_start(struct lab_system *system, const char *name, const char *const *arguments,
                      const char *folder);
/* Ends it, and fails when it doesn't end well. */
void lab_system_stop(struct lab_system *system);
/* Ends it in any way. Safe on a zeroed one. */
void lab_system_end(struct lab_system *system);

/* The answer's JSON, lent until the next call; NULL when it isn't JSON. `body` is stolen, NULL for none. */
json_t *lab_send(struct lab_system *system, const char *method, const char *path, json_t *body);
/* The same for what must succeed: fails with the answer's text otherwise. */
json_t *lab_do(struct lab_system *system, const char *method, const char *path, json_t *body);

void lab_switch(struct lab_system *system, const char *name, const char *value);
void lab_switch_number(struct lab_system *system, const char *name, long value);
/* {"kind", "nth", "times", "do", ...}; NULL takes all away. */
void lab_fault(struct lab_system *system, json_t *fault);
void lab_clock_advance(struct lab_system *system, double seconds);
void lab_clock_set(struct lab_system *system, const char *time);

/* Requests counted since the last reset; `kind` "total" is all of them. */
void lab_reset_counts(struct lab_system *system);
long lab_count(struct lab_system *system, const char *kind);
/* Requests answered with this status since the last reset. */
long lab_count_status(struct lab_system *system, int status);
/* The nth request (from 1) of a kind since the last reset, lent; fails when there were fewer. */
json_t *lab_request(struct lab_system *system, const char *kind, size_t nth);

/* "a.b.0.c" inside `json`, borrowed; NULL when absent. */
json_t *lab_at(const json_t *json, const char *path);
/* The same as text; "" when it is absent or no text. */
const char *lab_text_at(const json_t *json, const char *path);
