#include "engine/cli/test_report.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>

#include "engine/cli/clean.h"

size_t duet_test_report_count(const struct duet_test_report *report)
{
    size_t count = 0;
    for (const struct duet_tested_file *file = report->files; file; file = file->next)
        count += file->testing->count;
    return count;
}

size_t duet_test_report_failed(const struct duet_test_report *report)
{
    size_t failed = 0;
    for (const struct duet_tested_file *file = report->files; file; file = file->next)
        failed += file->testing->failed;
    return failed;
}

/* --- what all formats need ------------------------------------------------------------------------------- */

static const struct duet_sources *sources_of(const struct duet_tested_file *file)
{
    return duet_compilation_sources(file->compilation);
}

static bool passed(const struct duet_testing_run *run)
{
    return duet_diags_errors(run->failures) == 0;
}

static uint32_t line_of(const struct duet_tested_file *file, const struct duet_testing_run *run)
{
    return duet_source_position(sources_of(file), run->at.file, run->at.start).line;
}

/* The failures as text; allocated. NULL when memory is gone. */
static char *failures_text(const struct duet_tested_file *file, const struct duet_testing_run *run)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return NULL;
    duet_diags_render_text(run->failures, sources_of(file), DUET_DIAG_PLAIN, out);
    fclose(out);
    return text;
}

/* How a format writes the characters that mean something in it: `text` for `character`. */
struct escape {
    char character;
    const char *text;
};

/* The character as it is, or what `escapes` (up to a row without text) has for it. */
static void write_escaped(FILE *out, const struct escape *escapes, const char *text, size_t length)
{
    for (; escapes->text; escapes++) {
        if (*text == escapes->character) {
            fputs(escapes->text, out);
            return;
        }
    }
    fwrite(text, 1, length, out);
}

/* Text from a file: what no format may hold becomes a blank, line ends too. */
static void write_line(FILE *out, const struct escape *escapes, const char *text)
{
    while (*text) {
        size_t length = duet_clean_length(text);
        if (length)
            write_escaped(out, escapes, text, length);
        else
            fputc(' ', out);
        text += length ? length : 1;
    }
}

/* Such text of several lines. */
static void write_lines(FILE *out, const struct escape *escapes, const char *before,
                        const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        char *line = strndup(text, length);
        fputs(before, out);
        write_line(out, escapes, line ? line : "");
        fputc('\n', out);
        free(line);
        text += length + (text[length] == '\n');
    }
}

static const struct escape as_it_is[] = { { 0, NULL } };

static void write_coverage(const struct duet_test_report *report, const char *before, FILE *out)
{
    if (report->covered)
        duet_covered_write(report->covered, before, out);
}

/* --- text ------------------------------------------------------------------------------------------------ */

static void write_run(const struct duet_test_report *report, const struct duet_tested_file *file,
                      const struct duet_testing_run *run, FILE *out)
{
    const char *mark = passed(run) ? "ok  " : "FAIL";
    const char *color = passed(run) ? "\033[32m" : "\033[1;31m";
    fprintf(out, "  %s%s%s  ", report->colored ? color : "", mark,
            report->colored ? "\033[0m" : "");
    write_line(out, as_it_is, run->name);
    fputc('\n', out);
    if (passed(run))
        return;
    fputc('\n', out);
    duet_diags_render_text(run->failures, sources_of(file),
                           report->colored ? DUET_DIAG_COLORED : DUET_DIAG_PLAIN, out);
    fputc('\n', out);
}

void duet_test_report_text(const struct duet_test_report *report, FILE *out)
{
    for (const struct duet_tested_file *file = report->files; file; file = file->next) {
        fprintf(out, "%s\n", file->path);
        for (const struct duet_testing_run *run = file->testing->runs; run; run = run->next)
            write_run(report, file, run, out);
    }
    write_coverage(report, "", out);
    size_t count = duet_test_report_count(report);
    size_t failed = duet_test_report_failed(report);
    fprintf(out, "%zu test%s: %zu passed, %zu failed", count, count == 1 ? "" : "s", count - failed,
            failed);
    if (report->unusable)
        fprintf(out, "; %zu file%s with findings", report->unusable,
                report->unusable == 1 ? "" : "s");
    fputc('\n', out);
}

/* --- TAP ------------------------------------------------------------------------------------------------- */

static const struct escape in_tap[] = { { '#', "\\#" }, { '\\', "\\\\" }, { 0, NULL } };
static const struct escape in_yaml[] = { { '"', "\\\"" }, { '\\', "\\\\" }, { 0, NULL } };

/* Whether a directive would begin behind this '#': not every reader knows that it may be escaped, and "# TODO" makes a failure a success. */
static bool is_directive(const char *behind)
{
    behind += strspn(behind, " \t#\\");
    return strncasecmp(behind, "skip", 4) == 0 || strncasecmp(behind, "todo", 4) == 0;
}

