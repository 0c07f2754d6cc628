/* Writes of one plan: the first side, then the other, and what the answers mean. */
#include <string.h>

#include "engine/fleet/show.h"
#include "engine/fleet/work.h"

#define HTTP_CREATED 201

static enum duet_status intend(struct duet_push *push)
{
    return duet_work_intend(push->errand, push->write.side);
}

static bool closes(const struct duet_work *work, enum duet_side target)
{
    const struct duet_rules *rules = &work->errand.tenant->rules;
    return duet_record_closed(rules, target, work->changes->after[target]) &&
           !duet_record_closed(rules, target, work->record[target].values);
}

static void written(struct duet_push *push, const struct duet_remote_result *result);

void duet_work_write(struct duet_work *work, enum duet_side target)
{
    struct duet_push *push = &work->push[target];
    *push = (struct duet_push){
        .errand = work,
        .write = { .rules = &work->errand.tenant->rules,
                   .side = target,
                   .key = work->link.keys[target],
                   .version = work->record[target].version,
                   .before = &work->record[target],
                   .values = work->changes->after[target],
                   .mask = work->changes->fields[target] },
        .is_urgent = closes(work, target),
        .intend = intend,
        .written = written,
    };
    duet_push_add(work->errand.tenant->feed[target], push);
}

static void log_write(const struct duet_work *work, enum duet_side target, const char *event,
                      const struct duet_remote_result *result)
{
    struct duet_arena *arena = duet_arena_new();
    bool is_good = !result || result->outcome == DUET_REMOTE_OK;
    duet_log_line(
        work->errand.tenant->fleet->options.log, is_good ? DUET_LOG_INFO : DUET_LOG_WARNING, event,
        DUET_LOG_FIELDS(
            { DUET_LOGGED_OWNER, .text = work->errand.tenant->owner.name },
            { DUET_LOGGED_SIDE, .text = duet_tenant_side(work->errand.tenant, target) },
            { DUET_LOGGED_KEY, .text = work->link.keys[target] },
            { DUET_LOGGED_FIELDS, .text = duet_show_units(work->errand.tenant->rules.tables,
                                                          work->changes->sent[target], arena) },
            { DUET_LOGGED_OUTCOME,
              .text = result ? duet_remote_outcome_name(result->outcome) : NULL },
            { DUET_LOGGED_WHY, .text = result ? result->text : NULL },
            { DUET_LOGGED_OPERATION, .text = work->operation[target] },
            { DUET_LOGGED_REQUEST, .text = result ? result->request_id : NULL }));
    duet_arena_free(arena);
}

static void log_would_write(const struct duet_work *work, enum duet_side target)
{
    const struct duet_tenant *tenant = work->errand.tenant;
    const struct duet_changeset *changes = work->changes;
    struct duet_arena *arena = duet_arena_new();
    duet_log_line(
        tenant->fleet->options.log, DUET_LOG_INFO, "would write",
        DUET_LOG_FIELDS(
            { DUET_LOGGED_OWNER, .text = tenant->owner.name },
            { DUET_LOGGED_SIDE, .text = duet_tenant_side(tenant, target) },
            { DUET_LOGGED_KEY, .text = work->link.keys[target] },
            { DUET_LOGGED_FIELDS,
              .text = duet_show_units(tenant->rules.tables, changes->sent[target], arena) },
            { DUET_LOGGED_VALUES,
              .text = duet_show_fields(tenant->rules.tables, target, work->record[target].values,
                                       changes->after[target], changes->fields[target], arena) }));
    duet_arena_free(arena);
}

/* No room now: another round, another plan. */
static void not_sent(struct duet_work *work, enum duet_side target)
{
    struct duet_fleet *fleet = work->errand.tenant->fleet;
    if (fleet->options.dry_run) {
        fleet->counts.would_write++;
        log_would_write(work, target);
    }
    work->result[target].taken = DUET_FAILED_TO;
    work->result[target].sentence = "waits for the system's quota";
    work->is_waiting = true;
}

