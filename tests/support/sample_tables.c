#include "tests/support/sample_tables.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define NONE DUET_NONE

struct sample {
    struct duet_tables_builder *builder;
    uint32_t enums[8]; /* status, severity, verdict, reason: left, right */
    uint32_t words[8]; /* legal left, legal right, moves right */
};

static uint32_t str(struct sample *s, const char *text)
{
    return duet_build_str(s->builder, text);
}

static uint32_t count(const struct sample *s, enum duet_section section)
{
    return duet_build_count(s->builder, section);
}

static uint32_t add(struct sample *s, enum duet_section section, const void *row)
{
    return duet_build_row(s->builder, section, row);
}

/* "a.b[].c" */
static uint32_t path(struct sample *s, const char *text)
{
    uint32_t first = count(s, DUET_SECTION_STEP);
    char *copy = strdup(text);
    char *rest = NULL;
    for (char *word = strtok_r(copy, ".", &rest); word; word = strtok_r(NULL, ".", &rest)) {
        char *each = strstr(word, "[]");
        if (each)
            *each = '\0';
        add(s, DUET_SECTION_STEP,
            &(struct duet_t_step){ .name = str(s, word), .each = each != NULL });
    }
    free(copy);
    struct duet_t_path row = { .steps = first, .steps_count = count(s, DUET_SECTION_STEP) - first };
    return add(s, DUET_SECTION_PATH, &row);
}

/* Names behind each other, "|" between them. */
static uint32_t enumeration(struct sample *s, const char *name, const char *values, bool ordered)
{
    uint32_t first = count(s, DUET_SECTION_VALUE);
    char *copy = strdup(values);
    char *rest = NULL;
    for (char *word = strtok_r(copy, "|", &rest); word; word = strtok_r(NULL, "|", &rest)) {
        char *wire = strchr(word, '=');
        if (wire)
            *wire++ = '\0';
        struct duet_t_value value = { .name = str(s, word),
                                      .wire = str(s, wire),
                                      .wire_number = wire != NULL };
        add(s, DUET_SECTION_VALUE, &value);
    }
    free(copy);
    struct duet_t_enum row = { .name = str(s, name),
                               .values = first,
                               .values_count = count(s, DUET_SECTION_VALUE) - first,
                               .ordered = ordered };
    return add(s, DUET_SECTION_ENUM, &row);
}

static uint32_t words(struct sample *s, uint32_t number, ...)
{
    uint32_t first = count(s, DUET_SECTION_WORD);
    va_list args;
    va_start(args, number);
    for (uint32_t i = 0; i < number; i++)
        add(s, DUET_SECTION_WORD, &(struct duet_t_word){ .bits = va_arg(args, uint32_t) });
    va_end(args);
    return first;
}

/* --- conditions ---------------------------------------------------------------------------------------- */

static uint32_t expr(struct sample *s, struct duet_t_expr row)
{
    return add(s, DUET_SECTION_EXPR, &row);
}

static uint32_t leaf(struct sample *s, enum duet_op op, uint32_t side)
{
    return expr(s, (struct duet_t_expr){ .op = op,
                                         .side = side,
                                         .left = NONE,
                                         .right = NONE,
                                         .field = NONE,
                                         .path = NONE,
                                         .text = NONE });
}

static uint32_t field_leaf(struct sample *s, uint32_t field)
{
    return expr(s, (struct duet_t_expr){ .op = DUET_EXPR_FIELD,
                                         .side = field >= SAMPLE_RIGHT_KEY,
                                         .left = NONE,
                                         .right = NONE,
                                         .field = field,
                                         .path = NONE,
                                         .text = NONE });
}

static uint32_t value_leaf(struct sample *s, uint32_t number, const char *name)
{
    return expr(s, (struct duet_t_expr){ .op = DUET_EXPR_VALUE,
                                         .left = NONE,
                                         .right = NONE,
                                         .field = NONE,
                                         .path = NONE,
                                         .text = str(s, name),
                                         .number_lo = number });
}

static uint32_t text_leaf(struct sample *s, const char *text)
{
    return expr(s, (struct duet_t_expr){ .op = DUET_EXPR_TEXT,
                                         .left = NONE,
                                         .right = NONE,
                                         .field = NONE,
                                         .path = NONE,
                                         .text = str(s, text) });
}

static uint32_t number_leaf(struct sample *s, int64_t number)
{
    return expr(s, (struct duet_t_expr){ .op = DUET_EXPR_NUMBER,
                                         .left = NONE,
                                         .right = NONE,
                                         .field = NONE,
                                         .path = NONE,
                                         .text = NONE,
                                         .number_lo = (uint32_t)number,
                                         .number_hi = (uint32_t)((uint64_t)number >> 32) });
}

static uint32_t path_leaf(struct sample *s, enum duet_root root, const char *text)
{
    return expr(s, (struct duet_t_expr){ .op = DUET_EXPR_PATH,
                                         .root = root,
                                         .left = NONE,
                                         .right = NONE,
                                         .field = NONE,
                                         .path = text ? path(s, text) : NONE,
                                         .text = NONE });
}

