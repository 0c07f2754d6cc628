/* Rule tables that lie: the shipped mapping's, a word at a time made into another, its checksum right again. */
#pragma once

#include "dsl/arena.h"
#include "dsl/tables.h"

/* The arena is empty again for each call. */
typedef void damaged_tables_use(const struct duet_tables *tables, struct duet_arena *arena,
                                void *data);

/* Calls `use` for those that are opened all the same; fails the test when there are few. */
void damaged_tables_each(damaged_tables_use *use, void *data);
