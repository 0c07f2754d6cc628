/* One line of help for each keyword. */
#pragma once

#include <stddef.h>

/* NULL: no keyword. */
const char *duet_keyword_help(const char *word);

/* The keywords in written order; NULL past the last. */
const char *duet_keyword_at(size_t index);
