/* Constructors of a system's http block. As in ast_value.h; what may stand once and stands twice is
 * reported, and the first one stays. */
#pragma once

#include "dsl/ast_system.h"

DUET_AST_APPEND(auth_entry)
DUET_AST_APPEND(outcome)
DUET_AST_APPEND(header)
DUET_AST_APPEND(quota)
DUET_AST_APPEND(return )
DUET_AST_APPEND(call)
DUET_AST_APPEND(operation)

struct duet_ast_http *duet_ast_http_new(struct duet_parse_state *state);
struct duet_ast_http *duet_ast_http_base(struct duet_parse_state *state, struct duet_ast_http *http,
                                         struct duet_span at, const char *url);
struct duet_ast_http *duet_ast_http_query(struct duet_parse_state *state,
                                          struct duet_ast_http *http, struct duet_ast_json *query);
struct duet_ast_http *duet_ast_http_header(struct duet_ast_http *http,
                                           struct duet_ast_header *header);
struct duet_ast_http *duet_ast_http_auth(struct duet_parse_state *state, struct duet_ast_http *http,
                                         struct duet_ast_auth *auth);
struct duet_ast_http *duet_ast_http_envelope(struct duet_parse_state *state,
                                             struct duet_ast_http *http,
                                             struct duet_ast_json *envelope);
struct duet_ast_http *duet_ast_http_outcome(struct duet_ast_http *http,
                                            struct duet_ast_outcome *outcome);
struct duet_ast_http *duet_ast_http_failed_text(struct duet_parse_state *state,
                                                struct duet_ast_http *http, struct duet_span at,
                                                struct duet_ast_path_list paths);
struct duet_ast_http *duet_ast_http_overlap(struct duet_parse_state *state,
                                            struct duet_ast_http *http, struct duet_span at,
                                            int64_t milliseconds);
struct duet_ast_http *duet_ast_http_quota(struct duet_ast_http *http, struct duet_ast_quota *quota);
struct duet_ast_http *duet_ast_http_operation(struct duet_ast_http *http,
                                              struct duet_ast_operation *operation);
struct duet_ast_http *duet_ast_http_webhook(struct duet_parse_state *state,
                                            struct duet_ast_http *http, struct duet_span at,
                                            struct duet_ast_assign_list entries);

struct duet_ast_header *duet_ast_header_new(struct duet_parse_state *state, struct duet_span at,
                                            struct duet_ast_name name, struct duet_span text_at,
                                            const char *text);

/* Entries are gathered first; finish says which kind it is. */
struct duet_ast_auth *duet_ast_auth_new(struct duet_parse_state *state);
struct duet_ast_auth *duet_ast_auth_entry(struct duet_parse_state *state,
                                          struct duet_ast_auth *auth, struct duet_span at,
                                          struct duet_ast_name name, struct duet_ast_text *text);
struct duet_ast_auth *duet_ast_auth_word(struct duet_parse_state *state, struct duet_ast_auth *auth,
                                         struct duet_span at, struct duet_ast_name name,
                                         struct duet_ast_name word);
struct duet_ast_auth *duet_ast_auth_claims(struct duet_parse_state *state,
                                           struct duet_ast_auth *auth,
                                           struct duet_ast_json *claims);
struct duet_ast_auth *duet_ast_auth_finish(struct duet_span at, enum duet_ast_auth_kind kind,
                                           struct duet_ast_auth *auth);

struct duet_ast_outcome *duet_ast_outcome_new(struct duet_parse_state *state, struct duet_span at,
                                              enum duet_ast_outcome_class class_of,
                                              struct duet_ast_condition *condition);

struct duet_ast_quota *duet_ast_quota_new(struct duet_parse_state *state, struct duet_span at,
                                          struct duet_span amount_at, int64_t amount,
                                          struct duet_span per_at, int64_t per);
struct duet_ast_quota *duet_ast_quota_of(struct duet_ast_quota *quota, enum duet_ast_verb verb,
                                         struct duet_ast_name noun);
struct duet_ast_quota *duet_ast_quota_by(struct duet_ast_quota *quota, struct duet_ast_name by);

struct duet_ast_operation *duet_ast_operation_one(struct duet_parse_state *state,
                                                  struct duet_span at, enum duet_ast_verb verb,
                                                  struct duet_ast_name noun,
                                                  struct duet_ast_call *call);
struct duet_ast_operation *duet_ast_operation_ordered(struct duet_parse_state *state,
                                                      struct duet_span at, enum duet_ast_verb verb,
                                                      struct duet_ast_name noun,
                                                      struct duet_ast_call_list calls);

/* A request is a call's head; call_finish puts head and body together (both may be the same). */
struct duet_ast_call *duet_ast_request_new(struct duet_parse_state *state,
                                           enum duet_ast_method method, struct duet_span url_at,
                                           const char *url);
