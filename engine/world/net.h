/* HTTP exchanges behind an interface: what goes out and what came back, nothing about what it means.
 *
 * Redirects are not followed, cookies not kept, no proxy taken from the environment, certificates verified. Plain http
 * goes to this machine only, unless the request says that its address was configured so. A request that may change something
 * is never sent twice, not even where a kept connection turns out to be dead: that is LOST. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/world/clock.h"

#define DUET_NET_MAX_HEADERS 256U        /* of an answer; */
#define DUET_NET_MAX_HEADER_BYTES 65536U /* all together */

struct duet_net_header {
    const char *name;
    const char *value;
};

/* Copied by submit. */
struct duet_net_request {
    const char *method;
    const char *url; /* sent as it is, byte for byte */
    const struct duet_net_header *headers;
    size_t header_count;
    const char *body; /* NULL: none */
    size_t body_length;
    int64_t deadline_ms;   /* for the whole exchange */
    size_t max_bytes;      /* of the answer's body, unpacked */
    bool is_plain_allowed; /* http to another machine */
    const char *owner;     /* for logs: the tenant or hub, */
    const char *side;      /* and the side whose system it is */
};

enum duet_net_failure {
    DUET_NET_OK,          /* an answer came, whatever it says */
    DUET_NET_UNREACHABLE, /* nothing was sent: no such host, refused, no TLS, address not allowed */
    DUET_NET_LOST, /* sent, at least in part, and then nothing: cut, reset, deadline passed, not HTTP */
    DUET_NET_TOO_LARGE, /* sent and answered, with more than we take */
    DUET_NET_FAILURES
};

/* Lives until the callback returns. */
struct duet_net_answer {
    enum duet_net_failure failure;
    const char *error; /* for people; "" when OK */
    int status;
    const struct duet_net_header *headers; /* names as they came */
    size_t header_count;
    const char *body; /* NUL-terminated behind `body_length` bytes; never NULL */
    size_t body_length;
};

typedef void (*duet_net_done)(void *data, const struct duet_net_answer *answer);

struct duet_net_exchange;

struct duet_net {
    /* Never NULL, and never calls `done` before it returned. */
    struct duet_net_exchange *(*submit)(struct duet_net *net,
                                        const struct duet_net_request *request, duet_net_done done,
                                        void *data);
    /* `done` is not called any more. Only before it was called. */
    void (*cancel)(struct duet_net *net, struct duet_net_exchange *exchange);
};

/* The value of a header, ASCII case ignored; NULL when there is none. */
const char *duet_net_header(const struct duet_net_answer *answer, const char *name);

/* Is an address (host as in a URL, with or without brackets) this machine's own? */
bool duet_net_is_loopback(const char *host, size_t length);
