/* What an answer means: by the operation's classes, the side's, then by its HTTP status; and what it says to people. */
#pragma once

#include "engine/remote/endpoint.h"
#include "engine/remote/rows.h"

#define DUET_TEXT_MAX 500U                 /* bytes of a server's words that are passed on */
#define DUET_RETRY_MAX_MS INT64_C(3600000) /* the longest wait that a server may ask for */

/* What conditions on answers look at. */
struct duet_answer_view {
    const struct duet_net_answer *http;
    const json_t *body; /* NULL: not JSON */
    const json_t *row;  /* NULL: none */
};

/* Only for an answer that came. `changes`: the request may have changed something, so that a server's failure in the middle
 * leaves open what happened: UNKNOWN. So does a 2xx with something else than JSON, where no class says what it means. */
enum duet_remote_outcome duet_answer_outcome(const struct duet_endpoint *endpoint,
                                             const struct duet_t_op *op,
                                             const struct duet_answer_view *view, bool changes,
                                             struct duet_arena *arena);

/* Does a condition on an answer hold? DUET_NONE: yes. FIELD leaves are read from `values` (this side's, by number; may be NULL). */
bool duet_answer_holds(const struct duet_endpoint *endpoint, uint32_t condition,
                       const struct duet_answer_view *view, const struct duet_value *values,
                       struct duet_arena *arena);

/* The system's own words, or the HTTP status; no secret, one line, into the arena. */
const char *duet_answer_text(const struct duet_endpoint *endpoint, const struct duet_t_op *op,
                             const struct duet_answer_view *view, struct duet_arena *arena);

/* The same for the row of one record. */
const char *duet_row_text(const struct duet_endpoint *endpoint, const struct duet_t_op *op,
                          const json_t *row, struct duet_arena *arena);

/* Any text, cut and without secrets or line ends. */
const char *duet_text_for_people(const struct duet_endpoint *endpoint, const char *text,
                                 struct duet_arena *arena);

/* "x-request-id=... ": the headers by which the server's operators find a request. */
const char *duet_answer_request_id(const struct duet_endpoint *endpoint,
                                   const struct duet_net_answer *http, struct duet_arena *arena);

/* How long Retry-After asks to wait, in ms, at most DUET_RETRY_MAX_MS; -1: the answer doesn't say. A date is counted from
 * the answer's own Date where it has one, else from `now` (ticks). */
int64_t duet_answer_retry_ms(const struct duet_net_answer *http, int64_t now);
