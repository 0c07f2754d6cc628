/* What dsl/index*.c share; nobody else's business. */
#pragma once

#include "dsl/index.h"

struct duet_index {
    struct duet_arena *arena;
    const struct duet_ast_program *program;
    struct duet_symbol root; /* its children are the program's */
    struct duet_use *uses;
    size_t count, room;
};

/* A definition and its use. Never NULL. */
struct duet_symbol *duet_index_define(struct duet_index *index, struct duet_symbol *parent,
                                      enum duet_symbol_kind kind, struct duet_ast_name name,
                                      struct duet_span all);
/* A use of the symbol, when there is one and the name is in a file. */
void duet_index_use(struct duet_index *index, const struct duet_symbol *symbol, struct duet_span at,
                    enum duet_use_kind kind);

/* The field that steps name in a record: title, form.reason. NULL: none. *step_out (not NULL): the step that names it. */
const struct duet_symbol *duet_index_field(const struct duet_symbol *record,
                                           const struct duet_ast_step *steps,
                                           const struct duet_ast_step **step_out);

/* index_define.c: all definitions. index_use.c, index_http.c, index_test.c: what names them. */
void duet_index_define_all(struct duet_index *index);
void duet_index_use_systems(struct duet_index *index);
void duet_index_use_mappings(struct duet_index *index);
void duet_index_use_tests(struct duet_index *index);
void duet_index_use_fleets(struct duet_index *index);
void duet_index_use_http(struct duet_index *index, const struct duet_symbol *system);

/* What a condition's words mean. */
struct duet_index_scope {
    const struct duet_symbol *record;  /* its fields stand bare */
    const struct duet_symbol *mapping; /* SIDE.field */
    const char *noun;                  /* NOUN.field, of record; bare paths mean nothing */
    bool answer;                       /* of an HTTP answer: nothing is defined */
};
void duet_index_use_condition(struct duet_index *index, const struct duet_index_scope *scope,
                              const struct duet_ast_condition *condition);
/* A value of a field: one of its choices, also within a list. */
void duet_index_use_choice(struct duet_index *index, const struct duet_symbol *field,
                           const struct duet_ast_value *value);
/* SIDE.field of a mapping: both names; the field, NULL when it isn't there. */
const struct duet_symbol *duet_index_use_path(struct duet_index *index,
                                              const struct duet_symbol *mapping,
                                              const struct duet_ast_path *path);
const struct duet_symbol *duet_index_use_field(struct duet_index *index,
                                               const struct duet_symbol *record,
                                               const struct duet_ast_step *steps,
                                               enum duet_use_kind kind);
/* A side by its name. */
const struct duet_symbol *duet_index_use_side(struct duet_index *index,
                                              const struct duet_symbol *mapping,
                                              struct duet_ast_name name);
/* A field or group of a mapping. */
void duet_index_use_unit(struct duet_index *index, const struct duet_symbol *mapping,
                         struct duet_ast_name name);

/* Parts of a mapping that an override has, too. `fields`: of both sides, NULL where there is none. */
void duet_index_use_attributes(struct duet_index *index, const struct duet_symbol *mapping,
                               const struct duet_symbol *const fields[2],
                               const struct duet_ast_rule_attributes *attributes);
void duet_index_use_arms(struct duet_index *index, const struct duet_symbol *const fields[2],
                         const struct duet_ast_arm_list *arms);
void duet_index_use_trigger(struct duet_index *index, const struct duet_symbol *mapping,
                            const struct duet_ast_trigger *trigger);
void duet_index_use_create(struct duet_index *index, const struct duet_symbol *mapping,
                           const struct duet_ast_create *create);
