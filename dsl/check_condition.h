/* What check_condition.c, check_subject.c and check_constant.c share. */
#pragma once

#include "dsl/check.h"

/* The left side of a comparison, resolved. */
struct duet_subject {
    struct duet_m_expr *expr;         /* NULL: reported, or unknown and nobody's fault */
    const struct duet_m_field *field; /* NULL: a path into an answer, or a predicate */
};

/* An operation without parts, in the check's arena. */
struct duet_m_expr *duet_condition_expr(struct duet_checker *check, enum duet_op op,
                                        struct duet_span at);

/* --- check_subject.c -------------------------------------------------------------------------- */

struct duet_subject duet_condition_subject(struct duet_checker *check,
                                           const struct duet_scope *scope,
                                           const struct duet_ast_value *value);
struct duet_subject duet_condition_path(struct duet_checker *check, const struct duet_scope *scope,
                                        const struct duet_ast_path *path);

/* --- check_constant.c ------------------------------------------------------------------------- */

/* What a path into an answer or a row is compared with: whatever JSON has. NULL: reported. */
struct duet_m_expr *duet_condition_constant(struct duet_checker *check,
                                            const struct duet_ast_value *value);

/* Reports that the field doesn't go with what stands at `at`. NULL. */
struct duet_m_expr *duet_condition_mismatch(struct duet_checker *check,
                                            const struct duet_m_field *field, struct duet_span at,
                                            const char *expected);
