/* Reading one record, finding records by their claim, listing notes: all rows of all pages gathered, then told at once. */
#include <stdlib.h>
#include <string.h>

#include "engine/remote/pages.h"

#define ROWS_MOST 100000U /* of one record's notes, or with one claim */

struct read_job {
    struct duet_job job;
    struct duet_render render;
    struct duet_pages pages;
    duet_remote_rows on_rows; /* NULL: one record is read */
    duet_remote_done done;
    void *data;
    struct duet_remote_row *rows;
    size_t count, size;
    struct duet_remote_result failure;
};

static void end_read(struct read_job *read, const struct duet_remote_result *result)
{
    read->done(read->data, result);
    duet_job_free(&read->job);
}

static void end_failed(void *data)
{
    struct read_job *read = data;
    read->job.deferred = NULL;
    end_read(read, &read->failure);
}

static void fail_later(struct read_job *read, enum duet_remote_outcome outcome, const char *text)
{
    read->failure =
        duet_result_of(outcome, duet_text_for_people(read->job.endpoint, text, read->job.arena));
    duet_job_defer(&read->job, end_failed);
}

static bool keep_rows(struct read_job *read, const struct duet_remote_row *rows, size_t count)
{
    if (count > ROWS_MOST - read->count)
        return false;
    if (read->count + count > read->size) {
        read->size = 2 * (read->count + count);
        struct duet_remote_row *more =
            duet_arena_alloc_array(read->job.arena, read->size, sizeof *more);
        if (read->count > 0)
            memcpy(more, read->rows, read->count * sizeof *more);
        read->rows = more;
    }
    for (size_t i = 0; i < count; i++) {
        const char *bytes = duet_arena_copy_text(read->job.arena, rows[i].bytes, rows[i].length);
        read->rows[read->count++] = (struct duet_remote_row){ bytes, rows[i].length };
    }
    return true;
}

/* All pages are here. */
static void end_gathered(struct read_job *read, struct duet_remote_result *result)
{
    if (read->on_rows) {
        read->on_rows(read->data, read->rows, read->count);
    } else if (read->count == 0) {
        result->outcome = DUET_REMOTE_GONE;
        result->text = "no such record";
    } else if (read->count > 1) {
        result->outcome = DUET_REMOTE_REFUSED;
        result->text = "more than one record was answered";
    } else {
        result->record = read->rows[0].bytes;
        result->record_length = read->rows[0].length;
    }
    end_read(read, result);
}

/* The body itself is the record. */
static void end_whole(struct read_job *read, const struct duet_call_answer *answer,
                      struct duet_remote_result *result)
{
    if (duet_bytes_are_object(answer->bytes, answer->length)) {
        result->record = answer->bytes;
        result->record_length = answer->length;
    } else {
        result->outcome = DUET_REMOTE_TRANSIENT;
        result->text = "the answer is no JSON object";
    }
    end_read(read, result);
}

static void ask(struct read_job *read);

static void answered(void *data, const struct duet_call_answer *answer)
{
    struct read_job *read = data;
    struct duet_remote_result result = answer->result;
    const char *fault = "more rows were answered than are read";
    if (result.outcome != DUET_REMOTE_OK) {
        end_read(read, &result);
        return;
    }
    if (read->pages.op->items == DUET_NONE) {
        end_whole(read, answer, &result);
        return;
    }
    enum duet_page_end next = DUET_PAGE_ASTRAY;
    if (keep_rows(read, answer->body.rows, answer->body.count))
        next = duet_pages_next(&read->pages, answer, &fault);
    if (next == DUET_PAGE_MORE) {
        ask(read);
    } else if (next == DUET_PAGE_LAST) {
        end_gathered(read, &result);
    } else {
        result = duet_result_of(DUET_REMOTE_REFUSED, fault);
        end_read(read, &result);
    }
}

static void ask(struct read_job *read)
{
    struct duet_call_request request;
    if (!duet_pages_prepare(&read->pages, &read->render, &request)) {
        fail_later(read, DUET_REMOTE_REFUSED, read->render.error.text);
        return;
    }
    request.needs_rows = read->pages.op->items != DUET_NONE;
    duet_call_start(read->job.endpoint, &request, answered, read);
}

/* The render's references must live in the job's arena. */
static struct read_job *read_new(struct duet_endpoint *endpoint, enum duet_op_kind kind,
                                 duet_remote_rows on_rows, duet_remote_done done, void *data)
{
    const struct duet_t_op *op = duet_endpoint_op(endpoint, kind);
    struct read_job *read = duet_job_new(endpoint, sizeof *read, NULL);
    read->on_rows = on_rows;
    read->done = done;
    read->data = data;
    read->render = duet_render_start(endpoint, op, read->job.arena);
    if (op)
        duet_pages_start(&read->pages, endpoint, op, read->job.arena);
    return read;
}

static void start(struct read_job *read)
{
    if (read->pages.op && (!read->on_rows || read->pages.op->items != DUET_NONE))
        ask(read);
    else
        fail_later(read, DUET_REMOTE_REFUSED,
                   "the system file doesn't describe this request, or not where its rows are");
}

void duet_remote_read(struct duet_endpoint *endpoint, const char *key, duet_remote_done done,
                      void *data)
{
    struct read_job *read = read_new(endpoint, DUET_OP_READ, NULL, done, data);
    read->render.key = duet_arena_format(read->job.arena, "%s", key);
    start(read);
}

void duet_remote_list_notes(struct duet_endpoint *endpoint, const char *key,
                            duet_remote_rows on_rows, duet_remote_done done, void *data)
{
    struct read_job *read = read_new(endpoint, DUET_OP_LIST_NOTES, on_rows, done, data);
    read->render.key = duet_arena_format(read->job.arena, "%s", key);
    start(read);
}

void duet_remote_find(struct duet_endpoint *endpoint, const struct duet_remote_record *record,
                      duet_remote_rows on_rows, duet_remote_done done, void *data)
{
    struct read_job *read = read_new(endpoint, DUET_OP_FIND, on_rows, done, data);
    duet_render_new_record(&read->render, record);
    start(read);
}
