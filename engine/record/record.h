/* A record's bytes -> typed values. This module alone knows how bytes become values (today a jansson tree), so that the way may
 * change under its callers.
 *
 * Strict JSON: repeated keys of mapped members, NUL in texts and bad UTF-8 refuse the record (DUET_INVALID, `error` says why):
 * the caller quarantines it. A mapped member of the wrong type is no reason to refuse: its value is UNKNOWN. */
#pragma once

#include "engine/record/rules.h"
#include "engine/record/value.h"

#define DUET_RECORD_MAX_BYTES (16U << 20)
#define DUET_RECORD_MAX_DEPTH 128U

struct duet_record {
    const char *raw; /* borrowed from the caller: the record as the system gave it */
    size_t length;
    struct duet_value *values; /* one for each of the side's fields, by number */
    const char *key;           /* NULL when the record has none */
    const char *version;       /* NULL: the system has no versions or the record shows none */
    int64_t modified;          /* ticks; 0 when unknown */
};

/* Into the arena. `raw` must outlive the record. */
enum duet_status duet_record_read(const struct duet_rules *rules, enum duet_side side,
                                  const char *raw, size_t length, struct duet_arena *arena,
                                  struct duet_record *record_out, struct duet_error *error);

/* The same for a record that is parsed already. `raw` may be NULL when the record isn't going to be written whole. */
enum duet_status duet_record_from_json(const struct duet_rules *rules, enum duet_side side,
                                       const json_t *json, const char *raw, size_t length,
                                       struct duet_arena *arena, struct duet_record *record_out,
                                       struct duet_error *error);

/* One value as its field reads it. Never fails: what can't be read is UNKNOWN. `json` may be NULL (absent). */
struct duet_value duet_value_read(const struct duet_rules *rules, uint32_t index,
                                  const json_t *json, struct duet_arena *arena);

/* A value that came back from the store: a person's text is looked up in the table of today. */
struct duet_value duet_value_resolve(const struct duet_rules *rules, uint32_t field,
                                     const struct duet_value *value);

/* What stands at a path: borrowed from `json`, NULL where nothing does. A `[]` ends the walk: the array it stands on. */
const json_t *duet_path_find(const struct duet_tables *tables, uint32_t path, const json_t *json);

/* The two predicates of a side, as the record stands. Missing predicates never hold. */
bool duet_record_closed(const struct duet_rules *rules, enum duet_side side,
                        const struct duet_value *values);
bool duet_record_merged(const struct duet_rules *rules, enum duet_side side,
                        const struct duet_value *values);

/* Notes that stand in the record itself or that a list answered. */
struct duet_note {
    const char *id;     /* NULL: the system gives none */
    const char *text;   /* as the system gives it */
    const char *author; /* NULL: unknown */
    int64_t written;    /* ticks; 0: unknown */
};

struct duet_note_list {
    struct duet_note *notes;
    size_t count;
    bool known; /* false: the record doesn't show its notes */
};

struct duet_note_list duet_notes_in_record(const struct duet_rules *rules, enum duet_side side,
                                           const struct duet_record *record,
                                           struct duet_arena *arena);
struct duet_note_list duet_notes_from_items(const struct duet_rules *rules, enum duet_side side,
                                            const char *const *items, size_t count,
                                            struct duet_arena *arena);
