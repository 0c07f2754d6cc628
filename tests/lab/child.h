/* Child processes that never outlive this one: ended at exit, and by the kernel when this process is killed. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct lab_child {
    pid_t pid; /* 0: not running */
    char *out; /* the file that has its standard output */
    char *err;
    int status; /* once it has ended, as lab_child_wait() tells it */
    int gate;   /* open while a prepared child waits to begin; else 0 */
};

/* `words`: program and arguments, ended by NULL; `variables`: "NAME=value"s beside this process' own, ended by NULL (NULL: none).
 * Output goes to the files `out` and `err` (may be the same), which are emptied first. */
void lab_child_start(struct lab_child *child, const char *const *words,
                     const char *const *variables, const char *out, const char *err);
/* The same, but it does nothing before lab_child_release(): for who needs its process id first. */
void lab_child_prepare(struct lab_child *child, const char *const *words,
                       const char *const *variables, const char *out, const char *err);
void lab_child_release(struct lab_child *child);
/* Its exit status, 128 + N when signal N ended it, -1 when it was still running after `seconds` (then it is killed). */
int lab_child_wait(struct lab_child *child, int seconds);
bool lab_child_runs(struct lab_child *child);
/* SIGTERM, then as above; fails when it doesn't end with `expected`. */
void lab_child_stop(struct lab_child *child, int expected);
/* Kills it if it runs, forgets its files. Safe on a zeroed child. */
void lab_child_end(struct lab_child *child);

/* What follows `start` in the first line of the file that has it, to be freed; fails when there is none after 20 s or the child ends. */
char *lab_child_line(struct lab_child *child, const char *file, const char *start);

/* A pause between two looks at something that another process does. */
void lab_pause(void);
/* Seconds on a clock that never goes back. */
double lab_seconds(void);
