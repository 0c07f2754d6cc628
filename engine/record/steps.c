#include "engine/record/steps.h"

#include "engine/record/expr.h"

size_t duet_write_ops(const struct duet_tables *tables, enum duet_side side,
                      const struct duet_t_op **ops_out)
{
    const struct duet_t_side *row = duet_side_row(tables, side);
    size_t count = 0;
    for (uint32_t i = 0; i < row->ops_count && count < DUET_MAX_WRITE_STEPS; i++) {
        const struct duet_t_op *op = duet_op_row(tables, row->ops + i);
        if (op->kind == DUET_OP_WRITE)
            ops_out[count++] = op;
    }
    return count;
}

static const struct duet_value *value_of(const struct duet_ordered_write *write,
                                         const struct duet_t_expr *leaf, bool before)
{
    uint32_t number = duet_field_number(write->rules->tables, write->side, leaf->field);
    return before ? &write->before[number] : &write->after[number];
}

static struct duet_value read_field(void *data, const struct duet_t_expr *leaf)
{
    const struct duet_ordered_write *write = data;
    return leaf->op == DUET_EXPR_FIELD && leaf->side == write->side ? *value_of(write, leaf, false)
                                                                    : (struct duet_value){ 0 };
}

static bool predicate(const struct duet_ordered_write *write, const struct duet_t_expr *expr,
                      bool before)
{
    const struct duet_value *values = before ? write->before : write->after;
    return expr->op == DUET_EXPR_MERGED ? duet_record_merged(write->rules, write->side, values)
                                        : duet_record_closed(write->rules, write->side, values);
}

static bool was(const struct duet_ordered_write *write, const struct duet_t_expr *expr,
                const struct duet_t_expr *field)
{
    const struct duet_tables *tables = write->rules->tables;
    struct duet_value wanted = duet_expr_constant(tables, duet_expr_row(tables, expr->right));
    const struct duet_value *before = value_of(write, field, true);
    if (wanted.kind == DUET_VALUE_ENUM || before->kind == DUET_VALUE_ENUM)
        return wanted.kind == before->kind && wanted.number == before->number;
    return duet_value_equal(before, &wanted);
}

static bool test_field(void *data, const struct duet_t_expr *expr)
{
    const struct duet_ordered_write *write = data;
    const struct duet_t_expr *left = duet_expr_row(write->rules->tables, expr->left);
    if (expr->op == DUET_EXPR_CLOSED || expr->op == DUET_EXPR_MERGED)
        return predicate(write, expr, false);
    if (expr->op == DUET_EXPR_CHANGED && left->op == DUET_EXPR_FIELD)
        return !duet_value_equal(value_of(write, left, false), value_of(write, left, true));
    if (expr->op == DUET_EXPR_CHANGED)
        return predicate(write, left, false) && !predicate(write, left, true);
    return expr->op == DUET_EXPR_WAS && left->op == DUET_EXPR_FIELD && was(write, expr, left);
}

uint64_t duet_write_share_out(const struct duet_ordered_write *write,
                              const struct duet_t_op *const *ops, size_t count, uint64_t *steps_out)
{
    struct duet_ordered_write asked = *write;
    const struct duet_leaves leaves = { .read = read_field, .test = test_field, .data = &asked };
    uint64_t left = write->mask;
    for (size_t i = 0; i < count; i++) {
        uint64_t mine = left & duet_mask(ops[i]->carries_lo, ops[i]->carries_hi);
        if (mine && ops[i]->carry_when != DUET_NONE &&
            !duet_expr_holds(write->rules->tables, ops[i]->carry_when, &leaves))
            mine = 0;
        steps_out[i] = mine;
        left &= ~mine;
    }
    return left;
}
