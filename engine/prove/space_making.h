/* What the parts of a space share while it is made; nobody else includes it. */
#pragma once

#include "engine/prove/space.h"

struct duet_making {
    struct duet_space *space;
    const struct duet_tables *tables;
    const struct duet_t_mapping *mapping;
    struct duet_arena *arena;
    struct duet_arena *scratch;
    struct duet_domains domains;
    struct duet_pairs still;           /* values of units that are not in the component */
    struct duet_value *neutral[2];     /* by field number */
    const struct duet_value *model[2]; /* the one legal record of what is kept small */
    uint64_t dims[2];                  /* fields, by number */
    uint64_t mapped[2];
    uint64_t named[2]; /* fields that conditions of triggers name */
    uint64_t ruled[2]; /* fields that a side's rules about mapped ones read */
    uint64_t small[2]; /* fields kept small */
};

/* --- space_records.c: what both records can be --- */

void duet_making_dims(struct duet_making *making, enum duet_side side);
/* The one legal record of what is kept small. */
void duet_making_model(struct duet_making *making);
void duet_making_records(struct duet_making *making, enum duet_side side);

/* --- space_bases.c: what both may have agreed on --- */

void duet_making_bases(struct duet_making *making);

/* --- space_variants.c: what else a plan can be asked with --- */

void duet_making_variants(struct duet_making *making);

/* --- space_beside.c: what stands beside a core, as the core sees it --- */

void duet_making_beside(struct duet_making *making);

/* --- space_told.c: what a core can tell apart --- */

/* By number of a value of the field, which isn't of the core: the first value that is the same to the core's conditions. */
const uint32_t *duet_making_told(const struct duet_making *making, enum duet_side side,
                                 const struct duet_space_dim *dim);

/* --- space_symmetry.c: which triples say the same --- */

void duet_making_symmetry(struct duet_making *making);

/* --- shared questions --- */

static inline uint64_t duet_making_units(const struct duet_space *space)
{
    return space->component.core | space->component.beside;
}

static inline const struct duet_t_unit *duet_making_unit(const struct duet_making *making,
                                                         uint32_t unit)
{
    return duet_unit_row(making->tables, making->mapping->units + unit);
}

static inline uint32_t duet_making_number(const struct duet_making *making, uint32_t pair,
                                          enum duet_side side)
{
    return duet_field_number(making->tables, side,
                             duet_pair_field(duet_pair_row(making->tables, pair), side));
}

/* The fields of these units, by number. */
uint64_t duet_making_fields(const struct duet_making *making, uint64_t units, enum duet_side side);
