/* What a posted body says, by its system's `webhook` block, and how it is kept in the journal. Knows nothing of HTTP. */
#pragma once

#include <stdbool.h>

#include "engine/server/server.h"

#define DUET_HOOK_MAX_KEY 1024U /* bytes of a record's key */
#define DUET_HOOK_MAX_DEPTH 64U /* of the body */

/* NULL when the side's system takes no hooks. */
const struct duet_t_webhook *duet_hook_block(const struct duet_hook *hook);

struct duet_hook_message {
    const char *key;
    const char *signal; /* its name; NULL: a hint */
    const char *data;   /* of a signal, JSON text; NULL: none */
};

/* Into the arena. The hook must have a block. DUET_INVALID: `error` says what is wrong with the body, and quotes nothing secret. */
enum duet_status duet_hook_read(const struct duet_hook *hook, const char *body, size_t length,
                                struct duet_arena *arena, struct duet_hook_message *message_out,
                                struct duet_error *error);

/* Durable once it answered DUET_OK. Fails as the journal does. */
enum duet_status duet_hook_keep(const struct duet_hook *hook,
                                const struct duet_hook_message *message, int64_t when,
                                struct duet_journal *journal);
