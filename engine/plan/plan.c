#include "engine/plan/plan.h"

#include <string.h>

#include "engine/plan/planning.h"

/* --- what the sides show ----------------------------------------------------------------------------- */

const char *duet_plan_stranger(const struct duet_rules *rules, enum duet_side side,
                               const struct duet_value *values, struct duet_arena *arena)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    for (uint32_t p = mapping->pairs; p < mapping->pairs + mapping->pairs_count; p++) {
        const struct duet_t_pair *pair = duet_pair_row(tables, p);
        uint32_t index = duet_pair_field(pair, side);
        struct duet_value value =
            duet_pair_reading(pair, side, &values[duet_field_number(tables, side, index)]);
        if (duet_value_known(&value) || pair->unknown != DUET_UNKNOWN_QUARANTINE)
            continue;
        const struct duet_t_field *field = duet_field_row(tables, index);
        return duet_arena_format(arena, "%s.%s shows %s, which the mapping doesn't know",
                                 duet_str(tables, duet_side_row(tables, side)->name),
                                 duet_str(tables, field->name),
                                 duet_value_show(tables, field, &value, arena));
    }
    return NULL;
}

static void note_times(struct duet_planning *planning, const struct duet_record *const record[2])
{
    struct duet_changeset *changes = planning->changes;
    for (uint32_t side = 0; side < 2; side++) {
        changes->modified[side] = record[side]->modified;
        changes->times[side] = duet_arena_alloc_array(
            planning->arena, planning->mapping->units_count + 1U, sizeof *changes->times[side]);
        for (uint32_t u = 0; u < planning->mapping->units_count; u++) {
            changes->times[side][u] = planning->state->times[side][u];
            if (planning->state->last_modified[side] &&
                !duet_unit_equal(planning->tables, u, (enum duet_side)side, &planning->state->last,
                                 &changes->now))
                changes->times[side][u] =
                    (struct duet_change_time){ .without = planning->state->last_modified[side],
                                               .with = record[side]->modified };
        }
    }
}

/* The unit's base becomes `values`: ABSORBED where that moves it. */
static void take_as_base(struct duet_planning *planning, uint32_t unit,
                         const struct duet_pairs *values)
{
    struct duet_changeset *changes = planning->changes;
    bool moved = !(changes->known & duet_bit(unit)) ||
                 !duet_unit_equal(planning->tables, unit, DUET_LEFT, &changes->base, values) ||
                 !duet_unit_equal(planning->tables, unit, DUET_RIGHT, &changes->base, values);
    duet_unit_copy(planning->tables, unit, &changes->base, values);
    changes->known |= duet_bit(unit);
    changes->moves[unit].decision = moved ? DUET_ABSORBED : DUET_NOTHING;
}

static void absorb(struct duet_planning *planning)
{
    for (uint32_t u = 0; u < planning->mapping->units_count; u++) {
        if ((planning->units & duet_bit(u)) &&
            duet_unit_agrees(planning->rules, u, &planning->changes->now, planning->arena))
            take_as_base(planning, u, &planning->changes->now);
    }
}

/* --- one unit ------------------------------------------------------------------------------------------- */

struct deciding {
    struct duet_planning *planning;
    uint32_t unit;
    const struct duet_t_unit *row;
    struct duet_move *move;
    struct duet_pairs base; /* both sides emptied when a `clear` holds */
    bool changed[2];
};

static bool cleared_by(struct deciding *deciding, uint32_t *trigger_out, enum duet_side *side_out)
{
    for (uint32_t side = 0; side < 2; side++) {
        *trigger_out =
            duet_trigger_for(deciding->planning, (enum duet_side)side, DUET_CLEAR, deciding->unit);
        *side_out = (enum duet_side)side;
        if (*trigger_out != DUET_NONE)
            return true;
    }
    return false;
}

