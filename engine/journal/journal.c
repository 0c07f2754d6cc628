/* The file, transactions, owners. The other subjects of journal.h have a file each. */
#include "engine/journal/journal.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/journal/schema.h"
#include "engine/journal/store.h"

#define EXIT_WORLD_FAILED 3

/* --- the file ------------------------------------------------------------------------------------------- */

static struct duet_journal *journal_new(const char *path, struct duet_db *db, bool looking)
{
    struct duet_journal *journal = calloc(1, sizeof *journal);
    char *copy = strdup(path);
    if (journal == NULL || copy == NULL) {
        fputs("duet: out of memory\n", stderr);
        exit(EXIT_WORLD_FAILED);
    }
    *journal = (struct duet_journal){ .db = db, .path = copy, .looking = looking };
    return journal;
}

static enum duet_status make_ready(struct duet_db *db, enum duet_schema_state state,
                                   struct duet_error *error)
{
    enum duet_status status = duet_db_make_durable(db);
    if (status == DUET_OK && state != DUET_SCHEMA_CURRENT)
        status = duet_schema_upgrade(db);
    return status == DUET_OK ? DUET_OK : duet_fail(error, status, "%s", duet_db_message(db));
}

static enum duet_status open_db(const char *path, struct duet_db *db, bool looking,
                                struct duet_journal **journal_out, struct duet_error *error)
{
    enum duet_schema_state state = DUET_SCHEMA_EMPTY;
    enum duet_status status = duet_schema_look(db, path, &state, error);
    if (status == DUET_OK && looking && state != DUET_SCHEMA_CURRENT)
        status = duet_fail(error, DUET_INVALID, "'%s' %s", path,
                           state == DUET_SCHEMA_EMPTY
                               ? "is empty, expected a journal of duet"
                               : "was made by an older duet: `duet run` brings it up to date");
    if (status == DUET_OK)
        status = make_ready(db, state, error);
    if (status != DUET_OK) {
        duet_db_close(db);
        return status;
    }
    *journal_out = journal_new(path, db, looking);
    return DUET_OK;
}

static enum duet_status open_file(const char *path, bool looking, struct duet_journal **journal_out,
                                  struct duet_error *error)
{
    struct duet_db *db = NULL;
    enum duet_status status = duet_db_open(path, DUET_JOURNAL_BUSY_MS, &db, error);
    return status == DUET_OK ? open_db(path, db, looking, journal_out, error) : status;
}

/* A new journal is made whole under another name (with mode 0600) and then given its own, so that neither a crash nor a second
 * process that does the same leaves or sees half of one. Whoever comes second opens the first one's. */
static enum duet_status make_file(const char *path, struct duet_error *error)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_journal *journal = NULL;
    char *draft = duet_arena_format(arena, "%s.XXXXXX", path);
    enum duet_status status = DUET_OK;
    int fd = mkstemp(draft);
    if (fd < 0) {
        status = duet_fail(error, DUET_FAILED, "cannot make '%s': %s", path, strerror(errno));
        goto done;
    }
    (void)close(fd); /* before the database is opened: closing later would drop its locks */
    status = open_file(draft, false, &journal, error);
    duet_journal_close(journal);
    if (status == DUET_OK && link(draft, path) != 0 && errno != EEXIST)
        status = duet_fail(error, DUET_FAILED, "cannot make '%s': %s", path, strerror(errno));
    (void)unlink(draft);

done:
    duet_arena_free(arena);
    return status;
}

enum duet_status duet_journal_open(const char *path, struct duet_journal **journal_out,
                                   struct duet_error *error)
{
    enum duet_status status = open_file(path, false, journal_out, error);
    if (status != DUET_NOT_FOUND)
        return status;
    status = make_file(path, error);
    return status == DUET_OK ? open_file(path, false, journal_out, error) : status;
}

enum duet_status duet_journal_open_existing(const char *path, struct duet_journal **journal_out,
                                            struct duet_error *error)
{
    return open_file(path, true, journal_out, error);
}

enum duet_status duet_journal_open_copy(const char *path, struct duet_journal **journal_out,
                                        struct duet_error *error)
{
    struct duet_db *db = NULL;
    enum duet_status status = duet_db_open_copy(path, DUET_JOURNAL_BUSY_MS, &db, error);
    return status == DUET_OK ? open_db(path, db, false, journal_out, error) : status;
}

