/* The key that signs claims and marks: from the environment or from a file beside the store, never in it. */
#pragma once

#include "dsl/status.h"
#include "engine/fleet/ids.h"
#include "engine/world/random.h"

#define DUET_KEY_VARIABLE "DUET_KEY"

/* DUET_KEY: 64 hexadecimal digits. Without it the file `path`, made with mode 0600 and a new key where there is none. DUET_INVALID: the
 * variable or the file holds no key; DUET_FAILED: the file can't be read or made. */
enum duet_status duet_key_load(const char *path, struct duet_random *random,
                               struct duet_key *key_out, struct duet_error *error);

/* A key of this run alone: for a dry run, which leaves nothing behind, when there is none yet. */
enum duet_status duet_key_borrow(const char *path, struct duet_random *random,
                                 struct duet_key *key_out, struct duet_error *error);
