/* What a simulated system is to the server around it: a table of functions. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "tests/sim/clock.h"
#include "tests/sim/exchange.h"
#include "tests/sim/switches.h"

struct sim_state; /* one system's own state; each system defines it */

struct sim_option_row {
    const char *name;     /* "--client" */
    const char *argument; /* what follows it */
    const char *help;
};

/* What the server lends to a system; outlives it. */
struct sim_context {
    struct sim_clock *clock;
    struct sim_switches *switches;
};

struct sim_system {
    const char *name;
    const char *summary;
    const struct sim_switch_row *switches;
    size_t switch_count;
    const struct sim_option_row *options;
    size_t option_count;
    /* The kinds of request that are counted and that faults name. */
    const char *const *kinds;
    size_t kind_count;

    struct sim_state *(*create)(const struct sim_context *context);
    void (*destroy)(struct sim_state *state);
    /* Takes one command line option; false with a message (caller frees) when the value is wrong. */
    bool (*configure)(struct sim_state *state, const char *option, const char *value,
                      char **problem_out);
    const char *(*kind)(const struct sim_request *request);
    void (*handle)(struct sim_state *state, const struct sim_request *request,
                   struct sim_reply *reply);
    /* An error as this system words it. retry_after NULL: no such header. */
    void (*refuse)(unsigned status, const char *retry_after, struct sim_reply *reply);
    /* The body to keep in the log: secrets masked. A new reference. */
    json_t *(*loggable_body)(const struct sim_request *request, const char *kind);

    /* The `/_sim` side. `inspect` answers GET /_sim/WHAT, NULL when there is no such thing;
     * `person` does what a person does (POST /_sim/VERB): NULL when there is no such verb, else the
     * answer, with the HTTP status in `status_out`. */
    json_t *(*inspect)(struct sim_state *state, const char *what);
    json_t *(*person)(struct sim_state *state, const char *verb, json_t *body,
                      unsigned *status_out);
};

extern const struct sim_system sim_sentinel;
extern const struct sim_system sim_smartsoar;

/* {"error": message}, for `person`. */
json_t *sim_problem(const char *format, ...) __attribute__((format(printf, 1, 2)));
