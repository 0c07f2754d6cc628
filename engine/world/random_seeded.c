/* Random numbers that a seed repeats (splitmix64). */
#include "engine/world/random.h"

static uint64_t next(struct duet_random_seeded *seeded)
{
    seeded->state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = seeded->state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void seeded_fill(struct duet_random *random, void *bytes, size_t size)
{
    struct duet_random_seeded *seeded = (struct duet_random_seeded *)random; /* its first member */
    unsigned char *at = bytes;
    for (size_t i = 0; i < size; i++)
        at[i] = (unsigned char)(next(seeded) >> 24);
}

void duet_random_seeded_init(struct duet_random_seeded *seeded, uint64_t seed)
{
    *seeded = (struct duet_random_seeded){ .random = { .fill = seeded_fill }, .state = seed };
}

uint64_t duet_random_below(struct duet_random *random, uint64_t limit)
{
    uint64_t number = 0;
    random->fill(random, &number, sizeof number);
    return limit > 0 ? number % limit : 0;
}
