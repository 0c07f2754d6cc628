/* The block is laid out in one way only: header, sections in order without gaps, strings up to the end. So nothing can hide in
 * it, and two blocks with the same rows have the same bytes. */
#include "dsl/tables.h"

#include <assert.h>
#include <string.h>

#include "dsl/tables_check.h"

/* --- the format, from tables.def --------------------------------------------------------------------- */

/* A row's struct has a different name in each section; inside its function it is `row`, so that one set of
 * macros serves all columns. */
#define AT(name) (uint32_t)(offsetof(row, name) / sizeof(uint32_t))
#define COLUMN_STR(name) { #name, DUET_COL_STR, 0, AT(name) },
#define COLUMN_OPT_STR(name) { #name, DUET_COL_OPT_STR, 0, AT(name) },
#define COLUMN_REF(name, section) { #name, DUET_COL_REF, DUET_SECTION_##section, AT(name) },
#define COLUMN_OPT(name, section) { #name, DUET_COL_OPT, DUET_SECTION_##section, AT(name) },
#define COLUMN_RANGE(name, section) { #name, DUET_COL_RANGE, DUET_SECTION_##section, AT(name) },
#define COLUMN_CODE(name, limit) { #name, DUET_COL_CODE, (uint32_t)(limit), AT(name) },
#define COLUMN_NUM(name) { #name, DUET_COL_NUM, 0, AT(name) },
#define COLUMN_MASK(name) { #name, DUET_COL_MASK, 0, AT(name##_lo) },

#define X(upper, lower)                                                                            \
    static const struct duet_section_format *lower##_format(void)                                  \
    {                                                                                              \
        typedef struct duet_t_##lower row;                                                         \
        static const struct duet_column columns[] = { DUET_COLUMNS_##upper(                        \
            COLUMN_STR, COLUMN_OPT_STR, COLUMN_REF, COLUMN_OPT, COLUMN_RANGE, COLUMN_CODE,         \
            COLUMN_NUM, COLUMN_MASK) };                                                            \
        static const struct duet_section_format format = { #lower, columns,                        \
                                                           sizeof columns / sizeof *columns,       \
                                                           sizeof(row) / sizeof(uint32_t) };       \
        return &format;                                                                            \
    }
DUET_SECTIONS(X)
#undef X

const struct duet_section_format *duet_section_format(enum duet_section section)
{
    switch (section) {
#define X(upper, lower)                                                                            \
    case DUET_SECTION_##upper:                                                                     \
        return lower##_format();
        DUET_SECTIONS(X)
#undef X
    case DUET_SECTION_COUNT:
        break;
    }
    assert(section < DUET_SECTION_COUNT);
    return NULL;
}

/* --- the header ---------------------------------------------------------------------------------------- */

uint32_t duet_tables_checksum(const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    uint32_t hash = 2166136261U;
    for (size_t i = (DUET_HEADER_CHECKSUM + 1) * sizeof(uint32_t); i < size; i++)
        hash = (hash ^ at[i]) * 16777619U;
    return hash;
}

static uint32_t byte_swapped(uint32_t word)
{
    return word >> 24 | (word >> 8 & 0xff00U) | (word << 8 & 0xff0000U) | word << 24;
}

static enum duet_status check_header(const uint32_t *words, size_t size, struct duet_error *error)
{
    if (size < DUET_HEADER_WORDS * sizeof *words)
        return duet_fail(error, DUET_INVALID, "%zu bytes are too few for rule tables", size);
    if (words[DUET_HEADER_MAGIC] == byte_swapped(DUET_TABLES_MAGIC))
        return duet_fail(error, DUET_INVALID,
                         "these rule tables are for a machine of another byte order");
    if (words[DUET_HEADER_MAGIC] != DUET_TABLES_MAGIC)
        return duet_fail(error, DUET_INVALID, "these bytes are no rule tables");
    if (words[DUET_HEADER_VERSION] != DUET_TABLES_VERSION)
        return duet_fail(error, DUET_INVALID,
                         "rule tables of version %u, expected %u: compile the mapping again",
                         (unsigned)words[DUET_HEADER_VERSION], DUET_TABLES_VERSION);
    if (size > DUET_TABLES_MAX_BYTES || size % sizeof *words != 0 ||
        words[DUET_HEADER_SIZE] != size)
        return duet_fail(error, DUET_INVALID, "%zu bytes of rule tables where the header says %u",
                         size, (unsigned)words[DUET_HEADER_SIZE]);
    if (words[DUET_HEADER_CHECKSUM] != duet_tables_checksum(words, size))
        return duet_fail(error, DUET_INVALID,
                         "the rule tables' checksum is wrong: the file is damaged");
    return DUET_OK;
}

/* Each section starts where the one before it ended, the strings behind the last, and they reach the end. */
static enum duet_status lay_out(const uint32_t *words, struct duet_tables *tables,
                                struct duet_error *error)
{
    uint64_t at = DUET_HEADER_WORDS;
    uint64_t limit = tables->size / sizeof *words;
    for (unsigned i = 0; i < DUET_SECTION_COUNT; i++) {
        const struct duet_section_format *format = duet_section_format((enum duet_section)i);
        uint32_t offset = words[DUET_HEADER_SECTIONS + 2 * i];
        uint32_t count = words[DUET_HEADER_SECTIONS + 2 * i + 1];
        if (offset != at * sizeof *words || (uint64_t)count * format->words > limit - at)
            return duet_fail(error, DUET_INVALID, "rule tables: section '%s' lies outside the file",
                             format->name);
        tables->sections[i].rows = words + at;
        tables->sections[i].count = count;
        at += (uint64_t)count * format->words;
    }
    tables->strings = (const char *)(words + at);
    tables->strings_size = words[DUET_HEADER_STRINGS_SIZE];
    if (words[DUET_HEADER_STRINGS] != at * sizeof *words || tables->strings_size == 0 ||
        at * sizeof *words + tables->strings_size != tables->size)
        return duet_fail(error, DUET_INVALID, "rule tables: the strings lie outside the file");
    return DUET_OK;
}

