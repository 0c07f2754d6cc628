/* What stands in the journal, counted. */
#include "engine/journal/store.h"

static void read_owner(struct duet_query *query, struct duet_arena *arena, void *row_out)
{
    struct duet_owner_status *owner = row_out;
    owner->kind = (enum duet_owner_kind)duet_query_choice(query, 0, DUET_OWNER_HUB + 1);
    owner->name = duet_query_text(query, 1, arena);
    owner->epoch = duet_query_number(query, 2);
    owner->links = (size_t)duet_query_number(query, 3);
    owner->tombstones = (size_t)duet_query_number(query, 4);
    owner->shown = (size_t)duet_query_number(query, 5);
    owner->fresh = (size_t)duet_query_number(query, 6);
    owner->quarantined = (size_t)duet_query_number(query, 7);
    owner->creations = (size_t)duet_query_number(query, 8);
    owner->open_intents = (size_t)duet_query_number(query, 9);
    owner->uncertain_notes = (size_t)duet_query_number(query, 10);
    owner->signals = (size_t)duet_query_number(query, 11);
}

static void read_source(struct duet_query *query, struct duet_arena *arena, void *row_out)
{
    struct duet_source_status *source = row_out;
    source->kind = (enum duet_owner_kind)duet_query_choice(query, 0, DUET_OWNER_HUB + 1);
    source->owner = duet_query_text(query, 1, arena);
    source->side = duet_query_text(query, 2, arena);
    source->cursor.cursor = duet_query_text(query, 3, arena);
    source->cursor.polled = duet_query_number(query, 4);
    source->cursor.swept = duet_query_number(query, 5);
    source->rows = (size_t)duet_query_number(query, 6);
    source->fresh = (size_t)duet_query_number(query, 7);
    source->quarantined = (size_t)duet_query_number(query, 8);
    source->hints = (size_t)duet_query_number(query, 9);
}

static const char owners_sql[] =
    "SELECT kind, name, epoch,"
    " (SELECT count(*) FROM link WHERE owner = owner.id AND buried = 0),"
    " (SELECT count(*) FROM link WHERE owner = owner.id AND buried <> 0),"
    " (SELECT count(*) FROM link WHERE owner = owner.id AND shown <> '' AND buried = 0),"
    " (SELECT count(*) FROM source JOIN inbox ON inbox.source = source.id"
    " WHERE source.owner = owner.id AND inbox.state = 0),"
    " (SELECT count(*) FROM source JOIN inbox ON inbox.source = source.id"
    " WHERE source.owner = owner.id AND inbox.state = 2),"
    " (SELECT count(*) FROM creation WHERE owner = owner.id),"
    " (SELECT count(*) FROM intent WHERE owner = owner.id AND outcome < 2),"
    " (SELECT count(*) FROM note JOIN link ON link.id = note.link WHERE link.owner = owner.id AND "
    "note.state = 3),"
    " (SELECT count(*) FROM signal WHERE owner = owner.id)"
    " FROM owner ORDER BY kind, name";

static const char sources_sql[] =
    "SELECT kind, name, side, cursor, polled, swept,"
    " (SELECT count(*) FROM inbox WHERE source = source.id),"
    " (SELECT count(*) FROM inbox WHERE source = source.id AND state = 0),"
    " (SELECT count(*) FROM inbox WHERE source = source.id AND state = 2),"
    " (SELECT count(*) FROM hint WHERE source = source.id)"
    " FROM source JOIN owner ON owner.id = source.owner ORDER BY kind, name, side";

enum duet_status duet_journal_status(struct duet_journal *journal, struct duet_arena *arena,
                                     struct duet_journal_status *status_out)
{
    enum duet_status status = duet_store_list(journal, duet_db_query(journal->db, owners_sql),
                                              read_owner, sizeof *status_out->owners, arena,
                                              &status_out->owners, &status_out->owner_count);
    if (status != DUET_OK)
        return status;
    return duet_store_list(journal, duet_db_query(journal->db, sources_sql), read_source,
                           sizeof *status_out->sources, arena, &status_out->sources,
                           &status_out->source_count);
}
