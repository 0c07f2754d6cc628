/* A new schema is one more entry in `upgrades`; what stands there never changes, because files made by it exist. */
#include "engine/journal/schema.h"

#include <string.h>

#include "engine/journal/journal.h"

#define APPLICATION_ID 0x64756574 /* "duet" */
#define TABLES 12

/* Larger files are checked page by page as they are read, and whole by duet_schema_verify(): a start must not take minutes. */
#define CHECK_WHOLE_BYTES (INT64_C(64) << 20)

static const char first_schema[] =
    "CREATE TABLE owner ("
    " id INTEGER PRIMARY KEY,"
    " kind INTEGER NOT NULL CHECK (kind IN (0, 1)),"
    " name TEXT NOT NULL,"
    " epoch INTEGER NOT NULL DEFAULT 0,"
    " UNIQUE (kind, name)) STRICT;"

    "CREATE TABLE memory ("
    " owner INTEGER NOT NULL REFERENCES owner,"
    " name TEXT NOT NULL,"
    " text TEXT NOT NULL,"
    " PRIMARY KEY (owner, name)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE source ("
    " id INTEGER PRIMARY KEY,"
    " owner INTEGER NOT NULL REFERENCES owner,"
    " side TEXT NOT NULL,"
    " cursor TEXT,"
    " polled INTEGER NOT NULL DEFAULT 0,"
    " swept INTEGER NOT NULL DEFAULT 0,"
    " latest INTEGER NOT NULL DEFAULT 0," /* the latest read_began of its rows, ever */
    " UNIQUE (owner, side)) STRICT;"

    "CREATE TABLE inbox ("
    " id INTEGER PRIMARY KEY,"
    " source INTEGER NOT NULL REFERENCES source,"
    " key TEXT NOT NULL,"
    " raw BLOB NOT NULL,"
    " version TEXT,"
    " hash INTEGER NOT NULL,"
    " read_began INTEGER NOT NULL,"
    " state INTEGER NOT NULL CHECK (state IN (0, 1, 2)),"
    " reason TEXT,"
    " arrived INTEGER NOT NULL,"
    " revision INTEGER NOT NULL,"
    " UNIQUE (source, key),"
    " UNIQUE (source, arrived)) STRICT;"
    "CREATE INDEX inbox_fresh ON inbox (source, arrived) WHERE state = 0;"
    "CREATE INDEX inbox_quarantined ON inbox (source, arrived) WHERE state = 2;"
    "CREATE TABLE awaited ("
    " source INTEGER NOT NULL REFERENCES source,"
    " key TEXT NOT NULL,"
    " after INTEGER NOT NULL,"
    " PRIMARY KEY (source, key)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE link ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " owner INTEGER NOT NULL REFERENCES owner,"
    " mapping TEXT NOT NULL,"
    " left_source INTEGER NOT NULL REFERENCES source,"
    " left_key TEXT NOT NULL,"
    " right_source INTEGER NOT NULL REFERENCES source,"
    " right_key TEXT NOT NULL,"
    " state TEXT NOT NULL DEFAULT '',"
    " shown TEXT NOT NULL DEFAULT '',"
    " left_gone INTEGER NOT NULL DEFAULT 0,"
    " right_gone INTEGER NOT NULL DEFAULT 0,"
    " created INTEGER NOT NULL,"
    " buried INTEGER NOT NULL DEFAULT 0,"
    " epitaph TEXT,"
    " UNIQUE (owner, mapping, left_key),"
    " UNIQUE (owner, mapping, right_key)) STRICT;"
    "CREATE INDEX link_left ON link (left_source, left_key);"
    "CREATE INDEX link_right ON link (right_source, right_key);"
    "CREATE INDEX link_shown ON link (owner, id) WHERE shown <> '';"
    "CREATE INDEX link_owner ON link (owner, id);"

    "CREATE TABLE creation ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " owner INTEGER NOT NULL REFERENCES owner,"
    " mapping TEXT NOT NULL,"
    " origin INTEGER NOT NULL CHECK (origin IN (0, 1)),"
    " origin_key TEXT NOT NULL,"
    " claim TEXT NOT NULL,"
    " operation TEXT NOT NULL,"
    " target_key TEXT,"
    " state INTEGER NOT NULL CHECK (state IN (0, 1, 2)),"
    " at INTEGER NOT NULL,"
    " UNIQUE (owner, mapping, origin, origin_key)) STRICT;"
    "CREATE INDEX creation_owner ON creation (owner, id);"

    "CREATE TABLE intent ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " owner INTEGER NOT NULL REFERENCES owner,"
    " operation TEXT NOT NULL,"
    " link INTEGER NOT NULL,"
    " side INTEGER NOT NULL CHECK (side IN (0, 1)),"
    " key TEXT,"
    " body_hash INTEGER NOT NULL,"
    " what TEXT NOT NULL,"
    " parts TEXT,"
    " epoch INTEGER NOT NULL,"
    " at INTEGER NOT NULL,"
    " outcome INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 6),"
    " text TEXT,"
    " decided INTEGER NOT NULL DEFAULT 0,"
    " UNIQUE (owner, operation)) STRICT;"
    "CREATE INDEX intent_open ON intent (owner, id) WHERE outcome < 2;"
    "CREATE INDEX intent_decided ON intent (owner, decided) WHERE outcome >= 2;"

    "CREATE TABLE note ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " link INTEGER NOT NULL REFERENCES link ON DELETE CASCADE,"
    " origin INTEGER NOT NULL CHECK (origin IN (0, 1)),"
    " origin_note TEXT NOT NULL,"
    " part INTEGER NOT NULL,"
    " target_note TEXT,"
    " mark TEXT,"
    " state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4),"
    " text TEXT,"
    " at INTEGER NOT NULL,"
    " UNIQUE (link, origin, origin_note, part)) STRICT;"
    "CREATE UNIQUE INDEX note_target ON note (link, origin, target_note) WHERE target_note IS NOT "
    "NULL;"
    "CREATE UNIQUE INDEX note_mark ON note (link, origin, mark) WHERE mark IS NOT NULL;"
    "CREATE INDEX note_uncertain ON note (link) WHERE state = 3;"

    "CREATE TABLE signal ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " owner INTEGER NOT NULL REFERENCES owner,"
    " side TEXT NOT NULL,"
    " key TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " data TEXT,"
    " at INTEGER NOT NULL) STRICT;"
    "CREATE INDEX signal_owner ON signal (owner, id);"

    "CREATE TABLE hint ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " source INTEGER NOT NULL REFERENCES source,"
    " key TEXT NOT NULL,"
    " at INTEGER NOT NULL,"
    " UNIQUE (source, key)) STRICT;"
    "CREATE INDEX hint_source ON hint (source, id);"

    "CREATE TABLE ledger ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " owner INTEGER NOT NULL REFERENCES owner,"
    " at INTEGER NOT NULL,"
    " kind TEXT NOT NULL," /* by name: kinds come and go, rows stay */
    " link INTEGER NOT NULL,"
    " left_key TEXT,"
    " right_key TEXT,"
    " field TEXT,"
    " side INTEGER NOT NULL CHECK (side IN (0, 1)),"
    " from_value TEXT,"
    " to_value TEXT,"
    " lost_value TEXT,"
    " cause TEXT,"
    " file TEXT,"
    " line INTEGER NOT NULL,"
    " operation TEXT) STRICT;"
    "CREATE INDEX ledger_owner ON ledger (owner, id);"
    "CREATE INDEX ledger_left ON ledger (owner, left_key, id);"
    "CREATE INDEX ledger_right ON ledger (owner, right_key, id);"
    "CREATE INDEX ledger_link ON ledger (owner, link, id);"
    "CREATE TRIGGER ledger_unchanged BEFORE UPDATE ON ledger"
    " BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;"
    "CREATE TRIGGER ledger_undeleted BEFORE DELETE ON ledger"
    " BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;"
    "PRAGMA application_id = 0x64756574;"
    "PRAGMA user_version = 1;";

