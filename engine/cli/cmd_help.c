/* `duet help [COMMAND]`: the commands, one command, or the same for shells that complete words. */
#include "engine/cli/commands.h"

#include <string.h>

static const struct duet_option options[] = {
    { "format", 0, "text|words", "for people, or lines that a shell completes words from" },
    { NULL, 0, NULL, NULL },
};

static void list_commands(FILE *out)
{
    fputs(
        "duet keeps incidents in two systems in agreement.\n\nusage: duet COMMAND [ARGUMENTS]\n\n",
        out);
    const struct duet_command *command;
    for (size_t i = 0; (command = duet_command_at(i)); i++)
        fprintf(out, "  %-12s %s\n", command->name, command->summary);
    fputs("\n'duet help COMMAND' tells more; 'duet --version' says which duet this is.\n", out);
}

/* "NAME<tab>SUMMARY", a line for each command or for each option of one. */
static void list_words(const struct duet_command *command, FILE *out)
{
    const struct duet_command *each;
    for (size_t i = 0; !command && (each = duet_command_at(i)); i++)
        fprintf(out, "%s\t%s\n", each->name, each->summary);
    const struct duet_option *option = command ? command->options : NULL;
    for (; option && option->name; option++) {
        bool is_choice = option->value && strchr(option->value, '|');
        fprintf(out, "--%s\t%s\t%s\n", option->name, option->help, is_choice ? option->value : "");
    }
    if (command && !command->takes_all)
        fputs("--help\tthis text\t\n", out);
}

static enum duet_exit run(const struct duet_arguments *arguments)
{
    FILE *out = duet_arguments_io(arguments)->out;
    const char *format = duet_option_text(arguments, "format", "text");
    const char *name = duet_operand_count(arguments) > 0 ? duet_operand(arguments, 0) : NULL;
    const struct duet_command *command = name ? duet_command_find(name) : NULL;
    if (name && !command) {
        const char *best = duet_command_suggest(name);
        return best ? duet_complain(arguments, DUET_EXIT_USAGE,
                                    "unknown command '%s'; did you mean '%s'?", name, best)
                    : duet_complain(arguments, DUET_EXIT_USAGE, "unknown command '%s'", name);
    }
    if (strcmp(format, "words") == 0)
        list_words(command, out);
    else if (command)
        duet_command_write_help(command, out);
    else
        list_commands(out);
    return DUET_EXIT_FINE;
}

const struct duet_command duet_cmd_help = {
    .name = "help",
    .usage = "[COMMAND]",
    .summary = "the commands, or more about one",
    .help = "Lists the commands, or says what one does and which options it has.",
    .options = options,
    .most = 1,
    .run = run,
};
