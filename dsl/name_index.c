/* Open addressing, at most half full. */
#include "dsl/name_index.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "dsl/hash.h"

struct duet_name_index {
    const struct duet_ast_item **slots;
    size_t size; /* a power of two */
};

struct duet_ast_name duet_name_index_name(const struct duet_ast_item *item)
{
    switch (item->kind) {
    case DUET_AST_ITEM_SYSTEM:
        return item->system->name;
    case DUET_AST_ITEM_MAPPING:
        return item->mapping->name;
    case DUET_AST_ITEM_HUB:
        return item->hub->name;
    case DUET_AST_ITEM_TENANT:
        return item->tenant->name;
    case DUET_AST_ITEM_EDITION:
    case DUET_AST_ITEM_IMPORT:
    case DUET_AST_ITEM_TEST:
    case DUET_AST_ITEM_TEST_TABLE:
    case DUET_AST_ITEM_FLEET:
        break;
    }
    return (struct duet_ast_name){ .text = NULL };
}

static bool has_name(const struct duet_ast_item *item, enum duet_ast_item_kind kind,
                     const char *name)
{
    const char *has = duet_name_index_name(item).text;
    return item->kind == kind && has && strcmp(has, name) == 0;
}

/* The slot of what has that name, or the free one where it belongs. */
static const struct duet_ast_item **slot_for(const struct duet_name_index *index,
                                             enum duet_ast_item_kind kind, const char *name)
{
    size_t at = (size_t)duet_hash_text(name, strlen(name), (uint64_t)kind) & (index->size - 1);
    while (index->slots[at] && !has_name(index->slots[at], kind, name))
        at = (at + 1) & (index->size - 1);
    return &index->slots[at];
}

static void add(struct duet_name_index *index, const struct duet_ast_item *item)
{
    struct duet_ast_name name = duet_name_index_name(item);
    const struct duet_ast_item **slot = name.text ? slot_for(index, item->kind, name.text) : NULL;
    if (slot && !*slot)
        *slot = item;
}

struct duet_name_index *duet_name_index_new(const struct duet_ast_program *program,
                                            struct duet_arena *arena)
{
    struct duet_name_index *index = duet_arena_alloc(arena, sizeof *index);
    size_t count = 0;
    for (const struct duet_ast_file *file = program->files.first; file; file = file->next)
        count += file->items.count;
    for (index->size = 16; index->size < 2 * count; index->size *= 2)
        continue;
    index->slots = duet_arena_alloc_array(arena, index->size, sizeof *index->slots);
    for (const struct duet_ast_file *file = program->files.first; file; file = file->next) {
        for (const struct duet_ast_item *item = file->items.first; item; item = item->next)
            add(index, item);
    }
    return index;
}

const struct duet_ast_item *duet_name_index_find(const struct duet_name_index *index,
                                                 enum duet_ast_item_kind kind, const char *name)
{
    return name ? *slot_for(index, kind, name) : NULL;
}
