#include "dsl/propose.h"

#include <string.h>

#include "dsl/arena.h"
#include "dsl/ast_value.h"
#include "dsl/tokens_meant.h"

const char *duet_propose_name(struct duet_arena *arena, const char *name)
{
    if (duet_ast_is_plain_word(name) && !duet_tokens_is_reserved(name))
        return name;
    return duet_arena_format(arena, "\"%s\"", name);
}

static const char *step_of(struct duet_arena *arena, const char *steps)
{
    return duet_propose_name(arena, duet_arena_copy_text(arena, steps, strcspn(steps, ".")));
}

static const char *dotted(struct duet_arena *arena, const char *name)
{
    const char *text = step_of(arena, name);
    for (const char *dot = strchr(name, '.'); dot; dot = strchr(dot + 1, '.'))
        text = duet_arena_format(arena, "%s.%s", text, step_of(arena, dot + 1));
    return text;
}

static void offer(struct duet_diag *diag, struct duet_span at, const struct duet_suggest *suggest,
                  const char *text)
{
    enum duet_fix_kind kind = suggest->is_only ? DUET_FIX_SAFE : DUET_FIX_MAYBE;
    if (at.file != DUET_SOURCE_NONE)
        duet_diag_fix(diag, kind, at, "%s", text);
}

bool duet_propose_behind(struct duet_arena *arena, struct duet_diag *diag, struct duet_span at,
                         const char *front, const struct duet_suggest *suggest)
{
    const char *best = duet_suggest_best(suggest);
    if (!best)
        return false;
    duet_diag_help(diag, "did you mean '%s%s'?", front, best);
    offer(diag, at, suggest, dotted(arena, best));
    return true;
}

bool duet_propose(struct duet_arena *arena, struct duet_diag *diag, struct duet_span at,
                  const struct duet_suggest *suggest)
{
    const char *best = duet_suggest_best(suggest);
    if (!best)
        return false;
    duet_diag_help(diag, "did you mean '%s'?", best);
    offer(diag, at, suggest, duet_propose_name(arena, best));
    return true;
}

bool duet_propose_text(struct duet_arena *arena, struct duet_diag *diag, struct duet_span at,
                       const struct duet_suggest *suggest)
{
    const char *best = duet_suggest_best(suggest);
    if (!best)
        return false;
    duet_diag_help(diag, "did you mean '%s'?", best);
    offer(diag, at, suggest, duet_arena_format(arena, "\"%s\"", best));
    return true;
}

/* --- taking out --------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

void duet_propose_removal(struct duet_diag *diag, enum duet_fix_kind kind,
                          const struct duet_sources *sources, struct duet_span at)
{
    const char *text = duet_source_text(sources, at.file);
    uint32_t after = at.end;
    while (at.start > 0 && is_blank(text[at.start - 1]))
        at.start--;
    while (is_blank(text[after]))
        after++;
    bool begins_line = at.start == 0 || text[at.start - 1] == '\n';
    if (begins_line && text[after] == '\n')
        at.end = after + 1;
    else if (begins_line)
        at.end = after;
    duet_diag_fix(diag, kind, at, "%s", "");
}

void duet_propose_once(struct duet_diag *diag, const struct duet_sources *sources,
                       struct duet_span first, struct duet_span again, struct duet_span removed)
{
    uint32_t length = again.end - again.start;
    bool is_same = first.file != DUET_SOURCE_NONE && first.end - first.start == length &&
                   memcmp(duet_source_text(sources, first.file) + first.start,
                          duet_source_text(sources, again.file) + again.start, length) == 0;
    duet_propose_removal(diag, is_same ? DUET_FIX_SAFE : DUET_FIX_MAYBE, sources, removed);
}
