#include "engine/fleet/work.h"

#include "engine/fleet/show.h"

static void look(struct duet_work *work);
static void read_side(struct duet_work *work, enum duet_side side);

/* --- beginning and end -------------------------------------------------------------------------------------------- */

static void work_finish(struct duet_errand *errand)
{
    struct duet_work *work = (struct duet_work *)(void *)errand; /* its first member */
    duet_notes_free(work->notes);
    json_decref(work->shown);
}

/* Nothing more can be done for this content: the rows are taken. */
void duet_work_give_up(struct duet_work *work)
{
    if (!duet_errand_is_lost(&work->errand, duet_work_take(work), "rows can't be taken"))
        duet_errand_end(&work->errand);
}

static void note_shown(struct duet_work *work, const char *what, enum duet_side side,
                       const char *sentence)
{
    const struct duet_shown shown = { .what = what,
                                      .side = duet_tenant_side(work->errand.tenant, side),
                                      .sentence = sentence };
    duet_show_add(work->shown, &shown);
}

static void show_anew(struct duet_work *work)
{
    json_decref(work->shown);
    work->shown = json_array();
}

/* --- reading one record -------------------------------------------------------------------------------------------------- */

static void mark_gone(struct duet_work *work, enum duet_side side)
{
    show_anew(work);
    note_shown(work, "gone", side, "the record is no longer there");
    if (!duet_errand_is_lost(&work->errand, duet_work_mark_gone(work, side),
                             "a gone record can't be marked"))
        duet_errand_end(&work->errand);
}

/* Asked twice, since a system may be wrong for a moment. */
void duet_work_not_there(struct duet_work *work, enum duet_side side)
{
    if (++work->gone[side] > 1 ||
        !duet_remote_has(work->errand.tenant->feed[side]->endpoint, DUET_OP_READ))
        mark_gone(work, side);
    else
        read_side(work, side);
}

static void take_read(struct duet_work *work, const struct duet_remote_result *result)
{
    struct duet_feed *feed = work->errand.tenant->feed[work->reading];
    const char *bytes =
        duet_arena_copy_text(work->errand.arena, result->record, result->record_length);
    struct duet_row row = duet_feed_row(feed, bytes, result->record_length, work->read_began,
                                        work->errand.arena, NULL);
    row.key = work->link.keys[work->reading];
    work->gone[work->reading] = 0;
    if (!duet_errand_is_lost(&work->errand,
                             duet_journal_keep(duet_work_journal(work), &feed->source, &row),
                             "a record can't be kept"))
        look(work);
}

static void side_read(void *data, const struct duet_remote_result *result)
{
    struct duet_work *work = data;
    if (result->outcome == DUET_REMOTE_OK && result->record) {
        take_read(work, result);
        return;
    }
    if (result->outcome == DUET_REMOTE_GONE) {
        duet_work_not_there(work, work->reading);
        return;
    }
    duet_log_line(
        work->errand.tenant->fleet->options.log, DUET_LOG_WARNING, "record can't be read",
        DUET_LOG_FIELDS(
            { DUET_LOGGED_OWNER, .text = work->errand.tenant->owner.name },
            { DUET_LOGGED_SIDE, .text = duet_tenant_side(work->errand.tenant, work->reading) },
            { DUET_LOGGED_KEY, .text = work->link.keys[work->reading] },
            { DUET_LOGGED_OUTCOME, .text = duet_remote_outcome_name(result->outcome) },
            { DUET_LOGGED_WHY, .text = result->text },
            { DUET_LOGGED_REQUEST, .text = result->request_id }));
    work->errand.has_failed = true;
    duet_errand_end(&work->errand);
}

static void read_side(struct duet_work *work, enum duet_side side)
{
    struct duet_feed *feed = work->errand.tenant->feed[side];
    if (!duet_remote_has(feed->endpoint, DUET_OP_READ)) {
        duet_errand_end(&work->errand); /* the next poll may show it */
        return;
    }
    work->reading = side;
    work->read_began = duet_fleet_stamp(work->errand.tenant->fleet);
    duet_remote_read(feed->endpoint, work->link.keys[side], side_read, work);
}

/* --- recording ------------------------------------------------------------------------------------------------------------------ */

static void again(struct duet_work *work)
{
    enum duet_side side = work->stale_side;
    work->is_stale = false;
    work->tries++;
    read_side(work, side);
}

