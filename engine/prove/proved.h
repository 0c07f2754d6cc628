/* What the proofs of a file have in common: what they cost, and parts whose laws hold, kept so that rules which differ elsewhere needn't be
 * proved there again: the overlays of a mapping, mostly.
 *
 * A part of two versions is the same when its core and what is beside it have the same numbers and the same meaning
 * (duet_tables_unit_sum: tables, policies, triggers, what the sides refuse about their fields) in the mapping of the same name, and linked
 * records are planned in the same frame (duet_tables_frame_sum: creations aren't proved). What breaks a law isn't kept: its story is told
 * anew, with the records of its own version. Pure. */
#pragma once

#include "engine/prove/component.h"
#include "engine/prove/proof.h"

struct duet_proved;

struct duet_proved *duet_proved_new(struct duet_arena *arena);

/* All that was counted so far: see DUET_PROOF_MAX_WORK. To be added to. */
uint64_t *duet_proved_work(struct duet_proved *proved);

/* What tells a part of these rules from other versions of it; in the arena. */
struct duet_part_key;

const struct duet_part_key *duet_part_key(const struct duet_tables *tables,
                                          const struct duet_component *component,
                                          struct duet_arena *arena);

/* NULL: it must be proved. */
const struct duet_proof_part *duet_proved_find(const struct duet_proved *proved,
                                               const struct duet_part_key *key);

/* Remembers the part if all its laws hold. The key and the part's texts are the caller's and must outlive `proved`. */
void duet_proved_keep(struct duet_proved *proved, const struct duet_part_key *key,
                      const struct duet_proof_part *part);
