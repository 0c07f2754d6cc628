/* FNV-1a, 64 bits: to tell contents apart, not to keep anybody from making two alike. */
#pragma once

#include <stddef.h>
#include <stdint.h>

uint64_t duet_hash_bytes(const void *bytes, size_t length);
