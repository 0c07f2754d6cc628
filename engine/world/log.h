/* Log lines with structure: time, level, what happened, and names with values; as `name=value` or as JSON. Registered
 * secrets are struck out of every value. */
#pragma once

#include <stdio.h>

#include "engine/world/clock.h"
#include "engine/world/secrets.h"

enum duet_log_level {
    DUET_LOG_DEBUG,
    DUET_LOG_INFO,
    DUET_LOG_WARNING,
    DUET_LOG_ERROR,
    DUET_LOG_LEVELS
};
enum duet_log_format { DUET_LOG_TEXT, DUET_LOG_JSON };

struct duet_log;

/* The stream and clock are borrowed. The caller frees the log; NULL is fine. */
struct duet_log *duet_log_new(FILE *stream, enum duet_log_format format, enum duet_log_level least,
                              struct duet_clock *clock);
void duet_log_free(struct duet_log *log);

/* The log's own list: add to it whatever must not be shown. NULL for a NULL log. */
struct duet_secrets *duet_log_secrets(struct duet_log *log);

/* duet_log_line(log, DUET_LOG_INFO, "incident written", "tenant", name, "key", key, DUET_LOG_END): names and values
 * in turn. A NULL value leaves its name out. A NULL log takes everything and shows nothing. */
#define DUET_LOG_END ((const char *)0)
void duet_log_line(struct duet_log *log, enum duet_log_level level, const char *event, ...);
