/* Writes the benchmark's input: distinct incidents of about 2.1 KB, one a line, and the analysts' table. */
#pragma once

#include <stdio.h>

/* 0, or -1 when `file` can't be written. The same count gives the same bytes. */
int bench_generate_incidents(FILE *file, unsigned count);

/* A CSV of every analyst that an incident can be owned by: one column a system and key. */
int bench_generate_analysts(FILE *file);
