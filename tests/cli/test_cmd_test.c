/* `duet test`: exit statuses, and the results as text, TAP, JUnit and JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <jansson.h>

#include "tests/support/run_cli.h"

#define MAPPING "mappings/sentinel-smartsoar.duet"
#define STORIES "mappings/sentinel-smartsoar-stories.duet"

/* A file with these tests of the shipped mapping. */
struct file {
    char path[32];
};

static struct file file_with(const char *tests)
{
    struct file made = { "/tmp/duet-test-XXXXXX" };
    char folder[4096];
    int descriptor = mkstemp(made.path);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    assert_non_null(file);
    assert_non_null(getcwd(folder, sizeof folder));
    fprintf(file, "edition 2026;\nimport \"%s/" MAPPING "\";\n%s\n", folder, tests);
    fclose(file);
    return made;
}

#define ONE_OF_TWO                                                                                 \
    "test \"it <rises> & #falls\" { given siem { severity = Low; } given soar { }\n"               \
    "  when siem { severity = High; } expect soar { severity = Medium; } }\n"                      \
    "test \"nothing\" { given siem { severity = Low; } given soar { } expect nothing; }\n"

static void shipped_mappings_pass(void **state)
{
    (void)state;
    struct cli_result result =
        run_cli(NULL, "test", MAPPING, STORIES, "--coverage", "--fail-on-empty", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINE);
    assert_non_null(strstr(result.out, STORIES "\n  ok    G1: "));
    assert_non_null(strstr(result.out, " 0 failed\n"));
    assert_string_equal(result.err, "");
    cli_result_finish(&result);
}

static void a_failure_is_shown_with_line_and_rule(void **state)
{
    (void)state;
    struct file file = file_with(ONE_OF_TWO);
    struct cli_result result = run_cli(NULL, "test", file.path, NULL);
    assert_int_equal(result.status, DUET_EXIT_FINDINGS);
    assert_non_null(strstr(result.out, "  FAIL  it <rises> & #falls\n"));
    assert_non_null(strstr(result.out, "soar.severity is High, not Medium\n"));
    assert_non_null(strstr(result.out, ":4:48\n"));
    assert_non_null(strstr(result.out, "severity went from siem to soar, by "));
    assert_non_null(strstr(result.out, "2 tests: 1 passed, 1 failed\n"));
    cli_result_finish(&result);
    remove(file.path);
}

static void the_filter_picks_and_an_empty_run_can_fail(void **state)
{
    (void)state;
    struct file file = file_with(ONE_OF_TWO);
    struct cli_result result = run_cli(NULL, "test", file.path, "--filter", "noth", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINE);
    assert_non_null(strstr(result.out, "1 test: 1 passed, 0 failed\n"));
    cli_result_finish(&result);
    result = run_cli(NULL, "test", file.path, "--filter", "zebra", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINE);
    cli_result_finish(&result);
    result = run_cli(NULL, "test", file.path, "--filter", "zebra", "--fail-on-empty", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINDINGS);
    assert_non_null(strstr(result.err, "there are no tests to run"));
    cli_result_finish(&result);
    remove(file.path);
}

static void tap_counts_and_escapes(void **state)
{
    (void)state;
    struct file file = file_with(ONE_OF_TWO);
    struct cli_result result = run_cli(NULL, "test", file.path, "--format", "tap", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINDINGS);
    const char *start = "TAP version 13\n1..2\nnot ok 1 - it <rises> & \\#falls\n  ---\n";
    assert_int_equal(strncmp(result.out, start, strlen(start)), 0);
    assert_non_null(strstr(result.out, "\n    error[D101]: soar.severity is High, not Medium\n"));
    assert_non_null(strstr(result.out, "\n  ...\nok 2 - nothing\n"));
    cli_result_finish(&result);
    remove(file.path);
}

static void junit_is_xml(void **state)
{
    (void)state;
    struct file file = file_with(ONE_OF_TWO);
    struct cli_result result = run_cli(NULL, "test", file.path, "--format", "junit", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINDINGS);
    assert_non_null(strstr(result.out, "<testsuites tests=\"2\" failures=\"1\" errors=\"0\">"));
    assert_non_null(strstr(result.out, "name=\"it &lt;rises&gt; &amp; #falls\">"));
    assert_non_null(strstr(result.out, "<failure message=\"soar.severity is High, not Medium\">"));
    assert_non_null(strstr(result.out, "--&gt; "));
    assert_non_null(strstr(result.out, "name=\"nothing\"/>"));
    cli_result_finish(&result);
    remove(file.path);
}

