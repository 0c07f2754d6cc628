/* Which definition a name means, over all files of a program, and which it may have meant. */
#pragma once

#include "dsl/check.h"

bool duet_names_same(const char *a, const char *b); /* NULL is no name */

/* The first definition of that name, NULL when there is none. */
const struct duet_ast_system *duet_names_system(const struct duet_ast_program *program,
                                                const char *name);
const struct duet_ast_mapping *duet_names_mapping(const struct duet_ast_program *program,
                                                  const char *name);
const struct duet_ast_hub *duet_names_hub(const struct duet_ast_program *program, const char *name);
const struct duet_ast_record *duet_names_record(const struct duet_ast_system *system,
                                                const char *name);
const struct duet_ast_setting *duet_names_setting(const struct duet_ast_system *system,
                                                  const char *name);

/* The same, reporting what isn't there with what was meant; silent where a definition may have been
 * lost with a broken statement. */
const struct duet_ast_system *duet_names_need_system(struct duet_checker *check,
                                                     struct duet_ast_name name);
const struct duet_ast_record *duet_names_need_record(struct duet_checker *check,
                                                     const struct duet_ast_system *system,
                                                     struct duet_ast_name name);
const struct duet_ast_mapping *duet_names_need_mapping(struct duet_checker *check,
                                                       struct duet_ast_name name);
const struct duet_ast_hub *duet_names_need_hub(struct duet_checker *check,
                                               struct duet_ast_name name);

/* Systems, mappings, hubs, tenants that are defined twice. */
void duet_names_check_twice(struct duet_checker *check);

/* Steps joined by dots, without the quotes that a path's text has. */
const char *duet_names_plain(struct duet_arena *arena, const struct duet_ast_step *steps);

/* Where steps stand, so that they can be written anew; DUET_SPAN_NONE: that can't be told. */
struct duet_span duet_names_place(const struct duet_ast_step *steps);

/* The field that steps name within a record: `title`, `form.reason`. */
const struct duet_m_field *duet_names_field(const struct duet_m_record *record,
                                            const struct duet_ast_step *steps);
/* Reports it when it isn't there; `what` is the whole that was written. */
const struct duet_m_field *duet_names_need_field(struct duet_checker *check,
                                                 const struct duet_m_record *record,
                                                 const struct duet_ast_step *steps,
                                                 struct duet_span at, const char *what);

/* A side by its name: 0, 1, or -1; the other reports it. */
int duet_names_side(const char *const side_names[2], const char *name);
int duet_names_need_side(struct duet_checker *check, const char *const side_names[2],
                         const char *name, struct duet_span at);

/* siem.form.reason: the field of the side that must be `side`; NULL: reported. */
const struct duet_m_field *duet_names_need_side_field(struct duet_checker *check,
                                                      const struct duet_m_mapping *mapping,
                                                      enum duet_side side,
                                                      const struct duet_ast_path *path);

/* Index of an enum's value, DUET_NONE when it has none of that name. */
uint32_t duet_names_value(const struct duet_m_enum *values, const char *name);
/* Reports it when it isn't there. */
uint32_t duet_names_need_value(struct duet_checker *check, const struct duet_m_field *field,
                               const char *name, struct duet_span at);

/* A unit of the mapping by name; inside_out (may be NULL) is the group that has a field of that name. */
const struct duet_m_unit *duet_names_unit(const struct duet_m_mapping *mapping, const char *name,
                                          const struct duet_m_unit **inside_out);
