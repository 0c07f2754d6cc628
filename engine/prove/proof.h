/* The proof of a mapping: every (left, right, base) triple of each component, and from each the planner and tables that a running engine
 * uses. Every edit, and every pair of edits at the same time, is such a triple, and every write leads to another: what holds of all of
 * them holds of every history in which each plan sees what stands there.
 *
 * Laws, of a component's core:
 *
 *     legal        no write, nor any request of an ordered one, is refused by its target's own rules
 *     correct      what is written agrees with what it was made from; what agrees isn't written and is remembered as agreed; what differs
 *                  at rest is pending, held, shown or frozen
 *     no lost      an edit on one side only, of what agreed, is never overwritten, unless a signal's `fetch` asks for that
 *     quiet        at most two plans write, then none
 *     moves        what is pending is released, or held with its sentence, after some edit of its own side
 *     round trip   what a value becomes either agrees with it or comes back as it, by this rule and by any other that maps the same field,
 *                  unless the rule is `lossy`
 *     one outcome  who wins is said by the policy, the values and the dates of the changes, whatever was read first
 *     form fits    what one side allows isn't held because the other will never take it
 *
 * All but `moves` with every signal waiting, too, and with either side's changes dated as the later ones where a policy is `newest`.
 *
 * Stale reads need no states of their own: a read that began before the last write was answered is no evidence, so no plan is made of
 * it (duet_state_settle); an edit that it didn't show stands in the next one, beside the base that the write left, and that is a triple
 * again. The same is true of an edit that lands before a write: the target refuses the write for its version, or takes or refuses it on
 * top of the edit; proof_sent.c judges what is then remembered of each write. Pure. */
#pragma once

#include <stdbool.h>

#include "dsl/tables.h"

struct duet_arena;
struct duet_proved;

enum duet_law {
    DUET_LAW_LEGAL,
    DUET_LAW_CORRECT,
    DUET_LAW_NO_LOST,
    DUET_LAW_QUIET,
    DUET_LAW_MOVES,
    DUET_LAW_ROUND_TRIP,
    DUET_LAW_ONE_OUTCOME,
    DUET_LAW_FITS,
    DUET_LAWS
};

const char *duet_law_name(enum duet_law law);

/* The shortest way in which a law breaks: texts for people. */
struct duet_counterexample {
    const char *unit;    /* the field or group */
    const char *before;  /* both sides as they last agreed */
    const char *edit;    /* what people did since */
    const char *outcome; /* what duet writes, and why that is wrong */
    const char *story;   /* the same as JSON: engine/prove/retelling.h */
    bool is_in_vain;     /* what is written said the same on both sides */
    bool is_forgotten;   /* both sides agree and nothing is written: that isn't remembered */
    const char *file;    /* of the unit's rule */
    uint32_t line;
};

struct duet_proof_part {
    const char *name; /* its units: "status, verdict" */
    uint32_t records[2];
    uint32_t bases;
    uint32_t triples;
    uint32_t run;         /* of these: the others are their images, in which the same happens */
    const char *refused;  /* NULL, or whose values make it too large: nothing was proved */
    bool is_unaffordable; /* work ran out before it was proved; `refused` is NULL */
    const char *file;     /* of the first unit's rule */
    uint32_t line;
    const struct duet_counterexample *broken[DUET_LAWS]; /* NULL: the law holds */
};

struct duet_proof {
    struct duet_proof_part *parts;
    size_t count;
    uint64_t triples;
    uint64_t run; /* planned and judged; the others are their images */
};

/* What all proofs of a file may cost together, in counted work: one is about one look at one state, a plan counts as many. The same text
 * costs the same everywhere. */
#define DUET_PROOF_MAX_WORK (UINT64_C(3) << 28)

/* In the arena, as are its texts. `proved`, if there is one, lives in the same arena or a longer one: a part that it knows is taken from it
 * and counts no run, parts that hold are added, and so is what it cost; past DUET_PROOF_MAX_WORK parts are left unproved, which they say. */
struct duet_proof *duet_prove(const struct duet_tables *tables, struct duet_proved *proved,
                              struct duet_arena *arena);
