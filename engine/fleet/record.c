/* What a work leaves in the store: intents, outcomes, states, the ledger. */
#include <stdlib.h>
#include <string.h>

#include "engine/fleet/show.h"
#include "engine/fleet/work.h"
#include "engine/plan/unit.h"
#include "engine/record/write.h"

/* --- intents ---------------------------------------------------------------------------------------------------- */

/* {"fields": what is written}: for people who look at an intent. */
static const char *what_of(struct duet_work *work, enum duet_side target)
{
    json_t *fields = duet_write_fields(&work->errand.tenant->rules, target,
                                       work->changes->after[target], work->changes->fields[target]);
    json_t *json = json_pack("{s:o}", "fields", fields);
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    const char *copy = text ? duet_arena_copy_text(work->errand.arena, text, strlen(text)) : "{}";
    free(text);
    json_decref(json);
    return copy;
}

static const char *state_text(struct duet_work *work, const struct duet_state *state)
{
    json_t *json = duet_state_to_json(&work->errand.tenant->rules, state);
    char *text = json ? json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    const char *copy = text ? duet_arena_copy_text(work->errand.arena, text, strlen(text)) : NULL;
    free(text);
    json_decref(json);
    return copy;
}

bool duet_work_changes_nothing(struct duet_work *work)
{
    const struct duet_state *state = duet_plan_record(&work->errand.tenant->rules, work->changes,
                                                      work->result, work->errand.arena);
    const char *text = state_text(work, state);
    return text && strcmp(text, work->link.state) == 0 &&
           strcmp(duet_show_text(work->shown, work->errand.arena), work->link.shown) == 0;
}

static enum duet_status put_state(struct duet_work *work, const struct duet_result results[2])
{
    const struct duet_state *state =
        duet_plan_record(&work->errand.tenant->rules, work->changes, results, work->errand.arena);
    const char *text = state_text(work, state);
    if (!text)
        return DUET_FAILED;
    if (strcmp(text, work->link.state) == 0)
        return DUET_OK;
    work->link.state = text;
    return duet_journal_link_set(duet_work_journal(work), &work->errand.tenant->owner,
                                 work->link.id, text, NULL);
}

/* Nothing where the target shows what it did before, or showed what both sides agreed on. */
static bool was_overwritten(const struct duet_work *work, const struct duet_sent *sent,
                            const struct duet_pairs *now, struct duet_ledger_row *row)
{
    const struct duet_tables *tables = work->errand.tenant->rules.tables;
    struct duet_arena *arena = work->errand.arena;
    enum duet_side target = sent->target;
    if (sent->answered || sent->is_made)
        return false;
    bool is_known = (work->state->known & duet_bit(sent->unit)) != 0;
    const char *base = duet_show_unit_pairs(tables, sent->unit, target, &work->state->base, arena);
    row->from = duet_show_unit_pairs(tables, sent->unit, target, &sent->before, arena);
    row->to = duet_show_unit_pairs(tables, sent->unit, target, &sent->was, arena);
    row->lost = row->from;
    row->kind = is_known ? DUET_LEDGER_CONFLICT : DUET_LEDGER_FIRST_CONTACT;
    const char *shown = duet_show_unit_pairs(tables, sent->unit, target, now, arena);
    return strcmp(row->from, shown) != 0 && (!is_known || strcmp(row->from, base) != 0);
}

void duet_work_find_overwritten(struct duet_work *work)
{
    const struct duet_rules *rules = &work->errand.tenant->rules;
    const struct duet_pairs now = duet_pairs_of(
        rules, work->record[DUET_LEFT].values, work->record[DUET_RIGHT].values, work->errand.arena);
    work->overwritten_count = 0;
    work->overwritten = duet_arena_alloc_array(work->errand.arena, work->state->sent_count + 1,
                                               sizeof *work->overwritten);
    for (size_t i = 0; i < work->state->sent_count; i++) {
        const struct duet_sent *sent = &work->state->sent[i];
        const struct duet_t_unit *unit =
            duet_unit_row(rules->tables, duet_mapping(rules->tables)->units + sent->unit);
        struct duet_ledger_row row = { .when = duet_fleet_stamp(work->errand.tenant->fleet),
                                       .link = work->link.id,
                                       .keys = { work->link.keys[0], work->link.keys[1] },
                                       .field = duet_str(rules->tables, unit->name),
                                       .side = sent->target,
                                       .cause = "overwritten by a write whose answer was lost",
                                       .file = duet_str(rules->tables, unit->file),
                                       .line = unit->line };
        if (was_overwritten(work, sent, &now, &row))
            work->overwritten[work->overwritten_count++] = row;
    }
}

