/* The tree of the whole language: what was written and where, nothing resolved.
 *
 * Everything is owned by the parse's arena and lives as long as it; texts are interned (dsl/intern.h),
 * so equal names are equal pointers. Lists are { first, last, count } over `next`, in written order.
 * A pointer that is NULL, a name whose text is NULL, a number that isn't `given` were not written.
 * Each node's `at` spans all of it. The nodes are made by dsl/ast_value.h,
 * ast_system.h, ast_http.h, ast_mapping.h and ast_fleet.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dsl/source.h"

/* struct duet_ast_NODE_list; count is kept true by the constructors. */
#define DUET_AST_LIST(node)                                                                        \
    struct duet_ast_##node##_list {                                                                \
        struct duet_ast_##node *first, *last;                                                      \
        size_t count;                                                                              \
    }

/* --- the smallest pieces ------------------------------------------------------------------------- */

/* A word or a quoted word. */
struct duet_ast_name {
    const char *text;
    struct duet_span at;
    bool quoted;
};

struct duet_ast_name_item {
    struct duet_ast_name name;
    struct duet_ast_name_item *next;
};
DUET_AST_LIST(name_item);

struct duet_ast_integer {
    int64_t value;
    struct duet_span at;
    bool given;
};

struct duet_ast_duration {
    int64_t milliseconds;
    struct duet_span at;
    bool given;
};

/* A step of a path: a name, or "[]": each element of what was reached. */
struct duet_ast_step {
    struct duet_ast_name name; /* text is NULL when each */
    bool each;
    struct duet_ast_step *next;
};
DUET_AST_LIST(step);

/* siem.status, "Custom Field".Id, properties.labels[].labelName; `[]` alone: the answer itself. */
struct duet_ast_path {
    struct duet_ast_step_list steps;
    const char *text; /* as one would write it */
    struct duet_span at;
    struct duet_ast_path *next; /* in lists of paths */
};
DUET_AST_LIST(path);

/* A piece of a text with {places}: either literal or path is set. */
struct duet_ast_part {
    const char *literal;
    struct duet_ast_path *path;
    struct duet_ast_part *next;
};
DUET_AST_LIST(part);

/* "{arm}/subscriptions/{subscription}": `{{` and `}}` were braces. */
struct duet_ast_text {
    const char *written; /* after escapes, before places were found */
    struct duet_ast_part_list parts;
    struct duet_span at;
};

enum duet_ast_value_kind {
    DUET_AST_VALUE_TEXT,     /* "a quoted text" (also an enum's value): text */
    DUET_AST_VALUE_PATH,     /* a bare word (enum value, field, row) or a longer path: path */
    DUET_AST_VALUE_INTEGER,  /* integer */
    DUET_AST_VALUE_DECIMAL,  /* decimal; text as written */
    DUET_AST_VALUE_DURATION, /* integer: milliseconds */
    DUET_AST_VALUE_TRUE,
    DUET_AST_VALUE_FALSE,
    DUET_AST_VALUE_NULL,   /* null */
    DUET_AST_VALUE_NONE,   /* none: an enum's or field's "missing" */
    DUET_AST_VALUE_ABSENT, /* absent: the member isn't there */
    DUET_AST_VALUE_LIST,   /* (a, b): values */
    DUET_AST_VALUE_ENV,    /* env NAME: text is the variable's name */
    DUET_AST_VALUE_FILE,   /* file "path": text is the path */
};

struct duet_ast_value;
DUET_AST_LIST(value);

struct duet_ast_value {
    enum duet_ast_value_kind kind;
    struct duet_span at;
    const char *text; /* TEXT, DECIMAL, ENV, FILE; also the word when PATH has one step, else NULL */
    struct duet_ast_path *path;
    int64_t integer;
    double decimal;
    struct duet_ast_value_list values;
    struct duet_ast_value *next;
};

/* name = value; */
struct duet_ast_assign {
    struct duet_ast_path *path;
    struct duet_ast_value *value;
    struct duet_span at;
    struct duet_ast_assign *next;
};
DUET_AST_LIST(assign);

/* --- JSON templates ------------------------------------------------------------------------------ */

