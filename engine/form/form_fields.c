#include "engine/form/making.h"

/* --- pairs ---------------------------------------------------------------------------------------------- */

bool duet_form_sends(const struct duet_form_making *making, const struct duet_t_pair *pair)
{
    return pair->direction == DUET_BOTH_WAYS ||
           (pair->direction == DUET_TO_RIGHT) == (making->side == DUET_LEFT);
}

const struct duet_t_pair *duet_form_sender(const struct duet_form_making *making, uint32_t other)
{
    const struct duet_t_mapping *mapping = duet_mapping(making->tables);
    enum duet_side target = duet_other(making->side);
    for (uint32_t p = 0; p < mapping->pairs_count; p++) {
        const struct duet_t_pair *pair = duet_pair_row(making->tables, mapping->pairs + p);
        if (duet_form_sends(making, pair) &&
            duet_form_number(making, target, duet_pair_field(pair, target)) == other)
            return pair;
    }
    return NULL;
}

/* The number of the side's field that is sent to the other's `field`; DUET_NONE: none. */
static uint32_t source_of(const struct duet_form_making *making, uint32_t field)
{
    const struct duet_t_pair *pair =
        duet_form_sender(making, duet_form_number(making, duet_other(making->side), field));
    return pair ? duet_form_number(making, making->side, duet_pair_field(pair, making->side))
                : DUET_NONE;
}

/* --- which fields are shown ------------------------------------------------------------------------------- */

static uint64_t bit_or_none(uint32_t number)
{
    return number == DUET_NONE ? 0 : duet_bit(number);
}

/* The fields that belong in a form because of one pair: its own, with what it or its counterpart depends on. */
static uint64_t wanted_by(const struct duet_form_making *making, const struct duet_t_pair *pair)
{
    uint32_t field = duet_pair_field(pair, making->side);
    const struct duet_t_field *own = duet_field_row(making->tables, field);
    const struct duet_t_field *other =
        duet_field_row(making->tables, duet_pair_field(pair, duet_other(making->side)));
    uint64_t self = duet_bit(duet_form_number(making, making->side, field));
    uint64_t wanted = own->section != DUET_NONE || (making->shown & self) ? self : 0;
    if (own->depends != DUET_NONE)
        wanted |= self | duet_bit(duet_form_number(making, making->side, own->depends));
    if (other->depends != DUET_NONE && duet_form_sends(making, pair))
        wanted |= self | bit_or_none(source_of(making, other->depends));
    return wanted;
}

/* All of a group, once one of it is shown. */
static uint64_t wanted_by_unit(const struct duet_form_making *making,
                               const struct duet_t_unit *unit)
{
    uint64_t wanted = 0;
    uint64_t all = 0;
    for (uint32_t p = 0; p < unit->pairs_count; p++) {
        const struct duet_t_pair *pair = duet_pair_row(making->tables, unit->pairs + p);
        all |=
            duet_bit(duet_form_number(making, making->side, duet_pair_field(pair, making->side)));
        wanted |= wanted_by(making, pair);
    }
    return (wanted & all) ? wanted | all : wanted;
}

static uint64_t read_only_fields(const struct duet_form_making *making)
{
    uint64_t fields = 0;
    for (uint32_t f = 0; f < duet_side_row(making->tables, making->side)->fields_count; f++) {
        if (duet_form_row(making, making->side, f)->flags & DUET_FIELD_READ_ONLY)
            fields |= duet_bit(f);
    }
    return fields;
}

static void find_shown(struct duet_form_making *making)
{
    const struct duet_t_mapping *mapping = duet_mapping(making->tables);
    uint64_t fixed = read_only_fields(making);
    uint64_t before;
    do {
        before = making->shown;
        for (uint32_t u = 0; u < mapping->units_count; u++)
            making->shown |=
                wanted_by_unit(making, duet_unit_row(making->tables, mapping->units + u)) & ~fixed;
    } while (making->shown != before);
}

/* --- what conditions read ------------------------------------------------------------------------------------ */

bool duet_form_is_judged(const struct duet_form_making *making, enum duet_side side,
                         const struct duet_t_rule *rule)
{
    if (rule->kind != DUET_RULE_REQUIRED && rule->kind != DUET_RULE_DEPENDENT)
        return false;
    uint32_t number = side == making->side ? duet_form_number(making, side, rule->field)
                                           : source_of(making, rule->field);
    return number != DUET_NONE && ((making->shown | making->state) & duet_bit(number));
}

