/* Conditions, typed: every name resolved, every constant checked against what it is compared with.
 *
 * A condition's depth is bounded by the parser (DUET_PARSE_NESTING_MAX); `and` and `or` of many parts
 * become balanced trees, so that the typed tree stays below DUET_MAX_EXPR_DEPTH. */
#include <string.h>

#include "dsl/arena.h"
#include "dsl/check.h"
#include "dsl/names.h"
#include "dsl/types.h"

/* The left side of a comparison, resolved. */
struct subject {
    struct duet_m_expr *expr;         /* NULL: reported, or unknown and nobody's fault */
    const struct duet_m_field *field; /* NULL: a path into an answer, or a predicate */
};

static struct duet_m_expr *new_expr(struct duet_checker *check, enum duet_op op,
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
    struct duet_m_expr *expr = new_expr(check, op, at);
    expr->left = left;
    expr->right = right;
    return expr;
}

/* --- what a name is --------------------------------------------------------------------------- */

static struct subject field_subject(struct duet_checker *check, const struct duet_m_field *field,
                                    enum duet_side side, struct duet_span at)
{
    struct subject subject = { 0 };
    if (!field)
        return subject;
    subject.field = field;
    subject.expr = new_expr(check, DUET_EXPR_FIELD, at);
    subject.expr->field = field;
    subject.expr->side = side;
    return subject;
}

/* A copy, since a row of the tables is part of one condition only. */
static struct duet_m_expr *clone(struct duet_checker *check, const struct duet_m_expr *from)
{
    if (!from)
        return NULL;
    struct duet_m_expr *expr = new_expr(check, from->op, from->at);
    *expr = *from;
    expr->left = clone(check, from->left);
    expr->right = clone(check, from->right);
    return expr;
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
            return clone(check, predicate->when);
        struct duet_m_expr *expr =
            new_expr(check, closed ? DUET_EXPR_CLOSED : DUET_EXPR_MERGED, at);
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

static struct subject record_subject(struct duet_checker *check, const struct duet_m_record *record,
                                     const struct duet_ast_step *steps, struct duet_span at,
                                     const char *what)
{
    if (is_predicate(record, steps))
        return (struct subject){ .expr = predicate_expr(check, record, steps->name.text, at) };
    if (!steps) {
        duet_checker_report(check, DUET_DIAG_NOT_A_CONDITION, at,
                            "'%s' is a side, expected one of its fields", what);
        return (struct subject){ 0 };
    }
    return field_subject(check, duet_names_need_field(check, record, steps, at, what), record->side,
                         at);
}

static struct subject mapping_subject(struct duet_checker *check, const struct duet_scope *scope,
                                      const struct duet_ast_path *path)
{
    const struct duet_ast_step *first = path->steps.first;
    int side = duet_names_need_side(check, scope->side_names, first->name.text, first->name.at);
    if (side < 0 || !scope->records[side])
        return (struct subject){ 0 };
    return record_subject(check, scope->records[side], first->next, path->at, path->text);
}

static struct duet_m_expr *path_expr(struct duet_checker *check, enum duet_root root,
                                     const struct duet_ast_step *steps, struct duet_span at)
{
    struct duet_m_expr *expr = new_expr(check, DUET_EXPR_PATH, at);
    expr->root = root;
    expr->steps = steps;
    return expr;
}

static struct subject answer_subject(struct duet_checker *check, const struct duet_ast_path *path)
{
    const struct duet_ast_step *first = path->steps.first;
    const char *root = first->name.text;
    if (duet_names_same(root, "status") && !first->next)
        return (struct subject){ .expr = path_expr(check, DUET_ROOT_STATUS, NULL, path->at) };
    if (duet_names_same(root, "body") && first->next)
        return (struct subject){ .expr = path_expr(check, DUET_ROOT_BODY, first->next, path->at) };
    if (duet_names_same(root, "header") && first->next)
        return (struct subject){ .expr =
                                     path_expr(check, DUET_ROOT_HEADER, first->next, path->at) };
    struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_UNKNOWN_REFERENCE, path->at,
                                                 "'%s' is nothing that an answer has", path->text);
    duet_diag_help(diag, "an answer has status, body.PATH and header.NAME: did you mean 'body.%s'?",
                   path->text);
    return (struct subject){ 0 };
}

static struct subject subject_of_path(struct duet_checker *check, const struct duet_scope *scope,
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
        return (struct subject){ .expr = path_expr(check, DUET_ROOT_ROW, first, path->at) };
    }
    return (struct subject){ 0 };
}

