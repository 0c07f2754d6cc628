#include "engine/world/clock.h"

#include <time.h>

#define TICKS_PER_SECOND INT64_C(10000000)

static int64_t real_wall(struct duet_clock *clock)
{
    (void)clock;
    struct timespec now = { 0 };
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * TICKS_PER_SECOND + now.tv_nsec / 100;
}

static int64_t real_monotonic(struct duet_clock *clock)
{
    (void)clock;
    struct timespec now = { 0 };
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct duet_clock *duet_clock_real(void)
{
    static struct duet_clock real = { .wall = real_wall, .monotonic = real_monotonic };
    return &real;
}
