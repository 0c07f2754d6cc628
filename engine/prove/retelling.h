/* A triple of a proof as JSON: what a program needs to play it again with two systems. */
#pragma once

#include "engine/prove/space.h"

/* {"before": {SIDE: {FIELD: VALUE}}, "edit": {SIDE: {FIELD: VALUE}}, "agreed": {UNIT: {SIDE: {FIELD: VALUE}}}, "new": [UNIT],
 * "signal": {"side": SIDE, "name": NAME}, "later": SIDE}, as text in the arena.
 *
 * `before`: what both sides last agreed on, without what is missing. `edit`: every field that has another value by now, null when
 * it was emptied. `agreed`: the same by field or group of the mapping, null where both were empty; two of them that share a field may
 * have agreed on it at different times, and `before` has the first's value. `new`: those on which the sides never agreed. `signal`, only
 * where one came; its name is null where any will do. `later`, only where both changed the same and it counts: whose change is the later
 * one. Persons are rows of any table: p0, p1. */
const char *duet_retell(const struct duet_space *space, struct duet_triple triple, uint32_t variant,
                        struct duet_arena *arena);
