/* The lines of a laid-out file: each with its indent, its columns and the comment behind it. Columns and
 * comments are aligned when all lines are known. Everything lives in the arena. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DUET_LINE_CELLS_MAX 3 /* columns of a line that are padded */

struct duet_arena;

/* A piece of a text that outlives the lines. */
struct duet_piece {
    const char *text;
    size_t length;
};

struct duet_layout_line {
    size_t start; /* of its text in the buffer */
    size_t length;
    uint32_t indent;
    uint32_t width; /* characters, indent included, nothing padded */
    uint32_t run;   /* lines of one run have columns in common; 0: none */
    uint32_t cells; /* columns that have ended */
    struct {
        size_t end; /* byte of the line behind it */
        uint32_t width;
    } cell[DUET_LINE_CELLS_MAX];
    struct duet_piece comment; /* NULL: none */
    bool blank_before;
};

struct duet_layout_lines {
    struct duet_arena *arena;
    char *text;
    size_t used;
    size_t room;
    struct duet_layout_line *lines;
    size_t count;
    size_t line_room;
    uint32_t runs; /* handed out */
};

/* A new line; what is put goes there. */
void duet_lines_begin(struct duet_layout_lines *lines, uint32_t indent, bool blank_before,
                      uint32_t run);
/* A token or a comment of its own line. */
void duet_lines_put(struct duet_layout_lines *lines, struct duet_piece piece, bool space_before);
/* A column of the line ends behind what was put last. */
void duet_lines_end_cell(struct duet_layout_lines *lines);
/* A comment behind the line; one at most. */
void duet_lines_comment(struct duet_layout_lines *lines, struct duet_piece comment);

/* The line begun last; there must be one. */
struct duet_layout_line *duet_lines_last(const struct duet_layout_lines *lines);

/* The whole text, each line ended; NUL behind it. */
char *duet_lines_text(struct duet_layout_lines *lines, size_t *length_out);

/* Code points of well-formed UTF-8. */
uint32_t duet_piece_width(struct duet_piece piece);
