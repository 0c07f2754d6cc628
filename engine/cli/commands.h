/* The table of commands: which there are, and which one a name means. */
#pragma once

#include "engine/cli/command.h"

#define X(name) extern const struct duet_command duet_cmd_##name;
#include "engine/cli/commands.def"
#undef X

/* In the order of `duet help`; NULL past the last. */
const struct duet_command *duet_command_at(size_t index);

/* NULL when there is none of that name. */
const struct duet_command *duet_command_find(const char *name);

/* The name of the nearest command, NULL when none is near. */
const char *duet_command_suggest(const char *name);

/* Everything that `duet` does: finds the command and runs it. */
enum duet_exit duet_main(int argc, char **argv, const struct duet_io *io);

/* "0.1.0" */
const char *duet_version(void);
