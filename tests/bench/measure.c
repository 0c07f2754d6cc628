#include "tests/bench/measure.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double wall_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Of all children that have ended. */
static double children_cpu(void)
{
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* In the child: doesn't return. */
static void become(char *const argv[], const char *input, const char *output)
{
    int in = open(input, O_RDONLY);
    int out = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (in >= 0 && out >= 0 && dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0)
        execv(argv[0], argv);
    _exit(127);
}

int bench_measure_run(char *const argv[], const char *input, const char *output,
                      struct bench_measure *measure_out)
{
    int status;
    double cpu_before = children_cpu();
    double wall_before = wall_now();
    pid_t child = fork();
    if (child == 0)
        become(argv, input, output);
    if (child < 0 || waitpid(child, &status, 0) != child)
        return -1;

    measure_out->wall_seconds = wall_now() - wall_before;
    measure_out->cpu_seconds = children_cpu() - cpu_before;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
