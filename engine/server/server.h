/* The webhook intake: `POST /hooks/{hub or tenant}/{side}` leaves a hint or a signal in the journal, over plain HTTP on our loop.
 *
 * What a system posts is described by its `webhook` block. A request is accepted (202) only after the journal holds what it told:
 * a signal when the event is the block's `signal`, kept until it is acted on; anything else as a hint to read that record. A lost,
 * repeated or late request is harmless to hints; a signal that never arrives is lost.
 *
 * Answers: 202; 400 the body can't be used (the reason stands in the answer); 401 the key is wrong or missing, or there is no such
 * hub, tenant or side (so that nobody can find out which there are); 404 another path; 405 another method; 413 a body over
 * DUET_SERVER_MAX_BODY; 503 the journal failed, to be posted again. The content type isn't looked at.
 *
 * Bounds: connections, header bytes, body and the time of a connection are limited; a connection carries one request. Keys are compared
 * by digests in constant time and are never logged. There is no TLS: on anything but a loopback address, put a proxy in front.
 *
 * The journal must have no transaction open between two turns of the loop, else a hook would become part of it. One thread. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "dsl/status.h"
#include "dsl/tables.h"
#include "engine/fleet/fleet.h" /* struct duet_hook */
#include "engine/journal/journal.h"
#include "engine/world/clock.h"
#include "engine/world/log.h"
#include "engine/world/loop.h"

#define DUET_SERVER_MAX_BODY 65536U
#define DUET_SERVER_MAX_CONNECTIONS 64U
#define DUET_SERVER_CONNECTION_MS 10000 /* from accepting to the end of the answer */

struct duet_server_options {
    struct duet_loop *loop;
    struct duet_journal *journal;
    struct duet_clock *clock; /* wall time of signals and hints */
    struct duet_log *log;     /* may be NULL */
    const char
        *listen; /* "127.0.0.1:8080", "[::1]:8080", ":8080" (everywhere); port 0: any free one */
    const struct duet_hook *hooks; /* two with one path are one when they are equal, else refused */
    size_t hook_count;
    /* Called after the commit: something is to be read or acted on. May be NULL. Must not free the server. */
    void (*woken)(void *data, const struct duet_hook *hook);
    void *data;
};

struct duet_server;

/* Listens at once; requests are taken while the loop turns. All that the options point to, hooks too, is borrowed until the server
 * is freed. DUET_INVALID: the address or the hooks make no sense; DUET_FAILED: the system refuses (port in use). */
enum duet_status duet_server_new(const struct duet_server_options *options,
                                 struct duet_server **server_out, struct duet_error *error);

/* From now on these are the hooks. What is refused changes nothing. Requests under way go on with the hooks that they began with, which
 * must live until duet_server_requests() is 0 or the server is freed. */
enum duet_status duet_server_take_hooks(struct duet_server *server, const struct duet_hook *hooks,
                                        size_t count, struct duet_error *error);

/* How many requests are under way. */
size_t duet_server_requests(const struct duet_server *server);

/* Stops listening and cuts what is under way: such a request was not accepted. Before the loop. NULL is fine. */
void duet_server_free(struct duet_server *server);

/* The port that it listens on. */
int duet_server_port(const struct duet_server *server);
