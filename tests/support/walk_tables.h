/* Walks rule tables as their readers do: every accessor, every matrix, every tree, the dump. Under the sanitizers a table that was
 * opened although it lies is caught here. */
#pragma once

#include "dsl/tables.h"

/* A number made of all that was read, so that no read can be left out by the compiler. */
uint64_t walk_tables(const struct duet_tables *tables);
