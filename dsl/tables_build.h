/* Builds rule tables row by row; the compiler's last pass (lower.c) is its user, and tests that damage a table. */
#pragma once

#include "dsl/tables.h"

struct duet_tables_builder;

/* The caller owns the builder; freeing NULL is fine. */
struct duet_tables_builder *duet_tables_builder_new(void);
void duet_tables_builder_free(struct duet_tables_builder *builder);

/* Each text is stored once. NULL gives DUET_NONE. */
uint32_t duet_build_str(struct duet_tables_builder *builder, const char *text);

/* Copies the row (struct duet_t_...) behind the section's last one; returns its index. */
uint32_t duet_build_row(struct duet_tables_builder *builder, enum duet_section section,
                        const void *row);

/* How many rows a section has by now: the `first` of a range that is about to be built. */
uint32_t duet_build_count(const struct duet_tables_builder *builder, enum duet_section section);

/* A row to be changed in place; valid until the next duet_build_row() on the section. */
void *duet_build_at(struct duet_tables_builder *builder, enum duet_section section, uint32_t index);

/* The finished block: allocated, owned by the caller (free()), 8-byte aligned. Same rows, same bytes. */
unsigned char *duet_build_finish(const struct duet_tables_builder *builder, size_t *size_out);
