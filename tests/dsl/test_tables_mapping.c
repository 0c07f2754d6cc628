/* Rule tables of a whole mapping, as the compiler makes them: damage to them, and what counts as a change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/compile.h"
#include "dsl/diag.h"
#include "dsl/tables.h"
#include "dsl/tables_check.h"
#include "dsl/tables_text.h"
#include "tests/support/walk_tables.h"

#define MAPPING DUET_SOURCE_DIR "/mappings/sentinel-smartsoar.duet"
#define ROUNDS                                                                                     \
    2U /* values that each word is set to; all eight take too long under the sanitizers */

static char *read_mapping(void)
{
    FILE *file = fopen(MAPPING, "r");
    assert_non_null(file);
    char *text = calloc(1, 1 << 16);
    assert_true(fread(text, 1, (1 << 16) - 1, file) > 0);
    fclose(file);
    return text;
}

/* The mapping with `from` replaced by `to`, once; "" leaves it as it is. */
static struct duet_compilation *compile_with(const char *from, const char *to)
{
    char *whole = read_mapping();
    const char *at = strstr(whole, from);
    assert_non_null(at);
    size_t size = strlen(whole) + strlen(to) + 1;
    char *text = malloc(size);
    snprintf(text, size, "%.*s%s%s", (int)(at - whole), whole, to, at + strlen(from));
    free(whole);
    struct duet_compilation *compilation = NULL;
    assert_int_equal(duet_compile_text(MAPPING, text, strlen(text), &compilation), DUET_OK);
    if (duet_diags_errors(duet_compilation_diags(compilation)) > 0)
        duet_diags_render_text(duet_compilation_diags(compilation),
                               duet_compilation_sources(compilation), DUET_DIAG_PLAIN, stderr);
    free(text);
    return compilation;
}

static const struct duet_tables *tables_of(const struct duet_compilation *compilation)
{
    const struct duet_tables *tables = duet_compilation_tables(compilation, 0);
    assert_non_null(tables);
    return tables;
}

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static void its_bytes_open_and_are_walked(void **state)
{
    (void)state;
    struct duet_compilation *compilation = compile_with("", "");
    size_t size = 0;
    const unsigned char *bytes = duet_compilation_bytes(compilation, 0, &size);
    struct duet_tables tables;
    struct duet_error error = { "" };
    duet_tables_open(bytes, size, &tables, &error);
    assert_string_equal(error.text, "");
    assert_true(walk_tables(&tables) > 0);
    duet_compilation_free(compilation);
}

static void damage_is_refused_or_harmless(void **state)
{
    (void)state;
    struct duet_compilation *compilation = compile_with("", "");
    size_t size = 0;
    const unsigned char *sound = duet_compilation_bytes(compilation, 0, &size);
    unsigned char *bytes = malloc(size);
    memcpy(bytes, sound, size);
    uint32_t *words = (uint32_t *)(void *)bytes;
    uint32_t seed = 0x2545f491U;
    uint32_t count = (uint32_t)(size / sizeof *words);
    for (uint32_t i = 0; i < ROUNDS * count; i++) {
        uint32_t word = i % count;
        uint32_t old = words[word];
        const uint32_t values[] = {
            0, 1, old + 1, old - 1, 0x7fffffffU, 0xffffffffU, 0x80000000U, next_random(&seed) % 64
        };
        words[word] = values[(i + 3 * (i / count)) % (sizeof values / sizeof *values)];
        words[DUET_HEADER_CHECKSUM] = duet_tables_checksum(bytes, size);
        struct duet_tables tables;
        if (duet_tables_open(bytes, size, &tables, NULL) == DUET_OK)
            walk_tables(&tables);
        words[word] = old;
    }
    free(bytes);
    duet_compilation_free(compilation);
}

/* The names of the changed units, a blank behind each, and "others" when there is more. */
static void assert_changed(const char *from, const char *to, const char *expected)
{
    struct duet_compilation *before = compile_with("", "");
    struct duet_compilation *after = compile_with(from, to);
    const struct duet_tables *tables = tables_of(after);
    bool other = false;
    uint64_t units = duet_tables_changed_units(tables_of(before), tables, &other);
    char names[512] = "";
    size_t length = 0;
    for (uint32_t i = 0; i < duet_mapping(tables)->units_count; i++) {
        if ((units & duet_bit(i)) != 0)
            length += (size_t)snprintf(names + length, sizeof names - length, "%s ",
                                       duet_str(tables, duet_unit_row(tables, i)->name));
    }
    snprintf(names + length, sizeof names - length, "%s", other ? "others" : "");
    assert_string_equal(names, expected);
    duet_compilation_free(before);
    duet_compilation_free(after);
}

static void changes_are_named_unit_by_unit(void **state)
{
    (void)state;
    assert_changed("", "", "");
    assert_changed("edition 2026;", "edition 2026;\n\n# lines move, nothing else\n\n", "");
    assert_changed("conflict highest", "conflict lowest", "severity ");
    assert_changed("truncate 100", "truncate 90", "title ");
    assert_changed("first contact siem", "first contact soar", "others");
    assert_changed("owner when soar.status != Open", "owner", "owner ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_bytes_open_and_are_walked),
        cmocka_unit_test(damage_is_refused_or_harmless),
        cmocka_unit_test(changes_are_named_unit_by_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
