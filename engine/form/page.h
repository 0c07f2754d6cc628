/* A form as a page: one HTML file without anything from elsewhere, for a keyboard and a screen reader too, light or dark as its reader
 * prefers. Lists follow what is chosen, a choice that becomes illegal is cleared, and the result stands there as JSON that the form's schema
 * (schema.h) accepts once nothing is missing. The same form gives the same bytes. */
#pragma once

#include <stdio.h>

#include "engine/form/form.h"

/* The arena is for texts on the way. */
void duet_form_write_page(const struct duet_form *form, struct duet_arena *arena, FILE *out);
