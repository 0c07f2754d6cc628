/* The tests that stand in a file: each run for each value of its `forall`s, through the planner and tables of its mapping. */
#pragma once

#include "dsl/compile.h"
#include "dsl/diag.h"
#include "engine/prove/coverage.h"

#define DUET_TESTING_MAX_RUNS 100000U /* of one test: values of its `forall`s, multiplied */

/* One run of a test. */
struct duet_testing_run {
    const char *name; /* with the values of its variables: "severity moves (s = High)" */
    struct duet_span at;
    struct duet_diags *failures; /* none: it passed */
    struct duet_testing_run *next;
};

/* A mapping that was tested, or that stands in the file. */
struct duet_testing_mapping {
    const char *name;
    struct duet_coverage *coverage;
    struct duet_testing_mapping *next;
};

struct duet_testing {
    struct duet_testing_run *runs, *last;
    struct duet_testing_mapping *mappings;
    size_t count;
    size_t failed;
};

/* Runs the tests of the file that was compiled, not those of imported ones; with `filter`, only those whose name contains it. The
 * compilation must be without errors and outlive the result, which lives in the arena. */
struct duet_testing *duet_testing_run_all(const struct duet_compilation *compilation,
                                          const char *filter, struct duet_arena *arena);
