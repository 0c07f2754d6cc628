/* What rows of rule tables promise each other beyond their columns' kinds: called by duet_tables_open() and by nobody else. */
#pragma once

#include "dsl/tables.h"

/* The words in front of the sections: duet_tables_open() reads them, duet_build_finish() writes them. */
enum duet_tables_header {
    DUET_HEADER_MAGIC,
    DUET_HEADER_VERSION,
    DUET_HEADER_SIZE,
    DUET_HEADER_CHECKSUM,
    DUET_HEADER_STRINGS,
    DUET_HEADER_STRINGS_SIZE,
    DUET_HEADER_SECTIONS, /* offset and rows of each */
    DUET_HEADER_WORDS = DUET_HEADER_SECTIONS + 2 * DUET_SECTION_COUNT
};

#define DUET_TABLES_MAGIC 0x54455544U /* "DUET" on a little-endian machine */

/* FNV-1a over what stands behind the checksum's own word. */
uint32_t duet_tables_checksum(const void *bytes, size_t size);

/* Expects tables whose columns are all sound: every reference points to a row, every code is below its limit. */
enum duet_status duet_tables_check(const struct duet_tables *tables, struct duet_error *error);
