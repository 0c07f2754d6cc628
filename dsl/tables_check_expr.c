/* Conditions and JSON templates: trees whose parts stand in earlier rows, so that one pass from the first row to the last knows
 * each part before what it is part of. */
#include "dsl/tables_check.h"

#define NO_USES 0U

static enum duet_shape shape_of(const struct duet_t_expr *expr)
{
    return duet_operation(expr->op)->shape;
}

static bool is_constant(const struct duet_t_expr *expr)
{
    return shape_of(expr) == DUET_SHAPE_CONSTANT;
}

static bool is_place(const struct duet_t_expr *expr)
{
    return shape_of(expr) == DUET_SHAPE_FIELD || shape_of(expr) == DUET_SHAPE_PATH;
}

static bool is_operand(const struct duet_t_expr *expr)
{
    return is_constant(expr) || is_place(expr) || shape_of(expr) == DUET_SHAPE_PREDICATE;
}

static bool is_judged(const struct duet_check *check, const struct duet_t_expr *expr)
{
    if (expr->op == DUET_EXPR_FIELD)
        return duet_check_type(check, expr->field) == DUET_TYPE_BOOLEAN;
    return !is_constant(expr) || expr->op == DUET_EXPR_TRUE || expr->op == DUET_EXPR_FALSE;
}

/* The columns that an operation of this shape uses. */
struct columns {
    bool left, right, list;
};

static struct columns columns_of(enum duet_shape shape)
{
    switch (shape) {
    case DUET_SHAPE_JOIN:
    case DUET_SHAPE_COMPARE:
    case DUET_SHAPE_WAS:
        return (struct columns){ .left = true, .right = true };
    case DUET_SHAPE_NEGATE:
    case DUET_SHAPE_ASK:
    case DUET_SHAPE_CHANGE:
        return (struct columns){ .left = true };
    case DUET_SHAPE_LIST:
        return (struct columns){ .left = true, .list = true };
    case DUET_SHAPE_PREDICATE:
    case DUET_SHAPE_FIELD:
    case DUET_SHAPE_PATH:
    case DUET_SHAPE_CONSTANT:
        break;
    }
    return (struct columns){ 0 };
}

/* A constant of an enum means something only beside a field of that enum. */
static bool is_value_of(const struct duet_check *check, const struct duet_t_expr *value,
                        const struct duet_t_expr *beside)
{
    return value->op != DUET_EXPR_VALUE ||
           (beside->op == DUET_EXPR_FIELD && value->number_hi == 0 &&
            value->number_lo < duet_check_value_count(check, beside->field));
}

static bool are_comparable(const struct duet_check *check, const struct duet_t_expr *left,
                           const struct duet_t_expr *right)
{
    return is_operand(left) && is_operand(right) && is_value_of(check, left, right) &&
           is_value_of(check, right, left);
}

static bool list_holds(struct duet_check *check, uint32_t row, const struct duet_t_expr *expr)
{
    const struct duet_t_expr *left = duet_expr_row(check->tables, expr->left);
    if (!duet_check_steps(check, expr->list_count, DUET_SECTION_EXPR, row))
        return false;
    for (uint32_t i = 0; i < expr->list_count; i++) {
        const struct duet_t_expr *item = duet_expr_row(check->tables, expr->list + i);
        if (!is_constant(item) || !is_value_of(check, item, left))
            return duet_check_that(check, false, DUET_SECTION_EXPR, row,
                                   "'list' has an item that can't be compared");
    }
    return duet_check_that(check, is_operand(left), DUET_SECTION_EXPR, row,
                           "'left' can't be compared");
}

/* Leaves: the column that the operation reads is there. */
static bool leaf_holds(const struct duet_check *check, const struct duet_t_expr *expr)
{
    if (expr->op == DUET_EXPR_FIELD)
        return duet_check_is_own_field(check, (enum duet_side)expr->side, expr->field);
    if (expr->op == DUET_EXPR_PATH)
        return expr->path != DUET_NONE || expr->root == DUET_ROOT_STATUS;
    bool has_text = expr->op == DUET_EXPR_TEXT || expr->op == DUET_EXPR_VALUE;
    return !has_text || expr->text != DUET_NONE;
}

static bool operands_hold(const struct duet_check *check, const struct duet_t_expr *expr)
{
    const struct duet_t_expr *left = duet_expr_row(check->tables, expr->left);
    const struct duet_t_expr *right = duet_expr_row(check->tables, expr->right);
    switch (shape_of(expr)) {
    case DUET_SHAPE_JOIN:
        return is_judged(check, left) && is_judged(check, right);
    case DUET_SHAPE_NEGATE:
        return is_judged(check, left);
    case DUET_SHAPE_ASK:
        return is_place(left);
    case DUET_SHAPE_CHANGE:
        return shape_of(left) == DUET_SHAPE_FIELD || shape_of(left) == DUET_SHAPE_PREDICATE;
    case DUET_SHAPE_COMPARE:
        return are_comparable(check, left, right);
    case DUET_SHAPE_WAS:
        return shape_of(left) == DUET_SHAPE_FIELD && is_constant(right) &&
               are_comparable(check, left, right);
    case DUET_SHAPE_LIST: /* list_holds() */
    case DUET_SHAPE_PREDICATE:
    case DUET_SHAPE_FIELD:
    case DUET_SHAPE_PATH:
    case DUET_SHAPE_CONSTANT:
        break;
    }
    return true;
}

