/* duet-torture: simulated worlds by the thousand, each from a seed; finds what breaks a promise, and makes its story short. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/torture/run.h"

enum {
    JOBS_MAX = 64,
    TOLD_MAX = 5,
    REPEATED = 20,
    EXIT_VIOLATED = 1,
    EXIT_USAGE = 2,
    EXIT_WORLD = 3
};

struct options {
    uint64_t first, seeds;
    unsigned only; /* faults, as bits */
    unsigned jobs;
    unsigned expected; /* a statement; 0: none */
    bool is_traced;
};

struct tally {
    uint64_t schedules, violations, requests, writes;
    uint64_t by_fault[SCHEDULE_FAULT_COUNT], violated_by_fault[SCHEDULE_FAULT_COUNT];
    uint64_t by_statement[JUDGE_STATEMENTS + 1];
    uint64_t failing[TOLD_MAX]; /* seeds */
};

static const char USAGE[] =
    "usage: duet-torture [--seeds N] [--first S] [--fault F]... [--jobs N] [--trace]\n"
    "\n"
    "  --seeds N   how many schedules (100)\n"
    "  --first S   the first seed (0)\n"
    "  --fault F   draws faults of this kind alone, in every schedule; may be given several times\n"
    "  --jobs N    processes side by side (one for each processor)\n"
    "  --expect S  ends as soon as statement S was broken, with 0; with 1 when it never was: for "
    "engines with a bug\n"
    "  --trace     tells all that happens in the first schedule, and runs no other\n"
    "\n"
    "Exit status: 0 when no promise was broken, 1 when one was, 2 for a mistake in the call.\n"
    "\n"
    "faults:\n";

static void usage(FILE *out)
{
    fputs(USAGE, out);
    for (unsigned fault = 0; fault < SCHEDULE_FAULT_COUNT; fault++)
        fprintf(out, "  %-4s %s\n", schedule_fault_number((enum schedule_fault)fault),
                schedule_fault_meaning((enum schedule_fault)fault));
}

/* --- one schedule ------------------------------------------------------------------------------------------------- */

/* Leaves out every event without which the same statement is still violated. */
static void shrink(const struct world_common *common, struct schedule *schedule, unsigned violated)
{
    struct run_outcome outcome;
    for (bool is_shorter = true; is_shorter;) {
        is_shorter = false;
        for (size_t i = schedule->count; i > 0; i--) {
            struct event *event = &schedule->events[i - 1];
            if (event->is_left_out)
                continue;
            event->is_left_out = true;
            run_schedule(common, schedule, NULL, &outcome);
            if (outcome.violated & violated)
                is_shorter = true;
            else
                event->is_left_out = false;
        }
    }
}

static void tell_story(const struct world_common *common, struct schedule *schedule,
                       const struct run_outcome *outcome, FILE *out)
{
    struct run_outcome again;
    shrink(common, schedule, outcome->violated);
    run_schedule(common, schedule, NULL, &again);
    fprintf(out, "seed %" PRIu64 ": %s\n", schedule->seed, again.text);
    for (size_t i = 0; i < schedule->count; i++) {
        if (!schedule->events[i].is_left_out)
            run_tell_event(&schedule->events[i], out);
    }
}

static void count(struct tally *tally, const struct schedule *schedule,
                  const struct run_outcome *outcome)
{
    tally->schedules++;
    tally->requests += outcome->requests;
    tally->writes += outcome->writes;
    if (outcome->violated && tally->violations < TOLD_MAX)
        tally->failing[tally->violations] = schedule->seed;
    tally->violations += outcome->violated != 0;
    for (unsigned s = 1; s <= JUDGE_STATEMENTS; s++)
        tally->by_statement[s] += outcome->violated >> s & 1U;
    for (unsigned f = 0; f < SCHEDULE_FAULT_COUNT; f++) {
        tally->by_fault[f] += schedule->faults >> f & 1U;
        tally->violated_by_fault[f] += (schedule->faults >> f & 1U) && outcome->violated;
    }
}

