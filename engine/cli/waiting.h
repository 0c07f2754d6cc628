/* What doesn't go on by itself, or not yet: read from a store as JSON objects, the way `held` and `conflicts` show them.
 *
 *     {"tenant" or "hub", "what", "name", "side", "keys": {"left", "right"}, "sentence",
 *      "values": {"left", "right"}, "file", "line", "since"}
 *
 * `what` is "held", "pending", "conflict", "frozen", "kept", "parked", "waiting", "gone", "note held" or "note uncertain" of two linked
 * records, by the engine's last plan; "held" with one key of a record that can't be made on the other side; "creating" of one that should
 * have been made by now (what is under way isn't shown); "quarantined" of a record that can't be read (its key is `key`); "signal" of a signal that nobody has acted on (`name` is its name). What isn't known is left out. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include "engine/cli/store.h"

/* Each appends to the array `things`. They fail as the journal does. */
enum duet_status duet_waiting_of_links(const struct duet_store *store, const char *tenant,
                                       json_t *things);
enum duet_status duet_waiting_creations(const struct duet_store *store, const char *tenant,
                                        json_t *things);
enum duet_status duet_waiting_signals(const struct duet_store *store,
                                      const struct duet_owner_status *owner, json_t *things);
enum duet_status duet_waiting_quarantined(const struct duet_store *store,
                                          const struct duet_source_status *source, json_t *things);

/* Whether a person has to decide between two values: a conflict, or a write given up. */
bool duet_is_conflict(const json_t *thing);

/* Whether it stays until a person does something; the others go on when somebody releases them, or by themselves. */
bool duet_needs_person(const json_t *thing);

/* One thing for people, in full; or the least of it, on one line where it fits. */
void duet_waiting_tell(FILE *out, const json_t *thing);
void duet_waiting_tell_short(FILE *out, const json_t *thing);