/* Refused as a whole, though it may be for one thing's sake: each part is written by itself, so that the others go on. */
static bool comes_apart(struct duet_work *work)
{
    const struct duet_rules *rules = &work->errand.tenant->rules;
    bool is_apart = false;
    for (size_t side = 0; side < 2 && !work->is_apart; side++) {
        uint64_t sent = work->changes->sent[side];
        if (work->result[side].taken != DUET_REFUSED || duet_plan_part(rules, sent) == sent)
            continue;
        work->result[side].taken = DUET_FAILED_TO; /* the parts tell which was meant */
        work->parts |= sent;
        is_apart = true;
    }
    work->is_apart = work->is_apart || is_apart;
    return is_apart;
}

static void next_part(struct duet_work *work)
{
    uint64_t part = duet_plan_part(&work->errand.tenant->rules, work->parts);
    work->parts &= ~part;
    work->withheld = part ? ~part : 0;
    look(work);
}

/* What a work does once its plan is recorded. */
enum next { NEXT_END, NEXT_LATER, NEXT_PART, NEXT_AGAIN, NEXT_NOTES };

static enum next what_next(struct duet_work *work, const struct duet_notes_options *notes)
{
    if (comes_apart(work) || work->withheld)
        return NEXT_PART;
    if (work->is_stale && work->tries + 1 < DUET_FLEET_STALE_TRIES)
        return NEXT_AGAIN;
    if (work->is_waiting)
        return NEXT_LATER;
    return duet_notes_due(notes) ? NEXT_NOTES : NEXT_END;
}

static void show_outcome(struct duet_work *work, enum next next)
{
    const struct duet_rules *rules = &work->errand.tenant->rules;
    const struct duet_record *const records[2] = { &work->record[0], &work->record[1] };
    show_anew(work);
    if (work->is_stale && next == NEXT_LATER)
        duet_show_sent(work->shown, rules, work->changes, records, work->stale_side, "parked",
                       "the record changes faster than it can be written; both values stand",
                       work->errand.arena);
    else
        duet_show_plan(work->shown, rules, work->changes, records, work->result,
                       work->errand.arena);
}

/* The writes are answered, or none was needed. */
void duet_work_written(struct duet_work *work)
{
    struct duet_notes_options notes = duet_work_notes(work);
    if (notes.dry_run) {
        if (duet_notes_due(&notes))
            work->notes = duet_notes_sync(&notes);
        else
            duet_errand_end(&work->errand);
        return;
    }
    enum next next = what_next(work, &notes);
    show_outcome(work, next);
    if (duet_errand_is_lost(&work->errand, duet_work_commit(work, next == NEXT_END),
                            "a plan can't be recorded"))
        return;
    switch (next) {
    case NEXT_END:
    case NEXT_LATER:
        duet_errand_end(&work->errand);
        return;
    case NEXT_PART:
        next_part(work);
        return;
    case NEXT_AGAIN:
        again(work);
        return;
    case NEXT_NOTES:
        work->notes = duet_notes_sync(&notes);
        return;
    }
}

/* --- planning ------------------------------------------------------------------------------------------------------------------------ */

/* Records with a value that nobody knows wait until they change; the other side waits with them. */
static void quarantine_strangers(struct duet_work *work)
{
    show_anew(work);
    for (uint32_t s = 0; s < 2; s++) {
        enum duet_side side = (enum duet_side)s;
        const char *stranger = duet_plan_stranger(&work->errand.tenant->rules, side,
                                                  work->record[side].values, work->errand.arena);
        if (!stranger)
            continue;
        note_shown(work, "held", side, stranger);
        if (duet_errand_is_lost(&work->errand, duet_work_quarantine(work, side, stranger),
                                "a record can't be quarantined"))
            return;
    }
    duet_work_give_up(work);
}

/* The changed rules don't touch this link, and nothing else waits for it. */
static bool is_untouched(struct duet_work *work)
{
    bool is_new = work->row[DUET_LEFT].state == DUET_ROW_FRESH ||
                  work->row[DUET_RIGHT].state == DUET_ROW_FRESH || work->signal_count > 0;
    if (is_new || work->is_settling || work->changes->quarantined ||
        !duet_changeset_quiet(work->changes))
        return false;
    show_outcome(work, NEXT_END);
    return duet_work_changes_nothing(work);
}