static void empty_side(struct deciding *deciding, struct duet_value *values)
{
    uint32_t first = deciding->row->pairs - deciding->planning->mapping->pairs;
    for (uint32_t p = first; p < first + deciding->row->pairs_count; p++)
        values[p] = (struct duet_value){ 0 };
}

/* A `clear` empties what nobody has edited since: in the values that decide, and in the base. */
static void apply_clear(struct deciding *deciding)
{
    struct duet_planning *planning = deciding->planning;
    struct duet_changeset *changes = planning->changes;
    enum duet_side side = DUET_LEFT;
    uint32_t trigger = DUET_NONE;
    if (!cleared_by(deciding, &trigger, &side))
        return;
    changes->clear_due |= duet_bit(deciding->unit);
    bool edited[2];
    for (uint32_t s = 0; s < 2; s++)
        edited[s] = !duet_unit_equal(planning->tables, deciding->unit, (enum duet_side)s,
                                     &planning->state->base, &changes->now);
    if (!(planning->state->known & duet_bit(deciding->unit)) ||
        (edited[DUET_LEFT] && edited[DUET_RIGHT]))
        return;
    for (uint32_t s = 0; s < 2; s++) {
        if (!edited[s])
            empty_side(deciding, planning->effective.side[s]);
        empty_side(deciding, deciding->base.side[s]);
    }
    changes->cleared |= duet_bit(deciding->unit);
    changes->first = duet_other(side);
    changes->ordered = true;
    deciding->move->clear = true;
    deciding->move->trigger = trigger;
}

static enum duet_direction direction_of(const struct deciding *deciding)
{
    return (enum duet_direction)duet_pair_row(deciding->planning->tables, deciding->row->pairs)
        ->direction;
}

/* Is the side only read from never, because the field goes the other way? */
static bool only_target(const struct deciding *deciding, enum duet_side side)
{
    enum duet_direction direction = direction_of(deciding);
    return (direction == DUET_TO_RIGHT && side == DUET_RIGHT) ||
           (direction == DUET_TO_LEFT && side == DUET_LEFT);
}

static bool side_known(const struct deciding *deciding, enum duet_side side)
{
    return duet_unit_known(deciding->planning->tables, deciding->unit, side,
                           &deciding->planning->effective);
}

static const char *no_counterpart(const struct deciding *deciding, const struct duet_t_pair *pair,
                                  enum duet_side from, enum duet_conversion conversion,
                                  const struct duet_value *value)
{
    const struct duet_tables *tables = deciding->planning->tables;
    const struct duet_t_field *field = duet_field_row(tables, duet_pair_field(pair, from));
    const char *shown = duet_value_show(tables, field, value, deciding->planning->arena);
    const char *other = duet_str(tables, duet_side_row(tables, duet_other(from))->name);
    if (conversion == DUET_CONVERSION_NO_KEY)
        return duet_arena_format(deciding->planning->arena, "%s has no key for %s in table '%s'",
                                 shown, other,
                                 pair->table == DUET_NONE ? "" : duet_str(tables, pair->table));
    return duet_arena_format(deciding->planning->arena, "%s %s has no counterpart in %s",
                             duet_str(tables, field->name), shown, other);
}

/* Puts one pair's value on a side's record to be. */
static void write_value(struct deciding *deciding, enum duet_side target, uint32_t p,
                        const struct duet_value *value)
{
    struct duet_planning *planning = deciding->planning;
    const struct duet_t_pair *pair = duet_pair_row(planning->tables, planning->mapping->pairs + p);
    uint32_t number = duet_field_number(planning->tables, target, duet_pair_field(pair, target));
    planning->changes->after[target][number] = *value;
    planning->changes->fields[target] |= duet_bit(number);
    planning->changes->sent[target] |= duet_bit(deciding->unit);
}

