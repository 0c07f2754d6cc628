#include "engine/cli/replay_spool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/world/hash.h"
#include "engine/world/memory.h"

struct duet_spool {
    FILE *file;
    uint64_t size;
    struct duet_spooled *list; /* by offset */
    size_t count, room;
    size_t *by_hash; /* those that are linkable */
    size_t linkable;
    size_t doubles;
};

struct duet_spool *duet_spool_new(void)
{
    FILE *file = tmpfile();
    if (!file)
        return NULL;
    struct duet_spool *spool = duet_new(sizeof *spool);
    spool->file = file;
    return spool;
}

void duet_spool_free(struct duet_spool *spool)
{
    if (!spool)
        return;
    fclose(spool->file);
    free(spool->list);
    free(spool->by_hash);
    free(spool);
}

bool duet_spool_add(struct duet_spool *spool, const struct duet_spooled *place, const char *link,
                    const char *text, size_t length)
{
    if (spool->count == spool->room) {
        spool->room = spool->room ? 2 * spool->room : 256;
        spool->list = duet_grow_array(spool->list, spool->room, sizeof *spool->list);
    }
    struct duet_spooled *record = &spool->list[spool->count++];
    *record = *place;
    record->is_linkable = link != NULL;
    record->hash = link ? duet_hash_bytes(link, strlen(link)) : 0;
    record->offset = spool->size;
    record->length = length;
    spool->size += length;
    return fwrite(text, 1, length, spool->file) == length;
}

/* --- looking up ------------------------------------------------------------------------------------------ */

static int compare(const void *a, const void *b)
{
    const struct duet_spooled *const *left = a;
    const struct duet_spooled *const *right = b;
    if ((*left)->hash != (*right)->hash)
        return (*left)->hash < (*right)->hash ? -1 : 1;
    return (*left)->offset < (*right)->offset ? -1 : (*left)->offset > (*right)->offset;
}

/* Drops records that a later one with the same link replaces; keeps the order. */
static void drop_doubles(struct duet_spool *spool, struct duet_spooled **sorted, size_t count)
{
    for (size_t i = 0; i + 1 < count; i++) {
        if (sorted[i]->hash == sorted[i + 1]->hash) {
            sorted[i]->length = SIZE_MAX;
            spool->doubles++;
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < spool->count; i++) {
        if (spool->list[i].length != SIZE_MAX)
            spool->list[kept++] = spool->list[i];
    }
    spool->count = kept;
}

static struct duet_spooled **sorted_of(struct duet_spool *spool, size_t *count_out)
{
    struct duet_spooled **sorted = duet_new_array(spool->count + 1, sizeof(struct duet_spooled *));
    size_t count = 0;
    for (size_t i = 0; i < spool->count; i++) {
        if (spool->list[i].is_linkable)
            sorted[count++] = &spool->list[i];
    }
    qsort((void *)sorted, count, sizeof(struct duet_spooled *), compare);
    *count_out = count;
    return sorted;
}

void duet_spool_sort(struct duet_spool *spool)
{
    size_t count = 0;
    struct duet_spooled **sorted = sorted_of(spool, &count);
    drop_doubles(spool, sorted, count);
    free((void *)sorted);
    sorted = sorted_of(spool, &spool->linkable);
    spool->by_hash = duet_new_array(spool->linkable + 1, sizeof *spool->by_hash);
    for (size_t i = 0; i < spool->linkable; i++)
        spool->by_hash[i] = (size_t)(sorted[i] - spool->list);
    free((void *)sorted);
}

struct duet_spooled *duet_spool_at(struct duet_spool *spool, size_t index)
{
    return index < spool->count ? &spool->list[index] : NULL;
}

struct duet_spooled *duet_spool_find(struct duet_spool *spool, const struct duet_spooled *other)
{
    size_t low = 0;
    size_t high = other->is_linkable ? spool->linkable : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct duet_spooled *found = &spool->list[spool->by_hash[middle]];
        if (found->hash == other->hash)
            return found;
        if (found->hash < other->hash)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const char *duet_spool_text(struct duet_spool *spool, const struct duet_spooled *place,
                            struct duet_arena *arena)
{
    char *text = duet_arena_alloc(arena, place->length + 1);
    if (fseeko(spool->file, (off_t)place->offset, SEEK_SET) != 0 ||
        fread(text, 1, place->length, spool->file) != place->length)
        return NULL;
    return text;
}

size_t duet_spool_doubles(const struct duet_spool *spool)
{
    return spool->doubles;
}
