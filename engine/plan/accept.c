#include "engine/plan/planning.h"
#include "engine/record/expr.h"

/* --- one rule of a side --------------------------------------------------------------------------------- */

struct own {
    const struct duet_rules *rules;
    enum duet_side side;
    const struct duet_value *values;
};

static struct duet_value read_own(void *data, const struct duet_t_expr *leaf)
{
    const struct own *own = data;
    return own->values[duet_field_number(own->rules->tables, own->side, leaf->field)];
}

static bool test_own(void *data, const struct duet_t_expr *expr)
{
    const struct own *own = data;
    if (expr->op == DUET_EXPR_CLOSED)
        return duet_record_closed(own->rules, own->side, own->values);
    return expr->op == DUET_EXPR_MERGED && duet_record_merged(own->rules, own->side, own->values);
}

static bool rule_applies(const struct duet_rules *rules, enum duet_side side,
                         const struct duet_t_rule *rule, const struct duet_value *values)
{
    struct own own = { .rules = rules, .side = side, .values = values };
    struct duet_leaves leaves = { .read = read_own, .test = test_own, .data = &own };
    return rule->when == DUET_NONE || duet_expr_holds(rules->tables, rule->when, &leaves);
}

static const char *field_name(const struct duet_tables *tables, uint32_t field)
{
    return duet_str(tables, duet_field_row(tables, field)->name);
}

static uint32_t choices_of(const struct duet_tables *tables, const struct duet_t_field *field)
{
    return duet_enum_row(tables, field->values)->values_count;
}

/* Whether any value is legal for the parent's; with none, "required" asks for nothing. */
static bool has_choice(const struct duet_tables *tables, const struct duet_t_field *field,
                       const struct duet_value *parent)
{
    if (parent->kind != DUET_VALUE_ENUM)
        return false;
    for (uint32_t choice = 0; choice < choices_of(tables, field); choice++) {
        if (duet_matrix_bit(tables, field->legal, choices_of(tables, field),
                            (uint32_t)parent->number, choice))
            return true;
    }
    return false;
}

static const char *why_needed(const struct duet_tables *tables, const struct duet_t_rule *rule)
{
    const struct duet_t_expr *when = duet_expr_row(tables, rule->when);
    if (!when)
        return "";
    return when->op == DUET_EXPR_CLOSED ? ": it is closed or about to be"
                                        : ": what else stands there asks for it";
}

static const char *refuses_missing(const struct duet_rules *rules, enum duet_side side,
                                   const struct duet_t_rule *rule, const struct duet_value *values,
                                   struct duet_arena *arena)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_field *field = duet_field_row(tables, rule->field);
    if (!duet_value_missing(&values[duet_field_number(tables, side, rule->field)]) ||
        !rule_applies(rules, side, rule, values))
        return NULL;
    if (field->depends != DUET_NONE) {
        const struct duet_value *parent = &values[duet_field_number(tables, side, field->depends)];
        if (!has_choice(tables, field, parent))
            return NULL;
        return duet_arena_format(
            arena, "%s needs a %s: %s is %s", duet_str(tables, duet_side_row(tables, side)->name),
            field_name(tables, rule->field), field_name(tables, field->depends),
            duet_value_show(tables, duet_field_row(tables, field->depends), parent, arena));
    }
    return duet_arena_format(arena, "%s needs a %s%s",
                             duet_str(tables, duet_side_row(tables, side)->name),
                             field_name(tables, rule->field), why_needed(tables, rule));
}

static const char *refuses_pair(const struct duet_rules *rules, enum duet_side side,
                                const struct duet_t_rule *rule, const struct duet_value *values,
                                struct duet_arena *arena)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_field *field = duet_field_row(tables, rule->field);
    const struct duet_value *child = &values[duet_field_number(tables, side, rule->field)];
    const struct duet_value *parent = &values[duet_field_number(tables, side, field->depends)];
    if (child->kind != DUET_VALUE_ENUM)
        return NULL;
    if (parent->kind == DUET_VALUE_ENUM &&
        duet_matrix_bit(tables, field->legal, choices_of(tables, field), (uint32_t)parent->number,
                        (uint32_t)child->number))
        return NULL;
    return duet_arena_format(
        arena, "%s refuses %s %s with %s %s", duet_str(tables, duet_side_row(tables, side)->name),
        field_name(tables, rule->field), duet_value_show(tables, field, child, arena),
        field_name(tables, field->depends),
        duet_value_show(tables, duet_field_row(tables, field->depends), parent, arena));
}

