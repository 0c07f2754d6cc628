/* A link's notes, synchronised once its plan is recorded. */
#include "engine/fleet/show.h"
#include "engine/fleet/work.h"

static int64_t stamp(void *data)
{
    return duet_fleet_stamp(data);
}

static void notes_over(void *data, const struct duet_notes_outcome *outcome)
{
    struct duet_work *work = data;
    enum duet_status status = outcome->status;
    if (work->errand.tenant->fleet->options.dry_run) {
        work->errand.tenant->fleet->counts.would_note += outcome->would_send;
        if (!duet_errand_is_lost(&work->errand, status, "notes can't be planned"))
            duet_errand_end(&work->errand);
        return;
    }
    for (size_t i = 0; i < outcome->shown_count; i++) {
        const struct duet_notes_shown *shown = &outcome->shown[i];
        const struct duet_shown item = { .what = shown->what,
                                         .name = "notes",
                                         .side = duet_tenant_side(work->errand.tenant, shown->side),
                                         .sentence = shown->sentence };
        duet_show_add(work->shown, &item);
    }
    for (uint32_t side = 0; side < 2 && status == DUET_OK; side++) {
        work->errand.tenant->fleet->counts.notes += outcome->sent[side];
        if (outcome->sent[side] > 0)
            status = duet_journal_await(
                duet_work_journal(work), &work->errand.tenant->feed[side]->source,
                work->link.keys[side], duet_fleet_stamp(work->errand.tenant->fleet));
    }
    if (duet_errand_is_lost(&work->errand, status, "notes can't be recorded"))
        return;
    for (uint32_t side = 0; side < 2; side++) {
        if (outcome->gone[side]) {
            duet_work_not_there(work, (enum duet_side)side);
            return;
        }
    }
    if (outcome->again)
        duet_errand_end(&work->errand);
    else
        duet_work_give_up(work);
}

struct duet_notes_options duet_work_notes(struct duet_work *work)
{
    struct duet_tenant *tenant = work->errand.tenant;
    struct duet_notes_options options = {
        .journal = duet_work_journal(work),
        .tenant = &tenant->owner,
        .link = work->link.id,
        .link_created = work->link.created,
        .mapping = tenant->mapping,
        .key = tenant->fleet->options.key,
        .rules = &tenant->rules,
        .started = tenant->fleet->started,
        .loop = tenant->fleet->options.loop,
        .log = tenant->fleet->options.log,
        .stamp = stamp,
        .stamp_data = tenant->fleet,
        .dry_run = tenant->fleet->options.dry_run,
        .done = notes_over,
        .data = work,
    };
    for (size_t side = 0; side < 2; side++) {
        options.endpoints[side] = tenant->feed[side]->endpoint;
        options.keys[side] = work->link.keys[side];
        options.records[side] = &work->record[side];
        options.read_at[side] = work->row[side].row.read_began;
        options.released[side] = work->changes->notes_released[side];
    }
    return options;
}
