/* Rule tables for people: the dump of `duet dump`, one condition, and what changed between two versions of a mapping. */
#pragma once

#include <stdio.h>

#include "dsl/tables.h"

/* Every row of every section, by name, references resolved to what they point at; stable for golden tests. */
void duet_tables_dump(const struct duet_tables *tables, FILE *out);

/* The condition in row `row` of EXPR, spelled as in a mapping, cut with "..." where it is very long. */
void duet_tables_write_condition(const struct duet_tables *tables, uint32_t row, FILE *out);

/* Rule by rule: which units (bits by unit number of `b`) mean something else in `b` than in `a`, places in files apart.
 * A unit that `a` lacks counts as changed. Links, creation, notes, http and a unit that `b` lacks are `other_out`. */
uint64_t duet_tables_changed_units(const struct duet_tables *a, const struct duet_tables *b,
                                   bool *other_out);

/* The sums that duet_tables_changed_units() compares, to be kept for a comparison with a version that is yet to come: of a unit, by its
 * number, and of `other_out`. The same in every process and in every version of duet with the same format of tables. */
uint64_t duet_tables_unit_sum(const struct duet_tables *tables, uint32_t unit);
uint64_t duet_tables_other_sum(const struct duet_tables *tables);

/* What of `other_out` two linked records are planned with: creations and the releases of notes apart. */
uint64_t duet_tables_frame_sum(const struct duet_tables *tables);
