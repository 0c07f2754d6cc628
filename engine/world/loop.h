/* One event loop: file descriptors (epoll), timers over a clock, and calls put off to the next turn. One thread, no locks.
 *
 * A turn runs what was deferred, then the timers that are due, then what file descriptors have to say. Within one turn, timers
 * run in the order of their times, equal ones in the order in which they were set.
 *
 * With a clock that can be advanced (a simulated one) nobody waits for a timer: when nothing is deferred, nothing due, and no file
 * descriptor ready, the clock moves on to the next timer - unless somebody holds the loop, because an answer from
 * outside is on its way: then the loop waits for that, and time stands still. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "engine/world/clock.h"

struct duet_loop;
struct duet_timer;
struct duet_watch;

typedef void (*duet_loop_call)(void *data);
typedef void (*duet_loop_ready)(void *data, uint32_t events);

enum duet_loop_events { DUET_LOOP_READ = 1, DUET_LOOP_WRITE = 2, DUET_LOOP_ERROR = 4 };

/* The caller frees the loop, after everything that uses it; the clock is borrowed. NULL when the system refuses. */
struct duet_loop *duet_loop_new(struct duet_clock *clock);
void duet_loop_free(struct duet_loop *loop); /* NULL is fine */

struct duet_clock *duet_loop_clock(struct duet_loop *loop);

/* Calls once, `delay_ms` from now. The timer is the loop's; it is gone once it has run, or cancelled. */
struct duet_timer *duet_loop_after(struct duet_loop *loop, int64_t delay_ms, duet_loop_call call,
                                   void *data);
/* The same at a moment of the monotonic clock. */
struct duet_timer *duet_loop_at(struct duet_loop *loop, int64_t monotonic_ms, duet_loop_call call,
                                void *data);
void duet_loop_cancel(struct duet_loop *loop, struct duet_timer *timer); /* NULL is fine */

/* Calls once, in the next turn. The same handle as a timer's, so it can be cancelled. */
struct duet_timer *duet_loop_defer(struct duet_loop *loop, duet_loop_call call, void *data);

/* Calls whenever the file descriptor is ready for what `events` asks. NULL when the system refuses. A watch may
 * be changed and ended at any time, also by its own call; the file descriptor is the caller's. */
struct duet_watch *duet_loop_watch(struct duet_loop *loop, int fd, uint32_t events,
                                   duet_loop_ready ready, void *data);
void duet_loop_change(struct duet_loop *loop, struct duet_watch *watch, uint32_t events);
void duet_loop_unwatch(struct duet_loop *loop, struct duet_watch *watch); /* NULL is fine */

/* Between hold and release something outside of the loop is at work for us. Counted. */
void duet_loop_hold(struct duet_loop *loop);
void duet_loop_release(struct duet_loop *loop);

/* Turns until stopped, or until nothing is deferred, no timer set and nobody holds: watches alone don't keep it. */
void duet_loop_run(struct duet_loop *loop);
void duet_loop_stop(
    struct duet_loop *loop); /* after the present turn; before run: run returns at once */

/* One turn. Waits only when `wait`. False: nothing was to do, and nothing is left that could come (see run). */
bool duet_loop_turn(struct duet_loop *loop, bool wait);
