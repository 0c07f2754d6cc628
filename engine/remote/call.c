#include "engine/remote/call.h"

#include <stdlib.h>
#include <string.h>

#include "engine/world/memory.h"

#define BACKOFF_FIRST_MS 500
#define BACKOFF_MOST_MS 30000
#define PAUSE_FIRST_MS 1000 /* THROTTLED, and the server doesn't say how long */
#define PAUSE_MOST_MS 300000
#define WAIT_IN_CALL_MS 60000 /* longer pauses are the caller's to wait for */

struct duet_call {
    struct duet_endpoint *endpoint;
    struct duet_call *before, *after;
    struct duet_call_request request;
    duet_call_done done;
    void *data;
    struct duet_token_wait wait;
    bool was_waiting;
    char *token; /* what the exchange carries; NULL: none */
    struct duet_place place;
    struct duet_net_exchange *exchange;
    struct duet_timer *timer;
    struct duet_timer *patience; /* set while it waits in line */
    unsigned tries;
    bool has_new_token;
};

static void ask_token(void *data);

bool duet_kind_reads(enum duet_op_kind kind)
{
    switch (kind) {
    case DUET_OP_CHANGED:
    case DUET_OP_READ:
    case DUET_OP_FIND:
    case DUET_OP_LIST_NOTES:
    case DUET_OP_LOOKUP:
        return true;
    case DUET_OP_ANY:
    case DUET_OP_CREATE:
    case DUET_OP_WRITE:
    case DUET_OP_ADD_NOTE:
    case DUET_OP_KINDS:
        break;
    }
    return false;
}

static enum duet_op_kind kind_of(const struct duet_call *call)
{
    return (enum duet_op_kind)call->request.op->kind;
}

static struct duet_line *line_of(const struct duet_call *call)
{
    return call->endpoint->lines[call->request.op->kind];
}

static void call_free(struct duet_call *call)
{
    struct duet_endpoint *endpoint = call->endpoint;
    *(call->before ? &call->before->after : &endpoint->calls) = call->after;
    if (call->after)
        call->after->before = call->before;
    if (call->exchange) {
        endpoint->net->cancel(endpoint->net, call->exchange);
        duet_place_done(&call->place); /* it may have arrived */
    }
    duet_place_leave(&call->place);
    duet_token_leave(&call->wait);
    duet_loop_cancel(endpoint->loop, call->timer);
    duet_loop_cancel(endpoint->loop, call->patience);
    duet_secret_free(call->token);
    free(call);
}

void duet_calls_free(struct duet_endpoint *endpoint)
{
    for (struct duet_call *call = endpoint->calls; call;) {
        struct duet_call *next = call->after;
        call_free(call);
        call = next;
    }
}

static void end(struct duet_call *call, struct duet_call_answer *answer)
{
    duet_call_done done = call->done;
    void *data = call->data;
    call_free(call);
    done(data, answer);
}

/* --- trying again ------------------------------------------------------------------------------------------------ */

/* Doubled with each try, with up to a quarter more, so that those who failed together don't come back together. */
static int64_t backoff(struct duet_call *call, int64_t first, int64_t most, unsigned tries)
{
    int64_t wait = first;
    for (unsigned i = 1; i < tries && wait < most; i++)
        wait *= 2;
    wait = wait < most ? wait : most;
    return wait + (int64_t)duet_random_below(call->endpoint->random, (uint64_t)wait / 4 + 1);
}

static void again(struct duet_call *call, int64_t milliseconds)
{
    call->was_waiting = false;
    call->timer = duet_loop_after(call->endpoint->loop, milliseconds, ask_token, call);
}

/* Sets retry_ms. True: the call goes on by itself. */
static bool goes_on(struct duet_call *call, struct duet_remote_result *result,
                    const struct duet_net_answer *http)
{
    struct duet_endpoint *endpoint = call->endpoint;
    bool reads = duet_kind_reads(kind_of(call));
    int64_t asked = http ? duet_answer_retry_ms(http, duet_clock_wall(endpoint->clock)) : -1;
    if (result->outcome == DUET_REMOTE_THROTTLED) {
        result->retry_ms = asked >= 0 ? asked
                                      : backoff(call, PAUSE_FIRST_MS, PAUSE_MOST_MS,
                                                duet_line_strike(line_of(call)));
        duet_line_pause(line_of(call), result->retry_ms);
    } else if (result->outcome == DUET_REMOTE_TRANSIENT || result->outcome == DUET_REMOTE_UNKNOWN) {
        result->retry_ms =
            asked >= 0 ? asked : backoff(call, BACKOFF_FIRST_MS, BACKOFF_MOST_MS, call->tries);
        if (asked > 0)
            duet_line_pause(line_of(call), asked);
    } else {
        if (http)
            duet_line_forgive(line_of(call));
        return false;
    }
    if (!reads || result->outcome == DUET_REMOTE_UNKNOWN || call->tries >= DUET_REMOTE_MAX_TRIES ||
        result->retry_ms > WAIT_IN_CALL_MS)
        return false;
    again(call, result->retry_ms);
    return true;
}

