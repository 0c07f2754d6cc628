/* What a tenant has under way in a round: one thing with an arena, an end that the tenant is told of, and a way to be dropped. */
#include <stdlib.h>

#include "engine/fleet/inside.h"
#include "engine/world/memory.h"

void *duet_errand_new(struct duet_tenant *tenant, size_t size,
                      void (*finish)(struct duet_errand *errand))
{
    struct duet_errand *errand = duet_new(size);
    errand->tenant = tenant;
    errand->arena = duet_arena_new();
    errand->finish = finish;
    errand->after = tenant->errands;
    if (errand->after)
        errand->after->before = errand;
    tenant->errands = errand;
    return errand;
}

static void drop(struct duet_errand *errand)
{
    if (errand->before)
        errand->before->after = errand->after;
    else
        errand->tenant->errands = errand->after;
    if (errand->after)
        errand->after->before = errand->before;
    if (errand->finish)
        errand->finish(errand);
    duet_arena_free(errand->arena);
    free(errand);
}

void duet_errand_drop_all(struct duet_tenant *tenant)
{
    struct duet_errand *next = NULL;
    for (struct duet_errand *errand = tenant->errands; errand; errand = next) {
        next = errand->after;
        drop(errand);
    }
}

void duet_errand_end(struct duet_errand *errand)
{
    struct duet_tenant *tenant = errand->tenant;
    bool is_good = !errand->has_failed;
    drop(errand);
    duet_tenant_one_done(tenant, is_good);
}

bool duet_errand_is_lost(struct duet_errand *errand, enum duet_status status, const char *what)
{
    if (!duet_fleet_store_failed(errand->tenant->fleet, status, what))
        return false;
    errand->has_failed = true;
    duet_errand_end(errand);
    return true;
}
