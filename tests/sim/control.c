#include "tests/sim/control.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/instant.h"
#include "tests/sim/text.h"

json_t *sim_problem(const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    json_t *problem = json_object();
    json_object_set_new(problem, "error", json_string(text));
    return problem;
}

static void refuse(struct sim_reply *reply, unsigned status, char *stolen_message)
{
    sim_reply_json(reply, status, sim_problem("%s", stolen_message));
    free(stolen_message);
}

static void switches(struct sim_server *server, json_t *body, struct sim_reply *reply)
{
    for (void *at = json_object_iter(body); at; at = json_object_iter_next(body, at)) {
        char *problem = NULL;
        if (!sim_switches_set_json(server->switches, json_object_iter_key(at),
                                   json_object_iter_value(at), &problem)) {
            refuse(reply, 400, problem);
            return;
        }
    }
    sim_reply_json(reply, 200, sim_switches_json(server->switches));
}

static void add_faults(struct sim_server *server, json_t *body, struct sim_reply *reply)
{
    json_t *list = json_is_array(body) ? json_incref(body) : json_pack("[O]", body);
    char *problem = NULL;
    for (size_t i = 0; i < json_array_size(list) && !problem; i++)
        sim_faults_add(server->faults, json_array_get(list, i), &problem);
    json_decref(list);
    if (problem)
        refuse(reply, 400, problem);
    else
        sim_reply_json(reply, 200, sim_faults_json(server->faults));
}

static void faults(struct sim_server *server, const struct sim_request *request, json_t *body,
                   struct sim_reply *reply)
{
    if (sim_same(request->method, "POST")) {
        add_faults(server, body, reply);
        return;
    }
    if (sim_same(request->method, "DELETE"))
        sim_faults_clear(server->faults);
    sim_reply_json(reply, 200, sim_faults_json(server->faults));
}

static char *move_clock(struct sim_clock *clock, const json_t *body)
{
    const char *set = sim_member_text(body, "set");
    const json_t *advance = json_object_get(body, "advance");
    int64_t ticks = 0;
    if (set && sim_instant_parse(set, &ticks))
        sim_clock_set(clock, ticks);
    else if (json_is_number(advance))
        sim_clock_advance(clock,
                          (int64_t)(json_number_value(advance) * (double)SIM_TICKS_PER_SECOND));
    else if (set)
        return sim_format("'set' is '%s': expected a time like 2026-01-02T03:04:05Z", set);
    else
        return sim_copy("expected {\"set\": time} or {\"advance\": seconds}");
    return NULL;
}

static void clock_answer(struct sim_server *server, const struct sim_request *request, json_t *body,
                         struct sim_reply *reply)
{
    if (sim_same(request->method, "POST")) {
        char *problem = move_clock(server->clock, body);
        if (problem) {
            refuse(reply, 400, problem);
            return;
        }
    }
    char now[SIM_INSTANT_SIZE];
    sim_instant_rfc3339(sim_clock_now(server->clock), 7, now);
    sim_reply_json(
        reply, 200,
        json_pack("{s:s, s:b}", "now", now, "manual", sim_clock_is_manual(server->clock) ? 1 : 0));
}

static void requests(struct sim_server *server, const struct sim_request *request,
                     struct sim_reply *reply)
{
    bool reset = request->segment_count == 3 && sim_same(request->segments[2], "reset");
    if (reset && sim_same(request->method, "POST"))
        sim_requestlog_reset(server->log);
    sim_reply_json(reply, 200, sim_requestlog_json(server->log));
}

/* A list of bodies is done in order and answered by a list; the first problem ends it. */
static void person(struct sim_server *server, const char *verb, json_t *body,
                   struct sim_reply *reply)
{
    unsigned status = 200;
    json_t *answer = NULL;
    if (!json_is_array(body)) {
        answer = server->system->person(server->state, verb, body, &status);
    } else {
        answer = json_array();
        for (size_t i = 0; i < json_array_size(body); i++) {
            json_t *one =
                server->system->person(server->state, verb, json_array_get(body, i), &status);
            if (one && status < 400) {
                json_array_append_new(answer, one);
                continue;
            }
            json_decref(answer);
            answer = one;
            break;
        }
    }
    if (answer)
        sim_reply_json(reply, status, answer);
    else
        refuse(reply, 404, sim_format("unknown path '/_sim/%s'; the README lists them", verb));
}

static void inspect(struct sim_server *server, const char *what, struct sim_reply *reply)
{
    json_t *answer = server->system->inspect(server->state, what);
    if (answer)
        sim_reply_json(reply, 200, answer);
    else
        refuse(reply, 404, sim_format("unknown path '/_sim/%s'; the README lists them", what));
}

static bool dispatch(struct sim_server *server, const struct sim_request *request, json_t *body,
                     struct sim_reply *reply)
{
    const char *what = request->segment_count > 1 ? request->segments[1] : "";
    bool post = sim_same(request->method, "POST");
    if (sim_same(what, "switches"))
        switches(server, post ? body : NULL, reply);
    else if (sim_same(what, "faults"))
        faults(server, request, body, reply);
    else if (sim_same(what, "clock"))
        clock_answer(server, request, body, reply);
    else if (sim_same(what, "requests"))
        requests(server, request, reply);
    else if (post)
        person(server, what, body, reply);
    else
        inspect(server, what, reply);
    if (!post || !sim_same(what, "release"))
        return false;
    sim_reply_json(reply, 200, json_object());
    return true;
}

bool sim_control_handle(struct sim_server *server, const struct sim_request *request,
                        struct sim_reply *reply)
{
    json_error_t error;
    json_t *body = NULL;
    if (request->body_length > 0) {
        body = json_loadb(request->body, request->body_length, JSON_ALLOW_NUL, &error);
        if (!body) {
            refuse(reply, 400,
                   sim_format("the body isn't JSON: %s (line %d, column %d)", error.text,
                              error.line, error.column));
            return false;
        }
    } else {
        body = json_object();
    }
    bool release = dispatch(server, request, body, reply);
    json_decref(body);
    return release;
}
