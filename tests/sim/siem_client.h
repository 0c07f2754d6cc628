/* For the tests of the simulated Sentinel: its clients, and requests in short words. */
#pragma once

#include <stdbool.h>

#include "tests/sim/client.h"

#define WORKSPACE(name)                                                                            \
    "/subscriptions/sub-1/resourceGroups/soc/providers/Microsoft.OperationalInsights/"             \
    "workspaces/" name "/providers/Microsoft.SecurityInsights/incidents"
#define INCIDENTS WORKSPACE("acme")
#define VERSION "?api-version=2024-09-01"

/* Asks for a token; the answer. */
json_t *siem_ask_token(struct client *client, const char *id, const char *secret,
                       const char *scope);

/* Requests from now on are those of this client. */
void siem_log_in(struct client *client, const char *id, const char *secret);

/* For cmocka: *state is a client logged in as app-1 of acme, and its end. */
int siem_start(void **state);
int siem_stop(void **state);

/* Bodies of incidents. */
json_t *siem_open_incident(void);
json_t *siem_closed_incident(const char *classification, const char *reason);

/* Requests about incidents of acme; put gives the status. */
long siem_put(struct client *client, const char *name, json_t *body);
json_t *siem_get(struct client *client, const char *name);

/* `more` is added to the query. */
json_t *siem_list(struct client *client, const char *more);
size_t siem_list_size(struct client *client, const char *more);

/* The simulator's clock. */
void siem_advance(struct client *client, double seconds);

/* An edit by a person. */
json_t *siem_edit(struct client *client, const char *name, json_t *set);

/* The last answer has this text. */
void siem_says(struct client *client, const char *part);

/* Writes a comment of the incident i1; the status. */
long siem_comment(struct client *client, const char *id, const char *message);
