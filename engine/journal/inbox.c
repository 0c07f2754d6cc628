/* Records as they were read. What a row becomes when its record is read again:
 *
 *            known content                       other content
 *   FRESH ------------------> same   FRESH ------------------------> FRESH, same place
 *   TAKEN ------------------> same   TAKEN ------------------------> FRESH, at the end
 *   TAKEN, awaited ---------> FRESH  QUARANTINED ------------------> FRESH, at the end
 *   QUARANTINED ------------> same   any, from an earlier read ----> same, and a hint
 *
 *   FRESH --take--> TAKEN    FRESH --quarantine--> QUARANTINED --release--> FRESH     any --refresh--> FRESH */
#include "engine/journal/store.h"

#define ROW_COLUMNS "key, raw, version, hash, read_began, state, reason, arrived, revision"
#define NEXT_PLACE "(SELECT coalesce(max(arrived), 0) + 1 FROM inbox WHERE source = ?1)"

static void read_row(struct duet_query *query, struct duet_arena *arena, void *row_out)
{
    struct duet_inbox_row *row = row_out;
    row->row.key = duet_query_text(query, 0, arena);
    row->row.raw = duet_query_bytes(query, 1, arena, &row->row.length);
    row->row.version = duet_query_text(query, 2, arena);
    row->row.hash = (uint64_t)duet_query_number(query, 3);
    row->row.read_began = duet_query_number(query, 4);
    row->state = (enum duet_row_state)duet_query_choice(query, 5, DUET_ROW_QUARANTINED + 1);
    row->reason = duet_query_text(query, 6, arena);
    row->arrived = duet_query_number(query, 7);
    row->revision = duet_query_number(query, 8);
}

/* --- what is stored of a record, without its bytes ------------------------------------------------------ */

struct stored {
    bool exists;
    bool same; /* in version and hash, as the row at hand */
    enum duet_row_state state;
    int64_t read_began;
    bool awaited;
    int64_t awaited_after;
};

static enum duet_status look_up(struct duet_journal *journal, int64_t source,
                                const struct duet_row *row, struct stored *stored_out)
{
    *stored_out = (struct stored){ 0 };
    struct duet_query *query = duet_db_query(
        journal->db, "SELECT inbox.id, version IS ?3 AND hash = ?4, state, read_began, after"
                     " FROM (SELECT ?1 AS source, ?2 AS key) AS wanted"
                     " LEFT JOIN inbox ON inbox.source = wanted.source AND inbox.key = wanted.key"
                     " LEFT JOIN awaited ON awaited.source = wanted.source"
                     " AND awaited.key = wanted.key");
    duet_query_bind_number(query, source);
    duet_query_bind_text(query, row->key);
    duet_query_bind_text(query, row->version);
    duet_query_bind_number(query, (int64_t)row->hash);
    enum duet_status status = duet_query_step(query);
    if (status != DUET_OK)
        return duet_store_failed(journal, status == DUET_END ? DUET_FAILED : status);
    stored_out->exists = !duet_query_is_null(query, 0);
    stored_out->same = duet_query_number(query, 1) != 0;
    stored_out->state = (enum duet_row_state)duet_query_choice(query, 2, DUET_ROW_QUARANTINED + 1);
    stored_out->read_began = duet_query_number(query, 3);
    stored_out->awaited = !duet_query_is_null(query, 4);
    stored_out->awaited_after = duet_query_number(query, 4);
    status = duet_query_done(query, DUET_OK);
    return status == DUET_OK ? DUET_OK : duet_store_failed(journal, status);
}

static bool answers_wait(const struct stored *stored, const struct duet_row *row)
{
    return stored->awaited && row->read_began > stored->awaited_after;
}

static enum duet_status stop_awaiting(struct duet_journal *journal, int64_t source, const char *key)
{
    struct duet_query *query =
        duet_db_query(journal->db, "DELETE FROM awaited WHERE source = ?1 AND key = ?2");
    duet_query_bind_number(query, source);
    duet_query_bind_text(query, key);
    return duet_store_run(journal, query);
}

/* --- storing --------------------------------------------------------------------------------------------- */

