/* Blocks in a list, newest first, each larger than the one before up to a limit: most arenas hold little. A text larger than a quarter of the
 * limit gets a block of its own. */
#include "dsl/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BLOCK_BYTES (1024u)
#define BLOCK_BYTES (64u * 1024u)
#define GROWTH 4u
#define ALIGNMENT _Alignof(max_align_t)
#define EXIT_WORLD_FAILED 3

struct block {
    struct block *next;
    size_t size;
    size_t used;
    _Alignas(max_align_t) unsigned char bytes[];
};

struct duet_arena {
    struct block *blocks;
    size_t block_size; /* of the next one */
    size_t used;
};

static _Noreturn void out_of_memory(void)
{
    fputs("duet: out of memory\n", stderr);
    exit(EXIT_WORLD_FAILED);
}

static struct block *block_new(size_t size)
{
    if (size > SIZE_MAX - sizeof(struct block))
        out_of_memory();
    struct block *block = calloc(1, sizeof(struct block) + size);
    if (block == NULL)
        out_of_memory();
    block->size = size;
    return block;
}

struct duet_arena *duet_arena_new(void)
{
    struct duet_arena *arena = calloc(1, sizeof *arena);
    if (arena == NULL)
        out_of_memory();
    arena->block_size = FIRST_BLOCK_BYTES;
    return arena;
}

void duet_arena_free(struct duet_arena *arena)
{
    if (arena == NULL)
        return;
    struct block *block = arena->blocks;
    while (block != NULL) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
    free(arena);
}

void duet_arena_clear(struct duet_arena *arena)
{
    struct block *kept = NULL;
    for (struct block *block = arena->blocks, *next; block != NULL; block = next) {
        next = block->next;
        if (kept == NULL && block->size == BLOCK_BYTES)
            kept = block;
        else
            free(block);
    }
    if (kept != NULL) {
        memset(kept->bytes, 0, kept->used);
        kept->used = 0;
        kept->next = NULL;
    }
    arena->blocks = kept;
    arena->used = 0;
}

static size_t next_size(struct duet_arena *arena, size_t least)
{
    while (arena->block_size < GROWTH * least && arena->block_size < BLOCK_BYTES)
        arena->block_size *= GROWTH;
    size_t size = arena->block_size;
    if (size < BLOCK_BYTES)
        arena->block_size = size * GROWTH;
    return size;
}

/* A large block goes behind the current one, which still has room for small things. */
static struct block *push_block(struct duet_arena *arena, size_t size)
{
    bool large = size > BLOCK_BYTES / GROWTH;
    struct block *block = block_new(large ? size : next_size(arena, size));
    if (large && arena->blocks != NULL) {
        block->next = arena->blocks->next;
        arena->blocks->next = block;
    } else {
        block->next = arena->blocks;
        arena->blocks = block;
    }
    return block;
}

void *duet_arena_alloc(struct duet_arena *arena, size_t size)
{
    if (size == 0)
        size = 1;
    if (size > SIZE_MAX - ALIGNMENT)
        out_of_memory();
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;

    struct block *block = arena->blocks;
    if (block == NULL || block->size - block->used < size)
        block = push_block(arena, size);
    void *memory = block->bytes + block->used;
    block->used += size;
    arena->used += size;
    return memory;
}

void *duet_arena_alloc_array(struct duet_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        out_of_memory();
    return duet_arena_alloc(arena, count * size);
}

char *duet_arena_copy_text(struct duet_arena *arena, const char *text, size_t length)
{
    char *copy = duet_arena_alloc(arena, length + 1);
    if (length > 0)
        memcpy(copy, text, length);
    return copy;
}

char *duet_arena_format_list(struct duet_arena *arena, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    if (length < 0) {
        va_end(again);
        return duet_arena_copy_text(arena, "", 0);
    }
    char *text = duet_arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

char *duet_arena_format(struct duet_arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = duet_arena_format_list(arena, format, arguments);
    va_end(arguments);
    return text;
}

size_t duet_arena_used(const struct duet_arena *arena)
{
    return arena->used;
}
