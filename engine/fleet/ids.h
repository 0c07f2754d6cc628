/* Names that duet gives: the same input gives the same name, so that what is written twice stands once and is known again.
 *
 * Claims and marks are signed with a key that is not in the store: whoever can write to a system can't make one for a tenant. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "dsl/arena.h"

#define DUET_KEY_BYTES 32U
#define DUET_SIGNATURE_DIGITS 32U /* hexadecimal: half of an HMAC-SHA256 */

/* The key that signs; wipe it when it is no longer used. */
struct duet_key {
    unsigned char bytes[DUET_KEY_BYTES];
};

/* Whose record: the texts are borrowed. */
struct duet_claim {
    const char *tenant;
    const char *mapping;
    const char *side; /* the origin's name in the mapping */
    const char *key;  /* of the origin's record */
};

/* "duet:TENANT/MAPPING/KEY:SIGNATURE". Into the arena. */
const char *duet_claim_text(const struct duet_key *key, const struct duet_claim *claim,
                            struct duet_arena *arena);

/* Finds a claim of `claim`'s tenant, mapping and side anywhere in a text. False: there is none, or its signature is not ours. The key
 * it names, of 512 bytes at most, goes to claim->key, in the arena. */
bool duet_claim_read(const struct duet_key *key, const char *text, struct duet_claim *claim,
                     struct duet_arena *arena);

/* Does the text carry anything that looks like a claim, whoever made it? */
bool duet_claim_is_any(const char *text);

/* UUIDv5 of the parts, each told apart from the next whatever stands in them: for notes whose id the client chooses. */
const char *duet_derived_uuid(const char *const *parts, size_t count, struct duet_arena *arena);

/* Signed, 32 hexadecimal digits: for notes whose id the client can't choose. */
const char *duet_derived_mark(const struct duet_key *key, const char *const *parts, size_t count,
                              struct duet_arena *arena);
