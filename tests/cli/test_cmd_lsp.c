/* `duet lsp` from the first byte to the exit status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/run_cli.h"

#define START "{\"id\":1,\"method\":\"initialize\",\"params\":{}}"
#define SHUTDOWN "{\"id\":2,\"method\":\"shutdown\"}"
#define BATCH "[{\"id\":1,\"method\":\"initialize\",\"params\":{}}]"
#define EXIT "{\"method\":\"exit\"}"

/* The messages, NULL at the end, as bytes; for free(). */
static char *bytes_of(const char *const *messages)
{
    char *bytes = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&bytes, &length);
    assert_non_null(out);
    for (; *messages; messages++)
        fprintf(out, "Content-Length: %zu\r\n\r\n%s", strlen(*messages), *messages);
    fclose(out);
    return bytes;
}

static struct cli_result told(const char *const *messages)
{
    char *bytes = bytes_of(messages);
    struct cli_result result = run_cli(bytes, "lsp", NULL);
    free(bytes);
    assert_string_equal(result.err, "");
    return result;
}

#define TOLD(...) told((const char *const[]){ __VA_ARGS__, NULL })

static void expect_status(struct cli_result result, enum duet_exit status)
{
    assert_int_equal(result.status, status);
    cli_result_finish(&result);
}

static void only_an_end_in_order_is_fine(void **state)
{
    (void)state;
    expect_status(TOLD(START, SHUTDOWN, EXIT), DUET_EXIT_FINE);
    expect_status(TOLD(START, EXIT), DUET_EXIT_FINDINGS);
    expect_status(TOLD(EXIT), DUET_EXIT_FINDINGS);
    /* The editor is gone. */
    expect_status(TOLD(START), DUET_EXIT_FINDINGS);
    expect_status(TOLD(START, SHUTDOWN), DUET_EXIT_FINDINGS);
    expect_status(run_cli("", "lsp", "--stdio", NULL), DUET_EXIT_FINDINGS);
}

static void what_is_cancelled_behind_a_request_is_not_done(void **state)
{
    (void)state;
    struct cli_result result =
        TOLD(START, "{\"id\":7,\"method\":\"workspace/symbol\",\"params\":{\"query\":\"\"}}",
             "{\"method\":\"$/cancelRequest\",\"params\":{\"id\":7}}", SHUTDOWN, EXIT);
    assert_non_null(strstr(result.out, "\"code\":-32800"));
    assert_null(strstr(result.out, "\"id\":7,\"result\""));
    expect_status(result, DUET_EXIT_FINE);
}

/* JSON-RPC's batches aren't part of LSP; what stands behind one is done. */
static void a_batch_is_refused_and_what_follows_is_done(void **state)
{
    (void)state;
    struct cli_result result = TOLD(BATCH, "7", START, SHUTDOWN, EXIT);
    assert_non_null(strstr(result.out, "\"code\":-32600"));
    assert_non_null(strstr(result.out, "\"capabilities\""));
    expect_status(result, DUET_EXIT_FINE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_an_end_in_order_is_fine),
        cmocka_unit_test(what_is_cancelled_behind_a_request_is_not_done),
        cmocka_unit_test(a_batch_is_refused_and_what_follows_is_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
