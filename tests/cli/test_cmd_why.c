/* `duet why`: tells from a store alone who changed a field. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/cli/command.h"
#include "engine/journal/journal.h"
#include "tests/support/run_cli.h"
#include "tests/support/store_stage.h"

extern const struct duet_command duet_cmd_why;

struct fixture {
    char folder[64];
    char path[96];
    char output[4096];
    char complaint[1024];
};

static void put_change(struct duet_journal *journal, const char *tenant, const char *to)
{
    struct duet_owner owner = { DUET_OWNER_TENANT, tenant, 0 };
    assert_int_equal(duet_journal_claim(journal, &owner), DUET_OK);
    const struct duet_ledger_row row = { .when = 0,
                                         .kind = DUET_LEDGER_SENT,
                                         .keys = { "inc-1", "20260101-1" },
                                         .field = "status",
                                         .from = "New",
                                         .to = to,
                                         .cause = "closed on soar",
                                         .file = "pair.duet",
                                         .line = 37 };
    assert_int_equal(duet_journal_log(journal, &owner, &row), DUET_OK);
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    snprintf(fixture->folder, sizeof fixture->folder, "/tmp/duet-why-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->path, sizeof fixture->path, "%s/duet.db", fixture->folder);
    struct duet_journal *journal = NULL;
    struct duet_error error = { "" };
    assert_int_equal(duet_journal_open(fixture->path, &journal, &error), DUET_OK);
    put_change(journal, "acme", "Closed");
    put_change(journal, "other", "Active");
    duet_journal_close(journal);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    store_remove(fixture->folder, fixture->path);
    free(fixture);
    return 0;
}

static enum duet_exit why(struct fixture *fixture, const char *incident, const char *tenant)
{
    const char *const words[] = { "why",         incident,   "status", "--store",
                                  fixture->path, "--tenant", tenant };
    char *arguments[8] = { NULL };
    for (size_t i = 0; i < 7; i++)
        arguments[i] = strdup(words[i]);
    FILE *out = fmemopen(fixture->output, sizeof fixture->output, "w");
    FILE *err = fmemopen(fixture->complaint, sizeof fixture->complaint, "w");
    const struct duet_io io = { stdin, out, err };
    enum duet_exit status = duet_command_run(&duet_cmd_why, 7, arguments, &io);
    fclose(out);
    fclose(err);
    for (size_t i = 0; i < 7; i++)
        free(arguments[i]);
    return status;
}

static void why_names_rule_cause_values_and_time(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(why(fixture, "20260101-1", "acme"), DUET_EXIT_FINE);
    assert_string_equal(fixture->output, "1970-01-01T00:00:00Z  acme  sent  status: New -> Closed\n"
                                         "    records: inc-1 <-> 20260101-1\n"
                                         "    cause: closed on soar\n"
                                         "    rule: pair.duet:37\n");
}

static void why_finds_by_either_key_and_keeps_tenants_apart(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(why(fixture, "inc-1", "other"), DUET_EXIT_FINE);
    assert_non_null(strstr(fixture->output, "New -> Active"));
    assert_null(strstr(fixture->output, "Closed"));
}

static void why_says_when_nothing_is_known(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(why(fixture, "inc-2", "acme"), DUET_EXIT_FINDINGS);
    assert_string_equal(fixture->complaint,
                        "duet why: the store knows no record 'inc-2'; `duet links` lists those "
                        "that are linked\n");
}

static struct cli_result ask(const struct fixture *fixture, const char *incident)
{
    return run_command(&duet_cmd_why, incident, "status", "--store", fixture->path, NULL);
}

static void assert_says(const struct fixture *fixture, const char *incident, const char *complaint)
{
    struct cli_result result = ask(fixture, incident);
    assert_int_equal(result.status, DUET_EXIT_FINDINGS);
    assert_string_equal(result.out, "");
    assert_string_equal(result.err, complaint);
    cli_result_finish(&result);
}

static void open_again(const struct fixture *fixture, struct duet_journal **journal_out)
{
    struct duet_error error = { "" };
    assert_int_equal(duet_journal_open(fixture->path, journal_out, &error), DUET_OK);
}

/* A typing error in a key: the nearest one that is known, of either side, of a link or of a creation. */
static void why_names_the_nearest_record(void **state)
{
    struct fixture *fixture = *state;
    struct duet_journal *journal = NULL;
    struct duet_owner acme = { DUET_OWNER_TENANT, "acme", 0 };
    const struct duet_link_end ends[2] = { { { &acme, "siem" }, "incident-7" },
                                           { { &acme, "soar" }, "20260301-7" } };
    const struct duet_creation creation = { .mapping = "pair",
                                            .origin_key = "fresh-one",
                                            .claim = "duet:acme",
                                            .operation = "op-1",
                                            .when = 1 };
    int64_t link = 0;
    open_again(fixture, &journal);
    assert_int_equal(duet_journal_claim(journal, &acme), DUET_OK);
    assert_int_equal(duet_journal_link(journal, &acme, "pair", &ends[0], &ends[1], 1, &link),
                     DUET_OK);
    assert_int_equal(duet_journal_create(journal, &acme, &creation), DUET_OK);
    duet_journal_close(journal);
    assert_says(fixture, "incident-8",
                "duet why: the store knows no record 'incident-8'; did you mean 'incident-7'?\n");
    assert_says(fixture, "20260310-7",
                "duet why: the store knows no record '20260310-7'; did you mean '20260301-7'?\n");
    assert_says(fixture, "fresh-onne",
                "duet why: the store knows no record 'fresh-onne'; did you mean 'fresh-one'?\n");
    assert_says(fixture, "incident-7",
                "duet why: 'incident-7' is linked with '20260301-7'; no change of its fields "
                "is in the ledger\n");
    assert_says(fixture, "fresh-one",
                "duet why: 'fresh-one' is to get a partner and has none yet; no change of its "
                "fields is in the ledger\n");
}

