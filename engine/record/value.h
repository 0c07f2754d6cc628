/* A field's value as the rules see it, whatever the record's bytes looked like. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <jansson.h>

#include "dsl/arena.h"
#include "dsl/tables.h"

enum duet_value_kind {
    DUET_VALUE_MISSING, /* absent, null, or what the system writes for "nothing" */
    DUET_VALUE_TEXT,    /* text */
    DUET_VALUE_INTEGER, /* number */
    DUET_VALUE_NUMBER,  /* text: the number as the record spells it */
    DUET_VALUE_BOOLEAN, /* number: 0 or 1 */
    DUET_VALUE_TIME,    /* number: ticks of 100 ns since 1970 */
    DUET_VALUE_ENUM,    /* number: index in the enum; text: the record's spelling */
    DUET_VALUE_PERSON,  /* number: row in the tenant's table; text: the key that was recognised */
    DUET_VALUE_LIST,    /* items, count */
    DUET_VALUE_UNKNOWN, /* outside the schema or the table: text says what stood there */
    DUET_VALUE_KINDS
};

/* Plain data. Texts and items are borrowed: they live in the arena (or record) the value was read into. Zeroed is MISSING. */
struct duet_value {
    enum duet_value_kind kind;
    uint32_t count;
    int64_t number;
    const char *text;
    const char *const *items;
};

static inline bool duet_value_known(const struct duet_value *value)
{
    return value->kind != DUET_VALUE_UNKNOWN;
}

static inline bool duet_value_missing(const struct duet_value *value)
{
    return value->kind == DUET_VALUE_MISSING;
}

/* Raw comparison: would a person see the same value? A person's keys don't matter, only the row; an enum's spelling doesn't either. */
bool duet_value_equal(const struct duet_value *a, const struct duet_value *b);

/* A deep copy into the arena. */
struct duet_value duet_value_copy(const struct duet_value *value, struct duet_arena *arena);

/* For people and logs: `Closed`, `"a text"` cut at 60 characters, `-` for missing. Into the arena. */
const char *duet_value_show(const struct duet_tables *tables, const struct duet_t_field *field,
                            const struct duet_value *value, struct duet_arena *arena);

/* The contents alone: an enum's value by name, a person as it was read, null for missing. New reference. */
/* The value as the field's system shows it once it was written: a time is cut to what its form can say. */
struct duet_value duet_value_shown(const struct duet_tables *tables,
                                   const struct duet_t_field *field,
                                   const struct duet_value *value);

json_t *duet_value_plain(const struct duet_tables *tables, const struct duet_t_field *field,
                         const struct duet_value *value);

/* For the store: kinds and contents, independent of indexes, so that a value read back under changed tables is the same or
 * UNKNOWN. New reference; DUET_INVALID when `json` is none of ours. A person comes back as UNKNOWN with its
 * text; duet_value_resolve() in record.h finds the row again in the table of today. */
json_t *duet_value_to_json(const struct duet_tables *tables, const struct duet_t_field *field,
                           const struct duet_value *value);
enum duet_status duet_value_from_json(const struct duet_tables *tables,
                                      const struct duet_t_field *field, const json_t *json,
                                      struct duet_arena *arena, struct duet_value *value_out);
