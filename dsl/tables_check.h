/* What rows of rule tables promise each other beyond their columns' kinds; behind duet_tables_open(), for nobody else.
 *
 * tables_check.c counts and looks at the sides, tables_check_expr.c at conditions and templates, tables_check_record.c at
 * fields, tables_check_http.c at requests, tables_check_mapping.c at the mapping. Each function expects tables whose
 * columns are sound (references point to rows, codes are below their limits), and answers false after it has
 * written the one message. */
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

/* The whole of it. */
enum duet_status duet_tables_check(const struct duet_tables *tables, struct duet_error *error);

/* --- what the parts share ------------------------------------------------------------------------------ */

/* What a condition looks at, so that each place can say what it has to offer. */
enum duet_expr_use {
    DUET_USES_LEFT_FIELD = 1,
    DUET_USES_RIGHT_FIELD = 2,
    DUET_USES_LEFT_CLOSED = 4,
    DUET_USES_RIGHT_CLOSED = 8,
    DUET_USES_LEFT_MERGED = 16,
    DUET_USES_RIGHT_MERGED = 32,
    DUET_USES_BASE = 64,   /* changed, was */
    DUET_USES_ANSWER = 128 /* a path */
};

struct duet_tree_facts {
    uint16_t uses; /* of an expression: enum duet_expr_use */
    uint8_t depth; /* a leaf has 1 */
    bool
        is_part; /* of another row: each row has one parent at most, so that a walk is never longer than the section */
};

struct duet_check {
    const struct duet_tables *tables;
    struct duet_error *error;
    struct duet_tree_facts *exprs; /* one for each row of EXPR */
    struct duet_tree_facts *jsons; /* one for each row of JSON */
    uint64_t steps_left; /* of ranges that may overlap, so that checking ends soon for any bytes */
};

/* Passes `holds` on; when it is false the message is "rule tables: SECTION ROW: WHAT". */
bool duet_check_that(struct duet_check *check, bool holds, enum duet_section section, uint32_t row,
                     const char *what);

/* Takes `count` steps; false when there were too many. */
bool duet_check_steps(struct duet_check *check, uint64_t count, enum duet_section section,
                      uint32_t row);

/* False for DUET_NONE too. */
bool duet_check_is_own_field(const struct duet_check *check, enum duet_side side, uint32_t field);

/* True for DUET_NONE. */
bool duet_check_may_be_own_field(const struct duet_check *check, enum duet_side side,
                                 uint32_t field);

enum duet_type duet_check_type(const struct duet_check *check, uint32_t field);

/* 0 for a field that is no enum. */
uint32_t duet_check_value_count(const struct duet_check *check, uint32_t field);

/* No bit of a mask at or above `count`. */
bool duet_check_mask_within(uint32_t lo, uint32_t hi, uint32_t count);

/* Words of a matrix: as many as lines and columns need, no bit beyond the columns. */
bool duet_check_matrix(struct duet_check *check, uint32_t words, uint32_t word_count,
                       uint32_t lines, uint32_t columns);

/* A setting of that name on the side, or NULL. */
const struct duet_t_setting *duet_check_setting(const struct duet_check *check, enum duet_side side,
                                                uint32_t name);

/* A row that is judged (not an operand such as a text), and looks at nothing but `allowed`. True for DUET_NONE. */
bool duet_check_condition(const struct duet_check *check, uint32_t expr, unsigned allowed);

/* What conditions on one side's records may use. */
unsigned duet_check_uses_of_side(enum duet_side side);

/* --- the parts ------------------------------------------------------------------------------------------ */

/* Fills `exprs` and `jsons`; comes first. */
bool duet_check_exprs(struct duet_check *check);
bool duet_check_jsons(struct duet_check *check);
bool duet_check_plain_rows(
    struct duet_check *check); /* enums, values, paths, transforms: rows that belong to no side */
bool duet_check_record(struct duet_check *check, enum duet_side side);
bool duet_check_http(struct duet_check *check, enum duet_side side);
bool duet_check_mapping(struct duet_check *check);
