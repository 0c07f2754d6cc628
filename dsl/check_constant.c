/* Constants, checked against what they are compared with. */
#include "dsl/check_condition.h"
#include "dsl/names.h"
#include "dsl/types.h"

static struct duet_m_expr *text_constant(struct duet_checker *check, const char *text,
                                         struct duet_span at)
{
    struct duet_m_expr *expr = duet_condition_expr(check, DUET_EXPR_TEXT, at);
    expr->text = text;
    return expr;
}

static struct duet_m_expr *number_constant(struct duet_checker *check, int64_t number,
                                           struct duet_span at)
{
    struct duet_m_expr *expr = duet_condition_expr(check, DUET_EXPR_NUMBER, at);
    expr->number = number;
    return expr;
}

struct duet_m_expr *duet_condition_mismatch(struct duet_checker *check,
                                            const struct duet_m_field *field, struct duet_span at,
                                            const char *expected)
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
        return duet_condition_mismatch(check, field, value->at, "one of its values");
    uint32_t index = duet_names_need_value(check, field, word, value->at);
    if (index == DUET_NONE)
        return NULL;
    struct duet_m_expr *expr = duet_condition_expr(check, DUET_EXPR_VALUE, value->at);
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
        return duet_condition_expr(check, DUET_EXPR_NULL, value->at);
    const char *word = duet_types_value_word(check->arena, value);
    switch (field->type) {
    case DUET_TYPE_ENUM:
        return field->usable ? enum_constant(check, field, value) : NULL;
    case DUET_TYPE_TEXT:
    case DUET_TYPE_LIST:
        return word ? text_constant(check, word, value->at)
                    : duet_condition_mismatch(check, field, value->at, "a text");
    case DUET_TYPE_INTEGER:
        return value->kind == DUET_AST_VALUE_INTEGER
                   ? number_constant(check, value->integer, value->at)
                   : duet_condition_mismatch(check, field, value->at, "a whole number");
    case DUET_TYPE_BOOLEAN:
        if (value->kind == DUET_AST_VALUE_TRUE || value->kind == DUET_AST_VALUE_FALSE)
            return duet_condition_expr(
                check, value->kind == DUET_AST_VALUE_TRUE ? DUET_EXPR_TRUE : DUET_EXPR_FALSE,
                value->at);
        return duet_condition_mismatch(check, field, value->at, "true or false");
    case DUET_TYPE_NUMBER:
    case DUET_TYPE_TIME:
    case DUET_TYPE_PERSON:
        return duet_condition_mismatch(check, field, value->at,
                                       "`present` or `changed`, since it has no constants");
    case DUET_TYPES:
        break;
    }
    return NULL;
}

struct duet_m_expr *duet_condition_constant(struct duet_checker *check,
                                            const struct duet_ast_value *value)
{
    switch (value->kind) {
    case DUET_AST_VALUE_TEXT:
        return text_constant(check, value->text, value->at);
    case DUET_AST_VALUE_INTEGER:
        return number_constant(check, value->integer, value->at);
    case DUET_AST_VALUE_TRUE:
        return duet_condition_expr(check, DUET_EXPR_TRUE, value->at);
    case DUET_AST_VALUE_FALSE:
        return duet_condition_expr(check, DUET_EXPR_FALSE, value->at);
    case DUET_AST_VALUE_NULL:
    case DUET_AST_VALUE_NONE:
    case DUET_AST_VALUE_ABSENT:
        return duet_condition_expr(check, DUET_EXPR_NULL, value->at);
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