enum duet_ast_json_kind {
    DUET_AST_JSON_OBJECT, /* children, each with a key */
    DUET_AST_JSON_ARRAY,  /* children */
    DUET_AST_JSON_TEXT,   /* text, with places */
    DUET_AST_JSON_INTEGER,
    DUET_AST_JSON_DECIMAL,
    DUET_AST_JSON_TRUE,
    DUET_AST_JSON_FALSE,
    DUET_AST_JSON_NULL,
    DUET_AST_JSON_REFERENCE, /* path: replaced by the value it names, keeping its type */
};

struct duet_ast_json;
DUET_AST_LIST(json);

struct duet_ast_json {
    enum duet_ast_json_kind kind;
    struct duet_span at;
    struct duet_ast_name key; /* of a member of an object */
    struct duet_ast_json_list children;
    struct duet_ast_text *text;
    struct duet_ast_path *path;
    int64_t integer;
    double decimal;
    struct duet_ast_json *next;
};

/* --- conditions ---------------------------------------------------------------------------------- */

enum duet_ast_condition_kind {
    DUET_AST_CONDITION_ALL,         /* and: children */
    DUET_AST_CONDITION_ANY,         /* or: children */
    DUET_AST_CONDITION_NOT,         /* children, one */
    DUET_AST_CONDITION_EQUAL,       /* left == right */
    DUET_AST_CONDITION_UNEQUAL,     /* != */
    DUET_AST_CONDITION_LESS,        /* < */
    DUET_AST_CONDITION_AT_MOST,     /* <= */
    DUET_AST_CONDITION_MORE,        /* > */
    DUET_AST_CONDITION_AT_LEAST,    /* >= */
    DUET_AST_CONDITION_IN,          /* left in (right->values) */
    DUET_AST_CONDITION_NOT_IN,      /* left not in (right->values) */
    DUET_AST_CONDITION_CONTAINS,    /* left contains right */
    DUET_AST_CONDITION_STARTS_WITH, /* left starts with right */
    DUET_AST_CONDITION_PRESENT,     /* left present */
    DUET_AST_CONDITION_CHANGED,     /* left changed */
    DUET_AST_CONDITION_WAS,         /* left was right */
    DUET_AST_CONDITION_HOLDS,       /* left alone: a predicate such as closed */
};

struct duet_ast_condition;
DUET_AST_LIST(condition);

struct duet_ast_condition {
    enum duet_ast_condition_kind kind;
    struct duet_span at;
    struct duet_ast_value *left;
    struct duet_ast_value *right;
    struct duet_ast_condition_list children;
    unsigned depth; /* kept at most DUET_PARSE_NESTING_MAX by the constructors */
    struct duet_ast_condition *next;
};

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
    struct duet_ast_name lossy;     /* the reason */
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
    struct duet_ast_name parameter; /* NULL text: only the template refers to page, offset, size, end */
    struct duet_ast_integer from;
    struct duet_ast_name size_parameter;
    struct duet_ast_integer size;
    struct duet_ast_path *path;  /* LINK, CURSOR: where the next one stands */
    struct duet_ast_path *until; /* PAGE: number of pages; OFFSET: number of rows; NULL: a short page ends */
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
DUET_AST_LIST(return);

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

/* --- mappings ------------------------------------------------------------------------------------------ */

enum duet_ast_direction {
    DUET_AST_BOTH,  /* <-> */
    DUET_AST_RIGHT, /* -> */
    DUET_AST_LEFT,  /* <- */
};

/* | truncate 100 */
struct duet_ast_transform {
    struct duet_span at;
    struct duet_ast_name name;
    struct duet_ast_value_list arguments;
    struct duet_ast_transform *next;
};
DUET_AST_LIST(transform);

/* High <- Critical lossy "why"; */
struct duet_ast_arm {
    struct duet_span at;
    struct duet_ast_value *left; /* TEXT, PATH of one word, INTEGER, NONE */
    enum duet_ast_direction direction;
    struct duet_ast_value *right;
    struct duet_ast_name lossy;
    struct duet_ast_arm *next;
};
DUET_AST_LIST(arm);

