/* Which record belongs to which. */
#include <string.h>

#include "engine/journal/store.h"

#define LINK_COLUMNS                                                                               \
    "link.id, owner.name, mapping, left_key, right_key, state, shown, left_gone, right_gone, "     \
    "created, buried, epitaph"
#define LINKS_OF_OWNER                                                                             \
    "SELECT " LINK_COLUMNS                                                                         \
    " FROM link JOIN owner ON owner.id = link.owner WHERE link.owner = " OWNER_ID

static void read_link(struct duet_query *query, struct duet_arena *arena, void *row_out)
{
    struct duet_journal_link *link = row_out;
    link->id = duet_query_number(query, 0);
    link->tenant = duet_query_text(query, 1, arena);
    link->mapping = duet_query_text(query, 2, arena);
    link->keys[DUET_LEFT] = duet_query_text(query, 3, arena);
    link->keys[DUET_RIGHT] = duet_query_text(query, 4, arena);
    link->state = duet_query_text(query, 5, arena);
    link->shown = duet_query_text(query, 6, arena);
    link->gone[DUET_LEFT] = duet_query_number(query, 7) != 0;
    link->gone[DUET_RIGHT] = duet_query_number(query, 8) != 0;
    link->created = duet_query_number(query, 9);
    link->buried = duet_query_number(query, 10);
    link->epitaph = duet_query_text(query, 11, arena);
    link->found = DUET_LEFT;
}

static void read_link_and_side(struct duet_query *query, struct duet_arena *arena, void *row_out)
{
    struct duet_journal_link *link = row_out;
    read_link(query, arena, link);
    link->found = (enum duet_side)duet_query_choice(query, 12, 2);
}

/* --- linking ------------------------------------------------------------------------------------------------ */

struct link_request {
    int64_t owner;
    const char *mapping;
    int64_t sources[2];
    const char *keys[2];
};

struct link_found {
    int64_t id;
    int64_t owner;
    const char *tenant;
    const char *keys[2];
};

static void read_found(struct duet_query *query, struct duet_arena *arena, void *row_out)
{
    struct link_found *found = row_out;
    found->id = duet_query_number(query, 0);
    found->owner = duet_query_number(query, 1);
    found->tenant = duet_query_text(query, 2, arena);
    found->keys[DUET_LEFT] = duet_query_text(query, 3, arena);
    found->keys[DUET_RIGHT] = duet_query_text(query, 4, arena);
}

/* What stands in the way: the same mapping has one of the records, or another tenant has one in any mapping. */
static enum duet_status find_rivals(struct duet_journal *journal,
                                    const struct link_request *request, struct duet_arena *arena,
                                    struct link_found **found_out, size_t *count_out)
{
    struct duet_query *query = duet_db_query(
        journal->db,
        "SELECT link.id, link.owner, owner.name, left_key, right_key FROM link"
        " JOIN owner ON owner.id = link.owner WHERE link.id IN ("
        " SELECT id FROM link WHERE owner = ?1 AND mapping = ?2 AND left_key = ?4"
        " UNION SELECT id FROM link WHERE owner = ?1 AND mapping = ?2 AND right_key = ?6"
        " UNION SELECT id FROM link WHERE left_source = ?3 AND left_key = ?4 AND owner <> ?1"
        " UNION SELECT id FROM link WHERE right_source = ?3 AND right_key = ?4 AND owner <> ?1"
        " UNION SELECT id FROM link WHERE left_source = ?5 AND left_key = ?6 AND owner <> ?1"
        " UNION SELECT id FROM link WHERE right_source = ?5 AND right_key = ?6 AND owner <> ?1"
        ") ORDER BY link.id");
    duet_query_bind_number(query, request->owner);
    duet_query_bind_text(query, request->mapping);
    for (int side = DUET_LEFT; side <= DUET_RIGHT; side++) {
        duet_query_bind_number(query, request->sources[side]);
        duet_query_bind_text(query, request->keys[side]);
    }
    return duet_store_list(journal, query, read_found, sizeof **found_out, arena, found_out,
                           count_out);
}

static enum duet_status insert_link(struct duet_journal *journal,
                                    const struct link_request *request, int64_t created,
                                    int64_t *link_out)
{
    struct duet_query *query = duet_db_query(
        journal->db,
        "INSERT INTO link (owner, mapping, left_source, left_key, right_source, right_key, created)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id");
    duet_query_bind_number(query, request->owner);
    duet_query_bind_text(query, request->mapping);
    for (int side = DUET_LEFT; side <= DUET_RIGHT; side++) {
        duet_query_bind_number(query, request->sources[side]);
        duet_query_bind_text(query, request->keys[side]);
    }
    duet_query_bind_number(query, created);
    return duet_store_number(journal, query, link_out);
}

