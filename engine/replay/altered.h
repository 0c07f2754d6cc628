/* What a change of the mapping alters for recorded records: both versions plan them from one base, and what differs is listed. Pure.
 *
 * The base is what the old version would remember: the state that the store kept, else what agrees by the old version. Without an old
 * version all that the new one would do with the records is listed. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "engine/record/rules.h"

struct duet_versions {
    const struct duet_rules *old; /* NULL: there is none */
    const struct duet_rules *new;
};

/* A rule's place; file NULL: no rule. */
struct duet_replay_place {
    const char *file;
    uint32_t line;
};

enum duet_altered_kind {
    DUET_ALTERED_WRITE,   /* of linked records: what would be written to the field */
    DUET_ALTERED_OUTCOME, /* of linked records: held, pending and so on; notes that go over */
    DUET_ALTERED_VALUE, /* of a record without a partner: what the field of its counterpart would be */
    DUET_ALTERED_KINDS
};

/* One difference. Texts are for people, cut where they are long. */
struct duet_altered {
    enum duet_altered_kind kind;
    const char *field; /* "soar.status"; an outcome's: the unit, "status", or "notes from soar" */
    struct duet_replay_place old, new;
    const char
        *stands;     /* WRITE: what stands in the field; VALUE: what it is made from; else NULL */
    const char *was; /* by the old version; NULL: nothing */
    const char *becomes; /* by the new version; NULL: nothing */
};

/* One record a side, as bytes. They outlive what is made of them. */
struct duet_recorded {
    const char *raw[2];
    size_t length[2];
    int64_t read_at[2]; /* when the reads began, as the store says; INT64_MAX: after all writes */
    const char *state;  /* JSON text of the link's state as the store keeps it; NULL or "": none */
};

struct duet_alterations {
    struct duet_altered *list;
    size_t count;
    bool is_under_way;   /* a write isn't confirmed yet: nothing can be said */
    const char *keys[2]; /* of the records; NULL: none */
};

/* All of it in the arena. DUET_INVALID: a record can't be read; the error says by which version. */
enum duet_status duet_altered_pair(const struct duet_versions *versions,
                                   const struct duet_recorded *recorded, struct duet_arena *arena,
                                   struct duet_alterations *out, struct duet_error *error);

/* The same for a record of `side` without a partner: its counterpart as if it were made now, and whether it would be made. */
enum duet_status duet_altered_alone(const struct duet_versions *versions, enum duet_side side,
                                    const char *raw, size_t length, struct duet_arena *arena,
                                    struct duet_alterations *out, struct duet_error *error);