enum duet_ast_unknown_kind {
    DUET_AST_UNKNOWN_UNSAID,
    DUET_AST_UNKNOWN_KEEP,
    DUET_AST_UNKNOWN_QUARANTINE,
    DUET_AST_UNKNOWN_VALUE, /* unknown_value */
};

enum duet_ast_conflict_kind {
    DUET_AST_CONFLICT_UNSAID,
    DUET_AST_CONFLICT_SIDE, /* conflict_side */
    DUET_AST_CONFLICT_HIGHEST,
    DUET_AST_CONFLICT_LOWEST,
    DUET_AST_CONFLICT_HOLD,
    DUET_AST_CONFLICT_NEWEST, /* newest else conflict_side */
};

/* What may stand behind a field's or group's head. */
struct duet_ast_rule_attributes {
    struct duet_ast_transform_list transforms;
    struct duet_ast_name via;
    enum duet_ast_unknown_kind unknown;
    struct duet_span unknown_at;
    struct duet_ast_value *unknown_value;
    struct duet_ast_value *default_value;
    enum duet_ast_conflict_kind conflict;
    struct duet_span conflict_at;
    struct duet_ast_name conflict_side;
    struct duet_ast_name lossy;
};

/* field NAME LEFT <-> RIGHT attributes { arms } */
struct duet_ast_rule {
    struct duet_span at;
    struct duet_ast_name name;
    struct duet_ast_path *left;
    enum duet_ast_direction direction;
    struct duet_ast_path *right;
    struct duet_ast_rule_attributes attributes;
    bool has_arms; /* braces were written, perhaps empty */
    struct duet_ast_arm_list arms;
    struct duet_ast_rule *next;
};
DUET_AST_LIST(rule);

struct duet_ast_group {
    struct duet_span at;
    struct duet_ast_name name;
    struct duet_ast_rule_attributes attributes;
    struct duet_ast_rule_list rules;
    struct duet_ast_group *next;
};
DUET_AST_LIST(group);

/* sentinel.incident as siem */
struct duet_ast_side {
    struct duet_span at;
    struct duet_ast_name system;
    struct duet_ast_name record;
    struct duet_ast_name name;
};

/* link siem.key <-> soar.sentinel_id; */
struct duet_ast_link {
    struct duet_span at;
    struct duet_ast_path *left;
    enum duet_ast_direction direction;
    struct duet_ast_path *right;
    struct duet_ast_link *next;
};
DUET_AST_LIST(link);

/* first contact siem;  first contact hold; */
struct duet_ast_first_contact {
    struct duet_span at;
    bool hold;
    struct duet_ast_name side; /* NULL text when hold */
};

/* create soar from siem when C; */
struct duet_ast_create {
    struct duet_span at;
    struct duet_ast_name side;
    struct duet_ast_name from;
    struct duet_ast_condition *when;
    struct duet_ast_create *next;
};
DUET_AST_LIST(create);

enum duet_ast_edits { DUET_AST_EDITS_UNSAID, DUET_AST_EDITS_IGNORE, DUET_AST_EDITS_APPEND };
enum duet_ast_since { DUET_AST_SINCE_UNSAID, DUET_AST_SINCE_LINK, DUET_AST_SINCE_ALL };

/* notes siem.comments <-> soar.notes edits ignore from link; */
struct duet_ast_notes {
    struct duet_span at;
    struct duet_ast_path *left;
    enum duet_ast_direction direction;
    struct duet_ast_path *right;
    enum duet_ast_edits edits;
    enum duet_ast_since since;
    struct duet_ast_notes *next;
};
DUET_AST_LIST(notes);

enum duet_ast_event {
    DUET_AST_EVENT_CLOSE,
    DUET_AST_EVENT_REOPEN,
    DUET_AST_EVENT_MOVE,
    DUET_AST_EVENT_CHANGE,
    DUET_AST_EVENT_SIGNAL, /* signal */
};

enum duet_ast_action { DUET_AST_ACTION_SEND, DUET_AST_ACTION_FETCH, DUET_AST_ACTION_CLEAR };

/* on soar change send owner when C; */
struct duet_ast_trigger {
    struct duet_span at;
    struct duet_ast_name side;
    enum duet_ast_event event;
    struct duet_span event_at;
    struct duet_ast_name signal;
    enum duet_ast_action action;
    bool all; /* `all`: targets is empty */
    struct duet_ast_name_item_list targets; /* fields, groups, notes */
    struct duet_ast_condition *when;
    struct duet_ast_trigger *next;
};
DUET_AST_LIST(trigger);

