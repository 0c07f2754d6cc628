/* Life, the queue, and who answers what. */
#include "engine/lsp/server.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dsl/arena.h"
#include "engine/lsp/inside.h"

struct request {
    const char *method;
    json_t *(*answer)(struct duet_lsp *lsp, const json_t *params, struct duet_lsp_failure *failure);
};

static const struct request requests[] = {
#define X(method, answer) { method, duet_lsp_##answer },
#define Y(method, take)
#include "engine/lsp/methods.def"
#undef X
#undef Y
};

struct notification {
    const char *method;
    void (*take)(struct duet_lsp *lsp, const json_t *params);
};

static const struct notification notifications[] = {
#define X(method, answer)
#define Y(method, take) { method, duet_lsp_##take },
#include "engine/lsp/methods.def"
#undef X
#undef Y
};

struct duet_lsp *duet_lsp_new(const char *version, duet_lsp_send send, void *context)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_lsp *lsp = duet_arena_alloc(arena, sizeof *lsp);
    lsp->arena = arena;
    lsp->version = version;
    lsp->send = send;
    lsp->context = context;
    lsp->encoding = DUET_UTF16;
    lsp->folders = json_array();
    lsp->queue = json_array();
    lsp->told = json_object();
    return lsp;
}

static void close_all(struct duet_lsp *lsp)
{
    duet_lsp_drop_views(lsp);
    while (lsp->documents) {
        struct duet_document *document = lsp->documents;
        lsp->documents = document->next;
        duet_lsp_document_free(document);
    }
}

void duet_lsp_free(struct duet_lsp *lsp)
{
    if (!lsp)
        return;
    close_all(lsp);
    json_decref(lsp->folders);
    json_decref(lsp->queue);
    json_decref(lsp->told);
    duet_arena_free(lsp->arena);
}

bool duet_lsp_is_over(const struct duet_lsp *lsp, bool *in_order_out)
{
    *in_order_out = lsp->ended_in_order;
    return lsp->state == DUET_LSP_OVER;
}

/* --- sending --------------------------------------------------------------------------------------------- */

static void send_away(struct duet_lsp *lsp, json_t *message)
{
    json_object_set_new(message, "jsonrpc", json_string("2.0"));
    lsp->send(lsp->context, message);
    json_decref(message);
}

void duet_lsp_notify(struct duet_lsp *lsp, const char *method, json_t *params)
{
    send_away(lsp, json_pack("{s:s, s:o}", "method", method, "params", params));
}

void duet_lsp_request(struct duet_lsp *lsp, const char *method, json_t *params)
{
    send_away(lsp, json_pack("{s:I, s:s, s:o}", "id", ++lsp->last_request, "method", method,
                             "params", params));
}

static void send_failure(struct duet_lsp *lsp, json_t *id, int code, const char *text)
{
    send_away(lsp, json_pack("{s:O, s:{s:i, s:o}}", "id", id, "error", "code", code, "message",
                             duet_lsp_text(text)));
}

json_t *duet_lsp_fail(struct duet_lsp_failure *failure, int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(failure->text, sizeof failure->text, format, arguments);
    va_end(arguments);
    failure->code = code;
    return NULL;
}

/* --- receiving ------------------------------------------------------------------------------------------- */

/* An id is a number or a text; anything else is answered as one that can't be told. */
static json_t *id_of(const json_t *message)
{
    json_t *id = json_object_get(message, "id");
    return json_is_integer(id) || json_is_string(id) ? id : json_null();
}

/* A request that still waits is answered at once, and forgotten. */
static void cancel(struct duet_lsp *lsp, const json_t *params)
{
    const json_t *id = json_object_get(params, "id");
    size_t index = 0;
    const json_t *waiting = NULL;
    json_array_foreach(lsp->queue, index, waiting)
    {
        if (!id || !duet_lsp_member(waiting, "method") ||
            !json_equal(json_object_get(waiting, "id"), id))
            continue;
        send_failure(lsp, id_of(waiting), DUET_LSP_REQUEST_CANCELLED, "cancelled");
        json_array_remove(lsp->queue, index);
        return;
    }
}

void duet_lsp_receive(struct duet_lsp *lsp, json_t *message)
{
    const char *method = duet_lsp_member(message, "method");
    if (method && strcmp(method, "$/cancelRequest") == 0)
        cancel(lsp, json_object_get(message, "params"));
    else
        json_array_append(lsp->queue, message);
    json_decref(message);
}