/* What a `clear` emptied and the record still shows. */
static void write_emptied(struct deciding *deciding, enum duet_side target)
{
    struct duet_planning *planning = deciding->planning;
    uint32_t first = deciding->row->pairs - planning->mapping->pairs;
    for (uint32_t p = first; p < first + deciding->row->pairs_count; p++) {
        const struct duet_value *wanted = &planning->effective.side[target][p];
        if (!duet_value_equal(wanted, &planning->changes->now.side[target][p]))
            write_value(deciding, target, p, wanted);
    }
}

/* `from`'s values go over, pair by pair; a pair that agrees stays as it is. */
static void send_unit(struct deciding *deciding, enum duet_side from)
{
    struct duet_planning *planning = deciding->planning;
    enum duet_side target = duet_other(from);
    uint32_t first = deciding->row->pairs - planning->mapping->pairs;
    deciding->move->decision = DUET_MOVES;
    deciding->move->from = from;
    duet_unit_copy(planning->tables, deciding->unit, &planning->changes->source,
                   &planning->effective);
    for (uint32_t p = first; p < first + deciding->row->pairs_count; p++) {
        const struct duet_t_pair *pair =
            duet_pair_row(planning->tables, planning->mapping->pairs + p);
        const struct duet_value *value = &planning->effective.side[from][p];
        const struct duet_value *now = &planning->changes->now.side[target][p];
        struct duet_value made;
        enum duet_conversion conversion =
            duet_pair_convert(planning->rules, pair, from, value, planning->arena, &made);
        if (conversion != DUET_CONVERTED) {
            deciding->move->sentence = no_counterpart(deciding, pair, from, conversion, value);
            planning->broken[target] |= duet_bit(deciding->unit);
            return;
        }
        const struct duet_value *left = from == DUET_LEFT ? value : now;
        const struct duet_value *right = from == DUET_LEFT ? now : value;
        if (!duet_pair_agree(planning->rules, pair, left, right, planning->arena))
            write_value(deciding, target, p, &made);
    }
}

static void keep_as_base(struct deciding *deciding)
{
    take_as_base(deciding->planning, deciding->unit, &deciding->planning->effective);
}

static void first_contact(struct deciding *deciding)
{
    struct duet_planning *planning = deciding->planning;
    enum duet_choice choice = (enum duet_choice)planning->mapping->first_contact;
    deciding->move->first_contact = true;
    if (!side_known(deciding, DUET_LEFT) || !side_known(deciding, DUET_RIGHT)) {
        keep_as_base(deciding);
        return;
    }
    if (only_target(deciding, DUET_LEFT) || only_target(deciding, DUET_RIGHT)) {
        send_unit(deciding, only_target(deciding, DUET_LEFT) ? DUET_RIGHT : DUET_LEFT);
        return;
    }
    deciding->move->conflict = true;
    if (choice == DUET_CHOOSE_NONE) {
        deciding->move->decision = DUET_HELD;
        deciding->move->sentence = duet_arena_format(
            planning->arena, "%s differed when the records were linked: a person decides",
            duet_str(planning->tables, deciding->row->name));
        return;
    }
    send_unit(deciding, choice == DUET_CHOOSE_LEFT ? DUET_LEFT : DUET_RIGHT);
}

/* The rank of a side's value in the finer of the two enums; -1: missing. */
static int64_t rank(const struct deciding *deciding, enum duet_side side, bool finer_is_right)
{
    struct duet_planning *planning = deciding->planning;
    const struct duet_t_pair *pair = duet_pair_row(planning->tables, deciding->row->pairs);
    const struct duet_value *value =
        &planning->effective.side[side][deciding->row->pairs - planning->mapping->pairs];
    struct duet_value made;
    if (value->kind != DUET_VALUE_ENUM)
        return -1;
    if ((side == DUET_RIGHT) == finer_is_right)
        return value->number;
    if (duet_pair_convert(planning->rules, pair, side, value, planning->arena, &made) !=
        DUET_CONVERTED)
        return -1;
    return made.number;
}

