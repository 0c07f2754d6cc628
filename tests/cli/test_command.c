/* Options, operands and help, on a command made for it; and the table of commands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/cli/commands.h"
#include "tests/support/run_cli.h"

/* Writes what it was given, so that a test sees how it was read. */
static enum duet_exit echo(const struct duet_arguments *arguments)
{
    FILE *out = duet_arguments_io(arguments)->out;
    long number = 7;
    if (!duet_option_number(arguments, "count", 1, 100, &number))
        return DUET_EXIT_USAGE;
    fprintf(out, "format=%s loud=%d count=%ld", duet_option_text(arguments, "format", "text"),
            duet_option_given(arguments, "loud"), number);
    const char *table = NULL;
    for (size_t i = 0; (table = duet_option_at(arguments, "table", i)); i++)
        fprintf(out, " table=%s", table);
    for (size_t i = 0; i < duet_operand_count(arguments); i++)
        fprintf(out, " [%s]", duet_operand(arguments, i));
    return DUET_EXIT_FINE;
}

static const struct duet_option options[] = {
    { "format", 'f', "text|json", "how it is shown" },
    { "loud", 'l', NULL, "more" },
    { "count", 0, "N", "how often" },
    { "table", 't', "NAME=CSV", "a table of persons" },
    { NULL, 0, NULL, NULL },
};

static const struct duet_command echo_command = {
    .name = "echo",
    .usage = "FILE...",
    .summary = "shows",
    .help = "Shows what it was given.",
    .options = options,
    .least = 1,
    .most = 2,
    .run = echo,
};

static const struct duet_command raw_command = {
    .name = "raw",
    .usage = "ARGUMENTS",
    .summary = "shows",
    .help = "Shows all.",
    .options = options,
    .most = SIZE_MAX,
    .takes_all = true,
    .run = echo,
};

static void options_may_stand_anywhere(void **state)
{
    (void)state;
    const char *expected = "format=json loud=1 count=3 [a] [b]";
    cli_result_expect(
        run_command(&echo_command, "a", "--format", "json", "-l", "--count=3", "b", NULL), 0,
        expected, "");
    cli_result_expect(
        run_command(&echo_command, "--format=json", "--loud", "--count", "3", "a", "b", NULL), 0,
        expected, "");
    cli_result_expect(run_command(&echo_command, "-fjson", "-l", "--count=3", "a", "b", NULL), 0,
                      expected, "");
    cli_result_expect(run_command(&echo_command, "-f", "json", "-l", "--count=3", "a", "b", NULL),
                      0, expected, "");
}

static void the_last_of_several_values_counts_or_all_do(void **state)
{
    (void)state;
    cli_result_expect(run_command(&echo_command, "a", "--format", "json", "--format", "text", "-t",
                                  "p=1", "--table", "q=2", NULL),
                      0, "format=text loud=0 count=7 table=p=1 table=q=2 [a]", "");
}

static void two_dashes_end_the_options(void **state)
{
    (void)state;
    cli_result_expect(run_command(&echo_command, "--", "--format", "-", NULL), 0,
                      "format=text loud=0 count=7 [--format] [-]", "");
}

static void a_command_may_take_everything_as_it_is(void **state)
{
    (void)state;
    cli_result_expect(run_command(&raw_command, "--help", "--fromat", "--", "-x", NULL), 0,
                      "format=text loud=0 count=7 [--help] [--fromat] [--] [-x]", "");
}

#define USAGE "usage: duet echo [OPTIONS] FILE...\n"

static void an_unknown_option_says_what_was_meant(void **state)
{
    (void)state;
    cli_result_expect(run_command(&echo_command, "a", "--fromat", "json", NULL), 2, "",
                      "duet echo: unknown option '--fromat'; did you mean '--format'?\n" USAGE);
    cli_result_expect(run_command(&echo_command, "a", "--fromat=json", NULL), 2, "",
                      "duet echo: unknown option '--fromat'; did you mean '--format'?\n" USAGE);
    cli_result_expect(run_command(&echo_command, "a", "--hlep", NULL), 2, "",
                      "duet echo: unknown option '--hlep'; did you mean '--help'?\n" USAGE);
    cli_result_expect(run_command(&echo_command, "a", "--zzzzzz", NULL), 2, "",
                      "duet echo: unknown option '--zzzzzz'\n" USAGE);
    cli_result_expect(run_command(&echo_command, "a", "-x", NULL), 2, "",
                      "duet echo: unknown option '-x'\n" USAGE);
}

