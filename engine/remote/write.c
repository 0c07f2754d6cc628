/* An ordered write: one step after the other, each in batches, each record with a result of its own.
 *
 *     step 1: requests of up to `batch` records --> answered: records done go to the next step, the others are told
 *     step 2: ...                                   refused whole: two requests of half the records
 *     last:   read back where the system needs it --> told */
#include "engine/remote/write.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct write_job {
    struct duet_job job;
    struct duet_write_item *items;
    size_t count;
    const struct duet_t_op *ops[DUET_MAX_WRITE_STEPS];
    size_t op_count;
    size_t step;
    size_t pending; /* requests of this step, and readings back */
    duet_remote_written written;
    void *data;
};

/* One request's records. In the job's arena. */
struct write_request {
    struct write_job *job;
    struct duet_write_item **items;
    size_t count;
    json_t *found; /* what a lookup found */
};

static void ask(struct write_job *job, struct duet_write_item **items, size_t count);

/* --- telling --------------------------------------------------------------------------------------------------------- */

static void tell(struct write_job *job, struct duet_write_item *item,
                 struct duet_remote_result result)
{
    if (item->is_over)
        return;
    item->is_over = true;
    result.written = item->written;
    job->written(job->data, item->index, &result);
}

static bool has_later_step(const struct write_job *job, const struct duet_write_item *item)
{
    for (size_t i = job->step + 1; i < job->op_count; i++) {
        if (item->steps[i])
            return true;
    }
    return false;
}

static bool is_verified(const struct write_job *job, const struct duet_write_item *item)
{
    for (size_t i = 0; i < job->op_count; i++) {
        if (item->steps[i] && job->ops[i]->verify)
            return true;
    }
    return false;
}

static void next_step(struct write_job *job);

static void one_less(struct write_job *job)
{
    if (--job->pending == 0) {
        job->step++;
        next_step(job);
    }
}

/* --- reading back ---------------------------------------------------------------------------------------------------- */

struct read_back {
    struct write_job *job;
    struct duet_write_item *item;
};

static void read_back(void *data, const struct duet_remote_result *read)
{
    const struct read_back *back = data;
    struct write_job *job = back->job;
    struct duet_endpoint *endpoint = job->job.endpoint;
    struct duet_arena *arena = duet_arena_new();
    struct duet_remote_result result = *read;
    if (read->outcome == DUET_REMOTE_OK) {
        const char *fault =
            duet_write_verify(endpoint, back->item, read->record, read->record_length, arena);
        if (fault) {
            result.outcome = DUET_REMOTE_REFUSED;
            result.text = duet_text_for_people(endpoint, fault, arena);
        }
    } else {
        result.outcome = DUET_REMOTE_UNKNOWN;
    }
    tell(job, back->item, result);
    duet_arena_free(arena);
    one_less(job);
}

static void accept(struct write_job *job, struct duet_write_item *item,
                   struct duet_remote_result result)
{
    item->written |= item->steps[job->step];
    if (has_later_step(job, item))
        return;
    if (!is_verified(job, item)) {
        tell(job, item, result);
        return;
    }
    struct read_back *back = duet_arena_alloc(job->job.arena, sizeof *back);
    *back = (struct read_back){ job, item };
    job->pending++;
    duet_remote_read(job->job.endpoint, item->key, read_back, back);
}

/* --- answers ---------------------------------------------------------------------------------------------------------- */

