/* The tree of a `system`: settings, records, http. See dsl/ast.h. */
#pragma once

#include "dsl/tree_pieces.h"

/* --- systems: types, fields, records --------------------------------------------------------------- */

enum duet_ast_type_kind {
    DUET_AST_TYPE_TEXT,
    DUET_AST_TYPE_HTML,
    DUET_AST_TYPE_URL,
    DUET_AST_TYPE_SECRET,
    DUET_AST_TYPE_INTEGER,
    DUET_AST_TYPE_NUMBER,
    DUET_AST_TYPE_BOOLEAN,
    DUET_AST_TYPE_TIME,      /* time_form */
    DUET_AST_TYPE_DURATION,  /* settings only */
    DUET_AST_TYPE_ENUM,      /* values; ordered: from low to high */
    DUET_AST_TYPE_DEPENDENT, /* enum by FIELD: rows, or like another field */
    DUET_AST_TYPE_PERSON,    /* persons */
    DUET_AST_TYPE_LIST,      /* element */
    DUET_AST_TYPE_NOTES,     /* the field's own fields say what a note has */
};

enum duet_ast_time_form {
    DUET_AST_TIME_ISO,          /* time */
    DUET_AST_TIME_FORMAT,       /* time "yyyy-MM-dd HH:mm:ss" */
    DUET_AST_TIME_MILLISECONDS, /* time milliseconds: a number since 1970 */
    DUET_AST_TIME_SECONDS,      /* time seconds */
};

/* A value of an enum; wire, when written `Name = "1"`, is how the system spells it. */
struct duet_ast_choice {
    struct duet_ast_name name;
    struct duet_ast_value *wire;
    struct duet_span at;
    struct duet_ast_choice *next;
};
DUET_AST_LIST(choice);

/* FalsePositive : IncorrectAlertLogic, InaccurateData;  and  Undetermined : none; (no choices). */
struct duet_ast_dependent_row {
    struct duet_ast_name value;
    struct duet_ast_choice_list choices;
    struct duet_span none_at; /* where `none` stands, DUET_SPAN_NONE otherwise */
    struct duet_span at;
    struct duet_ast_dependent_row *next;
};
DUET_AST_LIST(dependent_row);

/* `id objectId`: the key column and the member that holds it. */
struct duet_ast_person_key {
    struct duet_ast_name key;
    struct duet_ast_path *path;
    struct duet_span at;
    struct duet_ast_person_key *next;
};
DUET_AST_LIST(person_key);

struct duet_ast_type {
    enum duet_ast_type_kind kind;
    struct duet_span at;
    bool as_text; /* `integer as text`, `number as text`: the system sends and takes a text */
    bool ordered;
    enum duet_ast_time_form time_form;
    const char *time_format;
    struct duet_ast_choice_list choices;
    struct duet_ast_path *by;   /* DEPENDENT: the field it follows */
    struct duet_ast_path *like; /* DEPENDENT: the field whose rows are taken, or NULL */
    struct duet_ast_dependent_row_list rows;
    struct duet_ast_person_key_list persons;
    struct duet_ast_type *element;
};

struct duet_ast_field;
DUET_AST_LIST(field);

struct duet_ast_field {
    struct duet_span at;
    struct duet_ast_name name;
    struct duet_ast_type *type;
    struct duet_ast_path *place;    /* at PATH */
    struct duet_ast_path *write_as; /* write as NAME */
    struct duet_span required_at;   /* DUET_SPAN_NONE: not required */
    struct duet_ast_condition *required_when;
    struct duet_span read_only_at;   /* DUET_SPAN_NONE: may be written */
    struct duet_span write_whole_at; /* `write whole`: the list is always written as a whole */
    struct duet_ast_integer max;
    struct duet_ast_value *empty; /* how the system spells "nothing": one value or a LIST */
    struct duet_ast_value *default_value;
    struct duet_ast_name lossy;        /* the reason */
    struct duet_ast_field_list fields; /* of NOTES */
    struct duet_ast_field *next;
};

/* form "Section" { ... }: its fields are reached as form.NAME. */
struct duet_ast_form {
    struct duet_span at;
    struct duet_ast_name section;
    struct duet_ast_field_list fields;
    struct duet_ast_form *next;
};
DUET_AST_LIST(form);

/* closed when C; */
struct duet_ast_predicate {
    struct duet_span at;
    struct duet_ast_name name;
    struct duet_ast_condition *condition;
    struct duet_ast_predicate *next;
};
DUET_AST_LIST(predicate);

/* New -> Active, Closed; */
struct duet_ast_move {
    struct duet_span at;
    struct duet_ast_name from;
    struct duet_ast_name_item_list to;
    struct duet_ast_move *next;
};
DUET_AST_LIST(move);

