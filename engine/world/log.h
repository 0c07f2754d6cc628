/* Log lines with structure: time, level, what happened, and keys with values; as `key=value` or as JSON. Which keys there are
 * stands in log_keys.def. Registered secrets are struck out of every text. */
#pragma once

#include <stddef.h>
#include <stdint.h>
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

/* The vocabulary: log_keys.def. */
enum duet_log_key {
#define DUET_LOG_WORD(name, key, kind, meaning) DUET_LOGGED_##name,
#include "engine/world/log_keys.def"
#undef DUET_LOG_WORD
    DUET_LOG_KEYS
};

enum duet_log_kind { DUET_LOG_TEXT_VALUE, DUET_LOG_NUMBER_VALUE, DUET_LOG_FLAG_VALUE };

const char *duet_log_key_name(enum duet_log_key key);
enum duet_log_kind duet_log_key_kind(enum duet_log_key key);

/* A text that is NULL or empty leaves its key out; a number and a flag (0: false) are always there, as JSON's own. */
struct duet_log_field {
    enum duet_log_key key;
    const char *text;
    int64_t number;
};

/* duet_log_line(log, DUET_LOG_INFO, "written", DUET_LOG_FIELDS({ DUET_LOGGED_OWNER, .text = name },
 *                                                              { DUET_LOGGED_PART, .number = 2 }));
 * Nothing but the event: duet_log_event(). A NULL log takes everything and shows nothing. */
#define DUET_LOG_FIELDS(...)                                                                       \
    (const struct duet_log_field[]){ __VA_ARGS__ },                                                \
        sizeof((const struct duet_log_field[]){ __VA_ARGS__ }) / sizeof(struct duet_log_field)
void duet_log_line(struct duet_log *log, enum duet_log_level level, const char *event,
                   const struct duet_log_field *fields, size_t count);
void duet_log_event(struct duet_log *log, enum duet_log_level level, const char *event);
