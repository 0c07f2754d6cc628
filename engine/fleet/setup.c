/* From a fleet's description to hubs and tenants that can run, or a reason why one can't. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "dsl/tables_text.h"
#include "engine/fleet/inside.h"
#include "engine/fleet/settings.h"
#include "engine/world/memory.h"

#define TICKS_PER_MS INT64_C(10000)

/* --- feeds --------------------------------------------------------------------------------------------------- */

static const char *value_of(const struct duet_setting_value *values, size_t count, const char *name)
{
    for (size_t i = 0; name && i < count; i++) {
        if (strcmp(values[i].name, name) == 0)
            return values[i].text;
    }
    return NULL;
}

static enum duet_status open_feed(struct duet_feed *feed, const char *name,
                                  const struct duet_fleet_settings *settings,
                                  struct duet_arena *arena, struct duet_error *error)
{
    const struct duet_fleet_options *world = &feed->fleet->options;
    struct duet_setting_value *values = NULL;
    enum duet_status status = duet_settings_read(settings, arena, &values, error);
    if (status != DUET_OK)
        return status;
    const struct duet_endpoint_options options = { .rules = feed->rules,
                                                   .side = feed->side,
                                                   .name = name,
                                                   .settings = values,
                                                   .setting_count = settings->count,
                                                   .clock = world->clock,
                                                   .random = world->random,
                                                   .loop = world->loop,
                                                   .net = world->net,
                                                   .log = world->log,
                                                   .quotas = feed->fleet->quotas,
                                                   .patience_ms = DUET_FLEET_PATIENCE_MS };
    const struct duet_tables *tables = feed->rules->tables;
    const struct duet_t_webhook *hook =
        duet_webhook_row(tables, duet_side_row(tables, feed->side)->webhook);
    if (hook)
        feed->secret = value_of(values, settings->count, duet_opt_str(tables, hook->secret));
    return duet_endpoint_new(&options, &feed->endpoint, error);
}

/* After a reload: what was fetched goes on to count, where the system is still spoken to in the same way. */
static void adopt(struct duet_feed *feed, const struct duet_feed *before)
{
    if (before && before->endpoint && before->rules && feed->endpoint &&
        feed->side == before->side &&
        duet_tables_other_sum(feed->rules->tables) == duet_tables_other_sum(before->rules->tables))
        duet_endpoint_adopt(feed->endpoint, before->endpoint);
}

/* --- persons --------------------------------------------------------------------------------------------------- */

#define CSV_FIRST 65536U

static char *read_csv(const char *path, size_t *length_out, struct duet_error *error)
{
    FILE *file = fopen(path, "rb");
    size_t room = CSV_FIRST, length = 0;
    char *text = file ? duet_new(room) : NULL;
    while (text && length <= DUET_PERSONS_MAX_BYTES) {
        length += fread(text + length, 1, room - length, file);
        if (length < room)
            break;
        room *= 2;
        text = duet_grow_array(text, room, 1);
    }
    int reason = errno;
    bool is_bad = !file || ferror(file);
    if (file)
        fclose(file);
    if (!is_bad && length <= DUET_PERSONS_MAX_BYTES) {
        *length_out = length;
        return text;
    }
    (void)duet_fail(error, DUET_INVALID, "can't read '%s': %s", path,
                    is_bad ? strerror(reason) : "it is too long");
    free(text);
    return NULL;
}

/* The fleet's own, though the rules lend them read only. */
static struct duet_person_table *person_tables(struct duet_tenant *tenant)
{
    return (struct duet_person_table *)(uintptr_t)tenant->rules.person_tables;
}

static enum duet_status load_table(struct duet_tenant *tenant, size_t index,
                                   struct duet_error *error)
{
    const struct duet_fleet_table *table = &tenant->config->person_tables[index];
    struct duet_persons *persons = NULL;
    size_t length = 0;
    char *text = read_csv(table->path, &length, error);
    if (!text)
        return DUET_INVALID;
    enum duet_status status =
        duet_persons_parse(tenant->rules.tables, table->path, text, length, &persons, error);
    tenant->person_sums[index] = duet_hash_bytes(text, length);
    free(text);
    if (status == DUET_OK && duet_persons_serve(persons, tenant->rules.tables, table->name,
                                                table->path, error) != DUET_OK) {
        duet_persons_free(persons);
        return DUET_INVALID;
    }
    person_tables(tenant)[index].persons = persons;
    return status;
}

