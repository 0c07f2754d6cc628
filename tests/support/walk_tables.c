#include "tests/support/walk_tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/tables_text.h"

static uint64_t walk_expr(const struct duet_tables *tables, uint32_t row)
{
    const struct duet_t_expr *expr = duet_expr_row(tables, row);
    if (!expr)
        return 0;
    uint64_t sum = 1 + walk_expr(tables, expr->left) + walk_expr(tables, expr->right);
    for (uint32_t i = 0; i < expr->list_count; i++)
        sum += walk_expr(tables, expr->list + i);
    if (expr->op == DUET_EXPR_FIELD)
        sum += duet_field_number(tables, (enum duet_side)expr->side, expr->field);
    if (expr->op == DUET_EXPR_TEXT || expr->op == DUET_EXPR_VALUE)
        sum += strlen(duet_str(tables, expr->text));
    if (expr->op == DUET_EXPR_CLOSED)
        sum += walk_expr(tables, duet_side_row(tables, expr->side)->closed);
    if (expr->op == DUET_EXPR_MERGED)
        sum += walk_expr(tables, duet_side_row(tables, expr->side)->merged);
    return sum;
}

static uint64_t walk_pieces(const struct duet_tables *tables, uint32_t first, uint32_t count)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct duet_t_piece *piece = duet_piece_row(tables, first + i);
        if (piece->ref == DUET_REF_LITERAL || piece->ref == DUET_REF_SETTING ||
            piece->ref == DUET_REF_FOUND)
            sum += strlen(duet_str(tables, piece->text));
        if (piece->ref == DUET_REF_FIELD)
            sum += duet_field_row(tables, piece->field)->type;
    }
    return sum;
}

static uint64_t walk_json(const struct duet_tables *tables, uint32_t row)
{
    const struct duet_t_json *json = duet_json_row(tables, row);
    if (!json)
        return 0;
    uint64_t sum = 1 + walk_pieces(tables, json->pieces, json->pieces_count);
    for (uint32_t i = 0; i < json->children_count; i++) {
        const struct duet_t_json *child = duet_json_row(tables, json->children + i);
        if (json->kind == DUET_JSON_OBJECT)
            sum += strlen(duet_str(tables, child->key));
        sum += walk_json(tables, json->children + i);
    }
    return sum;
}

static uint64_t walk_matrix(const struct duet_tables *tables, uint32_t words, uint32_t lines,
                            uint32_t columns)
{
    uint64_t sum = 0;
    for (uint32_t line = 0; line < lines; line++) {
        for (uint32_t column = 0; column < columns; column++)
            sum += duet_matrix_bit(tables, words, columns, line, column);
    }
    return sum;
}

static uint32_t value_count(const struct duet_tables *tables, uint32_t field)
{
    return duet_enum_row(tables, duet_field_row(tables, field)->values)->values_count;
}

static uint64_t walk_side(const struct duet_tables *tables, enum duet_side number)
{
    const struct duet_t_side *side = duet_side_row(tables, number);
    uint64_t sum = walk_expr(tables, side->closed) + walk_expr(tables, side->merged) +
                   walk_json(tables, side->query) + walk_json(tables, side->envelope) +
                   walk_pieces(tables, side->base, side->base_count);
    bool values[DUET_MAX_FIELDS] = { false };
    for (uint32_t i = 0; i < side->fields_count; i++) {
        const struct duet_t_field *field = duet_field_row(tables, side->fields + i);
        values[duet_field_number(tables, number, side->fields + i)] = true;
        sum += duet_step_row(tables, duet_path_row(tables, field->path)->steps)->each +
               walk_expr(tables, field->required_when);
        if (field->depends != DUET_NONE)
            sum += walk_matrix(tables, field->legal, value_count(tables, field->depends),
                               value_count(tables, side->fields + i));
        if (field->moves_count != 0)
            sum += walk_matrix(tables, field->moves, value_count(tables, side->fields + i),
                               value_count(tables, side->fields + i));
    }
    for (uint32_t i = 0; i < side->rules_count; i++) {
        const struct duet_t_rule *rule = duet_rule_row(tables, side->rules + i);
        sum +=
            walk_expr(tables, rule->when) + values[duet_field_number(tables, number, rule->field)];
    }
    return sum + values[duet_field_number(tables, number, side->key)];
}

