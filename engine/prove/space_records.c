#include "engine/prove/space_making.h"

#include <string.h>

/* False: too many digits. */
static bool add_dim(struct duet_making *making, enum duet_side side, uint32_t field,
                    uint64_t *stride)
{
    struct duet_space_side *own = &making->space->side[side];
    const struct duet_component *component = &making->space->component;
    uint64_t core = duet_making_fields(making, component->core, side) | component->read[side];
    bool is_small = !(core & duet_bit(field));
    making->small[side] |= is_small ? duet_bit(field) : 0;
    own->dims[own->dim_count++] =
        (struct duet_space_dim){ .field = field,
                                 .domain = making->domains.side[side][field],
                                 .is_kept_small = is_small,
                                 .is_mapped = (making->mapped[side] & duet_bit(field)) != 0,
                                 .stride = (uint32_t)*stride };
    *stride *= making->domains.side[side][field].count;
    if (*stride <= DUET_SPACE_MAX_DIGITS)
        return true;
    making->space->refused = duet_str(
        making->tables,
        duet_field_row(making->tables, duet_side_row(making->tables, side)->fields + field)->name);
    return false;
}

/* Those that are mapped first: the others' digits stand behind. */
void duet_making_dims(struct duet_making *making, enum duet_side side)
{
    struct duet_space_side *own = &making->space->side[side];
    uint32_t count = duet_side_row(making->tables, side)->fields_count;
    const uint64_t passes[2] = { making->mapped[side], ~making->mapped[side] };
    uint64_t stride = 1;
    own->dims = duet_arena_alloc_array(making->arena, count + 1U, sizeof *own->dims);
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t f = 0; f < count; f++) {
            if ((making->dims[side] & passes[pass] & duet_bit(f)) &&
                !add_dim(making, side, f, &stride))
                return;
        }
    }
    own->at_count = (uint32_t)stride;
}

static void fill(const struct duet_making *making, enum duet_side side, uint32_t digits,
                 struct duet_value *values)
{
    const struct duet_space_side *own = &making->space->side[side];
    for (uint32_t d = 0; d < own->dim_count; d++) {
        const struct duet_space_dim *dim = &own->dims[d];
        values[dim->field] = dim->domain.values[digits / dim->stride % dim->domain.count];
    }
}

/* Of the rules that read a field of the space those that refuse the values, as bits; with more than 32 rules some share one. */
static uint32_t refused_by(const struct duet_making *making, enum duet_side side,
                           const struct duet_value *values)
{
    const struct duet_t_side *row = duet_side_row(making->tables, side);
    uint32_t rules = 0;
    for (uint32_t r = 0; r < row->rules_count; r++) {
        const struct duet_t_rule *rule = duet_rule_row(making->tables, row->rules + r);
        if ((duet_mask(rule->reads_lo, rule->reads_hi) & making->dims[side]) &&
            duet_rule_refuses(making->space->rules, side, rule, values, values, making->scratch))
            rules |= UINT32_C(1) << (r % 32U);
    }
    return rules;
}

static bool is_legal(const struct duet_making *making, enum duet_side side,
                     const struct duet_value *values)
{
    return refused_by(making, side, values) == 0;
}

/* How many of the fields kept small have a value; the more, the better a model. */
static uint32_t small_values(const struct duet_space_side *own, const struct duet_value *values)
{
    uint32_t count = 0;
    for (uint32_t d = 0; d < own->dim_count; d++)
        count += own->dims[d].is_kept_small && duet_value_known(&values[own->dims[d].field]) &&
                 !duet_value_missing(&values[own->dims[d].field]);
    return count;
}

/* The right side's values for a left record's fields that are kept small. */
static bool convert_small(const struct duet_making *making, const struct duet_value *left,
                          struct duet_value *right)
{
    for (uint32_t p = 0; p < making->mapping->pairs_count; p++) {
        uint32_t pair = making->mapping->pairs + p;
        uint32_t from = duet_making_number(making, pair, DUET_LEFT);
        uint32_t to = duet_making_number(making, pair, DUET_RIGHT);
        if (!(making->dims[DUET_LEFT] & duet_bit(from)))
            continue;
        if (duet_pair_convert(making->space->rules, duet_pair_row(making->tables, pair), DUET_LEFT,
                              &left[from], making->arena, &right[to]) != DUET_CONVERTED)
            return false;
    }
    return true;
}

static struct duet_value *kept(struct duet_making *making, const struct duet_value *values,
                               uint32_t count)
{
    struct duet_value *copy = duet_arena_alloc_array(making->arena, count, sizeof *copy);
    memcpy(copy, values, count * sizeof *copy);
    return copy;
}

void duet_making_model(struct duet_making *making)
{
    const struct duet_space_side *own = &making->space->side[DUET_LEFT];
    uint32_t fields[2];
    uint32_t best = 0;
    bool is_found = false;
    for (uint32_t s = 0; s < 2; s++) {
        fields[s] = duet_side_row(making->tables, (enum duet_side)s)->fields_count + 1U;
        making->model[s] = making->neutral[s];
    }
    if (!making->space->component.beside)
        return;
    for (uint32_t digits = 0; digits < own->at_count; digits++) {
        duet_arena_clear(making->scratch);
        struct duet_value *left =
            duet_arena_alloc_array(making->scratch, fields[DUET_LEFT], sizeof *left);
        struct duet_value *right =
            duet_arena_alloc_array(making->scratch, fields[DUET_RIGHT], sizeof *right);
        memcpy(left, making->neutral[DUET_LEFT], fields[DUET_LEFT] * sizeof *left);
        memcpy(right, making->neutral[DUET_RIGHT], fields[DUET_RIGHT] * sizeof *right);
        fill(making, DUET_LEFT, digits, left);
        if ((is_found && small_values(own, left) <= best) || !is_legal(making, DUET_LEFT, left) ||
            !convert_small(making, left, right) || !is_legal(making, DUET_RIGHT, right))
            continue;
        best = small_values(own, left);
        is_found = true;
        making->model[DUET_LEFT] = kept(making, left, fields[DUET_LEFT]);
        making->model[DUET_RIGHT] = kept(making, right, fields[DUET_RIGHT]);
    }
}

