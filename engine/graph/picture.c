#include "engine/graph/picture.h"

#include <string.h>

#include "engine/graph/layout.h"
#include "engine/graph/text.h"

const struct duet_mark_style *duet_mark_style(enum duet_mark_role role)
{
    static const struct duet_mark_style styles[DUET_MARK_ROLES] = {
        [DUET_MARK_TITLE] = { DUET_MARK_TEXT, "title", 24, 0, false },
        [DUET_MARK_FACT] = { DUET_MARK_TEXT, "fact", 13, 0, false },
        [DUET_MARK_HEAD] = { DUET_MARK_BOX, "head", 18, 12, false },
        [DUET_MARK_ABOUT] = { DUET_MARK_TEXT, "about", 12, 0, false },
        [DUET_MARK_GROUP] = { DUET_MARK_BOX, "group", 13, 0, false },
        [DUET_MARK_NAME] = { DUET_MARK_TEXT, "name", 13, 0, false },
        [DUET_MARK_FIELD] = { DUET_MARK_BOX, "field", 13, 11, true },
        [DUET_MARK_VALUE] = { DUET_MARK_BOX, "value", 12, 0, true },
        [DUET_MARK_NOTES] = { DUET_MARK_BOX, "field", 13, 11, true },
        [DUET_MARK_SPARE] = { DUET_MARK_BOX, "spare", 11, 11, true },
        [DUET_MARK_LINK] = { DUET_MARK_LINE, "link", 0, 0, false },
        [DUET_MARK_PAIR] = { DUET_MARK_LINE, "pair", 0, 0, false },
        [DUET_MARK_ARM] = { DUET_MARK_LINE, "arm", 0, 0, false },
        [DUET_MARK_NOTED] = { DUET_MARK_LINE, "pair", 0, 0, false },
        [DUET_MARK_KEY] = { DUET_MARK_LINE, "arm", 0, 0, false },
        [DUET_MARK_LABEL] = { DUET_MARK_TEXT, "label", 12, 0, false },
        [DUET_MARK_REMARK] = { DUET_MARK_TEXT, "remark", 11, 0, false },
        [DUET_MARK_PANEL] = { DUET_MARK_BOX, "panel", 13, 0, false },
        [DUET_MARK_HEADING] = { DUET_MARK_TEXT, "heading", 13, 0, false },
        [DUET_MARK_TRIGGER] = { DUET_MARK_TEXT, "event", 12, 0, true },
        [DUET_MARK_ACTION] = { DUET_MARK_TEXT, "action", 12, 0, true },
        [DUET_MARK_WHEN] = { DUET_MARK_TEXT, "when", 11, 0, true },
    };
    return &styles[role];
}

static struct duet_mark *add(struct duet_layout *layout, struct duet_mark mark)
{
    if (layout->count == layout->capacity) {
        size_t capacity = layout->capacity == 0 ? 256 : 2 * layout->capacity;
        struct duet_mark *marks =
            duet_arena_alloc_array(layout->words.arena, capacity, sizeof *marks);
        if (layout->count > 0)
            memcpy(marks, layout->marks, layout->count * sizeof *marks);
        layout->marks = marks;
        layout->capacity = capacity;
    }
    layout->marks[layout->count] = mark;
    return &layout->marks[layout->count++];
}

/* Columns of letters of `size` in `width` pixels. */
static size_t columns_in(int width, int size)
{
    return width * 5 < size * 3 ? 1 : (size_t)(width * 5) / (size_t)(size * 3);
}

static int width_of(const char *text, int size)
{
    return (int)(duet_graph_columns(text) * (size_t)(size * 3) + 4) / 5;
}

struct duet_mark *duet_layout_box(struct duet_layout *layout, enum duet_mark_role role,
                                  uint32_t row, int x, int width, int height)
{
    return add(
        layout,
        (struct duet_mark){
            .role = role, .row = row, .x = x, .y = layout->y, .width = width, .height = height });
}

