#include "engine/prove/space.h"

#include <string.h>

struct making {
    struct duet_space *space;
    const struct duet_tables *tables;
    const struct duet_t_mapping *mapping;
    struct duet_arena *arena;
    struct duet_arena *scratch;
    struct duet_domains domains;
    struct duet_pairs still;           /* values of units that are not in the component */
    struct duet_value *neutral[2];     /* by field number */
    const struct duet_value *model[2]; /* the one legal record of what is kept small */
    uint64_t dims[2];                  /* fields, by number */
    uint64_t mapped[2];
    uint64_t named[2]; /* fields that conditions of triggers name */
    uint64_t small[2]; /* fields kept small */
};

static uint64_t own_units(const struct duet_space *space)
{
    return space->component.core | space->component.beside;
}

static const struct duet_t_unit *unit_row(const struct making *making, uint32_t unit)
{
    return duet_unit_row(making->tables, making->mapping->units + unit);
}

static uint32_t number_of(const struct making *making, uint32_t pair, enum duet_side side)
{
    return duet_field_number(making->tables, side,
                             duet_pair_field(duet_pair_row(making->tables, pair), side));
}

/* --- which fields ------------------------------------------------------------------------------------------- */

static uint64_t fields_of(const struct making *making, uint64_t units, enum duet_side side)
{
    uint64_t fields = 0;
    for (uint32_t u = 0; u < making->mapping->units_count; u++) {
        const struct duet_t_unit *row = unit_row(making, u);
        for (uint32_t p = row->pairs; (units & duet_bit(u)) && p < row->pairs + row->pairs_count;
             p++)
            fields |= duet_bit(number_of(making, p, side));
    }
    return fields;
}

/* The loader bounds the depth. */
static void note_named(struct making *making, uint32_t index)
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

static void choose_fields(struct making *making)
{
    for (uint32_t t = 0; t < making->mapping->triggers_count; t++)
        note_named(making, duet_trigger_row(making->tables, making->mapping->triggers + t)->when);
    const struct duet_component *component = &making->space->component;
    uint64_t all[2];
    for (uint32_t s = 0; s < 2; s++) {
        enum duet_side side = (enum duet_side)s;
        making->dims[s] = fields_of(making, own_units(making->space), side) | component->read[s];
        making->mapped[s] = fields_of(making, UINT64_MAX, side);
        all[s] = making->dims[s] | making->mapped[s];
    }
    making->domains = duet_domains_of(making->space->rules, all, making->arena);
    making->space->refused = making->domains.too_many;
}

/* --- what stands still -------------------------------------------------------------------------------------- */

static void still_pair(struct making *making, uint32_t pair)
{
    const struct duet_t_pair *row = duet_pair_row(making->tables, pair);
    const struct duet_domain *left =
        &making->domains.side[DUET_LEFT][number_of(making, pair, DUET_LEFT)];
    const struct duet_domain *right =
        &making->domains.side[DUET_RIGHT][number_of(making, pair, DUET_RIGHT)];
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

static void stand_still(struct making *making)
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
            making->neutral[s][number_of(making, making->mapping->pairs + p, (enum duet_side)s)] =
                making->still.side[s][p];
    }
}

/* --- records ------------------------------------------------------------------------------------------------ */

/* False: too many digits. */
static bool add_dim(struct making *making, enum duet_side side, uint32_t field, uint64_t *stride)
{
    struct duet_space_side *own = &making->space->side[side];
    const struct duet_component *component = &making->space->component;
    uint64_t core = fields_of(making, component->core, side) | component->read[side];
    bool is_small = !(core & duet_bit(field));
    making->small[side] |= is_small ? duet_bit(field) : 0;
    own->dims[own->dim_count++] =
        (struct duet_space_dim){ .field = field,
                                 .domain = making->domains.side[side][field],
                                 .is_kept_small = is_small,
                                 .is_mapped = (making->mapped[side] & duet_bit(field)) != 0,
                                 .stride = (uint32_t)*stride };
    *stride *= making->domains.side[side][field].count;
    if (*stride <= DUET_SPACE_MAX)
        return true;
    making->space->refused = duet_str(
        making->tables,
        duet_field_row(making->tables, duet_side_row(making->tables, side)->fields + field)->name);
    return false;
}

