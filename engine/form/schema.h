/* A form as JSON Schema, draft 2020-12: an object with a member a field, named as in the mapping; what has no value is left out. An enum's
 * values are spelled as in the mapping, not as the system spells them. It accepts what the form takes and nothing else, with one looseness:
 * `maxLength` counts characters, both systems count UTF-16 units. */
#pragma once

#include <jansson.h>

#include "engine/form/form.h"

/* New reference. The arena is for texts on the way. */
json_t *duet_form_schema(const struct duet_form *form, struct duet_arena *arena);

/* A JSON string; what isn't UTF-8 is replaced. */
json_t *duet_form_string(const char *text, struct duet_arena *arena);
