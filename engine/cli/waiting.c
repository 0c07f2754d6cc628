#include "engine/cli/waiting.h"

#include "engine/cli/tell.h"
#include "engine/world/clock.h"

#define PAGE ((size_t)200)

/* Reads one page behind `after` and adds it; says how many rows it had and where the next one begins. */
struct page {
    const struct duet_store *store;
    struct duet_owner owner;
    const char *side; /* of a source */
    json_t *things;
    struct duet_arena *arena; /* of this page */
    int64_t after;
    size_t count;
};

typedef enum duet_status (*page_reader)(struct page *page);

static enum duet_status read_pages(struct page *page, page_reader reader)
{
    enum duet_status status = DUET_OK;
    page->count = PAGE;
    while (status == DUET_OK && page->count == PAGE) {
        page->arena = duet_arena_new();
        page->count = 0;
        status = reader(page);
        duet_arena_free(page->arena);
    }
    return status;
}

static json_t *thing_new(const struct page *page, const char *what)
{
    json_t *thing = json_object();
    duet_tell_set(thing, page->owner.kind == DUET_OWNER_HUB ? "hub" : "tenant", page->owner.name);
    duet_tell_set(thing, "what", what);
    json_array_append_new(page->things, thing);
    return thing;
}

static json_t *both(const char *left, const char *right)
{
    json_t *pair = json_object();
    duet_tell_set(pair, "left", left);
    duet_tell_set(pair, "right", right);
    return pair;
}

static void set_time(json_t *thing, int64_t ticks)
{
    if (ticks != 0)
        json_object_set_new(thing, "since", duet_tell_time(ticks));
}

/* --- links ------------------------------------------------------------------------------------------------ */

static const char *text_of(const json_t *item, const char *name)
{
    return json_string_value(json_object_get(item, name));
}

static void add_item(const struct page *page, const struct duet_journal_link *link,
                     const json_t *item)
{
    const char *left = text_of(item, "left");
    const char *right = text_of(item, "right");
    const char *what = text_of(item, "what");
    json_t *line = json_object_get(item, "line");
    json_t *thing = thing_new(page, what ? what : "held");
    duet_tell_set(thing, "name", text_of(item, "name"));
    duet_tell_set(thing, "side", text_of(item, "side"));
    json_object_set_new(thing, "keys", both(link->keys[DUET_LEFT], link->keys[DUET_RIGHT]));
    duet_tell_set(thing, "sentence", text_of(item, "sentence"));
    if (left || right)
        json_object_set_new(thing, "values", both(left, right));
    duet_tell_set(thing, "file", text_of(item, "file"));
    if (json_is_integer(line))
        json_object_set(thing, "line", line);
}

/* Another version's text must not hide that there is something. */
static void add_link(const struct page *page, const struct duet_journal_link *link)
{
    json_t *items = json_loads(link->shown, 0, NULL);
    if (!json_is_array(items)) {
        json_t *thing = thing_new(page, "held");
        json_object_set_new(thing, "keys", both(link->keys[DUET_LEFT], link->keys[DUET_RIGHT]));
        duet_tell_set(thing, "sentence", "what stands in the store can't be read");
    }
    size_t i = 0;
    const json_t *item = NULL;
    json_array_foreach(items, i, item)
    {
        add_item(page, link, item);
    }
    json_decref(items);
}

static enum duet_status read_links(struct page *page)
{
    struct duet_journal_link *links = NULL;
    enum duet_status status = duet_journal_links_shown(
        page->store->journal, &page->owner, page->after, PAGE, page->arena, &links, &page->count);
    if (status != DUET_OK)
        return status;
    for (size_t i = 0; i < page->count; i++) {
        page->after = links[i].id;
        if (links[i].buried == 0)
            add_link(page, &links[i]);
    }
    return DUET_OK;
}

enum duet_status duet_waiting_of_links(const struct duet_store *store, const char *tenant,
                                       json_t *things)
{
    struct page page = { .store = store,
                         .owner = { DUET_OWNER_TENANT, tenant, 0 },
                         .things = things };
    return read_pages(&page, read_links);
}

/* --- creations ---------------------------------------------------------------------------------------------- */

static const char *creation_sentence(enum duet_creation_state state)
{
    switch (state) {
    case DUET_CREATION_WANTED:
        return "to be made on the other side, nothing was sent yet";
    case DUET_CREATION_SENT:
        return "sent, the answer isn't known: it is looked for before it is sent again";
    case DUET_CREATION_CREATED:
        return "made; what the creating request can't carry may be missing";
    }
    return NULL;
}

/* Whatever is under way goes on within this; what stands longer doesn't go on. */
#define UNDER_WAY (INT64_C(10) * 60 * 10000000) /* ticks: ten minutes */

