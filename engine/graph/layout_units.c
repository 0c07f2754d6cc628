/* The middle of the picture: pairs of fields, their values, the frames of groups. */
#include <stdlib.h>
#include <string.h>

#include "engine/graph/arms.h"
#include "engine/graph/layout.h"

enum {
    FRAME_PADDING = 14, /* around what a group's frame holds */
    FRAME_HEAD = 34,    /* for the group's name */
    VALUES_PADDING = 8, /* below the last value */
    ABOVE_LINE = 18,    /* where a label begins, above the arrow and below it */
    BELOW_LINE = 5
};

/* --- a pair ----------------------------------------------------------------------------------------------- */

static void add_field(struct duet_layout *layout, enum duet_side side, uint32_t field, int height)
{
    const struct duet_graph_words *words = &layout->words;
    struct duet_mark *box = duet_layout_box(layout, DUET_MARK_FIELD, field,
                                            duet_layout_column(side), COLUMN_WIDTH, height);
    box->side = side;
    box->first_line = FIELD_HEIGHT;
    box->full = duet_arena_format(words->arena, "%s: %s", duet_graph_field(words, field),
                                  duet_graph_type_in_full(words, field));
    duet_layout_fill(layout, box,
                     duet_graph_string(words, duet_field_row(words->tables, field)->name),
                     duet_graph_type(words, field));
}

/* What stands above and below an arrow in the middle of the lane. */
static void add_labels(struct duet_layout *layout, uint32_t row, const char *above,
                       const char *below, const char *full)
{
    int x = LANE_LEFT + LANE_PADDING + 8;
    int width = LANE_WIDTH - 2 * (LANE_PADDING + 8);
    int middle = layout->y + FIELD_HEIGHT / 2;
    duet_layout_text(layout, DUET_MARK_LABEL, row,
                     (struct duet_layout_place){ x, middle - ABOVE_LINE, width, DUET_ALIGN_MIDDLE },
                     above, full);
    duet_layout_text(layout, DUET_MARK_REMARK, row,
                     (struct duet_layout_place){ x, middle + BELOW_LINE, width, DUET_ALIGN_MIDDLE },
                     below, full);
}

static struct duet_mark *add_arrow(struct duet_layout *layout, enum duet_mark_role role,
                                   uint32_t row, uint32_t direction)
{
    return duet_layout_line(layout, role, row, LANE_LEFT + LANE_PADDING / 2,
                            layout->y + FIELD_HEIGHT / 2, LANE_WIDTH - LANE_PADDING, 0, direction);
}

/* --- values and arms -------------------------------------------------------------------------------------- */

static int value_y(const struct duet_layout *layout, uint32_t place)
{
    return layout->y + FIELD_HEIGHT + (int)place * (VALUE_PITCH / 2);
}

static void add_values(struct duet_layout *layout, enum duet_side side, uint32_t values,
                       const struct duet_graph_slots *slots)
{
    const struct duet_graph_words *words = &layout->words;
    int column = duet_layout_column(side);
    int x = side == DUET_LEFT ? column + COLUMN_WIDTH - VALUE_INSET - VALUE_WIDTH
                              : column + VALUE_INSET;
    const struct duet_t_enum *row = duet_enum_row(words->tables, values);
    for (uint32_t i = 0; i < slots->counts[side]; i++) {
        struct duet_mark *box =
            duet_layout_box(layout, DUET_MARK_VALUE, row->values + i, x, VALUE_WIDTH, VALUE_HEIGHT);
        box->side = side;
        box->y = value_y(layout, slots->places[side][i]);
        const char *name =
            duet_graph_string(words, duet_value_row(words->tables, row->values + i)->name);
        duet_layout_fill(layout, box, name, "");
        box->full = box->text == name ? NULL : name;
    }
}

/* Why an arm loses something: in the middle of a straight line; else beside the end that has no other arm, away from the bend. */
static void add_reason(struct duet_layout *layout, uint32_t arm, int from, int to, bool at_left)
{
    const struct duet_graph_words *words = &layout->words;
    const char *reason = duet_graph_string(words, duet_arm_row(words->tables, arm)->lossy);
    bool is_straight = from == to;
    bool is_below = !is_straight && (at_left ? from > to : from < to);
    int width = is_straight ? LANE_WIDTH - 2 * LANE_PADDING : LANE_WIDTH / 3;
    int x = is_straight || at_left ? LANE_LEFT + LANE_PADDING : RIGHT_COLUMN - LANE_PADDING - width;
    duet_layout_text(layout, DUET_MARK_REMARK, arm,
                     (struct duet_layout_place){ x, (at_left ? from : to) + (is_below ? 1 : -14),
                                                 width,
                                                 is_straight ? DUET_ALIGN_MIDDLE
                                                 : at_left   ? DUET_ALIGN_START
                                                             : DUET_ALIGN_END },
                     reason, NULL);
}

