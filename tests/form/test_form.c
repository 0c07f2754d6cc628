/* What belongs in a form and what it says of itself; which choices it takes is in schema.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/form/form.h"
#include "tests/support/graph_case.h"

struct scene {
    struct duet_compilation *compilation;
    struct duet_arena *arena;
    struct duet_form *form;
};

/* Two systems around these fields, a mapping with these rules, and the form of a side. */
static struct scene scene_of(const char *left, const char *right, const char *rules,
                             enum duet_side side)
{
    struct scene scene = { .arena = duet_arena_new() };
    scene.compilation = graph_case_compile(duet_arena_format(
        scene.arena,
        "edition 2026;\n"
        "system a { record thing { key : text at id; %s } }\n"
        "system b { record thing { key : text at id; ext : text at ext; %s } }\n"
        "mapping m between a.thing as l and b.thing as r { link l.key <-> r.ext; first contact l;\n"
        "%s on l change send all; }\n",
        left, right, rules));
    struct duet_rules tables = { .tables = duet_compilation_tables(scene.compilation, 0) };
    scene.form = duet_form_of(&tables, side, scene.arena);
    return scene;
}

static void finish(struct scene *scene)
{
    duet_compilation_free(scene->compilation);
    duet_arena_free(scene->arena);
}

/* The fields' names in order, the state's in brackets. */
static void assert_fields(const struct scene *scene, const char *expected)
{
    const char *found = "";
    assert_null(scene->form->refused);
    for (uint32_t f = 0; f < scene->form->field_count; f++) {
        const struct duet_form_field *field = &scene->form->fields[f];
        found = duet_arena_format(scene->arena, field->is_state ? "%s(%s) " : "%s%s ", found,
                                  field->name);
    }
    assert_string_equal(found, expected);
}

#define KIND "kind : enum (A, B) at k; "
#define WHY "why : enum by kind at w { A : X; B : X, Y; } "
#define PLAIN KIND "why : enum (X, Y) at w; "
#define SENT "field kind l.kind -> r.kind; field why l.why -> r.why; "

static void what_depends_stands_behind_what_it_depends_on(void **state)
{
    (void)state;
    struct scene scene = scene_of(WHY KIND, PLAIN, SENT, DUET_LEFT);
    assert_fields(&scene, "kind why ");
    finish(&scene);
}

static void a_list_follows_when_only_the_other_side_asks_for_it(void **state)
{
    (void)state;
    struct scene scene = scene_of(PLAIN, KIND WHY, SENT, DUET_LEFT);
    assert_fields(&scene, "kind why ");
    assert_int_equal(scene.form->rule_count, 1);
    finish(&scene);
}

static void what_is_only_read_from_there_asks_for_nothing(void **state)
{
    (void)state;
    struct scene scene = scene_of(PLAIN, KIND WHY, SENT, DUET_RIGHT);
    assert_int_equal(scene.form->rule_count, 1); /* its own; nothing goes to the left */
    finish(&scene);
    scene = scene_of(KIND WHY, PLAIN, SENT, DUET_RIGHT);
    assert_string_equal(scene.form->refused,
                        "no mapped field of 'r' is in a form or depends on another");
    finish(&scene);
}

static void a_form_section_and_its_group_belong_together(void **state)
{
    (void)state;
    struct scene scene =
        scene_of("form \"F\" { what : enum (P, Q) at q; } note : text at n; other : text at o;",
                 "what : enum (P, Q) at q; note : text at n; other : text at o;",
                 "group g { field what l.form.what -> r.what; field note l.note -> r.note; } "
                 "field other l.other -> r.other; ",
                 DUET_LEFT);
    assert_fields(&scene, "note form.what ");
    finish(&scene);
}

