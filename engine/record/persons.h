/* Who is who: a tenant's table of persons, one row a person, one column a side and key (`siem.id`, `soar.login`).
 *
 * The table is injective both ways or refused: no text may stand in two rows of one side, whatever the column, since a system may
 * show a person by any of its keys. ASCII letter case is ignored (logins and addresses), surrounding blanks too. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "dsl/arena.h"
#include "dsl/tables.h"

#define DUET_PERSONS_MAX_ROWS 200000U
#define DUET_PERSONS_MAX_BYTES (64U << 20)

struct duet_persons;

/* Parses the text of a CSV file (RFC 4180; the first line names the columns; a column is SIDE.key or SYSTEM.key; empty cells are no key). On
 * DUET_INVALID `error` names `name`, the lines and the texts that clash. The caller owns the table. */
enum duet_status duet_persons_parse(const struct duet_tables *tables, const char *name,
                                    const char *text, size_t length,
                                    struct duet_persons **persons_out, struct duet_error *error);

/* Whether a mapping can work with the table under the name `table`: some field goes by it, and each side that is written by it has a column
 * that names a person there. DUET_NOT_FOUND: no field goes by `table`; DUET_INVALID: a column is missing; `error` says which there are.
 * `name` is the file's. */
enum duet_status duet_persons_serve(const struct duet_persons *persons,
                                    const struct duet_tables *tables, const char *table,
                                    const char *name, struct duet_error *error);
void duet_persons_free(struct duet_persons *persons); /* NULL is fine */

/* An abstract table for proofs and tests: `rows` persons named p0, p1, ... with every key of both sides. */
struct duet_persons *duet_persons_new_abstract(const struct duet_tables *tables, uint32_t rows);

uint32_t duet_persons_rows(const struct duet_persons *persons);

/* The row that a text names on a side, or DUET_NONE. */
uint32_t duet_persons_find(const struct duet_persons *persons, enum duet_side side,
                           const char *text);

/* The index-th column as the first line names it; NULL: there are no more. */
const char *duet_persons_header(const struct duet_persons *persons, uint32_t index);

/* Whether that column is the side's. */
bool duet_persons_header_is(const struct duet_persons *persons, uint32_t index,
                            enum duet_side side);

/* All of them for a message: "'siem.id', 'soar.login'". */
const char *duet_persons_headers(const struct duet_persons *persons, struct duet_arena *arena);

/* Whether a side has a column for a key, filled or not. */
bool duet_persons_has(const struct duet_persons *persons, enum duet_side side, const char *key);

/* A row's text for a key (`login`); NULL when the cell is empty or there is no such column. */
const char *duet_persons_cell(const struct duet_persons *persons, uint32_t row, enum duet_side side,
                              const char *key);
