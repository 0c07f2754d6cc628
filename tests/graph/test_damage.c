/* Tables that lie and are opened all the same can be drawn: a file of tables may come from anywhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/compile.h"
#include "dsl/tables_check.h"
#include "engine/graph/dot.h"
#include "engine/graph/svg.h"

static unsigned opened;

static void draw(const struct duet_tables *tables, struct duet_arena *arena, FILE *out)
{
    struct duet_picture picture = duet_picture_of(tables, arena);
    duet_graph_write_svg(&picture, out);
    duet_graph_write_dot(tables, arena, out);
    assert_int_equal(ferror(out), 0);
    duet_arena_clear(arena);
    opened++;
}

static void each_word_damaged_is_refused_or_drawn(void **state)
{
    (void)state;
    struct duet_compilation *compilation = NULL;
    assert_int_equal(duet_compile_file("mappings/sentinel-smartsoar.duet", &compilation), DUET_OK);
    size_t size = 0;
    const unsigned char *sound = duet_compilation_bytes(compilation, 0, &size);
    unsigned char *bytes = malloc(size);
    struct duet_arena *arena = duet_arena_new();
    FILE *out = fopen("/dev/null", "w");
    assert_true(bytes && out);
    memcpy(bytes, sound, size);
    uint32_t *words = (uint32_t *)(void *)bytes;
    for (size_t i = 0; i < size / sizeof *words; i++) {
        const uint32_t old = words[i];
        const uint32_t values[] = { 0, 1, old + 1, old - 1, 0xffffffffU, old / 2, 0x80000000U };
        words[i] = values[i % (sizeof values / sizeof *values)];
        words[DUET_HEADER_CHECKSUM] = duet_tables_checksum(bytes, size);
        struct duet_tables tables;
        if (words[i] != old && duet_tables_open(bytes, size, &tables, NULL) == DUET_OK)
            draw(&tables, arena, out);
        words[i] = old;
    }
    assert_true(opened > 500);
    fclose(out);
    duet_arena_free(arena);
    free(bytes);
    duet_compilation_free(compilation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_word_damaged_is_refused_or_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