/* The test's name, with a blank for a '#' that would say something about its result. */
static void write_tap_name(FILE *out, const char *name)
{
    char *copy = strdup(name);
    for (char *sign = copy ? strchr(copy, '#') : NULL; sign; sign = strchr(sign + 1, '#')) {
        if (is_directive(sign + 1))
            *sign = ' ';
    }
    write_line(out, in_tap, copy ? copy : "");
    free(copy);
}

/* The block below a failed test. */
static void write_tap_failure(const struct duet_tested_file *file,
                              const struct duet_testing_run *run, FILE *out)
{
    char *text = failures_text(file, run);
    fputs("  ---\n  at: \"", out);
    write_line(out, in_yaml, file->path);
    fprintf(out, ":%u\"\n  message: |\n", line_of(file, run));
    write_lines(out, as_it_is, "    ", text ? text : "");
    fputs("  ...\n", out);
    free(text);
}

void duet_test_report_tap(const struct duet_test_report *report, FILE *out)
{
    size_t number = 0;
    fprintf(out, "TAP version 13\n1..%zu\n", duet_test_report_count(report));
    for (const struct duet_tested_file *file = report->files; file; file = file->next) {
        for (const struct duet_testing_run *run = file->testing->runs; run; run = run->next) {
            fprintf(out, "%s %zu - ", passed(run) ? "ok" : "not ok", ++number);
            write_tap_name(out, run->name);
            fputc('\n', out);
            if (!passed(run))
                write_tap_failure(file, run, out);
        }
    }
    write_coverage(report, "# ", out);
}

/* --- JUnit ----------------------------------------------------------------------------------------------- */

static const struct escape in_xml[] = {
    { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" }, { 0, NULL }
};

static void write_junit_run(const struct duet_tested_file *file, const struct duet_testing_run *run,
                            FILE *out)
{
    fputs("    <testcase classname=\"", out);
    write_line(out, in_xml, file->path);
    fputs("\" name=\"", out);
    write_line(out, in_xml, run->name);
    if (passed(run)) {
        fputs("\"/>\n", out);
        return;
    }
    char *text = failures_text(file, run);
    fputs("\">\n      <failure message=\"", out);
    write_line(out, in_xml, duet_diag_message(duet_diags_at(run->failures, 0)));
    fputs("\">", out);
    write_lines(out, in_xml, "", text ? text : "");
    fputs("</failure>\n    </testcase>\n", out);
    free(text);
}

void duet_test_report_junit(const struct duet_test_report *report, FILE *out)
{
    fprintf(out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"%zu\" "
            "failures=\"%zu\" errors=\"0\">\n",
            duet_test_report_count(report), duet_test_report_failed(report));
    for (const struct duet_tested_file *file = report->files; file; file = file->next) {
        fputs("  <testsuite name=\"", out);
        write_line(out, in_xml, file->path);
        fprintf(out, "\" tests=\"%zu\" failures=\"%zu\" errors=\"0\">\n", file->testing->count,
                file->testing->failed);
        for (const struct duet_testing_run *run = file->testing->runs; run; run = run->next)
            write_junit_run(file, run, out);
        fputs("  </testsuite>\n", out);
    }
    fputs("</testsuites>\n", out);
}

/* --- JSON ------------------------------------------------------------------------------------------------ */

/* Findings in the shape of `duet check --format json`. New reference. */
static json_t *failures_json(const struct duet_tested_file *file,
                             const struct duet_testing_run *run)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return json_array();
    duet_diags_render_json(run->failures, sources_of(file), out);
    fclose(out);
    json_t *failures = json_loadb(text, length, 0, NULL);
    free(text);
    return failures ? failures : json_array();
}

static json_t *file_json(const struct duet_tested_file *file)
{
    json_t *runs = json_array();
    for (const struct duet_testing_run *run = file->testing->runs; run; run = run->next)
        (void)json_array_append_new(runs,
                                    json_pack("{s:s, s:i, s:b, s:o}", "name", run->name, "line",
                                              (int)line_of(file, run), "passed", (int)passed(run),
                                              "failures", failures_json(file, run)));
    return json_pack("{s:s, s:o}", "file", file->path, "tests", runs);
}

void duet_test_report_json(const struct duet_test_report *report, FILE *out)
{
    json_t *files = json_array();
    for (const struct duet_tested_file *file = report->files; file; file = file->next)
        (void)json_array_append_new(files, file_json(file));
    json_t *json = json_pack("{s:o, s:I, s:I}", "files", files, "tests",
                             (json_int_t)duet_test_report_count(report), "failed",
                             (json_int_t)duet_test_report_failed(report));
    if (report->covered)
        (void)json_object_set_new(json, "coverage", duet_covered_json(report->covered));
    json_dumpf(json, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(json);
}