/* Whether a condition compares nothing but choices. The loader bounds the depth. */
static bool is_of_choices(const struct duet_form_making *making, uint32_t expr)
{
    const struct duet_t_expr *row = duet_expr_row(making->tables, expr);
    if (!row)
        return true;
    switch (duet_operation(row->op)->shape) {
    case DUET_SHAPE_ASK:
        return true;
    case DUET_SHAPE_FIELD:
        return duet_form_is_listed(duet_field_row(making->tables, row->field));
    case DUET_SHAPE_PREDICATE: {
        const struct duet_t_side *side = duet_side_row(making->tables, row->side);
        return is_of_choices(making, row->op == DUET_EXPR_CLOSED ? side->closed : side->merged);
    }
    case DUET_SHAPE_PATH:
    case DUET_SHAPE_CHANGE:
    case DUET_SHAPE_WAS:
        return false;
    case DUET_SHAPE_JOIN:
    case DUET_SHAPE_NEGATE:
    case DUET_SHAPE_COMPARE:
    case DUET_SHAPE_LIST:
    case DUET_SHAPE_CONSTANT:
        break;
    }
    return is_of_choices(making, row->left) && is_of_choices(making, row->right);
}

bool duet_form_is_decided(const struct duet_form_making *making, const struct duet_t_rule *rule)
{
    return is_of_choices(making, rule->when);
}

/* The side's own fields that a rule reads, on either side. */
static uint64_t read_by(const struct duet_form_making *making, enum duet_side side,
                        const struct duet_t_rule *rule)
{
    uint64_t reads = duet_mask(rule->reads_lo, rule->reads_hi);
    if (side == making->side)
        return reads;
    uint64_t sources = 0;
    const struct duet_t_side *row = duet_side_row(making->tables, side);
    for (uint32_t f = 0; f < row->fields_count; f++) {
        if (reads & duet_bit(f))
            sources |= bit_or_none(source_of(making, row->fields + f));
    }
    return sources;
}

/* What the rules read that are about these fields: those of both sides that choices decide. */
static uint64_t read_by_rules(const struct duet_form_making *making, uint64_t about)
{
    uint64_t reads = 0;
    for (uint32_t s = 0; s < 2; s++) {
        const struct duet_t_side *row = duet_side_row(making->tables, s);
        for (uint32_t r = 0; r < row->rules_count; r++) {
            const struct duet_t_rule *rule = duet_rule_row(making->tables, row->rules + r);
            enum duet_side side = (enum duet_side)s;
            uint32_t subject = side == making->side ? duet_form_number(making, side, rule->field)
                                                    : source_of(making, rule->field);
            if (duet_form_is_judged(making, side, rule) && (about & duet_bit(subject)) &&
                duet_form_is_decided(making, rule))
                reads |= read_by(making, side, rule);
        }
    }
    return reads;
}

static void find_state(struct duet_form_making *making)
{
    uint64_t before;
    do {
        before = making->state;
        making->state |= read_by_rules(making, making->shown | making->state) & ~making->shown;
    } while (making->state != before);
}

/* --- order -------------------------------------------------------------------------------------------------------- */

static void add_field(struct duet_form_making *making, uint32_t number)
{
    const struct duet_t_field *row = duet_form_row(making, making->side, number);
    uint32_t count = duet_form_choices(making->tables, row);
    bool *offered = duet_arena_alloc_array(making->arena, count, sizeof *offered);
    for (uint32_t c = 0; c < count; c++)
        offered[c] = true;
    making->at[number] = making->field_count;
    making->fields[making->field_count++] = (struct duet_form_field){
        .field = duet_side_row(making->tables, making->side)->fields + number,
        .name = duet_str(making->tables, row->name),
        .is_state = (making->state & duet_bit(number)) != 0,
        .is_listed = duet_form_is_listed(row),
        .choice_count = count,
        .offered = offered,
        .max = DUET_NONE,
    };
}

/* In the record's order, but each behind what it depends on; what depends on itself in a circle keeps its place. */
static void add_fields(struct duet_form_making *making, uint64_t fields)
{
    uint32_t count = duet_side_row(making->tables, making->side)->fields_count;
    uint64_t left = fields;
    while (left) {
        uint32_t next = DUET_NONE;
        for (uint32_t f = count; f-- > 0;) {
            if ((left & duet_bit(f)) && !(read_by_rules(making, duet_bit(f)) & left & ~duet_bit(f)))
                next = f;
        }
        for (uint32_t f = 0; f < count && next == DUET_NONE; f++)
            next = (left & duet_bit(f)) ? f : DUET_NONE;
        add_field(making, next);
        left &= ~duet_bit(next);
    }
}

void duet_form_take_fields(struct duet_form_making *making)
{
    find_shown(making);
    find_state(making);
    making->fields = duet_arena_alloc_array(making->arena, DUET_MAX_FIELDS, sizeof *making->fields);
    for (uint32_t f = 0; f < DUET_MAX_FIELDS; f++)
        making->at[f] = DUET_NONE;
    add_fields(making, making->state);
    add_fields(making, making->shown);
}
