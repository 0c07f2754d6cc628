/* The difference of two texts, line by line, as `diff -u` shows it. */
#pragma once

#include <stddef.h>
#include <stdio.h>

struct duet_diff_text {
    const char *name; /* shown in the heading */
    const char *text;
    size_t length;
};

/* Nothing when the texts are equal. The shortest difference; of texts that differ in more than some thousand lines one that needn't be
 * the shortest. */
void duet_diff_write(const struct duet_diff_text *before, const struct duet_diff_text *after,
                     FILE *out);
