#include "engine/prove/component.h"

#include "engine/plan/unit.h"
#include "engine/record/steps.h"

#define MOST_UNITS 64U

struct reading {
    const struct duet_tables *tables;
    const struct duet_t_mapping *mapping;
    uint64_t fields[MOST_UNITS][2]; /* [unit][side] what its conditions read */
    uint64_t units[MOST_UNITS];     /* [unit] those it reads, by any number of steps */
    uint64_t by_base;               /* units whose conditions or events read what was agreed on */
    struct duet_arena *arena;
    struct asked *asked;
    size_t asked_count;
};

/* A condition that a unit asks. */
struct asked {
    uint32_t unit;
    uint32_t condition;
};

/* --- fields ------------------------------------------------------------------------------------------------- */

static void add_predicate(struct reading *reading, uint32_t unit, enum duet_side side,
                          uint32_t expr);

/* The loader bounds the depth. */
static void add_condition(struct reading *reading, uint32_t unit, uint32_t index)
{
    const struct duet_t_expr *expr = duet_expr_row(reading->tables, index);
    if (!expr)
        return;
    add_condition(reading, unit, expr->left);
    add_condition(reading, unit, expr->right);
    enum duet_side side = (enum duet_side)expr->side;
    if (expr->op == DUET_EXPR_FIELD)
        reading->fields[unit][side] |=
            duet_bit(duet_field_number(reading->tables, side, expr->field));
    if (expr->op == DUET_EXPR_CHANGED || expr->op == DUET_EXPR_WAS)
        reading->by_base |= duet_bit(unit);
    if (expr->op == DUET_EXPR_CLOSED)
        add_predicate(reading, unit, side, duet_side_row(reading->tables, side)->closed);
    if (expr->op == DUET_EXPR_MERGED)
        add_predicate(reading, unit, side, duet_side_row(reading->tables, side)->merged);
}

static void add_predicate(struct reading *reading, uint32_t unit, enum duet_side side,
                          uint32_t expr)
{
    if (expr != DUET_NONE && side <= DUET_RIGHT)
        add_condition(reading, unit, expr);
}

static void ask(struct reading *reading, uint32_t unit, uint32_t condition)
{
    if (condition == DUET_NONE)
        return;
    reading->asked[reading->asked_count++] = (struct asked){ unit, condition };
    add_condition(reading, unit, condition);
}

static bool is_of_status(const struct duet_t_trigger *trigger)
{
    return trigger->event == DUET_EVENT_CLOSE || trigger->event == DUET_EVENT_REOPEN ||
           trigger->event == DUET_EVENT_MOVE;
}

/* What is sent has changed itself; what is fetched or cleared for a change asks every field that the trigger names. */
static void read_changes(struct reading *reading, uint32_t unit,
                         const struct duet_t_trigger *trigger)
{
    uint64_t units = duet_mask(trigger->units_lo, trigger->units_hi);
    enum duet_side side = (enum duet_side)trigger->side;
    reading->by_base |= duet_bit(unit);
    for (uint32_t u = 0; u < reading->mapping->units_count; u++) {
        if (units & duet_bit(u))
            reading->fields[unit][side] |= duet_unit_fields(reading->tables, u, side);
    }
}

static void read_triggers(struct reading *reading, uint32_t unit)
{
    const struct duet_t_mapping *mapping = reading->mapping;
    for (uint32_t t = mapping->triggers; t < mapping->triggers + mapping->triggers_count; t++) {
        const struct duet_t_trigger *trigger = duet_trigger_row(reading->tables, t);
        enum duet_side side = (enum duet_side)trigger->side;
        if (!(duet_mask(trigger->units_lo, trigger->units_hi) & duet_bit(unit)))
            continue;
        ask(reading, unit, trigger->when);
        if (is_of_status(trigger))
            ask(reading, unit, duet_side_row(reading->tables, side)->closed);
        if (trigger->event == DUET_EVENT_REOPEN || trigger->event == DUET_EVENT_MOVE ||
            trigger->verb == DUET_CLEAR)
            reading->by_base |= duet_bit(unit);
        if (trigger->event == DUET_EVENT_CHANGE && trigger->verb != DUET_SEND)
            read_changes(reading, unit, trigger);
    }
}

