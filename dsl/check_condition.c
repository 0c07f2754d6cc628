/* Conditions, typed: every name resolved, every constant checked against what it is compared with.
 *
 * A condition's depth is bounded by the parser (DUET_PARSE_NESTING_MAX); `and` and `or` of many parts
 * become balanced trees, so that the typed tree stays below DUET_MAX_EXPR_DEPTH. */
#include "dsl/check_condition.h"

#include "dsl/arena.h"
#include "dsl/names.h"
#include "dsl/types.h"

struct duet_m_expr *duet_condition_expr(struct duet_checker *check, enum duet_op op,
                                        struct duet_span at)
{
    struct duet_m_expr *expr = duet_arena_alloc(check->arena, sizeof *expr);
    expr->op = op;
    expr->at = at;
    return expr;
}

static struct duet_m_expr *new_binary(struct duet_checker *check, enum duet_op op,
                                      struct duet_span at, struct duet_m_expr *left,
                                      struct duet_m_expr *right)
{
    struct duet_m_expr *expr = duet_condition_expr(check, op, at);
    expr->left = left;
    expr->right = right;
    return expr;
}

/* --- comparisons ------------------------------------------------------------------------------ */

/* Whether a value on the right is meant as a field: `siem.a == soar.b`, `name == incident.status`. */
static bool names_field(const struct duet_scope *scope, const struct duet_ast_value *value)
{
    if (value->kind != DUET_AST_VALUE_PATH)
        return false;
    const struct duet_ast_step *first = value->path->steps.first;
    if (scope->kind == DUET_SCOPE_MAPPING)
        return first->next && duet_names_side(scope->side_names, first->name.text) >= 0;
    if (scope->kind == DUET_SCOPE_ROW)
        return first->next && duet_names_same(scope->noun, first->name.text);
    return scope->kind == DUET_SCOPE_RECORD &&
           duet_names_field(scope->records[scope->side], first) != NULL;
}

static struct duet_m_expr *refuse_predicate(struct duet_checker *check,
                                            const struct duet_ast_value *value, struct duet_span at)
{
    duet_checker_report(check, DUET_DIAG_TYPE_MISMATCH, at,
                        "a condition such as '%s' isn't compared with anything",
                        value->path ? value->path->text : value->text);
    return NULL;
}

static bool is_leaf(enum duet_op op)
{
    return op == DUET_EXPR_FIELD || op == DUET_EXPR_PATH;
}

/* Two fields: of one type, and no enums, whose values have nothing in common but their names. */
static struct duet_m_expr *field_operand(struct duet_checker *check, const struct duet_scope *scope,
                                         const struct duet_subject *left,
                                         const struct duet_ast_value *value)
{
    struct duet_subject right = duet_condition_path(check, scope, value->path);
    if (!right.expr)
        return NULL;
    if (!is_leaf(right.expr->op))
        return refuse_predicate(check, value, value->at);
    if (!left->field)
        return right.expr;
    if (left->field->type != right.field->type || left->field->type == DUET_TYPE_ENUM)
        return duet_condition_mismatch(
            check, left->field, value->at,
            left->field->type == DUET_TYPE_ENUM ? "one of its values" : "a field of the same type");
    return right.expr;
}

/* A bare word on the right of a row's path is a text. One that is a field's name was hardly meant so. */
static bool is_field_as_text(struct duet_checker *check, const struct duet_scope *scope,
                             const struct duet_ast_value *value)
{
    if (scope->kind != DUET_SCOPE_ROW || value->kind != DUET_AST_VALUE_PATH || !value->text ||
        !duet_names_field(scope->records[scope->side], value->path->steps.first))
        return false;
    struct duet_diag *diag = duet_checker_report(
        check, DUET_DIAG_UNKNOWN_REFERENCE, value->at,
        "'%s' would be compared as a text, not as the field of %s", value->text, scope->noun);
    duet_diag_help(diag, "write `%s.%s` for the field, \"%s\" for the text", scope->noun,
                   value->text, value->text);
    return true;
}

