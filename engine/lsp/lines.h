/* Places in a text: byte offsets as the language has them, lines and columns as editors have them.
 *
 * Both of an editor's numbers start at 0; a column counts bytes or UTF-16 units, as was agreed with it. A line ends with "\n", "\r\n" or
 * "\r". Bytes that aren't UTF-8 count one each. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

struct duet_arena;

enum duet_encoding { DUET_UTF8, DUET_UTF16 };

/* Borrows the text. */
struct duet_lines {
    const char *text;
    size_t length;
    const size_t *starts; /* in the arena */
    size_t count;         /* at least 1 */
    enum duet_encoding encoding;
};

struct duet_place {
    size_t line;
    size_t column;
};

struct duet_lines duet_lines_of(struct duet_arena *arena, const char *text, size_t length,
                                enum duet_encoding encoding);

/* An offset past the end is the end; one within a character is its start. */
struct duet_place duet_lines_place(const struct duet_lines *lines, size_t offset);

/* A line past the last is the end; a column past the line's end is its end (without what ends it); one
 * within a character is its start. */
size_t duet_lines_offset(const struct duet_lines *lines, struct duet_place place);

/* Columns that the bytes from start to end take. */
size_t duet_lines_width(const struct duet_lines *lines, size_t start, size_t end);

/* {"line": 0, "character": 0}, {"start": ..., "end": ...} */
json_t *duet_lines_position(const struct duet_lines *lines, size_t offset);
json_t *duet_lines_range(const struct duet_lines *lines, size_t start, size_t end);

/* The other way; the end of a range may stand before its start. False: not of that form; negative numbers aren't either. */
bool duet_lines_read_position(const struct duet_lines *lines, const json_t *position,
                              size_t *offset_out);
bool duet_lines_read_range(const struct duet_lines *lines, const json_t *range, size_t *start_out,
                           size_t *end_out);
