/* Text for a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/cli/tell.h"

static void assert_folded(unsigned indent, size_t width, const char *text, const char *expected)
{
    char *written = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&written, &size);
    assert_non_null(out);
    duet_tell_folded(out, indent, width, text);
    fclose(out);
    assert_string_equal(written, expected);
    free(written);
}

static void a_line_that_fits_stays_one(void **state)
{
    (void)state;
    assert_folded(2, 9, "abc def", "  abc def\n");
    assert_folded(0, 9, "", "\n");
}

static void a_longer_one_is_folded_between_words(void **state)
{
    (void)state;
    assert_folded(2, 9, "abc defg", "  abc\n      defg\n");
    assert_folded(0, 12, "aa bb cc dd ee ff", "aa bb cc dd\n    ee ff\n");
    assert_folded(0, 100, "a  b", "a  b\n");
}

static void a_word_too_long_stands_on_its_own(void **state)
{
    (void)state;
    assert_folded(0, 6, "a bcdefghij k", "a\n    bcdefghij\n    k\n");
}

static void characters_are_counted_not_bytes(void **state)
{
    (void)state;
    assert_folded(0, 5, "\xc3\xa4\xc3\xb6 \xc3\xbc\xc3\x9f", "\xc3\xa4\xc3\xb6 \xc3\xbc\xc3\x9f\n");
}

static void without_a_width_nothing_is_folded(void **state)
{
    (void)state;
    assert_folded(0, 0, "aa bb cc dd ee ff", "aa bb cc dd ee ff\n");
}

static void control_characters_are_shown_not_obeyed(void **state)
{
    (void)state;
    assert_folded(0, 0, "a\nb\tc\r\x1b[2J\x7f", "a\\nb\\tc\\u000d\\u001b[2J\\u007f\n");
    assert_folded(0, 0,
                  "\xc2\x9b"
                  "31m \xc2\xa0 \xc3\x9b",
                  "\\u009b31m \xc2\xa0 \xc3\x9b\n");
    assert_folded(0, 0, "cut\xc2", "cut\xc2\n");
}

static void what_is_no_terminal_gets_long_lines(void **state)
{
    (void)state;
    char *written = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&written, &size);
    assert_non_null(out);
    duet_tell(out, 0, "%0200d %d", 1, 2);
    fclose(out);
    assert_int_equal(size, 203);
    free(written);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_that_fits_stays_one),
        cmocka_unit_test(a_longer_one_is_folded_between_words),
        cmocka_unit_test(a_word_too_long_stands_on_its_own),
        cmocka_unit_test(characters_are_counted_not_bytes),
        cmocka_unit_test(without_a_width_nothing_is_folded),
        cmocka_unit_test(control_characters_are_shown_not_obeyed),
        cmocka_unit_test(what_is_no_terminal_gets_long_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