static const char *row_key(const struct duet_endpoint *endpoint, const struct duet_t_op *op,
                           const json_t *row, struct duet_arena *arena)
{
    const json_t *json =
        op->result_key != DUET_NONE ? duet_path_find(endpoint->tables, op->result_key, row) : NULL;
    if (json_is_integer(json))
        return duet_arena_format(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
    return json_string_value(json);
}

/* What the answer's rows say about one record: the worst of its rows. */
static struct duet_remote_result result_of_rows(const struct duet_endpoint *endpoint,
                                                const struct duet_t_op *op,
                                                const struct duet_call_answer *answer,
                                                json_t *const *rows, const char *key)
{
    struct duet_remote_result result = answer->result;
    bool is_there = false;
    for (size_t i = 0; i < answer->body.count; i++) {
        struct duet_answer_view view = *answer->view;
        const char *name = rows[i] ? row_key(endpoint, op, rows[i], answer->arena) : NULL;
        if (!name || strcmp(name, key) != 0)
            continue;
        is_there = true;
        view.row = rows[i];
        if (duet_answer_holds(endpoint, op->result_ok, &view, NULL, answer->arena))
            continue;
        result.outcome = DUET_REMOTE_REFUSED;
        result.text = duet_row_text(endpoint, op, rows[i], answer->arena);
    }
    if (!is_there) {
        result.outcome = DUET_REMOTE_UNKNOWN;
        result.text = "the answer doesn't say what became of this record";
    }
    return result;
}

static void settle(struct write_job *job, struct duet_write_item *item,
                   const struct duet_remote_result *result)
{
    if (result->outcome == DUET_REMOTE_OK)
        accept(job, item, *result);
    else
        tell(job, item, *result);
}

static void settle_by_rows(const struct write_request *request, const struct duet_t_op *op,
                           const struct duet_call_answer *answer)
{
    struct duet_endpoint *endpoint = request->job->job.endpoint;
    json_t **rows = duet_arena_alloc_array(answer->arena, answer->body.count, sizeof(json_t *));
    for (size_t i = 0; i < answer->body.count; i++)
        rows[i] = json_loadb(answer->body.rows[i].bytes, answer->body.rows[i].length,
                             JSON_ALLOW_NUL, NULL);
    for (size_t i = 0; i < request->count; i++) {
        struct duet_remote_result result =
            result_of_rows(endpoint, op, answer, rows, request->items[i]->key);
        settle(request->job, request->items[i], &result);
    }
    for (size_t i = 0; i < answer->body.count; i++)
        json_decref(rows[i]);
}

static bool is_bisected(enum duet_remote_outcome outcome)
{
    return outcome == DUET_REMOTE_REFUSED || outcome == DUET_REMOTE_GONE ||
           outcome == DUET_REMOTE_STALE;
}

static void answered(void *data, const struct duet_call_answer *answer)
{
    struct write_request *request = data;
    struct write_job *job = request->job;
    const struct duet_t_op *op = job->ops[job->step];
    struct duet_remote_result result = answer->result;
    json_decref(request->found);
    request->found = NULL;
    if (result.outcome == DUET_REMOTE_OK && op->result != DUET_NONE &&
        op->result_key != DUET_NONE) {
        settle_by_rows(request, op, answer);
    } else if (request->count > 1 && is_bisected(result.outcome)) {
        ask(job, request->items, request->count / 2);
        ask(job, request->items + request->count / 2, request->count - request->count / 2);
    } else {
        const char *key = duet_body_key(job->job.endpoint, answer->body.json, answer->arena);
        if (key && request->count == 1 && strcmp(key, request->items[0]->key) == 0) {
            result.record = answer->bytes;
            result.record_length = answer->length;
        }
        for (size_t i = 0; i < request->count; i++)
            settle(job, request->items[i], &result);
    }
    one_less(job);
}

/* --- requests --------------------------------------------------------------------------------------------------------- */

static void refuse(struct write_job *job, struct duet_write_item *item,
                   const struct duet_render *render)
{
    struct duet_arena *arena = duet_arena_new();
    tell(job, item,
         duet_result_of(DUET_REMOTE_REFUSED,
                        duet_text_for_people(job->job.endpoint, render->error.text, arena)));
    duet_arena_free(arena);
}

/* The batch's items; records that can't be written down are told and left out. */
static json_t *batch_of(struct write_request *request, const struct duet_t_op *op)
{
    struct write_job *job = request->job;
    json_t *batch = json_array();
    size_t kept = 0;
    for (size_t i = 0; i < request->count; i++) {
        struct duet_write_item *item = request->items[i];
        struct duet_render render =
            duet_write_render(job->job.endpoint, op, item, item->steps[job->step], job->job.arena);
        render.found = request->found;
        json_t *json = duet_render_json(&render, op->batch_item);
        if (json) {
            json_array_append_new(batch, json);
            request->items[kept++] = item;
        } else {
            refuse(job, item, &render);
        }
    }
    request->count = kept;
    return batch;
}

static void send(struct write_request *request)
{
    struct write_job *job = request->job;
    struct duet_endpoint *endpoint = job->job.endpoint;
    const struct duet_t_op *op = job->ops[job->step];
    struct duet_call_request call;
    json_t *batch = op->batch > 0 ? batch_of(request, op) : NULL;
    bool prepared = false;
    if (request->count > 0) {
        struct duet_write_item *item = request->items[0];
        struct duet_render render =
            duet_write_render(endpoint, op, item, item->steps[job->step], job->job.arena);
        render.batch = batch;
        render.found = request->found;
        prepared = duet_write_prepare(&render, item, item->steps[job->step], &call);
        for (size_t i = 0; !prepared && i < request->count; i++)
            refuse(job, request->items[i], &render);
    }
    json_decref(batch);
    if (prepared) {
        call.needs_rows = op->result != DUET_NONE && op->result_key != DUET_NONE;
        duet_call_start(endpoint, &call, answered, request);
        return;
    }
    json_decref(request->found);
    request->found = NULL;
    one_less(job);
}

/* Takes the first row for which `match` holds. */
static json_t *pick(const struct duet_endpoint *endpoint, uint32_t match,
                    const struct duet_write_item *item, const struct duet_call_answer *answer)
{
    for (size_t i = 0; i < answer->body.count; i++) {
        json_t *row = json_loadb(answer->body.rows[i].bytes, answer->body.rows[i].length,
                                 JSON_ALLOW_NUL, NULL);
        struct duet_answer_view view = *answer->view;
        view.row = row;
        if (row && duet_answer_holds(endpoint, match, &view, item->values, answer->arena))
            return row;
        json_decref(row);
    }
    return NULL;
}

static void looked_up(void *data, const struct duet_call_answer *answer)
{
    struct write_request *request = data;
    struct write_job *job = request->job;
    const struct duet_t_op *op = job->ops[job->step];
    const struct duet_t_op *lookup = duet_op_row(job->job.endpoint->tables, op->lookup);
    struct duet_remote_result result = answer->result;
    if (result.outcome == DUET_REMOTE_OK) {
        uint32_t match = op->match != DUET_NONE ? op->match : lookup->match;
        request->found = pick(job->job.endpoint, match, request->items[0], answer);
        if (request->found) {
            send(request);
            return;
        }
        result.outcome = DUET_REMOTE_REFUSED;
        result.text = "the system offers nothing that leads to the value wanted";
    }
    tell(job, request->items[0], result);
    one_less(job);
}

static void look_up(struct write_request *request, uint32_t row)
{
    struct write_job *job = request->job;
    struct duet_endpoint *endpoint = job->job.endpoint;
    const struct duet_t_op *lookup = duet_op_row(endpoint->tables, row);
    struct duet_write_item *item = request->items[0];
    struct duet_render render =
        duet_write_render(endpoint, lookup, item, item->steps[job->step], job->job.arena);
    struct duet_call_request call;
    if (!duet_call_prepare(&render, NULL, NULL, 0, &call)) {
        refuse(job, item, &render);
        one_less(job);
        return;
    }
    call.needs_rows = lookup->items != DUET_NONE;
    duet_call_start(endpoint, &call, looked_up, request);
}

static void ask(struct write_job *job, struct duet_write_item **items, size_t count)
{
    const struct duet_t_op *op = job->ops[job->step];
    struct write_request *request = duet_arena_alloc(job->job.arena, sizeof *request);
    *request = (struct write_request){ .job = job, .items = items, .count = count };
    job->pending++;
    if (op->lookup != DUET_NONE)
        look_up(request, op->lookup);
    else
        send(request);
}

/* --- steps --------------------------------------------------------------------------------------------------------------- */

static size_t items_of_step(const struct write_job *job, struct duet_write_item **items)
{
    size_t count = 0;
    for (size_t i = 0; i < job->count; i++) {
        if (!job->items[i].is_over && job->items[i].steps[job->step])
            items[count++] = &job->items[i];
    }
    return count;
}

static void run_step(struct write_job *job)
{
    const struct duet_t_op *op = job->ops[job->step];
    struct duet_write_item **items =
        duet_arena_alloc_array(job->job.arena, job->count, sizeof(struct duet_write_item *));
    size_t count = items_of_step(job, items);
    size_t most = op->batch > 0 && op->lookup == DUET_NONE ? op->batch : 1;
    job->pending = 1; /* so that a request that fails at once doesn't end the step */
    for (size_t at = 0; at < count; at += most)
        ask(job, items + at, count - at < most ? count - at : most);
    one_less(job);
}

static void next_step(struct write_job *job)
{
    if (job->step < job->op_count)
        run_step(job);
    else
        duet_job_free(&job->job);
}

/* Records of which nothing is carried, or not all, aren't begun. */
static void begin(void *data)
{
    struct write_job *job = data;
    const struct duet_endpoint *endpoint = job->job.endpoint;
    job->job.deferred = NULL;
    for (size_t i = 0; i < job->count; i++) {
        struct duet_write_item *item = &job->items[i];
        const struct duet_ordered_write write = { .rules = endpoint->rules,
                                                  .side = endpoint->side,
                                                  .before = item->before.values,
                                                  .after = item->values,
                                                  .mask = item->mask };
        uint64_t left = duet_write_share_out(&write, job->ops, job->op_count, item->steps);
        uint32_t number = 0;
        while (number < endpoint->row->fields_count && !(left & duet_bit(number)))
            number++;
        if (left && number < endpoint->row->fields_count) {
            const struct duet_t_field *field =
                duet_field_row(endpoint->tables, endpoint->row->fields + number);
            tell(job, item,
                 duet_result_of(DUET_REMOTE_REFUSED,
                                duet_arena_format(job->job.arena,
                                                  "no request of the system carries '%s'",
                                                  duet_str(endpoint->tables, field->name))));
        } else if (!item->mask) {
            tell(job, item, duet_result_of(DUET_REMOTE_OK, ""));
        }
    }
    next_step(job);
}

void duet_remote_write(struct duet_endpoint *endpoint, const struct duet_remote_write *writes,
                       size_t count, duet_remote_written written, void *data)
{
    struct write_job *job = duet_job_new(endpoint, sizeof *job, NULL);
    job->items = duet_arena_alloc_array(job->job.arena, count, sizeof *job->items);
    job->count = count;
    job->written = written;
    job->data = data;
    job->op_count = duet_write_ops(endpoint->tables, endpoint->side, job->ops);
    for (size_t i = 0; i < count; i++) {
        job->items[i].index = i;
        duet_write_copy(endpoint, &writes[i], &job->items[i], job->job.arena);
    }
    duet_job_defer(&job->job, begin);
}
