#include "engine/plan/unit.h"
#include "engine/prove/proving.h"

#include <string.h>

const char *duet_law_name(enum duet_law law)
{
    static const char *const names[DUET_LAWS] = {
        [DUET_LAW_LEGAL] = "legal",
        [DUET_LAW_CORRECT] = "correct",
        [DUET_LAW_NO_LOST] = "no lost edit",
        [DUET_LAW_QUIET] = "quiet",
        [DUET_LAW_MOVES] = "every edit moves",
        [DUET_LAW_ROUND_TRIP] = "round trip",
        [DUET_LAW_ONE_OUTCOME] = "one outcome",
        [DUET_LAW_FITS] = "form fits",
    };
    return names[law];
}

/* --- shortest ----------------------------------------------------------------------------------------------- */

uint32_t duet_proving_weight(const struct duet_proving *proving, struct duet_triple triple)
{
    const struct duet_space *space = proving->space;
    const struct duet_state *state = space->states[triple.base];
    uint32_t weight = 0;
    for (uint32_t p = 0; p < proving->mapping->pairs_count; p++) {
        const struct duet_t_pair *pair =
            duet_pair_row(proving->tables, proving->mapping->pairs + p);
        for (uint32_t s = 0; s < 2; s++) {
            enum duet_side side = (enum duet_side)s;
            const struct duet_value *value =
                &space->side[s]
                     .records[triple.record[s]]
                     .values[duet_field_number(proving->tables, side, duet_pair_field(pair, side))];
            weight += duet_value_equal(value, &state->base.side[s][p]) ? 0 : 1;
        }
    }
    for (uint32_t i = 0; i < space->unit_count; i++)
        weight += duet_space_unit_base(&space->units[i], triple.base) ? 0 : 20;
    return weight;
}

/* Would the earlier of two dated changes have been absorbed when it was read alone, since it agrees with what the other side showed? */
static bool is_absorbed_first(const struct duet_proving *proving, struct duet_asked asked,
                              uint32_t unit)
{
    const struct duet_space *space = proving->space;
    enum duet_dated dated = space->variants[asked.variant].dated;
    enum duet_side later = dated == DUET_LEFT_LATER ? DUET_LEFT : DUET_RIGHT;
    if (dated == DUET_UNDATED)
        return false;
    struct duet_pairs seen = duet_pairs_of(
        space->rules, space->side[DUET_LEFT].records[asked.triple.record[0]].values,
        space->side[DUET_RIGHT].records[asked.triple.record[1]].values, proving->scratch);
    seen.side[later] = space->states[asked.triple.base]->base.side[later];
    return duet_unit_agrees(space->rules, unit, &seen, proving->scratch);
}

/* Of the mapping's pairs, the unit that has it. */
static uint32_t unit_of(const struct duet_proving *proving, uint32_t pair)
{
    uint32_t unit = 0;
    while (duet_planning_unit(proving->tables, unit)->pairs +
               duet_planning_unit(proving->tables, unit)->pairs_count <=
           proving->mapping->pairs + pair)
        unit++;
    return unit;
}

/* Did the sides agree on what one of them couldn't show all at once, say closed without a verdict? */
static bool is_base_refused(const struct duet_proving *proving, struct duet_triple triple)
{
    const struct duet_space *space = proving->space;
    const struct duet_state *state = space->states[triple.base];
    for (uint32_t s = 0; s < 2; s++) {
        enum duet_side side = (enum duet_side)s;
        uint32_t count = duet_side_row(proving->tables, side)->fields_count;
        struct duet_value *values =
            duet_arena_alloc_array(proving->scratch, count + 1U, sizeof *values);
        memcpy(values, space->side[side].records[triple.record[side]].values,
               count * sizeof *values);
        for (uint32_t p = 0; p < proving->mapping->pairs_count; p++) {
            const struct duet_t_pair *pair =
                duet_pair_row(proving->tables, proving->mapping->pairs + p);
            if (state->known & duet_bit(unit_of(proving, p)))
                values[duet_field_number(proving->tables, side, duet_pair_field(pair, side))] =
                    state->base.side[side][p];
        }
        if (duet_space_record(space, side, values) == DUET_NONE)
            return true;
    }
    return false;
}

#define HARDLY_EVER 20U /* fields: such a story is told only when there is no other */

