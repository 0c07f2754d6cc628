/* `duet status`: how far each tenant and hub is, counted. */
#include <string.h>

#include "engine/cli/commands.h"
#include "engine/cli/tell.h"
#include "engine/cli/waiting.h"
#include "engine/record/times.h"
#include "engine/world/clock.h"

#define MOST_THINGS ((size_t)20)
#define MOST_NAME 28 /* wider names push their line to the right */

static const struct duet_option options[] = {
    DUET_OPTION_STORE,
    DUET_OPTION_TENANT,
    DUET_OPTION_FORMAT,
    { NULL, 0, NULL, NULL },
};

/* --- from the store to JSON ---------------------------------------------------------------------------------- */

static void set_count(json_t *object, const char *name, size_t count)
{
    json_object_set_new(object, name, json_integer((json_int_t)count));
}

static const char *kind_name(enum duet_owner_kind kind)
{
    return kind == DUET_OWNER_HUB ? "hub" : "tenant";
}

/* What of `things` waits for a person, for a release, or for something else. */
static void count_things(json_t *object, const json_t *things)
{
    size_t counts[3] = { 0 };
    size_t i = 0;
    const json_t *thing = NULL;
    json_array_foreach(things, i, thing)
    {
        const char *what = duet_tell_member(thing, "what");
        bool is_pending = strcmp(what, "pending") == 0;
        if (strcmp(what, "creating") == 0) /* has a count of its own */
            continue;
        counts[duet_is_conflict(thing) ? 2 : is_pending ? 1 : 0]++;
    }
    set_count(object, "held", counts[0]);
    set_count(object, "pending", counts[1]);
    set_count(object, "conflicts", counts[2]);
}

static enum duet_status add_owner(const struct duet_store *store,
                                  const struct duet_owner_status *owner, json_t *owners,
                                  json_t *all)
{
    enum duet_status status = DUET_OK;
    json_t *object = json_object();
    duet_tell_set(object, "kind", kind_name(owner->kind));
    duet_tell_set(object, "name", owner->name);
    if (owner->kind == DUET_OWNER_TENANT) {
        json_t *things = json_array();
        status = duet_waiting_of_links(store, owner->name, things);
        if (status == DUET_OK)
            status = duet_waiting_creations(store, owner->name, things);
        set_count(object, "links", owner->links);
        set_count(object, "tombstones", owner->tombstones);
        count_things(object, things);
        json_array_extend(all, things);
        set_count(object, "creating", owner->creations);
        set_count(object, "open_writes", owner->open_intents);
        set_count(object, "uncertain_notes", owner->uncertain_notes);
        json_decref(things);
    }
    set_count(object, "signals", owner->signals);
    json_array_append_new(owners, object);
    return status;
}

/* Clocks step: never negative. */
static json_t *lag(int64_t polled, int64_t now)
{
    if (polled == 0)
        return json_null();
    return json_integer(now > polled ? (json_int_t)((now - polled) / DUET_TICKS_PER_SECOND) : 0);
}

static void add_source(const struct duet_source_status *source, int64_t now, json_t *sources)
{
    json_t *object = json_object();
    duet_tell_set(object, "kind", kind_name(source->kind));
    duet_tell_set(object, "owner", source->owner);
    duet_tell_set(object, "side", *source->side ? source->side : NULL);
    json_object_set_new(object, "polled", duet_tell_time(source->cursor.polled));
    json_object_set_new(object, "lag_seconds", lag(source->cursor.polled, now));
    json_object_set_new(object, "swept", duet_tell_time(source->cursor.swept));
    set_count(object, "records", source->rows);
    set_count(object, "fresh", source->fresh);
    set_count(object, "quarantined", source->quarantined);
    set_count(object, "hints", source->hints);
    json_array_append_new(sources, object);
}

/* --- tables ---------------------------------------------------------------------------------------------------- */

struct column {
    const char *title;
    const char *member;
    int width;
};

static const struct column owner_columns[] = {
    { "LINKS", "links", 7 },
    { "HELD", "held", 6 },
    { "PENDING", "pending", 9 },
    { "CONFLICTS", "conflicts", 11 },
    { "CREATING", "creating", 10 },
    { "WRITING", "open_writes", 9 },
    { "UNCERTAIN", "uncertain_notes", 11 },
    { "SIGNALS", "signals", 9 },
    { NULL, NULL, 0 },
};

static const struct column source_columns[] = {
    { "RECORDS", "records", 9 }, { "FRESH", "fresh", 7 }, { "QUARANTINED", "quarantined", 13 },
    { "HINTS", "hints", 7 },     { NULL, NULL, 0 },
};

static void tell_titles(FILE *out, const struct column *columns)
{
    for (; columns->title; columns++)
        duet_tell_cell(out, -columns->width, columns->title);
    fputc('\n', out);
}

static void tell_counts(FILE *out, const struct column *columns, const json_t *object)
{
    for (; columns->title; columns++) {
        const json_t *count = json_object_get(object, columns->member);
        if (count)
            duet_tell_count(out, columns->width, (size_t)json_integer_value(count));
        else
            duet_tell_cell(out, -columns->width, "-");
    }
    fputc('\n', out);
}

/* "hub shared", "acme"; of a source "acme/board". */
static const char *row_name(const json_t *object, struct duet_arena *arena)
{
    const char *owner = json_string_value(json_object_get(object, "owner"));
    const char *side = json_string_value(json_object_get(object, "side"));
    bool is_hub = strcmp(duet_tell_member(object, "kind"), "hub") == 0;
    return duet_arena_format(arena, "%s%s%s%s", is_hub ? "hub " : "",
                             owner ? owner : duet_tell_member(object, "name"), side ? "/" : "",
                             side ? side : "");
}