void duet_lsp_receive_broken(struct duet_lsp *lsp, const char *why)
{
    send_failure(lsp, json_null(), DUET_LSP_PARSE_ERROR, why);
}

/* --- requests -------------------------------------------------------------------------------------------- */

static json_t *answer_known(struct duet_lsp *lsp, const char *method, const json_t *params,
                            struct duet_lsp_failure *failure)
{
    for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        if (strcmp(requests[i].method, method) == 0)
            return requests[i].answer(lsp, params, failure);
    }
    return duet_lsp_fail(failure, DUET_LSP_METHOD_NOT_FOUND, "'%.100s' is not a method of duet",
                         method);
}

static json_t *start(struct duet_lsp *lsp, const json_t *params)
{
    lsp->state = DUET_LSP_RUNNING;
    return duet_lsp_initialize(lsp, params);
}

static json_t *shut_down(struct duet_lsp *lsp)
{
    lsp->state = DUET_LSP_SHUT_DOWN;
    return json_null();
}

static json_t *answer(struct duet_lsp *lsp, const char *method, const json_t *params,
                      struct duet_lsp_failure *failure)
{
    bool is_first = strcmp(method, "initialize") == 0;
    switch (lsp->state) {
    case DUET_LSP_NEW:
        return is_first ? start(lsp, params)
                        : duet_lsp_fail(failure, DUET_LSP_NOT_INITIALIZED,
                                        "'initialize' comes before '%.100s'", method);
    case DUET_LSP_RUNNING:
        if (is_first)
            return duet_lsp_fail(failure, DUET_LSP_INVALID_REQUEST, "'initialize' came already");
        if (strcmp(method, "shutdown") == 0)
            return shut_down(lsp);
        return answer_known(lsp, method, params, failure);
    case DUET_LSP_SHUT_DOWN:
    case DUET_LSP_OVER:
        break;
    }
    return duet_lsp_fail(failure, DUET_LSP_INVALID_REQUEST, "the server was shut down");
}

static void take_request(struct duet_lsp *lsp, const char *method, const json_t *message)
{
    struct duet_lsp_failure failure = { 0 };
    json_t *id = id_of(message);
    json_t *result = answer(lsp, method, json_object_get(message, "params"), &failure);
    if (failure.code != 0)
        send_failure(lsp, id, failure.code, failure.text);
    else
        send_away(lsp, json_pack("{s:O, s:o}", "id", id, "result", result ? result : json_null()));
}

static void take_notification(struct duet_lsp *lsp, const char *method, const json_t *params)
{
    if (strcmp(method, "exit") == 0) {
        lsp->ended_in_order = lsp->state == DUET_LSP_SHUT_DOWN;
        lsp->state = DUET_LSP_OVER;
        return;
    }
    if (lsp->state != DUET_LSP_RUNNING)
        return;
    if (strcmp(method, "initialized") == 0)
        duet_lsp_initialized(lsp);
    for (size_t i = 0; i < sizeof notifications / sizeof notifications[0]; i++) {
        if (strcmp(notifications[i].method, method) == 0)
            notifications[i].take(lsp, params);
    }
}

/* An answer to one of our requests needs nothing done. */
static bool is_answer(const json_t *message)
{
    return json_object_get(message, "id") &&
           (json_object_get(message, "result") || json_object_get(message, "error"));
}

static void take(struct duet_lsp *lsp, const json_t *message)
{
    const char *method = duet_lsp_member(message, "method");
    if (method && json_object_get(message, "id"))
        take_request(lsp, method, message);
    else if (method)
        take_notification(lsp, method, json_object_get(message, "params"));
    else if (!is_answer(message))
        send_failure(lsp, id_of(message), DUET_LSP_INVALID_REQUEST,
                     "a message is an object with a method");
}

bool duet_lsp_work(struct duet_lsp *lsp)
{
    if (lsp->state == DUET_LSP_OVER)
        return false;
    if (json_array_size(lsp->queue) > 0) {
        json_t *message = json_incref(json_array_get(lsp->queue, 0));
        json_array_remove(lsp->queue, 0);
        take(lsp, message);
        json_decref(message);
        return true;
    }
    if (lsp->state == DUET_LSP_RUNNING && lsp->findings_are_old) {
        duet_lsp_publish(lsp);
        return true;
    }
    return lsp->state == DUET_LSP_RUNNING && duet_lsp_prove_next(lsp);
}
