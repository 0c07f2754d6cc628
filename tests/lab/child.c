#include "tests/lab/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/lab/text.h"

extern char **environ;

enum { CHILDREN_MAX = 32, WORDS_MAX = 64, LINE_SECONDS = 20, STOP_SECONDS = 30 };

static pid_t running[CHILDREN_MAX];

static void end_all(void)
{
    for (size_t i = 0; i < CHILDREN_MAX; i++)
        if (running[i] > 0)
            kill(running[i], SIGKILL);
}

static void remember(pid_t pid)
{
    static bool registered;
    if (!registered)
        atexit(end_all);
    registered = true;
    for (size_t i = 0; i < CHILDREN_MAX; i++) {
        if (running[i] == 0) {
            running[i] = pid;
            return;
        }
    }
    lab_fail("more than %d child processes", CHILDREN_MAX);
}

static void forget(pid_t pid)
{
    for (size_t i = 0; i < CHILDREN_MAX; i++)
        if (running[i] == pid)
            running[i] = 0;
}

void lab_pause(void)
{
    static const struct timespec pause = { .tv_nsec = 5 * 1000 * 1000 };
    nanosleep(&pause, NULL);
}

double lab_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* This process' variables but those that `variables` sets, then these. The array is to be freed, the texts are borrowed. */
static char **join_environment(const char *const *variables)
{
    size_t own = 0;
    size_t added = 0;
    size_t used = 0;
    while (environ[own])
        own++;
    while (variables && variables[added])
        added++;
    char **all = calloc(own + added + 1, sizeof(*all));
    if (!all)
        abort();
    for (size_t i = 0; i < own; i++) {
        bool replaced = false;
        for (size_t j = 0; j < added; j++)
            replaced =
                replaced || strncmp(environ[i], variables[j], strcspn(variables[j], "=") + 1) == 0;
        if (!replaced)
            all[used++] = environ[i];
    }
    for (size_t j = 0; j < added; j++)
        memcpy(&all[used++], &variables[j], sizeof(*all)); /* execve takes them without const */
    return all;
}

static int open_output(const char *path)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0)
        lab_fail("can't write '%s': %s", path, strerror(errno));
    return file;
}

static void wait_at_gate(const int gate[2])
{
    char byte;
    close(gate[1]);
    while (read(gate[0], &byte, 1) < 0 && errno == EINTR) {}
}

void lab_child_prepare(struct lab_child *child, const char *const *words,
                       const char *const *variables, const char *out, const char *err)
{
    int gate[2];
    char *copies[WORDS_MAX];
    char **environment = join_environment(variables);
    size_t count = 0;
    for (; words[count] && count + 1 < WORDS_MAX; count++)
        memcpy(&copies[count], &words[count], sizeof(copies[0]));
    copies[count] = NULL;
    if (count == 0)
        lab_fail("no program to start");
    int out_file = open_output(out);
    int err_file = open_output(err);
    pid_t parent = getpid();
    lab_child_end(child);
    if (pipe(gate) != 0)
        lab_fail("no pipe: %s", strerror(errno));
    fcntl(gate[0], F_SETFD, FD_CLOEXEC);
    fcntl(gate[1], F_SETFD, FD_CLOEXEC);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
            _exit(127);
        dup2(out_file, STDOUT_FILENO);
        dup2(err_file, STDERR_FILENO);
        wait_at_gate(gate);
        execve(copies[0], copies, environment);
        _exit(127);
    }
    close(out_file);
    close(err_file);
    close(gate[0]);
    free(environment);
    if (pid < 0)
        lab_fail("can't start '%s': %s", words[0], strerror(errno));
    remember(pid);
    *child = (struct lab_child){
        .pid = pid, .out = lab_copy(out), .err = lab_copy(err), .gate = gate[1]
    };
}

void lab_child_release(struct lab_child *child)
{
    if (child->gate > 0)
        close(child->gate);
    child->gate = 0;
}

void lab_child_start(struct lab_child *child, const char *const *words,
                     const char *const *variables, const char *out, const char *err)
{
    lab_child_prepare(child, words, variables, out, err);
    lab_child_release(child);
}

static bool reap(struct lab_child *child, int flags, int *status_out)
{
    int status = 0;
    if (waitpid(child->pid, &status, flags) != child->pid)
        return false;
    forget(child->pid);
    child->pid = 0;
    child->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    *status_out = child->status;
    return true;
}

int lab_child_wait(struct lab_child *child, int seconds)
{
    int status = -1;
    double deadline = lab_seconds() + seconds;
    while (child->pid > 0 && !reap(child, WNOHANG, &status)) {
        if (lab_seconds() > deadline) {
            kill(child->pid, SIGKILL);
            reap(child, 0, &status);
            return -1;
        }
        lab_pause();
    }
    return status;
}

bool lab_child_runs(struct lab_child *child)
{
    int status = 0;
    return child->pid > 0 && !reap(child, WNOHANG, &status);
}

void lab_child_stop(struct lab_child *child, int expected)
{
    if (child->pid <= 0)
        lab_fail("a process had ended before it was stopped");
    kill(child->pid, SIGTERM);
    int status = lab_child_wait(child, STOP_SECONDS);
    if (status == expected)
        return;
    char *said = lab_read_file(child->err);
    lab_fail("a process ended with %d after SIGTERM, not %d; it said:\n%s", status, expected, said);
}

void lab_child_end(struct lab_child *child)
{
    int status = 0;
    lab_child_release(child);
    if (child->pid > 0) {
        kill(child->pid, SIGKILL);
        reap(child, 0, &status);
    }
    free(child->out);
    free(child->err);
    *child = (struct lab_child){ 0 };
}

/* What follows `start` in a whole line of the text; NULL: there is none (yet). */
static char *find_line(const char *text, const char *start)
{
    const char *found = strstr(text, start);
    const char *end = found ? strchr(found, '\n') : NULL;
    return end ? lab_format("%.*s", (int)(end - found - (long)strlen(start)), found + strlen(start))
               : NULL;
}

char *lab_child_line(struct lab_child *child, const char *file, const char *start)
{
    double deadline = lab_seconds() + LINE_SECONDS;
    for (;;) {
        bool runs = lab_child_runs(child);
        char *text = lab_read_file(file);
        char *rest = find_line(text, start);
        if (rest || !runs || lab_seconds() > deadline) {
            if (!rest)
                lab_fail("no line '%s...' came; there is:\n%s", start, text);
            free(text);
            return rest;
        }
        free(text);
        lab_pause();
    }
}
