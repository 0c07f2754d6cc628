#include "engine/remote/endpoint.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "engine/remote/auth.h"
#include "engine/remote/call.h"
#include "engine/remote/url.h"
#include "engine/world/memory.h"

const char *duet_remote_outcome_name(enum duet_remote_outcome outcome)
{
    static const char *const names[DUET_REMOTE_OUTCOMES] = { "ok",        "stale",   "gone",
                                                             "throttled", "refused", "transient",
                                                             "denied",    "unknown" };
    return outcome < DUET_REMOTE_OUTCOMES ? names[outcome] : "?";
}

struct duet_remote_result duet_result_of(enum duet_remote_outcome outcome, const char *text)
{
    return (struct duet_remote_result){ .outcome = outcome, .text = text, .request_id = "" };
}

/* --- jobs ------------------------------------------------------------------------------------------------------ */

void *duet_job_new(struct duet_endpoint *endpoint, size_t size,
                   void (*finish)(struct duet_job *job))
{
    struct duet_job *job = duet_new(size);
    *job = (struct duet_job){
        .endpoint = endpoint, .after = endpoint->jobs, .arena = duet_arena_new(), .finish = finish
    };
    if (endpoint->jobs)
        endpoint->jobs->before = job;
    endpoint->jobs = job;
    return job;
}

void duet_job_free(struct duet_job *job)
{
    struct duet_endpoint *endpoint = job->endpoint;
    *(job->before ? &job->before->after : &endpoint->jobs) = job->after;
    if (job->after)
        job->after->before = job->before;
    duet_loop_cancel(endpoint->loop, job->deferred);
    if (job->finish)
        job->finish(job);
    duet_arena_free(job->arena);
    free(job);
}

void duet_job_defer(struct duet_job *job, duet_loop_call call)
{
    job->deferred = duet_loop_defer(job->endpoint->loop, call, job);
}

/* --- settings --------------------------------------------------------------------------------------------------- */

const char *duet_endpoint_setting(const struct duet_endpoint *endpoint, const char *name)
{
    for (uint32_t i = 0; i < endpoint->row->settings_count; i++) {
        const struct duet_t_setting *row =
            duet_setting_row(endpoint->tables, endpoint->row->settings + i);
        if (strcmp(duet_str(endpoint->tables, row->name), name) == 0)
            return endpoint->settings[i];
    }
    return NULL;
}

static const char *given(const struct duet_endpoint_options *options, const char *name)
{
    for (size_t i = 0; i < options->setting_count; i++) {
        if (strcmp(options->settings[i].name, name) == 0)
            return options->settings[i].text;
    }
    return NULL;
}

static bool has_control(const char *text)
{
    for (const char *c = text; *c; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return true;
    }
    return false;
}

static enum duet_status take_setting(struct duet_endpoint *endpoint,
                                     const struct duet_endpoint_options *options, uint32_t i,
                                     struct duet_error *error)
{
    const struct duet_t_setting *row =
        duet_setting_row(endpoint->tables, endpoint->row->settings + i);
    const char *name = duet_str(endpoint->tables, row->name);
    const char *text = given(options, name);
    if (!text)
        text = duet_opt_str(endpoint->tables, row->fallback);
    if (!text)
        return duet_fail(error, DUET_INVALID, "'%s' lacks the setting '%s' for %s", endpoint->name,
                         name, duet_str(endpoint->tables, endpoint->row->name));
    if (has_control(text))
        return duet_fail(error, DUET_INVALID,
                         "the setting '%s' of '%s' for %s has a line end or another control "
                         "character",
                         name, endpoint->name, duet_str(endpoint->tables, endpoint->row->name));
    size_t length = strlen(text);
    while (row->type == DUET_SETTING_URL && length > 0 && text[length - 1] == '/')
        length--;
    endpoint->settings[i] = duet_text_new_cut(text, length);
    if (row->type == DUET_SETTING_SECRET) {
        duet_secrets_add(endpoint->secrets, text);
        duet_secrets_add(duet_log_secrets(endpoint->log), text);
    }
    return DUET_OK;
}

