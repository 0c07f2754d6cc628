/* Creating a record, adding a note: one request each, never sent a second time by itself. */
#include <inttypes.h>
#include <string.h>

#include "engine/record/write.h"
#include "engine/remote/call.h"

struct create_job {
    struct duet_job job;
    const struct duet_t_op *op;
    const char *key; /* as handed in; NULL: the system chooses it */
    duet_remote_done done;
    void *data;
    struct duet_remote_result failure;
};

static void end_create(struct create_job *create, const struct duet_remote_result *result)
{
    create->done(create->data, result);
    duet_job_free(&create->job);
}

static void end_failed(void *data)
{
    struct create_job *create = data;
    create->job.deferred = NULL;
    end_create(create, &create->failure);
}

static void fail_later(struct create_job *create, const char *text)
{
    create->failure = duet_result_of(
        DUET_REMOTE_REFUSED, duet_text_for_people(create->job.endpoint, text, create->job.arena));
    duet_job_defer(&create->job, end_failed);
}

static struct create_job *create_new(struct duet_endpoint *endpoint, enum duet_op_kind kind,
                                     const char *key, duet_remote_done done, void *data)
{
    struct create_job *create = duet_job_new(endpoint, sizeof *create, NULL);
    create->op = duet_endpoint_op(endpoint, kind);
    create->key = key ? duet_arena_format(create->job.arena, "%s", key) : NULL;
    create->done = done;
    create->data = data;
    return create;
}

/* --- the answer -------------------------------------------------------------------------------------------------------- */

static const char *text_of(const json_t *json, struct duet_arena *arena)
{
    if (json_is_integer(json))
        return duet_arena_format(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
    const char *text = json_string_value(json);
    return text && *text ? duet_arena_format(arena, "%s", text) : NULL;
}

/* Where `returns key` says, else where a record has its key. */
static const char *key_of(const struct duet_endpoint *endpoint, const struct duet_t_op *op,
                          const json_t *body, struct duet_arena *arena)
{
    for (uint32_t i = 0; body && i < op->returns_count; i++) {
        const struct duet_t_return *row = duet_return_row(endpoint->tables, op->returns + i);
        if (row->field == endpoint->row->key)
            return text_of(duet_path_find(endpoint->tables, row->path, body), arena);
    }
    return duet_body_key(endpoint, body, arena);
}

static void created(void *data, const struct duet_call_answer *answer)
{
    struct create_job *create = data;
    struct duet_endpoint *endpoint = create->job.endpoint;
    struct duet_remote_result result = answer->result;
    if (result.outcome == DUET_REMOTE_OK) {
        result.key = key_of(endpoint, create->op, answer->body.json, answer->arena);
        if (!result.key)
            result.key = create->key;
        if (!result.key) {
            result.outcome = DUET_REMOTE_UNKNOWN;
            result.text = "the answer doesn't say the new record's key";
        }
        if (duet_body_key(endpoint, answer->body.json, answer->arena)) {
            result.record = answer->bytes;
            result.record_length = answer->length;
        }
    }
    end_create(create, &result);
}

static void added(void *data, const struct duet_call_answer *answer)
{
    end_create(data, &answer->result);
}

/* --- the request ------------------------------------------------------------------------------------------------------- */

static void ask(struct create_job *create, struct duet_render *render, duet_call_done answered)
{
    struct duet_call_request request;
    if (duet_call_prepare(render, NULL, NULL, 0, &request))
        duet_call_start(create->job.endpoint, &request, answered, create);
    else
        fail_later(create, render->error.text);
}

/* --- what it carries --------------------------------------------------------------------------------------------------- */

/* The fields that a template's texts and values name. Templates are no deeper than the loader allows. */
static uint64_t fields_in(const struct duet_endpoint *endpoint, uint32_t json,
                          const struct duet_remote_record *record)
{
    const struct duet_t_json *row = duet_json_row(endpoint->tables, json);
    uint64_t fields = 0;
    if (!row)
        return 0;
    for (uint32_t i = row->pieces; i < row->pieces + row->pieces_count; i++) {
        const struct duet_t_piece *piece = duet_piece_row(endpoint->tables, i);
        if (piece->ref == DUET_REF_FIELD && piece->field != DUET_NONE)
            fields |= duet_bit(duet_field_number(endpoint->tables, endpoint->side, piece->field));
        if (piece->ref == DUET_REF_FIELDS || piece->ref == DUET_REF_CHANGED)
            fields |= record->mask;
    }
    for (uint32_t i = row->children; i < row->children + row->children_count; i++)
        fields |= fields_in(endpoint, i, record);
    return fields;
}

uint64_t duet_remote_created_fields(const struct duet_endpoint *endpoint,
                                    const struct duet_remote_record *record)
{
    const struct duet_t_op *op = duet_endpoint_op(endpoint, DUET_OP_CREATE);
    if (!op)
        return 0;
    if (op->body_kind == DUET_BODY_CHANGED || op->body_kind == DUET_BODY_WHOLE)
        return record->mask;
    return fields_in(endpoint, op->body, record) & record->mask;
}

bool duet_remote_writes_whole(const struct duet_endpoint *endpoint)
{
    for (uint32_t i = 0; i < endpoint->row->ops_count; i++) {
        const struct duet_t_op *op = duet_op_row(endpoint->tables, endpoint->row->ops + i);
        if (op->kind == DUET_OP_WRITE && op->body_kind == DUET_BODY_WHOLE)
            return true;
    }
    return false;
}

void duet_remote_create(struct duet_endpoint *endpoint, const struct duet_remote_record *record,
                        duet_remote_done done, void *data)
{
    struct create_job *create = create_new(endpoint, DUET_OP_CREATE, record->key, done, data);
    if (!create->op) {
        fail_later(create, "the system file describes no `create` request");
        return;
    }
    struct duet_render render = duet_render_start(endpoint, create->op, create->job.arena);
    duet_render_new_record(&render, record);
    if (create->op->body_kind == DUET_BODY_CHANGED || create->op->body_kind == DUET_BODY_WHOLE)
        render.body =
            duet_write_changed(render.rules, render.side, render.values, render.mask,
                               duet_own_op(endpoint, create->op, render.rules, render.side)->under);
    ask(create, &render, created);
    json_decref(render.body);
}

void duet_remote_add_note(struct duet_endpoint *endpoint, const char *key,
                          const struct duet_new_note *note, duet_remote_done done, void *data)
{
    struct create_job *create = create_new(endpoint, DUET_OP_ADD_NOTE, key, done, data);
    if (!create->op) {
        fail_later(create, "the system file describes no `add note` request");
        return;
    }
    struct duet_render render = duet_render_start(endpoint, create->op, create->job.arena);
    render.key = create->key;
    render.note = note; /* everything is rendered within this call */
    ask(create, &render, added);
}