static enum duet_side extreme(const struct deciding *deciding, bool highest)
{
    const struct duet_tables *tables = deciding->planning->tables;
    const struct duet_t_pair *pair = duet_pair_row(tables, deciding->row->pairs);
    const struct duet_t_enum *left =
        duet_enum_row(tables, duet_field_row(tables, pair->left)->values);
    const struct duet_t_enum *right =
        duet_enum_row(tables, duet_field_row(tables, pair->right)->values);
    bool finer_is_right = right->values_count > left->values_count;
    int64_t of_left = rank(deciding, DUET_LEFT, finer_is_right);
    int64_t of_right = rank(deciding, DUET_RIGHT, finer_is_right);
    if (highest)
        return of_left >= of_right ? DUET_LEFT : DUET_RIGHT;
    return of_left <= of_right ? DUET_LEFT : DUET_RIGHT;
}

static enum duet_side newest(const struct deciding *deciding)
{
    const struct duet_planning *planning = deciding->planning;
    const struct duet_change_time *left = &planning->changes->times[DUET_LEFT][deciding->unit];
    const struct duet_change_time *right = &planning->changes->times[DUET_RIGHT][deciding->unit];
    int64_t skew = (int64_t)planning->mapping->skew_ms * 10000;
    if (left->with && right->with && left->without >= right->with + skew)
        return DUET_LEFT;
    if (left->with && right->with && right->without >= left->with + skew)
        return DUET_RIGHT;
    return deciding->row->policy_side == DUET_CHOOSE_LEFT ? DUET_LEFT : DUET_RIGHT;
}

static bool winner(struct deciding *deciding, enum duet_side *side_out)
{
    switch ((enum duet_policy)deciding->row->policy) {
    case DUET_POLICY_NONE:
        *side_out = direction_of(deciding) == DUET_TO_LEFT ? DUET_RIGHT : DUET_LEFT;
        return true;
    case DUET_POLICY_SIDE:
        *side_out = deciding->row->policy_side == DUET_CHOOSE_LEFT ? DUET_LEFT : DUET_RIGHT;
        return true;
    case DUET_POLICY_HIGHEST:
    case DUET_POLICY_LOWEST:
        *side_out = extreme(deciding, deciding->row->policy == DUET_POLICY_HIGHEST);
        return true;
    case DUET_POLICY_NEWEST:
        *side_out = newest(deciding);
        return true;
    case DUET_POLICY_HOLD:
    case DUET_POLICIES:
        break;
    }
    return false;
}

/* A released change beats one that nothing releases (a draft); between equals the policy decides. */
static bool beats(struct deciding *deciding, enum duet_side *side_out)
{
    bool released[2];
    for (uint32_t side = 0; side < 2; side++)
        released[side] = !only_target(deciding, (enum duet_side)side) &&
                         side_known(deciding, (enum duet_side)side) &&
                         duet_trigger_for(deciding->planning, (enum duet_side)side, DUET_SEND,
                                          deciding->unit) != DUET_NONE;
    deciding->move->by_policy = released[DUET_LEFT] == released[DUET_RIGHT];
    if (deciding->move->by_policy)
        return winner(deciding, side_out);
    *side_out = released[DUET_LEFT] ? DUET_LEFT : DUET_RIGHT;
    return true;
}

static void reconcile(struct deciding *deciding)
{
    struct duet_planning *planning = deciding->planning;
    bool both = deciding->changed[DUET_LEFT] && deciding->changed[DUET_RIGHT];
    enum duet_side from = deciding->changed[DUET_LEFT] ? DUET_LEFT : DUET_RIGHT;
    deciding->move->conflict = both;
    if (both && !beats(deciding, &from)) {
        deciding->move->decision = DUET_HELD;
        deciding->move->sentence =
            duet_arena_format(planning->arena, "both sides changed %s: a person decides",
                              duet_str(planning->tables, deciding->row->name));
        return;
    }
    deciding->move->from = from;
    if (!side_known(deciding, from)) {
        keep_as_base(deciding);
        return;
    }
    if (only_target(deciding, from)) {
        deciding->move->decision = DUET_SHOWN;
        return;
    }
    uint32_t trigger = duet_trigger_for(planning, from, DUET_SEND, deciding->unit);
    if (trigger == DUET_NONE) {
        deciding->move->decision = DUET_PENDING;
        return;
    }
    deciding->move->trigger = trigger;
    send_unit(deciding, from);
}

