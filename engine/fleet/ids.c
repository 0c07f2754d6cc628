#include "engine/fleet/ids.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#define CLAIM_START "duet:"
#define CLAIM_MAX_KEY                                                                              \
    512 /* bytes: a text full of colons must not cost more than this for each start in it */

/* The namespace of duet's own UUIDs: chosen once, for ever. */
static const unsigned char NAMESPACE[16] = { 0x8b, 0x1f, 0x4c, 0x52, 0x6d, 0x0e, 0x4b, 0x7a,
                                             0x9e, 0x31, 0x5a, 0xc7, 0x20, 0xd4, 0xf6, 0x11 };

/* "LENGTH:TEXT" for each part, so that ("ab","c") and ("a","bc") differ. */
static const char *join(const char *const *parts, size_t count, struct duet_arena *arena)
{
    const char *joined = "";
    for (size_t i = 0; i < count; i++)
        joined = duet_arena_format(arena, "%s%zu:%s", joined, strlen(parts[i]), parts[i]);
    return joined;
}

static const char *hex(const unsigned char *bytes, size_t count, struct duet_arena *arena)
{
    static const char digits[] = "0123456789abcdef";
    char *text = duet_arena_alloc(arena, 2 * count + 1);
    for (size_t i = 0; i < count; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15U];
    }
    return text;
}

const char *duet_derived_mark(const struct duet_key *key, const char *const *parts, size_t count,
                              struct duet_arena *arena)
{
    const char *joined = join(parts, count, arena);
    unsigned char digest[EVP_MAX_MD_SIZE] = { 0 };
    unsigned int length = 0;
    const unsigned char *made =
        HMAC(EVP_sha256(), key->bytes, (int)DUET_KEY_BYTES, (const unsigned char *)joined,
             strlen(joined), digest, &length);
    assert(made && length == 32);
    (void)made;
    return hex(digest, DUET_SIGNATURE_DIGITS / 2, arena);
}

const char *duet_derived_uuid(const char *const *parts, size_t count, struct duet_arena *arena)
{
    const char *joined = join(parts, count, arena);
    size_t length = strlen(joined);
    unsigned char *named = duet_arena_alloc(arena, sizeof(NAMESPACE) + length + 1);
    memcpy(named, NAMESPACE, sizeof(NAMESPACE));
    memcpy(named + sizeof(NAMESPACE), joined, length + 1);
    unsigned char id[EVP_MAX_MD_SIZE] = { 0 };
    int made = EVP_Digest(named, sizeof(NAMESPACE) + length, id, NULL, EVP_sha1(), NULL);
    assert(made == 1);
    (void)made;
    id[6] = (unsigned char)((id[6] & 0x0fU) | 0x50U);
    id[8] = (unsigned char)((id[8] & 0x3fU) | 0x80U);
    const char *text = hex(id, 16, arena);
    return duet_arena_format(arena, "%.8s-%.4s-%.4s-%.4s-%.12s", text, text + 8, text + 12,
                             text + 16, text + 20);
}

static const char *sign(const struct duet_key *key, const struct duet_claim *claim,
                        struct duet_arena *arena)
{
    const char *const parts[] = { "claim", claim->tenant, claim->mapping, claim->side, claim->key };
    return duet_derived_mark(key, parts, 5, arena);
}

const char *duet_claim_text(const struct duet_key *key, const struct duet_claim *claim,
                            struct duet_arena *arena)
{
    return duet_arena_format(arena, CLAIM_START "%s/%s/%s:%s", claim->tenant, claim->mapping,
                             claim->key, sign(key, claim, arena));
}

/* The key may hold a colon, so every colon behind it may be the one before the signature. */
static bool read_key(const struct duet_key *key, const char *at, struct duet_claim *claim,
                     struct duet_arena *arena)
{
    for (const char *colon = strchr(at, ':'); colon && colon - at <= CLAIM_MAX_KEY;
         colon = strchr(colon + 1, ':')) {
        if (strnlen(colon + 1, DUET_SIGNATURE_DIGITS) < DUET_SIGNATURE_DIGITS)
            return false;
        struct duet_claim tried = *claim;
        tried.key = duet_arena_copy_text(arena, at, (size_t)(colon - at));
        if (CRYPTO_memcmp(sign(key, &tried, arena), colon + 1, DUET_SIGNATURE_DIGITS) == 0) {
            claim->key = tried.key;
            return true;
        }
    }
    return false;
}

bool duet_claim_read(const struct duet_key *key, const char *text, struct duet_claim *claim,
                     struct duet_arena *arena)
{
    const char *start =
        duet_arena_format(arena, CLAIM_START "%s/%s/", claim->tenant, claim->mapping);
    for (const char *at = strstr(text, start); at; at = strstr(at + 1, start)) {
        if (read_key(key, at + strlen(start), claim, arena))
            return true;
    }
    return false;
}

bool duet_claim_is_any(const char *text)
{
    for (const char *at = strstr(text, CLAIM_START); at; at = strstr(at + 1, CLAIM_START)) {
        const char *name = at + strlen(CLAIM_START);
        size_t length = strcspn(name, "/ \t\r\n");
        if (length > 0 && name[length] == '/')
            return true;
    }
    return false;
}
