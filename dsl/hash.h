/* One hash of a text, for tables with open addressing: FNV-1a, then mixed so that the low bits depend on all. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* `seed` tells texts of different kinds apart. */
static inline uint64_t duet_hash_text(const char *text, size_t length, uint64_t seed)
{
    uint64_t hash = UINT64_C(14695981039346656037) ^ seed;
    for (size_t i = 0; i < length; i++) {
        hash ^= (unsigned char)text[i];
        hash *= UINT64_C(1099511628211);
    }
    hash ^= hash >> 32;
    hash *= UINT64_C(0xd6e8feb86659fd93);
    return hash ^ (hash >> 32);
}