static enum duet_status take_settings(struct duet_endpoint *endpoint,
                                      const struct duet_endpoint_options *options,
                                      struct duet_error *error)
{
    enum duet_status status = DUET_OK;
    endpoint->settings = duet_new_array(endpoint->row->settings_count, sizeof *endpoint->settings);
    for (uint32_t i = 0; i < endpoint->row->settings_count && status == DUET_OK; i++)
        status = take_setting(endpoint, options, i, error);
    return status;
}

static void forget_settings(struct duet_endpoint *endpoint)
{
    for (uint32_t i = 0; endpoint->settings && i < endpoint->row->settings_count; i++) {
        const struct duet_t_setting *row =
            duet_setting_row(endpoint->tables, endpoint->row->settings + i);
        if (row->type == DUET_SETTING_SECRET)
            duet_secrets_forget(duet_log_secrets(endpoint->log), endpoint->settings[i]);
        duet_secret_free(endpoint->settings[i]);
    }
    free(endpoint->settings);
}

/* --- base and lines ------------------------------------------------------------------------------------------------ */

static enum duet_status take_base(struct duet_endpoint *endpoint, struct duet_error *error)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_render render = duet_render_start(endpoint, NULL, arena);
    const char *base =
        duet_render_url(&render, endpoint->row->base, endpoint->row->base_count, true);
    enum duet_status status = base ? duet_url_check_base(base, &render.error) : DUET_INVALID;
    if (status == DUET_OK) {
        size_t length = strlen(base);
        while (length > 0 && base[length - 1] == '/')
            length--;
        endpoint->base = duet_text_new_cut(base, length);
    } else {
        duet_fail(error, status, "the address of %s for '%s': %s",
                  duet_str(endpoint->tables, endpoint->row->name), endpoint->name,
                  render.error.text);
    }
    duet_arena_free(arena);
    return status;
}

/* Who names the same bucket shares it: the system, the limit, and the value that the limit goes by. */
static void limit_line(struct duet_endpoint *endpoint, struct duet_line *line,
                       const struct duet_t_quota *quota, uint32_t i, struct duet_arena *arena)
{
    const char *by = duet_opt_str(endpoint->tables, quota->by);
    const char *value = by ? duet_endpoint_setting(endpoint, by) : endpoint->base;
    const char *bucket = duet_arena_format(
        arena, "%s #%u %u/%u by %s=%s", duet_str(endpoint->tables, endpoint->row->system), i,
        quota->count, quota->per_ms, by ? by : "base", value ? value : "");
    duet_line_limit(line, bucket, quota->count, quota->per_ms, quota->what != DUET_OP_ANY);
}

static void make_lines(struct duet_endpoint *endpoint, struct duet_quotas *quotas)
{
    struct duet_arena *arena = duet_arena_new();
    for (uint32_t kind = DUET_OP_CHANGED; kind < DUET_OP_KINDS; kind++) {
        endpoint->lines[kind] = duet_line_new(quotas);
        for (uint32_t i = 0; i < endpoint->row->quotas_count; i++) {
            const struct duet_t_quota *quota =
                duet_quota_row(endpoint->tables, endpoint->row->quotas + i);
            if (quota->what == kind || quota->what == DUET_OP_ANY)
                limit_line(endpoint, endpoint->lines[kind], quota, i, arena);
        }
    }
    duet_arena_free(arena);
}

enum duet_status duet_endpoint_new(const struct duet_endpoint_options *options,
                                   struct duet_endpoint **endpoint_out, struct duet_error *error)
{
    struct duet_endpoint *endpoint = duet_new(sizeof *endpoint);
    *endpoint = (struct duet_endpoint){
        .rules = options->rules,
        .tables = options->rules->tables,
        .side = options->side,
        .row = duet_side_row(options->rules->tables, options->side),
        .clock = options->clock,
        .random = options->random,
        .loop = options->loop,
        .net = options->net,
        .log = options->log,
        .secrets = duet_secrets_new(),
        .name = duet_text_new(options->name),
        .patience_ms = options->patience_ms,
    };
    assert(endpoint->row);
    enum duet_status status = take_settings(endpoint, options, error);
    if (status == DUET_OK)
        status = take_base(endpoint, error);
    if (status != DUET_OK) {
        duet_endpoint_free(endpoint);
        return status;
    }
    make_lines(endpoint, options->quotas);
    *endpoint_out = endpoint;
    return DUET_OK;
}

