/* A picture of a mapping: marks at their places, in pixels from the top left corner, without a word about how they are written.
 *
 * Two columns of fields, left and right, with an arrow a pair between them; enum values below their fields with a line an arm; what belongs
 * to a group in one frame. Above: the mapping, first contact, what is created. Below: triggers, and what isn't mapped.
 *
 * Marks stand in the order in which they are painted: what encloses others comes before them. The picture depends on the tables alone. */
#pragma once

#include "dsl/arena.h"
#include "dsl/tables.h"

/* What a mark stands for; `row` is of the section in brackets, DUET_NONE elsewhere. */
enum duet_mark_role {
    DUET_MARK_TITLE,   /* text: the mapping's name [MAPPING] */
    DUET_MARK_FACT,    /* text: the title's small print [CREATE for creations] */
    DUET_MARK_HEAD,    /* box: a side [SIDE] */
    DUET_MARK_ABOUT,   /* text: what system a side is */
    DUET_MARK_GROUP,   /* frame around a group's pairs [UNIT] */
    DUET_MARK_NAME,    /* text: the group's name [UNIT] */
    DUET_MARK_FIELD,   /* box [FIELD] */
    DUET_MARK_VALUE,   /* box: an enum's value, within its field's box [VALUE] */
    DUET_MARK_NOTES,   /* box: a side's notes [NOTES] */
    DUET_MARK_SPARE,   /* box: a field that isn't mapped [FIELD] */
    DUET_MARK_LINK,    /* line between the fields that link two records [MAPPING] */
    DUET_MARK_PAIR,    /* line [PAIR] */
    DUET_MARK_ARM,     /* line between two values [ARM] */
    DUET_MARK_NOTED,   /* line between both sides' notes [NOTE_PAIR] */
    DUET_MARK_KEY,     /* line of the legend */
    DUET_MARK_LABEL,   /* text at a line */
    DUET_MARK_REMARK,  /* text at a line, less important */
    DUET_MARK_PANEL,   /* frame around a side's triggers [SIDE] */
    DUET_MARK_HEADING, /* text above a list */
    DUET_MARK_TRIGGER, /* text: the event [TRIGGER] */
    DUET_MARK_ACTION,  /* text: what is sent, fetched or cleared [TRIGGER] */
    DUET_MARK_WHEN,    /* text: under which condition [TRIGGER] */
    DUET_MARK_ROLES
};

enum duet_mark_kind { DUET_MARK_BOX, DUET_MARK_TEXT, DUET_MARK_LINE };

/* Where a text stands in its place. */
enum duet_mark_align { DUET_ALIGN_START, DUET_ALIGN_MIDDLE, DUET_ALIGN_END };

struct duet_mark {
    enum duet_mark_role role;
    uint32_t row;
    enum duet_side side; /* that a mark belongs to, if it does */
    int x, y;            /* top left corner; of a line: its left end */
    int width, height;   /* of a line: to its right end, so that `height` may be below 0 */
    int first_line;      /* of a box: height of the part with its texts; 0: all of it */
    enum duet_mark_align align;
    enum duet_direction direction; /* of a line: which ends have heads */
    bool dashed;                   /* a line that goes one way only or loses something */
    const char *text;              /* clean (text.h), cut to fit; NULL: none */
    const char *note;              /* at the right end of a box; NULL: none */
    const char *full; /* all of it in a sentence or two, for a tooltip; NULL: `text` is all */
};

struct duet_picture {
    const char *name;  /* of the mapping */
    const char *about; /* what there is to see, in a sentence */
    const struct duet_mark *marks;
    size_t count;
    int width, height;
};

/* How a role is drawn, which the layout must know to measure. A column (text.h) is three fifths of `size` wide at most. */
struct duet_mark_style {
    enum duet_mark_kind kind;
    const char *name; /* "title": a word for style sheets */
    int size;         /* of the letters, in pixels */
    int note_size;
    bool is_code; /* letters of one width */
};

const struct duet_mark_style *duet_mark_style(enum duet_mark_role role);

/* All of it is the arena's. */
struct duet_picture duet_picture_of(const struct duet_tables *tables, struct duet_arena *arena);
