/* Constructors of tests, hubs, tenants, fleets, and of a file's top statements. As in ast_value.h. */
#pragma once

#include "dsl/ast_mapping.h"

DUET_AST_APPEND(table_row)
DUET_AST_APPEND(test_step)
DUET_AST_APPEND(tenant_side)
DUET_AST_APPEND(tenant_table)
DUET_AST_APPEND(override)
DUET_AST_APPEND(item)
DUET_AST_APPEND(comment)
DUET_AST_APPEND(damage)
DUET_AST_APPEND(file)

/* --- tests --- */

struct duet_ast_test *duet_ast_test_new(struct duet_parse_state *state);
struct duet_ast_test *duet_ast_test_step(struct duet_ast_test *test,
                                         struct duet_ast_test_step *step);

/* What stands within a step's braces; finish says which step it is. */
struct duet_ast_test_step *duet_ast_step_new(struct duet_parse_state *state);
struct duet_ast_test_step *duet_ast_step_assign(struct duet_ast_test_step *step,
                                                struct duet_ast_assign *assign);
struct duet_ast_test_step *duet_ast_step_note(struct duet_parse_state *state,
                                              struct duet_ast_test_step *step,
                                              struct duet_ast_name text);
/* `keeps omitted;` */
struct duet_ast_test_step *duet_ast_step_keeps(struct duet_parse_state *state,
                                               struct duet_ast_test_step *step,
                                               struct duet_span at);
struct duet_ast_test_step *duet_ast_step_finish(struct duet_span at,
                                                struct duet_ast_test_step *step,
                                                enum duet_ast_step_kind kind,
                                                struct duet_ast_name side);
/* An edit at the same moment as the first of them. */
struct duet_ast_test_step *duet_ast_step_and(struct duet_ast_test_step *first,
                                             struct duet_ast_test_step *edit);
struct duet_ast_test_step *duet_ast_step_then(struct duet_ast_test_step *first,
                                              struct duet_ast_test_step *edit);
struct duet_ast_test_step *duet_ast_step_table(struct duet_parse_state *state, struct duet_span at,
                                               struct duet_ast_name name,
                                               struct duet_ast_table_row_list rows);
struct duet_ast_test_step *duet_ast_step_forall(struct duet_parse_state *state, struct duet_span at,
                                                struct duet_ast_name name, struct duet_ast_path *in,
                                                struct duet_ast_condition *when);
struct duet_ast_test_step *duet_ast_step_signal(struct duet_parse_state *state, struct duet_span at,
                                                struct duet_ast_name side,
                                                struct duet_ast_name signal);
struct duet_ast_test_step *duet_ast_step_writes(struct duet_parse_state *state, struct duet_span at,
                                                struct duet_ast_name side,
                                                struct duet_ast_integer writes);
struct duet_ast_test_step *duet_ast_step_hold(struct duet_parse_state *state, struct duet_span at,
                                              struct duet_ast_name sentence);
/* `expect no …`: EXPECT_HOLD, EXPECT_PENDING, EXPECT_CONFLICT */
struct duet_ast_test_step *duet_ast_step_no(struct duet_parse_state *state, struct duet_span at,
                                            enum duet_ast_step_kind kind);
/* EXPECT_PENDING, EXPECT_CONFLICT, EXPECT_NOTHING */
struct duet_ast_test_step *duet_ast_step_fields(struct duet_parse_state *state, struct duet_span at,
                                                enum duet_ast_step_kind kind,
                                                struct duet_ast_name_item_list fields);
struct duet_ast_table_row *duet_ast_table_row_new(struct duet_parse_state *state,
                                                  struct duet_span at, struct duet_ast_name name,
                                                  struct duet_ast_assign_list cells);

/* --- hubs, tenants, fleets --- */

struct duet_ast_hub *duet_ast_hub_new(struct duet_parse_state *state);
struct duet_ast_hub *duet_ast_hub_setting(struct duet_ast_hub *hub, struct duet_ast_assign *assign);
struct duet_ast_hub *duet_ast_hub_every(struct duet_parse_state *state, struct duet_ast_hub *hub,
                                        struct duet_span at, int64_t milliseconds);

