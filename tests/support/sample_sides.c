/* The two sample systems: fields, rules, settings, notes. */
#include "tests/support/sample_parts.h"

/* --- fields -------------------------------------------------------------------------------------------- */

static struct duet_t_field *field(struct sample *s, const char *name, enum duet_type type,
                                  const char *at)
{
    struct duet_t_field row = { .name = sample_str(s, name),
                                .type = type,
                                .values = NONE,
                                .path = sample_path(s, at),
                                .write_as = NONE,
                                .section = NONE,
                                .required_when = NONE,
                                .depends = NONE,
                                .empty_text = NONE,
                                .time_format = NONE,
                                .file = sample_str(s, "sample.duet"),
                                .line = 1 };
    return duet_build_at(s->builder, DUET_SECTION_FIELD, sample_add(s, DUET_SECTION_FIELD, &row));
}

static void person_keys(struct sample *s, struct duet_t_field *person)
{
    person->keys = sample_count(s, DUET_SECTION_PERSON_KEY);
    person->keys_count = 2;
    sample_add(s, DUET_SECTION_PERSON_KEY,
               &(struct duet_t_person_key){ .key = sample_str(s, "id"),
                                            .member = sample_path(s, "objectId") });
    sample_add(s, DUET_SECTION_PERSON_KEY,
               &(struct duet_t_person_key){ .key = sample_str(s, "login"),
                                            .member = sample_path(s, "login") });
}

void sample_left_fields(struct sample *s)
{
    field(s, "key", DUET_TYPE_TEXT, "name");
    field(s, "version", DUET_TYPE_TEXT, "etag");
    field(s, "modified", DUET_TYPE_TIME, "properties.modified");
    struct duet_t_field *title = field(s, "title", DUET_TYPE_TEXT, "properties.title");
    title->flags = DUET_FIELD_REQUIRED;
    title->max = 500;
    field(s, "status", DUET_TYPE_ENUM, "properties.status")->values = s->enums[0];
    field(s, "severity", DUET_TYPE_ENUM, "properties.severity")->values = s->enums[1];
    person_keys(s, field(s, "owner", DUET_TYPE_PERSON, "properties.owner"));
    struct duet_t_field *verdict = field(s, "verdict", DUET_TYPE_ENUM, "properties.verdict");
    verdict->values = s->enums[2];
    struct duet_t_field *reason = field(s, "reason", DUET_TYPE_ENUM, "properties.reason");
    reason->values = s->enums[3];
    reason->depends = SAMPLE_LEFT_VERDICT;
    reason->legal = s->words[0];
    reason->legal_count = 2;
    reason->required_when = sample_leaf(s, DUET_EXPR_CLOSED, DUET_LEFT);
    field(s, "count", DUET_TYPE_INTEGER, "properties.comments")->flags = DUET_FIELD_READ_ONLY;
}

void sample_right_fields(struct sample *s)
{
    field(s, "key", DUET_TYPE_TEXT, "Number");
    struct duet_t_field *modified = field(s, "modified", DUET_TYPE_TIME, "Modified");
    modified->time_unit = DUET_TIME_FORMAT;
    modified->time_format = sample_str(s, "yyyy-MM-dd HH:mm:ss");
    struct duet_t_field *title = field(s, "title", DUET_TYPE_TEXT, "Title");
    title->max = 100;
    title->write_as = sample_str(s, "TitleText");
    struct duet_t_field *status = field(s, "status", DUET_TYPE_ENUM, "Status");
    status->values = s->enums[4];
    status->moves = s->words[2];
    status->moves_count = 4;
    field(s, "severity", DUET_TYPE_ENUM, "Severity")->values = s->enums[5];
    struct duet_t_field *owner = field(s, "owner", DUET_TYPE_PERSON, "Owner");
    person_keys(s, owner);
    owner->flags = DUET_FIELD_SCALAR;
    owner->empty = DUET_EMPTY_TEXT;
    owner->empty_text = sample_str(s, "System");
    owner->empty_also =
        sample_add(s, DUET_SECTION_NAME, &(struct duet_t_name){ .text = sample_str(s, "nobody") });
    owner->empty_also_count = 1;
    struct duet_t_field *verdict = field(s, "form.verdict", DUET_TYPE_ENUM, "Form - Verdict");
    verdict->values = s->enums[6];
    verdict->section = sample_str(s, "Form");
    struct duet_t_field *reason = field(s, "form.reason", DUET_TYPE_ENUM, "Form - Reason");
    reason->values = s->enums[7];
    reason->section = sample_str(s, "Form");
    reason->depends = SAMPLE_RIGHT_VERDICT;
    reason->legal = s->words[1];
    reason->legal_count = 2;
    field(s, "claim", DUET_TYPE_TEXT, "Custom.Claim");
    field(s, "open", DUET_TYPE_BOOLEAN, "Open");
}