void duet_journal_close(struct duet_journal *journal)
{
    if (journal == NULL)
        return;
    duet_journal_rollback(journal);
    duet_db_close(journal->db);
    free(journal->path);
    free(journal);
}

const char *duet_journal_message(const struct duet_journal *journal)
{
    return journal->error.text;
}

enum duet_status duet_journal_verify(struct duet_journal *journal)
{
    return duet_schema_verify(journal->db, journal->path, &journal->error);
}

/* --- transactions ------------------------------------------------------------------------------------------ */

enum duet_status duet_journal_begin(struct duet_journal *journal)
{
    assert(!journal->open);
    enum duet_status status = duet_db_begin(journal->db);
    if (status != DUET_OK)
        return duet_store_failed(journal, status);
    journal->open = true;
    journal->spoiled = DUET_OK;
    return DUET_OK;
}

enum duet_status duet_journal_commit(struct duet_journal *journal)
{
    assert(journal->open);
    journal->open = false;
    if (journal->spoiled != DUET_OK) {
        duet_db_rollback(journal->db);
        return journal->spoiled;
    }
    enum duet_status status = duet_db_commit(journal->db);
    return status == DUET_OK ? DUET_OK : duet_store_failed(journal, status);
}

void duet_journal_rollback(struct duet_journal *journal)
{
    if (journal->open)
        duet_db_rollback(journal->db);
    journal->open = false;
}

/* --- owners --------------------------------------------------------------------------------------------------- */

enum duet_status duet_journal_claim(struct duet_journal *journal, struct duet_owner *owner)
{
    int64_t id = 0, epoch = 0;
    if (journal->looking)
        return duet_fail(&journal->error, DUET_DENIED, "'%s' was opened for looking only",
                         journal->path);
    enum duet_status status = duet_store_enter_unclaimed(journal, owner, &id);
    if (status != DUET_OK)
        return status;
    struct duet_query *query = duet_db_query(
        journal->db, "UPDATE owner SET epoch = epoch + 1 WHERE id = ?1 RETURNING epoch");
    duet_query_bind_number(query, id);
    status = duet_store_leave(journal, duet_store_number(journal, query, &epoch));
    if (status == DUET_OK)
        owner->epoch = epoch;
    return status;
}

static enum duet_status forget(struct duet_journal *journal, int64_t owner, const char *name)
{
    struct duet_query *query =
        duet_db_query(journal->db, "DELETE FROM memory WHERE owner = ?1 AND name = ?2");
    duet_query_bind_number(query, owner);
    duet_query_bind_text(query, name);
    return duet_store_run(journal, query);
}

static enum duet_status remember(struct duet_journal *journal, int64_t owner, const char *name,
                                 const char *text)
{
    struct duet_query *query =
        duet_db_query(journal->db, "INSERT INTO memory (owner, name, text) VALUES (?1, ?2, ?3)"
                                   " ON CONFLICT (owner, name) DO UPDATE SET text = excluded.text");
    duet_query_bind_number(query, owner);
    duet_query_bind_text(query, name);
    duet_query_bind_text(query, text);
    return duet_store_run(journal, query);
}

enum duet_status duet_journal_remember(struct duet_journal *journal, const struct duet_owner *owner,
                                       const char *name, const char *text)
{
    int64_t id = 0;
    enum duet_status status = duet_store_enter(journal, owner, &id);
    if (status != DUET_OK)
        return status;
    return duet_store_leave(journal,
                            text ? remember(journal, id, name, text) : forget(journal, id, name));
}

static void read_text(struct duet_query *query, struct duet_arena *arena, void *row_out)
{
    const char **text_out = row_out;
    *text_out = duet_query_text(query, 0, arena);
}

enum duet_status duet_journal_recall(struct duet_journal *journal, const struct duet_owner *owner,
                                     const char *name, struct duet_arena *arena,
                                     const char **text_out)
{
    struct duet_query *query = duet_db_query(
        journal->db, "SELECT memory.text FROM owner JOIN memory ON memory.owner = owner.id"
                     " WHERE owner.kind = ?1 AND owner.name = ?2 AND memory.name = ?3");
    duet_store_bind_owner(query, owner);
    duet_query_bind_text(query, name);
    return duet_store_first(journal, query, read_text, "memory", arena, text_out);
}
