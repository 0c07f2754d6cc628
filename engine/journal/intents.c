/* What is about to be written, and what came of it.
 *
 *   intend --> OPEN --> OK | REFUSED | STALE | GONE
 *                \--> UNKNOWN --> the same or SETTLED, once looking has told */
#include "engine/journal/store.h"

#define INTENT_COLUMNS                                                                             \
    "id, operation, link, side, key, body_hash, what, parts, epoch, at, outcome, text, decided"

const char *duet_outcome_name(enum duet_outcome outcome)
{
    static const char *const names[] = {
        [DUET_OUTCOME_OPEN] = "open",       [DUET_OUTCOME_UNKNOWN] = "unknown",
        [DUET_OUTCOME_OK] = "ok",           [DUET_OUTCOME_REFUSED] = "refused",
        [DUET_OUTCOME_STALE] = "stale",     [DUET_OUTCOME_GONE] = "gone",
        [DUET_OUTCOME_SETTLED] = "settled",
    };
    return names[outcome];
}

static void read_intent(struct duet_query *query, struct duet_arena *arena, void *row_out)
{
    struct duet_intent *intent = row_out;
    intent->id = duet_query_number(query, 0);
    intent->operation = duet_query_text(query, 1, arena);
    intent->link = duet_query_number(query, 2);
    intent->side = (enum duet_side)duet_query_choice(query, 3, 2);
    intent->key = duet_query_text(query, 4, arena);
    intent->body_hash = (uint64_t)duet_query_number(query, 5);
    intent->what = duet_query_text(query, 6, arena);
    intent->parts = duet_query_text(query, 7, arena);
    intent->epoch = duet_query_number(query, 8);
    intent->when = duet_query_number(query, 9);
    intent->outcome = (enum duet_outcome)duet_query_choice(query, 10, DUET_OUTCOME_SETTLED + 1);
    intent->text = duet_query_text(query, 11, arena);
    intent->decided = duet_query_number(query, 12);
}

static enum duet_status insert_intent(struct duet_journal *journal, int64_t owner, int64_t epoch,
                                      const struct duet_intent *intent)
{
    struct duet_query *query = duet_db_query(
        journal->db, "INSERT INTO intent (owner, operation, link, side, key, body_hash, what, "
                     "parts, epoch, at, outcome)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0)"
                     " ON CONFLICT (owner, operation) DO UPDATE SET epoch = excluded.epoch"
                     " WHERE body_hash = excluded.body_hash");
    duet_query_bind_number(query, owner);
    duet_query_bind_text(query, intent->operation);
    duet_query_bind_number(query, intent->link);
    duet_query_bind_number(query, intent->side);
    duet_query_bind_text(query, intent->key);
    duet_query_bind_number(query, (int64_t)intent->body_hash);
    duet_query_bind_text(query, intent->what);
    duet_query_bind_text(query, intent->parts);
    duet_query_bind_number(query, epoch);
    duet_query_bind_number(query, intent->when);
    enum duet_status status = duet_store_hit(journal, query, "operation");
    if (status != DUET_NOT_FOUND)
        return status;
    return duet_fail(&journal->error, DUET_CONFLICT,
                     "operation '%s' was meant to write something else before", intent->operation);
}

enum duet_status duet_journal_intend(struct duet_journal *journal, const struct duet_owner *tenant,
                                     const struct duet_intent *intent)
{
    int64_t owner = 0;
    enum duet_status status = duet_store_enter(journal, tenant, &owner);
    if (status != DUET_OK)
        return status;
    return duet_store_leave(journal, insert_intent(journal, owner, tenant->epoch, intent));
}

static enum duet_status stored_outcome(struct duet_journal *journal, int64_t owner,
                                       const char *operation, int64_t *outcome_out)
{
    struct duet_query *query = duet_db_query(
        journal->db, "SELECT outcome FROM intent WHERE owner = ?1 AND operation = ?2");
    duet_query_bind_number(query, owner);
    duet_query_bind_text(query, operation);
    enum duet_status status = duet_store_number(journal, query, outcome_out);
    if (status == DUET_NOT_FOUND)
        return duet_fail(&journal->error, status, "no such operation: '%s'", operation);
    return status;
}

static enum duet_status set_outcome(struct duet_journal *journal, int64_t owner,
                                    const char *operation, enum duet_outcome outcome,
                                    const char *text, int64_t when)
{
    int64_t before = 0;
    enum duet_status status = stored_outcome(journal, owner, operation, &before);
    if (status != DUET_OK || before == (int64_t)outcome)
        return status;
    if (before > DUET_OUTCOME_UNKNOWN)
        return duet_fail(&journal->error, DUET_CONFLICT, "operation '%s' ended as %s, not as %s",
                         operation, duet_outcome_name((enum duet_outcome)before),
                         duet_outcome_name(outcome));
    struct duet_query *query =
        duet_db_query(journal->db, "UPDATE intent SET outcome = ?3, text = ?4, decided = ?5 WHERE "
                                   "owner = ?1 AND operation = ?2");
    duet_query_bind_number(query, owner);
    duet_query_bind_text(query, operation);
    duet_query_bind_number(query, outcome);
    duet_query_bind_text(query, text);
    duet_query_bind_number(query, outcome > DUET_OUTCOME_UNKNOWN ? when : 0);
    return duet_store_hit(journal, query, "operation");
}

