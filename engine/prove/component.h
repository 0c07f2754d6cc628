/* Which units of a mapping can be proved apart from which.
 *
 * A unit reads another when its triggers, the events they name, the merge that freezes it or the requests that carry it are judged on
 * the other's fields, or when a target takes or refuses both together, or when the other writes a field that it maps too. Units that read
 * each other are a component's core. What a core reads and what doesn't read the core is beside it: of those units only the fields that
 * are read matter. Pure; all of it in the arena. */
#pragma once

#include "engine/plan/plan.h"

struct duet_component {
    uint64_t core;   /* units that are proved */
    uint64_t beside; /* units that they read and that don't read them */
    /* [side] Fields, by number, of the core, that its conditions and the sides' rules about it read, and those mapped to them. */
    uint64_t read[2];
    /* [side] Of these, what the core's own conditions and events read; and do they read what was agreed on, too? */
    uint64_t asked[2];
    bool asks_base;
    /* And those conditions themselves, as rows of EXPR; `closed` and `merged`, which they may name, are not among them. */
    const uint32_t *conditions;
    size_t condition_count;
};

/* Each unit of the mapping is in the core of one. */
struct duet_component *duet_components(const struct duet_rules *rules, struct duet_arena *arena,
                                       size_t *count_out);
