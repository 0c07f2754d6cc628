/* Rule tables: what is built comes back, and whatever bytes are opened, they are refused or harmless. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/tables.h"
#include "dsl/tables_build.h"
#include "dsl/tables_check.h"
#include "tests/support/sample_tables.h"
#include "tests/support/walk_tables.h"

static enum duet_status open_bytes(const void *bytes, size_t size)
{
    struct duet_tables tables;
    struct duet_error error = { "" };
    enum duet_status status = duet_tables_open(bytes, size, &tables, &error);
    assert_int_equal(status == DUET_OK, error.text[0] == '\0');
    return status;
}

/* --- building ------------------------------------------------------------------------------------------ */

static void builder_gives_back_what_was_put_in(void **state)
{
    (void)state;
    size_t size = 0;
    unsigned char *bytes = sample_tables_bytes(&size);
    struct duet_tables tables;
    struct duet_error error = { "" };
    enum duet_status status = duet_tables_open(bytes, size, &tables, &error);
    assert_string_equal(error.text, "");
    assert_int_equal(status, DUET_OK);

    assert_string_equal(duet_str(&tables, duet_side_row(&tables, DUET_LEFT)->name), "siem");
    assert_string_equal(duet_str(&tables, duet_mapping(&tables)->name), "sample");
    assert_int_equal(duet_field_number(&tables, DUET_RIGHT, SAMPLE_RIGHT_STATUS), 3);
    assert_int_equal(duet_field_row(&tables, SAMPLE_RIGHT_TITLE)->max, 100);
    assert_null(duet_opt_str(&tables, duet_field_row(&tables, SAMPLE_LEFT_TITLE)->write_as));
    assert_string_equal(
        duet_opt_str(&tables, duet_field_row(&tables, SAMPLE_RIGHT_TITLE)->write_as), "TitleText");
    assert_null(duet_expr_row(&tables, DUET_NONE));
    const struct duet_t_field *reason = duet_field_row(&tables, SAMPLE_LEFT_REASON);
    assert_true(duet_matrix_bit(&tables, reason->legal, 3, 0, 0));
    assert_false(duet_matrix_bit(&tables, reason->legal, 3, 0, 1));
    assert_true(duet_matrix_bit(&tables, reason->legal, 3, 1, 2));
    free(bytes);
}

static void sample_has_something_in_every_section(void **state)
{
    (void)state;
    struct duet_tables_builder *builder = sample_tables_builder();
    for (unsigned i = 0; i < DUET_SECTION_COUNT; i++) {
        if (duet_build_count(builder, (enum duet_section)i) == 0)
            fail_msg("nothing in section '%s'", duet_section_format((enum duet_section)i)->name);
    }
    duet_tables_builder_free(builder);
}

static void same_rows_give_the_same_bytes(void **state)
{
    (void)state;
    size_t size = 0;
    size_t again_size = 0;
    unsigned char *bytes = sample_tables_bytes(&size);
    unsigned char *again = sample_tables_bytes(&again_size);
    assert_int_equal(size, again_size);
    assert_memory_equal(bytes, again, size);
    assert_int_equal((uintptr_t)bytes % 8, 0);
    free(bytes);
    free(again);
}

static void a_text_is_stored_once(void **state)
{
    (void)state;
    struct duet_tables_builder *builder = duet_tables_builder_new();
    char name[16];
    uint32_t offsets[1000];
    for (unsigned i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "name %u", i);
        offsets[i] = duet_build_str(builder, name);
    }
    for (unsigned i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "name %u", i);
        assert_int_equal(duet_build_str(builder, name), offsets[i]);
    }
    assert_int_equal(duet_build_str(builder, NULL), DUET_NONE);
    duet_tables_builder_free(builder);
    duet_tables_builder_free(NULL);
}

static void matrices_have_whole_words_a_line(void **state)
{
    (void)state;
    struct duet_tables_builder *builder = duet_tables_builder_new();
    const uint32_t bits[] = { 1U << 31, 0, 0, 2 };
    for (size_t i = 0; i < 4; i++)
        duet_build_row(builder, DUET_SECTION_WORD, &bits[i]);
    size_t size = 0;
    unsigned char *bytes = duet_build_finish(builder, &size);
    struct duet_tables tables = { .bytes = bytes };
    const uint32_t *words = (const uint32_t *)(const void *)bytes;
    tables.sections[DUET_SECTION_WORD].rows =
        words + words[DUET_HEADER_SECTIONS + 2 * DUET_SECTION_WORD] / 4;

    /* Two lines of 34 columns: two words each. */
    assert_true(duet_matrix_bit(&tables, 0, 34, 0, 31));
    assert_false(duet_matrix_bit(&tables, 0, 34, 0, 32));
    assert_true(duet_matrix_bit(&tables, 0, 34, 1, 33));
    assert_false(duet_matrix_bit(&tables, 0, 34, 1, 31));
    free(bytes);
    duet_tables_builder_free(builder);
}

static void formats_cover_every_word_of_a_row(void **state)
{
    (void)state;
    for (unsigned i = 0; i < DUET_SECTION_COUNT; i++) {
        const struct duet_section_format *format = duet_section_format((enum duet_section)i);
        uint32_t at = 0;
        for (size_t j = 0; j < format->column_count; j++) {
            assert_int_equal(format->columns[j].word, at);
            at += format->columns[j].kind == DUET_COL_RANGE ||
                          format->columns[j].kind == DUET_COL_MASK
                      ? 2
                      : 1;
        }
        assert_int_equal(at, format->words);
    }
}

/* --- the header ------------------------------------------------------------------------------------------ */

