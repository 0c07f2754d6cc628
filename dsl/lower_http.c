/* How a side's system is spoken to: templates, auth, quotas, operations, webhook. */
#include <string.h>

#include "dsl/arena.h"
#include "dsl/lower_parts.h"
#include "dsl/names.h"

static struct duet_lower_range lower_headers(struct duet_lower *lower,
                                             const struct duet_m_place *place,
                                             const struct duet_ast_header_list *headers)
{
    struct duet_lower_range range = { duet_build_count(lower->builder, DUET_SECTION_HEADER), 0 };
    for (const struct duet_ast_header *header = headers->first; header; header = header->next) {
        struct duet_lower_range value = duet_lower_text(lower, place, header->text);
        struct duet_t_header row = { .name = duet_lower_str(lower, header->name.text),
                                     .value = value.first,
                                     .value_count = value.count };
        duet_build_row(lower->builder, DUET_SECTION_HEADER, &row);
        range.count++;
    }
    return range;
}

/* --- auth ------------------------------------------------------------------------------------- */

static enum duet_auth_kind auth_kind(enum duet_ast_auth_kind kind)
{
    switch (kind) {
    case DUET_AST_AUTH_OAUTH2:
        return DUET_AUTH_OAUTH2;
    case DUET_AST_AUTH_HEADER:
        return DUET_AUTH_HEADER;
    case DUET_AST_AUTH_BEARER:
        return DUET_AUTH_BEARER;
    case DUET_AST_AUTH_BASIC:
        return DUET_AUTH_BASIC;
    case DUET_AST_AUTH_JWT:
        return DUET_AUTH_JWT;
    }
    return DUET_AUTH_HEADER;
}

static uint32_t lower_auth(struct duet_lower *lower, struct duet_m_place place,
                           const struct duet_ast_auth *auth)
{
    if (!auth)
        return DUET_NONE;
    place.auth = true;
    struct duet_t_auth row = { .kind = (uint32_t)auth_kind(auth->kind),
                               .params =
                                   duet_build_count(lower->builder, DUET_SECTION_AUTH_PARAM) };
    for (const struct duet_ast_auth_entry *entry = auth->entries.first; entry;
         entry = entry->next) {
        struct duet_lower_range value = duet_lower_text(lower, &place, entry->text);
        struct duet_t_auth_param param = { .name = duet_lower_str(lower, entry->name.text),
                                           .value = value.first,
                                           .value_count = value.count };
        duet_build_row(lower->builder, DUET_SECTION_AUTH_PARAM, &param);
        row.params_count++;
    }
    row.claims = duet_lower_json(lower, &place, auth->claims);
    return duet_build_row(lower->builder, DUET_SECTION_AUTH, &row);
}

/* --- what answers mean ------------------------------------------------------------------------ */

static enum duet_answer answer_of(enum duet_ast_outcome_class class_of)
{
    switch (class_of) {
    case DUET_AST_OUTCOME_OK:
        return DUET_ANSWER_OK;
    case DUET_AST_OUTCOME_STALE:
        return DUET_ANSWER_STALE;
    case DUET_AST_OUTCOME_GONE:
        return DUET_ANSWER_GONE;
    case DUET_AST_OUTCOME_THROTTLED:
        return DUET_ANSWER_THROTTLED;
    case DUET_AST_OUTCOME_REFUSED:
        return DUET_ANSWER_REFUSED;
    case DUET_AST_OUTCOME_TRANSIENT:
        return DUET_ANSWER_TRANSIENT;
    case DUET_AST_OUTCOME_DENIED:
        return DUET_ANSWER_DENIED;
    }
    return DUET_ANSWER_OK;
}

static struct duet_lower_range lower_classes(struct duet_lower *lower,
                                             const struct duet_ast_outcome_list *outcomes)
{
    const struct duet_scope scope = { .kind = DUET_SCOPE_ANSWER };
    struct duet_lower_range range = { duet_build_count(lower->builder, DUET_SECTION_CLASS), 0 };
    for (const struct duet_ast_outcome *outcome = outcomes->first; outcome;
         outcome = outcome->next) {
        struct duet_t_class row = {
            .answer = (uint32_t)answer_of(outcome->class_of),
            .when = duet_lower_expr(
                lower, duet_checker_condition(lower->check, &scope, outcome->condition)),
        };
        duet_build_row(lower->builder, DUET_SECTION_CLASS, &row);
        range.count++;
    }
    return range;
}

/* --- paging ----------------------------------------------------------------------------------- */

