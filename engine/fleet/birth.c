/* One record to be made from its origin: find by claim, create, link, then what the creating request can't carry.
 *
 *     WANTED -> find -> (found: adopt) -> SENT -> create -> CREATED and linked -> write the rest -> the link goes its own way
 *
 * A lost reply leaves SENT, and the next round finds the claim before it sends again. What is refused stays WANTED, to be seen,
 * and is tried again when the origin changes. */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "engine/fleet/inside.h"
#include "engine/fleet/notes_sync.h"
#include "engine/fleet/show.h"

struct duet_birth {
    struct duet_errand errand;
    struct duet_push push;

    enum duet_side origin, target;
    struct duet_inbox_row row; /* of the origin */
    struct duet_record record;
    struct duet_creation creation;
    int64_t since; /* when it became wanted; 0: not known */
    bool is_wanted;
    struct duet_new_record made; /* what the new record shall be */
    struct duet_record shown;    /* the new record, where an answer showed it */
    struct duet_row kept;        /* the same for the journal; key NULL: none */
    int64_t link;
    int64_t read_began;
    const char *operation; /* of the write of the rest */
};

static void write_rest(struct duet_birth *birth);

/* --- services --------------------------------------------------------------------------------------------- */

static struct duet_journal *journal_of(const struct duet_birth *birth)
{
    return birth->errand.tenant->fleet->options.journal;
}

static struct duet_feed *feed_of(const struct duet_birth *birth, enum duet_side side)
{
    return birth->errand.tenant->feed[side];
}

/* --- small steps in the store ------------------------------------------------------------------------------------------ */

static enum duet_status put_state(struct duet_birth *birth, enum duet_creation_state state)
{
    birth->creation.state = state;
    birth->creation.when = duet_fleet_stamp(birth->errand.tenant->fleet);
    return duet_journal_create(journal_of(birth), &birth->errand.tenant->owner, &birth->creation);
}

/* Wanted, with nothing said against it. What was so already stays so since then. */
static enum duet_status put_wanted(struct duet_birth *birth)
{
    struct duet_ledger_row reason;
    enum duet_status status =
        birth->since ? duet_journal_creation_reason(journal_of(birth), &birth->errand.tenant->owner,
                                                    &birth->creation, birth->errand.arena, &reason)
                     : DUET_OK;
    if (status == DUET_NOT_FOUND)
        return DUET_OK;
    if (status == DUET_OK)
        status = put_state(birth, DUET_CREATION_WANTED);
    birth->since = birth->creation.when;
    return status;
}

/* The try failed, and nothing came of it. */
static enum duet_status put_wanted_again(struct duet_birth *birth)
{
    birth->creation.state = DUET_CREATION_WANTED;
    birth->creation.when =
        birth->since ? birth->since : duet_fleet_stamp(birth->errand.tenant->fleet);
    return duet_journal_create(journal_of(birth), &birth->errand.tenant->owner, &birth->creation);
}

static enum duet_status take_origin(const struct duet_birth *birth)
{
    if (!birth->row.row.key || birth->row.state != DUET_ROW_FRESH)
        return DUET_OK;
    return duet_journal_take(journal_of(birth), &feed_of(birth, birth->origin)->source,
                             birth->row.row.key, birth->row.revision);
}

static enum duet_status put_ledger(const struct duet_birth *birth, enum duet_ledger_kind kind,
                                   const char *cause)
{
    struct duet_ledger_row row = { .when = duet_fleet_stamp(birth->errand.tenant->fleet),
                                   .kind = kind,
                                   .link = birth->link,
                                   .side = birth->target,
                                   .cause = cause,
                                   .operation = birth->creation.operation };
    const struct duet_t_mapping *mapping = duet_mapping(birth->errand.tenant->rules.tables);
    row.keys[birth->origin] = birth->creation.origin_key;
    row.keys[birth->target] = birth->creation.target_key;
    row.file = duet_str(birth->errand.tenant->rules.tables, mapping->file);
    row.line = mapping->line;
    if (mapping->creates_count > 0) {
        const struct duet_t_create *create =
            duet_create_row(birth->errand.tenant->rules.tables, mapping->creates);
        row.file = duet_str(birth->errand.tenant->rules.tables, create->file);
        row.line = create->line;
    }
    return duet_journal_log(journal_of(birth), &birth->errand.tenant->owner, &row);
}

