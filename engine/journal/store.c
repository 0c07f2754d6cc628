#include "engine/journal/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define EXPECTED_ROWS 16U

enum duet_status duet_store_failed(struct duet_journal *journal, enum duet_status status)
{
    return duet_fail(&journal->error, status, "%s", duet_db_message(journal->db));
}

/* --- entering and leaving ----------------------------------------------------------------------------- */

static enum duet_status enter(struct duet_journal *journal)
{
    if (journal->open)
        return journal->spoiled;
    enum duet_status status = duet_db_begin(journal->db);
    return status == DUET_OK ? DUET_OK : duet_store_failed(journal, status);
}

enum duet_status duet_store_leave(struct duet_journal *journal, enum duet_status status)
{
    if (journal->open) {
        if (journal->spoiled == DUET_OK)
            journal->spoiled = status;
        return status;
    }
    if (status != DUET_OK) {
        duet_db_rollback(journal->db);
        return status;
    }
    status = duet_db_commit(journal->db);
    return status == DUET_OK ? DUET_OK : duet_store_failed(journal, status);
}

static enum duet_status find_claim(struct duet_journal *journal, const struct duet_owner *owner,
                                   int64_t *owner_out)
{
    struct duet_query *query = duet_db_query(
        journal->db,
        "SELECT id FROM owner WHERE kind = ?1 AND name = ?2 AND epoch = ?3 AND epoch > 0");
    duet_store_bind_owner(query, owner);
    duet_query_bind_number(query, owner->epoch);
    enum duet_status status = duet_store_number(journal, query, owner_out);
    if (status != DUET_NOT_FOUND)
        return status;
    return duet_fail(&journal->error, DUET_CONFLICT, "'%s' is not claimed by epoch %lld (any more)",
                     owner->name, (long long)owner->epoch);
}

enum duet_status duet_store_enter(struct duet_journal *journal, const struct duet_owner *owner,
                                  int64_t *owner_out)
{
    if (journal->looking)
        return duet_fail(&journal->error, DUET_DENIED, "'%s' was opened for looking only",
                         journal->path);
    enum duet_status status = enter(journal);
    if (status != DUET_OK)
        return status;
    status = find_claim(journal, owner, owner_out);
    return status == DUET_OK ? DUET_OK : duet_store_leave(journal, status);
}

enum duet_status duet_store_enter_with(struct duet_journal *journal, const struct duet_owner *owner,
                                       const char *sql, struct duet_query **query_out)
{
    int64_t id = 0;
    enum duet_status status = duet_store_enter(journal, owner, &id);
    if (status != DUET_OK)
        return status;
    *query_out = duet_db_query(journal->db, sql);
    duet_query_bind_number(*query_out, id);
    return DUET_OK;
}

enum duet_status duet_store_ensure_owner(struct duet_journal *journal,
                                         const struct duet_owner *owner, int64_t *owner_out)
{
    enum duet_status status = duet_store_owner(journal, owner, owner_out);
    if (status != DUET_NOT_FOUND)
        return status;
    struct duet_query *query =
        duet_db_query(journal->db, "INSERT INTO owner (kind, name) VALUES (?1, ?2) RETURNING id");
    duet_store_bind_owner(query, owner);
    return duet_store_number(journal, query, owner_out);
}

enum duet_status duet_store_enter_unclaimed(struct duet_journal *journal,
                                            const struct duet_owner *owner, int64_t *owner_out)
{
    enum duet_status status = enter(journal);
    if (status != DUET_OK)
        return status;
    status = duet_store_ensure_owner(journal, owner, owner_out);
    return status == DUET_OK ? DUET_OK : duet_store_leave(journal, status);
}

enum duet_status duet_store_ensure_source(struct duet_journal *journal, int64_t owner,
                                          const char *side, int64_t *source_out)
{
    struct duet_query *query =
        duet_db_query(journal->db, "SELECT id FROM source WHERE owner = ?1 AND side = ?2");
    duet_query_bind_number(query, owner);
    duet_query_bind_text(query, side);
    enum duet_status status = duet_store_number(journal, query, source_out);
    if (status != DUET_NOT_FOUND)
        return status;
    query =
        duet_db_query(journal->db, "INSERT INTO source (owner, side) VALUES (?1, ?2) RETURNING id");
    duet_query_bind_number(query, owner);
    duet_query_bind_text(query, side);
    return duet_store_number(journal, query, source_out);
}

