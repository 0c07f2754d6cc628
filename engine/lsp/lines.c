#include "engine/lsp/lines.h"

#include "dsl/arena.h"

/* --- lines ----------------------------------------------------------------------------------------------- */

static bool ends_line(const char *text, size_t length, size_t at)
{
    return text[at] == '\n' || (text[at] == '\r' && (at + 1 == length || text[at + 1] != '\n'));
}

struct duet_lines duet_lines_of(struct duet_arena *arena, const char *text, size_t length,
                                enum duet_encoding encoding)
{
    size_t count = 1;
    for (size_t i = 0; i < length; i++)
        count += ends_line(text, length, i);
    size_t *starts = duet_arena_alloc_array(arena, count, sizeof *starts);
    size_t line = 1;
    for (size_t i = 0; i < length; i++) {
        if (ends_line(text, length, i))
            starts[line++] = i + 1;
    }
    return (struct duet_lines){
        .text = text, .length = length, .starts = starts, .count = count, .encoding = encoding
    };
}

static size_t line_of(const struct duet_lines *lines, size_t offset)
{
    size_t low = 0;
    size_t high = lines->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (lines->starts[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Where the line's text ends, before its line end. */
static size_t end_of(const struct duet_lines *lines, size_t line)
{
    size_t start = lines->starts[line];
    size_t end = line + 1 < lines->count ? lines->starts[line + 1] : lines->length;
    if (line + 1 < lines->count && end > start && lines->text[end - 1] == '\n')
        end--;
    if (line + 1 < lines->count && end > start && lines->text[end - 1] == '\r')
        end--;
    return end;
}

/* --- characters ------------------------------------------------------------------------------------------ */

static bool continues(const struct duet_lines *lines, size_t at)
{
    return at < lines->length && ((unsigned char)lines->text[at] & 0xc0U) == 0x80U;
}

/* Bytes of the character that begins here: 1 when they aren't UTF-8. */
static size_t size_at(const struct duet_lines *lines, size_t at)
{
    unsigned char first = (unsigned char)lines->text[at];
    size_t size = first >= 0xf0 && first < 0xf8 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    for (size_t i = 1; i < size; i++) {
        if (!continues(lines, at + i))
            return 1;
    }
    return first < 0xf8 ? size : 1;
}

static size_t columns_of(const struct duet_lines *lines, size_t size)
{
    if (lines->encoding == DUET_UTF8)
        return size;
    return size == 4 ? 2 : 1;
}

size_t duet_lines_width(const struct duet_lines *lines, size_t start, size_t end)
{
    size_t width = 0;
    for (size_t at = start; at < end;) {
        size_t size = size_at(lines, at);
        width += at + size <= end ? columns_of(lines, size) : 0;
        at += size;
    }
    return width;
}

struct duet_place duet_lines_place(const struct duet_lines *lines, size_t offset)
{
    if (offset > lines->length)
        offset = lines->length;
    size_t line = line_of(lines, offset);
    return (struct duet_place){ line, duet_lines_width(lines, lines->starts[line], offset) };
}

size_t duet_lines_offset(const struct duet_lines *lines, struct duet_place place)
{
    if (place.line >= lines->count)
        return lines->length;
    size_t at = lines->starts[place.line];
    size_t end = end_of(lines, place.line);
    size_t column = 0;
    while (at < end) {
        size_t size = size_at(lines, at);
        column += columns_of(lines, size);
        if (column > place.column)
            break;
        at += size;
    }
    return at < end ? at : end;
}

/* --- as JSON --------------------------------------------------------------------------------------------- */

json_t *duet_lines_position(const struct duet_lines *lines, size_t offset)
{
    struct duet_place place = duet_lines_place(lines, offset);
    return json_pack("{s:I, s:I}", "line", (json_int_t)place.line, "character",
                     (json_int_t)place.column);
}

json_t *duet_lines_range(const struct duet_lines *lines, size_t start, size_t end)
{
    return json_pack("{s:o, s:o}", "start", duet_lines_position(lines, start), "end",
                     duet_lines_position(lines, end));
}

bool duet_lines_read_position(const struct duet_lines *lines, const json_t *position,
                              size_t *offset_out)
{
    const json_t *line = json_object_get(position, "line");
    const json_t *column = json_object_get(position, "character");
    if (!json_is_integer(line) || !json_is_integer(column) || json_integer_value(line) < 0 ||
        json_integer_value(column) < 0)
        return false;
    struct duet_place place = { (size_t)json_integer_value(line),
                                (size_t)json_integer_value(column) };
    *offset_out = duet_lines_offset(lines, place);
    return true;
}

bool duet_lines_read_range(const struct duet_lines *lines, const json_t *range, size_t *start_out,
                           size_t *end_out)
{
    size_t start = 0;
    size_t end = 0;
    if (!duet_lines_read_position(lines, json_object_get(range, "start"), &start) ||
        !duet_lines_read_position(lines, json_object_get(range, "end"), &end))
        return false;
    *start_out = start < end ? start : end;
    *end_out = start < end ? end : start;
    return true;
}
