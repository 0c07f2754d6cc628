/* Recorded records from an engine's store: every living link, with both last snapshots and what is remembered of it. */
#include <string.h>

#include "engine/cli/replay.h"
#include "engine/cli/store.h"

#define PAGE ((size_t)200)

struct store_reading {
    struct duet_replay_run *run;
    const struct duet_store *store;
    const struct duet_journal_status *sources; /* hubs too, also with --tenant */
    struct duet_owner tenant;
};

/* The last snapshot of a side's record: of the tenant's own system, else of a hub. */
static enum duet_status snapshot(const struct store_reading *reading, enum duet_side side,
                                 const char *key, struct duet_arena *arena,
                                 struct duet_inbox_row *row_out)
{
    const struct duet_tables *tables = reading->run->versions.new->tables;
    const struct duet_source own = { &reading->tenant,
                                     duet_str(tables, duet_side_row(tables, side)->name) };
    const struct duet_journal_status *overview = reading->sources;
    enum duet_status status =
        duet_journal_snapshot(reading->store->journal, &own, key, arena, row_out);
    for (size_t i = 0; status == DUET_NOT_FOUND && i < overview->source_count; i++) {
        const struct duet_owner hub = { DUET_OWNER_HUB, overview->sources[i].owner, 0 };
        const struct duet_source shared = { &hub, overview->sources[i].side };
        if (overview->sources[i].kind == DUET_OWNER_HUB)
            status = duet_journal_snapshot(reading->store->journal, &shared, key, arena, row_out);
    }
    return status;
}

static enum duet_status replay_link(const struct store_reading *reading,
                                    const struct duet_journal_link *link, struct duet_arena *arena)
{
    struct duet_recorded recorded = { .state = link->state };
    for (uint32_t side = 0; side < 2; side++) {
        struct duet_inbox_row row;
        enum duet_status status =
            snapshot(reading, (enum duet_side)side, link->keys[side], arena, &row);
        if (status == DUET_NOT_FOUND) {
            duet_tally_unread(reading->run->tally);
            return DUET_OK;
        }
        if (status != DUET_OK)
            return status;
        recorded.raw[side] = row.row.raw;
        recorded.length[side] = row.row.length;
        recorded.read_at[side] = row.row.read_began;
    }
    duet_replay_pair(reading->run, &recorded,
                     duet_arena_format(arena, "%s: %s and %s", reading->tenant.name, link->keys[0],
                                       link->keys[1]));
    return DUET_OK;
}

static enum duet_status replay_page(const struct store_reading *reading, int64_t *after,
                                    size_t *count_out)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_journal_link *links = NULL;
    const struct duet_tables *tables = reading->run->versions.new->tables;
    enum duet_status status = duet_journal_links(reading->store->journal, &reading->tenant,
                                                 duet_str(tables, duet_mapping(tables)->name),
                                                 *after, PAGE, arena, &links, count_out);
    for (size_t i = 0; i < *count_out && status == DUET_OK; i++) {
        *after = links[i].id;
        if (!links[i].buried && !links[i].gone[DUET_LEFT] && !links[i].gone[DUET_RIGHT])
            status = replay_link(reading, &links[i], arena);
    }
    duet_arena_free(arena);
    return status;
}

static enum duet_status replay_tenant(const struct store_reading *reading)
{
    enum duet_status status = DUET_OK;
    int64_t after = 0;
    size_t count = PAGE;
    while (status == DUET_OK && count == PAGE) {
        count = 0;
        status = replay_page(reading, &after, &count);
    }
    return status;
}

void duet_replay_store(struct duet_replay_run *run, const struct duet_store *store)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_journal_status all;
    if (duet_journal_status(store->journal, arena, &all) != DUET_OK)
        run->status = duet_store_unreadable(run->arguments, store);
    for (size_t i = 0; i < store->overview.owner_count && run->status == DUET_EXIT_FINE; i++) {
        const struct duet_owner_status *owner = &store->overview.owners[i];
        const struct store_reading reading = { .run = run,
                                               .store = store,
                                               .sources = &all,
                                               .tenant = { DUET_OWNER_TENANT, owner->name, 0 } };
        if (owner->kind == DUET_OWNER_TENANT && duet_replay_tenant(run, owner->name) &&
            replay_tenant(&reading) != DUET_OK)
            run->status = duet_store_unreadable(run->arguments, store);
    }
    duet_arena_free(arena);
}