static struct duet_m_expr *operand(struct duet_checker *check, const struct duet_scope *scope,
                                   const struct duet_subject *left,
                                   const struct duet_ast_value *value)
{
    bool enum_word = left->field && left->field->type == DUET_TYPE_ENUM && value->text;
    if (!enum_word && names_field(scope, value))
        return field_operand(check, scope, left, value);
    if (!left->field && is_field_as_text(check, scope, value))
        return NULL;
    return left->field ? duet_checker_constant(check, left->field, value)
                       : duet_condition_constant(check, value);
}

static bool check_order(struct duet_checker *check, const struct duet_subject *left,
                        struct duet_span at)
{
    const struct duet_m_field *field = left->field;
    if (!field || !field->usable || field->type == DUET_TYPE_INTEGER ||
        (field->type == DUET_TYPE_ENUM && field->values.ordered))
        return true;
    struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_NOT_ORDERED, at,
                                                 "the values of '%s' have no order", field->name);
    duet_diag_note(diag, field->ast->type->at, "its type stands here");
    if (field->type == DUET_TYPE_ENUM)
        duet_diag_help(diag, "write `ordered enum (...)`, from low to high, if they have one");
    return false;
}

static bool check_textual(struct duet_checker *check, const struct duet_subject *left,
                          const struct duet_ast_condition *condition, bool list_too)
{
    const struct duet_m_field *field = left->field;
    if (!field || field->type == DUET_TYPE_TEXT || (list_too && field->type == DUET_TYPE_LIST))
        return true;
    duet_condition_mismatch(check, field, condition->at, list_too ? "a text or a list" : "a text");
    return false;
}

/* The operation of a comparison, and whether the left side may stand in it. */
static bool comparison_op(struct duet_checker *check, const struct duet_ast_condition *condition,
                          const struct duet_subject *left, enum duet_op *op_out)
{
    switch (condition->kind) {
    case DUET_AST_CONDITION_EQUAL:
    case DUET_AST_CONDITION_UNEQUAL:
        *op_out = condition->kind == DUET_AST_CONDITION_EQUAL ? DUET_EXPR_EQ : DUET_EXPR_NE;
        if (left->field && left->field->type == DUET_TYPE_LIST) {
            duet_condition_mismatch(check, left->field, condition->at, "`contains`");
            return false;
        }
        return true;
    case DUET_AST_CONDITION_LESS:
        *op_out = DUET_EXPR_LT;
        return check_order(check, left, condition->at);
    case DUET_AST_CONDITION_AT_MOST:
        *op_out = DUET_EXPR_LE;
        return check_order(check, left, condition->at);
    case DUET_AST_CONDITION_MORE:
        *op_out = DUET_EXPR_GT;
        return check_order(check, left, condition->at);
    case DUET_AST_CONDITION_AT_LEAST:
        *op_out = DUET_EXPR_GE;
        return check_order(check, left, condition->at);
    case DUET_AST_CONDITION_CONTAINS:
        *op_out = DUET_EXPR_CONTAINS;
        return check_textual(check, left, condition, true);
    case DUET_AST_CONDITION_STARTS_WITH:
        *op_out = DUET_EXPR_STARTS_WITH;
        return check_textual(check, left, condition, false);
    case DUET_AST_CONDITION_WAS:
        *op_out = DUET_EXPR_WAS;
        if (left->field)
            return true;
        duet_checker_report(check, DUET_DIAG_NOT_A_CONDITION, condition->at,
                            "only a field can have been something");
        return false;
    case DUET_AST_CONDITION_ALL:
    case DUET_AST_CONDITION_ANY:
    case DUET_AST_CONDITION_NOT:
    case DUET_AST_CONDITION_IN:
    case DUET_AST_CONDITION_NOT_IN:
    case DUET_AST_CONDITION_PRESENT:
    case DUET_AST_CONDITION_CHANGED:
    case DUET_AST_CONDITION_HOLDS:
        break;
    }
    return false;
}

