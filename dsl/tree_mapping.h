/* The tree of a `mapping` and of the tests of one. See dsl/ast.h. */
#pragma once

#include "dsl/tree_pieces.h"

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

/* desk.ticket as desk */
struct duet_ast_side {
    struct duet_span at;
    struct duet_ast_name system;
    struct duet_ast_name record;
    struct duet_ast_name name;
};

/* link desk.key <-> floor.desk_key; */
struct duet_ast_link {
    struct duet_span at;
    struct duet_ast_path *left;
    enum duet_ast_direction direction;
    struct duet_span arrow_at;
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
    bool all;                               /* `all`: targets is empty */
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
    DUET_AST_STEP_EXPECT_HOLD,     /* expect hold ["sentence"];  expect no hold; */
    DUET_AST_STEP_EXPECT_PENDING,  /* expect pending F, F;  expect no pending; */
    DUET_AST_STEP_EXPECT_CONFLICT, /* expect conflict F, F;  expect no conflict; */
    DUET_AST_STEP_EXPECT_NOTHING,  /* expect nothing; */
};

struct duet_ast_test_step {
    struct duet_span at;
    enum duet_ast_step_kind kind;
    struct duet_ast_name name;            /* SIDE, or FORALL's variable; NULL text: both sides */
    struct duet_ast_assign_list assigns;  /* GIVEN, WHEN, EXPECT */
    struct duet_ast_name_item_list notes; /* GIVEN, WHEN, EXPECT: note "text"; within the braces */
    bool keeps_omitted;                   /* GIVEN: the system keeps what a write leaves out */
    struct duet_span keeps_at;
    struct duet_ast_test_step *with; /* WHEN: an edit at the same moment, or */
    bool is_later;                   /* WHEN: after the one whose `with` it is */
    struct duet_ast_name text;       /* signal, hold's sentence (NULL text: any) */
    struct duet_ast_integer writes;
    struct duet_ast_name_item_list fields; /* pending, conflict */
    bool no;                               /* expect no hold, pending, conflict */
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