/* A token that the server doesn't take any more: another one, once. Nothing was done, so this is safe for writes too. */
static bool takes_new_token(struct duet_call *call, const struct duet_net_answer *http)
{
    if (http->status != 401 || !call->token || call->has_new_token)
        return false;
    duet_token_refused(call->endpoint, duet_auth_of(call->endpoint, call->request.op), call->token);
    call->has_new_token = true;
    again(call, 0);
    return true;
}

/* --- answers ----------------------------------------------------------------------------------------------------- */

static const char *kind_name(enum duet_op_kind kind)
{
    static const char *const names[DUET_OP_KINDS] = { "any",        "changed",  "read",
                                                      "find",       "create",   "write",
                                                      "list notes", "add note", "lookup" };
    return kind < DUET_OP_KINDS ? names[kind] : "?";
}

static void log_failure(const struct duet_call *call, const struct duet_remote_result *result,
                        bool retried)
{
    const struct duet_endpoint *endpoint = call->endpoint;
    duet_log_line(endpoint->log, retried ? DUET_LOG_INFO : DUET_LOG_WARNING, "request failed",
                  DUET_LOG_FIELDS(
                      { DUET_LOGGED_OWNER, .text = endpoint->name },
                      { DUET_LOGGED_SIDE, .text = duet_str(endpoint->tables, endpoint->row->name) },
                      { DUET_LOGGED_CALL, .text = kind_name(kind_of(call)) },
                      { DUET_LOGGED_OUTCOME, .text = duet_remote_outcome_name(result->outcome) },
                      { DUET_LOGGED_WHY, .text = result->text },
                      { DUET_LOGGED_REQUEST, .text = result->request_id },
                      { DUET_LOGGED_AGAIN, .number = retried }));
}

/* No HTTP answer came. */
static struct duet_remote_result result_of_failure(const struct duet_call *call,
                                                   const struct duet_net_answer *http,
                                                   struct duet_arena *arena)
{
    bool reads = duet_kind_reads(kind_of(call));
    bool is_open = http->failure == DUET_NET_LOST || http->failure == DUET_NET_TOO_LARGE;
    enum duet_remote_outcome outcome =
        is_open && !reads ? DUET_REMOTE_UNKNOWN : DUET_REMOTE_TRANSIENT;
    return duet_result_of(outcome, duet_text_for_people(call->endpoint, http->error, arena));
}

static void judge(struct duet_call *call, struct duet_call_answer *answer, struct duet_arena *arena)
{
    const struct duet_endpoint *endpoint = call->endpoint;
    const struct duet_t_op *op = call->request.op;
    bool reads = duet_kind_reads(kind_of(call));
    struct duet_remote_result *result = &answer->result;
    result->outcome = duet_answer_outcome(endpoint, op, answer->view, !reads, arena);
    result->http_status = answer->view->http->status;
    result->request_id = duet_answer_request_id(endpoint, answer->view->http, arena);
    result->text = result->outcome == DUET_REMOTE_OK
                       ? ""
                       : duet_answer_text(endpoint, op, answer->view, arena);
    if (result->outcome == DUET_REMOTE_OK && call->request.needs_rows && !answer->body.has_rows) {
        result->outcome = reads ? DUET_REMOTE_TRANSIENT : DUET_REMOTE_UNKNOWN;
        result->text = "the answer has no list where the system file says that one stands";
    }
}

static void answered(void *data, const struct duet_net_answer *http)
{
    struct duet_call *call = data;
    call->exchange = NULL;
    duet_place_done(&call->place);
    if (http->failure == DUET_NET_OK && takes_new_token(call, http))
        return;
    struct duet_arena *arena = duet_arena_new();
    struct duet_call_answer answer = { .result = duet_result_of(DUET_REMOTE_OK, ""),
                                       .bytes = "",
                                       .arena = arena };
    struct duet_answer_view view = { .http = http };
    const struct duet_net_answer *seen = NULL;
    if (http->failure == DUET_NET_OK) {
        uint32_t list = call->request.op->items != DUET_NONE ? call->request.op->items
                                                             : call->request.op->result;
        answer.body =
            duet_body_split(call->endpoint->tables, list, http->body, http->body_length, arena);
        answer.bytes = http->body;
        answer.length = http->body_length;
        view.body = answer.body.json;
        answer.view = &view;
        seen = http;
        judge(call, &answer, arena);
    } else {
        answer.result = result_of_failure(call, http, arena);
    }
    bool retried = goes_on(call, &answer.result, seen);
    if (answer.result.outcome != DUET_REMOTE_OK)
        log_failure(call, &answer.result, retried);
    if (!retried)
        end(call, &answer);
    json_decref(answer.body.json);
    duet_arena_free(arena);
}

