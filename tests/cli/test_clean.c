/* What may stand in other programs' formats. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/cli/clean.h"

static void characters_have_their_lengths(void **state)
{
    (void)state;
    assert_int_equal(duet_clean_length("a"), 1);
    assert_int_equal(duet_clean_length("~x"), 1);
    assert_int_equal(duet_clean_length("\u00a0"), 2);
    assert_int_equal(duet_clean_length("\u00e9"), 2);
    assert_int_equal(duet_clean_length("\xdf\xbf"), 2);
    assert_int_equal(duet_clean_length("\xe0\xa0\x80"), 3); /* U+0800 */
    assert_int_equal(duet_clean_length("\uff5e"), 3);
    assert_int_equal(duet_clean_length("\xef\xbf\xbd"), 3); /* U+FFFD */
    assert_int_equal(duet_clean_length("\U0001f600"), 4);
    assert_int_equal(duet_clean_length("\xf4\x8f\xbf\xbd"), 4); /* U+10FFFD */
}

static void what_steers_or_ends_something_is_none(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",         "\n",       "\t",       "\r",     "\x01",   "\x1b[31m",     "\x7f",
        "\xc2\x80", "\xc2\x85", "\xc2\x9f", "\u2028", "\u2029", "\xef\xbf\xbe", "\xef\xbf\xbf"
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(duet_clean_length(texts[i]), 0);
}

static void broken_utf8_is_none(void **state)
{
    (void)state;
    static const char *const texts[] = { "\x80",
                                         "\xbf",
                                         "\xc0\x80",
                                         "\xc1\xbf",
                                         "\xc3",
                                         "\xc3(",
                                         "\xe2\x82",
                                         "\xe0\x9f\xbf" /* overlong */,
                                         "\xed\xa0\x80" /* surrogate */,
                                         "\xed\xbf\xbf",
                                         "\xf0\x8f\xbf\xbf" /* overlong */,
                                         "\xf4\x90\x80\x80" /* past U+10FFFF */,
                                         "\xf5\x80\x80\x80",
                                         "\xff",
                                         "\xf0\x9f\x98" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(duet_clean_length(texts[i]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_have_their_lengths),
        cmocka_unit_test(what_steers_or_ends_something_is_none),
        cmocka_unit_test(broken_utf8_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
