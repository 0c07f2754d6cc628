#include "tests/torture/run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/text.h"
#include "tests/torture/judging.h"
#include "tests/torture/trace.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define PICK(list, number) ((list)[(number) % COUNT(list)])

enum { REST_POLLS = 6, QUIET_POLLS = 10, START_AGAIN_MS = 2000 };

struct running {
    struct world world;
    struct judge judge;
    struct trace trace;
    int64_t start_at;            /* when the engine starts again; -1: it runs */
    int64_t up_at[WIRE_SYSTEMS]; /* -1: is up */
    FILE *out;
};

/* --- faults ------------------------------------------------------------------------------------------------------ */

static const char *const KINDS[WIRE_SYSTEMS][6] = {
    { "write incident", "add note", "list incidents", "list notes", "read incident", "token" },
    { "SetIncidentFieldsInBulk", "CloseIncidentInBulk", "UpdateDynamicFieldsByNumberInBulk",
      "SetIncidentFieldHTML", "GetIncidents", "CreateAnIncident" },
};

static const char *deed_of(const struct event *event)
{
    static const char *const REPLIES[] = { "drop-after", "cut", "garbage", "drop-before" };
    static const char *const SERVERS[] = { "429", "503", "500", "hang", "slow" };
    static const char *const TOKENS[] = { "401", "401", "500", "drop-after" };
    if (event->fault == FAULT_REPLY)
        return PICK(REPLIES, event->which);
    return event->fault == FAULT_TOKEN ? PICK(TOKENS, event->which) : PICK(SERVERS, event->which);
}

static const char *kind_of(const struct event *event)
{
    if (event->fault == FAULT_TOKEN && event->side == SIEM && event->unit % 2)
        return "token";
    return PICK(KINDS[event->side], event->unit);
}

static void break_request(struct running *running, const struct event *event)
{
    static const char *const RETRIES[] = { NULL, "1", "20", "Sun, 01 Mar 2026 12:02:30 GMT" };
    const char *retry = PICK(RETRIES, event->which / 16);
    char *problem = NULL;
    json_t *fault = json_pack("{s:s, s:i, s:s}", "kind", kind_of(event), "nth",
                              (int)(event->which / 64 % 2) + 1, "do", deed_of(event));
    if (retry && strspn(deed_of(event), "0123456789") == 3)
        json_object_set_new(fault, "retry_after", json_string(retry));
    if (!sim_faults_add(running->world.systems[event->side]->faults, fault, &problem)) {
        fprintf(stderr, "torture: %s\n", problem);
        abort();
    }
    json_decref(fault);
}

struct setting {
    enum schedule_fault fault;
    int side;
    const char *name, *value,
        *calm; /* `calm`: as it is set once the storm is over; NULL: it stays */
};

static const struct setting SETTINGS[] = {
    { FAULT_CLOCK, SIEM, "fraction_digits", "0", NULL },
    { FAULT_CLOCK, SIEM, "late_arrivals", "20", NULL },
    { FAULT_CLOCK, SIEM, "fraction_digits", "3", NULL },
    { FAULT_PAGES, SIEM, "next_link", "loop", "ok" },
    { FAULT_PAGES, SIEM, "next_link", "foreign", "ok" },
    { FAULT_PAGES, SIEM, "next_link", "expired", "ok" },
    { FAULT_PAGES, SIEM, "paging", "offset", NULL },
    { FAULT_PAGES, SOAR, "row_order", "newest", NULL },
};

static void set(struct running *running, const struct setting *setting, const char *value)
{
    char *problem = NULL;
    if (!sim_switches_set(running->world.systems[setting->side]->switches, setting->name, value,
                          &problem)) {
        fprintf(stderr, "torture: %s\n", problem);
        abort();
    }
}

static void turn_switch(struct running *running, const struct event *event)
{
    size_t fitting = 0;
    for (size_t i = 0; i < COUNT(SETTINGS); i++)
        fitting += SETTINGS[i].fault == event->fault;
    size_t wanted = event->which % fitting;
    for (size_t i = 0; i < COUNT(SETTINGS); i++) {
        if (SETTINGS[i].fault == event->fault && wanted-- == 0)
            set(running, &SETTINGS[i], SETTINGS[i].value);
    }
}

/* --- time -------------------------------------------------------------------------------------------------------- */

static void start_again(struct running *running)
{
    running->start_at = -1;
    world_start(&running->world);
}

static void die(struct running *running, int64_t ms)
{
    if (running->start_at >= 0)
        return;
    world_crash(&running->world);
    running->start_at = world_now(&running->world) + ms;
}

static int64_t earliest(const struct running *running, int64_t until)
{
    if (running->start_at >= 0 && running->start_at < until)
        until = running->start_at;
    for (int s = 0; s < WIRE_SYSTEMS; s++) {
        if (running->up_at[s] >= 0 && running->up_at[s] < until)
            until = running->up_at[s];
    }
    return until;
}

