/* Other rules than those that a tenant's links were last planned with: what changed, and which links and records are planned anew.
 *
 * The journal keeps a sum of each unit's meaning with its tables of persons, and one of everything else, so that a change is seen also
 * when the engine was down, and a moved line or a changed comment is none:
 *
 *     {"other": "1c2d...", "units": {"status": "9e01...", ...}}
 *
 * A changed unit: every link is planned from its last snapshots without asking anybody, and ends there unless something comes of it;
 * records without a link are looked at again, for they may get one. Anything else changed: every link goes its whole way. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/tables_text.h"
#include "engine/fleet/inside.h"

#define MEMORY "rules"
#define PAGE ((size_t)500)
#define SUM_DIGITS 17U

/* --- what is remembered ------------------------------------------------------------------------------------ */

static uint64_t with_persons(const struct duet_tenant *tenant, uint64_t sum, const char *table)
{
    for (size_t i = 0; i < tenant->rules.person_table_count; i++) {
        if (strcmp(tenant->rules.person_tables[i].name, table) == 0)
            sum = sum * UINT64_C(31) + tenant->person_sums[i];
    }
    return sum;
}

static uint64_t unit_sum(const struct duet_tenant *tenant, uint32_t number)
{
    const struct duet_tables *tables = tenant->rules.tables;
    const struct duet_t_unit *unit = duet_unit_row(tables, number);
    uint64_t sum = duet_tables_unit_sum(tables, number);
    for (uint32_t p = 0; p < unit->pairs_count; p++) {
        const char *table = duet_opt_str(tables, duet_pair_row(tables, unit->pairs + p)->table);
        if (table)
            sum = with_persons(tenant, sum, table);
    }
    return sum;
}

static const char *unit_name(const struct duet_tables *tables, uint32_t number)
{
    return duet_str(tables, duet_unit_row(tables, number)->name);
}

static json_t *sum_json(uint64_t sum)
{
    char digits[SUM_DIGITS];
    (void)snprintf(digits, sizeof digits, "%016" PRIx64, sum);
    return json_string(digits);
}

static json_t *memory_of(const struct duet_tenant *tenant)
{
    const struct duet_tables *tables = tenant->rules.tables;
    json_t *units = json_object();
    for (uint32_t u = 0; u < duet_mapping(tables)->units_count; u++)
        (void)json_object_set_new(units, unit_name(tables, u), sum_json(unit_sum(tenant, u)));
    return json_pack("{s:o, s:o}", "other", sum_json(duet_tables_other_sum(tables)), "units",
                     units);
}

bool duet_resync_remember(struct duet_tenant *tenant)
{
    struct duet_fleet *fleet = tenant->fleet;
    if (tenant->resync.is_known)
        return true;
    json_t *memory = memory_of(tenant);
    char *text = json_dumps(memory, JSON_COMPACT | JSON_SORT_KEYS);
    enum duet_status status =
        text ? duet_journal_remember(fleet->options.journal, &tenant->owner, MEMORY, text)
             : DUET_FAILED;
    free(text);
    json_decref(memory);
    if (duet_fleet_store_failed(fleet, status, "a tenant's rules can't be remembered"))
        return false;
    if (tenant->resync.links != DUET_RESYNC_NONE)
        duet_log_line(
            fleet->options.log, DUET_LOG_INFO, "links planned by the changed rules",
            DUET_LOG_FIELDS({ DUET_LOGGED_OWNER, .text = tenant->owner.name },
                            { DUET_LOGGED_RULES, .number = (int64_t)tenant->resync.rules },
                            { DUET_LOGGED_LINKS, .number = (int64_t)tenant->resync.links_moved }));
    tenant->resync = (struct duet_resync){ .is_known = true };
    return true;
}

/* --- comparing ------------------------------------------------------------------------------------------------ */

