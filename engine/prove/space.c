#include "engine/prove/space_making.h"

uint64_t duet_making_fields(const struct duet_making *making, uint64_t units, enum duet_side side)
{
    uint64_t fields = 0;
    for (uint32_t u = 0; u < making->mapping->units_count; u++) {
        const struct duet_t_unit *row = duet_making_unit(making, u);
        for (uint32_t p = row->pairs; (units & duet_bit(u)) && p < row->pairs + row->pairs_count;
             p++)
            fields |= duet_bit(duet_making_number(making, p, side));
    }
    return fields;
}

/* --- which fields ------------------------------------------------------------------------------------------- */

/* The loader bounds the depth. */
static void note_named(struct duet_making *making, uint32_t index)
{
    const struct duet_t_expr *expr = duet_expr_row(making->tables, index);
    if (!expr)
        return;
    note_named(making, expr->left);
    note_named(making, expr->right);
    if (expr->op == DUET_EXPR_FIELD)
        making->named[expr->side] |=
            duet_bit(duet_field_number(making->tables, (enum duet_side)expr->side, expr->field));
}

/* What a side's own rules about mapped fields read tells records apart, too. */
static void note_ruled(struct duet_making *making, enum duet_side side)
{
    const struct duet_t_side *row = duet_side_row(making->tables, side);
    for (uint32_t r = row->rules; r < row->rules + row->rules_count; r++) {
        const struct duet_t_rule *rule = duet_rule_row(making->tables, r);
        uint64_t reads = duet_mask(rule->reads_lo, rule->reads_hi);
        if (reads & making->mapped[side])
            making->ruled[side] |= reads;
    }
}

static void choose_fields(struct duet_making *making)
{
    for (uint32_t t = 0; t < making->mapping->triggers_count; t++)
        note_named(making, duet_trigger_row(making->tables, making->mapping->triggers + t)->when);
    const struct duet_component *component = &making->space->component;
    uint64_t all[2];
    for (uint32_t s = 0; s < 2; s++) {
        enum duet_side side = (enum duet_side)s;
        making->dims[s] =
            duet_making_fields(making, duet_making_units(making->space), side) | component->read[s];
        making->mapped[s] = duet_making_fields(making, UINT64_MAX, side);
        all[s] = making->dims[s] | making->mapped[s];
        note_ruled(making, side);
    }
    making->domains = duet_domains_of(making->space->rules, all, making->arena);
    for (uint32_t s = 0; s < 2; s++)
        making->space->domains[s] = making->domains.side[s];
    making->space->refused = making->domains.too_many;
}

/* --- what stands still -------------------------------------------------------------------------------------- */

static void still_pair(struct duet_making *making, uint32_t pair)
{
    const struct duet_t_pair *row = duet_pair_row(making->tables, pair);
    const struct duet_domain *left =
        &making->domains.side[DUET_LEFT][duet_making_number(making, pair, DUET_LEFT)];
    const struct duet_domain *right =
        &making->domains.side[DUET_RIGHT][duet_making_number(making, pair, DUET_RIGHT)];
    uint32_t at = pair - making->mapping->pairs;
    for (uint32_t l = 0; l < left->count; l++) {
        for (uint32_t r = 0; r < right->count; r++) {
            if (!duet_pair_agree(making->space->rules, row, &left->values[l], &right->values[r],
                                 making->arena))
                continue;
            making->still.side[DUET_LEFT][at] = left->values[l];
            making->still.side[DUET_RIGHT][at] = right->values[r];
            return;
        }
    }
}

static void stand_still(struct duet_making *making)
{
    making->still = duet_state_new(making->space->rules, making->arena)->base;
    for (uint32_t s = 0; s < 2; s++) {
        uint32_t count = duet_side_row(making->tables, (enum duet_side)s)->fields_count;
        making->neutral[s] =
            duet_arena_alloc_array(making->arena, count + 1U, sizeof *making->neutral[s]);
    }
    for (uint32_t p = 0; p < making->mapping->pairs_count; p++) {
        still_pair(making, making->mapping->pairs + p);
        for (uint32_t s = 0; s < 2; s++)
            making->neutral[s][duet_making_number(making, making->mapping->pairs + p,
                                                  (enum duet_side)s)] = making->still.side[s][p];
    }
}

/* Of one combination of values that the side's rules are asked about, in counted work. */
#define DIGIT_WORK 8U

/* --- the whole ---------------------------------------------------------------------------------------------- */