/* upgrades[n] makes version n + 1 of version n, and says so in user_version. */
static const char *const upgrades[DUET_JOURNAL_SCHEMA] = { first_schema };

static enum duet_status copy_failure(struct duet_db *db, const char *path, enum duet_status status,
                                     struct duet_error *error)
{
    if (status == DUET_INVALID)
        return duet_fail(error, DUET_INVALID, "'%s' is not a journal of duet", path);
    return duet_fail(error, status, "%s", duet_db_message(db));
}

static enum duet_status look_at_contents(struct duet_db *db, const char *path,
                                         struct duet_error *error)
{
    int64_t pages = 0, page_size = 0, tables = 0;
    enum duet_status status = duet_db_number(db, "PRAGMA page_count", &pages);
    if (status == DUET_OK)
        status = duet_db_number(db, "PRAGMA page_size", &page_size);
    if (status == DUET_OK && pages <= CHECK_WHOLE_BYTES / page_size)
        status = duet_schema_verify(db, path, error);
    else if (status != DUET_OK)
        status = copy_failure(db, path, status, error);
    if (status != DUET_OK)
        return status;

    status = duet_db_number(
        db,
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('owner', 'memory',"
        " 'source', 'inbox', 'awaited', 'link', 'creation', 'intent', 'note', 'signal', 'hint',"
        " 'ledger')",
        &tables);
    if (status != DUET_OK)
        return copy_failure(db, path, status, error);
    if (tables != TABLES)
        return duet_fail(error, DUET_INVALID, "'%s' is damaged: expected %d tables, found %d", path,
                         TABLES, (int)tables);
    return DUET_OK;
}

enum duet_status duet_schema_look(struct duet_db *db, const char *path,
                                  enum duet_schema_state *state_out, struct duet_error *error)
{
    int64_t application = 0, version = 0, objects = 0;
    enum duet_status status = duet_db_number(db, "PRAGMA application_id", &application);
    if (status == DUET_OK)
        status = duet_db_number(db, "PRAGMA user_version", &version);
    if (status == DUET_OK)
        status = duet_db_number(db, "SELECT count(*) FROM sqlite_schema", &objects);
    if (status != DUET_OK)
        return copy_failure(db, path, status, error);

