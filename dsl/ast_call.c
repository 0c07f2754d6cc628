/* Calls of an operation: request, body, paging, what comes back; declared in ast_http.h. */
#include "dsl/ast_http.h"
#include "dsl/parse_state.h"

struct duet_ast_call *duet_ast_call_new(struct duet_parse_state *state)
{
    struct duet_ast_call *call = duet_ast_alloc(state, sizeof *call);
    call->otherwise_at = DUET_SPAN_NONE;
    call->verify_at = DUET_SPAN_NONE;
    return call;
}

struct duet_ast_call *duet_ast_request_new(struct duet_parse_state *state,
                                           enum duet_ast_method method, struct duet_span url_at,
                                           const char *url)
{
    struct duet_ast_call *call = duet_ast_call_new(state);
    call->method = method;
    call->url = duet_ast_text_new(state, url_at, url);
    return call;
}

struct duet_ast_call *duet_ast_request_carries(struct duet_parse_state *state,
                                               struct duet_ast_call *call, struct duet_span at,
                                               struct duet_ast_name_item_list names)
{
    const struct duet_ast_name_item *first = call->carries.first;
    struct duet_span first_at = first == NULL ? DUET_SPAN_NONE : first->name.at;
    if (!duet_ast_twice(state, first != NULL, first_at, at, "carries"))
        call->carries = names;
    return call;
}

struct duet_ast_call *duet_ast_request_when(struct duet_parse_state *state,
                                            struct duet_ast_call *call,
                                            struct duet_ast_condition *when)
{
    struct duet_span first = call->when == NULL ? DUET_SPAN_NONE : call->when->at;
    if (!duet_ast_twice(state, call->when != NULL, first, when->at, "when"))
        call->when = when;
    return call;
}

struct duet_ast_call *duet_ast_request_otherwise(struct duet_parse_state *state,
                                                 struct duet_ast_call *call, struct duet_span at)
{
    bool already = call->otherwise_at.file != DUET_SOURCE_NONE;
    if (!duet_ast_twice(state, already, call->otherwise_at, at, "otherwise"))
        call->otherwise_at = at;
    return call;
}

struct duet_ast_call *duet_ast_call_finish(struct duet_span at, const struct duet_ast_call *request,
                                           struct duet_ast_call *call)
{
    call->at = at;
    call->method = request->method;
    call->url = request->url;
    call->carries = request->carries;
    call->when = request->when;
    call->otherwise_at = request->otherwise_at;
    return call;
}

struct duet_ast_call *duet_ast_call_after(struct duet_parse_state *state, struct duet_span at,
                                          struct duet_ast_call *call, struct duet_span lookup_at,
                                          struct duet_ast_name name, struct duet_ast_call *lookup)
{
    call->at = at;
    call->lookup = duet_ast_alloc(state, sizeof *call->lookup);
    call->lookup->at = lookup_at;
    call->lookup->name = name;
    call->lookup->call = lookup;
    return call;
}

struct duet_ast_call *duet_ast_call_query(struct duet_parse_state *state,
                                          struct duet_ast_call *call, struct duet_ast_json *query)
{
    struct duet_span first = call->query == NULL ? DUET_SPAN_NONE : call->query->at;
    if (!duet_ast_twice(state, call->query != NULL, first, query->at, "query"))
        call->query = query;
    return call;
}

struct duet_ast_call *duet_ast_call_header(struct duet_ast_call *call,
                                           struct duet_ast_header *header)
{
    call->headers = duet_ast_header_list_append(call->headers, header);
    return call;
}

struct duet_ast_call *duet_ast_call_body(struct duet_parse_state *state, struct duet_ast_call *call,
                                         struct duet_ast_body *body)
{
    struct duet_span first = call->body == NULL ? DUET_SPAN_NONE : call->body->at;
    if (!duet_ast_twice(state, call->body != NULL, first, body->at, "body"))
        call->body = body;
    return call;
}