static void keep_answer(struct duet_work *work, enum duet_side target,
                        const struct duet_remote_result *result)
{
    struct duet_feed *feed = work->errand.tenant->feed[target];
    struct duet_error error = { "" };
    if (!result->record)
        return;
    const char *bytes =
        duet_arena_copy_text(work->errand.arena, result->record, result->record_length);
    if (duet_record_read(&work->errand.tenant->rules, target, bytes, result->record_length,
                         work->errand.arena, &work->shows[target], &error) != DUET_OK)
        return;
    work->kept[target] = duet_feed_row(feed, bytes, result->record_length,
                                       work->result[target].sent_at, work->errand.arena, NULL);
    work->result[target].shows = &work->shows[target];
}

static void judge(struct duet_work *work, enum duet_side target,
                  const struct duet_remote_result *result)
{
    struct duet_result *mine = &work->result[target];
    switch (result->outcome) {
    case DUET_REMOTE_OK:
        mine->taken = DUET_TAKEN;
        work->outcome[target] = DUET_OUTCOME_OK;
        work->errand.tenant->fleet->counts.writes++;
        keep_answer(work, target, result);
        return;
    case DUET_REMOTE_REFUSED:
        mine->taken = DUET_REFUSED;
        work->outcome[target] = DUET_OUTCOME_REFUSED;
        return;
    case DUET_REMOTE_UNKNOWN:
        mine->taken = DUET_LOST;
        work->outcome[target] = DUET_OUTCOME_UNKNOWN;
        work->is_waiting = true;
        return;
    case DUET_REMOTE_STALE:
    case DUET_REMOTE_GONE:
        mine->taken = DUET_FAILED_TO;
        work->outcome[target] =
            result->outcome == DUET_REMOTE_STALE ? DUET_OUTCOME_STALE : DUET_OUTCOME_GONE;
        work->gone[target] = result->outcome == DUET_REMOTE_GONE;
        work->is_stale = true;
        work->stale_side = target;
        work->is_waiting = true;
        return;
    case DUET_REMOTE_THROTTLED:
    case DUET_REMOTE_TRANSIENT:
    case DUET_REMOTE_DENIED:
        mine->taken = DUET_FAILED_TO;
        work->outcome[target] = DUET_OUTCOME_REFUSED;
        work->is_waiting = true;
        work->errand.has_failed = result->outcome != DUET_REMOTE_THROTTLED;
        return;
    case DUET_REMOTE_OUTCOMES:
        return;
    }
}

static void answered(struct duet_work *work, enum duet_side target,
                     const struct duet_remote_result *result)
{
    work->result[target].sent_at = duet_fleet_stamp(work->errand.tenant->fleet);
    work->answer[target] =
        duet_arena_copy_text(work->errand.arena, result->text, strlen(result->text));
    work->result[target].sentence = work->answer[target];
    work->written[target] = result->written;
    work->is_anew[target] =
        result->outcome == DUET_REMOTE_OK && result->http_status == HTTP_CREATED;
    judge(work, target, result);
    if (duet_plan_shows_another(&work->errand.tenant->rules, work->changes, target,
                                &work->result[target], work->errand.arena))
        work->is_waiting = true;
    log_write(work, target,
              work->is_anew[target] ? "written: the record was gone, and the write made it anew"
                                    : "written",
              result);
}

static bool is_other_due(const struct duet_work *work, enum duet_side target)
{
    enum duet_side first = work->changes->first;
    return target == first && !work->is_stale && work->changes->fields[duet_other(first)] &&
           duet_plan_goes_on(&work->errand.tenant->rules, work->changes, &work->result[first],
                             work->errand.arena);
}

static void written(struct duet_push *push, const struct duet_remote_result *result)
{
    struct duet_work *work = push->errand;
    enum duet_side target = push->write.side;
    if (result)
        answered(work, target, result);
    else
        not_sent(work, target);
    if (is_other_due(work, target))
        duet_work_write(work, duet_other(target));
    else
        duet_work_written(work);
}
