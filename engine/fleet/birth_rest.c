/* What the request that creates a record can't carry: written to the new record, then the creation is over. */
#include <stdlib.h>

#include <jansson.h>

#include "engine/fleet/birth.h"

/* All of it is there: the link is one that was made with these values. */
static enum duet_status put_link_state(const struct duet_birth *birth, int64_t sent_at)
{
    const struct duet_rules *rules = &birth->errand.tenant->rules;
    const struct duet_state *state = duet_state_created(rules, birth->target, &birth->record,
                                                        &birth->made, sent_at, birth->errand.arena);
    json_t *json = duet_state_to_json(rules, state);
    char *text = json ? json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    enum duet_status status =
        text ? duet_journal_link_set(duet_birth_journal(birth), &birth->errand.tenant->owner,
                                     birth->link, text, NULL)
             : DUET_FAILED;
    free(text);
    json_decref(json);
    return status;
}

static enum duet_status put_end(struct duet_birth *birth, bool is_whole)
{
    struct duet_journal *journal = duet_birth_journal(birth);
    struct duet_tenant *tenant = birth->errand.tenant;
    const struct duet_source *target = &duet_birth_feed(birth, birth->target)->source;
    int64_t now = duet_fleet_stamp(tenant->fleet);
    enum duet_status status = is_whole ? put_link_state(birth, now) : DUET_OK;
    if (status == DUET_OK)
        status = duet_journal_settle_intents(journal, &tenant->owner, birth->link, now);
    if (status == DUET_OK)
        status = duet_journal_await(journal, target, birth->creation.target_key, now);
    if (status == DUET_OK)
        status = duet_journal_creation_end(journal, &tenant->owner, tenant->mapping, birth->origin,
                                           birth->creation.origin_key);
    return status == DUET_OK && is_whole ? duet_birth_take_origin(birth) : status;
}

void duet_birth_end(struct duet_birth *birth, bool is_whole)
{
    enum duet_status status = duet_journal_begin(duet_birth_journal(birth));
    if (status == DUET_OK)
        status = put_end(birth, is_whole);
    status = duet_birth_close(birth, status);
    if (!duet_errand_is_lost(&birth->errand, status, "a creation can't be ended"))
        duet_errand_end(&birth->errand);
}

static enum duet_status intend_rest(struct duet_push *push)
{
    struct duet_birth *birth = push->errand;
    birth->operation = duet_operation_id(birth->errand.tenant->fleet, birth->errand.arena);
    const struct duet_intent intent = { .operation = birth->operation,
                                        .link = birth->link,
                                        .side = birth->target,
                                        .key = birth->creation.target_key,
                                        .body_hash = birth->push.write.mask,
                                        .what = "{\"rest\":true}",
                                        .when = duet_fleet_stamp(birth->errand.tenant->fleet) };
    return duet_journal_intend(duet_birth_journal(birth), &birth->errand.tenant->owner, &intent);
}

static enum duet_status put_outcome(const struct duet_birth *birth, enum duet_outcome outcome,
                                    const char *text)
{
    return duet_journal_outcome(duet_birth_journal(birth), &birth->errand.tenant->owner,
                                birth->operation, outcome, text,
                                duet_fleet_stamp(birth->errand.tenant->fleet));
}

static void rest_written(struct duet_push *push, const struct duet_remote_result *result)
{
    struct duet_birth *birth = push->errand;
    if (!result) { /* no room now: the next round writes it */
        struct duet_fleet *fleet = birth->errand.tenant->fleet;
        fleet->counts.would_write += fleet->options.dry_run;
        if (fleet->options.dry_run)
            duet_birth_log_would(birth, "would write", birth->shown.values, push->write.mask);
        duet_errand_end(&birth->errand);
        return;
    }
    bool is_good = result->outcome == DUET_REMOTE_OK;
    duet_birth_log(birth, is_good ? DUET_LOG_INFO : DUET_LOG_WARNING, "written", NULL, result);
    enum duet_outcome outcome = is_good                                  ? DUET_OUTCOME_OK
                                : result->outcome == DUET_REMOTE_UNKNOWN ? DUET_OUTCOME_UNKNOWN
                                                                         : DUET_OUTCOME_REFUSED;
    if (duet_errand_is_lost(&birth->errand, put_outcome(birth, outcome, result->text),
                            "an outcome can't be stored"))
        return;
    if (is_good || result->outcome == DUET_REMOTE_REFUSED) {
        birth->errand.tenant->fleet->counts.writes += is_good;
        duet_birth_end(birth, is_good);
        return;
    }
    birth->errand.has_failed = result->outcome != DUET_REMOTE_THROTTLED;
    duet_errand_end(&birth->errand);
}

static void rest_read(void *data, const struct duet_remote_result *result)
{
    struct duet_birth *birth = data;
    struct duet_error error = { "" };
    if (result->outcome == DUET_REMOTE_OK && result->record) {
        const char *bytes =
            duet_arena_copy_text(birth->errand.arena, result->record, result->record_length);
        if (duet_record_read(&birth->errand.tenant->rules, birth->target, bytes,
                             result->record_length, birth->errand.arena, &birth->shown,
                             &error) == DUET_OK) {
            duet_birth_write_rest(birth);
            return;
        }
    }
    duet_birth_log(birth, DUET_LOG_WARNING, "new record can't be read", NULL, result);
    birth->errand.has_failed = true;
    duet_errand_end(&birth->errand);
}

/* Values for the whole record: what is made over what it shows. */
static struct duet_value *values_over(const struct duet_birth *birth)
{
    uint32_t count = duet_side_row(birth->errand.tenant->rules.tables, birth->target)->fields_count;
    struct duet_value *values =
        duet_arena_alloc_array(birth->errand.arena, count + 1U, sizeof *values);
    for (uint32_t i = 0; i < count; i++) {
        bool is_made = (birth->made.fields & duet_bit(i)) != 0;
        if (is_made)
            values[i] = birth->made.values[i];
        else if (birth->shown.values)
            values[i] = birth->shown.values[i];
    }
    return values;
}

void duet_birth_write_rest(struct duet_birth *birth)
{
    struct duet_feed *feed = duet_birth_feed(birth, birth->target);
    const struct duet_remote_record record = { .rules = &birth->errand.tenant->rules,
                                               .side = birth->target,
                                               .mask = birth->made.fields };
    uint64_t rest = birth->made.fields & ~duet_remote_created_fields(feed->endpoint, &record);
    if (!rest) {
        duet_birth_end(birth, true);
        return;
    }
    if (!birth->shown.raw && duet_remote_writes_whole(feed->endpoint)) {
        duet_remote_read(feed->endpoint, birth->creation.target_key, rest_read, birth);
        return;
    }
    birth->push = (struct duet_push){
        .errand = birth,
        .write = { .rules = &birth->errand.tenant->rules,
                   .side = birth->target,
                   .key = birth->creation.target_key,
                   .version = birth->shown.version,
                   .before = birth->shown.values ? &birth->shown : NULL,
                   .values = values_over(birth),
                   .mask = rest },
        .intend = intend_rest,
        .written = rest_written,
    };
    duet_push_add_born(feed, &birth->push);
}