static void pass_time(struct running *running, int64_t until)
{
    struct world *world = &running->world;
    while (world_now(world) < until) {
        world_run_until(world, earliest(running, until));
        if (world->is_dying)
            die(running, START_AGAIN_MS);
        if (running->start_at >= 0 && running->start_at <= world_now(world))
            start_again(running);
        for (int s = 0; s < WIRE_SYSTEMS; s++) {
            if (running->up_at[s] >= 0 && running->up_at[s] <= world_now(world)) {
                world->wire.is_down[s] = false;
                running->up_at[s] = -1;
            }
        }
    }
}

/* --- events ------------------------------------------------------------------------------------------------------- */

static const char *event_name(enum event_kind kind)
{
    static const char *const NAMES[] = { "edit",   "note",  "delete",      "merge",
                                         "signal", "crash", "crash after", "request",
                                         "down",   "slow",  "step",        "switch" };
    return NAMES[kind];
}

void run_tell_event(const struct event *event, FILE *out)
{
    fprintf(out, "%8" PRId64 " %s, %s: side %d, pair %u, unit %u, which %u\n", event->at_ms,
            schedule_fault_number(event->fault), event_name(event->kind), event->side, event->pair,
            event->unit, event->which);
}

static void deed(struct running *running, const struct event *event)
{
    judging_find_numbers(&running->judge);
    if (people_do(&running->world, running->judge.pairs, event))
        judge_deed(&running->judge, event);
}

static void carry_out(struct running *running, const struct event *event)
{
    struct world *world = &running->world;
    if (running->out)
        run_tell_event(event, running->out);
    switch (event->kind) {
    case EVENT_EDIT:
    case EVENT_NOTE:
    case EVENT_DELETE:
    case EVENT_MERGE:
    case EVENT_SIGNAL:
        deed(running, event);
        return;
    case EVENT_CRASH:
        die(running, event->which % 40000);
        return;
    case EVENT_CRASH_AFTER:
        if (running->start_at < 0)
            world->points_left = event->which % 120;
        return;
    case EVENT_REQUEST:
        break_request(running, event);
        return;
    case EVENT_DOWN:
        world->wire.is_down[event->side] = true;
        running->up_at[event->side] = world_now(world) + event->which % 100000;
        return;
    case EVENT_SLOW:
        world->wire.slow_ms = event->which % 3000;
        return;
    case EVENT_STEP:
        world->wall_ticks += ((int64_t)(event->which % 2880) - 1440) * 60 * 10000000;
        return;
    case EVENT_SWITCH:
        turn_switch(running, event);
        return;
    }
}

/* --- the whole ------------------------------------------------------------------------------------------------------ */

static void calm_down(struct running *running)
{
    struct world *world = &running->world;
    for (int s = 0; s < WIRE_SYSTEMS; s++) {
        sim_faults_clear(world->systems[s]->faults);
        world->wire.is_down[s] = false;
        running->up_at[s] = -1;
    }
    for (size_t i = 0; i < COUNT(SETTINGS); i++) {
        if (SETTINGS[i].calm)
            set(running, &SETTINGS[i], SETTINGS[i].calm);
    }
    world->wire.slow_ms = 0;
    world->points_left = -1;
    if (running->start_at >= 0)
        start_again(running);
}

static void rest(struct running *running)
{
    struct world *world = &running->world;
    calm_down(running);
    pass_time(running, world_now(world) + REST_POLLS * WORLD_POLL_MS);
    judging_find_numbers(&running->judge);
    judge_rest(&running->judge);
    uint64_t writes = running->judge.writes;
    pass_time(running, world_now(world) + QUIET_POLLS * WORLD_POLL_MS);
    if (running->judge.writes != writes)
        judge_says(&running->judge, 4, "%" PRIu64 " writes while nobody did anything",
                   running->judge.writes - writes);
    if (world->is_over)
        judge_says(&running->judge, 14, "the engine ended by itself");
}

void run_schedule(const struct world_common *common, const struct schedule *schedule, FILE *out,
                  struct run_outcome *outcome)
{
    struct running *running = sim_alloc(sizeof *running);
    running->start_at = -1;
    running->up_at[SIEM] = running->up_at[SOAR] = -1;
    running->out = out;
    world_open(&running->world, common, schedule->seed);
    trace_init(&running->trace, out);
    running->world.wire.trace = &running->trace;
    judge_open(&running->judge, &running->world);
    world_start(&running->world);
    for (size_t i = 0; i < schedule->count; i++) {
        pass_time(running, schedule->events[i].at_ms);
        if (!schedule->events[i].is_left_out)
            carry_out(running, &schedule->events[i]);
    }
    pass_time(running, SCHEDULE_STORM_MS);
    rest(running);
    *outcome = (struct run_outcome){ .violated = running->judge.violated,
                                     .trace = running->trace.hash,
                                     .requests = running->judge.requests,
                                     .writes = running->judge.writes,
                                     .points = running->world.points };
    (void)snprintf(outcome->text, sizeof outcome->text, "%s", running->judge.text);
    if (out) {
        (void)fflush(running->world.log_stream);
        fprintf(out, "%s", running->world.log_text ? running->world.log_text : "");
        judge_tell_ledger(&running->judge, out);
    }
    world_close(&running->world);
    free(running);
}
