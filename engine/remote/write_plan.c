/* Which request of an ordered write carries which field; bodies; comparing what was written with what is there. */
#include <string.h>

#include "engine/record/expr.h"
#include "engine/record/write.h"
#include "engine/remote/write.h"

void duet_write_copy(const struct duet_endpoint *endpoint, const struct duet_remote_write *write,
                     struct duet_write_item *item, struct duet_arena *arena)
{
    uint32_t fields = endpoint->row->fields_count;
    struct duet_value *values = duet_arena_alloc_array(arena, fields, sizeof *values);
    struct duet_value *before = duet_arena_alloc_array(arena, fields, sizeof *before);
    for (uint32_t i = 0; i < fields; i++) {
        values[i] = duet_value_copy(&write->values[i], arena);
        if (write->before)
            before[i] = duet_value_copy(&write->before->values[i], arena);
    }
    item->rules = write->rules ? write->rules : endpoint->rules;
    item->side = write->rules ? write->side : endpoint->side;
    item->key = duet_arena_format(arena, "%s", write->key);
    item->version = write->version ? duet_arena_format(arena, "%s", write->version) : NULL;
    item->values = values;
    item->mask = write->mask;
    item->before.values = before;
    if (write->before && write->before->raw) {
        item->before.raw = duet_arena_copy_text(arena, write->before->raw, write->before->length);
        item->before.length = write->before->length;
    }
}

/* --- sharing out ------------------------------------------------------------------------------------------------------ */

struct two {
    const struct duet_endpoint *endpoint;
    const struct duet_write_item *item;
    bool judge_before;
};

static const struct duet_value *value_of(const struct two *two, const struct duet_t_expr *leaf,
                                         bool before)
{
    uint32_t number = duet_field_number(two->endpoint->tables, two->endpoint->side, leaf->field);
    return before ? &two->item->before.values[number] : &two->item->values[number];
}

static struct duet_value read_field(void *data, const struct duet_t_expr *leaf)
{
    const struct two *two = data;
    struct duet_value missing = { 0 };
    return leaf->op == DUET_EXPR_FIELD && leaf->side == two->endpoint->side
               ? *value_of(two, leaf, two->judge_before)
               : missing;
}

static bool predicate(const struct two *two, const struct duet_t_expr *expr, bool before)
{
    const struct duet_write_item *item = two->item;
    const struct duet_value *values = before ? item->before.values : item->values;
    return expr->op == DUET_EXPR_MERGED ? duet_record_merged(item->rules, item->side, values)
                                        : duet_record_closed(item->rules, item->side, values);
}

static bool test_field(void *data, const struct duet_t_expr *expr)
{
    const struct two *two = data;
    const struct duet_tables *tables = two->endpoint->tables;
    const struct duet_t_expr *left = duet_expr_row(tables, expr->left);
    if (expr->op == DUET_EXPR_CLOSED || expr->op == DUET_EXPR_MERGED)
        return predicate(two, expr, two->judge_before);
    if (expr->op == DUET_EXPR_CHANGED && left->op == DUET_EXPR_FIELD)
        return !duet_value_equal(value_of(two, left, false), value_of(two, left, true));
    if (expr->op == DUET_EXPR_CHANGED)
        return predicate(two, left, false) && !predicate(two, left, true);
    if (expr->op != DUET_EXPR_WAS || left->op != DUET_EXPR_FIELD)
        return false;
    struct duet_value wanted = duet_expr_constant(tables, duet_expr_row(tables, expr->right));
    const struct duet_value *was = value_of(two, left, true);
    if (wanted.kind == DUET_VALUE_ENUM || was->kind == DUET_VALUE_ENUM)
        return wanted.kind == was->kind && wanted.number == was->number;
    return duet_value_equal(was, &wanted);
}

uint64_t duet_write_share_out(const struct duet_endpoint *endpoint,
                              const struct duet_t_op *const *ops, size_t count,
                              struct duet_write_item *item)
{
    struct two two = { .endpoint = endpoint, .item = item };
    const struct duet_leaves leaves = { .read = read_field, .test = test_field, .data = &two };
    uint64_t left = item->mask;
    for (size_t i = 0; i < count; i++) {
        uint64_t mine = left & duet_mask(ops[i]->carries_lo, ops[i]->carries_hi);
        if (!mine || (ops[i]->carry_when != DUET_NONE &&
                      !duet_expr_holds(endpoint->tables, ops[i]->carry_when, &leaves)))
            continue;
        item->steps[i] = mine;
        left &= ~mine;
    }
    return left;
}

/* --- bodies --------------------------------------------------------------------------------------------------------------- */

struct duet_render duet_write_render(const struct duet_endpoint *endpoint,
                                     const struct duet_t_op *op, const struct duet_write_item *item,
                                     uint64_t mask, struct duet_arena *arena)
{
    struct duet_render render = duet_render_start(endpoint, op, arena);
    render.rules = item->rules;
    render.side = item->side;
    render.values = item->values;
    render.mask = mask;
    render.key = item->key;
    render.version = item->version;
    return render;
}

static bool prepare_whole(struct duet_render *render, const struct duet_write_item *item,
                          uint64_t mask, struct duet_call_request *request_out)
{
    const struct duet_t_op *own =
        duet_own_op(render->endpoint, render->op, item->rules, item->side);
    const struct duet_whole_write write = { .before = &item->before,
                                            .values = item->values,
                                            .mask = mask };
    struct duet_text text;
    if (!item->before.raw) {
        duet_fail(&render->error, DUET_INVALID, "the record as it was read isn't there");
        return false;
    }
    return duet_write_whole(item->rules, item->side, &write, own, render->arena, &text,
                            &render->error) == DUET_OK &&
           duet_call_prepare(render, NULL, text.bytes, text.length, request_out);
}

bool duet_write_prepare(struct duet_render *render, const struct duet_write_item *item,
                        uint64_t mask, struct duet_call_request *request_out)
{
    const struct duet_t_op *own =
        duet_own_op(render->endpoint, render->op, item->rules, item->side);
    if (render->op->body_kind == DUET_BODY_WHOLE)
        return prepare_whole(render, item, mask, request_out);
    if (render->op->body_kind == DUET_BODY_CHANGED)
        render->body = duet_write_changed(item->rules, item->side, item->values, mask, own->under);
    bool prepared = duet_call_prepare(render, NULL, NULL, 0, request_out);
    if (render->op->body_kind == DUET_BODY_CHANGED) {
        json_decref(render->body);
        render->body = NULL;
    }
    return prepared;
}

/* --- reading back ---------------------------------------------------------------------------------------------------------- */

const char *duet_write_verify(const struct duet_endpoint *endpoint,
                              const struct duet_write_item *item, const char *raw, size_t length,
                              struct duet_arena *arena)
{
    struct duet_record record;
    struct duet_error error;
    if (duet_record_read(item->rules, item->side, raw, length, arena, &record, &error) != DUET_OK)
        return duet_arena_format(arena, "what was read back is no record: %s", error.text);
    for (uint32_t i = 0; i < endpoint->row->fields_count; i++) {
        const struct duet_t_field *field =
            duet_field_row(endpoint->tables, endpoint->row->fields + i);
        if (!(item->mask & duet_bit(i)) || duet_value_equal(&item->values[i], &record.values[i]))
            continue;
        return duet_arena_format(
            arena, "answered as if it were done, but '%s' is %s",
            duet_str(endpoint->tables, field->name),
            duet_value_show(item->rules->tables, field, &record.values[i], arena));
    }
    return NULL;
}