static void what_conditions_read_is_the_state(void **state)
{
    (void)state;
    struct scene scene =
        scene_of("status : enum (Open, Closed) at s; closed when status == Closed; " PLAIN,
                 "state : enum (Open, Closed) at s; closed when state == Closed; "
                 "kind : enum (A, B) at k required when closed; " WHY,
                 "field status l.status -> r.state; " SENT, DUET_LEFT);
    assert_fields(&scene, "(status) kind why ");
    assert_int_equal(scene.form->rule_count, 2);
    finish(&scene);
}

static void what_cannot_be_filled_in_here_is_as_the_rule_needs_it(void **state)
{
    (void)state;
    /* r.kind isn't sent, so that any of its values may stand there: Y goes with B. */
    struct scene scene = scene_of(KIND WHY, KIND WHY,
                                  "field why l.why -> r.why; "
                                  "field kind l.kind <- r.kind; on r change send all; ",
                                  DUET_LEFT);
    assert_fields(&scene, "kind why ");
    for (uint32_t c = 0; c < scene.form->fields[1].choice_count; c++)
        assert_true(scene.form->fields[1].offered[c]);
    finish(&scene);
}

static void what_becomes_a_default_is_offered(void **state)
{
    (void)state;
    struct scene scene = scene_of(
        KIND "why : enum by kind at w { A : X, Z; B : Y; } ", PLAIN,
        "field kind l.kind -> r.kind; field why l.why -> r.why default X { X -> X; Y -> Y; } ",
        DUET_LEFT);
    assert_fields(&scene, "kind why ");
    assert_true(scene.form->fields[1].offered[2]); /* Z becomes the default */
    finish(&scene);
}

static void comparing_texts_is_a_remark(void **state)
{
    (void)state;
    struct scene scene = scene_of(
        KIND WHY "note : text at n;",
        "note : text at n; kind : enum (A, B) at k required when note starts with \"x\"; " WHY,
        SENT "field note l.note -> r.note; ", DUET_LEFT);
    assert_fields(&scene, "kind why ");
    assert_int_equal(scene.form->remark_count, 1);
    assert_string_equal(scene.form->remarks[0],
                        "r.kind is required when r.note starts with \"x\" (big.duet:3)");
    finish(&scene);
}

static uint32_t note_max(const char *left, const char *right, const char *transforms)
{
    struct duet_arena *arena = duet_arena_new();
    struct scene scene =
        scene_of(duet_arena_format(arena, KIND WHY "note : text at n %s;", left),
                 duet_arena_format(arena, PLAIN "note : text at n %s;", right),
                 duet_arena_format(arena, "group g { " SENT "field note l.note -> r.note %s; } ",
                                   transforms),
                 DUET_LEFT);
    assert_fields(&scene, "kind why note ");
    uint32_t max = scene.form->fields[2].max;
    finish(&scene);
    duet_arena_free(arena);
    return max;
}

static void a_text_is_as_long_as_both_sides_take(void **state)
{
    (void)state;
    assert_int_equal(note_max("", "", ""), DUET_NONE);
    assert_int_equal(note_max("max 7", "", ""), 7);
    assert_int_equal(note_max("max 90", "max 50", "| truncate 40"), 90);
    assert_int_equal(note_max("", "max 50", "| prefix \"abc\" | truncate 50"), DUET_NONE);
    assert_int_equal(note_max("", "max 50", "| truncate 50 | lower"), DUET_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_depends_stands_behind_what_it_depends_on),
        cmocka_unit_test(a_list_follows_when_only_the_other_side_asks_for_it),
        cmocka_unit_test(what_is_only_read_from_there_asks_for_nothing),
        cmocka_unit_test(a_form_section_and_its_group_belong_together),
        cmocka_unit_test(what_conditions_read_is_the_state),
        cmocka_unit_test(what_cannot_be_filled_in_here_is_as_the_rule_needs_it),
        cmocka_unit_test(what_becomes_a_default_is_offered),
        cmocka_unit_test(comparing_texts_is_a_remark),
        cmocka_unit_test(a_text_is_as_long_as_both_sides_take),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
