/* What must hold of every layout. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* The text laid out, for the caller to free(); NULL: it doesn't parse. */
char *layout_of(const char *text, size_t length);

/* The laid-out text has the same tokens and the same comments in their order, is laid out to itself, and no line of it ends with a blank.
 * Fails with `about` and the text. Text that doesn't parse: fails. */
void assert_layout_holds(const char *about, const char *text, size_t length);
