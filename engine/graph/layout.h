/* What the parts of the layout share: the page's measures, and marks being added from top to bottom. Internal to engine/graph. */
#pragma once

#include "engine/graph/picture.h"
#include "engine/graph/words.h"

enum {
    PAGE_WIDTH = 1120,
    PAGE_MARGIN = 40,
    COLUMN_WIDTH = 330,
    RIGHT_COLUMN = PAGE_WIDTH - PAGE_MARGIN - COLUMN_WIDTH,
    LANE_LEFT = PAGE_MARGIN + COLUMN_WIDTH,
    LANE_WIDTH = RIGHT_COLUMN - LANE_LEFT,
    LANE_PADDING = 16, /* between a column and what stands in the lane */
    FIELD_HEIGHT = 38,
    FIELD_GAP = 12,
    BOX_PADDING = 12, /* left and right of a box's texts */
    VALUE_WIDTH = 220,
    VALUE_HEIGHT = 22,
    VALUE_PITCH = 28, /* even: values stand at half slots too */
    VALUE_INSET = 12, /* from the inner edge of the field's box */
    SECTION_GAP = 28
};

struct duet_layout {
    struct duet_graph_words words;
    struct duet_mark *marks;
    size_t count;
    size_t capacity;
    int y; /* the next free line */
};

/* The mark is written to until the next one is added. */
struct duet_mark *duet_layout_box(struct duet_layout *layout, enum duet_mark_role role,
                                  uint32_t row, int x, int width, int height);

/* Texts of a box, cut to fit: the note goes first, and is left out where less than half of the width is left to `text`. */
void duet_layout_fill(struct duet_layout *layout, struct duet_mark *box, const char *text,
                      const char *note);

/* Where a text stands: the top left corner and the width that it has. */
struct duet_layout_place {
    int x, y, width;
    enum duet_mark_align align;
};

/* A text as high as its letters, cut to its place; nothing for "". Its tooltip is `full`, or all of the text where it is cut. */
void duet_layout_text(struct duet_layout *layout, enum duet_mark_role role, uint32_t row,
                      struct duet_layout_place place, const char *text, const char *full);

/* A line from one column's inner edge to the other's. */
struct duet_mark *duet_layout_line(struct duet_layout *layout, enum duet_mark_role role,
                                   uint32_t row, int x, int y, int width, int height,
                                   uint32_t direction);

/* Text folded to `width`, at most `most` lines, the last one cut; returns the height used. */
int duet_layout_fold(struct duet_layout *layout, enum duet_mark_role role, uint32_t row, int x,
                     int y, int width, unsigned most, const char *text);

/* The x of a side's column. */
int duet_layout_column(enum duet_side side);

/* --- the parts, from top to bottom; each leaves `y` behind itself ---------------------------------------- */

void duet_layout_title(struct duet_layout *layout);
void duet_layout_heads(struct duet_layout *layout);
void duet_layout_units(struct duet_layout *layout);    /* the link, units, notes */
void duet_layout_triggers(struct duet_layout *layout); /* of both sides, beside each other */
void duet_layout_spare(struct duet_layout *layout);    /* what isn't mapped */
