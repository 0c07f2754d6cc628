#include "engine/world/log.h"

#include <stdarg.h>
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

static void write_member(const struct duet_log *log, const char *name, const char *value,
                         bool is_first)
{
    if (log->format == DUET_LOG_JSON) {
        fputs(is_first ? "{" : ",", log->stream);
        write_quoted(log->stream, name);
        fputc(':', log->stream);
        write_quoted(log->stream, value);
        return;
    }
    fprintf(log->stream, "%s%s=", is_first ? "" : " ", name);
    if (is_plain(value))
        fputs(value, log->stream);
    else
        write_quoted(log->stream, value);
}

void duet_log_line(struct duet_log *log, enum duet_log_level level, const char *event, ...)
{
    if (!log || level < log->least)
        return;
    char time[DUET_TIME_TEXT_MAX];
    if (!duet_time_print(DUET_TIME_RFC3339, NULL, duet_clock_wall(log->clock), time))
        time[0] = '\0';
    struct duet_arena *arena = duet_arena_new();
    write_member(log, "time", time, true);
    write_member(log, "level", level_name(level), false);
    write_member(log, "event", duet_secrets_strike(log->secrets, event, arena), false);
    va_list members;
    va_start(members, event);
    for (const char *name = va_arg(members, const char *); name;
         name = va_arg(members, const char *)) {
        const char *value = va_arg(members, const char *);
        if (value)
            write_member(log, name, duet_secrets_strike(log->secrets, value, arena), false);
    }
    va_end(members);
    fputs(log->format == DUET_LOG_JSON ? "}\n" : "\n", log->stream);
    fflush(log->stream);
    duet_arena_free(arena);
}
