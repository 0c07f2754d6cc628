/* Where a command's result goes: standard output, or the file given with --output. */
#pragma once

#include <stdio.h>

#include "engine/cli/command.h"

typedef void duet_output_writer(FILE *out, const void *data);

/* Calls `write` once. DUET_EXIT_WORLD after a message when the file can't be written. The command must have --output. */
enum duet_exit duet_output(const struct duet_arguments *arguments, duet_output_writer *write,
                           const void *data);