enum duet_status duet_journal_outcome(struct duet_journal *journal, const struct duet_owner *tenant,
                                      const char *operation, enum duet_outcome outcome,
                                      const char *text, int64_t when)
{
    int64_t owner = 0;
    enum duet_status status = duet_store_enter(journal, tenant, &owner);
    if (status != DUET_OK)
        return status;
    return duet_store_leave(journal, set_outcome(journal, owner, operation, outcome, text, when));
}

enum duet_status duet_journal_intent(struct duet_journal *journal, const struct duet_owner *tenant,
                                     const char *operation, struct duet_arena *arena,
                                     struct duet_intent *intent_out)
{
    struct duet_query *query =
        duet_db_query(journal->db, "SELECT " INTENT_COLUMNS " FROM intent WHERE owner = " OWNER_ID
                                   " AND operation = ?3");
    duet_store_bind_owner(query, tenant);
    duet_query_bind_text(query, operation);
    return duet_store_first(journal, query, read_intent, "operation", arena, intent_out);
}

enum duet_status duet_journal_open_intents(struct duet_journal *journal,
                                           const struct duet_owner *tenant, int64_t after,
                                           size_t limit, struct duet_arena *arena,
                                           struct duet_intent **intents_out, size_t *count_out)
{
    struct duet_query *query =
        duet_db_query(journal->db, "SELECT " INTENT_COLUMNS " FROM intent WHERE owner = " OWNER_ID
                                   " AND outcome < 2 AND id > ?3 ORDER BY id LIMIT ?4");
    duet_store_bind_owner(query, tenant);
    duet_store_bind_page(query, after, limit);
    return duet_store_list(journal, query, read_intent, sizeof **intents_out, arena, intents_out,
                           count_out);
}

enum duet_status duet_journal_settle_intents(struct duet_journal *journal,
                                             const struct duet_owner *tenant, int64_t link,
                                             int64_t when)
{
    struct duet_query *query = NULL;
    enum duet_status status =
        duet_store_enter_with(journal, tenant,
                              "UPDATE intent SET outcome = ?3, decided = ?4"
                              " WHERE owner = ?1 AND link = ?2 AND outcome < 2",
                              &query);
    if (status != DUET_OK)
        return status;
    duet_query_bind_number(query, link);
    duet_query_bind_number(query, DUET_OUTCOME_SETTLED);
    duet_query_bind_number(query, when);
    return duet_store_leave_with(journal, query);
}

static void read_time(struct duet_query *query, struct duet_arena *arena, void *row_out)
{
    (void)arena;
    int64_t *time = row_out;
    *time = duet_query_number(query, 0);
}

static struct duet_query *recent_query(struct duet_journal *journal, enum duet_recent_kind kind)
{
    switch (kind) {
    case DUET_RECENT_WRITES:
        break;
    case DUET_RECENT_NOTES:
        return duet_db_query(journal->db,
                             "SELECT note.at FROM note JOIN link ON link.id = note.link"
                             " WHERE link.owner = " OWNER_ID " AND note.origin <> ?3"
                             " AND note.at >= ?4 AND note.state IN (1, 2, 3) ORDER BY note.at");
    }
    return duet_db_query(journal->db,
                         "SELECT max(at, decided) AS sent FROM intent WHERE owner = " OWNER_ID
                         " AND side = ?3 AND max(at, decided) >= ?4 ORDER BY sent");
}

enum duet_status duet_journal_recent(struct duet_journal *journal, const struct duet_owner *tenant,
                                     enum duet_side side, enum duet_recent_kind kind, int64_t since,
                                     struct duet_arena *arena, int64_t **times_out,
                                     size_t *count_out)
{
    struct duet_query *query = recent_query(journal, kind);
    duet_store_bind_owner(query, tenant);
    duet_query_bind_number(query, side);
    duet_query_bind_number(query, since);
    return duet_store_list(journal, query, read_time, sizeof **times_out, arena, times_out,
                           count_out);
}

enum duet_status duet_journal_forget_intents(struct duet_journal *journal,
                                             const struct duet_owner *tenant, int64_t before)
{
    struct duet_query *query = NULL;
    enum duet_status status = duet_store_enter_with(
        journal, tenant, "DELETE FROM intent WHERE owner = ?1 AND outcome >= 2 AND decided < ?2",
        &query);
    if (status != DUET_OK)
        return status;
    duet_query_bind_number(query, before);
    return duet_store_leave_with(journal, query);
}
