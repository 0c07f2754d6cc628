/* Ticks and rounds: who is due, what a round waits for, when everything is over. */
#include "engine/fleet/fleet.h"

#include <stdio.h>
#include <string.h>

#include "engine/fleet/inside.h"

static void begin_due(void *data);

/* --- small services --------------------------------------------------------------------------------------------- */

int64_t duet_fleet_stamp(struct duet_fleet *fleet)
{
    int64_t now = duet_clock_wall(fleet->options.clock);
    fleet->last_stamp = now > fleet->last_stamp ? now : fleet->last_stamp + 1;
    return fleet->last_stamp;
}

bool duet_fleet_store_failed(struct duet_fleet *fleet, enum duet_status status, const char *what)
{
    if (status == DUET_OK)
        return false;
    if (!fleet->counts.is_store_failing)
        duet_log_line(fleet->options.log, DUET_LOG_ERROR, what,
                      DUET_LOG_FIELDS({ DUET_LOGGED_WHY,
                                        .text = duet_journal_message(fleet->options.journal) }));
    fleet->counts.is_store_failing = true;
    duet_fleet_drain(fleet);
    return true;
}

const char *duet_operation_id(struct duet_fleet *fleet, struct duet_arena *arena)
{
    unsigned char bytes[16];
    fleet->options.random->fill(fleet->options.random, bytes, sizeof bytes);
    char *text = duet_arena_alloc(arena, 2 * sizeof bytes + 1);
    for (size_t i = 0; i < sizeof bytes; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    return text;
}

void duet_fleet_counts(const struct duet_fleet *fleet, struct duet_fleet_counts *counts_out)
{
    *counts_out = fleet->counts;
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

static void end(void *data)
{
    struct duet_fleet *fleet = data;
    fleet->ending = NULL;
    fleet->is_over = true;
    if (fleet->options.over)
        fleet->options.over(fleet->options.data);
}

static void end_when_idle(struct duet_fleet *fleet)
{
    if (fleet->is_draining && fleet->busy == 0 && !fleet->is_over && !fleet->ending)
        fleet->ending = duet_loop_defer(fleet->options.loop, end, fleet);
}

void duet_fleet_drain(struct duet_fleet *fleet)
{
    fleet->is_draining = true;
    duet_loop_cancel(fleet->options.loop, fleet->tick);
    fleet->tick = NULL;
    end_when_idle(fleet);
}

/* --- ticks ---------------------------------------------------------------------------------------------------------- */

void duet_fleet_set_tick(struct duet_fleet *fleet)
{
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < fleet->tenant_count; i++) {
        const struct duet_tenant *tenant = &fleet->tenants[i];
        if (tenant->broken || tenant->is_busy)
            continue;
        int64_t due = tenant->is_awake ? 0 : tenant->due;
        next = due < next ? due : next;
    }
    duet_loop_cancel(fleet->options.loop, fleet->tick);
    fleet->tick = NULL;
    if (next != INT64_MAX && !fleet->is_draining && !fleet->next)
        fleet->tick = duet_loop_at(fleet->options.loop, next, begin_due, fleet);
}

/* The next multiple of its interval, so that tenants of a hub are due together. */
static int64_t next_due(const struct duet_tenant *tenant, int64_t now)
{
    return (now / tenant->every_ms + 1) * tenant->every_ms;
}

static void round_over(struct duet_tenant *tenant)
{
    struct duet_fleet *fleet = tenant->fleet;
    if (!tenant->has_failed && !duet_resync_remember(tenant))
        tenant->has_failed = true;
    tenant->resync.is_tried = tenant->resync.is_tried || tenant->is_routed;
    if (tenant->has_failed)
        fleet->counts.failed++;
    else
        fleet->counts.rounds++;
    duet_arena_free(tenant->round);
    tenant->round = NULL;
    tenant->tasks = tenant->last_task = NULL;
    tenant->is_busy = false;
    fleet->busy--;
    if (fleet->options.once && fleet->busy == 0)
        fleet->is_draining = true;
    duet_fleet_set_tick(fleet);
    duet_fleet_change_when_idle(fleet);
    end_when_idle(fleet);
}

/* --- a round ---------------------------------------------------------------------------------------------------------- */

static struct duet_task **bucket_of(struct duet_tenant *tenant, const struct duet_task *task)
{
    uint64_t hash = task->kind == DUET_TASK_LINK ? (uint64_t)task->link
                                                 : duet_hash_bytes(task->key, strlen(task->key));
    return &tenant->buckets[hash % DUET_TASK_BUCKETS];
}

static bool is_same(const struct duet_task *a, const struct duet_task *b)
{
    if (a->kind != b->kind)
        return false;
    return a->kind == DUET_TASK_LINK ? a->link == b->link
                                     : a->side == b->side && strcmp(a->key, b->key) == 0;
}

void duet_task_add(struct duet_tenant *tenant, const struct duet_task *task)
{
    struct duet_task **bucket = bucket_of(tenant, task);
    for (const struct duet_task *known = *bucket; known; known = known->next_alike) {
        if (is_same(known, task))
            return;
    }
    struct duet_task *mine = duet_arena_alloc(tenant->round, sizeof *mine);
    *mine = *task;
    mine->next = NULL;
    mine->next_alike = *bucket;
    *bucket = mine;
    if (task->key)
        mine->key = duet_arena_copy_text(tenant->round, task->key, strlen(task->key));
    if (tenant->last_task)
        tenant->last_task->next = mine;
    else
        tenant->tasks = mine;
    tenant->last_task = mine;
}

static void start_tasks(struct duet_tenant *tenant);

void duet_tenant_one_done(struct duet_tenant *tenant, bool is_good)
{
    tenant->has_failed = tenant->has_failed || !is_good;
    if (--tenant->going > 0)
        return;
    if (tenant->tasks && !tenant->fleet->counts.is_store_failing)
        start_tasks(tenant);
    else
        round_over(tenant);
}

static struct duet_task *take_task(struct duet_tenant *tenant)
{
    struct duet_task *task = tenant->tasks;
    if (task)
        tenant->tasks = task->next;
    if (!tenant->tasks)
        tenant->last_task = NULL;
    return task;
}

/* So many at once that writes go out in batches, and so few that their records fit into memory. */
static void start_tasks(struct duet_tenant *tenant)
{
    const struct duet_task *task = NULL;
    tenant->going = 1; /* so that a task that ends at once doesn't end the round */
    for (size_t i = 0; i < DUET_TASKS_AT_ONCE && (task = take_task(tenant)) != NULL; i++) {
        tenant->going++;
        if (task->kind == DUET_TASK_LINK)
            duet_work_start(tenant, task->link,
                            task->is_resync ? DUET_WORK_FOR_RESYNC : DUET_WORK_FOR_NEWS);
        else
            duet_birth_start(tenant, task->side, task->key);
    }
    duet_tenant_one_done(tenant, true);
}

static void polled(void *data, bool is_good)
{
    struct duet_tenant *tenant = data;
    tenant->has_failed = tenant->has_failed || !is_good;
    if (--tenant->polls > 0)
        return;
    if (tenant->has_failed || !duet_route_tenant(tenant)) {
        tenant->has_failed = true;
        round_over(tenant);
        return;
    }
    tenant->is_routed = true;
    start_tasks(tenant);
}

static void begin_round(struct duet_tenant *tenant)
{
    tenant->is_busy = true;
    tenant->is_awake = false;
    tenant->has_failed = false;
    tenant->is_routed = false;
    tenant->fleet->busy++;
    tenant->round = duet_arena_new();
    tenant->polls = 2;
    memset(tenant->buckets, 0, sizeof(tenant->buckets));
    for (size_t side = 0; side < 2; side++) {
        tenant->waiter[side] = (struct duet_feed_waiter){ .done = polled, .data = tenant };
        duet_feed_poll(tenant->feed[side], &tenant->waiter[side]);
    }
}

static void begin_due(void *data)
{
    struct duet_fleet *fleet = data;
    int64_t now = duet_clock_monotonic(fleet->options.clock);
    fleet->tick = NULL;
    for (size_t i = 0; i < fleet->tenant_count && !fleet->is_draining && !fleet->next; i++) {
        struct duet_tenant *tenant = &fleet->tenants[i];
        if (tenant->broken || tenant->is_busy || (!tenant->is_awake && tenant->due > now))
            continue;
        if (tenant->due <= now)
            tenant->due = next_due(tenant, now);
        begin_round(tenant);
    }
    duet_fleet_set_tick(fleet);
}

/* --- from outside -------------------------------------------------------------------------------------------------------- */

void duet_fleet_start(struct duet_fleet *fleet)
{
    fleet->is_started = true;
    fleet->started = duet_fleet_stamp(fleet);
    if (fleet->counts.tenants == 0)
        duet_fleet_drain(fleet);
    else
        duet_fleet_set_tick(fleet);
}

static bool reads_from(const struct duet_tenant *tenant, enum duet_owner_kind kind,
                       const char *owner)
{
    for (size_t side = 0; side < 2; side++) {
        const struct duet_feed *feed = tenant->feed[side];
        if (feed && feed->owner->kind == kind && strcmp(feed->owner->name, owner) == 0)
            return true;
    }
    return false;
}

void duet_fleet_wake(struct duet_fleet *fleet, enum duet_owner_kind kind, const char *owner)
{
    for (size_t i = 0; i < fleet->tenant_count; i++) {
        if (!fleet->tenants[i].broken && reads_from(&fleet->tenants[i], kind, owner))
            fleet->tenants[i].is_awake = true;
    }
    if (fleet->is_started)
        duet_fleet_set_tick(fleet);
}