/* A row that stays fresh keeps its place, so that a record that changes all the time is still looked at; one that becomes fresh goes
 * to the end; what isn't fresh stays where it is. */
static enum duet_status store(struct duet_journal *journal, int64_t source,
                              const struct duet_row *row, enum duet_row_state state)
{
    struct duet_query *query = duet_db_query(
        journal->db,
        "INSERT INTO inbox (source, key, raw, version, hash, read_began, state, arrived, revision)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, " NEXT_PLACE ", 1)"
        " ON CONFLICT (source, key) DO UPDATE SET raw = excluded.raw, version = excluded.version,"
        " hash = excluded.hash, read_began = excluded.read_began, state = excluded.state, reason = "
        "NULL,"
        " arrived = CASE WHEN inbox.state <> 0 AND excluded.state = 0 THEN excluded.arrived"
        " ELSE inbox.arrived END,"
        " revision = inbox.revision + 1");
    duet_query_bind_number(query, source);
    duet_query_bind_text(query, row->key);
    duet_query_bind_bytes(query, row->length > 0 ? row->raw : "", row->length);
    duet_query_bind_text(query, row->version);
    duet_query_bind_number(query, (int64_t)row->hash);
    duet_query_bind_number(query, row->read_began);
    duet_query_bind_number(query, state);
    return duet_store_run(journal, query);
}

/* Known content, seen again by a later read. */
static enum duet_status see_again(struct duet_journal *journal, int64_t source,
                                  const struct duet_row *row)
{
    struct duet_query *query = duet_db_query(
        journal->db,
        "UPDATE inbox SET read_began = max(read_began, ?3) WHERE source = ?1 AND key = ?2");
    duet_query_bind_number(query, source);
    duet_query_bind_text(query, row->key);
    duet_query_bind_number(query, row->read_began);
    return duet_store_hit(journal, query, "record in the inbox");
}

static enum duet_status receive_row(struct duet_journal *journal, int64_t source,
                                    const struct duet_row *row, struct duet_received *received)
{
    struct stored stored;
    enum duet_status status = look_up(journal, source, row, &stored);
    if (status != DUET_OK)
        return status;
    bool awaited = answers_wait(&stored, row);
    if (stored.exists && stored.same && !awaited) {
        received->same++;
        return DUET_OK;
    }
    if (stored.exists && !stored.same && row->read_began < stored.read_began) {
        received->doubted++;
        return duet_store_hint(journal, source, row->key, row->read_began);
    }
    received->fresh++;
    status = store(journal, source, row, DUET_ROW_FRESH);
    return status == DUET_OK && awaited ? stop_awaiting(journal, source, row->key) : status;
}

static enum duet_status note_latest(struct duet_journal *journal, int64_t source,
                                    int64_t read_began)
{
    struct duet_query *query =
        duet_db_query(journal->db, "UPDATE source SET latest = ?2 WHERE id = ?1 AND latest < ?2");
    duet_query_bind_number(query, source);
    duet_query_bind_number(query, read_began);
    return duet_store_run(journal, query);
}

enum duet_status duet_journal_receive(struct duet_journal *journal,
                                      const struct duet_source *source, const struct duet_row *rows,
                                      size_t count, struct duet_received *received_out)
{
    struct duet_received received = { 0 };
    int64_t id = 0, latest = INT64_MIN;
    enum duet_status status = duet_store_enter_source(journal, source, &id);
    if (status != DUET_OK)
        return status;
    for (size_t i = 0; i < count && status == DUET_OK; i++) {
        status = receive_row(journal, id, &rows[i], &received);
        latest = rows[i].read_began > latest ? rows[i].read_began : latest;
    }
    if (status == DUET_OK && received.fresh > 0)
        status = note_latest(journal, id, latest);
    status = duet_store_leave(journal, status);
    if (received_out)
        *received_out = status == DUET_OK ? received : (struct duet_received){ 0 };
    return status;
}