static void add_arms(struct duet_layout *layout, const struct duet_t_map *map,
                     const struct duet_graph_slots *slots)
{
    const struct duet_graph_words *words = &layout->words;
    int inset = VALUE_INSET - 2;
    for (uint32_t i = 0; i < map->arms_count; i++) {
        const struct duet_t_arm *arm = duet_arm_row(words->tables, map->arms + i);
        int from = value_y(layout, slots->places[DUET_LEFT][arm->left]) + VALUE_HEIGHT / 2;
        int to = value_y(layout, slots->places[DUET_RIGHT][arm->right]) + VALUE_HEIGHT / 2;
        struct duet_mark *line =
            duet_layout_line(layout, DUET_MARK_ARM, map->arms + i, LANE_LEFT - inset, from,
                             LANE_WIDTH + 2 * inset, to - from, arm->direction);
        line->dashed = arm->direction != DUET_BOTH_WAYS || arm->lossy != DUET_NONE;
        line->full = duet_graph_arm(words, map->arms + i, map);
        add_reason(layout, map->arms + i, from, to, slots->right_arms[arm->right] > 1);
    }
}

static void add_pair(struct duet_layout *layout, uint32_t pair, uint32_t unit, const char *above)
{
    const struct duet_graph_words *words = &layout->words;
    const struct duet_t_pair *row = duet_pair_row(words->tables, pair);
    const struct duet_t_map *map = duet_map_row(words->tables, row->map);
    struct duet_graph_slots slots = { .slots = 0 };
    int height = FIELD_HEIGHT;
    if (map) {
        slots = duet_graph_slots(words->tables, map, words->arena);
        height += (int)slots.slots * VALUE_PITCH - (VALUE_PITCH - VALUE_HEIGHT) + VALUES_PADDING;
    }
    const char *full = duet_graph_pair(words, pair, unit);
    add_field(layout, DUET_LEFT, row->left, height);
    add_field(layout, DUET_RIGHT, row->right, height);
    if (map) {
        add_values(layout, DUET_LEFT, map->left, &slots);
        add_values(layout, DUET_RIGHT, map->right, &slots);
        add_arms(layout, map, &slots);
    }
    struct duet_mark *arrow = add_arrow(layout, DUET_MARK_PAIR, pair, row->direction);
    arrow->dashed = row->lossy != DUET_NONE;
    arrow->full = full;
    add_labels(layout, pair, above, duet_graph_way(words, pair), full);
    layout->y += height + FIELD_GAP;
}

/* --- units ------------------------------------------------------------------------------------------------ */

/* A name, where neither field has it. */
static const char *own_name(const struct duet_graph_words *words, uint32_t name,
                            const struct duet_t_pair *pair)
{
    const char *text = duet_graph_string(words, name);
    for (int side = 0; side < 2; side++) {
        uint32_t field = duet_pair_field(pair, (enum duet_side)side);
        if (strcmp(duet_str(words->tables, duet_field_row(words->tables, field)->name),
                   duet_str(words->tables, name)) == 0)
            return "";
    }
    return text;
}

static void add_single(struct duet_layout *layout, uint32_t unit)
{
    const struct duet_graph_words *words = &layout->words;
    uint32_t pair = duet_unit_row(words->tables, unit)->pairs;
    const struct duet_t_pair *row = duet_pair_row(words->tables, pair);
    const char *name = own_name(words, row->name, row);
    const char *policy = duet_graph_policy(words, unit);
    if (*name != '\0' && *policy != '\0')
        name = duet_arena_format(words->arena, "%s, %s", name, policy);
    add_pair(layout, pair, unit, *name != '\0' ? name : policy);
}

static void add_group(struct duet_layout *layout, uint32_t unit)
{
    const struct duet_graph_words *words = &layout->words;
    const struct duet_t_unit *row = duet_unit_row(words->tables, unit);
    size_t frame = layout->count;
    const char *name = duet_graph_string(words, row->name);
    const char *policy = duet_graph_policy(words, unit);
    int top = layout->y;
    duet_layout_box(layout, DUET_MARK_GROUP, unit, PAGE_MARGIN - FRAME_PADDING,
                    PAGE_WIDTH - 2 * (PAGE_MARGIN - FRAME_PADDING), 0)
        ->full = duet_arena_format(words->arena, "group %s: moves as one%s%s", name,
                                   *policy ? ", " : "", policy);
    duet_layout_text(
        layout, DUET_MARK_NAME, unit,
        (struct duet_layout_place){ PAGE_MARGIN, top + 11, COLUMN_WIDTH, DUET_ALIGN_START }, name,
        NULL);
    duet_layout_text(
        layout, DUET_MARK_LABEL, unit,
        (struct duet_layout_place){ LANE_LEFT, top + 11, LANE_WIDTH, DUET_ALIGN_MIDDLE }, policy,
        NULL);
    duet_layout_text(
        layout, DUET_MARK_REMARK, unit,
        (struct duet_layout_place){ RIGHT_COLUMN, top + 12, COLUMN_WIDTH, DUET_ALIGN_END },
        "moves as one", NULL);
    layout->y += FRAME_HEAD;
    for (uint32_t i = 0; i < row->pairs_count; i++) {
        const struct duet_t_pair *pair = duet_pair_row(words->tables, row->pairs + i);
        add_pair(layout, row->pairs + i, unit, own_name(words, pair->name, pair));
    }
    layout->y += FRAME_PADDING - FIELD_GAP;
    layout->marks[frame].height = layout->y - top;
    layout->y += FIELD_GAP + 4;
}

