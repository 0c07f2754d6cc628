/* Derived names: stable, told apart, and only ours. */
#include "engine/fleet/ids.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct duet_key KEY = { { 1, 2, 3 } };
static const struct duet_claim ACME = { "acme", "pair", "siem", "inc:1" };

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

static void a_claim_is_found_again_in_a_text_around_it(void **state)
{
    const char *text = duet_claim_text(&KEY, &ACME, *state);
    const char *around = duet_arena_format(*state, "<p>x duet:acme/pair/inc:1:no %s y</p>", text);
    struct duet_claim read = { "acme", "pair", "siem", NULL };
    assert_true(duet_claim_read(&KEY, around, &read, *state));
    assert_string_equal(read.key, "inc:1");
}

static void a_claim_of_another_tenant_side_or_key_is_none(void **state)
{
    const char *text = duet_claim_text(&KEY, &ACME, *state);
    struct duet_claim tenant = { "other", "pair", "siem", NULL };
    struct duet_claim side = { "acme", "pair", "soar", NULL };
    struct duet_claim same = { "acme", "pair", "siem", NULL };
    const struct duet_key other = { { 9 } };
    assert_false(duet_claim_read(&KEY, text, &tenant, *state));
    assert_false(duet_claim_read(&KEY, text, &side, *state));
    assert_false(duet_claim_read(&other, text, &same, *state));
    assert_null(same.key);
}

static void an_altered_key_breaks_the_claim(void **state)
{
    char *text = duet_arena_format(*state, "%s", duet_claim_text(&KEY, &ACME, *state));
    *strstr(text, "inc") = 'I';
    struct duet_claim read = { "acme", "pair", "siem", NULL };
    assert_false(duet_claim_read(&KEY, text, &read, *state));
}

static void a_uuid_is_version_5_and_stable(void **state)
{
    const char *const parts[] = { "acme", "soar", "note", "0" };
    const char *id = duet_derived_uuid(parts, 4, *state);
    assert_int_equal(strlen(id), 36);
    assert_int_equal(id[14], '5');
    assert_non_null(strchr("89ab", id[19]));
    assert_string_equal(id, duet_derived_uuid(parts, 4, *state));
}

static void parts_that_run_together_alike_are_told_apart(void **state)
{
    const char *const one[] = { "ab", "c" };
    const char *const two[] = { "a", "bc" };
    assert_string_not_equal(duet_derived_uuid(one, 2, *state), duet_derived_uuid(two, 2, *state));
    assert_string_not_equal(duet_derived_mark(&KEY, one, 2, *state),
                            duet_derived_mark(&KEY, two, 2, *state));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_claim_is_found_again_in_a_text_around_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_claim_of_another_tenant_side_or_key_is_none, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_altered_key_breaks_the_claim, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_uuid_is_version_5_and_stable, set_up, tear_down),
        cmocka_unit_test_setup_teardown(parts_that_run_together_alike_are_told_apart, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