/* Sources of an end: of the tenant itself, or of a hub, which has an owner row of its own. */
static enum duet_status find_end(struct duet_journal *journal, const struct duet_link_end *end,
                                 int64_t *source_out)
{
    int64_t owner = 0;
    enum duet_status status = duet_store_ensure_owner(journal, end->source.owner, &owner);
    return status == DUET_OK
               ? duet_store_ensure_source(journal, owner, end->source.side, source_out)
               : status;
}

static bool same_link(const struct link_found *found, const struct link_request *request)
{
    return found->owner == request->owner &&
           strcmp(found->keys[DUET_LEFT], request->keys[DUET_LEFT]) == 0 &&
           strcmp(found->keys[DUET_RIGHT], request->keys[DUET_RIGHT]) == 0;
}

static enum duet_status link_records(struct duet_journal *journal,
                                     const struct link_request *request, int64_t created,
                                     int64_t *link_out)
{
    struct link_found *found = NULL;
    size_t count = 0;
    struct duet_arena *arena = duet_arena_new();
    enum duet_status status = find_rivals(journal, request, arena, &found, &count);
    if (status != DUET_OK)
        goto done;
    if (count == 0)
        status = insert_link(journal, request, created, link_out);
    else if (count == 1 && same_link(&found[0], request))
        *link_out = found[0].id;
    else
        status = duet_fail(&journal->error, DUET_CONFLICT,
                           "'%s' and '%s' can't be linked: '%s' has linked '%s' and '%s'",
                           request->keys[DUET_LEFT], request->keys[DUET_RIGHT], found[0].tenant,
                           found[0].keys[DUET_LEFT], found[0].keys[DUET_RIGHT]);

done:
    duet_arena_free(arena);
    return status;
}

enum duet_status duet_journal_link(struct duet_journal *journal, const struct duet_owner *tenant,
                                   const char *mapping, const struct duet_link_end *left,
                                   const struct duet_link_end *right, int64_t created,
                                   int64_t *link_out)
{
    struct link_request request = { .mapping = mapping, .keys = { left->key, right->key } };
    enum duet_status status = duet_store_enter(journal, tenant, &request.owner);
    if (status != DUET_OK)
        return status;
    status = find_end(journal, left, &request.sources[DUET_LEFT]);
    if (status == DUET_OK)
        status = find_end(journal, right, &request.sources[DUET_RIGHT]);
    if (status == DUET_OK)
        status = link_records(journal, &request, created, link_out);
    return duet_store_leave(journal, status);
}

/* --- finding -------------------------------------------------------------------------------------------------- */

enum duet_status duet_journal_link_by_key(struct duet_journal *journal,
                                          const struct duet_owner *tenant, const char *mapping,
                                          enum duet_side side, const char *key,
                                          struct duet_arena *arena,
                                          struct duet_journal_link *link_out)
{
    struct duet_query *query =
        side == DUET_LEFT
            ? duet_db_query(journal->db, LINKS_OF_OWNER " AND mapping = ?3 AND left_key = ?4")
            : duet_db_query(journal->db, LINKS_OF_OWNER " AND mapping = ?3 AND right_key = ?4");
    duet_store_bind_owner(query, tenant);
    duet_query_bind_text(query, mapping);
    duet_query_bind_text(query, key);
    return duet_store_first(journal, query, read_link, "link", arena, link_out);
}

enum duet_status duet_journal_link_by_id(struct duet_journal *journal,
                                         const struct duet_owner *tenant, int64_t id,
                                         struct duet_arena *arena,
                                         struct duet_journal_link *link_out)
{
    struct duet_query *query = duet_db_query(journal->db, LINKS_OF_OWNER " AND link.id = ?3");
    duet_store_bind_owner(query, tenant);
    duet_query_bind_number(query, id);
    return duet_store_first(journal, query, read_link, "link", arena, link_out);
}

enum duet_status duet_journal_links_of_record(struct duet_journal *journal,
                                              const struct duet_source *source, const char *key,
                                              struct duet_arena *arena,
                                              struct duet_journal_link **links_out,
                                              size_t *count_out)
{
    struct duet_query *query = duet_db_query(
        journal->db,
        "SELECT " LINK_COLUMNS ", 0 FROM link JOIN owner ON owner.id = link.owner"
        " WHERE left_source = " SOURCE_ID " AND left_key = ?4"
        " UNION ALL SELECT " LINK_COLUMNS ", 1 FROM link JOIN owner ON owner.id = link.owner"
        " WHERE right_source = " SOURCE_ID " AND right_key = ?4 ORDER BY 1");
    duet_store_bind_source(query, source);
    duet_query_bind_text(query, key);
    return duet_store_list(journal, query, read_link_and_side, sizeof **links_out, arena, links_out,
                           count_out);
}

