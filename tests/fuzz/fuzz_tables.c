/* Fuzz target: rule tables from a file. The input is a whole block (it begins with the magic number), or pairs of words, each a
 * position and a value that is put there in sound tables. The header is made right, so that the rest is looked at; what is opened
 * must be safe to walk. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/tables.h"
#include "dsl/tables_check.h"
#include "dsl/tables_text.h"
#include "tests/support/sample_tables.h"
#include "tests/support/walk_tables.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t word_at(const uint8_t *data)
{
    uint32_t word;
    memcpy(&word, data, sizeof word);
    return word;
}

/* A copy of exactly that size, so that a read past the end is seen. */
static uint32_t *whole_block(const uint8_t *data, size_t size)
{
    uint32_t *words = malloc(size);
    if (!words)
        abort();
    memcpy(words, data, size);
    return words;
}

static uint32_t *edited_sample(const uint8_t *data, size_t size, size_t *size_out)
{
    unsigned char *bytes = sample_tables_bytes(size_out);
    size_t count = *size_out / sizeof(uint32_t);
    for (size_t at = 0; at + 8 <= size; at += 8) {
        size_t position = word_at(data + at) % count;
        memcpy(bytes + position * sizeof(uint32_t), data + at + 4, sizeof(uint32_t));
    }
    uint32_t *words = whole_block(bytes, *size_out);
    free(bytes);
    return words;
}

/* An odd size keeps its header, so that the header's own checks are looked at too. */
static void mend_header(uint32_t *words, size_t size)
{
    if (size < sizeof *words * DUET_HEADER_WORDS || size % sizeof *words != 0)
        return;
    words[DUET_HEADER_MAGIC] = DUET_TABLES_MAGIC;
    words[DUET_HEADER_VERSION] = DUET_TABLES_VERSION;
    words[DUET_HEADER_SIZE] = (uint32_t)size;
    words[DUET_HEADER_CHECKSUM] = duet_tables_checksum(words, size);
}

static void walk(const struct duet_tables *tables)
{
    static FILE *nowhere;
    bool other = false;
    if (!nowhere)
        nowhere = fopen("/dev/null", "w");
    if (!nowhere)
        abort();

    walk_tables(tables);
    duet_tables_dump(tables, nowhere);
    if (duet_tables_changed_units(tables, tables, &other) != 0 || other)
        abort(); /* the same tables mean the same */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct duet_tables tables;
    struct duet_error error = { 0 };
    uint32_t *words;
    if (size >= sizeof *words && word_at(data) == DUET_TABLES_MAGIC)
        words = whole_block(data, size);
    else
        words = edited_sample(data, size, &size);

    mend_header(words, size);
    if (duet_tables_open(words, size, &tables, &error) == DUET_OK)
        walk(&tables);
    free(words);
    return 0;
}
