/* How the two sample systems are spoken to. */
#include "tests/support/sample_parts.h"

static struct duet_t_op op_of(struct sample *s, enum duet_op_kind kind, const char *method)
{
    return (struct duet_t_op){ .kind = kind,
                               .method = sample_str(s, method),
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
                               .file = sample_str(s, "sample.duet"),
                               .line = 3 };
}

static void url(struct sample *s, struct duet_t_op *op, const char *text, enum duet_ref ref)
{
    op->url = sample_piece(s, DUET_REF_LITERAL, text, NONE);
    op->url_count = 1;
    if (ref != DUET_REF_LITERAL) {
        sample_piece(s, ref, NULL, NONE);
        op->url_count = 2;
    }
}

uint32_t sample_answer_class(struct sample *s, enum duet_answer answer, int64_t http_status)
{
    uint32_t number = sample_number_leaf(s, http_status);
    uint32_t when =
        sample_join(s, DUET_EXPR_EQ, sample_path_leaf(s, DUET_ROOT_STATUS, NULL), number);
    return sample_add(s, DUET_SECTION_CLASS,
                      &(struct duet_t_class){ .answer = answer, .when = when });
}

void sample_left_ops(struct sample *s)
{
    struct duet_t_op changed = op_of(s, DUET_OP_CHANGED, "GET");
    url(s, &changed, "/incidents", DUET_REF_LITERAL);
    uint32_t since = sample_value_json(s, "since", DUET_REF_SINCE, NONE);
    sample_text_json(s, "order", "asc");
    changed.query = sample_object(s, NULL, since, 2);
    changed.items = sample_path(s, "value");
    struct duet_t_page link = { .kind = DUET_PAGE_LINK,
                                .name = NONE,
                                .size_name = NONE,
                                .until = NONE,
                                .at = sample_path(s, "nextLink") };
    changed.page = sample_add(s, DUET_SECTION_PAGE, &link);
    sample_add(s, DUET_SECTION_OP, &changed);

    struct duet_t_op write = op_of(s, DUET_OP_WRITE, "PUT");
    url(s, &write, "/incidents/", DUET_REF_KEY);
    write.headers = sample_count(s, DUET_SECTION_HEADER);
    write.headers_count = 1;
    struct duet_t_header if_match = { .name = sample_str(s, "If-Match"),
                                      .value = sample_piece(s, DUET_REF_VERSION, NULL, NONE),
                                      .value_count = 1 };
    sample_add(s, DUET_SECTION_HEADER, &if_match);
    write.body_kind = DUET_BODY_WHOLE;
    write.whole = sample_add(s, DUET_SECTION_NAME,
                             &(struct duet_t_name){ .text = sample_str(s, "properties") });
    write.whole_count = 1;
    write.carries_lo = (1U << SAMPLE_RIGHT_KEY) - 1;
    write.classes = sample_answer_class(s, DUET_ANSWER_STALE, 409);
    write.classes_count = 1;
    write.verify = 1;
    sample_add(s, DUET_SECTION_OP, &write);

    struct duet_t_op note = op_of(s, DUET_OP_ADD_NOTE, "PUT");
    url(s, &note, "/comments/", DUET_REF_NOTE_UUID);
    note.body_kind = DUET_BODY_JSON;
    note.body =
        sample_object(s, NULL, sample_value_json(s, "message", DUET_REF_NOTE_TEXT, NONE), 1);
    sample_add(s, DUET_SECTION_OP, &note);
}

