/* What the left side of a comparison names: a field, a predicate, a path into an answer or a row. */
#include "dsl/arena.h"
#include "dsl/check_condition.h"
#include "dsl/names.h"

static struct duet_subject field_subject(struct duet_checker *check,
                                         const struct duet_m_field *field, enum duet_side side,
                                         struct duet_span at)
{
    struct duet_subject subject = { 0 };
    if (!field)
        return subject;
    subject.field = field;
    subject.expr = duet_condition_expr(check, DUET_EXPR_FIELD, at);
    subject.expr->field = field;
    subject.expr->side = side;
    return subject;
}

/* As deep as a condition may be. */
static size_t parts_of(const struct duet_m_expr *expr)
{
    return expr ? 1 + parts_of(expr->left) + parts_of(expr->right) : 0;
}

/* A copy, since a row of the tables is part of one condition only. */
static struct duet_m_expr *clone(struct duet_checker *check, const struct duet_m_expr *from)
{
    if (!from)
        return NULL;
    struct duet_m_expr *expr = duet_condition_expr(check, from->op, from->at);
    *expr = *from;
    expr->left = clone(check, from->left);
    expr->right = clone(check, from->right);
    return expr;
}

/* Predicates that name predicates double with each step: what they come to is bounded before it is copied. */
static struct duet_m_expr *put_in(struct duet_checker *check, const struct duet_m_expr *expr,
                                  struct duet_span at)
{
    if (!expr)
        return NULL;
    check->put_in += parts_of(expr);
    if (check->put_in <= DUET_MAX_EXPR_PARTS)
        return clone(check, expr);
    duet_checker_report(check, DUET_DIAG_TOO_MANY, at,
                        "with the predicates that it names, a condition has more than %u parts",
                        DUET_MAX_EXPR_PARTS);
    return NULL;
}

/* `closed` and `merged` stay questions of their own; others stand for what they say. */
static struct duet_m_expr *predicate_expr(struct duet_checker *check,
                                          const struct duet_m_record *record, const char *name,
                                          struct duet_span at)
{
    for (uint32_t i = 0; i < record->predicate_count; i++) {
        const struct duet_m_predicate *predicate = &record->predicates[i];
        if (!duet_names_same(predicate->name, name))
            continue;
        bool closed = duet_names_same(name, "closed");
        if (!closed && !duet_names_same(name, "merged"))
            return put_in(check, predicate->when, at);
        struct duet_m_expr *expr =
            duet_condition_expr(check, closed ? DUET_EXPR_CLOSED : DUET_EXPR_MERGED, at);
        expr->side = record->side;
        return expr;
    }
    return NULL;
}

static bool is_predicate(const struct duet_m_record *record, const struct duet_ast_step *steps)
{
    for (uint32_t i = 0; steps && !steps->next && i < record->predicate_count; i++) {
        if (duet_names_same(record->predicates[i].name, steps->name.text))
            return true;
    }
    return false;
}

static struct duet_subject record_subject(struct duet_checker *check,
                                          const struct duet_m_record *record,
                                          const struct duet_ast_step *steps, struct duet_span at,
                                          const char *what)
{
    if (is_predicate(record, steps))
        return (struct duet_subject){ .expr = predicate_expr(check, record, steps->name.text, at) };
    if (!steps) {
        duet_checker_report(check, DUET_DIAG_NOT_A_CONDITION, at,
                            "'%s' is a side, expected one of its fields", what);
        return (struct duet_subject){ 0 };
    }
    return field_subject(check, duet_names_need_field(check, record, steps, at, what), record->side,
                         at);
}

static struct duet_subject mapping_subject(struct duet_checker *check,
                                           const struct duet_scope *scope,
                                           const struct duet_ast_path *path)
{
    const struct duet_ast_step *first = path->steps.first;
    int side = duet_names_need_side(check, scope->side_names, first->name.text, first->name.at);
    if (side < 0 || !scope->records[side])
        return (struct duet_subject){ 0 };
    return record_subject(check, scope->records[side], first->next, path->at, path->text);
}

static struct duet_m_expr *path_expr(struct duet_checker *check, enum duet_root root,
                                     const struct duet_ast_step *steps, struct duet_span at)
{
    struct duet_m_expr *expr = duet_condition_expr(check, DUET_EXPR_PATH, at);
    expr->root = root;
    expr->steps = steps;
    return expr;
}

static struct duet_subject answer_subject(struct duet_checker *check,
                                          const struct duet_ast_path *path)
{
    const struct duet_ast_step *first = path->steps.first;
    const char *root = first->name.text;
    if (duet_names_same(root, "status") && !first->next)
        return (struct duet_subject){ .expr = path_expr(check, DUET_ROOT_STATUS, NULL, path->at) };
    if (duet_names_same(root, "body") && first->next)
        return (struct duet_subject){ .expr =
                                          path_expr(check, DUET_ROOT_BODY, first->next, path->at) };
    if (duet_names_same(root, "header") && first->next)
        return (struct duet_subject){ .expr = path_expr(check, DUET_ROOT_HEADER, first->next,
                                                        path->at) };
    struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_UNKNOWN_REFERENCE, path->at,
                                                 "'%s' is nothing that an answer has", path->text);
    duet_diag_help(diag, "an answer has status, body.PATH and header.NAME: did you mean 'body.%s'?",
                   path->text);
    duet_diag_fix(diag, DUET_FIX_MAYBE,
                  (struct duet_span){ path->at.file, path->at.start, path->at.start }, "body.");
    return (struct duet_subject){ 0 };
}

struct duet_subject duet_condition_path(struct duet_checker *check, const struct duet_scope *scope,
                                        const struct duet_ast_path *path)
{
    const struct duet_ast_step *first = path->steps.first;
    switch (scope->kind) {
    case DUET_SCOPE_RECORD:
        return record_subject(check, scope->records[scope->side], first, path->at, path->text);
    case DUET_SCOPE_MAPPING:
        return mapping_subject(check, scope, path);
    case DUET_SCOPE_ANSWER:
        return answer_subject(check, path);
    case DUET_SCOPE_ROW:
        if (first->next && duet_names_same(first->name.text, scope->noun))
            return record_subject(check, scope->records[scope->side], first->next, path->at,
                                  path->text);
        return (struct duet_subject){ .expr = path_expr(check, DUET_ROOT_ROW, first, path->at) };
    }
    return (struct duet_subject){ 0 };
}

struct duet_subject duet_condition_subject(struct duet_checker *check,
                                           const struct duet_scope *scope,
                                           const struct duet_ast_value *value)
{
    if (value->kind == DUET_AST_VALUE_PATH)
        return duet_condition_path(check, scope, value->path);
    /* "IR Number" == ...: a quoted name of one step. */
    if (value->kind == DUET_AST_VALUE_TEXT) {
        struct duet_ast_path *path = duet_arena_alloc(check->arena, sizeof *path);
        struct duet_ast_step *step = duet_arena_alloc(check->arena, sizeof *step);
        step->name = (struct duet_ast_name){ .text = value->text, .at = value->at, .quoted = true };
        *path = (struct duet_ast_path){ .steps = { step, step, 1 },
                                        .text = value->text,
                                        .at = value->at };
        return duet_condition_path(check, scope, path);
    }
    duet_checker_report(check, DUET_DIAG_NOT_A_CONDITION, value->at,
                        "a field is expected on the left, then what it is compared with");
    return (struct duet_subject){ 0 };
}
