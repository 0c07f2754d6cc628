/* What stands around the pairs: title and heads above, triggers and what isn't mapped below. */
#include "engine/graph/layout.h"

enum {
    FACT_NAME = 104, /* width of "first contact" */
    HEAD_LINE = 40,  /* of a head, with the side's name */
    HEAD_LEAST = 64,
    KEY_WIDTH = 56, /* a line of the legend */
    KEY_PITCH = 20,
    PANEL_GAP = 24, /* between the sides' panels */
    PANEL_WIDTH = (PAGE_WIDTH - 2 * PAGE_MARGIN - PANEL_GAP) / 2,
    PANEL_PADDING = 16,
    EVENT_WIDTH = 124,
    EVENT_GAP = 8,
    ROW_GAP = 6,
    HEADING_HEIGHT = 26,
    SPARE_COLUMNS = 3,
    SPARE_GAP = 8,
    SPARE_WIDTH = (PANEL_WIDTH - (SPARE_COLUMNS - 1) * SPARE_GAP) / SPARE_COLUMNS,
    SPARE_HEIGHT = 24,
    MOST_LINES = 4 /* of a folded text */
};

/* --- title and heads -------------------------------------------------------------------------------------- */

static void add_fact(struct duet_layout *layout, const char *name, const char *text, uint32_t row)
{
    int x = PAGE_MARGIN + FACT_NAME;
    duet_layout_text(
        layout, DUET_MARK_HEADING, DUET_NONE,
        (struct duet_layout_place){ PAGE_MARGIN, layout->y, FACT_NAME, DUET_ALIGN_START }, name,
        NULL);
    layout->y += duet_layout_fold(layout, DUET_MARK_FACT, row, x, layout->y,
                                  PAGE_WIDTH - PAGE_MARGIN - x, MOST_LINES, text) +
                 2;
}

void duet_layout_title(struct duet_layout *layout)
{
    const struct duet_graph_words *words = &layout->words;
    const struct duet_t_mapping *mapping = duet_mapping(words->tables);
    duet_layout_text(layout, DUET_MARK_TITLE, 0,
                     (struct duet_layout_place){ PAGE_MARGIN, layout->y - 8,
                                                 PAGE_WIDTH - 2 * PAGE_MARGIN, DUET_ALIGN_START },
                     duet_graph_string(words, mapping->name), NULL);
    layout->y += 34;
    add_fact(layout, "first contact", duet_graph_first_contact(words), DUET_NONE);
    for (uint32_t i = 0; i < mapping->creates_count; i++)
        add_fact(layout, "create", duet_graph_create(words, mapping->creates + i),
                 mapping->creates + i);
    layout->y += SECTION_GAP - 8;
}

static void add_key(struct duet_layout *layout, int line, uint32_t direction, bool dashed,
                    const char *text)
{
    int x = LANE_LEFT + LANE_WIDTH / 2 - 108;
    int y = layout->y + 4 + line * KEY_PITCH;
    duet_layout_line(layout, DUET_MARK_KEY, DUET_NONE, x, y + 8, KEY_WIDTH, 0, direction)->dashed =
        dashed;
    duet_layout_text(layout, DUET_MARK_REMARK, DUET_NONE,
                     (struct duet_layout_place){ x + KEY_WIDTH + 14, y + 1, 170, DUET_ALIGN_START },
                     text, NULL);
}

static int taller(int a, int b)
{
    return a > b ? a : b;
}

void duet_layout_heads(struct duet_layout *layout)
{
    const struct duet_graph_words *words = &layout->words;
    size_t heads[2];
    int height = HEAD_LEAST;
    for (uint32_t side = 0; side < 2; side++) {
        int x = duet_layout_column((enum duet_side)side);
        heads[side] = layout->count;
        struct duet_mark *head = duet_layout_box(layout, DUET_MARK_HEAD, side, x, COLUMN_WIDTH, 0);
        head->side = (enum duet_side)side;
        head->first_line = HEAD_LINE;
        duet_layout_fill(layout, head, duet_graph_side(words, (enum duet_side)side),
                         duet_graph_record(words, (enum duet_side)side));
        int used =
            duet_layout_fold(layout, DUET_MARK_ABOUT, DUET_NONE, x + BOX_PADDING,
                             layout->y + HEAD_LINE - 3, COLUMN_WIDTH - 2 * BOX_PADDING, 2,
                             duet_graph_string(words, duet_side_row(words->tables, side)->title));
        height = taller(height, HEAD_LINE + used + 6);
    }
    for (int side = 0; side < 2; side++)
        layout->marks[heads[side]].height = height;
    add_key(layout, 0, DUET_BOTH_WAYS, false, "both ways");
    add_key(layout, 1, DUET_TO_RIGHT, false, "one way");
    add_key(layout, 2, DUET_TO_RIGHT, true, "lossy, or a value one way");
    layout->y += height + FIELD_GAP + 4;
}

/* --- triggers ---------------------------------------------------------------------------------------------- */

