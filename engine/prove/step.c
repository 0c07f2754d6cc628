#include "engine/prove/step.h"

#include "engine/plan/unit.h"
#include "engine/record/steps.h"

struct stepping {
    const struct duet_space *space;
    const struct duet_record *record[2];
    struct duet_step *step;
    struct duet_arena *arena;
};

/* What a running engine says of a field that stands in none of the requests. */
static const char *not_carried(const struct duet_tables *tables, enum duet_side target,
                               uint32_t number, struct duet_arena *arena)
{
    const struct duet_t_field *field =
        duet_field_row(tables, duet_side_row(tables, target)->fields + number);
    return duet_arena_format(arena, "no request of the system carries '%s'",
                             duet_str(tables, field->name));
}

const char *duet_step_refusal(const struct duet_rules *rules, const struct duet_changeset *changes,
                              enum duet_side target, const struct duet_value *before_all,
                              struct duet_arena *arena)
{
    const struct duet_t_op *ops[DUET_MAX_WRITE_STEPS];
    uint64_t steps[DUET_MAX_WRITE_STEPS];
    const struct duet_ordered_write write = { .rules = rules,
                                              .side = target,
                                              .before = before_all,
                                              .after = changes->after[target],
                                              .mask = changes->fields[target] };
    size_t count = duet_write_ops(rules->tables, target, ops);
    uint64_t left = duet_write_share_out(&write, ops, count, steps);
    uint32_t fields = duet_side_row(rules->tables, target)->fields_count;
    for (uint32_t f = 0; count > 0 && f < fields; f++) {
        if (left & duet_bit(f))
            return not_carried(rules->tables, target, f, arena);
    }
    if (count < 2)
        return duet_side_refuses(rules, target, write.before, write.after, write.mask, arena);
    const struct duet_value *before = write.before;
    for (size_t i = 0; i < count; i++) {
        if (!steps[i])
            continue;
        struct duet_value *after = duet_arena_alloc_array(arena, fields + 1U, sizeof *after);
        for (uint32_t f = 0; f < fields; f++)
            after[f] = steps[i] & duet_bit(f) ? write.after[f] : before[f];
        const char *refusal = duet_side_refuses(rules, target, before, after, steps[i], arena);
        if (refusal)
            return refusal;
        before = after;
    }
    return NULL;
}

bool duet_step_in_vain(const struct duet_rules *rules, const struct duet_changeset *changes,
                       uint32_t unit, struct duet_arena *arena)
{
    const struct duet_t_unit *row = duet_planning_unit(rules->tables, unit);
    uint32_t first = duet_mapping(rules->tables)->pairs;
    if (changes->cleared & duet_bit(unit))
        return false;
    for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
        const struct duet_t_pair *pair = duet_pair_row(rules->tables, p);
        bool is_written = false;
        for (uint32_t s = 0; s < 2; s++) {
            enum duet_side side = (enum duet_side)s;
            uint32_t number = duet_field_number(rules->tables, side, duet_pair_field(pair, side));
            is_written = is_written || ((changes->sent[side] & duet_bit(unit)) &&
                                        (changes->fields[side] & duet_bit(number)));
        }
        if (is_written && duet_pair_agree(rules, pair, &changes->now.side[DUET_LEFT][p - first],
                                          &changes->now.side[DUET_RIGHT][p - first], arena))
            return true;
    }
    return false;
}

/* What was written, as far as the target can say it. */
static struct duet_value *shown_by(const struct stepping *stepping, enum duet_side target)
{
    const struct duet_tables *tables = stepping->space->rules->tables;
    const struct duet_t_side *side = duet_side_row(tables, target);
    struct duet_value *values =
        duet_arena_alloc_array(stepping->arena, side->fields_count + 1U, sizeof *values);
    for (uint32_t f = 0; f < side->fields_count; f++)
        values[f] = duet_value_shown(tables, duet_field_row(tables, side->fields + f),
                                     &stepping->step->changes->after[target][f]);
    return values;
}

/* The target takes what its rules allow, and shows it. */
static void write_to(struct stepping *stepping, enum duet_side target)
{
    struct duet_step *step = stepping->step;
    const struct duet_record *before = stepping->record[target];
    if (!step->changes->fields[target])
        return;
    const char *refusal = duet_step_refusal(stepping->space->rules, step->changes, target,
                                            before->values, stepping->arena);
    if (refusal) {
        step->is_refused = true;
        step->results[target] =
            (struct duet_result){ .taken = DUET_REFUSED, .sentence = refusal, .sent_at = 1 };
        return;
    }
    step->shows[target] = *before;
    step->shows[target].values = shown_by(stepping, target);
    step->results[target] =
        (struct duet_result){ .taken = DUET_TAKEN, .shows = &step->shows[target], .sent_at = 1 };
}

