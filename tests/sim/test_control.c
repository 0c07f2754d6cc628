/* Tests of what both simulators share: the command line, faults, the log, the clock, switches. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/sim/client.h"
#include "tests/sim/text.h"

/* A write that needs no token round: the SOAR's, with a key. */
static const char CREATE[] = "/api/Command/CreateAnIncident";

static int start(void **state)
{
    static const char *const ARGUMENTS[] = { "smartsoar", "--key", "K:svc:SOC", NULL };
    struct client *client = sim_alloc(sizeof(*client));
    client_start(client, ARGUMENTS);
    client_set_header(client, sim_copy("d3key: K"));
    *state = client;
    return 0;
}

static int stop(void **state)
{
    client_stop(*state);
    free(*state);
    return 0;
}

static json_t *creation(void)
{
    return json_pack("{s:s, s:s, s:{s:s}}", "Username", "svc", "Site", "SOC", "CommandParams",
                     "IncidentType", "Sentinel");
}

static size_t stored(struct client *client)
{
    json_t *records = client_send(client, "GET", "/_sim/records", NULL);
    size_t count = json_array_size(client_at(records, "incidents"));
    json_decref(records);
    return count;
}

static void plan(struct client *client, json_t *fault)
{
    assert_int_equal(client_do(client, "POST", "/_sim/faults", fault), 200);
}

static void plan_one(struct client *client, const char *what)
{
    plan(client, json_pack("{s:s, s:s}", "kind", "CreateAnIncident", "do", what));
}

static void the_command_line_refuses_what_it_does_not_know(void **unused)
{
    static const char *const WRONG[][5] = {
        { NULL },
        { "sentinal", NULL },
        { "sentinel", "--prot", "1", NULL },
        { "sentinel", "--set", "etags=optional", NULL },
        { "sentinel", "--set", "etag=maybe", NULL },
        { "sentinel", "--set", "etag", NULL },
        { "sentinel", "--client", "a:b:c", NULL },
        { "sentinel", "--port", "70000", NULL },
        { "smartsoar", "--key", "K", NULL },
        { "smartsoar", "--key", NULL },
        { "smartsoar", "--clock", "noon", NULL },
    };
    static const char *const HELP[] = { "sentinel", "--help", NULL };
    (void)unused;
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++)
        assert_int_equal(client_exit_status(WRONG[i]), 2);
    assert_int_equal(client_exit_status(HELP), 0);
}

static void a_refusal_is_not_applied(void **state)
{
    struct client *client = *state;
    plan(client, json_pack("{s:s, s:s, s:i, s:i, s:i}", "kind", "*", "do", "429", "nth", 2, "times",
                           2, "retry_after", 7));
    assert_int_equal(client_do(client, "POST", CREATE, creation()), 200);
    assert_int_equal(client_do(client, "POST", CREATE, creation()), 429);
    assert_non_null(strstr(client->headers, "Retry-After: 7"));
    assert_int_equal(client_do(client, "POST", CREATE, creation()), 429);
    assert_int_equal(client_do(client, "POST", CREATE, creation()), 200);
    assert_int_equal(stored(client), 2);
}

static void connections_are_cut_before_or_after(void **state)
{
    struct client *client = *state;
    plan_one(client, "drop-before");
    assert_int_equal(client_do(client, "POST", CREATE, creation()), 0);
    assert_int_equal(stored(client), 0);
    plan_one(client, "drop-after");
    assert_int_equal(client_do(client, "POST", CREATE, creation()), 0);
    assert_int_equal(stored(client), 1);
    plan_one(client, "cut");
    assert_int_equal(client_do(client, "POST", CREATE, creation()), 0);
    assert_int_equal(stored(client), 2);
    json_t *requests = client_send(client, "GET", "/_sim/requests", NULL);
    assert_true(json_is_false(client_at(requests, "log.0.applied")));
    assert_true(json_is_true(client_at(requests, "log.1.applied")));
    assert_int_equal(json_integer_value(client_at(requests, "status.0")), 3);
    json_decref(requests);
}