static void fail(struct duet_call *call, const struct duet_remote_result *result)
{
    struct duet_call_answer answer = { .result = *result, .bytes = "", .arena = duet_arena_new() };
    answer.result.text = duet_arena_format(answer.arena, "%s", result->text);
    if (!goes_on(call, &answer.result, NULL))
        end(call, &answer);
    duet_arena_free(answer.arena);
}

/* --- sending ------------------------------------------------------------------------------------------------------- */

static void send(struct duet_call *call)
{
    struct duet_endpoint *endpoint = call->endpoint;
    struct duet_arena *arena = duet_arena_new();
    struct duet_net_header headers[DUET_MAX_HEADERS + 1];
    size_t count = 0;
    for (; count < call->request.header_count && count < DUET_MAX_HEADERS; count++)
        headers[count] = call->request.headers[count];
    if (call->token)
        headers[count++] =
            (struct duet_net_header){ "Authorization",
                                      duet_arena_format(arena, "Bearer %s", call->token) };
    const struct duet_net_request request = {
        .method = duet_str(endpoint->tables, call->request.op->method),
        .url = call->request.url,
        .headers = headers,
        .header_count = count,
        .body = call->request.body,
        .body_length = call->request.body_length,
        .deadline_ms = DUET_REMOTE_DEADLINE_MS,
        .max_bytes = DUET_REMOTE_MAX_BYTES,
        .is_plain_allowed = true,
        .owner = endpoint->name,
        .side = duet_str(endpoint->tables, endpoint->row->name),
    };
    call->tries++;
    endpoint->sent[call->request.op->kind]++;
    call->exchange = endpoint->net->submit(endpoint->net, &request, answered, call);
    duet_arena_free(arena);
}

/* True: the token is there, or none is needed. */
static bool has_token(struct duet_call *call)
{
    struct duet_endpoint *endpoint = call->endpoint;
    const struct duet_t_auth *auth = duet_auth_of(endpoint, call->request.op);
    struct duet_remote_result failure = duet_result_of(DUET_REMOTE_DENIED, "");
    const char *text = NULL;
    if (!auth || auth->kind != DUET_AUTH_OAUTH2)
        return true;
    enum duet_token_state state = duet_token_get(endpoint, auth, call->was_waiting, &call->wait,
                                                 ask_token, call, &text, &failure);
    call->was_waiting = state == DUET_TOKEN_ASKED;
    if (state == DUET_TOKEN_READY) {
        duet_secret_free(call->token);
        call->token = duet_text_new(text);
        return true;
    }
    duet_place_leave(&call->place);
    if (state == DUET_TOKEN_FAILED) {
        call->tries++;
        fail(call, &failure);
    }
    return false;
}

/* Nothing was sent: who asked may ask again, for what is there then. */
static void lose_patience(void *data)
{
    struct duet_call *call = data;
    struct duet_remote_result result =
        duet_result_of(DUET_REMOTE_THROTTLED, "waits for the system's quota");
    call->patience = NULL;
    duet_place_leave(&call->place);
    (void)duet_line_room(line_of(call), 0, &result.retry_ms);
    struct duet_call_answer answer = { .result = result, .bytes = "", .arena = duet_arena_new() };
    struct duet_arena *arena = answer.arena;
    end(call, &answer);
    duet_arena_free(arena);
}

/* It may go; the token may have ended while it waited. */
static void granted(void *data)
{
    struct duet_call *call = data;
    duet_loop_cancel(call->endpoint->loop, call->patience);
    call->patience = NULL;
    if (has_token(call))
        send(call);
}

static void ask_token(void *data)
{
    struct duet_call *call = data;
    call->timer = NULL;
    if (!has_token(call))
        return;
    duet_place_wait(&call->place, line_of(call), granted, call);
    if (call->endpoint->patience_ms > 0)
        call->patience =
            duet_loop_after(call->endpoint->loop, call->endpoint->patience_ms, lose_patience, call);
}

