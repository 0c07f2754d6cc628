/* "did you mean": the help of a finding about a name that isn't there, and the fix that writes what was meant. */
#pragma once

#include <stdbool.h>

#include "dsl/diag.h"
#include "dsl/suggest.h"

/* "did you mean 'X'?" when something is near. The fix writes it at the place of the name (DUET_SPAN_NONE: no fix), and is
 * safe when nothing else is near. False: nothing is. */
bool duet_propose(struct duet_arena *arena, struct duet_diag *diag, struct duet_span at,
                  const struct duet_suggest *suggest);

/* The same for names joined by dots, behind a part that is right and is shown with them: `siem.` of siem.titel. */
bool duet_propose_behind(struct duet_arena *arena, struct duet_diag *diag, struct duet_span at,
                         const char *front, const struct duet_suggest *suggest);

/* The same for a quoted text, which stays one. */
bool duet_propose_text(struct duet_arena *arena, struct duet_diag *diag, struct duet_span at,
                       const struct duet_suggest *suggest);

/* A name as it is written: in quotes unless it is a plain word. */
const char *duet_propose_name(struct duet_arena *arena, const char *name);

/* The fix that takes a piece out, with the blanks before it; with its lines when nothing else stands on them. */
void duet_propose_removal(struct duet_diag *diag, enum duet_fix_kind kind,
                          const struct duet_sources *sources, struct duet_span at);

/* The same for what stands a second time: safe when it is what stood before, to the letter. `removed` is it, or it and
 * the comma before it. */
void duet_propose_once(struct duet_diag *diag, const struct duet_sources *sources,
                       struct duet_span first, struct duet_span again, struct duet_span removed);
