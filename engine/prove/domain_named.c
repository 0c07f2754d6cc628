#include "engine/prove/domain_growing.h"

#include <string.h>

#include "engine/record/expr.h"

#define MOST_COMBINED 16U /* values of one field that are put together with another constant */

/* A field that a condition names. */
struct named {
    struct duet_growing *growing;
    enum duet_side side;
    uint32_t number;
    enum duet_type type;
};

static struct named named_of(struct duet_growing *growing, uint32_t field)
{
    enum duet_side side = duet_field_side(growing->tables, field);
    return (struct named){ .growing = growing,
                           .side = side,
                           .number = duet_field_number(growing->tables, side, field),
                           .type = (enum duet_type)duet_field_row(growing->tables, field)->type };
}

static const struct duet_domain *domain_of(const struct named *named)
{
    return &named->growing->domains.side[named->side][named->number];
}

static void add(const struct named *named, const struct duet_value *value)
{
    duet_growing_add(named->growing, named->side, named->number, value);
}

/* --- what holds two constants at once ----------------------------------------------------------------------- */

static bool has_item(const struct duet_value *list, const char *text)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], text) == 0)
            return true;
    }
    return false;
}

/* The list with one item more. */
static struct duet_value with_item(const struct named *named, const struct duet_value *list,
                                   const char *text)
{
    const char **items =
        duet_arena_alloc_array(named->growing->arena, list->count + 1U, sizeof *items);
    for (uint32_t i = 0; i < list->count; i++)
        items[i] = list->items[i];
    items[list->count] = text;
    return (
        struct duet_value){ .kind = DUET_VALUE_LIST, .items = items, .count = list->count + 1U };
}

static void add_to_list(const struct named *named, const struct duet_value *list, const char *text)
{
    if (has_item(list, text))
        return;
    struct duet_value both = with_item(named, list, text);
    add(named, &both);
}

static void add_to_text(const struct named *named, const char *with, enum duet_op op,
                        const char *text)
{
    bool is_start = op == DUET_EXPR_STARTS_WITH;
    if (is_start ? strncmp(with, text, strlen(text)) == 0 : strstr(with, text) != NULL)
        return;
    add(named, &(struct duet_value){ .kind = DUET_VALUE_TEXT,
                                     .text = duet_arena_format(named->growing->arena, "%s%s",
                                                               is_start ? text : with,
                                                               is_start ? with : text) });
}

/* One condition may ask for several: with each value that others have put there. */
static void combine(const struct named *named, enum duet_op op, const char *text)
{
    const struct duet_domain before = *domain_of(named);
    uint32_t abstract = (named->growing->mapped[named->side] & duet_bit(named->number)) ? 3 : 1;
    if (op != DUET_EXPR_CONTAINS && op != DUET_EXPR_STARTS_WITH)
        return;
    for (uint32_t v = abstract; v < before.count && v < MOST_COMBINED; v++) {
        if (before.values[v].kind == DUET_VALUE_LIST)
            add_to_list(named, &before.values[v], text);
        if (before.values[v].kind == DUET_VALUE_TEXT)
            add_to_text(named, before.values[v].text, op, text);
    }
}

/* --- constants ---------------------------------------------------------------------------------------------- */

/* A constant that a field is compared with, and of numbers and times those just below and above. */
static void add_constant(const struct named *named, enum duet_op op, uint32_t index)
{
    const struct duet_t_expr *leaf = duet_expr_row(named->growing->tables, index);
    enum duet_type type = named->type;
    if (!domain_of(named)->count || !leaf ||
        duet_operation(leaf->op)->shape != DUET_SHAPE_CONSTANT || type == DUET_TYPE_ENUM ||
        type == DUET_TYPE_PERSON)
        return;
    struct duet_value value = duet_expr_constant(named->growing->tables, leaf);
    if (duet_value_missing(&value))
        return;
    const char *text = value.text ? value.text : "";
    if (type == DUET_TYPE_LIST)
        value = with_item(named, &(struct duet_value){ 0 }, text);
    if (type == DUET_TYPE_TIME)
        value.kind = DUET_VALUE_TIME;
    add(named, &value);
    combine(named, op, text);
    if (type != DUET_TYPE_INTEGER && type != DUET_TYPE_TIME)
        return;
    const int64_t middle = value.number;
    for (int64_t step = -1; step <= 1; step += 2) {
        if (__builtin_add_overflow(middle, step, &value.number))
            continue;
        add(named, &value);
    }
}

static void add_present(const struct named *named)
{
    if (domain_of(named)->count != 1)
        return;
    named->growing->mapped[named->side] |= duet_bit(named->number);
    duet_growing_add_by_type(named->growing, named->side, named->number);
}

/* Two fields that are compared can show the same. */
static void add_from_field(const struct named *named, uint32_t index)
{
    const struct duet_t_expr *other = duet_expr_row(named->growing->tables, index);
    if (!other || other->op != DUET_EXPR_FIELD)
        return;
    struct named from = named_of(named->growing, other->field);
    add_present(named);
    add_present(&from);
    if (from.type != named->type || named->type == DUET_TYPE_ENUM ||
        named->type == DUET_TYPE_PERSON || !domain_of(named)->count || !domain_of(&from)->count)
        return;
    for (uint32_t v = 0; v < domain_of(&from)->count; v++)
        add(named, &domain_of(&from)->values[v]);
    for (uint32_t v = 0; v < domain_of(named)->count; v++)
        add(&from, &domain_of(named)->values[v]);
}

/* What a condition compares a field with. The loader bounds the depth. */
static void add_condition(struct duet_growing *growing, uint32_t index)
{
    const struct duet_t_expr *expr = duet_expr_row(growing->tables, index);
    if (!expr)
        return;
    add_condition(growing, expr->left);
    add_condition(growing, expr->right);
    const struct duet_t_expr *left = duet_expr_row(growing->tables, expr->left);
    if (!left || left->op != DUET_EXPR_FIELD)
        return;
    struct named named = named_of(growing, left->field);
    if (expr->op == DUET_EXPR_PRESENT)
        add_present(&named);
    add_constant(&named, (enum duet_op)expr->op, expr->right);
    for (uint32_t i = 0; i < expr->list_count; i++)
        add_constant(&named, (enum duet_op)expr->op, expr->list + i);
    add_from_field(&named, expr->right);
}

void duet_growing_add_named(struct duet_growing *growing)
{
    const struct duet_t_mapping *mapping = duet_mapping(growing->tables);
    for (uint32_t s = 0; s < 2; s++) {
        const struct duet_t_side *side = duet_side_row(growing->tables, (enum duet_side)s);
        add_condition(growing, side->closed);
        add_condition(growing, side->merged);
        for (uint32_t f = side->fields; f < side->fields + side->fields_count; f++)
            add_condition(growing, duet_field_row(growing->tables, f)->required_when);
    }
    for (uint32_t t = 0; t < mapping->triggers_count; t++)
        add_condition(growing, duet_trigger_row(growing->tables, mapping->triggers + t)->when);
}