static const char *refuses_length(const struct duet_rules *rules, enum duet_side side,
                                  const struct duet_t_rule *rule, const struct duet_value *values,
                                  struct duet_arena *arena)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_field *field = duet_field_row(tables, rule->field);
    const struct duet_value *value = &values[duet_field_number(tables, side, rule->field)];
    if (value->kind != DUET_VALUE_TEXT || duet_text_units(value->text) <= field->max)
        return NULL;
    return duet_arena_format(arena, "%s takes at most %u characters of %s, this one has %u",
                             duet_str(tables, duet_side_row(tables, side)->name), field->max,
                             field_name(tables, rule->field), duet_text_units(value->text));
}

static const char *refuses_move(const struct duet_rules *rules, enum duet_side side,
                                const struct duet_t_rule *rule, const struct duet_value *before,
                                const struct duet_value *after, struct duet_arena *arena)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_field *field = duet_field_row(tables, rule->field);
    uint32_t number = duet_field_number(tables, side, rule->field);
    if (before[number].kind != DUET_VALUE_ENUM || after[number].kind != DUET_VALUE_ENUM ||
        before[number].number == after[number].number ||
        duet_matrix_bit(tables, field->moves, choices_of(tables, field),
                        (uint32_t)before[number].number, (uint32_t)after[number].number))
        return NULL;
    return duet_arena_format(arena, "%s can't go from %s to %s in %s",
                             field_name(tables, rule->field),
                             duet_value_show(tables, field, &before[number], arena),
                             duet_value_show(tables, field, &after[number], arena),
                             duet_str(tables, duet_side_row(tables, side)->name));
}

const char *duet_rule_refuses(const struct duet_rules *rules, enum duet_side side,
                              const struct duet_t_rule *rule, const struct duet_value *before,
                              const struct duet_value *after, struct duet_arena *arena)
{
    switch ((enum duet_rule_kind)rule->kind) {
    case DUET_RULE_REQUIRED:
        return refuses_missing(rules, side, rule, after, arena);
    case DUET_RULE_DEPENDENT:
        return refuses_pair(rules, side, rule, after, arena);
    case DUET_RULE_MAX:
        return refuses_length(rules, side, rule, after, arena);
    case DUET_RULE_MOVES:
        return refuses_move(rules, side, rule, before, after, arena);
    case DUET_RULES:
        break;
    }
    return NULL;
}

const struct duet_t_rule *duet_side_refusing(const struct duet_rules *rules, enum duet_side side,
                                             const struct duet_value *before,
                                             const struct duet_value *after, uint64_t changed,
                                             struct duet_arena *arena, const char **sentence_out)
{
    const struct duet_t_side *row = duet_side_row(rules->tables, side);
    for (uint32_t r = 0; r < row->rules_count; r++) {
        const struct duet_t_rule *rule = duet_rule_row(rules->tables, row->rules + r);
        *sentence_out = duet_mask(rule->reads_lo, rule->reads_hi) & changed
                            ? duet_rule_refuses(rules, side, rule, before, after, arena)
                            : NULL;
        if (*sentence_out)
            return rule;
    }
    *sentence_out = NULL;
    return NULL;
}

const char *duet_side_refuses(const struct duet_rules *rules, enum duet_side side,
                              const struct duet_value *before, const struct duet_value *after,
                              uint64_t changed, struct duet_arena *arena)
{
    const char *sentence = NULL;
    (void)duet_side_refusing(rules, side, before, after, changed, arena, &sentence);
    return sentence;
}

/* --- components ---------------------------------------------------------------------------------------------- */

static const struct duet_refusal *refused_before(const struct duet_planning *planning,
                                                 enum duet_side target, uint64_t units)
{
    for (size_t i = 0; i < planning->state->refusal_count; i++) {
        const struct duet_refusal *refusal = &planning->state->refusals[i];
        if (refusal->target != target || !(refusal->units & units))
            continue;
        bool same = true;
        for (uint32_t u = 0; u < planning->mapping->units_count; u++) {
            if (refusal->units & duet_bit(u))
                same = same &&
                       duet_unit_equal(planning->tables, u, DUET_LEFT, &refusal->seen,
                                       &planning->changes->now) &&
                       duet_unit_equal(planning->tables, u, DUET_RIGHT, &refusal->seen,
                                       &planning->changes->now);
        }
        if (same)
            return refusal;
    }
    return NULL;
}