    if (application == 0 && version == 0 && objects == 0) {
        *state_out = DUET_SCHEMA_EMPTY;
        return DUET_OK;
    }
    if (application != APPLICATION_ID)
        return duet_fail(error, DUET_INVALID,
                         "'%s' belongs to another program, it is not a journal of duet", path);
    if (version > DUET_JOURNAL_SCHEMA)
        return duet_fail(error, DUET_INVALID,
                         "'%s' was made by a newer duet: it has schema %lld, expected %d at most",
                         path, (long long)version, DUET_JOURNAL_SCHEMA);
    if (version < 1)
        return duet_fail(error, DUET_INVALID, "'%s' is damaged: schema %lld", path,
                         (long long)version);
    *state_out = version < DUET_JOURNAL_SCHEMA ? DUET_SCHEMA_OLDER : DUET_SCHEMA_CURRENT;
    return *state_out == DUET_SCHEMA_CURRENT ? look_at_contents(db, path, error) : DUET_OK;
}

enum duet_status duet_schema_upgrade(struct duet_db *db)
{
    enum duet_status status = duet_db_begin(db);
    if (status != DUET_OK)
        return status;
    int64_t version = 0; /* read again: another process may have been first */
    status = duet_db_number(db, "PRAGMA user_version", &version);
    for (int64_t at = version; status == DUET_OK && at < DUET_JOURNAL_SCHEMA; at++)
        status = duet_db_script(db, upgrades[at]);
    if (status == DUET_OK)
        return duet_db_commit(db);
    duet_db_rollback(db);
    return status;
}

static enum duet_status verify_references(struct duet_db *db, const char *path,
                                          struct duet_error *error)
{
    struct duet_query *query = duet_db_query(db, "PRAGMA foreign_key_check");
    enum duet_status status = duet_query_step(query);
    if (status == DUET_END)
        return DUET_OK;
    if (status != DUET_OK)
        return copy_failure(db, path, status, error);
    (void)duet_query_done(query, DUET_OK);
    return duet_fail(error, DUET_INVALID, "'%s' is damaged: a row belongs to one that isn't there",
                     path);
}

enum duet_status duet_schema_verify(struct duet_db *db, const char *path, struct duet_error *error)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_query *query = duet_db_query(db, "PRAGMA integrity_check(1)");
    enum duet_status status = duet_query_step(query);
    if (status != DUET_OK) {
        (void)copy_failure(db, path, status, error);
        goto done;
    }
    const char *finding = duet_query_text(query, 0, arena);
    status = duet_query_done(query, DUET_OK);
    if (status != DUET_OK)
        (void)copy_failure(db, path, status, error);
    else if (finding == NULL || strcmp(finding, "ok") != 0)
        status = duet_fail(error, DUET_INVALID, "'%s' is damaged: %s", path,
                           finding ? finding : "it can't be checked");
    else
        status = verify_references(db, path, error);

done:
    duet_arena_free(arena);
    return status;
}
