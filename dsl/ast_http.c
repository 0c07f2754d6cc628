/* A system's http block; single calls are in ast_call.c. */
#include "dsl/ast_http.h"

#include "dsl/parse_state.h"

struct duet_ast_http *duet_ast_http_new(struct duet_parse_state *state)
{
    return duet_ast_alloc(state, sizeof(struct duet_ast_http));
}

struct duet_ast_http *duet_ast_http_base(struct duet_parse_state *state, struct duet_ast_http *http,
                                         struct duet_span at, const char *url)
{
    struct duet_span first = http->base == NULL ? DUET_SPAN_NONE : http->base->at;
    if (!duet_ast_twice(state, http->base != NULL, first, at, "base"))
        http->base = duet_ast_text_new(state, at, url);
    return http;
}

struct duet_ast_http *duet_ast_http_query(struct duet_parse_state *state,
                                          struct duet_ast_http *http, struct duet_ast_json *query)
{
    struct duet_span first = http->query == NULL ? DUET_SPAN_NONE : http->query->at;
    if (!duet_ast_twice(state, http->query != NULL, first, query->at, "query"))
        http->query = query;
    return http;
}

struct duet_ast_http *duet_ast_http_header(struct duet_ast_http *http,
                                           struct duet_ast_header *header)
{
    http->headers = duet_ast_header_list_append(http->headers, header);
    return http;
}

struct duet_ast_http *duet_ast_http_auth(struct duet_parse_state *state, struct duet_ast_http *http,
                                         struct duet_ast_auth *auth)
{
    struct duet_span first = http->auth == NULL ? DUET_SPAN_NONE : http->auth->at;
    if (!duet_ast_twice(state, http->auth != NULL, first, auth->at, "auth"))
        http->auth = auth;
    return http;
}

struct duet_ast_http *duet_ast_http_envelope(struct duet_parse_state *state,
                                             struct duet_ast_http *http,
                                             struct duet_ast_json *envelope)
{
    struct duet_span first = http->envelope == NULL ? DUET_SPAN_NONE : http->envelope->at;
    if (!duet_ast_twice(state, http->envelope != NULL, first, envelope->at, "envelope"))
        http->envelope = envelope;
    return http;
}

struct duet_ast_http *duet_ast_http_outcome(struct duet_ast_http *http,
                                            struct duet_ast_outcome *outcome)
{
    http->outcomes = duet_ast_outcome_list_append(http->outcomes, outcome);
    return http;
}

struct duet_ast_http *duet_ast_http_failed_text(struct duet_parse_state *state,
                                                struct duet_ast_http *http, struct duet_span at,
                                                struct duet_ast_path_list paths)
{
    const struct duet_ast_path *first = http->failed_text.first;
    struct duet_span first_at = first == NULL ? DUET_SPAN_NONE : first->at;
    if (!duet_ast_twice(state, first != NULL, first_at, at, "failed text"))
        http->failed_text = paths;
    return http;
}

struct duet_ast_http *duet_ast_http_overlap(struct duet_parse_state *state,
                                            struct duet_ast_http *http, struct duet_span at,
                                            int64_t milliseconds)
{
    if (!duet_ast_twice(state, http->overlap.given, http->overlap.at, at, "overlap"))
        http->overlap = duet_ast_duration(at, milliseconds);
    return http;
}

struct duet_ast_http *duet_ast_http_quota(struct duet_ast_http *http, struct duet_ast_quota *quota)
{
    http->quotas = duet_ast_quota_list_append(http->quotas, quota);
    return http;
}

struct duet_ast_http *duet_ast_http_operation(struct duet_ast_http *http,
                                              struct duet_ast_operation *operation)
{
    http->operations = duet_ast_operation_list_append(http->operations, operation);
    return http;
}

struct duet_ast_http *duet_ast_http_webhook(struct duet_parse_state *state,
                                            struct duet_ast_http *http, struct duet_span at,
                                            struct duet_ast_assign_list entries)
{
    struct duet_span first = http->webhook == NULL ? DUET_SPAN_NONE : http->webhook->at;
    if (duet_ast_twice(state, http->webhook != NULL, first, at, "webhook"))
        return http;
    http->webhook = duet_ast_alloc(state, sizeof *http->webhook);
    http->webhook->at = at;
    http->webhook->entries = entries;
    return http;
}

