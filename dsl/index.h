/* Who names what: every definition in a program, and every place that names it.
 *
 * Built from the tree alone, so that it is there for files with findings too; a name that means nothing has no use in it. What a name
 * means is as the checks have it (dsl/names.h, dsl/check_*.c). Everything is in the arena and points into the tree. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dsl/ast.h"

struct duet_arena;
struct duet_index;

enum duet_symbol_kind {
    DUET_SYMBOL_FILE,      /* an imported file: file, in root_file */
    DUET_SYMBOL_SYSTEM,    /* system */
    DUET_SYMBOL_SETTING,   /* setting; of a system */
    DUET_SYMBOL_RECORD,    /* record; of a system */
    DUET_SYMBOL_FIELD,     /* field; of a record, or of a field that is notes */
    DUET_SYMBOL_PREDICATE, /* predicate; of a record */
    DUET_SYMBOL_CHOICE,    /* choice; of a field: a value of its enum */
    DUET_SYMBOL_KEY,       /* key; of a field: a key of its persons */
    DUET_SYMBOL_LOOKUP,    /* lookup; of a system */
    DUET_SYMBOL_MAPPING,   /* mapping */
    DUET_SYMBOL_SIDE,      /* side; of a mapping */
    DUET_SYMBOL_GROUP,     /* group; of a mapping */
    DUET_SYMBOL_RULE,      /* rule; of a mapping or group */
    DUET_SYMBOL_TABLE,     /* of a mapping: defined where a rule first goes via it */
    DUET_SYMBOL_SIGNAL,    /* of a side: defined by the first trigger that waits for it */
    DUET_SYMBOL_TEST,      /* test */
    DUET_SYMBOL_TESTTABLE, /* test_table of a file */
    DUET_SYMBOL_VARIABLE,  /* of a test: forall NAME */
    DUET_SYMBOL_ROW,       /* row; of a test table or a test */
    DUET_SYMBOL_HUB,       /* hub */
    DUET_SYMBOL_TENANT,    /* tenant */
};

struct duet_symbol {
    enum duet_symbol_kind kind;
    const char *name;                    /* a form's field without "form." */
    struct duet_span at;                 /* the name where it is defined, with its quotes */
    struct duet_span all;                /* the whole definition */
    const struct duet_symbol *parent;    /* NULL: of the program */
    struct duet_symbol *children, *last; /* in written order, over next */
    struct duet_symbol *next;
    bool in_form; /* a field of a form: known as form.NAME */
    union {
        const struct duet_ast_file *file;
        const struct duet_ast_system *system;
        const struct duet_ast_setting *setting;
        const struct duet_ast_record *record;
        const struct duet_ast_field *field;
        const struct duet_ast_predicate *predicate;
        const struct duet_ast_choice *choice;
        const struct duet_ast_person_key *key;
        const struct duet_ast_lookup *lookup;
        const struct duet_ast_mapping *mapping;
        const struct duet_ast_side *side;
        const struct duet_ast_group *group;
        const struct duet_ast_rule *rule;
        const struct duet_ast_test *test;
        const struct duet_ast_test_table *test_table;
        const struct duet_ast_table_row *row;
        const struct duet_ast_hub *hub;
        const struct duet_ast_tenant *tenant;
    } of;
};

enum duet_use_kind {
    DUET_USE_DEFINES, /* the symbol's own name */
    DUET_USE_REPEATS, /* a definition of the same thing once more: a choice in another row */
    DUET_USE_NAMES,
    DUET_USE_IN_TEXT, /* {name} in a quoted text */
};

struct duet_use {
    struct duet_span at; /* of the name alone, with its quotes */
    enum duet_use_kind kind;
    const struct duet_symbol *symbol;
};

/* `program` may have findings. Never NULL. */
struct duet_index *duet_index_new(struct duet_arena *arena, const struct duet_ast_program *program);

/* Every use in order of file and place; definitions are uses, too. */
const struct duet_use *duet_index_uses(const struct duet_index *index, size_t *count_out);

/* The name that this byte belongs to, or that ends just before it; NULL: none. */
const struct duet_use *duet_index_at(const struct duet_index *index, uint32_t file,
                                     uint32_t offset);

/* Symbols of the program, in written order, over next. */
const struct duet_symbol *duet_index_symbols(const struct duet_index *index);

/* A child (or, parent NULL, a symbol of the program) by kind and name; a form's field by `form.NAME`. NULL: none. */
const struct duet_symbol *duet_index_find(const struct duet_index *index,
                                          const struct duet_symbol *parent,
                                          enum duet_symbol_kind kind, const char *name);

/* The record that a side shows, and the system of a hub or record; NULL: not there. */
const struct duet_symbol *duet_index_record_of(const struct duet_index *index,
                                               const struct duet_symbol *side);
/* The field that a rule maps on a side (0 left, 1 right); NULL: not there. */
const struct duet_symbol *duet_index_mapped(const struct duet_index *index,
                                            const struct duet_symbol *rule, int side);
/* The field whose choices a field has: itself, or the one that it is like. */
const struct duet_symbol *duet_index_enum_of(const struct duet_index *index,
                                             const struct duet_symbol *field);
/* The field that a dependent enum follows; NULL: it follows none, or one that isn't there. */
const struct duet_symbol *duet_index_parent_of(const struct duet_symbol *field);
/* The mapping that a test is of; NULL: none can be told. */
const struct duet_symbol *duet_index_mapping_of(const struct duet_index *index,
                                                const struct duet_ast_test *test);
