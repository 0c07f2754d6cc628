/* Runs a command of duet within the test, and keeps what it wrote. */
#pragma once

#include "engine/cli/command.h"

struct cli_result {
    enum duet_exit status;
    char *out;
    char *err;
};

/* run_cli(in, "check", "x.duet", NULL): the words behind `duet`, NULL at the end. `in` is standard input, NULL: empty. */
#define run_cli(in, ...) run_cli_words(in, (const char *const[]){ __VA_ARGS__ })
struct cli_result run_cli_words(const char *in, const char *const *words);

/* The same for a command that isn't in the table. */
#define run_command(command, ...) run_command_words(command, (const char *const[]){ __VA_ARGS__ })
struct cli_result run_command_words(const struct duet_command *command, const char *const *words);

/* All of it is as expected, or the test fails; finishes it. */
void cli_result_expect(struct cli_result result, enum duet_exit status, const char *out,
                       const char *err);

void cli_result_finish(struct cli_result *result);

/* Files of the working directory. */
void cli_write_file(const char *name, const char *text);
void cli_expect_file(const char *name, const char *expected);
