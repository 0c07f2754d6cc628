#include "engine/plan/planning.h"

/* --- what was refused ---------------------------------------------------------------------------------- */

/* The target turned the unit down, and with it all that it takes or refuses together. */
static void add_refusal(const struct duet_tables *tables, struct duet_state *state,
                        enum duet_side target, uint32_t unit, const struct duet_pairs *seen,
                        const char *sentence, struct duet_arena *arena)
{
    uint64_t units = duet_component_units(
        tables, target, duet_unit_component(duet_planning_unit(tables, unit), target));
    for (size_t i = 0; i < state->refusal_count; i++) {
        if (state->refusals[i].target == target && state->refusals[i].units == units)
            return;
    }
    struct duet_refusal *refusals =
        duet_arena_alloc_array(arena, state->refusal_count + 1, sizeof *refusals);
    for (size_t i = 0; i < state->refusal_count; i++)
        refusals[i] = state->refusals[i];
    refusals[state->refusal_count++] =
        (struct duet_refusal){ .target = target,
                               .units = units,
                               .seen = *seen,
                               .sentence = sentence ? sentence : "it was refused" };
    state->refusals = refusals;
}

static const char *shows_another(const struct duet_tables *tables, enum duet_side target,
                                 uint32_t unit, struct duet_arena *arena)
{
    return duet_arena_format(arena, "%s said yes and shows another %s",
                             duet_str(tables, duet_side_row(tables, target)->name),
                             duet_str(tables, duet_planning_unit(tables, unit)->name));
}

static bool still_seen(const struct duet_tables *tables, const struct duet_refusal *refusal,
                       const struct duet_pairs *now)
{
    for (uint32_t u = 0; u < duet_mapping(tables)->units_count; u++) {
        if ((refusal->units & duet_bit(u)) &&
            (!duet_unit_equal(tables, u, DUET_LEFT, &refusal->seen, now) ||
             !duet_unit_equal(tables, u, DUET_RIGHT, &refusal->seen, now)))
            return false;
    }
    return true;
}

static void drop_old_refusals(const struct duet_tables *tables, struct duet_state *state,
                              const struct duet_pairs *now)
{
    size_t kept = 0;
    for (size_t i = 0; i < state->refusal_count; i++) {
        if (still_seen(tables, &state->refusals[i], now))
            state->refusals[kept++] = state->refusals[i];
    }
    state->refusal_count = kept;
}

/* --- one unit on one target -------------------------------------------------------------------------------- */

/* What the target shows beside what was sent to it from: the pair that would be the new base. */
static struct duet_pairs shown_beside(const struct duet_rules *rules, uint32_t unit,
                                      enum duet_side target, const struct duet_value *shows,
                                      const struct duet_pairs *source, struct duet_arena *arena)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_unit *row = duet_planning_unit(tables, unit);
    uint32_t first = duet_mapping(tables)->pairs;
    struct duet_pairs pairs = duet_pairs_new(rules, arena);
    for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
        uint32_t number =
            duet_field_number(tables, target, duet_pair_field(duet_pair_row(tables, p), target));
        pairs.side[target][p - first] =
            duet_pair_reading(duet_pair_row(tables, p), target, &shows[number]);
        pairs.side[duet_other(target)][p - first] = source->side[duet_other(target)][p - first];
    }
    return pairs;
}

/* What both sides hold once the target shows this. */
static struct duet_pairs seen_after(const struct duet_rules *rules, enum duet_side target,
                                    const struct duet_value *shows, const struct duet_pairs *now,
                                    struct duet_arena *arena)
{
    struct duet_pairs seen = duet_pairs_new(rules, arena);
    for (uint32_t u = 0; u < duet_mapping(rules->tables)->units_count; u++) {
        struct duet_pairs one = shown_beside(rules, u, target, shows, now, arena);
        duet_unit_copy(rules->tables, u, &seen, &one);
    }
    return seen;
}

/* What stands on the other side once all is written: the values that the write was made from; beside what a `clear` emptied on the side
 * that wins, what was sent there. */
static struct duet_pairs written_beside(const struct duet_rules *rules,
                                        const struct duet_changeset *changes, uint32_t unit,
                                        enum duet_side target, struct duet_arena *arena)
{
    const struct duet_move *move = &changes->moves[unit];
    if (move->decision != DUET_MOVES || move->from != target)
        return changes->source;
    return duet_pairs_of(rules, changes->after[DUET_LEFT], changes->after[DUET_RIGHT], arena);
}

bool duet_plan_shows_another(const struct duet_rules *rules, const struct duet_changeset *changes,
                             enum duet_side target, const struct duet_result *result,
                             struct duet_arena *arena)
{
    if (result->taken != DUET_TAKEN || !result->shows)
        return false;
    for (uint32_t u = 0; u < duet_mapping(rules->tables)->units_count; u++) {
        if (!(changes->sent[target] & duet_bit(u)))
            continue;
        struct duet_pairs beside = written_beside(rules, changes, u, target, arena);
        struct duet_pairs shown =
            shown_beside(rules, u, target, result->shows->values, &beside, arena);
        if (!duet_unit_agrees(rules, u, &shown, arena))
            return true;
    }
    return false;
}

