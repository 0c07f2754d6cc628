/* One layout for mapping files: from a file's text to the same tokens and comments in the shape that the
 * shipped mappings have. Laid out twice is laid out once. Linear in the length of the text.
 *
 * - A block indents by 2; each of its statements begins a line. One that was written on one line stays on
 *   one, up to DUET_LAYOUT_WIDTH characters.
 * - Within a statement, a template or round brackets, line breaks stay where they were written, as long as
 *   the next line doesn't begin with a sign that belongs to the line before, or with a statement's second
 *   word.
 * - Empty lines: at most one; none at either end of a block or file.
 * - Neighbouring statements of settings, rows of an enum, arms, moves, field rules and triggers have columns
 *   in common; an empty line or a comment between two ends that.
 * - A comment stays behind its line or on a line of its own. Where no line may end it moves to the next
 *   place where one may. Comments behind neighbouring lines are aligned. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "dsl/parse.h"

#define DUET_LAYOUT_WIDTH 120u

/* The text of a file of the context's sources, laid out: in the context's arena, NUL behind it, not counted
 * in *length_out. NULL when the file doesn't parse, with findings that say why. Imports aren't read. */
char *duet_layout_file(const struct duet_parse_context *context, uint32_t file, size_t *length_out);
