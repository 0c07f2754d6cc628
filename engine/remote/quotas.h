/* Quotas kept beforehand: requests wait in lines until the server's limits have room, whoever shares them.
 *
 * A bucket lets `count` requests pass in any `per` milliseconds. A request takes its place from before it is sent until `per`
 * after its answer: whenever between the two the server counted it, and whichever windows it counts in, it never sees more.
 * Lines (one an endpoint and kind of request) are served in turn, so that who asks much keeps nobody else waiting. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "engine/world/loop.h"

#define DUET_LINE_MAX_BUCKETS 8U
#define DUET_LINE_MAX_GOING                                                                        \
    6U /* of one line at a time: a server that hangs holds no more connections */

struct duet_quotas;
struct duet_line;

/* The loop is borrowed. Freed after all lines; NULL is fine. */
struct duet_quotas *duet_quotas_new(struct duet_loop *loop);
void duet_quotas_free(struct duet_quotas *quotas);

struct duet_line *duet_line_new(struct duet_quotas *quotas);
void duet_line_free(struct duet_line *line); /* with nobody in it; NULL is fine */

/* The line's requests count in the bucket of that name, shared by all that name it. `is_of_kind`: a pause of the line pauses the
 * bucket too. Two limits of one name: the first stands. */
void duet_line_limit(struct duet_line *line, const char *name, uint32_t count, uint32_t per_ms,
                     bool is_of_kind);

enum duet_place_state { DUET_PLACE_OUT, DUET_PLACE_WAITING, DUET_PLACE_GOING };

/* A request's place in a line; part of another struct, zeroed at first. */
struct duet_place {
    enum duet_place_state state;
    struct duet_line *line;
    struct duet_place *before, *after;
    duet_loop_call granted;
    void *data;
};

/* Waits; `granted` is called from the loop when it may go. */
void duet_place_wait(struct duet_place *place, struct duet_line *line, duet_loop_call granted,
                     void *data);
/* It was answered, or nobody will know: counts from now. */
void duet_place_done(struct duet_place *place);
/* It was never sent: gives up waiting, or gives back what was granted. */
void duet_place_leave(struct duet_place *place);

/* Nobody in the line goes before so many milliseconds have passed. */
void duet_line_pause(struct duet_line *line, int64_t milliseconds);

/* The server said that it was too much: how often by now, since it last said otherwise. */
unsigned duet_line_strike(struct duet_line *line);
void duet_line_forgive(struct duet_line *line);

/* How many could go within so many milliseconds beyond those that wait; UINT32_MAX without a limit. `wait_ms_out` (may be NULL): how
 * long until one could go, 0 for now. */
uint32_t duet_line_room(const struct duet_line *line, int64_t within_ms, int64_t *wait_ms_out);

/* A request of this line was sent before this program started, and counts still. Oldest first. */
void duet_line_spend(struct duet_line *line, int64_t age_ms);