/* The fields kept small: all missing, or all as in the model. */
static bool is_small(const struct duet_making *making, enum duet_side side,
                     const struct duet_value *values)
{
    const struct duet_space_side *own = &making->space->side[side];
    bool is_missing = true;
    bool is_model = true;
    for (uint32_t d = 0; d < own->dim_count; d++) {
        if (!own->dims[d].is_kept_small)
            continue;
        const struct duet_value *value = &values[own->dims[d].field];
        is_missing = is_missing && duet_value_missing(value);
        is_model = is_model && duet_value_equal(value, &making->model[side][own->dims[d].field]);
    }
    return is_missing || is_model;
}

/* Digits of the fields that aren't mapped stand behind the others. */
static uint32_t mapped_digits(const struct duet_space_side *own)
{
    uint32_t stride = own->at_count;
    for (uint32_t d = own->dim_count; d-- > 0 && !own->dims[d].is_mapped;)
        stride = own->dims[d].stride;
    return stride;
}

static bool is_told_apart(const struct duet_making *making, enum duet_side side)
{
    const struct duet_space_side *own = &making->space->side[side];
    for (uint32_t d = 0; d < own->dim_count; d++) {
        uint64_t field = duet_bit(own->dims[d].field);
        if (!own->dims[d].is_mapped && ((making->named[side] | making->ruled[side]) & field))
            return true;
    }
    return false;
}

/* By mapped digits, closed and merged: the first record so; NULL when every record counts by itself. */
static uint32_t *new_alike(struct duet_making *making, enum duet_side side)
{
    const struct duet_space_side *own = &making->space->side[side];
    uint32_t stride = mapped_digits(own);
    if (stride == own->at_count || is_told_apart(making, side))
        return NULL;
    uint32_t *alike = duet_arena_alloc_array(making->arena, 4U * stride, sizeof *alike);
    for (uint32_t i = 0; i < 4U * stride; i++)
        alike[i] = DUET_NONE;
    return alike;
}

static uint32_t *alike_at(const struct duet_making *making, enum duet_side side, uint32_t *alike,
                          uint32_t digits, const struct duet_value *values)
{
    const struct duet_rules *rules = making->space->rules;
    uint32_t state = (duet_record_closed(rules, side, values) ? 1U : 0U) +
                     (duet_record_merged(rules, side, values) ? 2U : 0U);
    return &alike[4U * (digits % mapped_digits(&making->space->side[side])) + state];
}

/* False: there are too many of them. */
static bool add_record(struct duet_making *making, enum duet_side side,
                       const struct duet_value *values, uint32_t fields, uint32_t digits,
                       uint32_t *room)
{
    struct duet_space_side *own = &making->space->side[side];
    if (own->record_count == DUET_SPACE_MAX_RECORDS) {
        const struct duet_space_dim *last = &own->dims[own->dim_count - 1];
        making->space->refused =
            duet_str(making->tables,
                     duet_field_row(making->tables,
                                    duet_side_row(making->tables, side)->fields + last->field)
                         ->name);
        return false;
    }
    if (own->record_count == *room) {
        struct duet_record *more = duet_arena_alloc_array(making->arena, 2U * *room, sizeof *more);
        uint32_t *digits_too =
            duet_arena_alloc_array(making->arena, 2U * *room, sizeof *digits_too);
        memcpy(more, own->records, *room * sizeof *more);
        memcpy(digits_too, own->digits, *room * sizeof *digits_too);
        own->records = more;
        own->digits = digits_too;
        *room *= 2;
    }
    own->digits[own->record_count] = digits;
    own->records[own->record_count++] =
        (struct duet_record){ .raw = "", .values = kept(making, values, fields) };
    return true;
}

void duet_making_records(struct duet_making *making, enum duet_side side)
{
    struct duet_space_side *own = &making->space->side[side];
    uint32_t fields = duet_side_row(making->tables, side)->fields_count + 1U;
    uint32_t room = 64;
    struct duet_value *values = duet_arena_alloc_array(making->arena, fields, sizeof *values);
    memcpy(values, making->neutral[side], fields * sizeof *values);
    uint32_t *alike = new_alike(making, side);
    own->at = duet_arena_alloc_array(making->arena, own->at_count, sizeof *own->at);
    own->refused_by = duet_arena_alloc_array(making->arena, own->at_count, sizeof *own->refused_by);
    own->records = duet_arena_alloc_array(making->arena, room, sizeof *own->records);
    own->digits = duet_arena_alloc_array(making->arena, room, sizeof *own->digits);
    for (uint32_t digits = 0; digits < own->at_count; digits++) {
        fill(making, side, digits, values);
        own->at[digits] = DUET_NONE;
        duet_arena_clear(making->scratch);
        own->refused_by[digits] = refused_by(making, side, values);
        if (own->refused_by[digits] || !is_small(making, side, values))
            continue;
        uint32_t *like = alike ? alike_at(making, side, alike, digits, values) : NULL;
        own->at[digits] = like && *like != DUET_NONE ? *like : own->record_count;
        if (own->at[digits] < own->record_count)
            continue;
        if (like)
            *like = own->record_count;
        if (!add_record(making, side, values, fields, digits, &room))
            return;
    }
}
