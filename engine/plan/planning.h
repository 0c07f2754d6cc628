/* What the parts of the planner share while one plan is made; nobody else includes it. */
#pragma once

#include "engine/plan/plan.h"

struct duet_planning {
    const struct duet_rules *rules;
    const struct duet_tables *tables;
    const struct duet_t_mapping *mapping;
    struct duet_arena *arena;
    const struct duet_state *state;
    const struct duet_value *read[2]; /* by field number */
    struct duet_value
        *base[2]; /* by field number: the absorbed base where it is known, else as read */
    struct duet_changeset *changes; /* `after` holds this plan's writes so far */
    struct duet_pairs effective;    /* the values that decide: as read, or emptied by a `clear` */
    uint64_t broken[2]; /* [target] units that can't be converted; their move says why */
    uint64_t signals;
};

/* --- triggers.c: do events hold, and do they release? --- */

/* The units whose fields the side's `closed` reads. */
uint64_t duet_status_units(const struct duet_rules *rules, enum duet_side side);

/* Does the trigger's event and condition hold of its side, as read and with this plan's writes on it? */
bool duet_trigger_holds(const struct duet_planning *planning, const struct duet_t_trigger *trigger,
                        uint32_t number);

/* The first trigger of `side` with this verb that names the unit and holds; DUET_NONE. */
uint32_t duet_trigger_for(const struct duet_planning *planning, enum duet_side side,
                          enum duet_verb verb, uint32_t unit);

/* The first trigger that lets new notes of `origin` go over; DUET_NONE. */
uint32_t duet_trigger_for_notes(const struct duet_planning *planning, enum duet_side origin);

/* The absorbed base by field number, from changes->base. */
void duet_planning_fill_base(struct duet_planning *planning);

/* --- accept.c: what the targets would refuse --- */

/* Drops from the changeset what either target would refuse, with its sentence. */
void duet_planning_accept(struct duet_planning *planning);

/* Takes the writes of these units back. */
void duet_planning_withhold(struct duet_planning *planning, uint64_t units);

/* --- shared questions --- */

static inline const struct duet_t_unit *duet_planning_unit(const struct duet_tables *tables,
                                                           uint32_t unit)
{
    return duet_unit_row(tables, duet_mapping(tables)->units + unit);
}

static inline uint32_t duet_unit_component(const struct duet_t_unit *unit, enum duet_side side)
{
    return side == DUET_LEFT ? unit->component_left : unit->component_right;
}

/* The units that a side takes or refuses together. */
uint64_t duet_component_units(const struct duet_tables *tables, enum duet_side target,
                              uint32_t component);

/* The fields of a unit on one side, by number. */
uint64_t duet_unit_fields(const struct duet_tables *tables, uint32_t unit, enum duet_side side);

bool duet_unit_equal(const struct duet_tables *tables, uint32_t unit, enum duet_side side,
                     const struct duet_pairs *a, const struct duet_pairs *b);
bool duet_unit_agrees(const struct duet_rules *rules, uint32_t unit,
                      const struct duet_pairs *values, struct duet_arena *arena);
void duet_unit_copy(const struct duet_tables *tables, uint32_t unit, struct duet_pairs *to,
                    const struct duet_pairs *from);