/* The table of that name as it was before a reload, shared until settle_tables(); false: there was none, or the mapping can't work with it. */
static bool keep_table(struct duet_tenant *tenant, size_t index, const struct duet_error *why)
{
    const struct duet_fleet_table *table = &tenant->config->person_tables[index];
    struct duet_tenant *before = tenant->before;
    for (size_t i = 0; before && i < before->rules.person_table_count; i++) {
        struct duet_person_table *old = &person_tables(before)[i];
        if (!old->persons || strcmp(old->name, table->name) != 0 ||
            duet_persons_serve(old->persons, tenant->rules.tables, table->name, table->path,
                               NULL) != DUET_OK)
            continue;
        person_tables(tenant)[index].persons = old->persons;
        tenant->person_sums[index] = before->person_sums[i];
        duet_log_line(tenant->fleet->options.log, DUET_LOG_ERROR,
                      "a table of persons is refused: the one of before stays",
                      DUET_LOG_FIELDS({ DUET_LOGGED_OWNER, .text = tenant->owner.name },
                                      { DUET_LOGGED_WHY, .text = why->text }));
        return true;
    }
    return false;
}

static enum duet_status load_persons(struct duet_tenant *tenant, struct duet_error *error)
{
    const struct duet_fleet_tenant *config = tenant->config;
    size_t count = config->person_table_count;
    struct duet_person_table *tables =
        duet_arena_alloc_array(tenant->arena, count + 1, sizeof *tables);
    tenant->rules.person_tables = tables;
    tenant->person_sums =
        duet_arena_alloc_array(tenant->arena, count + 1, sizeof *tenant->person_sums);
    for (size_t i = 0; i < count; i++) {
        tables[i].name = config->person_tables[i].name;
        tenant->rules.person_table_count = i + 1;
        if (load_table(tenant, i, error) != DUET_OK && !keep_table(tenant, i, error))
            return DUET_INVALID;
    }
    return DUET_OK;
}

/* Tables that a tenant shares with itself before a reload become the new one's, or stay the old one's. */
static void settle_tables(struct duet_tenant *tenant, bool is_new)
{
    struct duet_tenant *before = tenant->before;
    for (size_t i = 0; before && i < tenant->rules.person_table_count; i++) {
        struct duet_person_table *mine = &person_tables(tenant)[i];
        for (size_t old = 0; mine->persons && old < before->rules.person_table_count; old++) {
            struct duet_person_table *other = &person_tables(before)[old];
            if (other->persons != mine->persons)
                continue;
            if (is_new)
                other->persons = NULL;
            else
                mine->persons = NULL;
        }
    }
}

static void free_persons(struct duet_tenant *tenant)
{
    for (size_t i = 0; i < tenant->rules.person_table_count; i++)
        duet_persons_free((struct duet_persons *)(uintptr_t)tenant->rules.person_tables[i].persons);
    tenant->rules.person_table_count = 0;
}

/* --- hubs ------------------------------------------------------------------------------------------------------- */

/* The first tenant that shares the hub, and the side on which it does; false: nobody does. */
static bool first_user(const struct duet_fleet *fleet, size_t hub, size_t *tenant_out,
                       enum duet_side *side_out)
{
    for (size_t t = 0; t < fleet->tenant_count; t++) {
        for (uint32_t side = 0; side < 2; side++) {
            if (fleet->options.config->tenants[t].sides[side].hub != hub)
                continue;
            *tenant_out = t;
            *side_out = (enum duet_side)side;
            return true;
        }
    }
    return false;
}

static void open_hub(struct duet_fleet *fleet, size_t index)
{
    const struct duet_fleet_hub *config = &fleet->options.config->hubs[index];
    struct duet_fleet_hub_state *hub = &fleet->hubs[index];
    struct duet_error error = { "" };
    size_t tenant = 0;
    hub->arena = duet_arena_new();
    hub->feed = (struct duet_feed){ .fleet = fleet,
                                    .owner = &hub->owner,
                                    .source = { .owner = &hub->owner, .side = "" } };
    if (!first_user(fleet, index, &tenant, &hub->feed.side))
        return;
    hub->feed.rules = &fleet->tenants[tenant].rules;
    if (open_feed(&hub->feed, config->name, &config->settings, hub->arena, &error) == DUET_OK) {
        adopt(&hub->feed, hub->before ? &hub->before->feed : NULL);
        return;
    }
    duet_log_line(fleet->options.log, DUET_LOG_ERROR, "hub can't run",
                  DUET_LOG_FIELDS({ DUET_LOGGED_OWNER, .text = config->name },
                                  { DUET_LOGGED_WHY, .text = error.text }));
}

