/* From a command's arguments to what the compiler made of a file, with its findings shown. */
#pragma once

#include "dsl/compile.h"
#include "engine/cli/command.h"

/* "--color auto|always|never", for every command that shows findings. */
#define DUET_OPTION_COLOR                                                                          \
    {                                                                                              \
        "color", 0, "auto|always|never",                                                           \
            "colour findings; auto: on a terminal, unless NO_COLOR is set"                         \
    }

/* Whether what goes to `file` is coloured, by the command's --color. */
bool duet_is_colored(const struct duet_arguments *arguments, FILE *file);

/* Compiles a file and shows its findings on `err`. NULL when it has errors or can't be read; then `*status` says how to end.
 * The caller frees the compilation. The command must have --color. */
struct duet_compilation *duet_load(const struct duet_arguments *arguments, const char *path,
                                   enum duet_exit *status);

/* The tables of the mapping of that name; NULL as the name: of the only one that stands in the file. NULL after a message: end with
 * DUET_EXIT_USAGE. Borrowed from the compilation. */
const struct duet_tables *duet_load_mapping(const struct duet_arguments *arguments,
                                            const struct duet_compilation *compilation,
                                            const char *path, const char *name, size_t *index_out);
