/* `duet form`: which form, in which format, and what is said when there is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/cli/commands.h"
#include "tests/support/run_cli.h"

static const char mapping[] = DUET_SOURCE_DIR "/mappings/sentinel-smartsoar.duet";
static const char text_only[] = DUET_SOURCE_DIR "/tests/form/no-form.duet";

static void assert_complaint(struct cli_result result, enum duet_exit status, const char *err)
{
    assert_non_null(strstr(result.err, err));
    assert_string_equal(result.out, "");
    assert_int_equal(result.status, status);
    cli_result_finish(&result);
}

static void assert_begins(struct cli_result result, const char *begin)
{
    assert_int_equal(result.status, DUET_EXIT_FINE);
    assert_string_equal(result.err, "");
    assert_int_equal(strncmp(result.out, begin, strlen(begin)), 0);
    cli_result_finish(&result);
}

static void a_schema_or_a_page(void **state)
{
    (void)state;
    assert_begins(run_cli(NULL, "form", mapping, "--side", "soar", NULL), "{\n  \"$schema\": ");
    assert_begins(run_cli(NULL, "form", mapping, "--side", "siem", "--format", "html", NULL),
                  "<!doctype html>\n");
    assert_complaint(run_cli(NULL, "form", mapping, "--side", "siem", "-o", "/dev/full", NULL), 3,
                     "duet form: can't write '/dev/full': No space left on device\n");
}

static void the_side_must_be_named(void **state)
{
    (void)state;
    assert_complaint(run_cli(NULL, "form", mapping, NULL), 2,
                     "duet form: which side? give --side siem or --side soar\n");
    assert_complaint(run_cli(NULL, "form", mapping, "--side", "soa", NULL), 2,
                     "duet form: no side 'soa': the mapping has 'siem' and 'soar'\n");
}

static void without_a_form_it_says_so(void **state)
{
    (void)state;
    assert_complaint(run_cli(NULL, "form", text_only, "--side", "l", NULL), 1,
                     "duet form: no mapped field of 'l' is in a form or depends on another\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_schema_or_a_page),
        cmocka_unit_test(the_side_must_be_named),
        cmocka_unit_test(without_a_form_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
