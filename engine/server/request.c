#include "engine/server/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "engine/server/hook.h"
#include "engine/world/memory.h"

#define HOOKS "/hooks/"
#define USUAL_HEADER "X-Api-Key"
#define RETRY_SECONDS "10"

enum {
    ACCEPTED = 202,
    BAD_REQUEST = 400,
    UNAUTHORIZED = 401,
    NOT_FOUND = 404,
    WRONG_METHOD = 405,
    TOO_LARGE = 413,
    UNAVAILABLE = 503
};

struct duet_request {
    const struct duet_gate *gate; /* NULL until the key was right */
    unsigned refused;             /* status; 0: not yet */
    bool is_over;
    char *body;
    size_t length; /* of the body so far, kept or not */
    size_t size;
    char *reply; /* JSON */
    struct duet_error error;
};

/* --- gates -------------------------------------------------------------------------------------------------- */

static bool digest_of(const char *text, unsigned char digest[DUET_DIGEST_BYTES])
{
    unsigned char made[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    if (EVP_Digest(text, strlen(text), made, &length, EVP_sha256(), NULL) != 1)
        return false;
    memcpy(digest, made, DUET_DIGEST_BYTES);
    return true;
}

static char *hook_path(const struct duet_hook *hook)
{
    size_t size = sizeof HOOKS + strlen(hook->owner) + 1 + strlen(hook->side);
    char *path = duet_new(size);
    snprintf(path, size, HOOKS "%s/%s", hook->owner, hook->side);
    return path;
}

enum duet_status duet_gate_init(struct duet_gate *gate, const struct duet_hook *hook,
                                struct duet_error *error)
{
    *gate = (struct duet_gate){ .hook = hook };
    const struct duet_t_webhook *block = duet_hook_block(hook);
    if (!block)
        return DUET_NOT_FOUND;
    const char *header = duet_opt_str(hook->tables, block->header);
    gate->header = header ? header : USUAL_HEADER;
    gate->path = hook_path(hook);
    gate->is_open = hook->secret && *hook->secret;
    if (gate->is_open && !digest_of(hook->secret, gate->digest))
        return duet_fail(error, DUET_FAILED, "no digest can be made of the key of '%s'",
                         gate->path);
    return DUET_OK;
}

void duet_gate_finish(struct duet_gate *gate)
{
    free(gate->path);
    OPENSSL_cleanse(gate, sizeof *gate);
}

bool duet_gate_same(const struct duet_gate *a, const struct duet_gate *b)
{
    return a->hook->kind == b->hook->kind && strcmp(a->hook->owner, b->hook->owner) == 0 &&
           strcmp(a->hook->side, b->hook->side) == 0 && strcmp(a->header, b->header) == 0 &&
           a->is_open == b->is_open && CRYPTO_memcmp(a->digest, b->digest, DUET_DIGEST_BYTES) == 0;
}

/* --- the head ------------------------------------------------------------------------------------------------ */

static bool is_hook_path(const char *path)
{
    if (strncmp(path, HOOKS, sizeof HOOKS - 1) != 0)
        return false;
    const char *owner = path + sizeof HOOKS - 1;
    const char *slash = strchr(owner, '/');
    return slash && slash > owner && slash[1] != '\0';
}

static const struct duet_gate *find_gate(const struct duet_gates *gates, const char *path)
{
    for (size_t i = 0; i < gates->count; i++) {
        if (strcmp(gates->list[i].path, path) == 0)
            return &gates->list[i];
    }
    return NULL;
}

/* Whatever is wrong takes the same steps, so that the time tells no more than the answer. */
static bool has_key(const struct duet_gate *gate, const struct duet_request_head *head)
{
    static const unsigned char nothing[DUET_DIGEST_BYTES];
    unsigned char digest[DUET_DIGEST_BYTES];
    const char *key = head->header(head->data, gate ? gate->header : USUAL_HEADER);
    if (!digest_of(key ? key : "", digest))
        return false;
    bool is_same = CRYPTO_memcmp(digest, gate ? gate->digest : nothing, sizeof digest) == 0;
    return is_same && key && gate && gate->is_open;
}

static unsigned judge(struct duet_request *request, const struct duet_gates *gates,
                      const struct duet_request_head *head)
{
    if (!is_hook_path(head->path))
        return NOT_FOUND;
    if (strcmp(head->method, "POST") != 0)
        return WRONG_METHOD;
    const struct duet_gate *gate = find_gate(gates, head->path);
    if (!has_key(gate, head))
        return UNAUTHORIZED;
    request->gate = gate;
    return head->length > DUET_SERVER_MAX_BODY ? TOO_LARGE : 0;
}

struct duet_request *duet_request_new(const struct duet_gates *gates,
                                      const struct duet_request_head *head)
{
    struct duet_request *request = duet_new(sizeof *request);
    request->refused = judge(request, gates, head);
    request->is_over = request->refused != 0 && (head->length > DUET_REQUEST_MAX_IGNORED ||
                                                 head->header(head->data, "Expect"));
    return request;
}

void duet_request_free(struct duet_request *request)
{
    if (!request)
        return;
    free(request->body);
    free(request->reply);
    free(request);
}

bool duet_request_is_over(const struct duet_request *request)
{
    return request->is_over;
}

/* --- the body ------------------------------------------------------------------------------------------------ */

static void keep(struct duet_request *request, const char *bytes, size_t length)
{
    if (request->length + length > request->size) {
        request->size = 2 * (request->length + length);
        request->body = duet_grow_array(request->body, request->size, 1);
    }
    memcpy(request->body + request->length, bytes, length);
}

bool duet_request_take(struct duet_request *request, const char *bytes, size_t length)
{
    if (length > DUET_REQUEST_MAX_IGNORED - request->length)
        return false;
    if (request->refused == 0 && length > DUET_SERVER_MAX_BODY - request->length)
        request->refused = TOO_LARGE;
    if (request->refused == 0)
        keep(request, bytes, length);
    request->length += length;
    return true;
}

/* --- the answer ----------------------------------------------------------------------------------------------- */

static const char *refusal(unsigned status)
{
    switch (status) {
    case UNAUTHORIZED:
        return "the key is missing or wrong, or nobody of that name takes hooks";
    case NOT_FOUND:
        return "expected /hooks/OWNER/SIDE";
    case WRONG_METHOD:
        return "expected POST";
    case TOO_LARGE:
        return "the body is too large";
    case UNAVAILABLE:
        return "it can't be stored now, post it again";
    }
    return "refused";
}

static struct duet_reply reply_with(struct duet_request *request, unsigned status, const char *name,
                                    const char *text)
{
    json_t *body = json_pack("{s:s}", name, text);
    free(request->reply);
    request->reply = body ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    return (struct duet_reply){ .status = status,
                                .body = request->reply ? request->reply : "{}",
                                .hook = request->gate ? request->gate->hook : NULL };
}

static struct duet_reply refuse(struct duet_request *request, unsigned status, const char *text)
{
    struct duet_reply reply = reply_with(request, status, "error", text);
    reply.why = text;
    if (status == WRONG_METHOD) {
        reply.header = "Allow";
        reply.value = "POST";
    } else if (status == UNAVAILABLE) {
        reply.header = "Retry-After";
        reply.value = RETRY_SECONDS;
    }
    return reply;
}

struct duet_reply duet_request_finish(struct duet_request *request, struct duet_journal *journal,
                                      int64_t when)
{
    if (request->refused != 0)
        return refuse(request, request->refused, refusal(request->refused));
    const struct duet_hook *hook = request->gate->hook;
    const char *body = request->body ? request->body : "";
    struct duet_arena *arena = duet_arena_new();
    struct duet_hook_message message;
    struct duet_reply reply;
    if (duet_hook_read(hook, body, request->length, arena, &message, &request->error) != DUET_OK) {
        reply = refuse(request, BAD_REQUEST, request->error.text);
    } else if (duet_hook_keep(hook, &message, when, journal) != DUET_OK) {
        reply = refuse(request, UNAVAILABLE, refusal(UNAVAILABLE));
        reply.why = duet_journal_message(journal);
    } else {
        reply = reply_with(request, ACCEPTED, "accepted", message.signal ? "signal" : "hint");
    }
    duet_arena_free(arena);
    return reply;
}
