#include "engine/prove/space_making.h"

#include <string.h>

static bool is_by_date(const struct duet_making *making)
{
    for (uint32_t u = 0; u < making->mapping->units_count; u++) {
        if ((duet_making_units(making->space) & duet_bit(u)) &&
            duet_making_unit(making, u)->policy == DUET_POLICY_NEWEST)
            return true;
    }
    return false;
}

/* A signal without a name is any. */
static bool is_fired(const struct duet_making *making, const struct duet_t_trigger *trigger,
                     const struct duet_t_trigger *by)
{
    const char *name = duet_opt_str(making->tables, trigger->signal);
    const char *signal = duet_opt_str(making->tables, by->signal);
    return trigger->event == DUET_EVENT_SIGNAL && trigger->side == by->side &&
           (!name || (signal && strcmp(name, signal) == 0));
}

/* The triggers of the component that the same signal fires. */
static uint64_t fired(const struct duet_making *making, const struct duet_t_trigger *by)
{
    uint64_t triggers = 0;
    for (uint32_t t = 0; t < making->mapping->triggers_count && t < 64; t++) {
        const struct duet_t_trigger *trigger =
            duet_trigger_row(making->tables, making->mapping->triggers + t);
        if (is_fired(making, trigger, by) &&
            (duet_mask(trigger->units_lo, trigger->units_hi) & duet_making_units(making->space)))
            triggers |= duet_bit(t);
    }
    return triggers;
}

static void add_signals(struct duet_making *making)
{
    struct duet_space *space = making->space;
    for (uint32_t t = 0; t < making->mapping->triggers_count && t < 64; t++) {
        const struct duet_t_trigger *trigger =
            duet_trigger_row(making->tables, making->mapping->triggers + t);
        uint64_t triggers = trigger->event == DUET_EVENT_SIGNAL ? fired(making, trigger) : 0;
        bool is_there = !triggers;
        for (uint32_t v = 0; v < space->variant_count; v++)
            is_there = is_there || space->variants[v].signals == triggers;
        if (!is_there)
            space->variants[space->variant_count++] = (struct duet_variant){ .signals = triggers };
    }
}

void duet_making_variants(struct duet_making *making)
{
    struct duet_space *space = making->space;
    space->variants = duet_arena_alloc_array(making->arena, 3U + making->mapping->triggers_count,
                                             sizeof *space->variants);
    space->variant_count = 1;
    add_signals(making);
    for (uint32_t dated = DUET_LEFT_LATER; dated <= DUET_RIGHT_LATER && is_by_date(making); dated++)
        space->variants[space->variant_count++] =
            (struct duet_variant){ .dated = (enum duet_dated)dated };
}
