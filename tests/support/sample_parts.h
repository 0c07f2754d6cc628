/* What the sample's rule tables are made of: one function adds one row, or a few that belong together, and returns its number. For
 * tests/support/sample_*.c alone. */
#pragma once

#include "dsl/tables_build.h"
#include "tests/support/sample_tables.h"

#define NONE DUET_NONE

struct sample {
    struct duet_tables_builder *builder;
    uint32_t enums[8]; /* status, severity, verdict, reason: left, right */
    uint32_t words[8]; /* legal left, legal right, moves right */
};

/* --- sample_parts.c: rows -------------------------------------------------------------------------------- */

uint32_t sample_str(struct sample *s, const char *text);
uint32_t sample_count(const struct sample *s, enum duet_section section);
uint32_t sample_add(struct sample *s, enum duet_section section, const void *row);

/* "a.b[].c" */
uint32_t sample_path(struct sample *s, const char *text);

/* Names behind each other, "|" between them. */
uint32_t sample_enumeration(struct sample *s, const char *name, const char *values, bool ordered);
/* So many words of bits. */
uint32_t sample_words(struct sample *s, uint32_t number, ...);
/* The bit of a field by its number in its side. */
uint64_t sample_number_of(uint32_t of);

/* --- sample_parts.c: conditions -------------------------------------------------------------------------- */

uint32_t sample_expr(struct sample *s, struct duet_t_expr row);
uint32_t sample_leaf(struct sample *s, enum duet_op op, uint32_t side);
uint32_t sample_field_leaf(struct sample *s, uint32_t field);
uint32_t sample_value_leaf(struct sample *s, uint32_t number, const char *name);
uint32_t sample_text_leaf(struct sample *s, const char *text);
uint32_t sample_number_leaf(struct sample *s, int64_t number);
uint32_t sample_path_leaf(struct sample *s, enum duet_root root, const char *text);
uint32_t sample_join(struct sample *s, enum duet_op op, uint32_t left, uint32_t right);
uint32_t sample_is(struct sample *s, uint32_t field, uint32_t number, const char *name);

/* field in (value 0, value 1) */
uint32_t sample_in(struct sample *s, uint32_t field, const char *first, const char *second);

/* --- sample_parts.c: templates --------------------------------------------------------------------------- */

uint32_t sample_piece(struct sample *s, enum duet_ref ref, const char *text, uint32_t field);
/* A row of that kind with nothing in it. */
struct duet_t_json sample_json_of(enum duet_json_kind kind, uint32_t key);
uint32_t sample_value_json(struct sample *s, const char *key, enum duet_ref ref, uint32_t field);
uint32_t sample_text_json(struct sample *s, const char *key, const char *text);
uint32_t sample_object(struct sample *s, const char *key, uint32_t first, uint32_t children);

/* --- sample_http.c ------------------------------------------------------------------------------------------ */

uint32_t sample_answer_class(struct sample *s, enum duet_answer answer, int64_t http_status);
void sample_left_ops(struct sample *s);
void sample_right_ops(struct sample *s);
uint32_t sample_left_auth(struct sample *s);
uint32_t sample_right_auth(struct sample *s);

/* --- sample_sides.c ----------------------------------------------------------------------------------------- */

void sample_left_fields(struct sample *s);
void sample_right_fields(struct sample *s);
void sample_left_side(struct sample *s);
void sample_right_side(struct sample *s);
