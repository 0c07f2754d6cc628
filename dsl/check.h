/* Checks what a program means: names, types, values, rules. All findings in one run; a name that was
 * reported once is not reported again by what builds upon it.
 *
 * Used by dsl/compile.c. The check borrows everything it is given; what it makes is in the arena. */
#pragma once

#include "dsl/diag.h"
#include "dsl/model.h"
#include "dsl/suggest.h"

struct duet_arena;
struct duet_sources;

#define DUET_MAX_MAPPINGS 256U     /* of a program: each checks both its records anew */
#define DUET_MAX_HUBS 1024U        /* of a program */
#define DUET_MAX_PARTS 256U        /* settings or records of a system */
#define DUET_MAX_EXPR_PARTS 16384U /* of a condition, once the predicates it names are put in */
#define DUET_MAX_FORALLS 16U       /* of a test: each runs within the one before */
#define DUET_MAX_OVERRIDES 128U    /* of a tenant */
#define DUET_MAX_OVERLAYS 4096U    /* of a program: different sets of overrides */

/* What all checks of a program may cost together, in counted work. Beyond it there is a finding, or none: `searched`. */
#define DUET_MAX_CHECKED (UINT64_C(128) << 20)
#define DUET_MAX_VALUE_PAIRS (UINT64_C(1) << 30)
#define DUET_MAX_SEARCHED (UINT64_C(256) << 20)

struct duet_check_cost {
    uint64_t
        checked; /* bytes of mappings and records, each as often as a mapping or overlay has it checked */
    uint64_t value_pairs; /* of values that may go together: rows, moves, arms */
    uint64_t
        searched; /* bytes of broken statements; beyond the limit whatever is missing may stand in them */
};

struct duet_checker {
    struct duet_arena *arena;
    const struct duet_sources *sources;
    const struct duet_ast_program *program;
    struct duet_diags *diags;
    const char *context;          /* last line of findings outside of `home`, or NULL */
    struct duet_span home;        /* DUET_SPAN_NONE: the context stands under all */
    bool errors_only;             /* an overlay: its mapping's warnings were said already */
    size_t errors;                /* findings of severity error so far, by this check */
    size_t put_in;                /* parts of the condition at hand that came from predicates */
    bool incomplete;              /* a file is missing: unknown names may be there */
    struct duet_check_cost *cost; /* of all checks of the program */
};

