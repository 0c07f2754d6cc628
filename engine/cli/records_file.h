/* The records of a file, one after the other, each with its place. */
#pragma once

#include "engine/cli/records.h"

/* One record, its text valid until the next call. `number`: its line where `is_line`, else which one of the document it is, from 1. */
typedef void (*duet_placed_taker)(void *data, size_t number, bool is_line, const char *text,
                                  size_t length);

/* As duet_records_each(); one record a line is read line by line, a JSON array or a list answer as a whole. */
enum duet_status duet_records_of_file(const char *path, const struct duet_tables *tables,
                                      enum duet_side side, duet_placed_taker take, void *data,
                                      struct duet_error *error);
