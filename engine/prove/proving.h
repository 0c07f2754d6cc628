/* What the parts of a proof share while a component is proved; nobody else includes it. */
#pragma once

#include "engine/prove/proof.h"
#include "engine/prove/step.h"

/* What one unit did in one triple. */
enum duet_did {
    DUET_DID_NOTHING,
    DUET_DID_MOVE,
    DUET_DID_PEND_LEFT,
    DUET_DID_PEND_RIGHT,
    DUET_DID_HOLD
};

struct duet_broken {
    bool is;
    uint32_t triple, variant, unit;
    uint32_t weight; /* how many fields people edited: the fewest make the shortest story */
};

/* A plan with a signal or with dates that wrote, and where it led. */
struct duet_start {
    uint32_t triple, variant, next;
};

struct duet_proving {
    struct duet_space *space;
    const struct duet_tables *tables;
    const struct duet_t_mapping *mapping;
    struct duet_arena *arena;
    struct duet_arena *scratch;
    uint32_t *next; /* by triple: where its writes lead; itself when nothing moves */
    unsigned char *wrote;
    unsigned char *
        waits; /* by triple: bits of the sides that hold something, say a status, which others wait for */
    unsigned char *did; /* by triple and core unit */
    uint32_t core[64];  /* unit numbers */
    uint32_t core_count;
    bool may_echo;
    uint32_t run; /* triples that were run; the others are images of these */
    struct duet_start *starts;
    size_t start_count, start_room;
    uint64_t *one_way[2]; /* [side] by pair: values, as bits, that don't come back as they were */
    uint64_t one_way_units[2];            /* [side] that have such a value */
    const struct duet_changeset *undated; /* what the plan without dates says of the same triple */
    uint32_t *alike[2][64]; /* [side][core] by record: the first with the same values of the unit */
    unsigned char *sent_seen; /* bits of the writes that proof_sent.c has asked */
    unsigned char *broken_at; /* by triple: laws that break there, as bits */
    struct duet_broken broken[DUET_LAWS];
    uint64_t work, work_most; /* counted; what is beyond isn't proved */
};

/* Counts work; false: there is none left. */
static inline bool duet_proving_affords(struct duet_proving *proving, uint64_t work)
{
    proving->work += work;
    return proving->work <= proving->work_most;
}

/* The triple, and the variant, that is planned. */
struct duet_asked {
    struct duet_triple triple;
    uint32_t variant;
};

/* The law breaks there; the shortest story is kept. */
void duet_proving_breaks(struct duet_proving *proving, enum duet_law law, struct duet_asked asked,
                         uint32_t unit);

/* --- proof_laws.c: what one plan says --- */

/* How many fields people edited there; what was never agreed on counts more. */
uint32_t duet_proving_weight(const struct duet_proving *proving, struct duet_triple triple);

/* Finds the values that don't come back; before all others. */
void duet_proving_round_trips(struct duet_proving *proving);

/* The laws of one plan. Where its writes lead; DUET_NONE: out of the space, or to another value. */
uint32_t duet_proving_judge(struct duet_proving *proving, struct duet_asked asked,
                            const struct duet_step *taken);

/* Since both agreed, only that side of the unit was edited. */
bool duet_proving_edited_alone(const struct duet_proving *proving,
                               const struct duet_changeset *changes, uint32_t unit,
                               enum duet_side side);

/* The rule, or its arm of this value, is `lossy`. */
bool duet_proving_is_lossy(const struct duet_proving *proving, const struct duet_t_pair *pair,
                           enum duet_side from, const struct duet_value *value);

enum duet_did duet_proving_did(const struct duet_move *move);

/* [bit by side] Of the core, something of that side is held, and a person there is told what is missing. */
unsigned char duet_proving_held_sides(const struct duet_proving *proving,
                                      const struct duet_changeset *changes);

/* --- proof_sent.c: writes that are confirmed by a later read, or never answered --- */

size_t duet_proving_sent_bytes(const struct duet_proving *proving);
void duet_proving_sent(struct duet_proving *proving, struct duet_asked asked,
                       const struct duet_step *taken);

/* --- proof_echo.c: what one rule writes and another sends back --- */

/* Some field of the core is mapped by two of its units. */
bool duet_proving_may_echo(const struct duet_proving *proving);
void duet_proving_echo(struct duet_proving *proving, struct duet_asked asked,
                       const struct duet_step *sent);

/* --- proof_moves.c --- */

/* By record of the side: the first that shows the same values of the unit. */
uint32_t *duet_proving_alike(const struct duet_proving *proving, enum duet_side side, uint32_t unit,
                             struct duet_arena *arena);

/* What is pending on a side at rest, and isn't held up by what a person is told of: there is something else that can be edited there
 * after which it is released. What lacks a value that its own side will ask for may wait for that value. */
void duet_proving_moves(struct duet_proving *proving, uint32_t core, enum duet_side side);
