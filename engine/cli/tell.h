/* Text for a terminal: what came from records can't move the cursor, long texts are folded there,
 * tables have columns, times are short.
 * Control characters are shown as JSON escapes them. */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#define DUET_TELL_WIDTH 100U

/* A paragraph: `indent` spaces, then the text; on a terminal folded at DUET_TELL_WIDTH, elsewhere one line, so that it can be searched. */
__attribute__((format(printf, 3, 4))) void duet_tell(FILE *out, unsigned indent, const char *format,
                                                     ...);

/* The same folded at `width` characters between words; later lines are indented by 4 more. A word too long for a line stands on its own.
 * 0: one line. */
void duet_tell_folded(FILE *out, unsigned indent, size_t width, const char *text);

/* A table's cell: padded to `width` characters, never cut; negative: to the right. */
void duet_tell_cell(FILE *out, int width, const char *text);
void duet_tell_count(FILE *out, int width, size_t count);

/* How many characters a cell of this text has. */
size_t duet_tell_length(const char *text);

/* "2026-03-01T12:00:00Z", as a JSON text; null for 0. */
json_t *duet_tell_time(int64_t ticks);

/* A member of an object as text; "-" where there is none. */
const char *duet_tell_member(const json_t *object, const char *name);
/* A member that is such a time, to the second: what a person reads. "-" where there is none. */
#define DUET_TELL_SECOND 24U
const char *duet_tell_second(const json_t *object, const char *name, char text[DUET_TELL_SECOND]);
/* Adds a text; a NULL one is left out. */
void duet_tell_set(json_t *object, const char *name, const char *text);

/* The whole of a JSON answer, and a line's end. */
void duet_tell_json(FILE *out, const json_t *json);
