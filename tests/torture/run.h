/* One schedule, carried out and judged. */
#pragma once

#include <stdio.h>

#include "tests/torture/judge.h"

struct run_outcome {
    unsigned violated;     /* statements, as bits by number */
    char text[JUDGE_TEXT]; /* the first of them */
    uint64_t trace;        /* of all that went over the wire: the same for the same schedule */
    uint64_t requests, writes, points;
};

/* `out`: where each event and exchange is told; NULL: nowhere. */
void run_schedule(const struct world_common *common, const struct schedule *schedule, FILE *out,
                  struct run_outcome *outcome);

/* The events of a schedule that a story needs, one a line. */
void run_tell_event(const struct event *event, FILE *out);
