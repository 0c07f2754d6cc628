/* Fixes: changes of the text that a finding offers, and their titles. */
#include <string.h>

#include "dsl/arena.h"
#include "dsl/diag.h"
#include "dsl/diag_list.h"

#define SHOWN_MAX 40 /* bytes of a text shown in a title */

void duet_diag_fix(struct duet_diag *diag, enum duet_fix_kind kind, struct duet_span at,
                   const char *format, ...)
{
    va_list arguments;
    if (diag->arena == NULL)
        return;
    struct duet_diag_fix *fix = duet_arena_alloc(diag->arena, sizeof *fix);

    fix->at = at;
    fix->kind = kind;
    va_start(arguments, format);
    fix->text = duet_arena_format_list(diag->arena, format, arguments);
    va_end(arguments);
    if (diag->last_fix == NULL)
        diag->fixes = fix;
    else
        diag->last_fix->next = fix;
    diag->last_fix = fix;
}

const struct duet_diag_fix *duet_diag_fixes(const struct duet_diag *diag)
{
    return diag->fixes;
}

/* A text in quotes on one line: spaces are one space each, none at its ends; cut where a character begins. */
static const char *shown(struct duet_arena *arena, const char *text, size_t length)
{
    char *plain = duet_arena_alloc(arena, length + 1);
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        bool space = text[i] == ' ' || text[i] == '\n' || text[i] == '\t' || text[i] == '\r';
        if (!space)
            plain[used++] = text[i];
        else if (used > 0 && plain[used - 1] != ' ')
            plain[used++] = ' ';
    }
    while (used > 0 && plain[used - 1] == ' ')
        used--;
    size_t kept = used > SHOWN_MAX ? SHOWN_MAX : used;
    while (kept > 0 && kept < used && ((unsigned char)plain[kept] & 0xc0u) == 0x80u)
        kept--;
    return duet_arena_format(arena, "'%.*s%s'", (int)kept, plain, kept < used ? "..." : "");
}

const char *duet_diag_fix_title(struct duet_arena *arena, const struct duet_sources *sources,
                                const struct duet_diag_fix *fix)
{
    const char *source = duet_source_text(sources, fix->at.file) + fix->at.start;
    const char *before = shown(arena, source, fix->at.end - fix->at.start);
    const char *after = shown(arena, fix->text, strlen(fix->text));

    if (fix->at.start == fix->at.end)
        return duet_arena_format(arena, "add %s", after);
    if (fix->text[0] == '\0')
        return duet_arena_format(arena, "remove %s", before);
    return duet_arena_format(arena, "write %s instead of %s", after, before);
}
