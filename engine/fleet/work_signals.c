/* The signals that wait for a link, and the triggers they fire. */
#include <string.h>

#include "engine/fleet/work.h"

#define SIGNALS_AT_ONCE 500U

static uint64_t triggers_named(const struct duet_tables *tables, enum duet_side side,
                               const char *name)
{
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    uint64_t triggers = 0;
    for (uint32_t t = 0; t < mapping->triggers_count; t++) {
        const struct duet_t_trigger *trigger = duet_trigger_row(tables, mapping->triggers + t);
        const char *signal = duet_opt_str(tables, trigger->signal);
        if (trigger->event == DUET_EVENT_SIGNAL && trigger->side == (uint32_t)side &&
            (!signal || strcmp(signal, name) == 0))
            triggers |= duet_bit(t);
    }
    return triggers;
}

enum duet_status duet_work_load_signals(struct duet_work *work, enum duet_side side)
{
    const struct duet_feed *feed = work->errand.tenant->feed[side];
    struct duet_signal *signals = NULL;
    size_t count = 0;
    enum duet_status status =
        duet_journal_signals(duet_work_journal(work), feed->owner, 0, SIGNALS_AT_ONCE,
                             work->errand.arena, &signals, &count);
    struct duet_work_signal *all =
        duet_arena_alloc_array(work->errand.arena, work->signal_count + count + 1, sizeof *all);
    for (size_t i = 0; i < work->signal_count; i++)
        all[i] = work->signals[i];
    work->signals = all;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(signals[i].side, feed->source.side) == 0 &&
            strcmp(signals[i].key, work->link.keys[side]) == 0)
            all[work->signal_count++] = (struct duet_work_signal){
                .id = signals[i].id,
                .owner = feed->owner,
                .triggers =
                    triggers_named(work->errand.tenant->rules.tables, side, signals[i].name),
                .name = signals[i].name,
            };
    }
    return status;
}

uint64_t duet_work_fired(const struct duet_work *work)
{
    uint64_t triggers = 0;
    for (size_t i = 0; i < work->signal_count; i++)
        triggers |= work->signals[i].triggers;
    return triggers;
}
