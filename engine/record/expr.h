/* Conditions: rows of EXPR, judged over whatever their leaves mean to the caller. Always ends: depth is bounded by the loader.
 *
 * Two-valued on purpose: a comparison with a missing or unknown value is false, `!=` with one is true. */
#pragma once

#include "dsl/tables.h"
#include "engine/record/value.h"

/* What a FIELD or PATH leaf is right now; MISSING when nothing stands there. */
typedef struct duet_value (*duet_leaf_read)(void *data, const struct duet_t_expr *leaf);
/* CHANGED, WAS, CLOSED, MERGED: answered by the caller; `expr` is the operator's row. NULL: all false. */
typedef bool (*duet_leaf_test)(void *data, const struct duet_t_expr *expr);

struct duet_leaves {
    duet_leaf_read read;
    duet_leaf_test test;
    void *data;
};

bool duet_expr_holds(const struct duet_tables *tables, uint32_t expr,
                     const struct duet_leaves *leaves);

/* The value of a constant leaf. */
struct duet_value duet_expr_constant(const struct duet_tables *tables,
                                     const struct duet_t_expr *leaf);

/* A JSON value as a leaf of conditions on answers: text, number, boolean, list of texts; else MISSING. */
struct duet_value duet_value_of_json(const json_t *json, struct duet_arena *arena);
