/* `duet sim` becomes duet-sim, with the arguments as given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/cli/commands.h"

static char folder[] = "/tmp/duet-test-sim-XXXXXX";

static void program_path(char *path, size_t size)
{
    snprintf(path, size, "%s/duet-sim", folder);
}

/* A duet-sim that shows its arguments, on PATH. */
static int set_up(void **state)
{
    (void)state;
    char path[64];
    if (!mkdtemp(folder))
        return -1;
    program_path(path, sizeof path);
    FILE *script = fopen(path, "w");
    if (!script)
        return -1;
    fputs("#!/bin/sh\nfor a in \"$@\"; do printf '[%s]' \"$a\"; done\nexit 7\n", script);
    fclose(script);
    return chmod(path, 0700);
}

static int tear_down(void **state)
{
    (void)state;
    char path[64];
    program_path(path, sizeof path);
    unlink(path);
    return rmdir(folder);
}

/* Runs `duet sim --port 0 "a b" --help` in a process of its own; its standard output and errors into `text`. */
static int run_sim(char *text, size_t size)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        char duet[] = "duet";
        char sim[] = "sim";
        char port[] = "--port";
        char spaced[] = "a b";
        char help[] = "--help";
        char *argv[] = { duet, sim, port, spaced, help, NULL };
        const struct duet_io io = { stdin, stdout, stdout };
        int status = (int)duet_main(5, argv, &io);
        fflush(stdout);
        _exit(status);
    }
    close(ends[1]);
    size_t length = 0;
    ssize_t part = 0;
    while ((part = read(ends[0], text + length, size - 1 - length)) > 0)
        length += (size_t)part;
    text[length] = '\0';
    close(ends[0]);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void sim_passes_every_argument_and_the_status(void **state)
{
    (void)state;
    char text[512];
    setenv("PATH", folder, 1);
    assert_int_equal(run_sim(text, sizeof text), 7);
    assert_string_equal(text, "[--port][a b][--help]");
}

static void without_the_program_sim_says_where_it_looked(void **state)
{
    (void)state;
    char text[512];
    setenv("PATH", "/nonexistent", 1);
    assert_int_equal(run_sim(text, sizeof text), DUET_EXIT_WORLD);
    assert_string_equal(text, "duet sim: can't run 'duet-sim' (beside this program or on PATH): No "
                              "such file or directory\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sim_passes_every_argument_and_the_status),
        cmocka_unit_test(without_the_program_sim_says_where_it_looked),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
