/* tests engine/journal/journal.c: the file, transactions, claims. */
#include <sys/stat.h>

#include "support.h"

static enum duet_status try_open(const char *path, char *message, size_t size)
{
    struct duet_journal *journal = NULL;
    struct duet_error error = { "" };
    enum duet_status status = duet_journal_open(path, &journal, &error);
    duet_journal_close(journal);
    (void)snprintf(message, size, "%s", error.text);
    return status;
}

static void file_is_private_whatever_the_mask(void **state)
{
    struct fixture *fixture = *state;
    struct stat about;
    char path[160];
    mode_t before = umask(0);
    (void)snprintf(path, sizeof path, "%s/other", fixture->folder);
    char message[512];
    assert_int_equal(try_open(path, message, sizeof message), DUET_OK);
    (void)umask(before);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(unlink(path), 0);
}

static void memory_lives_as_long_as_its_handle(void **state)
{
    (void)state;
    char message[512];
    assert_int_equal(try_open(":memory:", message, sizeof message), DUET_OK);
    assert_int_equal(access(":memory:", F_OK), -1);
}

static void missing_folder_is_told(void **state)
{
    (void)state;
    char message[512];
    assert_int_equal(try_open("/nowhere/at/all/journal", message, sizeof message), DUET_FAILED);
    assert_non_null(strstr(message, "'/nowhere/at/all/journal'"));
    assert_int_equal(try_open("", message, sizeof message), DUET_INVALID);
}

static void looking_makes_no_file(void **state)
{
    struct fixture *fixture = *state;
    struct duet_journal *journal = NULL;
    struct duet_error error = { "" };
    char path[160];
    (void)snprintf(path, sizeof path, "%s/none", fixture->folder);
    assert_int_equal(duet_journal_open_existing(path, &journal, &error), DUET_NOT_FOUND);
    assert_int_equal(access(path, F_OK), -1);
}

static void looking_changes_nothing_but_may_leave_a_signal(void **state)
{
    struct fixture *fixture = *state;
    struct duet_journal *journal = NULL;
    struct duet_error error = { "" };
    assert_int_equal(duet_journal_open_existing(fixture->path, &journal, &error), DUET_OK);
    assert_int_equal(duet_journal_remember(journal, &fixture->acme, "a", "b"), DUET_DENIED);
    struct duet_owner other = { DUET_OWNER_TENANT, "acme", 0 };
    assert_int_equal(duet_journal_claim(journal, &other), DUET_DENIED);
    struct duet_signal signal = { .side = "soar", .key = "1", .name = "resync", .when = 3 };
    assert_int_equal(duet_journal_signal(journal, &other, &signal), DUET_OK);
    duet_journal_close(journal);
    struct duet_signal *signals = NULL;
    size_t count = 0;
    assert_int_equal(duet_journal_signals(fixture->journal, &fixture->acme, 0, 10, fixture->arena,
                                          &signals, &count),
                     DUET_OK);
    assert_int_equal(count, 1);
}

/* --- transactions ------------------------------------------------------------------------------------- */

static const char *recall(struct fixture *fixture, const char *name)
{
    const char *text = NULL;
    enum duet_status status =
        duet_journal_recall(fixture->journal, &fixture->acme, name, fixture->arena, &text);
    assert_true(status == DUET_OK || status == DUET_NOT_FOUND);
    return status == DUET_OK ? text : "(nothing)";
}

static void memory_is_kept_over_a_restart(void **state)
{
    struct fixture *fixture = *state;
    assert_string_equal(recall(fixture, "tables"), "(nothing)");
    assert_int_equal(duet_journal_remember(fixture->journal, &fixture->acme, "tables", "one"),
                     DUET_OK);
    assert_int_equal(duet_journal_remember(fixture->journal, &fixture->acme, "tables", "two"),
                     DUET_OK);
    reopen(fixture);
    assert_string_equal(recall(fixture, "tables"), "two");
    assert_int_equal(duet_journal_remember(fixture->journal, &fixture->acme, "tables", NULL),
                     DUET_OK);
    assert_string_equal(recall(fixture, "tables"), "(nothing)");
}

static void rolled_back_is_as_before(void **state)
{
    struct fixture *fixture = *state;
    duet_journal_rollback(fixture->journal);
    assert_int_equal(duet_journal_begin(fixture->journal), DUET_OK);
    assert_int_equal(duet_journal_remember(fixture->journal, &fixture->acme, "a", "b"), DUET_OK);
    assert_string_equal(recall(fixture, "a"), "b");
    duet_journal_rollback(fixture->journal);
    assert_string_equal(recall(fixture, "a"), "(nothing)");
}