/* --- the sides ------------------------------------------------------------------------------------------- */

static void rule(struct sample *s, enum duet_rule_kind kind, uint32_t of, uint32_t when,
                 uint64_t reads)
{
    struct duet_t_rule row = { .kind = kind,
                               .field = of,
                               .when = when,
                               .reads_lo = (uint32_t)reads,
                               .reads_hi = (uint32_t)(reads >> 32),
                               .file = sample_str(s, "sample.duet"),
                               .line = 2 };
    sample_add(s, DUET_SECTION_RULE, &row);
}

static void setting(struct sample *s, const char *name, enum duet_setting_type type,
                    const char *fallback)
{
    sample_add(s, DUET_SECTION_SETTING,
               &(struct duet_t_setting){ .name = sample_str(s, name),
                                         .type = type,
                                         .fallback = sample_str(s, fallback) });
}

static struct duet_t_side side_of(struct sample *s, const char *name, const char *title)
{
    return (struct duet_t_side){ .name = sample_str(s, name),
                                 .system = sample_str(s, name),
                                 .title = sample_str(s, title),
                                 .record = sample_str(s, "incident"),
                                 .query = NONE,
                                 .envelope = NONE,
                                 .auth = NONE,
                                 .version = NONE,
                                 .modified = NONE,
                                 .claim = NONE,
                                 .closed = NONE,
                                 .merged = NONE,
                                 .notes = NONE,
                                 .webhook = NONE };
}

static uint32_t left_notes(struct sample *s)
{
    struct duet_t_notes notes = { .name = sample_str(s, "comments"),
                                  .path = sample_path(s, "comments"),
                                  .id = sample_path(s, "name"),
                                  .text = sample_path(s, "message"),
                                  .author = sample_path(s, "author.name"),
                                  .written = sample_path(s, "created"),
                                  .time_format = NONE,
                                  .max_count = 100,
                                  .max_length = 30000,
                                  .count = SAMPLE_LEFT_COUNT };
    return sample_add(s, DUET_SECTION_NOTES, &notes);
}

static uint32_t right_notes(struct sample *s)
{
    struct duet_t_notes notes = { .name = sample_str(s, "notes"),
                                  .path = sample_path(s, "Notes"),
                                  .id = NONE,
                                  .text = sample_path(s, "Text"),
                                  .html = 1,
                                  .author = NONE,
                                  .written = NONE,
                                  .time_unit = DUET_TIME_FORMAT,
                                  .time_format = sample_str(s, "yyyy-MM-dd"),
                                  .count = NONE };
    return sample_add(s, DUET_SECTION_NOTES, &notes);
}