void duet_call_start(struct duet_endpoint *endpoint, const struct duet_call_request *request,
                     duet_call_done done, void *data)
{
    struct duet_call *call = duet_new(sizeof *call);
    *call = (struct duet_call){ .endpoint = endpoint,
                                .after = endpoint->calls,
                                .request = *request,
                                .done = done,
                                .data = data };
    if (endpoint->calls)
        endpoint->calls->before = call;
    endpoint->calls = call;
    call->timer = duet_loop_defer(endpoint->loop, ask_token, call);
}

/* --- what is sent -------------------------------------------------------------------------------------------------- */

static void add_header(struct duet_call_request *request, struct duet_net_header *headers,
                       struct duet_net_header header)
{
    if (request->header_count < DUET_MAX_HEADERS)
        headers[request->header_count++] = header;
}

static bool add_headers(struct duet_render *render, uint32_t first, uint32_t count,
                        struct duet_call_request *request, struct duet_net_header *headers)
{
    const struct duet_tables *tables = render->endpoint->tables;
    for (uint32_t i = 0; i < count; i++) {
        const struct duet_t_header *row = duet_header_row(tables, first + i);
        const char *value = duet_render_line(render, row->value, row->value_count);
        if (!value)
            return false;
        add_header(request, headers,
                   (struct duet_net_header){ duet_str(tables, row->name), value });
    }
    return true;
}

static bool has_header(const struct duet_call_request *request,
                       const struct duet_net_header *headers, const char *name)
{
    const struct duet_net_answer seen = { .headers = headers,
                                          .header_count = request->header_count };
    return duet_net_header(&seen, name) != NULL;
}

static bool prepare_headers(struct duet_render *render, struct duet_call_request *request)
{
    struct duet_net_header *headers =
        duet_arena_alloc_array(render->arena, DUET_MAX_HEADERS, sizeof *headers);
    const struct duet_t_side *side = render->endpoint->row;
    const struct duet_t_auth *auth = duet_auth_of(render->endpoint, render->op);
    struct duet_net_header credentials = { 0 };
    if (!add_headers(render, side->headers, side->headers_count, request, headers) ||
        !add_headers(render, render->op->headers, render->op->headers_count, request, headers))
        return false;
    if (auth && auth->kind != DUET_AUTH_OAUTH2) {
        if (!duet_auth_header(render, auth, &credentials))
            return false;
        add_header(request, headers, credentials);
    }
    if (!has_header(request, headers, "Accept"))
        add_header(request, headers, (struct duet_net_header){ "Accept", "application/json" });
    if (request->body && !has_header(request, headers, "Content-Type"))
        add_header(request, headers,
                   (struct duet_net_header){ "Content-Type", "application/json" });
    request->headers = headers;
    return true;
}

static bool dump_body(struct duet_render *render, const json_t *body,
                      struct duet_call_request *request)
{
    char *text = json_dumps(body, JSON_COMPACT | JSON_ENCODE_ANY);
    if (!text) {
        duet_fail(&render->error, DUET_INVALID, "the body can't be written as JSON");
        return false;
    }
    request->body = duet_arena_copy_text(render->arena, text, strlen(text));
    request->body_length = strlen(text);
    free(text);
    return true;
}

/* What the envelope is put around; a new reference, or NULL: none, or a fault. */
static json_t *inner_body(struct duet_render *render, const char *text, size_t length)
{
    if (render->body)
        return json_incref(render->body);
    if (text)
        return json_loadb(text, length, JSON_DECODE_ANY, NULL);
    return render->op->body != DUET_NONE ? duet_render_json(render, render->op->body) : NULL;
}

static bool prepare_body(struct duet_render *render, const char *text, size_t length,
                         struct duet_call_request *request)
{
    uint32_t envelope = render->endpoint->row->envelope;
    if (text && envelope == DUET_NONE) {
        request->body = text;
        request->body_length = length;
        return true;
    }
    bool is_bare = strcmp(duet_str(render->endpoint->tables, render->op->method), "GET") == 0;
    json_t *body = inner_body(render, text, length);
    bool fine = *render->error.text == '\0';
    if (fine && envelope != DUET_NONE && !is_bare) {
        struct duet_render around = *render;
        around.body = body;
        json_t *whole = duet_render_json(&around, envelope);
        render->error = around.error;
        json_decref(body);
        body = whole;
        fine = whole != NULL;
    }
    if (fine && body)
        fine = dump_body(render, body, request);
    json_decref(body);
    return fine;
}

bool duet_call_prepare(struct duet_render *render, const char *extra, const char *body_text,
                       size_t body_length, struct duet_call_request *request_out)
{
    *request_out = (struct duet_call_request){ .op = render->op };
    request_out->url = duet_render_address(render, extra);
    return request_out->url && prepare_body(render, body_text, body_length, request_out) &&
           prepare_headers(render, request_out);
}
