#include "engine/prove/space_making.h"

#include <string.h>

/* What conditions and rules of the sides name, and what a transform touches, stands where it is: so does what is mapped to such a field,
 * by any number of rules. Free are texts and persons. */
struct mirroring {
    struct duet_making *making;
    uint64_t fixed[2]; /* fields, by number */
};

/* The loader bounds the depth. */
static void fix_named(struct mirroring *mirroring, uint32_t index)
{
    const struct duet_t_expr *expr = duet_expr_row(mirroring->making->tables, index);
    if (!expr)
        return;
    fix_named(mirroring, expr->left);
    fix_named(mirroring, expr->right);
    if (expr->op == DUET_EXPR_FIELD)
        mirroring->fixed[expr->side] |= duet_bit(
            duet_field_number(mirroring->making->tables, (enum duet_side)expr->side, expr->field));
}

static void fix_by_rules(struct mirroring *mirroring, enum duet_side side)
{
    const struct duet_tables *tables = mirroring->making->tables;
    const struct duet_t_side *row = duet_side_row(tables, side);
    fix_named(mirroring, row->closed);
    fix_named(mirroring, row->merged);
    for (uint32_t f = row->fields; f < row->fields + row->fields_count; f++)
        fix_named(mirroring, duet_field_row(tables, f)->required_when);
}

static bool is_same_text(const struct duet_t_pair *pair, const struct duet_t_field *field)
{
    return field->type == DUET_TYPE_TEXT && pair->relation == DUET_RELATION_SAME &&
           !pair->transforms_count;
}

static bool is_free(const struct mirroring *mirroring, uint32_t pair)
{
    const struct duet_making *making = mirroring->making;
    const struct duet_t_pair *row = duet_pair_row(making->tables, pair);
    for (uint32_t s = 0; s < 2; s++) {
        enum duet_side side = (enum duet_side)s;
        const struct duet_t_field *field =
            duet_field_row(making->tables, duet_pair_field(row, side));
        if ((mirroring->fixed[s] & duet_bit(duet_making_number(making, pair, side))) ||
            (field->type != DUET_TYPE_PERSON && !is_same_text(row, field)))
            return false;
    }
    return true;
}

static void fix_pairs(struct mirroring *mirroring)
{
    const struct duet_t_mapping *mapping = mirroring->making->mapping;
    for (uint32_t round = 0; round < mapping->pairs_count; round++) {
        for (uint32_t p = mapping->pairs; p < mapping->pairs + mapping->pairs_count; p++) {
            for (uint32_t s = 0; s < 2 && !is_free(mirroring, p); s++)
                mirroring->fixed[s] |=
                    duet_bit(duet_making_number(mirroring->making, p, (enum duet_side)s));
        }
    }
}

/* Fields of which two values may change places. */
static uint64_t free_fields(const struct mirroring *mirroring, enum duet_side side)
{
    const struct duet_making *making = mirroring->making;
    uint64_t fields = 0;
    for (uint32_t p = 0; p < making->mapping->pairs_count; p++) {
        if (is_free(mirroring, making->mapping->pairs + p))
            fields |= duet_bit(duet_making_number(making, making->mapping->pairs + p, side));
    }
    return fields & making->dims[side];
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

static void mirror_records(const struct mirroring *mirroring, enum duet_side side)
{
    struct duet_making *making = mirroring->making;
    uint64_t free_ones = free_fields(mirroring, side);
    struct duet_space_side *own = &making->space->side[side];
    uint32_t fields = duet_side_row(making->tables, side)->fields_count + 1U;
    own->mirror =
        duet_arena_alloc_array(making->arena, own->record_count + 1U, sizeof *own->mirror);
    for (uint32_t r = 0; r < own->record_count; r++) {
        struct duet_value *values = duet_arena_alloc_array(making->scratch, fields, sizeof *values);
        memcpy(values, own->records[r].values, fields * sizeof *values);
        for (uint32_t f = 0; f + 1 < fields; f++) {
            if (free_ones & duet_bit(f))
                values[f] = mirrored(&values[f]);
        }
        uint32_t mirror = duet_space_record(making->space, side, values);
        own->mirror[r] = mirror == DUET_NONE ? r : mirror;
    }
}

static void mirror_bases(const struct mirroring *mirroring)
{
    struct duet_making *making = mirroring->making;
    struct duet_space *space = making->space;
    space->base_mirror =
        duet_arena_alloc_array(making->arena, space->base_count + 1U, sizeof *space->base_mirror);
    for (uint32_t b = 0; b < space->base_count; b++) {
        struct duet_state *state = duet_state_copy(space->rules, space->states[b], making->scratch);
        for (uint32_t i = 0; i < space->unit_count; i++) {
            const struct duet_t_unit *row = duet_making_unit(making, space->units[i].unit);
            for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
                uint32_t at = p - making->mapping->pairs;
                for (uint32_t s = 0; s < 2 && is_free(mirroring, p); s++)
                    state->base.side[s][at] = mirrored(&state->base.side[s][at]);
            }
        }
        uint32_t mirror = duet_space_base(space, state);
        space->base_mirror[b] = mirror == DUET_NONE ? b : mirror;
    }
}

void duet_making_mirror(struct duet_making *making)
{
    struct mirroring mirroring = { .making = making };
    for (uint32_t s = 0; s < 2; s++) {
        mirroring.fixed[s] = making->named[s] | making->small[s];
        fix_by_rules(&mirroring, (enum duet_side)s);
    }
    fix_pairs(&mirroring);
    mirror_records(&mirroring, DUET_LEFT);
    mirror_records(&mirroring, DUET_RIGHT);
    mirror_bases(&mirroring);
}