/* Does a `clear` leave the unit empty on both sides, nobody having edited it? */
static bool empties(const struct duet_changeset *changes, uint32_t unit)
{
    return (changes->cleared & duet_bit(unit)) && changes->moves[unit].decision != DUET_MOVES;
}

/* A `clear` of which this is the one side that was written; or a value beside a reopen, which waits for the status' base. */
static bool is_half(const struct duet_changeset *changes, uint32_t unit, enum duet_side target,
                    const struct duet_result results[2])
{
    enum duet_taken other = results[duet_other(target)].taken;
    if ((changes->sent[duet_other(target)] & duet_bit(unit)) && other != DUET_TAKEN &&
        other != DUET_LOST)
        return true;
    return (changes->clear_due & duet_bit(unit)) && !empties(changes, unit);
}

static void add_sent(const struct duet_rules *rules, struct duet_state *state,
                     const struct duet_changeset *changes, uint32_t unit, enum duet_side target,
                     const struct duet_result results[2], struct duet_arena *arena)
{
    const struct duet_result *result = &results[target];
    struct duet_sent *sent = duet_arena_alloc_array(arena, state->sent_count + 2, sizeof *sent);
    for (size_t i = 0; i < state->sent_count; i++)
        sent[i] = state->sent[i];
    struct duet_sent *mine = &sent[state->sent_count++];
    *mine = (struct duet_sent){ .target = target,
                                .unit = unit,
                                .answered = result->taken == DUET_TAKEN,
                                .is_half = is_half(changes, unit, target, results),
                                .sent_at = result->sent_at };
    struct duet_pairs beside = written_beside(rules, changes, unit, target, arena);
    mine->was = shown_beside(rules, unit, target, changes->after[target], &beside, arena);
    mine->before = changes->now;
    state->sent = sent;
}

enum landing { LANDED, WAITING, NOT_LANDED };

static enum landing land(const struct duet_rules *rules, struct duet_state *state,
                         const struct duet_changeset *changes, uint32_t unit, enum duet_side target,
                         const struct duet_result results[2], struct duet_pairs *base_out,
                         struct duet_arena *arena)
{
    const struct duet_result *result = &results[target];
    switch (result->taken) {
    case DUET_NOT_WRITTEN:
    case DUET_FAILED_TO:
        return NOT_LANDED;
    case DUET_REFUSED:
        add_refusal(rules->tables, state, target, unit, &changes->now, result->sentence, arena);
        return NOT_LANDED;
    case DUET_LOST:
        add_sent(rules, state, changes, unit, target, results, arena);
        return WAITING;
    case DUET_TAKEN:
        break;
    }
    if (!result->shows) {
        add_sent(rules, state, changes, unit, target, results, arena);
        return WAITING;
    }
    struct duet_pairs beside = written_beside(rules, changes, unit, target, arena);
    *base_out = shown_beside(rules, unit, target, result->shows->values, &beside, arena);
    if (duet_unit_agrees(rules, unit, base_out, arena))
        return LANDED;
    struct duet_pairs seen = seen_after(rules, target, result->shows->values, &changes->now, arena);
    add_refusal(rules->tables, state, target, unit, &seen,
                shows_another(rules->tables, target, unit, arena), arena);
    return NOT_LANDED;
}

bool duet_plan_goes_on(const struct duet_rules *rules, const struct duet_changeset *changes,
                       const struct duet_result *first, struct duet_arena *arena)
{
    if (!changes->ordered || !changes->fields[changes->first])
        return true;
    for (uint32_t u = 0;
         first->taken == DUET_TAKEN && first->shows && u < duet_mapping(rules->tables)->units_count;
         u++) {
        if (!(changes->cleared & changes->sent[changes->first] & duet_bit(u)))
            continue;
        struct duet_pairs beside = written_beside(rules, changes, u, changes->first, arena);
        struct duet_pairs shown =
            shown_beside(rules, u, changes->first, first->shows->values, &beside, arena);
        if (!duet_unit_agrees(rules, u, &shown, arena))
            return false;
    }
    return first->taken == DUET_TAKEN;
}

/* The unit's new base, or the old one while not everything that was sent of it is confirmed. True when it moved. While a reopen with
 * its `clear` is outstanding (the status has not moved), the base may only become empty: else the next plan would take what a person
 * wrote for what is to be emptied. */
static bool record_unit(const struct duet_rules *rules, struct duet_state *state,
                        const struct duet_changeset *changes, uint32_t unit, bool status_moved,
                        const struct duet_result results[2], struct duet_arena *arena)
{
    bool all = true;
    struct duet_pairs base = changes->base;
    for (uint32_t target = 0; target < 2; target++) {
        if (!(changes->sent[target] & duet_bit(unit)))
            continue;
        enum landing landing =
            land(rules, state, changes, unit, (enum duet_side)target, results, &base, arena);
        all = all && landing == LANDED;
    }
    if (!all)
        return false;
    if ((changes->clear_due & duet_bit(unit)) && !empties(changes, unit) && !status_moved)
        return false;
    if (empties(changes, unit))
        base = changes->source;
    duet_unit_copy(rules->tables, unit, &state->base, &base);
    state->known |= duet_bit(unit);
    return true;
}