struct duet_ast_fleet *duet_ast_fleet_new(struct duet_parse_state *state);
struct duet_ast_fleet *duet_ast_fleet_setting(struct duet_ast_fleet *fleet,
                                              struct duet_ast_assign *assign);
struct duet_ast_fleet *duet_ast_fleet_every(struct duet_parse_state *state,
                                            struct duet_ast_fleet *fleet, struct duet_span at,
                                            int64_t milliseconds);

struct duet_ast_tenant *duet_ast_tenant_new(struct duet_parse_state *state);
struct duet_ast_tenant *duet_ast_tenant_side_add(struct duet_ast_tenant *tenant,
                                                 struct duet_ast_tenant_side *side);
struct duet_ast_tenant_side *duet_ast_tenant_side_new(struct duet_parse_state *state,
                                                      struct duet_span at,
                                                      struct duet_ast_name name,
                                                      struct duet_ast_name shared,
                                                      struct duet_ast_assign_list settings);
struct duet_ast_tenant *duet_ast_tenant_table(struct duet_parse_state *state,
                                              struct duet_ast_tenant *tenant, struct duet_span at,
                                              struct duet_ast_name name, struct duet_ast_name file);
struct duet_ast_tenant *duet_ast_tenant_every(struct duet_parse_state *state,
                                              struct duet_ast_tenant *tenant, struct duet_span at,
                                              int64_t milliseconds);
struct duet_ast_tenant *duet_ast_tenant_override(struct duet_ast_tenant *tenant,
                                                 struct duet_ast_override *override);

struct duet_ast_override *duet_ast_override_rule(struct duet_parse_state *state,
                                                 struct duet_span at, struct duet_ast_name name,
                                                 const struct duet_ast_rule_attributes *attributes,
                                                 struct duet_ast_arm_list arms);
struct duet_ast_override *duet_ast_override_trigger(struct duet_parse_state *state,
                                                    struct duet_span at,
                                                    struct duet_ast_trigger *trigger);
struct duet_ast_override *duet_ast_override_create(struct duet_parse_state *state,
                                                   struct duet_span at,
                                                   struct duet_ast_create *create);
struct duet_ast_override *duet_ast_override_first_contact(struct duet_parse_state *state,
                                                          struct duet_span at,
                                                          struct duet_ast_first_contact *contact);

/* --- a file's statements: each is put into the file that is being parsed --- */

void duet_ast_file_edition(struct duet_parse_state *state, struct duet_span at,
                           struct duet_span number_at, int64_t number);
void duet_ast_file_import(struct duet_parse_state *state, struct duet_span at,
                          struct duet_ast_name path);
void duet_ast_file_system(struct duet_parse_state *state, struct duet_span at,
                          struct duet_ast_name name, struct duet_ast_name title,
                          struct duet_ast_system *system);
void duet_ast_file_mapping(struct duet_parse_state *state, struct duet_span at,
                           struct duet_ast_name name, struct duet_ast_side left,
                           struct duet_ast_side right, struct duet_ast_mapping *mapping);
void duet_ast_file_test(struct duet_parse_state *state, struct duet_span at,
                        struct duet_ast_name name, struct duet_ast_name mapping,
                        struct duet_ast_test *test);
void duet_ast_file_test_table(struct duet_parse_state *state, struct duet_span at,
                              struct duet_ast_name name, struct duet_ast_table_row_list rows);
void duet_ast_file_hub(struct duet_parse_state *state, struct duet_span at,
                       struct duet_ast_name name, struct duet_ast_name system,
                       struct duet_ast_hub *hub);
void duet_ast_file_tenant(struct duet_parse_state *state, struct duet_span at,
                          struct duet_ast_name name, struct duet_ast_name mapping,
                          struct duet_ast_tenant *tenant);
void duet_ast_file_fleet(struct duet_parse_state *state, struct duet_span at,
                         struct duet_ast_fleet *fleet);
