/* Sections and strings are growing arrays; a text is found again through a hash table of offsets. */
#include "dsl/tables_build.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/tables_check.h"

#define EXIT_WORLD_FAILED 3
#define BLOCK_ALIGNMENT 8U

struct rows {
    uint32_t *words;
    uint32_t count;
    uint32_t capacity; /* in rows */
};

struct duet_tables_builder {
    struct rows sections[DUET_SECTION_COUNT];
    char *strings;
    size_t strings_size;
    size_t strings_capacity;
    uint32_t *slots; /* offsets of strings, DUET_NONE: free; open addressing */
    size_t slot_count;
    size_t text_count;
};

static void *resized(void *memory, size_t count, size_t size)
{
    void *bigger =
        size != 0 && count > DUET_TABLES_MAX_BYTES / size ? NULL : realloc(memory, count * size);
    if (!bigger) {
        fputs("duet: out of memory\n", stderr);
        exit(EXIT_WORLD_FAILED);
    }
    return bigger;
}

struct duet_tables_builder *duet_tables_builder_new(void)
{
    struct duet_tables_builder *builder = resized(NULL, 1, sizeof *builder);
    *builder = (struct duet_tables_builder){ 0 };
    return builder;
}

void duet_tables_builder_free(struct duet_tables_builder *builder)
{
    if (!builder)
        return;
    for (size_t i = 0; i < DUET_SECTION_COUNT; i++)
        free(builder->sections[i].words);
    free(builder->strings);
    free(builder->slots);
    free(builder);
}

/* --- strings ----------------------------------------------------------------------------------------------- */

/* The slot that holds the text, or the free one where it belongs. */
static size_t slot_of(const struct duet_tables_builder *builder, const char *text)
{
    uint32_t hash = 2166136261U;
    for (const char *at = text; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 16777619U;
    size_t slot = hash & (builder->slot_count - 1);
    while (builder->slots[slot] != DUET_NONE &&
           strcmp(builder->strings + builder->slots[slot], text) != 0)
        slot = (slot + 1) & (builder->slot_count - 1);
    return slot;
}

/* At most half of the slots are taken, so that a free one is always near. */
static void grow_slots(struct duet_tables_builder *builder)
{
    if (2 * (builder->text_count + 1) <= builder->slot_count)
        return;
    uint32_t *old = builder->slots;
    size_t old_count = builder->slot_count;
    builder->slot_count = old_count ? 2 * old_count : 256;
    builder->slots = resized(NULL, builder->slot_count, sizeof *builder->slots);
    for (size_t i = 0; i < builder->slot_count; i++)
        builder->slots[i] = DUET_NONE;
    for (size_t i = 0; i < old_count; i++) {
        if (old[i] != DUET_NONE)
            builder->slots[slot_of(builder, builder->strings + old[i])] = old[i];
    }
    free(old);
}

uint32_t duet_build_str(struct duet_tables_builder *builder, const char *text)
{
    if (!text)
        return DUET_NONE;
    grow_slots(builder);
    size_t slot = slot_of(builder, text);
    if (builder->slots[slot] != DUET_NONE)
        return builder->slots[slot];

    size_t size = strlen(text) + 1;
    if (builder->strings_size + size > builder->strings_capacity) {
        builder->strings_capacity = 2 * (builder->strings_size + size);
        builder->strings = resized(builder->strings, builder->strings_capacity, 1);
    }
    uint32_t offset = (uint32_t)builder->strings_size;
    memcpy(builder->strings + offset, text, size);
    builder->strings_size += size;
    builder->slots[slot] = offset;
    builder->text_count++;
    return offset;
}

/* --- rows -------------------------------------------------------------------------------------------------- */

uint32_t duet_build_row(struct duet_tables_builder *builder, enum duet_section section,
                        const void *row)
{
    struct rows *rows = &builder->sections[section];
    uint32_t words = duet_section_format(section)->words;
    if (rows->count == rows->capacity) {
        rows->capacity = rows->capacity ? 2 * rows->capacity : 16;
        rows->words = resized(rows->words, rows->capacity, words * sizeof(uint32_t));
    }
    memcpy(rows->words + (size_t)rows->count * words, row, words * sizeof(uint32_t));
    return rows->count++;
}

uint32_t duet_build_count(const struct duet_tables_builder *builder, enum duet_section section)
{
    return builder->sections[section].count;
}

void *duet_build_at(struct duet_tables_builder *builder, enum duet_section section, uint32_t index)
{
    assert(index < builder->sections[section].count);
    return builder->sections[section].words + (size_t)index * duet_section_format(section)->words;
}

/* --- the block --------------------------------------------------------------------------------------------- */

static size_t section_words(const struct duet_tables_builder *builder, unsigned section)
{
    return (size_t)builder->sections[section].count *
           duet_section_format((enum duet_section)section)->words;
}

/* Strings are padded with empty ones up to the block's alignment, and there is always one. */
static size_t padded(size_t size)
{
    return (size + BLOCK_ALIGNMENT) / BLOCK_ALIGNMENT * BLOCK_ALIGNMENT;
}

unsigned char *duet_build_finish(const struct duet_tables_builder *builder, size_t *size_out)
{
    size_t rows = 0;
    for (unsigned i = 0; i < DUET_SECTION_COUNT; i++)
        rows += section_words(builder, i);
    size_t strings_at = (DUET_HEADER_WORDS + rows) * sizeof(uint32_t);
    size_t size = padded(strings_at + builder->strings_size);

    unsigned char *bytes = resized(NULL, size, 1);
    uint32_t *words = (uint32_t *)(void *)bytes;
    words[DUET_HEADER_MAGIC] = DUET_TABLES_MAGIC;
    words[DUET_HEADER_VERSION] = DUET_TABLES_VERSION;
    words[DUET_HEADER_SIZE] = (uint32_t)size;
    words[DUET_HEADER_STRINGS] = (uint32_t)strings_at;
    words[DUET_HEADER_STRINGS_SIZE] = (uint32_t)(size - strings_at);

    size_t at = DUET_HEADER_WORDS;
    for (unsigned i = 0; i < DUET_SECTION_COUNT; i++) {
        words[DUET_HEADER_SECTIONS + 2 * i] = (uint32_t)(at * sizeof *words);
        words[DUET_HEADER_SECTIONS + 2 * i + 1] = builder->sections[i].count;
        if (builder->sections[i].count != 0)
            memcpy(words + at, builder->sections[i].words,
                   section_words(builder, i) * sizeof *words);
        at += section_words(builder, i);
    }
    if (builder->strings_size != 0)
        memcpy(bytes + strings_at, builder->strings, builder->strings_size);
    memset(bytes + strings_at + builder->strings_size, 0,
           size - strings_at - builder->strings_size);
    words[DUET_HEADER_CHECKSUM] = duet_tables_checksum(bytes, size);
    *size_out = size;
    return bytes;
}