static struct subject subject_of(struct duet_checker *check, const struct duet_scope *scope,
                                 const struct duet_ast_value *value)
{
    if (value->kind == DUET_AST_VALUE_PATH)
        return subject_of_path(check, scope, value->path);
    /* "IR Number" == ...: a quoted name of one step. */
    if (value->kind == DUET_AST_VALUE_TEXT) {
        struct duet_ast_path *path = duet_arena_alloc(check->arena, sizeof *path);
        struct duet_ast_step *step = duet_arena_alloc(check->arena, sizeof *step);
        step->name = (struct duet_ast_name){ .text = value->text, .at = value->at, .quoted = true };
        *path = (struct duet_ast_path){ .steps = { step, step, 1 },
                                        .text = value->text,
                                        .at = value->at };
        return subject_of_path(check, scope, path);
    }
    duet_checker_report(check, DUET_DIAG_NOT_A_CONDITION, value->at,
                        "a field is expected on the left, then what it is compared with");
    return (struct subject){ 0 };
}

/* --- constants -------------------------------------------------------------------------------- */

static struct duet_m_expr *text_constant(struct duet_checker *check, const char *text,
                                         struct duet_span at)
{
    struct duet_m_expr *expr = new_expr(check, DUET_EXPR_TEXT, at);
    expr->text = text;
    return expr;
}

static struct duet_m_expr *number_constant(struct duet_checker *check, int64_t number,
                                           struct duet_span at)
{
    struct duet_m_expr *expr = new_expr(check, DUET_EXPR_NUMBER, at);
    expr->number = number;
    return expr;
}

static struct duet_m_expr *mismatch(struct duet_checker *check, const struct duet_m_field *field,
                                    struct duet_span at, const char *expected)
{
    struct duet_diag *diag =
        duet_checker_report(check, DUET_DIAG_TYPE_MISMATCH, at, "'%s' is %s, expected %s here",
                            field->name, duet_types_field_name(field), expected);
    duet_diag_note(diag, field->ast->name.at, "defined here");
    return NULL;
}

static struct duet_m_expr *enum_constant(struct duet_checker *check,
                                         const struct duet_m_field *field,
                                         const struct duet_ast_value *value)
{
    const char *word = duet_types_value_word(check->arena, value);
    if (!word && value->kind == DUET_AST_VALUE_TRUE)
        word = "true";
    if (!word && value->kind == DUET_AST_VALUE_FALSE)
        word = "false";
    if (!word)
        return mismatch(check, field, value->at, "one of its values");
    uint32_t index = duet_names_need_value(check, field, word, value->at);
    if (index == DUET_NONE)
        return NULL;
    struct duet_m_expr *expr = new_expr(check, DUET_EXPR_VALUE, value->at);
    expr->text = word;
    expr->number = index;
    return expr;
}

struct duet_m_expr *duet_checker_constant(struct duet_checker *check,
                                          const struct duet_m_field *field,
                                          const struct duet_ast_value *value)
{
    if (value->kind == DUET_AST_VALUE_NONE || value->kind == DUET_AST_VALUE_NULL ||
        value->kind == DUET_AST_VALUE_ABSENT)
        return new_expr(check, DUET_EXPR_NULL, value->at);
    const char *word = duet_types_value_word(check->arena, value);
    switch (field->type) {
    case DUET_TYPE_ENUM:
        return field->usable ? enum_constant(check, field, value) : NULL;
    case DUET_TYPE_TEXT:
    case DUET_TYPE_LIST:
        return word ? text_constant(check, word, value->at)
                    : mismatch(check, field, value->at, "a text");
    case DUET_TYPE_INTEGER:
        return value->kind == DUET_AST_VALUE_INTEGER
                   ? number_constant(check, value->integer, value->at)
                   : mismatch(check, field, value->at, "a whole number");
    case DUET_TYPE_BOOLEAN:
        if (value->kind == DUET_AST_VALUE_TRUE || value->kind == DUET_AST_VALUE_FALSE)
            return new_expr(check,
                            value->kind == DUET_AST_VALUE_TRUE ? DUET_EXPR_TRUE : DUET_EXPR_FALSE,
                            value->at);
        return mismatch(check, field, value->at, "true or false");
    case DUET_TYPE_NUMBER:
    case DUET_TYPE_TIME:
    case DUET_TYPE_PERSON:
        return mismatch(check, field, value->at,
                        "`present` or `changed`, since it has no constants");
    case DUET_TYPES:
        break;
    }
    return NULL;
}

