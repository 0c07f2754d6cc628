#include "engine/prove/space_making.h"

#include <string.h>

/* Does some record of the side show these values of the unit? */
static bool is_shown(const struct duet_making *making, enum duet_side side,
                     const struct duet_t_unit *unit, const struct duet_pairs *values)
{
    const struct duet_space_side *own = &making->space->side[side];
    for (uint32_t r = 0; r < own->record_count; r++) {
        bool same = true;
        for (uint32_t p = unit->pairs; p < unit->pairs + unit->pairs_count && same; p++)
            same = duet_value_equal(&own->records[r].values[duet_making_number(making, p, side)],
                                    &values->side[side][p - making->mapping->pairs]);
        if (same)
            return true;
    }
    return false;
}

/* A value outside the schema that counts as another is remembered as that. */
static bool is_read_so(const struct duet_t_pair *pair, enum duet_side side,
                       const struct duet_value *value)
{
    struct duet_value reading = duet_pair_reading(pair, side, value);
    return duet_value_equal(&reading, value);
}

static bool is_base(const struct duet_making *making, const struct duet_t_unit *unit,
                    const struct duet_pairs *values)
{
    bool agrees = true;
    bool is_kept = false;
    for (uint32_t p = unit->pairs; p < unit->pairs + unit->pairs_count; p++) {
        const struct duet_value *left = &values->side[DUET_LEFT][p - making->mapping->pairs];
        const struct duet_value *right = &values->side[DUET_RIGHT][p - making->mapping->pairs];
        const struct duet_t_pair *pair = duet_pair_row(making->tables, p);
        if (!is_read_so(pair, DUET_LEFT, left) || !is_read_so(pair, DUET_RIGHT, right))
            return false;
        is_kept = is_kept || !duet_value_known(left) || !duet_value_known(right);
        agrees =
            agrees && duet_pair_agree(making->space->rules, pair, left, right, making->scratch);
    }
    return (agrees || is_kept) && is_shown(making, DUET_LEFT, unit, values) &&
           is_shown(making, DUET_RIGHT, unit, values);
}

static uint64_t combinations(const struct duet_making *making, const struct duet_t_unit *unit)
{
    uint64_t count = 1;
    for (uint32_t p = unit->pairs; p < unit->pairs + unit->pairs_count; p++) {
        count *= making->domains.side[DUET_LEFT][duet_making_number(making, p, DUET_LEFT)].count;
        count *= making->domains.side[DUET_RIGHT][duet_making_number(making, p, DUET_RIGHT)].count;
        if (count > DUET_SPACE_MAX)
            return count;
    }
    return count;
}

static struct duet_pairs combination(const struct duet_making *making,
                                     const struct duet_t_unit *unit, uint64_t number,
                                     struct duet_arena *arena)
{
    struct duet_pairs values = duet_state_new(making->space->rules, arena)->base;
    for (uint32_t p = unit->pairs; p < unit->pairs + unit->pairs_count; p++) {
        for (uint32_t s = 0; s < 2; s++) {
            const struct duet_domain *domain =
                &making->domains.side[s][duet_making_number(making, p, (enum duet_side)s)];
            values.side[s][p - making->mapping->pairs] = domain->values[number % domain->count];
            number /= domain->count;
        }
    }
    return values;
}

/* With one base of the unit more. */
static bool is_too_many(const struct duet_making *making, const struct duet_space_unit *own)
{
    uint64_t count = (uint64_t)making->space->side[DUET_LEFT].record_count *
                     making->space->side[DUET_RIGHT].record_count;
    if (count <= DUET_SPACE_MAX)
        count *= own->stride;
    return count > DUET_SPACE_MAX || count * (own->base_count + 1U) > DUET_SPACE_MAX;
}

static uint32_t grow(struct duet_making *making, struct duet_space_unit *own, uint32_t room)
{
    struct duet_pairs *bases = duet_arena_alloc_array(making->arena, 2U * room, sizeof *bases);
    uint32_t *codes = duet_arena_alloc_array(making->arena, 2U * room, sizeof *codes);
    memcpy(bases, own->bases, room * sizeof *bases);
    memcpy(codes, own->codes, room * sizeof *codes);
    own->bases = bases;
    own->codes = codes;
    return 2U * room;
}

static bool enumerate_unit(struct duet_making *making, struct duet_space_unit *own)
{
    const struct duet_t_unit *row = duet_making_unit(making, own->unit);
    uint64_t count = combinations(making, row);
    if (count > DUET_SPACE_MAX) {
        making->space->refused = duet_str(making->tables, row->name);
        return false;
    }
    uint32_t room = 64;
    own->bases = duet_arena_alloc_array(making->arena, room, sizeof *own->bases);
    own->codes = duet_arena_alloc_array(making->arena, room, sizeof *own->codes);
    own->base_count = 1;
    for (uint64_t i = 0; i < count; i++) {
        duet_arena_clear(making->scratch);
        struct duet_pairs values = combination(making, row, i, making->scratch);
        if (!is_base(making, row, &values))
            continue;
        if (is_too_many(making, own)) {
            making->space->refused = duet_str(making->tables, row->name);
            return false;
        }
        if (own->base_count == room)
            room = grow(making, own, room);
        own->codes[own->base_count] = (uint32_t)i;
        own->bases[own->base_count++] = combination(making, row, i, making->arena);
    }
    return true;
}

static struct duet_state *state_of(const struct duet_making *making, uint32_t base)
{
    const struct duet_space *space = making->space;
    struct duet_state *state = duet_state_new(space->rules, making->arena);
    for (uint32_t u = 0; u < making->mapping->units_count; u++) {
        const struct duet_t_unit *row = duet_making_unit(making, u);
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

void duet_making_bases(struct duet_making *making)
{
    struct duet_space *space = making->space;
    uint64_t stride = 1;
    space->units = duet_arena_alloc_array(making->arena, making->mapping->units_count + 1U,
                                          sizeof *space->units);
    for (uint32_t u = 0; u < making->mapping->units_count; u++) {
        if (!(duet_making_units(space) & duet_bit(u)))
            continue;
        struct duet_space_unit *own = &space->units[space->unit_count++];
        own->unit = u;
        own->stride = (uint32_t)stride;
        if (!enumerate_unit(making, own))
            return;
        stride *= own->base_count;
        if (stride > DUET_SPACE_MAX) {
            space->refused = duet_str(making->tables, duet_making_unit(making, u)->name);
            return;
        }
    }
    space->base_count = (uint32_t)stride;
    space->states =
        duet_arena_alloc_array(making->arena, space->base_count, sizeof(struct duet_state *));
    for (uint32_t b = 0; b < space->base_count; b++)
        space->states[b] = state_of(making, b);
}
