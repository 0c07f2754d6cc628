/* One walk over the tokens. Before each it is decided whether it begins a line; comments wait until one
 * may. What decides is what was written - tokens, and which of them began a line - and no padding, so that
 * the result is laid out to itself. */
#include "dsl/layout.h"

#include <string.h>

#include "dsl/arena.h"
#include "dsl/layout_lines.h"
#include "dsl/scan.h"
#include "dsl/tokens_layout.h"

#define STEP 2u         /* of a block */
#define GO_ON_STEP 4u   /* of a statement's later lines */
#define HANG_COLUMN 80u /* the last one that later lines are put below */

struct comment {
    struct duet_piece piece;
    bool trailing; /* behind a token, on its line */
    bool blank_before;
};

/* Brackets that are open; the file itself is the outermost. */
struct frame {
    enum duet_bracket kind;
    size_t open;
    uint32_t indent; /* of the lines in it */
    bool expanded;   /* what is in it begins a line */
    size_t block;    /* frame of the statement that it belongs to */

    /* of a block: the statement being laid out */
    bool in_statement;
    size_t statement;
    struct duet_columns columns;
    size_t cells;             /* ended */
    uint32_t hang;            /* indent of its later lines */
    enum duet_shape previous; /* of the statement before */
    uint32_t run;
};

struct layout {
    struct duet_layout_tokens all;
    const char *text;
    struct duet_layout_lines lines;
    struct frame frames[DUET_PARSE_NESTING_MAX + 2];
    size_t depth;             /* of the innermost */
    struct comment *comments; /* waiting */
    size_t waiting;
    size_t room;
    bool blank_before; /* the token to be laid out */
    bool opened;       /* nothing stands behind an expanded bracket yet */
    bool closed_wide;  /* the block closed last was expanded */
};

static struct frame *inner(struct layout *layout)
{
    return &layout->frames[layout->depth];
}

static struct frame *block_of(struct layout *layout)
{
    return &layout->frames[inner(layout)->block];
}

static bool is_block(const struct frame *frame)
{
    return frame->kind == DUET_BRACKET_BLOCK || frame->kind == DUET_BRACKET_TABLE;
}

static struct duet_piece piece_of(const struct layout *layout, size_t index)
{
    const struct duet_token *token = &layout->all.token[index];
    return (struct duet_piece){ layout->text + token->start, token->end - token->start };
}

/* --- comments ------------------------------------------------------------------------------------------ */

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\f' || byte == '\v';
}

static void add_comment(struct layout *layout, struct comment comment)
{
    if (layout->waiting == layout->room) {
        size_t room = layout->room == 0 ? 16 : layout->room * 2;
        struct comment *larger = duet_arena_alloc_array(layout->lines.arena, room, sizeof *larger);
        if (layout->waiting > 0)
            memcpy(larger, layout->comments, layout->waiting * sizeof *larger);
        layout->comments = larger;
        layout->room = room;
    }
    while (is_blank(comment.piece.text[comment.piece.length - 1]))
        comment.piece.length--;
    layout->comments[layout->waiting++] = comment;
}

/* What stands between a token and the one before it: blanks and comments. */
static void read_gap(struct layout *layout, size_t index)
{
    size_t at = index > 0 ? layout->all.token[index - 1].end : 0;
    size_t end = layout->all.token[index].start;
    unsigned line_ends = index > 0 ? 0 : 1;
    while (at < end) {
        size_t length = 1;
        if (layout->text[at] == '#') {
            const char *line_end = memchr(layout->text + at, '\n', end - at);
            length = (line_end ? (size_t)(line_end - layout->text) : end) - at;
            add_comment(layout, (struct comment){
                                    { layout->text + at, length }, line_ends == 0, line_ends > 1 });
            line_ends = 0;
        } else if (layout->text[at] == '\n') {
            line_ends++;
        }
        at += length;
    }
    layout->blank_before = line_ends > 1;
}

