#include "engine/record/expr.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool holds(const struct duet_tables *tables, const struct duet_t_expr *expr,
                  const struct duet_leaves *leaves);

struct duet_value duet_expr_constant(const struct duet_tables *tables,
                                     const struct duet_t_expr *leaf)
{
    int64_t number = (int64_t)duet_mask(leaf->number_lo, leaf->number_hi);
    if (leaf->op == DUET_EXPR_TEXT)
        return (struct duet_value){ .kind = DUET_VALUE_TEXT, .text = duet_str(tables, leaf->text) };
    if (leaf->op == DUET_EXPR_NUMBER)
        return (struct duet_value){ .kind = DUET_VALUE_INTEGER, .number = number };
    if (leaf->op == DUET_EXPR_VALUE)
        return (struct duet_value){ .kind = DUET_VALUE_ENUM,
                                    .number = number,
                                    .text = duet_opt_str(tables, leaf->text) };
    if (leaf->op == DUET_EXPR_TRUE || leaf->op == DUET_EXPR_FALSE)
        return (struct duet_value){ .kind = DUET_VALUE_BOOLEAN,
                                    .number = leaf->op == DUET_EXPR_TRUE };
    return (struct duet_value){ 0 };
}

static bool is_number(enum duet_value_kind kind)
{
    return kind == DUET_VALUE_INTEGER || kind == DUET_VALUE_BOOLEAN || kind == DUET_VALUE_TIME ||
           kind == DUET_VALUE_ENUM;
}

/* Less than, equal, greater: -1, 0, 1; 2 when the two can't be compared. */
static int compare(const struct duet_value *a, const struct duet_value *b)
{
    if (a->kind == DUET_VALUE_MISSING && b->kind == DUET_VALUE_MISSING)
        return 0;
    if (!duet_value_known(a) || !duet_value_known(b) || duet_value_missing(a) ||
        duet_value_missing(b))
        return 2;
    if (is_number(a->kind) && is_number(b->kind))
        return a->number < b->number ? -1 : a->number > b->number;
    if (a->text && b->text) {
        int order = strcmp(a->text, b->text);
        return order < 0 ? -1 : order > 0;
    }
    return 2;
}

static struct duet_value operand(const struct duet_tables *tables, uint32_t index,
                                 const struct duet_leaves *leaves)
{
    const struct duet_t_expr *expr = duet_expr_row(tables, index);
    if (expr->op == DUET_EXPR_FIELD || expr->op == DUET_EXPR_PATH)
        return leaves->read(leaves->data, expr);
    struct duet_value value = duet_expr_constant(tables, expr);
    if (expr->op < DUET_EXPR_FIELD)
        value = (struct duet_value){ .kind = DUET_VALUE_BOOLEAN,
                                     .number = holds(tables, expr, leaves) };
    return value;
}

static bool contains(const struct duet_value *whole, const struct duet_value *part)
{
    if (!part->text)
        return false;
    if (whole->kind != DUET_VALUE_LIST)
        return whole->text && duet_value_known(whole) && strstr(whole->text, part->text) != NULL;
    for (uint32_t i = 0; i < whole->count; i++) {
        if (strcmp(whole->items[i], part->text) == 0)
            return true;
    }
    return false;
}

/* Which orders of left to right each comparison accepts; what can't be compared is only unequal. */
static bool compare_holds(enum duet_op op, int order)
{
    static const struct {
        bool less, equal, greater;
    } accepts[DUET_OPS] = {
        [DUET_EXPR_EQ] = { .equal = true },
        [DUET_EXPR_LT] = { .less = true },
        [DUET_EXPR_LE] = { .less = true, .equal = true },
        [DUET_EXPR_GT] = { .greater = true },
        [DUET_EXPR_GE] = { .greater = true, .equal = true },
    };
    if (op == DUET_EXPR_NE)
        return order != 0;
    return (order == -1 && accepts[op].less) || (order == 0 && accepts[op].equal) ||
           (order == 1 && accepts[op].greater);
}

static bool in_list(const struct duet_tables *tables, const struct duet_t_expr *expr,
                    const struct duet_leaves *leaves)
{
    struct duet_value left = operand(tables, expr->left, leaves);
    for (uint32_t i = 0; i < expr->list_count; i++) {
        struct duet_value right = operand(tables, expr->list + i, leaves);
        if (compare(&left, &right) == 0)
            return true;
    }
    return false;
}