static void wrong_values_are_named(void **state)
{
    (void)state;
    cli_result_expect(
        run_command(&echo_command, "a", "--format", "jsn", NULL), 2, "",
        "duet echo: '--format' can't be 'jsn', expected text|json; did you mean 'json'?\n" USAGE);
    cli_result_expect(run_command(&echo_command, "a", "--format", "xml", NULL), 2, "",
                      "duet echo: '--format' can't be 'xml', expected text|json\n" USAGE);
    cli_result_expect(run_command(&echo_command, "a", "--format=", NULL), 2, "",
                      "duet echo: '--format' can't be '', expected text|json\n" USAGE);
    cli_result_expect(run_command(&echo_command, "a", "--format", NULL), 2, "",
                      "duet echo: '--format' wants a value: text|json\n" USAGE);
    cli_result_expect(run_command(&echo_command, "a", "--loud=yes", NULL), 2, "",
                      "duet echo: '--loud' has no value\n" USAGE);
    static const char *const numbers[] = { "0", "101", "x", "3x", "", "99999999999999999999" };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char message[128];
        snprintf(message, sizeof message,
                 "duet echo: '--count' wants a whole number from 1 to 100, not '%s'\n", numbers[i]);
        cli_result_expect(run_command(&echo_command, "a", "--count", numbers[i], NULL), 2, "",
                          message);
    }
}

static void operands_are_counted(void **state)
{
    (void)state;
    cli_result_expect(run_command(&echo_command, NULL), 2, "",
                      "duet echo: expected FILE...\n" USAGE);
    cli_result_expect(run_command(&echo_command, "a", "b", "c", NULL), 2, "",
                      "duet echo: unexpected 'c'\n" USAGE);
}

static void help_shows_every_option(void **state)
{
    (void)state;
    const char *help = USAGE "\nShows what it was given.\n\noptions:\n"
                             "  -f, --format text|json    how it is shown\n"
                             "  -l, --loud                more\n"
                             "  --count N                 how often\n"
                             "  -t, --table NAME=CSV      a table of persons\n"
                             "  -h, --help                this text\n";
    cli_result_expect(run_command(&echo_command, "--help", NULL), 0, help, "");
    cli_result_expect(run_command(&echo_command, "a", "-h", "--fromat", NULL), 0, help, "");
}

static enum duet_exit write_much(const struct duet_arguments *arguments)
{
    fputs("a line\n", duet_arguments_io(arguments)->out);
    return DUET_EXIT_FINE;
}

static void output_that_cannot_be_written_is_a_failure(void **state)
{
    (void)state;
    const struct duet_command command = {
        .name = "much", .usage = "", .summary = "", .help = "", .run = write_much
    };
    FILE *full = fopen("/dev/full", "w");
    if (!full)
        skip();
    char *text = NULL;
    size_t length = 0;
    FILE *err = open_memstream(&text, &length);
    const struct duet_io io = { stdin, full, err };
    char name[] = "much";
    char *argv[] = { name, NULL };
    assert_int_equal(duet_command_run(&command, 1, argv, &io), DUET_EXIT_WORLD);
    fclose(err);
    fclose(full);
    assert_string_equal(text, "duet much: can't write the output: No space left on device\n");
    free(text);
}

/* --- the table ------------------------------------------------------------------------------------------- */

static void help_lists_every_command(void **state)
{
    (void)state;
    struct cli_result result = run_cli(NULL, "help", NULL);
    assert_int_equal(result.status, 0);
    const struct duet_command *command = NULL;
    for (size_t i = 0; (command = duet_command_at(i)); i++) {
        char line[256];
        snprintf(line, sizeof line, "\n  %-12s %s\n", command->name, command->summary);
        if (!strstr(result.out, line))
            fail_msg("help doesn't list '%s'", command->name);
    }
    cli_result_finish(&result);
}

static void every_command_has_help_of_its_own(void **state)
{
    (void)state;
    const struct duet_command *command = NULL;
    for (size_t i = 0; (command = duet_command_at(i)); i++) {
        struct cli_result result = run_cli(NULL, "help", command->name, NULL);
        char usage[64];
        snprintf(usage, sizeof usage, "usage: duet %s", command->name);
        assert_int_equal(strncmp(result.out, usage, strlen(usage)), 0);
        assert_non_null(strstr(result.out, command->help));
        assert_int_equal(result.status, 0);
        cli_result_finish(&result);
    }
}