static uint32_t join(struct sample *s, enum duet_op op, uint32_t left, uint32_t right)
{
    return expr(
        s, (struct duet_t_expr){
               .op = op, .left = left, .right = right, .field = NONE, .path = NONE, .text = NONE });
}

static uint32_t is(struct sample *s, uint32_t field, uint32_t number, const char *name)
{
    return join(s, DUET_EXPR_EQ, field_leaf(s, field), value_leaf(s, number, name));
}

/* field in (value 0, value 1) */
static uint32_t in(struct sample *s, uint32_t field, const char *first, const char *second)
{
    uint32_t list = value_leaf(s, 0, first);
    value_leaf(s, 1, second);
    return expr(s, (struct duet_t_expr){ .op = DUET_EXPR_IN,
                                         .left = field_leaf(s, field),
                                         .right = NONE,
                                         .list = list,
                                         .list_count = 2,
                                         .field = NONE,
                                         .path = NONE,
                                         .text = NONE });
}

/* --- templates ----------------------------------------------------------------------------------------- */

static uint32_t piece(struct sample *s, enum duet_ref ref, const char *text, uint32_t field)
{
    return add(s, DUET_SECTION_PIECE,
               &(struct duet_t_piece){ .ref = ref, .text = str(s, text), .field = field });
}

static struct duet_t_json json_of(enum duet_json_kind kind, uint32_t key)
{
    return (struct duet_t_json){ .kind = kind, .key = key };
}

static uint32_t value_json(struct sample *s, const char *key, enum duet_ref ref, uint32_t field)
{
    struct duet_t_json row = json_of(DUET_JSON_VALUE, str(s, key));
    row.pieces = piece(s, ref, NULL, field);
    row.pieces_count = 1;
    return add(s, DUET_SECTION_JSON, &row);
}

static uint32_t text_json(struct sample *s, const char *key, const char *text)
{
    struct duet_t_json row = json_of(DUET_JSON_STRING, str(s, key));
    row.pieces = piece(s, DUET_REF_LITERAL, text, NONE);
    row.pieces_count = 1;
    return add(s, DUET_SECTION_JSON, &row);
}

static uint32_t object(struct sample *s, const char *key, uint32_t first, uint32_t children)
{
    struct duet_t_json row = json_of(DUET_JSON_OBJECT, str(s, key));
    row.children = first;
    row.children_count = children;
    return add(s, DUET_SECTION_JSON, &row);
}

/* --- fields -------------------------------------------------------------------------------------------- */

static struct duet_t_field *field(struct sample *s, const char *name, enum duet_type type,
                                  const char *at)
{
    struct duet_t_field row = { .name = str(s, name),
                                .type = type,
                                .values = NONE,
                                .path = path(s, at),
                                .write_as = NONE,
                                .section = NONE,
                                .required_when = NONE,
                                .depends = NONE,
                                .empty_text = NONE,
                                .time_format = NONE,
                                .file = str(s, "sample.duet"),
                                .line = 1 };
    return duet_build_at(s->builder, DUET_SECTION_FIELD, add(s, DUET_SECTION_FIELD, &row));
}

static void person_keys(struct sample *s, struct duet_t_field *person)
{
    person->keys = count(s, DUET_SECTION_PERSON_KEY);
    person->keys_count = 2;
    add(s, DUET_SECTION_PERSON_KEY,
        &(struct duet_t_person_key){ .key = str(s, "id"), .member = path(s, "objectId") });
    add(s, DUET_SECTION_PERSON_KEY,
        &(struct duet_t_person_key){ .key = str(s, "login"), .member = path(s, "login") });
}

static void left_fields(struct sample *s)
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
    reason->required_when = leaf(s, DUET_EXPR_CLOSED, DUET_LEFT);
    field(s, "count", DUET_TYPE_INTEGER, "properties.comments")->flags = DUET_FIELD_READ_ONLY;
}

static void right_fields(struct sample *s)
{
    field(s, "key", DUET_TYPE_TEXT, "Number");
    struct duet_t_field *modified = field(s, "modified", DUET_TYPE_TIME, "Modified");
    modified->time_unit = DUET_TIME_FORMAT;
    modified->time_format = str(s, "yyyy-MM-dd HH:mm:ss");
    struct duet_t_field *title = field(s, "title", DUET_TYPE_TEXT, "Title");
    title->max = 100;
    title->write_as = str(s, "TitleText");
    struct duet_t_field *status = field(s, "status", DUET_TYPE_ENUM, "Status");
    status->values = s->enums[4];
    status->moves = s->words[2];
    status->moves_count = 4;
    field(s, "severity", DUET_TYPE_ENUM, "Severity")->values = s->enums[5];
    struct duet_t_field *owner = field(s, "owner", DUET_TYPE_PERSON, "Owner");
    person_keys(s, owner);
    owner->flags = DUET_FIELD_SCALAR;
    owner->empty = DUET_EMPTY_TEXT;
    owner->empty_text = str(s, "System");
    owner->empty_also =
        add(s, DUET_SECTION_NAME, &(struct duet_t_name){ .text = str(s, "nobody") });
    owner->empty_also_count = 1;
    struct duet_t_field *verdict = field(s, "form.verdict", DUET_TYPE_ENUM, "Form - Verdict");
    verdict->values = s->enums[6];
    verdict->section = str(s, "Form");
    struct duet_t_field *reason = field(s, "form.reason", DUET_TYPE_ENUM, "Form - Reason");
    reason->values = s->enums[7];
    reason->section = str(s, "Form");
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
                               .file = str(s, "sample.duet"),
                               .line = 2 };
    add(s, DUET_SECTION_RULE, &row);
}

