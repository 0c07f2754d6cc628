/* The shipped mappings: the tests they carry pass, leave nothing of the mapping unexercised, and notice each small change to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "dsl/arena.h"
#include "engine/prove/testing.h"

#define MAPPING "mappings/sentinel-smartsoar.duet"

static void show_failures(const struct duet_compilation *compilation,
                          const struct duet_testing *testing)
{
    for (struct duet_testing_run *run = testing->runs; run; run = run->next) {
        if (duet_diags_errors(run->failures))
            fprintf(stderr, "%s\n", run->name);
        duet_diags_render_text(run->failures, duet_compilation_sources(compilation),
                               DUET_DIAG_PLAIN, stderr);
    }
}

static void every_file_passes_its_tests(void **state)
{
    (void)state;
    glob_t files;
    assert_int_equal(glob("mappings/*.duet", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        struct duet_arena *arena = duet_arena_new();
        struct duet_compilation *compilation = NULL;
        assert_int_equal(duet_compile_file(files.gl_pathv[i], &compilation), DUET_OK);
        assert_int_equal(duet_diags_count(duet_compilation_diags(compilation)), 0);
        struct duet_testing *testing = duet_testing_run_all(compilation, NULL, arena);
        show_failures(compilation, testing);
        assert_true(testing->count > 0);
        assert_int_equal(testing->failed, 0);
        duet_compilation_free(compilation);
        duet_arena_free(arena);
    }
    globfree(&files);
}

static void nothing_of_a_mapping_is_left_unexercised(void **state)
{
    (void)state;
    struct duet_arena *arena = duet_arena_new();
    struct duet_compilation *compilation = NULL;
    size_t count = 0;
    size_t missing = 0;
    assert_int_equal(duet_compile_file(MAPPING, &compilation), DUET_OK);
    struct duet_testing *testing = duet_testing_run_all(compilation, NULL, arena);
    const struct duet_coverage_point *point =
        duet_coverage_points(testing->mappings->coverage, &count);
    for (size_t i = 0; i < count; i++) {
        if (!point[i].exercised)
            fprintf(stderr, "%s:%u: %s\n", point[i].file, point[i].line, point[i].what);
        missing += !point[i].exercised;
    }
    assert_int_equal(missing, 0);
    assert_true(count > 50);
    duet_compilation_free(compilation);
    duet_arena_free(arena);
}

/* --- changes that must be noticed ------------------------------------------------------------------------ */

static char *mapping_text(void)
{
    FILE *file = fopen(MAPPING, "rb");
    assert_non_null(file);
    char *text = calloc(1, 1 << 20);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
    fclose(file);
    return text;
}

/* The one place where `from` stands becomes `to`. */
static char *changed(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    if (!at || strstr(at + 1, from))
        fail_msg("'%s' stands %s", from, at ? "more than once" : "nowhere");
    size_t size = strlen(text) + strlen(to) + 1;
    char *copy = malloc(size);
    assert_non_null(copy);
    snprintf(copy, size, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    return copy;
}

static const struct change {
    const char *from, *to;
} changes[] = {
    /* arms */
    { "Active <-  \"On Hold\"", "New    <-  \"On Hold\"" },
    { "High          <-> High;\n    High          <-  Critical;",
      "High           -> High;\n    Medium        <-  High;\n    High          <-  Critical;" },
    { "Low           <-> Low;\n    Informational <-> Informational;",
      "Low            -> Low;\n    Informational <-  Low;\n    Informational <-> Informational;" },
    /* policies */
    { "conflict highest", "conflict lowest" },
    { "conflict newest else soar", "conflict newest else siem" },
    { "unknown keep conflict soar", "unknown keep conflict siem" },
    { "unknown keep conflict soar", "unknown quarantine conflict soar" },
    { "group verdict conflict soar", "group verdict conflict siem" },
    { "group verdict conflict soar", "group verdict conflict hold" },
    { "first contact siem;", "first contact soar;" },
    { "first contact siem;", "first contact hold;" },
    /* directions and transforms */
    { "siem.title    ->  soar.title | truncate 100", "siem.title    ->  soar.title | truncate 99" },
    { "siem.comments <-> soar.notes", "siem.comments ->  soar.notes" },
    { "siem.comments <-> soar.notes", "siem.comments <-> soar.notes from all" },
    /* triggers */
    { "on soar close           send status, verdict;", "on soar close           send verdict;" },
    { "on soar close           send status, verdict;", "on soar change          send verdict;\n"
                                                       "  on soar close           send status;" },
    { "on soar reopen          send status;", "" },
    { "on soar reopen          clear verdict;", "" },
    { "on soar change          send severity, notes;",
      "on soar close           send severity;\n  on soar change          send notes;" },
    { "on soar change          send owner when soar.status != Open;",
      "on soar change          send owner;" },
    { "on soar change          send owner when soar.status != Open;",
      "on soar change          send owner when soar.status == Open;" },
    { "on soar move            send status;", "" },
    { "fetch all;", "fetch title;" },
    { "on siem change          send all;", "on siem close           send all;" },
    { "on siem change          send all;",
      "on siem change          send all when siem.status != Closed;" },
    /* creation */
    { "siem.status != Closed and siem.severity >= Low", "siem.severity >= Low" },
    { "siem.status != Closed and siem.severity >= Low", "siem.status != Closed" },
    { "siem.status != Closed and siem.severity >= Low",
      "siem.status != Closed and siem.severity >= Medium" },
};

static void each_change_is_noticed(void **state)
{
    (void)state;
    char *text = mapping_text();
    size_t unnoticed = 0;
    size_t refused = 0; /* by the compiler: no change for tests to notice */
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct duet_arena *arena = duet_arena_new();
        struct duet_compilation *compilation = NULL;
        char *copy = changed(text, changes[i].from, changes[i].to);
        assert_int_equal(duet_compile_text(MAPPING, copy, strlen(copy), &compilation), DUET_OK);
        struct duet_diags *diags = duet_compilation_diags(compilation);
        if (duet_diags_errors(diags))
            duet_diags_render_text(diags, duet_compilation_sources(compilation), DUET_DIAG_PLAIN,
                                   stderr);
        refused += duet_diags_errors(diags) > 0;
        if (!duet_testing_run_all(compilation, NULL, arena)->failed) {
            fprintf(stderr, "nobody noticed '%s' instead of '%s'\n", changes[i].to,
                    changes[i].from);
            unnoticed++;
        }
        free(copy);
        duet_compilation_free(compilation);
        duet_arena_free(arena);
    }
    free(text);
    assert_int_equal(unnoticed, 0);
    assert_int_equal(refused, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_passes_its_tests),
        cmocka_unit_test(nothing_of_a_mapping_is_left_unexercised),
        cmocka_unit_test(each_change_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
