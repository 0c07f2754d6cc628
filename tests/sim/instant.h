/* Instants as ticks of 100 ns since 1970 (UTC), read from and written to text; pure arithmetic. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define SIM_TICKS_PER_SECOND INT64_C(10000000)

enum { SIM_INSTANT_SIZE = 48 };

enum sim_instant_style {
    SIM_INSTANT_PLAIN,   /* 2026-01-02 03:04:05 */
    SIM_INSTANT_US,      /* 1/2/2026 3:04:05 AM */
    SIM_INSTANT_US_ZONE, /* 01/02/2026 03:04 AM UTC */
    SIM_INSTANT_HTTP,    /* Fri, 02 Jan 2026 03:04:05 GMT */
    SIM_INSTANT_DAY      /* 20260102 */
};

/* RFC 3339 with `T` or a blank, 0 to 9 fraction digits, and `Z`, an offset or nothing (UTC). */
bool sim_instant_parse(const char *text, int64_t *ticks_out);

/* RFC 3339 in UTC with at most `digits` (0 to 7) fraction digits; trailing zeros are dropped. */
void sim_instant_rfc3339(int64_t ticks, int digits, char out[SIM_INSTANT_SIZE]);

void sim_instant_format(int64_t ticks, enum sim_instant_style style, char out[SIM_INSTANT_SIZE]);

/* Cut to `digits` fraction digits. */
int64_t sim_instant_truncate(int64_t ticks, int digits);
