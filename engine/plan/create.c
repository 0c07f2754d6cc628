#include <string.h>

#include "engine/plan/planning.h"
#include "engine/record/expr.h"

struct seen {
    const struct duet_rules *rules;
    enum duet_side side;
    const struct duet_record *record;
};

static struct duet_value read_origin(void *data, const struct duet_t_expr *leaf)
{
    const struct seen *seen = data;
    if (leaf->op != DUET_EXPR_FIELD || leaf->side != seen->side)
        return (struct duet_value){ 0 };
    return seen->record->values[duet_field_number(seen->rules->tables, seen->side, leaf->field)];
}

static bool test_origin(void *data, const struct duet_t_expr *expr)
{
    const struct seen *seen = data;
    if (expr->side != seen->side)
        return false;
    if (expr->op == DUET_EXPR_CLOSED)
        return duet_record_closed(seen->rules, seen->side, seen->record->values);
    return expr->op == DUET_EXPR_MERGED &&
           duet_record_merged(seen->rules, seen->side, seen->record->values);
}

static bool wanted(const struct duet_rules *rules, enum duet_side target,
                   const struct duet_record *origin)
{
    const struct duet_t_mapping *mapping = duet_mapping(rules->tables);
    struct seen seen = { .rules = rules, .side = duet_other(target), .record = origin };
    struct duet_leaves leaves = { .read = read_origin, .test = test_origin, .data = &seen };
    for (uint32_t i = 0; i < mapping->creates_count; i++) {
        const struct duet_t_create *create = duet_create_row(rules->tables, mapping->creates + i);
        if (create->target == target &&
            (create->when == DUET_NONE || duet_expr_holds(rules->tables, create->when, &leaves)))
            return true;
    }
    return false;
}

static bool leads_to(const struct duet_t_pair *pair, enum duet_side target)
{
    return pair->direction == DUET_BOTH_WAYS ||
           (pair->direction == DUET_TO_RIGHT) == (target == DUET_RIGHT);
}

/* The field that names the other record gets its key. */
static void map_link(const struct duet_rules *rules, enum duet_side target,
                     const struct duet_record *origin, struct duet_value *values, uint64_t *mask)
{
    const struct duet_t_mapping *mapping = duet_mapping(rules->tables);
    uint32_t here = target == DUET_LEFT ? mapping->link_left : mapping->link_right;
    uint32_t there = target == DUET_LEFT ? mapping->link_right : mapping->link_left;
    uint32_t number = duet_field_number(rules->tables, target, here);
    const struct duet_value *value =
        &origin->values[duet_field_number(rules->tables, duet_other(target), there)];
    if (value->kind != DUET_VALUE_TEXT)
        return;
    values[number] = *value;
    *mask |= duet_bit(number);
}

struct duet_value *duet_map_values(const struct duet_rules *rules, enum duet_side target,
                                   const struct duet_record *origin, struct duet_arena *arena,
                                   uint64_t *mask_out, duet_map_problem problem, void *data)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    enum duet_side from = duet_other(target);
    uint32_t count = duet_side_row(tables, target)->fields_count;
    struct duet_value *values = duet_arena_alloc_array(arena, count + 1U, sizeof *values);
    *mask_out = 0;
    for (uint32_t p = 0; p < mapping->pairs_count; p++) {
        const struct duet_t_pair *pair = duet_pair_row(tables, mapping->pairs + p);
        if (!leads_to(pair, target))
            continue;
        struct duet_value value = duet_pair_reading(
            pair, from,
            &origin->values[duet_field_number(tables, from, duet_pair_field(pair, from))]);
        uint32_t number = duet_field_number(tables, target, duet_pair_field(pair, target));
        enum duet_conversion conversion =
            duet_pair_convert(rules, pair, from, &value, arena, &values[number]);
        if (conversion == DUET_CONVERTED) {
            *mask_out |= duet_bit(number);
            continue;
        }
        values[number] = (struct duet_value){ 0 };
        if (problem)
            problem(data, pair, conversion, &value);
    }
    map_link(rules, target, origin, values, mask_out);
    return values;
}

/* The fields that creation is to fill: one that the target requires and that has no value is refused, not left out. */
static uint64_t mapped_to(const struct duet_tables *tables, enum duet_side target)
{
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    uint64_t fields = 0;
    for (uint32_t p = mapping->pairs; p < mapping->pairs + mapping->pairs_count; p++) {
        const struct duet_t_pair *pair = duet_pair_row(tables, p);
        if (leads_to(pair, target))
            fields |= duet_bit(duet_field_number(tables, target, duet_pair_field(pair, target)));
    }
    return fields;
}

bool duet_plan_creation(const struct duet_rules *rules, enum duet_side target,
                        const struct duet_record *origin, struct duet_arena *arena,
                        struct duet_new_record *record_out)
{
    if (!wanted(rules, target, origin))
        return false;
    struct duet_new_record record = { 0 };
    record.values = duet_map_values(rules, target, origin, arena, &record.fields, NULL, NULL);
    uint32_t count = duet_side_row(rules->tables, target)->fields_count;
    for (uint32_t i = 0; i < count; i++) {
        if (duet_value_missing(&record.values[i]))
            record.fields &= ~duet_bit(i);
    }
    record.held = duet_side_refuses(rules, target, record.values, record.values,
                                    record.fields | mapped_to(rules->tables, target), arena);
    *record_out = record;
    return true;
}

struct duet_state *duet_state_created(const struct duet_rules *rules, enum duet_side target,
                                      const struct duet_record *origin,
                                      const struct duet_new_record *record, int64_t sent_at,
                                      struct duet_arena *arena)
{
    const struct duet_t_mapping *mapping = duet_mapping(rules->tables);
    struct duet_state *state = duet_state_new(rules, arena);
    const struct duet_value *left = target == DUET_LEFT ? record->values : origin->values;
    const struct duet_value *right = target == DUET_LEFT ? origin->values : record->values;
    struct duet_pairs pairs = duet_pairs_of(rules, left, right, arena);
    state->sent = duet_arena_alloc_array(arena, mapping->units_count + 1U, sizeof *state->sent);
    for (uint32_t u = 0; u < mapping->units_count; u++) {
        if (duet_unit_agrees(rules, u, &pairs, arena))
            state->sent[state->sent_count++] = (struct duet_sent){ .target = target,
                                                                   .unit = u,
                                                                   .answered = true,
                                                                   .is_made = true,
                                                                   .was = pairs,
                                                                   .before = pairs,
                                                                   .sent_at = sent_at };
    }
    return state;
}
