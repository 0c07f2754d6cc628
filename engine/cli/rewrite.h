/* A file gets a new text at once. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Whoever reads the file meanwhile sees the old text or the new one; a link goes on pointing to it; its permissions stay. False: the file is
 * as it was, and errno says why. */
bool duet_rewrite(const char *path, const char *text, size_t length);
