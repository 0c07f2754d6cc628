#include "tests/torture/wire.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/instant.h"
#include "tests/sim/text.h"
#include "tests/torture/trace.h"

enum { HEADERS_MAX = 32, LEAST_MS = 1, SPREAD_MS = 60 };

struct pending {
    struct wire *wire;
    struct wire_exchange told;
    char *method, *url, *body, *owner;
    json_t *headers; /* names in lower case */
    size_t max_bytes;
    duet_net_done done; /* NULL: nobody waits for it any more */
    void *data;
    struct duet_timer *way;      /* there, or back */
    struct duet_timer *deadline; /* NULL: passed */
    struct sim_request request;
    struct sim_visit visit;
    struct sim_reply reply;
    enum duet_net_failure failure;
    struct pending *next;
};

/* --- life ------------------------------------------------------------------------------------------------------- */

static void end(struct pending *pending)
{
    struct wire *wire = pending->wire;
    struct pending **at = &wire->pending;
    while (*at != pending)
        at = &(*at)->next;
    *at = pending->next;
    duet_loop_cancel(wire->loop, pending->way);
    duet_loop_cancel(wire->loop, pending->deadline);
    sim_request_finish(&pending->request);
    sim_reply_finish(&pending->reply);
    json_decref(pending->headers);
    free(pending->method);
    free(pending->url);
    free(pending->body);
    free(pending->owner);
    free(pending);
}

static void tell(const struct pending *pending, const char *what)
{
    const struct wire *wire = pending->wire;
    if (wire->trace)
        trace_event(wire->trace, duet_clock_monotonic(duet_loop_clock(wire->loop)), what,
                    &pending->told);
}

static bool passes(const struct wire *wire)
{
    return !wire->gate.passes || wire->gate.passes(wire->gate.data);
}

static int64_t way_ms(struct wire *wire)
{
    return LEAST_MS + (int64_t)chance_draw(wire->chance, SPREAD_MS) + wire->slow_ms;
}

/* --- back ------------------------------------------------------------------------------------------------------- */

static size_t list_headers(json_t *headers, struct duet_net_header list[HEADERS_MAX])
{
    size_t count = 0;
    for (void *at = json_object_iter(headers); at && count < HEADERS_MAX;
         at = json_object_iter_next(headers, at))
        list[count++] = (struct duet_net_header){
            .name = json_object_iter_key(at),
            .value = json_string_value(json_object_iter_value(at)),
        };
    return count;
}

/* False: it has died, and will cancel what it still waits for. */
static bool tell_engine(struct pending *pending)
{
    struct duet_net_header headers[HEADERS_MAX];
    struct duet_net_answer answer = { .failure = pending->failure, .error = "", .body = "" };
    if (pending->failure != DUET_NET_OK) {
        answer.error = "the simulated network failed";
    } else {
        answer.status = (int)pending->reply.status;
        answer.headers = headers;
        answer.header_count = list_headers(pending->reply.headers, headers);
        answer.body = pending->reply.body ? pending->reply.body : "";
        answer.body_length = pending->reply.body_length;
    }
    duet_net_done done = pending->done;
    pending->done = NULL;
    if (!passes(pending->wire))
        return false;
    if (done)
        done(pending->data, &answer);
    return true;
}

static void arrived_back(void *data)
{
    struct pending *pending = data;
    struct wire *wire = pending->wire;
    pending->way = NULL;
    pending->told.is_answered = pending->failure == DUET_NET_OK && pending->done;
    tell(pending, pending->told.is_answered ? "answered" : "lost");
    if (wire->watcher.answered && pending->told.is_answered)
        wire->watcher.answered(wire->watcher.data, &pending->told);
    if (tell_engine(pending))
        end(pending);
}

static void date(struct pending *pending)
{
    char now[SIM_INSTANT_SIZE];
    sim_instant_format(*pending->wire->truth, SIM_INSTANT_HTTP, now);
    sim_reply_header(&pending->reply, "Date", now);
}

static void send_back(struct pending *pending, enum duet_net_failure failure)
{
    date(pending);
    pending->failure = failure;
    if (failure == DUET_NET_OK && pending->reply.body_length > pending->max_bytes)
        pending->failure = DUET_NET_TOO_LARGE;
    pending->way =
        duet_loop_after(pending->wire->loop, way_ms(pending->wire), arrived_back, pending);
}

/* The engine gives up. */
static void too_late(void *data)
{
    struct pending *pending = data;
    pending->deadline = NULL;
    pending->failure = DUET_NET_LOST;
    tell(pending, "late");
    if (tell_engine(pending))
        end(pending);
}

/* --- there ------------------------------------------------------------------------------------------------------- */

static void act(struct pending *pending, enum sim_step step);

static struct sim_server *server_of(const struct pending *pending)
{
    return pending->wire->systems[pending->told.system].server;
}

static void resume(void *data)
{
    struct pending *pending = data;
    pending->way = NULL;
    act(pending,
        sim_server_resume(server_of(pending), &pending->request, &pending->visit, &pending->reply));
}

