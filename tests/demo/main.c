/* duet-demo: both simulated systems, the engine between them, people who edit on both sides. Ends 0 only if every edit arrived, nothing
 * was echoed and the engine is quiet at the end. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/demo/tell.h"
#include "tests/lab/story.h"
#include "tests/lab/text.h"

enum { DEADLINE_SECONDS = 30, CALM_POLLS = 2, QUIET_POLLS = 10, TENANTS = 2 };

static volatile sig_atomic_t stopped; /* by a signal; looked at while waiting */
static struct story demo;             /* what must be ended is reachable from every way out */

static void end_demo(void)
{
    lab_end(&demo.lab);
}

static void note_stop(int signal_number)
{
    (void)signal_number;
    stopped = 1;
}

static void say_failure(const char *message)
{
    tell(TELL_BAD, "\n%s\n", message);
    if (demo.lab.engine.out) {
        char *said = lab_read_file(demo.lab.engine.out);
        size_t length = strlen(said);
        tell(TELL_FAINT, "the engine's last lines:\n%s\n",
             said + (length > 2000 ? length - 2000 : 0));
        free(said);
    }
    exit(EXIT_FAILURE);
}

static void check_engine(void)
{
    if (stopped)
        lab_fail("stopped");
    if (!lab_child_runs(&demo.lab.engine))
        lab_fail("the engine ended");
}

/* Waits until both systems were polled so often from now on. */
static void wait_for_polls(long count)
{
    double deadline = lab_seconds() + DEADLINE_SECONDS;
    long siem = lab_count(&demo.lab.siem, "list incidents") + count * TENANTS;
    long soar = lab_count(&demo.lab.soar, "GetIncidents") + count;
    while (lab_count(&demo.lab.siem, "list incidents") < siem ||
           lab_count(&demo.lab.soar, "GetIncidents") < soar) {
        check_engine();
        if (lab_seconds() > deadline)
            lab_fail("the engine stopped polling");
        lab_pause();
    }
}

static void expect_writes(const struct story_step *step, struct lab_system *system, int expected)
{
    long writes = lab_writes(system);
    if (expected != STORY_ANY_NUMBER && writes != expected)
        lab_fail("'%s' cost %ld writes to %s, not %d", step->edit, writes, system->name, expected);
}

static void tell_cost(double seconds)
{
    long siem = lab_writes(&demo.lab.siem);
    long soar = lab_writes(&demo.lab.soar);
    tell(TELL_FAINT, "  (%.1f s", seconds);
    if (siem > 0)
        tell(TELL_FAINT, ", %ld write%s to Sentinel", siem, siem == 1 ? "" : "s");
    if (soar > 0)
        tell(TELL_FAINT, ", %ld write%s to the SOAR", soar, soar == 1 ? "" : "s");
    if (siem + soar == 0)
        tell(TELL_FAINT, ", no write");
    tell(TELL_FAINT, ")\n");
}

/* The edit, the wait for what comes of it, then some more polls in which nothing may be written. */
static void play(const struct story_step *step, size_t number)
{
    lab_reset_all_counts(&demo.lab);
    tell(TELL_TITLE, "%2zu  %s\n", number, step->edit);
    step->act(&demo);
    double begun = lab_seconds();
    while (!step->arrived(&demo)) {
        check_engine();
        if (lab_seconds() > begun + DEADLINE_SECONDS)
            lab_fail("did not arrive: %s", step->arrives);
        lab_pause();
    }
    double took = lab_seconds() - begun;
    wait_for_polls(CALM_POLLS);
    if (!step->arrived(&demo))
        lab_fail("did not stay: %s", step->arrives);
    expect_writes(step, &demo.lab.siem, step->siem_writes);
    expect_writes(step, &demo.lab.soar, step->soar_writes);
    tell(TELL_GOOD, "    -> %s", step->arrives);
    tell_cost(took);
}

static void expect_quiet(void)
{
    lab_reset_all_counts(&demo.lab);
    wait_for_polls(QUIET_POLLS);
    long writes = lab_writes(&demo.lab.siem) + lab_writes(&demo.lab.soar);
    if (writes > 0)
        lab_fail("%ld writes after the last edit", writes);
    tell(TELL_PLAIN, "\n%d polls without a write", QUIET_POLLS);
    tell(TELL_FAINT,
         "  (%ld requests to Sentinel for two tenants, %ld to the SOAR that they share)\n",
         lab_count(&demo.lab.siem, "total"), lab_count(&demo.lab.soar, "total"));
}

static void catch_signals(void)
{
    struct sigaction action = { 0 };
    action.sa_handler = note_stop;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
}

int main(void)
{
    lab_on_failure = say_failure;
    catch_signals();
    atexit(end_demo);
    lab_open(&demo.lab,
             &(struct lab_options){
                 .tenants = TENANTS, .hooks = true, .real_time = true, .every = "250ms" });
    lab_start_engine(&demo.lab);
    tell(TELL_PLAIN, "A simulated Sentinel (workspaces acme and beta), a simulated Smart SOAR that "
                     "both share, and duet\n"
                     "between them. Each edit below is a person's, on one side.\n\n");
    for (size_t i = 0; i < STORY_STEP_COUNT; i++)
        play(&STORY_STEPS[i], i + 1);
    expect_quiet();
    lab_stop_engine(&demo.lab);
    lab_close(&demo.lab);
    tell(TELL_GOOD, "every edit is on both sides, nothing was echoed\n");
    return EXIT_SUCCESS;
}
