#include "engine/cli/commands.h"

#include <string.h>

#include "dsl/suggest.h"

/* Given by the build. */
#ifndef DUET_VERSION
#define DUET_VERSION "unknown"
#endif

static const struct duet_command *const commands[] = {
#define X(name) &duet_cmd_##name,
#include "engine/cli/commands.def"
#undef X
};

#define COMMANDS (sizeof commands / sizeof *commands)

const char *duet_version(void)
{
    return DUET_VERSION;
}

const struct duet_command *duet_command_at(size_t index)
{
    return index < COMMANDS ? commands[index] : NULL;
}

const struct duet_command *duet_command_find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    }
    return NULL;
}

const char *duet_command_suggest(const char *name)
{
    struct duet_suggest suggest = duet_suggest_start(name);
    for (size_t i = 0; i < COMMANDS; i++)
        duet_suggest_offer(&suggest, commands[i]->name);
    return duet_suggest_best(&suggest);
}

static enum duet_exit unknown_command(const char *name, const struct duet_io *io)
{
    const char *best = duet_command_suggest(name);
    const char *what = name[0] == '-' ? "option" : "command";
    if (best)
        fprintf(io->err, "duet: unknown %s '%s'; did you mean '%s'?\n", what, name, best);
    else
        fprintf(io->err, "duet: unknown %s '%s'; 'duet help' lists what there is\n", what, name);
    return DUET_EXIT_USAGE;
}

enum duet_exit duet_main(int argc, char **argv, const struct duet_io *io)
{
    char help[] = "help";
    char *help_argv[] = { help, NULL };
    if (argc < 2) {
        const struct duet_io to_err = { io->in, io->err, io->err };
        duet_command_run(&duet_cmd_help, 1, help_argv, &to_err);
        return DUET_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        fprintf(io->out, "duet %s\n", duet_version());
        return fflush(io->out) == 0 ? DUET_EXIT_FINE : DUET_EXIT_WORLD;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return duet_command_run(&duet_cmd_help, 1, help_argv, io);
    const struct duet_command *command = duet_command_find(argv[1]);
    return command ? duet_command_run(command, argc - 1, argv + 1, io)
                   : unknown_command(argv[1], io);
}