static int name_width(const json_t *objects, const char *title, struct duet_arena *arena)
{
    size_t most = duet_tell_length(title);
    size_t i = 0;
    const json_t *object = NULL;
    json_array_foreach(objects, i, object)
    {
        size_t length = duet_tell_length(row_name(object, arena));
        if (length > most)
            most = length;
    }
    return most < MOST_NAME ? (int)most : MOST_NAME;
}

/* "12s", "5m", "3h", "2d" */
static const char *short_lag(const json_t *seconds, struct duet_arena *arena)
{
    static const struct {
        json_int_t seconds;
        char unit;
    } units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
    json_int_t value = json_integer_value(seconds);
    size_t unit = 0;
    if (!json_is_integer(seconds))
        return "-";
    while (unit < 3 && value < 2 * units[unit].seconds)
        unit++;
    return duet_arena_format(arena, "%" JSON_INTEGER_FORMAT "%c", value / units[unit].seconds,
                             units[unit].unit);
}

static void tell_owners(FILE *out, const json_t *owners, struct duet_arena *arena)
{
    int width = name_width(owners, "OWNER", arena);
    size_t i = 0;
    const json_t *owner = NULL;
    duet_tell_cell(out, width, "OWNER");
    tell_titles(out, owner_columns);
    json_array_foreach(owners, i, owner)
    {
        duet_tell_cell(out, width, row_name(owner, arena));
        tell_counts(out, owner_columns, owner);
    }
}

static void tell_sources(FILE *out, const json_t *sources, struct duet_arena *arena)
{
    int width = name_width(sources, "SOURCE", arena);
    size_t i = 0;
    const json_t *source = NULL;
    duet_tell_cell(out, width, "SOURCE");
    duet_tell_cell(out, 22, "  POLLED");
    duet_tell_cell(out, -7, "LAG");
    tell_titles(out, source_columns);
    json_array_foreach(sources, i, source)
    {
        char second[DUET_TELL_SECOND];
        bool is_polled = json_is_string(json_object_get(source, "polled"));
        const char *polled = is_polled ? duet_tell_second(source, "polled", second) : "never";
        duet_tell_cell(out, width, row_name(source, arena));
        fputs("  ", out);
        duet_tell_cell(out, 20, polled);
        duet_tell_cell(out, -7, short_lag(json_object_get(source, "lag_seconds"), arena));
        tell_counts(out, source_columns, source);
    }
}

/* What stays until a person does something, cut short: the other commands say the rest. */
static void tell_things(FILE *out, const json_t *things)
{
    size_t told = 0;
    size_t i = 0;
    const json_t *thing = NULL;
    json_array_foreach(things, i, thing)
    {
        if (!duet_needs_person(thing))
            continue;
        if (told == 0)
            fputc('\n', out);
        if (told < MOST_THINGS)
            duet_waiting_tell_short(out, thing);
        told++;
    }
    if (told > MOST_THINGS)
        fprintf(out, "and %zu more\n", told - MOST_THINGS);
    if (json_array_size(things) > 0)
        fputs("\n`duet held` and `duet conflicts` say more\n", out);
}

struct answer {
    json_t *owners;
    json_t *sources;
    json_t *things; /* that wait */
};

static void show_text(FILE *out, const struct answer *answer, struct duet_arena *arena)
{
    if (json_array_size(answer->owners) == 0) {
        fputs("nobody has used this store yet\n", out);
        return;
    }
    tell_owners(out, answer->owners, arena);
    if (json_array_size(answer->sources) > 0) {
        fputc('\n', out);
        tell_sources(out, answer->sources, arena);
    }
    tell_things(out, answer->things);
}

/* --- the command --------------------------------------------------------------------------------------------------- */

static enum duet_status collect(const struct duet_store *store, const struct answer *answer)
{
    const struct duet_journal_status *overview = &store->overview;
    int64_t now = duet_clock_wall(duet_clock_real());
    enum duet_status status = DUET_OK;
    for (size_t i = 0; status == DUET_OK && i < overview->owner_count; i++)
        status = add_owner(store, &overview->owners[i], answer->owners, answer->things);
    for (size_t i = 0; status == DUET_OK && i < overview->source_count; i++) {
        add_source(&overview->sources[i], now, answer->sources);
        status = duet_waiting_quarantined(store, &overview->sources[i], answer->things);
    }
    return status;
}

static enum duet_exit show(const struct duet_arguments *arguments, const struct duet_store *store)
{
    FILE *out = duet_arguments_io(arguments)->out;
    const struct answer answer = { json_array(), json_array(), json_array() };
    enum duet_exit status = DUET_EXIT_FINE;
    if (collect(store, &answer) != DUET_OK) {
        status = duet_store_unreadable(arguments, store);
    } else if (duet_wants_json(arguments)) {
        json_t *both = json_pack("{s:O,s:O}", "owners", answer.owners, "sources", answer.sources);
        duet_tell_json(out, both);
        json_decref(both);
    } else {
        show_text(out, &answer, store->arena);
    }
    json_decref(answer.owners);
    json_decref(answer.sources);
    json_decref(answer.things);
    return status;
}

static enum duet_exit run(const struct duet_arguments *arguments)
{
    return duet_with_store(arguments, show);
}

const struct duet_command duet_cmd_status = {
    .name = "status",
    .usage = "",
    .summary = "show how far each tenant and hub is",
    .help =
        "Shows from the store, for each tenant and hub: how many records are linked, what is held, "
        "pending or in conflict,\n"
        "what is being made or written; and for each source when it was last polled, and what of "
        "it "
        "is still to be looked\n"
        "at or can't be read. It may be asked while the engine runs.",
    .options = options,
    .run = run,
};
