/* What systems and mappings mean once their names are resolved: made by dsl/check_*.c, turned into rule
 * tables by dsl/lower_*.c, nobody else's business.
 *
 * Everything lives in the check's arena. What couldn't be resolved was reported and is NULL or not
 * `usable`: whoever finds it so stays silent, so that one mistake is one finding. Enums (types,
 * operations, directions, ...) are those of the tables. */
#pragma once

#include "dsl/ast.h"
#include "dsl/tables.h"
#include "dsl/word_index.h"

struct duet_m_value {
    const char *name;
    struct duet_span at;
    const char *wire; /* NULL: its name */
    bool wire_number;
};

struct duet_m_enum {
    const struct duet_m_value *values;
    struct duet_word_index *by_name; /* NULL: no enum */
    uint32_t count;
    bool ordered;
};

struct duet_m_field;

/* A typed condition, or a leaf of one; which members count depends on op, as in a row of EXPR. */
struct duet_m_expr {
    enum duet_op op;
    struct duet_m_expr *left, *right;
    struct duet_m_expr *list; /* an array of leaves */
    uint32_t list_count;
    const struct duet_m_field *field;
    enum duet_side side;
    enum duet_root root;
    const struct duet_ast_step *steps; /* PATH: the part below root */
    const char *text;
    int64_t number;
    struct duet_span at;
};

struct duet_m_field {
    const struct duet_ast_field *ast;
    const char *name;    /* form.reason */
    const char *section; /* of a form's field, else NULL */
    uint32_t number;     /* within its record; what it depends on has a lower one */
    enum duet_type type;
    bool html;
    bool usable;
    bool read_only;
    bool required; /* always */
    struct duet_m_expr *required_when;
    struct duet_m_enum values; /* ENUM */
    const struct duet_m_field *parent;
    uint32_t *legal; /* bits, one line a value of parent; NULL when all are */
    uint32_t *moves; /* bits, one line a value; NULL when all are legal */
};

struct duet_m_predicate {
    const char *name;
    struct duet_span at;
    struct duet_m_expr *when; /* NULL: reported */
};

/* A record of a system as one side sees it. */
struct duet_m_record {
    const struct duet_ast_system *system;
    const struct duet_ast_record *ast;
    enum duet_side side;
    struct duet_m_field *fields; /* an array */
    uint32_t count;
    const struct duet_m_field *key, *version, *modified, *note_count, *claim;
    struct duet_m_predicate *predicates; /* an array, in written order */
    uint32_t predicate_count;
    const struct duet_m_predicate *closed, *merged; /* of these */
    const struct duet_ast_field *notes;
    bool usable; /* nothing about its fields was reported */
};

struct duet_m_map {
    uint32_t *to_right, *to_left;                      /* DUET_NONE: no arm */
    uint32_t *agree;                                   /* bits, one line a left value */
    const struct duet_ast_arm **right_arm, **left_arm; /* which arm said so; NULL: equal names */
};

struct duet_m_transform {
    enum duet_transform_kind kind;
    uint32_t number;
    const char *text;
};

/* One field on each side. */
struct duet_m_pair {
    const struct duet_ast_rule *ast;
    const struct duet_m_field *fields[2];
    enum duet_direction direction;
    enum duet_relation relation;
    struct duet_m_map *map;
    const char *table;
    struct duet_m_transform *transforms;
    uint32_t transform_count;
    enum duet_unknown unknown;
    uint32_t unknown_value[2];
    struct duet_m_expr *defaults[2];
    bool usable;
    bool
        one_way_meant; /* reported as two-way where it can't be: what else follows from that isn't said */
};

struct duet_m_unit {
    const char *name;
    struct duet_span at;
    const struct duet_ast_group *group; /* NULL: a field of its own */
    struct duet_m_pair *pairs;          /* an array */
    uint32_t pair_count;
    enum duet_direction direction; /* BOTH when one of its pairs is */
    bool one_way_meant;            /* of one of its pairs */
    enum duet_policy policy;
    enum duet_choice policy_side;
    bool frozen;
    uint32_t component[2];
    unsigned rank; /* the planner's order, then the written one */
    uint32_t number;
};

struct duet_m_create {
    const struct duet_ast_create *ast;
    enum duet_side target;
    struct duet_m_expr *when;
};

struct duet_m_trigger {
    const struct duet_ast_trigger *ast;
    enum duet_side side;
    enum duet_event event;
    enum duet_verb verb;
    uint64_t units;
    bool notes;
    struct duet_m_expr *when;
};

struct duet_m_mapping {
    const struct duet_ast_mapping *ast;
    struct duet_m_record *records[2]; /* NULL: reported */
    const char *side_names[2];
    const struct duet_m_field *link[2];
    enum duet_choice first_contact;
    struct duet_m_create *creates;
    uint32_t create_count;
    struct duet_m_unit *units; /* in the planner's order */
    uint32_t unit_count;
    struct duet_m_trigger *triggers;
    uint32_t trigger_count;
    const struct duet_ast_notes *notes; /* NULL: none */
    bool trigger_lost;                  /* one names what isn't there: nobody knows what it sends */
};

/* Bit matrices: words of a line of `columns` bits, and one bit. */
static inline uint32_t duet_m_words(uint32_t columns)
{
    return (columns + 31) / 32;
}

static inline bool duet_m_bit(const uint32_t *words, uint32_t columns, uint32_t line,
                              uint32_t column)
{
    return words[line * duet_m_words(columns) + column / 32] >> (column % 32) & 1U;
}

static inline void duet_m_set(uint32_t *words, uint32_t columns, uint32_t line, uint32_t column)
{
    words[line * duet_m_words(columns) + column / 32] |= 1U << (column % 32);
}

static inline bool duet_m_goes_to(enum duet_direction direction, enum duet_side target)
{
    return direction == DUET_BOTH_WAYS ||
           direction == (target == DUET_RIGHT ? DUET_TO_RIGHT : DUET_TO_LEFT);
}
