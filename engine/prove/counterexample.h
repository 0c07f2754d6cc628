/* A triple of a proof, told to people: what agreed, what was edited since, what duet then does. */
#pragma once

#include "engine/prove/proof.h"
#include "engine/prove/space.h"

/* Copied into the arena: nothing of it points into the space. */
const struct duet_counterexample *duet_counterexample_tell(const struct duet_space *space,
                                                           struct duet_triple triple,
                                                           uint32_t variant, uint32_t unit,
                                                           enum duet_law law,
                                                           struct duet_arena *arena);
