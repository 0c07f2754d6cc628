/* `duet explain`: every code has a page, and every example is what it says. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "dsl/diag.h"
#include "dsl/explain.h"
#include "engine/cli/commands.h"
#include "tests/support/run_cli.h"

static char folder[] = "/tmp/duet-test-explain-XXXXXX";
static char before[4096];

static int set_up(void **state)
{
    (void)state;
    return getcwd(before, sizeof before) && mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    unlink("example.duet");
    return chdir(before) == 0 ? rmdir(folder) : -1;
}

static void every_code_has_a_page_in_order(void **state)
{
    (void)state;
    static const enum duet_diag_code codes[] = {
#define DUET_DIAG(name, number, severity, meaning) DUET_DIAG_##name,
#include "dsl/diag_codes.def"
#undef DUET_DIAG
    };
    size_t count = sizeof codes / sizeof *codes;
    for (size_t i = 0; i < count; i++) {
        const struct duet_page *page = duet_page_at(i);
        bool is_its_page = page && page->code == codes[i];
        if (!is_its_page)
            fail_msg("page %zu isn't of D%03u", i + 1, (unsigned)codes[i]);
        assert_ptr_equal(duet_page_of(codes[i]), page);
        assert_true(is_its_page && strlen(page->why) > 20);
    }
    assert_null(duet_page_at(count));
}

/* Those that only a test run finds are asked of `duet test`. */
static struct cli_result result_of(const struct duet_page *page, enum duet_example which)
{
    size_t line = 0;
    size_t lines = 0;
    char *text = duet_page_example(page, which, &line, &lines);
    assert_non_null(text);
    assert_true(line >= 1);
    FILE *file = fopen("example.duet", "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    free(text);
    return run_cli(NULL, page->code == DUET_DIAG_TEST_FAILED ? "test" : "check", "example.duet",
                   NULL);
}

static void wrong_examples_give_their_code(void **state)
{
    (void)state;
    const struct duet_page *page = NULL;
    for (size_t i = 0; (page = duet_page_at(i)); i++) {
        if (!page->at)
            continue;
        struct cli_result result = result_of(page, DUET_EXAMPLE_WRONG);
        char code[16];
        snprintf(code, sizeof code, "[D%03u]: ", (unsigned)page->code);
        if (!strstr(result.out, code))
            fail_msg("the wrong example of %s gives: %s", code, result.out);
        cli_result_finish(&result);
    }
}

static void right_examples_give_no_finding(void **state)
{
    (void)state;
    const struct duet_page *page = NULL;
    for (size_t i = 0; (page = duet_page_at(i)); i++) {
        if (!page->at)
            continue;
        struct cli_result result = result_of(page, DUET_EXAMPLE_RIGHT);
        if (result.status != DUET_EXIT_FINE || strstr(result.out, "[D"))
            fail_msg("the right example of D%03u gives: %s", (unsigned)page->code, result.out);
        cli_result_finish(&result);
    }
}

/* What no file that a page could show has, and nothing else. */
static void a_page_without_example_says_why(void **state)
{
    (void)state;
    const struct duet_page *page = NULL;
    for (size_t i = 0; (page = duet_page_at(i)); i++) {
        if (page->at)
            continue;
        assert_true(page->code == DUET_DIAG_BAD_ENCODING || page->code == DUET_DIAG_FILE_LIMIT ||
                    page->code == DUET_DIAG_PROOF_TOO_LARGE || page->code == DUET_DIAG_LAW_LEGAL ||
                    page->code == DUET_DIAG_LAW_CORRECT || page->code == DUET_DIAG_LAW_NO_LOST ||
                    page->code == DUET_DIAG_LAW_QUIET || page->code == DUET_DIAG_LAW_ONE_OUTCOME);
        assert_true(strlen(page->wrong) > 20);
    }
    struct cli_result result = run_cli(NULL, "explain", "D014", NULL);
    assert_non_null(strstr(result.out, "\n\nno example:\n\na file over 16 MiB"));
    cli_result_finish(&result);
    result = run_cli(NULL, "explain", "D014", "--format", "json", NULL);
    json_t *object = json_loads(result.out, 0, NULL);
    assert_non_null(json_object_get(object, "no_example"));
    assert_null(json_object_get(object, "wrong"));
    json_decref(object);
    cli_result_finish(&result);
}

static void a_page_shows_what_is_wrong_and_what_is_right(void **state)
{
    (void)state;
    struct cli_result result = run_cli(NULL, "explain", "d71", NULL);
    assert_int_equal(result.status, 0);
    assert_string_equal(result.out, "D071: nothing says who wins at first contact\n\n"
                                    "Two records that meet for the first time have no common past; "
                                    "somebody must win\nwhere they differ.\n"
                                    "\nwrong:\n\n"
                                    "      link desk.key <-> floor.desk_id;\n"
                                    "      create floor from desk when desk.level == High;\n"
                                    "\nright:\n\n"
                                    "      link desk.key <-> floor.desk_id;\n"
                                    "      first contact desk;\n"
                                    "      create floor from desk when desk.level == High;\n");
    cli_result_finish(&result);
}

static void json_has_whole_examples(void **state)
{
    (void)state;
    struct cli_result result = run_cli(NULL, "explain", "D071", "--format", "json", NULL);
    json_t *page = json_loads(result.out, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(page, "code")), "D071");
    assert_string_equal(json_string_value(json_object_get(page, "name")), "FIRST_CONTACT_MISSING");
    const char *right = json_string_value(json_object_get(page, "right"));
    assert_int_equal(strncmp(right, "edition 2026;\n", 14), 0);
    assert_non_null(strstr(right, "first contact desk;"));
    assert_null(strstr(json_string_value(json_object_get(page, "wrong")), "first contact"));
    json_decref(page);
    cli_result_finish(&result);
}

static void without_a_code_all_are_listed(void **state)
{
    (void)state;
    struct cli_result result = run_cli(NULL, "explain", NULL);
    assert_int_equal(result.status, 0);
    assert_int_equal(strncmp(result.out, "D001  something else was expected here\n", 39), 0);
    assert_non_null(strstr(result.out, "\nD024  two rules write the same field\n"));
    cli_result_finish(&result);
}

static void an_unknown_code_is_wrong_use(void **state)
{
    (void)state;
    struct cli_result result = run_cli(NULL, "explain", "D0244", NULL);
    assert_int_equal(result.status, 2);
    assert_non_null(strstr(result.err, "no finding has the code 'D0244'; did you mean 'D024'?"));
    assert_string_equal(result.out, "");
    cli_result_finish(&result);
    result = run_cli(NULL, "explain", "something", NULL);
    assert_int_equal(result.status, 2);
    assert_non_null(strstr(result.err, "'duet explain' lists them"));
    cli_result_finish(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_a_page_in_order),
        cmocka_unit_test(wrong_examples_give_their_code),
        cmocka_unit_test(right_examples_give_no_finding),
        cmocka_unit_test(a_page_without_example_says_why),
        cmocka_unit_test(a_page_shows_what_is_wrong_and_what_is_right),
        cmocka_unit_test(json_has_whole_examples),
        cmocka_unit_test(without_a_code_all_are_listed),
        cmocka_unit_test(an_unknown_code_is_wrong_use),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
