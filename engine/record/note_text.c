#include "engine/record/note_text.h"

#include <string.h>

#define SPACES " \t\r\n\f\v"

/* --- one character ---------------------------------------------------------------------------------------- */

/* The bytes of the character at `at`; 1 for bytes that are none. */
static size_t character(const char *at)
{
    unsigned char first = (unsigned char)*at;
    size_t length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    for (size_t i = 1; i < length; i++) {
        if (((unsigned char)at[i] & 0xc0U) != 0x80)
            return 1;
    }
    return length;
}

static bool is_space(char c)
{
    return c != '\0' && strchr(SPACES, c) != NULL;
}

/* What stands for a character in HTML text, where quotes are only themselves (a system that shows plain text shows them so); NULL:
 * itself. */
static const char *escape(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\n':
        return "<br>";
    default:
        return NULL;
    }
}

/* What the character at `at` becomes, of `length` bytes, and how many of the text's bytes it takes. */
static const char *written(const char *at, enum duet_note_form form, size_t *length, size_t *taken)
{
    const char *escaped = form == DUET_NOTE_HTML ? escape(*at) : NULL;
    *taken = character(at);
    if (*at == '\r') {
        escaped = form == DUET_NOTE_HTML ? "<br>" : "\n";
        *taken = at[1] == '\n' ? 2 : 1;
    }
    *length = escaped ? strlen(escaped) : *taken;
    return escaped ? escaped : at;
}

static uint32_t units(const char *bytes, size_t length)
{
    uint32_t count = 0;
    for (size_t i = 0; i < length;) {
        size_t one = character(bytes + i);
        count += one == 4 ? 2 : 1;
        i += one;
    }
    return count;
}

/* --- forms ---------------------------------------------------------------------------------------------------- */

static const char *convert(const char *text, size_t bytes, enum duet_note_form form,
                           struct duet_arena *arena)
{
    size_t room = 0, length = 0, taken = 0;
    for (size_t i = 0; i < bytes; i += taken) {
        (void)written(text + i, form, &length, &taken);
        room += length;
    }
    char *converted = duet_arena_alloc(arena, room + 1);
    size_t used = 0;
    for (size_t i = 0; i < bytes; i += taken) {
        const char *part = written(text + i, form, &length, &taken);
        memcpy(converted + used, part, length);
        used += length;
    }
    return converted;
}

const char *duet_note_to_html(const char *text, struct duet_arena *arena)
{
    return convert(text, strlen(text), DUET_NOTE_HTML, arena);
}

const char *duet_note_plain(const char *note, enum duet_note_form form, struct duet_arena *arena)
{
    if (form == DUET_NOTE_HTML)
        return duet_note_from_html(note, arena);
    note += strspn(note, SPACES);
    size_t length = strlen(note);
    while (length > 0 && is_space(note[length - 1]))
        length--;
    return convert(note, length, DUET_NOTE_PLAIN, arena);
}

bool duet_note_same(const char *a, const char *b)
{
    a += strspn(a, SPACES);
    b += strspn(b, SPACES);
    while (*a && *b) {
        size_t of_a = strspn(a, SPACES), of_b = strspn(b, SPACES);
        a += of_a;
        b += of_b;
        if ((of_a > 0) != (of_b > 0) && *a && *b)
            return false;
        if (*a != *b)
            return false;
        a += *a != '\0';
        b += *b != '\0';
    }
    return a[strspn(a, SPACES)] == '\0' && b[strspn(b, SPACES)] == '\0';
}

const char *duet_note_start(const char *text, uint32_t limit, struct duet_arena *arena)
{
    uint32_t used = 0;
    size_t i = 0;
    while (text[i] && used < limit) {
        size_t one = character(text + i);
        used += one == 4 ? 2 : 1;
        i += one;
    }
    return duet_arena_format(arena, "%.*s%s", (int)i, text, text[i] ? "..." : "");
}

/* --- splitting -------------------------------------------------------------------------------------------------- */

/* The bytes of the text that fill one part. */
static size_t part_length(const char *text, enum duet_note_form form, uint32_t limit)
{
    uint32_t used = 0;
    size_t at = 0, behind_space = 0, length = 0, taken = 0;
    while (text[at]) {
        const char *part = written(text + at, form, &length, &taken);
        used += units(part, length);
        if (limit > 0 && used > limit)
            return behind_space > 0 ? behind_space : at;
        at += taken;
        if (is_space(text[at - 1]) && used >= limit / 2)
            behind_space = at;
    }
    return at;
}

bool duet_note_split(const char *text, enum duet_note_form form, uint32_t limit,
                     struct duet_arena *arena, struct duet_note_parts *parts_out)
{
    *parts_out = (struct duet_note_parts){ 0 };
    if (limit > 0 && limit < DUET_NOTE_MIN_ROOM)
        return false;
    const char **texts = duet_arena_alloc_array(arena, DUET_NOTE_MAX_PARTS, sizeof *texts);
    size_t count = 0, length = 0;
    for (; *text; text += length) {
        length = part_length(text, form, limit);
        size_t blank = strspn(text, SPACES);
        if (blank >= length)
            continue;
        if (count == DUET_NOTE_MAX_PARTS)
            return false;
        texts[count++] = convert(text, length, form, arena);
    }
    *parts_out = (struct duet_note_parts){ .texts = texts, .count = count };
    return true;
}

/* --- marks ------------------------------------------------------------------------------------------------------- */

static const char *const before_mark[] = { "\n[duet:", "<!-- duet:" };
static const char *const behind_mark[] = { "]", " -->" };

const char *duet_note_mark(const char *part, enum duet_note_form form, const char *mark,
                           struct duet_arena *arena)
{
    return duet_arena_format(arena, "%s%s%s%s", part, before_mark[form], mark, behind_mark[form]);
}

uint32_t duet_note_mark_units(enum duet_note_form form, uint32_t digits)
{
    return (uint32_t)(strlen(before_mark[form]) + strlen(behind_mark[form])) + digits;
}

/* The digits of the next mark; NULL: none. */
static const char *find_mark(const char *text, uint32_t digits)
{
    static const char start[] = "duet:";
    static const char hexadecimal[] = "0123456789abcdef";
    for (const char *at = strstr(text, start); at; at = strstr(at, start)) {
        at += sizeof start - 1;
        if (strspn(at, hexadecimal) == digits)
            return at;
    }
    return NULL;
}

const char *duet_note_next_mark(const char **at, uint32_t digits, struct duet_arena *arena)
{
    const char *mark = find_mark(*at, digits);
    if (!mark)
        return NULL;
    *at = mark + digits;
    return duet_arena_copy_text(arena, mark, digits);
}

const char *duet_note_unmarked(const char *text, uint32_t digits, struct duet_arena *arena)
{
    char *kept = duet_arena_copy_text(arena, text, strlen(text));
    char *end = kept;
    const char *from = text;
    for (const char *mark = find_mark(text, digits); mark; mark = find_mark(from, digits)) {
        const char *open = mark - strlen("[duet:");
        bool is_whole = open >= from && *open == '[' && mark[digits] == ']';
        const char *behind = mark + digits + (is_whole ? 1 : 0);
        const char *upto = is_whole ? open : behind;
        memcpy(end, from, (size_t)(upto - from));
        end += upto - from;
        from = behind;
    }
    memcpy(end, from, strlen(from) + 1);
    return kept;
}
