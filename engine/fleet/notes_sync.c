#include "engine/fleet/notes_sync.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "engine/fleet/notes_load.h"
#include "engine/record/note_text.h"
#include "engine/world/memory.h"

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

static void log_note(const struct duet_notes_job *job, const struct duet_journal_note *note,
                     const struct duet_remote_result *result)
{
    enum duet_side target = duet_other(note->origin);
    bool is_fine = result->outcome == DUET_REMOTE_OK;
    duet_log_line(
        job->options.log, is_fine ? DUET_LOG_INFO : DUET_LOG_WARNING,
        is_fine ? "note sent" : "note not sent",
        DUET_LOG_FIELDS({ DUET_LOGGED_OWNER, .text = job->options.tenant->name },
                        { DUET_LOGGED_MAPPING, .text = job->options.mapping },
                        { DUET_LOGGED_SIDE, .text = name_of(job, target) },
                        { DUET_LOGGED_KEY, .text = job->options.keys[target] },
                        { DUET_LOGGED_NOTE, .text = note->origin_note },
                        { DUET_LOGGED_PART, .number = note->part },
                        { DUET_LOGGED_OUTCOME, .text = duet_remote_outcome_name(result->outcome) },
                        { DUET_LOGGED_WHY, .text = result->text },
                        { DUET_LOGGED_REQUEST, .text = result->request_id }));
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
    const char *operation = duet_notes_refusal_name(&send->note, job->arena);
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
    log_note(job, &send->note, result);
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

static void log_would(const struct duet_notes_job *job, const struct duet_journal_note *note,
                      const char *text)
{
    enum duet_side target = duet_other(note->origin);
    duet_log_line(job->options.log, DUET_LOG_INFO, "would send note",
                  DUET_LOG_FIELDS({ DUET_LOGGED_OWNER, .text = job->options.tenant->name },
                                  { DUET_LOGGED_MAPPING, .text = job->options.mapping },
                                  { DUET_LOGGED_SIDE, .text = name_of(job, target) },
                                  { DUET_LOGGED_KEY, .text = job->options.keys[target] },
                                  { DUET_LOGGED_NOTE, .text = note->origin_note },
                                  { DUET_LOGGED_PART, .number = note->part },
                                  { DUET_LOGGED_TEXT, .text = text }));
}

/* In a dry run. */
static void tell_all(struct duet_notes_job *job)
{
    for (; job->at < job->plan->send_count; job->at++) {
        const struct duet_journal_note *note = &job->plan->sends[job->at].note;
        const char *text = duet_notes_reading(&job->input, note, job->arena);
        log_would(job, note, duet_note_start(text, 80, job->arena));
        job->outcome.would_send++;
    }
    over(job);
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
    const char *text = duet_notes_memory(&own, job->arena);
    if (own.remembered && strcmp(text, own.remembered) == 0)
        return DUET_OK;
    return duet_journal_remember(job->options.journal, job->options.tenant,
                                 duet_notes_memory_name(&job->options, side, job->arena), text);
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
    else if (job->options.dry_run)
        tell_all(job);
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
        duet_log_line(job->options.log, DUET_LOG_WARNING, "notes not listed",
                      DUET_LOG_FIELDS({ DUET_LOGGED_OWNER, .text = job->options.tenant->name },
                                      { DUET_LOGGED_SIDE, .text = name_of(job, job->listing) },
                                      { DUET_LOGGED_KEY, .text = job->options.keys[job->listing] },
                                      { DUET_LOGGED_OUTCOME,
                                        .text = duet_remote_outcome_name(result->outcome) },
                                      { DUET_LOGGED_WHY, .text = result->text },
                                      { DUET_LOGGED_REQUEST, .text = result->request_id }));
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
    if (!duet_notes_are_mapped(&job->options)) {
        over(job);
        return;
    }
    enum duet_status status = duet_notes_load(&job->options, job->arena, &job->input);
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
