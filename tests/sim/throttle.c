#include "tests/sim/throttle.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/instant.h"
#include "tests/sim/text.h"

static void forget_before(struct sim_window *window, int64_t time)
{
    size_t old = 0;
    while (old < window->count && window->times[old] <= time)
        old++;
    window->count -= old;
    if (old > 0 && window->count > 0)
        memmove(window->times, window->times + old, window->count * sizeof(window->times[0]));
}

bool sim_window_take(struct sim_window *window, int64_t now, int64_t span, long limit,
                     long *wait_out)
{
    *wait_out = 0;
    if (limit == 0)
        return true;
    forget_before(window, now - span);
    if (window->count >= (size_t)limit) {
        int64_t free_at = window->times[window->count - (size_t)limit] + span;
        *wait_out = (long)((free_at - now + SIM_TICKS_PER_SECOND - 1) / SIM_TICKS_PER_SECOND);
        return false;
    }
    if (window->count == window->size) {
        window->size = window->size * 2 + 16;
        window->times = sim_resize(window->times, window->size * sizeof(window->times[0]));
    }
    window->times[window->count++] = now;
    return true;
}

void sim_window_finish(struct sim_window *window)
{
    free(window->times);
    *window = (struct sim_window){ 0 };
}

bool sim_bucket_take(struct sim_bucket *bucket, int64_t now, long size, long per_second)
{
    if (size == 0)
        return true;
    if (!bucket->started) {
        bucket->started = true;
        bucket->level = (double)size;
        bucket->filled_at = now;
    }
    double seconds = (double)(now - bucket->filled_at) / (double)SIM_TICKS_PER_SECOND;
    bucket->level += seconds * (double)per_second;
    if (bucket->level > (double)size)
        bucket->level = (double)size;
    bucket->filled_at = now;
    if (bucket->level < 1.0)
        return false;
    bucket->level -= 1.0;
    return true;
}

long sim_bucket_level(const struct sim_bucket *bucket)
{
    return (long)bucket->level;
}
