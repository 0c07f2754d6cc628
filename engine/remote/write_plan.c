/* Bodies of a write; comparing what was written with what is there. */
#include <string.h>

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
