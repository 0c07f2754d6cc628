/* Who changed what, and by which rule. Rows are only ever added; the store itself refuses anything else. */
#include <string.h>

#include "engine/journal/store.h"

#define LEDGER_COLUMNS                                                                             \
    "ledger.id, owner.name, at, ledger.kind, link, left_key, right_key, field, side, from_value, " \
    "to_value,"                                                                                    \
    " lost_value, cause, file, line, operation"
#define LEDGER_ROWS                                                                                \
    "SELECT " LEDGER_COLUMNS " FROM ledger JOIN owner ON owner.id = ledger.owner"                  \
    " WHERE ledger.owner = " OWNER_ID                                                              \
    " AND (?3 IS NULL OR field = ?3) AND (?4 IS NULL OR ledger.kind = ?4)"                         \
    " AND (?5 = 0 OR ledger.id < ?5) AND (?8 = 0 OR link = ?8)"
#define NEWEST_FIRST " ORDER BY ledger.id DESC LIMIT ?6"

static const char *const kind_names[] = {
#define LEDGER_NAME(name, text) [DUET_LEDGER_##name] = (text),
    DUET_LEDGER_KINDS(LEDGER_NAME)
#undef LEDGER_NAME
};

#define KIND_COUNT (sizeof kind_names / sizeof kind_names[0])

const char *duet_ledger_name(enum duet_ledger_kind kind)
{
    return kind_names[kind];
}

/* A kind that only a later duet knows is a remark. */
static enum duet_ledger_kind kind_of(const char *name)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (name && strcmp(kind_names[i], name) == 0)
            return (enum duet_ledger_kind)i;
    return DUET_LEDGER_REMARK;
}

static void read_entry(struct duet_query *query, struct duet_arena *arena, void *row_out)
{
    struct duet_ledger_row *row = row_out;
    row->id = duet_query_number(query, 0);
    row->tenant = duet_query_text(query, 1, arena);
    row->when = duet_query_number(query, 2);
    row->kind = kind_of(duet_query_text(query, 3, arena));
    row->link = duet_query_number(query, 4);
    row->keys[DUET_LEFT] = duet_query_text(query, 5, arena);
    row->keys[DUET_RIGHT] = duet_query_text(query, 6, arena);
    row->field = duet_query_text(query, 7, arena);
    row->side = (enum duet_side)duet_query_choice(query, 8, 2);
    row->from = duet_query_text(query, 9, arena);
    row->to = duet_query_text(query, 10, arena);
    row->lost = duet_query_text(query, 11, arena);
    row->cause = duet_query_text(query, 12, arena);
    row->file = duet_query_text(query, 13, arena);
    row->line = (uint32_t)duet_query_number(query, 14);
    row->operation = duet_query_text(query, 15, arena);
}

static enum duet_status append(struct duet_journal *journal, int64_t owner,
                               const struct duet_ledger_row *row)
{
    struct duet_query *query = duet_db_query(
        journal->db, "INSERT INTO ledger (owner, at, kind, link, left_key, right_key, field, side, "
                     "from_value, to_value,"
                     " lost_value, cause, file, line, operation)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)");
    duet_query_bind_number(query, owner);
    duet_query_bind_number(query, row->when);
    duet_query_bind_text(query, duet_ledger_name(row->kind));
    duet_query_bind_number(query, row->link);
    duet_query_bind_text(query, row->keys[DUET_LEFT]);
    duet_query_bind_text(query, row->keys[DUET_RIGHT]);
    duet_query_bind_text(query, row->field);
    duet_query_bind_number(query, row->side);
    duet_query_bind_text(query, row->from);
    duet_query_bind_text(query, row->to);
    duet_query_bind_text(query, row->lost);
    duet_query_bind_text(query, row->cause);
    duet_query_bind_text(query, row->file);
    duet_query_bind_number(query, row->line);
    duet_query_bind_text(query, row->operation);
    return duet_store_run(journal, query);
}

enum duet_status duet_journal_log(struct duet_journal *journal, const struct duet_owner *owner,
                                  const struct duet_ledger_row *row)
{
    int64_t id = 0;
    enum duet_status status = duet_store_enter(journal, owner, &id);
    if (status != DUET_OK)
        return status;
    return duet_store_leave(journal, append(journal, id, row));
}

/* One statement for each way in, so that each finds its index. */
static struct duet_query *ledger_query(struct duet_journal *journal,
                                       const struct duet_ledger_query *wanted)
{
    if (wanted->key)
        return duet_db_query(journal->db, LEDGER_ROWS
                             " AND ledger.id IN ("
                             "SELECT id FROM ledger WHERE owner = " OWNER_ID " AND left_key = ?7"
                             " UNION SELECT id FROM ledger WHERE owner = " OWNER_ID
                             " AND right_key = ?7)" NEWEST_FIRST);
    if (wanted->link)
        return duet_db_query(journal->db, LEDGER_ROWS " AND link = ?8 AND ?7 IS NULL" NEWEST_FIRST);
    return duet_db_query(journal->db, LEDGER_ROWS " AND ?7 IS NULL" NEWEST_FIRST);
}

enum duet_status duet_journal_ledger(struct duet_journal *journal, const struct duet_owner *owner,
                                     const struct duet_ledger_query *wanted, size_t limit,
                                     struct duet_arena *arena, struct duet_ledger_row **rows_out,
                                     size_t *count_out)
{
    struct duet_query *query = ledger_query(journal, wanted);
    duet_store_bind_owner(query, owner);
    duet_query_bind_text(query, wanted->field);
    duet_query_bind_text(query, wanted->kind ? duet_ledger_name(*wanted->kind) : NULL);
    duet_query_bind_number(query, wanted->before);
    duet_query_bind_number(query, duet_store_limit(limit));
    duet_query_bind_text(query, wanted->key);
    duet_query_bind_number(query, wanted->link);
    return duet_store_list(journal, query, read_entry, sizeof **rows_out, arena, rows_out,
                           count_out);
}
