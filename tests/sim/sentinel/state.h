/* What the simulated Sentinel holds: clients, workspaces, incidents, comments. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "tests/sim/system.h"
#include "tests/sim/throttle.h"

enum sentinel_switch {
#define SENTINEL_SWITCH(id, name, choices, initial, help) SENTINEL_##id,
#include "tests/sim/sentinel/switches.def"
#undef SENTINEL_SWITCH
    SENTINEL_SWITCH_COUNT
};

struct sentinel_comment {
    char *name;
    char *message;
    char *client; /* client id of the writer; NULL for a person */
    json_t *author;
    char *etag;
    int64_t created;
    int64_t modified;
};

struct sentinel_incident {
    char *name;
    char *etag;
    json_t *properties; /* all but what this struct holds */
    int64_t created;
    int64_t modified;
    int64_t visible_from;
    long number;
    struct sentinel_comment *comments; /* oldest first */
    size_t comment_count;
};

struct sentinel_workspace {
    char *subscription;
    char *group;
    char *name;
    struct sentinel_incident **incidents;
    size_t incident_count;
    size_t incident_size;
    json_t *index; /* lower-case name -> place in `incidents` */
    long last_number;
};

struct sentinel_client {
    char *directory;
    char *id;
    char *secret;
    struct sentinel_workspace *workspace; /* borrowed */
};

struct sentinel_user {
    char *object_id;
    char *login;
    char *name;
};

/* Windows by subscription and kind, buckets by subscription, client and verb. */
struct sentinel_quota {
    char *key;
    struct sim_window window;
    struct sim_bucket bucket;
};

struct sim_state {
    struct sim_context context;
    struct sentinel_client *clients;
    size_t client_count;
    struct sentinel_user *users;
    size_t user_count;
    struct sentinel_workspace **workspaces;
    size_t workspace_count;
    struct sentinel_quota *quotas;
    size_t quota_count;
    long serial; /* of etags and request ids */
};

struct sim_state *sentinel_state_new(const struct sim_context *context);
void sentinel_state_free(struct sim_state *state);

bool sentinel_is(const struct sim_state *state, enum sentinel_switch id, const char *choice);
long sentinel_number(const struct sim_state *state, enum sentinel_switch id);

/* Made when it doesn't exist yet. */
struct sentinel_workspace *sentinel_workspace_need(struct sim_state *state,
                                                   const char *subscription, const char *group,
                                                   const char *name);
/* NULL when there is none; names compare without case. */
struct sentinel_workspace *sentinel_workspace_find(struct sim_state *state,
                                                   const char *subscription, const char *group,
                                                   const char *name);
/* "SUB/RG/WS"; the caller frees. */
char *sentinel_workspace_label(const struct sentinel_workspace *workspace);

void sentinel_client_add(struct sim_state *state, const char *directory, const char *id,
                         const char *secret, struct sentinel_workspace *workspace);
void sentinel_user_add(struct sim_state *state, const char *object_id, const char *login,
                       const char *name);
const struct sentinel_user *sentinel_user_find(const struct sim_state *state,
                                               const char *object_id);

/* A new, empty incident with the next number. */
struct sentinel_incident *sentinel_incident_add(struct sim_state *state,
                                                struct sentinel_workspace *workspace,
                                                const char *name);
struct sentinel_incident *sentinel_incident_find(struct sentinel_workspace *workspace,
                                                 const char *name);
void sentinel_incident_remove(struct sentinel_workspace *workspace, const char *name);
/* A new version: its time is now and its etag has never been. */
void sentinel_incident_touch(struct sim_state *state, struct sentinel_incident *incident);
bool sentinel_incident_is_visible(const struct sim_state *state,
                                  const struct sentinel_incident *incident);

struct sentinel_comment *sentinel_comment_find(struct sentinel_incident *incident,
                                               const char *name);
struct sentinel_comment *sentinel_comment_add(struct sentinel_incident *incident, const char *name);
void sentinel_comment_remove(struct sentinel_incident *incident, struct sentinel_comment *comment);

/* The time of a write, as coarse as the switch says. */
int64_t sentinel_stamp(struct sim_state *state);
/* An etag never used before, without quotes. */
char *sentinel_fresh_etag(struct sim_state *state);
