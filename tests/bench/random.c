#include "tests/bench/random.h"

uint64_t bench_random_next(struct bench_random *random)
{
    uint64_t mixed = (random->state += 0x9e3779b97f4a7c15ULL);
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
    return mixed ^ (mixed >> 31);
}

uint32_t bench_random_below(struct bench_random *random, uint32_t limit)
{
    return (uint32_t)((bench_random_next(random) >> 32) * limit >> 32);
}
