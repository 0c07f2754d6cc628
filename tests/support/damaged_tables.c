#include "tests/support/damaged_tables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/compile.h"
#include "dsl/tables_check.h"

void damaged_tables_each(damaged_tables_use *use, void *data)
{
    struct duet_compilation *compilation = NULL;
    assert_int_equal(duet_compile_file("mappings/sentinel-smartsoar.duet", &compilation), DUET_OK);
    size_t size = 0;
    unsigned opened = 0;
    const unsigned char *sound = duet_compilation_bytes(compilation, 0, &size);
    unsigned char *bytes = malloc(size);
    struct duet_arena *arena = duet_arena_new();
    assert_non_null(bytes);
    memcpy(bytes, sound, size);
    uint32_t *words = (uint32_t *)(void *)bytes;
    for (size_t i = 0; i < size / sizeof *words; i++) {
        const uint32_t old = words[i];
        const uint32_t values[] = { 0, 1, old + 1, old - 1, 0xffffffffU, old / 2, 0x80000000U };
        words[i] = values[i % (sizeof values / sizeof *values)];
        words[DUET_HEADER_CHECKSUM] = duet_tables_checksum(bytes, size);
        struct duet_tables tables;
        if (words[i] != old && duet_tables_open(bytes, size, &tables, NULL) == DUET_OK) {
            use(&tables, arena, data);
            duet_arena_clear(arena);
            opened++;
        }
        words[i] = old;
    }
    assert_true(opened > 500);
    duet_arena_free(arena);
    free(bytes);
    duet_compilation_free(compilation);
}
