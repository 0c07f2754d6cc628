/* What an answer holds, as a leaf of conditions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/record/expr.h"

static int set_up(void **state)
{
    *state = duet_arena_new();
    return 0;
}

static int tear_down(void **state)
{
    duet_arena_free(*state);
    return 0;
}

static struct duet_value value_of(const char *text, struct duet_arena *arena)
{
    json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(json);
    struct duet_value value = duet_value_of_json(json, arena);
    json_decref(json);
    return value;
}

static void scalars_keep_their_type(void **state)
{
    struct duet_value value = value_of("\"a text\"", *state);
    assert_int_equal(value.kind, DUET_VALUE_TEXT);
    assert_string_equal(value.text, "a text");
    value = value_of("-12", *state);
    assert_int_equal(value.kind, DUET_VALUE_INTEGER);
    assert_int_equal(value.number, -12);
    value = value_of("0.25", *state);
    assert_int_equal(value.kind, DUET_VALUE_NUMBER);
    assert_string_equal(value.text, "0.25");
    value = value_of("true", *state);
    assert_int_equal(value.kind, DUET_VALUE_BOOLEAN);
    assert_int_equal(value.number, 1);
    value = value_of("false", *state);
    assert_int_equal(value.kind, DUET_VALUE_BOOLEAN);
    assert_int_equal(value.number, 0);
}

static void a_list_is_the_texts_in_it(void **state)
{
    struct duet_value value = value_of("[\"a\", 1, \"b\", [\"c\"], null]", *state);
    assert_int_equal(value.kind, DUET_VALUE_LIST);
    assert_int_equal(value.count, 2);
    assert_string_equal(value.items[0], "a");
    assert_string_equal(value.items[1], "b");
}

static void what_else_there_is_is_missing(void **state)
{
    assert_int_equal(value_of("null", *state).kind, DUET_VALUE_MISSING);
    assert_int_equal(value_of("{\"a\": \"b\"}", *state).kind, DUET_VALUE_MISSING);
    assert_int_equal(duet_value_of_json(NULL, *state).kind, DUET_VALUE_MISSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(scalars_keep_their_type, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_is_the_texts_in_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_else_there_is_is_missing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