/* --- tenants ------------------------------------------------------------------------------------------------------ */

static enum duet_status open_side(struct duet_tenant *tenant, enum duet_side side,
                                  struct duet_error *error)
{
    const struct duet_fleet_side *config = &tenant->config->sides[side];
    struct duet_feed *own = &tenant->own[side];
    if (config->hub != DUET_NONE) {
        tenant->feed[side] = &tenant->fleet->hubs[config->hub].feed;
        if (config->settings.count > 0)
            return duet_fail(error, DUET_INVALID,
                             "side '%s' is shared: its settings are the hub's alone",
                             duet_tenant_side(tenant, side));
        return tenant->feed[side]->endpoint
                   ? DUET_OK
                   : duet_fail(error, DUET_INVALID, "hub '%s' can't run",
                               tenant->fleet->hubs[config->hub].owner.name);
    }
    const char *name = duet_tenant_side(tenant, side);
    *own = (struct duet_feed){ .fleet = tenant->fleet,
                               .owner = &tenant->owner,
                               .source = { .owner = &tenant->owner, .side = name },
                               .rules = &tenant->rules,
                               .side = side };
    tenant->feed[side] = own;
    enum duet_status status =
        open_feed(own, tenant->config->name, &config->settings, tenant->arena, error);
    if (status == DUET_OK)
        adopt(own, tenant->before ? &tenant->before->own[side] : NULL);
    return status;
}

/* --- quotas after a restart ------------------------------------------------------------------------------------ */

/* The longest window of the side's quotas. */
static int64_t longest_window(const struct duet_tables *tables, enum duet_side side)
{
    const struct duet_t_side *row = duet_side_row(tables, side);
    int64_t longest = 0;
    for (uint32_t i = 0; i < row->quotas_count; i++) {
        int64_t per = duet_quota_row(tables, row->quotas + i)->per_ms;
        longest = per > longest ? per : longest;
    }
    return longest;
}

/* What was sent before this start counts in the server's windows still. */
static enum duet_status spend_recent(struct duet_tenant *tenant, enum duet_side side,
                                     enum duet_recent_kind kind)
{
    struct duet_fleet *fleet = tenant->fleet;
    struct duet_arena *arena = duet_arena_new();
    int64_t now = duet_clock_wall(fleet->options.clock);
    int64_t *times = NULL;
    size_t count = 0;
    int64_t window = longest_window(tenant->rules.tables, side) * TICKS_PER_MS;
    enum duet_status status =
        window > 0 ? duet_journal_recent(fleet->options.journal, &tenant->owner, side, kind,
                                         now - window, arena, &times, &count)
                   : DUET_OK;
    for (size_t i = 0; i < count && status == DUET_OK; i++)
        duet_remote_spend(tenant->feed[side]->endpoint,
                          kind == DUET_RECENT_WRITES ? DUET_OP_WRITE : DUET_OP_ADD_NOTE,
                          (now - times[i]) / TICKS_PER_MS);
    duet_arena_free(arena);
    return status;
}

static enum duet_status remember_spending(struct duet_tenant *tenant, struct duet_error *error)
{
    struct duet_journal *journal = tenant->fleet->options.journal;
    int64_t now = duet_clock_wall(tenant->fleet->options.clock);
    enum duet_status status = duet_journal_forget_intents(
        journal, &tenant->owner,
        now - DUET_FLEET_KEEP_INTENTS_DAYS * INT64_C(86400000) * TICKS_PER_MS);
    for (uint32_t side = 0; side < 2 && status == DUET_OK; side++) {
        status = spend_recent(tenant, (enum duet_side)side, DUET_RECENT_WRITES);
        if (status == DUET_OK)
            status = spend_recent(tenant, (enum duet_side)side, DUET_RECENT_NOTES);
    }
    return status == DUET_OK ? DUET_OK
                             : duet_fail(error, status, "%s", duet_journal_message(journal));
}

/* When it is due, as before the reload; at once when it is new or has to plan anew. */
static void go_on(struct duet_tenant *tenant)
{
    const struct duet_tenant *before = tenant->before;
    if (!before)
        return;
    if (before->every_ms == tenant->every_ms)
        tenant->due = before->due;
    tenant->is_awake = before->is_awake || tenant->resync.links != DUET_RESYNC_NONE;
}

