#include "engine/plan/unit.h"
#include "engine/prove/proving.h"

const char *duet_law_name(enum duet_law law)
{
    static const char *const names[DUET_LAWS] = {
        [DUET_LAW_LEGAL] = "legal",
        [DUET_LAW_CORRECT] = "correct",
        [DUET_LAW_NO_LOST] = "no lost edit",
        [DUET_LAW_QUIET] = "quiet",
        [DUET_LAW_MOVES] = "every edit moves",
    };
    return names[law];
}

/* --- shortest ----------------------------------------------------------------------------------------------- */

static uint32_t weight_of(const struct duet_proving *proving, struct duet_triple triple)
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

void duet_proving_breaks(struct duet_proving *proving, enum duet_law law, uint32_t triple,
                         uint32_t unit)
{
    struct duet_broken *broken = &proving->broken[law];
    uint32_t weight = weight_of(proving, duet_space_triple(proving->space, triple));
    if (broken->is && broken->weight <= weight)
        return;
    *broken = (struct duet_broken){ .is = true, .triple = triple, .unit = unit, .weight = weight };
}

/* --- one triple --------------------------------------------------------------------------------------------- */

struct step {
    const struct duet_step *taken;
    const struct duet_changeset *changes;
    struct duet_triple triple;
    uint32_t number;
};

/* Where the writes lead. What isn't in the space, or shows another value, breaks the law that what is written agrees with what it was made
 * from: DUET_NONE, the engine holds it then. */
static uint32_t next_of(struct duet_proving *proving, const struct step *step)
{
    const struct duet_step *taken = step->taken;
    if (taken->is_refused)
        duet_proving_breaks(proving, DUET_LAW_LEGAL, step->number, proving->core[0]);
    else if (!taken->is_as_sent)
        duet_proving_breaks(proving, DUET_LAW_CORRECT, step->number, proving->core[0]);
    return taken->is_inside && (taken->is_as_sent || taken->is_refused)
               ? duet_space_first(proving->space, taken->next)
               : DUET_NONE;
}

/* --- laws of one triple --------------------------------------------------------------------------------------- */

static bool is_changed(const struct duet_proving *proving, const struct step *step, uint32_t unit,
                       enum duet_side side)
{
    return !duet_unit_equal(proving->tables, unit, side,
                            &proving->space->states[step->triple.base]->base, &step->changes->now);
}

static void judge_lost(struct duet_proving *proving, const struct step *step, uint32_t unit)
{
    const struct duet_state *state = proving->space->states[step->triple.base];
    if (!(state->known & duet_bit(unit)) || (step->changes->cleared & duet_bit(unit)) ||
        !duet_unit_agrees(proving->space->rules, unit, &state->base, proving->scratch))
        return;
    for (uint32_t s = 0; s < 2; s++) {
        enum duet_side side = (enum duet_side)s;
        if ((step->changes->sent[side] & duet_bit(unit)) && is_changed(proving, step, unit, side) &&
            !is_changed(proving, step, unit, duet_other(side)))
            duet_proving_breaks(proving, DUET_LAW_NO_LOST, step->number, unit);
    }
}

static void judge_said(struct duet_proving *proving, const struct step *step, uint32_t unit)
{
    enum duet_decision decision = step->changes->moves[unit].decision;
    bool is_silent = decision == DUET_NOTHING || decision == DUET_ABSORBED;
    if (is_silent && duet_unit_known(proving->tables, unit, DUET_LEFT, &step->changes->now) &&
        duet_unit_known(proving->tables, unit, DUET_RIGHT, &step->changes->now) &&
        !duet_unit_agrees(proving->space->rules, unit, &step->changes->now, proving->scratch))
        duet_proving_breaks(proving, DUET_LAW_CORRECT, step->number, unit);
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

uint32_t duet_proving_judge(struct duet_proving *proving, struct duet_triple triple,
                            const struct duet_step *taken)
{
    const struct step step = { .taken = taken,
                               .changes = taken->changes,
                               .triple = triple,
                               .number = duet_space_number(proving->space, triple) };
    for (uint32_t i = 0; i < proving->core_count; i++) {
        judge_lost(proving, &step, proving->core[i]);
        judge_said(proving, &step, proving->core[i]);
    }
    return next_of(proving, &step);
}