static struct duet_resync compared(const struct duet_tenant *tenant, const json_t *known,
                                   const json_t *now)
{
    const struct duet_tables *tables = tenant->rules.tables;
    const json_t *known_units = json_object_get(known, "units");
    const json_t *units = json_object_get(now, "units");
    struct duet_resync resync = { .links = DUET_RESYNC_NONE };
    const char *name = NULL;
    json_t *sum = NULL;
    for (uint32_t u = 0; u < duet_mapping(tables)->units_count; u++) {
        name = unit_name(tables, u);
        if (!json_equal(json_object_get(units, name), json_object_get(known_units, name)))
            resync.units |= duet_bit(u);
    }
    resync.rules = (size_t)__builtin_popcountll(resync.units);
    json_object_foreach((json_t *)(uintptr_t)known_units, name, sum)
    {
        resync.rules += !json_object_get(units, name);
    }
    bool is_other = !json_equal(json_object_get(known, "other"), json_object_get(now, "other"));
    resync.rules += is_other;
    if (is_other || !known_units)
        resync.links = DUET_RESYNC_ALL;
    else if (resync.rules > 0)
        resync.links = DUET_RESYNC_TOUCHED;
    return resync;
}

void duet_resync_compare(struct duet_tenant *tenant)
{
    struct duet_fleet *fleet = tenant->fleet;
    const char *text = NULL;
    tenant->resync = (struct duet_resync){ .links = DUET_RESYNC_NONE };
    if (duet_journal_recall(fleet->options.journal, &tenant->owner, MEMORY, tenant->arena, &text) !=
        DUET_OK)
        return; /* a tenant that never ended a round: all that it reads is new */
    json_t *known = json_loads(text, 0, NULL);
    json_t *now = memory_of(tenant);
    tenant->resync = compared(tenant, known, now);
    tenant->resync.is_known = tenant->resync.links == DUET_RESYNC_NONE;
    json_decref(now);
    json_decref(known);
    if (!tenant->resync.is_known)
        duet_log_line(
            fleet->options.log, DUET_LOG_INFO, "the mapping or its persons changed",
            DUET_LOG_FIELDS({ DUET_LOGGED_OWNER, .text = tenant->owner.name },
                            { DUET_LOGGED_RULES, .number = (int64_t)tenant->resync.rules }));
}

/* --- what is planned anew ----------------------------------------------------------------------------------------- */

static enum duet_status add_links(struct duet_tenant *tenant)
{
    struct duet_journal *journal = tenant->fleet->options.journal;
    bool is_all = tenant->resync.links == DUET_RESYNC_ALL;
    enum duet_status status = DUET_OK;
    size_t count = PAGE;
    int64_t after = 0;
    while (status == DUET_OK && count == PAGE) {
        struct duet_arena *arena = duet_arena_new();
        struct duet_journal_link *links = NULL;
        count = 0;
        status = duet_journal_links(journal, &tenant->owner, tenant->mapping, after, PAGE, arena,
                                    &links, &count);
        for (size_t i = 0; i < count && status == DUET_OK; i++) {
            after = links[i].id;
            if (links[i].buried)
                continue;
            tenant->resync.links_moved += is_all;
            duet_task_add(tenant, &(struct duet_task){ .kind = DUET_TASK_LINK,
                                                       .link = links[i].id,
                                                       .is_resync = !is_all });
        }
        duet_arena_free(arena);
    }
    return status;
}

static enum duet_status refresh_own(struct duet_tenant *tenant)
{
    struct duet_journal *journal = tenant->fleet->options.journal;
    enum duet_status status = DUET_OK;
    for (size_t side = 0; side < 2 && status == DUET_OK; side++) {
        const struct duet_source *source = &tenant->own[side].source;
        if (tenant->feed[side] != &tenant->own[side])
            continue;
        status = tenant->resync.links == DUET_RESYNC_ALL
                     ? duet_journal_refresh(journal, source, NULL)
                     : duet_journal_refresh_unlinked(journal, source);
    }
    return status;
}

enum duet_status duet_resync_route(struct duet_tenant *tenant)
{
    tenant->resync.links_moved = 0;
    if (tenant->resync.links == DUET_RESYNC_NONE)
        return DUET_OK;
    enum duet_status status = refresh_own(tenant);
    return status == DUET_OK ? add_links(tenant) : status;
}
