/* What stands in a mapping, in words for a picture: texts only, no places. Every text is clean (text.h) and the arena's; none is
 * NULL, and "" is for what there is nothing to say about. */
#pragma once

#include "dsl/arena.h"
#include "dsl/tables.h"

struct duet_graph_words {
    const struct duet_tables *tables;
    struct duet_arena *arena;
};

/* A string of the tables; DUET_NONE is "". */
const char *duet_graph_string(const struct duet_graph_words *words, uint32_t offset);

/* "left", "left.status", "system.record". */
const char *duet_graph_side(const struct duet_graph_words *words, enum duet_side side);
const char *duet_graph_field(const struct duet_graph_words *words, uint32_t field);
const char *duet_graph_record(const struct duet_graph_words *words, enum duet_side side);

/* "ordered enum", "enum by classification"; with what else holds: "text, required, max 100". */
const char *duet_graph_type(const struct duet_graph_words *words, uint32_t field);
const char *duet_graph_type_in_full(const struct duet_graph_words *words, uint32_t field);

/* A field's part in its record: "key", "version", "modified", "claim"; "" for others. */
const char *duet_graph_part(const struct duet_graph_words *words, uint32_t field);

/* Whether a pair or the link has the field. */
bool duet_graph_is_mapped(const struct duet_tables *tables, uint32_t field);

/* "conflict: newest, else r"; "" one way. */
const char *duet_graph_policy(const struct duet_graph_words *words, uint32_t unit);

/* What happens on the way: "truncate 100", "via analysts · unknown keep". */
const char *duet_graph_way(const struct duet_graph_words *words, uint32_t pair);

/* "l.status <-> r.status, conflict: ..., ...": all of a pair in a line. `unit` is the one that it is of. */
const char *duet_graph_pair(const struct duet_graph_words *words, uint32_t pair, uint32_t unit);

/* "Active <- On Hold, lossy: why". */
const char *duet_graph_arm(const struct duet_graph_words *words, uint32_t arm,
                           const struct duet_t_map *map);

/* "close", "signal "resync""; "send status, verdict"; "when r.status != Open". */
const char *duet_graph_event(const struct duet_graph_words *words, uint32_t trigger);
const char *duet_graph_action(const struct duet_graph_words *words, uint32_t trigger);
const char *duet_graph_condition(const struct duet_graph_words *words, uint32_t expr);

/* "l wins". */
const char *duet_graph_first_contact(const struct duet_graph_words *words);

/* "r from l when ...". */
const char *duet_graph_create(const struct duet_graph_words *words, uint32_t create);

/* "edited notes again · older notes too". */
const char *duet_graph_notes(const struct duet_graph_words *words);

/* Whether what goes this way is written to `target`. */
bool duet_graph_goes_to(uint32_t direction, enum duet_side target);
