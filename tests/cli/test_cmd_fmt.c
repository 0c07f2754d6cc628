/* `duet fmt`: files in place, --check, --diff, standard input. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/cli/commands.h"
#include "engine/cli/diff.h"
#include "tests/support/run_cli.h"

#define MESSY "edition 2026;\nsystem s {\nrecord r { }   # a\n}\n"
#define NEAT "edition 2026;\nsystem s {\n  record r { }   # a\n}\n"

static char folder[] = "/tmp/duet-test-fmt-XXXXXX";
static char before[4096];

static int set_up(void **state)
{
    (void)state;
    return getcwd(before, sizeof before) && mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    static const char *const names[] = { "messy.duet", "neat.duet", "broken.duet", "link.duet" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(names[i]);
    return chdir(before) == 0 ? rmdir(folder) : -1;
}

static void files_are_rewritten_and_those_that_change_named(void **state)
{
    (void)state;
    cli_write_file("messy.duet", MESSY);
    cli_write_file("neat.duet", NEAT);
    cli_result_expect(run_cli(NULL, "fmt", "messy.duet", "neat.duet", NULL), DUET_EXIT_FINE,
                      "messy.duet\n", "");
    cli_expect_file("messy.duet", NEAT);
    cli_result_expect(run_cli(NULL, "fmt", "messy.duet", "neat.duet", NULL), DUET_EXIT_FINE, "",
                      "");
}

static void a_file_keeps_its_permissions_and_a_link_its_target(void **state)
{
    (void)state;
    struct stat about;
    cli_write_file("messy.duet", MESSY);
    assert_int_equal(chmod("messy.duet", 0640), 0);
    unlink("link.duet");
    assert_int_equal(symlink("messy.duet", "link.duet"), 0);
    cli_result_expect(run_cli(NULL, "fmt", "link.duet", NULL), DUET_EXIT_FINE, "link.duet\n", "");
    cli_expect_file("messy.duet", NEAT);
    assert_int_equal(lstat("link.duet", &about), 0);
    assert_true(S_ISLNK(about.st_mode));
    assert_int_equal(stat("messy.duet", &about), 0);
    assert_int_equal(about.st_mode & 0777U, 0640);
}

static void check_names_and_changes_nothing(void **state)
{
    (void)state;
    cli_write_file("messy.duet", MESSY);
    cli_write_file("neat.duet", NEAT);
    cli_result_expect(run_cli(NULL, "fmt", "--check", "neat.duet", "messy.duet", NULL),
                      DUET_EXIT_FINDINGS, "messy.duet\n", "");
    cli_result_expect(run_cli(NULL, "fmt", "--check", "neat.duet", NULL), DUET_EXIT_FINE, "", "");
    cli_expect_file("messy.duet", MESSY);
}

#define DIFFERENCE                                                                                 \
    "--- messy.duet\n+++ messy.duet\n@@ -1,4 +1,4 @@\n edition 2026;\n system s {\n"               \
    "-record r { }   # a\n+  record r { }   # a\n }\n"

static void diff_shows_and_changes_nothing(void **state)
{
    (void)state;
    cli_write_file("messy.duet", MESSY);
    cli_write_file("neat.duet", NEAT);
    cli_result_expect(run_cli(NULL, "fmt", "--diff", "messy.duet", "neat.duet", NULL),
                      DUET_EXIT_FINE, DIFFERENCE, "");
    cli_result_expect(run_cli(NULL, "fmt", "--diff", "--check", "messy.duet", NULL),
                      DUET_EXIT_FINDINGS, DIFFERENCE, "");
    cli_expect_file("messy.duet", MESSY);
}

static void standard_input_goes_to_standard_output(void **state)
{
    (void)state;
    cli_result_expect(run_cli(MESSY, "fmt", "-", NULL), DUET_EXIT_FINE, NEAT, "");
    cli_result_expect(run_cli(NEAT, "fmt", "-", NULL), DUET_EXIT_FINE, NEAT, "");
    cli_result_expect(run_cli(NULL, "fmt", "-", NULL), DUET_EXIT_FINE, "", "");
    cli_result_expect(run_cli(MESSY, "fmt", "--check", "-", NULL), DUET_EXIT_FINDINGS, "<stdin>\n",
                      "");
    cli_result_expect(run_cli(NEAT, "fmt", "--check", "-", NULL), DUET_EXIT_FINE, "", "");
}

static void a_broken_file_is_left_alone_and_the_others_are_not(void **state)
{
    (void)state;
    static const char broken[] = "edition 2026;\nsystem s {\n   recrod r { }\n}\n";
    cli_write_file("broken.duet", broken);
    cli_write_file("messy.duet", MESSY);
    struct cli_result result = run_cli(NULL, "fmt", "broken.duet", "messy.duet", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINDINGS);
    assert_string_equal(result.out, "messy.duet\n");
    assert_non_null(strstr(result.err, "help: did you mean 'record'?"));
    assert_non_null(strstr(result.err, "broken.duet:3:4"));
    cli_result_finish(&result);
    cli_expect_file("broken.duet", broken);
    cli_expect_file("messy.duet", NEAT);
    result = run_cli(broken, "fmt", "-", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINDINGS);
    assert_string_equal(result.out, "");
    cli_result_finish(&result);
}

static void imports_are_not_read(void **state)
{
    (void)state;
    static const char text[] = "edition 2026;\n\nimport \"nowhere.duet\";\n";
    cli_result_expect(run_cli(text, "fmt", "-", NULL), DUET_EXIT_FINE, text, "");
}

static void a_file_that_is_not_there_is_said(void **state)
{
    (void)state;
    cli_write_file("messy.duet", MESSY);
    cli_result_expect(run_cli(NULL, "fmt", "nowhere.duet", "messy.duet", NULL), DUET_EXIT_WORLD,
                      "messy.duet\n",
                      "duet fmt: can't read 'nowhere.duet': No such file or directory\n");
}

/* --- differences ------------------------------------------------------------------------------------------- */

