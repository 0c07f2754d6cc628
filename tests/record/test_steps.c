/* An ordered write: which request carries a field, by what the record was and what it becomes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/compile.h"
#include "dsl/diag.h"
#include "engine/record/steps.h"

enum { FIELDS = 6, STEPS = 8 };

/* As the record has its fields. */
enum { REF = 2, STATE, TITLE, LEVEL };
enum { OPEN, SHUT, GONE };

static const char mapping[] =
    "edition 2026;\n"
    "system sa { settings { u : url; } record r { key : text at k; modified : time at m; title : "
    "text at t; }\n"
    "  http { base \"{u}\"; changed r GET \"/\" { items rows; } write r PUT \"/{key}\" { body "
    "whole; } } }\n"
    "system sb { settings { u : url; } record r {\n"
    "    key : text at k; modified : time at m; ref : text at ref;\n"
    "    state : enum (Open, Shut, Gone) at state; title : text at title; level : integer at "
    "level;\n"
    "    closed when state == Shut; merged when state == Gone; }\n"
    "  http { base \"{u}\"; changed r GET \"/\" { items rows; }\n"
    "    write r in order {\n"
    "      POST \"/0\" carries title when state was Open { body { n: key } }\n"
    "      POST \"/1\" carries title when title was \"old\" { body { n: key } }\n"
    "      POST \"/2\" carries title when title == \"told\" { body { n: key } }\n"
    "      POST \"/3\" carries level when closed changed { body { n: key } }\n"
    "      POST \"/4\" carries level when merged changed { body { n: key } }\n"
    "      POST \"/5\" carries level when level changed and merged { body { n: key } }\n"
    "      POST \"/6\" carries level when level changed and not closed { body { n: key } }\n"
    "      POST \"/7\" carries title, level, state, ref otherwise { body { n: key } }\n"
    "    } } }\n"
    "mapping m between sa.r as a and sb.r as b {\n"
    "  link a.key <-> b.ref; first contact a; field title a.title -> b.title; on a change send "
    "all; }\n";

struct world {
    struct duet_compilation *compilation;
    struct duet_value before[FIELDS], after[FIELDS];
    uint64_t steps[STEPS];
};

static int set_up(void **state)
{
    static struct world world;
    world = (struct world){ 0 };
    if (duet_compile_text("steps.duet", mapping, strlen(mapping), &world.compilation) != DUET_OK ||
        duet_diags_errors(duet_compilation_diags(world.compilation)) > 0)
        return -1;
    *state = &world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    duet_compilation_free(world->compilation);
    return 0;
}

static void put(struct duet_value *values, int64_t state, const char *title, int64_t level)
{
    values[STATE] = (struct duet_value){ .kind = DUET_VALUE_ENUM, .number = state };
    values[TITLE] = (struct duet_value){ .kind = DUET_VALUE_TEXT, .text = title };
    values[LEVEL] = (struct duet_value){ .kind = DUET_VALUE_INTEGER, .number = level };
}

static void share_out(struct world *world)
{
    const struct duet_rules rules = { .tables = duet_compilation_tables(world->compilation, 0) };
    const struct duet_t_op *ops[DUET_MAX_WRITE_STEPS];
    assert_int_equal(duet_write_ops(rules.tables, DUET_RIGHT, ops), STEPS);
    const struct duet_ordered_write write = { .rules = &rules,
                                              .side = DUET_RIGHT,
                                              .before = world->before,
                                              .after = world->after,
                                              .mask = duet_bit(TITLE) | duet_bit(LEVEL) };
    assert_int_equal(duet_write_share_out(&write, ops, STEPS, world->steps), 0);
}

/* The field goes with this step and with no other. */
static void expect_step(const struct world *world, unsigned field, size_t step)
{
    for (size_t i = 0; i < STEPS; i++)
        assert_int_equal((world->steps[i] & duet_bit(field)) != 0, i == step);
}

static void what_an_enum_was_decides(void **state)
{
    struct world *world = *state;
    put(world->before, OPEN, "x", 1);
    put(world->after, SHUT, "y", 2);
    share_out(world);
    expect_step(world, TITLE, 0);
    put(world->before, SHUT, "x", 1);
    put(world->after, OPEN, "y", 2);
    share_out(world);
    expect_step(world, TITLE, 7);
    world->before[STATE] = (struct duet_value){ 0 };
    share_out(world);
    expect_step(world, TITLE, 7);
}

static void what_a_text_was_or_becomes_decides(void **state)
{
    struct world *world = *state;
    put(world->before, SHUT, "old", 1);
    put(world->after, SHUT, "told", 1);
    share_out(world);
    expect_step(world, TITLE, 1);
    put(world->before, SHUT, "told", 1);
    put(world->after, SHUT, "old", 1);
    share_out(world);
    expect_step(world, TITLE, 7);
    put(world->before, SHUT, "x", 1);
    put(world->after, SHUT, "told", 1);
    share_out(world);
    expect_step(world, TITLE, 2);
}

static void a_predicate_that_comes_to_hold_has_changed(void **state)
{
    struct world *world = *state;
    put(world->before, OPEN, "x", 1);
    put(world->after, SHUT, "x", 1);
    share_out(world);
    expect_step(world, LEVEL, 3);
    put(world->after, GONE, "x", 1);
    share_out(world);
    expect_step(world, LEVEL, 4);
    put(world->before, GONE, "x", 1);
    put(world->after, SHUT, "x", 1);
    share_out(world);
    expect_step(world, LEVEL, 3);
    put(world->before, SHUT, "x", 1);
    share_out(world);
    expect_step(world, LEVEL, 7);
}

static void a_field_that_changes_is_asked_beside_predicates(void **state)
{
    struct world *world = *state;
    put(world->before, GONE, "x", 1);
    put(world->after, GONE, "x", 2);
    share_out(world);
    expect_step(world, LEVEL, 5);
    put(world->after, OPEN, "x", 2);
    share_out(world);
    expect_step(world, LEVEL, 6);
    put(world->after, OPEN, "x", 1);
    share_out(world);
    expect_step(world, LEVEL, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_an_enum_was_decides, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_a_text_was_or_becomes_decides, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_predicate_that_comes_to_hold_has_changed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_field_that_changes_is_asked_beside_predicates, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
