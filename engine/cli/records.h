/* Records from files and streams, and persons from CSV, for the commands that take some. */
#pragma once

#include "engine/cli/command.h"
#include "engine/record/record.h"

/* One record a call: its text in `text`, valid until the next call. */
typedef void (*duet_record_taker)(void *data, const char *text, size_t length);

/* Hands out the records of a stream: a JSON array, a list answer (the first array of objects found in it, breadth first), one object, or
 * one object a line. DUET_INVALID with a reason when it is none of these. */
enum duet_status duet_records_each(FILE *in, duet_record_taker take, void *data,
                                   struct duet_error *error);

/* The whole of a file; allocated, NUL-terminated. NULL with errno set. */
char *duet_read_whole(const char *path, size_t *length_out);

/* The person tables of all `--table NAME=CSV`. False after a message. Free with duet_person_tables_free(). */
struct duet_tables_of_persons {
    struct duet_person_table *tables;
    size_t count;
};
bool duet_person_tables_load(const struct duet_arguments *arguments,
                             const struct duet_tables *tables,
                             struct duet_tables_of_persons *persons_out,
                             enum duet_exit *status_out);
void duet_person_tables_free(struct duet_tables_of_persons *persons);

/* The side of that name; false after a message that says which there are. */
bool duet_side_named(const struct duet_arguments *arguments, const struct duet_tables *tables,
                     const char *name, enum duet_side *side_out);
