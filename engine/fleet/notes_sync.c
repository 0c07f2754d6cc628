#include "engine/fleet/notes_sync.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "engine/fleet/notes_plan.h"
#include "engine/record/note_text.h"
#include "engine/world/memory.h"

#define PAGE 200 /* rows of the journal at once */

/*      load --> list left --> list right --> plan, put --> send --> ... --> send --> over
 *        \__________ nothing to list _________/    \______ nothing to send _____/ */
struct duet_notes_job {
    struct duet_notes_options options;
    struct duet_arena *arena;
    struct duet_notes_input input;
    struct duet_notes_plan *plan;
    bool is_tried[2]; /* listed, or tried to */
    enum duet_side listing;
    int64_t list_began;
    size_t at;           /* in plan->sends */
    bool is_stopped[2];  /* [target] nothing more is sent there */
    const char *refused; /* the origin note of which a part was turned down */
    struct duet_timer *deferred;
    struct duet_notes_outcome outcome;
    struct duet_notes_shown *shown;
};

static int64_t now(const struct duet_notes_options *options)
{
    return options->stamp(options->stamp_data);
}

/* --- what is at hand --------------------------------------------------------------------------------------------- */

static const char *memory_name(const struct duet_notes_options *options, enum duet_side side,
                               struct duet_arena *arena)
{
    return duet_arena_format(arena, "notes %" PRId64 " %d", options->link, (int)side);
}

/* "LISTED_AT SURPLUS OLD SINCE". */
static enum duet_status recall(const struct duet_notes_options *options, enum duet_side side,
                               struct duet_arena *arena, struct duet_notes_side *own)
{
    enum duet_status status =
        duet_journal_recall(options->journal, options->tenant, memory_name(options, side, arena),
                            arena, &own->remembered);
    if (status == DUET_NOT_FOUND)
        own->remembered = NULL;
    else if (status != DUET_OK)
        return status;
    int64_t *const numbers[] = { &own->listed_at, &own->surplus, &own->old, &own->since };
    const char *at = own->remembered;
    for (size_t i = 0; at && i < sizeof numbers / sizeof *numbers; i++) {
        char *behind = NULL;
        *numbers[i] = strtoll(at, &behind, 10);
        at = behind;
    }
    return DUET_OK;
}

/* Did duet make this side's record? Then nothing in it is older than the link. */
static enum duet_status was_made(const struct duet_notes_options *options, enum duet_side side,
                                 struct duet_arena *arena, bool *was_made_out)
{
    static const enum duet_ledger_kind kinds[] = { DUET_LEDGER_CREATED, DUET_LEDGER_RECOVERED };
    *was_made_out = false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct duet_ledger_query wanted = { .link = options->link, .kind = &kinds[i] };
        struct duet_ledger_row *rows = NULL;
        size_t count = 0;
        enum duet_status status = duet_journal_ledger(options->journal, options->tenant, &wanted, 1,
                                                      arena, &rows, &count);
        if (status != DUET_OK)
            return status;
        *was_made_out = *was_made_out || (count > 0 && rows[0].side == side);
    }
    return DUET_OK;
}

/* Looked at for the first time: what is older than the link? All that a read from before it showed; else the record's time says it, or
 * the link's, the earlier: the two clocks may differ, and a note too many is better than one lost. */
static enum duet_status meet(const struct duet_notes_options *options, enum duet_side side,
                             struct duet_arena *arena, struct duet_notes_side *own)
{
    bool is_made = false;
    int64_t modified = options->records[side]->modified;
    enum duet_status status = was_made(options, side, arena, &is_made);
    own->old = -1;
    own->since =
        modified != 0 && modified < options->link_created ? modified : options->link_created;
    if (is_made)
        own->old = 0;
    else if (own->read_at <= options->link_created && own->list.known)
        own->old = (int64_t)own->list.count;
    else if (own->read_at <= options->link_created)
        own->old = own->count;
    return status;
}

