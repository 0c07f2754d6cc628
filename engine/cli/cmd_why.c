/* `duet why INCIDENT FIELD`: who changed a field, and by which rule: from the store's ledger alone. */
#include <string.h>

#include "engine/cli/commands.h"
#include "engine/cli/history.h"
#include "engine/cli/known.h"
#include "engine/cli/store.h"
#include "engine/cli/tell.h"

#define WHY_PAGE 200U

static const struct duet_option options[] = {
    DUET_OPTION_STORE,
    DUET_OPTION_TENANT,
    DUET_OPTION_FORMAT,
    { NULL, 0, NULL, NULL },
};

struct search {
    const struct duet_store *store;
    const char *incident;
    const char *field;
    bool is_known; /* the ledger has a row of it */
    json_t *found;
    json_t *fields; /* the names of all fields that the ledger knows of this incident, each once */
};

static void take(struct search *search, const struct duet_ledger_row *row)
{
    search->is_known = true;
    if (row->field)
        json_object_set_new(search->fields, row->field, json_true());
    if (row->field && strcmp(row->field, search->field) == 0)
        json_array_append_new(search->found, duet_history_json(row));
}

static enum duet_status search_tenant(struct search *search, const char *tenant)
{
    const struct duet_owner owner = { DUET_OWNER_TENANT, tenant, 0 };
    struct duet_ledger_query query = { .key = search->incident };
    enum duet_status status = DUET_OK;
    size_t count = WHY_PAGE;
    while (status == DUET_OK && count == WHY_PAGE) {
        struct duet_arena *arena = duet_arena_new();
        struct duet_ledger_row *rows = NULL;
        count = 0;
        status = duet_journal_ledger(search->store->journal, &owner, &query, WHY_PAGE, arena, &rows,
                                     &count);
        for (size_t i = 0; status == DUET_OK && i < count; i++)
            take(search, &rows[i]);
        if (status == DUET_OK && count > 0)
            query.before = rows[count - 1].id;
        duet_arena_free(arena);
    }
    return status;
}

static enum duet_status search_all(struct search *search)
{
    const struct duet_journal_status *overview = &search->store->overview;
    enum duet_status status = DUET_OK;
    for (size_t i = 0; status == DUET_OK && i < overview->owner_count; i++) {
        if (overview->owners[i].kind == DUET_OWNER_TENANT)
            status = search_tenant(search, overview->owners[i].name);
    }
    return status;
}

/* What a group holds moves as one and stands in the ledger by the group's name: say which names there are. */
static const char *known_fields(const struct search *search)
{
    struct duet_arena *arena = search->store->arena;
    const char *names = "";
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(search->fields, name, value)
    {
        names = duet_arena_format(arena, "%s%s%s", names, *names ? ", " : "", name);
    }
    return names;
}

static enum duet_exit say_unknown(const struct duet_arguments *arguments, const char *incident,
                                  const char *near)
{
    if (near)
        return duet_complain(arguments, DUET_EXIT_FINDINGS,
                             "the store knows no record '%s'; did you mean '%s'?", incident, near);
    return duet_complain(arguments, DUET_EXIT_FINDINGS,
                         "the store knows no record '%s'; `duet links` lists those that are linked",
                         incident);
}

/* No field of it was ever changed: what is known of the record itself. */
static enum duet_exit say_unchanged(const struct duet_arguments *arguments,
                                    const struct search *search)
{
    static const char unchanged[] = "no change of its fields is in the ledger";
    const char *incident = search->incident;
    struct duet_known known;
    if (duet_known_record(search->store, incident, &known) != DUET_OK)
        return duet_store_unreadable(arguments, search->store);
    switch (known.as) {
    case DUET_KNOWN_NOT:
        if (!search->is_known)
            return say_unknown(arguments, incident, known.near);
        return duet_complain(arguments, DUET_EXIT_FINDINGS, "'%s' is known; %s", incident,
                             unchanged);
    case DUET_KNOWN_READ:
        return duet_complain(arguments, DUET_EXIT_FINDINGS,
                             "'%s' was read from %s and is not linked; %s", incident, known.source,
                             unchanged);
    case DUET_KNOWN_CREATING:
        return duet_complain(arguments, DUET_EXIT_FINDINGS,
                             "'%s' is to get a partner and has none yet; %s", incident, unchanged);
    case DUET_KNOWN_LINKED:
        return duet_complain(arguments, DUET_EXIT_FINDINGS, "'%s' is linked with '%s'; %s",
                             incident, known.partner, unchanged);
    }
    return DUET_EXIT_FINDINGS;
}

static enum duet_exit say_nothing_found(const struct duet_arguments *arguments,
                                        const struct search *search)
{
    const char *names = known_fields(search);
    if (!*names)
        return say_unchanged(arguments, search);
    return duet_complain(arguments, DUET_EXIT_FINDINGS,
                         "nothing is known of '%s' of '%s'; known are: %s", search->field,
                         search->incident, names);
}

static enum duet_exit show(const struct duet_arguments *arguments, const struct search *search)
{
    FILE *out = duet_arguments_io(arguments)->out;
    size_t i = 0;
    const json_t *row = NULL;
    if (duet_wants_json(arguments)) {
        duet_tell_json(out, search->found);
    } else {
        json_array_foreach(search->found, i, row)
        {
            duet_history_tell(out, row);
        }
    }
    return json_array_size(search->found) > 0 ? DUET_EXIT_FINE
                                              : say_nothing_found(arguments, search);
}

static enum duet_exit search(const struct duet_arguments *arguments, const struct duet_store *store)
{
    struct search search = { .store = store,
                             .incident = duet_operand(arguments, 0),
                             .field = duet_operand(arguments, 1),
                             .found = json_array(),
                             .fields = json_object() };
    enum duet_exit status = search_all(&search) == DUET_OK
                                ? show(arguments, &search)
                                : duet_store_unreadable(arguments, store);
    json_decref(search.found);
    json_decref(search.fields);
    return status;
}

static enum duet_exit run(const struct duet_arguments *arguments)
{
    return duet_with_store(arguments, search);
}

const struct duet_command duet_cmd_why = {
    .name = "why",
    .usage = "INCIDENT FIELD",
    .summary = "say who changed a field, and by which rule",
    .help = "Shows what the store's ledger knows of a field of an incident, newest first: when it "
            "changed, both values,\n"
            "the cause, and the file and line of the rule. INCIDENT is its key on either side; "
            "FIELD is a field or a group.\n"
            "Exit status: 1 when the ledger knows nothing of it; what is known instead is told.",
    .options = options,
    .least = 2,
    .most = 2,
    .run = run,
};