struct duet_ast_call *duet_ast_request_carries(struct duet_parse_state *state,
                                               struct duet_ast_call *call, struct duet_span at,
                                               struct duet_ast_name_item_list names);
struct duet_ast_call *duet_ast_request_when(struct duet_parse_state *state,
                                            struct duet_ast_call *call,
                                            struct duet_ast_condition *when);
struct duet_ast_call *duet_ast_request_otherwise(struct duet_parse_state *state,
                                                 struct duet_ast_call *call, struct duet_span at);
struct duet_ast_call *duet_ast_call_new(struct duet_parse_state *state);
struct duet_ast_call *duet_ast_call_finish(struct duet_span at, const struct duet_ast_call *request,
                                           struct duet_ast_call *call);
/* The call is done after a lookup that is known by this name. */
struct duet_ast_call *duet_ast_call_after(struct duet_parse_state *state, struct duet_span at,
                                          struct duet_ast_call *call, struct duet_span lookup_at,
                                          struct duet_ast_name name, struct duet_ast_call *lookup);
struct duet_ast_call *duet_ast_call_query(struct duet_parse_state *state,
                                          struct duet_ast_call *call, struct duet_ast_json *query);
struct duet_ast_call *duet_ast_call_header(struct duet_ast_call *call,
                                           struct duet_ast_header *header);
struct duet_ast_call *duet_ast_call_body(struct duet_parse_state *state, struct duet_ast_call *call,
                                         struct duet_ast_body *body);
struct duet_ast_call *duet_ast_call_items(struct duet_parse_state *state,
                                          struct duet_ast_call *call, struct duet_ast_path *items);
struct duet_ast_call *duet_ast_call_paging(struct duet_parse_state *state,
                                           struct duet_ast_call *call,
                                           struct duet_ast_paging *paging);
struct duet_ast_call *duet_ast_call_returns(struct duet_parse_state *state,
                                            struct duet_ast_call *call, struct duet_span at,
                                            struct duet_ast_name name, struct duet_ast_path *path);
struct duet_ast_call *duet_ast_call_result(struct duet_parse_state *state,
                                           struct duet_ast_call *call, struct duet_span at,
                                           struct duet_ast_path *rows, struct duet_ast_path *by,
                                           struct duet_ast_condition *ok_when);
struct duet_ast_call *duet_ast_call_batch(struct duet_parse_state *state,
                                          struct duet_ast_call *call, struct duet_span at,
                                          struct duet_ast_integer most,
                                          struct duet_ast_json *element);
struct duet_ast_call *duet_ast_call_match(struct duet_parse_state *state,
                                          struct duet_ast_call *call,
                                          struct duet_ast_condition *match);
struct duet_ast_call *duet_ast_call_outcome(struct duet_ast_call *call,
                                            struct duet_ast_outcome *outcome);
struct duet_ast_call *duet_ast_call_failed_text(struct duet_parse_state *state,
                                                struct duet_ast_call *call, struct duet_span at,
                                                struct duet_ast_path_list paths);
struct duet_ast_call *duet_ast_call_verify(struct duet_parse_state *state,
                                           struct duet_ast_call *call, struct duet_span at);
struct duet_ast_call *duet_ast_call_auth(struct duet_parse_state *state, struct duet_ast_call *call,
                                         struct duet_ast_auth *auth);

struct duet_ast_body *duet_ast_body_new(struct duet_parse_state *state, struct duet_span at,
                                        enum duet_ast_body_kind kind, struct duet_ast_json *json);
struct duet_ast_body *duet_ast_body_whole(struct duet_parse_state *state, struct duet_span at,
                                          struct duet_ast_name_item_list members);
struct duet_ast_body *duet_ast_body_under(struct duet_parse_state *state, struct duet_span at,
                                          struct duet_ast_path *under);

struct duet_ast_paging *duet_ast_paging_link(struct duet_parse_state *state, struct duet_span at,
                                             struct duet_ast_path *path);
struct duet_ast_paging *duet_ast_paging_header(struct duet_parse_state *state, struct duet_span at,
                                               struct duet_ast_name name);
struct duet_ast_paging *duet_ast_paging_cursor(struct duet_parse_state *state, struct duet_span at,
                                               struct duet_ast_name name,
                                               struct duet_ast_path *path,
                                               enum duet_ast_carrier carrier);
struct duet_ast_paging *duet_ast_paging_counted(struct duet_parse_state *state,
                                                enum duet_ast_paging_kind kind,
                                                struct duet_ast_name name,
                                                struct duet_ast_integer from);
struct duet_ast_paging *duet_ast_paging_size(struct duet_ast_paging *paging,
                                             struct duet_ast_name name,
                                             struct duet_ast_integer size);
struct duet_ast_paging *duet_ast_paging_finish(struct duet_span at, struct duet_ast_paging *paging,
                                               struct duet_ast_path *until,
                                               enum duet_ast_carrier carrier);