/* Writes that never got an answer: what was read since has told. */
static enum duet_status settle_older(struct duet_work *work)
{
    if (!work->is_settling)
        return DUET_OK;
    work->is_settling = false;
    enum duet_status status = DUET_OK;
    for (size_t i = 0; i < work->overwritten_count && status == DUET_OK; i++)
        status = duet_journal_log(duet_work_journal(work), &work->errand.tenant->owner,
                                  &work->overwritten[i]);
    if (status != DUET_OK)
        return status;
    return duet_journal_settle_intents(duet_work_journal(work), &work->errand.tenant->owner,
                                       work->link.id, duet_fleet_stamp(work->errand.tenant->fleet));
}

/* --- the ledger ---------------------------------------------------------------------------------------------------- */

static struct duet_ledger_row ledger_row(const struct duet_work *work, const struct duet_move *move,
                                         enum duet_ledger_kind kind)
{
    const struct duet_tables *tables = work->errand.tenant->rules.tables;
    const struct duet_t_unit *unit =
        duet_unit_row(tables, duet_mapping(tables)->units + move->unit);
    return (struct duet_ledger_row){
        .when = duet_fleet_stamp(work->errand.tenant->fleet),
        .kind = kind,
        .link = work->link.id,
        .keys = { work->link.keys[0], work->link.keys[1] },
        .field = duet_str(tables, unit->name),
        .cause = duet_show_cause(tables, move, work->errand.arena),
        .file = duet_str(tables, unit->file),
        .line = unit->line,
    };
}

static enum duet_status put_ledger(const struct duet_work *work, const struct duet_ledger_row *row)
{
    return duet_journal_log(duet_work_journal(work), &work->errand.tenant->owner, row);
}

static const char *as_read(const struct duet_work *work, uint32_t unit, enum duet_side side)
{
    return duet_show_unit(work->errand.tenant->rules.tables, unit, side, work->record[side].values,
                          work->errand.arena);
}

static const char *as_written(const struct duet_work *work, uint32_t unit, enum duet_side side)
{
    return duet_show_unit(work->errand.tenant->rules.tables, unit, side, work->changes->after[side],
                          work->errand.arena);
}

/* The write failed as a whole, but a request of it that carries of this unit was answered OK before. */
static bool is_partly_written(const struct duet_work *work, uint32_t unit, enum duet_side target)
{
    const struct duet_tables *tables = work->errand.tenant->rules.tables;
    const struct duet_t_unit *row = duet_unit_row(tables, duet_mapping(tables)->units + unit);
    for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
        uint32_t field = duet_pair_field(duet_pair_row(tables, p), target);
        if (work->written[target] & duet_bit(duet_field_number(tables, target, field)))
            return true;
    }
    return false;
}

static enum duet_taken taken_of(const struct duet_work *work, uint32_t unit, enum duet_side target)
{
    enum duet_taken taken = work->result[target].taken;
    bool is_whole = taken == DUET_TAKEN || taken == DUET_NOT_WRITTEN;
    return !is_whole && is_partly_written(work, unit, target) ? DUET_TAKEN : taken;
}

static enum duet_ledger_kind kind_of(const struct duet_work *work, const struct duet_move *move,
                                     enum duet_side target)
{
    switch (taken_of(work, move->unit, target)) {
    case DUET_TAKEN:
        break;
    case DUET_REFUSED:
        return DUET_LEDGER_REFUSED;
    case DUET_NOT_WRITTEN:
    case DUET_LOST:
    case DUET_FAILED_TO:
        return DUET_LEDGER_REMARK;
    }
    if (work->changes->cleared & duet_bit(move->unit))
        return DUET_LEDGER_CLEARED;
    if (move->conflict)
        return DUET_LEDGER_CONFLICT;
    return move->first_contact ? DUET_LEDGER_FIRST_CONTACT : DUET_LEDGER_SENT;
}

/* A unit that was written to `target`; nothing where no answer is worth a row. */
static enum duet_status log_written(const struct duet_work *work, const struct duet_move *move,
                                    enum duet_side target)
{
    enum duet_taken taken = taken_of(work, move->unit, target);
    if (taken == DUET_NOT_WRITTEN || taken == DUET_FAILED_TO)
        return DUET_OK;
    struct duet_ledger_row row = ledger_row(work, move, kind_of(work, move, target));
    row.side = target;
    row.from = as_read(work, move->unit, target);
    row.to = as_written(work, move->unit, target);
    row.operation = work->operation[target];
    if (move->conflict || move->first_contact)
        row.lost = row.from;
    if (taken == DUET_REFUSED)
        row.cause = work->result[target].sentence;
    if (taken == DUET_LOST)
        row.cause = "written, but the answer was lost: the next read tells";
    return put_ledger(work, &row);
}