/* Whether a request carries the unit's fields; it compares with what stands there, not with what was agreed on. */
static void read_requests(struct reading *reading, uint32_t unit)
{
    uint64_t by_base = reading->by_base;
    for (uint32_t s = 0; s < 2; s++) {
        enum duet_side side = (enum duet_side)s;
        const struct duet_t_op *ops[DUET_MAX_WRITE_STEPS];
        size_t count = duet_write_ops(reading->tables, side, ops);
        uint64_t own = duet_unit_fields(reading->tables, unit, side);
        for (size_t i = 0; i < count; i++) {
            if (duet_mask(ops[i]->carries_lo, ops[i]->carries_hi) & own)
                ask(reading, unit, ops[i]->carry_when);
        }
    }
    reading->by_base = by_base;
}

static void read_merge(struct reading *reading, uint32_t unit)
{
    if (!duet_unit_row(reading->tables, reading->mapping->units + unit)->frozen_by_merge)
        return;
    for (uint32_t side = 0; side < 2; side++)
        ask(reading, unit, duet_side_row(reading->tables, (enum duet_side)side)->merged);
}

/* --- units -------------------------------------------------------------------------------------------------- */

static uint64_t units_of_fields(const struct reading *reading, const uint64_t fields[2])
{
    uint64_t units = 0;
    for (uint32_t u = 0; u < reading->mapping->units_count; u++) {
        const struct duet_t_unit *row = duet_unit_row(reading->tables, reading->mapping->units + u);
        for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
            const struct duet_t_pair *pair = duet_pair_row(reading->tables, p);
            for (uint32_t side = 0; side < 2; side++) {
                uint32_t field = duet_pair_field(pair, (enum duet_side)side);
                if (fields[side] &
                    duet_bit(duet_field_number(reading->tables, (enum duet_side)side, field)))
                    units |= duet_bit(u);
            }
        }
    }
    return units;
}

static uint64_t mapped_fields(const struct reading *reading, enum duet_side side)
{
    uint64_t fields = 0;
    for (uint32_t u = 0; u < reading->mapping->units_count; u++)
        fields |= duet_unit_fields(reading->tables, u, side);
    return fields;
}

static uint64_t joined(const struct reading *reading, uint32_t unit)
{
    const struct duet_t_unit *own = duet_unit_row(reading->tables, reading->mapping->units + unit);
    uint64_t units = 0;
    for (uint32_t u = 0; u < reading->mapping->units_count; u++) {
        const struct duet_t_unit *row = duet_unit_row(reading->tables, reading->mapping->units + u);
        if (row->component_left == own->component_left ||
            row->component_right == own->component_right)
            units |= duet_bit(u);
    }
    return units;
}

static bool writes_to(const struct duet_t_pair *pair, enum duet_side side)
{
    return pair->direction != (side == DUET_LEFT ? DUET_TO_RIGHT : DUET_TO_LEFT);
}

/* Units that write a field which this unit maps too. */
static uint64_t writers(const struct reading *reading, uint32_t unit)
{
    uint64_t units = 0;
    for (uint32_t s = 0; s < 2; s++) {
        enum duet_side side = (enum duet_side)s;
        uint64_t own = duet_unit_fields(reading->tables, unit, side);
        for (uint32_t u = 0; u < reading->mapping->units_count; u++) {
            const struct duet_t_unit *row =
                duet_unit_row(reading->tables, reading->mapping->units + u);
            if (writes_to(duet_pair_row(reading->tables, row->pairs), side) &&
                (duet_unit_fields(reading->tables, u, side) & own))
                units |= duet_bit(u);
        }
    }
    return units;
}

static void follow(struct reading *reading)
{
    for (uint32_t step = 0; step < reading->mapping->units_count; step++) {
        for (uint32_t u = 0; u < reading->mapping->units_count; u++) {
            for (uint32_t v = 0; v < reading->mapping->units_count; v++) {
                if (reading->units[u] & duet_bit(v))
                    reading->units[u] |= reading->units[v];
            }
        }
    }
}

/* What the sides' own rules about a unit's fields read: all of it, or what no rule of the mapping maps. */
static void read_rules(const struct reading *reading, uint32_t unit, bool is_core, uint64_t read[2])
{
    for (uint32_t s = 0; s < 2; s++) {
        enum duet_side side = (enum duet_side)s;
        const struct duet_t_side *row = duet_side_row(reading->tables, side);
        uint64_t own = duet_unit_fields(reading->tables, unit, side);
        for (uint32_t r = row->rules; r < row->rules + row->rules_count; r++) {
            const struct duet_t_rule *rule = duet_rule_row(reading->tables, r);
            uint64_t reads = duet_mask(rule->reads_lo, rule->reads_hi);
            if (reads & own)
                read[s] |= is_core ? reads : reads & ~mapped_fields(reading, side);
        }
    }
}

