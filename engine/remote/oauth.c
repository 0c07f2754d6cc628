/* OAuth 2 client credentials: a token is fetched once, kept, and fetched anew some time before it ends.
 *
 *     none --get--> asked --answer--> kept --refresh time, or refused by the server--> none
 *                     \--no answer, denied--> none; all who waited are told */
#include "engine/remote/auth.h"

#include <stdlib.h>
#include <string.h>

#include "engine/remote/answer.h"
#include "engine/remote/url.h"
#include "engine/world/memory.h"

#define EARLY_MS INT64_C(300000) /* or a tenth of its life, whichever is less */
#define LIFE_S 3600              /* when the answer doesn't say */
#define TOKEN_ANSWER_MAX 65536U

struct duet_token {
    struct duet_endpoint *endpoint;
    const struct duet_t_auth *auth;
    struct duet_token *next;
    char *text; /* NULL: none */
    int64_t refresh_at;
    struct duet_net_exchange *exchange; /* under way; NULL: none */
    struct duet_timer *failing;
    struct duet_token_wait *first;
    enum duet_remote_outcome failure; /* of the last fetch; OK: it succeeded */
    char *failure_text;
};

static void forget_text(struct duet_token *token)
{
    duet_secrets_forget(token->endpoint->secrets, token->text);
    duet_secrets_forget(duet_log_secrets(token->endpoint->log), token->text);
    duet_secret_free(token->text);
    token->text = NULL;
}

static void keep_text(struct duet_token *token, const char *text, int64_t refresh_at)
{
    char *kept = duet_text_new(text);
    forget_text(token);
    token->text = kept;
    token->refresh_at = refresh_at;
    token->failure = DUET_REMOTE_OK;
    duet_secrets_add(token->endpoint->secrets, kept);
    duet_secrets_add(duet_log_secrets(token->endpoint->log), kept);
}

static struct duet_token *token_of(struct duet_endpoint *endpoint, const struct duet_t_auth *auth)
{
    struct duet_token *token = endpoint->tokens;
    while (token && token->auth != auth)
        token = token->next;
    if (token)
        return token;
    token = duet_new(sizeof *token);
    *token = (struct duet_token){ .endpoint = endpoint, .auth = auth, .next = endpoint->tokens };
    endpoint->tokens = token;
    return token;
}

void duet_tokens_free(struct duet_endpoint *endpoint)
{
    while (endpoint->tokens) {
        struct duet_token *token = endpoint->tokens;
        endpoint->tokens = token->next;
        if (token->exchange)
            endpoint->net->cancel(endpoint->net, token->exchange);
        duet_loop_cancel(endpoint->loop, token->failing);
        forget_text(token);
        free(token->failure_text);
        free(token);
    }
}

/* --- waiting ------------------------------------------------------------------------------------------------ */

void duet_tokens_adopt(struct duet_endpoint *endpoint, struct duet_endpoint *from)
{
    for (struct duet_token *old = from->tokens; old; old = old->next) {
        size_t number = (size_t)(old->auth - duet_auth_row(from->tables, 0));
        const struct duet_t_auth *auth = duet_auth_row(endpoint->tables, (uint32_t)number);
        if (!old->text || !auth)
            continue;
        keep_text(token_of(endpoint, auth), old->text, old->refresh_at);
    }
}

void duet_token_leave(struct duet_token_wait *wait)
{
    if (!wait->token)
        return;
    *(wait->before ? &wait->before->after : &wait->token->first) = wait->after;
    if (wait->after)
        wait->after->before = wait->before;
    wait->token = NULL;
}

static void join(struct duet_token *token, struct duet_token_wait *wait, duet_token_done done,
                 void *data)
{
    *wait = (struct duet_token_wait){
        .token = token, .after = token->first, .done = done, .data = data
    };
    if (token->first)
        token->first->before = wait;
    token->first = wait;
}

