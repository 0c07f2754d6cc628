#include "tests/sim/server.h"

#include <signal.h>
#include <stdlib.h>

#include "tests/sim/control.h"
#include "tests/sim/text.h"

struct sim_server *sim_server_new(const struct sim_system *system)
{
    struct sim_server *server = sim_alloc(sizeof(*server));
    server->system = system;
    server->clock = sim_clock_new();
    server->switches = sim_switches_new(system->switches, system->switch_count);
    server->faults = sim_faults_new(system->kinds, system->kind_count);
    server->log = sim_requestlog_new();
    struct sim_context context = { .clock = server->clock, .switches = server->switches };
    server->state = system->create(&context);
    return server;
}

void sim_server_free(struct sim_server *server)
{
    if (!server)
        return;
    server->system->destroy(server->state);
    sim_requestlog_free(server->log);
    sim_faults_free(server->faults);
    sim_switches_free(server->switches);
    sim_clock_free(server->clock);
    free(server);
}

static void kill_client(const struct sim_visit *visit)
{
    kill((pid_t)visit->fault.pid, SIGKILL);
}

static enum sim_step apply(struct sim_server *server, const struct sim_request *request,
                           struct sim_reply *reply, enum sim_step step)
{
    server->system->handle(server->state, request, reply);
    return step;
}

static enum sim_step carry_out(struct sim_server *server, const struct sim_request *request,
                               struct sim_visit *visit, struct sim_reply *reply)
{
    const struct sim_fault *fault = &visit->fault;
    switch (fault->action) {
    case SIM_FAULT_NONE:
    case SIM_FAULT_KILL_ANSWERED:
        return apply(server, request, reply, SIM_STEP_ANSWER);
    case SIM_FAULT_STATUS:
        server->system->refuse(fault->status, fault->retry_after[0] ? fault->retry_after : NULL,
                               reply);
        return SIM_STEP_ANSWER;
    case SIM_FAULT_HANG:
        return SIM_STEP_HOLD;
    case SIM_FAULT_SLOW:
        return SIM_STEP_DELAY;
    case SIM_FAULT_DROP_BEFORE:
        return SIM_STEP_DROP;
    case SIM_FAULT_DROP_AFTER:
        return apply(server, request, reply, SIM_STEP_DROP);
    case SIM_FAULT_GARBAGE:
        sim_reply_text(reply, 200, "text/html", "<html><body>It works!</body></html>");
        return SIM_STEP_ANSWER;
    case SIM_FAULT_CUT:
        return apply(server, request, reply, SIM_STEP_CUT);
    case SIM_FAULT_KILL_BEFORE:
        kill_client(visit);
        return SIM_STEP_DROP;
    case SIM_FAULT_KILL_APPLIED:
        apply(server, request, reply, SIM_STEP_DROP);
        kill_client(visit);
        return SIM_STEP_DROP;
    }
    return SIM_STEP_DROP;
}

enum sim_step sim_server_receive(struct sim_server *server, const struct sim_request *request,
                                 struct sim_visit *visit, struct sim_reply *reply)
{
    if (request->segment_count > 0 && sim_same(request->segments[0], "_sim"))
        return sim_control_handle(server, request, reply) ? SIM_STEP_RELEASE : SIM_STEP_ANSWER;
    visit->kind = server->system->kind(request);
    visit->fault = sim_faults_take(server->faults, visit->kind);
    visit->entry = sim_requestlog_begin(server->log, visit->kind, request->method, request->path,
                                        request->query_text,
                                        server->system->loggable_body(request, visit->kind));
    return carry_out(server, request, visit, reply);
}

enum sim_step sim_server_resume(struct sim_server *server, const struct sim_request *request,
                                struct sim_visit *visit, struct sim_reply *reply)
{
    visit->fault = (struct sim_fault){ .action = SIM_FAULT_NONE };
    return carry_out(server, request, visit, reply);
}

void sim_server_answered(struct sim_server *server, struct sim_visit *visit, unsigned status,
                         bool applied)
{
    if (!visit->entry)
        return;
    sim_requestlog_done(server->log, visit->entry, status, applied);
    visit->entry = NULL;
    if (visit->fault.action == SIM_FAULT_KILL_ANSWERED && status != 0)
        kill_client(visit);
}