static int64_t count_in(const struct duet_notes_options *options, enum duet_side side,
                        const struct duet_t_notes *format)
{
    if (format->count == DUET_NONE)
        return -1;
    const struct duet_value *value =
        &options->records[side]
             ->values[duet_field_number(options->rules->tables, side, format->count)];
    return value->kind == DUET_VALUE_INTEGER && value->number >= 0 ? value->number : -1;
}

static enum duet_status look_at(const struct duet_notes_options *options, enum duet_side side,
                                struct duet_arena *arena, struct duet_notes_side *own)
{
    const struct duet_tables *tables = options->rules->tables;
    const struct duet_endpoint *endpoint = options->endpoints[side];
    *own = (struct duet_notes_side){
        .format = duet_notes_row(tables, duet_side_row(tables, side)->notes),
        .can_list = duet_remote_has(endpoint, DUET_OP_LIST_NOTES),
        .can_add = duet_remote_has(endpoint, DUET_OP_ADD_NOTE),
        .is_repeatable = duet_remote_note_is_repeatable(endpoint),
        .list_at = options->read_at[side],
        .read_at = options->read_at[side],
        .count = -1,
    };
    if (!own->format)
        return DUET_OK;
    own->count = count_in(options, side, own->format);
    if (!own->can_list)
        own->list = duet_notes_in_record(options->rules, side, options->records[side], arena);
    if (own->list.count > DUET_NOTES_MOST)
        own->list = (struct duet_note_list){ 0 };
    enum duet_status status = recall(options, side, arena, own);
    if (status == DUET_OK && !own->remembered)
        status = meet(options, side, arena, own);
    return status;
}

static const char *refusal_name(const struct duet_journal_note *row, struct duet_arena *arena)
{
    const char *const parts[] = { "refused note", duet_arena_format(arena, "%" PRId64, row->link),
                                  duet_arena_format(arena, "%d", (int)row->origin),
                                  row->origin_note, duet_arena_format(arena, "%d", row->part) };
    return duet_derived_uuid(parts, 5, arena);
}

/* Parts that were turned down are INTENDED still; what was answered stands with their intent. */
static enum duet_status load_refusals(const struct duet_notes_options *options,
                                      struct duet_arena *arena, struct duet_notes_input *input)
{
    input->refusals = duet_arena_alloc_array(arena, input->row_count + 1, sizeof *input->refusals);
    for (size_t i = 0; i < input->row_count; i++) {
        struct duet_intent intent;
        if (input->rows[i].state != DUET_NOTE_INTENDED)
            continue;
        enum duet_status status =
            duet_journal_intent(options->journal, options->tenant,
                                refusal_name(&input->rows[i], arena), arena, &intent);
        if (status == DUET_OK && intent.outcome == DUET_OUTCOME_REFUSED)
            input->refusals[i] = intent.text ? intent.text : "";
        else if (status != DUET_OK && status != DUET_NOT_FOUND)
            return status;
    }
    return DUET_OK;
}

static enum duet_status load_rows(const struct duet_notes_options *options,
                                  struct duet_arena *arena, struct duet_notes_input *input)
{
    struct duet_journal_note *rows = NULL;
    size_t count = 0, page = PAGE;
    while (page == PAGE) {
        struct duet_journal_note *more = NULL;
        enum duet_status status =
            duet_journal_notes(options->journal, options->tenant, options->link,
                               count > 0 ? rows[count - 1].id : 0, PAGE, arena, &more, &page);
        if (status != DUET_OK)
            return status;
        struct duet_journal_note *all =
            duet_arena_alloc_array(arena, count + page + 1, sizeof *all);
        for (size_t i = 0; i < count + page; i++)
            all[i] = i < count ? rows[i] : more[i - count];
        rows = all;
        count += page;
    }
    input->rows = rows;
    input->row_count = count;
    return load_refusals(options, arena, input);
}

/* `options` is borrowed by the input. */
static enum duet_status load(const struct duet_notes_options *options, struct duet_arena *arena,
                             struct duet_notes_input *input)
{
    *input = (struct duet_notes_input){ .options = options };
    for (uint32_t side = 0; side < 2; side++) {
        enum duet_status status =
            look_at(options, (enum duet_side)side, arena, &input->sides[side]);
        if (status != DUET_OK)
            return status;
    }
    return load_rows(options, arena, input);
}

