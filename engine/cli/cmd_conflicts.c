/* `duet conflicts`: where both sides had changed: what a person has to decide, and what was decided. */
#include <stdlib.h>
#include <string.h>

#include "engine/cli/commands.h"
#include "engine/cli/history.h"
#include "engine/cli/tell.h"
#include "engine/cli/waiting.h"

#define USUAL_LIMIT 50
#define MOST_LIMIT 10000
#define PAGE ((size_t)200)

static const struct duet_option options[] = {
    DUET_OPTION_STORE,       DUET_OPTION_TENANT,
    DUET_OPTION_FORMAT,      { "limit", 0, "N", "at most so many decided ones (50)" },
    { NULL, 0, NULL, NULL },
};

/* Rows of the ledger of several tenants: the newest `limit` of all, with room for as many more. */
struct decided {
    struct duet_ledger_row *rows;
    size_t count;
    size_t limit;
};

static int newest_first(const void *left, const void *right)
{
    const struct duet_ledger_row *a = left;
    const struct duet_ledger_row *b = right;
    if (a->when != b->when)
        return a->when > b->when ? -1 : 1;
    return a->id > b->id ? -1 : a->id < b->id;
}

/* The first contact of a record with one that was just made, or with an empty field, is nothing to look at. */
static bool is_lossless(const struct duet_ledger_row *row)
{
    return row->kind == DUET_LEDGER_FIRST_CONTACT &&
           (!row->lost || row->lost[strspn(row->lost, "-, ")] == '\0');
}

static void add_row(struct decided *decided, const struct duet_ledger_row *row)
{
    decided->rows[decided->count++] = *row;
    if (decided->count < 2 * decided->limit)
        return;
    qsort(decided->rows, decided->count, sizeof *decided->rows, newest_first);
    decided->count = decided->limit;
}

/* A tenant's newest rows of one kind, until there are enough of them. */
static enum duet_status add_kind(const struct duet_store *store, const char *tenant,
                                 enum duet_ledger_kind kind, struct decided *decided)
{
    const struct duet_owner owner = { DUET_OWNER_TENANT, tenant, 0 };
    struct duet_ledger_query query = { .kind = &kind };
    enum duet_status status = DUET_OK;
    size_t count = PAGE;
    size_t added = 0;
    while (status == DUET_OK && count == PAGE && added < decided->limit) {
        struct duet_ledger_row *rows = NULL;
        count = 0;
        status =
            duet_journal_ledger(store->journal, &owner, &query, PAGE, store->arena, &rows, &count);
        for (size_t i = 0; status == DUET_OK && i < count && added < decided->limit; i++) {
            query.before = rows[i].id;
            if (is_lossless(&rows[i]))
                continue;
            add_row(decided, &rows[i]);
            added++;
        }
    }
    return status;
}

static enum duet_status collect_decided(const struct duet_store *store, size_t limit,
                                        json_t *things)
{
    struct decided decided = { .limit = limit };
    enum duet_status status = DUET_OK;
    decided.rows = duet_arena_alloc_array(store->arena, 2 * limit + 1, sizeof *decided.rows);
    for (size_t i = 0; status == DUET_OK && i < store->overview.owner_count; i++) {
        const struct duet_owner_status *owner = &store->overview.owners[i];
        if (owner->kind != DUET_OWNER_TENANT || limit == 0)
            continue;
        status = add_kind(store, owner->name, DUET_LEDGER_CONFLICT, &decided);
        if (status == DUET_OK)
            status = add_kind(store, owner->name, DUET_LEDGER_FIRST_CONTACT, &decided);
    }
    qsort(decided.rows, decided.count, sizeof *decided.rows, newest_first);
    for (size_t i = 0; status == DUET_OK && i < decided.count && i < limit; i++)
        json_array_append_new(things, duet_history_json(&decided.rows[i]));
    return status;
}

static enum duet_status collect_open(const struct duet_store *store, json_t *things)
{
    enum duet_status status = DUET_OK;
    for (size_t i = 0; status == DUET_OK && i < store->overview.owner_count; i++) {
        if (store->overview.owners[i].kind == DUET_OWNER_TENANT)
            status = duet_waiting_of_links(store, store->overview.owners[i].name, things);
    }
    for (size_t i = json_array_size(things); i-- > 0;) {
        if (!duet_is_conflict(json_array_get(things, i)))
            json_array_remove(things, i);
    }
    return status;
}

static void show_text(FILE *out, const json_t *open, const json_t *decided)
{
    size_t i = 0;
    const json_t *thing = NULL;
    if (json_array_size(open) > 0)
        fputs("to be decided:\n", out);
    json_array_foreach(open, i, thing)
    {
        duet_waiting_tell(out, thing);
    }
    if (json_array_size(decided) > 0)
        fprintf(out, "%sdecided, newest first:\n", json_array_size(open) > 0 ? "\n" : "");
    json_array_foreach(decided, i, thing)
    {
        duet_history_tell(out, thing);
    }
    if (json_array_size(open) + json_array_size(decided) == 0)
        fputs("no conflicts\n", out);
}

static enum duet_exit show_limited(const struct duet_arguments *arguments,
                                   const struct duet_store *store, size_t limit)
{
    FILE *out = duet_arguments_io(arguments)->out;
    json_t *open = json_array();
    json_t *decided = json_array();
    enum duet_exit status = DUET_EXIT_FINE;
    if (collect_open(store, open) != DUET_OK || collect_decided(store, limit, decided) != DUET_OK) {
        status = duet_store_unreadable(arguments, store);
    } else if (duet_wants_json(arguments)) {
        json_t *both = json_pack("{s:O,s:O}", "open", open, "decided", decided);
        duet_tell_json(out, both);
        json_decref(both);
    } else {
        show_text(out, open, decided);
    }
    json_decref(open);
    json_decref(decided);
    return status;
}

static enum duet_exit show(const struct duet_arguments *arguments, const struct duet_store *store)
{
    long limit = USUAL_LIMIT;
    if (!duet_option_number(arguments, "limit", 0, MOST_LIMIT, &limit))
        return DUET_EXIT_USAGE;
    return show_limited(arguments, store, (size_t)limit);
}

static enum duet_exit run(const struct duet_arguments *arguments)
{
    return duet_with_store(arguments, show);
}

const struct duet_command duet_cmd_conflicts = {
    .name = "conflicts",
    .usage = "",
    .summary = "show where both sides had changed",
    .help =
        "Shows conflicts: first those that a person has to decide, with both values; then those "
        "that were decided by a\n"
        "rule, newest first, with the value that won and the one that lost, also from the first "
        "contact of two records.",
    .options = options,
    .run = run,
};
