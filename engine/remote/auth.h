/* Credentials: headers made from settings, signed tokens, and tokens fetched from the system's token address. */
#pragma once

#include "engine/remote/render.h"

#define DUET_MAX_TOKEN_BYTES 16384U

/* What a request carries: the operation's own, else the side's; NULL: none. */
const struct duet_t_auth *duet_auth_of(const struct duet_endpoint *endpoint,
                                       const struct duet_t_op *op);

/* The header of a request, for all kinds but OAuth 2. False with render->error set. */
bool duet_auth_header(struct duet_render *render, const struct duet_t_auth *auth,
                      struct duet_net_header *header_out);

/* --- OAuth 2 client credentials: one token an endpoint and AUTH row ------------------------------------------ */

enum duet_token_state { DUET_TOKEN_READY, DUET_TOKEN_ASKED, DUET_TOKEN_FAILED };

typedef void (*duet_token_done)(void *data);

/* Who waits for a token; part of another struct, zeroed at first. */
struct duet_token_wait {
    struct duet_token *token; /* NULL: waits for none */
    struct duet_token_wait *before, *after;
    duet_token_done done;
    void *data;
};

/* READY: `text_out` is the token, good for now. Else it is fetched (once, however many wait), and `done` is called from the loop, after
 * which the caller asks again. FAILED: the fetch that was waited for has just failed; `result` says how. `was_waiting`: this
 * is such a second ask. */
enum duet_token_state duet_token_get(struct duet_endpoint *endpoint, const struct duet_t_auth *auth,
                                     bool was_waiting, struct duet_token_wait *wait,
                                     duet_token_done done, void *data, const char **text_out,
                                     struct duet_remote_result *result);

/* No longer waits. */
void duet_token_leave(struct duet_token_wait *wait);

/* The server didn't take this token: the next one who asks fetches another, unless that has happened by now. */
void duet_token_refused(struct duet_endpoint *endpoint, const struct duet_t_auth *auth,
                        const char *text);

void duet_tokens_free(struct duet_endpoint *endpoint);

/* Takes over the tokens of an endpoint whose tables have the same auths in the same order. */
void duet_tokens_adopt(struct duet_endpoint *endpoint, struct duet_endpoint *from);

/* Base64 of bytes, with `-_` and without `=` when `for_url`. Into the arena. */
const char *duet_base64(const void *bytes, size_t length, bool for_url, struct duet_arena *arena);
