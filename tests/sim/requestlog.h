/* The log of requests with counts by kind and by status. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

enum { SIM_LOG_MAX = 20000 }; /* older entries are dropped, counts go on */

struct sim_requestlog;

struct sim_requestlog *sim_requestlog_new(void);
void sim_requestlog_free(struct sim_requestlog *log);

/* Notes the arrival of a request and returns its entry, a new reference that the caller gives back
 * to sim_requestlog_done() when the request is over. `body` is stolen. */
json_t *sim_requestlog_begin(struct sim_requestlog *log, const char *kind, const char *method,
                             const char *path, const char *query, json_t *body);
/* `status` 0: no answer was given. Steals the entry. */
void sim_requestlog_done(struct sim_requestlog *log, json_t *entry, unsigned status, bool applied);

void sim_requestlog_reset(struct sim_requestlog *log);
json_t *sim_requestlog_json(const struct sim_requestlog *log);
