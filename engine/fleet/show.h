/* What people are shown of a plan: values as text, the causes of a ledger row, the holds that stand with a link. Pure. */
#pragma once

#include <jansson.h>

#include "engine/plan/plan.h"

/* A unit's values on one side, from values by field number: "TruePositive, SuspiciousActivity, -". Into the arena. */
const char *duet_show_unit(const struct duet_tables *tables, uint32_t unit, enum duet_side side,
                           const struct duet_value *values, struct duet_arena *arena);

/* The same of values by pair. */
const char *duet_show_unit_pairs(const struct duet_tables *tables, uint32_t unit,
                                 enum duet_side side, const struct duet_pairs *pairs,
                                 struct duet_arena *arena);

/* The units' names whose bits are set, joined: "status, verdict". Into the arena. */
const char *duet_show_units(const struct duet_tables *tables, uint64_t units,
                            struct duet_arena *arena);

/* What becomes of a side's fields whose bits are set: "status: Active -> Closed, owner: - -> ann"; `before` NULL for a record to be made:
 * "status: Closed, owner: ann". Into the arena. */
const char *duet_show_fields(const struct duet_tables *tables, enum duet_side side,
                             const struct duet_value *before, const struct duet_value *after,
                             uint64_t fields, struct duet_arena *arena);

/* "on soar close, line 41", "first contact", ...: why a unit moved. Into the arena. */
const char *duet_show_cause(const struct duet_tables *tables, const struct duet_move *move,
                            struct duet_arena *arena);

/* One thing to show of a link; what isn't given is left out. */
struct duet_shown {
    const char *
        what; /* held, pending, conflict, frozen, kept, parked, waiting, gone, note held, note uncertain */
    const char *name; /* of the unit, or "notes" */
    const char *side;
    const char *sentence;
    const char *left, *right; /* values */
    const char *file;
    uint32_t line;
};
void duet_show_add(json_t *list, const struct duet_shown *shown);

/* What a plan leaves to show, with the results of its writes (by target). */
void duet_show_plan(json_t *list, const struct duet_rules *rules,
                    const struct duet_changeset *changes,
                    const struct duet_record *const records[2], const struct duet_result results[2],
                    struct duet_arena *arena);

/* A unit of the changeset that was to be written to `side`, under another name: "parked". */
void duet_show_sent(json_t *list, const struct duet_rules *rules,
                    const struct duet_changeset *changes,
                    const struct duet_record *const records[2], enum duet_side side,
                    const char *what, const char *sentence, struct duet_arena *arena);

/* Is a write to one of the sides parked, as the journal keeps it? */
bool duet_show_is_parked(const struct duet_tables *tables, const char *shown,
                         enum duet_side *side_out);

/* The list as the journal keeps it: "" when it is empty. Into the arena. */
const char *duet_show_text(const json_t *list, struct duet_arena *arena);
