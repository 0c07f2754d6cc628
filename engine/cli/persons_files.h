/* Tables of persons from CSV files, for the commands that take some. */
#pragma once

#include "engine/cli/command.h"
#include "engine/record/rules.h"

/* Zeroed is none. */
struct duet_person_tables {
    struct duet_person_table *tables;
    size_t count;
};

/* One more table, checked against the mapping. False after a message; then `*status_out` says how to end. */
bool duet_person_tables_add(const struct duet_arguments *arguments,
                            const struct duet_tables *tables, const char *name, const char *path,
                            struct duet_person_tables *persons, enum duet_exit *status_out);

/* All that --table NAME=CSV names; false likewise, and then none are left. */
bool duet_person_tables_given(const struct duet_arguments *arguments,
                              const struct duet_tables *tables,
                              struct duet_person_tables *persons_out, enum duet_exit *status_out);

void duet_person_tables_finish(struct duet_person_tables *persons);
