/* Units: conflict policies, which units a side's rules tie together, and the order in which the planner
 * decides them. */
#include <string.h>

#include "dsl/arena.h"
#include "dsl/check.h"
#include "dsl/names.h"

/* --- policies --------------------------------------------------------------------------------- */

static enum duet_choice choice_of(struct duet_checker *check, const struct duet_m_mapping *mapping,
                                  struct duet_ast_name side)
{
    if (duet_names_same(side.text, "newest") &&
        duet_names_side(mapping->side_names, side.text) < 0) {
        duet_diag_help(duet_checker_report(check, DUET_DIAG_CONFLICT_MISSING, side.at,
                                           "nothing says who wins when it can't be told which "
                                           "change is newer"),
                       "add a side: `conflict newest else %s`", mapping->side_names[DUET_RIGHT]);
        return DUET_CHOOSE_NONE;
    }
    int found = duet_names_need_side(check, mapping->side_names, side.text, side.at);
    return found < 0 ? DUET_CHOOSE_NONE : (enum duet_choice)found;
}

/* A step up on one side may never be a step down on the other. */
static bool is_monotone(const uint32_t *to, uint32_t count)
{
    uint32_t last = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (to[i] == DUET_NONE)
            continue;
        if (to[i] < last)
            return false;
        last = to[i];
    }
    return true;
}

static void check_order(struct duet_checker *check, const struct duet_m_unit *unit,
                        struct duet_span at)
{
    const struct duet_m_pair *pair = &unit->pairs[0];
    if (unit->group || (pair->usable && pair->relation != DUET_RELATION_ENUM)) {
        duet_checker_report(check, DUET_DIAG_CONFLICT_ORDER, at,
                            "highest and lowest are for an ordered enum, and '%s' is %s",
                            unit->name, unit->group ? "a group" : "none");
        return;
    }
    if (!pair->usable || !pair->map)
        return;
    for (int side = 0; side < 2; side++) {
        const struct duet_m_field *field = pair->fields[side];
        if (field->values.ordered)
            continue;
        struct duet_diag *diag = duet_checker_report(
            check, DUET_DIAG_CONFLICT_ORDER, at, "the values of '%s' have no order", field->name);
        duet_diag_note(diag, field->ast->type->at, "its type stands here");
        duet_diag_help(diag, "write `ordered enum (...)`, from low to high, if they have one");
        return;
    }
    if (is_monotone(pair->map->to_right, pair->fields[DUET_LEFT]->values.count) &&
        is_monotone(pair->map->to_left, pair->fields[DUET_RIGHT]->values.count))
        return;
    duet_checker_report(check, DUET_DIAG_CONFLICT_ORDER, at,
                        "the arms of '%s' turn the order round, so that highest and lowest differ "
                        "from side to side",
                        unit->name);
}

static void take_policy(struct duet_checker *check, const struct duet_m_mapping *mapping,
                        struct duet_m_unit *unit, const struct duet_ast_rule_attributes *attributes)
{
    unit->policy_side = DUET_CHOOSE_NONE;
    switch (attributes->conflict) {
    case DUET_AST_CONFLICT_UNSAID:
        unit->policy = DUET_POLICY_NONE;
        return;
    case DUET_AST_CONFLICT_SIDE:
        unit->policy = DUET_POLICY_SIDE;
        unit->policy_side = choice_of(check, mapping, attributes->conflict_side);
        return;
    case DUET_AST_CONFLICT_NEWEST:
        unit->policy = DUET_POLICY_NEWEST;
        unit->policy_side = choice_of(check, mapping, attributes->conflict_side);
        return;
    case DUET_AST_CONFLICT_HOLD:
        unit->policy = DUET_POLICY_HOLD;
        return;
    case DUET_AST_CONFLICT_HIGHEST:
    case DUET_AST_CONFLICT_LOWEST:
        unit->policy = attributes->conflict == DUET_AST_CONFLICT_HIGHEST ? DUET_POLICY_HIGHEST
                                                                         : DUET_POLICY_LOWEST;
        check_order(check, unit, attributes->conflict_at);
        return;
    }
}

void duet_checker_policy(struct duet_checker *check, const struct duet_m_mapping *mapping,
                         struct duet_m_unit *unit,
                         const struct duet_ast_rule_attributes *attributes)
{
    take_policy(check, mapping, unit, attributes);
    if (unit->direction == DUET_BOTH_WAYS && !unit->one_way_meant &&
        attributes->conflict == DUET_AST_CONFLICT_UNSAID) {
        struct duet_diag *diag =
            duet_checker_report(check, DUET_DIAG_CONFLICT_MISSING, unit->at,
                                "nothing says who wins when both sides change '%s'", unit->name);
        duet_diag_help(diag,
                       "add `conflict %s`, `conflict %s`, `conflict newest else %s` or "
                       "`conflict hold`",
                       mapping->side_names[0], mapping->side_names[1], mapping->side_names[1]);
    }
    if (unit->direction != DUET_BOTH_WAYS && attributes->conflict != DUET_AST_CONFLICT_UNSAID)
        duet_diag_help(duet_checker_report(check, DUET_DIAG_BAD_ATTRIBUTE, attributes->conflict_at,
                                           "'%s' goes one way, so that there is no conflict",
                                           unit->name),
                       "leave it out");
}

/* --- what ties units together ----------------------------------------------------------------- */

