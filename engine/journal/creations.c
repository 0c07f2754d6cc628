/* Records that are being made on the other side: a lost reply is found again by the claim. */
#include "engine/journal/store.h"

#define CREATION_COLUMNS "id, mapping, origin, origin_key, claim, operation, target_key, state, at"

static void read_creation(struct duet_query *query, struct duet_arena *arena, void *row_out)
{
    struct duet_creation *creation = row_out;
    creation->id = duet_query_number(query, 0);
    creation->mapping = duet_query_text(query, 1, arena);
    creation->origin = (enum duet_side)duet_query_choice(query, 2, 2);
    creation->origin_key = duet_query_text(query, 3, arena);
    creation->claim = duet_query_text(query, 4, arena);
    creation->operation = duet_query_text(query, 5, arena);
    creation->target_key = duet_query_text(query, 6, arena);
    creation->state =
        (enum duet_creation_state)duet_query_choice(query, 7, DUET_CREATION_CREATED + 1);
    creation->when = duet_query_number(query, 8);
}

enum duet_status duet_journal_create(struct duet_journal *journal, const struct duet_owner *tenant,
                                     const struct duet_creation *creation)
{
    struct duet_query *query = NULL;
    enum duet_status status = duet_store_enter_with(
        journal, tenant,
        "INSERT INTO creation (owner, mapping, origin, origin_key, claim, operation, target_key, "
        "state, at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
        " ON CONFLICT (owner, mapping, origin, origin_key) DO UPDATE SET claim = excluded.claim,"
        " operation = excluded.operation, target_key = excluded.target_key, state = excluded.state,"
        " at = excluded.at",
        &query);
    if (status != DUET_OK)
        return status;
    duet_query_bind_text(query, creation->mapping);
    duet_query_bind_number(query, creation->origin);
    duet_query_bind_text(query, creation->origin_key);
    duet_query_bind_text(query, creation->claim);
    duet_query_bind_text(query, creation->operation);
    duet_query_bind_text(query, creation->target_key);
    duet_query_bind_number(query, creation->state);
    duet_query_bind_number(query, creation->when);
    return duet_store_leave_with(journal, query);
}

enum duet_status duet_journal_creation(struct duet_journal *journal,
                                       const struct duet_owner *tenant, const char *mapping,
                                       enum duet_side origin, const char *origin_key,
                                       struct duet_arena *arena, struct duet_creation *creation_out)
{
    struct duet_query *query = duet_db_query(
        journal->db, "SELECT " CREATION_COLUMNS " FROM creation WHERE owner = " OWNER_ID
                     " AND mapping = ?3 AND origin = ?4 AND origin_key = ?5");
    duet_store_bind_owner(query, tenant);
    duet_query_bind_text(query, mapping);
    duet_query_bind_number(query, origin);
    duet_query_bind_text(query, origin_key);
    return duet_store_first(journal, query, read_creation, "creation", arena, creation_out);
}

enum duet_status duet_journal_creations(struct duet_journal *journal,
                                        const struct duet_owner *tenant, int64_t after,
                                        size_t limit, struct duet_arena *arena,
                                        struct duet_creation **creations_out, size_t *count_out)
{
    struct duet_query *query = duet_db_query(journal->db, "SELECT " CREATION_COLUMNS
                                                          " FROM creation WHERE owner = " OWNER_ID
                                                          " AND id > ?3 ORDER BY id LIMIT ?4");
    duet_store_bind_owner(query, tenant);
    duet_store_bind_page(query, after, limit);
    return duet_store_list(journal, query, read_creation, sizeof **creations_out, arena,
                           creations_out, count_out);
}

enum duet_status duet_journal_creation_end(struct duet_journal *journal,
                                           const struct duet_owner *tenant, const char *mapping,
                                           enum duet_side origin, const char *origin_key)
{
    struct duet_query *query = NULL;
    enum duet_status status =
        duet_store_enter_with(journal, tenant,
                              "DELETE FROM creation WHERE owner = ?1 AND mapping = ?2 AND "
                              "origin = ?3 AND origin_key = ?4",
                              &query);
    if (status != DUET_OK)
        return status;
    duet_query_bind_text(query, mapping);
    duet_query_bind_number(query, origin);
    duet_query_bind_text(query, origin_key);
    return duet_store_leave_with(journal, query);
}

enum duet_status duet_journal_creation_reason(struct duet_journal *journal,
                                              const struct duet_owner *tenant,
                                              const struct duet_creation *creation,
                                              struct duet_arena *arena,
                                              struct duet_ledger_row *row_out)
{
    static const enum duet_ledger_kind kinds[] = { DUET_LEDGER_HELD, DUET_LEDGER_REFUSED };
    *row_out = (struct duet_ledger_row){ 0 };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const struct duet_ledger_query query = { .key = creation->origin_key, .kind = &kinds[i] };
        struct duet_ledger_row *row = NULL;
        size_t count = 0;
        enum duet_status status =
            duet_journal_ledger(journal, tenant, &query, 1, arena, &row, &count);
        if (status != DUET_OK)
            return status;
        if (count > 0 && row->link == 0 && row->when >= creation->when && row->id > row_out->id)
            *row_out = *row;
    }
    return row_out->id ? DUET_OK : DUET_NOT_FOUND;
}
