/* A database: statements, transactions, and in words what went wrong. SQLite stands behind it; this is all the SQL of this
 * folder needs of one, so that another can take its place (parameters are written ?1, ?2, ...).
 *
 * The caller owns the database; its queries belong to it. One thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dsl/arena.h"
#include "dsl/status.h"

struct duet_db;    /* opaque: fields live in db.c */
struct duet_query; /* the same */

/* Opens a file that exists, which may be empty (else DUET_NOT_FOUND), or ":memory:"; changes nothing in it. Commits wait up to
 * busy_ms for another process's. */
enum duet_status duet_db_open(const char *path, int busy_ms, struct duet_db **db_out,
                              struct duet_error *error);
void duet_db_close(struct duet_db *db);

/* A copy in memory of the database at `path`, as it is at one moment, also while others write. The file isn't changed. */
enum duet_status duet_db_open_copy(const char *path, int busy_ms, struct duet_db **db_out,
                                   struct duet_error *error);

/* Durable commits (write-ahead log, every commit synced), foreign keys. Changes the file. */
enum duet_status duet_db_make_durable(struct duet_db *db);

/* Of the last call that failed: DUET_BUSY, DUET_CONFLICT (a constraint), DUET_INVALID (not a database), DUET_FAILED. */
const char *duet_db_message(const struct duet_db *db);

/* Statements without parameters, one after the other; for schemas and settings. */
enum duet_status duet_db_script(struct duet_db *db, const char *sql);

/* The first column of the first row of a statement without parameters. */
enum duet_status duet_db_number(struct duet_db *db, const char *sql, int64_t *number_out);

/* A transaction for writing holds the only right to write from its start on. rollback is fine without one. */
enum duet_status duet_db_begin(struct duet_db *db);
enum duet_status duet_db_commit(struct duet_db *db);
void duet_db_rollback(struct duet_db *db);

/* A statement, ready to be bound. Kept for the next time by the address of `sql`, which must be a literal. Never NULL: what
 * goes wrong is told by step or run. Not while the same statement still gives rows. */
struct duet_query *duet_db_query(struct duet_db *db, const char *sql);

/* Each binds the next parameter, from ?1 on. What is bound must live until the query is done. NULL binds null. */
void duet_query_bind_number(struct duet_query *query, int64_t number);
void duet_query_bind_text(struct duet_query *query, const char *text);
void duet_query_bind_bytes(struct duet_query *query, const char *bytes, size_t length);

/* DUET_OK: there is a row. DUET_END: no more; the query is done. Anything else: failed and done. */
enum duet_status duet_query_step(struct duet_query *query);

/* All of a statement that gives no rows, or whose rows don't matter. changed_out (may be NULL): rows written. */
enum duet_status duet_query_run(struct duet_query *query, int64_t *changed_out);

/* Done before the last row. A value that read wrong (see below) makes `status` DUET_FAILED, else it comes back. */
enum duet_status duet_query_done(struct duet_query *query, enum duet_status status);

/* Columns of the row, from 0. A text that is null is NULL. A choice outside 0 to count - 1 gives 0 and fails the query. */
bool duet_query_is_null(struct duet_query *query, int column);
int64_t duet_query_number(struct duet_query *query, int column);
const char *duet_query_text(struct duet_query *query, int column, struct duet_arena *arena);
const char *duet_query_bytes(struct duet_query *query, int column, struct duet_arena *arena,
                             size_t *length_out);
unsigned duet_query_choice(struct duet_query *query, int column, unsigned count);
