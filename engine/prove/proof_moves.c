#include "engine/prove/proving.h"

#include <string.h>

#include "engine/plan/unit.h"

/* The values of the unit in a record, as one number below the side's `at_count`. */
static uint32_t shown(const struct duet_space_side *own, uint64_t fields, uint32_t record)
{
    uint32_t code = 0;
    for (uint32_t d = 0; d < own->dim_count; d++) {
        const struct duet_space_dim *dim = &own->dims[d];
        if (fields & duet_bit(dim->field))
            code += own->digits[record] / dim->stride % dim->domain.count * dim->stride;
    }
    return code;
}

uint32_t *duet_proving_alike(const struct duet_proving *proving, enum duet_side side, uint32_t unit,
                             struct duet_arena *arena)
{
    const struct duet_space_side *own = &proving->space->side[side];
    const struct duet_t_unit *row = duet_unit_row(proving->tables, proving->mapping->units + unit);
    uint32_t *first = duet_arena_alloc_array(arena, own->record_count + 1U, sizeof *first);
    struct duet_arena *scratch = duet_arena_new();
    uint32_t *seen = duet_arena_alloc_array(scratch, own->at_count + 1U, sizeof *seen);
    uint64_t fields = 0;
    for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++)
        fields |= duet_bit(duet_field_number(
            proving->tables, side, duet_pair_field(duet_pair_row(proving->tables, p), side)));
    for (uint32_t r = 0; r < own->record_count; r++) {
        uint32_t *one = &seen[shown(own, fields, r)]; /* 0: none yet, else the first and one more */
        *one = *one ? *one : r + 1U;
        first[r] = *one - 1U;
    }
    duet_arena_free(scratch);
    return first;
}

/* Does the record lack a value of the unit that its side's own rules will ask for, say when it is closed? */
static bool is_incomplete(const struct duet_proving *proving, enum duet_side side, uint32_t unit,
                          const struct duet_value *values)
{
    const struct duet_t_side *row = duet_side_row(proving->tables, side);
    uint64_t own = duet_unit_fields(proving->tables, unit, side);
    for (uint32_t r = row->rules; r < row->rules + row->rules_count; r++) {
        const struct duet_t_rule *rule = duet_rule_row(proving->tables, r);
        uint32_t number = duet_field_number(proving->tables, side, rule->field);
        if (rule->kind == DUET_RULE_REQUIRED && (own & duet_bit(number)) &&
            duet_value_missing(&values[number]))
            return true;
    }
    return false;
}

/* What the records of one side are to a unit, by record number. */
struct siblings {
    const uint32_t *same;      /* the first with the same values of the unit */
    const bool *is_incomplete; /* a value is missing that the side itself will ask for */
    bool *is_free;             /* with these values it goes over, or is held with a sentence */
    uint32_t *triples;         /* beside one record of the other side and one base */
};

static unsigned char did(const struct duet_proving *proving, uint32_t core, uint32_t triple)
{
    return proving->did[(size_t)triple * proving->core_count + core];
}

/* Which values of the unit go over, or are held, whatever else stands there; false: nothing is pending. */
static bool find_free(const struct duet_proving *proving, uint32_t core, enum duet_side side,
                      const struct siblings *siblings, struct duet_triple triple, bool *any_out)
{
    uint32_t count = proving->space->side[side].record_count;
    unsigned char pending = side == DUET_LEFT ? DUET_DID_PEND_LEFT : DUET_DID_PEND_RIGHT;
    bool is_pending = false;
    *any_out = false;
    memset(siblings->is_free, 0, count * sizeof *siblings->is_free);
    for (uint32_t r = 0; r < count; r++) {
        triple.record[side] = r;
        siblings->triples[r] = duet_space_first(proving->space, triple);
        unsigned char own = did(proving, core, siblings->triples[r]);
        is_pending = is_pending || own == pending;
        if (own == DUET_DID_MOVE || own == DUET_DID_HOLD)
            *any_out = siblings->is_free[siblings->same[r]] = true;
    }
    return is_pending;
}

static void judge_moves_beside(struct duet_proving *proving, uint32_t core, enum duet_side side,
                               const struct siblings *siblings, struct duet_triple triple)
{
    unsigned char pending = side == DUET_LEFT ? DUET_DID_PEND_LEFT : DUET_DID_PEND_RIGHT;
    bool is_any_free = false;
    if (!find_free(proving, core, side, siblings, triple, &is_any_free))
        return;
    for (uint32_t r = 0; r < proving->space->side[side].record_count; r++) {
        uint32_t number = siblings->triples[r];
        triple.record[side] = r;
        if (did(proving, core, number) == pending && proving->next[number] == number &&
            duet_space_beside_rests(proving->space, triple) &&
            !(proving->waits[number] & duet_bit(side)) && !siblings->is_free[siblings->same[r]] &&
            !(is_any_free && siblings->is_incomplete[r]))
            duet_proving_breaks(proving, DUET_LAW_MOVES, (struct duet_asked){ .triple = triple },
                                proving->core[core]);
    }
}

/* Does nothing but a signal release the unit's changes on that side? They wait for somebody to ask then, as the mapping says. */
static bool only_by_signal(const struct duet_proving *proving, uint32_t unit, enum duet_side side)
{
    const struct duet_t_mapping *mapping = proving->mapping;
    bool is_by_signal = false;
    for (uint32_t t = mapping->triggers; t < mapping->triggers + mapping->triggers_count; t++) {
        const struct duet_t_trigger *trigger = duet_trigger_row(proving->tables, t);
        enum duet_verb verb = trigger->side == side ? DUET_SEND : DUET_FETCH;
        if (trigger->verb != verb ||
            !(duet_mask(trigger->units_lo, trigger->units_hi) & duet_bit(unit)))
            continue;
        if (trigger->event != DUET_EVENT_SIGNAL)
            return false;
        is_by_signal = true;
    }
    return is_by_signal;
}

static struct siblings siblings_of(const struct duet_proving *proving, uint32_t core,
                                   enum duet_side side, struct duet_arena *arena)
{
    uint32_t unit = proving->core[core];
    const struct duet_space_side *own = &proving->space->side[side];
    bool *incomplete = duet_arena_alloc_array(arena, own->record_count + 1U, sizeof *incomplete);
    for (uint32_t r = 0; r < own->record_count; r++)
        incomplete[r] = is_incomplete(proving, side, unit, own->records[r].values);
    return (struct siblings){
        .same = proving->alike[side][core],
        .is_incomplete = incomplete,
        .is_free = duet_arena_alloc_array(arena, own->record_count + 1U, sizeof(bool)),
        .triples = duet_arena_alloc_array(arena, own->record_count + 1U, sizeof(uint32_t)),
    };
}

void duet_proving_moves(struct duet_proving *proving, uint32_t core, enum duet_side side)
{
    if (only_by_signal(proving, proving->core[core], side))
        return;
    struct duet_arena *arena = duet_arena_new();
    const struct duet_space *space = proving->space;
    const struct siblings siblings = siblings_of(proving, core, side, arena);
    struct duet_triple triple = { { 0 }, 0 };
    enum duet_side other = duet_other(side);
    for (uint32_t r = 0; r < space->side[other].record_count; r++) {
        for (uint32_t b = 0; b < space->base_count; b++) {
            triple.record[other] = r;
            triple.base = b;
            if (!duet_space_is_first(space, triple, (unsigned)duet_bit(other) | DUET_PART_BASE))
                continue;
            judge_moves_beside(proving, core, side, &siblings, triple);
        }
    }
    duet_arena_free(arena);
}
