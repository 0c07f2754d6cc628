#include "engine/prove/proving.h"

#include "engine/plan/unit.h"

/* What is remembered of a write whose answer showed nothing, or never came, and what a later read makes of it: the write may have been
 * done, ignored, or done and edited since, before or after. Whatever is read then, the base must be one that the space has, so that the
 * next plan is one of its triples; and a write that is read as it was sent leaves the base that its answer would have left.
 *
 * A unit's fate depends on its own values alone, so each write of one is asked once, with every value that its target can show. */

#define READ_LATER                                                                                 \
    {                                                                                              \
        2, 2                                                                                       \
    }

struct asking {
    struct duet_proving *proving;
    struct duet_asked asked;
    const struct duet_step *taken;
    uint32_t unit; /* number in the core */
    enum duet_side target;
};

static uint32_t unit_base(const struct asking *asking, uint32_t base)
{
    const struct duet_space *space = asking->proving->space;
    uint32_t unit = asking->proving->core[asking->unit];
    for (uint32_t i = 0; i < space->unit_count; i++) {
        if (space->units[i].unit == unit)
            return duet_space_unit_base(&space->units[i], base);
    }
    return 0;
}

/* False the first time. */
static bool is_known(const struct asking *asking)
{
    struct duet_proving *proving = asking->proving;
    const struct duet_space *space = proving->space;
    uint32_t unit = proving->core[asking->unit];
    bool is_other_sent =
        (asking->taken->changes->sent[duet_other(asking->target)] & duet_bit(unit)) != 0;
    uint32_t left = proving->alike[DUET_LEFT][asking->unit][asking->asked.triple.record[DUET_LEFT]];
    uint32_t right =
        proving->alike[DUET_RIGHT][asking->unit][asking->asked.triple.record[DUET_RIGHT]];
    size_t number = asking->unit * 2U + asking->target;
    number = number * 2U + is_other_sent;
    number = number * space->side[DUET_LEFT].record_count + left;
    number = number * space->side[DUET_RIGHT].record_count + right;
    number = number * space->base_count + unit_base(asking, asking->asked.triple.base);
    unsigned char bit = (unsigned char)(1U << (number % 8U));
    bool is_seen = (proving->sent_seen[number / 8U] & bit) != 0;
    proving->sent_seen[number / 8U] |= bit;
    return is_seen;
}

static const struct duet_state *sent_state(const struct asking *asking, enum duet_taken answer)
{
    struct duet_result results[2] = { { .sent_at = 1 }, { .sent_at = 1 } };
    for (uint32_t s = 0; s < 2; s++) {
        if (asking->taken->results[s].taken == DUET_TAKEN)
            results[s].taken = answer;
    }
    return duet_plan_record(asking->proving->space->rules, asking->taken->changes, results,
                            asking->proving->scratch);
}

/* Does the record show the unit as it was sent? */
static bool is_as_sent(const struct asking *asking, const struct duet_record *shown)
{
    const struct duet_proving *proving = asking->proving;
    uint64_t fields =
        duet_unit_fields(proving->tables, proving->core[asking->unit], asking->target);
    const struct duet_value *after = asking->taken->changes->after[asking->target];
    for (uint32_t f = 0; f < duet_side_row(proving->tables, asking->target)->fields_count; f++) {
        if ((fields & duet_bit(f)) && !duet_value_equal(&shown->values[f], &after[f]))
            return false;
    }
    return true;
}

static void read_one(const struct asking *asking, const struct duet_state *sent,
                     const struct duet_record *shown)
{
    const struct duet_proving *proving = asking->proving;
    const struct duet_space *space = proving->space;
    enum duet_side other = duet_other(asking->target);
    const int64_t read_at[2] = READ_LATER;
    const struct duet_record *records[2];
    records[asking->target] = shown;
    records[other] = asking->taken->results[other].taken == DUET_TAKEN
                         ? &asking->taken->shows[other]
                         : &space->side[other].records[asking->asked.triple.record[other]];
    struct duet_state *state = duet_state_copy(space->rules, sent, proving->scratch);
    bool is_settled = duet_state_settle(space->rules, state, records, read_at, proving->scratch);
    uint32_t base = duet_space_base(space, state);
    uint32_t unit = proving->core[asking->unit];
    bool is_cleared = (asking->taken->changes->clear_due & duet_bit(unit)) != 0;
    bool is_right = is_settled && base != DUET_NONE;
    if (is_right && !is_cleared && asking->taken->is_as_sent && is_as_sent(asking, shown))
        is_right = unit_base(asking, base) == unit_base(asking, asking->taken->next.base);
    if (!is_right)
        duet_proving_breaks(asking->proving, DUET_LAW_CORRECT, asking->asked, unit);
}

static void read_all(const struct asking *asking)
{
    const struct duet_proving *proving = asking->proving;
    const struct duet_space_side *side = &proving->space->side[asking->target];
    const struct duet_state *answered = sent_state(asking, DUET_TAKEN);
    const struct duet_state *lost = sent_state(asking, DUET_LOST);
    for (uint32_t r = 0; r < side->record_count; r++) {
        if (proving->alike[asking->target][asking->unit][r] != r)
            continue;
        read_one(asking, answered, &side->records[r]);
        read_one(asking, lost, &side->records[r]);
    }
}

size_t duet_proving_sent_bytes(const struct duet_proving *proving)
{
    return (size_t)proving->core_count * 4U * proving->space->triple_count / 8U + 1U;
}

void duet_proving_sent(struct duet_proving *proving, struct duet_asked asked,
                       const struct duet_step *taken)
{
    for (uint32_t i = 0; i < proving->core_count; i++) {
        for (uint32_t s = 0; s < 2; s++) {
            struct asking asking = { .proving = proving,
                                     .asked = asked,
                                     .taken = taken,
                                     .unit = i,
                                     .target = (enum duet_side)s };
            if (taken->results[s].taken == DUET_TAKEN &&
                (taken->changes->sent[s] & duet_bit(proving->core[i])) && !is_known(&asking))
                read_all(&asking);
        }
    }
}
