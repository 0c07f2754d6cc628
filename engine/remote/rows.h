/* An answer's body taken apart: the rows of its list as bytes, untouched, and all the rest as a JSON value.
 *
 * Rows are cut out by the outline alone (brackets and quotes), so that one row with bad bytes is that row's own trouble. */
#pragma once

#include <jansson.h>

#include "engine/remote/endpoint.h"

struct duet_body {
    json_t *json; /* without the list's rows; NULL when it isn't JSON. Owned: json_decref */
    struct duet_remote_row *rows; /* in the arena, pointing into the body */
    size_t count;
    bool has_rows; /* a list stands at the path */
};

/* `items`: PATH row of the list, or DUET_NONE: none is looked for. `bytes` must outlive the rows. */
struct duet_body duet_body_split(const struct duet_tables *tables, uint32_t items,
                                 const char *bytes, size_t length, struct duet_arena *arena);

/* Does it look like a JSON object from its first byte to its last? */
bool duet_bytes_are_object(const char *bytes, size_t length);

/* The key, when the body is a record; else NULL. A key that is a number comes as text. In the arena. */
const char *duet_body_key(const struct duet_endpoint *endpoint, const json_t *body,
                          struct duet_arena *arena);

/* Which row it is, for telling whether a list stood still: 64 bits of its bytes. */
uint64_t duet_row_hash(const struct duet_remote_row *row);