struct duet_ast_mapping {
    struct duet_span at;
    struct duet_ast_name name;
    struct duet_ast_side left;
    struct duet_ast_side right;
    struct duet_ast_link_list links;
    struct duet_ast_first_contact *first_contact;
    struct duet_ast_create_list creates;
    struct duet_ast_rule_list rules;
    struct duet_ast_group_list groups;
    struct duet_ast_notes_list notes;
    struct duet_ast_trigger_list triggers;
    struct duet_ast_duration overlap;
    struct duet_ast_duration skew; /* how far the two clocks may be apart */
};

/* --- tests --------------------------------------------------------------------------------------------- */

/* ann { siem.id = "…"; soar.login = "…"; } */
struct duet_ast_table_row {
    struct duet_span at;
    struct duet_ast_name name;
    struct duet_ast_assign_list cells;
    struct duet_ast_table_row *next;
};
DUET_AST_LIST(table_row);

/* given table T { rows }, or test table T { rows } for all tests of the file. */
struct duet_ast_test_table {
    struct duet_span at;
    struct duet_ast_name name;
    struct duet_ast_table_row_list rows;
};

enum duet_ast_step_kind {
    DUET_AST_STEP_GIVEN,           /* given SIDE { assigns } */
    DUET_AST_STEP_GIVEN_TABLE,     /* given table T { rows }: table */
    DUET_AST_STEP_FORALL,          /* forall NAME in PATH [when C]; */
    DUET_AST_STEP_WHEN,            /* when SIDE { assigns }: a person edits, then the engine runs */
    DUET_AST_STEP_WHEN_SIGNAL,     /* when SIDE signal "name"; */
    DUET_AST_STEP_EXPECT,          /* expect SIDE { assigns } */
    DUET_AST_STEP_EXPECT_WRITES,   /* expect writes [SIDE] N; */
    DUET_AST_STEP_EXPECT_HOLD,     /* expect hold ["sentence"]; */
    DUET_AST_STEP_EXPECT_PENDING,  /* expect pending F, F; */
    DUET_AST_STEP_EXPECT_CONFLICT, /* expect conflict F, F; */
    DUET_AST_STEP_EXPECT_NOTHING,  /* expect nothing; */
};

struct duet_ast_test_step {
    struct duet_span at;
    enum duet_ast_step_kind kind;
    struct duet_ast_name name;           /* SIDE, or FORALL's variable; NULL text: both sides */
    struct duet_ast_assign_list assigns; /* GIVEN, WHEN, EXPECT */
    struct duet_ast_name_item_list notes; /* GIVEN, WHEN, EXPECT: note "text"; within the braces */
    struct duet_ast_name text;            /* signal, hold's sentence (NULL text: any) */
    struct duet_ast_integer writes;
    struct duet_ast_name_item_list fields; /* pending, conflict */
    struct duet_ast_test_table *table;
    struct duet_ast_path *in; /* FORALL */
    struct duet_ast_condition *when;
    struct duet_ast_test_step *next;
};
DUET_AST_LIST(test_step);

/* test "name" [of MAPPING] { steps } */
struct duet_ast_test {
    struct duet_span at;
    struct duet_ast_name name;
    struct duet_ast_name mapping; /* NULL text: the file's only one */
    struct duet_ast_test_step_list steps;
};

/* --- fleets -------------------------------------------------------------------------------------------- */

struct duet_ast_hub {
    struct duet_span at;
    struct duet_ast_name name;
    struct duet_ast_name system;
    struct duet_ast_assign_list settings;
    struct duet_ast_duration every;
};

/* side siem { settings }   side soar shared soc; */
struct duet_ast_tenant_side {
    struct duet_span at;
    struct duet_ast_name name;
    struct duet_ast_name shared; /* NULL text: its own */
    struct duet_ast_assign_list settings;
    struct duet_ast_tenant_side *next;
};
DUET_AST_LIST(tenant_side);