uint64_t duet_checker_rule_reads(const struct duet_m_record *record,
                                 const struct duet_m_field *field)
{
    uint64_t reads = 0;
    if (field->required_when)
        reads |= duet_checker_reads(record, field->required_when);
    if (field->parent && field->legal)
        reads |= duet_bit(field->parent->number);
    return reads ? reads | duet_bit(field->number) : 0;
}

/* Bits of the fields of a side that a unit writes. */
static uint64_t written_fields(const struct duet_m_unit *unit, enum duet_side side)
{
    uint64_t fields = 0;
    for (uint32_t i = 0; i < unit->pair_count; i++) {
        const struct duet_m_pair *pair = &unit->pairs[i];
        if (pair->fields[side] && duet_m_goes_to(pair->direction, side))
            fields |= duet_bit(pair->fields[side]->number);
    }
    return fields;
}

static uint64_t all_fields(const struct duet_m_unit *unit, enum duet_side side)
{
    uint64_t fields = 0;
    for (uint32_t i = 0; i < unit->pair_count; i++) {
        if (unit->pairs[i].fields[side])
            fields |= duet_bit(unit->pairs[i].fields[side]->number);
    }
    return fields;
}

/* Gives both units' components the lower number of the two. */
static void tie(struct duet_m_mapping *mapping, enum duet_side side, uint32_t a, uint32_t b)
{
    uint32_t low = mapping->units[a].component[side];
    uint32_t high = mapping->units[b].component[side];
    if (low > high) {
        uint32_t swap = low;
        low = high;
        high = swap;
    }
    for (uint32_t i = 0; i < mapping->unit_count; i++) {
        if (mapping->units[i].component[side] == high)
            mapping->units[i].component[side] = low;
    }
}

static void find_components(struct duet_m_mapping *mapping, enum duet_side side)
{
    const struct duet_m_record *record = mapping->records[side];
    for (uint32_t i = 0; i < mapping->unit_count; i++)
        mapping->units[i].component[side] = i;
    for (uint32_t f = 0; record && f < record->count; f++) {
        uint64_t reads = duet_checker_rule_reads(record, &record->fields[f]);
        uint32_t first = DUET_NONE;
        for (uint32_t i = 0; i < mapping->unit_count; i++) {
            if (!(reads & written_fields(&mapping->units[i], side)))
                continue;
            if (first == DUET_NONE)
                first = i;
            else
                tie(mapping, side, first, i);
        }
    }
}

/* --- the planner's order ---------------------------------------------------------------------- */

static bool reads_unit(const struct duet_m_mapping *mapping, const struct duet_m_unit *unit)
{
    for (int side = 0; side < 2; side++) {
        const struct duet_m_record *record = mapping->records[side];
        if (!record)
            continue;
        uint64_t reads = 0;
        if (record->closed)
            reads |= duet_checker_reads(record, record->closed->when);
        if (record->merged)
            reads |= duet_checker_reads(record, record->merged->when);
        if (reads & all_fields(unit, (enum duet_side)side))
            return true;
    }
    return false;
}

static bool shares_component(const struct duet_m_mapping *mapping, const struct duet_m_unit *unit)
{
    for (uint32_t i = 0; i < mapping->unit_count; i++) {
        const struct duet_m_unit *other = &mapping->units[i];
        if (other->rank == 0 && (other->component[0] == unit->component[0] ||
                                 other->component[1] == unit->component[1]))
            return true;
    }
    return false;
}

static void rank_units(struct duet_m_mapping *mapping)
{
    bool merges = false;
    for (int side = 0; side < 2; side++)
        merges = merges || (mapping->records[side] && mapping->records[side]->merged);
    for (uint32_t i = 0; i < mapping->unit_count; i++)
        mapping->units[i].rank = reads_unit(mapping, &mapping->units[i]) ? 0 : 2;
    for (uint32_t i = 0; i < mapping->unit_count; i++) {
        struct duet_m_unit *unit = &mapping->units[i];
        if (unit->rank != 0 && shares_component(mapping, unit))
            unit->rank = 1;
        unit->frozen = merges && unit->rank < 2;
    }
}

/* Numbers from 0 without gaps, in the units' order. */
static void number_components(struct duet_m_mapping *mapping, enum duet_side side)
{
    uint32_t numbers[DUET_MAX_FIELDS];
    uint32_t count = 0;
    memset(numbers, 0xff, sizeof numbers);
    for (uint32_t i = 0; i < mapping->unit_count; i++) {
        uint32_t *component = &mapping->units[i].component[side];
        if (numbers[*component] == DUET_NONE)
            numbers[*component] = count++;
        *component = numbers[*component];
    }
}

void duet_checker_order_units(struct duet_checker *check, struct duet_m_mapping *mapping)
{
    find_components(mapping, DUET_LEFT);
    find_components(mapping, DUET_RIGHT);
    rank_units(mapping);

    struct duet_m_unit *ordered =
        duet_arena_alloc_array(check->arena, mapping->unit_count + 1, sizeof *ordered);
    uint32_t count = 0;
    for (unsigned rank = 0; rank <= 2; rank++) {
        for (uint32_t i = 0; i < mapping->unit_count; i++) {
            if (mapping->units[i].rank == rank)
                ordered[count++] = mapping->units[i];
        }
    }
    mapping->units = ordered;
    for (uint32_t i = 0; i < count; i++)
        mapping->units[i].number = i;
    number_components(mapping, DUET_LEFT);
    number_components(mapping, DUET_RIGHT);
}