static struct duet_m_expr *comparison(struct duet_checker *check, const struct duet_scope *scope,
                                      const struct duet_ast_condition *condition)
{
    struct duet_subject left = duet_condition_subject(check, scope, condition->left);
    if (!left.expr)
        return NULL;
    if (!is_leaf(left.expr->op))
        return refuse_predicate(check, condition->left, condition->at);
    enum duet_op op = DUET_EXPR_EQ;
    if (!comparison_op(check, condition, &left, &op))
        return NULL;
    struct duet_m_expr *right = operand(check, scope, &left, condition->right);
    return right ? new_binary(check, op, condition->at, left.expr, right) : NULL;
}

static struct duet_m_expr *membership(struct duet_checker *check, const struct duet_scope *scope,
                                      const struct duet_ast_condition *condition)
{
    struct duet_subject left = duet_condition_subject(check, scope, condition->left);
    if (!left.expr)
        return NULL;
    if (!is_leaf(left.expr->op))
        return refuse_predicate(check, condition->left, condition->at);
    if (left.field && left.field->type == DUET_TYPE_LIST)
        return duet_condition_mismatch(check, left.field, condition->at, "`contains`");
    const struct duet_ast_value_list *values = &condition->right->values;
    struct duet_m_expr *expr = duet_condition_expr(check, DUET_EXPR_IN, condition->at);
    bool sound = true;
    expr->left = left.expr;
    expr->list = duet_arena_alloc_array(check->arena, values->count + 1, sizeof *expr->list);
    for (const struct duet_ast_value *value = values->first; value; value = value->next) {
        const struct duet_m_expr *item = left.field
                                             ? duet_checker_constant(check, left.field, value)
                                             : duet_condition_constant(check, value);
        if (item)
            expr->list[expr->list_count++] = *item;
        sound = sound && item;
    }
    duet_checker_values_once(check, values);
    if (!sound)
        return NULL;
    return condition->kind == DUET_AST_CONDITION_IN
               ? expr
               : new_binary(check, DUET_EXPR_NOT, condition->at, expr, NULL);
}

/* --- conditions without a right side ---------------------------------------------------------- */

static struct duet_m_expr *presence(struct duet_checker *check, const struct duet_scope *scope,
                                    const struct duet_ast_condition *condition)
{
    struct duet_subject left = duet_condition_subject(check, scope, condition->left);
    bool changed = condition->kind == DUET_AST_CONDITION_CHANGED;
    if (!left.expr)
        return NULL;
    bool named = left.expr->op == DUET_EXPR_CLOSED || left.expr->op == DUET_EXPR_MERGED;
    if (changed ? left.field || named : is_leaf(left.expr->op))
        return new_binary(check, changed ? DUET_EXPR_CHANGED : DUET_EXPR_PRESENT, condition->at,
                          left.expr, NULL);
    duet_checker_report(check, DUET_DIAG_NOT_A_CONDITION, condition->at,
                        changed ? "only a field, closed or merged can have changed"
                                : "only a field can be present");
    return NULL;
}

static struct duet_m_expr *alone(struct duet_checker *check, const struct duet_scope *scope,
                                 const struct duet_ast_condition *condition)
{
    const struct duet_ast_value *value = condition->left;
    if (value->kind == DUET_AST_VALUE_TRUE || value->kind == DUET_AST_VALUE_FALSE)
        return duet_condition_expr(
            check, value->kind == DUET_AST_VALUE_TRUE ? DUET_EXPR_TRUE : DUET_EXPR_FALSE,
            value->at);
    struct duet_subject left = duet_condition_subject(check, scope, value);
    if (!left.expr || !left.field || left.field->type == DUET_TYPE_BOOLEAN)
        return left.expr;
    struct duet_diag *diag =
        duet_checker_report(check, DUET_DIAG_NOT_A_CONDITION, condition->at,
                            "'%s' is %s, which is neither true nor false", left.field->name,
                            duet_types_field_name(left.field));
    duet_diag_help(diag, "compare it, or write `%s present`",
                   value->path ? value->path->text : left.field->name);
    return NULL;
}