static void write_both(struct stepping *stepping)
{
    struct duet_step *step = stepping->step;
    enum duet_side first = step->changes->first;
    write_to(stepping, first);
    if (duet_plan_goes_on(stepping->space->rules, step->changes, &step->results[first],
                          stepping->arena))
        write_to(stepping, duet_other(first));
}

/* Agreement that was absorbed moves it as well, whatever else was decided of the unit. */
static bool moves_base(const struct duet_space *space, const struct duet_changeset *changes,
                       uint64_t still)
{
    const struct duet_tables *tables = space->rules->tables;
    if (!duet_changeset_quiet(changes) || changes->cleared || changes->clear_due ||
        changes->known != changes->before->known)
        return true;
    for (uint32_t u = 0; u < duet_mapping(tables)->units_count; u++) {
        if (!(still & duet_bit(u)) &&
            (!duet_unit_equal(tables, u, DUET_LEFT, &changes->base, &changes->before->base) ||
             !duet_unit_equal(tables, u, DUET_RIGHT, &changes->base, &changes->before->base)))
            return true;
    }
    return false;
}

static void go_on(struct stepping *stepping, uint64_t still)
{
    const struct duet_space *space = stepping->space;
    struct duet_step *step = stepping->step;
    step->is_inside = step->is_as_sent = true;
    if (!moves_base(space, step->changes, still))
        return;
    const struct duet_state *state =
        duet_plan_record(space->rules, step->changes, step->results, stepping->arena);
    for (uint32_t side = 0; side < 2; side++) {
        if (step->results[side].taken == DUET_TAKEN)
            step->next.record[side] =
                duet_space_record(space, (enum duet_side)side, step->shows[side].values);
        step->is_inside = step->is_inside && step->next.record[side] != DUET_NONE;
    }
    step->next.base = duet_space_base(space, state);
    step->is_inside = step->is_inside && step->next.base != DUET_NONE;
    step->is_as_sent = step->is_inside && !state->refusal_count && !state->sent_count;
}

#define LATER INT64_C(1000000000000000) /* ticks: further than any declared skew */

/* All changes of one side lie before those of the other. */
const struct duet_state *duet_space_state(const struct duet_space *space, uint32_t base,
                                          uint32_t variant, struct duet_arena *arena)
{
    enum duet_dated dated = space->variants[variant].dated;
    if (dated == DUET_UNDATED)
        return space->states[base];
    uint32_t units = duet_mapping(space->rules->tables)->units_count;
    struct duet_state *state = duet_arena_alloc(arena, sizeof *state);
    *state = *space->states[base];
    for (uint32_t side = 0; side < 2; side++) {
        bool is_later = (dated == DUET_LEFT_LATER) == (side == DUET_LEFT);
        state->times[side] = duet_arena_alloc_array(arena, units + 1U, sizeof *state->times[side]);
        for (uint32_t u = 0; u < units; u++)
            state->times[side][u] = (struct duet_change_time){ .without = is_later ? LATER : 1,
                                                               .with = is_later ? LATER + 1 : 2 };
    }
    return state;
}

const struct duet_step *duet_space_step(const struct duet_space *space, struct duet_triple triple,
                                        uint32_t variant, uint64_t still, struct duet_arena *arena)
{
    struct stepping stepping = { .space = space,
                                 .step = duet_arena_alloc(arena, sizeof *stepping.step),
                                 .arena = arena };
    for (uint32_t side = 0; side < 2; side++)
        stepping.record[side] = &space->side[side].records[triple.record[side]];
    const struct duet_plan_input input = {
        .rules = space->rules,
        .record = { stepping.record[DUET_LEFT], stepping.record[DUET_RIGHT] },
        .state = duet_space_state(space, triple.base, variant, arena),
        .signals = space->variants[variant].signals,
        .still = still,
    };
    stepping.step->changes = duet_plan(&input, arena);
    stepping.step->next = triple;
    write_both(&stepping);
    go_on(&stepping, still);
    return stepping.step;
}
