/* The page of a finding: why it matters, and an example that is wrong and one that is right.
 *
 * Texts that compose an example are constants of the program; a whole example is made when asked for. */
#pragma once

#include <stddef.h>

#include "dsl/diag.h"

struct duet_page {
    enum duet_diag_code code;
    const char *why;
    const char *at;    /* what both examples replace in the base; NULL: there are no examples */
    const char *wrong; /* by what; without examples: why there are none */
    const char *right; /* NULL: by nothing, the base is right */
};

/* Every page in the order of the codes; NULL past the last. */
const struct duet_page *duet_page_at(size_t index);

/* NULL: no page. */
const struct duet_page *duet_page_of(enum duet_diag_code code);

enum duet_example { DUET_EXAMPLE_WRONG, DUET_EXAMPLE_RIGHT };

/* A whole file, for the caller to free(). `*line_out` (not NULL) is the line, from 1, where the two
 * examples begin to differ, `*lines_out` how many lines belong to the piece. NULL: no example, or no memory. */
char *duet_page_example(const struct duet_page *page, enum duet_example which, size_t *line_out,
                        size_t *lines_out);
