/* Constructors of mappings: sides, rules, groups, notes, triggers. As in ast_value.h; what may stand once
 * and stands twice is reported, and the first one stays. */
#pragma once

#include "dsl/ast_system.h"

DUET_AST_APPEND(transform)
DUET_AST_APPEND(arm)
DUET_AST_APPEND(rule)
DUET_AST_APPEND(group)
DUET_AST_APPEND(link)
DUET_AST_APPEND(create)
DUET_AST_APPEND(notes)
DUET_AST_APPEND(trigger)

struct duet_ast_name_item_list duet_ast_names(struct duet_parse_state *state,
                                              struct duet_ast_name_item_list list,
                                              struct duet_ast_name name);
struct duet_ast_side duet_ast_side(struct duet_span at, struct duet_ast_name system,
                                   struct duet_ast_name record, struct duet_ast_name name);

struct duet_ast_mapping *duet_ast_mapping_new(struct duet_parse_state *state);
struct duet_ast_mapping *duet_ast_mapping_link(struct duet_parse_state *state,
                                               struct duet_ast_mapping *mapping,
                                               struct duet_span at, struct duet_ast_path *left,
                                               enum duet_ast_direction direction,
                                               struct duet_span arrow_at,
                                               struct duet_ast_path *right);
struct duet_ast_mapping *duet_ast_mapping_first_contact(struct duet_parse_state *state,
                                                        struct duet_ast_mapping *mapping,
                                                        struct duet_ast_first_contact *contact);
struct duet_ast_mapping *duet_ast_mapping_create(struct duet_ast_mapping *mapping,
                                                 struct duet_ast_create *create);
struct duet_ast_mapping *duet_ast_mapping_rule(struct duet_ast_mapping *mapping,
                                               struct duet_ast_rule *rule);
struct duet_ast_mapping *duet_ast_mapping_group(struct duet_parse_state *state,
                                                struct duet_ast_mapping *mapping,
                                                struct duet_span at, struct duet_ast_name name,
                                                const struct duet_ast_rule_attributes *attributes,
                                                struct duet_ast_rule_list rules);
/* The attributes become the statement. */
struct duet_ast_mapping *duet_ast_mapping_notes(struct duet_ast_mapping *mapping,
                                                struct duet_span at, struct duet_ast_path *left,
                                                enum duet_ast_direction direction,
                                                struct duet_ast_path *right,
                                                struct duet_ast_notes *notes);
struct duet_ast_mapping *duet_ast_mapping_trigger(struct duet_ast_mapping *mapping,
                                                  struct duet_ast_trigger *trigger);
struct duet_ast_mapping *duet_ast_mapping_overlap(struct duet_parse_state *state,
                                                  struct duet_ast_mapping *mapping,
                                                  struct duet_span at, int64_t milliseconds);
struct duet_ast_mapping *duet_ast_mapping_skew(struct duet_parse_state *state,
                                               struct duet_ast_mapping *mapping,
                                               struct duet_span at, int64_t milliseconds);

/* `hold`, unquoted, is no side. */
struct duet_ast_first_contact *duet_ast_first_contact_new(struct duet_parse_state *state,
                                                          struct duet_span at,
                                                          struct duet_ast_name side);
struct duet_ast_create *duet_ast_create_new(struct duet_parse_state *state, struct duet_span at,
                                            struct duet_ast_name side, struct duet_ast_name from,
                                            struct duet_ast_condition *when);

struct duet_ast_rule *duet_ast_rule_new(struct duet_parse_state *state, struct duet_span at,
                                        struct duet_ast_name name, struct duet_ast_path *left,
                                        enum duet_ast_direction direction,
                                        struct duet_ast_path *right,
                                        const struct duet_ast_rule_attributes *attributes);
struct duet_ast_rule *duet_ast_rule_arms(struct duet_ast_rule *rule, struct duet_ast_arm_list arms);

struct duet_ast_rule_attributes *duet_ast_rule_attributes_new(struct duet_parse_state *state);
struct duet_ast_rule_attributes *
duet_ast_rule_transform(struct duet_parse_state *state, struct duet_ast_rule_attributes *attributes,
                        struct duet_span at, struct duet_ast_name name,
                        struct duet_ast_value_list arguments);
struct duet_ast_rule_attributes *duet_ast_rule_via(struct duet_parse_state *state,
                                                   struct duet_ast_rule_attributes *attributes,
                                                   struct duet_ast_name table);
/* `keep` and `quarantine`, unquoted, are no values. */
struct duet_ast_rule_attributes *duet_ast_rule_unknown(struct duet_parse_state *state,
                                                       struct duet_ast_rule_attributes *attributes,
                                                       struct duet_ast_value *value);
struct duet_ast_rule_attributes *duet_ast_rule_default(struct duet_parse_state *state,
                                                       struct duet_ast_rule_attributes *attributes,
                                                       struct duet_ast_value *value);
/* `highest`, `lowest` and `hold`, unquoted, are no sides. */
struct duet_ast_rule_attributes *duet_ast_rule_conflict(struct duet_parse_state *state,
                                                        struct duet_ast_rule_attributes *attributes,
                                                        struct duet_span at,
                                                        struct duet_ast_name policy);
struct duet_ast_rule_attributes *duet_ast_rule_newest(struct duet_parse_state *state,
                                                      struct duet_ast_rule_attributes *attributes,
                                                      struct duet_span at,
                                                      struct duet_ast_name side);
struct duet_ast_rule_attributes *duet_ast_rule_lossy(struct duet_parse_state *state,
                                                     struct duet_ast_rule_attributes *attributes,
                                                     struct duet_ast_name reason);
struct duet_ast_arm *duet_ast_arm_new(struct duet_parse_state *state, struct duet_span at,
                                      struct duet_ast_value *left,
                                      enum duet_ast_direction direction,
                                      struct duet_ast_value *right, struct duet_ast_name lossy);

struct duet_ast_notes *duet_ast_notes_new(struct duet_parse_state *state);
struct duet_ast_notes *duet_ast_notes_edits(struct duet_parse_state *state,
                                            struct duet_ast_notes *notes, struct duet_span at,
                                            enum duet_ast_edits edits);
struct duet_ast_notes *duet_ast_notes_since(struct duet_parse_state *state,
                                            struct duet_ast_notes *notes, struct duet_span at,
                                            enum duet_ast_since since);

/* An event alone; finish makes it a statement. `all`, unquoted and alone, is no target. */
struct duet_ast_trigger *duet_ast_trigger_new(struct duet_parse_state *state, struct duet_span at,
                                              enum duet_ast_event event,
                                              struct duet_ast_name signal);
struct duet_ast_trigger *
duet_ast_trigger_finish(struct duet_span at, struct duet_ast_trigger *trigger,
                        struct duet_ast_name side, enum duet_ast_action action,
                        struct duet_ast_name_item_list targets, struct duet_ast_condition *when);