static void plan(struct duet_work *work)
{
    const struct duet_plan_input input = { .rules = &work->errand.tenant->rules,
                                           .record = { &work->record[0], &work->record[1] },
                                           .state = work->state,
                                           .signals = duet_work_fired(work),
                                           .withheld = work->withheld };
    work->changes = duet_plan(&input, work->errand.arena);
    for (size_t side = 0; side < 2; side++) {
        work->result[side] = (struct duet_result){ .taken = DUET_NOT_WRITTEN };
        work->operation[side] = NULL;
        work->kept[side].key = NULL;
        work->written[side] = 0;
        work->is_anew[side] = false;
        work->is_told[side] = false;
    }
    work->is_waiting = false;
    work->is_stale = false;
    if (work->is_resync && is_untouched(work)) {
        duet_errand_end(&work->errand);
        return;
    }
    work->errand.tenant->resync.links_moved += work->is_resync;
    work->is_resync = false;
    if (work->changes->quarantined) {
        quarantine_strangers(work);
    } else if (work->changes->fields[work->changes->first]) {
        duet_work_write(work, work->changes->first);
    } else if (work->changes->fields[duet_other(work->changes->first)]) {
        duet_work_write(work, duet_other(work->changes->first));
    } else {
        duet_work_written(work);
    }
}

/* A side that was written to and not read since; false: none. */
static bool side_too_old(const struct duet_work *work, enum duet_side *side_out)
{
    for (size_t i = 0; i < work->state->sent_count; i++) {
        const struct duet_sent *sent = &work->state->sent[i];
        *side_out = sent->target;
        if (work->row[sent->target].row.read_began <= sent->sent_at)
            return true;
    }
    return false;
}

static enum duet_status load_state(struct duet_work *work)
{
    const struct duet_rules *rules = &work->errand.tenant->rules;
    work->state = duet_state_new(rules, work->errand.arena);
    if (!*work->link.state)
        return DUET_OK;
    json_t *json = json_loads(work->link.state, 0, NULL);
    enum duet_status status = duet_state_from_json(rules, json, work->errand.arena, &work->state);
    json_decref(json);
    if (status != DUET_INVALID)
        return status;
    duet_log_line(work->errand.tenant->fleet->options.log, DUET_LOG_WARNING,
                  "a link's state can't be read: it is met anew",
                  DUET_LOG_FIELDS({ DUET_LOGGED_OWNER, .text = work->errand.tenant->owner.name },
                                  { DUET_LOGGED_SIDE,
                                    .text = duet_tenant_side(work->errand.tenant, DUET_LEFT) },
                                  { DUET_LOGGED_KEY, .text = work->link.keys[DUET_LEFT] }));
    work->state = duet_state_new(rules, work->errand.arena);
    return DUET_OK;
}

/* By other rules another value goes over, which the target may take. */
static void forget_refusals(struct duet_work *work)
{
    const struct duet_resync *resync = &work->errand.tenant->resync;
    uint64_t changed = resync->links == DUET_RESYNC_NONE  ? 0
                       : resync->links == DUET_RESYNC_ALL ? UINT64_MAX
                                                          : resync->units;
    struct duet_state *state = work->state;
    size_t kept = 0;
    for (size_t i = 0; i < state->refusal_count; i++) {
        if ((state->refusals[i].units & changed) == 0)
            state->refusals[kept++] = state->refusals[i];
    }
    state->refusal_count = kept;
}

static void settle(struct duet_work *work)
{
    const struct duet_record *const records[2] = { &work->record[0], &work->record[1] };
    const int64_t read_at[2] = { work->row[0].row.read_began, work->row[1].row.read_began };
    enum duet_side old = DUET_LEFT;
    if (duet_errand_is_lost(&work->errand, load_state(work), "a link's state can't be read"))
        return;
    work->is_settling = work->state->sent_count > 0;
    if (!work->refusals_forgotten && !work->errand.tenant->resync.is_tried)
        forget_refusals(work);
    work->refusals_forgotten = true;
    duet_work_find_overwritten(work);
    if (side_too_old(work, &old))
        read_side(work, old);
    else if (duet_state_settle(&work->errand.tenant->rules, work->state, records, read_at,
                               work->errand.arena))
        plan(work);
    else
        duet_errand_end(&work->errand);
}

/* --- looking -------------------------------------------------------------------------------------------------------------------------- */

static enum duet_status load_row(struct duet_work *work, enum duet_side side)
{
    return duet_journal_snapshot(duet_work_journal(work), &work->errand.tenant->feed[side]->source,
                                 work->link.keys[side], work->errand.arena, &work->row[side]);
}

