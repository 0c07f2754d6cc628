/* The layout: nothing overlaps or stands outside, everything of the mapping is there, arrows go the right way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/graph/picture.h"
#include "engine/graph/text.h"
#include "tests/support/graph_case.h"
#include "tests/support/sample_tables.h"

struct drawn {
    struct duet_arena *arena;
    struct duet_compilation *compilation; /* or `bytes` */
    unsigned char *bytes;
    struct duet_tables tables;
    struct duet_picture picture;
};

static struct drawn draw(struct drawn drawn)
{
    drawn.arena = duet_arena_new();
    drawn.picture = duet_picture_of(&drawn.tables, drawn.arena);
    return drawn;
}

static struct drawn draw_shipped(void)
{
    struct drawn drawn = { 0 };
    assert_int_equal(duet_compile_file("mappings/sentinel-smartsoar.duet", &drawn.compilation),
                     DUET_OK);
    drawn.tables = *duet_compilation_tables(drawn.compilation, 0);
    return draw(drawn);
}

static struct drawn draw_big(void)
{
    struct drawn drawn = { 0 };
    char *text = graph_case_big();
    drawn.compilation = graph_case_compile(text);
    free(text);
    drawn.tables = *duet_compilation_tables(drawn.compilation, 0);
    return draw(drawn);
}

static struct drawn draw_sample(void)
{
    struct drawn drawn = { 0 };
    size_t size = 0;
    struct duet_error error = { "" };
    drawn.bytes = sample_tables_bytes(&size);
    assert_int_equal(duet_tables_open(drawn.bytes, size, &drawn.tables, &error), DUET_OK);
    return draw(drawn);
}

static void finish(struct drawn *drawn)
{
    duet_arena_free(drawn->arena);
    duet_compilation_free(drawn->compilation);
    free(drawn->bytes);
}

static struct drawn (*const drawings[])(void) = { draw_shipped, draw_big, draw_sample };

/* The next drawing; false at the end. `drawn` is all zero at first. */
static bool next_drawing(size_t *nth, struct drawn *drawn)
{
    if (*nth > 0)
        finish(drawn);
    if (*nth == sizeof drawings / sizeof *drawings)
        return false;
    *drawn = drawings[(*nth)++]();
    return true;
}

static enum duet_mark_kind kind_of(const struct duet_mark *mark)
{
    return duet_mark_style(mark->role)->kind;
}

/* --- places ------------------------------------------------------------------------------------------------ */

static bool holds(const struct duet_mark *outer, const struct duet_mark *inner)
{
    return kind_of(outer) == DUET_MARK_BOX && inner->x >= outer->x && inner->y >= outer->y &&
           inner->x + inner->width <= outer->x + outer->width &&
           inner->y + inner->height <= outer->y + outer->height;
}

static bool touch(const struct duet_mark *a, const struct duet_mark *b)
{
    return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height &&
           b->y < a->y + a->height;
}

static void boxes_and_texts_touch_only_what_encloses_them(void **state)
{
    (void)state;
    struct drawn drawn = { 0 };
    size_t nth = 0;
    while (next_drawing(&nth, &drawn)) {
        const struct duet_picture *picture = &drawn.picture;
        for (size_t i = 0; i < picture->count; i++) {
            for (size_t k = i + 1; k < picture->count; k++) {
                const struct duet_mark *a = &picture->marks[i];
                const struct duet_mark *b = &picture->marks[k];
                if (kind_of(a) == DUET_MARK_LINE || kind_of(b) == DUET_MARK_LINE || !touch(a, b))
                    continue;
                if (!holds(a, b)) /* what encloses is painted first */
                    fail_msg("%s '%s' and %s '%s' overlap", duet_mark_style(a->role)->name,
                             a->text ? a->text : "", duet_mark_style(b->role)->name,
                             b->text ? b->text : "");
            }
        }
    }
}

static void nothing_stands_outside(void **state)
{
    (void)state;
    struct drawn drawn = { 0 };
    size_t nth = 0;
    while (next_drawing(&nth, &drawn)) {
        assert_int_equal(drawn.picture.width, 1120);
        for (size_t i = 0; i < drawn.picture.count; i++) {
            const struct duet_mark *mark = &drawn.picture.marks[i];
            int end = mark->y + mark->height;
            assert_true(mark->x >= 0 && mark->y >= 0 && end >= 0 && mark->width > 0);
            assert_true(mark->x + mark->width <= drawn.picture.width);
            assert_true(mark->y <= drawn.picture.height && end <= drawn.picture.height);
            assert_true(kind_of(mark) == DUET_MARK_LINE || mark->height > 0);
        }
    }
}

/* A column is three fifths of the letters' size at most. */
static int most_width(const char *text, int size)
{
    return text ? (int)duet_graph_columns(text) * size * 3 / 5 : 0;
}

