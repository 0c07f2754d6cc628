/* A clock for tests: stands still until it is moved. */
#include "engine/world/clock.h"

static struct duet_clock_sim *sim_of(struct duet_clock *clock)
{
    return (struct duet_clock_sim *)clock; /* `clock` is its first member */
}

static int64_t sim_wall(struct duet_clock *clock)
{
    return sim_of(clock)->wall_ticks;
}

static int64_t sim_monotonic(struct duet_clock *clock)
{
    return sim_of(clock)->monotonic_ms;
}

static void sim_advance(struct duet_clock *clock, int64_t monotonic_ms)
{
    struct duet_clock_sim *sim = sim_of(clock);
    if (monotonic_ms <= sim->monotonic_ms)
        return;
    sim->wall_ticks += (monotonic_ms - sim->monotonic_ms) * 10000;
    sim->monotonic_ms = monotonic_ms;
}

void duet_clock_sim_init(struct duet_clock_sim *sim, int64_t wall_ticks)
{
    *sim = (struct duet_clock_sim){
        .clock = { .wall = sim_wall, .monotonic = sim_monotonic, .advance = sim_advance },
        .wall_ticks = wall_ticks,
    };
}
