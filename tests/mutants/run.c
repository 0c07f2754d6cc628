#include "tests/mutants/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dsl/arena.h"

#define TRIAL_SECONDS 120

bool run_chooses(const struct run *run, size_t index)
{
    if (run->only)
        return index + 1 == run->only;
    return index % run->every == 0;
}

/* Each in a process of its own, which leaves what it found in the file. */
static void start(const struct run *run, size_t index, int results)
{
    fflush(NULL);
    pid_t child = fork();
    if (child != 0) {
        if (child < 0) {
            perror("mutate: fork");
            exit(3);
        }
        return;
    }
    alarm(TRIAL_SECONDS);
    const struct trial trial = run->mistakes->try_one(run->mistakes->of, index);
    ssize_t written = pwrite(results, &trial, sizeof trial, (off_t)(index * sizeof trial));
    _exit(written == (ssize_t)sizeof trial ? 0 : 1);
}

static void start_all(const struct run *run, int results)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    long running = 0;
    for (size_t i = 0; i < run->mistakes->count; i++) {
        if (!run_chooses(run, i))
            continue;
        if (running >= processors && wait(NULL) > 0)
            running--;
        start(run, i, results);
        running++;
    }
    while (wait(NULL) > 0)
        continue;
}

void run_trials(struct run *run, struct duet_arena *arena)
{
    FILE *file = tmpfile();
    if (!file) {
        perror("mutate: a temporary file");
        exit(3);
    }
    int results = fileno(file);
    run->mistakes->prepare(run->mistakes->of);
    start_all(run, results);
    size_t count = run->mistakes->count;
    run->trials = duet_arena_alloc_array(arena, count + 1, sizeof *run->trials);
    for (size_t i = 0; i < count; i++) {
        struct trial *trial = &run->trials[i];
        if (pread(results, trial, sizeof *trial, (off_t)(i * sizeof *trial)) !=
            (ssize_t)sizeof *trial)
            *trial = (struct trial){ .outcome = TRIAL_NO_ANSWER };
    }
    fclose(file);
}