static void assert_difference(const char *old, const char *fresh, const char *expected)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    struct duet_diff_text from = { "a", old, strlen(old) };
    struct duet_diff_text to = { "b", fresh, strlen(fresh) };
    duet_diff_write(&from, &to, out);
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
}

static void differences_are_those_of_diff(void **state)
{
    (void)state;
    assert_difference("a\n", "a\n", "");
    assert_difference("", "a\n", "--- a\n+++ b\n@@ -0,0 +1,1 @@\n+a\n");
    assert_difference("a\n", "", "--- a\n+++ b\n@@ -1,1 +0,0 @@\n-a\n");
    assert_difference("a", "a\n",
                      "--- a\n+++ b\n@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n");
    /* Six lines between two changes: one hunk; seven: two. */
    assert_difference("x\n1\n2\n3\n4\n5\n6\ny\n", "1\n2\n3\n4\n5\n6\n",
                      "--- a\n+++ b\n@@ -1,8 +1,6 @@\n-x\n 1\n 2\n 3\n 4\n 5\n 6\n-y\n");
    assert_difference("x\n1\n2\n3\n4\n5\n6\n7\ny\n", "1\n2\n3\n4\n5\n6\n7\n",
                      "--- a\n+++ b\n@@ -1,4 +1,3 @@\n-x\n 1\n 2\n 3\n"
                      "@@ -6,4 +5,3 @@\n 5\n 6\n 7\n-y\n");
    assert_difference("1\n2\n3\n4\n5\n", "1\n2\n3\n4\nx\n5\n",
                      "--- a\n+++ b\n@@ -2,4 +2,5 @@\n 2\n 3\n 4\n+x\n 5\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_rewritten_and_those_that_change_named),
        cmocka_unit_test(a_file_keeps_its_permissions_and_a_link_its_target),
        cmocka_unit_test(check_names_and_changes_nothing),
        cmocka_unit_test(diff_shows_and_changes_nothing),
        cmocka_unit_test(standard_input_goes_to_standard_output),
        cmocka_unit_test(a_broken_file_is_left_alone_and_the_others_are_not),
        cmocka_unit_test(imports_are_not_read),
        cmocka_unit_test(a_file_that_is_not_there_is_said),
        cmocka_unit_test(differences_are_those_of_diff),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
