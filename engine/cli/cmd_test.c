/* `duet test FILE...`: runs the tests that stand in mapping files. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"
#include "engine/cli/commands.h"
#include "engine/cli/load.h"
#include "engine/cli/test_report.h"

static const struct duet_option options[] = {
    { "coverage", 0, NULL, "what of each mapping was exercised, and what not" },
    { "threshold", 0, "PERCENT", "less coverage of a mapping than this ends with exit status 1" },
    { "format", 0, "text|tap|junit|json", "how the results are shown" },
    { "filter", 0, "NAME", "only tests whose name contains NAME" },
    { "fail-on-empty", 0, NULL, "no test at all ends with exit status 1" },
    DUET_OPTION_COLOR,
    { NULL, 0, NULL, NULL },
};

struct run_of_files {
    const struct duet_arguments *arguments;
    struct duet_arena *arena;
    struct duet_tested_file *files, *last;
    struct duet_covered covered;
    long threshold;
    size_t unusable;
    bool unreadable;
};

/* What a file's tests gave; its compilation stays, since the results point into it. */
static void test_file(struct run_of_files *run, const char *path)
{
    enum duet_exit status = DUET_EXIT_FINE;
    struct duet_compilation *compilation = duet_load(run->arguments, path, &status);
    if (!compilation) {
        run->unusable++;
        run->unreadable = run->unreadable || status == DUET_EXIT_WORLD;
        return;
    }
    struct duet_tested_file *file = duet_arena_alloc(run->arena, sizeof *file);
    file->path = path;
    file->compilation = compilation;
    file->testing = duet_testing_run_all(
        compilation, duet_option_text(run->arguments, "filter", NULL), run->arena);
    duet_covered_add(&run->covered, file->testing, run->arena);
    if (run->last)
        run->last->next = file;
    else
        run->files = file;
    run->last = file;
}

static void show(const struct run_of_files *run, const struct duet_test_report *report)
{
    FILE *out = duet_arguments_io(run->arguments)->out;
    const char *format = duet_option_text(run->arguments, "format", "text");
    if (strcmp(format, "tap") == 0)
        duet_test_report_tap(report, out);
    else if (strcmp(format, "junit") == 0)
        duet_test_report_junit(report, out);
    else if (strcmp(format, "json") == 0)
        duet_test_report_json(report, out);
    else
        duet_test_report_text(report, out);
}

/* Names each mapping whose tests leave out too much. A mapping without tests counts, too. */
static bool reaches_threshold(const struct run_of_files *run)
{
    bool reached = true;
    for (const struct duet_covered_mapping *mapping = run->covered.mappings; mapping;
         mapping = mapping->next) {
        char *text = NULL;
        size_t length = 0;
        FILE *out =
            duet_covered_reaches(mapping, run->threshold) ? NULL : open_memstream(&text, &length);
        if (!out)
            continue;
        duet_covered_tell(mapping, out);
        fclose(out);
        (void)duet_complain(run->arguments, DUET_EXIT_FINDINGS, "%s (wanted: %ld %%)", text,
                            run->threshold);
        free(text);
        reached = false;
    }
    return reached;
}

static enum duet_exit status_of(const struct run_of_files *run,
                                const struct duet_test_report *report)
{
    if (run->unreadable)
        return DUET_EXIT_WORLD;
    if (run->unusable || duet_test_report_failed(report))
        return DUET_EXIT_FINDINGS;
    if (duet_option_given(run->arguments, "fail-on-empty") && !duet_test_report_count(report))
        return duet_complain(run->arguments, DUET_EXIT_FINDINGS, "there are no tests to run");
    return reaches_threshold(run) ? DUET_EXIT_FINE : DUET_EXIT_FINDINGS;
}

static enum duet_exit run(const struct duet_arguments *arguments)
{
    struct run_of_files files = { .arguments = arguments, .arena = duet_arena_new() };
    if (!duet_option_number(arguments, "threshold", 0, 100, &files.threshold)) {
        duet_arena_free(files.arena);
        return DUET_EXIT_USAGE;
    }
    for (size_t i = 0; i < duet_operand_count(arguments); i++)
        test_file(&files, duet_operand(arguments, i));
    const struct duet_test_report report = {
        .files = files.files,
        .unusable = files.unusable,
        .covered = duet_option_given(arguments, "coverage") ? &files.covered : NULL,
        .colored = duet_is_colored(arguments, duet_arguments_io(arguments)->out),
    };
    show(&files, &report);
    enum duet_exit status = status_of(&files, &report);
    for (struct duet_tested_file *file = files.files; file; file = file->next)
        duet_compilation_free(file->compilation);
    duet_arena_free(files.arena);
    return status;
}

const struct duet_command duet_cmd_test = {
    .name = "test",
    .usage = "FILE...",
    .summary = "runs the tests in mapping files",
    .help =
        "Runs the `test` blocks of each file through the planner and rule tables of a running "
        "engine, with two\n"
        "records in memory. A failed test shows its line, what was expected, what it was, and "
        "the rule that\n"
        "decided. The tests of imported files are not run.\n\n"
        "A rule, arm, trigger or policy is covered when a test makes it act and then says what "
        "the record that was\n"
        "written holds. A mapping that several of the files test counts once, with all they do.",
    .options = options,
    .least = 1,
    .most = SIZE_MAX,
    .run = run,
};