/* Those that are mapped first: the others' digits stand behind. */
static void choose_dims(struct making *making, enum duet_side side)
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

static void fill(const struct making *making, enum duet_side side, uint32_t digits,
                 struct duet_value *values)
{
    const struct duet_space_side *own = &making->space->side[side];
    for (uint32_t d = 0; d < own->dim_count; d++) {
        const struct duet_space_dim *dim = &own->dims[d];
        values[dim->field] = dim->domain.values[digits / dim->stride % dim->domain.count];
    }
}

static bool is_legal(const struct making *making, enum duet_side side,
                     const struct duet_value *values)
{
    return !duet_side_refuses(making->space->rules, side, values, values, making->dims[side],
                              making->scratch);
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
static bool convert_small(const struct making *making, const struct duet_value *left,
                          struct duet_value *right)
{
    for (uint32_t p = 0; p < making->mapping->pairs_count; p++) {
        uint32_t pair = making->mapping->pairs + p;
        uint32_t from = number_of(making, pair, DUET_LEFT);
        uint32_t to = number_of(making, pair, DUET_RIGHT);
        if (!(making->dims[DUET_LEFT] & duet_bit(from)))
            continue;
        if (duet_pair_convert(making->space->rules, duet_pair_row(making->tables, pair), DUET_LEFT,
                              &left[from], making->arena, &right[to]) != DUET_CONVERTED)
            return false;
    }
    return true;
}

static void choose_model(struct making *making)
{
    const struct duet_space_side *own = &making->space->side[DUET_LEFT];
    uint32_t fields[2];
    uint32_t best = 0;
    for (uint32_t s = 0; s < 2; s++) {
        fields[s] = duet_side_row(making->tables, (enum duet_side)s)->fields_count + 1U;
        making->model[s] = making->neutral[s];
    }
    if (!making->space->component.beside)
        return;
    for (uint32_t digits = 0; digits < own->at_count; digits++) {
        struct duet_value *left =
            duet_arena_alloc_array(making->scratch, fields[DUET_LEFT], sizeof *left);
        struct duet_value *right =
            duet_arena_alloc_array(making->scratch, fields[DUET_RIGHT], sizeof *right);
        memcpy(left, making->neutral[DUET_LEFT], fields[DUET_LEFT] * sizeof *left);
        memcpy(right, making->neutral[DUET_RIGHT], fields[DUET_RIGHT] * sizeof *right);
        fill(making, DUET_LEFT, digits, left);
        if (small_values(own, left) <= best || !is_legal(making, DUET_LEFT, left) ||
            !convert_small(making, left, right) || !is_legal(making, DUET_RIGHT, right))
            continue;
        best = small_values(own, left);
        making->model[DUET_LEFT] = left;
        making->model[DUET_RIGHT] = right;
    }
}

/* The fields kept small: all missing, or all as in the model. */
static bool is_small(const struct making *making, enum duet_side side,
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

static bool is_named(const struct making *making, enum duet_side side)
{
    const struct duet_space_side *own = &making->space->side[side];
    for (uint32_t d = 0; d < own->dim_count; d++) {
        if (!own->dims[d].is_mapped && (making->named[side] & duet_bit(own->dims[d].field)))
            return true;
    }
    return false;
}

/* The record with the same mapped values that is as closed and as merged; DUET_NONE. */
static uint32_t find_same(const struct making *making, enum duet_side side, uint32_t digits,
                          const struct duet_value *values)
{
    const struct duet_space_side *own = &making->space->side[side];
    const struct duet_rules *rules = making->space->rules;
    uint32_t stride = mapped_digits(own);
    for (uint32_t other = digits % stride; other < digits && !is_named(making, side);
         other += stride) {
        if (own->at[other] == DUET_NONE)
            continue;
        const struct duet_value *like = own->records[own->at[other]].values;
        if (duet_record_closed(rules, side, like) == duet_record_closed(rules, side, values) &&
            duet_record_merged(rules, side, like) == duet_record_merged(rules, side, values))
            return own->at[other];
    }
    return DUET_NONE;
}

static void enumerate_records(struct making *making, enum duet_side side)
{
    struct duet_space_side *own = &making->space->side[side];
    uint32_t fields = duet_side_row(making->tables, side)->fields_count + 1U;
    own->at = duet_arena_alloc_array(making->arena, own->at_count, sizeof *own->at);
    own->records = duet_arena_alloc_array(making->arena, own->at_count, sizeof *own->records);
    for (uint32_t digits = 0; digits < own->at_count; digits++) {
        struct duet_value *values = duet_arena_alloc_array(making->arena, fields, sizeof *values);
        memcpy(values, making->neutral[side], fields * sizeof *values);
        fill(making, side, digits, values);
        own->at[digits] = DUET_NONE;
        if (!is_small(making, side, values) || !is_legal(making, side, values))
            continue;
        own->at[digits] = find_same(making, side, digits, values);
        if (own->at[digits] != DUET_NONE)
            continue;
        own->at[digits] = own->record_count;
        own->records[own->record_count++] = (struct duet_record){ .raw = "", .values = values };
    }
}

/* --- bases -------------------------------------------------------------------------------------------------- */

/* Does some record of the side show these values of the unit? */
static bool is_shown(const struct making *making, enum duet_side side,
                     const struct duet_t_unit *unit, const struct duet_pairs *values)
{
    const struct duet_space_side *own = &making->space->side[side];
    for (uint32_t r = 0; r < own->record_count; r++) {
        bool same = true;
        for (uint32_t p = unit->pairs; p < unit->pairs + unit->pairs_count && same; p++)
            same = duet_value_equal(&own->records[r].values[number_of(making, p, side)],
                                    &values->side[side][p - making->mapping->pairs]);
        if (same)
            return true;
    }
    return false;
}

static bool is_base(const struct making *making, const struct duet_t_unit *unit,
                    const struct duet_pairs *values)
{
    bool agrees = true;
    bool is_kept = false;
    for (uint32_t p = unit->pairs; p < unit->pairs + unit->pairs_count; p++) {
        const struct duet_value *left = &values->side[DUET_LEFT][p - making->mapping->pairs];
        const struct duet_value *right = &values->side[DUET_RIGHT][p - making->mapping->pairs];
        is_kept = is_kept || !duet_value_known(left) || !duet_value_known(right);
        agrees = agrees && duet_pair_agree(making->space->rules, duet_pair_row(making->tables, p),
                                           left, right, making->scratch);
    }
    return (agrees || is_kept) && is_shown(making, DUET_LEFT, unit, values) &&
           is_shown(making, DUET_RIGHT, unit, values);
}

static uint64_t combinations(const struct making *making, const struct duet_t_unit *unit)
{
    uint64_t count = 1;
    for (uint32_t p = unit->pairs; p < unit->pairs + unit->pairs_count; p++) {
        count *= making->domains.side[DUET_LEFT][number_of(making, p, DUET_LEFT)].count;
        count *= making->domains.side[DUET_RIGHT][number_of(making, p, DUET_RIGHT)].count;
        if (count > DUET_SPACE_MAX)
            return count;
    }
    return count;
}

static struct duet_pairs combination(const struct making *making, const struct duet_t_unit *unit,
                                     uint64_t number, struct duet_arena *arena)
{
    struct duet_pairs values = duet_state_new(making->space->rules, arena)->base;
    for (uint32_t p = unit->pairs; p < unit->pairs + unit->pairs_count; p++) {
        for (uint32_t s = 0; s < 2; s++) {
            const struct duet_domain *domain =
                &making->domains.side[s][number_of(making, p, (enum duet_side)s)];
            values.side[s][p - making->mapping->pairs] = domain->values[number % domain->count];
            number /= domain->count;
        }
    }
    return values;
}

static bool enumerate_unit(struct making *making, struct duet_space_unit *own)
{
    const struct duet_t_unit *row = unit_row(making, own->unit);
    uint64_t count = combinations(making, row);
    if (count > DUET_SPACE_MAX) {
        making->space->refused = duet_str(making->tables, row->name);
        return false;
    }
    uint32_t room = 64;
    own->bases = duet_arena_alloc_array(making->arena, room, sizeof *own->bases);
    own->base_count = 1;
    for (uint64_t i = 0; i < count; i++) {
        struct duet_pairs values = combination(making, row, i, making->scratch);
        if (!is_base(making, row, &values))
            continue;
        if (own->base_count == room) {
            struct duet_pairs *more =
                duet_arena_alloc_array(making->arena, 2U * room, sizeof *more);
            memcpy(more, own->bases, room * sizeof *more);
            own->bases = more;
            room *= 2;
        }
        own->bases[own->base_count++] = combination(making, row, i, making->arena);
    }
    return true;
}

static struct duet_state *state_of(const struct making *making, uint32_t base)
{
    const struct duet_space *space = making->space;
    struct duet_state *state = duet_state_new(space->rules, making->arena);
    for (uint32_t u = 0; u < making->mapping->units_count; u++) {
        const struct duet_t_unit *row = unit_row(making, u);
        const struct duet_pairs *values = &making->still;
        for (uint32_t i = 0; i < space->unit_count; i++) {
            if (space->units[i].unit == u)
                values = &space->units[i].bases[duet_space_unit_base(&space->units[i], base)];
        }
        if (!values->side[DUET_LEFT])
            continue;
        state->known |= duet_bit(u);
        for (uint32_t p = row->pairs - making->mapping->pairs;
             p < row->pairs - making->mapping->pairs + row->pairs_count; p++) {
            state->base.side[DUET_LEFT][p] = values->side[DUET_LEFT][p];
            state->base.side[DUET_RIGHT][p] = values->side[DUET_RIGHT][p];
        }
    }
    return state;
}

static void enumerate_bases(struct making *making)
{
    struct duet_space *space = making->space;
    uint64_t stride = 1;
    space->units = duet_arena_alloc_array(making->arena, making->mapping->units_count + 1U,
                                          sizeof *space->units);
    for (uint32_t u = 0; u < making->mapping->units_count; u++) {
        if (!(own_units(space) & duet_bit(u)))
            continue;
        struct duet_space_unit *own = &space->units[space->unit_count++];
        own->unit = u;
        own->stride = (uint32_t)stride;
        if (!enumerate_unit(making, own))
            return;
        stride *= own->base_count;
        if (stride > DUET_SPACE_MAX) {
            space->refused = duet_str(making->tables, unit_row(making, u)->name);
            return;
        }
    }
    space->base_count = (uint32_t)stride;
    space->states =
        duet_arena_alloc_array(making->arena, space->base_count, sizeof(struct duet_state *));
    for (uint32_t b = 0; b < space->base_count; b++)
        space->states[b] = state_of(making, b);
}

/* --- mirror images -------------------------------------------------------------------------------------------- */

/* May two values of the pair's fields change places? Texts that no transform touches and no condition names, and persons. */
static bool is_free(const struct making *making, uint32_t pair)
{
    const struct duet_t_pair *row = duet_pair_row(making->tables, pair);
    for (uint32_t s = 0; s < 2; s++) {
        enum duet_side side = (enum duet_side)s;
        const struct duet_t_field *field =
            duet_field_row(making->tables, duet_pair_field(row, side));
        uint32_t number = number_of(making, pair, side);
        if ((making->named[s] | making->small[s]) & duet_bit(number))
            return false;
        if (field->type != DUET_TYPE_PERSON &&
            (field->type != DUET_TYPE_TEXT || row->relation != DUET_RELATION_SAME ||
             row->transforms_count))
            return false;
    }
    return true;
}

static struct duet_value mirrored(const struct duet_value *value)
{
    struct duet_value mirror = *value;
    if (value->kind == DUET_VALUE_PERSON) {
        mirror.number = 1 - value->number;
        mirror.text = mirror.number ? "p1" : "p0";
    } else if (value->kind == DUET_VALUE_TEXT && strcmp(value->text, "a") == 0) {
        mirror.text = "b";
    } else if (value->kind == DUET_VALUE_TEXT && strcmp(value->text, "b") == 0) {
        mirror.text = "a";
    }
    return mirror;
}

static void mirror_records(struct making *making, enum duet_side side)
{
    struct duet_space_side *own = &making->space->side[side];
    uint32_t fields = duet_side_row(making->tables, side)->fields_count + 1U;
    own->mirror =
        duet_arena_alloc_array(making->arena, own->record_count + 1U, sizeof *own->mirror);
    for (uint32_t r = 0; r < own->record_count; r++) {
        struct duet_value *values = duet_arena_alloc_array(making->scratch, fields, sizeof *values);
        memcpy(values, own->records[r].values, fields * sizeof *values);
        for (uint32_t p = 0; p < making->mapping->pairs_count; p++) {
            uint32_t number = number_of(making, making->mapping->pairs + p, side);
            if (is_free(making, making->mapping->pairs + p) &&
                (making->dims[side] & duet_bit(number)))
                values[number] = mirrored(&values[number]);
        }
        uint32_t mirror = duet_space_record(making->space, side, values);
        own->mirror[r] = mirror == DUET_NONE ? r : mirror;
    }
}

static void mirror_bases(struct making *making)
{
    struct duet_space *space = making->space;
    space->base_mirror =
        duet_arena_alloc_array(making->arena, space->base_count + 1U, sizeof *space->base_mirror);
    for (uint32_t b = 0; b < space->base_count; b++) {
        struct duet_state *state = duet_state_copy(space->rules, space->states[b], making->scratch);
        for (uint32_t i = 0; i < space->unit_count; i++) {
            const struct duet_t_unit *row = unit_row(making, space->units[i].unit);
            for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
                uint32_t at = p - making->mapping->pairs;
                for (uint32_t s = 0; s < 2 && is_free(making, p); s++)
                    state->base.side[s][at] = mirrored(&state->base.side[s][at]);
            }
        }
        uint32_t mirror = duet_space_base(space, state);
        space->base_mirror[b] = mirror == DUET_NONE ? b : mirror;
    }
}

static void mirror(struct making *making)
{
    mirror_records(making, DUET_LEFT);
    mirror_records(making, DUET_RIGHT);
    mirror_bases(making);
}

/* --- the whole ---------------------------------------------------------------------------------------------- */

static void count_triples(struct making *making)
{
    struct duet_space *space = making->space;
    uint64_t count =
        (uint64_t)space->side[DUET_LEFT].record_count * space->side[DUET_RIGHT].record_count;
    if (count <= DUET_SPACE_MAX)
        count *= space->base_count;
    if (count > DUET_SPACE_MAX)
        space->refused = duet_str(making->tables,
                                  unit_row(making, space->units[space->unit_count - 1].unit)->name);
    space->triple_count = (uint32_t)count;
}

struct duet_space *duet_space_new(const struct duet_rules *rules,
                                  const struct duet_component *component, struct duet_arena *arena)
{
    struct making making = { .space = duet_arena_alloc(arena, sizeof *making.space),
                             .tables = rules->tables,
                             .mapping = duet_mapping(rules->tables),
                             .arena = arena,
                             .scratch = duet_arena_new() };
    making.space->rules = rules;
    making.space->component = *component;
    choose_fields(&making);
    stand_still(&making);
    for (uint32_t side = 0; side < 2 && !making.space->refused; side++)
        choose_dims(&making, (enum duet_side)side);
    if (!making.space->refused)
        choose_model(&making);
    for (uint32_t side = 0; side < 2 && !making.space->refused; side++)
        enumerate_records(&making, (enum duet_side)side);
    if (!making.space->refused)
        enumerate_bases(&making);
    if (!making.space->refused)
        count_triples(&making);
    if (!making.space->refused)
        mirror(&making);
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

static uint32_t unit_base(const struct duet_space *space, const struct duet_space_unit *unit,
                          const struct duet_state *state)
{
    const struct duet_t_mapping *mapping = duet_mapping(space->rules->tables);
    const struct duet_t_unit *row =
        duet_unit_row(space->rules->tables, mapping->units + unit->unit);
    uint32_t first = row->pairs - mapping->pairs;
    if (!(state->known & duet_bit(unit->unit)))
        return 0;
    for (uint32_t b = 1; b < unit->base_count; b++) {
        bool same = true;
        for (uint32_t p = first; p < first + row->pairs_count && same; p++)
            same = duet_value_equal(&unit->bases[b].side[DUET_LEFT][p],
                                    &state->base.side[DUET_LEFT][p]) &&
                   duet_value_equal(&unit->bases[b].side[DUET_RIGHT][p],
                                    &state->base.side[DUET_RIGHT][p]);
        if (same)
            return b;
    }
    return DUET_NONE;
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
