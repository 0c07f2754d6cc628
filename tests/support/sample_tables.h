/* Rule tables by hand: two small systems with something in every section, without the compiler. */
#pragma once

#include "dsl/tables_build.h"

/* Rows that tests look for. */
enum sample_field {
    SAMPLE_LEFT_KEY,
    SAMPLE_LEFT_VERSION,
    SAMPLE_LEFT_MODIFIED,
    SAMPLE_LEFT_TITLE,
    SAMPLE_LEFT_STATUS,
    SAMPLE_LEFT_SEVERITY,
    SAMPLE_LEFT_OWNER,
    SAMPLE_LEFT_VERDICT,
    SAMPLE_LEFT_REASON,
    SAMPLE_LEFT_COUNT,
    SAMPLE_RIGHT_KEY,
    SAMPLE_RIGHT_MODIFIED,
    SAMPLE_RIGHT_TITLE,
    SAMPLE_RIGHT_STATUS,
    SAMPLE_RIGHT_SEVERITY,
    SAMPLE_RIGHT_OWNER,
    SAMPLE_RIGHT_VERDICT,
    SAMPLE_RIGHT_REASON,
    SAMPLE_RIGHT_CLAIM,
    SAMPLE_RIGHT_OPEN,
    SAMPLE_FIELDS
};

enum sample_unit {
    SAMPLE_UNIT_STATUS,
    SAMPLE_UNIT_VERDICT,
    SAMPLE_UNIT_SEVERITY,
    SAMPLE_UNIT_TITLE,
    SAMPLE_UNIT_OWNER,
    SAMPLE_UNITS
};

/* The caller owns the builder; change rows before finishing it to get tables that lie. */
struct duet_tables_builder *sample_tables_builder(void);

/* The finished block; free() it. */
unsigned char *sample_tables_bytes(size_t *size_out);

/* A word of a row by its column's name; of ranges and masks the second word too, as NAME_count and NAME_hi. NULL: no such column. */
uint32_t *sample_tables_column(struct duet_tables_builder *builder, enum duet_section section,
                               uint32_t number, const char *column);
