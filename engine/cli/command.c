#include "engine/cli/command.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/suggest.h"

#define MOST_ARGUMENTS 65536
#define HELP_COLUMN 28

/* Each option given, in order, and the operands: pointers into argv. */
struct duet_arguments {
    const struct duet_command *command;
    const struct duet_io *io;
    struct given {
        const struct duet_option *option;
        const char *value; /* NULL: the option has none */
    } * given;
    size_t given_count;
    const char **operands;
    size_t operand_count;
};

enum parsed { PARSED, PARSED_HELP, PARSED_WRONG };

enum duet_exit duet_complain(const struct duet_arguments *arguments, enum duet_exit status,
                             const char *format, ...)
{
    va_list args;
    fprintf(arguments->io->err, "duet %s: ", arguments->command->name);
    va_start(args, format);
    vfprintf(arguments->io->err, format, args);
    va_end(args);
    fputc('\n', arguments->io->err);
    return status;
}

/* --- options ------------------------------------------------------------------------------------------- */

static const struct duet_option *find_option(const struct duet_command *command, const char *name,
                                             size_t length)
{
    const struct duet_option *option = command->options;
    for (; option && option->name; option++) {
        if (strlen(option->name) == length && strncmp(option->name, name, length) == 0)
            return option;
    }
    return NULL;
}

static const struct duet_option *find_letter(const struct duet_command *command, char letter)
{
    const struct duet_option *option = command->options;
    for (; option && option->name; option++) {
        if (option->letter == letter)
            return option;
    }
    return NULL;
}

static enum parsed unknown_option(const struct duet_arguments *arguments, const char *written,
                                  size_t length)
{
    char name[DUET_SUGGEST_LENGTH_MAX + 1] = "";
    if (written[1] == '-' && length - 2 < sizeof name)
        memcpy(name, written + 2, length - 2);
    struct duet_suggest suggest = duet_suggest_start(name);
    const struct duet_option *option = arguments->command->options;
    for (; option && option->name; option++)
        duet_suggest_offer(&suggest, option->name);
    duet_suggest_offer(&suggest, "help");
    const char *best = name[0] ? duet_suggest_best(&suggest) : NULL;
    duet_complain(arguments, DUET_EXIT_USAGE,
                  best ? "unknown option '%.*s'; did you mean '--%s'?" : "unknown option '%.*s'",
                  (int)length, written, best);
    return PARSED_WRONG;
}

/* "text|json" has the value. */
static bool is_choice(const char *choices, const char *value)
{
    size_t length = strlen(value);
    for (const char *at = choices; at; at = strchr(at, '|')) {
        at += *at == '|';
        if (strncmp(at, value, length) == 0 && (at[length] == '|' || at[length] == '\0'))
            return length > 0;
    }
    return false;
}

static enum parsed wrong_choice(const struct duet_arguments *arguments,
                                const struct duet_option *option, const char *value)
{
    char *choices = strdup(option->value);
    if (!choices)
        return PARSED_WRONG;
    struct duet_suggest suggest = duet_suggest_start(value);
    char *rest = NULL;
    for (char *choice = strtok_r(choices, "|", &rest); choice; choice = strtok_r(NULL, "|", &rest))
        duet_suggest_offer(&suggest, choice);
    const char *best = duet_suggest_best(&suggest);
    duet_complain(arguments, DUET_EXIT_USAGE,
                  best ? "'--%s' can't be '%s', expected %s; did you mean '%s'?"
                       : "'--%s' can't be '%s', expected %s",
                  option->name, value, option->value, best);
    free(choices);
    return PARSED_WRONG;
}

