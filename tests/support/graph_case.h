/* Mappings for tests of pictures: the shipped one, and one with much of everything and names that mean harm. */
#pragma once

#include "dsl/compile.h"

#define GRAPH_CASE_ODD_VALUE "<b>&amp; \"x\" ]]>"
#define GRAPH_CASE_TITLE "A <script>alert(1)</script> & \"quotes\""

/* Two systems of 40 fields, an enum of 30 values; 39 pairs, 7 of them in a group. Free it. */
char *graph_case_big(void);

/* Compiles a text and fails the test on any error; the caller frees it. */
struct duet_compilation *graph_case_compile(const char *text);
