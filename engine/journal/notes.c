/* Notes on their way, part by part.
 *
 *   INTENDED --> SENT --> CONFIRMED        FOREIGN: seen, not to be sent
 *                  \--> UNCERTAIN --> CONFIRMED */
#include "engine/journal/store.h"

#define NOTE_COLUMNS                                                                               \
    "note.id, link, origin, origin_note, part, target_note, mark, note.state, text, at"
#define NOTES_OF_LINK                                                                              \
    "SELECT " NOTE_COLUMNS " FROM note JOIN link ON link.id = note.link"                           \
    " WHERE link.owner = " OWNER_ID " AND note.link = ?3"

static void read_note(struct duet_query *query, struct duet_arena *arena, void *row_out)
{
    struct duet_journal_note *note = row_out;
    note->id = duet_query_number(query, 0);
    note->link = duet_query_number(query, 1);
    note->origin = (enum duet_side)duet_query_choice(query, 2, 2);
    note->origin_note = duet_query_text(query, 3, arena);
    note->part = (int)duet_query_number(query, 4);
    note->target_note = duet_query_text(query, 5, arena);
    note->mark = duet_query_text(query, 6, arena);
    note->state = (enum duet_note_state)duet_query_choice(query, 7, DUET_NOTE_FOREIGN + 1);
    note->text = duet_query_text(query, 8, arena);
    note->when = duet_query_number(query, 9);
}

static enum duet_status put_note(struct duet_journal *journal, int64_t owner,
                                 const struct duet_journal_note *note)
{
    struct duet_query *query = duet_db_query(
        journal->db,
        "INSERT INTO note (link, origin, origin_note, part, target_note, mark, state, text, at)"
        " SELECT id, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM link WHERE id = ?2 AND owner = ?1"
        " ON CONFLICT (link, origin, origin_note, part) DO UPDATE SET"
        " target_note = CASE WHEN state = 2 THEN coalesce(target_note, excluded.target_note)"
        " ELSE coalesce(excluded.target_note, target_note) END,"
        " mark = CASE WHEN state = 2 THEN coalesce(mark, excluded.mark)"
        " ELSE coalesce(excluded.mark, mark) END,"
        " text = coalesce(text, excluded.text),"
        " at = CASE WHEN state = 2 THEN at ELSE excluded.at END,"
        " state = CASE WHEN state = 2 THEN 2 ELSE excluded.state END");
    duet_query_bind_number(query, owner);
    duet_query_bind_number(query, note->link);
    duet_query_bind_number(query, note->origin);
    duet_query_bind_text(query, note->origin_note);
    duet_query_bind_number(query, note->part);
    duet_query_bind_text(query, note->target_note);
    duet_query_bind_text(query, note->mark);
    duet_query_bind_number(query, note->state);
    duet_query_bind_text(query, note->text);
    duet_query_bind_number(query, note->when);
    enum duet_status status = duet_store_hit(journal, query, "link");
    if (status == DUET_CONFLICT)
        (void)duet_fail(&journal->error, status,
                        "note '%s' can't be '%s': that one belongs to another note",
                        note->origin_note, note->target_note ? note->target_note : note->mark);
    return status;
}

enum duet_status duet_journal_put_note(struct duet_journal *journal,
                                       const struct duet_owner *tenant,
                                       const struct duet_journal_note *note)
{
    int64_t owner = 0;
    enum duet_status status = duet_store_enter(journal, tenant, &owner);
    if (status != DUET_OK)
        return status;
    return duet_store_leave(journal, put_note(journal, owner, note));
}

/* --- finding ------------------------------------------------------------------------------------------------- */

static void bind_link(struct duet_query *query, const struct duet_owner *tenant, int64_t link)
{
    duet_store_bind_owner(query, tenant);
    duet_query_bind_number(query, link);
}

enum duet_status duet_journal_note_parts(struct duet_journal *journal,
                                         const struct duet_owner *tenant, int64_t link,
                                         enum duet_side origin, const char *origin_note,
                                         struct duet_arena *arena,
                                         struct duet_journal_note **notes_out, size_t *count_out)
{
    struct duet_query *query = duet_db_query(journal->db, NOTES_OF_LINK
                                             " AND origin = ?4 AND origin_note = ?5 ORDER BY part");
    bind_link(query, tenant, link);
    duet_query_bind_number(query, origin);
    duet_query_bind_text(query, origin_note);
    return duet_store_list(journal, query, read_note, sizeof **notes_out, arena, notes_out,
                           count_out);
}

static enum duet_status find_note(struct duet_journal *journal, struct duet_query *query,
                                  const struct duet_owner *tenant, int64_t link,
                                  enum duet_side origin, const char *wanted,
                                  struct duet_arena *arena, struct duet_journal_note *note_out)
{
    bind_link(query, tenant, link);
    duet_query_bind_number(query, origin);
    duet_query_bind_text(query, wanted);
    return duet_store_first(journal, query, read_note, "note", arena, note_out);
}

enum duet_status duet_journal_note_by_target(struct duet_journal *journal,
                                             const struct duet_owner *tenant, int64_t link,
                                             enum duet_side origin, const char *target_note,
                                             struct duet_arena *arena,
                                             struct duet_journal_note *note_out)
{
    struct duet_query *query =
        duet_db_query(journal->db, NOTES_OF_LINK " AND origin = ?4 AND target_note = ?5");
    return find_note(journal, query, tenant, link, origin, target_note, arena, note_out);
}

enum duet_status duet_journal_note_by_mark(struct duet_journal *journal,
                                           const struct duet_owner *tenant, int64_t link,
                                           enum duet_side origin, const char *mark,
                                           struct duet_arena *arena,
                                           struct duet_journal_note *note_out)
{
    struct duet_query *query =
        duet_db_query(journal->db, NOTES_OF_LINK " AND origin = ?4 AND mark = ?5");
    return find_note(journal, query, tenant, link, origin, mark, arena, note_out);
}

enum duet_status duet_journal_notes(struct duet_journal *journal, const struct duet_owner *tenant,
                                    int64_t link, int64_t after, size_t limit,
                                    struct duet_arena *arena, struct duet_journal_note **notes_out,
                                    size_t *count_out)
{
    struct duet_query *query =
        duet_db_query(journal->db, NOTES_OF_LINK " AND note.id > ?4 ORDER BY note.id LIMIT ?5");
    bind_link(query, tenant, link);
    duet_store_bind_page(query, after, limit);
    return duet_store_list(journal, query, read_note, sizeof **notes_out, arena, notes_out,
                           count_out);
}

enum duet_status duet_journal_count_notes(struct duet_journal *journal,
                                          const struct duet_owner *tenant, int64_t link,
                                          enum duet_side origin, enum duet_note_state state,
                                          size_t *count_out)
{
    struct duet_query *query = duet_db_query(
        journal->db,
        "SELECT count(*) FROM note JOIN link ON link.id = note.link WHERE link.owner = " OWNER_ID
        " AND note.link = ?3 AND origin = ?4 AND note.state = ?5");
    int64_t count = 0;
    bind_link(query, tenant, link);
    duet_query_bind_number(query, origin);
    duet_query_bind_number(query, state);
    enum duet_status status = duet_store_number(journal, query, &count);
    *count_out = (size_t)count;
    return status;
}