enum duet_status duet_store_enter_source(struct duet_journal *journal,
                                         const struct duet_source *source, int64_t *source_out)
{
    int64_t owner = 0;
    enum duet_status status = duet_store_enter(journal, source->owner, &owner);
    if (status != DUET_OK)
        return status;
    status = duet_store_ensure_source(journal, owner, source->side, source_out);
    return status == DUET_OK ? DUET_OK : duet_store_leave(journal, status);
}

/* --- one statement ---------------------------------------------------------------------------------------- */

enum duet_status duet_store_number(struct duet_journal *journal, struct duet_query *query,
                                   int64_t *number_out)
{
    enum duet_status status = duet_query_step(query);
    if (status == DUET_END)
        return DUET_NOT_FOUND;
    if (status != DUET_OK)
        return duet_store_failed(journal, status);
    *number_out = duet_query_number(query, 0);
    status = duet_query_done(query, DUET_OK);
    return status == DUET_OK ? DUET_OK : duet_store_failed(journal, status);
}

enum duet_status duet_store_run(struct duet_journal *journal, struct duet_query *query)
{
    enum duet_status status = duet_query_run(query, NULL);
    return status == DUET_OK ? DUET_OK : duet_store_failed(journal, status);
}

enum duet_status duet_store_leave_with(struct duet_journal *journal, struct duet_query *query)
{
    return duet_store_leave(journal, duet_store_run(journal, query));
}

enum duet_status duet_store_hit(struct duet_journal *journal, struct duet_query *query,
                                const char *what)
{
    int64_t changed = 0;
    enum duet_status status = duet_query_run(query, &changed);
    if (status != DUET_OK)
        return duet_store_failed(journal, status);
    return changed > 0 ? DUET_OK : duet_fail(&journal->error, DUET_NOT_FOUND, "no such %s", what);
}

enum duet_status duet_store_owner(struct duet_journal *journal, const struct duet_owner *owner,
                                  int64_t *owner_out)
{
    struct duet_query *query =
        duet_db_query(journal->db, "SELECT id FROM owner WHERE kind = ?1 AND name = ?2");
    duet_store_bind_owner(query, owner);
    return duet_store_number(journal, query, owner_out);
}

void duet_store_bind_owner(struct duet_query *query, const struct duet_owner *owner)
{
    duet_query_bind_number(query, owner->kind);
    duet_query_bind_text(query, owner->name);
}

void duet_store_bind_source(struct duet_query *query, const struct duet_source *source)
{
    duet_store_bind_owner(query, source->owner);
    duet_query_bind_text(query, source->side);
}

/* --- rows -------------------------------------------------------------------------------------------------- */

enum duet_status duet_store_list(struct duet_journal *journal, struct duet_query *query,
                                 duet_store_reader reader, size_t row_size,
                                 struct duet_arena *arena, void *rows_out, size_t *count_out)
{
    size_t room = EXPECTED_ROWS, count = 0;
    char *rows = duet_arena_alloc_array(arena, room, row_size);
    enum duet_status status;
    while ((status = duet_query_step(query)) == DUET_OK) {
        if (count == room) {
            char *larger = duet_arena_alloc_array(arena, room * 2, row_size);
            memcpy(larger, rows, count * row_size);
            rows = larger;
            room *= 2;
        }
        reader(query, arena, rows + count++ * row_size);
    }
    if (status != DUET_END)
        return duet_store_failed(journal, status);
    memcpy(rows_out, &(void *){ rows }, sizeof(void *));
    *count_out = count;
    return DUET_OK;
}

enum duet_status duet_store_first(struct duet_journal *journal, struct duet_query *query,
                                  duet_store_reader reader, const char *what,
                                  struct duet_arena *arena, void *row_out)
{
    enum duet_status status = duet_query_step(query);
    if (status == DUET_END)
        return duet_fail(&journal->error, DUET_NOT_FOUND, "no such %s", what);
    if (status != DUET_OK)
        return duet_store_failed(journal, status);
    reader(query, arena, row_out);
    status = duet_query_done(query, DUET_OK);
    return status == DUET_OK ? DUET_OK : duet_store_failed(journal, status);
}

int64_t duet_store_limit(size_t limit)
{
    return limit > INT32_MAX ? INT32_MAX : (int64_t)limit;
}

void duet_store_bind_page(struct duet_query *query, int64_t after, size_t limit)
{
    duet_query_bind_number(query, after);
    duet_query_bind_number(query, duet_store_limit(limit));
}