static enum duet_status close_transaction(const struct duet_birth *birth, enum duet_status status)
{
    if (status == DUET_OK)
        return duet_journal_commit(journal_of(birth));
    duet_journal_rollback(journal_of(birth));
    return status;
}

/* NULL result: nothing was asked; `why` is the reason then. */
static void log_birth(const struct duet_birth *birth, enum duet_log_level level, const char *event,
                      const char *why, const struct duet_remote_result *result)
{
    const struct duet_tenant *tenant = birth->errand.tenant;
    duet_log_line(
        tenant->fleet->options.log, level, event,
        DUET_LOG_FIELDS({ DUET_LOGGED_OWNER, .text = tenant->owner.name },
                        { DUET_LOGGED_SIDE, .text = duet_tenant_side(tenant, birth->target) },
                        { DUET_LOGGED_KEY, .text = birth->creation.target_key },
                        { DUET_LOGGED_ORIGIN, .text = birth->creation.origin_key },
                        { DUET_LOGGED_OUTCOME,
                          .text = result ? duet_remote_outcome_name(result->outcome) : NULL },
                        { DUET_LOGGED_WHY, .text = result ? result->text : why },
                        { DUET_LOGGED_REQUEST, .text = result ? result->request_id : NULL }));
}

/* In a dry run: `before` NULL for the creation, else what stands where the rest goes. */
static void log_would(const struct duet_birth *birth, const char *event,
                      const struct duet_value *before, uint64_t fields)
{
    const struct duet_tenant *tenant = birth->errand.tenant;
    duet_log_line(
        tenant->fleet->options.log, DUET_LOG_INFO, event,
        DUET_LOG_FIELDS(
            { DUET_LOGGED_OWNER, .text = tenant->owner.name },
            { DUET_LOGGED_SIDE, .text = duet_tenant_side(tenant, birth->target) },
            { DUET_LOGGED_KEY, .text = birth->creation.target_key },
            { DUET_LOGGED_ORIGIN, .text = birth->creation.origin_key },
            { DUET_LOGGED_VALUES,
              .text = duet_show_fields(tenant->rules.tables, birth->target, before,
                                       birth->made.values, fields, birth->errand.arena) }));
}

/* Tried again when the origin changes; until then it stands as wanted, with its reason in the ledger. */
static void hold(struct duet_birth *birth, enum duet_ledger_kind kind, const char *sentence)
{
    enum duet_status status = duet_journal_begin(journal_of(birth));
    if (status == DUET_OK)
        status = put_state(birth, DUET_CREATION_WANTED);
    if (status == DUET_OK)
        status = put_ledger(birth, kind, sentence);
    if (status == DUET_OK)
        status = take_origin(birth);
    status = close_transaction(birth, status);
    if (duet_errand_is_lost(&birth->errand, status, "a creation can't be held"))
        return;
    log_birth(birth, DUET_LOG_WARNING, "not created", sentence, NULL);
    duet_errand_end(&birth->errand);
}

/* --- the rest ----------------------------------------------------------------------------------------------------------- */

/* All of it is there: the link is one that was made with these values. */
static enum duet_status put_link_state(const struct duet_birth *birth, int64_t sent_at)
{
    const struct duet_rules *rules = &birth->errand.tenant->rules;
    const struct duet_state *state = duet_state_created(rules, birth->target, &birth->record,
                                                        &birth->made, sent_at, birth->errand.arena);
    json_t *json = duet_state_to_json(rules, state);
    char *text = json ? json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    enum duet_status status =
        text ? duet_journal_link_set(journal_of(birth), &birth->errand.tenant->owner, birth->link,
                                     text, NULL)
             : DUET_FAILED;
    free(text);
    json_decref(json);
    return status;
}

static enum duet_status put_end(struct duet_birth *birth, bool is_whole)
{
    struct duet_journal *journal = journal_of(birth);
    struct duet_tenant *tenant = birth->errand.tenant;
    const struct duet_source *target = &feed_of(birth, birth->target)->source;
    int64_t now = duet_fleet_stamp(tenant->fleet);
    enum duet_status status = is_whole ? put_link_state(birth, now) : DUET_OK;
    if (status == DUET_OK)
        status = duet_journal_settle_intents(journal, &tenant->owner, birth->link, now);
    if (status == DUET_OK)
        status = duet_journal_await(journal, target, birth->creation.target_key, now);
    if (status == DUET_OK)
        status = duet_journal_creation_end(journal, &tenant->owner, tenant->mapping, birth->origin,
                                           birth->creation.origin_key);
    return status == DUET_OK && is_whole ? take_origin(birth) : status;
}