static bool absorb_unit(const struct duet_tables *tables, struct duet_state *state,
                        const struct duet_changeset *changes, uint32_t unit)
{
    bool moved = !duet_unit_equal(tables, unit, DUET_LEFT, &state->base, &changes->base) ||
                 !duet_unit_equal(tables, unit, DUET_RIGHT, &state->base, &changes->base);
    if (!(changes->known & duet_bit(unit)))
        return false;
    duet_unit_copy(tables, unit, &state->base, &changes->base);
    state->known |= duet_bit(unit);
    return moved;
}

struct duet_state *duet_plan_record(const struct duet_rules *rules,
                                    const struct duet_changeset *changes,
                                    const struct duet_result results[2], struct duet_arena *arena)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    struct duet_state *state = duet_state_copy(rules, changes->before, arena);
    uint64_t written = changes->sent[DUET_LEFT] | changes->sent[DUET_RIGHT];
    uint64_t status = duet_status_units(rules, DUET_LEFT) | duet_status_units(rules, DUET_RIGHT);
    bool status_moved = false;
    drop_old_refusals(tables, state, &changes->now);
    if (changes->quarantined)
        return state;
    for (uint32_t u = 0; u < mapping->units_count; u++) {
        if (changes->clear_due & duet_bit(u))
            continue;
        bool moved = written & duet_bit(u)
                         ? record_unit(rules, state, changes, u, false, results, arena)
                         : absorb_unit(tables, state, changes, u);
        status_moved = status_moved || (moved && (status & duet_bit(u)));
    }
    for (uint32_t u = 0; u < mapping->units_count; u++) {
        if (!(changes->clear_due & duet_bit(u)))
            continue;
        if (written & duet_bit(u))
            (void)record_unit(rules, state, changes, u, status_moved, results, arena);
        else if (status_moved)
            (void)absorb_unit(tables, state, changes, u);
    }
    for (uint32_t side = 0; side < 2; side++) {
        state->last_modified[side] = changes->modified[side];
        for (uint32_t u = 0; u < mapping->units_count; u++)
            state->times[side][u] = changes->times[side][u];
    }
    for (uint32_t u = 0; u < mapping->units_count; u++)
        duet_unit_copy(tables, u, &state->last, &changes->now);
    return state;
}

/* --- settling ---------------------------------------------------------------------------------------------- */

static bool read_late_enough(const struct duet_state *state, const int64_t read_at[2])
{
    for (size_t i = 0; i < state->sent_count; i++) {
        if (read_at[state->sent[i].target] <= state->sent[i].sent_at)
            return false;
    }
    return true;
}

static bool others_waiting(const struct duet_state *state, size_t from, uint32_t unit)
{
    for (size_t i = from; i < state->sent_count; i++) {
        if (state->sent[i].unit == unit)
            return true;
    }
    return false;
}

/* Shows the target what stood there before the write, so that the write was said yes to and not done? Else what was sent was there, and
 * somebody has changed it since. */
static bool was_ignored(const struct duet_tables *tables, const struct duet_sent *sent,
                        const struct duet_pairs *shown)
{
    return !sent->is_made &&
           duet_unit_equal(tables, sent->unit, sent->target, &sent->before, shown);
}

bool duet_state_settle(const struct duet_rules *rules, struct duet_state *state,
                       const struct duet_record *const record[2], const int64_t read_at[2],
                       struct duet_arena *arena)
{
    if (!read_late_enough(state, read_at))
        return false;
    struct duet_pairs now =
        duet_pairs_of(rules, record[DUET_LEFT]->values, record[DUET_RIGHT]->values, arena);
    uint64_t failed = 0;
    drop_old_refusals(rules->tables, state, &now);
    for (size_t i = 0; i < state->sent_count; i++) {
        const struct duet_sent *sent = &state->sent[i];
        struct duet_pairs base = shown_beside(rules, sent->unit, sent->target,
                                              record[sent->target]->values, &sent->was, arena);
        bool is_there = duet_unit_agrees(rules, sent->unit, &base, arena);
        bool is_edited = !is_there && sent->answered && !was_ignored(rules->tables, sent, &base);
        if (is_there || is_edited) {
            if (others_waiting(state, i + 1, sent->unit) || (failed & duet_bit(sent->unit)) ||
                sent->is_half)
                continue;
            duet_unit_copy(rules->tables, sent->unit, &state->base, is_there ? &base : &sent->was);
            state->known |= duet_bit(sent->unit);
            continue;
        }
        failed |= duet_bit(sent->unit);
        if (sent->answered)
            add_refusal(rules->tables, state, sent->target, sent->unit, &now,
                        shows_another(rules->tables, sent->target, sent->unit, arena), arena);
    }
    state->sent_count = 0;
    return true;
}
