#include "tests/sim/faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/sim/text.h"

struct action_row {
    const char *name;
    enum sim_fault_action action;
    unsigned status;
};

static const struct action_row ACTIONS[] = {
    { "500", SIM_FAULT_STATUS, 500 },
    { "503", SIM_FAULT_STATUS, 503 },
    { "429", SIM_FAULT_STATUS, 429 },
    { "401", SIM_FAULT_STATUS, 401 },
    { "403", SIM_FAULT_STATUS, 403 },
    { "404", SIM_FAULT_STATUS, 404 },
    { "409", SIM_FAULT_STATUS, 409 },
    { "hang", SIM_FAULT_HANG, 0 },
    { "slow", SIM_FAULT_SLOW, 0 },
    { "drop-before", SIM_FAULT_DROP_BEFORE, 0 },
    { "drop-after", SIM_FAULT_DROP_AFTER, 0 },
    { "garbage", SIM_FAULT_GARBAGE, 0 },
    { "cut", SIM_FAULT_CUT, 0 },
    { "kill-before", SIM_FAULT_KILL_BEFORE, 0 },
    { "kill-applied", SIM_FAULT_KILL_APPLIED, 0 },
    { "kill-answered", SIM_FAULT_KILL_ANSWERED, 0 },
};

enum { ACTION_COUNT = sizeof(ACTIONS) / sizeof(ACTIONS[0]), FAULTS_MAX = 1000 };

struct planned {
    char *kind; /* "*" for all */
    const struct action_row *row;
    long skip;  /* requests of the kind to let through first */
    long times; /* how often it still happens */
    struct sim_fault fault;
};

struct sim_faults {
    const char *const *kinds;
    size_t kind_count;
    struct planned list[FAULTS_MAX];
    size_t count;
};

struct sim_faults *sim_faults_new(const char *const *kinds, size_t kind_count)
{
    struct sim_faults *faults = sim_alloc(sizeof(*faults));
    faults->kinds = kinds;
    faults->kind_count = kind_count;
    return faults;
}

void sim_faults_clear(struct sim_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        free(faults->list[i].kind);
    faults->count = 0;
}

void sim_faults_free(struct sim_faults *faults)
{
    if (!faults)
        return;
    sim_faults_clear(faults);
    free(faults);
}

static const struct action_row *find_action(const char *name)
{
    for (size_t i = 0; i < ACTION_COUNT; i++)
        if (sim_same(ACTIONS[i].name, name))
            return &ACTIONS[i];
    return NULL;
}

static char *list_actions(void)
{
    struct sim_text names = { 0 };
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        sim_text_add(&names, i > 0 ? ", " : "");
        sim_text_add(&names, ACTIONS[i].name);
    }
    return names.bytes;
}

static const char *kind_name(const void *list, size_t at)
{
    const struct sim_faults *faults = list;
    return at < faults->kind_count ? faults->kinds[at] : NULL;
}

static bool kind_is_known(const struct sim_faults *faults, const char *kind)
{
    for (size_t i = 0; i < faults->kind_count; i++)
        if (sim_same(faults->kinds[i], kind))
            return true;
    return sim_same(kind, "*");
}

static char *unknown_kind(const struct sim_faults *faults, const char *kind)
{
    const char *near = sim_nearest(kind, kind_name, faults);
    if (near)
        return sim_format("unknown kind '%s': did you mean '%s'?", kind, near);
    return sim_format("unknown kind '%s': expected '*' or a kind as counted by /_sim/requests",
                      kind);
}

static long number_or(const json_t *description, const char *name, long otherwise)
{
    const json_t *value = json_object_get(description, name);
    return json_is_integer(value) ? (long)json_integer_value(value) : otherwise;
}

static bool is_kill(enum sim_fault_action action)
{
    return action == SIM_FAULT_KILL_BEFORE || action == SIM_FAULT_KILL_APPLIED ||
           action == SIM_FAULT_KILL_ANSWERED;
}

static void read_retry_after(const json_t *value, struct sim_fault *fault)
{
    if (json_is_string(value))
        snprintf(fault->retry_after, sizeof(fault->retry_after), "%s", json_string_value(value));
    else if (json_is_integer(value))
        snprintf(fault->retry_after, sizeof(fault->retry_after), "%" JSON_INTEGER_FORMAT,
                 json_integer_value(value));
}

bool sim_faults_add(struct sim_faults *faults, const json_t *description, char **problem_out)
{
    const char *kind = sim_member_text(description, "kind");
    const char *name = sim_member_text(description, "do");
    const struct action_row *row = name ? find_action(name) : NULL;
    if (!kind || !kind_is_known(faults, kind)) {
        *problem_out = unknown_kind(faults, kind ? kind : "");
        return false;
    }
    if (!row) {
        char *names = list_actions();
        *problem_out = sim_format("'do' is '%s': expected one of %s", name ? name : "", names);
        free(names);
        return false;
    }
    struct planned planned = { .row = row,
                               .skip = number_or(description, "nth", 1) - 1,
                               .times = number_or(description, "times", 1) };
    planned.fault = (struct sim_fault){ .action = row->action,
                                        .status = row->status,
                                        .delay_ms = number_or(description, "delay_ms", 1000),
                                        .pid = (int)number_or(description, "pid", 0) };
    read_retry_after(json_object_get(description, "retry_after"), &planned.fault);
    if (planned.skip < 0 || planned.times < 1 || planned.fault.delay_ms < 0) {
        *problem_out = sim_copy("'nth' and 'times' count from 1, 'delay_ms' from 0");
        return false;
    }
    if (is_kill(row->action) && (planned.fault.pid <= 1 || planned.fault.pid == getpid())) {
        *problem_out = sim_copy("'pid' must be the process to kill");
        return false;
    }
    if (faults->count == FAULTS_MAX) {
        *problem_out = sim_format("more than %d faults planned", FAULTS_MAX);
        return false;
    }
    planned.kind = sim_copy(kind);
    faults->list[faults->count++] = planned;
    return true;
}

json_t *sim_faults_json(const struct sim_faults *faults)
{
    json_t *all = json_array();
    for (size_t i = 0; i < faults->count; i++) {
        const struct planned *planned = &faults->list[i];
        json_array_append_new(all,
                              json_pack("{s:s, s:s, s:I, s:I}", "kind", planned->kind, "do",
                                        planned->row->name, "nth", (json_int_t)planned->skip + 1,
                                        "times", (json_int_t)planned->times));
    }
    return all;
}

static void remove_planned(struct sim_faults *faults, size_t at)
{
    free(faults->list[at].kind);
    faults->count--;
    memmove(&faults->list[at], &faults->list[at + 1],
            (faults->count - at) * sizeof(faults->list[0]));
}

struct sim_fault sim_faults_take(struct sim_faults *faults, const char *kind)
{
    struct sim_fault taken = { .action = SIM_FAULT_NONE };
    for (size_t i = 0; i < faults->count;) {
        struct planned *planned = &faults->list[i];
        bool matches = sim_same(planned->kind, "*") || sim_same(planned->kind, kind);
        if (matches && planned->skip > 0) {
            planned->skip--;
        } else if (matches && taken.action == SIM_FAULT_NONE) {
            taken = planned->fault;
            if (--planned->times == 0) {
                remove_planned(faults, i);
                continue;
            }
        }
        i++;
    }
    return taken;
}
