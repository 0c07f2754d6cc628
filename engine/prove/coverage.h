/* What of a mapping was exercised: each rule and arm in each of its directions, each trigger, creation, conflict policy, and notes.
 *
 * A rule or an arm counts when its value was written; a trigger when it released something that was written; a policy when it decided
 * between two changes. */
#pragma once

#include "engine/prove/play.h"

enum duet_coverage_kind {
    DUET_COVERAGE_FIELD,
    DUET_COVERAGE_ARM,
    DUET_COVERAGE_TRIGGER,
    DUET_COVERAGE_CREATE,
    DUET_COVERAGE_NOTES,
    DUET_COVERAGE_CONFLICT,
    DUET_COVERAGE_FIRST_CONTACT,
    DUET_COVERAGE_KINDS
};

struct duet_coverage_point {
    enum duet_coverage_kind kind;
    const char *what; /* "severity: High -> Critical" */
    const char *file;
    uint32_t line;
    bool exercised;
};

struct duet_coverage; /* opaque: one mapping's */

/* In the arena; `tables` are borrowed. */
struct duet_coverage *duet_coverage_new(const struct duet_tables *tables, struct duet_arena *arena);

/* To be put into a play that runs these tables. */
struct duet_play_watcher duet_coverage_watcher(struct duet_coverage *coverage);

/* All there is to exercise, by kind and line. */
const struct duet_coverage_point *duet_coverage_points(const struct duet_coverage *coverage,
                                                       size_t *count_out);

const char *duet_coverage_kind_name(enum duet_coverage_kind kind);
