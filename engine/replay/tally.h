/* What was altered on many records, counted by tenant, field and rule, with the first few as examples. Its memory grows with tenants,
 * rules and examples, not with records. */
#pragma once

#include <stdint.h>

#include "engine/replay/altered.h"

struct duet_tally; /* opaque: fields live in tally.c */

/* `examples`: how many are kept of each row. The caller frees it; freeing NULL is fine. */
struct duet_tally *duet_tally_new(size_t examples);
void duet_tally_free(struct duet_tally *tally);

/* Another tenant: what is counted from now on is of it. */
void duet_tally_tenant(struct duet_tally *tally, const char *name);
/* Another record, or linked pair, of the tenant, with what is altered of it; copied. */
void duet_tally_record(struct duet_tally *tally, const struct duet_alterations *alterations);
/* A record of the tenant of which nothing can be said: it can't be read. */
void duet_tally_bad(struct duet_tally *tally);
/* A linked pair of which one record was never read: nothing can be said of it either. */
void duet_tally_unread(struct duet_tally *tally);

struct duet_tally_example {
    const char *keys[2];
    const char *stands, *was, *becomes;
    struct duet_tally_example *next;
};

/* One field of one tenant by one pair of rules. */
struct duet_tally_row {
    enum duet_altered_kind kind;
    const char *field;
    struct duet_replay_place old, new;
    uint64_t records;
    struct duet_tally_example *examples; /* in the order of the records */
    struct duet_tally_example *last_example;
    size_t example_count;
    struct duet_tally_row *next;
};

struct duet_tally_tenant {
    const char *name; /* "": records without one */
    uint64_t records, altered, bad, unread, under_way;
    struct duet_tally_row *rows, *last_row; /* in the order of their first records */
    struct duet_tally_tenant *next;
};

/* In the order of the tenants; borrowed. */
const struct duet_tally_tenant *duet_tally_tenants(const struct duet_tally *tally);

struct duet_tally_sum {
    size_t tenants, tenants_altered;
    size_t fields; /* different ones */
    uint64_t records, altered, bad, unread, under_way;
};
struct duet_tally_sum duet_tally_sum(const struct duet_tally *tally);
