/* Open addressing over a table in the arena; a table that was outgrown stays there until the end. */
#include "dsl/intern.h"

#include <stdint.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/hash.h"

#define FIRST_SLOTS 256u

struct entry {
    const char *text;
    size_t length;
    uint64_t hash;
};

struct duet_intern {
    struct duet_arena *arena;
    struct entry *slots;
    size_t size; /* a power of two */
    size_t used;
};

struct duet_intern *duet_intern_new(struct duet_arena *arena)
{
    struct duet_intern *names = duet_arena_alloc(arena, sizeof *names);
    names->arena = arena;
    names->size = FIRST_SLOTS;
    names->slots = duet_arena_alloc_array(arena, names->size, sizeof *names->slots);
    return names;
}

/* The slot that holds the text, or the free one where it belongs. */
static struct entry *slot_for(const struct duet_intern *names, const char *text, size_t length,
                              uint64_t hash)
{
    size_t at = (size_t)hash & (names->size - 1);
    for (;;) {
        struct entry *entry = &names->slots[at];
        if (entry->text == NULL)
            return entry;
        if (entry->hash == hash && entry->length == length &&
            memcmp(entry->text, text, length) == 0)
            return entry;
        at = (at + 1) & (names->size - 1);
    }
}

static void grow(struct duet_intern *names)
{
    struct entry *old = names->slots;
    size_t old_size = names->size;

    names->size *= 2;
    names->slots = duet_arena_alloc_array(names->arena, names->size, sizeof *names->slots);
    for (size_t i = 0; i < old_size; i++) {
        if (old[i].text != NULL)
            *slot_for(names, old[i].text, old[i].length, old[i].hash) = old[i];
    }
}

const char *duet_intern_text(struct duet_intern *names, const char *text, size_t length)
{
    uint64_t hash = duet_hash_text(text, length, 0);
    struct entry *entry = slot_for(names, text, length, hash);
    if (entry->text != NULL)
        return entry->text;
    if ((names->used + 1) * 4 > names->size * 3) {
        grow(names);
        entry = slot_for(names, text, length, hash);
    }
    entry->text = duet_arena_copy_text(names->arena, text, length);
    entry->length = length;
    entry->hash = hash;
    names->used++;
    return entry->text;
}

const char *duet_intern_name(struct duet_intern *names, const char *text)
{
    return duet_intern_text(names, text, strlen(text));
}