static uint64_t written_fields(const struct duet_planning *planning, enum duet_side target,
                               uint64_t units)
{
    uint64_t fields = 0;
    for (uint32_t u = 0; u < planning->mapping->units_count; u++) {
        if (units & duet_bit(u))
            fields |=
                duet_unit_fields(planning->tables, u, target) & planning->changes->fields[target];
    }
    return fields;
}

static const char *first_broken(const struct duet_planning *planning, uint64_t units)
{
    for (uint32_t u = 0; u < planning->mapping->units_count; u++) {
        if ((units & duet_bit(u)) && planning->changes->moves[u].sentence)
            return planning->changes->moves[u].sentence;
    }
    return "a value has no counterpart";
}

static const char *component_refused(const struct duet_planning *planning, enum duet_side target,
                                     uint64_t written, uint64_t broken)
{
    if (broken)
        return first_broken(planning, broken);
    const struct duet_refusal *refusal = refused_before(planning, target, written);
    if (refusal)
        return refusal->sentence;
    return duet_side_refuses(planning->rules, target, planning->read[target],
                             planning->changes->after[target],
                             written_fields(planning, target, written), planning->arena);
}

/* Takes a unit's write to one side back; a field of it that another unit writes stays written. */
static void take_back(struct duet_planning *planning, enum duet_side target, uint32_t unit)
{
    struct duet_changeset *changes = planning->changes;
    const struct duet_t_side *side = duet_side_row(planning->tables, target);
    uint64_t fields = changes->sent[target] & duet_bit(unit)
                          ? duet_unit_fields(planning->tables, unit, target)
                          : 0;
    for (uint32_t i = 0; i < side->fields_count; i++) {
        if (fields & duet_bit(i))
            changes->after[target][i] = planning->read[target][i];
    }
    changes->fields[target] &= ~fields;
    changes->sent[target] &= ~duet_bit(unit);
}

static void hold(struct duet_planning *planning, enum duet_side target, uint64_t units,
                 const char *sentence)
{
    struct duet_changeset *changes = planning->changes;
    for (uint32_t u = 0; u < planning->mapping->units_count; u++) {
        if (!(units & duet_bit(u)))
            continue;
        take_back(planning, target, u);
        if (changes->cleared & duet_bit(u)) {
            take_back(planning, duet_other(target), u);
            changes->cleared &= ~duet_bit(u);
        }
        changes->moves[u].decision = DUET_HELD;
        changes->moves[u].sentence = sentence;
    }
}

/* What the target takes or refuses together with the lowest of these units. */
static uint64_t lowest_component(const struct duet_planning *planning, enum duet_side target,
                                 uint64_t units)
{
    uint32_t unit = 0;
    while (!(units & duet_bit(unit)))
        unit++;
    return duet_component_units(
        planning->tables, target,
        duet_unit_component(duet_planning_unit(planning->tables, unit), target));
}

static bool accept_side(struct duet_planning *planning, enum duet_side target)
{
    bool held = false;
    uint64_t left = planning->changes->sent[target] | planning->broken[target];
    while (left) {
        uint64_t units = lowest_component(planning, target, left);
        uint64_t written = units & planning->changes->sent[target];
        uint64_t broken = units & planning->broken[target];
        left &= ~units;
        const char *sentence = component_refused(planning, target, written, broken);
        if (!sentence)
            continue;
        hold(planning, target, written | broken, sentence);
        planning->broken[target] &= ~broken;
        held = true;
    }
    return held;
}

void duet_planning_accept(struct duet_planning *planning)
{
    bool held = true;
    while (held) {
        /* A `clear` that one side refuses is taken back on the other, which may free or bind that side's rules. */
        bool left = accept_side(planning, DUET_LEFT);
        bool right = accept_side(planning, DUET_RIGHT);
        held = left || right;
    }
}

void duet_planning_withhold(struct duet_planning *planning, uint64_t units)
{
    for (uint32_t u = 0; u < planning->mapping->units_count; u++) {
        if (!(units & duet_bit(u)))
            continue;
        take_back(planning, DUET_LEFT, u);
        take_back(planning, DUET_RIGHT, u);
        planning->changes->cleared &= ~duet_bit(u);
    }
}