/* The other side waits until this record can be read. */
static void hold_for(struct duet_work *work, enum duet_side side, const char *reason)
{
    show_anew(work);
    note_shown(work, "held", side,
               duet_arena_format(work->errand.arena, "the record is in quarantine: %s", reason));
    duet_work_give_up(work);
}

/* What nobody could work with by the old rules is looked at again. */
static enum duet_status load_released(struct duet_work *work, enum duet_side side)
{
    enum duet_status status = load_row(work, side);
    if (status != DUET_OK || !work->is_resync || work->row[side].state != DUET_ROW_QUARANTINED)
        return status;
    status = duet_journal_release(duet_work_journal(work), &work->errand.tenant->feed[side]->source,
                                  work->link.keys[side]);
    return status == DUET_OK ? load_row(work, side) : status;
}

static void look(struct duet_work *work)
{
    struct duet_error error = { "" };
    for (uint32_t side = 0; side < 2; side++) {
        enum duet_status status = load_released(work, (enum duet_side)side);
        if (status == DUET_NOT_FOUND) {
            read_side(work, (enum duet_side)side);
            return;
        }
        if (duet_errand_is_lost(&work->errand, status, "a record can't be loaded"))
            return;
    }
    for (uint32_t side = 0; side < 2; side++) {
        const struct duet_inbox_row *row = &work->row[side];
        if (row->state == DUET_ROW_QUARANTINED) {
            hold_for(work, (enum duet_side)side, row->reason);
            return;
        }
        if (duet_record_read(&work->errand.tenant->rules, (enum duet_side)side, row->row.raw,
                             row->row.length, work->errand.arena, &work->record[side],
                             &error) == DUET_OK)
            continue;
        if (!duet_errand_is_lost(&work->errand,
                                 duet_work_quarantine(work, (enum duet_side)side, error.text),
                                 "a record can't be quarantined"))
            hold_for(work, (enum duet_side)side, error.text);
        return;
    }
    settle(work);
}

/* While a creation still has to bring the rest of its record, the link isn't planned. DUET_NOT_FOUND: there is none. */
static enum duet_status being_born(const struct duet_work *work)
{
    struct duet_creation creation;
    enum duet_status status = DUET_NOT_FOUND;
    for (uint32_t side = 0; side < 2 && status == DUET_NOT_FOUND; side++)
        status = duet_journal_creation(duet_work_journal(work), &work->errand.tenant->owner,
                                       work->errand.tenant->mapping, (enum duet_side)side,
                                       work->link.keys[side], work->errand.arena, &creation);
    return status;
}

void duet_work_start(struct duet_tenant *tenant, int64_t link, enum duet_work_cause cause)
{
    struct duet_work *work = duet_errand_new(tenant, sizeof *work, work_finish);
    work->is_resync = cause == DUET_WORK_FOR_RESYNC;
    work->shown = json_array();
    enum duet_status status = duet_journal_link_by_id(
        tenant->fleet->options.journal, &tenant->owner, link, work->errand.arena, &work->link);
    if (status == DUET_NOT_FOUND || (status == DUET_OK && work->link.buried)) {
        duet_errand_end(&work->errand);
        return;
    }
    if (status == DUET_OK)
        status = being_born(work);
    if (status == DUET_OK) {
        duet_errand_end(&work->errand); /* its rows stay fresh */
        return;
    }
    status = status == DUET_NOT_FOUND ? DUET_OK : status;
    for (uint32_t side = 0; side < 2 && status == DUET_OK; side++)
        status = duet_work_load_signals(work, (enum duet_side)side);
    if (duet_errand_is_lost(&work->errand, status, "a link can't be loaded"))
        return;
    if (work->link.gone[DUET_LEFT] || work->link.gone[DUET_RIGHT]) {
        enum duet_side side = work->link.gone[DUET_LEFT] ? DUET_LEFT : DUET_RIGHT;
        note_shown(work, "gone", side, "the record is no longer there");
        (void)load_row(work, DUET_LEFT); /* to be taken, if they are there */
        (void)load_row(work, DUET_RIGHT);
        duet_work_give_up(work);
        return;
    }
    enum duet_side parked = DUET_LEFT;
    if (!duet_show_is_parked(tenant->rules.tables, work->link.shown, &parked)) {
        look(work);
        return;
    }
    work->tries = DUET_FLEET_STALE_TRIES - 1; /* one try a round, of what is there now */
    read_side(work, parked);
}