static void open_tenant(struct duet_tenant *tenant)
{
    struct duet_error error = { "" };
    enum duet_status status = tenant->broken ? DUET_INVALID : load_persons(tenant, &error);
    for (uint32_t side = 0; side < 2 && status == DUET_OK; side++)
        status = open_side(tenant, (enum duet_side)side, &error);
    if (status == DUET_OK && !(tenant->before && !tenant->before->broken))
        status = remember_spending(tenant, &error);
    if (status != DUET_OK && !tenant->broken)
        tenant->broken =
            duet_arena_copy_text(tenant->arena, error.text, strnlen(error.text, sizeof error.text));
    if (!tenant->broken) {
        duet_resync_compare(tenant);
        go_on(tenant);
        tenant->fleet->counts.tenants++;
        return;
    }
    tenant->fleet->counts.broken++;
    duet_log_line(tenant->fleet->options.log, DUET_LOG_ERROR, "tenant can't run",
                  DUET_LOG_FIELDS({ DUET_LOGGED_OWNER, .text = tenant->config->name },
                                  { DUET_LOGGED_WHY, .text = tenant->broken }));
}

/* What doesn't depend on hubs. */
static void begin_tenant(struct duet_fleet *fleet, size_t index)
{
    const struct duet_fleet_config *config = fleet->options.config;
    struct duet_tenant *tenant = &fleet->tenants[index];
    *tenant = (struct duet_tenant){ .fleet = fleet,
                                    .config = &config->tenants[index],
                                    .owner = { .kind = DUET_OWNER_TENANT,
                                               .name = config->tenants[index].name },
                                    .arena = duet_arena_new() };
    tenant->every_ms = tenant->config->every_ms ? tenant->config->every_ms
                       : config->every_ms       ? config->every_ms
                                                : DUET_FLEET_EVERY_MS;
    tenant->rules.tables = tenant->config->tables;
    if (tenant->rules.tables)
        tenant->mapping = duet_str(tenant->rules.tables, duet_mapping(tenant->rules.tables)->name);
    else
        tenant->broken = "its mapping has errors";
}

/* Who was claimed before a reload stays so. */
static enum duet_status claim(struct duet_journal *journal, struct duet_owner *owner,
                              const struct duet_owner *before)
{
    if (!before)
        return duet_journal_claim(journal, owner);
    owner->epoch = before->epoch;
    return DUET_OK;
}

static enum duet_status claim_all(struct duet_fleet *fleet, struct duet_error *error)
{
    struct duet_journal *journal = fleet->options.journal;
    enum duet_status status = DUET_OK;
    for (size_t i = 0; i < fleet->tenant_count && status == DUET_OK; i++) {
        struct duet_tenant *tenant = &fleet->tenants[i];
        status = claim(journal, &tenant->owner, tenant->before ? &tenant->before->owner : NULL);
    }
    for (size_t i = 0; i < fleet->hub_count && status == DUET_OK; i++) {
        struct duet_fleet_hub_state *hub = &fleet->hubs[i];
        status = claim(journal, &hub->owner, hub->before ? &hub->before->owner : NULL);
    }
    return status == DUET_OK ? DUET_OK
                             : duet_fail(error, status, "%s", duet_journal_message(journal));
}

static bool has_table_less_tenant(const struct duet_fleet *fleet, size_t hub)
{
    size_t tenant = 0;
    enum duet_side side = DUET_LEFT;
    return first_user(fleet, hub, &tenant, &side) && !fleet->tenants[tenant].rules.tables;
}

static void begin_hub(struct duet_fleet *fleet, size_t index, const struct duet_fleet_parts *before)
{
    const char *name = fleet->options.config->hubs[index].name;
    struct duet_fleet_hub_state *hub = &fleet->hubs[index];
    *hub = (struct duet_fleet_hub_state){ .owner = { .kind = DUET_OWNER_HUB, .name = name } };
    for (size_t i = 0; before && i < before->hub_count; i++) {
        if (strcmp(before->hubs[i].owner.name, name) == 0)
            hub->before = &before->hubs[i];
    }
}

static void remember_tenant(struct duet_tenant *tenant, const struct duet_fleet_parts *before)
{
    for (size_t i = 0; before && i < before->tenant_count; i++) {
        if (strcmp(before->tenants[i].owner.name, tenant->owner.name) == 0)
            tenant->before = &before->tenants[i];
    }
}

void duet_fleet_settle(struct duet_fleet *fleet, bool is_new)
{
    for (size_t i = 0; i < fleet->hub_count; i++)
        fleet->hubs[i].before = NULL;
    for (size_t i = 0; i < fleet->tenant_count; i++) {
        settle_tables(&fleet->tenants[i], is_new);
        fleet->tenants[i].before = NULL;
    }
}

