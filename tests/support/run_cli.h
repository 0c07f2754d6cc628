/* Runs a command of duet within the test, and keeps what it wrote. */
#pragma once

#include "engine/cli/command.h"

struct cli_result {
    enum duet_exit status;
    char *out;
    char *err;
};

/* "check", "x.duet", NULL: what stands behind `duet`. `in` is standard input, NULL: empty. */
struct cli_result run_cli(const char *in, ...) __attribute__((sentinel));

/* The same for a command that isn't in the table. */
struct cli_result run_command(const struct duet_command *command, ...) __attribute__((sentinel));

void cli_result_finish(struct cli_result *result);
