/* Text in a picture: made safe to show, measured, cut and folded. Sizes are in columns: a character is one, those of East Asian
 * scripts and pictographs are two. What is returned is the arena's. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "dsl/arena.h"

/* The text in valid UTF-8, without control characters, what turns the direction of text, and what XML forbids: U+FFFD stands
 * for each; tabs and line ends become spaces. */
const char *duet_graph_clean(struct duet_arena *arena, const char *text);

/* Columns of a clean text. */
size_t duet_graph_columns(const char *text);

/* A clean text of at most `columns` (at least 1), an ellipsis where some is missing: at the end, or in the middle of a name, which has no
 * spaces and often differs from its neighbours in its end alone. `text` itself where it fits. */
const char *duet_graph_cut(struct duet_arena *arena, const char *text, size_t columns);

/* The next line of a clean text: of at most `columns`, broken at spaces where there are any. Moves `*text` behind it; NULL at the
 * end. */
const char *duet_graph_fold(struct duet_arena *arena, const char **text, size_t columns);