static uint64_t walk_ops(const struct duet_tables *tables, enum duet_side number)
{
    const struct duet_t_side *side = duet_side_row(tables, number);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < side->ops_count; i++) {
        const struct duet_t_op *op = duet_op_row(tables, side->ops + i);
        sum += walk_json(tables, op->body) + walk_json(tables, op->query) +
               walk_json(tables, op->batch_item) + walk_expr(tables, op->carry_when) +
               walk_expr(tables, op->match) + walk_expr(tables, op->result_ok) +
               walk_pieces(tables, op->url, op->url_count) + strlen(duet_str(tables, op->method));
        for (const struct duet_t_op *at = op; at; at = duet_op_row(tables, at->lookup))
            sum++;
    }
    return sum;
}

static uint64_t walk_map(const struct duet_tables *tables, const struct duet_t_map *map)
{
    if (!map)
        return 0;
    uint32_t left = duet_enum_row(tables, map->left)->values_count;
    uint32_t right = duet_enum_row(tables, map->right)->values_count;
    uint64_t sum = walk_matrix(tables, map->agree, left, right);
    for (uint32_t i = 0; i < left; i++) {
        uint32_t to = duet_word_row(tables, map->to_right + i)->bits;
        if (to != DUET_NONE)
            sum += strlen(duet_str(
                tables,
                duet_value_row(tables, duet_enum_row(tables, map->right)->values + to)->name));
    }
    for (uint32_t i = 0; i < right; i++) {
        uint32_t to = duet_word_row(tables, map->to_left + i)->bits;
        if (to != DUET_NONE)
            sum += strlen(duet_str(
                tables,
                duet_value_row(tables, duet_enum_row(tables, map->left)->values + to)->name));
    }
    return sum;
}

static uint64_t walk_mapping(const struct duet_tables *tables)
{
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    uint64_t sum = 0;
    bool components[DUET_MAX_FIELDS] = { false };
    for (uint32_t i = 0; i < mapping->units_count; i++) {
        const struct duet_t_unit *unit = duet_unit_row(tables, mapping->units + i);
        components[unit->component_left] = components[unit->component_right] = true;
        for (uint32_t j = 0; j < unit->pairs_count; j++) {
            const struct duet_t_pair *pair = duet_pair_row(tables, unit->pairs + j);
            sum += duet_field_number(tables, DUET_LEFT, pair->left) +
                   duet_field_number(tables, DUET_RIGHT, pair->right) +
                   walk_map(tables, duet_map_row(tables, pair->map)) +
                   walk_expr(tables, pair->default_left);
        }
    }
    for (uint32_t i = 0; i < mapping->triggers_count; i++) {
        const struct duet_t_trigger *trigger = duet_trigger_row(tables, mapping->triggers + i);
        sum += walk_expr(tables, trigger->when);
        for (uint32_t j = 0; j < DUET_MAX_FIELDS; j++) {
            if ((duet_mask(trigger->units_lo, trigger->units_hi) & duet_bit(j)) != 0)
                sum += strlen(duet_str(tables, duet_unit_row(tables, mapping->units + j)->name));
        }
    }
    for (uint32_t i = 0; i < mapping->creates_count; i++)
        sum += walk_expr(tables, duet_create_row(tables, mapping->creates + i)->when);
    return sum + components[0];
}

static uint64_t walk_text(const struct duet_tables *tables)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        abort();
    duet_tables_dump(tables, out);
    fclose(out);
    free(text);
    bool other = true;
    uint64_t changed = duet_tables_changed_units(tables, tables, &other);
    if (changed != 0 || other)
        abort(); /* every table is the same as itself */
    return length;
}

uint64_t walk_tables(const struct duet_tables *tables)
{
    return walk_side(tables, DUET_LEFT) + walk_side(tables, DUET_RIGHT) +
           walk_ops(tables, DUET_LEFT) + walk_ops(tables, DUET_RIGHT) + walk_mapping(tables) +
           walk_text(tables);
}
