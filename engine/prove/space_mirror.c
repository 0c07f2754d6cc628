#include "engine/prove/space_making.h"

#include <string.h>

/* May two values of the pair's fields change places? Texts that no transform touches and no condition names, and persons. */
static bool is_free(const struct duet_making *making, uint32_t pair)
{
    const struct duet_t_pair *row = duet_pair_row(making->tables, pair);
    for (uint32_t s = 0; s < 2; s++) {
        enum duet_side side = (enum duet_side)s;
        const struct duet_t_field *field =
            duet_field_row(making->tables, duet_pair_field(row, side));
        uint32_t number = duet_making_number(making, pair, side);
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

static void mirror_records(struct duet_making *making, enum duet_side side)
{
    struct duet_space_side *own = &making->space->side[side];
    uint32_t fields = duet_side_row(making->tables, side)->fields_count + 1U;
    own->mirror =
        duet_arena_alloc_array(making->arena, own->record_count + 1U, sizeof *own->mirror);
    for (uint32_t r = 0; r < own->record_count; r++) {
        struct duet_value *values = duet_arena_alloc_array(making->scratch, fields, sizeof *values);
        memcpy(values, own->records[r].values, fields * sizeof *values);
        for (uint32_t p = 0; p < making->mapping->pairs_count; p++) {
            uint32_t number = duet_making_number(making, making->mapping->pairs + p, side);
            if (is_free(making, making->mapping->pairs + p) &&
                (making->dims[side] & duet_bit(number)))
                values[number] = mirrored(&values[number]);
        }
        uint32_t mirror = duet_space_record(making->space, side, values);
        own->mirror[r] = mirror == DUET_NONE ? r : mirror;
    }
}

static void mirror_bases(struct duet_making *making)
{
    struct duet_space *space = making->space;
    space->base_mirror =
        duet_arena_alloc_array(making->arena, space->base_count + 1U, sizeof *space->base_mirror);
    for (uint32_t b = 0; b < space->base_count; b++) {
        struct duet_state *state = duet_state_copy(space->rules, space->states[b], making->scratch);
        for (uint32_t i = 0; i < space->unit_count; i++) {
            const struct duet_t_unit *row = duet_making_unit(making, space->units[i].unit);
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

void duet_making_mirror(struct duet_making *making)
{
    mirror_records(making, DUET_LEFT);
    mirror_records(making, DUET_RIGHT);
    mirror_bases(making);
}