/* Not whole: the link is met anew, and its planner says what is held. */
static void end_creation(struct duet_birth *birth, bool is_whole)
{
    enum duet_status status = duet_journal_begin(journal_of(birth));
    if (status == DUET_OK)
        status = put_end(birth, is_whole);
    status = close_transaction(birth, status);
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
    return duet_journal_intend(journal_of(birth), &birth->errand.tenant->owner, &intent);
}

static enum duet_status put_outcome(const struct duet_birth *birth, enum duet_outcome outcome,
                                    const char *text)
{
    return duet_journal_outcome(journal_of(birth), &birth->errand.tenant->owner, birth->operation,
                                outcome, text, duet_fleet_stamp(birth->errand.tenant->fleet));
}

static void rest_written(struct duet_push *push, const struct duet_remote_result *result)
{
    struct duet_birth *birth = push->errand;
    if (!result) { /* no room now: the next round writes it */
        struct duet_fleet *fleet = birth->errand.tenant->fleet;
        fleet->counts.would_write += fleet->options.dry_run;
        if (fleet->options.dry_run)
            log_would(birth, "would write", birth->shown.values, push->write.mask);
        duet_errand_end(&birth->errand);
        return;
    }
    bool is_good = result->outcome == DUET_REMOTE_OK;
    log_birth(birth, is_good ? DUET_LOG_INFO : DUET_LOG_WARNING, "written", NULL, result);
    enum duet_outcome outcome = is_good                                  ? DUET_OUTCOME_OK
                                : result->outcome == DUET_REMOTE_UNKNOWN ? DUET_OUTCOME_UNKNOWN
                                                                         : DUET_OUTCOME_REFUSED;
    if (duet_errand_is_lost(&birth->errand, put_outcome(birth, outcome, result->text),
                            "an outcome can't be stored"))
        return;
    if (is_good || result->outcome == DUET_REMOTE_REFUSED) {
        birth->errand.tenant->fleet->counts.writes += is_good;
        end_creation(birth, is_good);
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
            write_rest(birth);
            return;
        }
    }
    log_birth(birth, DUET_LOG_WARNING, "new record can't be read", NULL, result);
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