/* Returns the height used. */
static int add_trigger(struct duet_layout *layout, uint32_t trigger, int x, int y)
{
    const struct duet_graph_words *words = &layout->words;
    int action_x = x + EVENT_WIDTH + EVENT_GAP;
    int width = PANEL_WIDTH - 2 * PANEL_PADDING - EVENT_WIDTH - EVENT_GAP;
    int event = duet_layout_fold(layout, DUET_MARK_TRIGGER, trigger, x, y, EVENT_WIDTH, 1,
                                 duet_graph_event(words, trigger));
    int action = duet_layout_fold(layout, DUET_MARK_ACTION, trigger, action_x, y, width, MOST_LINES,
                                  duet_graph_action(words, trigger));
    uint32_t when = duet_trigger_row(words->tables, trigger)->when;
    action += duet_layout_fold(layout, DUET_MARK_WHEN, trigger, action_x, y + action, width,
                               MOST_LINES, duet_graph_condition(words, when));
    return taller(event, action) + ROW_GAP;
}

static int add_triggers(struct duet_layout *layout, enum duet_side side, int x, int y)
{
    const struct duet_t_mapping *mapping = duet_mapping(layout->words.tables);
    int top = y;
    for (uint32_t i = 0; i < mapping->triggers_count; i++) {
        uint32_t row = mapping->triggers + i;
        if (duet_trigger_row(layout->words.tables, row)->side == (uint32_t)side)
            y += add_trigger(layout, row, x, y);
    }
    if (y == top)
        y += duet_layout_fold(layout, DUET_MARK_REMARK, DUET_NONE, x, y,
                              PANEL_WIDTH - 2 * PANEL_PADDING, 1, "nothing") +
             ROW_GAP;
    return y;
}

void duet_layout_triggers(struct duet_layout *layout)
{
    const struct duet_graph_words *words = &layout->words;
    size_t panels[2];
    int bottom = 0;
    for (int side = 0; side < 2; side++) {
        int x = PAGE_MARGIN + side * (PANEL_WIDTH + PANEL_GAP);
        panels[side] = layout->count;
        duet_layout_box(layout, DUET_MARK_PANEL, (uint32_t)side, x, PANEL_WIDTH, 0)->side =
            (enum duet_side)side;
        const char *name = duet_graph_side(words, (enum duet_side)side);
        duet_layout_text(layout, DUET_MARK_HEADING, DUET_NONE,
                         (struct duet_layout_place){ x + PANEL_PADDING, layout->y + 14,
                                                     PANEL_WIDTH - 2 * PANEL_PADDING,
                                                     DUET_ALIGN_START },
                         duet_arena_format(words->arena, "triggers on %s", name), NULL);
        bottom = taller(
            bottom, add_triggers(layout, (enum duet_side)side, x + PANEL_PADDING, layout->y + 40));
    }
    for (int side = 0; side < 2; side++)
        layout->marks[panels[side]].height = bottom + PANEL_PADDING - ROW_GAP - layout->y;
    layout->y = bottom + PANEL_PADDING - ROW_GAP;
}

/* --- what isn't mapped ------------------------------------------------------------------------------------- */

static void add_spare(struct duet_layout *layout, enum duet_side side, uint32_t field, int x)
{
    const struct duet_graph_words *words = &layout->words;
    struct duet_mark *box =
        duet_layout_box(layout, DUET_MARK_SPARE, field, x, SPARE_WIDTH, SPARE_HEIGHT);
    const char *part = duet_graph_part(words, field);
    box->side = side;
    box->full =
        duet_arena_format(words->arena, "%s, not mapped: %s%s%s", duet_graph_field(words, field),
                          duet_graph_type_in_full(words, field), *part ? ", " : "", part);
    duet_layout_fill(layout, box,
                     duet_graph_string(words, duet_field_row(words->tables, field)->name),
                     duet_graph_type(words, field));
}

/* Returns where the next line below them begins. */
static int add_spares(struct duet_layout *layout, enum duet_side side, int top)
{
    const struct duet_tables *tables = layout->words.tables;
    const struct duet_t_side *row = duet_side_row(tables, (uint32_t)side);
    int x = PAGE_MARGIN + (int)side * (PANEL_WIDTH + PANEL_GAP);
    int count = 0;
    for (uint32_t i = 0; i < row->fields_count; i++) {
        if (duet_graph_is_mapped(tables, row->fields + i))
            continue;
        layout->y = top + HEADING_HEIGHT + count / SPARE_COLUMNS * (SPARE_HEIGHT + SPARE_GAP);
        add_spare(layout, side, row->fields + i,
                  x + count % SPARE_COLUMNS * (SPARE_WIDTH + SPARE_GAP));
        count++;
    }
    if (count == 0)
        return top;
    duet_layout_text(layout, DUET_MARK_HEADING, DUET_NONE,
                     (struct duet_layout_place){ x, top, PANEL_WIDTH, DUET_ALIGN_START },
                     duet_arena_format(layout->words.arena, "not mapped in %s",
                                       duet_graph_side(&layout->words, side)),
                     NULL);
    return layout->y + SPARE_HEIGHT;
}

void duet_layout_spare(struct duet_layout *layout)
{
    int top = layout->y + SECTION_GAP;
    int left = add_spares(layout, DUET_LEFT, top);
    int right = add_spares(layout, DUET_RIGHT, top);
    bool is_empty = left == top && right == top;
    layout->y = is_empty ? top - SECTION_GAP : taller(left, right);
}
