/* A triple of a proof as JSON: what a program needs to play it again with two systems. */
#pragma once

#include "engine/prove/space.h"

/* {"before": {SIDE: {FIELD: VALUE}}, "edit": {SIDE: {FIELD: VALUE}}, "new": [UNIT]}, as text in the arena.
 *
 * `before`: what both sides last agreed on, without what is missing. `edit`: every field that has another value by now, null when
 * it was emptied. `new`: fields and groups on which the sides never agreed. Persons are rows of any table: p0, p1. */
const char *duet_retell(const struct duet_space *space, struct duet_triple triple,
                        struct duet_arena *arena);