static void count_triples(struct duet_making *making)
{
    struct duet_space *space = making->space;
    uint64_t count =
        (uint64_t)space->side[DUET_LEFT].record_count * space->side[DUET_RIGHT].record_count;
    if (count <= DUET_SPACE_MAX)
        count *= space->base_count;
    if (count > DUET_SPACE_MAX)
        space->refused =
            duet_str(making->tables,
                     duet_making_unit(making, space->units[space->unit_count - 1].unit)->name);
    space->triple_count = (uint32_t)count;
}

struct duet_space *duet_space_new(const struct duet_rules *rules,
                                  const struct duet_component *component, struct duet_arena *arena)
{
    struct duet_making making = { .space = duet_arena_alloc(arena, sizeof *making.space),
                                  .tables = rules->tables,
                                  .mapping = duet_mapping(rules->tables),
                                  .arena = arena,
                                  .scratch = duet_arena_new() };
    making.space->rules = rules;
    making.space->component = *component;
    choose_fields(&making);
    stand_still(&making);
    for (uint32_t side = 0; side < 2 && !making.space->refused; side++) {
        duet_making_dims(&making, (enum duet_side)side);
        making.space->work += DIGIT_WORK * (uint64_t)making.space->side[side].at_count;
    }
    if (!making.space->refused)
        duet_making_model(&making);
    for (uint32_t side = 0; side < 2 && !making.space->refused; side++)
        duet_making_records(&making, (enum duet_side)side);
    if (!making.space->refused)
        duet_making_bases(&making);
    if (!making.space->refused)
        count_triples(&making);
    if (!making.space->refused)
        duet_making_symmetry(&making);
    if (!making.space->refused)
        duet_making_variants(&making);
    if (!making.space->refused)
        duet_making_beside(&making);
    duet_arena_free(making.scratch);
    return making.space;
}

/* --- finding things in it ------------------------------------------------------------------------------------- */

uint32_t duet_space_record(const struct duet_space *space, enum duet_side side,
                           const struct duet_value *values)
{
    const struct duet_space_side *own = &space->side[side];
    uint32_t digits = 0;
    for (uint32_t d = 0; d < own->dim_count; d++) {
        uint32_t digit = duet_domain_find(&own->dims[d].domain, &values[own->dims[d].field]);
        if (digit == DUET_NONE)
            return DUET_NONE;
        digits += digit * own->dims[d].stride;
    }
    return own->at[digits];
}

uint32_t duet_space_base_at(const struct duet_space_unit *unit, uint32_t code)
{
    uint32_t low = 1;
    uint32_t high = unit->base_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (unit->codes[middle] < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low < unit->base_count && unit->codes[low] == code ? low : DUET_NONE;
}

/* The code of a unit's values; false: one is in no domain. */
static bool code_of(const struct duet_space *space, uint32_t unit, const struct duet_pairs *values,
                    uint32_t *code_out)
{
    const struct duet_tables *tables = space->rules->tables;
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    const struct duet_t_unit *row = duet_unit_row(tables, mapping->units + unit);
    uint32_t stride = 1;
    *code_out = 0;
    for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
        for (uint32_t s = 0; s < 2; s++) {
            enum duet_side side = (enum duet_side)s;
            uint32_t number =
                duet_field_number(tables, side, duet_pair_field(duet_pair_row(tables, p), side));
            const struct duet_domain *domain = &space->domains[s][number];
            uint32_t digit = duet_domain_find(domain, &values->side[s][p - mapping->pairs]);
            if (digit == DUET_NONE)
                return false;
            *code_out += digit * stride;
            stride *= domain->count;
        }
    }
    return true;
}

static uint32_t unit_base(const struct duet_space *space, const struct duet_space_unit *unit,
                          const struct duet_state *state)
{
    uint32_t code = 0;
    if (!(state->known & duet_bit(unit->unit)))
        return 0;
    return code_of(space, unit->unit, &state->base, &code) ? duet_space_base_at(unit, code)
                                                           : DUET_NONE;
}

uint32_t duet_space_base(const struct duet_space *space, const struct duet_state *state)
{
    uint32_t base = 0;
    for (uint32_t i = 0; i < space->unit_count; i++) {
        uint32_t own = unit_base(space, &space->units[i], state);
        if (own == DUET_NONE)
            return DUET_NONE;
        base += own * space->units[i].stride;
    }
    return base;
}
