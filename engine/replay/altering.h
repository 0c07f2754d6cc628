/* The inside of engine/replay: what its files share. */
#pragma once

#include "engine/plan/plan.h"
#include "engine/replay/altered.h"

/* One version's view of the records; rules NULL: there is no such version, and all else is empty. */
struct duet_view {
    const struct duet_rules *rules;
    struct duet_record record[2];
    const struct duet_changeset *changes;
};

enum { DUET_VIEW_OLD, DUET_VIEW_NEW, DUET_VIEWS };

/* A pair of fields as each version has it; NULL: it doesn't. */
struct duet_both_pairs {
    const struct duet_t_pair *pair[DUET_VIEWS];
};

void duet_altered_add(struct duet_alterations *list, const struct duet_altered *altered,
                      struct duet_arena *arena);
bool duet_altered_same(const char *a, const char *b); /* NULL equals NULL alone */

/* "soar.status" */
const char *duet_altered_field(const struct duet_tables *tables, uint32_t field,
                               struct duet_arena *arena);

/* The rule by which `from` on the other side becomes, or agrees with, `to` on `target`: the arm of an enum, else the field's rule. */
struct duet_replay_place duet_altered_rule(const struct duet_tables *tables,
                                           const struct duet_t_pair *pair, enum duet_side target,
                                           const struct duet_value *from,
                                           const struct duet_value *to);

/* For each pair of fields that either version has, in the new version's order, then the old one's; `next` starts at 0. */
bool duet_both_pairs_next(const struct duet_view views[DUET_VIEWS], size_t *next,
                          struct duet_both_pairs *pairs_out);

/* The writes of both plans that differ. */
void duet_altered_writes(const struct duet_view views[DUET_VIEWS], struct duet_alterations *list,
                         struct duet_arena *arena);
