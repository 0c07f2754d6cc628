/* What the simulated Smart SOAR holds: keys, people, the form, incidents. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "tests/sim/smartsoar/hooks.h"
#include "tests/sim/system.h"
#include "tests/sim/throttle.h"

enum smartsoar_switch {
#define SMARTSOAR_SWITCH(id, name, choices, initial, help) SMARTSOAR_##id,
#include "tests/sim/smartsoar/switches.def"
#undef SMARTSOAR_SWITCH
    SMARTSOAR_SWITCH_COUNT
};

struct smartsoar_incident {
    char *number;
    json_t *fields; /* Title, Status, Severity, Owner, ... by their names in rows */
    json_t *form;   /* {section: {field: value}} */
    json_t *custom; /* {CustomName: value} */
    json_t *notes;  /* [{Text, Author, "Date Created" as ticks}] */
    json_t *raw;
    int64_t created;
    int64_t modified;
    int64_t closed; /* 0: not closed */
    long pending_tasks;
};

/* A way in: an API key or a secret that signs JWTs. */
struct smartsoar_access {
    bool is_jwt;
    char *secret;
    char *user;
    char *site;
};

struct sim_state {
    struct sim_context context;
    struct smartsoar_access *accesses;
    size_t access_count;
    json_t *people; /* {login: full name} */
    char *section;  /* the form's */
    struct smartsoar_incident **incidents;
    size_t incident_count;
    size_t incident_size;
    json_t *index; /* number -> place */
    long last_number;
    long answers; /* for returndata=mixed */
    struct sim_bucket bucket;
    char *hook_url;
    char *hook_key;
    struct smartsoar_hooks *hooks; /* NULL until a hook is configured */
    long posts;
};

struct sim_state *smartsoar_state_new(const struct sim_context *context);
void smartsoar_state_free(struct sim_state *state);
bool smartsoar_is(const struct sim_state *state, enum smartsoar_switch id, const char *choice);
long smartsoar_number(const struct sim_state *state, enum smartsoar_switch id);

void smartsoar_access_add(struct sim_state *state, bool is_jwt, const char *secret,
                          const char *user, const char *site);

/* The full name of a login or full name; "System" for "System", "" and NULL; NULL when unknown.
 * With nobody configured, any name is known. Borrowed. */
const char *smartsoar_full_name(const struct sim_state *state, const char *name);

/* A new incident: Open, Medium, owned by System, in `site`. `number` NULL: the next one. */
struct smartsoar_incident *smartsoar_incident_add(struct sim_state *state, const char *number,
                                                  const char *site);
struct smartsoar_incident *smartsoar_incident_find(struct sim_state *state, const char *number);
void smartsoar_incident_remove(struct sim_state *state, const char *number);
/* The time of a write, cut to whole seconds. */
int64_t smartsoar_stamp(struct sim_state *state);
const char *smartsoar_text(const struct smartsoar_incident *incident, const char *field);
