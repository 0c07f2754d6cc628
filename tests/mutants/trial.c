#include "tests/mutants/trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/compile.h"
#include "dsl/diag.h"
#include "dsl/source.h"
#include "engine/prove/file_proof.h"
#include "engine/prove/testing.h"

#define SYNTAX_CODES_END 20 /* D001 to D019: diag_codes.def */

static const char *const MAPPING = "sentinel-smartsoar.duet";
static const char *const STORIES = "sentinel-smartsoar-stories.duet";

struct bench {
    const char *folder;
    struct duet_arena *arena;
    const char *path; /* of the file with the mistake; NULL: there is none */
    const char *text;
    size_t length, tests_from;
};

/* Compiles a file over the text with the mistake, cut to `length`. */
static struct duet_compilation *compiled(const struct bench *bench, const char *name, size_t length)
{
    struct duet_sources *sources = duet_sources_new();
    uint32_t number = 0;
    if (bench->path)
        (void)duet_sources_add_text(sources, bench->path, bench->text, length, &number);
    struct duet_compilation *compilation = NULL;
    (void)duet_compile_over(sources, duet_arena_format(bench->arena, "%s/%s", bench->folder, name),
                            &compilation);
    return compilation;
}

static struct trial found(enum trial_outcome outcome, const char *name)
{
    struct trial trial = { .outcome = outcome };
    snprintf(trial.name, sizeof trial.name, "%s", name);
    return trial;
}

/* The first error, else the first warning; notes aren't findings. */
static const struct duet_diag *first_finding(struct duet_diags *diags)
{
    const struct duet_diag *first = NULL;
    for (size_t i = 0; i < duet_diags_count(diags); i++) {
        const struct duet_diag *diag = duet_diags_at(diags, i);
        enum duet_severity severity = duet_diag_severity(diag);
        if (severity == DUET_SEVERITY_ERROR)
            return diag;
        if (severity == DUET_SEVERITY_WARNING && !first)
            first = diag;
    }
    return first;
}

static struct trial by_code(enum trial_outcome outcome, const struct duet_diag *diag)
{
    unsigned code = (unsigned)duet_diag_code_of(diag);
    char name[TRIAL_NAME];
    snprintf(name, sizeof name, "D%03u", code);
    return found(code < SYNTAX_CODES_END ? TRIAL_NO_LANGUAGE : outcome, name);
}

/* The mapping without its tests, so that these don't speak for the checks. */
static struct trial try_compiler(const struct bench *bench)
{
    struct duet_compilation *compilation = compiled(bench, MAPPING, bench->tests_from);
    struct duet_diags *diags = duet_compilation_diags(compilation);
    struct trial trial = { .outcome = TRIAL_SURVIVES };
    const struct duet_diag *finding = first_finding(diags);
    if (finding) {
        trial = by_code(TRIAL_BY_CHECK, finding);
    } else {
        free(duet_file_proof(compilation, diags));
        finding = first_finding(diags);
        if (finding)
            trial = by_code(TRIAL_BY_PROOF, finding);
    }
    duet_compilation_free(compilation);
    return trial;
}

static struct trial try_tests(const struct bench *bench, const char *file)
{
    struct duet_compilation *compilation = compiled(bench, file, bench->length);
    struct duet_diags *diags = duet_compilation_diags(compilation);
    struct trial trial = { .outcome = TRIAL_SURVIVES };
    if (duet_diags_errors(diags) > 0) {
        trial = found(TRIAL_BY_TEST, "a test that doesn't compile");
    } else {
        const struct duet_testing *testing = duet_testing_run_all(compilation, NULL, bench->arena);
        for (const struct duet_testing_run *run = testing->runs;
             run && trial.outcome == TRIAL_SURVIVES; run = run->next) {
            if (duet_diags_count(run->failures) > 0)
                trial = found(TRIAL_BY_TEST, run->name);
        }
    }
    duet_compilation_free(compilation);
    return trial;
}

struct trial trial_of(const char *folder, const struct mutation *mutation)
{
    struct bench bench = { .folder = folder, .arena = duet_arena_new() };
    if (mutation) {
        bench.path = duet_arena_format(bench.arena, "%s/%s", folder, mutation->file->name);
        bench.text = mutation_text(mutation, bench.arena, &bench.length, &bench.tests_from);
    }
    struct trial trial = try_compiler(&bench);
    if (trial.outcome == TRIAL_SURVIVES)
        trial = try_tests(&bench, MAPPING);
    if (trial.outcome == TRIAL_SURVIVES)
        trial = try_tests(&bench, STORIES);
    duet_arena_free(bench.arena);
    return trial;
}