static bool has_notes(const struct duet_notes_options *options)
{
    return duet_mapping(options->rules->tables)->notes != DUET_NONE;
}

bool duet_notes_due(const struct duet_notes_options *options)
{
    if (!has_notes(options))
        return false;
    struct duet_arena *arena = duet_arena_new();
    struct duet_notes_input input;
    bool is_due = true;
    if (load(options, arena, &input) == DUET_OK && !duet_notes_wants_list(&input, DUET_LEFT) &&
        !duet_notes_wants_list(&input, DUET_RIGHT)) {
        const struct duet_notes_plan *plan = duet_notes_plan(&input, arena);
        is_due = plan->put_count > 0 || plan->send_count > 0 || plan->shown_count > 0;
        for (uint32_t side = 0; side < 2; side++)
            is_due = is_due ||
                     (!input.sides[side].remembered && duet_notes_go(&input, (enum duet_side)side));
    }
    duet_arena_free(arena);
    return is_due;
}

/* --- the end -------------------------------------------------------------------------------------------------------- */

static void over(void *data)
{
    struct duet_notes_job *job = data;
    job->deferred = NULL;
    job->outcome.shown = job->shown;
    job->options.done(job->options.data, &job->outcome); /* may free the job */
}

static void fail(struct duet_notes_job *job, enum duet_status status)
{
    job->outcome.status = status;
    over(job);
}

/* Room for one more than the plan shows for each part that is sent. */
static void show(struct duet_notes_job *job, const char *what, enum duet_side side,
                 const char *sentence)
{
    job->shown[job->outcome.shown_count++] =
        (struct duet_notes_shown){ .what = what, .side = side, .sentence = sentence };
}

static void come_again(struct duet_notes_job *job, int64_t retry_ms)
{
    job->outcome.again = true;
    if (retry_ms > job->outcome.retry_ms)
        job->outcome.retry_ms = retry_ms;
}

/* --- telling ----------------------------------------------------------------------------------------------------------- */

static const char *name_of(const struct duet_notes_job *job, enum duet_side side)
{
    const struct duet_tables *tables = job->options.rules->tables;
    return duet_str(tables, duet_side_row(tables, side)->name);
}

static enum duet_status tell(const struct duet_notes_job *job, const struct duet_journal_note *note,
                             enum duet_ledger_kind kind, const char *cause)
{
    const struct duet_tables *tables = job->options.rules->tables;
    const struct duet_t_note_pair *pair = duet_note_pair_row(tables, duet_mapping(tables)->notes);
    const char *text = note->text ? duet_notes_reading(&job->input, note, job->arena) : NULL;
    const struct duet_ledger_row row = {
        .when = now(&job->options),
        .kind = kind,
        .link = note->link,
        .keys = { job->options.keys[0], job->options.keys[1] },
        .field = "notes",
        .side = duet_other(note->origin),
        .to = text ? duet_note_start(text, 80, job->arena) : NULL,
        .cause = cause,
        .file = pair ? duet_str(tables, pair->file) : NULL,
        .line = pair ? pair->line : 0,
        .operation = note->target_note ? note->target_note : note->mark,
    };
    return duet_journal_log(job->options.journal, job->options.tenant, &row);
}

static void log_note(const struct duet_notes_job *job, enum duet_log_level level, const char *event,
                     const struct duet_journal_note *note, const char *text)
{
    enum duet_side target = duet_other(note->origin);
    duet_log_line(job->options.log, level, event, "tenant", job->options.tenant->name, "mapping",
                  job->options.mapping, "side", name_of(job, target), "key",
                  job->options.keys[target], "note", note->origin_note, "part",
                  duet_arena_format(job->arena, "%d", note->part), "text", text, DUET_LOG_END);
}