/* The comments that wait, the first behind the last line if that is where it stood. Whether one got a line of
 * its own. */
static bool put_comments(struct layout *layout, uint32_t indent, bool keep_blank)
{
    bool own_line = false;
    for (size_t i = 0; i < layout->waiting; i++) {
        const struct comment *comment = &layout->comments[i];
        if (i == 0 && comment->trailing && layout->lines.count > 0) {
            duet_lines_comment(&layout->lines, comment->piece);
            continue;
        }
        bool blank =
            comment->blank_before && keep_blank && !layout->opened && layout->lines.count > 0;
        duet_lines_begin(&layout->lines, indent, blank, 0);
        duet_lines_put(&layout->lines, comment->piece, false);
        layout->opened = false;
        own_line = true;
    }
    layout->waiting = 0;
    return own_line;
}

/* --- brackets ------------------------------------------------------------------------------------------ */

static bool has_comment(const struct layout *layout, size_t index)
{
    size_t start = layout->all.token[index - 1].end;
    size_t end = layout->all.token[index].start;
    return memchr(layout->text + start, '#', end - start) != NULL;
}

/* Whether the block, written on one line, is short enough to stay there. */
static bool fits(const struct layout *layout, size_t open, size_t close)
{
    size_t width = duet_lines_last(&layout->lines)->width;
    unsigned templates = 0;
    for (size_t i = open + 1; i <= close && width <= DUET_LAYOUT_WIDTH; i++) {
        enum duet_bracket inside = templates > 0 ? DUET_BRACKET_OBJECT : DUET_BRACKET_BLOCK;
        int kind = layout->all.token[i].kind;
        width += duet_layout_space(&layout->all, i, inside);
        width += duet_piece_width(piece_of(layout, i));
        if (kind == '{' || (kind == '[' && templates > 0))
            templates += duet_layout_bracket(&layout->all, i, open, inside) != DUET_BRACKET_BLOCK;
        else if ((kind == '}' || kind == ']') && templates > 0)
            templates--;
    }
    return width <= DUET_LAYOUT_WIDTH;
}

/* Whether a line begins directly in an array of a template. */
static bool is_broken_array(const struct layout *layout, size_t open, size_t close)
{
    for (size_t i = open + 1; i <= close; i++) {
        const struct duet_token *token = &layout->all.token[i];
        bool may_begin = i == open + 1 || i == close || token[-1].kind == ',';
        if (token->first_on_line && may_begin)
            return true;
        if (token->kind == '{' || token->kind == '[')
            i = token->match;
    }
    return false;
}

static bool is_expanded(struct layout *layout, size_t open, enum duet_bracket kind,
                        const struct frame *outer)
{
    const struct duet_token *token = layout->all.token;
    size_t close = token[open].match;
    bool empty = close == open + 1;
    switch (kind) {
    case DUET_BRACKET_ROUND:
        return false;
    case DUET_BRACKET_ARRAY:
        return !is_block(outer) && outer->kind != DUET_BRACKET_ROUND && !empty &&
               is_broken_array(layout, open, close);
    case DUET_BRACKET_OBJECT:
        return empty ? has_comment(layout, close) : token[open].line != token[close].line;
    case DUET_BRACKET_BLOCK:
    case DUET_BRACKET_TABLE:
        if (empty)
            return has_comment(layout, close);
        return outer->expanded &&
               (token[open].line != token[close].line || !fits(layout, open, close));
    }
    return false;
}

