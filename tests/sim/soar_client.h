/* For the tests of the simulated Smart SOAR: a client, and commands in short words. */
#pragma once

#include <stdbool.h>

#include "tests/sim/client.h"

/* For cmocka: *state is a client with a key of the site SOC, and its end. */
int soar_start(void **state);
int soar_stop(void **state);

/* One command; its answer. */
json_t *soar_call(struct client *client, const char *command, json_t *params);

/* The error of a command that is to fail with status 200. */
void soar_fails(struct client *client, const char *command, json_t *params, const char *part);

/* A new incident's number. */
char *soar_create(struct client *client);

/* Parameters of GetIncidents: all times; the same with one filter. */
json_t *soar_window(void);
json_t *soar_filtered(const char *field, const char *relation, const char *value);

/* How many incidents are found. */
size_t soar_found(struct client *client, json_t *params);

/* The incident as GetIncidents shows it. */
json_t *soar_row(struct client *client, const char *number);

/* Writes; the answers. */
json_t *soar_set_fields(struct client *client, const char *number, json_t *input);
json_t *soar_set_form(struct client *client, const char *number, json_t *values);
json_t *soar_close_it(struct client *client, const char *number, const char *bypass);

/* The first row of a bulk answer. */
bool soar_row_succeeded(const json_t *answer);

/* An edit by a person, with the status it is to have. */
void soar_edit(struct client *client, const char *number, json_t *set, long status);
