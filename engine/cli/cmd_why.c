/* `duet why INCIDENT FIELD`: who changed a field, and by which rule: from the store's ledger alone. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "engine/cli/command.h"
#include "engine/cli/commands.h"
#include "engine/journal/journal.h"
#include "engine/record/times.h"

#define WHY_PAGE 200U

static const struct duet_option options[] = {
    { "store", 0, "FILE", "the engine's store; without it DUET_STORE, or duet.db" },
    { "tenant", 0, "NAME", "only this tenant" },
    { "format", 0, "text|json", "how it is shown" },
    { NULL, 0, NULL, NULL },
};

struct search {
    struct duet_journal *journal;
    const char *incident;
    const char *field;
    json_t *found;
};

static void set_text(json_t *object, const char *name, const char *text)
{
    if (text)
        json_object_set_new(object, name, json_string(text));
}

static json_t *row_json(const struct duet_ledger_row *row)
{
    char when[DUET_TIME_TEXT_MAX] = "";
    if (!duet_time_print(DUET_TIME_RFC3339, NULL, row->when, when))
        when[0] = '\0';
    json_t *object = json_object();
    set_text(object, "time", when);
    set_text(object, "tenant", row->tenant);
    set_text(object, "what", duet_ledger_name(row->kind));
    set_text(object, "left", row->keys[DUET_LEFT]);
    set_text(object, "right", row->keys[DUET_RIGHT]);
    set_text(object, "field", row->field);
    set_text(object, "from", row->from);
    set_text(object, "to", row->to);
    set_text(object, "lost", row->lost);
    set_text(object, "cause", row->cause);
    set_text(object, "file", row->file);
    if (row->file)
        json_object_set_new(object, "line", json_integer((json_int_t)row->line));
    return object;
}

static enum duet_status search_tenant(struct search *search, const char *tenant)
{
    const struct duet_owner owner = { DUET_OWNER_TENANT, tenant, 0 };
    struct duet_ledger_query query = { .key = search->incident, .field = search->field };
    enum duet_status status = DUET_OK;
    size_t count = WHY_PAGE;
    while (status == DUET_OK && count == WHY_PAGE) {
        struct duet_arena *arena = duet_arena_new();
        struct duet_ledger_row *rows = NULL;
        count = 0;
        status =
            duet_journal_ledger(search->journal, &owner, &query, WHY_PAGE, arena, &rows, &count);
        for (size_t i = 0; status == DUET_OK && i < count; i++)
            json_array_append_new(search->found, row_json(&rows[i]));
        if (status == DUET_OK && count > 0)
            query.before = rows[count - 1].id;
        duet_arena_free(arena);
    }
    return status;
}

static enum duet_status search_all(struct search *search, const char *tenant)
{
    if (tenant)
        return search_tenant(search, tenant);
    struct duet_arena *arena = duet_arena_new();
    struct duet_journal_status overview = { 0 };
    enum duet_status status = duet_journal_status(search->journal, arena, &overview);
    for (size_t i = 0; status == DUET_OK && i < overview.owner_count; i++) {
        if (overview.owners[i].kind == DUET_OWNER_TENANT)
            status = search_tenant(search, overview.owners[i].name);
    }
    duet_arena_free(arena);
    return status;
}

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "-";
}

static void show_text(FILE *out, const json_t *found)
{
    size_t i = 0;
    const json_t *row = NULL;
    json_array_foreach(found, i, row)
    {
        fprintf(out, "%s  %s  %s  %s: %s -> %s\n", member(row, "time"), member(row, "tenant"),
                member(row, "what"), member(row, "field"), member(row, "from"), member(row, "to"));
        if (json_object_get(row, "lost"))
            fprintf(out, "    lost: %s\n", member(row, "lost"));
        if (json_object_get(row, "cause"))
            fprintf(out, "    cause: %s\n", member(row, "cause"));
        if (json_object_get(row, "file"))
            fprintf(out, "    rule: %s:%" JSON_INTEGER_FORMAT "\n", member(row, "file"),
                    json_integer_value(json_object_get(row, "line")));
    }
}

static enum duet_exit show(const struct duet_arguments *arguments, const struct search *search)
{
    FILE *out = duet_arguments_io(arguments)->out;
    if (strcmp(duet_option_text(arguments, "format", "text"), "json") == 0) {
        json_dumpf(search->found, out, JSON_INDENT(2));
        fputc('\n', out);
    } else if (json_array_size(search->found) > 0) {
        show_text(out, search->found);
    }
    if (json_array_size(search->found) > 0)
        return DUET_EXIT_FINE;
    return duet_complain(arguments, DUET_EXIT_FINDINGS, "nothing is known of '%s' of '%s'",
                         search->field, search->incident);
}

static enum duet_exit run(const struct duet_arguments *arguments)
{
    const char *usual = getenv("DUET_STORE");
    const char *path = duet_option_text(arguments, "store", usual ? usual : "duet.db");
    struct duet_error error = { "" };
    struct search search = { NULL, duet_operand(arguments, 0), duet_operand(arguments, 1), NULL };
    if (duet_journal_open_existing(path, &search.journal, &error) != DUET_OK)
        return duet_complain(arguments, DUET_EXIT_WORLD, "%s", error.text);
    search.found = json_array();
    enum duet_exit status = DUET_EXIT_WORLD;
    if (search_all(&search, duet_option_text(arguments, "tenant", NULL)) == DUET_OK)
        status = show(arguments, &search);
    else
        duet_complain(arguments, status, "%s", duet_journal_message(search.journal));
    json_decref(search.found);
    duet_journal_close(search.journal);
    return status;
}

const struct duet_command duet_cmd_why = {
    .name = "why",
    .usage = "INCIDENT FIELD",
    .summary = "say who changed a field, and by which rule",
    .help = "Shows what the store's ledger knows of a field of an incident, newest first: when it "
            "changed, both values,\n"
            "the cause, and the file and line of the rule. INCIDENT is its key on either side.",
    .options = options,
    .least = 2,
    .most = 2,
    .run = run,
};