static void write_rest(struct duet_birth *birth)
{
    struct duet_feed *feed = feed_of(birth, birth->target);
    const struct duet_remote_record record = { .rules = &birth->errand.tenant->rules,
                                               .side = birth->target,
                                               .mask = birth->made.fields };
    uint64_t rest = birth->made.fields & ~duet_remote_created_fields(feed->endpoint, &record);
    if (!rest) {
        end_creation(birth, true);
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

/* The planner takes it from here where the origin isn't one to be created from any more. */
static void finish(struct duet_birth *birth)
{
    if (birth->link && birth->is_wanted && !birth->made.held)
        write_rest(birth);
    else
        end_creation(birth, false);
}

/* --- creating and finding --------------------------------------------------------------------------------------------------- */

/* The origin was read before the link is made: what it shows is what is older. */
static enum duet_status meet_notes(struct duet_birth *birth)
{
    struct duet_tenant *tenant = birth->errand.tenant;
    struct duet_notes_options options = { .journal = journal_of(birth),
                                          .tenant = &tenant->owner,
                                          .link = birth->link,
                                          .link_created = birth->creation.when,
                                          .mapping = tenant->mapping,
                                          .key = tenant->fleet->options.key,
                                          .rules = &tenant->rules };
    options.endpoints[birth->origin] = feed_of(birth, birth->origin)->endpoint;
    options.keys[birth->origin] = birth->creation.origin_key;
    options.records[birth->origin] = &birth->record;
    options.read_at[birth->origin] = birth->row.row.read_began;
    return duet_notes_meet(&options, birth->origin, birth->errand.arena);
}

static enum duet_status link_both(struct duet_birth *birth, enum duet_ledger_kind kind,
                                  const char *cause)
{
    struct duet_tenant *tenant = birth->errand.tenant;
    const struct duet_link_end ends[2] = {
        { feed_of(birth, DUET_LEFT)->source,
          birth->origin == DUET_LEFT ? birth->creation.origin_key : birth->creation.target_key },
        { feed_of(birth, DUET_RIGHT)->source,
          birth->origin == DUET_RIGHT ? birth->creation.origin_key : birth->creation.target_key },
    };
    enum duet_status status = put_state(birth, DUET_CREATION_CREATED);
    if (status == DUET_OK)
        status = duet_journal_link(journal_of(birth), &tenant->owner, tenant->mapping, &ends[0],
                                   &ends[1], birth->creation.when, &birth->link);
    if (status == DUET_OK)
        status = meet_notes(birth);
    return status == DUET_OK ? put_ledger(birth, kind, cause) : status;
}

/* The record is there, made now or before. */
static void born(struct duet_birth *birth, const char *key, enum duet_ledger_kind kind,
                 const char *cause)
{
    birth->creation.target_key = duet_arena_copy_text(birth->errand.arena, key, strlen(key));
    enum duet_status status = duet_journal_begin(journal_of(birth));
    if (status == DUET_OK)
        status = link_both(birth, kind, cause);
    status = close_transaction(birth, status);
    if (status == DUET_CONFLICT) {
        hold(birth, DUET_LEDGER_REFUSED,
             duet_arena_format(birth->errand.arena, "'%s' is linked with another record: %s", key,
                               duet_journal_message(journal_of(birth))));
        return;
    }
    if (!duet_errand_is_lost(&birth->errand, status, "a new link can't be stored"))
        finish(birth);
}

static void keep_shown(struct duet_birth *birth, const char *bytes, size_t length)
{
    struct duet_error error = { "" };
    if (!bytes)
        return;
    const char *copy = duet_arena_copy_text(birth->errand.arena, bytes, length);
    if (duet_record_read(&birth->errand.tenant->rules, birth->target, copy, length,
                         birth->errand.arena, &birth->shown, &error) != DUET_OK)
        birth->shown = (struct duet_record){ 0 };
}

static void created(void *data, const struct duet_remote_result *result)
{
    struct duet_birth *birth = data;
    birth->creation.target_key = result->key;
    log_birth(birth, result->outcome == DUET_REMOTE_OK ? DUET_LOG_INFO : DUET_LOG_WARNING,
              "created", NULL, result);
    birth->creation.target_key = NULL;
    switch (result->outcome) {
    case DUET_REMOTE_OK:
        birth->errand.tenant->fleet->counts.created++;
        keep_shown(birth, result->record, result->record_length);
        born(birth, result->key, DUET_LEDGER_CREATED, "made from its origin");
        return;
    case DUET_REMOTE_REFUSED:
    case DUET_REMOTE_GONE:
    case DUET_REMOTE_STALE:
        hold(birth, DUET_LEDGER_REFUSED,
             duet_arena_copy_text(birth->errand.arena, result->text, strlen(result->text)));
        return;
    case DUET_REMOTE_THROTTLED:
    case DUET_REMOTE_TRANSIENT:
    case DUET_REMOTE_DENIED:
        birth->errand.has_failed = result->outcome != DUET_REMOTE_THROTTLED;
        if (!duet_errand_is_lost(&birth->errand, put_wanted_again(birth),
                                 "a creation can't be stored"))
            duet_errand_end(&birth->errand);
        return;
    case DUET_REMOTE_UNKNOWN: /* stays SENT: the next round looks for it */
    case DUET_REMOTE_OUTCOMES:
        duet_errand_end(&birth->errand);
        return;
    }
}

static struct duet_remote_record new_record(const struct duet_birth *birth)
{
    return (struct duet_remote_record){ .rules = &birth->errand.tenant->rules,
                                        .side = birth->target,
                                        .values = birth->made.values,
                                        .mask = birth->made.fields,
                                        .claim = birth->creation.claim };
}

static void create(struct duet_birth *birth)
{
    struct duet_feed *feed = feed_of(birth, birth->target);
    struct duet_fleet *fleet = birth->errand.tenant->fleet;
    const struct duet_remote_record record = new_record(birth);
    if (fleet->options.dry_run ||
        duet_remote_room(feed->endpoint, DUET_OP_CREATE, DUET_FLEET_PATIENCE_MS, NULL) == 0) {
        if (fleet->options.dry_run) {
            fleet->counts.would_create++;
            log_would(birth, "would create", NULL, birth->made.fields);
        }
        duet_errand_end(&birth->errand); /* the row stays fresh */
        return;
    }
    if (!duet_errand_is_lost(&birth->errand, put_state(birth, DUET_CREATION_SENT),
                             "a creation can't be stored"))
        duet_remote_create(feed->endpoint, &record, created, birth);
}

/* Not wanted, or not any more: looked at again when it changes. */
static void leave(struct duet_birth *birth)
{
    enum duet_status status = duet_journal_begin(journal_of(birth));
    if (status == DUET_OK)
        status = duet_journal_creation_end(journal_of(birth), &birth->errand.tenant->owner,
                                           birth->errand.tenant->mapping, birth->origin,
                                           birth->creation.origin_key);
    if (status == DUET_OK)
        status = take_origin(birth);
    status = close_transaction(birth, status);
    if (!duet_errand_is_lost(&birth->errand, status, "a row can't be taken"))
        duet_errand_end(&birth->errand);
}

static void found_rows(void *data, const struct duet_remote_row *rows, size_t count)
{
    struct duet_birth *birth = data;
    struct duet_feed *feed = feed_of(birth, birth->target);
    for (size_t i = 0; i < count && !birth->kept.key; i++) {
        struct duet_error error = { "" };
        struct duet_record record;
        const char *bytes =
            duet_arena_copy_text(birth->errand.arena, rows[i].bytes, rows[i].length);
        const struct duet_claim wanted = {
            .tenant = birth->errand.tenant->owner.name,
            .mapping = birth->errand.tenant->mapping,
            .side = duet_tenant_side(birth->errand.tenant, birth->origin),
        };
        struct duet_claim claim = wanted;
        uint32_t field = duet_side_row(birth->errand.tenant->rules.tables, birth->target)->claim;
        if (field == DUET_NONE ||
            duet_record_read(&birth->errand.tenant->rules, birth->target, bytes, rows[i].length,
                             birth->errand.arena, &record, &error) != DUET_OK)
            continue;
        const struct duet_value *value = &record.values[duet_field_number(
            birth->errand.tenant->rules.tables, birth->target, field)];
        if (value->kind != DUET_VALUE_TEXT ||
            !duet_claim_read(birth->errand.tenant->fleet->options.key, value->text, &claim,
                             birth->errand.arena) ||
            strcmp(claim.key, birth->creation.origin_key) != 0)
            continue;
        birth->shown = record;
        birth->kept = duet_feed_row(feed, bytes, rows[i].length, birth->read_began,
                                    birth->errand.arena, NULL);
    }
}

static void found(void *data, const struct duet_remote_result *result)
{
    struct duet_birth *birth = data;
    if (result->outcome != DUET_REMOTE_OK) {
        log_birth(birth, DUET_LOG_WARNING, "looking for a created record failed", NULL, result);
        birth->errand.has_failed = result->outcome != DUET_REMOTE_THROTTLED;
        duet_errand_end(&birth->errand);
    } else if (birth->kept.key) {
        born(birth, birth->kept.key, DUET_LEDGER_RECOVERED, "found by its claim");
    } else if (birth->is_wanted) {
        create(birth);
    } else {
        leave(birth);
    }
}

/* Where the system can't be asked for a claim: a list that began after the request was sent has shown nothing that carries it. */
static bool may_send_again(const struct duet_birth *birth)
{
    return birth->creation.state == DUET_CREATION_WANTED ||
           feed_of(birth, birth->target)->began > birth->creation.when;
}

static void find(struct duet_birth *birth)
{
    struct duet_feed *feed = feed_of(birth, birth->target);
    const struct duet_remote_record record = new_record(birth);
    birth->read_began = duet_fleet_stamp(birth->errand.tenant->fleet);
    if (duet_remote_has(feed->endpoint, DUET_OP_FIND))
        duet_remote_find(feed->endpoint, &record, found_rows, found, birth);
    else if (may_send_again(birth))
        create(birth);
    else
        duet_errand_end(&birth->errand);
}

static void finish_birth(struct duet_errand *errand)
{
    struct duet_birth *birth = (struct duet_birth *)(void *)errand; /* its first member */
    feed_of(birth, birth->target)->births--;
}

/* --- beginning ------------------------------------------------------------------------------------------------------------------ */

static enum duet_status load_origin(struct duet_birth *birth, const char *key,
                                    struct duet_error *error)
{
    struct duet_tenant *tenant = birth->errand.tenant;
    enum duet_status status =
        duet_journal_snapshot(journal_of(birth), &feed_of(birth, birth->origin)->source, key,
                              birth->errand.arena, &birth->row);
    if (status != DUET_OK)
        return status;
    return duet_record_read(&tenant->rules, birth->origin, birth->row.row.raw,
                            birth->row.row.length, birth->errand.arena, &birth->record, error);
}

static enum duet_status load_creation(struct duet_birth *birth, const char *key)
{
    struct duet_tenant *tenant = birth->errand.tenant;
    struct duet_journal_link link;
    enum duet_status status =
        duet_journal_creation(journal_of(birth), &tenant->owner, tenant->mapping, birth->origin,
                              key, birth->errand.arena, &birth->creation);
    if (status == DUET_OK && birth->creation.state == DUET_CREATION_WANTED)
        birth->since = birth->creation.when;
    if (status == DUET_OK && birth->creation.state == DUET_CREATION_CREATED) {
        status = duet_journal_link_by_key(journal_of(birth), &tenant->owner, tenant->mapping,
                                          birth->origin, key, birth->errand.arena, &link);
        birth->link = status == DUET_OK ? link.id : 0;
    }
    if (status != DUET_NOT_FOUND)
        return status;
    const struct duet_claim claim = { .tenant = tenant->owner.name,
                                      .mapping = tenant->mapping,
                                      .side = duet_tenant_side(tenant, birth->origin),
                                      .key = key };
    birth->creation = (struct duet_creation){
        .mapping = tenant->mapping,
        .origin = birth->origin,
        .origin_key = duet_arena_copy_text(birth->errand.arena, key, strlen(key)),
        .claim = duet_claim_text(tenant->fleet->options.key, &claim, birth->errand.arena),
        .operation = duet_operation_id(tenant->fleet, birth->errand.arena),
        .state = DUET_CREATION_WANTED,
    };
    return DUET_NOT_FOUND;
}

static void quarantine_origin(struct duet_birth *birth, const char *reason)
{
    duet_log_line(birth->errand.tenant->fleet->options.log, DUET_LOG_WARNING, "record quarantined",
                  DUET_LOG_FIELDS({ DUET_LOGGED_OWNER, .text = birth->errand.tenant->owner.name },
                                  { DUET_LOGGED_SIDE,
                                    .text = duet_tenant_side(birth->errand.tenant, birth->origin) },
                                  { DUET_LOGGED_KEY, .text = birth->row.row.key },
                                  { DUET_LOGGED_WHY, .text = reason }));
    enum duet_status status =
        duet_journal_quarantine(journal_of(birth), &feed_of(birth, birth->origin)->source,
                                birth->row.row.key, birth->row.revision, reason);
    if (!duet_errand_is_lost(&birth->errand, status, "a record can't be quarantined"))
        duet_errand_end(&birth->errand);
}

static void decide(struct duet_birth *birth)
{
    const char *stranger = duet_plan_stranger(&birth->errand.tenant->rules, birth->origin,
                                              birth->record.values, birth->errand.arena);
    if (stranger && birth->creation.state == DUET_CREATION_WANTED) {
        quarantine_origin(birth, stranger);
        return;
    }
    birth->is_wanted = duet_plan_creation(&birth->errand.tenant->rules, birth->target,
                                          &birth->record, birth->errand.arena, &birth->made);
    if (birth->creation.state == DUET_CREATION_CREATED) {
        finish(birth);
        return;
    }
    if (!birth->is_wanted && birth->creation.state == DUET_CREATION_WANTED) {
        leave(birth);
        return;
    }
    if (birth->made.held && birth->creation.state == DUET_CREATION_WANTED) {
        hold(birth, DUET_LEDGER_HELD, birth->made.held);
        return;
    }
    if (birth->creation.state == DUET_CREATION_WANTED &&
        duet_errand_is_lost(&birth->errand, put_wanted(birth), "a creation can't be stored"))
        return;
    find(birth);
}

void duet_birth_start(struct duet_tenant *tenant, enum duet_side origin, const char *key)
{
    struct duet_birth *birth = duet_errand_new(tenant, sizeof *birth, finish_birth);
    struct duet_error error = { "" };
    birth->origin = origin;
    birth->target = duet_other(origin);
    feed_of(birth, birth->target)->births++;
    enum duet_status status = load_creation(birth, key);
    if (status != DUET_NOT_FOUND &&
        duet_errand_is_lost(&birth->errand, status, "a creation can't be loaded"))
        return;
    status = load_origin(birth, key, &error);
    if (status == DUET_INVALID)
        quarantine_origin(birth, error.text);
    else if (status == DUET_NOT_FOUND)
        duet_errand_end(&birth->errand);
    else if (!duet_errand_is_lost(&birth->errand, status, "an origin can't be loaded"))
        decide(birth);
}