static uint64_t number_of(uint32_t of)
{
    return duet_bit(of >= SAMPLE_RIGHT_KEY ? of - SAMPLE_RIGHT_KEY : of);
}

static void setting(struct sample *s, const char *name, enum duet_setting_type type,
                    const char *fallback)
{
    add(s, DUET_SECTION_SETTING,
        &(struct duet_t_setting){
            .name = str(s, name), .type = type, .fallback = str(s, fallback) });
}

static struct duet_t_op op_of(struct sample *s, enum duet_op_kind kind, const char *method)
{
    return (struct duet_t_op){ .kind = kind,
                               .method = str(s, method),
                               .query = NONE,
                               .body = NONE,
                               .under = NONE,
                               .section = NONE,
                               .carry_when = NONE,
                               .items = NONE,
                               .page = NONE,
                               .batch_item = NONE,
                               .result = NONE,
                               .result_key = NONE,
                               .result_ok = NONE,
                               .auth = NONE,
                               .lookup = NONE,
                               .match = NONE,
                               .file = str(s, "sample.duet"),
                               .line = 3 };
}

static void url(struct sample *s, struct duet_t_op *op, const char *text, enum duet_ref ref)
{
    op->url = piece(s, DUET_REF_LITERAL, text, NONE);
    op->url_count = 1;
    if (ref != DUET_REF_LITERAL) {
        piece(s, ref, NULL, NONE);
        op->url_count = 2;
    }
}

static uint32_t answer_class(struct sample *s, enum duet_answer answer, int64_t http_status)
{
    uint32_t when =
        join(s, DUET_EXPR_EQ, path_leaf(s, DUET_ROOT_STATUS, NULL), number_leaf(s, http_status));
    return add(s, DUET_SECTION_CLASS, &(struct duet_t_class){ .answer = answer, .when = when });
}

static void left_ops(struct sample *s)
{
    struct duet_t_op changed = op_of(s, DUET_OP_CHANGED, "GET");
    url(s, &changed, "/incidents", DUET_REF_LITERAL);
    uint32_t since = value_json(s, "since", DUET_REF_SINCE, NONE);
    text_json(s, "order", "asc");
    changed.query = object(s, NULL, since, 2);
    changed.items = path(s, "value");
    struct duet_t_page link = { .kind = DUET_PAGE_LINK,
                                .name = NONE,
                                .size_name = NONE,
                                .until = NONE,
                                .at = path(s, "nextLink") };
    changed.page = add(s, DUET_SECTION_PAGE, &link);
    add(s, DUET_SECTION_OP, &changed);

    struct duet_t_op write = op_of(s, DUET_OP_WRITE, "PUT");
    url(s, &write, "/incidents/", DUET_REF_KEY);
    write.headers = count(s, DUET_SECTION_HEADER);
    write.headers_count = 1;
    struct duet_t_header if_match = { .name = str(s, "If-Match"),
                                      .value = piece(s, DUET_REF_VERSION, NULL, NONE),
                                      .value_count = 1 };
    add(s, DUET_SECTION_HEADER, &if_match);
    write.body_kind = DUET_BODY_WHOLE;
    write.whole = add(s, DUET_SECTION_NAME, &(struct duet_t_name){ .text = str(s, "properties") });
    write.whole_count = 1;
    write.carries_lo = (1U << SAMPLE_RIGHT_KEY) - 1;
    write.classes = answer_class(s, DUET_ANSWER_STALE, 409);
    write.classes_count = 1;
    write.verify = 1;
    add(s, DUET_SECTION_OP, &write);

    struct duet_t_op note = op_of(s, DUET_OP_ADD_NOTE, "PUT");
    url(s, &note, "/comments/", DUET_REF_NOTE_UUID);
    note.body_kind = DUET_BODY_JSON;
    note.body = object(s, NULL, value_json(s, "message", DUET_REF_NOTE_TEXT, NONE), 1);
    add(s, DUET_SECTION_OP, &note);
}

