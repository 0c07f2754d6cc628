/* Whose row is it? By link, by a signed claim, by the field that names the other record: from fresh rows to tasks.
 *
 * Rows that are nobody's are taken, so that they are looked at again only when they change; rows that can't be read, or claim what isn't
 * so, are quarantined with their reason. A row stays fresh until its task has taken it. */
#include "engine/fleet/inside.h"

#include <string.h>

#define ROUTE_PAGE 500U

/* One fresh row under way to its task. */
struct routing {
    struct duet_feed *feed;
    const struct duet_inbox_row *row;
    struct duet_arena *arena;
};

static struct duet_journal *journal_of(const struct routing *routing)
{
    return routing->feed->fleet->options.journal;
}

static enum duet_status take(const struct routing *routing)
{
    return duet_journal_take(journal_of(routing), &routing->feed->source, routing->row->row.key,
                             routing->row->revision);
}

static enum duet_status quarantine(const struct routing *routing, const char *reason)
{
    struct duet_fleet *fleet = routing->feed->fleet;
    duet_log_line(fleet->options.log, DUET_LOG_WARNING, "record quarantined",
                  DUET_LOG_FIELDS({ DUET_LOGGED_OWNER, .text = routing->feed->owner->name },
                                  { DUET_LOGGED_SIDE, .text = duet_feed_side(routing->feed) },
                                  { DUET_LOGGED_KEY, .text = routing->row->row.key },
                                  { DUET_LOGGED_WHY, .text = reason }));
    return duet_journal_quarantine(fleet->options.journal, &routing->feed->source,
                                   routing->row->row.key, routing->row->revision, reason);
}

/* --- linked rows ------------------------------------------------------------------------------------------------- */

/* A record that was gone is there again. */
static enum duet_status welcome_back(struct duet_tenant *tenant,
                                     const struct duet_journal_link *link, enum duet_side side)
{
    struct duet_journal *journal = tenant->fleet->options.journal;
    const struct duet_ledger_row row = { .when = duet_fleet_stamp(tenant->fleet),
                                         .kind = DUET_LEDGER_GONE,
                                         .link = link->id,
                                         .keys = { link->keys[0], link->keys[1] },
                                         .side = side,
                                         .cause = "the record is there again" };
    enum duet_status status = duet_journal_begin(journal);
    if (status == DUET_OK)
        status = duet_journal_link_gone(journal, &tenant->owner, link->id, side, false);
    if (status == DUET_OK)
        status = duet_journal_log(journal, &tenant->owner, &row);
    if (status == DUET_OK)
        return duet_journal_commit(journal);
    duet_journal_rollback(journal);
    return status;
}

static enum duet_status route_linked(const struct routing *routing, struct duet_tenant *tenant,
                                     const struct duet_journal_link *link, enum duet_side side)
{
    if (link->buried)
        return take(routing);
    enum duet_status status = link->gone[side] ? welcome_back(tenant, link, side) : DUET_OK;
    if (status == DUET_OK)
        duet_task_add(tenant, &(struct duet_task){ .kind = DUET_TASK_LINK, .link = link->id });
    return status;
}

/* --- rows that name their other record --------------------------------------------------------------------------- */

/* What a row says of its other record. */
struct other {
    struct duet_tenant *tenant;
    enum duet_side side; /* of the row */
    const char *key;     /* of the other record */
};

static enum duet_status link_both(const struct routing *routing, const struct other *other,
                                  int64_t *link_out)
{
    struct duet_tenant *tenant = other->tenant;
    const char *const keys[2] = {
        other->side == DUET_LEFT ? routing->row->row.key : other->key,
        other->side == DUET_LEFT ? other->key : routing->row->row.key,
    };
    const struct duet_link_end left = { tenant->feed[DUET_LEFT]->source, keys[DUET_LEFT] };
    const struct duet_link_end right = { tenant->feed[DUET_RIGHT]->source, keys[DUET_RIGHT] };
    struct duet_journal *journal = journal_of(routing);
    int64_t now = duet_fleet_stamp(tenant->fleet);
    enum duet_status status =
        duet_journal_link(journal, &tenant->owner, tenant->mapping, &left, &right, now, link_out);
    if (status != DUET_OK)
        return status;
    const struct duet_ledger_row row = { .when = now,
                                         .kind = DUET_LEDGER_LINKED,
                                         .link = *link_out,
                                         .keys = { keys[0], keys[1] },
                                         .side = other->side,
                                         .cause = "the record names the other one" };
    return duet_journal_log(journal, &tenant->owner, &row);
}

