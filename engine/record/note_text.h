/* Notes as plain text and as HTML, and duet's mark in them. Pure; whatever the bytes are, it ends in a time that grows with their
 * number, without recursion, and gives valid text. Nothing of somebody else's HTML is ever passed on: what goes over is plain text,
 * escaped where the target is HTML. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dsl/arena.h"

enum duet_note_form { DUET_NOTE_PLAIN, DUET_NOTE_HTML };

#define DUET_NOTE_MIN_ROOM 16U   /* UTF-16 units: a part with less room than this is no part */
#define DUET_NOTE_MAX_PARTS 999U /* of one note */

/* What a reader sees: tags and comments gone, scripts and styles with what they hold, entities decoded, blocks and <br> as line
 * ends, other white space as one blank each. HTML without any tag keeps its line ends. Neither begins nor ends with white space. */
const char *duet_note_from_html(const char *html, struct duet_arena *arena);

/* & < > " ' escaped, line ends as <br>. */
const char *duet_note_to_html(const char *text, struct duet_arena *arena);

/* What a person wrote, in whatever form, as plain text. */
const char *duet_note_plain(const char *note, enum duet_note_form form, struct duet_arena *arena);

/* Do two plain texts say the same to a reader? White space counts as one blank, at the ends as none. */
bool duet_note_same(const char *a, const char *b);

struct duet_note_parts {
    const char **texts; /* in the target's form */
    size_t count;
};

/* Plain text in the target's form, in parts of at most `limit` UTF-16 units (0: no limit), broken behind white space where that leaves
 * a part at least half full, never inside of a character or an entity. Parts of nothing but white space are left out: none for a
 * blank note. False: the limit is below DUET_NOTE_MIN_ROOM, or there would be more than DUET_NOTE_MAX_PARTS. */
bool duet_note_split(const char *text, enum duet_note_form form, uint32_t limit,
                     struct duet_arena *arena, struct duet_note_parts *parts_out);

/* The part with the mark behind it: <!-- duet:MARK --> or a last line [duet:MARK]. */
const char *duet_note_mark(const char *part, enum duet_note_form form, const char *mark,
                           struct duet_arena *arena);
/* The UTF-16 units that this takes, for a mark of so many digits. */
uint32_t duet_note_mark_units(enum duet_note_form form, uint32_t digits);

/* The next mark of `digits` hexadecimal digits at or behind `*at`, however the system has reformatted what is around it; `*at` moves
 * behind it. NULL: none. Into the arena. */
const char *duet_note_next_mark(const char **at, uint32_t digits, struct duet_arena *arena);

/* A plain note without its marks. */
const char *duet_note_unmarked(const char *text, uint32_t digits, struct duet_arena *arena);

/* At most `limit` UTF-16 units of a text, "..." behind it where something is left out. */
const char *duet_note_start(const char *text, uint32_t limit, struct duet_arena *arena);
