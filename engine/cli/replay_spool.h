/* Records of one side, set down in a file of their own so that they can be looked up by what they are linked by. In memory stay a few
 * words a record. */
#pragma once

#include "engine/record/record.h"

struct duet_spooled {
    uint64_t hash;   /* of its link's value */
    uint64_t offset; /* in the spool */
    size_t length;
    size_t number; /* as duet_placed_taker says */
    bool is_line;
    bool is_linkable; /* it has a link's value */
    bool is_met;      /* its partner was found */
};

struct duet_spool; /* opaque: fields live in replay_spool.c */

/* NULL: no temporary file can be made. The caller frees it; freeing NULL is fine. */
struct duet_spool *duet_spool_new(void);
void duet_spool_free(struct duet_spool *spool);

/* One more record; `link` is what it is linked by, NULL: nothing. False: the file can't be written. */
bool duet_spool_add(struct duet_spool *spool, const struct duet_spooled *place, const char *link,
                    const char *text, size_t length);

/* Once all are in. Of several that are linked by one value only the last one stays. */
void duet_spool_sort(struct duet_spool *spool);

/* In the order in which they came; NULL: no more. */
struct duet_spooled *duet_spool_at(struct duet_spool *spool, size_t index);
/* The one that is linked by the same value; NULL: none. */
struct duet_spooled *duet_spool_find(struct duet_spool *spool, const struct duet_spooled *other);
/* Its text, NUL-terminated, into the arena; NULL: the file can't be read. */
const char *duet_spool_text(struct duet_spool *spool, const struct duet_spooled *place,
                            struct duet_arena *arena);
/* How many gave way to a later one with the same link. */
size_t duet_spool_doubles(const struct duet_spool *spool);
