#include "engine/plan/unit.h"

#include "engine/plan/plan.h"
#include "engine/plan/relation.h"

uint64_t duet_unit_fields(const struct duet_tables *tables, uint32_t unit, enum duet_side side)
{
    const struct duet_t_unit *row = duet_planning_unit(tables, unit);
    uint64_t fields = 0;
    for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++)
        fields |= duet_bit(
            duet_field_number(tables, side, duet_pair_field(duet_pair_row(tables, p), side)));
    return fields;
}

bool duet_unit_equal(const struct duet_tables *tables, uint32_t unit, enum duet_side side,
                     const struct duet_pairs *a, const struct duet_pairs *b)
{
    const struct duet_t_unit *row = duet_planning_unit(tables, unit);
    uint32_t first = row->pairs - duet_mapping(tables)->pairs;
    for (uint32_t p = first; p < first + row->pairs_count; p++) {
        if (!duet_value_equal(&a->side[side][p], &b->side[side][p]))
            return false;
    }
    return true;
}

bool duet_unit_known(const struct duet_tables *tables, uint32_t unit, enum duet_side side,
                     const struct duet_pairs *values)
{
    const struct duet_t_unit *row = duet_planning_unit(tables, unit);
    uint32_t first = row->pairs - duet_mapping(tables)->pairs;
    for (uint32_t p = first; p < first + row->pairs_count; p++) {
        if (!duet_value_known(&values->side[side][p]))
            return false;
    }
    return true;
}

bool duet_unit_agrees(const struct duet_rules *rules, uint32_t unit,
                      const struct duet_pairs *values, struct duet_arena *arena)
{
    const struct duet_t_unit *row = duet_planning_unit(rules->tables, unit);
    uint32_t first = duet_mapping(rules->tables)->pairs;
    for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
        if (!duet_pair_agree(rules, duet_pair_row(rules->tables, p),
                             &values->side[DUET_LEFT][p - first],
                             &values->side[DUET_RIGHT][p - first], arena))
            return false;
    }
    return true;
}

void duet_unit_copy(const struct duet_tables *tables, uint32_t unit, struct duet_pairs *to,
                    const struct duet_pairs *from)
{
    const struct duet_t_unit *row = duet_planning_unit(tables, unit);
    uint32_t first = row->pairs - duet_mapping(tables)->pairs;
    for (uint32_t p = first; p < first + row->pairs_count; p++) {
        to->side[DUET_LEFT][p] = from->side[DUET_LEFT][p];
        to->side[DUET_RIGHT][p] = from->side[DUET_RIGHT][p];
    }
}

uint64_t duet_component_units(const struct duet_tables *tables, enum duet_side target,
                              uint32_t component)
{
    uint64_t units = 0;
    for (uint32_t u = 0; u < duet_mapping(tables)->units_count; u++) {
        if (duet_unit_component(duet_planning_unit(tables, u), target) == component)
            units |= duet_bit(u);
    }
    return units;
}

uint64_t duet_plan_part(const struct duet_rules *rules, uint64_t units)
{
    const struct duet_tables *tables = rules->tables;
    uint64_t part = units & (~units + 1U);
    uint64_t before = 0;
    while (part != before) {
        before = part;
        for (uint32_t u = 0; u < duet_mapping(tables)->units_count; u++) {
            const struct duet_t_unit *unit = duet_planning_unit(tables, u);
            for (uint32_t side = 0; side < 2 && (before & duet_bit(u)); side++)
                part |= duet_component_units(tables, (enum duet_side)side,
                                             duet_unit_component(unit, (enum duet_side)side));
        }
    }
    return part & units;
}
