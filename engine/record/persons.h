/* Who is who: a tenant's table of persons, one row a person, one column a side and key (`siem.id`, `soar.login`).
 *
 * The table is injective both ways or refused: no text may stand in two rows of one side, whatever the column, since a system may
 * show a person by any of its keys. ASCII letter case is ignored (logins and addresses), surrounding blanks too. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "dsl/tables.h"

#define DUET_PERSONS_MAX_ROWS 200000U
#define DUET_PERSONS_MAX_BYTES (64U << 20)

struct duet_persons;

/* Parses the text of a CSV file (RFC 4180; the first line names the columns; a column is SIDE.key or SYSTEM.key; empty cells are no key). On
 * DUET_INVALID `error` names `name`, the lines and the texts that clash. The caller owns the table. */
enum duet_status duet_persons_parse(const struct duet_tables *tables, const char *name,
                                    const char *text, size_t length,
                                    struct duet_persons **persons_out, struct duet_error *error);
void duet_persons_free(struct duet_persons *persons); /* NULL is fine */

/* An abstract table for proofs and tests: `rows` persons named p0, p1, ... with every key of both sides. */
struct duet_persons *duet_persons_new_abstract(const struct duet_tables *tables, uint32_t rows);

uint32_t duet_persons_rows(const struct duet_persons *persons);

/* The row that a text names on a side, or DUET_NONE. */
uint32_t duet_persons_find(const struct duet_persons *persons, enum duet_side side,
                           const char *text);

/* A row's text for a key (`login`); NULL when the cell is empty or there is no such column. */
const char *duet_persons_cell(const struct duet_persons *persons, uint32_t row, enum duet_side side,
                              const char *key);
