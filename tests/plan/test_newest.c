/* `conflict newest else SIDE`: who changed a field last, where times of the records tell, and the named side where they don't. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/compile.h"
#include "dsl/diag.h"
#include "engine/prove/play.h"

#define SYSTEM(name)                                                                               \
    "system " name " { settings { u : url; }\n"                                                    \
    "  record r { key : text at k; modified : time at m; ref : text at ref; title : text at "      \
    "title; other : text at o; }\n"                                                                \
    "  http { base \"{u}\"; changed r GET \"/\" { items rows; } write r PUT \"/{key}\" { body "    \
    "whole; } } }\n"

#define MAPPING(attributes, otherwise)                                                             \
    "edition 2026;\n" SYSTEM("sa")                                                                 \
        SYSTEM("sb") "mapping m between sa.r as a and sb.r as b {\n  " attributes                  \
                     " link a.key <-> b.ref; first contact a;\n"                                   \
                     "  field title a.title <-> b.title conflict newest else " otherwise ";\n"     \
                     "  on a change send all; on b change send all; }\n"

enum { TITLE = 3, OTHER };
enum { A = DUET_LEFT, B = DUET_RIGHT };

struct two {
    struct duet_compilation *compilation;
    struct duet_rules rules;
    struct duet_arena *arena;
    struct duet_play play;
};

static void set(struct two *two, int side, uint32_t field, const char *text)
{
    const struct duet_value value = { .kind = DUET_VALUE_TEXT, .text = text };
    duet_play_edit(&two->play, (enum duet_side)side, field, &value);
}

static void begin(struct two *two, const char *mapping)
{
    *two = (struct two){ .arena = duet_arena_new() };
    assert_int_equal(duet_compile_text("newest.duet", mapping, strlen(mapping), &two->compilation),
                     DUET_OK);
    assert_int_equal(duet_diags_errors(duet_compilation_diags(two->compilation)), 0);
    two->rules.tables = duet_compilation_tables(two->compilation, 0);
    duet_play_init(&two->play, &two->rules, two->arena);
    two->play.exists[A] = two->play.exists[B] = true;
    duet_play_link(&two->play);
    set(two, A, TITLE, "first");
    set(two, B, TITLE, "first");
    assert_true(duet_play_settle(&two->play));
    duet_play_begin(&two->play);
}

static void end(struct two *two)
{
    duet_compilation_free(two->compilation);
    duet_arena_free(two->arena);
}

/* The early side's edit doesn't arrive; the late side is edited elsewhere, which is seen, and only then in the same field. Then
 * the early one is edited elsewhere. */
static void edit_one_after_the_other(struct two *two, int early, int late, int64_t apart)
{
    set(two, early, TITLE, "early");
    two->play.serving[late] = DUET_SERVING_LOSES_REQUEST;
    duet_play_round(&two->play);
    two->play.now += apart;
    set(two, late, OTHER, "x");
    two->play.serving[late] = DUET_SERVING_LOSES_REQUEST;
    duet_play_round(&two->play);
    set(two, late, TITLE, "late");
    set(two, early, OTHER, "y"); /* makes the other field no newer */
    assert_true(duet_play_settle(&two->play));
    assert_string_equal(two->play.record[A].values[TITLE].text,
                        two->play.record[B].values[TITLE].text);
}

static void expect_title(struct two *two, const char *title)
{
    assert_string_equal(two->play.record[A].values[TITLE].text, title);
    end(two);
}

static void the_later_edit_wins_on_either_side(void **state)
{
    (void)state;
    struct two two;
    begin(&two, MAPPING("", "a"));
    edit_one_after_the_other(&two, A, B, 1);
    expect_title(&two, "late");
    begin(&two, MAPPING("", "b"));
    edit_one_after_the_other(&two, B, A, 1);
    expect_title(&two, "late");
}

static void at_one_moment_the_named_side_wins(void **state)
{
    (void)state;
    struct two two;
    begin(&two, MAPPING("", "a"));
    set(&two, A, TITLE, "of a");
    set(&two, B, TITLE, "of b");
    assert_true(duet_play_settle(&two.play));
    expect_title(&two, "of a");
    begin(&two, MAPPING("", "b"));
    set(&two, B, TITLE, "of b");
    set(&two, A, TITLE, "of a");
    assert_true(duet_play_settle(&two.play));
    expect_title(&two, "of b");
}

static void within_the_skew_the_named_side_wins(void **state)
{
    (void)state;
    struct two two;
    begin(&two, MAPPING("skew 1s;", "a"));
    edit_one_after_the_other(&two, A, B, 9000000);
    expect_title(&two, "early");
    begin(&two, MAPPING("skew 1s;", "a"));
    edit_one_after_the_other(&two, A, B, 11000000);
    expect_title(&two, "late");
    begin(&two, MAPPING("skew 1s;", "b"));
    edit_one_after_the_other(&two, B, A, 9000000);
    expect_title(&two, "early");
    begin(&two, MAPPING("skew 1s;", "b"));
    edit_one_after_the_other(&two, B, A, 11000000);
    expect_title(&two, "late");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_later_edit_wins_on_either_side),
        cmocka_unit_test(at_one_moment_the_named_side_wins),
        cmocka_unit_test(within_the_skew_the_named_side_wins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
