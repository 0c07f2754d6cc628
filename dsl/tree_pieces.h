/* The tree's smallest pieces: names, paths, values, texts with places, JSON templates, conditions. See dsl/ast.h. */
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
    const char
        *text; /* TEXT, DECIMAL, ENV, FILE; also the word when PATH has one step, else NULL */
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