/* moves status { ... }: changes of an enum that the system accepts; without it all are legal. */
struct duet_ast_moves {
    struct duet_span at;
    struct duet_ast_name field;
    struct duet_ast_move_list moves;
    struct duet_ast_moves *next;
};
DUET_AST_LIST(moves);

struct duet_ast_record {
    struct duet_span at;
    struct duet_ast_name name;
    struct duet_ast_field_list fields;
    struct duet_ast_form_list forms;
    struct duet_ast_predicate_list predicates;
    struct duet_ast_moves_list moves;
    struct duet_ast_record *next;
};
DUET_AST_LIST(record);

struct duet_ast_setting {
    struct duet_span at;
    struct duet_ast_name name;
    struct duet_ast_type *type;
    struct duet_ast_value *default_value;
    struct duet_ast_setting *next;
};
DUET_AST_LIST(setting);

/* --- systems: http ----------------------------------------------------------------------------------- */

enum duet_ast_method {
    DUET_AST_METHOD_GET,
    DUET_AST_METHOD_POST,
    DUET_AST_METHOD_PUT,
    DUET_AST_METHOD_PATCH,
    DUET_AST_METHOD_DELETE,
};

enum duet_ast_verb {
    DUET_AST_VERB_ANY, /* a quota without one */
    DUET_AST_VERB_CHANGED,
    DUET_AST_VERB_READ,
    DUET_AST_VERB_WRITE,
    DUET_AST_VERB_CREATE,
    DUET_AST_VERB_FIND,
    DUET_AST_VERB_LIST,
    DUET_AST_VERB_ADD,
};

enum duet_ast_auth_kind {
    DUET_AST_AUTH_OAUTH2, /* token, client_id, client_secret, scope */
    DUET_AST_AUTH_HEADER, /* name, value */
    DUET_AST_AUTH_BEARER, /* token */
    DUET_AST_AUTH_BASIC,  /* user, password */
    DUET_AST_AUTH_JWT,    /* header, secret, claims: HS256 */
};

/* name = "text with {places}"; a bare word is a text without places. */
struct duet_ast_auth_entry {
    struct duet_span at;
    struct duet_ast_name name;
    struct duet_ast_text *text;
    bool bare;
    struct duet_ast_auth_entry *next;
};
DUET_AST_LIST(auth_entry);

struct duet_ast_auth {
    struct duet_span at;
    enum duet_ast_auth_kind kind;
    struct duet_ast_auth_entry_list entries;
    struct duet_ast_json *claims;
};

enum duet_ast_outcome_class {
    DUET_AST_OUTCOME_OK,
    DUET_AST_OUTCOME_STALE,     /* another version is there: read and plan again */
    DUET_AST_OUTCOME_GONE,      /* the record is no more */
    DUET_AST_OUTCOME_THROTTLED, /* later */
    DUET_AST_OUTCOME_REFUSED,   /* never with these values */
    DUET_AST_OUTCOME_TRANSIENT, /* once more */
    DUET_AST_OUTCOME_DENIED,    /* no right, or a bad credential */
};

/* stale when C; */
struct duet_ast_outcome {
    struct duet_span at;
    enum duet_ast_outcome_class class_of;
    struct duet_ast_condition *condition;
    struct duet_ast_outcome *next;
};
DUET_AST_LIST(outcome);

/* header "If-Match" = "{version}"; */
struct duet_ast_header {
    struct duet_span at;
    struct duet_ast_name name;
    struct duet_ast_text *text;
    struct duet_ast_header *next;
};
DUET_AST_LIST(header);

/* quota write incident 75 per 5min by subscription; */
struct duet_ast_quota {
    struct duet_span at;
    enum duet_ast_verb verb;
    struct duet_ast_name noun; /* NULL text when verb is ANY */
    struct duet_ast_integer amount;
    struct duet_ast_duration per;
    struct duet_ast_name by; /* the setting that shares it; NULL text: the instance */
    struct duet_ast_quota *next;
};
DUET_AST_LIST(quota);

enum duet_ast_paging_kind {
    DUET_AST_PAGING_LINK,   /* next link PATH: the body holds the next page's URL */
    DUET_AST_PAGING_HEADER, /* next header NAME: a Link header with rel="next" */
    DUET_AST_PAGING_PAGE,   /* page NAME from N size [NAME] N until PATH */
    DUET_AST_PAGING_OFFSET, /* offset NAME from N size [NAME] N until PATH */
    DUET_AST_PAGING_CURSOR, /* cursor NAME from PATH [size [NAME] N] */
};

enum duet_ast_carrier { DUET_AST_IN_QUERY, DUET_AST_IN_BODY, DUET_AST_IN_UNSAID };