void duet_proving_breaks(struct duet_proving *proving, enum duet_law law, struct duet_asked asked,
                         uint32_t unit)
{
    struct duet_broken *broken = &proving->broken[law];
    uint32_t weight = duet_proving_weight(proving, asked.triple) + (asked.variant ? 1 : 0) +
                      (is_absorbed_first(proving, asked, unit) ? HARDLY_EVER : 0) +
                      (is_base_refused(proving, asked.triple) ? HARDLY_EVER : 0);
    proving->broken_at[duet_space_number(proving->space, asked.triple)] |=
        (unsigned char)duet_bit(law);
    if (broken->is && broken->weight <= weight)
        return;
    *broken = (struct duet_broken){ .is = true,
                                    .triple = duet_space_number(proving->space, asked.triple),
                                    .variant = asked.variant,
                                    .unit = unit,
                                    .weight = weight };
}

/* --- one plan ----------------------------------------------------------------------------------------------- */

struct judging {
    struct duet_proving *proving;
    struct duet_asked asked;
    const struct duet_step *taken;
    const struct duet_changeset *changes;
};

static void breaks(const struct judging *judging, enum duet_law law, uint32_t unit)
{
    duet_proving_breaks(judging->proving, law, judging->asked, unit);
}

/* Of the units of the core that are written, one that differs after it; else the first of them. */
static uint32_t written_unit(const struct judging *judging)
{
    const struct duet_proving *proving = judging->proving;
    const struct duet_changeset *changes = judging->changes;
    uint64_t sent = changes->sent[DUET_LEFT] | changes->sent[DUET_RIGHT];
    struct duet_pairs after = duet_pairs_of(proving->space->rules, changes->after[DUET_LEFT],
                                            changes->after[DUET_RIGHT], proving->scratch);
    uint32_t first = DUET_NONE;
    for (uint32_t i = proving->core_count; i-- > 0;) {
        uint32_t unit = proving->core[i];
        if (!(sent & duet_bit(unit)))
            continue;
        first = unit;
        if (!duet_unit_agrees(proving->space->rules, unit, &after, proving->scratch))
            return unit;
    }
    return first == DUET_NONE ? proving->core[0] : first;
}

/* Where the writes lead. What isn't in the space, or shows another value, breaks the law that what is written agrees with what it was made
 * from: DUET_NONE, the engine holds it then. */
static uint32_t next_of(const struct judging *judging)
{
    const struct duet_proving *proving = judging->proving;
    const struct duet_step *taken = judging->taken;
    if (taken->is_refused)
        breaks(judging, DUET_LAW_LEGAL, written_unit(judging));
    else if (!taken->is_as_sent)
        breaks(judging, DUET_LAW_CORRECT, written_unit(judging));
    return taken->is_inside && (taken->is_as_sent || taken->is_refused)
               ? duet_space_first(proving->space, taken->next)
               : DUET_NONE;
}

static bool is_changed(const struct duet_proving *proving, const struct duet_changeset *changes,
                       uint32_t unit, enum duet_side side)
{
    return !duet_unit_equal(proving->tables, unit, side, &changes->before->base, &changes->now);
}

bool duet_proving_edited_alone(const struct duet_proving *proving,
                               const struct duet_changeset *changes, uint32_t unit,
                               enum duet_side side)
{
    return (changes->before->known & duet_bit(unit)) && is_changed(proving, changes, unit, side) &&
           !is_changed(proving, changes, unit, duet_other(side)) &&
           duet_unit_agrees(proving->space->rules, unit, &changes->before->base, proving->scratch);
}

/* Somebody asked for the other side's values. */
static bool is_fetched(const struct judging *judging, uint32_t unit)
{
    uint32_t number = judging->changes->moves[unit].trigger;
    const struct duet_t_trigger *trigger = duet_trigger_row(judging->proving->tables, number);
    return trigger && trigger->verb == DUET_FETCH && trigger->event == DUET_EVENT_SIGNAL;
}

static void judge_lost(const struct judging *judging, uint32_t unit)
{
    if ((judging->changes->cleared & duet_bit(unit)) || is_fetched(judging, unit))
        return;
    for (uint32_t s = 0; s < 2; s++) {
        enum duet_side side = (enum duet_side)s;
        if ((judging->changes->sent[side] & duet_bit(unit)) &&
            duet_proving_edited_alone(judging->proving, judging->changes, unit, side))
            breaks(judging, DUET_LAW_NO_LOST, unit);
    }
}

/* Does the next plan take what stands there for what was agreed on? Not before a write is confirmed, nor while a person is told of a status
 * that is held: what that status clears waits for it. */