static enum duet_page_kind page_kind(enum duet_ast_paging_kind kind)
{
    switch (kind) {
    case DUET_AST_PAGING_LINK:
        return DUET_PAGE_LINK;
    case DUET_AST_PAGING_HEADER:
        return DUET_PAGE_HEADER_LINK;
    case DUET_AST_PAGING_PAGE:
        return DUET_PAGE_INDEX;
    case DUET_AST_PAGING_OFFSET:
        return DUET_PAGE_OFFSET;
    case DUET_AST_PAGING_CURSOR:
        return DUET_PAGE_CURSOR;
    }
    return DUET_PAGE_LINK;
}

/* Unsaid, the parameters of a request with a body stand there. */
static enum duet_page_place page_place(const struct duet_ast_call *call)
{
    switch (call->paging->carrier) {
    case DUET_AST_IN_QUERY:
        return DUET_PAGE_IN_QUERY;
    case DUET_AST_IN_BODY:
        return DUET_PAGE_IN_BODY;
    case DUET_AST_IN_UNSAID:
        break;
    }
    return call->method == DUET_AST_METHOD_GET || !call->body ? DUET_PAGE_IN_QUERY
                                                              : DUET_PAGE_IN_BODY;
}

static uint32_t lower_paging(struct duet_lower *lower, const struct duet_ast_call *call)
{
    const struct duet_ast_paging *paging = call->paging;
    if (!paging)
        return DUET_NONE;
    struct duet_t_page row = {
        .kind = (uint32_t)page_kind(paging->kind),
        .name = duet_lower_str(lower, paging->parameter.text),
        .where = (uint32_t)page_place(call),
        .from = paging->from.given ? (uint32_t)paging->from.value : 0,
        .size = paging->size.given ? (uint32_t)paging->size.value : 0,
        .size_name = duet_lower_str(lower, paging->size_parameter.text),
        .until = duet_lower_path(lower, paging->until),
        .at = duet_lower_path(lower, paging->path),
    };
    return duet_build_row(lower->builder, DUET_SECTION_PAGE, &row);
}

/* --- calls ------------------------------------------------------------------------------------ */

static const char *method_name(enum duet_ast_method method)
{
    switch (method) {
    case DUET_AST_METHOD_GET:
        return "GET";
    case DUET_AST_METHOD_POST:
        return "POST";
    case DUET_AST_METHOD_PUT:
        return "PUT";
    case DUET_AST_METHOD_PATCH:
        return "PATCH";
    case DUET_AST_METHOD_DELETE:
        return "DELETE";
    }
    return "GET";
}

static void lower_body(struct duet_lower *lower, const struct duet_m_place *place,
                       struct duet_t_op *row)
{
    const struct duet_ast_body *body = place->call->body;
    row->body_kind = DUET_BODY_NONE;
    row->body = DUET_NONE;
    row->under = DUET_NONE;
    if (!body)
        return;
    row->body = duet_lower_json(lower, place, body->json);
    row->under = duet_lower_path(lower, body->under);
    if (row->body != DUET_NONE)
        row->body_kind = DUET_BODY_JSON;
    else
        row->body_kind = body->kind == DUET_AST_BODY_WHOLE ? DUET_BODY_WHOLE : DUET_BODY_CHANGED;
    row->whole = duet_build_count(lower->builder, DUET_SECTION_NAME);
    for (const struct duet_ast_name_item *item = body->members.first; item; item = item->next) {
        struct duet_t_name name = { .text = duet_lower_str(lower, item->name.text) };
        duet_build_row(lower->builder, DUET_SECTION_NAME, &name);
        row->whole_count++;
    }
}

static void lower_returns(struct duet_lower *lower, const struct duet_m_place *place,
                          struct duet_t_op *row)
{
    row->returns = duet_build_count(lower->builder, DUET_SECTION_RETURN);
    for (const struct duet_ast_return *ret = place->call->returns.first; ret; ret = ret->next) {
        const struct duet_ast_step step = { .name = ret->name };
        struct duet_t_return built = {
            .field = duet_lower_field(lower, place->record->side,
                                      duet_names_field(place->record, &step)),
            .path = duet_lower_path(lower, ret->path),
        };
        duet_build_row(lower->builder, DUET_SECTION_RETURN, &built);
        row->returns_count++;
    }
}