static void json_has_tests_failures_and_coverage(void **state)
{
    (void)state;
    struct file file = file_with(ONE_OF_TWO);
    struct cli_result result =
        run_cli(NULL, "test", file.path, "--format", "json", "--coverage", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINDINGS);
    json_t *json = json_loads(result.out, 0, NULL);
    assert_int_equal(json_integer_value(json_object_get(json, "tests")), 2);
    assert_int_equal(json_integer_value(json_object_get(json, "failed")), 1);
    json_t *of_file = json_array_get(json_object_get(json, "files"), 0);
    json_t *test = json_array_get(json_object_get(of_file, "tests"), 0);
    json_t *failure = json_array_get(json_object_get(test, "failures"), 0);
    assert_true(json_is_false(json_object_get(test, "passed")));
    assert_int_equal(json_integer_value(json_object_get(test, "line")), 3);
    assert_int_equal(json_integer_value(json_object_get(failure, "line")), 4);
    assert_string_equal(json_string_value(json_object_get(failure, "message")),
                        "soar.severity is High, not Medium");
    json_t *mapping = json_array_get(json_object_get(json, "coverage"), 0);
    assert_string_equal(json_string_value(json_object_get(mapping, "mapping")),
                        "sentinel_smartsoar");
    size_t exercised = 0;
    size_t i = 0;
    const json_t *point = NULL;
    json_array_foreach(json_object_get(mapping, "points"), i, point)
    {
        exercised += json_is_true(json_object_get(point, "exercised"));
    }
    /* The field to the SOAR, the arm High, and the trigger. */
    assert_int_equal(exercised, 3);
    assert_int_equal(json_integer_value(json_object_get(mapping, "exercised")), 3);
    assert_int_equal(json_integer_value(json_object_get(mapping, "of")), i);
    json_decref(json);
    cli_result_finish(&result);
    remove(file.path);
}

static void coverage_below_the_threshold_ends_so_and_says_what_is_missing(void **state)
{
    (void)state;
    struct file file =
        file_with("test \"rises\" { given siem { severity = Low; } given soar { }\n"
                  "  when siem { severity = High; } expect soar { severity = High; } }\n");
    struct cli_result result = run_cli(NULL, "test", file.path, "--threshold", "4", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINE); /* 3 of 62 is 4.8 % */
    assert_string_equal(result.err, "");
    cli_result_finish(&result);
    result = run_cli(NULL, "test", file.path, "--threshold", "5", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINDINGS);
    assert_string_equal(result.err,
                        "duet test: coverage of sentinel_smartsoar is 3 of 62, 4.8 %: missing "
                        "rules 13 of 14, arms 31 of 32, triggers 7 of 8, creations 1 of 1, notes 2 "
                        "of 2, conflicts 4 of 4, first contact 1 of 1 (wanted: 5 %)\n");
    assert_null(strstr(result.out, "coverage")); /* details are for --coverage */
    cli_result_finish(&result);
    result = run_cli(NULL, "test", file.path, "--threshold", "101", NULL);
    assert_int_equal(result.status, DUET_EXIT_USAGE);
    cli_result_finish(&result);
    remove(file.path);
}

static void files_that_test_one_mapping_cover_it_together(void **state)
{
    (void)state;
    struct cli_result result =
        run_cli(NULL, "test", STORIES, MAPPING, "--coverage", "--threshold", "100", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINE);
    const char *coverage = strstr(result.out, "coverage of sentinel_smartsoar: rules 14 of 14, ");
    assert_non_null(coverage);
    assert_null(strstr(coverage + 1, "coverage of"));
    assert_null(strstr(result.out, "not exercised"));
    cli_result_finish(&result);
    result = run_cli(NULL, "test", STORIES, "--threshold", "100", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINDINGS);
    cli_result_finish(&result);
}

static void what_happens_unjudged_is_not_covered(void **state)
{
    (void)state;
    struct file file =
        file_with("test \"unjudged\" { given siem { severity = Low; } given soar { }\n"
                  "  when siem { severity = High; } expect writes soar 1; expect no hold;\n"
                  "  when siem { severity = Medium; } expect soar { severity = Medium; } }\n");
    struct cli_result result = run_cli(NULL, "test", file.path, "--coverage", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINE);
    assert_non_null(strstr(result.out, "arms 1 of 32")); /* Medium */
    assert_non_null(strstr(
        result.out, "happens, and no test expects anything of it: severity: High -> High\n"));
    assert_non_null(strstr(result.out, "not exercised: severity: Low -> Low\n"));
    cli_result_finish(&result);
    remove(file.path);
}

static void a_file_with_findings_or_none_at_all_ends_so(void **state)
{
    (void)state;
    struct file file = file_with("test \"t\" { given siem { severty = Low; } }");
    struct cli_result result = run_cli(NULL, "test", file.path, STORIES, NULL);
    assert_int_equal(result.status, DUET_EXIT_FINDINGS);
    assert_non_null(strstr(result.err, "did you mean 'severity'?"));
    assert_non_null(strstr(result.out, " 0 failed; 1 file with findings\n")); /* the other ran */
    cli_result_finish(&result);
    remove(file.path);
    result = run_cli(NULL, "test", file.path, NULL);
    assert_int_equal(result.status, DUET_EXIT_WORLD);
    cli_result_finish(&result);
    result = run_cli(NULL, "test", NULL);
    assert_int_equal(result.status, DUET_EXIT_USAGE);
    cli_result_finish(&result);
    result = run_cli(NULL, "test", MAPPING, "--format", "yaml", NULL);
    assert_int_equal(result.status, DUET_EXIT_USAGE);
    cli_result_finish(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_mappings_pass),
        cmocka_unit_test(a_failure_is_shown_with_line_and_rule),
        cmocka_unit_test(the_filter_picks_and_an_empty_run_can_fail),
        cmocka_unit_test(tap_counts_and_escapes),
        cmocka_unit_test(junit_is_xml),
        cmocka_unit_test(json_has_tests_failures_and_coverage),
        cmocka_unit_test(coverage_below_the_threshold_ends_so_and_says_what_is_missing),
        cmocka_unit_test(files_that_test_one_mapping_cover_it_together),
        cmocka_unit_test(what_happens_unjudged_is_not_covered),
        cmocka_unit_test(a_file_with_findings_or_none_at_all_ends_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