static void closing_in_a_transaction_rolls_it_back(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(duet_journal_begin(fixture->journal), DUET_OK);
    assert_int_equal(duet_journal_remember(fixture->journal, &fixture->acme, "a", "b"), DUET_OK);
    reopen(fixture);
    assert_string_equal(recall(fixture, "a"), "(nothing)");
}

static void one_failure_fails_the_whole_commit(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(duet_journal_begin(fixture->journal), DUET_OK);
    assert_int_equal(duet_journal_remember(fixture->journal, &fixture->acme, "a", "b"), DUET_OK);
    assert_int_equal(duet_journal_link_set(fixture->journal, &fixture->acme, 77, "{}", NULL),
                     DUET_NOT_FOUND);
    assert_string_equal(duet_journal_message(fixture->journal), "no such link");
    assert_int_equal(duet_journal_remember(fixture->journal, &fixture->acme, "c", "d"),
                     DUET_NOT_FOUND);
    assert_int_equal(duet_journal_commit(fixture->journal), DUET_NOT_FOUND);
    assert_string_equal(recall(fixture, "a"), "(nothing)");
    assert_int_equal(duet_journal_begin(fixture->journal), DUET_OK);
    assert_int_equal(duet_journal_remember(fixture->journal, &fixture->acme, "a", "b"), DUET_OK);
    assert_int_equal(duet_journal_commit(fixture->journal), DUET_OK);
    assert_string_equal(recall(fixture, "a"), "b");
}

static void reading_what_is_not_there_spoils_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct duet_inbox_row row;
    assert_int_equal(duet_journal_begin(fixture->journal), DUET_OK);
    assert_int_equal(duet_journal_remember(fixture->journal, &fixture->acme, "a", "b"), DUET_OK);
    assert_int_equal(
        duet_journal_snapshot(fixture->journal, &fixture->siem, "x", fixture->arena, &row),
        DUET_NOT_FOUND);
    assert_int_equal(duet_journal_commit(fixture->journal), DUET_OK);
    assert_string_equal(recall(fixture, "a"), "b");
}

/* --- claims --------------------------------------------------------------------------------------------- */

static void each_claim_is_higher_also_after_a_restart(void **state)
{
    struct fixture *fixture = *state;
    int64_t before = fixture->acme.epoch;
    assert_true(before > 0);
    reopen(fixture);
    struct duet_owner later = { DUET_OWNER_TENANT, "acme", 0 };
    assert_int_equal(duet_journal_claim(fixture->journal, &later), DUET_OK);
    assert_true(later.epoch > before);
}

static void tenant_and_hub_of_one_name_are_two_owners(void **state)
{
    struct fixture *fixture = *state;
    struct duet_owner tenant = { DUET_OWNER_TENANT, "soc", 0 };
    assert_int_equal(duet_journal_claim(fixture->journal, &tenant), DUET_OK);
    assert_int_equal(duet_journal_remember(fixture->journal, &fixture->soc, "a", "hub"), DUET_OK);
    const char *text = NULL;
    assert_int_equal(duet_journal_recall(fixture->journal, &tenant, "a", fixture->arena, &text),
                     DUET_NOT_FOUND);
}