static void lower_batch(struct duet_lower *lower, const struct duet_m_place *place,
                        struct duet_t_op *row)
{
    const struct duet_ast_batch *batch = place->call->batch;
    struct duet_m_place item = *place;
    item.item = true;
    row->batch = batch ? (uint32_t)batch->most.value : 0;
    row->batch_item = duet_lower_json(lower, &item, batch ? batch->element : NULL);
}

static void lower_result(struct duet_lower *lower, const struct duet_scope *scope,
                         const struct duet_ast_call *call, struct duet_t_op *row)
{
    const struct duet_ast_result *result = call->result;
    row->result = duet_lower_path(lower, result ? result->rows : NULL);
    row->result_key = duet_lower_path(lower, result ? result->by : NULL);
    row->result_ok = duet_lower_expr(
        lower, result ? duet_checker_condition(lower->check, scope, result->ok_when) : NULL);
    row->match = duet_lower_expr(lower, duet_checker_condition(lower->check, scope, call->match));
}

static void lower_conditions(struct duet_lower *lower, const struct duet_m_place *place,
                             struct duet_t_op *row)
{
    struct duet_scope rows = { .kind = DUET_SCOPE_ROW,
                               .side = place->record->side,
                               .noun = place->record->ast->name.text };
    struct duet_scope own = { .kind = DUET_SCOPE_RECORD, .side = place->record->side };
    rows.records[rows.side] = place->record;
    own.records[own.side] = place->record;
    row->carry_when =
        duet_lower_expr(lower, duet_checker_condition(lower->check, &own, place->call->when));
    lower_result(lower, &rows, place->call, row);
    struct duet_lower_range classes = lower_classes(lower, &place->call->outcomes);
    row->classes = classes.first;
    row->classes_count = classes.count;
    struct duet_lower_range failed = duet_lower_paths(lower, &place->call->failed_text);
    row->failed_text = failed.first;
    row->failed_text_count = failed.count;
}

/* One row, of what may be several: `carries` and `section` say which part of the call it is. */
static void lower_call_row(struct duet_lower *lower, const struct duet_m_place *place,
                           uint32_t lookup, uint64_t carries, const char *section)
{
    const struct duet_ast_call *call = place->call;
    struct duet_lower_range url = duet_lower_text(lower, place, call->url);
    struct duet_lower_range headers = lower_headers(lower, place, &call->headers);
    struct duet_t_op row = {
        .kind = (uint32_t)place->kind,
        .method = duet_lower_str(lower, method_name(call->method)),
        .url = url.first,
        .url_count = url.count,
        .query = duet_lower_json(lower, place, call->query),
        .headers = headers.first,
        .headers_count = headers.count,
        .section = duet_lower_str(lower, section),
        .carries_lo = (uint32_t)(carries & 0xffffffffU),
        .carries_hi = (uint32_t)(carries >> 32),
        .items = duet_lower_path(lower, call->items),
        .page = lower_paging(lower, call),
        .verify = call->verify_at.file != DUET_SOURCE_NONE,
        .lookup = lookup,
        .file = duet_lower_file(lower, call->at),
        .line = duet_lower_line(lower, call->at),
    };
    lower_body(lower, place, &row);
    lower_returns(lower, place, &row);
    lower_batch(lower, place, &row);
    lower_conditions(lower, place, &row);
    row.auth = lower_auth(lower, *place, call->auth);
    duet_build_row(lower->builder, DUET_SECTION_OP, &row);
}

static void lower_call(struct duet_lower *lower, const struct duet_m_record *record,
                       enum duet_op_kind kind, const struct duet_ast_call *call)
{
    struct duet_m_place place = { .record = record, .call = call, .kind = kind };
    uint32_t lookup = DUET_NONE;
    if (call->lookup) {
        struct duet_m_place inner = { .record = record,
                                      .call = call->lookup->call,
                                      .kind = DUET_OP_LOOKUP };
        lookup = duet_build_count(lower->builder, DUET_SECTION_OP);
        lower_call_row(lower, &inner, DUET_NONE, 0, NULL);
    }
    uint64_t carries = duet_checker_carries(record, kind, call);
    if (kind != DUET_OP_WRITE || !duet_checker_in_sections(record, carries)) {
        lower_call_row(lower, &place, lookup, carries, NULL);
        return;
    }
    /* A section is one request, whatever a call carries of others. */
    while (carries) {
        const char *section = NULL;
        uint64_t part = 0;
        for (uint32_t i = 0; i < record->count; i++) {
            if (!(carries & duet_bit(i)))
                continue;
            if (!section)
                section = record->fields[i].section;
            if (strcmp(section, record->fields[i].section) == 0)
                part |= duet_bit(i);
        }
        lower_call_row(lower, &place, lookup, part, section);
        carries &= ~part;
    }
}

