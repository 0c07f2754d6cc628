/* Whether the record to be made is there already: it carries the claim. */
#include <string.h>

#include "engine/fleet/birth.h"

static void found_rows(void *data, const struct duet_remote_row *rows, size_t count)
{
    struct duet_birth *birth = data;
    struct duet_feed *feed = duet_birth_feed(birth, birth->target);
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
        duet_birth_log(birth, DUET_LOG_WARNING, "looking for a created record failed", NULL,
                       result);
        birth->errand.has_failed = result->outcome != DUET_REMOTE_THROTTLED;
        duet_errand_end(&birth->errand);
    } else if (birth->kept.key) {
        duet_birth_link(birth, birth->kept.key, DUET_LEDGER_RECOVERED, "found by its claim");
    } else if (birth->is_wanted) {
        duet_birth_create(birth);
    } else {
        duet_birth_leave(birth);
    }
}

/* Where the system can't be asked for a claim: a list that began after the request was sent has shown nothing that carries it. */
static bool may_send_again(const struct duet_birth *birth)
{
    return birth->creation.state == DUET_CREATION_WANTED ||
           duet_birth_feed(birth, birth->target)->began > birth->creation.when;
}

void duet_birth_find(struct duet_birth *birth)
{
    struct duet_feed *feed = duet_birth_feed(birth, birth->target);
    const struct duet_remote_record record = duet_birth_record(birth);
    birth->read_began = duet_fleet_stamp(birth->errand.tenant->fleet);
    if (duet_remote_has(feed->endpoint, DUET_OP_FIND))
        duet_remote_find(feed->endpoint, &record, found_rows, found, birth);
    else if (may_send_again(birth))
        duet_birth_create(birth);
    else
        duet_errand_end(&birth->errand);
}