void sample_left_side(struct sample *s)
{
    struct duet_t_side left = side_of(s, "siem", "the left system");
    left.fields = SAMPLE_LEFT_KEY;
    left.fields_count = SAMPLE_RIGHT_KEY;
    left.key = SAMPLE_LEFT_KEY;
    left.version = SAMPLE_LEFT_VERSION;
    left.modified = SAMPLE_LEFT_MODIFIED;
    left.closed = sample_is(s, SAMPLE_LEFT_STATUS, 2, "Closed");
    uint32_t merged = sample_text_leaf(s, "merged");
    merged = sample_join(s, DUET_EXPR_CONTAINS, sample_field_leaf(s, SAMPLE_LEFT_TITLE), merged);
    left.merged =
        sample_join(s, DUET_EXPR_AND, sample_leaf(s, DUET_EXPR_CLOSED, DUET_LEFT), merged);
    left.rules = sample_count(s, DUET_SECTION_RULE);
    rule(s, DUET_RULE_REQUIRED, SAMPLE_LEFT_TITLE, NONE, sample_number_of(SAMPLE_LEFT_TITLE));
    rule(s, DUET_RULE_REQUIRED, SAMPLE_LEFT_REASON, sample_leaf(s, DUET_EXPR_CLOSED, DUET_LEFT),
         sample_number_of(SAMPLE_LEFT_REASON) | sample_number_of(SAMPLE_LEFT_VERDICT) |
             sample_number_of(SAMPLE_LEFT_STATUS));
    rule(s, DUET_RULE_DEPENDENT, SAMPLE_LEFT_REASON, NONE,
         sample_number_of(SAMPLE_LEFT_REASON) | sample_number_of(SAMPLE_LEFT_VERDICT));
    rule(s, DUET_RULE_MAX, SAMPLE_LEFT_TITLE, NONE, sample_number_of(SAMPLE_LEFT_TITLE));
    left.rules_count = sample_count(s, DUET_SECTION_RULE) - left.rules;
    left.notes = left_notes(s);
    left.settings = sample_count(s, DUET_SECTION_SETTING);
    setting(s, "api", DUET_SETTING_URL, "https://siem.example.com");
    setting(s, "login", DUET_SETTING_TEXT, NULL);
    setting(s, "secret", DUET_SETTING_SECRET, NULL);
    left.settings_count = sample_count(s, DUET_SECTION_SETTING) - left.settings;
    left.base = sample_piece(s, DUET_REF_SETTING, "api", NONE);
    sample_piece(s, DUET_REF_LITERAL, "/v1", NONE);
    left.base_count = 2;
    left.query = sample_object(s, NULL, sample_text_json(s, "api-version", "1"), 1);
    left.auth = sample_left_auth(s);
    left.overlap_ms = 120000;
    struct duet_t_quota quota = {
        .what = DUET_OP_WRITE, .count = 75, .per_ms = 300000, .by = sample_str(s, "login")
    };
    left.quotas = sample_add(s, DUET_SECTION_QUOTA, &quota);
    left.quotas_count = 1;
    left.classes = sample_answer_class(s, DUET_ANSWER_GONE, 404);
    left.classes_count = 1;
    left.ops = sample_count(s, DUET_SECTION_OP);
    sample_left_ops(s);
    left.ops_count = sample_count(s, DUET_SECTION_OP) - left.ops;
    sample_add(s, DUET_SECTION_SIDE, &left);
}

void sample_right_side(struct sample *s)
{
    struct duet_t_side right = side_of(s, "soar", "the right system");
    right.fields = SAMPLE_RIGHT_KEY;
    right.fields_count = SAMPLE_FIELDS - SAMPLE_RIGHT_KEY;
    right.key = SAMPLE_RIGHT_KEY;
    right.modified = SAMPLE_RIGHT_MODIFIED;
    right.claim = SAMPLE_RIGHT_CLAIM;
    right.closed = sample_is(s, SAMPLE_RIGHT_STATUS, 3, "Closed");
    right.rules = sample_count(s, DUET_SECTION_RULE);
    rule(s, DUET_RULE_DEPENDENT, SAMPLE_RIGHT_REASON, NONE,
         sample_number_of(SAMPLE_RIGHT_REASON) | sample_number_of(SAMPLE_RIGHT_VERDICT));
    rule(s, DUET_RULE_MOVES, SAMPLE_RIGHT_STATUS, NONE, sample_number_of(SAMPLE_RIGHT_STATUS));
    rule(s, DUET_RULE_MAX, SAMPLE_RIGHT_TITLE, NONE, sample_number_of(SAMPLE_RIGHT_TITLE));
    right.rules_count = sample_count(s, DUET_SECTION_RULE) - right.rules;
    right.notes = right_notes(s);
    right.settings = sample_count(s, DUET_SECTION_SETTING);
    setting(s, "site", DUET_SETTING_URL, NULL);
    setting(s, "key", DUET_SETTING_SECRET, NULL);
    right.settings_count = sample_count(s, DUET_SECTION_SETTING) - right.settings;
    right.base = sample_piece(s, DUET_REF_SETTING, "site", NONE);
    right.base_count = 1;
    uint32_t user = sample_text_json(s, "User", "sync");
    sample_value_json(s, "Params", DUET_REF_BODY, NONE);
    right.envelope = sample_object(s, NULL, user, 2);
    right.auth = sample_right_auth(s);
    right.failed_text = sample_path(s, "error");
    right.failed_text_count = 1;
    right.ops = sample_count(s, DUET_SECTION_OP);
    sample_right_ops(s);
    right.ops_count = sample_count(s, DUET_SECTION_OP) - right.ops;
    struct duet_t_webhook webhook = { .key = sample_path(s, "number"),
                                      .event = sample_path(s, "trigger"),
                                      .signal = sample_str(s, "Resync"),
                                      .data = NONE,
                                      .header = sample_str(s, "X-Api-Key"),
                                      .secret = sample_str(s, "key") };
    right.webhook = sample_add(s, DUET_SECTION_WEBHOOK, &webhook);
    sample_add(s, DUET_SECTION_SIDE, &right);
}