/* What a path into an answer is compared with: whatever JSON has. */
static struct duet_m_expr *plain_constant(struct duet_checker *check,
                                          const struct duet_ast_value *value)
{
    switch (value->kind) {
    case DUET_AST_VALUE_TEXT:
        return text_constant(check, value->text, value->at);
    case DUET_AST_VALUE_INTEGER:
        return number_constant(check, value->integer, value->at);
    case DUET_AST_VALUE_TRUE:
        return new_expr(check, DUET_EXPR_TRUE, value->at);
    case DUET_AST_VALUE_FALSE:
        return new_expr(check, DUET_EXPR_FALSE, value->at);
    case DUET_AST_VALUE_NULL:
    case DUET_AST_VALUE_NONE:
    case DUET_AST_VALUE_ABSENT:
        return new_expr(check, DUET_EXPR_NULL, value->at);
    case DUET_AST_VALUE_PATH:
        if (value->text)
            return text_constant(check, value->text, value->at);
        break;
    case DUET_AST_VALUE_DECIMAL:
    case DUET_AST_VALUE_DURATION:
    case DUET_AST_VALUE_LIST:
    case DUET_AST_VALUE_ENV:
    case DUET_AST_VALUE_FILE:
        break;
    }
    duet_checker_report(check, DUET_DIAG_TYPE_MISMATCH, value->at,
                        "a text, a whole number, true, false or null is expected here");
    return NULL;
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

/* Two fields: of one type, and no enums, whose values have nothing in common but their names. */
static struct duet_m_expr *field_operand(struct duet_checker *check, const struct duet_scope *scope,
                                         const struct subject *left,
                                         const struct duet_ast_value *value)
{
    struct subject right = subject_of_path(check, scope, value->path);
    if (!right.expr || !right.field || !left->field)
        return right.expr;
    if (left->field->type != right.field->type || left->field->type == DUET_TYPE_ENUM)
        return mismatch(check, left->field, value->at,
                        left->field->type == DUET_TYPE_ENUM ? "one of its values"
                                                            : "a field of the same type");
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
                                   const struct subject *left, const struct duet_ast_value *value)
{
    bool enum_word = left->field && left->field->type == DUET_TYPE_ENUM && value->text;
    if (!enum_word && names_field(scope, value))
        return field_operand(check, scope, left, value);
    if (!left->field && is_field_as_text(check, scope, value))
        return NULL;
    return left->field ? duet_checker_constant(check, left->field, value)
                       : plain_constant(check, value);
}

static bool check_order(struct duet_checker *check, const struct subject *left, struct duet_span at)
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

static bool check_textual(struct duet_checker *check, const struct subject *left,
                          const struct duet_ast_condition *condition, bool list_too)
{
    const struct duet_m_field *field = left->field;
    if (!field || field->type == DUET_TYPE_TEXT || (list_too && field->type == DUET_TYPE_LIST))
        return true;
    mismatch(check, field, condition->at, list_too ? "a text or a list" : "a text");
    return false;
}

/* The operation of a comparison, and whether the left side may stand in it. */
static bool comparison_op(struct duet_checker *check, const struct duet_ast_condition *condition,
                          const struct subject *left, enum duet_op *op_out)
{
    switch (condition->kind) {
    case DUET_AST_CONDITION_EQUAL:
    case DUET_AST_CONDITION_UNEQUAL:
        *op_out = condition->kind == DUET_AST_CONDITION_EQUAL ? DUET_EXPR_EQ : DUET_EXPR_NE;
        if (left->field && left->field->type == DUET_TYPE_LIST) {
            mismatch(check, left->field, condition->at, "`contains`");
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

static bool is_leaf(enum duet_op op)
{
    return op == DUET_EXPR_FIELD || op == DUET_EXPR_PATH;
}

static struct duet_m_expr *comparison(struct duet_checker *check, const struct duet_scope *scope,
                                      const struct duet_ast_condition *condition)
{
    struct subject left = subject_of(check, scope, condition->left);
    if (!left.expr)
        return NULL;
    if (!is_leaf(left.expr->op)) {
        duet_checker_report(check, DUET_DIAG_TYPE_MISMATCH, condition->at,
                            "a condition such as '%s' isn't compared with anything",
                            condition->left->text ? condition->left->text : "closed");
        return NULL;
    }
    enum duet_op op = DUET_EXPR_EQ;
    if (!comparison_op(check, condition, &left, &op))
        return NULL;
    struct duet_m_expr *right = operand(check, scope, &left, condition->right);
    return right ? new_binary(check, op, condition->at, left.expr, right) : NULL;
}

static struct duet_m_expr *membership(struct duet_checker *check, const struct duet_scope *scope,
                                      const struct duet_ast_condition *condition)
{
    struct subject left = subject_of(check, scope, condition->left);
    if (!left.expr)
        return NULL;
    const struct duet_ast_value_list *values = &condition->right->values;
    struct duet_m_expr *expr = new_expr(check, DUET_EXPR_IN, condition->at);
    bool sound = is_leaf(left.expr->op);
    expr->left = left.expr;
    expr->list = duet_arena_alloc_array(check->arena, values->count + 1, sizeof *expr->list);
    for (const struct duet_ast_value *value = values->first; value; value = value->next) {
        const struct duet_m_expr *item = left.field
                                             ? duet_checker_constant(check, left.field, value)
                                             : plain_constant(check, value);
        if (item)
            expr->list[expr->list_count++] = *item;
        sound = sound && item;
    }
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
    struct subject left = subject_of(check, scope, condition->left);
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
        return new_expr(check,
                        value->kind == DUET_AST_VALUE_TRUE ? DUET_EXPR_TRUE : DUET_EXPR_FALSE,
                        value->at);
    struct subject left = subject_of(check, scope, value);
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
