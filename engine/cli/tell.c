#include "engine/cli/tell.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dsl/arena.h"
#include "engine/record/times.h"

#define FOLD_INDENT 4U

/* The length of a control character in UTF-8 at `text`: C0, DEL, and C1, which terminals obey too. 0: it is none. */
static size_t control(const char *text)
{
    unsigned char first = (unsigned char)text[0];
    unsigned char second = first ? (unsigned char)text[1] : 0;
    if (first < ' ' || first == 0x7f)
        return first ? 1 : 0;
    return first == 0xc2 && second >= 0x80 && second < 0xa0 ? 2 : 0;
}

/* Each control character grows to at most six bytes. */
static char *clean(const char *text, struct duet_arena *arena)
{
    char *cleaned = duet_arena_alloc(arena, 6 * strlen(text) + 1);
    char *at = cleaned;
    while (*text) {
        size_t length = control(text);
        unsigned code = (unsigned char)text[length == 2 ? 1 : 0];
        if (length == 0) {
            *at++ = *text++;
            continue;
        }
        if (*text == '\n')
            at += snprintf(at, 7, "\\n");
        else if (*text == '\t')
            at += snprintf(at, 7, "\\t");
        else
            at += snprintf(at, 7, "\\u%04x", code);
        text += length;
    }
    *at = '\0';
    return cleaned;
}

static size_t characters(const char *text, size_t bytes)
{
    size_t count = 0;
    for (size_t i = 0; i < bytes; i++)
        count += ((unsigned char)text[i] & 0xc0U) != 0x80U;
    return count;
}

size_t duet_tell_length(const char *text)
{
    struct duet_arena *arena = duet_arena_new();
    const char *cleaned = clean(text, arena);
    size_t length = characters(cleaned, strlen(cleaned));
    duet_arena_free(arena);
    return length;
}

static void fold(FILE *out, unsigned indent, size_t limit, const char *text)
{
    size_t column = indent;
    bool is_first = true;
    fprintf(out, "%*s", (int)indent, "");
    while (*text) {
        size_t gap = strspn(text, " ");
        size_t word = strcspn(text + gap, " ");
        size_t width = characters(text + gap, word);
        if (!is_first && word > 0 && limit > 0 && column + gap + width > limit) {
            fprintf(out, "\n%*s", (int)(indent + FOLD_INDENT), "");
            column = indent + FOLD_INDENT;
        } else if (word > 0) {
            fprintf(out, "%*s", (int)gap, "");
            column += gap;
        }
        fwrite(text + gap, 1, word, out);
        column += width;
        text += gap + word;
        is_first = false;
    }
    fputc('\n', out);
}

void duet_tell_folded(FILE *out, unsigned indent, size_t width, const char *text)
{
    struct duet_arena *arena = duet_arena_new();
    fold(out, indent, width, clean(text, arena));
    duet_arena_free(arena);
}

void duet_tell(FILE *out, unsigned indent, const char *format, ...)
{
    struct duet_arena *arena = duet_arena_new();
    int terminal = fileno(out);
    va_list arguments;
    va_start(arguments, format);
    const char *text = duet_arena_format_list(arena, format, arguments);
    va_end(arguments);
    duet_tell_folded(out, indent, terminal >= 0 && isatty(terminal) ? DUET_TELL_WIDTH : 0, text);
    duet_arena_free(arena);
}

void duet_tell_cell(FILE *out, int width, const char *text)
{
    struct duet_arena *arena = duet_arena_new();
    const char *cleaned = clean(text, arena);
    int room = abs(width) - (int)characters(cleaned, strlen(cleaned));
    int padding = room > 0 ? room : 0;
    fprintf(out, "%*s%s%*s", width < 0 ? padding : 0, "", cleaned, width < 0 ? 0 : padding, "");
    duet_arena_free(arena);
}

void duet_tell_count(FILE *out, int width, size_t count)
{
    fprintf(out, "%*zu", abs(width), count);
}

json_t *duet_tell_time(int64_t ticks)
{
    char text[DUET_TIME_TEXT_MAX] = "";
    if (ticks == 0 || !duet_time_print(DUET_TIME_RFC3339, NULL, ticks, text))
        return json_null();
    return json_string(text);
}

const char *duet_tell_member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "-";
}

const char *duet_tell_second(const json_t *object, const char *name, char text[DUET_TELL_SECOND])
{
    const char *time = duet_tell_member(object, name);
    size_t second = strcspn(time, ".");
    if (time[second] == '\0' || second + 2 > DUET_TELL_SECOND)
        return time;
    snprintf(text, DUET_TELL_SECOND, "%.*sZ", (int)second, time);
    return text;
}

void duet_tell_set(json_t *object, const char *name, const char *text)
{
    if (text)
        json_object_set_new(object, name, json_string(text));
}

void duet_tell_json(FILE *out, const json_t *json)
{
    json_dumpf(json, out, JSON_INDENT(2));
    fputc('\n', out);
}
