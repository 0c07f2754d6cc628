/* Constructors of systems: settings, records, fields, types. As in ast_value.h; a part that may stand
 * once and stands twice is reported, and the first one stays. */
#pragma once

#include "dsl/ast_value.h"

DUET_AST_APPEND(choice)
DUET_AST_APPEND(dependent_row)
DUET_AST_APPEND(person_key)
DUET_AST_APPEND(field)
DUET_AST_APPEND(form)
DUET_AST_APPEND(predicate)
DUET_AST_APPEND(move)
DUET_AST_APPEND(moves)
DUET_AST_APPEND(record)
DUET_AST_APPEND(setting)

/* From the start of one to the end of the other. */
struct duet_span duet_ast_span(struct duet_span first, struct duet_span last);

struct duet_ast_system *duet_ast_system_new(struct duet_parse_state *state);
struct duet_ast_system *duet_ast_system_settings(struct duet_ast_system *system,
                                                 struct duet_ast_setting_list settings);
/* The record gets its place and name. */
struct duet_ast_system *duet_ast_system_record(struct duet_ast_system *system, struct duet_span at,
                                               struct duet_ast_name name,
                                               struct duet_ast_record *record);
struct duet_ast_system *duet_ast_system_http(struct duet_parse_state *state,
                                             struct duet_ast_system *system, struct duet_span at,
                                             struct duet_ast_http *http);
struct duet_ast_setting *duet_ast_setting_new(struct duet_parse_state *state, struct duet_span at,
                                              struct duet_ast_name name, struct duet_ast_type *type,
                                              struct duet_ast_value *default_value);

struct duet_ast_record *duet_ast_record_new(struct duet_parse_state *state);
struct duet_ast_record *duet_ast_record_field(struct duet_ast_record *record,
                                              struct duet_ast_field *field);
struct duet_ast_record *duet_ast_record_form(struct duet_parse_state *state,
                                             struct duet_ast_record *record, struct duet_span at,
                                             struct duet_ast_name section,
                                             struct duet_ast_field_list fields);
struct duet_ast_record *duet_ast_record_predicate(struct duet_parse_state *state,
                                                  struct duet_ast_record *record,
                                                  struct duet_span at, struct duet_ast_name name,
                                                  struct duet_ast_condition *condition);
struct duet_ast_record *duet_ast_record_moves(struct duet_parse_state *state,
                                              struct duet_ast_record *record, struct duet_span at,
                                              struct duet_ast_name field,
                                              struct duet_ast_move_list moves);
struct duet_ast_move *duet_ast_move_new(struct duet_parse_state *state, struct duet_span at,
                                        struct duet_ast_name from,
                                        struct duet_ast_name_item_list to);

struct duet_ast_type *duet_ast_type_new(struct duet_parse_state *state, struct duet_span at,
                                        enum duet_ast_type_kind kind);
struct duet_ast_type *duet_ast_type_number(struct duet_parse_state *state, struct duet_span at,
                                           enum duet_ast_type_kind kind, bool as_text);
struct duet_ast_type *duet_ast_type_time(struct duet_parse_state *state, struct duet_span at,
                                         enum duet_ast_time_form form, const char *format);
struct duet_ast_type *duet_ast_type_enum(struct duet_parse_state *state, struct duet_span at,
                                         bool ordered, struct duet_ast_choice_list choices);
struct duet_ast_type *duet_ast_type_list(struct duet_parse_state *state, struct duet_span at,
                                         struct duet_ast_type *element);
struct duet_ast_type *duet_ast_type_person(struct duet_parse_state *state, struct duet_span at,
                                           struct duet_ast_person_key_list persons);
struct duet_ast_choice *duet_ast_choice_new(struct duet_parse_state *state, struct duet_span at,
                                            struct duet_ast_name name, struct duet_ast_value *wire);
struct duet_ast_person_key *duet_ast_person_key_new(struct duet_parse_state *state,
                                                    struct duet_span at, struct duet_ast_name key,
                                                    struct duet_ast_path *path);
/* `none` alone is no choice, but a row without any. */
struct duet_ast_dependent_row *duet_ast_dependent_row_new(struct duet_parse_state *state,
                                                          struct duet_span at,
                                                          struct duet_ast_name value,
                                                          struct duet_ast_choice_list choices);

/* A field's attributes are gathered in a field without name and type; finish gives it both. */
struct duet_ast_field *duet_ast_field_new(struct duet_parse_state *state);
struct duet_ast_field *duet_ast_field_at(struct duet_parse_state *state,
                                         struct duet_ast_field *field, struct duet_ast_path *path);
struct duet_ast_field *duet_ast_field_write_as(struct duet_parse_state *state,
                                               struct duet_ast_field *field,
                                               struct duet_ast_path *path);
struct duet_ast_field *duet_ast_field_write_whole(struct duet_parse_state *state,
                                                  struct duet_ast_field *field,
                                                  struct duet_span at);
struct duet_ast_field *duet_ast_field_required(struct duet_parse_state *state,
                                               struct duet_ast_field *field, struct duet_span at,
                                               struct duet_ast_condition *when);
struct duet_ast_field *duet_ast_field_read_only(struct duet_parse_state *state,
                                                struct duet_ast_field *field, struct duet_span at);
struct duet_ast_field *duet_ast_field_max(struct duet_parse_state *state,
                                          struct duet_ast_field *field, struct duet_span at,
                                          int64_t max);
struct duet_ast_field *duet_ast_field_empty(struct duet_parse_state *state,
                                            struct duet_ast_field *field,
                                            struct duet_ast_value *value);
struct duet_ast_field *duet_ast_field_default(struct duet_parse_state *state,
                                              struct duet_ast_field *field,
                                              struct duet_ast_value *value);
struct duet_ast_field *duet_ast_field_lossy(struct duet_parse_state *state,
                                            struct duet_ast_field *field,
                                            struct duet_ast_name reason);
struct duet_ast_field *duet_ast_field_finish(struct duet_span at, struct duet_ast_name name,
                                             struct duet_ast_type *type,
                                             struct duet_ast_field *attributes);
struct duet_ast_field *duet_ast_field_like(struct duet_parse_state *state, struct duet_span at,
                                           struct duet_ast_name name, struct duet_span type_at,
                                           struct duet_ast_path *by, struct duet_ast_path *like,
                                           struct duet_ast_field *attributes);
struct duet_ast_field *duet_ast_field_dependent(struct duet_parse_state *state, struct duet_span at,
                                                struct duet_ast_name name, struct duet_span type_at,
                                                struct duet_ast_path *by,
                                                struct duet_ast_dependent_row_list rows,
                                                struct duet_ast_field *attributes);
struct duet_ast_field *duet_ast_field_notes(struct duet_parse_state *state, struct duet_span at,
                                            struct duet_ast_name name, struct duet_span type_at,
                                            struct duet_ast_field_list fields,
                                            struct duet_ast_field *attributes);
