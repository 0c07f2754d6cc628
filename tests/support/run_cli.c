#include "tests/support/run_cli.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "engine/cli/commands.h"

#define MOST_ARGUMENTS 64

struct call {
    char *argv[MOST_ARGUMENTS + 1];
    int argc;
};

static struct call call_of(const char *program, const char *const *words)
{
    struct call call = { .argc = 1 };
    call.argv[0] = strdup(program);
    for (; *words && call.argc < MOST_ARGUMENTS; words++)
        call.argv[call.argc++] = strdup(*words);
    return call;
}

/* `command` NULL: by its name. */
static struct cli_result run_call(const struct duet_command *command, struct call *call,
                                  const char *in)
{
    struct cli_result result = { 0 };
    size_t out_length = 0;
    size_t err_length = 0;
    char *text = strdup(in ? in : "");
    FILE *input = *text ? fmemopen(text, strlen(text), "r") : fopen("/dev/null", "r");
    FILE *out = open_memstream(&result.out, &out_length);
    FILE *err = open_memstream(&result.err, &err_length);
    const struct duet_io io = { input, out, err };
    if (!input || !out || !err)
        abort();
    result.status = command ? duet_command_run(command, call->argc, call->argv, &io)
                            : duet_main(call->argc, call->argv, &io);
    fclose(input);
    fclose(out);
    fclose(err);
    free(text);
    for (int i = 0; i < call->argc; i++)
        free(call->argv[i]);
    return result;
}

struct cli_result run_cli_words(const char *in, const char *const *words)
{
    struct call call = call_of("duet", words);
    return run_call(NULL, &call, in);
}

struct cli_result run_command_words(const struct duet_command *command, const char *const *words)
{
    struct call call = call_of(command->name, words);
    return run_call(command, &call, NULL);
}

void cli_result_finish(struct cli_result *result)
{
    free(result->out);
    free(result->err);
    *result = (struct cli_result){ 0 };
}

void cli_result_expect(struct cli_result result, enum duet_exit status, const char *out,
                       const char *err)
{
    assert_string_equal(result.err, err);
    assert_string_equal(result.out, out);
    assert_int_equal(result.status, status);
    cli_result_finish(&result);
}

void cli_write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

void cli_expect_file(const char *name, const char *expected)
{
    char text[4096] = "";
    FILE *file = fopen(name, "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(text, expected);
}