/* Found instead of made: the creation under way goes on with it, so that what it has to bring still comes. */
static enum duet_status link_and_go_on(const struct routing *routing, const struct other *other)
{
    struct duet_tenant *tenant = other->tenant;
    struct duet_journal *journal = journal_of(routing);
    enum duet_side origin = duet_other(other->side);
    struct duet_creation creation;
    int64_t link = 0;
    enum duet_status status = link_both(routing, other, &link);
    if (status != DUET_OK)
        return status;
    status = duet_journal_creation(journal, &tenant->owner, tenant->mapping, origin, other->key,
                                   routing->arena, &creation);
    if (status == DUET_NOT_FOUND) {
        duet_task_add(tenant, &(struct duet_task){ .kind = DUET_TASK_LINK, .link = link });
        return DUET_OK;
    }
    if (status != DUET_OK)
        return status;
    creation.state = DUET_CREATION_CREATED;
    creation.target_key = routing->row->row.key;
    creation.when = duet_fleet_stamp(tenant->fleet);
    duet_task_add(
        tenant, &(struct duet_task){ .kind = DUET_TASK_BIRTH, .side = origin, .key = other->key });
    return duet_journal_create(journal, &tenant->owner, &creation);
}

static enum duet_status adopt(const struct routing *routing, const struct other *other)
{
    struct duet_journal *journal = journal_of(routing);
    enum duet_status status = duet_journal_begin(journal);
    if (status == DUET_OK)
        status = link_and_go_on(routing, other);
    if (status == DUET_OK)
        return duet_journal_commit(journal);
    duet_journal_rollback(journal);
    if (status != DUET_CONFLICT)
        return status;
    return quarantine(routing,
                      duet_arena_format(routing->arena,
                                        "it names '%s', which is linked with another record: %s",
                                        other->key, duet_journal_message(journal)));
}

static const struct duet_value *value_of(const struct duet_rules *rules, enum duet_side side,
                                         const struct duet_record *record, uint32_t field)
{
    if (field == DUET_NONE)
        return NULL;
    const struct duet_value *value = &record->values[duet_field_number(rules->tables, side, field)];
    return value->kind == DUET_VALUE_TEXT ? value : NULL;
}

/* The claim that this tenant signed, in the field that carries it. The record was read by the feed's rules. */
static bool claims(const struct duet_feed *feed, const struct duet_tenant *tenant,
                   enum duet_side side, const struct duet_record *record, struct duet_arena *arena,
                   const char **key_out)
{
    const struct duet_value *value = value_of(
        feed->rules, feed->side, record, duet_side_row(feed->rules->tables, feed->side)->claim);
    struct duet_claim claim = { .tenant = tenant->owner.name,
                                .mapping = tenant->mapping,
                                .side = duet_tenant_side(tenant, duet_other(side)) };
    if (!value || !duet_claim_read(tenant->fleet->options.key, value->text, &claim, arena))
        return false;
    *key_out = claim.key;
    return true;
}

/* The field that names the other record: trusted only in a tenant's own system, since in a shared one anybody's record may say it. */
static bool names(const struct duet_tenant *tenant, enum duet_side side,
                  const struct duet_record *record, const char **key_out)
{
    const struct duet_tables *tables = tenant->rules.tables;
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    uint32_t here = side == DUET_LEFT ? mapping->link_left : mapping->link_right;
    if (here == duet_side_row(tables, side)->key)
        return false;
    const struct duet_value *value = value_of(&tenant->rules, side, record, here);
    if (!value || !*value->text)
        return false;
    *key_out = value->text;
    return true;
}

/* --- a tenant's own rows ------------------------------------------------------------------------------------------- */

static bool may_create(const struct duet_tenant *tenant, enum duet_side origin)
{
    const struct duet_tables *tables = tenant->rules.tables;
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    for (uint32_t i = 0; i < mapping->creates_count; i++) {
        if (duet_create_row(tables, mapping->creates + i)->target == duet_other(origin))
            return true;
    }
    return false;
}

static enum duet_status route_unlinked(const struct routing *routing, struct duet_tenant *tenant)
{
    struct duet_record record;
    struct duet_error error = { "" };
    struct other other = { .tenant = tenant, .side = routing->feed->side };
    const struct duet_row *row = &routing->row->row;
    if (duet_record_read(&tenant->rules, other.side, row->raw, row->length, routing->arena, &record,
                         &error) != DUET_OK)
        return quarantine(routing, error.text);
    if (claims(routing->feed, tenant, other.side, &record, routing->arena, &other.key) ||
        names(tenant, other.side, &record, &other.key))
        return adopt(routing, &other);
    if (!may_create(tenant, other.side))
        return take(routing);
    duet_task_add(tenant, &(struct duet_task){
                              .kind = DUET_TASK_BIRTH, .side = other.side, .key = row->key });
    return DUET_OK;
}

