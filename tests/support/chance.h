/* Draws for tests: the same in every run. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct chance {
    uint64_t state; /* not 0 */
};

/* xorshift64*: below `limit`. */
static inline unsigned chance_draw(struct chance *chance, unsigned limit)
{
    chance->state ^= chance->state >> 12;
    chance->state ^= chance->state << 25;
    chance->state ^= chance->state >> 27;
    return (unsigned)((chance->state * 2685821657736338717ULL) >> 33) % limit;
}

/* Once in `times`. */
static inline bool chance_is(struct chance *chance, unsigned times)
{
    return chance_draw(chance, times) == 0;
}