enum duet_status duet_journal_links(struct duet_journal *journal, const struct duet_owner *tenant,
                                    const char *mapping, int64_t after, size_t limit,
                                    struct duet_arena *arena, struct duet_journal_link **links_out,
                                    size_t *count_out)
{
    struct duet_query *query = duet_db_query(
        journal->db, LINKS_OF_OWNER
        " AND link.id > ?3 AND (?4 IS NULL OR mapping = ?4) ORDER BY link.id LIMIT ?5");
    duet_store_bind_owner(query, tenant);
    duet_query_bind_number(query, after);
    duet_query_bind_text(query, mapping);
    duet_query_bind_number(query, duet_store_limit(limit));
    return duet_store_list(journal, query, read_link, sizeof **links_out, arena, links_out,
                           count_out);
}

enum duet_status duet_journal_links_shown(struct duet_journal *journal,
                                          const struct duet_owner *tenant, int64_t after,
                                          size_t limit, struct duet_arena *arena,
                                          struct duet_journal_link **links_out, size_t *count_out)
{
    struct duet_query *query = duet_db_query(
        journal->db, LINKS_OF_OWNER " AND shown <> '' AND link.id > ?3 ORDER BY link.id LIMIT ?4");
    duet_store_bind_owner(query, tenant);
    duet_store_bind_page(query, after, limit);
    return duet_store_list(journal, query, read_link, sizeof **links_out, arena, links_out,
                           count_out);
}

/* --- changing -------------------------------------------------------------------------------------------------- */

enum duet_status duet_journal_link_set(struct duet_journal *journal,
                                       const struct duet_owner *tenant, int64_t link,
                                       const char *state, const char *shown)
{
    struct duet_query *query = NULL;
    enum duet_status status = duet_store_enter_with(
        journal, tenant,
        "UPDATE link SET state = coalesce(?3, state), shown = coalesce(?4, shown)"
        " WHERE owner = ?1 AND id = ?2",
        &query);
    if (status != DUET_OK)
        return status;
    duet_query_bind_number(query, link);
    duet_query_bind_text(query, state);
    duet_query_bind_text(query, shown);
    return duet_store_leave(journal, duet_store_hit(journal, query, "link"));
}

enum duet_status duet_journal_link_gone(struct duet_journal *journal,
                                        const struct duet_owner *tenant, int64_t link,
                                        enum duet_side side, bool gone)
{
    static const char *const sql[] = {
        "UPDATE link SET left_gone = ?3 WHERE owner = ?1 AND id = ?2",
        "UPDATE link SET right_gone = ?3 WHERE owner = ?1 AND id = ?2",
    };
    struct duet_query *query = NULL;
    enum duet_status status = duet_store_enter_with(journal, tenant, sql[side], &query);
    if (status != DUET_OK)
        return status;
    duet_query_bind_number(query, link);
    duet_query_bind_number(query, gone);
    return duet_store_leave(journal, duet_store_hit(journal, query, "link"));
}

enum duet_status duet_journal_bury(struct duet_journal *journal, const struct duet_owner *tenant,
                                   int64_t link, int64_t when, const char *epitaph)
{
    struct duet_query *query = NULL;
    enum duet_status status = duet_store_enter_with(
        journal, tenant,
        "UPDATE link SET epitaph = CASE WHEN buried = 0 THEN ?4 ELSE epitaph END,"
        " buried = CASE WHEN buried = 0 THEN ?3 ELSE buried END WHERE owner = ?1 AND id = ?2",
        &query);
    if (status != DUET_OK)
        return status;
    duet_query_bind_number(query, link);
    duet_query_bind_number(query, when);
    duet_query_bind_text(query, epitaph);
    return duet_store_leave(journal, duet_store_hit(journal, query, "link"));
}

enum duet_status duet_journal_unlink(struct duet_journal *journal, const struct duet_owner *tenant,
                                     int64_t link)
{
    struct duet_query *query = NULL;
    enum duet_status status = duet_store_enter_with(
        journal, tenant, "DELETE FROM link WHERE owner = ?1 AND id = ?2", &query);
    if (status != DUET_OK)
        return status;
    duet_query_bind_number(query, link);
    return duet_store_leave_with(journal, query);
}
