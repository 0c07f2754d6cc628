#include "engine/journal/db.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#define MAX_QUERIES 160
#define EXIT_WORLD_FAILED 3

struct duet_query {
    struct duet_db *db;
    const char *sql;
    sqlite3_stmt *statement; /* NULL: could not be prepared */
    enum duet_status status; /* what preparing, binding or reading made of it */
    int next;                /* parameter to bind */
};

struct duet_db {
    sqlite3 *handle;
    char *path;
    struct duet_error error;
    size_t query_count;
    struct duet_query queries[MAX_QUERIES];
};

static enum duet_status status_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
        return DUET_OK;
    case SQLITE_DONE:
        return DUET_END;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return DUET_BUSY;
    case SQLITE_CONSTRAINT:
        return DUET_CONFLICT;
    case SQLITE_NOTADB:
        return DUET_INVALID;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return DUET_DENIED;
    default: /* SQLite's codes are open-ended */
        return DUET_FAILED;
    }
}

static enum duet_status fail(struct duet_db *db, int code)
{
    const char *why = db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code);
    return duet_fail(&db->error, status_of(code), "'%s': %s", db->path, why);
}

/* --- opening ---------------------------------------------------------------------------------------- */

static enum duet_status expect_file(const char *path, struct duet_error *error)
{
    if (path[0] == '\0')
        return duet_fail(error, DUET_INVALID, "expected the path of a journal, found ''");
    if (strcmp(path, ":memory:") == 0 || access(path, F_OK) == 0)
        return DUET_OK;
    return duet_fail(error, errno == ENOENT ? DUET_NOT_FOUND : DUET_FAILED, "cannot open '%s': %s",
                     path, strerror(errno));
}

static struct duet_db *db_new(const char *path)
{
    struct duet_db *db = calloc(1, sizeof *db);
    char *copy = strdup(path);
    if (db == NULL || copy == NULL) {
        fputs("duet: out of memory\n", stderr);
        exit(EXIT_WORLD_FAILED);
    }
    db->path = copy;
    return db;
}

enum duet_status duet_db_open(const char *path, int busy_ms, struct duet_db **db_out,
                              struct duet_error *error)
{
    enum duet_status status = expect_file(path, error);
    if (status != DUET_OK)
        return status;

    struct duet_db *db = db_new(path);
    int code =
        sqlite3_open_v2(path, &db->handle,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_busy_timeout(db->handle, busy_ms);
    if (code == SQLITE_OK)
        code = sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (code != SQLITE_OK) {
        status = fail(db, code);
        (void)duet_fail(error, status, "cannot open %s", db->error.text);
        duet_db_close(db);
        return status;
    }
    *db_out = db;
    return DUET_OK;
}

static int copy_all(sqlite3 *from, sqlite3 *to)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (!backup)
        return sqlite3_errcode(to);
    int code = sqlite3_backup_step(backup, -1);
    int end = sqlite3_backup_finish(backup);
    return code == SQLITE_DONE ? end : code;
}

enum duet_status duet_db_open_copy(const char *path, int busy_ms, struct duet_db **db_out,
                                   struct duet_error *error)
{
    struct duet_db *from = NULL;
    struct duet_db *to = NULL;
    enum duet_status status = duet_db_open(path, busy_ms, &from, error);
    if (status == DUET_OK)
        status = duet_db_open(":memory:", busy_ms, &to, error);
    if (from && to && status == DUET_OK && copy_all(from->handle, to->handle) != SQLITE_OK)
        status =
            duet_fail(error, DUET_FAILED, "cannot copy '%s': %s", path, sqlite3_errmsg(to->handle));
    duet_db_close(from);
    if (status == DUET_OK)
        *db_out = to;
    else
        duet_db_close(to);
    return status;
}

void duet_db_close(struct duet_db *db)
{
    if (db == NULL)
        return;
    for (size_t i = 0; i < db->query_count; i++)
        (void)sqlite3_finalize(db->queries[i].statement);
    int code = sqlite3_close(db->handle);
    assert(code == SQLITE_OK);
    (void)code;
    free(db->path);
    free(db);
}

static bool keeps_a_log(struct duet_db *db)
{
    if (strcmp(db->path, ":memory:") == 0)
        return true;
    struct duet_query *query = duet_db_query(db, "PRAGMA journal_mode = WAL");
    if (duet_query_step(query) != DUET_OK)
        return false;
    const char *mode = (const char *)sqlite3_column_text(query->statement, 0);
    bool is_wal = mode && strcmp(mode, "wal") == 0;
    if (duet_query_done(query, DUET_OK) != DUET_OK)
        return false;
    if (!is_wal)
        (void)duet_fail(&db->error, DUET_FAILED, "'%s': a write-ahead log can't be kept there",
                        db->path);
    return is_wal;
}

