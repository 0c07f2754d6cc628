/* What a condition reads, and whether the types of its enums alone decide it: tried out, one
 * combination of their values after the other. */
#include "dsl/check.h"

#define COMBINATIONS_MAX 4096U
#define VARIABLES_MAX 8U

uint64_t duet_checker_reads(const struct duet_m_record *record, const struct duet_m_expr *expr)
{
    if (!expr)
        return 0;
    if (expr->op == DUET_EXPR_FIELD)
        return expr->side == record->side ? duet_bit(expr->field->number) : 0;
    if (expr->op == DUET_EXPR_CLOSED || expr->op == DUET_EXPR_MERGED) {
        const struct duet_m_predicate *predicate =
            expr->op == DUET_EXPR_CLOSED ? record->closed : record->merged;
        return predicate && expr->side == record->side ? duet_checker_reads(record, predicate->when)
                                                       : 0;
    }
    return duet_checker_reads(record, expr->left) | duet_checker_reads(record, expr->right);
}

/* --- trying out ------------------------------------------------------------------------------- */

/* The enum fields that a condition reads; one more value than they have stands for "missing". */
struct trial {
    const struct duet_m_field *fields[VARIABLES_MAX];
    enum duet_side sides[VARIABLES_MAX];
    uint32_t values[VARIABLES_MAX];
    uint32_t count;
    uint32_t combinations;
    bool possible; /* false: it reads what can't be tried out */
};

static uint32_t variable_of(const struct trial *trial, const struct duet_m_expr *leaf)
{
    for (uint32_t i = 0; i < trial->count; i++) {
        if (trial->fields[i] == leaf->field && trial->sides[i] == leaf->side)
            return i;
    }
    return trial->count;
}

static void collect_field(struct trial *trial, const struct duet_m_expr *expr)
{
    if (variable_of(trial, expr) < trial->count)
        return;
    trial->possible = expr->field->type == DUET_TYPE_ENUM && expr->field->usable &&
                      trial->count < VARIABLES_MAX &&
                      trial->combinations * (expr->field->values.count + 1) <= COMBINATIONS_MAX;
    if (!trial->possible)
        return;
    trial->combinations *= expr->field->values.count + 1;
    trial->sides[trial->count] = expr->side;
    trial->fields[trial->count++] = expr->field;
}

static void collect(struct trial *trial, const struct duet_m_expr *expr)
{
    if (!expr || !trial->possible)
        return;
    switch (duet_operation(expr->op)->shape) {
    case DUET_SHAPE_FIELD:
        collect_field(trial, expr);
        return;
    case DUET_SHAPE_JOIN:
    case DUET_SHAPE_NEGATE:
    case DUET_SHAPE_COMPARE:
    case DUET_SHAPE_LIST:
    case DUET_SHAPE_ASK:
        trial->possible = expr->op != DUET_EXPR_CONTAINS && expr->op != DUET_EXPR_STARTS_WITH;
        collect(trial, expr->left);
        collect(trial, expr->right);
        return;
    case DUET_SHAPE_CONSTANT:
        trial->possible = expr->op != DUET_EXPR_TEXT && expr->op != DUET_EXPR_NUMBER;
        return;
    case DUET_SHAPE_CHANGE:
    case DUET_SHAPE_WAS:
    case DUET_SHAPE_PREDICATE:
    case DUET_SHAPE_PATH:
        trial->possible = false;
        return;
    }
}

/* An operand's value: an index, or -1 for missing. */
static int64_t value_of(const struct trial *trial, const struct duet_m_expr *expr)
{
    if (expr->op == DUET_EXPR_VALUE)
        return expr->number;
    if (expr->op != DUET_EXPR_FIELD)
        return -1;
    uint32_t variable = variable_of(trial, expr);
    if (variable == trial->count)
        return -1;
    uint32_t value = trial->values[variable];
    return value == trial->fields[variable]->values.count ? -1 : (int64_t)value;
}

static bool compares(enum duet_op op, int64_t left, int64_t right)
{
    bool comparable = left >= 0 && right >= 0;
    if (op == DUET_EXPR_EQ)
        return left == right;
    if (op == DUET_EXPR_NE)
        return left != right;
    if (!comparable)
        return false;
    if (op == DUET_EXPR_LT)
        return left < right;
    if (op == DUET_EXPR_LE)
        return left <= right;
    return op == DUET_EXPR_GT ? left > right : left >= right;
}

static bool holds(const struct trial *trial, const struct duet_m_expr *expr)
{
    if (expr->op == DUET_EXPR_AND)
        return holds(trial, expr->left) && holds(trial, expr->right);
    if (expr->op == DUET_EXPR_OR)
        return holds(trial, expr->left) || holds(trial, expr->right);
    if (expr->op == DUET_EXPR_NOT)
        return !holds(trial, expr->left);
    if (expr->op == DUET_EXPR_TRUE || expr->op == DUET_EXPR_FALSE)
        return expr->op == DUET_EXPR_TRUE;
    if (expr->op == DUET_EXPR_PRESENT)
        return value_of(trial, expr->left) >= 0;
    if (expr->op == DUET_EXPR_IN) {
        for (uint32_t i = 0; i < expr->list_count; i++) {
            if (value_of(trial, expr->left) == value_of(trial, &expr->list[i]))
                return true;
        }
        return false;
    }
    return compares(expr->op, value_of(trial, expr->left), value_of(trial, expr->right));
}

static void next_combination(struct trial *trial)
{
    for (uint32_t i = 0; i < trial->count; i++) {
        if (++trial->values[i] <= trial->fields[i]->values.count)
            return;
        trial->values[i] = 0;
    }
}

void duet_checker_decided(struct duet_checker *check, const struct duet_m_expr *expr)
{
    struct trial trial = { .combinations = 1, .possible = true };
    collect(&trial, expr);
    if (!trial.possible || expr->op == DUET_EXPR_TRUE || expr->op == DUET_EXPR_FALSE)
        return;
    uint32_t held = 0;
    for (uint32_t i = 0; i < trial.combinations; i++) {
        held += holds(&trial, expr);
        next_combination(&trial);
    }
    if (held != 0 && held != trial.combinations)
        return;
    struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_ALWAYS, expr->at,
                                                 "this is always %s", held ? "true" : "false");
    if (held)
        duet_diag_help(diag, "leave the condition out");
}