/* Whoever is told may ask again at once and wait anew, so the list is taken off first. */
static void tell_all(struct duet_token *token)
{
    struct duet_token_wait *told = NULL;
    while (token->first) { /* turns the order round: first come, first told */
        struct duet_token_wait *wait = token->first;
        duet_token_leave(wait);
        wait->after = told;
        told = wait;
    }
    while (told) {
        struct duet_token_wait *wait = told;
        told = wait->after;
        wait->after = NULL;
        wait->done(wait->data);
    }
}

/* --- fetching ------------------------------------------------------------------------------------------------- */

static void failed(struct duet_token *token, enum duet_remote_outcome outcome, const char *text)
{
    struct duet_arena *arena = duet_arena_new();
    const char *shown = duet_text_for_people(token->endpoint, text, arena);
    free(token->failure_text);
    token->failure = outcome;
    token->failure_text = duet_text_new(duet_arena_format(arena, "no token: %s", shown));
    duet_log_line(
        token->endpoint->log, DUET_LOG_WARNING, "no token",
        DUET_LOG_FIELDS({ DUET_LOGGED_OWNER, .text = token->endpoint->name },
                        { DUET_LOGGED_SIDE,
                          .text = duet_str(token->endpoint->tables, token->endpoint->row->name) },
                        { DUET_LOGGED_WHY, .text = shown }));
    duet_arena_free(arena);
}

static bool is_token_text(const char *text)
{
    size_t length = text ? strlen(text) : 0;
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] <= ' ' || (unsigned char)text[i] >= 0x7f)
            return false;
    }
    return length > 0 && length <= DUET_MAX_TOKEN_BYTES;
}

static int64_t life_of(const json_t *answer)
{
    const json_t *life = json_object_get(answer, "expires_in");
    int64_t seconds = json_is_string(life) ? strtoll(json_string_value(life), NULL, 10)
                                           : json_integer_value(life);
    return (seconds > 0 && seconds < 100 * 86400 ? seconds : LIFE_S) * 1000;
}

static void keep(struct duet_token *token, const json_t *answer)
{
    struct duet_endpoint *endpoint = token->endpoint;
    const char *text = json_string_value(json_object_get(answer, "access_token"));
    if (!is_token_text(text)) {
        failed(token, DUET_REMOTE_TRANSIENT, "the answer has no usable access_token");
        return;
    }
    int64_t life = life_of(answer);
    int64_t early = life / 10 < EARLY_MS ? life / 10 : EARLY_MS;
    keep_text(token, text, duet_clock_monotonic(endpoint->clock) + life - early);
}

static enum duet_remote_outcome failure_of(int status)
{
    if (status == 408 || status == 429 || status >= 500 || status < 300)
        return DUET_REMOTE_TRANSIENT;
    return DUET_REMOTE_DENIED;
}

static const char *words(const struct duet_net_answer *http, const json_t *body,
                         struct duet_arena *arena)
{
    const char *text = json_string_value(json_object_get(body, "error_description"));
    if (!text)
        text = json_string_value(json_object_get(body, "error"));
    return duet_arena_format(arena, "HTTP %d%s%s", http->status, text ? ": " : "",
                             text ? text : "");
}

static void fetched(void *data, const struct duet_net_answer *http)
{
    struct duet_token *token = data;
    struct duet_arena *arena = duet_arena_new();
    json_t *body = json_loadb(http->body, http->body_length, 0, NULL);
    token->exchange = NULL;
    if (http->failure != DUET_NET_OK)
        failed(token, DUET_REMOTE_TRANSIENT, http->error);
    else if (http->status == 200)
        keep(token, body);
    else
        failed(token, failure_of(http->status), words(http, body, arena));
    json_decref(body);
    duet_arena_free(arena);
    tell_all(token);
}

static void tell_failure(void *data)
{
    struct duet_token *token = data;
    token->failing = NULL;
    tell_all(token);
}