static void why_knows_what_was_only_read(void **state)
{
    struct fixture *fixture = *state;
    struct duet_journal *journal = NULL;
    struct duet_owner acme = { DUET_OWNER_TENANT, "acme", 0 };
    const struct duet_source source = { &acme, "siem" };
    const struct duet_row row = {
        .key = "inc-3", .raw = "{}", .length = 2, .hash = 1, .read_began = 1
    };
    open_again(fixture, &journal);
    assert_int_equal(duet_journal_claim(journal, &acme), DUET_OK);
    assert_int_equal(duet_journal_receive(journal, &source, &row, 1, NULL), DUET_OK);
    duet_journal_close(journal);
    assert_says(
        fixture, "inc-3",
        "duet why: 'inc-3' was read from acme/siem and is not linked; no change of its fields "
        "is in the ledger\n");
}

/* What a group holds is known by the group's name, and who asks can't know that. */
static void why_says_which_fields_are_known(void **state)
{
    struct fixture *fixture = *state;
    struct cli_result result =
        run_command(&duet_cmd_why, "inc-1", "classification", "--store", fixture->path, NULL);
    assert_int_equal(result.status, DUET_EXIT_FINDINGS);
    assert_string_equal(result.out, "");
    assert_string_equal(result.err, "duet why: nothing is known of 'classification' of 'inc-1'; "
                                    "known are: status\n");
    cli_result_finish(&result);
}

static void why_makes_no_store(void **state)
{
    struct fixture *fixture = *state;
    unlink(fixture->path);
    assert_int_equal(why(fixture, "inc-1", "acme"), DUET_EXIT_WORLD);
    assert_int_equal(access(fixture->path, F_OK), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(why_names_rule_cause_values_and_time, setup, teardown),
        cmocka_unit_test_setup_teardown(why_finds_by_either_key_and_keeps_tenants_apart, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(why_says_when_nothing_is_known, setup, teardown),
        cmocka_unit_test_setup_teardown(why_names_the_nearest_record, setup, teardown),
        cmocka_unit_test_setup_teardown(why_knows_what_was_only_read, setup, teardown),
        cmocka_unit_test_setup_teardown(why_says_which_fields_are_known, setup, teardown),
        cmocka_unit_test_setup_teardown(why_makes_no_store, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
