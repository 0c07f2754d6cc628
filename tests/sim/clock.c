#include "tests/sim/clock.h"

#include <stdlib.h>
#include <time.h>

#include "tests/sim/instant.h"
#include "tests/sim/text.h"

struct sim_clock {
    bool manual;
    int64_t set_to;
    int64_t last_stamp;
    int64_t stepped; /* sum of the steps forward by hand */
    const int64_t *followed;
};

static int64_t read_clock(clockid_t which)
{
    struct timespec now = { 0 };
    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * SIM_TICKS_PER_SECOND + now.tv_nsec / 100;
}

struct sim_clock *sim_clock_new(void)
{
    return sim_alloc(sizeof(struct sim_clock));
}

void sim_clock_free(struct sim_clock *clock)
{
    free(clock);
}

void sim_clock_follow(struct sim_clock *clock, const int64_t *ticks)
{
    clock->followed = ticks;
}

static int64_t passing(const struct sim_clock *clock, clockid_t which)
{
    return clock->followed ? *clock->followed : read_clock(which);
}

int64_t sim_clock_now(const struct sim_clock *clock)
{
    if (clock->manual)
        return clock->set_to;
    int64_t real = passing(clock, CLOCK_REALTIME);
    return real > clock->last_stamp ? real : clock->last_stamp;
}

int64_t sim_clock_stamp(struct sim_clock *clock)
{
    if (clock->manual)
        return clock->set_to;
    int64_t real = passing(clock, CLOCK_REALTIME);
    clock->last_stamp = real > clock->last_stamp ? real : clock->last_stamp + 1;
    return clock->last_stamp;
}

void sim_clock_set(struct sim_clock *clock, int64_t ticks)
{
    int64_t now = sim_clock_now(clock);
    if (ticks > now)
        clock->stepped += ticks - now;
    clock->manual = true;
    clock->set_to = ticks;
}

void sim_clock_advance(struct sim_clock *clock, int64_t ticks)
{
    sim_clock_set(clock, sim_clock_now(clock) + ticks);
}

bool sim_clock_is_manual(const struct sim_clock *clock)
{
    return clock->manual;
}

int64_t sim_clock_elapsed(const struct sim_clock *clock)
{
    return passing(clock, CLOCK_MONOTONIC) + clock->stepped;
}
