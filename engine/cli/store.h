/* An engine's store, for the commands that look into it and change nothing. */
#pragma once

#include "engine/cli/command.h"
#include "engine/journal/journal.h"

#define DUET_OPTION_STORE                                                                          \
    {                                                                                              \
        "store", 0, "FILE", "the engine's store; without it DUET_STORE, or duet.db"                \
    }
#define DUET_OPTION_TENANT                                                                         \
    {                                                                                              \
        "tenant", 0, "NAME", "only this tenant"                                                    \
    }
#define DUET_OPTION_FORMAT                                                                         \
    {                                                                                              \
        "format", 0, "text|json", "how it is shown"                                                \
    }

/* Lives while the command runs. */
struct duet_store {
    struct duet_journal *journal;
    struct duet_arena *arena;
    struct duet_journal_status overview; /* with --tenant, of that tenant alone */
};

/* What a command does with the store. Reads may fail: then duet_store_unreadable(). */
typedef enum duet_exit (*duet_store_user)(const struct duet_arguments *arguments,
                                          const struct duet_store *store);

/* Opens the store of --store, checks --tenant and calls `use`. The command must have both options, and --format for the next ones. */
enum duet_exit duet_with_store(const struct duet_arguments *arguments, duet_store_user use);

/* Tells what failed. */
enum duet_exit duet_store_unreadable(const struct duet_arguments *arguments,
                                     const struct duet_store *store);

/* Whether --format asks for JSON. */
bool duet_wants_json(const struct duet_arguments *arguments);
