/* Changes of texts, gathered and sent as one edit of the workspace. */
#pragma once

#include "engine/lsp/inside.h"

/* The text of a span of a file becomes another. */
struct duet_edit {
    const char *path;
    uint32_t start, end;
    const char *text;
};

struct duet_edits {
    struct duet_arena *arena;
    struct duet_edit *list; /* by path and place; no two overlap */
    size_t count, room;
};

/* Adds it in its order; one that overlaps another is left out. The texts are the caller's, and must live as long. */
void duet_edits_add(struct duet_edits *edits, struct duet_edit edit);

/* Whether a file has edits. */
bool duet_edits_has(const struct duet_edits *edits, const char *path);

/* A file's text with its edits; in the arena. */
const char *duet_edits_applied(const struct duet_edits *edits, const char *path, const char *text,
                               size_t length, size_t *length_out);

/* The WorkspaceEdit of an object of arrays of TextEdit by URI, which is taken over. */
json_t *duet_workspace_edit(const struct duet_lsp *lsp, json_t *by_uri);
