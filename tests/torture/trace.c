#include "tests/torture/trace.h"

#include <inttypes.h>
#include <string.h>

enum { BODY_SHOWN = 700 };

static void add_bytes(struct trace *trace, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < length; i++)
        trace->hash = (trace->hash ^ at[i]) * UINT64_C(0x100000001b3);
}

static void add_text(struct trace *trace, const char *text)
{
    add_bytes(trace, text ? text : "", text ? strlen(text) + 1 : 1);
}

void trace_init(struct trace *trace, FILE *out)
{
    *trace = (struct trace){ .hash = UINT64_C(0xcbf29ce484222325), .out = out };
}

void trace_event(struct trace *trace, int64_t now_ms, const char *what,
                 const struct wire_exchange *exchange)
{
    const char *reply = exchange->reply ? exchange->reply->body : NULL;
    const char *body = reply ? reply : exchange->body;
    add_bytes(trace, &now_ms, sizeof now_ms);
    add_text(trace, what);
    add_text(trace, exchange->method);
    add_text(trace, exchange->url);
    add_text(trace, exchange->body);
    add_text(trace, reply);
    if (!trace->out)
        return;
    fprintf(trace->out, "%8" PRId64 " %-8s %-5s %s %s %.*s", now_ms, what, exchange->owner,
            exchange->method, exchange->url, BODY_SHOWN, body);
    if (exchange->reply)
        fprintf(trace->out, " [%u%s]", exchange->reply->status,
                exchange->reply->applied ? ", applied" : "");
    fputc('\n', trace->out);
}