/* `fetch` on a side takes the other side's values, whoever changed. */
static bool fetched(struct deciding *deciding)
{
    for (uint32_t side = 0; side < 2; side++) {
        enum duet_side from = duet_other((enum duet_side)side);
        uint32_t trigger =
            duet_trigger_for(deciding->planning, (enum duet_side)side, DUET_FETCH, deciding->unit);
        if (trigger == DUET_NONE || only_target(deciding, from) || !side_known(deciding, from))
            continue;
        deciding->move->trigger = trigger;
        deciding->move->conflict = deciding->changed[side];
        send_unit(deciding, from);
        return true;
    }
    return false;
}

/* The sides disagree: what the base says of it. */
static void resolve(struct deciding *deciding)
{
    struct duet_planning *planning = deciding->planning;
    bool known = (planning->changes->known & duet_bit(deciding->unit)) != 0;
    bool base_agrees =
        duet_unit_agrees(planning->rules, deciding->unit, &deciding->base, planning->arena);
    if (!known || (!base_agrees && deciding->changed[DUET_LEFT] == deciding->changed[DUET_RIGHT]))
        first_contact(deciding);
    else
        reconcile(deciding);
}

/* What a `clear` leaves to be emptied: both sides, or only the side whose own value goes over. */
static void finish_clear(struct deciding *deciding)
{
    struct duet_planning *planning = deciding->planning;
    if (deciding->move->decision == DUET_MOVES) {
        write_emptied(deciding, deciding->move->from);
        return;
    }
    duet_unit_copy(planning->tables, deciding->unit, &planning->changes->source, &deciding->base);
    if (deciding->move->decision != DUET_PENDING)
        deciding->move->decision = DUET_EMPTIED;
    write_emptied(deciding, DUET_LEFT);
    write_emptied(deciding, DUET_RIGHT);
}

static void decide(struct duet_planning *planning, uint32_t unit, bool merged)
{
    struct duet_changeset *changes = planning->changes;
    struct deciding deciding = { .planning = planning,
                                 .unit = unit,
                                 .row = duet_planning_unit(planning->tables, unit),
                                 .move = &changes->moves[unit],
                                 .base = planning->unit_base };
    duet_unit_copy(planning->tables, unit, &deciding.base, &changes->base);
    if (merged && deciding.row->frozen_by_merge) {
        deciding.move->decision = DUET_FROZEN;
        return;
    }
    apply_clear(&deciding);
    for (uint32_t side = 0; side < 2; side++)
        deciding.changed[side] = !duet_unit_equal(planning->tables, unit, (enum duet_side)side,
                                                  &planning->effective, &deciding.base);
    if (!duet_unit_agrees(planning->rules, unit, &planning->effective, planning->arena) &&
        !fetched(&deciding))
        resolve(&deciding);
    if (changes->cleared & duet_bit(unit))
        finish_clear(&deciding);
}

/* --- the whole ---------------------------------------------------------------------------------------------- */

static struct duet_value *copy_values(const struct duet_planning *planning, enum duet_side side,
                                      struct duet_arena *arena)
{
    uint32_t count = duet_side_row(planning->tables, side)->fields_count;
    struct duet_value *values = duet_arena_alloc_array(arena, count + 1U, sizeof *values);
    memcpy(values, planning->read[side], count * sizeof *values);
    return values;
}

