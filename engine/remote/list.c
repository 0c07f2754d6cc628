/* What changed: a list's pages, one after the other; where rows can move between pages, again until two passes agree. */
#include "engine/remote/pages.h"

#include <stdlib.h>
#include <string.h>

#include "engine/record/times.h"
#include "engine/world/memory.h"

/* What a pass saw, whatever the order. */
struct pass {
    uint64_t rows;
    uint64_t sum; /* of the rows' hashes */
};

struct list_job {
    struct duet_job job;
    int64_t since;
    duet_remote_page on_page;
    duet_remote_done done;
    void *data;
    struct duet_pages pages;
    uint32_t page; /* over all passes */
    uint32_t passes;
    struct pass last, present;
    uint64_t *seen; /* hashes of the rows shown so far: open addressing, 0 is free */
    size_t seen_count, seen_size;
    struct duet_remote_result failure;
};

static void finish_list(struct duet_job *job)
{
    free(((struct list_job *)job)->seen);
}

static void end_list(struct list_job *list, const struct duet_remote_result *result)
{
    duet_remote_done done = list->done;
    void *data = list->data;
    done(data, result);
    duet_job_free(&list->job);
}

static void end_failed(void *data)
{
    struct list_job *list = data;
    list->job.deferred = NULL;
    end_list(list, &list->failure);
}

/* --- which rows were shown ------------------------------------------------------------------------------------------ */

static void place_hash(uint64_t *seen, size_t size, uint64_t hash)
{
    size_t at = (size_t)hash & (size - 1);
    while (seen[at])
        at = (at + 1) & (size - 1);
    seen[at] = hash;
}

static bool was_seen(struct list_job *list, uint64_t hash)
{
    hash = hash ? hash : 1;
    for (size_t at = (size_t)hash & (list->seen_size - 1); list->seen_size > 0 && list->seen[at];
         at = (at + 1) & (list->seen_size - 1)) {
        if (list->seen[at] == hash)
            return true;
    }
    if (2 * (list->seen_count + 1) > list->seen_size) {
        size_t size = list->seen_size > 0 ? 2 * list->seen_size : 256;
        uint64_t *seen = duet_new_array(size, sizeof *seen);
        for (size_t i = 0; i < list->seen_size; i++) {
            if (list->seen[i])
                place_hash(seen, size, list->seen[i]);
        }
        free(list->seen);
        list->seen = seen;
        list->seen_size = size;
    }
    place_hash(list->seen, list->seen_size, hash);
    list->seen_count++;
    return false;
}

/* Only counted pages are read twice; links and cursors need no memory of what was shown. */
static size_t note_rows(struct list_job *list, struct duet_remote_row *rows, size_t count)
{
    size_t fresh = 0;
    if (!list->pages.row ||
        (list->pages.row->kind != DUET_PAGE_INDEX && list->pages.row->kind != DUET_PAGE_OFFSET))
        return count;
    for (size_t i = 0; i < count; i++) {
        uint64_t hash = duet_row_hash(&rows[i]);
        list->present.rows++;
        list->present.sum += hash;
        if (!was_seen(list, hash))
            rows[fresh++] = rows[i];
    }
    return fresh;
}

/* --- pages ----------------------------------------------------------------------------------------------------------- */

static void ask_page(struct list_job *list);

static bool end_pass(struct list_job *list, struct duet_remote_result *result)
{
    bool agrees = list->passes > 0 && list->last.rows == list->present.rows &&
                  list->last.sum == list->present.sum;
    list->passes++;
    if (!duet_pages_shift(&list->pages) || agrees)
        return true;
    if (list->passes >= DUET_REMOTE_MAX_PASSES) {
        *result = duet_result_of(DUET_REMOTE_TRANSIENT, "the list kept changing while it was read");
        return true;
    }
    list->last = list->present;
    list->present = (struct pass){ 0 };
    duet_pages_start(&list->pages, list->job.endpoint, list->pages.op, list->job.arena);
    return false;
}

static void page_answered(void *data, const struct duet_call_answer *answer)
{
    struct list_job *list = data;
    struct duet_remote_result result = answer->result;
    const char *fault = "";
    if (result.outcome != DUET_REMOTE_OK) {
        end_list(list, &result);
        return;
    }
    size_t fresh = note_rows(list, answer->body.rows, answer->body.count);
    if (!list->on_page(list->data, answer->body.rows, fresh, list->page++)) {
        result = duet_result_of(DUET_REMOTE_TRANSIENT, "reading was stopped");
        end_list(list, &result);
        return;
    }
    enum duet_page_end next = duet_pages_next(&list->pages, answer, &fault);
    if (next == DUET_PAGE_ASTRAY) {
        result = duet_result_of(DUET_REMOTE_REFUSED, fault);
        end_list(list, &result);
    } else if (next == DUET_PAGE_LAST && end_pass(list, &result)) {
        end_list(list, &result);
    } else {
        ask_page(list);
    }
}

static void ask_page(struct list_job *list)
{
    struct duet_endpoint *endpoint = list->job.endpoint;
    struct duet_render render = duet_render_start(endpoint, list->pages.op, list->job.arena);
    struct duet_call_request request;
    render.since = list->since;
    if (duet_pages_prepare(&list->pages, &render, &request)) {
        request.needs_rows = list->pages.op->items != DUET_NONE;
        duet_call_start(endpoint, &request, page_answered, list);
        return;
    }
    list->failure = duet_result_of(
        DUET_REMOTE_REFUSED, duet_text_for_people(endpoint, render.error.text, list->job.arena));
    duet_job_defer(&list->job, end_failed);
}

static int64_t since_with_overlap(const struct duet_endpoint *endpoint, int64_t since)
{
    uint32_t own = endpoint->row->overlap_ms;
    uint32_t mapping = duet_mapping(endpoint->tables)->overlap_ms;
    int64_t overlap = (int64_t)(own > mapping ? own : mapping) * (DUET_TICKS_PER_SECOND / 1000);
    if (since == DUET_SINCE_EVER || since < overlap)
        return 0;
    return since - overlap;
}

void duet_remote_changed(struct duet_endpoint *endpoint, int64_t since, duet_remote_page on_page,
                         duet_remote_done done, void *data)
{
    const struct duet_t_op *op = duet_endpoint_op(endpoint, DUET_OP_CHANGED);
    struct list_job *list = duet_job_new(endpoint, sizeof *list, finish_list);
    list->since = since_with_overlap(endpoint, since);
    list->on_page = on_page;
    list->done = done;
    list->data = data;
    if (!op) {
        list->failure =
            duet_result_of(DUET_REMOTE_REFUSED, "the system file describes no `changed` request");
        duet_job_defer(&list->job, end_failed);
        return;
    }
    duet_pages_start(&list->pages, endpoint, op, list->job.arena);
    ask_page(list);
}