static void texts_fit_and_what_is_cut_is_in_the_tooltip(void **state)
{
    (void)state;
    struct drawn drawn = { 0 };
    size_t nth = 0;
    while (next_drawing(&nth, &drawn)) {
        for (size_t i = 0; i < drawn.picture.count; i++) {
            const struct duet_mark *mark = &drawn.picture.marks[i];
            const struct duet_mark_style *style = duet_mark_style(mark->role);
            int used = most_width(mark->text, style->size);
            if (kind_of(mark) == DUET_MARK_BOX)
                used += 2 * 12; /* left and right */
            if (mark->note)
                used += 12 + most_width(mark->note, style->note_size);
            assert_true(!mark->text || used <= mark->width);
            bool is_cut = mark->text && strstr(mark->text, "\xe2\x80\xa6");
            assert_true(!is_cut || mark->full);
        }
    }
}

/* Without a word about crossings that must be: right values in the order of the left ones they are connected to. */
static void arms_cross_only_where_they_must(void **state)
{
    (void)state;
    struct drawn drawn = { 0 };
    size_t nth = 0;
    while (next_drawing(&nth, &drawn)) {
        const struct duet_picture *picture = &drawn.picture;
        for (size_t i = 0; i < picture->count; i++) {
            for (size_t k = 0; k < picture->count; k++) {
                const struct duet_mark *a = &picture->marks[i];
                const struct duet_mark *b = &picture->marks[k];
                if (a->role == DUET_MARK_ARM && b->role == DUET_MARK_ARM && a->y < b->y)
                    assert_true(a->y + a->height <= b->y + b->height);
            }
        }
    }
}

/* --- what is there ------------------------------------------------------------------------------------------- */

static const struct duet_mark *mark_of(const struct duet_picture *picture, enum duet_mark_role role,
                                       uint32_t row)
{
    for (size_t i = 0; i < picture->count; i++) {
        if (picture->marks[i].role == role && picture->marks[i].row == row)
            return &picture->marks[i];
    }
    fail_msg("no %s %u", duet_mark_style(role)->name, (unsigned)row);
    return NULL;
}

static void every_part_of_the_mapping_is_drawn(void **state)
{
    (void)state;
    struct drawn drawn = { 0 };
    size_t nth = 0;
    while (next_drawing(&nth, &drawn)) {
        const struct duet_tables *tables = &drawn.tables;
        const struct duet_t_mapping *mapping = duet_mapping(tables);
        for (uint32_t i = 0; i < tables->sections[DUET_SECTION_PAIR].count; i++) {
            const struct duet_t_pair *pair = duet_pair_row(tables, i);
            const struct duet_mark *line = mark_of(&drawn.picture, DUET_MARK_PAIR, i);
            assert_int_equal(line->direction, pair->direction);
            assert_int_equal(line->dashed, pair->lossy != DUET_NONE);
            assert_int_equal(mark_of(&drawn.picture, DUET_MARK_FIELD, pair->left)->side, DUET_LEFT);
            assert_int_equal(mark_of(&drawn.picture, DUET_MARK_FIELD, pair->right)->side,
                             DUET_RIGHT);
        }
        for (uint32_t i = 0; i < tables->sections[DUET_SECTION_ARM].count; i++) {
            const struct duet_t_arm *arm = duet_arm_row(tables, i);
            const struct duet_mark *line = mark_of(&drawn.picture, DUET_MARK_ARM, i);
            assert_int_equal(line->direction, arm->direction);
            assert_int_equal(line->dashed,
                             arm->lossy != DUET_NONE || arm->direction != DUET_BOTH_WAYS);
        }
        for (uint32_t i = 0; i < mapping->triggers_count; i++) {
            mark_of(&drawn.picture, DUET_MARK_TRIGGER, i);
            mark_of(&drawn.picture, DUET_MARK_ACTION, i);
            if (duet_trigger_row(tables, i)->when != DUET_NONE)
                mark_of(&drawn.picture, DUET_MARK_WHEN, i);
        }
        for (uint32_t i = 0; i < mapping->creates_count; i++)
            mark_of(&drawn.picture, DUET_MARK_FACT, i);
        for (uint32_t i = 0; i < mapping->units_count; i++)
            if (duet_unit_row(tables, i)->group)
                mark_of(&drawn.picture, DUET_MARK_GROUP, i);
        if (mapping->notes != DUET_NONE)
            mark_of(&drawn.picture, DUET_MARK_NOTED, mapping->notes);
    }
}

static void every_field_is_drawn_mapped_or_not(void **state)
{
    (void)state;
    struct drawn drawn = { 0 };
    size_t nth = 0;
    while (next_drawing(&nth, &drawn)) {
        for (uint32_t field = 0; field < drawn.tables.sections[DUET_SECTION_FIELD].count; field++) {
            unsigned count = 0;
            for (size_t i = 0; i < drawn.picture.count; i++) {
                const struct duet_mark *mark = &drawn.picture.marks[i];
                bool is_it = (mark->role == DUET_MARK_FIELD || mark->role == DUET_MARK_SPARE) &&
                             mark->row == field;
                count += is_it;
                if (is_it)
                    assert_int_equal(mark->side, duet_field_side(&drawn.tables, field));
            }
            assert_true(count >= 1);
        }
    }
}