struct duet_ast_paging {
    struct duet_span at;
    enum duet_ast_paging_kind kind;
    struct duet_ast_name
        parameter; /* NULL text: only the template refers to page, offset, size, end */
    struct duet_ast_integer from;
    struct duet_ast_name size_parameter;
    struct duet_ast_integer size;
    struct duet_ast_path *path; /* LINK, CURSOR: where the next one stands */
    struct duet_ast_path
        *until; /* PAGE: number of pages; OFFSET: number of rows; NULL: a short page ends */
    enum duet_ast_carrier carrier;
};

enum duet_ast_body_kind {
    DUET_AST_BODY_NONE,
    DUET_AST_BODY_TEMPLATE, /* body { JSON } */
    DUET_AST_BODY_WHOLE,    /* body whole (members): the raw record as read, patched */
    DUET_AST_BODY_CHANGED,  /* body changed [under PATH]; or body changed { JSON with `changed` } */
};

struct duet_ast_body {
    struct duet_span at;
    enum duet_ast_body_kind kind;
    struct duet_ast_json *json;
    struct duet_ast_name_item_list members; /* WHOLE: top-level members sent; none: all */
    struct duet_ast_path *under;
};

/* returns key PATH; */
struct duet_ast_return {
    struct duet_span at;
    struct duet_ast_name name;
    struct duet_ast_path *path;
    struct duet_ast_return *next;
};
DUET_AST_LIST(return );

/* result PATH by PATH ok when C; one row a record of a batch. */
struct duet_ast_result {
    struct duet_span at;
    struct duet_ast_path *rows;
    struct duet_ast_path *by;
    struct duet_ast_condition *ok_when;
};

/* batch 100 of key;  batch 100 of { JSON } */
struct duet_ast_batch {
    struct duet_span at;
    struct duet_ast_integer most;
    struct duet_ast_json *element;
};

struct duet_ast_call;
DUET_AST_LIST(call);

/* lookup NAME GET "/…" { items …; match …; } then ... */
struct duet_ast_lookup {
    struct duet_span at;
    struct duet_ast_name name;
    struct duet_ast_call *call;
};

/* One request: METHOD "url" [carries F, F] [when C | otherwise] { ... } */
struct duet_ast_call {
    struct duet_span at;
    struct duet_ast_lookup *lookup; /* done before this one; its row is known by its name */
    enum duet_ast_method method;
    struct duet_ast_text *url;
    struct duet_ast_name_item_list carries; /* fields, or `form`; none: all */
    struct duet_ast_condition *when;
    struct duet_span otherwise_at; /* DUET_SPAN_NONE: not written */
    struct duet_ast_json *query;
    struct duet_ast_header_list headers;
    struct duet_ast_body *body;
    struct duet_ast_path *items;
    struct duet_ast_paging *paging;
    struct duet_ast_return_list returns;
    struct duet_ast_result *result;
    struct duet_ast_batch *batch;
    struct duet_ast_condition *match; /* of a lookup: which row */
    struct duet_ast_outcome_list outcomes;
    struct duet_ast_path_list failed_text;
    struct duet_span verify_at; /* verify by reading; DUET_SPAN_NONE: not written */
    struct duet_ast_auth *auth; /* instead of the system's */
    struct duet_ast_call *next;
};

/* VERB NOUN call, or VERB NOUN in order { call ... } */
struct duet_ast_operation {
    struct duet_span at;
    enum duet_ast_verb verb;
    struct duet_ast_name noun;
    bool in_order;
    struct duet_ast_call_list calls;
    struct duet_ast_operation *next;
};
DUET_AST_LIST(operation);

/* webhook { key = PATH; event = PATH; signal = EVENT; data = PATH; } */
struct duet_ast_webhook {
    struct duet_span at;
    struct duet_ast_assign_list entries;
};

struct duet_ast_http {
    struct duet_span at;
    struct duet_ast_text *base;
    struct duet_ast_json *query;
    struct duet_ast_header_list headers;
    struct duet_ast_auth *auth;
    struct duet_ast_json *envelope;
    struct duet_ast_outcome_list outcomes;
    struct duet_ast_path_list failed_text;
    struct duet_ast_duration overlap; /* how far back each poll looks again */
    struct duet_ast_quota_list quotas;
    struct duet_ast_operation_list operations;
    struct duet_ast_webhook *webhook;
};

struct duet_ast_system {
    struct duet_span at;
    struct duet_ast_name name;
    struct duet_ast_name title; /* NULL text: none */
    struct duet_ast_setting_list settings;
    struct duet_ast_record_list records;
    struct duet_ast_http *http;
};