static void open_bracket(struct layout *layout, size_t index)
{
    const struct frame *outer = inner(layout);
    const struct frame *block = block_of(layout);
    const struct duet_layout_line *line = duet_lines_last(&layout->lines);
    enum duet_bracket kind =
        duet_layout_bracket(&layout->all, index, block->statement, outer->kind);
    bool expanded = is_expanded(layout, index, kind, outer);
    struct frame frame = { .kind = kind, .open = index, .expanded = expanded };
    frame.indent = outer->indent + (expanded ? STEP : 0);
    if (kind == DUET_BRACKET_ROUND)
        frame.indent =
            line->run == 0 && line->width <= HANG_COLUMN ? line->width : block->indent + GO_ON_STEP;
    layout->depth++;
    frame.block = is_block(&frame) ? layout->depth : outer->block;
    *inner(layout) = frame;
    layout->opened = expanded;
}

static void close_bracket(struct layout *layout, size_t index)
{
    bool ends_statement = layout->all.token[index].kind == '}';
    layout->closed_wide = inner(layout)->expanded;
    layout->depth--;
    struct frame *outer = inner(layout);
    if (ends_statement && is_block(outer) &&
        duet_layout_behind(&layout->all, index + 1, outer->statement) == DUET_BEHIND_STATEMENT)
        outer->in_statement = false;
}

/* --- lines ----------------------------------------------------------------------------------------------- */

enum place {
    PLACE_STAYS,
    PLACE_GOES_ON, /* a later line of the statement */
    PLACE_BEGINS   /* a line of the brackets it stands in */
};

static bool is_close(int kind)
{
    return kind == '}' || kind == ']' || kind == ')';
}

/* A line may begin within a statement where one was begun, or where a comment waits. */
static bool is_wanted(const struct layout *layout, size_t index)
{
    return layout->all.token[index].first_on_line || layout->waiting > 0;
}

static enum place place_in_statement(struct layout *layout, size_t index)
{
    const struct frame *block = block_of(layout);
    const struct duet_columns *columns = &block->columns;
    enum duet_behind behind = duet_layout_behind(&layout->all, index, block->statement);
    if (!block->expanded || !is_wanted(layout, index) ||
        !duet_layout_may_begin(&layout->all, index, inner(layout)->kind))
        return PLACE_STAYS;
    if (index == block->statement + 1)
        return PLACE_STAYS;
    if (columns->cells > 0 && index <= columns->end[columns->cells - 1])
        return PLACE_STAYS;
    if (behind == DUET_BEHIND_LOOKUP)
        return PLACE_BEGINS;
    if (behind == DUET_BEHIND_EDIT && layout->closed_wide)
        return PLACE_STAYS;
    return PLACE_GOES_ON;
}

static enum place place_of(struct layout *layout, size_t index)
{
    const struct frame *frame = inner(layout);
    const struct duet_token *token = &layout->all.token[index];
    if (is_close(token->kind))
        return frame->expanded ? PLACE_BEGINS : PLACE_STAYS;
    if (is_block(frame) && !frame->in_statement)
        return frame->expanded ? PLACE_BEGINS : PLACE_STAYS;
    if (is_block(frame) || frame->kind == DUET_BRACKET_ROUND)
        return place_in_statement(layout, index);
    if (!frame->expanded)
        return PLACE_STAYS;
    bool begins = index == frame->open + 1 || (token[-1].kind == ',' && is_wanted(layout, index));
    return begins ? PLACE_BEGINS : PLACE_STAYS;
}

static uint32_t indent_to_go_on(struct layout *layout, size_t index)
{
    const struct frame *block = block_of(layout);
    if (inner(layout)->kind == DUET_BRACKET_ROUND)
        return inner(layout)->indent;
    /* `and` of a second edit stands below the end of `when`. */
    return layout->all.token[index - 1].kind == '}' ? block->indent + 1 : block->hang;
}

/* The run of a line that begins a statement. */
static uint32_t run_of(struct layout *layout, bool is_apart)
{
    struct frame *block = inner(layout);
    if (block->columns.shape == DUET_SHAPE_NONE)
        return 0;
    if (is_apart || block->columns.shape != block->previous)
        block->run = ++layout->lines.runs;
    return block->run;
}