static unsigned own_uses(const struct duet_t_expr *expr)
{
    bool left = expr->side == DUET_LEFT;
    if (expr->op == DUET_EXPR_FIELD)
        return left ? DUET_USES_LEFT_FIELD : DUET_USES_RIGHT_FIELD;
    if (expr->op == DUET_EXPR_CLOSED)
        return left ? DUET_USES_LEFT_CLOSED : DUET_USES_RIGHT_CLOSED;
    if (expr->op == DUET_EXPR_MERGED)
        return left ? DUET_USES_LEFT_MERGED : DUET_USES_RIGHT_MERGED;
    if (expr->op == DUET_EXPR_CHANGED || expr->op == DUET_EXPR_WAS)
        return DUET_USES_BASE;
    return expr->op == DUET_EXPR_PATH ? DUET_USES_ANSWER : NO_USES;
}

/* Makes `part` a part of `whole`; false when it is one already, or when the whole gets too deep. */
static bool join(struct duet_tree_facts *facts, uint32_t whole, uint32_t part)
{
    bool was_part = facts[part].is_part;
    facts[part].is_part = true;
    facts[whole].uses |= facts[part].uses;
    if (facts[whole].depth <= facts[part].depth)
        facts[whole].depth = (uint8_t)(facts[part].depth + 1);
    return !was_part && facts[whole].depth <= DUET_MAX_EXPR_DEPTH;
}

static bool join_range(struct duet_tree_facts *facts, uint32_t whole, uint32_t first,
                       uint32_t count)
{
    bool joined = true;
    for (uint32_t i = 0; joined && i < count; i++)
        joined = join(facts, whole, first + i);
    return joined;
}

static bool check_expr(struct duet_check *check, uint32_t row)
{
    const struct duet_t_expr *expr = duet_expr_row(check->tables, row);
    struct columns columns = columns_of(shape_of(expr));
    if (!duet_check_that(check, (expr->left != DUET_NONE) == columns.left, DUET_SECTION_EXPR, row,
                         "'left' doesn't fit the operation") ||
        !duet_check_that(check, (expr->right != DUET_NONE) == columns.right, DUET_SECTION_EXPR, row,
                         "'right' doesn't fit the operation") ||
        !duet_check_that(check, (expr->list_count != 0) == columns.list, DUET_SECTION_EXPR, row,
                         "'list' doesn't fit the operation") ||
        !duet_check_that(check, expr->field == DUET_NONE || expr->op == DUET_EXPR_FIELD,
                         DUET_SECTION_EXPR, row, "'field' doesn't fit the operation") ||
        !duet_check_that(check, leaf_holds(check, expr), DUET_SECTION_EXPR, row,
                         "the leaf lacks what it names"))
        return false;
    if (columns.list && !list_holds(check, row, expr))
        return false;
    if (!duet_check_that(check, operands_hold(check, expr), DUET_SECTION_EXPR, row,
                         "the operands don't fit the operation"))
        return false;

    struct duet_tree_facts *facts = check->exprs;
    facts[row].depth = 1;
    facts[row].uses = (uint16_t)own_uses(expr);
    bool joined = (expr->left == DUET_NONE || join(facts, row, expr->left)) &&
                  (expr->right == DUET_NONE || join(facts, row, expr->right)) &&
                  join_range(facts, row, expr->list, expr->list_count);
    return duet_check_that(check, joined, DUET_SECTION_EXPR, row,
                           "the condition is too deep or shares its parts");
}

bool duet_check_exprs(struct duet_check *check)
{
    bool sound = true;
    for (uint32_t row = 0; sound && row < check->tables->sections[DUET_SECTION_EXPR].count; row++)
        sound = check_expr(check, row);
    return sound;
}

bool duet_check_condition(const struct duet_check *check, uint32_t expr, unsigned allowed)
{
    return expr == DUET_NONE || (is_judged(check, duet_expr_row(check->tables, expr)) &&
                                 (check->exprs[expr].uses & ~allowed) == 0);
}

static bool check_json(struct duet_check *check, uint32_t row)
{
    const struct duet_t_json *json = duet_json_row(check->tables, row);
    bool is_object = json->kind == DUET_JSON_OBJECT;
    bool has_pieces = json->kind == DUET_JSON_STRING || json->kind == DUET_JSON_VALUE;
    if (!duet_check_that(check,
                         json->children_count == 0 || is_object || json->kind == DUET_JSON_ARRAY,
                         DUET_SECTION_JSON, row, "only objects and arrays have children") ||
        !duet_check_that(check, json->pieces_count == 0 || has_pieces, DUET_SECTION_JSON, row,
                         "only texts and values have pieces") ||
        !duet_check_that(check, json->kind != DUET_JSON_VALUE || json->pieces_count == 1,
                         DUET_SECTION_JSON, row, "a value has one piece"))
        return false;

    check->jsons[row].depth = 1;
    if (!duet_check_that(check, join_range(check->jsons, row, json->children, json->children_count),
                         DUET_SECTION_JSON, row, "the template is too deep or shares its parts"))
        return false;
    bool keys_fit = true;
    for (uint32_t i = 0; keys_fit && i < json->children_count; i++)
        keys_fit =
            (duet_json_row(check->tables, json->children + i)->key != DUET_NONE) == is_object;
    return duet_check_that(check, keys_fit, DUET_SECTION_JSON, row,
                           "members of objects have keys, elements none");
}

bool duet_check_jsons(struct duet_check *check)
{
    uint32_t count = check->tables->sections[DUET_SECTION_JSON].count;
    bool sound = true;
    for (uint32_t row = 0; sound && row < count; row++)
        sound = check_json(check, row);
    for (uint32_t row = 0; sound && row < count; row++)
        sound = duet_check_that(
            check, check->jsons[row].is_part || duet_json_row(check->tables, row)->key == DUET_NONE,
            DUET_SECTION_JSON, row, "a key where no object is");
    return sound;
}
