/* What the parts of the planner share while one plan is made; nobody else includes it. */
#pragma once

#include "engine/plan/plan.h"
#include "engine/plan/unit.h"

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
    uint64_t units;              /* that are looked at */
    uint64_t status[2];          /* [side] duet_status_units() */
    struct duet_pairs unit_base; /* of the unit that is decided: emptied when a `clear` holds */
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
