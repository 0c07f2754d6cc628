#include "engine/lsp/edits.h"

#include <string.h>

#include "dsl/arena.h"

static int compare(const struct duet_edit *a, const struct duet_edit *b)
{
    int order = strcmp(a->path, b->path);
    if (order != 0)
        return order;
    return a->start < b->start ? -1 : a->start > b->start;
}

static bool overlaps(const struct duet_edit *a, const struct duet_edit *b)
{
    return strcmp(a->path, b->path) == 0 &&
           (a->start == b->start || (a->start < b->end && b->start < a->end));
}

static void make_room(struct duet_edits *edits)
{
    if (edits->count < edits->room)
        return;
    size_t room = edits->room ? edits->room * 2 : 32;
    struct duet_edit *list = duet_arena_alloc_array(edits->arena, room, sizeof *list);
    if (edits->count > 0)
        memcpy(list, edits->list, edits->count * sizeof *list);
    edits->list = list;
    edits->room = room;
}

/* The number of edits that stand before this one. */
static size_t place_of(const struct duet_edits *edits, const struct duet_edit *edit)
{
    size_t low = 0;
    size_t high = edits->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(&edits->list[middle], edit) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t first_of(const struct duet_edits *edits, const char *path)
{
    return place_of(edits, &(struct duet_edit){ .path = path });
}

static bool is_of(const struct duet_edits *edits, size_t index, const char *path)
{
    return index < edits->count && strcmp(edits->list[index].path, path) == 0;
}

bool duet_edits_has(const struct duet_edits *edits, const char *path)
{
    return is_of(edits, first_of(edits, path), path);
}

void duet_edits_add(struct duet_edits *edits, struct duet_edit edit)
{
    size_t at = place_of(edits, &edit);
    bool taken = (at > 0 && overlaps(&edits->list[at - 1], &edit)) ||
                 (at < edits->count && overlaps(&edits->list[at], &edit));
    if (taken)
        return;
    make_room(edits);
    memmove(edits->list + at + 1, edits->list + at, (edits->count - at) * sizeof *edits->list);
    edits->list[at] = edit;
    edits->count++;
}

const char *duet_edits_applied(const struct duet_edits *edits, const char *path, const char *text,
                               size_t length, size_t *length_out)
{
    size_t first = first_of(edits, path);
    size_t room = length + 1;
    for (size_t i = first; is_of(edits, i, path); i++)
        room += strlen(edits->list[i].text);
    char *out = duet_arena_alloc(edits->arena, room);
    size_t used = 0;
    size_t from = 0;
    for (size_t i = first; is_of(edits, i, path); i++) {
        const struct duet_edit *edit = &edits->list[i];
        memcpy(out + used, text + from, edit->start - from);
        used += edit->start - from;
        memcpy(out + used, edit->text, strlen(edit->text));
        used += strlen(edit->text);
        from = edit->end;
    }
    memcpy(out + used, text + from, length - from);
    *length_out = used + length - from;
    return out;
}

/* `changes`, or with the versions of open documents where the editor takes them. */
json_t *duet_workspace_edit(const struct duet_lsp *lsp, json_t *by_uri)
{
    const char *uri = NULL;
    json_t *edits = NULL;
    if (!lsp->has_change_order)
        return json_pack("{s:o}", "changes", by_uri);
    json_t *changes = json_array();
    json_object_foreach(by_uri, uri, edits)
    {
        const struct duet_document *document = duet_lsp_document(lsp, uri);
        json_t *version = document ? json_integer(document->version) : json_null();
        json_array_append_new(changes, json_pack("{s:{s:s, s:o}, s:O}", "textDocument", "uri", uri,
                                                 "version", version, "edits", edits));
    }
    json_decref(by_uri);
    return json_pack("{s:o}", "documentChanges", changes);
}