/* --- in the order of the text ----------------------------------------------------------------------------- */

struct ordered_unit {
    bool is_other; /* from another file than the mapping: an overlay's */
    uint32_t line;
    uint32_t unit;
};

static int by_line(const void *a, const void *b)
{
    const struct ordered_unit *first = a;
    const struct ordered_unit *second = b;
    if (first->is_other != second->is_other)
        return first->is_other ? 1 : -1;
    if (first->line != second->line)
        return first->line < second->line ? -1 : 1;
    return first->unit < second->unit ? -1 : first->unit > second->unit;
}

/* The units as they stand in the mapping's text: the tables have them in the planner's order. */
static struct ordered_unit *order_units(const struct duet_graph_words *words)
{
    const struct duet_t_mapping *mapping = duet_mapping(words->tables);
    struct ordered_unit *order =
        duet_arena_alloc_array(words->arena, mapping->units_count, sizeof *order);
    for (uint32_t i = 0; i < mapping->units_count; i++) {
        const struct duet_t_unit *unit = duet_unit_row(words->tables, mapping->units + i);
        bool is_other = strcmp(duet_str(words->tables, unit->file),
                               duet_str(words->tables, mapping->file)) != 0;
        order[i] = (struct ordered_unit){ is_other, unit->line, mapping->units + i };
    }
    if (mapping->units_count > 0)
        qsort(order, mapping->units_count, sizeof *order, by_line);
    return order;
}

/* --- link and notes ----------------------------------------------------------------------------------------- */

static void add_link(struct duet_layout *layout)
{
    const struct duet_graph_words *words = &layout->words;
    const struct duet_t_mapping *mapping = duet_mapping(words->tables);
    add_field(layout, DUET_LEFT, mapping->link_left, FIELD_HEIGHT);
    add_field(layout, DUET_RIGHT, mapping->link_right, FIELD_HEIGHT);
    struct duet_mark *line = add_arrow(layout, DUET_MARK_LINK, 0, DUET_BOTH_WAYS);
    line->full = duet_arena_format(words->arena, "link: %s <-> %s",
                                   duet_graph_field(words, mapping->link_left),
                                   duet_graph_field(words, mapping->link_right));
    add_labels(layout, 0, "link", "which two records belong together", line->full);
    layout->y += FIELD_HEIGHT + FIELD_GAP + 4;
}

static void add_notes(struct duet_layout *layout)
{
    const struct duet_graph_words *words = &layout->words;
    uint32_t row = duet_mapping(words->tables)->notes;
    if (row == DUET_NONE)
        return;
    const struct duet_t_note_pair *pair = duet_note_pair_row(words->tables, row);
    for (uint32_t side = 0; side < 2; side++) {
        uint32_t notes = duet_side_row(words->tables, side)->notes;
        struct duet_mark *box =
            duet_layout_box(layout, DUET_MARK_NOTES, notes,
                            duet_layout_column((enum duet_side)side), COLUMN_WIDTH, FIELD_HEIGHT);
        box->side = (enum duet_side)side;
        const struct duet_t_notes *named = duet_notes_row(words->tables, notes);
        duet_layout_fill(layout, box, named ? duet_graph_string(words, named->name) : "", "notes");
    }
    struct duet_mark *line = add_arrow(layout, DUET_MARK_NOTED, row, pair->direction);
    line->full = "notes: each stands on both sides once";
    add_labels(layout, row, "", duet_graph_notes(words), NULL);
    layout->y += FIELD_HEIGHT + FIELD_GAP;
}

void duet_layout_units(struct duet_layout *layout)
{
    const struct duet_graph_words *words = &layout->words;
    const struct ordered_unit *order = order_units(words);
    add_link(layout);
    for (uint32_t i = 0; i < duet_mapping(words->tables)->units_count; i++) {
        const struct duet_t_unit *unit = duet_unit_row(words->tables, order[i].unit);
        if (unit->group || unit->pairs_count != 1)
            add_group(layout, order[i].unit);
        else
            add_single(layout, order[i].unit);
    }
    add_notes(layout);
    layout->y += SECTION_GAP - FIELD_GAP;
}