/* --- side by side ------------------------------------------------------------------------------------------------- */

/* Statement 13: the same seed, the same trace. */
static bool runs_alike(const struct world_common *common, const struct schedule *schedule,
                       uint64_t trace)
{
    struct run_outcome again;
    run_schedule(common, schedule, NULL, &again);
    return again.trace == trace;
}

static void work(const struct world_common *common, const struct options *options, unsigned job,
                 struct tally *tally)
{
    for (uint64_t n = job; n < options->seeds; n += options->jobs) {
        struct schedule schedule;
        struct run_outcome outcome;
        schedule_draw(&schedule, options->first + n, options->only);
        run_schedule(common, &schedule, NULL, &outcome);
        if (n % REPEATED == 0 && !runs_alike(common, &schedule, outcome.trace))
            outcome.violated |= 1U << 13;
        count(tally, &schedule, &outcome);
    }
}

static void add(struct tally *all, const struct tally *one)
{
    for (uint64_t i = 0; i < one->violations && i < TOLD_MAX; i++) {
        if (all->violations + i < TOLD_MAX)
            all->failing[all->violations + i] = one->failing[i];
    }
    all->schedules += one->schedules;
    all->violations += one->violations;
    all->requests += one->requests;
    all->writes += one->writes;
    for (unsigned s = 1; s <= JUDGE_STATEMENTS; s++)
        all->by_statement[s] += one->by_statement[s];
    for (unsigned f = 0; f < SCHEDULE_FAULT_COUNT; f++) {
        all->by_fault[f] += one->by_fault[f];
        all->violated_by_fault[f] += one->violated_by_fault[f];
    }
}

static int start_job(const struct world_common *common, const struct options *options, unsigned job)
{
    int ends[2];
    if (pipe(ends) != 0)
        return -1;
    (void)fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        struct tally tally = { 0 };
        close(ends[0]);
        work(common, options, job, &tally);
        bool is_told = write(ends[1], &tally, sizeof tally) == (ssize_t)sizeof tally;
        exit(is_told ? 0 : EXIT_WORLD);
    }
    close(ends[1]);
    return child < 0 ? -1 : ends[0];
}

static bool run_jobs(const struct world_common *common, const struct options *options,
                     struct tally *all)
{
    int ends[JOBS_MAX];
    bool is_whole = true;
    for (unsigned job = 0; job < options->jobs; job++)
        ends[job] = start_job(common, options, job);
    for (unsigned job = 0; job < options->jobs; job++) {
        struct tally one;
        if (ends[job] < 0 || read(ends[job], &one, sizeof one) != (ssize_t)sizeof one)
            is_whole = false;
        else
            add(all, &one);
        if (ends[job] >= 0)
            close(ends[job]);
        (void)wait(NULL);
    }
    return is_whole;
}

/* --- the report --------------------------------------------------------------------------------------------------- */

static void report(const struct world_common *common, const struct options *options,
                   const struct tally *tally)
{
    printf("fault  schedules  violations\n");
    for (unsigned f = 0; f < SCHEDULE_FAULT_COUNT; f++)
        printf("%-5s  %9" PRIu64 "  %10" PRIu64 "  %s\n",
               schedule_fault_number((enum schedule_fault)f), tally->by_fault[f],
               tally->violated_by_fault[f], schedule_fault_meaning((enum schedule_fault)f));
    printf("all    %9" PRIu64 "  %10" PRIu64 "  %" PRIu64 " requests, %" PRIu64 " writes\n",
           tally->schedules, tally->violations, tally->requests, tally->writes);
    for (unsigned s = 1; s <= JUDGE_STATEMENTS; s++) {
        if (tally->by_statement[s])
            printf("statement %u: %" PRIu64 " violations\n", s, tally->by_statement[s]);
    }
    for (uint64_t i = 0; i < tally->violations && i < TOLD_MAX; i++) {
        struct schedule schedule;
        struct run_outcome outcome;
        schedule_draw(&schedule, tally->failing[i], options->only);
        run_schedule(common, &schedule, NULL, &outcome);
        putchar('\n');
        tell_story(common, &schedule, &outcome, stdout);
    }
}

