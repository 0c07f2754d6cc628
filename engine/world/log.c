#include "engine/world/log.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "engine/record/times.h"
#include "engine/world/memory.h"

struct duet_log {
    FILE *stream;
    enum duet_log_format format;
    enum duet_log_level least;
    struct duet_clock *clock;
    struct duet_secrets *secrets;
};

struct duet_log *duet_log_new(FILE *stream, enum duet_log_format format, enum duet_log_level least,
                              struct duet_clock *clock)
{
    struct duet_log *log = duet_new(sizeof *log);
    *log = (struct duet_log){ .stream = stream,
                              .format = format,
                              .least = least,
                              .clock = clock,
                              .secrets = duet_secrets_new() };
    return log;
}

void duet_log_free(struct duet_log *log)
{
    if (!log)
        return;
    duet_secrets_free(log->secrets);
    free(log);
}

struct duet_secrets *duet_log_secrets(struct duet_log *log)
{
    return log ? log->secrets : NULL;
}

static const char *level_name(enum duet_log_level level)
{
    static const char *const names[DUET_LOG_LEVELS] = { "debug", "info", "warning", "error" };
    return names[level];
}

/* In both formats a value stays on its line: control characters are escaped as JSON does it. */
static void write_quoted(FILE *stream, const char *text)
{
    fputc('"', stream);
    for (const char *c = text; *c; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte == '"' || byte == '\\')
            fprintf(stream, "\\%c", byte);
        else if (byte == '\n')
            fputs("\\n", stream);
        else if (byte < ' ' || byte == 0x7f)
            fprintf(stream, "\\u%04x", (unsigned)byte);
        else
            fputc(byte, stream);
    }
    fputc('"', stream);
}

static bool is_plain(const char *text)
{
    if (!*text)
        return false;
    for (const char *c = text; *c; c++) {
        if ((unsigned char)*c <= ' ' || *c == '"' || *c == '\\' || *c == '=' || *c == 0x7f)
            return false;
    }
    return true;
}

static const struct word {
    const char *name;
    enum duet_log_kind kind;
} words[DUET_LOG_KEYS] = {
#define DUET_LOG_WORD(name, key, kind, meaning)                                                    \
    [DUET_LOGGED_##name] = { key, DUET_LOG_##kind##_VALUE },
#include "engine/world/log_keys.def"
#undef DUET_LOG_WORD
};

const char *duet_log_key_name(enum duet_log_key key)
{
    return words[key].name;
}

enum duet_log_kind duet_log_key_kind(enum duet_log_key key)
{
    return words[key].kind;
}

/* What stands before a value. */
static void write_name(const struct duet_log *log, const char *name)
{
    if (log->format == DUET_LOG_JSON) {
        fputc(',', log->stream);
        write_quoted(log->stream, name);
        fputc(':', log->stream);
    } else {
        fprintf(log->stream, " %s=", name);
    }
}

static void write_text(const struct duet_log *log, const char *text)
{
    if (log->format == DUET_LOG_TEXT && is_plain(text))
        fputs(text, log->stream);
    else
        write_quoted(log->stream, text);
}

static void write_begin(const struct duet_log *log, enum duet_log_level level, const char *event)
{
    char time[DUET_TIME_TEXT_MAX];
    if (!duet_time_print(DUET_TIME_RFC3339, NULL, duet_clock_wall(log->clock), time))
        time[0] = '\0';
    fputs(log->format == DUET_LOG_JSON ? "{\"time\":" : "time=", log->stream);
    write_text(log, time);
    write_name(log, "level");
    write_text(log, level_name(level));
    write_name(log, "event");
    write_text(log, event);
}

static void write_field(const struct duet_log *log, const struct duet_log_field *field,
                        struct duet_arena *arena)
{
    const struct word *word = &words[field->key];
    switch (word->kind) {
    case DUET_LOG_TEXT_VALUE:
        if (!field->text || !*field->text)
            return;
        write_name(log, word->name);
        write_text(log, duet_secrets_strike(log->secrets, field->text, arena));
        return;
    case DUET_LOG_NUMBER_VALUE:
        write_name(log, word->name);
        fprintf(log->stream, "%" PRId64, field->number);
        return;
    case DUET_LOG_FLAG_VALUE:
        write_name(log, word->name);
        fputs(field->number ? "true" : "false", log->stream);
        return;
    }
}

void duet_log_line(struct duet_log *log, enum duet_log_level level, const char *event,
                   const struct duet_log_field *fields, size_t count)
{
    if (!log || level < log->least)
        return;
    struct duet_arena *arena = duet_arena_new();
    write_begin(log, level, duet_secrets_strike(log->secrets, event, arena));
    for (size_t i = 0; i < count; i++)
        write_field(log, &fields[i], arena);
    fputs(log->format == DUET_LOG_JSON ? "}\n" : "\n", log->stream);
    fflush(log->stream);
    duet_arena_free(arena);
}

void duet_log_event(struct duet_log *log, enum duet_log_level level, const char *event)
{
    duet_log_line(log, level, event, NULL, 0);
}
