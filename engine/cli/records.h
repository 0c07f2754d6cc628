/* Records from files and streams for the commands that take some. */
#pragma once

#include "engine/cli/command.h"
#include "engine/record/record.h"

/* One record a call: its text in `text`, valid until the next call. */
typedef void (*duet_record_taker)(void *data, const char *text, size_t length);

/* Hands out the records of a stream: a JSON array, a list answer of `side` as its system describes it (`items` of its `changed`), one
 * object, or one object a line. DUET_FAILED with a reason when the stream can't be read. */
enum duet_status duet_records_each(FILE *in, const struct duet_tables *tables, enum duet_side side,
                                   duet_record_taker take, void *data, struct duet_error *error);

/* Where a list answer of the side has its records; NULL: the document isn't one. Borrowed from `json`. */
const json_t *duet_list_in_answer(const struct duet_tables *tables, enum duet_side side,
                                  const json_t *json);

/* The whole of a file; allocated, NUL-terminated. NULL with errno set. */
char *duet_read_whole(const char *path, size_t *length_out);

/* What a command does with the tables of a mapping and the persons it was given. */
typedef enum duet_exit (*duet_rules_user)(const struct duet_arguments *arguments,
                                          const struct duet_rules *rules);

/* Compiles operand 0, takes --mapping and every --table, and calls `use`; findings and failures are told. */
enum duet_exit duet_with_rules(const struct duet_arguments *arguments, duet_rules_user use);

/* The side of that name; false after a message that says which there are. */
bool duet_side_named(const struct duet_arguments *arguments, const struct duet_tables *tables,
                     const char *name, enum duet_side *side_out);
