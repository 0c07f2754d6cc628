/* What all of lowering is made of: paths, conditions, texts with places, templates. For dsl/lower*.c. */
#pragma once

#include "dsl/check.h"
#include "dsl/tables_build.h"

struct duet_lower {
    struct duet_tables_builder *builder;
    struct duet_checker *check; /* quiet: names are resolved once more, nothing is reported */
    const struct duet_m_mapping *mapping;
    uint32_t first_field[2]; /* FIELD row of a side's field 0 */
};

/* A range of rows that were built one behind the other. */
struct duet_lower_range {
    uint32_t first;
    uint32_t count;
};

uint32_t duet_lower_str(struct duet_lower *lower, const char *text);

/* FIELD row, or DUET_NONE for NULL. */
uint32_t duet_lower_field(const struct duet_lower *lower, enum duet_side side,
                          const struct duet_m_field *field);

/* PATH rows. `[]` belongs to the step before it; alone it is the answer itself, a path without steps. */
uint32_t duet_lower_path(struct duet_lower *lower, const struct duet_ast_path *path);
uint32_t duet_lower_steps(struct duet_lower *lower, const struct duet_ast_step *steps);
uint32_t duet_lower_value_path(struct duet_lower *lower, const struct duet_ast_value *value);
struct duet_lower_range duet_lower_paths(struct duet_lower *lower,
                                         const struct duet_ast_path_list *paths);

/* EXPR row, or DUET_NONE for NULL. */
uint32_t duet_lower_expr(struct duet_lower *lower, const struct duet_m_expr *expr);

struct duet_lower_range duet_lower_text(struct duet_lower *lower, const struct duet_m_place *place,
                                        const struct duet_ast_text *text);
/* JSON row, or DUET_NONE for NULL. */
uint32_t duet_lower_json(struct duet_lower *lower, const struct duet_m_place *place,
                         const struct duet_ast_json *json);

/* Where something stands, for FILE and LINE columns. */
uint32_t duet_lower_file(struct duet_lower *lower, struct duet_span at);
uint32_t duet_lower_line(const struct duet_lower *lower, struct duet_span at);

/* WORD rows. */
struct duet_lower_range duet_lower_words(struct duet_lower *lower, const uint32_t *words,
                                         uint32_t count);

/* --- lower_record.c, lower_http.c, lower_mapping.c -------------------------------------------- */

void duet_lower_fields(struct duet_lower *lower, enum duet_side side);
/* Fills the columns of a SIDE row. */
void duet_lower_record(struct duet_lower *lower, enum duet_side side, struct duet_t_side *row);
void duet_lower_http(struct duet_lower *lower, enum duet_side side, struct duet_t_side *row);
void duet_lower_mapping(struct duet_lower *lower);
