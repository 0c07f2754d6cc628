/* What `duet test` found, as text for people, TAP, JUnit XML, or JSON. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "dsl/compile.h"
#include "engine/cli/test_coverage.h"
#include "engine/prove/testing.h"

/* A file whose tests were run; what it names is the caller's. */
struct duet_tested_file {
    const char *path;
    struct duet_compilation *compilation;
    const struct duet_testing *testing;
    struct duet_tested_file *next;
};

struct duet_test_report {
    const struct duet_tested_file *files;
    size_t unusable; /* files that couldn't be read or have findings: without tests here */
    const struct duet_covered *covered; /* NULL: coverage isn't asked for */
    bool colored;                       /* text only */
};

size_t duet_test_report_count(const struct duet_test_report *report);
size_t duet_test_report_failed(const struct duet_test_report *report);

void duet_test_report_text(const struct duet_test_report *report, FILE *out);
/* TAP 13, which Perl's prove reads, too; coverage as comments. */
void duet_test_report_tap(const struct duet_test_report *report, FILE *out);
/* One <testsuite> a file; coverage isn't part of it. */
void duet_test_report_junit(const struct duet_test_report *report, FILE *out);
/* {"files": [{"file", "tests": [{"name", "line", "passed", "failures"}]}], "tests", "failed", "coverage"}; see duet_covered_json(). */
void duet_test_report_json(const struct duet_test_report *report, FILE *out);