static void begin_statement(struct layout *layout, size_t index)
{
    struct frame *block = inner(layout);
    block->in_statement = true;
    block->statement = index;
    block->previous = block->columns.shape;
    block->columns = (struct duet_columns){ .shape = DUET_SHAPE_NONE };
    if (block->expanded)
        block->columns = duet_layout_columns(&layout->all, index, block->kind);
    block->cells = 0;
    block->hang = block->indent + GO_ON_STEP;
}

/* Begins the token's line, after the comments that wait. */
static void begin_line(struct layout *layout, size_t index, enum place place)
{
    const struct frame *frame = inner(layout);
    bool closes = is_close(layout->all.token[index].kind);
    bool is_statement = is_block(frame) && frame->statement == index && !closes;
    uint32_t indent = place == PLACE_GOES_ON ? indent_to_go_on(layout, index) : frame->indent;
    bool between = place == PLACE_BEGINS && (is_statement || !is_block(frame) || closes);
    bool own_line = put_comments(layout, indent, between);
    if (closes)
        indent = layout->frames[layout->depth - 1].indent;
    bool blank =
        layout->blank_before && between && !closes && !layout->opened && layout->lines.count > 0;
    uint32_t run = is_statement ? run_of(layout, own_line || blank) : 0;
    duet_lines_begin(&layout->lines, indent, blank, run);
}

static void put_token(struct layout *layout, size_t index)
{
    struct frame *frame = inner(layout);
    struct frame *block = block_of(layout);
    const struct duet_columns *columns = &block->columns;
    int kind = layout->all.token[index].kind;
    if (block->in_statement && block->cells < columns->cells &&
        index == columns->end[block->cells]) {
        duet_lines_end_cell(&layout->lines);
        block->cells++;
    }
    duet_lines_put(&layout->lines, piece_of(layout, index),
                   duet_layout_space(&layout->all, index, frame->kind));
    layout->opened = false;
    uint32_t width = duet_lines_last(&layout->lines)->width;
    bool is_typed = kind == ':' && is_block(frame) && index == block->statement + 1;
    if (is_typed && columns->shape == DUET_SHAPE_NONE && width < HANG_COLUMN)
        block->hang = width + 1;
}

static void lay_token(struct layout *layout, size_t index)
{
    int kind = layout->all.token[index].kind;
    read_gap(layout, index);
    enum place place = place_of(layout, index);
    if (is_block(inner(layout)) && !inner(layout)->in_statement && !is_close(kind))
        begin_statement(layout, index);
    if (place != PLACE_STAYS)
        begin_line(layout, index, place);
    put_token(layout, index);
    if (kind == '{' || kind == '[' || kind == '(')
        open_bracket(layout, index);
    else if (is_close(kind))
        close_bracket(layout, index);
    else if (kind == ';')
        inner(layout)->in_statement = false;
}

static char *lay_out(struct layout *layout, size_t *length_out)
{
    size_t last = layout->all.count - 1;
    layout->frames[0] = (struct frame){ .kind = DUET_BRACKET_BLOCK, .expanded = true };
    for (size_t i = 0; i < last; i++)
        lay_token(layout, i);
    read_gap(layout, last);
    put_comments(layout, 0, true);
    return duet_lines_text(&layout->lines, length_out);
}

char *duet_layout_file(const struct duet_parse_context *context, uint32_t file, size_t *length_out)
{
    struct duet_parse_state state = { .context = context };
    size_t errors = duet_diags_errors(context->diags);
    char *text = NULL;
    duet_parse_alone(&state, file);
    if (duet_diags_errors(context->diags) == errors) {
        struct layout *layout = duet_arena_alloc(context->arena, sizeof *layout);
        layout->all = duet_layout_tokens_of(context->arena, &state.list);
        layout->text = duet_source_text(context->sources, file);
        layout->lines.arena = context->arena;
        text = lay_out(layout, length_out);
    }
    duet_token_list_finish(&state.list);
    return text;
}