void duet_layout_fill(struct duet_layout *layout, struct duet_mark *box, const char *text,
                      const char *note)
{
    const struct duet_mark_style *style = duet_mark_style(box->role);
    int room = box->width - 2 * BOX_PADDING;
    int taken = *note == '\0' ? 0 : width_of(note, style->note_size) + BOX_PADDING;
    if (taken > room / 2 && taken + width_of(text, style->size) > room) {
        note = duet_graph_cut(layout->words.arena, note,
                              columns_in(room / 2 - BOX_PADDING, style->note_size));
        taken = width_of(note, style->note_size) + BOX_PADDING;
    }
    box->note = *note == '\0' ? NULL : note;
    box->text = duet_graph_cut(layout->words.arena, text, columns_in(room - taken, style->size));
}

void duet_layout_text(struct duet_layout *layout, enum duet_mark_role role, uint32_t row,
                      struct duet_layout_place place, const char *text, const char *full)
{
    int size = duet_mark_style(role)->size;
    if (*text == '\0')
        return;
    const char *shown = duet_graph_cut(layout->words.arena, text, columns_in(place.width, size));
    add(layout, (struct duet_mark){ .role = role,
                                    .row = row,
                                    .x = place.x,
                                    .y = place.y,
                                    .width = place.width,
                                    .height = size + size / 4,
                                    .align = place.align,
                                    .text = shown,
                                    .full = full || shown == text ? full : text });
}

struct duet_mark *duet_layout_line(struct duet_layout *layout, enum duet_mark_role role,
                                   uint32_t row, int x, int y, int width, int height,
                                   uint32_t direction)
{
    return add(layout, (struct duet_mark){ .role = role,
                                           .row = row,
                                           .x = x,
                                           .y = y,
                                           .width = width,
                                           .height = height,
                                           .direction = (enum duet_direction)direction });
}

int duet_layout_fold(struct duet_layout *layout, enum duet_mark_role role, uint32_t row, int x,
                     int y, int width, unsigned most, const char *text)
{
    int size = duet_mark_style(role)->size;
    int pitch = size + size / 4 + 2;
    int used = 0;
    const char *rest = text;
    for (unsigned i = 0; i < most && *rest; i++) {
        const char *line = rest;
        if (i + 1 < most)
            line = duet_graph_fold(layout->words.arena, &rest, columns_in(width, size));
        else
            rest = "";
        if (!line)
            break;
        duet_layout_text(layout, role, row,
                         (struct duet_layout_place){ x, y + used, width, DUET_ALIGN_START }, line,
                         text);
        used += pitch;
    }
    return used;
}

int duet_layout_column(enum duet_side side)
{
    return side == DUET_LEFT ? PAGE_MARGIN : RIGHT_COLUMN;
}

/* "l (System) and r (Other System): 9 pairs of fields, 9 triggers." */
static const char *about(const struct duet_graph_words *words)
{
    const struct duet_t_mapping *mapping = duet_mapping(words->tables);
    const char *sides[2];
    for (int side = 0; side < 2; side++)
        sides[side] = duet_arena_format(
            words->arena, "%s (%s)", duet_graph_side(words, (enum duet_side)side),
            duet_graph_string(words, duet_side_row(words->tables, (uint32_t)side)->title));
    return duet_arena_format(
        words->arena, "%s and %s: %u %s of fields, %u %s%s.", sides[0], sides[1],
        (unsigned)mapping->pairs_count, mapping->pairs_count == 1 ? "pair" : "pairs",
        (unsigned)mapping->triggers_count, mapping->triggers_count == 1 ? "trigger" : "triggers",
        mapping->notes == DUET_NONE ? "" : ", notes");
}

struct duet_picture duet_picture_of(const struct duet_tables *tables, struct duet_arena *arena)
{
    struct duet_layout layout = { .words = { .tables = tables, .arena = arena }, .y = PAGE_MARGIN };
    duet_layout_title(&layout);
    duet_layout_heads(&layout);
    duet_layout_units(&layout);
    duet_layout_triggers(&layout);
    duet_layout_spare(&layout);
    return (struct duet_picture){
        .name = duet_graph_string(&layout.words, duet_mapping(tables)->name),
        .about = about(&layout.words),
        .marks = layout.marks,
        .count = layout.count,
        .width = PAGE_WIDTH,
        .height = layout.y + PAGE_MARGIN,
    };
}
