/* Findings for machines that read them in their own words: SARIF 2.1.0, GitHub annotations.
 *
 * Both are made of the array that duet_diags_render_json() writes (dsl/diag.h), so that no two formats can differ in what they say.
 * Nothing is owned; memory that can't be had leaves parts out. */
#pragma once

#include <stdio.h>

#include <jansson.h>

/* One log with one run. Paths below the working directory are relative to it. */
void duet_report_sarif(const json_t *findings, FILE *out);

/* A line for each finding: "::error file=F,line=L,col=C,title=D021::message". */
void duet_report_github(const json_t *findings, FILE *out);
