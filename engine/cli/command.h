/* What a command of `duet` is, and what all of them share: options, help, exit statuses.
 *
 * A command is a constant row: its words and options are data, so that parsing, `duet help`, the manual page and the completions all
 * come from it. duet_command_run() reads the arguments and says what is wrong with them; a command's `run` starts with arguments
 * that are right. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum duet_exit {
    DUET_EXIT_FINE = 0,
    DUET_EXIT_FINDINGS = 1, /* findings, failed tests */
    DUET_EXIT_USAGE = 2,
    DUET_EXIT_WORLD = 3 /* file, network, store */
};

/* Where a command reads and writes: what it was asked for goes to `out`, what goes wrong to `err`. Borrowed. */
struct duet_io {
    FILE *in;
    FILE *out;
    FILE *err;
};

struct duet_option {
    const char *name; /* "format", given as --format */
    char letter;      /* 'o', given as -o; 0: none */
    const char *
        value; /* what stands for the value: "OUT"; "text|json": only these; NULL: the option has no value */
    const char *help; /* one line, lower case */
};

struct duet_arguments;

struct duet_command {
    const char *name;
    const char *usage;                 /* operands as shown: "FILE...", "" */
    const char *summary;               /* one line for the list of commands */
    const char *help;                  /* paragraphs below the usage, without the options */
    const struct duet_option *options; /* up to the row without a name; NULL: none */
    size_t least;                      /* operands */
    size_t most;                       /* 0: none, SIZE_MAX: any number */
    bool takes_all; /* every argument is an operand, also what looks like an option */
    enum duet_exit (*run)(const struct duet_arguments *arguments);
};

/* Parses `argv` (argv[0] is the command's name), answers --help, and runs the command. Ends with DUET_EXIT_WORLD when the output can't
 * be written. */
enum duet_exit duet_command_run(const struct duet_command *command, int argc, char **argv,
                                const struct duet_io *io);

/* --- for `run` ------------------------------------------------------------------------------------------ */

/* Where to read and write. */
const struct duet_io *duet_arguments_io(const struct duet_arguments *arguments);

/* Operands, in order. */
size_t duet_operand_count(const struct duet_arguments *arguments);
const char *duet_operand(const struct duet_arguments *arguments, size_t index);

/* Whether the option was given. `name` must be one of the command's. */
bool duet_option_given(const struct duet_arguments *arguments, const char *name);

/* The value given last; `otherwise` when the option wasn't given. */
const char *duet_option_text(const struct duet_arguments *arguments, const char *name,
                             const char *otherwise);

/* The value given as the index-th of several; NULL when there are no more. */
const char *duet_option_at(const struct duet_arguments *arguments, const char *name, size_t index);

/* A whole number from `least` to `most`; stays as it is when the option wasn't given. False after a message: end with DUET_EXIT_USAGE. */
bool duet_option_number(const struct duet_arguments *arguments, const char *name, long least,
                        long most, long *number);

/* "duet check: " and the message, a line on `err`. Returns `status`, so that a command can say and end in one step. */
__attribute__((format(printf, 3, 4))) enum duet_exit
duet_complain(const struct duet_arguments *arguments, enum duet_exit status, const char *format,
              ...);

/* "  --format text|json   how findings are shown", for help. */
void duet_command_write_options(const struct duet_command *command, FILE *out);
void duet_command_write_help(const struct duet_command *command, FILE *out);
