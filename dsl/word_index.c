/* Open addressing, at most half full; what it outgrows stays in the arena. */
#include "dsl/word_index.h"

#include <stddef.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/hash.h"
#include "dsl/tables.h"

#define FIRST_SLOTS 4U /* many indexes hold a word or two */

struct slot {
    const char *word; /* NULL: free */
    uint32_t number;
};

struct duet_word_index {
    struct duet_arena *arena;
    struct slot *slots; /* none before the first word */
    size_t size;        /* a power of two, or 0 */
    size_t used;
};

static void make_slots(struct duet_word_index *index, size_t size)
{
    index->size = size;
    index->slots = duet_arena_alloc_array(index->arena, size, sizeof *index->slots);
}

struct duet_word_index *duet_word_index_new(struct duet_arena *arena)
{
    struct duet_word_index *index = duet_arena_alloc(arena, sizeof *index);
    index->arena = arena;
    return index;
}

/* The slot of the word, or the free one where it belongs. */
static struct slot *slot_for(const struct duet_word_index *index, const char *word)
{
    size_t at = (size_t)duet_hash_text(word, strlen(word), 0) & (index->size - 1);
    while (index->slots[at].word && strcmp(index->slots[at].word, word) != 0)
        at = (at + 1) & (index->size - 1);
    return &index->slots[at];
}

static void grow(struct duet_word_index *index)
{
    const struct slot *old = index->slots;
    size_t size = index->size;
    make_slots(index, 2 * size);
    for (size_t i = 0; i < size; i++) {
        if (old[i].word)
            *slot_for(index, old[i].word) = old[i];
    }
}

uint32_t duet_word_index_add(struct duet_word_index *index, const char *word, uint32_t number)
{
    if (!word)
        return number;
    if (index->size == 0)
        make_slots(index, FIRST_SLOTS);
    struct slot *slot = slot_for(index, word);
    if (slot->word)
        return slot->number;
    *slot = (struct slot){ word, number };
    if (2 * ++index->used > index->size)
        grow(index);
    return number;
}

uint32_t duet_word_index_find(const struct duet_word_index *index, const char *word)
{
    const struct slot *slot = index && index->size && word ? slot_for(index, word) : NULL;
    return slot && slot->word ? slot->number : DUET_NONE;
}