/* Whether a text stands in the picture, and in a mark of which role. */
static void assert_text(const struct drawn *drawn, enum duet_mark_role role, const char *text)
{
    for (size_t i = 0; i < drawn->picture.count; i++) {
        const struct duet_mark *mark = &drawn->picture.marks[i];
        if (mark->role == role && mark->text && strcmp(mark->text, text) == 0)
            return;
    }
    fail_msg("no %s '%s'", duet_mark_style(role)->name, text);
}

static void the_shipped_mapping_is_told_in_its_words(void **state)
{
    (void)state;
    struct drawn drawn = draw_shipped();
    assert_text(&drawn, DUET_MARK_TITLE, "sentinel_smartsoar");
    assert_text(&drawn, DUET_MARK_FACT, "siem wins");
    assert_text(&drawn, DUET_MARK_FACT,
                "soar from siem when siem.status != Closed and siem.severity >= Low");
    assert_text(&drawn, DUET_MARK_LABEL, "conflict: newest wins, else soar");
    assert_text(&drawn, DUET_MARK_LABEL, "conflict: highest wins");
    assert_text(&drawn, DUET_MARK_REMARK, "truncate 100");
    assert_text(&drawn, DUET_MARK_REMARK, "via analysts \xc2\xb7 unknown: keep");
    assert_text(&drawn, DUET_MARK_NAME, "verdict");
    assert_text(&drawn, DUET_MARK_TRIGGER, "signal \"resync\"");
    assert_text(&drawn, DUET_MARK_ACTION, "send status, verdict");
    assert_text(&drawn, DUET_MARK_ACTION, "send severity, notes");
    assert_text(&drawn, DUET_MARK_ACTION, "clear verdict");
    assert_text(&drawn, DUET_MARK_ACTION, "fetch all");
    assert_text(&drawn, DUET_MARK_WHEN, "when soar.status != Open");
    finish(&drawn);
}

/* `Active` has two counterparts: the line that goes both ways is level, the other one is not. */
static void one_value_against_two_stands_at_its_equal(void **state)
{
    (void)state;
    struct drawn drawn = draw_shipped();
    unsigned sloped = 0;
    for (size_t i = 0; i < drawn.picture.count; i++) {
        const struct duet_mark *mark = &drawn.picture.marks[i];
        if (mark->role != DUET_MARK_ARM)
            continue;
        assert_true(mark->height == 0 || mark->direction == DUET_TO_LEFT);
        sloped += mark->height != 0;
    }
    assert_int_equal(sloped, 2); /* Active <- "On Hold", High <- Critical */
    finish(&drawn);
}

static void a_group_encloses_its_fields_and_no_others(void **state)
{
    (void)state;
    struct drawn drawn = draw_big();
    const struct duet_mark *frame = NULL;
    unsigned inside = 0;
    for (size_t i = 0; i < drawn.picture.count; i++) {
        const struct duet_mark *mark = &drawn.picture.marks[i];
        frame = mark->role == DUET_MARK_GROUP ? mark : frame;
        inside += frame && mark->role == DUET_MARK_FIELD && holds(frame, mark);
    }
    assert_int_equal(inside, 2 * 7);
    finish(&drawn);
}

/* Triggers stand below the side whose edits they are about. */
static void triggers_stand_at_their_side(void **state)
{
    (void)state;
    struct drawn drawn = draw_shipped();
    for (uint32_t i = 0; i < duet_mapping(&drawn.tables)->triggers_count; i++) {
        const struct duet_t_trigger *trigger = duet_trigger_row(&drawn.tables, i);
        assert_true(holds(mark_of(&drawn.picture, DUET_MARK_PANEL, trigger->side),
                          mark_of(&drawn.picture, DUET_MARK_ACTION, i)));
    }
    finish(&drawn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boxes_and_texts_touch_only_what_encloses_them),
        cmocka_unit_test(nothing_stands_outside),
        cmocka_unit_test(texts_fit_and_what_is_cut_is_in_the_tooltip),
        cmocka_unit_test(arms_cross_only_where_they_must),
        cmocka_unit_test(every_part_of_the_mapping_is_drawn),
        cmocka_unit_test(every_field_is_drawn_mapped_or_not),
        cmocka_unit_test(the_shipped_mapping_is_told_in_its_words),
        cmocka_unit_test(one_value_against_two_stands_at_its_equal),
        cmocka_unit_test(a_group_encloses_its_fields_and_no_others),
        cmocka_unit_test(triggers_stand_at_their_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
