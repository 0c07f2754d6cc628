/* What is at hand of a link's notes without asking the systems: the journal's rows, the records, what was remembered. */
#pragma once

#include "engine/fleet/notes_plan.h"

/* Does the mapping have notes? */
bool duet_notes_are_mapped(const struct duet_notes_options *options);

/* In the arena; the input borrows `options`. */
enum duet_status duet_notes_load(const struct duet_notes_options *options, struct duet_arena *arena,
                                 struct duet_notes_input *input);

/* The operation id under which the answer to a part that was turned down is kept. */
const char *duet_notes_refusal_name(const struct duet_journal_note *row, struct duet_arena *arena);

/* Under which name what of a side is remembered. */
const char *duet_notes_memory_name(const struct duet_notes_options *options, enum duet_side side,
                                   struct duet_arena *arena);
const char *duet_notes_memory(const struct duet_notes_side *own, struct duet_arena *arena);