/* table analysts from "acme-analysts.csv"; relative to the file that says so */
struct duet_ast_tenant_table {
    struct duet_span at;
    struct duet_ast_name name;
    struct duet_ast_name file;
    struct duet_ast_tenant_table *next;
};
DUET_AST_LIST(tenant_table);

enum duet_ast_override_kind {
    DUET_AST_OVERRIDE_RULE,          /* override NAME attributes { arms }: field or group */
    DUET_AST_OVERRIDE_TRIGGER,       /* override on SIDE EVENT VERB targets when C; */
    DUET_AST_OVERRIDE_CREATE,        /* override create SIDE from SIDE when C; */
    DUET_AST_OVERRIDE_FIRST_CONTACT, /* override first contact SIDE; */
};

struct duet_ast_override {
    struct duet_span at;
    enum duet_ast_override_kind kind;
    struct duet_ast_name name;
    struct duet_ast_rule_attributes attributes;
    struct duet_ast_arm_list arms;
    struct duet_ast_trigger *trigger;
    struct duet_ast_create *create;
    struct duet_ast_first_contact *first_contact;
    struct duet_ast_override *next;
};
DUET_AST_LIST(override);

struct duet_ast_tenant {
    struct duet_span at;
    struct duet_ast_name name;
    struct duet_ast_name mapping;
    struct duet_ast_tenant_side_list sides;
    struct duet_ast_tenant_table_list tables;
    struct duet_ast_duration every;
    struct duet_ast_override_list overrides;
};

/* fleet { store = "duet.db"; listen = "127.0.0.1:8080"; } */
struct duet_ast_fleet {
    struct duet_span at;
    struct duet_ast_assign_list settings;
    struct duet_ast_duration every;
};

/* --- files --------------------------------------------------------------------------------------------- */

enum duet_ast_item_kind {
    DUET_AST_ITEM_EDITION,
    DUET_AST_ITEM_IMPORT,
    DUET_AST_ITEM_SYSTEM,
    DUET_AST_ITEM_MAPPING,
    DUET_AST_ITEM_TEST,
    DUET_AST_ITEM_TEST_TABLE,
    DUET_AST_ITEM_HUB,
    DUET_AST_ITEM_TENANT,
    DUET_AST_ITEM_FLEET,
};

struct duet_ast_file;

struct duet_ast_import {
    struct duet_ast_name path;
    struct duet_ast_file *file; /* NULL when it couldn't be loaded or would close a circle */
};

struct duet_ast_item {
    enum duet_ast_item_kind kind;
    struct duet_span at;
    union {
        struct duet_ast_integer edition;
        struct duet_ast_import import;
        struct duet_ast_system *system;
        struct duet_ast_mapping *mapping;
        struct duet_ast_test *test;
        struct duet_ast_test_table *test_table;
        struct duet_ast_hub *hub;
        struct duet_ast_tenant *tenant;
        struct duet_ast_fleet *fleet;
    };
    struct duet_ast_item *next;
};
DUET_AST_LIST(item);

/* A `#` comment, up to its line's end. */
struct duet_ast_comment {
    struct duet_span at;
    struct duet_ast_comment *next;
};
DUET_AST_LIST(comment);

/* A place where a statement couldn't be parsed and is missing from the tree. */
struct duet_ast_damage {
    struct duet_span at;
    struct duet_ast_damage *next;
};
DUET_AST_LIST(damage);

struct duet_ast_file {
    uint32_t file;    /* number in the sources */
    const char *path; /* as the sources know it */
    struct duet_ast_item_list items;
    struct duet_ast_comment_list comments;
    struct duet_ast_damage_list damages;
    struct duet_ast_file *next;
};
DUET_AST_LIST(file);

/* A file and all that it imports, each once, an imported file before the one that imports it. */
struct duet_ast_program {
    struct duet_ast_file_list files;
    struct duet_ast_file *root; /* the last of files */
};

/* Whether something inside this place is missing from the tree, so that "missing" or "unknown" said
 * about it would only repeat a syntax finding. */
bool duet_ast_is_damaged(const struct duet_ast_program *program, struct duet_span at);

/* The word that a value is when it is TEXT or one bare word, NULL otherwise. */
const char *duet_ast_value_word(const struct duet_ast_value *value);