static enum duet_status route_own(const struct routing *routing, struct duet_tenant *tenant)
{
    struct duet_journal_link link;
    enum duet_side side = routing->feed->side;
    enum duet_status status =
        duet_journal_link_by_key(journal_of(routing), &tenant->owner, tenant->mapping, side,
                                 routing->row->row.key, routing->arena, &link);
    if (status == DUET_OK)
        return route_linked(routing, tenant, &link, side);
    return status == DUET_NOT_FOUND ? route_unlinked(routing, tenant) : status;
}

/* --- a hub's rows ------------------------------------------------------------------------------------------------------ */

static struct duet_tenant *tenant_named(struct duet_fleet *fleet, const char *name)
{
    for (size_t i = 0; i < fleet->tenant_count; i++) {
        if (strcmp(fleet->tenants[i].owner.name, name) == 0)
            return &fleet->tenants[i];
    }
    return NULL;
}

/* Does the tenant wait for this poll, so that it can be given tasks? */
static bool takes_part(const struct duet_feed *feed, const struct duet_tenant *tenant)
{
    for (const struct duet_feed_waiter *waiter = feed->waiters; waiter; waiter = waiter->next) {
        if (waiter->data == tenant)
            return true;
    }
    return false;
}

static enum duet_status route_claimed(const struct routing *routing)
{
    struct duet_feed *feed = routing->feed;
    const struct duet_row *row = &routing->row->row;
    struct duet_record record;
    struct duet_error error = { "" };
    if (duet_record_read(feed->rules, feed->side, row->raw, row->length, routing->arena, &record,
                         &error) != DUET_OK)
        return quarantine(routing, error.text);
    for (size_t i = 0; i < feed->fleet->tenant_count; i++) {
        struct duet_tenant *tenant = &feed->fleet->tenants[i];
        for (uint32_t side = 0; side < 2; side++) {
            struct other other = { .tenant = tenant, .side = (enum duet_side)side };
            if (tenant->broken || tenant->feed[side] != feed ||
                !claims(feed, tenant, other.side, &record, routing->arena, &other.key))
                continue;
            return takes_part(feed, tenant) ? adopt(routing, &other) : DUET_OK;
        }
    }
    const struct duet_value *claim = value_of(
        feed->rules, feed->side, &record, duet_side_row(feed->rules->tables, feed->side)->claim);
    if (claim && duet_claim_is_any(claim->text))
        return quarantine(routing,
                          "unrouted: it carries a claim that no tenant of this fleet made");
    return take(routing);
}

static enum duet_status route_shared(const struct routing *routing)
{
    struct duet_feed *feed = routing->feed;
    struct duet_journal_link *links = NULL;
    size_t count = 0;
    enum duet_status status = duet_journal_links_of_record(
        journal_of(routing), &feed->source, routing->row->row.key, routing->arena, &links, &count);
    if (status == DUET_OK && count == 0)
        return route_claimed(routing);
    for (size_t i = 0; i < count && status == DUET_OK; i++) {
        struct duet_tenant *tenant = tenant_named(feed->fleet, links[i].tenant);
        if (tenant && takes_part(feed, tenant))
            status = route_linked(routing, tenant, &links[i], links[i].found);
    }
    return status;
}

/* --- all of them ---------------------------------------------------------------------------------------------------------- */

/* A feed's fresh rows, `tenant` NULL: of a hub. */
static enum duet_status route_rows(struct duet_feed *feed, struct duet_tenant *tenant)
{
    enum duet_status status = DUET_OK;
    size_t count = ROUTE_PAGE;
    int64_t after = 0;
    while (status == DUET_OK && count == ROUTE_PAGE) {
        struct duet_inbox_row *rows = NULL;
        struct duet_arena *arena = duet_arena_new();
        count = 0;
        status = duet_journal_fresh(feed->fleet->options.journal, &feed->source, after, ROUTE_PAGE,
                                    arena, &rows, &count);
        for (size_t i = 0; i < count && status == DUET_OK; i++) {
            const struct routing routing = { .feed = feed, .row = &rows[i], .arena = arena };
            after = rows[i].arrived;
            status = tenant ? route_own(&routing, tenant) : route_shared(&routing);
        }
        duet_arena_free(arena);
    }
    return status;
}

