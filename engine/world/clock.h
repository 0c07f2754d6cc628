/* What time it is, behind an interface, so that a run can be repeated exactly. clock.c alone asks the machine. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct duet_clock {
    /* Ticks of 100 ns since 1970-01-01T00:00:00Z. May step in either direction. */
    int64_t (*wall)(struct duet_clock *clock);
    /* Milliseconds since some moment; never steps back. */
    int64_t (*monotonic)(struct duet_clock *clock);
    /* Moves the clock on to a moment of monotonic(). NULL: time passes by itself. */
    void (*advance)(struct duet_clock *clock, int64_t monotonic_ms);
};

static inline int64_t duet_clock_wall(struct duet_clock *clock)
{
    return clock->wall(clock);
}

static inline int64_t duet_clock_monotonic(struct duet_clock *clock)
{
    return clock->monotonic(clock);
}

/* The machine's. */
struct duet_clock *duet_clock_real(void);

/* A clock that stands still until the loop has nothing to do but wait. */
struct duet_clock_sim {
    struct duet_clock clock; /* hand in &sim.clock */
    int64_t wall_ticks;      /* may be changed at any time: a clock that steps */
    int64_t monotonic_ms;
};

void duet_clock_sim_init(struct duet_clock_sim *sim, int64_t wall_ticks);
