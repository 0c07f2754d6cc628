/* What of a mapping was exercised: each rule and arm in each of its directions, each trigger, creation, conflict policy, and notes.
 *
 * A rule or an arm happens when its value is written; a trigger when it releases something that is written; a policy when it decides
 * between two changes. Each counts as exercised when, before the next edit, a test says what is expected of it: of the written field
 * itself for a rule or an arm; of a field that was written, for a trigger or a creation; of such a field or of the conflict, for a
 * policy; of a note on that side, for notes. A count of writes is no such thing: it would hold whatever was written. */
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
    bool happened;
    bool exercised; /* it happened, and its outcome was judged */
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