static json_t *creation_new(const struct page *page, const struct duet_creation *creation,
                            const char *what)
{
    bool from_left = creation->origin == DUET_LEFT;
    json_t *thing = thing_new(page, what);
    duet_tell_set(thing, "name", creation->mapping);
    json_object_set_new(thing, "keys",
                        both(from_left ? creation->origin_key : creation->target_key,
                             from_left ? creation->target_key : creation->origin_key));
    set_time(thing, creation->when);
    return thing;
}

static enum duet_status add_creation(const struct page *page, const struct duet_creation *creation)
{
    struct duet_ledger_row reason;
    enum duet_status status = creation->state == DUET_CREATION_WANTED
                                  ? duet_journal_creation_reason(page->store->journal, &page->owner,
                                                                 creation, page->arena, &reason)
                                  : DUET_NOT_FOUND;
    if (status == DUET_OK) {
        json_t *thing = creation_new(page, creation, "held");
        duet_tell_set(thing, "sentence", reason.cause);
        duet_tell_set(thing, "file", reason.file);
        if (reason.file)
            json_object_set_new(thing, "line", json_integer((json_int_t)reason.line));
    } else if (status == DUET_NOT_FOUND &&
               creation->when < duet_clock_wall(duet_clock_real()) - UNDER_WAY) {
        json_t *thing = creation_new(page, creation, "creating");
        duet_tell_set(thing, "sentence", creation_sentence(creation->state));
    }
    return status == DUET_NOT_FOUND ? DUET_OK : status;
}

static enum duet_status read_creations(struct page *page)
{
    struct duet_creation *creations = NULL;
    enum duet_status status =
        duet_journal_creations(page->store->journal, &page->owner, page->after, PAGE, page->arena,
                               &creations, &page->count);
    if (status != DUET_OK)
        return status;
    for (size_t i = 0; status == DUET_OK && i < page->count; i++) {
        status = add_creation(page, &creations[i]);
        page->after = creations[i].id;
    }
    return status;
}

enum duet_status duet_waiting_creations(const struct duet_store *store, const char *tenant,
                                        json_t *things)
{
    struct page page = { .store = store,
                         .owner = { DUET_OWNER_TENANT, tenant, 0 },
                         .things = things };
    return read_pages(&page, read_creations);
}

/* --- signals ---------------------------------------------------------------------------------------------------- */

static enum duet_status read_signals(struct page *page)
{
    struct duet_signal *signals = NULL;
    enum duet_status status = duet_journal_signals(page->store->journal, &page->owner, page->after,
                                                   PAGE, page->arena, &signals, &page->count);
    if (status != DUET_OK)
        return status;
    for (size_t i = 0; i < page->count; i++) {
        json_t *thing = thing_new(page, "signal");
        duet_tell_set(thing, "name", signals[i].name);
        duet_tell_set(thing, "side", *signals[i].side ? signals[i].side : NULL);
        duet_tell_set(thing, "key", signals[i].key);
        duet_tell_set(thing, "sentence", "nobody has acted on it yet");
        set_time(thing, signals[i].when);
        page->after = signals[i].id;
    }
    return DUET_OK;
}

enum duet_status duet_waiting_signals(const struct duet_store *store,
                                      const struct duet_owner_status *owner, json_t *things)
{
    struct page page = { .store = store,
                         .owner = { owner->kind, owner->name, 0 },
                         .things = things };
    return read_pages(&page, read_signals);
}

/* --- quarantine -------------------------------------------------------------------------------------------------- */

static enum duet_status read_quarantined(struct page *page)
{
    const struct duet_source source = { &page->owner, page->side };
    struct duet_inbox_row *rows = NULL;
    enum duet_status status = duet_journal_quarantined(page->store->journal, &source, page->after,
                                                       PAGE, page->arena, &rows, &page->count);
    if (status != DUET_OK)
        return status;
    for (size_t i = 0; i < page->count; i++) {
        json_t *thing = thing_new(page, "quarantined");
        duet_tell_set(thing, "side", *page->side ? page->side : NULL);
        duet_tell_set(thing, "key", rows[i].row.key);
        duet_tell_set(thing, "sentence", rows[i].reason);
        set_time(thing, rows[i].row.read_began);
        page->after = rows[i].arrived;
    }
    return DUET_OK;
}

enum duet_status duet_waiting_quarantined(const struct duet_store *store,
                                          const struct duet_source_status *source, json_t *things)
{
    struct page page = { .store = store,
                         .owner = { source->kind, source->owner, 0 },
                         .side = source->side,
                         .things = things };
    return read_pages(&page, read_quarantined);
}
