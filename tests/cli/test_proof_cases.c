/* What the proof and the tests in a mapping file say, to the letter: tests/cases/proof/NAME.case. And every code of a finding has such a
 * case in one of the folders. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/cli/commands.h"
#include "tests/lab/text.h"
#include "tests/support/run_cli.h"

#define CASES DUET_SOURCE_DIR "/tests/cases/"
#define SPLIT "\n---\n"
#define CASES_MAX 100

/* --- cases ---------------------------------------------------------------------------------------------------- */

static bool is_case(const char *name)
{
    size_t length = strlen(name);
    return length > 5 && strcmp(name + length - 5, ".case") == 0;
}

/* What a case expects, within its text. */
static const char *expected_of(const char *whole, const char *name)
{
    const char *split = strstr(whole, SPLIT);
    if (!split)
        fail_msg("%s has no line ---", name);
    return split ? split + strlen(SPLIT) : "";
}

/* The state is the case's name. A case whose first word is `test` goes through `duet test`, each other through `duet check`. */
static void case_says_what_it_should(void **state)
{
    const char *name = *state;
    char *path = lab_format(CASES "proof/%s", name);
    char *whole = lab_read_file(path);
    const char *expected = expected_of(whole, name);
    char *text = lab_format("%.*s", (int)(expected - whole) - (int)strlen(SPLIT) + 1, whole);
    lab_write_file("case.duet", text);
    const char *command = strncmp(name, "test_", 5) == 0 ? "test" : "check";
    struct cli_result result = run_cli(NULL, command, "case.duet", NULL);
    unlink("case.duet");
    assert_string_equal(result.out, expected);
    cli_result_finish(&result);
    free(text);
    free(whole);
    free(path);
}

/* --- every code ----------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    unsigned number;
} CODES[] = {
#define DUET_DIAG(name, number, severity, meaning) { #name, (number) },
#include "dsl/diag_codes.def"
#undef DUET_DIAG
};
enum { CODE_COUNT = sizeof(CODES) / sizeof(CODES[0]) };

/* The codes without a case, each with its reason. */
static const struct {
    unsigned number;
    const char *why;
} WITHOUT_CASE[] = {
    { 14, "a file beyond 16 MiB, or thousands of files" },
    { 307, "the policy decides in the planner: only a planner that errs breaks this law" },
};

static const char *why_without(unsigned number)
{
    for (size_t i = 0; i < sizeof(WITHOUT_CASE) / sizeof(WITHOUT_CASE[0]); i++)
        if (WITHOUT_CASE[i].number == number)
            return WITHOUT_CASE[i].why;
    return NULL;
}

static void mark_codes(const char *expected, bool *seen)
{
    for (size_t i = 0; i < CODE_COUNT; i++) {
        char code[16];
        snprintf(code, sizeof code, "[D%03u]: ", CODES[i].number);
        seen[i] = seen[i] || strstr(expected, code);
    }
}

static void mark_folder(const char *folder, bool *seen)
{
    DIR *listed = opendir(folder);
    assert_non_null(listed);
    for (const struct dirent *entry; (entry = readdir(listed));) {
        if (!is_case(entry->d_name))
            continue;
        char *path = lab_format("%s/%s", folder, entry->d_name);
        char *whole = lab_read_file(path);
        mark_codes(expected_of(whole, entry->d_name), seen);
        free(whole);
        free(path);
    }
    closedir(listed);
}

static void every_code_has_a_case(void **state)
{
    (void)state;
    static bool seen[CODE_COUNT];
    mark_folder(CASES "syntax", seen);
    mark_folder(CASES "check", seen);
    mark_folder(CASES "proof", seen);
    size_t wrong = 0;
    for (size_t i = 0; i < CODE_COUNT; i++) {
        const char *why = why_without(CODES[i].number);
        if (seen[i] == !why)
            continue;
        print_error("D%03u %s %s\n", CODES[i].number, CODES[i].name,
                    why ? "has a case and a reason to have none" : "has no case");
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

/* --- all of them ---------------------------------------------------------------------------------------------- */

static char folder[512];

static int set_up(void **state)
{
    (void)state;
    const char *temporary = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/duet-test-proof-XXXXXX", temporary ? temporary : "/tmp");
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    return chdir(DUET_SOURCE_DIR) == 0 ? rmdir(folder) : -1;
}

int main(void)
{
    static struct CMUnitTest tests[CASES_MAX];
    static char names[CASES_MAX][256];
    tests[0] = (struct CMUnitTest)cmocka_unit_test(every_code_has_a_case);
    size_t count = 1;
    DIR *listed = opendir(CASES "proof");
    if (!listed) {
        perror(CASES "proof");
        return 1;
    }
    for (const struct dirent *entry; count < CASES_MAX && (entry = readdir(listed));) {
        if (!is_case(entry->d_name))
            continue;
        snprintf(names[count], sizeof names[count], "%s", entry->d_name);
        tests[count] = (struct CMUnitTest){ .name = names[count],
                                            .test_func = case_says_what_it_should,
                                            .initial_state = names[count] };
        count++;
    }
    closedir(listed);
    /* _cmocka_run_group_tests: the macro counts an array */
    return _cmocka_run_group_tests("proof cases", tests, count, set_up, tear_down);
}