static void expect_no_write(struct fixture *fixture, struct duet_owner *owner)
{
    struct duet_journal *journal = fixture->journal;
    struct duet_source source = { owner, "siem" };
    struct duet_row row = row_of("k", "{}", NULL, 1);
    struct duet_link_end end = { source, "k" };
    struct duet_cursor cursor = { "c", 1, 1 };
    struct duet_creation creation = {
        .mapping = "m", .origin_key = "k", .claim = "c", .operation = "o"
    };
    struct duet_intent intent = { .operation = "o", .what = "{}" };
    struct duet_journal_note note = { .link = 1, .origin_note = "n" };
    struct duet_ledger_row entry = { .kind = DUET_LEDGER_REMARK };
    int64_t link = 0;
    enum duet_status answers[] = {
        duet_journal_remember(journal, owner, "a", "b"),
        duet_journal_receive(journal, &source, &row, 1, NULL),
        duet_journal_receive(journal, &source, NULL, 0, NULL),
        duet_journal_keep(journal, &source, &row),
        duet_journal_await(journal, &source, "k", 1),
        duet_journal_take(journal, &source, "k", 1),
        duet_journal_quarantine(journal, &source, "k", 1, "bad"),
        duet_journal_release(journal, &source, NULL),
        duet_journal_refresh(journal, &source, NULL),
        duet_journal_set_cursor(journal, &source, &cursor),
        duet_journal_link(journal, owner, "m", &end, &end, 1, &link),
        duet_journal_link_set(journal, owner, 1, "s", "h"),
        duet_journal_link_gone(journal, owner, 1, DUET_LEFT, true),
        duet_journal_bury(journal, owner, 1, 1, "why"),
        duet_journal_unlink(journal, owner, 1),
        duet_journal_create(journal, owner, &creation),
        duet_journal_creation_end(journal, owner, "m", DUET_LEFT, "k"),
        duet_journal_intend(journal, owner, &intent),
        duet_journal_outcome(journal, owner, "o", DUET_OUTCOME_OK, NULL, 1),
        duet_journal_forget_intents(journal, owner, INT64_MAX),
        duet_journal_put_note(journal, owner, &note),
        duet_journal_acted(journal, owner, 1),
        duet_journal_followed(journal, &source, 1),
        duet_journal_log(journal, owner, &entry),
    };
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
        if (answers[i] != DUET_CONFLICT)
            fail_msg("write %zu with epoch %lld answered %d", i, (long long)owner->epoch,
                     (int)answers[i]);
}

static void lower_epoch_writes_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct duet_owner newer = { DUET_OWNER_TENANT, "acme", 0 };
    assert_int_equal(duet_journal_claim(fixture->journal, &newer), DUET_OK);
    expect_no_write(fixture, &fixture->acme);
    assert_non_null(strstr(duet_journal_message(fixture->journal), "'acme'"));
    assert_int_equal(duet_journal_remember(fixture->journal, &newer, "a", "b"), DUET_OK);
}

static void no_claim_writes_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct duet_owner unclaimed = { DUET_OWNER_TENANT, "acme", 0 };
    struct duet_owner unknown = { DUET_OWNER_TENANT, "nobody", 1 };
    struct duet_owner future = { DUET_OWNER_TENANT, "acme", fixture->acme.epoch + 1 };
    struct duet_owner left = { DUET_OWNER_TENANT, "left a signal", 0 };
    struct duet_signal signal = { .side = "", .key = "", .name = "n" };
    assert_int_equal(duet_journal_signal(fixture->journal, &left, &signal), DUET_OK);
    expect_no_write(fixture, &unclaimed);
    expect_no_write(fixture, &unknown);
    expect_no_write(fixture, &future);
    expect_no_write(fixture, &left);
}

static void fenced_in_a_transaction_nothing_of_it_stays(void **state)
{
    struct fixture *fixture = *state;
    struct duet_owner stale = fixture->acme;
    assert_int_equal(duet_journal_claim(fixture->journal, &fixture->acme), DUET_OK);
    assert_int_equal(duet_journal_begin(fixture->journal), DUET_OK);
    assert_int_equal(duet_journal_remember(fixture->journal, &fixture->soc, "a", "b"), DUET_OK);
    assert_int_equal(duet_journal_remember(fixture->journal, &stale, "a", "b"), DUET_CONFLICT);
    assert_int_equal(duet_journal_commit(fixture->journal), DUET_CONFLICT);
    const char *text = NULL;
    assert_int_equal(
        duet_journal_recall(fixture->journal, &fixture->soc, "a", fixture->arena, &text),
        DUET_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(file_is_private_whatever_the_mask),
        TEST(memory_lives_as_long_as_its_handle),
        TEST(missing_folder_is_told),
        TEST(looking_makes_no_file),
        TEST(looking_changes_nothing_but_may_leave_a_signal),
        TEST(memory_is_kept_over_a_restart),
        TEST(rolled_back_is_as_before),
        TEST(closing_in_a_transaction_rolls_it_back),
        TEST(one_failure_fails_the_whole_commit),
        TEST(reading_what_is_not_there_spoils_nothing),
        TEST(each_claim_is_higher_also_after_a_restart),
        TEST(tenant_and_hub_of_one_name_are_two_owners),
        TEST(lower_epoch_writes_nothing),
        TEST(no_claim_writes_nothing),
        TEST(fenced_in_a_transaction_nothing_of_it_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