static void read_partners_of(const struct reading *reading, uint32_t unit, uint64_t read[2])
{
    const struct duet_t_unit *row = duet_unit_row(reading->tables, reading->mapping->units + unit);
    for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
        const struct duet_t_pair *pair = duet_pair_row(reading->tables, p);
        uint64_t left = duet_bit(duet_field_number(reading->tables, DUET_LEFT, pair->left));
        uint64_t right = duet_bit(duet_field_number(reading->tables, DUET_RIGHT, pair->right));
        if ((read[DUET_LEFT] & left) || (read[DUET_RIGHT] & right)) {
            read[DUET_LEFT] |= left;
            read[DUET_RIGHT] |= right;
        }
    }
}

/* What stands against a field that is read must be free to follow it, and what stands against that. */
static void read_partners(const struct reading *reading, uint64_t units, uint64_t read[2])
{
    uint64_t before[2];
    do {
        before[DUET_LEFT] = read[DUET_LEFT];
        before[DUET_RIGHT] = read[DUET_RIGHT];
        for (uint32_t u = 0; u < reading->mapping->units_count; u++) {
            if (units & duet_bit(u))
                read_partners_of(reading, u, read);
        }
    } while (before[DUET_LEFT] != read[DUET_LEFT] || before[DUET_RIGHT] != read[DUET_RIGHT]);
}

static void take_conditions(const struct reading *reading, struct duet_component *component)
{
    uint32_t *conditions =
        duet_arena_alloc_array(reading->arena, reading->asked_count + 1U, sizeof *conditions);
    component->conditions = conditions;
    for (size_t i = 0; i < reading->asked_count; i++) {
        if (component->core & duet_bit(reading->asked[i].unit))
            conditions[component->condition_count++] = reading->asked[i].condition;
    }
}

static struct duet_component component_of(const struct reading *reading, uint32_t unit)
{
    struct duet_component component = { 0 };
    for (uint32_t u = 0; u < reading->mapping->units_count; u++) {
        if (!(reading->units[unit] & duet_bit(u)))
            continue;
        if (reading->units[u] & duet_bit(unit))
            component.core |= duet_bit(u);
        else
            component.beside |= duet_bit(u);
        component.asks_base = component.asks_base || (component.core & reading->by_base) != 0;
        for (uint32_t side = 0; side < 2; side++) {
            component.read[side] |= reading->fields[u][side];
            if (component.core & duet_bit(u))
                component.asked[side] |= reading->fields[u][side];
            if (component.core & duet_bit(u))
                component.read[side] |= duet_unit_fields(reading->tables, u, (enum duet_side)side);
        }
        read_rules(reading, u, (component.core & duet_bit(u)) != 0, component.read);
    }
    read_partners(reading, component.core | component.beside, component.read);
    take_conditions(reading, &component);
    return component;
}

/* Conditions of one unit: of each trigger its own and its event's; of each request; of each side's merge. */
static size_t most_asked(const struct reading *reading)
{
    return 2U * ((size_t)reading->mapping->triggers_count + DUET_MAX_WRITE_STEPS + 1U);
}

struct duet_component *duet_components(const struct duet_rules *rules, struct duet_arena *arena,
                                       size_t *count_out)
{
    struct reading *reading = duet_arena_alloc(arena, sizeof *reading);
    reading->tables = rules->tables;
    reading->mapping = duet_mapping(rules->tables);
    reading->arena = arena;
    uint32_t count = reading->mapping->units_count;
    reading->asked = duet_arena_alloc_array(arena, (size_t)count * most_asked(reading) + 1U,
                                            sizeof *reading->asked);
    struct duet_component *components =
        duet_arena_alloc_array(arena, count + 1U, sizeof *components);
    for (uint32_t u = 0; u < count; u++) {
        read_triggers(reading, u);
        read_merge(reading, u);
        read_requests(reading, u);
        reading->units[u] = duet_bit(u) | joined(reading, u) | writers(reading, u) |
                            units_of_fields(reading, reading->fields[u]);
    }
    follow(reading);
    uint64_t done = 0;
    *count_out = 0;
    for (uint32_t u = 0; u < count; u++) {
        if (done & duet_bit(u))
            continue;
        components[*count_out] = component_of(reading, u);
        done |= components[*count_out].core;
        (*count_out)++;
    }
    return components;
}
