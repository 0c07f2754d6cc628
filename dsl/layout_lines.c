/* Runs of columns and of comments: how wide they are is known at the end only. What is very wide takes no
 * part, so that one long name doesn't push a thousand lines away. */
#include "dsl/layout_lines.h"

#include <string.h>

#include "dsl/arena.h"

#define CELL_WIDTH_MAX 60u
#define CODE_WIDTH_MAX 120u /* a longer line's comment isn't aligned */
#define COMMENT_GAP 3u

uint32_t duet_piece_width(struct duet_piece piece)
{
    uint32_t width = 0;
    for (size_t i = 0; i < piece.length; i++)
        width += ((unsigned char)piece.text[i] & 0xc0u) != 0x80u;
    return width;
}

struct duet_layout_line *duet_lines_last(const struct duet_layout_lines *lines)
{
    return &lines->lines[lines->count - 1];
}

void duet_lines_begin(struct duet_layout_lines *lines, uint32_t indent, bool blank_before,
                      uint32_t run)
{
    if (lines->count == lines->line_room) {
        size_t room = lines->line_room == 0 ? 256 : lines->line_room * 2;
        struct duet_layout_line *larger =
            duet_arena_alloc_array(lines->arena, room, sizeof *larger);
        if (lines->count > 0)
            memcpy(larger, lines->lines, lines->count * sizeof *larger);
        lines->lines = larger;
        lines->line_room = room;
    }
    lines->lines[lines->count++] = (struct duet_layout_line){ .start = lines->used,
                                                              .indent = indent,
                                                              .width = indent,
                                                              .run = run,
                                                              .blank_before = blank_before };
}

static void append(struct duet_layout_lines *lines, struct duet_piece piece)
{
    if (!lines->text || lines->room - lines->used < piece.length) {
        size_t room = (lines->used + piece.length + 1) * 2;
        char *larger = duet_arena_alloc(lines->arena, room);
        if (lines->text)
            memcpy(larger, lines->text, lines->used);
        lines->text = larger;
        lines->room = room;
    }
    memcpy(lines->text + lines->used, piece.text, piece.length);
    lines->used += piece.length;
}

void duet_lines_put(struct duet_layout_lines *lines, struct duet_piece piece, bool space_before)
{
    struct duet_layout_line *line = duet_lines_last(lines);
    if (space_before && line->length > 0) {
        append(lines, (struct duet_piece){ " ", 1 });
        line->length++;
        line->width++;
    }
    append(lines, piece);
    line->length += piece.length;
    line->width += duet_piece_width(piece);
}

void duet_lines_end_cell(struct duet_layout_lines *lines)
{
    struct duet_layout_line *line = duet_lines_last(lines);
    size_t begin = line->cells == 0 ? 0 : line->cell[line->cells - 1].end;
    struct duet_piece piece = { lines->text + line->start + begin, line->length - begin };
    line->cell[line->cells].end = line->length;
    line->cell[line->cells].width = duet_piece_width(piece);
    if (line->cell[line->cells].width > CELL_WIDTH_MAX)
        line->run = 0;
    line->cells++;
}

void duet_lines_comment(struct duet_layout_lines *lines, struct duet_piece comment)
{
    duet_lines_last(lines)->comment = comment;
}

/* --- widths ------------------------------------------------------------------------------------------ */

struct run {
    uint32_t width[DUET_LINE_CELLS_MAX];
};

static struct run *measure_runs(const struct duet_layout_lines *lines)
{
    struct run *runs = duet_arena_alloc_array(lines->arena, (size_t)lines->runs + 1, sizeof *runs);
    for (size_t i = 0; i < lines->count; i++) {
        const struct duet_layout_line *line = &lines->lines[i];
        struct run *run = &runs[line->run];
        for (uint32_t c = 0; line->run != 0 && c < line->cells; c++) {
            if (line->cell[c].width > run->width[c])
                run->width[c] = line->cell[c].width;
        }
    }
    return runs;
}

static uint32_t padding(const struct duet_layout_line *line, const struct run *runs, uint32_t cell)
{
    return line->run == 0 ? 0 : runs[line->run].width[cell] - line->cell[cell].width;
}

static uint32_t padded_width(const struct duet_layout_line *line, const struct run *runs)
{
    uint32_t width = line->width;
    for (uint32_t c = 0; c < line->cells; c++)
        width += padding(line, runs, c);
    return width;
}

/* Comments of two lines stand in one column: both have one, or both are rows of one table. */
static bool share_comments(const struct duet_layout_line *a, const struct duet_layout_line *b)
{
    bool both = a->comment.text != NULL && b->comment.text != NULL;
    bool table = a->run != 0 && a->run == b->run;
    return !b->blank_before && a->indent == b->indent && (both || table);
}

/* Behind the last line whose comment stands in the same column as that of the line at `first`. */
static size_t comment_group(const struct duet_layout_lines *lines, const struct run *runs,
                            size_t first, uint32_t *column_out)
{
    size_t end = first;
    *column_out = 0;
    do {
        uint32_t width = padded_width(&lines->lines[end], runs);
        if (width <= CODE_WIDTH_MAX && width > *column_out)
            *column_out = width;
        end++;
    } while (end < lines->count && share_comments(&lines->lines[end - 1], &lines->lines[end]));
    return end;
}

/* --- writing ------------------------------------------------------------------------------------------ */

static void append_spaces(struct duet_layout_lines *out, uint32_t count)
{
    static const char spaces[] = "                                ";
    for (uint32_t left = count; left > 0;) {
        uint32_t step = left < sizeof spaces - 1 ? left : (uint32_t)sizeof spaces - 1;
        append(out, (struct duet_piece){ spaces, step });
        left -= step;
    }
}

static void write_line(struct duet_layout_lines *out, const struct duet_layout_lines *lines,
                       const struct duet_layout_line *line, const struct run *runs, uint32_t column)
{
    const char *text = lines->text + line->start;
    size_t written = 0;
    if (line->blank_before)
        append(out, (struct duet_piece){ "\n", 1 });
    append_spaces(out, line->indent);
    for (uint32_t c = 0; c < line->cells; c++) {
        append(out, (struct duet_piece){ text + written, line->cell[c].end - written });
        append_spaces(out, padding(line, runs, c));
        written = line->cell[c].end;
    }
    append(out, (struct duet_piece){ text + written, line->length - written });
    if (line->comment.text != NULL) {
        uint32_t width = padded_width(line, runs);
        append_spaces(out, (width < column ? column - width : 0) + COMMENT_GAP);
        append(out, line->comment);
    }
    append(out, (struct duet_piece){ "\n", 1 });
}

char *duet_lines_text(struct duet_layout_lines *lines, size_t *length_out)
{
    const struct run *runs = measure_runs(lines);
    struct duet_layout_lines out = { .arena = lines->arena };
    size_t group_end = 0;
    uint32_t column = 0;
    for (size_t i = 0; i < lines->count; i++) {
        if (i == group_end)
            group_end = comment_group(lines, runs, i, &column);
        write_line(&out, lines, &lines->lines[i], runs, column);
    }
    append(&out, (struct duet_piece){ "", 1 });
    *length_out = out.used - 1;
    return out.text;
}
