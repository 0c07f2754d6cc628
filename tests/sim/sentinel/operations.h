/* What the API does to incidents and their comments, once a request is known to be allowed. */
#pragma once

#include "tests/sim/exchange.h"
#include "tests/sim/sentinel/state.h"

/* One request within a workspace. */
struct sentinel_call {
    struct sim_state *state;
    struct sentinel_workspace *workspace;
    const struct sentinel_client *client;
    const struct sim_request *request;
    struct sim_reply *reply;
    const char *incident; /* name, or NULL for the collection */
    const char *comment;  /* name, or NULL */
};

void sentinel_incident_list(const struct sentinel_call *call);
void sentinel_incident_get(const struct sentinel_call *call);
void sentinel_incident_put(const struct sentinel_call *call);
void sentinel_incident_delete(const struct sentinel_call *call);

void sentinel_comment_list(const struct sentinel_call *call);
void sentinel_comment_get(const struct sentinel_call *call);
void sentinel_comment_put(const struct sentinel_call *call);
void sentinel_comment_delete(const struct sentinel_call *call);

/* The incident that the call names, else NULL with a 404 in the reply. */
struct sentinel_incident *sentinel_call_incident(const struct sentinel_call *call);

/* NULL when a comment of this text may be added (`adding`) or changed; else a message to free. */
char *sentinel_comment_check(const struct sim_state *state,
                             const struct sentinel_incident *incident, const char *message,
                             bool adding);
/* Adds or changes a comment; moves the incident's version as the switch says. */
void sentinel_comment_write(struct sim_state *state, struct sentinel_incident *incident,
                            const char *name, const char *message, const char *client,
                            json_t *stolen_author);