/* Puts the row in a state, and tells about it when there is a cause, in one commit. */
static enum duet_status settle(struct duet_notes_job *job, const struct duet_journal_note *note,
                               enum duet_note_state state, enum duet_ledger_kind kind,
                               const char *cause)
{
    struct duet_journal_note row = *note;
    row.state = state;
    row.when = now(&job->options);
    enum duet_status status = duet_journal_begin(job->options.journal);
    if (status != DUET_OK)
        return status;
    (void)duet_journal_put_note(job->options.journal, job->options.tenant, &row);
    if (cause)
        (void)tell(job, &row, kind, cause);
    return duet_journal_commit(job->options.journal);
}

/* --- sending ------------------------------------------------------------------------------------------------------------- */

static void send_next(struct duet_notes_job *job);

static const char *part_cause(const struct duet_notes_job *job, const struct duet_notes_send *send)
{
    const char *origin = name_of(job, send->note.origin);
    if (send->part_count < 2)
        return duet_arena_format(job->arena, "note '%s' of %s", send->note.origin_note, origin);
    return duet_arena_format(job->arena, "note '%s' of %s, part %d of %zu", send->note.origin_note,
                             origin, send->note.part + 1, send->part_count);
}

/* The reply is lost. Where the same may be sent again, or a read can tell, the next call does that. */
static enum duet_status lost(struct duet_notes_job *job, const struct duet_notes_send *send)
{
    enum duet_side target = duet_other(send->note.origin);
    const struct duet_notes_side *side = &job->input.sides[target];
    if (side->is_repeatable || side->can_list || side->list.known) {
        job->is_stopped[target] = true;
        job->outcome.sent[target] += !side->is_repeatable;
        come_again(job, 0);
        return settle(job, &send->note, DUET_NOTE_SENT, DUET_LEDGER_REMARK, NULL);
    }
    const char *sentence = duet_notes_uncertain(&job->input, &send->note, job->arena);
    show(job, "note uncertain", target, sentence);
    return settle(job, &send->note, DUET_NOTE_UNCERTAIN, DUET_LEDGER_REMARK, sentence);
}

/* Never again with this text: the answer is kept, and the part stays. */
static enum duet_status refused(struct duet_notes_job *job, const struct duet_notes_send *send,
                                const char *text)
{
    struct duet_journal *journal = job->options.journal;
    const struct duet_owner *tenant = job->options.tenant;
    enum duet_side target = duet_other(send->note.origin);
    const char *reading = duet_notes_reading(&job->input, &send->note, job->arena);
    const char *operation = refusal_name(&send->note, job->arena);
    int64_t when = now(&job->options);
    const struct duet_intent intent = { .operation = operation,
                                        .link = send->note.link,
                                        .side = target,
                                        .key = job->options.keys[target],
                                        .what = "{\"note\":true}",
                                        .when = when };
    struct duet_journal_note row = send->note;
    row.state = DUET_NOTE_INTENDED;
    row.when = when;
    job->refused = send->note.origin_note;
    show(job, "note held", target,
         duet_arena_format(job->arena, "%s refused the note \"%s\" of %s: %s", name_of(job, target),
                           duet_note_start(reading, 40, job->arena),
                           name_of(job, send->note.origin), text));
    enum duet_status status = duet_journal_begin(journal);
    if (status != DUET_OK)
        return status;
    (void)duet_journal_put_note(journal, tenant, &row);
    (void)duet_journal_intend(journal, tenant, &intent);
    (void)duet_journal_outcome(journal, tenant, operation, DUET_OUTCOME_REFUSED, text, when);
    (void)tell(job, &row, DUET_LEDGER_REFUSED, text);
    return duet_journal_commit(journal);
}

/* Nothing was done there, and nothing will be for now. */
static enum duet_status put_off(struct duet_notes_job *job, const struct duet_notes_send *send)
{
    job->is_stopped[duet_other(send->note.origin)] = true;
    return settle(job, &send->note, DUET_NOTE_INTENDED, DUET_LEDGER_REMARK, NULL);
}