enum duet_status duet_db_make_durable(struct duet_db *db)
{
    if (!keeps_a_log(db))
        return DUET_FAILED;
    return duet_db_script(
        db, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON");
}

const char *duet_db_message(const struct duet_db *db)
{
    return db->error.text;
}

/* --- whole statements --------------------------------------------------------------------------------- */

enum duet_status duet_db_script(struct duet_db *db, const char *sql)
{
    int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? DUET_OK : fail(db, code);
}

enum duet_status duet_db_number(struct duet_db *db, const char *sql, int64_t *number_out)
{
    struct duet_query *query = duet_db_query(db, sql);
    enum duet_status status = duet_query_step(query);
    if (status == DUET_OK)
        *number_out = duet_query_number(query, 0);
    return status == DUET_OK ? duet_query_done(query, DUET_OK) : status;
}

enum duet_status duet_db_begin(struct duet_db *db)
{
    return duet_query_run(duet_db_query(db, "BEGIN IMMEDIATE"), NULL);
}

enum duet_status duet_db_commit(struct duet_db *db)
{
    enum duet_status status = duet_query_run(duet_db_query(db, "COMMIT"), NULL);
    if (status != DUET_OK)
        duet_db_rollback(db);
    return status;
}

/* A full disk and the like make SQLite roll back by itself; the message of what led here must survive. */
void duet_db_rollback(struct duet_db *db)
{
    if (sqlite3_get_autocommit(db->handle))
        return;
    struct duet_error kept = db->error;
    (void)duet_query_run(duet_db_query(db, "ROLLBACK"), NULL);
    db->error = kept;
}

/* --- queries ------------------------------------------------------------------------------------------- */

static struct duet_query *find_query(struct duet_db *db, const char *sql)
{
    for (size_t i = 0; i < db->query_count; i++)
        if (db->queries[i].sql == sql)
            return &db->queries[i];
    assert(db->query_count < MAX_QUERIES);
    struct duet_query *query = &db->queries[db->query_count++];
    *query = (struct duet_query){ .db = db, .sql = sql };
    return query;
}

struct duet_query *duet_db_query(struct duet_db *db, const char *sql)
{
    struct duet_query *query = find_query(db, sql);
    query->next = 1;
    query->status = DUET_OK;
    if (query->statement) {
        assert(!sqlite3_stmt_busy(query->statement));
        return query;
    }
    int code =
        sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &query->statement, NULL);
    if (code != SQLITE_OK)
        query->status = fail(db, code);
    return query;
}

static void note_bound(struct duet_query *query, int code)
{
    if (code != SQLITE_OK && query->status == DUET_OK)
        query->status = fail(query->db, code);
}

void duet_query_bind_number(struct duet_query *query, int64_t number)
{
    int at = query->next++;
    if (query->status == DUET_OK)
        note_bound(query, sqlite3_bind_int64(query->statement, at, number));
}

void duet_query_bind_text(struct duet_query *query, const char *text)
{
    int at = query->next++;
    if (query->status == DUET_OK)
        note_bound(query, sqlite3_bind_text64(query->statement, at, text, text ? strlen(text) : 0,
                                              SQLITE_STATIC, SQLITE_UTF8));
}

void duet_query_bind_bytes(struct duet_query *query, const char *bytes, size_t length)
{
    int at = query->next++;
    if (query->status == DUET_OK)
        note_bound(query, sqlite3_bind_blob64(query->statement, at, bytes, length, SQLITE_STATIC));
}

static enum duet_status finish(struct duet_query *query, enum duet_status status)
{
    if (query->statement) {
        (void)sqlite3_reset(query->statement);
        (void)sqlite3_clear_bindings(query->statement);
    }
    return query->status == DUET_OK ? status : query->status;
}

enum duet_status duet_query_step(struct duet_query *query)
{
    if (query->status != DUET_OK)
        return finish(query, query->status);
    int code = sqlite3_step(query->statement);
    if (code == SQLITE_ROW)
        return DUET_OK;
    if (code != SQLITE_DONE)
        query->status = fail(query->db, code);
    return finish(query, DUET_END);
}

enum duet_status duet_query_run(struct duet_query *query, int64_t *changed_out)
{
    enum duet_status status;
    do
        status = duet_query_step(query);
    while (status == DUET_OK);
    if (status != DUET_END)
        return status;
    if (changed_out)
        *changed_out = sqlite3_changes64(query->db->handle);
    return DUET_OK;
}

enum duet_status duet_query_done(struct duet_query *query, enum duet_status status)
{
    return finish(query, status);
}

/* --- columns ---------------------------------------------------------------------------------------------- */

bool duet_query_is_null(struct duet_query *query, int column)
{
    return sqlite3_column_type(query->statement, column) == SQLITE_NULL;
}

int64_t duet_query_number(struct duet_query *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

const char *duet_query_bytes(struct duet_query *query, int column, struct duet_arena *arena,
                             size_t *length_out)
{
    *length_out = 0;
    if (duet_query_is_null(query, column))
        return NULL;
    const char *bytes = sqlite3_column_blob(query->statement, column);
    int length = sqlite3_column_bytes(query->statement, column);
    if (bytes == NULL && sqlite3_errcode(query->db->handle) == SQLITE_NOMEM)
        query->status = fail(query->db, SQLITE_NOMEM);
    if (bytes == NULL || length < 0)
        return duet_arena_copy_text(arena, "", 0);
    *length_out = (size_t)length;
    return duet_arena_copy_text(arena, bytes, *length_out);
}

const char *duet_query_text(struct duet_query *query, int column, struct duet_arena *arena)
{
    size_t length = 0;
    return duet_query_bytes(query, column, arena, &length);
}

unsigned duet_query_choice(struct duet_query *query, int column, unsigned count)
{
    int64_t number = duet_query_number(query, column);
    if (number >= 0 && number < (int64_t)count)
        return (unsigned)number;
    query->status =
        duet_fail(&query->db->error, DUET_FAILED, "'%s' is damaged: a choice of %u holds %lld",
                  query->db->path, count, (long long)number);
    return 0;
}