static bool starts_with(const struct duet_value *text, const struct duet_value *start)
{
    return text->text && start->text && duet_value_known(text) &&
           strncmp(text->text, start->text, strlen(start->text)) == 0;
}

static bool leaf_is_true(const struct duet_tables *tables, const struct duet_t_expr *expr,
                         const struct duet_leaves *leaves)
{
    struct duet_value value = expr->op == DUET_EXPR_FIELD || expr->op == DUET_EXPR_PATH
                                  ? leaves->read(leaves->data, expr)
                                  : duet_expr_constant(tables, expr);
    return value.kind == DUET_VALUE_BOOLEAN && value.number;
}

static bool compares(const struct duet_tables *tables, const struct duet_t_expr *expr,
                     const struct duet_leaves *leaves)
{
    struct duet_value left = operand(tables, expr->left, leaves);
    struct duet_value right = operand(tables, expr->right, leaves);
    if (expr->op == DUET_EXPR_CONTAINS)
        return contains(&left, &right);
    if (expr->op == DUET_EXPR_STARTS_WITH)
        return starts_with(&left, &right);
    return compare_holds((enum duet_op)expr->op, compare(&left, &right));
}

static bool joins(const struct duet_tables *tables, const struct duet_t_expr *expr,
                  const struct duet_leaves *leaves)
{
    bool is_decided_by = expr->op == DUET_EXPR_OR; /* what the left side must be for that */
    bool left = holds(tables, duet_expr_row(tables, expr->left), leaves);
    return left == is_decided_by ? left : holds(tables, duet_expr_row(tables, expr->right), leaves);
}

static bool holds(const struct duet_tables *tables, const struct duet_t_expr *expr,
                  const struct duet_leaves *leaves)
{
    struct duet_value left = { 0 };
    switch (duet_operation(expr->op)->shape) {
    case DUET_SHAPE_JOIN:
        return joins(tables, expr, leaves);
    case DUET_SHAPE_NEGATE:
        return !holds(tables, duet_expr_row(tables, expr->left), leaves);
    case DUET_SHAPE_COMPARE:
        return compares(tables, expr, leaves);
    case DUET_SHAPE_LIST:
        return in_list(tables, expr, leaves);
    case DUET_SHAPE_ASK:
        left = operand(tables, expr->left, leaves);
        return !duet_value_missing(&left);
    case DUET_SHAPE_CHANGE:
    case DUET_SHAPE_WAS:
    case DUET_SHAPE_PREDICATE:
        return leaves->test && leaves->test(leaves->data, expr);
    case DUET_SHAPE_FIELD:
    case DUET_SHAPE_PATH:
    case DUET_SHAPE_CONSTANT:
        return leaf_is_true(tables, expr, leaves);
    }
    return false;
}

bool duet_expr_holds(const struct duet_tables *tables, uint32_t expr,
                     const struct duet_leaves *leaves)
{
    return holds(tables, duet_expr_row(tables, expr), leaves);
}

struct duet_value duet_value_of_json(const json_t *json, struct duet_arena *arena)
{
    struct duet_value value = { 0 };
    if (json_is_string(json)) {
        value.kind = DUET_VALUE_TEXT;
        value.text = duet_arena_copy_text(arena, json_string_value(json), json_string_length(json));
    } else if (json_is_integer(json)) {
        value.kind = DUET_VALUE_INTEGER;
        value.number = json_integer_value(json);
    } else if (json_is_real(json)) {
        value.kind = DUET_VALUE_NUMBER;
        value.text = duet_arena_format(arena, "%.17g", json_real_value(json));
    } else if (json_is_boolean(json)) {
        value.kind = DUET_VALUE_BOOLEAN;
        value.number = json_is_true(json);
    } else if (json_is_array(json)) {
        const char **items =
            duet_arena_alloc_array(arena, json_array_size(json) + 1, sizeof *items);
        for (size_t i = 0; i < json_array_size(json); i++) {
            const json_t *item = json_array_get(json, i);
            if (json_is_string(item))
                items[value.count++] =
                    duet_arena_copy_text(arena, json_string_value(item), json_string_length(item));
        }
        value.kind = DUET_VALUE_LIST;
        value.items = items;
    }
    return value;
}
