/* Values as a test writes them, and back: enum values by name, persons by the row of a table, `none`. */
#pragma once

#include "dsl/ast.h"
#include "engine/record/record.h"

/* A person of a table, known to tests by the row's name. */
struct duet_cast_row {
    const char *name;
    const char *table;
    uint32_t row; /* in its table */
    struct duet_cast_row *next;
};

/* forall NAME in ...: what it is in this run of the test. */
struct duet_binding {
    const char *name;
    const char *value;
    const struct duet_binding *next;
};

struct duet_written {
    const struct duet_rules *rules;
    struct duet_arena *arena;
    const struct duet_cast_row *cast;
    const struct duet_binding *bindings;
};

/* The number of a side's field by its name (`form.reason`); DUET_NONE. */
uint32_t duet_written_field(const struct duet_written *written, enum duet_side side,
                            const struct duet_ast_path *path);

/* DUET_INVALID with a reason when the field can't hold what was written. */
enum duet_status duet_written_read(const struct duet_written *written, enum duet_side side,
                                   uint32_t field, const struct duet_ast_value *value,
                                   struct duet_value *value_out, struct duet_error *error);

/* As one would write it. Into the arena. */
const char *duet_written_show(const struct duet_written *written, enum duet_side side,
                              uint32_t field, const struct duet_value *value);
