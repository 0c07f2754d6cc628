#include "tests/support/fake_net.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/world/memory.h"

#define MAX_HEADERS 16

struct duet_net_exchange {
    struct fake_net *fake;
    struct duet_timer *timer;
    duet_net_done done;
    void *data;
    struct fake_answer answer;
    char *headers, *body;
};

static void exchange_free(struct duet_net_exchange *exchange)
{
    exchange->fake->under_way--;
    duet_loop_cancel(exchange->fake->loop, exchange->timer);
    free(exchange->headers);
    free(exchange->body);
    free(exchange);
}

static size_t split_headers(char *text, struct duet_net_header *headers)
{
    size_t count = 0;
    for (char *line = text; *line && count < MAX_HEADERS;) {
        char *end = strchr(line, '\n');
        char *colon = strstr(line, ": ");
        assert(end && colon && colon < end);
        *end = *colon = '\0';
        headers[count++] = (struct duet_net_header){ line, colon + 2 };
        line = end + 1;
    }
    return count;
}

static void deliver(void *data)
{
    struct duet_net_exchange *exchange = data;
    struct duet_net_header headers[MAX_HEADERS];
    struct duet_net_answer answer = { .failure = exchange->answer.failure,
                                      .body = "",
                                      .error = "" };
    exchange->timer = NULL;
    if (answer.failure == DUET_NET_OK) {
        answer.status = exchange->answer.status;
        answer.headers = headers;
        answer.header_count = split_headers(exchange->headers, headers);
        answer.body = exchange->body;
        answer.body_length = exchange->answer.body_length;
    } else {
        answer.error = "the fake network failed";
    }
    exchange->done(exchange->data, &answer);
    exchange_free(exchange);
}

static void keep(struct fake_net *fake, const struct duet_net_request *request)
{
    assert(fake->count < FAKE_NET_MAX_REQUESTS);
    size_t size = 1;
    for (size_t i = 0; i < request->header_count; i++)
        size += strlen(request->headers[i].name) + strlen(request->headers[i].value) + 3;
    char *headers = duet_new(size);
    char *at = headers;
    for (size_t i = 0; i < request->header_count; i++)
        at += sprintf(at, "%s: %s\n", request->headers[i].name, request->headers[i].value);
    fake->requests[fake->count++] = (struct fake_request){
        .method = duet_text_new(request->method),
        .url = duet_text_new(request->url),
        .body = request->body ? duet_text_new_cut(request->body, request->body_length)
                              : duet_text_new(""),
        .headers = headers,
        .at = duet_clock_monotonic(duet_loop_clock(fake->loop)),
    };
}

static struct duet_net_exchange *
submit(struct duet_net *net, const struct duet_net_request *request, duet_net_done done, void *data)
{
    struct fake_net *fake = (struct fake_net *)net; /* its first member */
    struct duet_net_exchange *exchange = duet_new(sizeof *exchange);
    keep(fake, request);
    *exchange = (struct duet_net_exchange){
        .fake = fake, .done = done, .data = data, .answer = { .status = 200 }
    };
    fake->handler(fake->data, &fake->requests[fake->count - 1], &exchange->answer);
    struct fake_answer *answer = &exchange->answer;
    exchange->headers = duet_text_new(answer->headers ? answer->headers : "");
    if (answer->body_length == 0 && answer->body)
        answer->body_length = strlen(answer->body);
    exchange->body = duet_text_new_cut(answer->body ? answer->body : "", answer->body_length);
    exchange->timer = duet_loop_after(fake->loop, answer->delay_ms, deliver, exchange);
    fake->under_way++;
    return exchange;
}

static void cancel(struct duet_net *net, struct duet_net_exchange *exchange)
{
    (void)net;
    exchange_free(exchange);
}

void fake_net_init(struct fake_net *fake, struct duet_loop *loop, fake_handler handler, void *data)
{
    memset(fake, 0, sizeof *fake);
    fake->net.submit = submit;
    fake->net.cancel = cancel;
    fake->loop = loop;
    fake->handler = handler;
    fake->data = data;
}

void fake_net_finish(struct fake_net *fake)
{
    assert(fake->under_way == 0);
    for (size_t i = 0; i < fake->count; i++) {
        free(fake->requests[i].method);
        free(fake->requests[i].url);
        free(fake->requests[i].body);
        free(fake->requests[i].headers);
    }
}

const char *fake_header(const struct fake_request *request, const char *name)
{
    static char value[4096];
    for (const char *line = request->headers; *line; line = strchr(line, '\n') + 1) {
        size_t length = strlen(name);
        if (strncasecmp(line, name, length) != 0 || strncmp(line + length, ": ", 2) != 0)
            continue;
        snprintf(value, sizeof value, "%.*s", (int)strcspn(line + length + 2, "\n"),
                 line + length + 2);
        return value;
    }
    return NULL;
}
