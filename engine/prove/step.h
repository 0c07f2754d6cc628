/* One plan from a triple, its writes taken or refused as the targets' own rules say, and the triple that it leads to. Pure. */
#pragma once

#include "engine/prove/space.h"

struct duet_step {
    struct duet_changeset *changes;
    struct duet_result results[2];
    struct duet_record shows[2]; /* what was taken, as the target shows it */
    struct duet_triple next;     /* a part that isn't in the space is DUET_NONE */
    bool is_refused;             /* by a target, though the plan let it through */
    bool is_inside;              /* `next` is in the space */
    bool
        is_as_sent; /* inside, and all that was written is confirmed: nothing waits, nothing is held for it */
};

/* Why the target refuses the changeset's write, request by request where it is an ordered one: its rules judge what stands there after
 * each, and what no request carries isn't sent. NULL: it takes all of them. `before`: the target's values. */
const char *duet_step_refusal(const struct duet_rules *rules, const struct duet_changeset *changes,
                              enum duet_side target, const struct duet_value *before,
                              struct duet_arena *arena);

/* Is something of the unit written that says the same on both sides as read? What a `clear` empties is asked for. */
bool duet_step_in_vain(const struct duet_rules *rules, const struct duet_changeset *changes,
                       uint32_t unit, struct duet_arena *arena);

/* The base's state, as the variant dates its changes. */
const struct duet_state *duet_space_state(const struct duet_space *space, uint32_t base,
                                          uint32_t variant, struct duet_arena *arena);

/* `variant`: by number; `still`: units that aren't looked at. In the arena. */
/* What one step costs in counted work: proof.h. */
static inline uint64_t duet_space_step_work(const struct duet_space *space)
{
    return 32U + 16U * (uint64_t)duet_mapping(space->rules->tables)->units_count;
}

const struct duet_step *duet_space_step(const struct duet_space *space, struct duet_triple triple,
                                        uint32_t variant, uint64_t still, struct duet_arena *arena);