static void refuses_what_is_no_table(void **state)
{
    (void)state;
    struct duet_tables tables;
    struct duet_error error;
    size_t size = 0;
    unsigned char *bytes = sample_tables_bytes(&size);
    uint32_t *words = (uint32_t *)(void *)bytes;

    assert_int_equal(duet_tables_open(bytes, 0, &tables, &error), DUET_INVALID);
    assert_string_equal(error.text, "0 bytes are too few for rule tables");

    words[DUET_HEADER_MAGIC] = 0x44554554U;
    assert_int_equal(duet_tables_open(bytes, size, &tables, &error), DUET_INVALID);
    assert_string_equal(error.text, "these rule tables are for a machine of another byte order");

    words[DUET_HEADER_MAGIC] = 7;
    assert_int_equal(duet_tables_open(bytes, size, &tables, &error), DUET_INVALID);
    assert_string_equal(error.text, "these bytes are no rule tables");

    words[DUET_HEADER_MAGIC] = DUET_TABLES_MAGIC;
    words[DUET_HEADER_VERSION] = DUET_TABLES_VERSION + 1;
    assert_int_equal(duet_tables_open(bytes, size, &tables, &error), DUET_INVALID);
    assert_string_equal(error.text,
                        "rule tables of version 2, expected 1: compile the mapping again");

    words[DUET_HEADER_VERSION] = DUET_TABLES_VERSION;
    bytes[size - 9] ^= 1;
    assert_int_equal(duet_tables_open(bytes, size, &tables, &error), DUET_INVALID);
    assert_string_equal(error.text, "the rule tables' checksum is wrong: the file is damaged");
    free(bytes);
}

static void refuses_a_file_cut_anywhere(void **state)
{
    (void)state;
    size_t size = 0;
    unsigned char *bytes = sample_tables_bytes(&size);
    for (size_t length = 0; length < size; length++) {
        unsigned char *cut = malloc(length + 1);
        memcpy(cut, bytes, length);
        assert_int_equal(open_bytes(cut, length), DUET_INVALID);

        /* The same with a header that doesn't mind. */
        if (length >= DUET_HEADER_WORDS * sizeof(uint32_t) && length % 4 == 0) {
            uint32_t *words = (uint32_t *)(void *)cut;
            words[DUET_HEADER_SIZE] = (uint32_t)length;
            words[DUET_HEADER_CHECKSUM] = duet_tables_checksum(cut, length);
            assert_int_equal(open_bytes(cut, length), DUET_INVALID);
        }
        free(cut);
    }
    free(bytes);
}

/* --- damage ------------------------------------------------------------------------------------------------ */

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

/* Every word in turn, with the checksum made right again. Under the sanitizers an accepted table that lies is caught by
 * walking it. */
static void damaged_words_are_refused_or_harmless(void **state)
{
    (void)state;
    size_t size = 0;
    unsigned char *bytes = sample_tables_bytes(&size);
    uint32_t *words = (uint32_t *)(void *)bytes;
    uint32_t seed = 0x2545f491U;
    size_t refused = 0;
    size_t accepted = 0;
    for (size_t i = 0; i < size / sizeof *words; i++) {
        uint32_t old = words[i];
        const uint32_t values[] = { 0,
                                    1,
                                    old + 1,
                                    old - 1,
                                    0x7fffffffU,
                                    0xffffffffU,
                                    0x80000000U,
                                    next_random(&seed),
                                    next_random(&seed) % 64,
                                    old ^ 1U << next_random(&seed) % 32 };
        for (size_t j = 0; j < sizeof values / sizeof *values; j++) {
            words[i] = values[j];
            uint32_t checksum = words[DUET_HEADER_CHECKSUM];
            if (i != DUET_HEADER_CHECKSUM)
                words[DUET_HEADER_CHECKSUM] = duet_tables_checksum(bytes, size);
            struct duet_tables tables;
            bool opened = duet_tables_open(bytes, size, &tables, NULL) == DUET_OK;
            if (opened)
                walk_tables(&tables);
            accepted += opened;
            refused += !opened;
            words[DUET_HEADER_CHECKSUM] = checksum;
        }
        words[i] = old;
    }
    /* Neither may be all: names, numbers and texts are free, references and counts aren't. */
    assert_true(refused > size / sizeof *words);
    assert_true(accepted > size / sizeof *words);
    assert_int_equal(open_bytes(bytes, size), DUET_OK);
    free(bytes);
}

static void several_damaged_words_are_refused_or_harmless(void **state)
{
    (void)state;
    size_t size = 0;
    unsigned char *sound = sample_tables_bytes(&size);
    unsigned char *bytes = malloc(size);
    uint32_t *words = (uint32_t *)(void *)bytes;
    uint32_t seed = 0x9e3779b9U;
    for (unsigned i = 0; i < 20000; i++) {
        memcpy(bytes, sound, size);
        for (unsigned j = 0; j < 2 + i % 3; j++)
            words[next_random(&seed) % (size / sizeof *words)] = next_random(&seed) % 48;
        words[DUET_HEADER_CHECKSUM] = duet_tables_checksum(bytes, size);
        struct duet_tables tables;
        if (duet_tables_open(bytes, size, &tables, NULL) == DUET_OK)
            walk_tables(&tables);
    }
    free(bytes);
    free(sound);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builder_gives_back_what_was_put_in),
        cmocka_unit_test(sample_has_something_in_every_section),
        cmocka_unit_test(same_rows_give_the_same_bytes),
        cmocka_unit_test(a_text_is_stored_once),
        cmocka_unit_test(matrices_have_whole_words_a_line),
        cmocka_unit_test(formats_cover_every_word_of_a_row),
        cmocka_unit_test(refuses_what_is_no_table),
        cmocka_unit_test(refuses_a_file_cut_anywhere),
        cmocka_unit_test(damaged_words_are_refused_or_harmless),
        cmocka_unit_test(several_damaged_words_are_refused_or_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
