/* `duet check FILE...`: reports what is wrong with mappings and changes nothing. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "dsl/diag.h"
#include "engine/cli/check_report.h"
#include "engine/cli/commands.h"
#include "engine/cli/diff.h"
#include "engine/cli/fixer.h"
#include "engine/cli/load.h"
#include "engine/cli/rewrite.h"
#include "engine/prove/file_proof.h"

static const struct duet_option options[] = {
    { "format", 0, "text|json|sarif|github",
      "how findings are shown; json is one array, github its annotations" },
    { "strict", 0, NULL, "warnings end with exit status 1, too" },
    { "fix", 0, NULL, "mends what can only be meant in one way, then checks; names each change" },
    { "dry-run", 0, NULL, "with --fix: changes nothing, shows what would change" },
    { "no-proof", 0, NULL, "names, types and rules only; nothing is proved" },
    DUET_OPTION_COLOR,
    { NULL, 0, NULL, NULL },
};

struct totals {
    size_t errors;
    size_t warnings;
    bool unreadable;
};

/* Appends what isn't there yet: a file that two others import is checked twice. */
static void append_new(json_t *all, const json_t *findings)
{
    size_t i = 0;
    const json_t *finding = NULL;
    json_array_foreach(findings, i, finding)
    {
        size_t j = 0;
        while (j < json_array_size(all) && !json_equal(json_array_get(all, j), finding))
            j++;
        if (j == json_array_size(all))
            json_array_append_new(all, json_deep_copy(finding));
    }
}

static void collect_json(struct duet_diags *diags, const struct duet_sources *sources, json_t *all)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return;
    duet_diags_render_json(diags, sources, out);
    fclose(out);
    json_t *findings = json_loadb(text, length, 0, NULL);
    append_new(all, findings);
    json_decref(findings);
    free(text);
}