static bool is_remembered(const struct judging *judging, uint32_t unit)
{
    const struct duet_tables *tables = judging->proving->tables;
    const struct duet_changeset *changes = judging->changes;
    bool is_waiting = (changes->clear_due & duet_bit(unit)) != 0 &&
                      duet_proving_held_sides(judging->proving, changes) != 0;
    if (!judging->taken->is_as_sent || is_waiting)
        return true;
    const struct duet_state *after = judging->proving->space->states[judging->taken->next.base];
    return (after->known & duet_bit(unit)) &&
           duet_unit_equal(tables, unit, DUET_LEFT, &after->base, &changes->now) &&
           duet_unit_equal(tables, unit, DUET_RIGHT, &after->base, &changes->now);
}

/* What differs is spoken of; what agrees isn't written, and is what both sides last agreed on. */
static void judge_said(const struct judging *judging, uint32_t unit)
{
    const struct duet_changeset *changes = judging->changes;
    const struct duet_tables *tables = judging->proving->tables;
    const struct duet_rules *rules = judging->proving->space->rules;
    enum duet_decision decision = changes->moves[unit].decision;
    bool is_silent = decision == DUET_NOTHING || decision == DUET_ABSORBED;
    bool is_written =
        ((changes->sent[DUET_LEFT] | changes->sent[DUET_RIGHT]) & duet_bit(unit)) != 0;
    if (is_written && duet_step_in_vain(rules, changes, unit, judging->proving->scratch))
        breaks(judging, DUET_LAW_CORRECT, unit);
    if (!is_silent || !duet_unit_known(tables, unit, DUET_LEFT, &changes->now) ||
        !duet_unit_known(tables, unit, DUET_RIGHT, &changes->now))
        return;
    if (!duet_unit_agrees(rules, unit, &changes->now, judging->proving->scratch) ||
        !is_remembered(judging, unit))
        breaks(judging, DUET_LAW_CORRECT, unit);
}

/* --- round trip --------------------------------------------------------------------------------------------- */

static const struct duet_domain *domain_of(const struct duet_proving *proving,
                                           const struct duet_t_pair *pair, enum duet_side side)
{
    return &proving->space->domains[side][duet_field_number(proving->tables, side,
                                                            duet_pair_field(pair, side))];
}

/* Does anything on the other side become this value? */
static bool is_image(const struct duet_proving *proving, const struct duet_t_pair *pair,
                     enum duet_side side, const struct duet_value *value)
{
    enum duet_side other = duet_other(side);
    const struct duet_domain *domain = domain_of(proving, pair, other);
    for (uint32_t v = 0; v < domain->count; v++) {
        struct duet_value made;
        if (duet_pair_convert(proving->space->rules, pair, other, &domain->values[v],
                              proving->scratch, &made) == DUET_CONVERTED &&
            duet_value_equal(&made, value))
            return true;
    }
    return false;
}

bool duet_proving_is_lossy(const struct duet_proving *proving, const struct duet_t_pair *pair,
                           enum duet_side from, const struct duet_value *value)
{
    if (pair->lossy != DUET_NONE)
        return true;
    const struct duet_t_map *map = duet_map_row(proving->tables, pair->map);
    for (uint32_t a = 0; map && a < map->arms_count; a++) {
        const struct duet_t_arm *arm = duet_arm_row(proving->tables, map->arms + a);
        uint32_t own = from == DUET_LEFT ? arm->left : arm->right;
        bool is_of = value->kind == DUET_VALUE_ENUM && own == (uint32_t)value->number &&
                     arm->direction != (from == DUET_LEFT ? DUET_TO_LEFT : DUET_TO_RIGHT);
        if (is_of && arm->lossy != DUET_NONE)
            return true;
    }
    return false;
}

/* What nothing on the other side becomes is kept by the base, as long as it agrees with what it became. */
static bool comes_back(const struct duet_proving *proving, const struct duet_t_pair *pair,
                       enum duet_side from, const struct duet_value *value)
{
    const struct duet_rules *rules = proving->space->rules;
    struct duet_value there;
    struct duet_value back;
    if (duet_value_missing(value) || duet_proving_is_lossy(proving, pair, from, value) ||
        duet_pair_convert(rules, pair, from, value, proving->scratch, &there) != DUET_CONVERTED ||
        duet_pair_convert(rules, pair, duet_other(from), &there, proving->scratch, &back) !=
            DUET_CONVERTED ||
        duet_value_equal(&back, value))
        return true;
    return !is_image(proving, pair, from, value) &&
           duet_pair_agree(rules, pair, from == DUET_LEFT ? value : &there,
                           from == DUET_LEFT ? &there : value, proving->scratch);
}

