/* Templates -> texts, URLs and JSON values. What a template asks for and nobody gave is an error, not an empty text. */
#pragma once

#include <jansson.h>

#include "engine/remote/endpoint.h"

/* What the references stand for; NULL or 0: not there. All borrowed, results are in the arena. */
struct duet_render {
    const struct duet_endpoint *endpoint;
    struct duet_arena *arena;
    const struct duet_t_op *op;     /* for the section */
    const struct duet_rules *rules; /* of the record's tenant, and this system's side there */
    enum duet_side side;
    const struct duet_value *values; /* by number */
    uint64_t mask;
    const char *key, *version, *claim;
    int64_t since; /* ticks */
    const struct duet_new_note *note;
    const char *page; /* a cursor; NULL: `page_number` */
    int64_t page_number;
    json_t *batch, *body, *found;
    struct duet_error error; /* the first fault; "" while there is none */
};

/* All borrowed from the endpoint; the record's part is the endpoint's own rules. */
struct duet_render duet_render_start(const struct duet_endpoint *endpoint,
                                     const struct duet_t_op *op, struct duet_arena *arena);

/* The references of a record that isn't there yet: copied into the arena, the rules apart. */
void duet_render_new_record(struct duet_render *render, const struct duet_remote_record *record);

/* New reference; NULL after a fault. A member whose value is to be left out is left out. */
json_t *duet_render_json(struct duet_render *render, uint32_t json);

/* The pieces' texts in a row. NULL after a fault. */
const char *duet_render_text(struct duet_render *render, uint32_t first, uint32_t count);

/* The same for a header or another place where control characters would begin something new: they are a fault. */
const char *duet_render_line(struct duet_render *render, uint32_t first, uint32_t count);

/* A URL or the part of one behind the base: what is put in stays one step, or one value behind `?`. The first piece of a whole
 * URL, and settings that are URLs, stand as they are. */
const char *duet_render_url(struct duet_render *render, uint32_t first, uint32_t count,
                            bool is_whole);

/* The base, the operation's URL, the side's query and the operation's, and `extra` ("name=value", encoded; NULL: none). */
const char *duet_render_address(struct duet_render *render, const char *extra);
