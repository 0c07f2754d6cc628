/* What the commands that read a store have in common: which tenants, which store. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/cli/commands.h"
#include "tests/support/store_stage.h"

static const struct duet_command *const commands[] = { &duet_cmd_status, &duet_cmd_held,
                                                       &duet_cmd_conflicts, &duet_cmd_links };

#define COMMANDS (sizeof commands / sizeof commands[0])

static void an_unknown_tenant_is_told(void **state)
{
    struct store_stage *stage = *state;
    for (size_t i = 0; i < COMMANDS; i++) {
        struct cli_result result = ask_text(stage, commands[i], "--tenant", "akme", NULL);
        assert_int_equal(result.status, DUET_EXIT_USAGE);
        assert_non_null(
            strstr(result.err, "the store knows no tenant 'akme'; did you mean 'acme'?"));
        cli_result_finish(&result);
        result = ask_text(stage, commands[i], "--tenant", "shared", NULL);
        assert_int_equal(result.status, DUET_EXIT_USAGE); /* a hub is no tenant */
        cli_result_finish(&result);
    }
}

static void without_a_store_none_is_made(void **state)
{
    struct store_stage *stage = *state;
    char missing[128];
    snprintf(missing, sizeof missing, "%s.missing", stage->path);
    for (size_t i = 0; i < COMMANDS; i++) {
        struct cli_result result = run_command(commands[i], "--store", missing, NULL);
        assert_int_equal(result.status, DUET_EXIT_WORLD);
        assert_string_equal(result.out, "");
        assert_non_null(strstr(result.err, missing));
        assert_int_equal(access(missing, F_OK), -1);
        cli_result_finish(&result);
    }
}

static void the_store_may_be_named_by_the_environment(void **state)
{
    struct store_stage *stage = *state;
    setenv("DUET_STORE", stage->path, 1);
    for (size_t i = 0; i < COMMANDS; i++) {
        struct cli_result result = run_command(commands[i], "--tenant", "acme", NULL);
        assert_int_equal(result.status, DUET_EXIT_FINE);
        cli_result_finish(&result);
    }
    unsetenv("DUET_STORE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_FILLED(an_unknown_tenant_is_told),
        STORE_FILLED(without_a_store_none_is_made),
        STORE_FILLED(the_store_may_be_named_by_the_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