static void act(struct pending *pending, enum sim_step step)
{
    struct wire *wire = pending->wire;
    bool is_whole = step == SIM_STEP_ANSWER || step == SIM_STEP_RELEASE;
    if (step == SIM_STEP_HOLD)
        return;
    if (step == SIM_STEP_DELAY) {
        pending->way = duet_loop_after(wire->loop, pending->visit.fault.delay_ms, resume, pending);
        return;
    }
    sim_server_answered(server_of(pending), &pending->visit, is_whole ? pending->reply.status : 0,
                        pending->reply.applied);
    pending->told.reply = &pending->reply;
    tell(pending, "dealt");
    if (wire->watcher.dealt)
        wire->watcher.dealt(wire->watcher.data, &pending->told);
    send_back(pending, is_whole ? DUET_NET_OK : DUET_NET_LOST);
}

static void arrived_there(void *data)
{
    struct pending *pending = data;
    struct wire *wire = pending->wire;
    pending->way = NULL;
    if (pending->told.system < 0 || wire->is_down[pending->told.system]) {
        send_back(pending, DUET_NET_UNREACHABLE);
        return;
    }
    const struct wire_system *system = &wire->systems[pending->told.system];
    sim_request_init(&pending->request, pending->method, pending->url + strlen(system->origin));
    json_object_update(pending->request.headers, pending->headers);
    free(pending->request.body);
    pending->request.body = sim_copy(pending->body);
    pending->request.body_length = strlen(pending->body);
    pending->told.request = &pending->request;
    pending->told.kind = system->server->system->kind(&pending->request);
    act(pending,
        sim_server_receive(system->server, &pending->request, &pending->visit, &pending->reply));
}

/* --- the engine's side -------------------------------------------------------------------------------------------- */

static int system_of(const struct wire *wire, const char *url)
{
    for (int i = 0; i < WIRE_SYSTEMS; i++) {
        size_t length = strlen(wire->systems[i].origin);
        if (strncmp(url, wire->systems[i].origin, length) == 0 && url[length] == '/')
            return i;
    }
    return -1;
}

static json_t *copy_headers(const struct duet_net_request *request, const char *host)
{
    json_t *headers = json_object();
    for (size_t i = 0; i < request->header_count; i++) {
        char *name = sim_copy(request->headers[i].name);
        for (char *at = name; *at; at++)
            *at = (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
        json_object_set_new(headers, name, json_string(request->headers[i].value));
        free(name);
    }
    json_object_set_new(headers, "host", json_string(host));
    return headers;
}

static struct duet_net_exchange *
submit(struct duet_net *net, const struct duet_net_request *request, duet_net_done done, void *data)
{
    struct wire *wire = (struct wire *)net; /* its first member */
    struct pending *pending = sim_alloc(sizeof *pending);
    int system = system_of(wire, request->url);
    pending->wire = wire;
    pending->method = sim_copy(request->method);
    pending->url = sim_copy(request->url);
    pending->body = sim_copy_part(request->body ? request->body : "", request->body_length);
    pending->owner = sim_copy(request->owner ? request->owner : "");
    pending->headers =
        copy_headers(request, system < 0 ? "" : wire->systems[system].origin + strlen("http://"));
    pending->max_bytes = request->max_bytes;
    pending->done = done;
    pending->data = data;
    pending->told = (struct wire_exchange){ .method = pending->method,
                                            .url = pending->url,
                                            .body = pending->body,
                                            .owner = pending->owner,
                                            .system = system };
    pending->next = wire->pending;
    wire->pending = pending;
    if (!passes(wire))
        return (struct duet_net_exchange *)pending;
    tell(pending, "sent");
    if (wire->watcher.sent)
        wire->watcher.sent(wire->watcher.data, &pending->told);
    pending->way = duet_loop_after(wire->loop, way_ms(wire), arrived_there, pending);
    pending->deadline = duet_loop_after(wire->loop, request->deadline_ms, too_late, pending);
    (void)passes(wire);
    return (struct duet_net_exchange *)pending;
}

static void cancel(struct duet_net *net, struct duet_net_exchange *exchange)
{
    struct pending *pending = (struct pending *)exchange;
    (void)net;
    pending->done = NULL;
}

void wire_cut(struct wire *wire)
{
    for (struct pending *pending = wire->pending, *next = NULL; pending; pending = next) {
        next = pending->next;
        pending->done = NULL;
        bool is_on_its_way = pending->way && !pending->told.kind;
        duet_loop_cancel(wire->loop, pending->way);
        pending->way = NULL;
        if (is_on_its_way && chance_is(wire->chance, 2))
            arrived_there(pending);
        end(pending);
    }
}

void wire_init(struct wire *wire, struct duet_loop *loop, struct chance *chance)
{
    wire->net = (struct duet_net){ .submit = submit, .cancel = cancel };
    wire->loop = loop;
    wire->chance = chance;
}

void wire_finish(struct wire *wire)
{
    for (struct pending *pending = wire->pending, *next = NULL; pending; pending = next) {
        next = pending->next;
        end(pending);
    }
}
