/* Fuzz target: a rule table from a file, with the header made right so that the rest is looked at. What is opened must be
 * safe to walk. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/tables.h"
#include "dsl/tables_check.h"
#include "dsl/tables_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Where a damaged file would be refused at once, the fuzzer should get further. */
static void mend_header(uint32_t *words, size_t size)
{
    if (size <= sizeof *words * DUET_HEADER_CHECKSUM)
        return;
    words[DUET_HEADER_MAGIC] = DUET_TABLES_MAGIC;
    words[DUET_HEADER_VERSION] = DUET_TABLES_VERSION;
    words[DUET_HEADER_SIZE] = (uint32_t)size;
    words[DUET_HEADER_CHECKSUM] = duet_tables_checksum(words, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *nowhere;
    struct duet_tables tables;
    struct duet_error error = { 0 };
    uint32_t *words = malloc(size + sizeof *words);
    if (!nowhere)
        nowhere = fopen("/dev/null", "w");
    if (!words || !nowhere)
        abort();

    memcpy(words, data, size);
    if (size % 2 == 0)
        mend_header(words, size);
    if (duet_tables_open(words, size, &tables, &error) == DUET_OK) {
        bool other;
        duet_tables_dump(&tables, nowhere);
        if (duet_tables_changed_units(&tables, &tables, &other) != 0 || other)
            abort();
    }
    free(words);
    return 0;
}
