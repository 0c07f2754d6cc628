/* Rows of the store's ledger, as `why` and `conflicts` show them. */
#pragma once

#include <stdio.h>

#include <jansson.h>

#include "engine/journal/journal.h"

/* {"time", "tenant", "what", "left", "right", "field", "from", "to", "lost", "cause", "file", "line"}; left and right are keys; what a row
 * doesn't say is left out. */
json_t *duet_history_json(const struct duet_ledger_row *row);

/* One such object for people. */
void duet_history_tell(FILE *out, const json_t *row);
