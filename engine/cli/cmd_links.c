/* `duet links`: which records are linked. */
#include <string.h>

#include "engine/cli/commands.h"
#include "engine/cli/store.h"
#include "engine/cli/tell.h"

#define PAGE ((size_t)500)

static const struct duet_option options[] = {
    DUET_OPTION_STORE,  DUET_OPTION_TENANT,      { "mapping", 0, "NAME", "only of this mapping" },
    DUET_OPTION_FORMAT, { NULL, 0, NULL, NULL },
};

static const char *state_of(const struct duet_journal_link *link)
{
    if (link->buried != 0)
        return "buried";
    if (link->gone[DUET_LEFT] && link->gone[DUET_RIGHT])
        return "both gone";
    if (link->gone[DUET_LEFT])
        return "left gone";
    return link->gone[DUET_RIGHT] ? "right gone" : "linked";
}

static json_t *link_json(const struct duet_journal_link *link)
{
    json_t *object = json_object();
    duet_tell_set(object, "tenant", link->tenant);
    duet_tell_set(object, "mapping", link->mapping);
    duet_tell_set(object, "left", link->keys[DUET_LEFT]);
    duet_tell_set(object, "right", link->keys[DUET_RIGHT]);
    duet_tell_set(object, "state", state_of(link));
    duet_tell_set(object, "why", link->epitaph);
    json_object_set_new(object, "since",
                        duet_tell_time(link->buried != 0 ? link->buried : link->created));
    return object;
}

static enum duet_status collect_tenant(const struct duet_store *store, const char *tenant,
                                       const char *mapping, json_t *links)
{
    const struct duet_owner owner = { DUET_OWNER_TENANT, tenant, 0 };
    enum duet_status status = DUET_OK;
    int64_t after = 0;
    size_t count = PAGE;
    while (status == DUET_OK && count == PAGE) {
        struct duet_arena *arena = duet_arena_new();
        struct duet_journal_link *rows = NULL;
        count = 0;
        status =
            duet_journal_links(store->journal, &owner, mapping, after, PAGE, arena, &rows, &count);
        for (size_t i = 0; status == DUET_OK && i < count; i++) {
            json_array_append_new(links, link_json(&rows[i]));
            after = rows[i].id;
        }
        duet_arena_free(arena);
    }
    return status;
}

static void show_text(FILE *out, const json_t *links)
{
    size_t i = 0;
    const json_t *link = NULL;
    json_array_foreach(links, i, link)
    {
        const char *state = duet_tell_member(link, "state");
        const char *why = json_string_value(json_object_get(link, "why"));
        bool is_linked = strcmp(state, "linked") == 0;
        duet_tell(out, 0, "%s  %s <-> %s%s%s%s%s", duet_tell_member(link, "tenant"),
                  duet_tell_member(link, "left"), duet_tell_member(link, "right"),
                  is_linked ? "" : "  ", is_linked ? "" : state, why ? ": " : "", why ? why : "");
    }
    if (json_array_size(links) == 0)
        fputs("nothing is linked\n", out);
}

static enum duet_exit show(const struct duet_arguments *arguments, const struct duet_store *store)
{
    FILE *out = duet_arguments_io(arguments)->out;
    const char *mapping = duet_option_text(arguments, "mapping", NULL);
    json_t *links = json_array();
    enum duet_status status = DUET_OK;
    for (size_t i = 0; status == DUET_OK && i < store->overview.owner_count; i++) {
        if (store->overview.owners[i].kind == DUET_OWNER_TENANT)
            status = collect_tenant(store, store->overview.owners[i].name, mapping, links);
    }
    if (status == DUET_OK && duet_wants_json(arguments))
        duet_tell_json(out, links);
    else if (status == DUET_OK)
        show_text(out, links);
    json_decref(links);
    return status == DUET_OK ? DUET_EXIT_FINE : duet_store_unreadable(arguments, store);
}

static enum duet_exit run(const struct duet_arguments *arguments)
{
    return duet_with_store(arguments, show);
}

const struct duet_command duet_cmd_links = {
    .name = "links",
    .usage = "",
    .summary = "list which records are linked",
    .help =
        "Lists every pair of linked records by their keys, also those of which one is gone, and "
        "pairs that were buried,\n"
        "with the reason: their keys are never linked again.",
    .options = options,
    .run = run,
};
