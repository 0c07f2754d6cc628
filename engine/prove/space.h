/* All that a component's two records and their base can be: the triples (left, right, base) that a proof goes through.
 *
 * Records: every combination of the component's values that the side's own rules allow. Bases of a unit: none, every pair that agrees,
 * and what is kept because a side shows a value outside the schema. Fields that no condition of the core reads, of units beside it,
 * are all missing or all as in one legal record. Units outside of the component agree and stay so. Records that differ only in fields
 * that nothing but `closed` and `merged` reads, and for which both say the same, are one.
 *
 * Where a unit's values may change places everywhere and no rule can tell, as two texts or two verdicts of the same kind may, triples are
 * images of each other, and what holds of one holds of all: the first of them is run. So are triples that differ only in what units beside
 * the core do and the core can't tell, now or later.
 *
 * Pure; all of it in the arena. A space larger than DUET_SPACE_MAX is refused by name, never sampled. */
#pragma once

#include "engine/prove/component.h"
#include "engine/prove/domain.h"

#define DUET_SPACE_MAX (UINT32_C(1) << 22)         /* triples */
#define DUET_SPACE_MAX_RECORDS (UINT32_C(1) << 16) /* of a side */
#define DUET_SPACE_MAX_DIGITS                                                                      \
    (UINT32_C(1) << 22) /* combinations of a side's values, legal or not */

struct duet_space_dim {
    uint32_t field; /* number within the side */
    struct duet_domain domain;
    bool is_kept_small; /* missing, or as in the one legal record */
    bool is_mapped;
    uint32_t stride;
};

struct duet_space_side {
    struct duet_space_dim *dims;
    uint32_t dim_count;
    struct duet_record *records;
    uint32_t record_count;
    uint32_t *at; /* by the values' digits: a record's number, DUET_NONE: not in the space */
    uint32_t *refused_by; /* by the values' digits: the rules that refuse them, as bits */
    uint32_t at_count;
    uint32_t *digits; /* by record */
};

/* Values of a unit's fields, one to one between the sides, that may change places with others of their kind. */
struct duet_space_atom {
    uint32_t kind;
    uint32_t first;     /* atom of this kind */
    uint32_t digits[2]; /* what they count in a record's digits */
    uint32_t code[2];   /* and in a base's code */
};

struct duet_space_unit {
    uint32_t unit;
    struct duet_pairs *bases; /* all pairs of the mapping, those of the unit filled; [0]: none */
    uint32_t *codes; /* by base, ascending from [1]: its values' numbers in their fields' domains */
    uint32_t base_count;
    uint32_t stride;
    struct duet_space_atom *atoms; /* by kind */
    uint32_t atom_count, kind_count;
    uint32_t *in_record[2], *in_base[2]; /* by record, by base of the unit: the atom, DUET_NONE */
};

/* What a plan is asked with beside a triple: signals that wait, or changes that can be dated, for `newest`. */
enum duet_dated { DUET_UNDATED, DUET_LEFT_LATER, DUET_RIGHT_LATER };
struct duet_variant {
    uint64_t signals; /* TRIGGER rows, as bits */
    enum duet_dated dated;
};

/* What units beside the core are to it: left, right, base. `count` 0: there are none, or every state counts by itself. */
struct duet_space_beside {
    const uint32_t *of[3];    /* by record or base: its part's number */
    const uint32_t *parts[3]; /* by that: what it counts in digits, or in a base number */
    uint32_t widths[3];       /* how many parts there are */
    uint32_t count;           /* of states: one part of each */
    const uint32_t *classes;  /* by state: the first that is the same to the core */
    const uint32_t *leads;    /* by state and variant: the next, DUET_NONE: not in the space */
};

struct duet_space {
    const struct duet_rules *rules;
    struct duet_component component;
    struct duet_domain *domains[2]; /* by field number */
    struct duet_space_side side[2];
    struct duet_space_unit *units; /* of core and beside */
    uint32_t unit_count;
    struct duet_state **states; /* by base number */
    uint32_t base_count;
    uint32_t triple_count;
    struct duet_space_beside beside;
    struct duet_variant *variants; /* [0]: no signal, nothing dated */
    uint32_t variant_count;
    uint64_t work; /* what making it cost, in counted work: proof.h */
    const char *
        refused; /* not NULL: too large, and the name of what makes it so; nothing else is filled */
};

struct duet_space *duet_space_new(const struct duet_rules *rules,
                                  const struct duet_component *component, struct duet_arena *arena);

/* A triple's number, and its parts. */
struct duet_triple {
    uint32_t record[2], base;
};
static inline uint32_t duet_space_number(const struct duet_space *space, struct duet_triple triple)
{
    return (triple.record[DUET_LEFT] * space->side[DUET_RIGHT].record_count +
            triple.record[DUET_RIGHT]) *
               space->base_count +
           triple.base;
}
static inline struct duet_triple duet_space_triple(const struct duet_space *space, uint32_t number)
{
    uint32_t both = number / space->base_count;
    uint32_t rights = space->side[DUET_RIGHT].record_count;
    return (struct duet_triple){ { both / rights, both % rights }, number % space->base_count };
}

/* Of all images of these parts of a triple the one that stands for them; the other parts are left as they are. */
enum duet_triple_part {
    DUET_PART_LEFT = 1,
    DUET_PART_RIGHT = 2,
    DUET_PART_BASE = 4,
    DUET_PARTS_BOTH = DUET_PART_LEFT | DUET_PART_RIGHT,
    DUET_PARTS_ALL = DUET_PARTS_BOTH | DUET_PART_BASE
};
struct duet_triple duet_space_first_image(const struct duet_space *space, struct duet_triple triple,
                                          unsigned parts);
/* Do the units beside the core stay as they are? */
bool duet_space_beside_rests(const struct duet_space *space, struct duet_triple triple);
static inline uint32_t duet_space_first(const struct duet_space *space, struct duet_triple triple)
{
    return duet_space_number(space, duet_space_first_image(space, triple, DUET_PARTS_ALL));
}
static inline bool duet_space_is_first(const struct duet_space *space, struct duet_triple triple,
                                       unsigned parts)
{
    return duet_space_number(space, duet_space_first_image(space, triple, parts)) ==
           duet_space_number(space, triple);
}

/* Units that stand still in this space. */
static inline uint64_t duet_space_still(const struct duet_space *space)
{
    return ~(space->component.core | space->component.beside);
}

/* The record with these values, or the base of this state: DUET_NONE when the space doesn't have it. */
uint32_t duet_space_record(const struct duet_space *space, enum duet_side side,
                           const struct duet_value *values);
uint32_t duet_space_base(const struct duet_space *space, const struct duet_state *state);

/* The unit's base with this code, or DUET_NONE. */
uint32_t duet_space_base_at(const struct duet_space_unit *unit, uint32_t code);

/* The base of one unit in a base number; 0: none. */
static inline uint32_t duet_space_unit_base(const struct duet_space_unit *unit, uint32_t base)
{
    return base / unit->stride % unit->base_count;
}