static void the_manual_page_names_every_command_and_option(void **state)
{
    (void)state;
    FILE *file = fopen(DUET_SOURCE_DIR "/engine/cli/man/duet.1", "r");
    assert_non_null(file);
    static char page[1 << 16];
    size_t length = fread(page, 1, sizeof page - 1, file);
    fclose(file);
    page[length] = '\0';
    const struct duet_command *command = NULL;
    for (size_t i = 0; (command = duet_command_at(i)); i++) {
        char item[64];
        char alternative[64];
        snprintf(item, sizeof item, "Ic %s", command->name);
        snprintf(alternative, sizeof alternative, "| %s", command->name);
        if (!strstr(page, item) && !strstr(page, alternative))
            fail_msg("the manual page doesn't name '%s'", command->name);
        for (const struct duet_option *option = command->options; option && option->name;
             option++) {
            snprintf(item, sizeof item, "Fl -%s", option->name);
            if (!strstr(page, item))
                fail_msg("the manual page doesn't name '--%s' of '%s'", option->name,
                         command->name);
        }
    }
}

static void an_unknown_command_says_what_was_meant(void **state)
{
    (void)state;
    cli_result_expect(run_cli(NULL, "chekc", NULL), 2, "",
                      "duet: unknown command 'chekc'; did you mean 'check'?\n");
    cli_result_expect(run_cli(NULL, "zzzzzzzz", NULL), 2, "",
                      "duet: unknown command 'zzzzzzzz'; 'duet help' lists what there is\n");
    cli_result_expect(run_cli(NULL, "help", "chekc", NULL), 2, "",
                      "duet help: unknown command 'chekc'; did you mean 'check'?\n");
    cli_result_expect(run_cli(NULL, "--verbose", NULL), 2, "",
                      "duet: unknown option '--verbose'; 'duet help' lists what there is\n");
}

static void without_a_command_help_goes_to_the_errors(void **state)
{
    (void)state;
    struct cli_result result = run_cli(NULL, (char *)NULL);
    assert_int_equal(result.status, 2);
    assert_string_equal(result.out, "");
    assert_non_null(strstr(result.err, "usage: duet COMMAND"));
    cli_result_finish(&result);
}

static void version_is_that_of_the_build(void **state)
{
    (void)state;
    struct cli_result result = run_cli(NULL, "--version", NULL);
    assert_int_equal(strncmp(result.out, "duet ", 5), 0);
    size_t length = strspn(result.out + 5, "0123456789.");
    assert_true(length >= strlen("0.0.0"));
    assert_string_equal(result.out + 5 + length, "\n");
    assert_int_equal(result.status, 0);
    cli_result_finish(&result);
}

static void words_are_for_completion(void **state)
{
    (void)state;
    struct cli_result commands = run_cli(NULL, "help", "--format", "words", NULL);
    assert_non_null(strstr(commands.out, "check\tevery finding in mapping files\n"));
    cli_result_finish(&commands);
    struct cli_result check = run_cli(NULL, "help", "--format=words", "check", NULL);
    const char *first = "--format\thow findings are shown; json is one array, github its "
                        "annotations\ttext|json|sarif|github\n";
    assert_int_equal(strncmp(check.out, first, strlen(first)), 0);
    assert_non_null(strstr(check.out, "\n--help\tthis text\t\n"));
    cli_result_finish(&check);
    cli_result_expect(run_cli(NULL, "help", "--format=words", "sim", NULL), 0, "", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_may_stand_anywhere),
        cmocka_unit_test(the_last_of_several_values_counts_or_all_do),
        cmocka_unit_test(two_dashes_end_the_options),
        cmocka_unit_test(a_command_may_take_everything_as_it_is),
        cmocka_unit_test(an_unknown_option_says_what_was_meant),
        cmocka_unit_test(wrong_values_are_named),
        cmocka_unit_test(operands_are_counted),
        cmocka_unit_test(help_shows_every_option),
        cmocka_unit_test(output_that_cannot_be_written_is_a_failure),
        cmocka_unit_test(help_lists_every_command),
        cmocka_unit_test(every_command_has_help_of_its_own),
        cmocka_unit_test(the_manual_page_names_every_command_and_option),
        cmocka_unit_test(an_unknown_command_says_what_was_meant),
        cmocka_unit_test(without_a_command_help_goes_to_the_errors),
        cmocka_unit_test(version_is_that_of_the_build),
        cmocka_unit_test(words_are_for_completion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