/* --- all of it -------------------------------------------------------------------------------- */

static struct duet_m_expr *typed(struct duet_checker *check, const struct duet_scope *scope,
                                 const struct duet_ast_condition *condition);

static struct duet_m_expr *balanced(struct duet_checker *check, enum duet_op op,
                                    struct duet_span at, struct duet_m_expr **parts, size_t count)
{
    if (count == 1)
        return parts[0];
    size_t half = count / 2;
    return new_binary(check, op, at, balanced(check, op, at, parts, half),
                      balanced(check, op, at, parts + half, count - half));
}

/* All parts are looked at, also behind one that is wrong. */
static struct duet_m_expr *joined(struct duet_checker *check, const struct duet_scope *scope,
                                  const struct duet_ast_condition *condition, enum duet_op op)
{
    struct duet_m_expr **parts =
        duet_arena_alloc_array(check->arena, condition->children.count + 1, sizeof *parts);
    size_t count = 0;
    bool sound = true;
    for (const struct duet_ast_condition *child = condition->children.first; child;
         child = child->next) {
        struct duet_m_expr *part = typed(check, scope, child);
        parts[count] = part;
        count += part != NULL;
        sound = sound && part;
    }
    return sound && count ? balanced(check, op, condition->at, parts, count) : NULL;
}

static struct duet_m_expr *typed(struct duet_checker *check, const struct duet_scope *scope,
                                 const struct duet_ast_condition *condition)
{
    struct duet_m_expr *inner = NULL;
    switch (condition->kind) {
    case DUET_AST_CONDITION_ALL:
        return joined(check, scope, condition, DUET_EXPR_AND);
    case DUET_AST_CONDITION_ANY:
        return joined(check, scope, condition, DUET_EXPR_OR);
    case DUET_AST_CONDITION_NOT:
        inner = typed(check, scope, condition->children.first);
        return inner ? new_binary(check, DUET_EXPR_NOT, condition->at, inner, NULL) : NULL;
    case DUET_AST_CONDITION_EQUAL:
    case DUET_AST_CONDITION_UNEQUAL:
    case DUET_AST_CONDITION_LESS:
    case DUET_AST_CONDITION_AT_MOST:
    case DUET_AST_CONDITION_MORE:
    case DUET_AST_CONDITION_AT_LEAST:
    case DUET_AST_CONDITION_CONTAINS:
    case DUET_AST_CONDITION_STARTS_WITH:
    case DUET_AST_CONDITION_WAS:
        return comparison(check, scope, condition);
    case DUET_AST_CONDITION_IN:
    case DUET_AST_CONDITION_NOT_IN:
        return membership(check, scope, condition);
    case DUET_AST_CONDITION_PRESENT:
    case DUET_AST_CONDITION_CHANGED:
        return presence(check, scope, condition);
    case DUET_AST_CONDITION_HOLDS:
        return alone(check, scope, condition);
    }
    return NULL;
}

static unsigned depth_of(const struct duet_m_expr *expr)
{
    if (!expr)
        return 0;
    unsigned left = depth_of(expr->left);
    unsigned right = depth_of(expr->right);
    return 1 + (left > right ? left : right);
}

struct duet_m_expr *duet_checker_condition(struct duet_checker *check,
                                           const struct duet_scope *scope,
                                           const struct duet_ast_condition *condition)
{
    if (!condition)
        return NULL;
    check->put_in = 0;
    struct duet_m_expr *expr = typed(check, scope, condition);
    if (expr && depth_of(expr) > DUET_MAX_EXPR_DEPTH) {
        duet_checker_report(check, DUET_DIAG_NESTING, condition->at,
                            "a condition is nested deeper than %u", DUET_MAX_EXPR_DEPTH);
        return NULL;
    }
    if (expr)
        duet_checker_decided(check, expr);
    return expr;
}