static enum duet_status keep_row(struct duet_journal *journal, int64_t source,
                                 const struct duet_row *row)
{
    struct stored stored;
    enum duet_status status = look_up(journal, source, row, &stored);
    if (status != DUET_OK || (stored.exists && row->read_began < stored.read_began))
        return status;
    if (stored.exists && stored.same)
        status = see_again(journal, source, row);
    else
        status = store(journal, source, row,
                       stored.exists && stored.state == DUET_ROW_FRESH ? DUET_ROW_FRESH
                                                                       : DUET_ROW_TAKEN);
    if (status == DUET_OK)
        status = note_latest(journal, source, row->read_began);
    return status == DUET_OK && answers_wait(&stored, row)
               ? stop_awaiting(journal, source, row->key)
               : status;
}

enum duet_status duet_journal_keep(struct duet_journal *journal, const struct duet_source *source,
                                   const struct duet_row *row)
{
    int64_t id = 0;
    enum duet_status status = duet_store_enter_source(journal, source, &id);
    if (status != DUET_OK)
        return status;
    return duet_store_leave(journal, keep_row(journal, id, row));
}

enum duet_status duet_journal_await(struct duet_journal *journal, const struct duet_source *source,
                                    const char *key, int64_t after)
{
    int64_t id = 0;
    enum duet_status status = duet_store_enter_source(journal, source, &id);
    if (status != DUET_OK)
        return status;
    struct duet_query *query = duet_db_query(
        journal->db, "INSERT INTO awaited (source, key, after) VALUES (?1, ?2, ?3)"
                     " ON CONFLICT (source, key) DO UPDATE SET after = max(after, excluded.after)");
    duet_query_bind_number(query, id);
    duet_query_bind_text(query, key);
    duet_query_bind_number(query, after);
    return duet_store_leave(journal, duet_store_run(journal, query));
}

/* --- looking -------------------------------------------------------------------------------------------------- */

static enum duet_status list_rows(struct duet_journal *journal, struct duet_query *query,
                                  const struct duet_source *source, int64_t after, size_t limit,
                                  struct duet_arena *arena, struct duet_inbox_row **rows_out,
                                  size_t *count_out)
{
    duet_store_bind_source(query, source);
    duet_store_bind_page(query, after, limit);
    return duet_store_list(journal, query, read_row, sizeof **rows_out, arena, rows_out, count_out);
}

enum duet_status duet_journal_fresh(struct duet_journal *journal, const struct duet_source *source,
                                    int64_t after, size_t limit, struct duet_arena *arena,
                                    struct duet_inbox_row **rows_out, size_t *count_out)
{
    struct duet_query *query =
        duet_db_query(journal->db, "SELECT " ROW_COLUMNS " FROM inbox WHERE source = " SOURCE_ID
                                   " AND state = 0 AND arrived > ?4 ORDER BY arrived LIMIT ?5");
    return list_rows(journal, query, source, after, limit, arena, rows_out, count_out);
}

enum duet_status duet_journal_quarantined(struct duet_journal *journal,
                                          const struct duet_source *source, int64_t after,
                                          size_t limit, struct duet_arena *arena,
                                          struct duet_inbox_row **rows_out, size_t *count_out)
{
    struct duet_query *query =
        duet_db_query(journal->db, "SELECT " ROW_COLUMNS " FROM inbox WHERE source = " SOURCE_ID
                                   " AND state = 2 AND arrived > ?4 ORDER BY arrived LIMIT ?5");
    return list_rows(journal, query, source, after, limit, arena, rows_out, count_out);
}

enum duet_status duet_journal_snapshot(struct duet_journal *journal,
                                       const struct duet_source *source, const char *key,
                                       struct duet_arena *arena, struct duet_inbox_row *row_out)
{
    struct duet_query *query = duet_db_query(
        journal->db, "SELECT " ROW_COLUMNS " FROM inbox WHERE source = " SOURCE_ID " AND key = ?4");
    duet_store_bind_source(query, source);
    duet_query_bind_text(query, key);
    return duet_store_first(journal, query, read_row, "record in the inbox", arena, row_out);
}