struct duet_ast_header *duet_ast_header_new(struct duet_parse_state *state, struct duet_span at,
                                            struct duet_ast_name name, struct duet_span text_at,
                                            const char *text)
{
    struct duet_ast_header *header = duet_ast_alloc(state, sizeof *header);
    header->at = at;
    header->name = name;
    header->text = duet_ast_text_new(state, text_at, text);
    return header;
}

/* --- auth ---------------------------------------------------------------------------------------------- */

struct duet_ast_auth *duet_ast_auth_new(struct duet_parse_state *state)
{
    return duet_ast_alloc(state, sizeof(struct duet_ast_auth));
}

struct duet_ast_auth *duet_ast_auth_entry(struct duet_parse_state *state,
                                          struct duet_ast_auth *auth, struct duet_span at,
                                          struct duet_ast_name name, struct duet_ast_text *text)
{
    struct duet_ast_auth_entry *entry = duet_ast_alloc(state, sizeof *entry);
    entry->at = at;
    entry->name = name;
    entry->text = text;
    auth->entries = duet_ast_auth_entry_list_append(auth->entries, entry);
    return auth;
}

struct duet_ast_auth *duet_ast_auth_word(struct duet_parse_state *state, struct duet_ast_auth *auth,
                                         struct duet_span at, struct duet_ast_name name,
                                         struct duet_ast_name word)
{
    struct duet_ast_text *text = duet_ast_text_word(state, word);
    auth = duet_ast_auth_entry(state, auth, at, name, text);
    auth->entries.last->bare = true;
    return auth;
}

struct duet_ast_auth *duet_ast_auth_claims(struct duet_parse_state *state,
                                           struct duet_ast_auth *auth, struct duet_ast_json *claims)
{
    struct duet_span first = auth->claims == NULL ? DUET_SPAN_NONE : auth->claims->at;
    if (!duet_ast_twice(state, auth->claims != NULL, first, claims->at, "claims"))
        auth->claims = claims;
    return auth;
}

struct duet_ast_auth *duet_ast_auth_finish(struct duet_span at, enum duet_ast_auth_kind kind,
                                           struct duet_ast_auth *auth)
{
    auth->at = at;
    auth->kind = kind;
    return auth;
}

/* --- outcomes, quotas, operations ------------------------------------------------------------------------ */

struct duet_ast_outcome *duet_ast_outcome_new(struct duet_parse_state *state, struct duet_span at,
                                              enum duet_ast_outcome_class class_of,
                                              struct duet_ast_condition *condition)
{
    struct duet_ast_outcome *outcome = duet_ast_alloc(state, sizeof *outcome);
    outcome->at = at;
    outcome->class_of = class_of;
    outcome->condition = condition;
    return outcome;
}

struct duet_ast_quota *duet_ast_quota_new(struct duet_parse_state *state, struct duet_span at,
                                          struct duet_span amount_at, int64_t amount,
                                          struct duet_span per_at, int64_t per)
{
    struct duet_ast_quota *quota = duet_ast_alloc(state, sizeof *quota);
    quota->at = at;
    quota->verb = DUET_AST_VERB_ANY;
    quota->amount = duet_ast_integer(amount_at, amount);
    quota->per = duet_ast_duration(per_at, per);
    return quota;
}

struct duet_ast_quota *duet_ast_quota_of(struct duet_ast_quota *quota, enum duet_ast_verb verb,
                                         struct duet_ast_name noun)
{
    quota->verb = verb;
    quota->noun = noun;
    return quota;
}

struct duet_ast_quota *duet_ast_quota_by(struct duet_ast_quota *quota, struct duet_ast_name by)
{
    quota->by = by;
    return quota;
}

struct duet_ast_operation *duet_ast_operation_one(struct duet_parse_state *state,
                                                  struct duet_span at, enum duet_ast_verb verb,
                                                  struct duet_ast_name noun,
                                                  struct duet_ast_call *call)
{
    struct duet_ast_operation *operation = duet_ast_alloc(state, sizeof *operation);
    operation->at = at;
    operation->verb = verb;
    operation->noun = noun;
    operation->calls = duet_ast_call_list_append(operation->calls, call);
    return operation;
}

struct duet_ast_operation *duet_ast_operation_ordered(struct duet_parse_state *state,
                                                      struct duet_span at, enum duet_ast_verb verb,
                                                      struct duet_ast_name noun,
                                                      struct duet_ast_call_list calls)
{
    struct duet_ast_operation *operation = duet_ast_alloc(state, sizeof *operation);
    operation->at = at;
    operation->verb = verb;
    operation->noun = noun;
    operation->in_order = true;
    operation->calls = calls;
    return operation;
}