static enum duet_status answered(struct duet_notes_job *job, const struct duet_notes_send *send,
                                 const struct duet_remote_result *result)
{
    enum duet_side target = duet_other(send->note.origin);
    switch (result->outcome) {
    case DUET_REMOTE_OK:
        job->outcome.sent[target]++;
        return settle(job, &send->note, DUET_NOTE_CONFIRMED, DUET_LEDGER_NOTE,
                      part_cause(job, send));
    case DUET_REMOTE_UNKNOWN:
        return lost(job, send);
    case DUET_REMOTE_REFUSED:
        return refused(job, send, duet_arena_format(job->arena, "%s", result->text));
    case DUET_REMOTE_GONE:
        job->outcome.gone[target] = true;
        return put_off(job, send);
    case DUET_REMOTE_STALE:
    case DUET_REMOTE_THROTTLED:
    case DUET_REMOTE_TRANSIENT:
    case DUET_REMOTE_DENIED:
    case DUET_REMOTE_OUTCOMES:
        break;
    }
    come_again(job, result->retry_ms);
    return put_off(job, send);
}

static void added(void *data, const struct duet_remote_result *result)
{
    struct duet_notes_job *job = data;
    const struct duet_notes_send *send = &job->plan->sends[job->at];
    bool is_fine = result->outcome == DUET_REMOTE_OK;
    log_note(job, is_fine ? DUET_LOG_INFO : DUET_LOG_WARNING,
             is_fine ? "note sent"
                     : duet_arena_format(job->arena, "note not sent: %s",
                                         duet_remote_outcome_name(result->outcome)),
             &send->note, is_fine ? NULL : result->text);
    enum duet_status status = answered(job, send, result);
    job->at++;
    if (status != DUET_OK)
        fail(job, status);
    else
        send_next(job);
}

static bool is_skipped(const struct duet_notes_job *job, const struct duet_notes_send *send)
{
    return job->is_stopped[duet_other(send->note.origin)] ||
           (job->refused && send->note.part > 0 &&
            strcmp(job->refused, send->note.origin_note) == 0);
}

static void send_next(struct duet_notes_job *job)
{
    while (job->at < job->plan->send_count && is_skipped(job, &job->plan->sends[job->at]))
        job->at++;
    if (job->at == job->plan->send_count) {
        over(job);
        return;
    }
    const struct duet_journal_note *note = &job->plan->sends[job->at].note;
    enum duet_side target = duet_other(note->origin);
    bool is_html = duet_notes_form(&job->input.sides[target]) == DUET_NOTE_HTML;
    enum duet_status status = settle(job, note, DUET_NOTE_SENT, DUET_LEDGER_REMARK, NULL);
    if (status != DUET_OK) {
        fail(job, status);
        return;
    }
    const char *text = note->text ? note->text : "";
    const struct duet_new_note made = {
        .uuid = note->target_note ? note->target_note : note->mark,
        .text = is_html ? duet_note_from_html(text, job->arena) : text,
        .html = is_html ? text : duet_note_to_html(text, job->arena),
    };
    duet_remote_add_note(job->options.endpoints[target], job->options.keys[target], &made, added,
                         job);
}

/* --- planning -------------------------------------------------------------------------------------------------------------- */

static const char *memory(const struct duet_notes_side *own, struct duet_arena *arena)
{
    return duet_arena_format(arena, "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64, own->listed_at,
                             own->surplus, own->old, own->since);
}

/* What the next call can't see any more. */
static enum duet_status remember(const struct duet_notes_job *job, enum duet_side side)
{
    struct duet_notes_side own = job->input.sides[side];
    if (!duet_notes_go(&job->input, side))
        return DUET_OK;
    if (own.can_list && own.list.known && job->options.released[side]) {
        own.listed_at = own.count < 0 ? own.read_at : 0;
        own.surplus = own.count < 0 ? 0 : job->plan->surplus[side];
    }
    const char *text = memory(&own, job->arena);
    if (own.remembered && strcmp(text, own.remembered) == 0)
        return DUET_OK;
    return duet_journal_remember(job->options.journal, job->options.tenant,
                                 memory_name(&job->options, side, job->arena), text);
}

