/* A side's form, as the mapping needs it: which fields a person fills in, what may stand in each, and what one choice leaves of the others.
 *
 * A form has the mapped fields of the side's form sections, the enums that depend on another field on either side, and what moves with
 * them in a group; and, as its state, the enums that conditions about them read, such as the status that closes. What may stand there is
 * what the side itself takes and what the other side would take of it, through the arms, from the pairs that go there: each of both
 * sides' rules is tried with every combination of the choices that it reads, with what the planner uses.
 *
 * What no form can ask for is taken to be as the rule needs it. A rule that compares texts or numbers is not in the form but in its
 * remarks; legal moves aren't either, since a form doesn't know what stood there before. Pure; all of it in the arena. */
#pragma once

#include "engine/plan/plan.h"

#define DUET_FORM_MAX_COMBINATIONS (UINT32_C(1) << 24) /* of the choices that one rule reads */

struct duet_form_field {
    uint32_t field; /* row of FIELD */
    const char *name;
    bool is_state;  /* only asked for because conditions read it */
    bool is_listed; /* an enum or a boolean */
    uint32_t
        choice_count; /* 0 is "none"; then the values of a list, false and true, or 1: anything else */
    bool *offered;    /* by choice: what may stand there, whatever else is chosen */
    uint32_t max;     /* UTF-16 units of a text; DUET_NONE: no limit */
};

/* What a rule leaves: by the choice of one field the next node, or, as the last, what may stand in that field. NULL as a node: anything
 * may follow. */
struct duet_form_node {
    uint32_t field; /* index in the form's fields; later ones have higher numbers */
    bool is_last;   /* cases[0].has may stand in the field, and nothing else */
    struct duet_form_case *cases;
    uint32_t case_count;
};
struct duet_form_case {
    bool *has; /* by choice */
    const struct duet_form_node *then;
};

struct duet_form_rule {
    const struct duet_form_node *tree;
    const char *place; /* "file:line", several joined by ", " */
};

struct duet_form {
    const struct duet_tables *tables;
    enum duet_side side;
    const struct duet_form_field
        *fields; /* the state first; what depends stands behind what it depends on */
    uint32_t field_count;
    const struct duet_form_rule *rules;
    uint32_t rule_count;
    const char *const *remarks; /* sentences: what else is asked for */
    uint32_t remark_count;
    const char *refused; /* not NULL: why there is no form; nothing else is filled */
};

struct duet_form *duet_form_of(const struct duet_rules *rules, enum duet_side side,
                               struct duet_arena *arena);

/* "none", the value's name, "false"; "any" for what isn't listed. */
const char *duet_form_choice(const struct duet_form *form, const struct duet_form_field *field,
                             uint32_t choice);