static void begin(struct duet_planning *planning, const struct duet_plan_input *input)
{
    struct duet_changeset *changes = planning->changes;
    changes->before = input->state;
    changes->known = input->state->known;
    changes->base = duet_pairs_copy(input->rules, &input->state->base, planning->arena);
    changes->source = duet_pairs_new(input->rules, planning->arena);
    planning->unit_base = duet_pairs_new(input->rules, planning->arena);
    changes->moves = duet_arena_alloc_array(planning->arena, planning->mapping->units_count + 1U,
                                            sizeof *changes->moves);
    for (uint32_t u = 0; u < planning->mapping->units_count; u++)
        changes->moves[u] = (struct duet_move){ .unit = u, .trigger = DUET_NONE };
    for (uint32_t side = 0; side < 2; side++) {
        changes->notes_by[side] = DUET_NONE;
        planning->read[side] = input->record[side]->values;
        planning->base[side] = copy_values(planning, (enum duet_side)side, planning->arena);
        changes->after[side] = copy_values(planning, (enum duet_side)side, planning->arena);
    }
}

/* Signals whose condition holds and none of whose units is held: a signal waits until it was acted on. */
static uint64_t acted_on(const struct duet_planning *planning)
{
    uint64_t done = 0;
    uint64_t held = 0;
    if (!planning->signals)
        return 0;
    for (uint32_t u = 0; u < planning->mapping->units_count; u++) {
        if (planning->changes->moves[u].decision == DUET_HELD)
            held |= duet_bit(u);
    }
    for (uint32_t i = 0; i < planning->mapping->triggers_count && i < 64; i++) {
        const struct duet_t_trigger *trigger =
            duet_trigger_row(planning->tables, planning->mapping->triggers + i);
        if (trigger->event == DUET_EVENT_SIGNAL && (planning->signals & duet_bit(i)) &&
            !(held & duet_mask(trigger->units_lo, trigger->units_hi)) &&
            duet_trigger_holds(planning, trigger, i))
            done |= duet_bit(i);
    }
    return done;
}

struct duet_changeset *duet_plan(const struct duet_plan_input *input, struct duet_arena *arena)
{
    struct duet_planning planning = { .rules = input->rules,
                                      .tables = input->rules->tables,
                                      .mapping = duet_mapping(input->rules->tables),
                                      .arena = arena,
                                      .state = input->state,
                                      .signals = input->signals,
                                      .units = ~input->still };
    planning.changes = duet_arena_alloc(arena, sizeof *planning.changes);
    begin(&planning, input);
    planning.changes->now = duet_pairs_of(input->rules, input->record[DUET_LEFT]->values,
                                          input->record[DUET_RIGHT]->values, arena);
    note_times(&planning, input->record);
    for (uint32_t side = 0; side < 2 && !planning.changes->sentence; side++)
        planning.changes->sentence = duet_plan_stranger(input->rules, (enum duet_side)side,
                                                        input->record[side]->values, arena);
    planning.changes->quarantined = planning.changes->sentence != NULL;
    if (planning.changes->quarantined)
        return planning.changes;
    absorb(&planning);
    duet_planning_fill_base(&planning);
    planning.effective = duet_pairs_copy(input->rules, &planning.changes->now, arena);
    bool merged = duet_record_merged(input->rules, DUET_LEFT, planning.read[DUET_LEFT]) ||
                  duet_record_merged(input->rules, DUET_RIGHT, planning.read[DUET_RIGHT]);
    for (uint32_t u = 0; u < planning.mapping->units_count; u++) {
        if (planning.units & duet_bit(u))
            decide(&planning, u, merged);
    }
    duet_planning_accept(&planning);
    duet_planning_withhold(&planning, input->withheld);
    planning.changes->signals_done = acted_on(&planning);
    for (uint32_t side = 0; side < 2; side++) {
        planning.changes->notes_by[side] = duet_trigger_for_notes(&planning, (enum duet_side)side);
        planning.changes->notes_released[side] = planning.changes->notes_by[side] != DUET_NONE;
    }
    return planning.changes;
}