static uint64_t one_way_values(const struct duet_proving *proving, uint32_t pair,
                               enum duet_side side)
{
    const struct duet_t_pair *row = duet_pair_row(proving->tables, pair);
    const struct duet_domain *domain = domain_of(proving, row, side);
    uint64_t values = 0;
    for (uint32_t v = 0; v < domain->count && row->direction == DUET_BOTH_WAYS; v++) {
        if (!comes_back(proving, row, side, &domain->values[v]))
            values |= duet_bit(v);
    }
    return values;
}

void duet_proving_round_trips(struct duet_proving *proving)
{
    for (uint32_t i = 0; i < proving->core_count; i++) {
        const struct duet_t_unit *row = duet_planning_unit(proving->tables, proving->core[i]);
        for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
            for (uint32_t s = 0; s < 2; s++) {
                uint64_t values = one_way_values(proving, p, (enum duet_side)s);
                proving->one_way[s][p - proving->mapping->pairs] = values;
                proving->one_way_units[s] |= values ? duet_bit(proving->core[i]) : 0;
            }
        }
    }
}

static void judge_round_trip(const struct judging *judging, uint32_t unit, enum duet_side side)
{
    const struct duet_proving *proving = judging->proving;
    const struct duet_t_unit *row = duet_planning_unit(proving->tables, unit);
    enum duet_decision decision = judging->changes->moves[unit].decision;
    if (!(proving->one_way_units[side] & duet_bit(unit)) || decision == DUET_PENDING ||
        decision == DUET_HELD ||
        !duet_proving_edited_alone(judging->proving, judging->changes, unit, side))
        return;
    for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
        uint32_t at = p - proving->mapping->pairs;
        const struct duet_domain *domain =
            domain_of(proving, duet_pair_row(proving->tables, p), side);
        uint32_t value = proving->one_way[side][at]
                             ? duet_domain_find(domain, &judging->changes->now.side[side][at])
                             : DUET_NONE;
        if (value != DUET_NONE && (proving->one_way[side][at] & duet_bit(value)))
            breaks(judging, DUET_LAW_ROUND_TRIP, unit);
    }
}

/* --- one outcome ---------------------------------------------------------------------------------------------- */

/* A conflict that the dates of its changes decide. Who wins there can release what else was changed. */
static bool is_any_by_date(const struct duet_proving *proving)
{
    uint64_t units = ~duet_space_still(proving->space);
    for (uint32_t u = 0; u < proving->mapping->units_count; u++) {
        if ((units & duet_bit(u)) && proving->undated->moves[u].conflict &&
            duet_planning_unit(proving->tables, u)->policy == DUET_POLICY_NEWEST)
            return true;
    }
    return false;
}

/* Of a conflict without dates: the side wins that the policy names. */
static void judge_named(const struct judging *judging, uint32_t unit)
{
    const struct duet_t_unit *row = duet_planning_unit(judging->proving->tables, unit);
    const struct duet_move *move = &judging->changes->moves[unit];
    bool is_named = row->policy == DUET_POLICY_SIDE || row->policy == DUET_POLICY_NEWEST;
    enum duet_side named = row->policy_side == DUET_CHOOSE_LEFT ? DUET_LEFT : DUET_RIGHT;
    if (is_named && move->conflict && move->by_policy && move->from != named)
        breaks(judging, DUET_LAW_ONE_OUTCOME, unit);
}

/* Of a conflict with dates: the later side wins where `newest` decides; elsewhere the dates change nothing. */
static void judge_outcome(const struct judging *judging, uint32_t unit)
{
    const struct duet_proving *proving = judging->proving;
    enum duet_dated dated = proving->space->variants[judging->asked.variant].dated;
    const struct duet_move *move = &judging->changes->moves[unit];
    if (dated == DUET_UNDATED)
        judge_named(judging, unit);
    if (dated == DUET_UNDATED || !proving->undated->moves[unit].conflict)
        return;
    const struct duet_move *undated = &proving->undated->moves[unit];
    enum duet_side later = dated == DUET_LEFT_LATER ? DUET_LEFT : DUET_RIGHT;
    bool is_by_date = duet_planning_unit(proving->tables, unit)->policy == DUET_POLICY_NEWEST;
    bool is_right = is_by_date && move->by_policy
                        ? move->from == later
                        : move->from == undated->from || is_any_by_date(proving);
    if (!is_right)
        breaks(judging, DUET_LAW_ONE_OUTCOME, unit);
}

