#include "engine/cli/store.h"

#include <stdlib.h>
#include <string.h>

#include "dsl/suggest.h"

enum duet_exit duet_store_unreadable(const struct duet_arguments *arguments,
                                     const struct duet_store *store)
{
    return duet_complain(arguments, DUET_EXIT_WORLD, "%s", duet_journal_message(store->journal));
}

bool duet_wants_json(const struct duet_arguments *arguments)
{
    return strcmp(duet_option_text(arguments, "format", "text"), "json") == 0;
}

static enum duet_exit unknown_tenant(const struct duet_arguments *arguments,
                                     const struct duet_journal_status *overview, const char *tenant)
{
    struct duet_suggest suggest = duet_suggest_start(tenant);
    for (size_t i = 0; i < overview->owner_count; i++) {
        if (overview->owners[i].kind == DUET_OWNER_TENANT)
            duet_suggest_offer(&suggest, overview->owners[i].name);
    }
    const char *best = duet_suggest_best(&suggest);
    return duet_complain(arguments, DUET_EXIT_USAGE,
                         best ? "the store knows no tenant '%s'; did you mean '%s'?"
                              : "the store knows no tenant '%s'",
                         tenant, best);
}

static bool is_of(enum duet_owner_kind kind, const char *name, const char *tenant)
{
    return kind == DUET_OWNER_TENANT && strcmp(name, tenant) == 0;
}

static bool knows(const struct duet_journal_status *overview, const char *tenant)
{
    for (size_t i = 0; i < overview->owner_count; i++) {
        if (is_of(overview->owners[i].kind, overview->owners[i].name, tenant))
            return true;
    }
    return false;
}

/* Leaves only what is the tenant's. */
static void narrow(struct duet_journal_status *overview, const char *tenant)
{
    size_t owners = 0;
    size_t sources = 0;
    for (size_t i = 0; i < overview->owner_count; i++) {
        if (is_of(overview->owners[i].kind, overview->owners[i].name, tenant))
            overview->owners[owners++] = overview->owners[i];
    }
    for (size_t i = 0; i < overview->source_count; i++) {
        if (is_of(overview->sources[i].kind, overview->sources[i].owner, tenant))
            overview->sources[sources++] = overview->sources[i];
    }
    overview->owner_count = owners;
    overview->source_count = sources;
}

static enum duet_exit look(const struct duet_arguments *arguments, struct duet_store *store,
                           duet_store_user use)
{
    const char *tenant = duet_option_text(arguments, "tenant", NULL);
    if (duet_journal_status(store->journal, store->arena, &store->overview) != DUET_OK)
        return duet_store_unreadable(arguments, store);
    if (tenant && !knows(&store->overview, tenant))
        return unknown_tenant(arguments, &store->overview, tenant);
    if (tenant)
        narrow(&store->overview, tenant);
    return use(arguments, store);
}

enum duet_exit duet_with_store(const struct duet_arguments *arguments, duet_store_user use)
{
    const char *usual = getenv("DUET_STORE");
    const char *path = duet_option_text(arguments, "store", usual && *usual ? usual : "duet.db");
    struct duet_error error = { "" };
    struct duet_store store = { 0 };
    if (duet_journal_open_existing(path, &store.journal, &error) != DUET_OK)
        return duet_complain(arguments, DUET_EXIT_WORLD, "%s", error.text);
    store.arena = duet_arena_new();
    enum duet_exit status = look(arguments, &store, use);
    duet_arena_free(store.arena);
    duet_journal_close(store.journal);
    return status;
}
