/* What must never be shown: texts that are struck out of whatever leaves the engine - logs, errors, pages, the store. */
#pragma once

#include <stddef.h>

#include "dsl/arena.h"

#define DUET_SECRET_MIN 4U /* shorter ones would strike out half of every text */

struct duet_secrets;

/* The caller frees the list; NULL is fine. What it held is wiped. */
struct duet_secrets *duet_secrets_new(void);
void duet_secrets_free(struct duet_secrets *secrets);

/* Adds a secret (counted: as often as it was added it must be forgotten) with the forms it takes in URLs and JSON. */
void duet_secrets_add(struct duet_secrets *secrets, const char *text);
void duet_secrets_forget(struct duet_secrets *secrets, const char *text);

/* The text with each secret as `***`; `text` itself when it holds none. Else in the arena. `secrets` may be NULL. */
const char *duet_secrets_strike(const struct duet_secrets *secrets, const char *text,
                                struct duet_arena *arena);

/* Overwrites memory in a way that isn't optimised away, then frees it. NULL is fine. */
void duet_secret_free(char *text);