void sample_right_ops(struct sample *s)
{
    struct duet_t_op lookup = op_of(s, DUET_OP_LOOKUP, "GET");
    url(s, &lookup, "/moves", DUET_REF_LITERAL);
    lookup.items = sample_path(s, "moves");
    uint32_t first = sample_add(s, DUET_SECTION_OP, &lookup);

    struct duet_t_op changed = op_of(s, DUET_OP_CHANGED, "POST");
    url(s, &changed, "/list", DUET_REF_LITERAL);
    changed.items = sample_path(s, "rows");
    struct duet_t_page index = { .kind = DUET_PAGE_INDEX,
                                 .name = sample_str(s, "page"),
                                 .where = DUET_PAGE_IN_BODY,
                                 .size = 200,
                                 .size_name = sample_str(s, "rows"),
                                 .until = sample_path(s, "pages"),
                                 .at = NONE };
    changed.page = sample_add(s, DUET_SECTION_PAGE, &index);
    changed.body_kind = DUET_BODY_JSON;
    uint32_t page = sample_value_json(s, "page", DUET_REF_PAGE, NONE);
    sample_value_json(s, "rows", DUET_REF_SIZE, NONE);
    changed.body = sample_object(s, NULL, page, 2);
    sample_add(s, DUET_SECTION_OP, &changed);

    struct duet_t_op move = op_of(s, DUET_OP_WRITE, "POST");
    url(s, &move, "/move", DUET_REF_LITERAL);
    move.lookup = first;
    uint32_t status = sample_field_leaf(s, SAMPLE_RIGHT_STATUS);
    move.match = sample_join(s, DUET_EXPR_EQ, sample_path_leaf(s, DUET_ROOT_ROW, "to"), status);
    move.carries_lo = (uint32_t)sample_number_of(SAMPLE_RIGHT_STATUS);
    move.carry_when =
        sample_expr(s, (struct duet_t_expr){ .op = DUET_EXPR_CHANGED,
                                             .left = sample_leaf(s, DUET_EXPR_CLOSED, DUET_RIGHT),
                                             .right = NONE,
                                             .field = NONE,
                                             .path = NONE,
                                             .text = NONE });
    move.body_kind = DUET_BODY_JSON;
    struct duet_t_json id = sample_json_of(DUET_JSON_VALUE, sample_str(s, "id"));
    id.pieces = sample_piece(s, DUET_REF_FOUND, "id", NONE);
    id.pieces_count = 1;
    move.body = sample_object(s, NULL, sample_add(s, DUET_SECTION_JSON, &id), 1);
    sample_add(s, DUET_SECTION_OP, &move);

    struct duet_t_op write = op_of(s, DUET_OP_WRITE, "POST");
    url(s, &write, "/write", DUET_REF_LITERAL);
    write.section = sample_str(s, "Form");
    write.batch = 100;
    uint32_t members = sample_value_json(s, "Number", DUET_REF_KEY, NONE);
    sample_value_json(s, "Input", DUET_REF_FIELDS, NONE);
    sample_value_json(s, "Section", DUET_REF_SECTION, NONE);
    write.batch_item = sample_object(s, NULL, members, 3);
    write.body_kind = DUET_BODY_JSON;
    write.body = sample_object(s, NULL, sample_value_json(s, "Batch", DUET_REF_BATCH, NONE), 1);
    write.result = sample_path(s, "data");
    write.result_key = sample_path(s, "Number");
    uint32_t start = sample_text_leaf(s, "Succe");
    write.result_ok =
        sample_join(s, DUET_EXPR_STARTS_WITH, sample_path_leaf(s, DUET_ROOT_ROW, "Result"), start);
    write.carries_lo = (1U << (SAMPLE_FIELDS - SAMPLE_RIGHT_KEY)) - 1;
    sample_add(s, DUET_SECTION_OP, &write);

    struct duet_t_op create = op_of(s, DUET_OP_CREATE, "POST");
    url(s, &create, "/create", DUET_REF_LITERAL);
    create.body_kind = DUET_BODY_JSON;
    uint32_t title = sample_value_json(s, "Title", DUET_REF_FIELD, SAMPLE_RIGHT_TITLE);
    sample_value_json(s, "Claim", DUET_REF_CLAIM, NONE);
    create.body = sample_object(s, NULL, title, 2);
    create.returns = sample_add(s, DUET_SECTION_RETURN,
                                &(struct duet_t_return){ .field = SAMPLE_RIGHT_KEY,
                                                         .path = sample_path(s, "data.Number") });
    create.returns_count = 1;
    create.failed_text = sample_path(s, "error");
    create.failed_text_count = 1;
    sample_add(s, DUET_SECTION_OP, &create);
}

uint32_t sample_left_auth(struct sample *s)
{
    struct duet_t_auth auth = { .kind = DUET_AUTH_OAUTH2,
                                .params = sample_count(s, DUET_SECTION_AUTH_PARAM),
                                .params_count = 2,
                                .claims = NONE };
    struct duet_t_auth_param token = { .name = sample_str(s, "token"),
                                       .value = sample_piece(s, DUET_REF_SETTING, "login", NONE),
                                       .value_count = 1 };
    sample_add(s, DUET_SECTION_AUTH_PARAM, &token);
    struct duet_t_auth_param secret = { .name = sample_str(s, "client_secret"),
                                        .value = sample_piece(s, DUET_REF_SETTING, "secret", NONE),
                                        .value_count = 1 };
    sample_add(s, DUET_SECTION_AUTH_PARAM, &secret);
    return sample_add(s, DUET_SECTION_AUTH, &auth);
}

uint32_t sample_right_auth(struct sample *s)
{
    struct duet_t_auth auth = { .kind = DUET_AUTH_JWT,
                                .params = sample_count(s, DUET_SECTION_AUTH_PARAM),
                                .params_count = 1 };
    struct duet_t_auth_param key = { .name = sample_str(s, "secret"),
                                     .value = sample_piece(s, DUET_REF_SETTING, "key", NONE),
                                     .value_count = 1 };
    sample_add(s, DUET_SECTION_AUTH_PARAM, &key);
    auth.claims = sample_object(s, NULL, sample_text_json(s, "user", "sync"), 1);
    return sample_add(s, DUET_SECTION_AUTH, &auth);
}
