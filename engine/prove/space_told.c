#include "engine/prove/space_making.h"
#include "engine/record/expr.h"

/* Two values of a field are one to a core when each comparison in its conditions says the same of both. */

struct asking {
    const struct duet_making *making;
    enum duet_side side;
    uint32_t number; /* of the field */
    const struct duet_value *value;
};

static bool is_leaf(const struct duet_t_expr *expr)
{
    return expr->op >= DUET_EXPR_FIELD;
}

static bool is_constant(const struct duet_t_expr *expr)
{
    return duet_operation(expr->op)->shape == DUET_SHAPE_CONSTANT;
}

static bool is_of_field(const struct asking *asking, const struct duet_t_expr *expr)
{
    return expr->op == DUET_EXPR_FIELD && expr->side == asking->side &&
           duet_field_number(asking->making->tables, asking->side, expr->field) == asking->number;
}

static struct duet_value read_value(void *data, const struct duet_t_expr *leaf)
{
    (void)leaf;
    const struct asking *asking = data;
    return *asking->value;
}

static bool says(struct asking *asking, uint32_t comparison, const struct duet_value *value)
{
    asking->value = value;
    struct duet_leaves leaves = { .read = read_value, .data = asking };
    return duet_expr_holds(asking->making->tables, comparison, &leaves);
}

/* What compares the field with anything but constants tells all its values apart; so does what compares a predicate, which no compiler
 * writes. */
static bool says_the_same(struct asking *asking, uint32_t comparison, const struct duet_value *a,
                          const struct duet_value *b)
{
    const struct duet_tables *tables = asking->making->tables;
    const struct duet_t_expr *expr = duet_expr_row(tables, comparison);
    const struct duet_t_expr *left = is_leaf(expr) ? expr : duet_expr_row(tables, expr->left);
    const struct duet_t_expr *right = duet_expr_row(tables, expr->right);
    bool is_left = is_of_field(asking, left);
    bool is_right = right && is_of_field(asking, right);
    if (!is_left && !is_right)
        return is_leaf(left) && (!right || is_leaf(right));
    bool is_alone = is_left ? !right || is_constant(right) : is_constant(left);
    return is_alone && says(asking, comparison, a) == says(asking, comparison, b);
}

/* The loader bounds the depth. */
static bool is_same(struct asking *asking, uint32_t index, const struct duet_value *a,
                    const struct duet_value *b)
{
    const struct duet_t_expr *expr = duet_expr_row(asking->making->tables, index);
    if (!expr)
        return true;
    switch (duet_operation(expr->op)->shape) {
    case DUET_SHAPE_JOIN:
    case DUET_SHAPE_NEGATE:
        return is_same(asking, expr->left, a, b) && is_same(asking, expr->right, a, b);
    case DUET_SHAPE_PREDICATE: {
        const struct duet_t_side *side =
            duet_side_row(asking->making->tables, (enum duet_side)expr->side);
        return is_same(asking, expr->op == DUET_EXPR_CLOSED ? side->closed : side->merged, a, b);
    }
    case DUET_SHAPE_COMPARE:
    case DUET_SHAPE_LIST:
    case DUET_SHAPE_ASK:
    case DUET_SHAPE_FIELD:
    case DUET_SHAPE_PATH:
    case DUET_SHAPE_CONSTANT:
        return says_the_same(asking, index, a, b);
    case DUET_SHAPE_CHANGE:
    case DUET_SHAPE_WAS:
        return false;
    }
    return false;
}

static bool is_one(struct asking *asking, const struct duet_value *a, const struct duet_value *b)
{
    const struct duet_component *component = &asking->making->space->component;
    for (size_t i = 0; i < component->condition_count; i++) {
        if (!is_same(asking, component->conditions[i], a, b))
            return false;
    }
    return !component->asks_base;
}

const uint32_t *duet_making_told(const struct duet_making *making, enum duet_side side,
                                 const struct duet_space_dim *dim)
{
    const struct duet_domain *domain = &dim->domain;
    struct asking asking = { .making = making, .side = side, .number = dim->field };
    uint32_t *first = duet_arena_alloc_array(making->arena, domain->count, sizeof *first);
    for (uint32_t digit = 0; digit < domain->count; digit++) {
        while (first[digit] < digit &&
               !is_one(&asking, &domain->values[first[digit]], &domain->values[digit]))
            first[digit]++;
    }
    return first;
}