struct duet_ast_call *duet_ast_call_items(struct duet_parse_state *state,
                                          struct duet_ast_call *call, struct duet_ast_path *items)
{
    struct duet_span first = call->items == NULL ? DUET_SPAN_NONE : call->items->at;
    if (!duet_ast_twice(state, call->items != NULL, first, items->at, "items"))
        call->items = items;
    return call;
}

struct duet_ast_call *duet_ast_call_paging(struct duet_parse_state *state,
                                           struct duet_ast_call *call,
                                           struct duet_ast_paging *paging)
{
    struct duet_span first = call->paging == NULL ? DUET_SPAN_NONE : call->paging->at;
    if (!duet_ast_twice(state, call->paging != NULL, first, paging->at, "paging"))
        call->paging = paging;
    return call;
}

struct duet_ast_call *duet_ast_call_returns(struct duet_parse_state *state,
                                            struct duet_ast_call *call, struct duet_span at,
                                            struct duet_ast_name name, struct duet_ast_path *path)
{
    struct duet_ast_return *returns = duet_ast_alloc(state, sizeof *returns);
    returns->at = at;
    returns->name = name;
    returns->path = path;
    call->returns = duet_ast_return_list_append(call->returns, returns);
    return call;
}

struct duet_ast_call *duet_ast_call_result(struct duet_parse_state *state,
                                           struct duet_ast_call *call, struct duet_span at,
                                           struct duet_ast_path *rows, struct duet_ast_path *by,
                                           struct duet_ast_condition *ok_when)
{
    struct duet_span first = call->result == NULL ? DUET_SPAN_NONE : call->result->at;
    if (duet_ast_twice(state, call->result != NULL, first, at, "result"))
        return call;
    call->result = duet_ast_alloc(state, sizeof *call->result);
    call->result->at = at;
    call->result->rows = rows;
    call->result->by = by;
    call->result->ok_when = ok_when;
    return call;
}

struct duet_ast_call *duet_ast_call_batch(struct duet_parse_state *state,
                                          struct duet_ast_call *call, struct duet_span at,
                                          struct duet_ast_integer most,
                                          struct duet_ast_json *element)
{
    struct duet_span first = call->batch == NULL ? DUET_SPAN_NONE : call->batch->at;
    if (duet_ast_twice(state, call->batch != NULL, first, at, "batch"))
        return call;
    call->batch = duet_ast_alloc(state, sizeof *call->batch);
    call->batch->at = at;
    call->batch->most = most;
    call->batch->element = element;
    return call;
}

struct duet_ast_call *duet_ast_call_match(struct duet_parse_state *state,
                                          struct duet_ast_call *call,
                                          struct duet_ast_condition *match)
{
    struct duet_span first = call->match == NULL ? DUET_SPAN_NONE : call->match->at;
    if (!duet_ast_twice(state, call->match != NULL, first, match->at, "match"))
        call->match = match;
    return call;
}

struct duet_ast_call *duet_ast_call_outcome(struct duet_ast_call *call,
                                            struct duet_ast_outcome *outcome)
{
    call->outcomes = duet_ast_outcome_list_append(call->outcomes, outcome);
    return call;
}

struct duet_ast_call *duet_ast_call_failed_text(struct duet_parse_state *state,
                                                struct duet_ast_call *call, struct duet_span at,
                                                struct duet_ast_path_list paths)
{
    const struct duet_ast_path *first = call->failed_text.first;
    struct duet_span first_at = first == NULL ? DUET_SPAN_NONE : first->at;
    if (!duet_ast_twice(state, first != NULL, first_at, at, "failed text"))
        call->failed_text = paths;
    return call;
}

struct duet_ast_call *duet_ast_call_verify(struct duet_parse_state *state,
                                           struct duet_ast_call *call, struct duet_span at)
{
    bool already = call->verify_at.file != DUET_SOURCE_NONE;
    if (!duet_ast_twice(state, already, call->verify_at, at, "verify"))
        call->verify_at = at;
    return call;
}