static bool was_shown(const struct duet_work *work, const char *sentence)
{
    json_t *old = json_loads(work->link.shown, 0, NULL);
    size_t i = 0;
    const json_t *item = NULL;
    bool is_known = false;
    json_array_foreach(old, i, item)
    {
        const char *text = json_string_value(json_object_get(item, "sentence"));
        is_known = is_known || (text && strcmp(text, sentence) == 0);
    }
    json_decref(old);
    return is_known;
}

/* Why a unit was absorbed. */
static const char *absorbed_cause(const struct duet_work *work, uint32_t unit)
{
    const struct duet_tables *tables = work->errand.tenant->rules.tables;
    bool is_known = duet_unit_known(tables, unit, DUET_LEFT, &work->changes->now) &&
                    duet_unit_known(tables, unit, DUET_RIGHT, &work->changes->now);
    return is_known ? "both sides agree" : "kept as it is: outside what the mapping knows";
}

static enum duet_status log_unwritten(const struct duet_work *work, const struct duet_move *move)
{
    bool had_base = (work->changes->before->known & duet_bit(move->unit)) != 0;
    if (move->decision == DUET_HELD && move->sentence && !was_shown(work, move->sentence)) {
        struct duet_ledger_row row = ledger_row(work, move, DUET_LEDGER_HELD);
        row.side = duet_other(move->from);
        row.from = as_read(work, move->unit, row.side);
        row.to = as_read(work, move->unit, move->from);
        row.cause = move->sentence;
        return put_ledger(work, &row);
    }
    if (move->decision == DUET_ABSORBED && had_base) {
        struct duet_ledger_row row = ledger_row(work, move, DUET_LEDGER_ABSORBED);
        row.from = as_read(work, move->unit, DUET_LEFT);
        row.to = as_read(work, move->unit, DUET_RIGHT);
        row.cause = absorbed_cause(work, move->unit);
        return put_ledger(work, &row);
    }
    return DUET_OK;
}

/* RFC 9110, 15.3.2: there was nothing to update. A system that can't be told "only if it is there" can't be kept from it. */
static enum duet_status log_anew(const struct duet_work *work, enum duet_side side)
{
    const struct duet_ledger_row row = {
        .when = duet_fleet_stamp(work->errand.tenant->fleet),
        .kind = DUET_LEDGER_GONE,
        .link = work->link.id,
        .keys = { work->link.keys[0], work->link.keys[1] },
        .side = side,
        .cause = "the record was gone, and the write made it anew",
        .operation = work->operation[side],
    };
    return work->is_anew[side] ? put_ledger(work, &row) : DUET_OK;
}

static uint32_t unit_count(const struct duet_work *work)
{
    return duet_mapping(work->errand.tenant->rules.tables)->units_count;
}

static enum duet_status log_sent(const struct duet_work *work, enum duet_side target)
{
    enum duet_status status = work->is_told[target] ? DUET_OK : log_anew(work, target);
    for (uint32_t u = 0; u < unit_count(work) && status == DUET_OK; u++) {
        if (!work->is_told[target] && (work->changes->sent[target] & duet_bit(u)))
            status = log_written(work, &work->changes->moves[u], target);
    }
    return status;
}

static enum duet_status log_moves(const struct duet_work *work)
{
    const struct duet_changeset *changes = work->changes;
    enum duet_status status = log_sent(work, DUET_LEFT);
    if (status == DUET_OK)
        status = log_sent(work, DUET_RIGHT);
    for (uint32_t u = 0; u < unit_count(work) && status == DUET_OK; u++) {
        if (!((changes->sent[DUET_LEFT] | changes->sent[DUET_RIGHT]) & duet_bit(u)))
            status = log_unwritten(work, &changes->moves[u]);
    }
    return status;
}

/* --- signals --------------------------------------------------------------------------------------------------------- */

static enum duet_status act_on(const struct duet_work *work, const struct duet_work_signal *signal)
{
    const struct duet_ledger_row row = {
        .when = duet_fleet_stamp(work->errand.tenant->fleet),
        .kind = DUET_LEDGER_SIGNAL,
        .link = work->link.id,
        .keys = { work->link.keys[0], work->link.keys[1] },
        .to = signal->name,
        .cause = signal->triggers ? "acted on" : "no statement has a signal of this name",
    };
    enum duet_status status =
        duet_journal_acted(duet_work_journal(work), signal->owner, signal->id);
    return status == DUET_OK ? put_ledger(work, &row) : status;
}