static bool take_fault(const char *name, unsigned *only)
{
    for (unsigned f = 0; f < SCHEDULE_FAULT_COUNT; f++) {
        if (strcmp(name, schedule_fault_number((enum schedule_fault)f)) == 0) {
            *only |= 1U << f;
            return true;
        }
    }
    fprintf(stderr, "torture: no fault '%s'\n", name);
    return false;
}

static bool take_options(int argc, char **argv, struct options *options)
{
    static const struct option LONG[] = {
        { "seeds", required_argument, NULL, 's' }, { "first", required_argument, NULL, 'f' },
        { "fault", required_argument, NULL, 'F' }, { "jobs", required_argument, NULL, 'j' },
        { "trace", no_argument, NULL, 't' },       { "expect", required_argument, NULL, 'e' },
        { "help", no_argument, NULL, 'h' },        { NULL, 0, NULL, 0 },
    };
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *options = (struct options){ .seeds = 100, .jobs = processors > 0 ? (unsigned)processors : 1 };
    for (int option = 0; (option = getopt_long(argc, argv, "", LONG, NULL)) != -1;) {
        if (option == 's')
            options->seeds = strtoull(optarg, NULL, 10);
        else if (option == 'f')
            options->first = strtoull(optarg, NULL, 10);
        else if (option == 'j')
            options->jobs = (unsigned)strtoul(optarg, NULL, 10);
        else if (option == 'e')
            options->expected = (unsigned)strtoul(optarg, NULL, 10);
        else if (option == 't')
            options->is_traced = true;
        else if (option != 'F' || !take_fault(optarg, &options->only)) {
            usage(option == 'h' ? stdout : stderr);
            exit(option == 'h' ? 0 : EXIT_USAGE);
        }
    }
    if (options->jobs == 0 || options->jobs > JOBS_MAX)
        options->jobs = 1;
    return optind == argc;
}

static int run_one(const struct world_common *common, const struct options *options)
{
    struct schedule schedule;
    struct run_outcome outcome;
    schedule_draw(&schedule, options->first, options->only);
    run_schedule(common, &schedule, stdout, &outcome);
    printf("trace %016" PRIx64 ", %" PRIu64 " requests, %" PRIu64 " writes, %" PRIu64 " points\n",
           outcome.trace, outcome.requests, outcome.writes, outcome.points);
    if (!outcome.violated)
        return 0;
    tell_story(common, &schedule, &outcome, stdout);
    return EXIT_VIOLATED;
}

static int look_for(const struct world_common *common, const struct options *options)
{
    for (uint64_t n = 0; n < options->seeds; n++) {
        struct schedule schedule;
        struct run_outcome outcome;
        schedule_draw(&schedule, options->first + n, options->only);
        run_schedule(common, &schedule, NULL, &outcome);
        if (outcome.violated >> options->expected & 1U) {
            printf("found: seed %" PRIu64 ", schedule %" PRIu64 "\n%s\n", schedule.seed, n + 1,
                   outcome.text);
            return 0;
        }
    }
    printf("statement %u holds in all of %" PRIu64 " schedules\n", options->expected,
           options->seeds);
    return EXIT_VIOLATED;
}

int main(int argc, char **argv)
{
    struct options options;
    struct world_common common;
    struct tally tally = { 0 };
    if (!take_options(argc, argv, &options)) {
        usage(stderr);
        return EXIT_USAGE;
    }
    if (!world_common_open(&common))
        return EXIT_WORLD;
    int status = 0;
    if (options.is_traced) {
        status = run_one(&common, &options);
    } else if (options.expected) {
        status = look_for(&common, &options);
    } else if (!run_jobs(&common, &options, &tally)) {
        fputs("torture: a process ended before its time\n", stderr);
        status = EXIT_WORLD;
    } else {
        report(&common, &options, &tally);
        status = tally.violations > 0 ? EXIT_VIOLATED : 0;
    }
    world_common_close(&common);
    return status;
}
