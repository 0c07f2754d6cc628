/* "did you mean": the help of a finding about a name that isn't there, and the fix that writes what was meant. */
#pragma once

#include <stdbool.h>

#include "dsl/diag.h"
#include "dsl/suggest.h"

/* "did you mean 'X'?" when something is near. The fix writes it at the place of the name (DUET_SPAN_NONE: no fix), and is
 * safe when nothing else is near. False: nothing is. */
bool duet_propose(struct duet_arena *arena, struct duet_diag *diag, struct duet_span at,
                  const struct duet_suggest *suggest);

/* The same for a name behind a part that is right and is shown with it: `siem.` of siem.titel. */
bool duet_propose_behind(struct duet_arena *arena, struct duet_diag *diag, struct duet_span at,
                         const char *front, const struct duet_suggest *suggest);

/* The same for a quoted text, which stays one. */
bool duet_propose_text(struct duet_arena *arena, struct duet_diag *diag, struct duet_span at,
                       const struct duet_suggest *suggest);
