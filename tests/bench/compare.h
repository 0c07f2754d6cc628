/* Are two outputs the same records? Line by line, each as JSON with its keys sorted, byte for byte. */
#pragma once

#include <stdio.h>

enum bench_comparison {
    BENCH_EQUAL,
    BENCH_DIFFERENT,
    BENCH_UNREADABLE, /* a file can't be opened, or a line isn't JSON */
};

/* What is wrong goes to `why`: the first line that differs, as both have it. */
enum bench_comparison bench_compare(const char *left_path, const char *right_path, unsigned count,
                                    FILE *why);