/* --- the whole block -------------------------------------------------------------------------- */

static void lower_quotas(struct duet_lower *lower, const struct duet_ast_system *system,
                         struct duet_t_side *row)
{
    row->quotas = duet_build_count(lower->builder, DUET_SECTION_QUOTA);
    for (const struct duet_ast_quota *quota = system->http->quotas.first; quota;
         quota = quota->next) {
        struct duet_t_quota built = {
            .what = (uint32_t)duet_checker_op_kind(system, quota->verb, quota->noun.text),
            .count = (uint32_t)quota->amount.value,
            .per_ms = (uint32_t)quota->per.milliseconds,
            .by = duet_lower_str(lower, quota->by.text),
        };
        duet_build_row(lower->builder, DUET_SECTION_QUOTA, &built);
        row->quotas_count++;
    }
}

static uint32_t lower_webhook(struct duet_lower *lower, const struct duet_ast_webhook *webhook)
{
    if (!webhook)
        return DUET_NONE;
    struct duet_t_webhook row = { .event = DUET_NONE,
                                  .signal = DUET_NONE,
                                  .data = DUET_NONE,
                                  .header = duet_lower_str(lower, "X-Api-Key"),
                                  .secret = DUET_NONE };
    for (const struct duet_ast_assign *entry = webhook->entries.first; entry; entry = entry->next) {
        const char *name = entry->path->text;
        const char *word = duet_ast_value_word(entry->value);
        if (duet_names_same(name, "key"))
            row.key = duet_lower_value_path(lower, entry->value);
        else if (duet_names_same(name, "event"))
            row.event = duet_lower_value_path(lower, entry->value);
        else if (duet_names_same(name, "data"))
            row.data = duet_lower_value_path(lower, entry->value);
        else if (duet_names_same(name, "signal"))
            row.signal = duet_lower_str(lower, word);
        else if (duet_names_same(name, "header"))
            row.header = duet_lower_str(lower, word);
        else if (duet_names_same(name, "secret"))
            row.secret = duet_lower_str(lower, word);
    }
    return duet_build_row(lower->builder, DUET_SECTION_WEBHOOK, &row);
}

static void lower_operations(struct duet_lower *lower, const struct duet_m_record *record,
                             struct duet_t_side *row)
{
    row->ops = duet_build_count(lower->builder, DUET_SECTION_OP);
    for (const struct duet_ast_operation *operation = record->system->http->operations.first;
         operation; operation = operation->next) {
        if (!duet_checker_op_is_of(record, operation))
            continue;
        enum duet_op_kind kind =
            duet_checker_op_kind(record->system, operation->verb, operation->noun.text);
        for (const struct duet_ast_call *call = operation->calls.first; call; call = call->next)
            lower_call(lower, record, kind, call);
    }
    row->ops_count = duet_build_count(lower->builder, DUET_SECTION_OP) - row->ops;
}

void duet_lower_http(struct duet_lower *lower, enum duet_side side, struct duet_t_side *row)
{
    const struct duet_m_record *record = lower->mapping->records[side];
    const struct duet_ast_http *http = record->system->http;
    const struct duet_m_place place = { .record = record };
    struct duet_m_place envelope = place;
    envelope.envelope = true;
    row->query = row->envelope = row->auth = row->webhook = DUET_NONE;
    if (!http)
        return;

    struct duet_lower_range base = duet_lower_text(lower, &place, http->base);
    struct duet_lower_range headers = lower_headers(lower, &place, &http->headers);
    struct duet_lower_range classes = lower_classes(lower, &http->outcomes);
    struct duet_lower_range failed = duet_lower_paths(lower, &http->failed_text);
    row->base = base.first;
    row->base_count = base.count;
    row->headers = headers.first;
    row->headers_count = headers.count;
    row->classes = classes.first;
    row->classes_count = classes.count;
    row->failed_text = failed.first;
    row->failed_text_count = failed.count;
    row->query = duet_lower_json(lower, &place, http->query);
    row->envelope = duet_lower_json(lower, &envelope, http->envelope);
    row->auth = lower_auth(lower, place, http->auth);
    row->overlap_ms = http->overlap.given ? (uint32_t)http->overlap.milliseconds : 0;
    lower_quotas(lower, record->system, row);
    lower_operations(lower, record, row);
    row->webhook = lower_webhook(lower, http->webhook);
}
