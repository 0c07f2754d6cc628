/* `duet held`: everything that doesn't go on by itself, or not yet, with the reason and the rule. */
#include "engine/cli/commands.h"
#include "engine/cli/tell.h"
#include "engine/cli/waiting.h"

static const struct duet_option options[] = {
    DUET_OPTION_STORE,
    DUET_OPTION_TENANT,
    DUET_OPTION_FORMAT,
    { NULL, 0, NULL, NULL },
};

static enum duet_status collect_owner(const struct duet_store *store,
                                      const struct duet_owner_status *owner, json_t *things)
{
    enum duet_status status = DUET_OK;
    if (owner->kind == DUET_OWNER_TENANT) {
        status = duet_waiting_of_links(store, owner->name, things);
        if (status == DUET_OK)
            status = duet_waiting_creations(store, owner->name, things);
    }
    return status == DUET_OK ? duet_waiting_signals(store, owner, things) : status;
}

static enum duet_status collect(const struct duet_store *store, json_t *things)
{
    const struct duet_journal_status *overview = &store->overview;
    enum duet_status status = DUET_OK;
    for (size_t i = 0; status == DUET_OK && i < overview->owner_count; i++)
        status = collect_owner(store, &overview->owners[i], things);
    for (size_t i = 0; status == DUET_OK && i < overview->source_count; i++)
        status = duet_waiting_quarantined(store, &overview->sources[i], things);
    return status;
}

/* Conflicts have a command of their own. */
static size_t take_conflicts(json_t *things)
{
    size_t taken = 0;
    for (size_t i = json_array_size(things); i-- > 0;) {
        if (!duet_is_conflict(json_array_get(things, i)))
            continue;
        json_array_remove(things, i);
        taken++;
    }
    return taken;
}

static void show_text(FILE *out, const json_t *things, size_t conflicts)
{
    size_t i = 0;
    const json_t *thing = NULL;
    json_array_foreach(things, i, thing)
    {
        duet_waiting_tell(out, thing);
    }
    if (json_array_size(things) == 0)
        fputs("nothing is held\n", out);
    if (conflicts > 0)
        fprintf(out, "%zu wait for a person to decide: see `duet conflicts`\n", conflicts);
}

static enum duet_exit show(const struct duet_arguments *arguments, const struct duet_store *store)
{
    FILE *out = duet_arguments_io(arguments)->out;
    json_t *things = json_array();
    enum duet_exit status = DUET_EXIT_FINE;
    if (collect(store, things) != DUET_OK) {
        status = duet_store_unreadable(arguments, store);
    } else {
        size_t conflicts = take_conflicts(things);
        if (duet_wants_json(arguments))
            duet_tell_json(out, things);
        else
            show_text(out, things, conflicts);
    }
    json_decref(things);
    return status;
}

static enum duet_exit run(const struct duet_arguments *arguments)
{
    return duet_with_store(arguments, show);
}

const struct duet_command duet_cmd_held = {
    .name = "held",
    .usage = "",
    .summary = "show what waits, with the missing piece",
    .help =
        "Shows what doesn't go on by itself, or not yet: values that the other side would refuse, "
        "changes that nothing\n"
        "releases yet, writes that wait, records that can't be read or made, signals nobody\n"
        "has acted on; what is under way isn't shown. Each has the reason, the keys, both values "
        "and the file and line of the "
        "rule.",
    .options = options,
    .run = run,
};
