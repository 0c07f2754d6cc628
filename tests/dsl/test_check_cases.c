/* What the checks say: each tests/cases/check/NAME.case is a text, a line `---`, and the findings to the letter. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/compile.h"
#include "dsl/diag.h"

#define CASES "tests/cases/check"
#define SPLIT "\n---\n"
#define CASES_MAX 400

static char *read_whole(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long length = ftell(file);
    assert_true(length >= 0);
    rewind(file);
    char *text = calloc((size_t)length + 1, 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)length, file), length);
    fclose(file);
    return text;
}

static char *findings_of(const char *path, const char *text, size_t length)
{
    struct duet_compilation *compilation = NULL;
    assert_int_equal(duet_compile_text(path, text, length, &compilation), DUET_OK);
    char *out = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&out, &size);
    duet_diags_render_text(duet_compilation_diags(compilation),
                           duet_compilation_sources(compilation), DUET_DIAG_PLAIN, memory);
    assert_int_equal(fclose(memory), 0);
    duet_compilation_free(compilation);
    return out;
}

/* The state is the case's file name. The text is compiled as if it stood beside the case, as case.duet. */
static void case_says_what_it_should(void **state)
{
    const char *name = *state;
    char path[512];
    snprintf(path, sizeof path, CASES "/%s", name);
    char *whole = read_whole(path);
    char *split = strstr(whole, SPLIT);
    assert_non_null(split);
    const char *expected = split + strlen(SPLIT);
    char *found = findings_of(CASES "/case.duet", whole, (size_t)(split + 1 - whole));
    if (strcmp(found, expected) != 0)
        print_error("%s says:\n%s", path, found);
    assert_string_equal(found, expected);
    free(found);
    free(whole);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct CMUnitTest *)a)->name, ((const struct CMUnitTest *)b)->name);
}

int main(void)
{
    static struct CMUnitTest tests[CASES_MAX];
    static char names[CASES_MAX][256];
    size_t count = 0;
    DIR *folder = opendir(CASES);
    if (!folder) {
        fprintf(stderr, "%s: run this in the repository's root\n", CASES);
        return 1;
    }
    for (const struct dirent *entry; count < CASES_MAX && (entry = readdir(folder));) {
        size_t length = strlen(entry->d_name);
        if (length < 6 || strcmp(entry->d_name + length - 5, ".case") != 0)
            continue;
        snprintf(names[count], sizeof names[count], "%s", entry->d_name);
        tests[count] = (struct CMUnitTest){ .name = names[count],
                                            .test_func = case_says_what_it_should,
                                            .initial_state = names[count] };
        count++;
    }
    closedir(folder);
    if (count == 0) {
        fprintf(stderr, "%s: no cases\n", CASES);
        return 1;
    }
    qsort(tests, count, sizeof tests[0], by_name);
    return _cmocka_run_group_tests("check cases", tests, count, NULL, NULL);
}
