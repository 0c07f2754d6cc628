/* What is remembered of a link between two plans: the base, what was written and not yet seen, what was refused.
 *
 * The base is always a pair that agrees (or both sides' values kept as they were when one is outside the schema); it moves only on seen
 * or confirmed agreement, or by a confirmed `clear`. Pure data in an arena; as JSON in the store. */
#pragma once

#include <jansson.h>

#include "engine/record/record.h"

/* One value a pair and side: [DUET_LEFT][pair number]. Pair numbers count from MAPPING.pairs. */
struct duet_pairs {
    struct duet_value *side[2];
};

/* A unit that was written to `target` and not yet seen there. */
struct duet_sent {
    enum duet_side target;
    uint32_t unit;
    bool answered; /* the system said yes; else the reply was lost */
    struct duet_pairs
        was; /* on the target: what was sent; on the source: the values it was made from */
    struct duet_pairs before; /* on the target: what it showed until then */
    bool is_made;             /* by creating the record: it showed nothing before */
    bool
        is_half; /* seen, it settles no base: the unit's other side wasn't sent, or a reopen is outstanding */
    int64_t sent_at; /* ticks, by the engine's clock: a read begun before is no evidence */
};

/* The target turned a component down while both sides showed `seen`. Held until either changes. */
struct duet_refusal {
    enum duet_side target;
    uint64_t units;
    struct duet_pairs seen;
    const char *sentence;
};

/* When a changed value was first and last not seen, for `newest`: the change lies in (without, with]. 0: unknown. */
struct duet_change_time {
    int64_t without, with;
};

struct duet_state {
    uint64_t known; /* units that have a base */
    struct duet_pairs base;
    struct duet_sent *sent;
    size_t sent_count;
    struct duet_refusal *refusals;
    size_t refusal_count;
    struct duet_pairs last;            /* the values of the last plan, and */
    struct duet_change_time *times[2]; /* [side][unit] when they came to be */
    int64_t last_modified[2];
};

/* A link that was never looked at. */
struct duet_state *duet_state_new(const struct duet_rules *rules, struct duet_arena *arena);
struct duet_state *duet_state_copy(const struct duet_rules *rules, const struct duet_state *state,
                                   struct duet_arena *arena);

/* All missing. */
struct duet_pairs duet_pairs_new(const struct duet_rules *rules, struct duet_arena *arena);
/* Shallow. */
struct duet_pairs duet_pairs_copy(const struct duet_rules *rules, const struct duet_pairs *pairs,
                                  struct duet_arena *arena);

/* Values by pair from two records' values, `unknown VALUE` applied. Shallow: the texts stay where they are. */
struct duet_pairs duet_pairs_of(const struct duet_rules *rules, const struct duet_value *left,
                                const struct duet_value *right, struct duet_arena *arena);

/* New reference. */
json_t *duet_state_to_json(const struct duet_rules *rules, const struct duet_state *state);

/* What the JSON says of units and pairs that the rules of today don't have is dropped; DUET_INVALID: none of ours. */
enum duet_status duet_state_from_json(const struct duet_rules *rules, const json_t *json,
                                      struct duet_arena *arena, struct duet_state **state_out);