/* --- signals ----------------------------------------------------------------------------------------------------------------- */

/* Told about a record that is known and linked with nothing: nobody will ever act on it. */
static enum duet_status drop_signal(struct duet_feed *feed, const struct duet_signal *signal)
{
    duet_log_line(feed->fleet->options.log, DUET_LOG_WARNING, "signal for a record without a link",
                  DUET_LOG_FIELDS({ DUET_LOGGED_OWNER, .text = feed->owner->name },
                                  { DUET_LOGGED_SIDE, .text = duet_feed_side(feed) },
                                  { DUET_LOGGED_KEY, .text = signal->key },
                                  { DUET_LOGGED_SIGNAL, .text = signal->name }));
    return duet_journal_acted(feed->fleet->options.journal, feed->owner, signal->id);
}

static enum duet_status route_signal(struct duet_feed *feed, const struct duet_signal *signal,
                                     struct duet_arena *arena)
{
    struct duet_journal *journal = feed->fleet->options.journal;
    struct duet_journal_link *links = NULL;
    struct duet_inbox_row row;
    size_t count = 0;
    enum duet_status status =
        duet_journal_links_of_record(journal, &feed->source, signal->key, arena, &links, &count);
    for (size_t i = 0; status == DUET_OK && i < count; i++) {
        struct duet_tenant *tenant = tenant_named(feed->fleet, links[i].tenant);
        if (tenant && !links[i].buried &&
            (feed->owner == &tenant->owner || takes_part(feed, tenant)))
            duet_task_add(tenant,
                          &(struct duet_task){ .kind = DUET_TASK_LINK, .link = links[i].id });
    }
    if (status != DUET_OK || count > 0)
        return status;
    status = duet_journal_snapshot(journal, &feed->source, signal->key, arena, &row);
    if (status == DUET_NOT_FOUND)
        return DUET_OK;
    return status == DUET_OK && row.state != DUET_ROW_FRESH ? drop_signal(feed, signal) : status;
}

static enum duet_status route_signals(struct duet_feed *feed)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_signal *signals = NULL;
    size_t count = 0;
    enum duet_status status = duet_journal_signals(feed->fleet->options.journal, feed->owner, 0,
                                                   ROUTE_PAGE, arena, &signals, &count);
    for (size_t i = 0; i < count && status == DUET_OK; i++) {
        if (strcmp(signals[i].side, feed->source.side) == 0)
            status = route_signal(feed, &signals[i], arena);
    }
    duet_arena_free(arena);
    return status;
}

/* --- creations under way --------------------------------------------------------------------------------------------------------- */

static enum duet_status route_creations(struct duet_tenant *tenant)
{
    enum duet_status status = DUET_OK;
    size_t count = ROUTE_PAGE;
    int64_t after = 0;
    while (status == DUET_OK && count == ROUTE_PAGE) {
        struct duet_arena *arena = duet_arena_new();
        struct duet_creation *creations = NULL;
        count = 0;
        status = duet_journal_creations(tenant->fleet->options.journal, &tenant->owner, after,
                                        ROUTE_PAGE, arena, &creations, &count);
        for (size_t i = 0; i < count && status == DUET_OK; i++) {
            after = creations[i].id;
            if (creations[i].state != DUET_CREATION_WANTED &&
                strcmp(creations[i].mapping, tenant->mapping) == 0)
                duet_task_add(tenant, &(struct duet_task){ .kind = DUET_TASK_BIRTH,
                                                           .side = creations[i].origin,
                                                           .key = creations[i].origin_key });
        }
        duet_arena_free(arena);
    }
    return status;
}

/* --- the two doors ---------------------------------------------------------------------------------------------------------------------- */

bool duet_route_hub(struct duet_feed *feed)
{
    enum duet_status status = route_rows(feed, NULL);
    if (status == DUET_OK)
        status = route_signals(feed);
    return !duet_fleet_store_failed(feed->fleet, status, "a hub's rows can't be routed");
}

bool duet_route_tenant(struct duet_tenant *tenant)
{
    enum duet_status status = duet_resync_route(tenant);
    for (size_t side = 0; side < 2 && status == DUET_OK; side++) {
        if (tenant->feed[side] != &tenant->own[side])
            continue;
        status = route_rows(tenant->feed[side], tenant);
        if (status == DUET_OK)
            status = route_signals(tenant->feed[side]);
    }
    if (status == DUET_OK)
        status = route_creations(tenant);
    return !duet_fleet_store_failed(tenant->fleet, status, "rows can't be routed");
}
