#include "engine/prove/proving.h"

#include "engine/plan/unit.h"

/* Two rules that map the same field can be a way there and a way back that neither is by itself: what one writes, the other takes for an
 * edit and sends back. An edit of one side alone must still stand there after the plan that follows its write, unless a rule on its way is
 * `lossy`. */

struct echo {
    struct duet_proving *proving;
    struct duet_asked asked;
    const struct duet_step *sent; /* the plan of the edit */
    const struct duet_step *back; /* the one behind it */
    enum duet_side side;          /* that was edited */
};

static bool is_shared(const struct duet_proving *proving, uint32_t a, uint32_t b)
{
    for (uint32_t s = 0; s < 2; s++) {
        if (duet_unit_fields(proving->tables, a, (enum duet_side)s) &
            duet_unit_fields(proving->tables, b, (enum duet_side)s))
            return true;
    }
    return false;
}

bool duet_proving_may_echo(const struct duet_proving *proving)
{
    for (uint32_t i = 0; i < proving->core_count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (is_shared(proving, proving->core[i], proving->core[j]))
                return true;
        }
    }
    return false;
}

/* A rule that writes the field says that it may come back as another value. */
static bool is_said(const struct echo *echo, uint64_t field)
{
    const struct duet_proving *proving = echo->proving;
    for (uint32_t i = 0; i < proving->core_count; i++) {
        const struct duet_t_unit *row = duet_planning_unit(proving->tables, proving->core[i]);
        for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
            const struct duet_t_pair *pair = duet_pair_row(proving->tables, p);
            uint32_t own = duet_pair_field(pair, echo->side);
            uint32_t at = p - proving->mapping->pairs;
            if (!(duet_bit(duet_field_number(proving->tables, echo->side, own)) & field))
                continue;
            if (duet_proving_is_lossy(proving, pair, echo->side,
                                      &echo->sent->changes->now.side[echo->side][at]))
                return true;
        }
    }
    return false;
}

/* The first field of the unit that was edited and isn't as it was edited any more; as a bit, 0: none. */
static uint64_t replaced(const struct echo *echo, uint32_t unit)
{
    const struct duet_proving *proving = echo->proving;
    const struct duet_t_unit *row = duet_planning_unit(proving->tables, unit);
    const struct duet_changeset *sent = echo->sent->changes;
    for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
        uint32_t at = p - proving->mapping->pairs;
        uint32_t number =
            duet_field_number(proving->tables, echo->side,
                              duet_pair_field(duet_pair_row(proving->tables, p), echo->side));
        const struct duet_value *edited = &sent->now.side[echo->side][at];
        if (!duet_value_equal(edited, &sent->before->base.side[echo->side][at]) &&
            !duet_value_equal(edited, &echo->back->changes->after[echo->side][number]))
            return duet_bit(number);
    }
    return 0;
}

static void judge_side(const struct echo *echo)
{
    const struct duet_proving *proving = echo->proving;
    for (uint32_t i = 0; i < proving->core_count; i++) {
        uint32_t unit = proving->core[i];
        uint64_t field = duet_proving_edited_alone(proving, echo->sent->changes, unit, echo->side)
                             ? replaced(echo, unit)
                             : 0;
        if (field && !is_said(echo, field))
            duet_proving_breaks(echo->proving, DUET_LAW_ROUND_TRIP, echo->asked, unit);
    }
}

void duet_proving_echo(struct duet_proving *proving, struct duet_asked asked,
                       const struct duet_step *sent)
{
    if (!proving->may_echo || !sent->is_as_sent)
        return;
    struct echo echo = { .proving = proving,
                         .asked = asked,
                         .sent = sent,
                         .back =
                             duet_space_step(proving->space, sent->next, 0,
                                             duet_space_still(proving->space), proving->scratch) };
    for (uint32_t s = 0; s < 2; s++) {
        echo.side = (enum duet_side)s;
        if (sent->results[duet_other(echo.side)].taken == DUET_TAKEN &&
            sent->results[s].taken != DUET_TAKEN && echo.back->results[s].taken == DUET_TAKEN)
            judge_side(&echo);
    }
}
