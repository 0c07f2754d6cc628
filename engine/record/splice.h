/* Changes members of a JSON text in place: what isn't named keeps its every byte (order, white space, number spelling).
 *
 * The text must be valid JSON (it was parsed before); on anything else the functions refuse instead of guessing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "dsl/arena.h"

struct duet_text {
    const char *bytes; /* not NUL-terminated in general */
    size_t length;
};

/* Replaces the value at a path of member names, or makes it: missing objects on the way are made, `null` on the way becomes an object.
 * `value` NULL removes the member. False when something else than an object stands on the way. The result is in the arena. */
bool duet_splice(struct duet_text text, const char *const *names, size_t count, const char *value,
                 struct duet_arena *arena, struct duet_text *text_out);

/* The bytes of a member's value of the outermost object; false when there is none. */
bool duet_splice_member(struct duet_text text, const char *name, struct duet_text *value_out);