static void right_ops(struct sample *s)
{
    struct duet_t_op lookup = op_of(s, DUET_OP_LOOKUP, "GET");
    url(s, &lookup, "/moves", DUET_REF_LITERAL);
    lookup.items = path(s, "moves");
    uint32_t first = add(s, DUET_SECTION_OP, &lookup);

    struct duet_t_op changed = op_of(s, DUET_OP_CHANGED, "POST");
    url(s, &changed, "/list", DUET_REF_LITERAL);
    changed.items = path(s, "rows");
    struct duet_t_page index = { .kind = DUET_PAGE_INDEX,
                                 .name = str(s, "page"),
                                 .where = DUET_PAGE_IN_BODY,
                                 .size = 200,
                                 .size_name = str(s, "rows"),
                                 .until = path(s, "pages"),
                                 .at = NONE };
    changed.page = add(s, DUET_SECTION_PAGE, &index);
    changed.body_kind = DUET_BODY_JSON;
    uint32_t page = value_json(s, "page", DUET_REF_PAGE, NONE);
    value_json(s, "rows", DUET_REF_SIZE, NONE);
    changed.body = object(s, NULL, page, 2);
    add(s, DUET_SECTION_OP, &changed);

    struct duet_t_op move = op_of(s, DUET_OP_WRITE, "POST");
    url(s, &move, "/move", DUET_REF_LITERAL);
    move.lookup = first;
    move.match = join(s, DUET_EXPR_EQ, path_leaf(s, DUET_ROOT_ROW, "to"),
                      field_leaf(s, SAMPLE_RIGHT_STATUS));
    move.carries_lo = (uint32_t)number_of(SAMPLE_RIGHT_STATUS);
    move.carry_when = expr(s, (struct duet_t_expr){ .op = DUET_EXPR_CHANGED,
                                                    .left = leaf(s, DUET_EXPR_CLOSED, DUET_RIGHT),
                                                    .right = NONE,
                                                    .field = NONE,
                                                    .path = NONE,
                                                    .text = NONE });
    move.body_kind = DUET_BODY_JSON;
    struct duet_t_json id = json_of(DUET_JSON_VALUE, str(s, "id"));
    id.pieces = piece(s, DUET_REF_FOUND, "id", NONE);
    id.pieces_count = 1;
    move.body = object(s, NULL, add(s, DUET_SECTION_JSON, &id), 1);
    add(s, DUET_SECTION_OP, &move);

    struct duet_t_op write = op_of(s, DUET_OP_WRITE, "POST");
    url(s, &write, "/write", DUET_REF_LITERAL);
    write.section = str(s, "Form");
    write.batch = 100;
    uint32_t members = value_json(s, "Number", DUET_REF_KEY, NONE);
    value_json(s, "Input", DUET_REF_FIELDS, NONE);
    value_json(s, "Section", DUET_REF_SECTION, NONE);
    write.batch_item = object(s, NULL, members, 3);
    write.body_kind = DUET_BODY_JSON;
    write.body = object(s, NULL, value_json(s, "Batch", DUET_REF_BATCH, NONE), 1);
    write.result = path(s, "data");
    write.result_key = path(s, "Number");
    write.result_ok = join(s, DUET_EXPR_STARTS_WITH, path_leaf(s, DUET_ROOT_ROW, "Result"),
                           text_leaf(s, "Succe"));
    write.carries_lo = (1U << (SAMPLE_FIELDS - SAMPLE_RIGHT_KEY)) - 1;
    add(s, DUET_SECTION_OP, &write);

    struct duet_t_op create = op_of(s, DUET_OP_CREATE, "POST");
    url(s, &create, "/create", DUET_REF_LITERAL);
    create.body_kind = DUET_BODY_JSON;
    uint32_t title = value_json(s, "Title", DUET_REF_FIELD, SAMPLE_RIGHT_TITLE);
    value_json(s, "Claim", DUET_REF_CLAIM, NONE);
    create.body = object(s, NULL, title, 2);
    create.returns =
        add(s, DUET_SECTION_RETURN,
            &(struct duet_t_return){ .field = SAMPLE_RIGHT_KEY, .path = path(s, "data.Number") });
    create.returns_count = 1;
    create.failed_text = path(s, "error");
    create.failed_text_count = 1;
    add(s, DUET_SECTION_OP, &create);
}

static uint32_t left_auth(struct sample *s)
{
    struct duet_t_auth auth = { .kind = DUET_AUTH_OAUTH2,
                                .params = count(s, DUET_SECTION_AUTH_PARAM),
                                .params_count = 2,
                                .claims = NONE };
    struct duet_t_auth_param token = { .name = str(s, "token"),
                                       .value = piece(s, DUET_REF_SETTING, "login", NONE),
                                       .value_count = 1 };
    add(s, DUET_SECTION_AUTH_PARAM, &token);
    struct duet_t_auth_param secret = { .name = str(s, "client_secret"),
                                        .value = piece(s, DUET_REF_SETTING, "secret", NONE),
                                        .value_count = 1 };
    add(s, DUET_SECTION_AUTH_PARAM, &secret);
    return add(s, DUET_SECTION_AUTH, &auth);
}

