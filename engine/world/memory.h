/* Small allocations with one policy: when memory runs out the process ends with a message, exit 3 (the journal makes that safe).
 * Sizes that come from outside are checked against a named limit before they get here. Free with free(). */
#pragma once

#include <stddef.h>

void *duet_new(size_t size); /* zeroed, never NULL */
void *duet_new_array(size_t count, size_t size);

/* Grows to `count` elements, what is new isn't zeroed; `memory` may be NULL. */
void *duet_grow_array(void *memory, size_t count, size_t size);

char *duet_text_new(const char *text); /* NULL gives NULL */
char *duet_text_new_cut(const char *text, size_t length);
