/* Questions about a unit, a field of its own or a group: its fields, whether its values are the same or agree. */
#pragma once

#include "engine/plan/state.h"

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
/* Is no value of the unit on that side outside the schema or the table? */
bool duet_unit_known(const struct duet_tables *tables, uint32_t unit, enum duet_side side,
                     const struct duet_pairs *values);
bool duet_unit_agrees(const struct duet_rules *rules, uint32_t unit,
                      const struct duet_pairs *values, struct duet_arena *arena);
void duet_unit_copy(const struct duet_tables *tables, uint32_t unit, struct duet_pairs *to,
                    const struct duet_pairs *from);