static enum duet_status put_signals(const struct duet_work *work)
{
    enum duet_status status = DUET_OK;
    bool is_taken = true;
    for (size_t side = 0; side < 2; side++)
        is_taken = is_taken && (work->result[side].taken == DUET_TAKEN ||
                                work->result[side].taken == DUET_NOT_WRITTEN);
    for (size_t i = 0; i < work->signal_count && status == DUET_OK; i++) {
        const struct duet_work_signal *signal = &work->signals[i];
        bool is_done = (signal->triggers & ~work->changes->signals_done) == 0;
        if (is_taken && is_done)
            status = act_on(work, signal);
    }
    return status;
}

/* --- rows and snapshots ------------------------------------------------------------------------------------------------- */

static enum duet_status put_outcome(const struct duet_work *work, enum duet_side side)
{
    return duet_journal_outcome(duet_work_journal(work), &work->errand.tenant->owner,
                                work->operation[side], work->outcome[side], work->answer[side],
                                duet_fleet_stamp(work->errand.tenant->fleet));
}

static enum duet_status put_outcomes(const struct duet_work *work)
{
    enum duet_status status = DUET_OK;
    for (size_t side = 0; side < 2 && status == DUET_OK; side++) {
        if (work->operation[side])
            status = put_outcome(work, (enum duet_side)side);
    }
    return status;
}

/* What an answer showed is the newest snapshot; what was written and not shown is to be looked at when it is next read. */
static enum duet_status put_snapshots(const struct duet_work *work)
{
    enum duet_status status = DUET_OK;
    for (size_t side = 0; side < 2 && status == DUET_OK; side++) {
        const struct duet_source *source = &work->errand.tenant->feed[side]->source;
        bool is_shown = work->kept[side].key != NULL;
        bool is_unseen = work->operation[side] &&
                         (work->result[side].taken == DUET_TAKEN ||
                          work->result[side].taken == DUET_LOST || work->written[side] != 0);
        if (is_shown)
            status = duet_journal_keep(duet_work_journal(work), source, &work->kept[side]);
        else if (is_unseen)
            status = duet_journal_await(duet_work_journal(work), source, work->link.keys[side],
                                        work->result[side].sent_at);
    }
    return status;
}

static enum duet_status put_shown(struct duet_work *work)
{
    const char *text = duet_show_text(work->shown, work->errand.arena);
    if (strcmp(text, work->link.shown) == 0)
        return DUET_OK;
    work->link.shown = text;
    return duet_journal_link_set(duet_work_journal(work), &work->errand.tenant->owner,
                                 work->link.id, NULL, text);
}

static enum duet_status take_rows(const struct duet_work *work)
{
    enum duet_status status = DUET_OK;
    for (size_t side = 0; side < 2 && status == DUET_OK; side++) {
        const struct duet_inbox_row *row = &work->row[side];
        if (row->row.key && row->state == DUET_ROW_FRESH)
            status =
                duet_journal_take(duet_work_journal(work), &work->errand.tenant->feed[side]->source,
                                  row->row.key, row->revision);
    }
    return status;
}

/* Nothing is left to do: rows are taken, signals that were acted on are done. */
static enum duet_status put_end(const struct duet_work *work)
{
    bool is_planned = work->changes && !work->changes->quarantined;
    enum duet_status status = is_planned ? put_signals(work) : DUET_OK;
    return status == DUET_OK ? take_rows(work) : status;
}

/* --- the next write ---------------------------------------------------------------------------------------------------- */

/* Once the other write is under way the first one's answer is part of the state: what it overwrote must be known from then on. */
static enum duet_status tell_first(struct duet_work *work, enum duet_side first)
{
    enum duet_status status = put_outcome(work, first);
    if (status == DUET_OK)
        status = log_sent(work, first);
    work->is_told[first] = true;
    return status;
}

enum duet_status duet_work_intend(struct duet_work *work, enum duet_side target)
{
    struct duet_fleet *fleet = work->errand.tenant->fleet;
    struct duet_result lost[2] = { work->result[0], work->result[1] };
    lost[target] = (struct duet_result){ .taken = DUET_LOST, .sent_at = duet_fleet_stamp(fleet) };
    work->operation[target] = duet_operation_id(fleet, work->errand.arena);
    work->outcome[target] = DUET_OUTCOME_OPEN;
    const char *what = what_of(work, target);
    enum duet_status status = settle_older(work);
    if (status == DUET_OK && work->operation[duet_other(target)])
        status = tell_first(work, duet_other(target));
    if (status != DUET_OK)
        return status;
    const struct duet_intent intent = { .operation = work->operation[target],
                                        .link = work->link.id,
                                        .side = target,
                                        .key = work->link.keys[target],
                                        .body_hash = duet_hash_bytes(what, strlen(what)),
                                        .what = what,
                                        .when = lost[target].sent_at };
    status = duet_journal_intend(duet_work_journal(work), &work->errand.tenant->owner, &intent);
    return status == DUET_OK ? put_state(work, lost) : status;
}

