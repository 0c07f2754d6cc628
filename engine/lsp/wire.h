/* Bytes of a connection as messages: `Content-Length: N`, an empty line, N bytes of JSON.
 *
 * Whatever bytes come in, the reader stays usable: a message that can't be read is told once and left out, and reading goes on behind it:
 * at the next `Content-Length`, since a wrong one may have cut it short. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

#define DUET_WIRE_HEADER_MAX 4096u               /* all header lines of a message */
#define DUET_WIRE_BODY_MAX (64u * 1024u * 1024u) /* a file of the largest size, escaped, fits */
#define DUET_WIRE_DEPTH_MAX 64u                  /* brackets within brackets */

/* = {0} is empty and safe to finish; the fields are the module's own. */
struct duet_wire {
    char *bytes;
    size_t length;
    size_t room;
    size_t skip;  /* of a body that is too large: not to be kept when they come */
    bool is_lost; /* what comes is left out up to the next Content-Length */
};

enum duet_wire_result {
    DUET_WIRE_MORE,    /* nothing whole is there: feed more */
    DUET_WIRE_MESSAGE, /* *message_out: any JSON value, the caller's */
    DUET_WIRE_BROKEN,  /* *message_out: NULL; *why_out says why in a constant text */
};

/* False: no memory; what was fed before is still there. */
bool duet_wire_feed(struct duet_wire *wire, const char *bytes, size_t length);

/* The next message of what was fed. */
enum duet_wire_result duet_wire_next(struct duet_wire *wire, json_t **message_out,
                                     const char **why_out);

void duet_wire_finish(struct duet_wire *wire);

/* Writes a message and flushes; false: the other end is gone. */
bool duet_wire_write(const json_t *message, FILE *out);
