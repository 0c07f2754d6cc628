/* One field of a mapping: a value outside the schema, or a missing one, for which the mapping has a rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/plan/relation.h"
#include "tests/support/sample_tables.h"

/* The sample's verdict: on the left what isn't known is its value 1; on the right there is no such value. */
enum { STATUS, VERDICT };

struct sample_world {
    unsigned char *bytes;
    struct duet_tables tables;
};

static int set_up(void **state)
{
    static struct sample_world world;
    size_t size = 0;
    world.bytes = sample_tables_bytes(&size);
    *state = &world;
    return duet_tables_open(world.bytes, size, &world.tables, NULL) == DUET_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    struct sample_world *world = *state;
    free(world->bytes);
    return 0;
}

static const struct duet_value strange = { .kind = DUET_VALUE_UNKNOWN, .text = "Strange" };

static void what_is_unknown_is_the_value_that_the_rule_names(void **state)
{
    const struct sample_world *world = *state;
    const struct duet_t_pair *verdict = duet_pair_row(&world->tables, VERDICT);
    struct duet_value read = duet_pair_reading(verdict, DUET_LEFT, &strange);
    assert_int_equal(read.kind, DUET_VALUE_ENUM);
    assert_int_equal(read.number, 1);
    assert_string_equal(read.text, "Strange");
}

static void without_such_a_value_it_stays_unknown(void **state)
{
    const struct sample_world *world = *state;
    assert_int_equal(
        duet_pair_reading(duet_pair_row(&world->tables, VERDICT), DUET_RIGHT, &strange).kind,
        DUET_VALUE_UNKNOWN);
    assert_int_equal(
        duet_pair_reading(duet_pair_row(&world->tables, STATUS), DUET_LEFT, &strange).kind,
        DUET_VALUE_UNKNOWN);
}

static void what_is_known_stays_what_it_is(void **state)
{
    const struct sample_world *world = *state;
    const struct duet_t_pair *verdict = duet_pair_row(&world->tables, VERDICT);
    const struct duet_value first = { .kind = DUET_VALUE_ENUM, .number = 0 };
    assert_int_equal(duet_pair_reading(verdict, DUET_LEFT, &first).number, 0);
    const struct duet_value missing = { 0 };
    assert_int_equal(duet_pair_reading(verdict, DUET_LEFT, &missing).kind, DUET_VALUE_MISSING);
}

/* The sample's verdict has "True", its first value, for what is missing on the left; nothing for what is missing on the right. */
static void missing_agrees_with_what_stands_for_it_on_the_other_side(void **state)
{
    struct sample_world *world = *state;
    const struct duet_rules rules = { .tables = &world->tables };
    const struct duet_t_pair *verdict = duet_pair_row(&world->tables, VERDICT);
    const struct duet_value missing = { 0 };
    const struct duet_value first = { .kind = DUET_VALUE_ENUM, .number = 0, .text = "True" };
    const struct duet_value second = { .kind = DUET_VALUE_ENUM, .number = 1, .text = "False" };
    struct duet_arena *arena = duet_arena_new();
    assert_true(duet_pair_agree(&rules, verdict, &missing, &first, arena));
    assert_false(duet_pair_agree(&rules, verdict, &missing, &second, arena));
    assert_false(duet_pair_agree(&rules, verdict, &first, &missing, arena));
    assert_true(duet_pair_agree(&rules, verdict, &missing, &missing, arena));
    duet_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_unknown_is_the_value_that_the_rule_names, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(without_such_a_value_it_stays_unknown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_known_stays_what_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(missing_agrees_with_what_stands_for_it_on_the_other_side,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
