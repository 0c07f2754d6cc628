#include "engine/fleet/birth.h"

#include <string.h>

#include "engine/fleet/notes_sync.h"
#include "engine/fleet/show.h"

/* --- small steps in the store ------------------------------------------------------------------------------------------ */

static enum duet_status put_state(struct duet_birth *birth, enum duet_creation_state state)
{
    birth->creation.state = state;
    birth->creation.when = duet_fleet_stamp(birth->errand.tenant->fleet);
    return duet_journal_create(duet_birth_journal(birth), &birth->errand.tenant->owner,
                               &birth->creation);
}

/* Wanted, with nothing said against it. What was so already stays so since then. */
static enum duet_status put_wanted(struct duet_birth *birth)
{
    struct duet_ledger_row reason;
    enum duet_status status =
        birth->since
            ? duet_journal_creation_reason(duet_birth_journal(birth), &birth->errand.tenant->owner,
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
    return duet_journal_create(duet_birth_journal(birth), &birth->errand.tenant->owner,
                               &birth->creation);
}

enum duet_status duet_birth_take_origin(const struct duet_birth *birth)
{
    if (!birth->row.row.key || birth->row.state != DUET_ROW_FRESH)
        return DUET_OK;
    return duet_journal_take(duet_birth_journal(birth),
                             &duet_birth_feed(birth, birth->origin)->source, birth->row.row.key,
                             birth->row.revision);
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
    return duet_journal_log(duet_birth_journal(birth), &birth->errand.tenant->owner, &row);
}

enum duet_status duet_birth_close(const struct duet_birth *birth, enum duet_status status)
{
    if (status == DUET_OK)
        return duet_journal_commit(duet_birth_journal(birth));
    duet_journal_rollback(duet_birth_journal(birth));
    return status;
}

void duet_birth_log(const struct duet_birth *birth, enum duet_log_level level, const char *event,
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

void duet_birth_log_would(const struct duet_birth *birth, const char *event,
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
    enum duet_status status = duet_journal_begin(duet_birth_journal(birth));
    if (status == DUET_OK)
        status = put_state(birth, DUET_CREATION_WANTED);
    if (status == DUET_OK)
        status = put_ledger(birth, kind, sentence);
    if (status == DUET_OK)
        status = duet_birth_take_origin(birth);
    status = duet_birth_close(birth, status);
    if (duet_errand_is_lost(&birth->errand, status, "a creation can't be held"))
        return;
    duet_birth_log(birth, DUET_LOG_WARNING, "not created", sentence, NULL);
    duet_errand_end(&birth->errand);
}

/* --- creating ----------------------------------------------------------------------------------------------------------- */

/* The planner takes it from here where the origin isn't one to be created from any more. */
static void finish(struct duet_birth *birth)
{
    if (birth->link && birth->is_wanted && !birth->made.held)
        duet_birth_write_rest(birth);
    else
        duet_birth_end(birth, false);
}

/* The origin was read before the link is made: what it shows is what is older. */
static enum duet_status meet_notes(struct duet_birth *birth)
{
    struct duet_tenant *tenant = birth->errand.tenant;
    struct duet_notes_options options = { .journal = duet_birth_journal(birth),
                                          .tenant = &tenant->owner,
                                          .link = birth->link,
                                          .link_created = birth->creation.when,
                                          .mapping = tenant->mapping,
                                          .key = tenant->fleet->options.key,
                                          .rules = &tenant->rules };
    options.endpoints[birth->origin] = duet_birth_feed(birth, birth->origin)->endpoint;
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
        { duet_birth_feed(birth, DUET_LEFT)->source,
          birth->origin == DUET_LEFT ? birth->creation.origin_key : birth->creation.target_key },
        { duet_birth_feed(birth, DUET_RIGHT)->source,
          birth->origin == DUET_RIGHT ? birth->creation.origin_key : birth->creation.target_key },
    };
    enum duet_status status = put_state(birth, DUET_CREATION_CREATED);
    if (status == DUET_OK)
        status = duet_journal_link(duet_birth_journal(birth), &tenant->owner, tenant->mapping,
                                   &ends[0], &ends[1], birth->creation.when, &birth->link);
    if (status == DUET_OK)
        status = meet_notes(birth);
    return status == DUET_OK ? put_ledger(birth, kind, cause) : status;
}

void duet_birth_link(struct duet_birth *birth, const char *key, enum duet_ledger_kind kind,
                     const char *cause)
{
    birth->creation.target_key = duet_arena_copy_text(birth->errand.arena, key, strlen(key));
    enum duet_status status = duet_journal_begin(duet_birth_journal(birth));
    if (status == DUET_OK)
        status = link_both(birth, kind, cause);
    status = duet_birth_close(birth, status);
    if (status == DUET_CONFLICT) {
        hold(birth, DUET_LEDGER_REFUSED,
             duet_arena_format(birth->errand.arena, "'%s' is linked with another record: %s", key,
                               duet_journal_message(duet_birth_journal(birth))));
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
    duet_birth_log(birth, result->outcome == DUET_REMOTE_OK ? DUET_LOG_INFO : DUET_LOG_WARNING,
                   "created", NULL, result);
    birth->creation.target_key = NULL;
    switch (result->outcome) {
    case DUET_REMOTE_OK:
        birth->errand.tenant->fleet->counts.created++;
        keep_shown(birth, result->record, result->record_length);
        duet_birth_link(birth, result->key, DUET_LEDGER_CREATED, "made from its origin");
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

struct duet_remote_record duet_birth_record(const struct duet_birth *birth)
{
    return (struct duet_remote_record){ .rules = &birth->errand.tenant->rules,
                                        .side = birth->target,
                                        .values = birth->made.values,
                                        .mask = birth->made.fields,
                                        .claim = birth->creation.claim };
}

void duet_birth_create(struct duet_birth *birth)
{
    struct duet_feed *feed = duet_birth_feed(birth, birth->target);
    struct duet_fleet *fleet = birth->errand.tenant->fleet;
    const struct duet_remote_record record = duet_birth_record(birth);
    if (fleet->options.dry_run ||
        duet_remote_room(feed->endpoint, DUET_OP_CREATE, DUET_FLEET_PATIENCE_MS, NULL) == 0) {
        if (fleet->options.dry_run) {
            fleet->counts.would_create++;
            duet_birth_log_would(birth, "would create", NULL, birth->made.fields);
        }
        duet_errand_end(&birth->errand); /* the row stays fresh */
        return;
    }
    if (!duet_errand_is_lost(&birth->errand, put_state(birth, DUET_CREATION_SENT),
                             "a creation can't be stored"))
        duet_remote_create(feed->endpoint, &record, created, birth);
}

void duet_birth_leave(struct duet_birth *birth)
{
    enum duet_status status = duet_journal_begin(duet_birth_journal(birth));
    if (status == DUET_OK)
        status = duet_journal_creation_end(duet_birth_journal(birth), &birth->errand.tenant->owner,
                                           birth->errand.tenant->mapping, birth->origin,
                                           birth->creation.origin_key);
    if (status == DUET_OK)
        status = duet_birth_take_origin(birth);
    status = duet_birth_close(birth, status);
    if (!duet_errand_is_lost(&birth->errand, status, "a row can't be taken"))
        duet_errand_end(&birth->errand);
}

static void finish_birth(struct duet_errand *errand)
{
    struct duet_birth *birth = (struct duet_birth *)(void *)errand; /* its first member */
    duet_birth_feed(birth, birth->target)->births--;
}

/* --- beginning ------------------------------------------------------------------------------------------------------------------ */

static enum duet_status load_origin(struct duet_birth *birth, const char *key,
                                    struct duet_error *error)
{
    struct duet_tenant *tenant = birth->errand.tenant;
    enum duet_status status = duet_journal_snapshot(duet_birth_journal(birth),
                                                    &duet_birth_feed(birth, birth->origin)->source,
                                                    key, birth->errand.arena, &birth->row);
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
        duet_journal_creation(duet_birth_journal(birth), &tenant->owner, tenant->mapping,
                              birth->origin, key, birth->errand.arena, &birth->creation);
    if (status == DUET_OK && birth->creation.state == DUET_CREATION_WANTED)
        birth->since = birth->creation.when;
    if (status == DUET_OK && birth->creation.state == DUET_CREATION_CREATED) {
        status =
            duet_journal_link_by_key(duet_birth_journal(birth), &tenant->owner, tenant->mapping,
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
    enum duet_status status = duet_journal_quarantine(
        duet_birth_journal(birth), &duet_birth_feed(birth, birth->origin)->source,
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
        duet_birth_leave(birth);
        return;
    }
    if (birth->made.held && birth->creation.state == DUET_CREATION_WANTED) {
        hold(birth, DUET_LEDGER_HELD, birth->made.held);
        return;
    }
    if (birth->creation.state == DUET_CREATION_WANTED &&
        duet_errand_is_lost(&birth->errand, put_wanted(birth), "a creation can't be stored"))
        return;
    duet_birth_find(birth);
}

void duet_birth_start(struct duet_tenant *tenant, enum duet_side origin, const char *key)
{
    struct duet_birth *birth = duet_errand_new(tenant, sizeof *birth, finish_birth);
    struct duet_error error = { "" };
    birth->origin = origin;
    birth->target = duet_other(origin);
    duet_birth_feed(birth, birth->target)->births++;
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