static void garbage_and_slowness(void **state)
{
    struct client *client = *state;
    plan_one(client, "garbage");
    json_t *answer = client_send(client, "POST", CREATE, creation());
    assert_int_equal(client->status, 200);
    assert_null(answer);
    plan(client, json_pack("{s:s, s:s, s:i}", "kind", "*", "do", "slow", "delay_ms", 1));
    assert_int_equal(client_do(client, "POST", CREATE, creation()), 200);
    assert_int_equal(stored(client), 1);
}

/* A process of its own does one request; its exit status is 0 when that was answered by 200. */
static pid_t request_aside(const struct client *client)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    struct client other = *client;
    other.text = NULL;
    _exit(client_do(&other, "POST", CREATE, creation()) == 200 ? 0 : 1);
}

static void wait_for_arrival(struct client *client)
{
    for (;;) {
        json_t *requests = client_send(client, "GET", "/_sim/requests", NULL);
        bool there = json_array_size(client_at(requests, "log")) > 0;
        json_decref(requests);
        if (there)
            return;
    }
}

static void a_hanging_request_stands_in_nobodys_way(void **state)
{
    struct client *client = *state;
    int status = 0;
    plan_one(client, "hang");
    pid_t pid = request_aside(client);
    wait_for_arrival(client);
    assert_int_equal(stored(client), 0);
    assert_int_equal(client_do(client, "POST", CREATE, creation()), 200);
    assert_int_equal(client_do(client, "POST", "/_sim/release", NULL), 200);
    waitpid(pid, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(stored(client), 2);
}

static void a_client_that_gave_up_is_not_served_behind_its_back(void **state)
{
    struct client *client = *state;
    plan_one(client, "hang");
    pid_t pid = request_aside(client);
    wait_for_arrival(client);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    assert_int_equal(client_do(client, "POST", "/_sim/release", NULL), 200);
    assert_int_equal(client_do(client, "POST", CREATE, creation()), 200);
    assert_int_equal(stored(client), 1);
}

/* The client waits at a pipe until the fault that names it stands. */
static pid_t request_when_told(const struct client *client, int *tell_out)
{
    int tell[2];
    assert_int_equal(pipe(tell), 0);
    pid_t pid = fork();
    if (pid != 0) {
        close(tell[0]);
        *tell_out = tell[1];
        return pid;
    }
    char go = 0;
    struct client other = *client;
    other.text = NULL;
    if (read(tell[0], &go, 1) == 1)
        client_do(&other, "POST", CREATE, creation());
    pause(); /* answered or not: it lives until it is killed */
    _exit(0);
}

static void kill_at(struct client *client, const char *what, size_t expected)
{
    int status = 0;
    int tell = -1;
    pid_t pid = request_when_told(client, &tell);
    plan(client,
         json_pack("{s:s, s:s, s:i}", "kind", "CreateAnIncident", "do", what, "pid", (int)pid));
    assert_int_equal(write(tell, "x", 1), 1);
    close(tell);
    waitpid(pid, &status, 0);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    assert_int_equal(stored(client), expected);
}

static void the_client_is_killed_where_asked(void **state)
{
    struct client *client = *state;
    kill_at(client, "kill-before", 0);
    kill_at(client, "kill-applied", 1);
    kill_at(client, "kill-answered", 2);
}

static void faults_that_make_no_sense_are_refused(void **state)
{
    struct client *client = *state;
    assert_int_equal(client_do(client, "POST", "/_sim/faults",
                               json_pack("{s:s, s:s}", "kind", "CreateIncidents", "do", "500")),
                     400);
    assert_non_null(strstr(client->text, "did you mean"));
    assert_int_equal(client_do(client, "POST", "/_sim/faults",
                               json_pack("{s:s, s:s}", "kind", "*", "do", "explode")),
                     400);
    assert_int_equal(client_do(client, "POST", "/_sim/faults",
                               json_pack("{s:s, s:s}", "kind", "*", "do", "kill-before")),
                     400);
    plan_one(client, "500");
    assert_int_equal(client_do(client, "DELETE", "/_sim/faults", NULL), 200);
    assert_int_equal(client_do(client, "POST", CREATE, creation()), 200);
}

static void requests_are_counted(void **state)
{
    struct client *client = *state;
    client_do(client, "POST", CREATE, creation());
    client_do(client, "POST", "/api/command/createanincident", creation());
    client_do(client, "GET", "/nowhere?a=b", NULL);
    json_t *requests = client_send(client, "GET", "/_sim/requests", NULL);
    assert_int_equal(json_integer_value(client_at(requests, "counts.CreateAnIncident")), 2);
    assert_int_equal(json_integer_value(client_at(requests, "counts.other")), 1);
    assert_int_equal(json_integer_value(client_at(requests, "counts.total")), 3);
    assert_int_equal(json_integer_value(client_at(requests, "status.404")), 1);
    assert_string_equal(client_text_at(requests, "log.0.body.Username"), "svc");
    assert_string_equal(client_text_at(requests, "log.2.query"), "a=b");
    json_decref(requests);
    requests = client_send(client, "POST", "/_sim/requests/reset", NULL);
    assert_int_equal(json_integer_value(client_at(requests, "counts.total")), 0);
    json_decref(requests);
}

static void the_clock_is_real_until_it_is_set(void **state)
{
    struct client *client = *state;
    json_t *clock = client_send(client, "GET", "/_sim/clock", NULL);
    assert_true(json_is_false(client_at(clock, "manual")));
    json_decref(clock);
    client_do(client, "POST", "/_sim/clock", json_pack("{s:s}", "set", "2026-01-01T00:00:00Z"));
    clock = client_send(client, "POST", "/_sim/clock", json_pack("{s:f}", "advance", 1.5));
    assert_string_equal(client_text_at(clock, "now"), "2026-01-01T00:00:01.5Z");
    assert_true(json_is_true(client_at(clock, "manual")));
    json_decref(clock);
    assert_int_equal(client_do(client, "POST", "/_sim/clock", json_pack("{s:s}", "set", "noon")),
                     400);
}

static void switches_are_read_and_set(void **state)
{
    struct client *client = *state;
    json_t *all = client_send(client, "GET", "/_sim/switches", NULL);
    assert_string_equal(client_text_at(all, "notes"), "listed");
    assert_int_equal(json_integer_value(client_at(all, "rate_limit")), 50);
    json_decref(all);
    assert_int_equal(
        client_do(client, "POST", "/_sim/switches", json_pack("{s:b}", "required_on_close", 1)),
        200);
    assert_int_equal(
        client_do(client, "POST", "/_sim/switches", json_pack("{s:s}", "note", "listed")), 400);
    assert_non_null(strstr(client->text, "did you mean 'notes'?"));
    assert_int_equal(client_do(client, "POST", "/_sim/nothing", NULL), 404);
    json_decref(client_send_text(client, "POST", "/_sim/edit", "{"));
    assert_int_equal(client->status, 400);
}

#define WITH_SIMULATOR(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_command_line_refuses_what_it_does_not_know),
        WITH_SIMULATOR(a_refusal_is_not_applied),
        WITH_SIMULATOR(connections_are_cut_before_or_after),
        WITH_SIMULATOR(garbage_and_slowness),
        WITH_SIMULATOR(a_hanging_request_stands_in_nobodys_way),
        WITH_SIMULATOR(a_client_that_gave_up_is_not_served_behind_its_back),
        WITH_SIMULATOR(the_client_is_killed_where_asked),
        WITH_SIMULATOR(faults_that_make_no_sense_are_refused),
        WITH_SIMULATOR(requests_are_counted),
        WITH_SIMULATOR(the_clock_is_real_until_it_is_set),
        WITH_SIMULATOR(switches_are_read_and_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
