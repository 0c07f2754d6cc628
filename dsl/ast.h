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

#include "dsl/tree_mapping.h"
#include "dsl/tree_system.h"
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
struct duet_name_index; /* name_index.h */

struct duet_ast_program {
    struct duet_ast_file_list files;
    struct duet_ast_file *root; /* the last of files */
    const struct duet_name_index *defined;
};

/* The word that a value is when it is TEXT or one bare word, NULL otherwise. */
const char *duet_ast_value_word(const struct duet_ast_value *value);
