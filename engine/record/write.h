/* Typed values -> what a request carries. Nothing is sent here; bodies are built as values, never as text, except the whole record:
 * there the raw bytes are kept and only the owned paths are replaced.
 *
 * Emptying a field (MISSING) writes what its `empty` says. By default: left out of a whole record (a person's members become
 * null); in `fields` and changed bodies "" for text, enums and scalar persons, null for all else. `values` are all of a side's, by
 * number; `mask` says which are written. */
#pragma once

#include "engine/record/record.h"
#include "engine/record/splice.h"

/* A value as JSON, as its field spells it (time format, number as text, enum's wire form). New reference; NULL for "leave out". */
json_t *duet_value_json(const struct duet_rules *rules, uint32_t index,
                        const struct duet_value *value);

/* {"Write name": value, ...}: `write as` where given, else the last name of the path. New reference. */
json_t *duet_write_fields(const struct duet_rules *rules, enum duet_side side,
                          const struct duet_value *values, uint64_t mask);

/* The masked fields at their paths: {"properties":{"status":"Closed"}}, below `under` (PATH row or DUET_NONE). New reference. */
json_t *duet_write_changed(const struct duet_rules *rules, enum duet_side side,
                           const struct duet_value *values, uint64_t mask, uint32_t under);

/* The masked fields as the system shows a record; missing ones are left out, or stand as what
 * their `empty` text says. New reference. */
json_t *duet_write_record(const struct duet_rules *rules, enum duet_side side,
                          const struct duet_value *values, uint64_t mask);

/* What is to be written over a record that was read. */
struct duet_whole_write {
    const struct duet_record *before;
    const struct duet_value *values;
    uint64_t mask;
};

/* `before` with the masked fields replaced, every other byte as it was; of the top level only the members that the operation names
 * (none: all). DUET_INVALID when a path can't be made (a text where an object should be). The bytes, with a NUL behind them, are in
 * the arena. */
enum duet_status duet_write_whole(const struct duet_rules *rules, enum duet_side side,
                                  const struct duet_whole_write *write, const struct duet_t_op *op,
                                  struct duet_arena *arena, struct duet_text *text_out,
                                  struct duet_error *error);