/* Adds a finding with the check's context. Never NULL. */
struct duet_diag *duet_checker_report(struct duet_checker *check, enum duet_diag_code code,
                                      struct duet_span at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Whether that much more may be checked; false: reported at the place, which `name` names. */
bool duet_checker_affords_text(struct duet_checker *check, uint64_t bytes,
                               struct duet_ast_name name);
/* A matrix of bits, one line a value; NULL: there are too many by now, reported. */
uint32_t *duet_checker_value_pairs(struct duet_checker *check, uint32_t lines, uint32_t columns,
                                   struct duet_ast_name name);

/* A search for what was meant by a word; it looks at nothing when no more findings are kept. */
struct duet_suggest duet_checker_suggest(const struct duet_checker *check, const char *written);

/* A copy of the check whose findings nobody sees: to resolve once more what was reported already. */
struct duet_checker duet_checker_quietly(const struct duet_checker *check);

/* What a statement that couldn't be parsed may have said. `word` is what its text must hold as a word (of a
 * dotted name the last one) to count; NULL: any such statement counts. The first asks of all within a place. */
bool duet_checker_damaged(const struct duet_checker *check, struct duet_span at, const char *word);
/* Whether it may have been one of these: a whole definition; a setting or record of a system; a field or predicate of a
 * record; an operation or entry of a http block; a field, group, trigger of a mapping. */
bool duet_checker_program_lacks(const struct duet_checker *check, const char *word);
bool duet_checker_system_lacks(const struct duet_checker *check,
                               const struct duet_ast_system *system, const char *word);
bool duet_checker_record_lacks(const struct duet_checker *check,
                               const struct duet_ast_record *record, const char *word);
bool duet_checker_http_lacks(const struct duet_checker *check, const struct duet_ast_http *http,
                             const char *word);
bool duet_checker_mapping_lacks(const struct duet_checker *check,
                                const struct duet_ast_mapping *mapping, const char *word);

/* --- check_system.c, check_field.c: settings, records, fields --------------------------------- */

void duet_checker_system(struct duet_checker *check, const struct duet_ast_system *system);

/* The record as one side sees it; `other` (may be NULL) is the record that `like SIDE.field` may name,
 * by `other_name`. Never NULL. */
struct duet_m_record *duet_checker_record(struct duet_checker *check,
                                          const struct duet_ast_system *system,
                                          const struct duet_ast_record *ast, enum duet_side side,
                                          struct duet_m_record *other, const char *other_name);

/* Type, values, attributes of one field whose parent (when it has one) is resolved already. */
void duet_checker_field(struct duet_checker *check, struct duet_m_record *record,
                        struct duet_m_field *field, struct duet_m_record *other,
                        const char *other_name);

/* --- check_time.c ------------------------------------------------------------------------------ */

/* A time's pattern must say year, month and day, and each part once. Other types have none. */
void duet_checker_time(struct duet_checker *check, const struct duet_ast_type *type);

/* --- check_condition.c, check_constant.c ------------------------------------------------------ */

enum duet_scope_kind {
    DUET_SCOPE_RECORD,  /* status == Closed: fields and predicates of records[side] */
    DUET_SCOPE_MAPPING, /* siem.status == Closed */
    DUET_SCOPE_ANSWER,  /* status, body.x, header.X of an HTTP answer */
    DUET_SCOPE_ROW,     /* bare paths into a row; NOUN.field is a field of records[side] */
};

struct duet_scope {
    enum duet_scope_kind kind;
    const struct duet_m_record *records[2];
    const char *side_names[2];
    enum duet_side side;
    const char *noun;
};

/* The condition typed; NULL when it isn't written or something about it was reported. A condition that
 * its types decide gets a warning. */
struct duet_m_expr *duet_checker_condition(struct duet_checker *check,
                                           const struct duet_scope *scope,
                                           const struct duet_ast_condition *condition);

/* A constant for a field: an enum's value, a text, a number, `none`. NULL: reported. */
struct duet_m_expr *duet_checker_constant(struct duet_checker *check,
                                          const struct duet_m_field *field,
                                          const struct duet_ast_value *value);

/* --- check_decide.c: what a condition reads, and whether its types decide it ------------------ */

/* Bits of the fields of one side that a condition reads, through predicates too. */
uint64_t duet_checker_reads(const struct duet_m_record *record, const struct duet_m_expr *expr);

void duet_checker_decided(struct duet_checker *check, const struct duet_m_expr *expr);

/* --- check_once.c: what may stand once stands again; reported, with the fix that takes it out --- */

void duet_checker_twice(struct duet_checker *check, struct duet_span first, struct duet_span again,
                        const char *name);
void duet_checker_assigned_once(struct duet_checker *check,
                                const struct duet_ast_assign_list *assigns);
void duet_checker_names_once(struct duet_checker *check,
                             const struct duet_ast_name_item_list *names);
void duet_checker_paths_once(struct duet_checker *check, const struct duet_ast_path_list *paths);
void duet_checker_values_once(struct duet_checker *check, const struct duet_ast_value_list *values);
/* Within one row of a dependent enum: the same value may stand in several rows. */
void duet_checker_choices_once(struct duet_checker *check,
                               const struct duet_ast_choice_list *choices);
void duet_checker_keys_once(struct duet_checker *check,
                            const struct duet_ast_person_key_list *keys);
void duet_checker_members_once(struct duet_checker *check, const struct duet_ast_json *object);
/* Names of headers are the same in either case. */
void duet_checker_headers_once(struct duet_checker *check,
                               const struct duet_ast_header_list *headers);
void duet_checker_returns_once(struct duet_checker *check,
                               const struct duet_ast_return_list *returns);
/* Rows of a table of tests, and the columns of each. */
void duet_checker_rows_once(struct duet_checker *check, const struct duet_ast_table_row_list *rows);
/* Imports, tests of one file. */
void duet_checker_imports_once(struct duet_checker *check, const struct duet_ast_file *file);
void duet_checker_tests_once(struct duet_checker *check, const struct duet_ast_file *file);

/* --- check_http.c ----------------------------------------------------------------------------- */

/* What a {place} or a bare word in a template stands for. */
struct duet_m_reference {
    enum duet_ref ref;
    const char *text;
    const struct duet_m_field *field;
};

/* Where a template stands: which words mean something there. */
struct duet_m_place {
    const struct duet_m_record *record;
    const struct duet_ast_call *call; /* NULL: in no request */
    enum duet_op_kind kind;           /* of the request; ANY outside of one */
    bool envelope;
    bool auth;
    bool item; /* of a batch */
    bool bare; /* a word of its own in JSON, not a {place} in a text */
};

/* False: it means nothing there (reported). */
bool duet_checker_reference(struct duet_checker *check, const struct duet_m_place *place,
                            const struct duet_ast_path *path, struct duet_m_reference *out);

void duet_checker_http(struct duet_checker *check, struct duet_m_record *record);

/* The kind of a request: by verb and noun; ANY when the noun fits no record or note. */
enum duet_op_kind duet_checker_op_kind(const struct duet_ast_system *system,
                                       enum duet_ast_verb verb, const char *noun);
/* Whether an operation is about this record (or its notes). */
bool duet_checker_op_is_of(const struct duet_m_record *record,
                           const struct duet_ast_operation *operation);
/* Fields of the record (bits by number) that a call can write. */
uint64_t duet_checker_carries(const struct duet_m_record *record, enum duet_op_kind kind,
                              const struct duet_ast_call *call);
/* Fields that any call of this kind can write. */
uint64_t duet_checker_carried(const struct duet_m_record *record, enum duet_op_kind kind);
/* Whether all of these fields, and there are some, stand in sections of forms. */
bool duet_checker_in_sections(const struct duet_m_record *record, uint64_t fields);
bool duet_checker_has_op(const struct duet_m_record *record, enum duet_op_kind kind);

/* --- check_mapping.c, check_pair.c, check_units.c, check_triggers.c --------------------------- */

/* Never NULL; usable for tables only when the check's errors didn't grow. */
struct duet_m_mapping *duet_checker_mapping(struct duet_checker *check,
                                            const struct duet_ast_mapping *ast);

/* Types, values, transforms of one field rule. `group` may be NULL. */
void duet_checker_pair(struct duet_checker *check, const struct duet_m_mapping *mapping,
                       struct duet_m_pair *pair, const struct duet_ast_rule_attributes *group);
/* Arms of an enum pair, or equal names. */
struct duet_m_map *duet_checker_map(struct duet_checker *check,
                                    const struct duet_m_mapping *mapping, struct duet_m_pair *pair);
/* Of a pair that lacks one side: the values that its arms name of the other. */
void duet_checker_arm_values(struct duet_checker *check, const struct duet_m_pair *pair);
void duet_checker_policy(struct duet_checker *check, const struct duet_m_mapping *mapping,
                         struct duet_m_unit *unit,
                         const struct duet_ast_rule_attributes *attributes);

/* The planner's order, components, what a merge freezes; numbers the units. */
void duet_checker_order_units(struct duet_checker *check, struct duet_m_mapping *mapping);
/* Bits of the fields that T's rule about one field reads: 0 when it has none. */
uint64_t duet_checker_rule_reads(const struct duet_m_record *record,
                                 const struct duet_m_field *field);

void duet_checker_triggers(struct duet_checker *check, struct duet_m_mapping *mapping);
/* What is written where: read-only, required, carried, twice. */
void duet_checker_targets(struct duet_checker *check, const struct duet_m_mapping *mapping);

/* --- check_fleet.c ---------------------------------------------------------------------------- */

struct duet_fleet_config;
struct duet_fleet_settings;
struct duet_fleet_hub;
struct duet_fleet_tenant;

/* Hub, tenant and `fleet { }` resolved; parts that were reported are left out. */
void duet_checker_hub(struct duet_checker *check, const struct duet_ast_hub *hub,
                      struct duet_fleet_hub *out);
/* `model` is its mapping without the overlay; the caller fills in mapping and tables. */
void duet_checker_tenant(struct duet_checker *check, const struct duet_ast_tenant *tenant,
                         const struct duet_m_mapping *model, struct duet_fleet_config *fleet,
                         struct duet_fleet_tenant *out);
void duet_checker_fleet(struct duet_checker *check, const struct duet_ast_fleet *fleet,
                        struct duet_fleet_config *out);

/* --- check_unused.c --------------------------------------------------------------------------- */

/* What is defined and never used; all but hubs only where nothing else is wrong. Comes last. */
void duet_checker_unused(struct duet_checker *check);

/* --- check_tests.c ---------------------------------------------------------------------------- */

/* `test table` for all of these mappings, `given table` for the test's own: its name, its columns. */
void duet_checker_test_table(struct duet_checker *check,
                             const struct duet_m_mapping *const *mappings, size_t count,
                             const struct duet_ast_test_table *table);
/* The rows of the tables of all tests. */
struct duet_word_index *duet_checker_test_rows(const struct duet_checker *check);
void duet_checker_test(struct duet_checker *check, const struct duet_m_mapping *mapping,
                       const struct duet_ast_test *test, const struct duet_word_index *shared_rows);
