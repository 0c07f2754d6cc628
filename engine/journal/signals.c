/* What others leave for the engine: signals to act on, hints to read. */
#include "engine/journal/store.h"

/* --- signals ------------------------------------------------------------------------------------------------ */

static void read_signal(struct duet_query *query, struct duet_arena *arena, void *row_out)
{
    struct duet_signal *signal = row_out;
    signal->id = duet_query_number(query, 0);
    signal->side = duet_query_text(query, 1, arena);
    signal->key = duet_query_text(query, 2, arena);
    signal->name = duet_query_text(query, 3, arena);
    signal->data = duet_query_text(query, 4, arena);
    signal->when = duet_query_number(query, 5);
}

enum duet_status duet_journal_signal(struct duet_journal *journal, const struct duet_owner *owner,
                                     const struct duet_signal *signal)
{
    int64_t id = 0;
    enum duet_status status = duet_store_enter_unclaimed(journal, owner, &id);
    if (status != DUET_OK)
        return status;
    struct duet_query *query = duet_db_query(
        journal->db,
        "INSERT INTO signal (owner, side, key, name, data, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    duet_query_bind_number(query, id);
    duet_query_bind_text(query, signal->side);
    duet_query_bind_text(query, signal->key);
    duet_query_bind_text(query, signal->name);
    duet_query_bind_text(query, signal->data);
    duet_query_bind_number(query, signal->when);
    return duet_store_leave(journal, duet_store_run(journal, query));
}

enum duet_status duet_journal_signals(struct duet_journal *journal, const struct duet_owner *owner,
                                      int64_t after, size_t limit, struct duet_arena *arena,
                                      struct duet_signal **signals_out, size_t *count_out)
{
    struct duet_query *query = duet_db_query(
        journal->db, "SELECT id, side, key, name, data, at FROM signal WHERE owner = " OWNER_ID
                     " AND id > ?3 ORDER BY id LIMIT ?4");
    duet_store_bind_owner(query, owner);
    duet_store_bind_page(query, after, limit);
    return duet_store_list(journal, query, read_signal, sizeof **signals_out, arena, signals_out,
                           count_out);
}

enum duet_status duet_journal_acted(struct duet_journal *journal, const struct duet_owner *owner,
                                    int64_t signal)
{
    struct duet_query *query = NULL;
    enum duet_status status = duet_store_enter_with(
        journal, owner, "DELETE FROM signal WHERE owner = ?1 AND id = ?2", &query);
    if (status != DUET_OK)
        return status;
    duet_query_bind_number(query, signal);
    return duet_store_leave_with(journal, query);
}

/* --- hints ---------------------------------------------------------------------------------------------------- */

static void read_hint(struct duet_query *query, struct duet_arena *arena, void *row_out)
{
    struct duet_hint *hint = row_out;
    hint->id = duet_query_number(query, 0);
    hint->key = duet_query_text(query, 1, arena);
    hint->when = duet_query_number(query, 2);
}

/* A hint left again gets a new id: whoever follows the old one deletes nothing that came after. */
enum duet_status duet_store_hint(struct duet_journal *journal, int64_t source, const char *key,
                                 int64_t when)
{
    struct duet_query *query =
        duet_db_query(journal->db, "DELETE FROM hint WHERE source = ?1 AND key = ?2");
    duet_query_bind_number(query, source);
    duet_query_bind_text(query, key);
    enum duet_status status = duet_store_run(journal, query);
    if (status != DUET_OK)
        return status;
    query = duet_db_query(journal->db, "INSERT INTO hint (source, key, at) VALUES (?1, ?2, ?3)");
    duet_query_bind_number(query, source);
    duet_query_bind_text(query, key);
    duet_query_bind_number(query, when);
    return duet_store_run(journal, query);
}

enum duet_status duet_journal_hint(struct duet_journal *journal, const struct duet_source *source,
                                   const char *key, int64_t when)
{
    int64_t owner = 0, id = 0;
    enum duet_status status = duet_store_enter_unclaimed(journal, source->owner, &owner);
    if (status != DUET_OK)
        return status;
    status = duet_store_ensure_source(journal, owner, source->side, &id);
    if (status == DUET_OK)
        status = duet_store_hint(journal, id, key, when);
    return duet_store_leave(journal, status);
}

enum duet_status duet_journal_hints(struct duet_journal *journal, const struct duet_source *source,
                                    int64_t after, size_t limit, struct duet_arena *arena,
                                    struct duet_hint **hints_out, size_t *count_out)
{
    struct duet_query *query =
        duet_db_query(journal->db, "SELECT id, key, at FROM hint WHERE source = " SOURCE_ID
                                   " AND id > ?4 ORDER BY id LIMIT ?5");
    duet_store_bind_source(query, source);
    duet_store_bind_page(query, after, limit);
    return duet_store_list(journal, query, read_hint, sizeof **hints_out, arena, hints_out,
                           count_out);
}

enum duet_status duet_journal_followed(struct duet_journal *journal,
                                       const struct duet_source *source, int64_t hint)
{
    int64_t id = 0;
    enum duet_status status = duet_store_enter_source(journal, source, &id);
    if (status != DUET_OK)
        return status;
    struct duet_query *query =
        duet_db_query(journal->db, "DELETE FROM hint WHERE source = ?1 AND id = ?2");
    duet_query_bind_number(query, id);
    duet_query_bind_number(query, hint);
    return duet_store_leave(journal, duet_store_run(journal, query));
}