/* --- commits -------------------------------------------------------------------------------------------------------------- */

static enum duet_status put_all(struct duet_work *work, bool is_last)
{
    enum duet_status status = settle_older(work);
    if (status == DUET_OK)
        status = put_outcomes(work);
    if (status == DUET_OK)
        status = put_state(work, work->result);
    if (status == DUET_OK)
        status = log_moves(work);
    if (status == DUET_OK && is_last)
        status = put_end(work);
    if (status == DUET_OK)
        status = put_snapshots(work);
    return status == DUET_OK ? put_shown(work) : status;
}

static enum duet_status end_transaction(struct duet_journal *journal, enum duet_status status)
{
    if (status == DUET_OK)
        return duet_journal_commit(journal);
    duet_journal_rollback(journal);
    return status;
}

enum duet_status duet_work_commit(struct duet_work *work, bool is_last)
{
    struct duet_journal *journal = duet_work_journal(work);
    enum duet_status status = duet_journal_begin(journal);
    return status == DUET_OK ? end_transaction(journal, put_all(work, is_last)) : status;
}

enum duet_status duet_work_take(struct duet_work *work)
{
    struct duet_journal *journal = duet_work_journal(work);
    enum duet_status status = duet_journal_begin(journal);
    if (status != DUET_OK)
        return status;
    status = put_end(work);
    return end_transaction(journal, status == DUET_OK ? put_shown(work) : status);
}

enum duet_status duet_work_mark_gone(struct duet_work *work, enum duet_side side)
{
    struct duet_journal *journal = duet_work_journal(work);
    const struct duet_ledger_row row = { .when = duet_fleet_stamp(work->errand.tenant->fleet),
                                         .kind = DUET_LEDGER_GONE,
                                         .link = work->link.id,
                                         .keys = { work->link.keys[0], work->link.keys[1] },
                                         .side = side,
                                         .cause = "the record is no longer there" };
    enum duet_status status = duet_journal_begin(journal);
    if (status != DUET_OK)
        return status;
    status =
        duet_journal_link_gone(journal, &work->errand.tenant->owner, work->link.id, side, true);
    if (status == DUET_OK)
        status = put_ledger(work, &row);
    if (status == DUET_OK)
        status = take_rows(work);
    return end_transaction(journal, status == DUET_OK ? put_shown(work) : status);
}

static enum duet_status put_quarantine(struct duet_work *work, enum duet_side side,
                                       const char *reason)
{
    const struct duet_inbox_row *row = &work->row[side];
    const struct duet_ledger_row ledger = { .when = duet_fleet_stamp(work->errand.tenant->fleet),
                                            .kind = DUET_LEDGER_QUARANTINED,
                                            .link = work->link.id,
                                            .keys = { work->link.keys[0], work->link.keys[1] },
                                            .side = side,
                                            .cause = reason };
    enum duet_status status =
        duet_journal_quarantine(duet_work_journal(work), &work->errand.tenant->feed[side]->source,
                                row->row.key, row->revision, reason);
    return status == DUET_OK ? put_ledger(work, &ledger) : status;
}

enum duet_status duet_work_quarantine(struct duet_work *work, enum duet_side side,
                                      const char *reason)
{
    struct duet_journal *journal = duet_work_journal(work);
    if (work->row[side].state != DUET_ROW_FRESH)
        return DUET_OK;
    duet_log_line(
        work->errand.tenant->fleet->options.log, DUET_LOG_WARNING, "record quarantined",
        DUET_LOG_FIELDS({ DUET_LOGGED_OWNER, .text = work->errand.tenant->owner.name },
                        { DUET_LOGGED_SIDE, .text = duet_tenant_side(work->errand.tenant, side) },
                        { DUET_LOGGED_KEY, .text = work->link.keys[side] },
                        { DUET_LOGGED_WHY, .text = reason }));
    enum duet_status status = duet_journal_begin(journal);
    if (status != DUET_OK)
        return status;
    status = end_transaction(journal, put_quarantine(work, side, reason));
    if (status == DUET_OK)
        work->row[side].state = DUET_ROW_QUARANTINED;
    return status;
}