static enum duet_status put_all(struct duet_notes_job *job)
{
    struct duet_journal *journal = job->options.journal;
    enum duet_status status = duet_journal_begin(journal);
    if (status != DUET_OK)
        return status;
    for (size_t i = 0; i < job->plan->put_count; i++) {
        struct duet_notes_put *put = &job->plan->puts[i];
        put->note.when = now(&job->options);
        (void)duet_journal_put_note(journal, job->options.tenant, &put->note);
        if (put->is_told)
            (void)tell(job, &put->note, put->kind, put->cause);
    }
    for (uint32_t side = 0; side < 2; side++)
        (void)remember(job, (enum duet_side)side);
    return duet_journal_commit(journal);
}

static void plan(struct duet_notes_job *job)
{
    job->plan = duet_notes_plan(&job->input, job->arena);
    job->shown = duet_arena_alloc_array(
        job->arena, job->plan->shown_count + job->plan->send_count + 1, sizeof *job->shown);
    for (size_t i = 0; i < job->plan->shown_count; i++)
        job->shown[job->outcome.shown_count++] = job->plan->shown[i];
    for (uint32_t side = 0; side < 2; side++) {
        if (job->plan->waiting[side] == 0)
            continue;
        job->outcome.sent[side] += job->plan->waiting[side];
        come_again(job, 0);
    }
    enum duet_status status = put_all(job);
    if (status != DUET_OK)
        fail(job, status);
    else
        send_next(job);
}

/* --- listing --------------------------------------------------------------------------------------------------------------- */

static void list_next(struct duet_notes_job *job);

static void listed_rows(void *data, const struct duet_remote_row *rows, size_t count)
{
    struct duet_notes_job *job = data;
    struct duet_notes_side *own = &job->input.sides[job->listing];
    if (count > DUET_NOTES_MOST)
        return;
    const char **items = duet_arena_alloc_array(job->arena, count + 1, sizeof *items);
    for (size_t i = 0; i < count; i++)
        items[i] = duet_arena_copy_text(job->arena, rows[i].bytes, rows[i].length);
    own->list = duet_notes_from_items(job->options.rules, job->listing, items, count, job->arena);
    own->list_at = job->list_began;
}

static void listed(void *data, const struct duet_remote_result *result)
{
    struct duet_notes_job *job = data;
    if (result->outcome == DUET_REMOTE_GONE) {
        job->outcome.gone[job->listing] = true;
        job->is_stopped[job->listing] = true;
    } else if (result->outcome != DUET_REMOTE_OK) {
        duet_log_line(job->options.log, DUET_LOG_WARNING, "notes not listed", "tenant",
                      job->options.tenant->name, "side", name_of(job, job->listing), "key",
                      job->options.keys[job->listing], "outcome",
                      duet_remote_outcome_name(result->outcome), "text", result->text,
                      DUET_LOG_END);
        come_again(job, result->retry_ms);
    }
    list_next(job);
}

static void list_next(struct duet_notes_job *job)
{
    for (uint32_t side = 0; side < 2; side++) {
        if (job->is_tried[side] || !duet_notes_wants_list(&job->input, (enum duet_side)side))
            continue;
        job->is_tried[side] = true;
        job->listing = (enum duet_side)side;
        job->list_began = now(&job->options);
        duet_remote_list_notes(job->options.endpoints[side], job->options.keys[side], listed_rows,
                               listed, job);
        return;
    }
    plan(job);
}

/* --- the beginning ---------------------------------------------------------------------------------------------------------- */

static void start(void *data)
{
    struct duet_notes_job *job = data;
    job->deferred = NULL;
    if (!has_notes(&job->options)) {
        over(job);
        return;
    }
    enum duet_status status = load(&job->options, job->arena, &job->input);
    if (status != DUET_OK)
        fail(job, status);
    else
        list_next(job);
}

struct duet_notes_job *duet_notes_sync(const struct duet_notes_options *options)
{
    assert(options->done && options->loop);
    struct duet_notes_job *job = duet_new(sizeof *job);
    job->options = *options;
    job->arena = duet_arena_new();
    job->deferred = duet_loop_defer(options->loop, start, job);
    return job;
}

void duet_notes_free(struct duet_notes_job *job)
{
    if (!job)
        return;
    duet_loop_cancel(job->options.loop, job->deferred);
    duet_arena_free(job->arena);
    free(job);
}
