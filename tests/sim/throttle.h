/* Quotas: at most so many in a sliding window, and token buckets. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* {0} is empty; sim_window_finish() frees what it holds. */
struct sim_window {
    int64_t *times; /* ascending */
    size_t count;
    size_t size;
};

/* Takes one if fewer than `limit` were taken in the last `span` ticks. Limit 0: no limit. When
 * refused, `wait_out` says how many seconds (at least 1) until there is room. */
bool sim_window_take(struct sim_window *window, int64_t now, int64_t span, long limit,
                     long *wait_out);
void sim_window_finish(struct sim_window *window);

struct sim_bucket {
    bool started;
    double level;
    int64_t filled_at;
};

/* A bucket of `size` tokens that gains `per_second`. Size 0: no limit. */
bool sim_bucket_take(struct sim_bucket *bucket, int64_t now, long size, long per_second);
long sim_bucket_level(const struct sim_bucket *bucket);
