/* What the parts of a form share while it is made; nobody else includes it. */
#pragma once

#include "engine/form/form.h"

/* The choices that a rule reads, and which of their combinations it takes. */
struct duet_form_table {
    uint32_t fields[DUET_MAX_FIELDS]; /* indexes in the form's fields, ascending */
    uint32_t field_count;
    uint32_t size;
    bool *takes; /* the last field's choices lie side by side */
    const char *place;
};

struct duet_form_making {
    const struct duet_rules *rules;
    const struct duet_tables *tables;
    enum duet_side side;
    struct duet_arena *arena;
    struct duet_arena *scratch;
    uint64_t shown; /* fields of the side, by number */
    uint64_t state; /* fields that are only read */
    struct duet_form_field *fields;
    uint32_t field_count;
    uint32_t at[DUET_MAX_FIELDS]; /* by number: index in `fields`, DUET_NONE */
    struct duet_form_table *tables_of_rules;
    uint32_t table_count;
    const char **remarks;
    uint32_t remark_count;
    const char *refused;
};

/* --- form_fields.c: which fields, in which order --- */

void duet_form_take_fields(struct duet_form_making *making);

/* Whether the pair takes the side's values to the other side. */
bool duet_form_sends(const struct duet_form_making *making, const struct duet_t_pair *pair);

/* The first pair that sends to the other side's field of that number; NULL: none. */
const struct duet_t_pair *duet_form_sender(const struct duet_form_making *making, uint32_t other);

/* Whether the rule is about a field of the form: one of the side's own, or one that the form is sent to. */
bool duet_form_is_judged(const struct duet_form_making *making, enum duet_side side,
                         const struct duet_t_rule *rule);

/* Whether only choices decide the rule: nothing that it compares is a text, a number, a time or a list. */
bool duet_form_is_decided(const struct duet_form_making *making, const struct duet_t_rule *rule);

/* --- form_tables.c: what the rules take --- */

void duet_form_try_rules(struct duet_form_making *making);

/* --- form_tree.c: a table as a tree --- */

/* NULL: it takes all that is offered. */
const struct duet_form_node *duet_form_tree(const struct duet_form_making *making,
                                            const struct duet_form_table *table);

/* --- shared questions --- */

static inline uint32_t duet_form_number(const struct duet_form_making *making, enum duet_side side,
                                        uint32_t field)
{
    return duet_field_number(making->tables, side, field);
}

static inline const struct duet_t_field *duet_form_row(const struct duet_form_making *making,
                                                       enum duet_side side, uint32_t number)
{
    return duet_field_row(making->tables, duet_side_row(making->tables, side)->fields + number);
}

static inline bool duet_form_is_listed(const struct duet_t_field *row)
{
    return row->type == DUET_TYPE_ENUM || row->type == DUET_TYPE_BOOLEAN;
}

/* A field's choices: "none" among them. */
static inline uint32_t duet_form_choices(const struct duet_tables *tables,
                                         const struct duet_t_field *row)
{
    return row->type == DUET_TYPE_ENUM      ? duet_enum_row(tables, row->values)->values_count + 1U
           : row->type == DUET_TYPE_BOOLEAN ? 3U
                                            : 2U;
}