enum duet_status duet_journal_latest(struct duet_journal *journal, int64_t *latest_out)
{
    struct duet_query *query =
        duet_db_query(journal->db, "SELECT max(coalesce((SELECT max(latest) FROM source), 0),"
                                   " coalesce((SELECT max(max(at, decided)) FROM intent), 0),"
                                   " coalesce((SELECT max(after) FROM awaited), 0),"
                                   " coalesce((SELECT max(at) FROM creation), 0),"
                                   " coalesce((SELECT max(at) FROM note WHERE state < 2), 0))");
    return duet_store_number(journal, query, latest_out);
}

/* --- what becomes of a row -------------------------------------------------------------------------------------- */

static enum duet_status change_row(struct duet_journal *journal, int64_t source, const char *key,
                                   int64_t revision, enum duet_row_state state, const char *reason)
{
    struct duet_query *query = duet_db_query(
        journal->db, "UPDATE inbox SET state = CASE WHEN revision = ?3 THEN ?4 ELSE state END,"
                     " reason = CASE WHEN revision = ?3 THEN ?5 ELSE reason END"
                     " WHERE source = ?1 AND key = ?2");
    duet_query_bind_number(query, source);
    duet_query_bind_text(query, key);
    duet_query_bind_number(query, revision);
    duet_query_bind_number(query, state);
    duet_query_bind_text(query, reason);
    return duet_store_hit(journal, query, "record in the inbox");
}

enum duet_status duet_journal_take(struct duet_journal *journal, const struct duet_source *source,
                                   const char *key, int64_t revision)
{
    int64_t id = 0;
    enum duet_status status = duet_store_enter_source(journal, source, &id);
    if (status != DUET_OK)
        return status;
    return duet_store_leave(journal, change_row(journal, id, key, revision, DUET_ROW_TAKEN, NULL));
}

enum duet_status duet_journal_quarantine(struct duet_journal *journal,
                                         const struct duet_source *source, const char *key,
                                         int64_t revision, const char *reason)
{
    int64_t id = 0;
    enum duet_status status = duet_store_enter_source(journal, source, &id);
    if (status != DUET_OK)
        return status;
    return duet_store_leave(journal,
                            change_row(journal, id, key, revision, DUET_ROW_QUARANTINED, reason));
}

static enum duet_status make_fresh(struct duet_journal *journal, struct duet_query *query,
                                   const struct duet_source *source, const char *key)
{
    int64_t id = 0;
    enum duet_status status = duet_store_enter_source(journal, source, &id);
    if (status != DUET_OK)
        return status;
    duet_query_bind_number(query, id);
    duet_query_bind_text(query, key);
    if (key)
        return duet_store_leave(journal, duet_store_hit(journal, query, "record in the inbox"));
    return duet_store_leave(journal, duet_store_run(journal, query));
}

enum duet_status duet_journal_release(struct duet_journal *journal,
                                      const struct duet_source *source, const char *key)
{
    struct duet_query *query = duet_db_query(
        journal->db,
        "UPDATE inbox SET state = CASE state WHEN 2 THEN 0 ELSE state END, reason = NULL"
        " WHERE source = ?1 AND ((?2 IS NULL AND state = 2) OR key = ?2)");
    return make_fresh(journal, query, source, key);
}

enum duet_status duet_journal_refresh(struct duet_journal *journal,
                                      const struct duet_source *source, const char *key)
{
    struct duet_query *query =
        duet_db_query(journal->db, "UPDATE inbox SET state = 0, reason = NULL, revision = revision "
                                   "+ 1 WHERE source = ?1 AND (?2 IS NULL OR key = ?2)");
    return make_fresh(journal, query, source, key);
}

enum duet_status duet_journal_refresh_unlinked(struct duet_journal *journal,
                                               const struct duet_source *source)
{
    struct duet_query *query = duet_db_query(
        journal->db,
        "UPDATE inbox SET state = 0, reason = NULL, revision = revision + 1"
        " WHERE source = ?1 AND ?2 IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM link WHERE left_source = ?1 AND left_key = inbox.key)"
        " AND NOT EXISTS (SELECT 1 FROM link WHERE right_source = ?1 AND right_key = inbox.key)");
    return make_fresh(journal, query, source, NULL);
}