struct duet_ast_call *duet_ast_call_auth(struct duet_parse_state *state, struct duet_ast_call *call,
                                         struct duet_ast_auth *auth)
{
    struct duet_span first = call->auth == NULL ? DUET_SPAN_NONE : call->auth->at;
    if (!duet_ast_twice(state, call->auth != NULL, first, auth->at, "auth"))
        call->auth = auth;
    return call;
}

/* --- bodies -------------------------------------------------------------------------------------------- */

struct duet_ast_body *duet_ast_body_new(struct duet_parse_state *state, struct duet_span at,
                                        enum duet_ast_body_kind kind, struct duet_ast_json *json)
{
    struct duet_ast_body *body = duet_ast_alloc(state, sizeof *body);
    body->at = at;
    body->kind = kind;
    body->json = json;
    return body;
}

struct duet_ast_body *duet_ast_body_whole(struct duet_parse_state *state, struct duet_span at,
                                          struct duet_ast_name_item_list members)
{
    struct duet_ast_body *body = duet_ast_body_new(state, at, DUET_AST_BODY_WHOLE, NULL);
    body->members = members;
    return body;
}

struct duet_ast_body *duet_ast_body_under(struct duet_parse_state *state, struct duet_span at,
                                          struct duet_ast_path *under)
{
    struct duet_ast_body *body = duet_ast_body_new(state, at, DUET_AST_BODY_CHANGED, NULL);
    body->under = under;
    return body;
}

/* --- paging -------------------------------------------------------------------------------------------- */

static struct duet_ast_paging *paging_new(struct duet_parse_state *state, struct duet_span at,
                                          enum duet_ast_paging_kind kind)
{
    struct duet_ast_paging *paging = duet_ast_alloc(state, sizeof *paging);
    paging->at = at;
    paging->kind = kind;
    paging->parameter = duet_ast_no_name();
    paging->size_parameter = duet_ast_no_name();
    paging->carrier = DUET_AST_IN_UNSAID;
    return paging;
}

struct duet_ast_paging *duet_ast_paging_link(struct duet_parse_state *state, struct duet_span at,
                                             struct duet_ast_path *path)
{
    struct duet_ast_paging *paging = paging_new(state, at, DUET_AST_PAGING_LINK);
    paging->path = path;
    return paging;
}

struct duet_ast_paging *duet_ast_paging_header(struct duet_parse_state *state, struct duet_span at,
                                               struct duet_ast_name name)
{
    struct duet_ast_paging *paging = paging_new(state, at, DUET_AST_PAGING_HEADER);
    paging->parameter = name;
    return paging;
}

struct duet_ast_paging *duet_ast_paging_cursor(struct duet_parse_state *state, struct duet_span at,
                                               struct duet_ast_name name,
                                               struct duet_ast_path *path,
                                               enum duet_ast_carrier carrier)
{
    struct duet_ast_paging *paging = paging_new(state, at, DUET_AST_PAGING_CURSOR);
    paging->parameter = name;
    paging->path = path;
    paging->carrier = carrier;
    return paging;
}

struct duet_ast_paging *duet_ast_paging_counted(struct duet_parse_state *state,
                                                enum duet_ast_paging_kind kind,
                                                struct duet_ast_name name,
                                                struct duet_ast_integer from)
{
    struct duet_ast_paging *paging = paging_new(state, DUET_SPAN_NONE, kind);
    paging->parameter = name;
    paging->from = from;
    return paging;
}

struct duet_ast_paging *duet_ast_paging_size(struct duet_ast_paging *paging,
                                             struct duet_ast_name name,
                                             struct duet_ast_integer size)
{
    paging->size_parameter = name;
    paging->size = size;
    return paging;
}

struct duet_ast_paging *duet_ast_paging_finish(struct duet_span at, struct duet_ast_paging *paging,
                                               struct duet_ast_path *until,
                                               enum duet_ast_carrier carrier)
{
    paging->at = at;
    paging->until = until;
    paging->carrier = carrier;
    return paging;
}
