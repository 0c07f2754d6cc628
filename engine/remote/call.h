/* One request on its way: credentials, its place in line, the exchange, trying again, and what the answer means.
 *
 *     start --> token --> line --> exchange --> answered --> done
 *                 ^                              |
 *                 |--- 401: a new token, once ---|
 *                 \--- backoff: reading, and the failure passes: a few times ---/ */
#pragma once

#include "engine/remote/answer.h"
#include "engine/remote/auth.h"

#define DUET_MAX_HEADERS 32U /* of a request */

struct duet_call_answer {
    struct duet_remote_result result; /* its record and key aren't set */
    struct duet_body body;            /* of the answer that decided; empty when none came */
    const char *bytes;                /* the body as it came */
    size_t length;
    const struct duet_answer_view *view; /* NULL: no answer came */
    struct duet_arena *arena;            /* all of this lives here, until the callback returns */
};

typedef void (*duet_call_done)(void *data, const struct duet_call_answer *answer);

struct duet_call;

/* What is sent; everything is borrowed and must live until `done`, or until the endpoint is freed. */
struct duet_call_request {
    const struct duet_t_op *op;
    const char *url;
    const struct duet_net_header *headers; /* without those of an OAuth 2 token */
    size_t header_count;
    const char *body; /* NULL: none */
    size_t body_length;
    bool needs_rows; /* an answer without the operation's list is no answer */
};

/* `done` comes from the loop, once; the call is gone then. */
void duet_call_start(struct duet_endpoint *endpoint, const struct duet_call_request *request,
                     duet_call_done done, void *data);

/* Makes URL, headers and body of the render's operation: `body_text` instead of the template where it isn't NULL (JSON
 * bytes), put into the side's envelope. `extra`: see duet_render_address(). False with render->error set. */
bool duet_call_prepare(struct duet_render *render, const char *extra, const char *body_text,
                       size_t body_length, struct duet_call_request *request_out);

void duet_calls_free(struct duet_endpoint *endpoint);

/* Does a request of that kind only look? */
bool duet_kind_reads(enum duet_op_kind kind);
