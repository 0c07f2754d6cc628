/* For the tests here: starts duet-sim and talks to it over HTTP. */
#pragma once

#include <sys/types.h>
#include <jansson.h>

struct client {
    pid_t pid;
    char *base;         /* http://127.0.0.1:PORT */
    char *header;       /* sent with each request, or NULL */
    long status;        /* of the last answer; 0: none */
    char headers[8192]; /* of the last answer, lines as received */
    char *text;         /* the last answer's body */
};

/* Arguments after "duet-sim", ended by NULL. Fails the test when it doesn't start. */
void client_start(struct client *client, const char *const *arguments);
/* Ends it by SIGTERM and fails the test when it doesn't end with status 0. */
void client_stop(struct client *client);

/* `path` begins with '/' or is absolute; `body` is stolen, NULL for none. The answer as JSON (NULL
 * when it isn't), to be freed by the caller. */
json_t *client_send(struct client *client, const char *method, const char *path, json_t *body);
json_t *client_send_text(struct client *client, const char *method, const char *path,
                         const char *body);
/* The same with an answer that nobody looks at; returns the status. */
long client_do(struct client *client, const char *method, const char *path, json_t *body);
void client_set_header(struct client *client, char *stolen_header);
void client_switch(struct client *client, const char *name, const char *value);

/* "a.b.0.c" inside `json`, borrowed; NULL when absent. */
json_t *client_at(const json_t *json, const char *path);
const char *client_text_at(const json_t *json, const char *path);

/* Runs duet-sim with these arguments and gives its exit status. */
int client_exit_status(const char *const *arguments);
