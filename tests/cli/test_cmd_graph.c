/* `duet graph`: where the picture goes, and what is said when there is none. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/cli/commands.h"
#include "tests/support/run_cli.h"

#define MAPPING DUET_SOURCE_DIR "/mappings/sentinel-smartsoar.duet"

static const char mapping[] = MAPPING;

static char before[4096];
static char folder[] = "/tmp/duet-test-graph-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    return getcwd(before, sizeof before) && mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    unlink("out");
    unlink("out.tables");
    unlink("some.duet");
    return chdir(before) == 0 ? rmdir(folder) : -1;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void assert_complaint(struct cli_result result, enum duet_exit status, const char *err)
{
    assert_non_null(strstr(result.err, err));
    assert_string_equal(result.out, "");
    assert_int_equal(result.status, status);
    cli_result_finish(&result);
}

static void a_mapping_and_its_tables_give_the_same_picture(void **state)
{
    (void)state;
    struct cli_result compiled = run_cli(NULL, "compile", mapping, "-o", "out.tables", NULL);
    assert_int_equal(compiled.status, 0);
    cli_result_finish(&compiled);
    struct cli_result from_text = run_cli(NULL, "graph", mapping, NULL);
    struct cli_result from_tables =
        run_cli(NULL, "graph", "--format", "svg", "--mapping", "sentinel_smartsoar", mapping, NULL);
    assert_int_equal(from_text.status, 0);
    assert_string_equal(from_text.err, "");
    assert_int_equal(strncmp(from_text.out, "<svg ", 5), 0);
    assert_string_equal(from_text.out, from_tables.out);
    cli_result_finish(&from_tables);
    from_tables = run_cli(NULL, "graph", "out.tables", NULL);
    assert_string_equal(from_text.out, from_tables.out);
    cli_result_finish(&from_text);
    cli_result_finish(&from_tables);
}

static void format_dot_is_for_graphviz(void **state)
{
    (void)state;
    struct cli_result result = run_cli(NULL, "graph", "--format=dot", mapping, NULL);
    assert_int_equal(result.status, 0);
    assert_int_equal(strncmp(result.out, "digraph ", 8), 0);
    cli_result_finish(&result);
}

static void the_picture_goes_to_a_file_where_one_is_named(void **state)
{
    (void)state;
    struct cli_result shown = run_cli(NULL, "graph", mapping, NULL);
    struct cli_result result = run_cli(NULL, "graph", mapping, "-o", "out", NULL);
    assert_int_equal(result.status, 0);
    assert_string_equal(result.out, "");
    cli_result_finish(&result);
    char *text = calloc(1, 1 << 20);
    FILE *file = fopen("out", "r");
    assert_true(text && file && fread(text, 1, (1 << 20) - 1, file) > 0);
    fclose(file);
    assert_string_equal(text, shown.out);
    free(text);
    cli_result_finish(&shown);
    assert_complaint(run_cli(NULL, "graph", mapping, "-o", "/nonexistent/out", NULL), 3,
                     "duet graph: can't write '/nonexistent/out': No such file or directory\n");
    assert_complaint(run_cli(NULL, "graph", mapping, "-o", "/dev/full", NULL), 3,
                     "duet graph: can't write '/dev/full': No space left on device\n");
}

static void wrong_use_says_what_was_expected(void **state)
{
    (void)state;
    assert_complaint(run_cli(NULL, "graph", NULL), 2, "duet graph: expected FILE\n");
    assert_complaint(run_cli(NULL, "graph", "--format", "png", mapping, NULL), 2,
                     "'--format' can't be 'png', expected svg|dot\n");
    assert_complaint(run_cli(NULL, "graph", "--mapping", "sentinel_smartsaor", mapping, NULL), 2,
                     "did you mean 'sentinel_smartsoar'?\n");
    write_file("some.duet", "edition 2026;\nimport \"" MAPPING "\";\n");
    assert_complaint(run_cli(NULL, "graph", "some.duet", NULL), 2,
                     "'some.duet' has no mapping of its own: say which with --mapping NAME\n");
}

static void what_cannot_be_drawn_draws_nothing(void **state)
{
    (void)state;
    unlink("out");
    write_file("some.duet", "edition 2026;\nmapping m between no.thing as a and no.other as b {\n"
                            "  link a.key <-> b.key;\n  first contact a;\n}\n");
    assert_complaint(run_cli(NULL, "graph", "some.duet", "-o", "out", NULL), 1, "error[D");
    assert_int_equal(access("out", F_OK), -1);
    assert_complaint(run_cli(NULL, "graph", "/nonexistent/in", NULL), 3,
                     "duet graph: can't read '/nonexistent/in': No such file or directory\n");
    write_file("out.tables", "DUETdamaged");
    assert_complaint(run_cli(NULL, "graph", "out.tables", NULL), 3, "duet graph: 'out.tables': ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mapping_and_its_tables_give_the_same_picture),
        cmocka_unit_test(format_dot_is_for_graphviz),
        cmocka_unit_test(the_picture_goes_to_a_file_where_one_is_named),
        cmocka_unit_test(wrong_use_says_what_was_expected),
        cmocka_unit_test(what_cannot_be_drawn_draws_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
