/* The rule tables of a mapping, wherever they stand: in a mapping file, compiled now, or in what `duet compile` wrote. */
#pragma once

#include "dsl/tables.h"
#include "engine/cli/command.h"

/* What a command does with the tables, which last until it returns; `context` is its own. */
typedef enum duet_exit duet_tables_use(const struct duet_arguments *arguments,
                                       const struct duet_tables *tables, void *context);

/* Opens the first operand and calls `use`; a file of tables is validated in full first. When the file can't be read, has errors or
 * lacks the mapping, nothing is called and what is wrong is said. The command must have --mapping and --color. */
enum duet_exit duet_tables_file_use(const struct duet_arguments *arguments, duet_tables_use *use,
                                    void *context);
