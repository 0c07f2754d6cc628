/* What the parser says: each tests/cases/syntax/NAME.case is a text, a line `---`, and the findings to the letter. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/arena.h"
#include "dsl/diag.h"
#include "dsl/intern.h"
#include "dsl/parse.h"

#define CASES DUET_SOURCE_DIR "/tests/cases/syntax"
#define SPLIT "\n---\n"
#define CASES_MAX 200

/* Findings as people see them; the caller frees. */
static char *findings_of(const char *text, size_t length)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_sources *sources = duet_sources_new();
    struct duet_diags *diags = duet_diags_new(arena);
    struct duet_parse_context context = { arena, duet_intern_new(arena), sources, diags };
    struct duet_ast_program *program = NULL;
    char *out = NULL;
    size_t size = 0;

    assert_int_equal(duet_parse_text(&context, "case.duet", text, length, &program), DUET_OK);
    FILE *memory = open_memstream(&out, &size);
    assert_non_null(memory);
    duet_diags_render_text(diags, sources, DUET_DIAG_PLAIN, memory);
    assert_int_equal(fclose(memory), 0);
    duet_arena_free(arena);
    duet_sources_free(sources);
    return out;
}

/* The state is the case's path. */
static void case_says_what_it_should(void **state)
{
    const char *path = *state;
    struct duet_sources *sources = duet_sources_new();
    uint32_t file = 0;

    assert_int_equal(duet_sources_read(sources, path, &file), DUET_OK);
    const char *whole = duet_source_text(sources, file);
    const char *split = strstr(whole, SPLIT);
    assert_non_null(split);
    char *found = findings_of(whole, (size_t)(split + 1 - whole));
    if (strcmp(found, split + strlen(SPLIT)) != 0)
        print_error("%s says:\n%s", path, found);
    assert_string_equal(found, split + strlen(SPLIT));
    free(found);
    duet_sources_free(sources);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct CMUnitTest *)a)->name, ((const struct CMUnitTest *)b)->name);
}

int main(void)
{
    static struct CMUnitTest tests[CASES_MAX];
    static char paths[CASES_MAX][512];
    size_t count = 0;

    DIR *folder = opendir(CASES);
    if (folder == NULL) {
        perror(CASES);
        return 1;
    }
    for (struct dirent *entry; (entry = readdir(folder)) != NULL && count < CASES_MAX;) {
        const char *dot = strrchr(entry->d_name, '.');
        if (dot == NULL || strcmp(dot, ".case") != 0)
            continue;
        snprintf(paths[count], sizeof paths[count], CASES "/%s", entry->d_name);
        tests[count].name = strrchr(paths[count], '/') + 1;
        tests[count].test_func = case_says_what_it_should;
        tests[count].initial_state = paths[count];
        count++;
    }
    closedir(folder);
    qsort(tests, count, sizeof tests[0], by_name);
    return count == 0 ? 1 : _cmocka_run_group_tests("syntax cases", tests, count, NULL, NULL);
}