enum duet_status duet_fleet_setup(struct duet_fleet *fleet, const struct duet_fleet_parts *before,
                                  struct duet_error *error)
{
    fleet->hub_count = fleet->options.config->hub_count;
    fleet->tenant_count = fleet->options.config->tenant_count;
    fleet->hubs = duet_new_array(fleet->hub_count + 1, sizeof *fleet->hubs);
    fleet->tenants = duet_new_array(fleet->tenant_count + 1, sizeof *fleet->tenants);
    for (size_t i = 0; i < fleet->hub_count; i++)
        begin_hub(fleet, i, before);
    for (size_t i = 0; i < fleet->tenant_count; i++) {
        begin_tenant(fleet, i);
        remember_tenant(&fleet->tenants[i], before);
    }
    enum duet_status status = claim_all(fleet, error);
    for (size_t i = 0; i < fleet->hub_count && status == DUET_OK; i++) {
        if (!has_table_less_tenant(fleet, i))
            open_hub(fleet, i);
    }
    for (size_t i = 0; i < fleet->tenant_count && status == DUET_OK; i++)
        open_tenant(&fleet->tenants[i]);
    return status;
}

enum duet_status duet_fleet_new(const struct duet_fleet_options *options,
                                struct duet_fleet **fleet_out, struct duet_error *error)
{
    struct duet_fleet *fleet = duet_new(sizeof *fleet);
    fleet->options = *options;
    fleet->quotas = duet_quotas_new(options->loop);
    enum duet_status status = duet_journal_latest(options->journal, &fleet->last_stamp);
    if (status == DUET_OK)
        status = duet_fleet_setup(fleet, NULL, error);
    else
        (void)duet_fail(error, status, "%s", duet_journal_message(options->journal));
    if (status != DUET_OK) {
        duet_fleet_free(fleet);
        return status;
    }
    *fleet_out = fleet;
    return DUET_OK;
}

static void close_tenant(struct duet_tenant *tenant)
{
    for (size_t side = 0; side < 2; side++) {
        if (tenant->feed[side] == &tenant->own[side])
            duet_feed_close(&tenant->own[side]);
    }
    duet_errand_drop_all(tenant);
    free_persons(tenant);
    duet_arena_free(tenant->round);
    duet_arena_free(tenant->arena);
}

void duet_fleet_parts_free(const struct duet_fleet_parts *parts)
{
    for (size_t i = 0; i < parts->hub_count; i++) {
        if (parts->hubs[i].feed.fleet)
            duet_feed_close(&parts->hubs[i].feed);
        duet_arena_free(parts->hubs[i].arena);
    }
    for (size_t i = 0; i < parts->tenant_count; i++)
        close_tenant(&parts->tenants[i]);
    free(parts->hubs);
    free(parts->tenants);
}

void duet_fleet_free(struct duet_fleet *fleet)
{
    if (!fleet)
        return;
    const struct duet_fleet_parts parts = { fleet->hubs, fleet->hub_count, fleet->tenants,
                                            fleet->tenant_count };
    duet_fleet_parts_free(&parts);
    duet_loop_cancel(fleet->options.loop, fleet->tick);
    duet_loop_cancel(fleet->options.loop, fleet->ending);
    duet_loop_cancel(fleet->options.loop, fleet->changing);
    duet_quotas_free(fleet->quotas);
    free(fleet);
}

/* --- webhooks -------------------------------------------------------------------------------------------------------- */

static bool hook_of(const struct duet_feed *feed, const struct duet_tenant *tenant,
                    enum duet_side side, struct duet_hook *hook_out)
{
    if (!feed || !feed->endpoint || !feed->secret || !*feed->secret)
        return false;
    *hook_out = (struct duet_hook){ .kind = feed->owner->kind,
                                    .owner = feed->owner->name,
                                    .side = duet_tenant_side(tenant, side),
                                    .tables = tenant->rules.tables,
                                    .at = side,
                                    .secret = feed->secret };
    return true;
}

bool duet_fleet_next_hook(const struct duet_fleet *fleet, size_t *index, struct duet_hook *hook_out)
{
    while (*index < 2 * fleet->tenant_count) {
        size_t at = (*index)++;
        const struct duet_tenant *tenant = &fleet->tenants[at / 2];
        enum duet_side side = at % 2 == 0 ? DUET_LEFT : DUET_RIGHT;
        if (!tenant->broken && hook_of(tenant->feed[side], tenant, side, hook_out))
            return true;
    }
    return false;
}