/* --- strings --------------------------------------------------------------------------------------------- */

/* The length of the UTF-8 character at `at` (RFC 3629: shortest form, no surrogates), 0 when there is none. */
static size_t character_length(const unsigned char *at, size_t left)
{
    if (at[0] < 0x80)
        return 1;
    size_t length = at[0] < 0xc2 ? 0 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : at[0] < 0xf5 ? 4 : 0;
    if (length == 0 || length > left)
        return 0;
    unsigned lowest = at[0] == 0xe0 ? 0xa0 : at[0] == 0xf0 ? 0x90 : 0x80;
    unsigned highest = at[0] == 0xed ? 0x9f : at[0] == 0xf4 ? 0x8f : 0xbf;
    if (at[1] < lowest || at[1] > highest)
        return 0;
    for (size_t i = 2; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    }
    return length;
}

static enum duet_status check_strings(const struct duet_tables *tables, struct duet_error *error)
{
    const unsigned char *text = (const unsigned char *)tables->strings;
    size_t size = tables->strings_size;
    if (text[size - 1] != '\0')
        return duet_fail(error, DUET_INVALID, "rule tables: the strings have no end");
    for (size_t i = 0; i < size;) {
        size_t length = character_length(text + i, size - i);
        if (length == 0)
            return duet_fail(error, DUET_INVALID,
                             "rule tables: the strings aren't UTF-8 at byte %zu", i);
        i += length;
    }
    return DUET_OK;
}

/* --- rows: what each column's kind says ------------------------------------------------------------------ */

static bool is_string(const struct duet_tables *tables, uint32_t offset)
{
    return offset < tables->strings_size && (offset == 0 || tables->strings[offset - 1] == '\0');
}

/* How many rows of `target` a row of `section` may refer to. */
static uint32_t reachable(const struct duet_tables *tables, uint32_t target, uint32_t section,
                          uint32_t row)
{
    return target == section ? row : tables->sections[target].count;
}

static bool column_holds(const struct duet_tables *tables, uint32_t section, uint32_t row,
                         const struct duet_column *column, const uint32_t *words)
{
    uint32_t value = words[column->word];
    uint32_t argument = column->argument;
    switch (column->kind) {
    case DUET_COL_STR:
        return is_string(tables, value);
    case DUET_COL_OPT_STR:
        return value == DUET_NONE || is_string(tables, value);
    case DUET_COL_REF:
        return value < reachable(tables, argument, section, row);
    case DUET_COL_OPT:
        return value == DUET_NONE || value < reachable(tables, argument, section, row);
    case DUET_COL_RANGE:
        return (uint64_t)value + words[column->word + 1] <=
               reachable(tables, argument, section, row);
    case DUET_COL_CODE:
        return value < argument;
    case DUET_COL_NUM:
    case DUET_COL_MASK:
        return true;
    }
    return false;
}

static enum duet_status check_rows(const struct duet_tables *tables, uint32_t section,
                                   struct duet_error *error)
{
    const struct duet_section_format *format = duet_section_format((enum duet_section)section);
    for (uint32_t row = 0; row < tables->sections[section].count; row++) {
        const uint32_t *words = tables->sections[section].rows + (size_t)row * format->words;
        for (size_t i = 0; i < format->column_count; i++) {
            const struct duet_column *column = &format->columns[i];
            if (!column_holds(tables, section, row, column, words))
                return duet_fail(error, DUET_INVALID, "rule tables: %s %u: '%s' can't be %u",
                                 format->name, (unsigned)row, column->name,
                                 (unsigned)words[column->word]);
        }
    }
    return DUET_OK;
}

enum duet_status duet_tables_open(const void *bytes, size_t size, struct duet_tables *tables_out,
                                  struct duet_error *error)
{
    *tables_out = (struct duet_tables){ .bytes = bytes, .size = size };
    if ((uintptr_t)bytes % _Alignof(uint32_t) != 0)
        return duet_fail(error, DUET_INVALID, "rule tables must lie at a multiple of 4 bytes");

    const uint32_t *words = bytes;
    enum duet_status status = check_header(words, size, error);
    if (status == DUET_OK)
        status = lay_out(words, tables_out, error);
    if (status == DUET_OK)
        status = check_strings(tables_out, error);
    for (uint32_t i = 0; i < DUET_SECTION_COUNT && status == DUET_OK; i++)
        status = check_rows(tables_out, i, error);
    return status == DUET_OK ? duet_tables_check(tables_out, error) : status;
}

bool duet_matrix_bit(const struct duet_tables *tables, uint32_t words, uint32_t columns,
                     uint32_t line, uint32_t column)
{
    uint32_t per_line = (columns + 31U) / 32U;
    const struct duet_t_word *word = duet_word_row(tables, words + line * per_line + column / 32U);
    return (word->bits >> (column % 32U) & 1U) != 0;
}