/* Into `all` when it isn't NULL, else as text. */
static void check_file(const struct duet_arguments *arguments, const char *path, json_t *all,
                       struct totals *totals)
{
    FILE *out = duet_arguments_io(arguments)->out;
    struct duet_compilation *compilation = NULL;
    totals->unreadable |= duet_compile_file(path, &compilation) != DUET_OK;
    struct duet_diags *diags = duet_compilation_diags(compilation);
    const struct duet_sources *sources = duet_compilation_sources(compilation);
    char *proved =
        duet_option_given(arguments, "no-proof") ? NULL : duet_file_proof(compilation, diags);
    if (all)
        collect_json(diags, sources, all);
    else
        duet_diags_render_text(
            diags, sources, duet_is_colored(arguments, out) ? DUET_DIAG_COLORED : DUET_DIAG_PLAIN,
            out);
    size_t errors = duet_diags_errors(diags);
    size_t warnings = duet_diags_warnings(diags);
    if (!all && errors + warnings > 0)
        fputc('\n', out);
    if (!all && proved)
        fputs(proved, out);
    free(proved);
    totals->errors += errors;
    totals->warnings += warnings;
    duet_compilation_free(compilation);
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void write_summary(const struct totals *totals, size_t files, FILE *out)
{
    if (totals->errors + totals->warnings == 0)
        fprintf(out, "%zu file%s checked: no findings\n", files, plural(files));
    else
        fprintf(out, "%zu file%s checked: %zu error%s, %zu warning%s\n", files, plural(files),
                totals->errors, plural(totals->errors), totals->warnings, plural(totals->warnings));
}

static void write_all(const json_t *all, const char *format, FILE *out)
{
    if (strcmp(format, "sarif") == 0) {
        duet_report_sarif(all, out);
    } else if (strcmp(format, "github") == 0) {
        duet_report_github(all, out);
    } else {
        json_dumpf(all, out, JSON_INDENT(2));
        fputc('\n', out);
    }
}

/* --- --fix ------------------------------------------------------------------------------------------------ */

static enum duet_exit write_fixed(const struct duet_arguments *arguments,
                                  const struct duet_fixed_file *file)
{
    if (!duet_fixed_file_changed(file) || duet_rewrite(file->path, file->after, file->after_length))
        return DUET_EXIT_FINE;
    return duet_complain(arguments, DUET_EXIT_WORLD, "can't write '%s': %s", file->path,
                         strerror(errno));
}

static void write_diff(const struct duet_fixed_file *file, FILE *out)
{
    struct duet_diff_text before = { file->path, file->before, file->before_length };
    struct duet_diff_text after = { file->path, file->after, file->after_length };
    duet_diff_write(&before, &after, out);
}

/* What was changed is named on `out` as long as only people read it there. */
static enum duet_exit fix_files(const struct duet_arguments *arguments,
                                const struct duet_fixer *fixer, bool is_text)
{
    const struct duet_io *io = duet_arguments_io(arguments);
    enum duet_exit status = DUET_EXIT_FINE;
    for (size_t i = 0; i < duet_fixer_files(fixer); i++) {
        struct duet_fixed_file file = duet_fixer_file(fixer, i);
        enum duet_exit written = write_fixed(arguments, &file);
        status = written > status ? written : status;
    }
    FILE *out = is_text ? io->out : io->err;
    for (size_t i = 0; status == DUET_EXIT_FINE && i < duet_fixer_done(fixer); i++)
        fprintf(out, "fixed %s\n", duet_fixer_done_text(fixer, i));
    if (status == DUET_EXIT_FINE && duet_fixer_done(fixer) > 0)
        fputc('\n', out);
    return status;
}

static void show_fixes(const struct duet_arguments *arguments, const struct duet_fixer *fixer,
                       struct totals *totals)
{
    for (size_t i = 0; i < duet_fixer_files(fixer); i++) {
        struct duet_fixed_file file = duet_fixer_file(fixer, i);
        totals->errors += file.errors;
        totals->warnings += file.warnings;
        if (duet_fixed_file_changed(&file))
            write_diff(&file, duet_arguments_io(arguments)->out);
    }
}

static struct duet_fixer *fixer_of(const struct duet_arguments *arguments, struct totals *totals)
{
    struct duet_fixer *fixer = duet_fixer_new();
    for (size_t i = 0; i < duet_operand_count(arguments); i++)
        totals->unreadable |= !duet_fixer_add(fixer, duet_operand(arguments, i));
    duet_fixer_run(fixer);
    return fixer;
}

/* --- the command -------------------------------------------------------------------------------------------- */

static enum duet_exit status_of(const struct duet_arguments *arguments, const struct totals *totals)
{
    bool strict = duet_option_given(arguments, "strict");
    if (totals->unreadable)
        return DUET_EXIT_WORLD;
    return totals->errors > 0 || (strict && totals->warnings > 0) ? DUET_EXIT_FINDINGS
                                                                  : DUET_EXIT_FINE;
}

static enum duet_exit check_files(const struct duet_arguments *arguments)
{
    const char *format = duet_option_text(arguments, "format", "text");
    FILE *out = duet_arguments_io(arguments)->out;
    json_t *all = strcmp(format, "text") == 0 ? NULL : json_array();
    struct totals totals = { 0 };
    for (size_t i = 0; i < duet_operand_count(arguments); i++)
        check_file(arguments, duet_operand(arguments, i), all, &totals);
    if (all)
        write_all(all, format, out);
    else
        write_summary(&totals, duet_operand_count(arguments), out);
    json_decref(all);
    return status_of(arguments, &totals);
}

static enum duet_exit run(const struct duet_arguments *arguments)
{
    struct totals totals = { 0 };
    bool is_text = strcmp(duet_option_text(arguments, "format", "text"), "text") == 0;
    bool is_dry = duet_option_given(arguments, "dry-run");
    bool is_fix = duet_option_given(arguments, "fix");
    if (is_dry && (!is_fix || !is_text))
        return duet_complain(arguments, DUET_EXIT_USAGE,
                             is_fix ? "--dry-run shows a difference: it has no --format"
                                    : "--dry-run goes with --fix");
    struct duet_fixer *fixer = is_fix ? fixer_of(arguments, &totals) : NULL;
    if (is_dry)
        show_fixes(arguments, fixer, &totals);
    enum duet_exit status =
        is_fix && !is_dry ? fix_files(arguments, fixer, is_text) : DUET_EXIT_FINE;
    duet_fixer_free(fixer);
    if (is_dry)
        return status_of(arguments, &totals);
    return status == DUET_EXIT_FINE ? check_files(arguments) : status;
}

const struct duet_command duet_cmd_check = {
    .name = "check",
    .usage = "FILE...",
    .summary = "every finding in mapping files",
    .help =
        "Compiles the files and what they import, and reports what is wrong with them, each "
        "finding with its\n"
        "place, a code for life and, where there is one, a proposal. Changes nothing without "
        "--fix.\n\n"
        "A mapping without errors is proved: every state that two records and what they last\n"
        "agreed on can be in is gone through with the planner and the rules that run, and the\n"
        "laws that hold in all of them are named. One that doesn't hold is a finding, with the\n"
        "shortest story that breaks it.\n\n"
        "--fix mends the named files, not what they import, where what was meant is certain: a\n"
        "misspelt name with one near it, a missing ';', '=' for '==', a name that lacks quotes,\n"
        "what stands twice. A file never gets more findings than it had.",
    .options = options,
    .least = 1,
    .most = SIZE_MAX,
    .run = run,
};