void duet_endpoint_free(struct duet_endpoint *endpoint)
{
    if (!endpoint)
        return;
    duet_calls_free(endpoint);
    for (struct duet_job *job = endpoint->jobs; job;) {
        struct duet_job *next = job->after;
        duet_job_free(job);
        job = next;
    }
    duet_tokens_free(endpoint);
    for (uint32_t kind = 0; kind < DUET_OP_KINDS; kind++)
        duet_line_free(endpoint->lines[kind]);
    forget_settings(endpoint);
    duet_secrets_free(endpoint->secrets);
    free(endpoint->base);
    free(endpoint->name);
    free(endpoint);
}

/* --- questions ------------------------------------------------------------------------------------------------------ */

const struct duet_t_op *duet_endpoint_op(const struct duet_endpoint *endpoint,
                                         enum duet_op_kind kind)
{
    for (uint32_t i = 0; i < endpoint->row->ops_count; i++) {
        const struct duet_t_op *op = duet_op_row(endpoint->tables, endpoint->row->ops + i);
        if (op->kind == kind)
            return op;
    }
    return NULL;
}

const struct duet_t_op *duet_own_op(const struct duet_endpoint *endpoint,
                                    const struct duet_t_op *op, const struct duet_rules *rules,
                                    enum duet_side side)
{
    const struct duet_t_op *first = duet_op_row(endpoint->tables, endpoint->row->ops);
    uint32_t number = (uint32_t)(op - first);
    const struct duet_t_side *row = duet_side_row(rules->tables, side);
    return number < row->ops_count ? duet_op_row(rules->tables, row->ops + number) : op;
}

bool duet_remote_has(const struct duet_endpoint *endpoint, enum duet_op_kind kind)
{
    return duet_endpoint_op(endpoint, kind) != NULL;
}

uint32_t duet_remote_room(struct duet_endpoint *endpoint, enum duet_op_kind kind, int64_t within_ms,
                          int64_t *wait_ms_out)
{
    return duet_line_room(endpoint->lines[kind], within_ms, wait_ms_out);
}

void duet_remote_spend(struct duet_endpoint *endpoint, enum duet_op_kind kind, int64_t age_ms)
{
    duet_line_spend(endpoint->lines[kind], age_ms);
}

uint32_t duet_remote_batch(const struct duet_endpoint *endpoint)
{
    uint32_t least = 0;
    for (uint32_t i = 0; i < endpoint->row->ops_count; i++) {
        const struct duet_t_op *op = duet_op_row(endpoint->tables, endpoint->row->ops + i);
        if (op->kind == DUET_OP_WRITE && op->batch > 0 && (least == 0 || op->batch < least))
            least = op->batch;
    }
    return least > 0 ? least : 1;
}

uint64_t duet_remote_sent(const struct duet_endpoint *endpoint, enum duet_op_kind kind)
{
    return endpoint->sent[kind];
}

bool duet_remote_note_is_repeatable(const struct duet_endpoint *endpoint)
{
    const struct duet_t_op *op = duet_endpoint_op(endpoint, DUET_OP_ADD_NOTE);
    for (uint32_t i = 0; op && i < op->url_count; i++) {
        if (duet_piece_row(endpoint->tables, op->url + i)->ref == DUET_REF_NOTE_UUID)
            return true;
    }
    return false;
}

void duet_endpoint_adopt(struct duet_endpoint *endpoint, struct duet_endpoint *from)
{
    uint32_t count = endpoint->row->settings_count;
    bool is_same = count == from->row->settings_count && strcmp(endpoint->base, from->base) == 0;
    for (uint32_t i = 0; is_same && i < count; i++) {
        const char *mine = endpoint->settings[i];
        const char *other = from->settings[i];
        is_same = mine && other ? strcmp(mine, other) == 0 : mine == other;
    }
    if (is_same)
        duet_tokens_adopt(endpoint, from);
}
