/* The times that systems write, as ticks of 100 ns since 1970-01-01T00:00:00Z, and back. Always UTC; no clock is asked.
 *
 * RFC 3339 with 0 to 9 digits of a fraction (kept to 7), `Z` or an offset. A format is made of yyyy MM M dd d HH H hh h mm ss tt and
 * fff... (1 to 7 fraction digits); other characters stand for themselves. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dsl/tables.h"

#define DUET_TICKS_PER_SECOND INT64_C(10000000)
#define DUET_TIME_TEXT_MAX 64U

/* `format` is used for DUET_TIME_FORMAT only. False when the text is no such time. Seconds and milliseconds are decimal numbers. */
bool duet_time_parse(enum duet_time_unit unit, const char *format, const char *text,
                     int64_t *ticks_out);

/* Writes the time; a fraction is written only as far as it isn't zero (RFC 3339) or as the format says. False when it doesn't fit. */
bool duet_time_print(enum duet_time_unit unit, const char *format, int64_t ticks,
                     char text[DUET_TIME_TEXT_MAX]);

/* The time as it is read again once it was written so: what is finer is cut. One that can't be written stays as it is. */
int64_t duet_time_shown(enum duet_time_unit unit, const char *format, int64_t ticks);