/* "name=value&": empty without such an entry, NULL after a fault. */
static const char *form_entry(struct duet_render *render, const struct duet_t_auth *auth,
                              const char *name)
{
    const struct duet_tables *tables = render->endpoint->tables;
    for (uint32_t i = 0; i < auth->params_count; i++) {
        const struct duet_t_auth_param *param = duet_auth_param_row(tables, auth->params + i);
        if (strcmp(duet_str(tables, param->name), name) != 0)
            continue;
        const char *text = duet_render_text(render, param->value, param->value_count);
        return text ? duet_arena_format(render->arena, "%s=%s&", name,
                                        duet_url_query_text(text, render->arena))
                    : NULL;
    }
    return "";
}

static const char *token_address(struct duet_render *render, const struct duet_t_auth *auth)
{
    const struct duet_tables *tables = render->endpoint->tables;
    for (uint32_t i = 0; i < auth->params_count; i++) {
        const struct duet_t_auth_param *param = duet_auth_param_row(tables, auth->params + i);
        if (strcmp(duet_str(tables, param->name), "token") != 0)
            continue;
        const char *url = duet_render_url(render, param->value, param->value_count, true);
        return url && duet_url_check_base(url, &render->error) == DUET_OK ? url : NULL;
    }
    duet_fail(&render->error, DUET_INVALID, "the credentials lack 'token', the address to ask");
    return NULL;
}

static void fetch(struct duet_token *token)
{
    struct duet_endpoint *endpoint = token->endpoint;
    struct duet_arena *arena = duet_arena_new();
    struct duet_render render = duet_render_start(endpoint, NULL, arena);
    const char *url = token_address(&render, token->auth);
    const char *id = form_entry(&render, token->auth, "client_id");
    const char *secret = form_entry(&render, token->auth, "client_secret");
    const char *scope = form_entry(&render, token->auth, "scope");
    if (!url || !id || !secret || !scope) {
        failed(token, DUET_REMOTE_DENIED, render.error.text);
        token->failing = duet_loop_defer(endpoint->loop, tell_failure, token);
    } else {
        const char *body =
            duet_arena_format(arena, "%s%s%sgrant_type=client_credentials", id, secret, scope);
        const struct duet_net_header headers[] = { { "Content-Type",
                                                     "application/x-www-form-urlencoded" },
                                                   { "Accept", "application/json" } };
        const struct duet_net_request request = {
            .method = "POST",
            .url = url,
            .headers = headers,
            .header_count = 2,
            .body = body,
            .body_length = strlen(body),
            .deadline_ms = DUET_REMOTE_DEADLINE_MS,
            .max_bytes = TOKEN_ANSWER_MAX,
            .is_plain_allowed = true,
            .owner = endpoint->name,
            .side = duet_str(endpoint->tables, endpoint->row->name),
        };
        endpoint->sent[DUET_OP_ANY]++;
        token->exchange = endpoint->net->submit(endpoint->net, &request, fetched, token);
    }
    duet_arena_free(arena);
}

enum duet_token_state duet_token_get(struct duet_endpoint *endpoint, const struct duet_t_auth *auth,
                                     bool was_waiting, struct duet_token_wait *wait,
                                     duet_token_done done, void *data, const char **text_out,
                                     struct duet_remote_result *result)
{
    struct duet_token *token = token_of(endpoint, auth);
    if (token->text && duet_clock_monotonic(endpoint->clock) < token->refresh_at) {
        *text_out = token->text;
        return DUET_TOKEN_READY;
    }
    if (was_waiting && !token->exchange && token->failure != DUET_REMOTE_OK) {
        *result = duet_result_of(token->failure, token->failure_text);
        return DUET_TOKEN_FAILED;
    }
    join(token, wait, done, data);
    if (!token->exchange && !token->failing)
        fetch(token);
    return DUET_TOKEN_ASKED;
}

void duet_token_refused(struct duet_endpoint *endpoint, const struct duet_t_auth *auth,
                        const char *text)
{
    struct duet_token *token = token_of(endpoint, auth);
    if (token->text && strcmp(token->text, text) == 0)
        forget_text(token);
}
