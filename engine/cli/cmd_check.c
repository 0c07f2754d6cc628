/* `duet check FILE...`: reports what is wrong with mappings and changes nothing. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "dsl/diag.h"
#include "engine/cli/check_report.h"
#include "engine/cli/commands.h"
#include "engine/cli/load.h"
#include "engine/prove/file_proof.h"

static const struct duet_option options[] = {
    { "format", 0, "text|json|sarif|github",
      "how findings are shown; json is one array, github its annotations" },
    { "strict", 0, NULL, "warnings end with exit status 1, too" },
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

static enum duet_exit run(const struct duet_arguments *arguments)
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
    if (totals.unreadable)
        return DUET_EXIT_WORLD;
    bool strict = duet_option_given(arguments, "strict");
    return totals.errors > 0 || (strict && totals.warnings > 0) ? DUET_EXIT_FINDINGS
                                                                : DUET_EXIT_FINE;
}

const struct duet_command duet_cmd_check = {
    .name = "check",
    .usage = "FILE...",
    .summary = "every finding in mapping files",
    .help =
        "Compiles the files and what they import, and reports what is wrong with them, each "
        "finding with its\n"
        "place, a code for life and, where there is one, a proposal. Changes nothing.\n\n"
        "A mapping without errors is proved: every state that two records and what they last\n"
        "agreed on can be in is gone through with the planner and the rules that run, and the\n"
        "laws that hold in all of them are named. One that doesn't hold is a finding, with the\n"
        "shortest story that breaks it.",
    .options = options,
    .least = 1,
    .most = SIZE_MAX,
    .run = run,
};