/* The option with the value behind its '=' (or letter), or the next argument. */
static enum parsed take_option(struct duet_arguments *arguments, const struct duet_option *option,
                               const char *value, char **argv, int *at)
{
    if (option->value && !value)
        value = argv[*at + 1] ? argv[++*at] : NULL;
    if (option->value && !value) {
        duet_complain(arguments, DUET_EXIT_USAGE, "'--%s' wants a value: %s", option->name,
                      option->value);
        return PARSED_WRONG;
    }
    if (!option->value && value) {
        duet_complain(arguments, DUET_EXIT_USAGE, "'--%s' has no value", option->name);
        return PARSED_WRONG;
    }
    if (value && strchr(option->value, '|') && !is_choice(option->value, value))
        return wrong_choice(arguments, option, value);
    arguments->given[arguments->given_count++] = (struct given){ option, value };
    return PARSED;
}

static enum parsed take_long(struct duet_arguments *arguments, char **argv, int *at)
{
    const char *written = argv[*at];
    size_t length = strcspn(written, "=");
    const struct duet_option *option = find_option(arguments->command, written + 2, length - 2);
    if (!option && strcmp(written, "--help") == 0)
        return PARSED_HELP;
    if (!option)
        return unknown_option(arguments, written, length);
    return take_option(arguments, option, written[length] == '=' ? written + length + 1 : NULL,
                       argv, at);
}

static enum parsed take_short(struct duet_arguments *arguments, char **argv, int *at)
{
    const char *written = argv[*at];
    const struct duet_option *option = find_letter(arguments->command, written[1]);
    if (!option && strcmp(written, "-h") == 0)
        return PARSED_HELP;
    if (!option)
        return unknown_option(arguments, written, strlen(written));
    return take_option(arguments, option, written[2] != '\0' ? written + 2 : NULL, argv, at);
}

static enum parsed check_operands(const struct duet_arguments *arguments)
{
    const struct duet_command *command = arguments->command;
    if (arguments->operand_count < command->least) {
        duet_complain(arguments, DUET_EXIT_USAGE, "expected %s", command->usage);
        return PARSED_WRONG;
    }
    if (arguments->operand_count > command->most) {
        duet_complain(arguments, DUET_EXIT_USAGE, "unexpected '%s'",
                      arguments->operands[command->most]);
        return PARSED_WRONG;
    }
    return PARSED;
}

static enum parsed parse(struct duet_arguments *arguments, int argc, char **argv)
{
    bool only_operands = arguments->command->takes_all;
    for (int at = 1; at < argc; at++) {
        enum parsed parsed = PARSED;
        if (only_operands || argv[at][0] != '-' || argv[at][1] == '\0')
            arguments->operands[arguments->operand_count++] = argv[at];
        else if (strcmp(argv[at], "--") == 0)
            only_operands = true;
        else if (argv[at][1] == '-')
            parsed = take_long(arguments, argv, &at);
        else
            parsed = take_short(arguments, argv, &at);
        if (parsed != PARSED)
            return parsed;
    }
    return check_operands(arguments);
}

/* --- for `run` --------------------------------------------------------------------------------------------- */

const struct duet_io *duet_arguments_io(const struct duet_arguments *arguments)
{
    return arguments->io;
}

size_t duet_operand_count(const struct duet_arguments *arguments)
{
    return arguments->operand_count;
}

const char *duet_operand(const struct duet_arguments *arguments, size_t index)
{
    assert(index < arguments->operand_count);
    return arguments->operands[index];
}

bool duet_option_given(const struct duet_arguments *arguments, const char *name)
{
    const struct duet_option *option = find_option(arguments->command, name, strlen(name));
    assert(option);
    for (size_t i = 0; i < arguments->given_count; i++) {
        if (arguments->given[i].option == option)
            return true;
    }
    return false;
}

const char *duet_option_at(const struct duet_arguments *arguments, const char *name, size_t index)
{
    const struct duet_option *option = find_option(arguments->command, name, strlen(name));
    assert(option && option->value);
    for (size_t i = 0; i < arguments->given_count; i++) {
        if (arguments->given[i].option == option && index-- == 0)
            return arguments->given[i].value;
    }
    return NULL;
}

