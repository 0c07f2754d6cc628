/* Randomness behind an interface: the machine's, or one that a seed repeats. random.c alone asks the machine. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct duet_random {
    void (*fill)(struct duet_random *random, void *bytes, size_t size);
};

/* The machine's, fit for keys and claims. When the machine has none the process ends, exit 3. */
struct duet_random *duet_random_real(void);

/* The same seed, the same numbers: for tests alone. */
struct duet_random_seeded {
    struct duet_random random; /* hand in &seeded.random */
    uint64_t state;
};

void duet_random_seeded_init(struct duet_random_seeded *seeded, uint64_t seed);

/* A number below `limit`; 0 when limit is 0. Even enough for jitter. */
uint64_t duet_random_below(struct duet_random *random, uint64_t limit);
