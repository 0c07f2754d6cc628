/* The benchmark's own random numbers (splitmix64): the same file on every machine, for ever. */
#pragma once

#include <stdint.h>

struct bench_random {
    uint64_t state;
};

uint64_t bench_random_next(struct bench_random *random);

/* At least 0 and less than `limit`, which is not 0. */
uint32_t bench_random_below(struct bench_random *random, uint32_t limit);