/* --- does what one side allows fit the other? ------------------------------------------------------------------- */

/* The other side's values with all on them that is held of that side. */
static uint64_t with_held(const struct judging *judging, enum duet_side from,
                          struct duet_value *after)
{
    const struct duet_proving *proving = judging->proving;
    enum duet_side target = duet_other(from);
    uint64_t fields = 0;
    for (uint32_t i = 0; i < proving->core_count; i++) {
        const struct duet_move *move = &judging->changes->moves[proving->core[i]];
        const struct duet_t_unit *row = duet_planning_unit(proving->tables, proving->core[i]);
        bool is_held = move->decision == DUET_HELD && move->from == from;
        for (uint32_t p = row->pairs; is_held && p < row->pairs + row->pairs_count; p++) {
            const struct duet_t_pair *pair = duet_pair_row(proving->tables, p);
            uint32_t number =
                duet_field_number(proving->tables, target, duet_pair_field(pair, target));
            struct duet_value made;
            if (duet_pair_convert(proving->space->rules, pair, from,
                                  &judging->changes->now.side[from][p - proving->mapping->pairs],
                                  proving->scratch, &made) != DUET_CONVERTED)
                return 0;
            after[number] = made;
            fields |= duet_bit(number);
        }
    }
    return fields;
}

/* Held, with nothing missing: the other side never takes it. */
static void judge_fit(const struct judging *judging, uint32_t unit)
{
    const struct duet_proving *proving = judging->proving;
    const struct duet_move *move = &judging->changes->moves[unit];
    if (move->decision != DUET_HELD || move->conflict || move->clear)
        return;
    enum duet_side target = duet_other(move->from);
    uint32_t count = duet_side_row(proving->tables, target)->fields_count;
    const struct duet_value *before =
        proving->space->side[target].records[judging->asked.triple.record[target]].values;
    struct duet_value *after = duet_arena_alloc_array(proving->scratch, count + 1U, sizeof *after);
    for (uint32_t f = 0; f < count; f++)
        after[f] = before[f];
    uint64_t fields = with_held(judging, move->from, after);
    const char *sentence = NULL;
    const struct duet_t_rule *rule = duet_side_refusing(proving->space->rules, target, before,
                                                        after, fields, proving->scratch, &sentence);
    if (rule && (rule->kind == DUET_RULE_DEPENDENT || rule->kind == DUET_RULE_MAX))
        breaks(judging, DUET_LAW_FITS, unit);
}

enum duet_did duet_proving_did(const struct duet_move *move)
{
    switch (move->decision) {
    case DUET_MOVES:
    case DUET_EMPTIED:
        return DUET_DID_MOVE;
    case DUET_PENDING:
        return move->from == DUET_LEFT ? DUET_DID_PEND_LEFT : DUET_DID_PEND_RIGHT;
    case DUET_HELD:
        return DUET_DID_HOLD;
    case DUET_NOTHING:
    case DUET_ABSORBED:
    case DUET_SHOWN:
    case DUET_FROZEN:
    case DUET_DECISIONS:
        break;
    }
    return DUET_DID_NOTHING;
}

unsigned char duet_proving_held_sides(const struct duet_proving *proving,
                                      const struct duet_changeset *changes)
{
    unsigned char sides = 0;
    for (uint32_t i = 0; i < proving->core_count; i++) {
        const struct duet_move *move = &changes->moves[proving->core[i]];
        if (move->decision == DUET_HELD && !move->clear)
            sides |= (unsigned char)duet_bit(move->from);
    }
    return sides;
}

uint32_t duet_proving_judge(struct duet_proving *proving, struct duet_asked asked,
                            const struct duet_step *taken)
{
    const struct judging judging = {
        .proving = proving, .asked = asked, .taken = taken, .changes = taken->changes
    };
    for (uint32_t i = 0; i < proving->core_count; i++) {
        judge_lost(&judging, proving->core[i]);
        judge_said(&judging, proving->core[i]);
        judge_round_trip(&judging, proving->core[i], DUET_LEFT);
        judge_round_trip(&judging, proving->core[i], DUET_RIGHT);
        judge_outcome(&judging, proving->core[i]);
        judge_fit(&judging, proving->core[i]);
    }
    return next_of(&judging);
}
