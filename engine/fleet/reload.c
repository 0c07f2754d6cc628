/* From one config to the next while the engine runs.
 *
 *     reload -> nothing begins -> the last busy tenant's round is over -> hubs and tenants anew, taking over what goes on -> ticks
 *
 * A change is made between two rounds, so that no plan sees two mappings. */
#include <string.h>

#include "engine/fleet/inside.h"

static bool has(const struct duet_fleet_parts *parts, const char *tenant)
{
    for (size_t i = 0; i < parts->tenant_count; i++) {
        if (strcmp(parts->tenants[i].owner.name, tenant) == 0)
            return true;
    }
    return false;
}

static void tell_difference(const struct duet_fleet *fleet, const struct duet_fleet_parts *of,
                            const struct duet_fleet_parts *lacking, const char *event)
{
    for (size_t i = 0; i < of->tenant_count; i++) {
        const char *name = of->tenants[i].owner.name;
        if (!has(lacking, name))
            duet_log_line(fleet->options.log, DUET_LOG_INFO, event,
                          DUET_LOG_FIELDS({ DUET_LOGGED_OWNER, .text = name }));
    }
}

/* A tenant that wasn't there: rows of its hubs that carry its claims were quarantined as nobody's. */
static enum duet_status welcome(const struct duet_fleet *fleet,
                                const struct duet_fleet_parts *before)
{
    enum duet_status status = DUET_OK;
    for (size_t i = 0; i < fleet->tenant_count; i++) {
        const struct duet_tenant *tenant = &fleet->tenants[i];
        if (tenant->broken || has(before, tenant->owner.name))
            continue;
        for (size_t side = 0; side < 2 && status == DUET_OK; side++) {
            const struct duet_feed *feed = tenant->feed[side];
            if (feed->owner->kind == DUET_OWNER_HUB)
                status = duet_journal_release(fleet->options.journal, &feed->source, NULL);
        }
    }
    return status;
}

static struct duet_fleet_parts parts_of(const struct duet_fleet *fleet)
{
    return (struct duet_fleet_parts){ fleet->hubs, fleet->hub_count, fleet->tenants,
                                      fleet->tenant_count };
}

/* A tenant that ran and couldn't run by the new config; NULL: none. */
static const struct duet_tenant *stopped(const struct duet_fleet_parts *now)
{
    for (size_t i = 0; i < now->tenant_count; i++) {
        const struct duet_tenant *tenant = &now->tenants[i];
        if (tenant->broken && tenant->before && !tenant->before->broken)
            return tenant;
    }
    return NULL;
}

static void go_back(struct duet_fleet *fleet, const struct duet_fleet_parts *before)
{
    const struct duet_fleet_parts refused = parts_of(fleet);
    duet_fleet_settle(fleet, false);
    fleet->hubs = before->hubs;
    fleet->hub_count = before->hub_count;
    fleet->tenants = before->tenants;
    fleet->tenant_count = before->tenant_count;
    duet_fleet_parts_free(&refused);
}

static void tell_refusal(const struct duet_fleet *fleet, const char *why)
{
    duet_log_line(fleet->options.log, DUET_LOG_ERROR, "reload refused: what ran before goes on",
                  DUET_LOG_FIELDS({ DUET_LOGGED_WHY, .text = why }));
}

/* Hubs and tenants by the next config; false: it was refused, and those of `before` are there as they were. */
static bool set_up(struct duet_fleet *fleet, const struct duet_fleet_parts *before)
{
    const struct duet_fleet_config *config = fleet->options.config;
    const struct duet_fleet_counts counts = fleet->counts;
    struct duet_error error = { "" };
    fleet->options.config = fleet->next;
    fleet->next = NULL;
    fleet->counts.tenants = fleet->counts.broken = 0;
    enum duet_status status = duet_fleet_setup(fleet, before, &error);
    const struct duet_fleet_parts now = parts_of(fleet);
    const struct duet_tenant *broken = status == DUET_OK ? stopped(&now) : NULL;
    if (status == DUET_OK && !broken) {
        duet_fleet_settle(fleet, true);
        return true;
    }
    tell_refusal(fleet, broken ? broken->broken : error.text);
    go_back(fleet, before);
    fleet->options.config = config;
    fleet->counts = counts;
    return false;
}

static void change(void *data)
{
    struct duet_fleet *fleet = data;
    fleet->changing = NULL;
    if (fleet->is_draining || fleet->busy > 0)
        return;
    const struct duet_fleet_parts before = parts_of(fleet);
    if (!set_up(fleet, &before)) {
        duet_fleet_set_tick(fleet);
        return;
    }
    enum duet_status status = welcome(fleet, &before);
    const struct duet_fleet_parts now = parts_of(fleet);
    tell_difference(fleet, &before, &now, "a tenant left the fleet");
    tell_difference(fleet, &now, &before, "a tenant joined the fleet");
    duet_fleet_parts_free(&before);
    if (duet_fleet_store_failed(fleet, status, "the new config can't be taken over"))
        return;
    duet_log_event(fleet->options.log, DUET_LOG_INFO, "reloaded");
    if (fleet->options.reloaded)
        fleet->options.reloaded(fleet->options.data);
    duet_fleet_set_tick(fleet);
}

void duet_fleet_change_when_idle(struct duet_fleet *fleet)
{
    if (fleet->next && fleet->busy == 0 && !fleet->is_draining && !fleet->changing)
        fleet->changing = duet_loop_defer(fleet->options.loop, change, fleet);
}

void duet_fleet_reload(struct duet_fleet *fleet, const struct duet_fleet_config *config)
{
    if (fleet->is_draining)
        return;
    fleet->next = config;
    duet_loop_cancel(fleet->options.loop, fleet->tick);
    fleet->tick = NULL;
    duet_fleet_change_when_idle(fleet);
}
