#include "engine/cli/known.h"

#include <string.h>

#include "dsl/suggest.h"

#define PAGE ((size_t)500)

struct looking {
    const struct duet_store *store;
    const char *key;
    struct duet_owner owner; /* the tenant at hand */
    struct duet_known *known;
    struct duet_suggest suggest;
    struct duet_arena *arena; /* of the page at hand */
    int64_t after;
    size_t count; /* rows of the page at hand */
};

/* Adds what a page of rows behind `after` tells, and moves `after`. */
typedef enum duet_status (*page_looker)(struct looking *looking);

static const char *kept(const struct looking *looking, const char *text)
{
    return text ? duet_arena_copy_text(looking->store->arena, text, strlen(text)) : NULL;
}

/* A key that is known, with its partner's (NULL: none). */
static void meet(struct looking *looking, enum duet_known_as as, const char *key,
                 const char *partner)
{
    if (!key)
        return;
    if (strcmp(key, looking->key) == 0 && looking->known->as < as) {
        looking->known->as = as;
        looking->known->partner = kept(looking, partner);
    }
    const char *before = looking->suggest.best;
    duet_suggest_offer(&looking->suggest, key);
    if (looking->suggest.best != before)
        looking->suggest.best = kept(looking, looking->suggest.best);
}

static enum duet_status look_at_links(struct looking *looking)
{
    struct duet_journal_link *links = NULL;
    enum duet_status status =
        duet_journal_links(looking->store->journal, &looking->owner, NULL, looking->after, PAGE,
                           looking->arena, &links, &looking->count);
    for (size_t i = 0; status == DUET_OK && i < looking->count; i++) {
        const char *const *keys = links[i].keys;
        meet(looking, DUET_KNOWN_LINKED, keys[DUET_LEFT], keys[DUET_RIGHT]);
        meet(looking, DUET_KNOWN_LINKED, keys[DUET_RIGHT], keys[DUET_LEFT]);
        looking->after = links[i].id;
    }
    return status;
}

static enum duet_status look_at_creations(struct looking *looking)
{
    struct duet_creation *creations = NULL;
    enum duet_status status =
        duet_journal_creations(looking->store->journal, &looking->owner, looking->after, PAGE,
                               looking->arena, &creations, &looking->count);
    for (size_t i = 0; status == DUET_OK && i < looking->count; i++) {
        meet(looking, DUET_KNOWN_CREATING, creations[i].origin_key, NULL);
        looking->after = creations[i].id;
    }
    return status;
}

static enum duet_status look_at_pages(struct looking *looking, page_looker look)
{
    enum duet_status status = DUET_OK;
    looking->after = 0;
    looking->count = PAGE;
    while (status == DUET_OK && looking->count == PAGE) {
        looking->arena = duet_arena_new();
        looking->count = 0;
        status = look(looking);
        duet_arena_free(looking->arena);
    }
    return status;
}

static enum duet_status look_at_source(struct looking *looking,
                                       const struct duet_source_status *source)
{
    const struct duet_owner owner = { source->kind, source->owner, 0 };
    const struct duet_source asked = { &owner, source->side };
    struct duet_inbox_row row;
    struct duet_arena *arena = duet_arena_new();
    enum duet_status status =
        duet_journal_snapshot(looking->store->journal, &asked, looking->key, arena, &row);
    duet_arena_free(arena);
    if (status == DUET_NOT_FOUND)
        return DUET_OK;
    if (status == DUET_OK && looking->known->as == DUET_KNOWN_NOT) {
        looking->known->as = DUET_KNOWN_READ;
        looking->known->source = duet_arena_format(
            looking->store->arena, "%s%s%s%s", source->kind == DUET_OWNER_HUB ? "hub " : "",
            source->owner, *source->side ? "/" : "", source->side);
    }
    return status;
}

enum duet_status duet_known_record(const struct duet_store *store, const char *key,
                                   struct duet_known *known_out)
{
    const struct duet_journal_status *overview = &store->overview;
    struct looking looking = {
        .store = store, .key = key, .known = known_out, .suggest = duet_suggest_start(key)
    };
    enum duet_status status = DUET_OK;
    *known_out = (struct duet_known){ .as = DUET_KNOWN_NOT };
    for (size_t i = 0; status == DUET_OK && i < overview->owner_count; i++) {
        if (overview->owners[i].kind != DUET_OWNER_TENANT)
            continue;
        looking.owner = (struct duet_owner){ DUET_OWNER_TENANT, overview->owners[i].name, 0 };
        status = look_at_pages(&looking, look_at_links);
        if (status == DUET_OK)
            status = look_at_pages(&looking, look_at_creations);
    }
    for (size_t i = 0; status == DUET_OK && i < overview->source_count; i++)
        status = look_at_source(&looking, &overview->sources[i]);
    known_out->near = duet_suggest_best(&looking.suggest);
    return status;
}
