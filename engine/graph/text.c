#include "engine/graph/text.h"

#include <stdbool.h>
#include <string.h>

#define NAME_COLUMNS 12 /* a shorter room shows the beginning of a name alone */
#define REPLACEMENT 0xfffdU

static bool follows(unsigned char byte)
{
    return (byte & 0xc0U) == 0x80U;
}

/* The character at `text`, which isn't at its end; `*length_out` bytes long. What is no UTF-8 is one replaced byte. */
static uint32_t character(const char *text, size_t *length_out)
{
    const unsigned char *at = (const unsigned char *)text;
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t length = at[0] < 0x80U              ? 1
                    : (at[0] & 0xe0U) == 0xc0U ? 2
                    : (at[0] & 0xf0U) == 0xe0U ? 3
                    : (at[0] & 0xf8U) == 0xf0U ? 4
                                               : 0;
    *length_out = 1;
    if (length == 0)
        return REPLACEMENT;
    uint32_t code = length == 1 ? at[0] : at[0] & (0x7fU >> length);
    for (size_t i = 1; i < length; i++) {
        if (!follows(at[i]))
            return REPLACEMENT;
        code = (code << 6) | (at[i] & 0x3fU);
    }
    if (code < least[length] || code > 0x10ffffU || (code >= 0xd800U && code <= 0xdfffU))
        return REPLACEMENT;
    *length_out = length;
    return code;
}

static bool is_forbidden(uint32_t code)
{
    bool is_control = code < 0x20U || (code >= 0x7fU && code <= 0x9fU);
    bool turns = code == 0x200eU || code == 0x200fU || code == 0x61cU ||
                 (code >= 0x2028U && code <= 0x202eU) || (code >= 0x2066U && code <= 0x2069U);
    return is_control || turns || (code & 0xfffeU) == 0xfffeU;
}

const char *duet_graph_clean(struct duet_arena *arena, const char *text)
{
    char *clean = duet_arena_alloc(arena, 3 * strlen(text) + 1);
    char *end = clean;
    size_t length = 0;
    for (; *text; text += length) {
        uint32_t code = character(text, &length);
        bool is_space = *text == '\t' || *text == '\n' || *text == '\r';
        bool is_bad = code == REPLACEMENT || is_forbidden(code);
        const char *put = is_space ? " " : is_bad ? "\xef\xbf\xbd" : text;
        size_t size = is_space ? 1 : is_bad ? 3 : length;
        memcpy(end, put, size);
        end += size;
    }
    *end = '\0';
    return clean;
}

static size_t columns_of(uint32_t code)
{
    bool is_wide = (code >= 0x1100U && code <= 0x115fU) || (code >= 0x2e80U && code <= 0xd7a3U) ||
                   (code >= 0xf900U && code <= 0xfaffU) || (code >= 0xfe30U && code <= 0xfe6fU) ||
                   (code >= 0xff00U && code <= 0xff60U) || code >= 0x1f000U;
    return is_wide ? 2 : 1;
}

/* Bytes of `text` that fit into `columns`. */
static size_t fitting(const char *text, size_t columns)
{
    size_t length = 0;
    size_t at = 0;
    while (text[at]) {
        size_t needed = columns_of(character(text + at, &length));
        if (needed > columns)
            break;
        columns -= needed;
        at += length;
    }
    return at;
}

size_t duet_graph_columns(const char *text)
{
    size_t columns = 0;
    size_t length = 0;
    for (; *text; text += length)
        columns += columns_of(character(text, &length));
    return columns;
}

/* Where the longest end of `text` that fits begins. */
static const char *fitting_end(const char *text, size_t columns)
{
    size_t all = duet_graph_columns(text);
    size_t length = 0;
    for (; all > columns; text += length)
        all -= columns_of(character(text, &length));
    return text;
}

const char *duet_graph_cut(struct duet_arena *arena, const char *text, size_t columns)
{
    if (text[fitting(text, columns)] == '\0')
        return text;
    bool is_name = columns >= NAME_COLUMNS && !strchr(text, ' ');
    const char *end = is_name ? fitting_end(text, columns / 3) : "";
    size_t kept = fitting(text, columns - 1 - duet_graph_columns(end));
    while (kept > 0 && text[kept - 1] == ' ')
        kept--;
    return duet_arena_format(arena, "%.*s\xe2\x80\xa6%s", (int)kept, text, end);
}

const char *duet_graph_fold(struct duet_arena *arena, const char **text, size_t columns)
{
    const char *line = *text + strspn(*text, " ");
    size_t length = fitting(line, columns < 2 ? 2 : columns);
    if (*line == '\0')
        return NULL;
    size_t space = length;
    while (line[length] != '\0' && space > 0 && line[space] != ' ')
        space--;
    length = line[length] != '\0' && space > 0 ? space : length;
    *text = line + length;
    return duet_arena_copy_text(arena, line, length);
}
