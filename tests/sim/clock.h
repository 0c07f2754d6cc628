/* The simulator's clock: real by default, or set by hand. The only file that asks for the time. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct sim_clock;

/* The caller owns the clock; sim_clock_free() accepts NULL. */
struct sim_clock *sim_clock_new(void);
void sim_clock_free(struct sim_clock *clock);

/* From now on *ticks is the time: a simulation moves it, forward only, and lends it as long as the clock lives. Stamps are as the real
 * clock's, each greater than the last. */
void sim_clock_follow(struct sim_clock *clock, const int64_t *ticks);

/* Now, in ticks of 100 ns since 1970. */
int64_t sim_clock_now(const struct sim_clock *clock);

/* The time of a write. Real clock: greater than every stamp before. Manual clock: exactly the time
 * set, so that a test can make writes tie. */
int64_t sim_clock_stamp(struct sim_clock *clock);

/* Either makes the clock manual. */
void sim_clock_set(struct sim_clock *clock, int64_t ticks);
void sim_clock_advance(struct sim_clock *clock, int64_t ticks);
bool sim_clock_is_manual(const struct sim_clock *clock);

/* Ticks that can only grow: real time passed plus every step forward by hand. Quotas and delays run
 * on it, so that a clock standing still doesn't starve a client that keeps its rate. */
int64_t sim_clock_elapsed(const struct sim_clock *clock);
