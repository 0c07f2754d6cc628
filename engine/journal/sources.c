/* How far each source was read. */
#include "engine/journal/store.h"

static void read_cursor(struct duet_query *query, struct duet_arena *arena, void *row_out)
{
    struct duet_cursor *cursor = row_out;
    cursor->cursor = duet_query_text(query, 0, arena);
    cursor->polled = duet_query_number(query, 1);
    cursor->swept = duet_query_number(query, 2);
}

enum duet_status duet_journal_cursor(struct duet_journal *journal, const struct duet_source *source,
                                     struct duet_arena *arena, struct duet_cursor *cursor_out)
{
    struct duet_query *query = duet_db_query(
        journal->db, "SELECT cursor, polled, swept FROM source WHERE id = " SOURCE_ID);
    duet_store_bind_source(query, source);
    enum duet_status status =
        duet_store_first(journal, query, read_cursor, "source", arena, cursor_out);
    if (status != DUET_NOT_FOUND)
        return status;
    *cursor_out = (struct duet_cursor){ 0 };
    return DUET_OK;
}

enum duet_status duet_journal_set_cursor(struct duet_journal *journal,
                                         const struct duet_source *source,
                                         const struct duet_cursor *cursor)
{
    int64_t id = 0;
    enum duet_status status = duet_store_enter_source(journal, source, &id);
    if (status != DUET_OK)
        return status;
    struct duet_query *query = duet_db_query(
        journal->db, "UPDATE source SET cursor = ?2, polled = ?3, swept = ?4 WHERE id = ?1");
    duet_query_bind_number(query, id);
    duet_query_bind_text(query, cursor->cursor);
    duet_query_bind_number(query, cursor->polled);
    duet_query_bind_number(query, cursor->swept);
    return duet_store_leave(journal, duet_store_hit(journal, query, "source"));
}
