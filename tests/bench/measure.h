/* Runs a program from a file to a file and measures it. */
#pragma once

struct bench_measure {
    double wall_seconds;
    double cpu_seconds; /* user and system, of the program alone */
};

/* Runs argv[0] with `input` as stdin and `output` as stdout; its stderr is ours. `argv` ends with NULL.
 * Gives its exit status, or -1 when it can't be started or died of a signal. */
int bench_measure_run(char *const argv[], const char *input, const char *output,
                      struct bench_measure *measure_out);