const char *duet_option_text(const struct duet_arguments *arguments, const char *name,
                             const char *otherwise)
{
    const char *text = otherwise;
    const char *value = NULL;
    for (size_t i = 0; (value = duet_option_at(arguments, name, i)); i++)
        text = value;
    return text;
}

bool duet_option_number(const struct duet_arguments *arguments, const char *name, long least,
                        long most, long *number)
{
    const char *text = duet_option_text(arguments, name, NULL);
    if (!text)
        return true;
    char *end = NULL;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < least || value > most) {
        duet_complain(arguments, DUET_EXIT_USAGE,
                      "'--%s' wants a whole number from %ld to %ld, not '%s'", name, least, most,
                      text);
        return false;
    }
    *number = value;
    return true;
}

/* --- help -------------------------------------------------------------------------------------------------- */

static void write_option(const struct duet_option *option, FILE *out)
{
    int width = fprintf(out, "  ");
    if (option->letter)
        width += fprintf(out, "-%c, ", option->letter);
    width += fprintf(out, "--%s", option->name);
    if (option->value)
        width += fprintf(out, " %s", option->value);
    if (width >= HELP_COLUMN) {
        fputc('\n', out);
        width = 0;
    }
    fprintf(out, "%*s%s\n", HELP_COLUMN - width, "", option->help);
}

void duet_command_write_options(const struct duet_command *command, FILE *out)
{
    const struct duet_option *option = command->options;
    for (; option && option->name; option++)
        write_option(option, out);
    if (!command->takes_all)
        write_option(&(struct duet_option){ "help", 'h', NULL, "this text" }, out);
}

static void write_usage(const struct duet_command *command, FILE *out)
{
    bool has_options = command->options && command->options->name;
    fprintf(out, "usage: duet %s%s%s%s\n", command->name, has_options ? " [OPTIONS]" : "",
            *command->usage ? " " : "", command->usage);
}

void duet_command_write_help(const struct duet_command *command, FILE *out)
{
    write_usage(command, out);
    fprintf(out, "\n%s\n", command->help);
    if (command->takes_all)
        return;
    fputs("\noptions:\n", out);
    duet_command_write_options(command, out);
}

/* --- running ------------------------------------------------------------------------------------------------- */

/* A full disk or a closed pipe is told now or never. */
static enum duet_exit flushed(const struct duet_arguments *arguments, enum duet_exit status)
{
    if (fflush(arguments->io->out) == 0 && !ferror(arguments->io->out))
        return status;
    return duet_complain(arguments, DUET_EXIT_WORLD, "can't write the output: %s", strerror(errno));
}

static enum duet_exit run_parsed(const struct duet_arguments *arguments, enum parsed parsed)
{
    switch (parsed) {
    case PARSED:
        return flushed(arguments, arguments->command->run(arguments));
    case PARSED_HELP:
        duet_command_write_help(arguments->command, arguments->io->out);
        return flushed(arguments, DUET_EXIT_FINE);
    case PARSED_WRONG:
        break;
    }
    write_usage(arguments->command, arguments->io->err);
    return DUET_EXIT_USAGE;
}

enum duet_exit duet_command_run(const struct duet_command *command, int argc, char **argv,
                                const struct duet_io *io)
{
    struct duet_arguments arguments = { .command = command, .io = io };
    if (argc > MOST_ARGUMENTS)
        return duet_complain(&arguments, DUET_EXIT_USAGE, "more than %d arguments", MOST_ARGUMENTS);
    arguments.given = calloc((size_t)argc + 1, sizeof *arguments.given);
    arguments.operands = calloc((size_t)argc + 1, sizeof *arguments.operands);
    enum duet_exit status = DUET_EXIT_WORLD;
    if (arguments.given && arguments.operands)
        status = run_parsed(&arguments, parse(&arguments, argc, argv));
    else
        duet_complain(&arguments, DUET_EXIT_WORLD, "out of memory");
    free(arguments.given);
    free(arguments.operands);
    return status;
}
