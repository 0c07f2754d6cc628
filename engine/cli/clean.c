#include "engine/cli/clean.h"

#include <stdint.h>

/* Bytes that a character with this first byte has; 0: none begins so. */
static size_t length_of(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xc2)
        return 0;
    if (first < 0xe0)
        return 2;
    if (first < 0xf0)
        return 3;
    return first < 0xf5 ? 4 : 0;
}

/* The smallest code point that needs so many bytes. */
static uint32_t least_of(size_t length)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    return least[length];
}

static int is_plain(uint32_t point)
{
    if (point < 0x20 || (point >= 0x7f && point < 0xa0))
        return 0;
    if (point >= 0xd800 && point < 0xe000)
        return 0;
    if (point == 0x2028 || point == 0x2029)
        return 0;
    return point != 0xfffe && point != 0xffff && point <= 0x10ffff;
}

size_t duet_clean_length(const char *text)
{
    unsigned char first = (unsigned char)*text;
    size_t length = length_of(first);
    if (length < 2)
        return length && is_plain(first) ? 1 : 0;
    uint32_t point = first & (0xffU >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        unsigned char next = (unsigned char)text[i];
        if ((next & 0xc0U) != 0x80U)
            return 0;
        point = point << 6 | (next & 0x3fU);
    }
    return point >= least_of(length) && is_plain(point) ? length : 0;
}