static uint32_t right_auth(struct sample *s)
{
    struct duet_t_auth auth = { .kind = DUET_AUTH_JWT,
                                .params = count(s, DUET_SECTION_AUTH_PARAM),
                                .params_count = 1 };
    struct duet_t_auth_param key = { .name = str(s, "secret"),
                                     .value = piece(s, DUET_REF_SETTING, "key", NONE),
                                     .value_count = 1 };
    add(s, DUET_SECTION_AUTH_PARAM, &key);
    auth.claims = object(s, NULL, text_json(s, "user", "sync"), 1);
    return add(s, DUET_SECTION_AUTH, &auth);
}

static struct duet_t_side side_of(struct sample *s, const char *name, const char *title)
{
    return (struct duet_t_side){ .name = str(s, name),
                                 .system = str(s, name),
                                 .title = str(s, title),
                                 .record = str(s, "incident"),
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
    struct duet_t_notes notes = { .name = str(s, "comments"),
                                  .path = path(s, "comments"),
                                  .id = path(s, "name"),
                                  .text = path(s, "message"),
                                  .author = path(s, "author.name"),
                                  .written = path(s, "created"),
                                  .time_format = NONE,
                                  .max_count = 100,
                                  .max_length = 30000,
                                  .count = SAMPLE_LEFT_COUNT };
    return add(s, DUET_SECTION_NOTES, &notes);
}

static uint32_t right_notes(struct sample *s)
{
    struct duet_t_notes notes = { .name = str(s, "notes"),
                                  .path = path(s, "Notes"),
                                  .id = NONE,
                                  .text = path(s, "Text"),
                                  .html = 1,
                                  .author = NONE,
                                  .written = NONE,
                                  .time_unit = DUET_TIME_FORMAT,
                                  .time_format = str(s, "yyyy-MM-dd"),
                                  .count = NONE };
    return add(s, DUET_SECTION_NOTES, &notes);
}

static void left_side(struct sample *s)
{
    struct duet_t_side left = side_of(s, "siem", "the left system");
    left.fields = SAMPLE_LEFT_KEY;
    left.fields_count = SAMPLE_RIGHT_KEY;
    left.key = SAMPLE_LEFT_KEY;
    left.version = SAMPLE_LEFT_VERSION;
    left.modified = SAMPLE_LEFT_MODIFIED;
    left.closed = is(s, SAMPLE_LEFT_STATUS, 2, "Closed");
    left.merged =
        join(s, DUET_EXPR_AND, leaf(s, DUET_EXPR_CLOSED, DUET_LEFT),
             join(s, DUET_EXPR_CONTAINS, field_leaf(s, SAMPLE_LEFT_TITLE), text_leaf(s, "merged")));
    left.rules = count(s, DUET_SECTION_RULE);
    rule(s, DUET_RULE_REQUIRED, SAMPLE_LEFT_TITLE, NONE, number_of(SAMPLE_LEFT_TITLE));
    rule(s, DUET_RULE_REQUIRED, SAMPLE_LEFT_REASON, leaf(s, DUET_EXPR_CLOSED, DUET_LEFT),
         number_of(SAMPLE_LEFT_REASON) | number_of(SAMPLE_LEFT_VERDICT) |
             number_of(SAMPLE_LEFT_STATUS));
    rule(s, DUET_RULE_DEPENDENT, SAMPLE_LEFT_REASON, NONE,
         number_of(SAMPLE_LEFT_REASON) | number_of(SAMPLE_LEFT_VERDICT));
    rule(s, DUET_RULE_MAX, SAMPLE_LEFT_TITLE, NONE, number_of(SAMPLE_LEFT_TITLE));
    left.rules_count = count(s, DUET_SECTION_RULE) - left.rules;
    left.notes = left_notes(s);
    left.settings = count(s, DUET_SECTION_SETTING);
    setting(s, "api", DUET_SETTING_URL, "https://siem.example.com");
    setting(s, "login", DUET_SETTING_TEXT, NULL);
    setting(s, "secret", DUET_SETTING_SECRET, NULL);
    left.settings_count = count(s, DUET_SECTION_SETTING) - left.settings;
    left.base = piece(s, DUET_REF_SETTING, "api", NONE);
    piece(s, DUET_REF_LITERAL, "/v1", NONE);
    left.base_count = 2;
    left.query = object(s, NULL, text_json(s, "api-version", "1"), 1);
    left.auth = left_auth(s);
    left.overlap_ms = 120000;
    struct duet_t_quota quota = {
        .what = DUET_OP_WRITE, .count = 75, .per_ms = 300000, .by = str(s, "login")
    };
    left.quotas = add(s, DUET_SECTION_QUOTA, &quota);
    left.quotas_count = 1;
    left.classes = answer_class(s, DUET_ANSWER_GONE, 404);
    left.classes_count = 1;
    left.ops = count(s, DUET_SECTION_OP);
    left_ops(s);
    left.ops_count = count(s, DUET_SECTION_OP) - left.ops;
    add(s, DUET_SECTION_SIDE, &left);
}

static void right_side(struct sample *s)
{
    struct duet_t_side right = side_of(s, "soar", "the right system");
    right.fields = SAMPLE_RIGHT_KEY;
    right.fields_count = SAMPLE_FIELDS - SAMPLE_RIGHT_KEY;
    right.key = SAMPLE_RIGHT_KEY;
    right.modified = SAMPLE_RIGHT_MODIFIED;
    right.claim = SAMPLE_RIGHT_CLAIM;
    right.closed = is(s, SAMPLE_RIGHT_STATUS, 3, "Closed");
    right.rules = count(s, DUET_SECTION_RULE);
    rule(s, DUET_RULE_DEPENDENT, SAMPLE_RIGHT_REASON, NONE,
         number_of(SAMPLE_RIGHT_REASON) | number_of(SAMPLE_RIGHT_VERDICT));
    rule(s, DUET_RULE_MOVES, SAMPLE_RIGHT_STATUS, NONE, number_of(SAMPLE_RIGHT_STATUS));
    rule(s, DUET_RULE_MAX, SAMPLE_RIGHT_TITLE, NONE, number_of(SAMPLE_RIGHT_TITLE));
    right.rules_count = count(s, DUET_SECTION_RULE) - right.rules;
    right.notes = right_notes(s);
    right.settings = count(s, DUET_SECTION_SETTING);
    setting(s, "site", DUET_SETTING_URL, NULL);
    setting(s, "key", DUET_SETTING_SECRET, NULL);
    right.settings_count = count(s, DUET_SECTION_SETTING) - right.settings;
    right.base = piece(s, DUET_REF_SETTING, "site", NONE);
    right.base_count = 1;
    uint32_t user = text_json(s, "User", "sync");
    value_json(s, "Params", DUET_REF_BODY, NONE);
    right.envelope = object(s, NULL, user, 2);
    right.auth = right_auth(s);
    right.failed_text = path(s, "error");
    right.failed_text_count = 1;
    right.ops = count(s, DUET_SECTION_OP);
    right_ops(s);
    right.ops_count = count(s, DUET_SECTION_OP) - right.ops;
    struct duet_t_webhook webhook = { .key = path(s, "number"),
                                      .event = path(s, "trigger"),
                                      .signal = str(s, "Resync"),
                                      .data = NONE,
                                      .header = str(s, "X-Api-Key"),
                                      .secret = str(s, "key") };
    right.webhook = add(s, DUET_SECTION_WEBHOOK, &webhook);
    add(s, DUET_SECTION_SIDE, &right);
}

/* --- the mapping ----------------------------------------------------------------------------------------- */

static struct duet_t_pair pair_of(struct sample *s, const char *name, uint32_t left, uint32_t right)
{
    return (struct duet_t_pair){ .name = str(s, name),
                                 .left = left,
                                 .right = right,
                                 .map = NONE,
                                 .table = NONE,
                                 .unknown_left = NONE,
                                 .unknown_right = NONE,
                                 .default_left = NONE,
                                 .default_right = NONE,
                                 .lossy = NONE,
                                 .file = str(s, "sample.duet"),
                                 .line = 10 };
}

static void arm(struct sample *s, uint32_t left, uint32_t right, enum duet_direction direction)
{
    struct duet_t_arm row = { .left = left,
                              .right = right,
                              .direction = direction,
                              .lossy = NONE,
                              .file = str(s, "sample.duet"),
                              .line = 11 };
    add(s, DUET_SECTION_ARM, &row);
}

/* Two enums of the same names, `values` of them (at most 32). */
static uint32_t map_by_name(struct sample *s, uint32_t left, uint32_t right, uint32_t values)
{
    struct duet_t_map map = { .left = left,
                              .right = right,
                              .to_right = count(s, DUET_SECTION_WORD),
                              .to_right_count = values,
                              .to_left_count = values,
                              .agree_count = values };
    for (uint32_t i = 0; i < values; i++)
        words(s, 1, i);
    map.to_left = count(s, DUET_SECTION_WORD);
    for (uint32_t i = 0; i < values; i++)
        words(s, 1, i);
    map.agree = count(s, DUET_SECTION_WORD);
    for (uint32_t i = 0; i < values; i++)
        words(s, 1, 1U << i);
    return add(s, DUET_SECTION_MAP, &map);
}

/* New <-> Open, Active <-> In Progress, Active <- On Hold, Closed <-> Closed */
static uint32_t status_map(struct sample *s)
{
    struct duet_t_map map = { .left = s->enums[0],
                              .right = s->enums[4],
                              .to_right_count = 3,
                              .to_left_count = 4,
                              .agree_count = 3 };
    map.to_right = words(s, 3, 0U, 1U, 3U);
    map.to_left = words(s, 4, 0U, 1U, 1U, 2U);
    map.agree = words(s, 3, 1U, 6U, 8U);
    map.arms = count(s, DUET_SECTION_ARM);
    arm(s, 0, 0, DUET_BOTH_WAYS);
    arm(s, 1, 1, DUET_BOTH_WAYS);
    arm(s, 1, 2, DUET_TO_LEFT);
    arm(s, 2, 3, DUET_BOTH_WAYS);
    map.arms_count = 4;
    return add(s, DUET_SECTION_MAP, &map);
}

static void pairs(struct sample *s)
{
    struct duet_t_pair status = pair_of(s, "status", SAMPLE_LEFT_STATUS, SAMPLE_RIGHT_STATUS);
    status.relation = DUET_RELATION_ENUM;
    status.map = status_map(s);
    add(s, DUET_SECTION_PAIR, &status);

    struct duet_t_pair verdict = pair_of(s, "verdict", SAMPLE_LEFT_VERDICT, SAMPLE_RIGHT_VERDICT);
    verdict.relation = DUET_RELATION_ENUM;
    verdict.map = map_by_name(s, s->enums[2], s->enums[6], 2);
    verdict.unknown = DUET_UNKNOWN_VALUE;
    verdict.unknown_left = 1;
    verdict.default_right = value_leaf(s, 0, "True");
    add(s, DUET_SECTION_PAIR, &verdict);

    struct duet_t_pair reason = pair_of(s, "reason", SAMPLE_LEFT_REASON, SAMPLE_RIGHT_REASON);
    reason.relation = DUET_RELATION_ENUM;
    reason.map = map_by_name(s, s->enums[3], s->enums[7], 3);
    add(s, DUET_SECTION_PAIR, &reason);

    struct duet_t_pair severity =
        pair_of(s, "severity", SAMPLE_LEFT_SEVERITY, SAMPLE_RIGHT_SEVERITY);
    severity.relation = DUET_RELATION_ENUM;
    severity.map = map_by_name(s, s->enums[1], s->enums[5], 3);
    severity.lossy = str(s, "a sample");
    add(s, DUET_SECTION_PAIR, &severity);

    struct duet_t_pair title = pair_of(s, "title", SAMPLE_LEFT_TITLE, SAMPLE_RIGHT_TITLE);
    title.direction = DUET_TO_RIGHT;
    title.relation = DUET_RELATION_SAME;
    title.transforms = count(s, DUET_SECTION_TRANSFORM);
    title.transforms_count = 2;
    add(s, DUET_SECTION_TRANSFORM,
        &(struct duet_t_transform){ .kind = DUET_TRANSFORM_TRUNCATE, .number = 90, .text = NONE });
    add(s, DUET_SECTION_TRANSFORM,
        &(struct duet_t_transform){ .kind = DUET_TRANSFORM_PREFIX, .text = str(s, "SIEM: ") });
    add(s, DUET_SECTION_PAIR, &title);

    struct duet_t_pair owner = pair_of(s, "owner", SAMPLE_LEFT_OWNER, SAMPLE_RIGHT_OWNER);
    owner.relation = DUET_RELATION_PERSON;
    owner.table = str(s, "analysts");
    owner.unknown = DUET_UNKNOWN_KEEP;
    add(s, DUET_SECTION_PAIR, &owner);
}

static void unit(struct sample *s, const char *name, uint32_t pair, uint32_t pairs_count,
                 enum duet_policy policy, uint32_t component)
{
    struct duet_t_unit row = { .name = str(s, name),
                               .group = pairs_count > 1,
                               .pairs = pair,
                               .pairs_count = pairs_count,
                               .policy = policy,
                               .policy_side = DUET_CHOOSE_RIGHT,
                               .frozen_by_merge = component == 0,
                               .component_left = component,
                               .component_right = component,
                               .file = str(s, "sample.duet"),
                               .line = 12 };
    add(s, DUET_SECTION_UNIT, &row);
}

static void trigger(struct sample *s, enum duet_side side, enum duet_event event,
                    enum duet_verb verb, uint32_t units, uint32_t when)
{
    struct duet_t_trigger row = { .side = side,
                                  .event = event,
                                  .signal = NONE,
                                  .verb = verb,
                                  .units_lo = units,
                                  .when = when,
                                  .file = str(s, "sample.duet"),
                                  .line = 20 };
    if (event == DUET_EVENT_SIGNAL)
        row.signal = str(s, "resync");
    row.notes = verb != DUET_CLEAR;
    add(s, DUET_SECTION_TRIGGER, &row);
}

static void triggers(struct sample *s)
{
    uint32_t both = 1U << SAMPLE_UNIT_STATUS | 1U << SAMPLE_UNIT_VERDICT;
    uint32_t not_open =
        join(s, DUET_EXPR_NE, field_leaf(s, SAMPLE_RIGHT_STATUS), value_leaf(s, 0, "Open"));
    uint32_t was_open =
        join(s, DUET_EXPR_WAS, field_leaf(s, SAMPLE_RIGHT_STATUS), value_leaf(s, 0, "Open"));
    uint32_t either = join(s, DUET_EXPR_OR, in(s, SAMPLE_LEFT_SEVERITY, "Low", "Medium"),
                           join(s, DUET_EXPR_NOT, field_leaf(s, SAMPLE_RIGHT_OPEN), NONE));
    uint32_t present = join(s, DUET_EXPR_PRESENT, field_leaf(s, SAMPLE_LEFT_OWNER), NONE);
    trigger(s, DUET_RIGHT, DUET_EVENT_CLOSE, DUET_SEND, both, NONE);
    trigger(s, DUET_RIGHT, DUET_EVENT_REOPEN, DUET_CLEAR, 1U << SAMPLE_UNIT_VERDICT, was_open);
    trigger(s, DUET_RIGHT, DUET_EVENT_MOVE, DUET_SEND, 1U << SAMPLE_UNIT_STATUS, not_open);
    trigger(s, DUET_RIGHT, DUET_EVENT_SIGNAL, DUET_FETCH, (1U << SAMPLE_UNITS) - 1, NONE);
    trigger(s, DUET_LEFT, DUET_EVENT_CHANGE, DUET_SEND, (1U << SAMPLE_UNITS) - 1,
            join(s, DUET_EXPR_AND, either, present));
}

static void mapping(struct sample *s)
{
    struct duet_t_mapping row = { .name = str(s, "sample"),
                                  .link_left = SAMPLE_LEFT_KEY,
                                  .link_right = SAMPLE_RIGHT_CLAIM,
                                  .first_contact = DUET_CHOOSE_LEFT,
                                  .units_count = SAMPLE_UNITS,
                                  .pairs_count = 6,
                                  .triggers_count = 5,
                                  .creates_count = 1,
                                  .skew_ms = 5000,
                                  .file = str(s, "sample.duet"),
                                  .line = 9 };
    pairs(s);
    unit(s, "status", 0, 1, DUET_POLICY_NEWEST, 0);
    unit(s, "verdict", 1, 2, DUET_POLICY_SIDE, 0);
    unit(s, "severity", 3, 1, DUET_POLICY_HIGHEST, 1);
    unit(s, "title", 4, 1, DUET_POLICY_NONE, 2);
    unit(s, "owner", 5, 1, DUET_POLICY_HOLD, 3);
    struct duet_t_note_pair notes = {
        .direction = DUET_BOTH_WAYS, .append_edits = 1, .file = str(s, "sample.duet"), .line = 30
    };
    row.notes = add(s, DUET_SECTION_NOTE_PAIR, &notes);
    triggers(s);
    struct duet_t_create create = { .target = DUET_RIGHT,
                                    .file = str(s, "sample.duet"),
                                    .line = 31 };
    create.when =
        join(s, DUET_EXPR_GE, field_leaf(s, SAMPLE_LEFT_SEVERITY), value_leaf(s, 1, "Medium"));
    add(s, DUET_SECTION_CREATE, &create);
    add(s, DUET_SECTION_MAPPING, &row);
}

struct duet_tables_builder *sample_tables_builder(void)
{
    struct sample s = { .builder = duet_tables_builder_new() };
    s.enums[0] = enumeration(&s, "siem.status", "New|Active|Closed", false);
    s.enums[1] = enumeration(&s, "siem.severity", "Low|Medium|High", true);
    s.enums[2] = enumeration(&s, "siem.verdict", "True|False", false);
    s.enums[3] = enumeration(&s, "siem.reason", "Suspicious|Logic|Data", false);
    s.enums[4] = enumeration(&s, "soar.status", "Open|In Progress|On Hold|Closed", false);
    s.enums[5] = enumeration(&s, "soar.severity", "Low=1|Medium=2|High=3", true);
    s.enums[6] = enumeration(&s, "soar.verdict", "True|False", false);
    s.enums[7] = enumeration(&s, "soar.reason", "Suspicious|Logic|Data", false);
    s.words[0] = words(&s, 2, 1U, 6U);
    s.words[1] = words(&s, 2, 1U, 6U);
    s.words[2] = words(&s, 4, 15U, 14U, 14U, 9U);
    left_fields(&s);
    right_fields(&s);
    left_side(&s);
    right_side(&s);
    mapping(&s);
    return s.builder;
}

unsigned char *sample_tables_bytes(size_t *size_out)
{
    struct duet_tables_builder *builder = sample_tables_builder();
    unsigned char *bytes = duet_build_finish(builder, size_out);
    duet_tables_builder_free(builder);
    return bytes;
}

uint32_t *sample_tables_column(struct duet_tables_builder *builder, enum duet_section section,
                               uint32_t number, const char *column)
{
    const struct duet_section_format *format = duet_section_format(section);
    uint32_t *row = duet_build_at(builder, section, number);
    for (size_t i = 0; i < format->column_count; i++) {
        if (strcmp(format->columns[i].name, column) == 0)
            return row + format->columns[i].word;
        /* The second words of ranges and masks. */
        if (strncmp(column, format->columns[i].name, strlen(format->columns[i].name)) == 0 &&
            (strcmp(column + strlen(format->columns[i].name), "_count") == 0 ||
             strcmp(column + strlen(format->columns[i].name), "_hi") == 0))
            return row + format->columns[i].word + 1;
    }
    return NULL;
}
