/* What acknowledged means: killed in the middle of writing, two writers at once, a store that is held by somebody else. */
#include <signal.h>
#include <sys/wait.h>

#include "support.h"

#define KILLS 8
#define COMMITS_BEFORE_KILL 40
#define ROUNDS 60

/* --- killed ---------------------------------------------------------------------------------------------- */

/* One step of the loop: two rows in the inbox, the cursor that passes them, an intent and its ledger row, all in one commit. */
static enum duet_status write_step(struct duet_journal *journal, const struct duet_owner *owner,
                                   int number)
{
    char keys[2][32], text[32];
    (void)snprintf(keys[0], sizeof keys[0], "%d a", number);
    (void)snprintf(keys[1], sizeof keys[1], "%d b", number);
    (void)snprintf(text, sizeof text, "%d", number);
    struct duet_source source = { owner, "siem" };
    struct duet_row rows[2] = { row_of(keys[0], text, NULL, number),
                                row_of(keys[1], text, NULL, number) };
    struct duet_cursor cursor = { text, number, 0 };
    struct duet_intent intent = { .operation = text, .what = "{}", .when = number };
    struct duet_ledger_row entry = { .kind = DUET_LEDGER_SENT, .operation = text };
    enum duet_status status = duet_journal_begin(journal);
    if (status != DUET_OK)
        return status;
    (void)duet_journal_receive(journal, &source, rows, 2, NULL);
    (void)duet_journal_set_cursor(journal, &source, &cursor);
    (void)duet_journal_intend(journal, owner, &intent);
    (void)duet_journal_log(journal, owner, &entry);
    return duet_journal_commit(journal);
}

/* Tells each commit on the pipe, after it was answered, until it is killed. Nothing of the test's own process is touched. */
static void write_until_killed(const char *path, int from, int out)
{
    struct duet_journal *journal = NULL;
    struct duet_owner owner = { DUET_OWNER_TENANT, "acme", 0 };
    if (duet_journal_open(path, &journal, NULL) != DUET_OK ||
        duet_journal_claim(journal, &owner) != DUET_OK)
        _exit(2);
    for (int number = from;; number++)
        if (write_step(journal, &owner, number) != DUET_OK ||
            write(out, &number, sizeof number) != sizeof number)
            _exit(3);
}

/* The last number that the child acknowledged before it died. */
static int kill_a_writer(const char *path, int from)
{
    int pipe_ends[2], number = -1, last = -1;
    assert_int_equal(pipe(pipe_ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        write_until_killed(path, from, pipe_ends[1]);
    (void)close(pipe_ends[1]);
    for (int i = 0;
         i < COMMITS_BEFORE_KILL && read(pipe_ends[0], &number, sizeof number) == sizeof number;
         i++)
        last = number;
    assert_int_equal(kill(child, SIGKILL), 0);
    while (read(pipe_ends[0], &number, sizeof number) == sizeof number)
        last = number; /* acknowledged before the signal came */
    int end = 0;
    assert_int_equal(waitpid(child, &end, 0), child);
    assert_true(WIFSIGNALED(end));
    (void)close(pipe_ends[0]);
    return last;
}

static bool has_row(struct fixture *fixture, int number, const char *suffix)
{
    char key[32];
    struct duet_inbox_row row;
    (void)snprintf(key, sizeof key, "%d %s", number, suffix);
    return duet_journal_snapshot(fixture->journal, &fixture->siem, key, fixture->arena, &row) ==
           DUET_OK;
}

static bool has_intent(struct fixture *fixture, int number)
{
    char operation[32];
    struct duet_intent intent;
    (void)snprintf(operation, sizeof operation, "%d", number);
    return duet_journal_intent(fixture->journal, &fixture->acme, operation, fixture->arena,
                               &intent) == DUET_OK;
}

static void killed_writer_loses_nothing_it_acknowledged_and_tears_nothing(void **state)
{
    struct fixture *fixture = *state;
    int next = 1;
    for (int i = 0; i < KILLS; i++) {
        duet_journal_close(fixture->journal);
        fixture->journal = NULL;
        int acknowledged = kill_a_writer(fixture->path, next);
        assert_true(acknowledged >= next);
        fixture->journal = open_journal(fixture);
        assert_int_equal(duet_journal_verify(fixture->journal), DUET_OK);
        struct duet_cursor cursor;
        assert_int_equal(
            duet_journal_cursor(fixture->journal, &fixture->siem, fixture->arena, &cursor),
            DUET_OK);
        int written = (int)strtol(cursor.cursor, NULL, 10);
        assert_in_range(written, acknowledged,
                        acknowledged + 1); /* one may have been durable before it was told */
        for (int number = 1; number <= written; number++) {
            assert_true(has_row(fixture, number, "a") && has_row(fixture, number, "b"));
            assert_true(has_intent(fixture, number));
        }
        assert_false(has_row(fixture, written + 1, "a") || has_row(fixture, written + 1, "b"));
        assert_false(has_intent(fixture, written + 1));
        struct duet_ledger_row *rows = NULL;
        size_t count = 0;
        assert_int_equal(duet_journal_ledger(fixture->journal, &fixture->acme,
                                             &(struct duet_ledger_query){ 0 }, 100000,
                                             fixture->arena, &rows, &count),
                         DUET_OK);
        assert_int_equal(count, written);
        next = written + 1;
    }
}

/* --- two processes -------------------------------------------------------------------------------------------- */

static void write_rounds(const char *path, const char *name)
{
    struct duet_journal *journal = NULL;
    struct duet_owner owner = { DUET_OWNER_TENANT, name, 0 };
    struct duet_error error = { "" };
    if (duet_journal_open(path, &journal, &error) != DUET_OK) {
        (void)fprintf(stderr, "OPEN %s\n", error.text);
        _exit(2);
    }
    if (duet_journal_claim(journal, &owner) != DUET_OK)
        _exit(2);
    for (int number = 1; number <= ROUNDS; number++)
        if (write_step(journal, &owner, number) != DUET_OK)
            _exit(3);
    duet_journal_close(journal);
    _exit(0);
}

static void two_processes_write_side_by_side(void **state)
{
    struct fixture *fixture = *state;
    static const char *const names[] = { "beta", "gamma" };
    pid_t children[2];
    duet_journal_close(fixture->journal);
    fixture->journal = NULL;
    (void)unlink(fixture->path); /* so that both also make the file at once */
    for (int i = 0; i < 2; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0)
            write_rounds(fixture->path, names[i]);
    }
    for (int i = 0; i < 2; i++) {
        int end = 0;
        assert_int_equal(waitpid(children[i], &end, 0), children[i]);
        assert_true(WIFEXITED(end));
        assert_int_equal(WEXITSTATUS(end), 0);
    }
    fixture->journal = open_journal(fixture);
    struct duet_journal_status all;
    assert_int_equal(duet_journal_status(fixture->journal, fixture->arena, &all), DUET_OK);
    assert_int_equal(all.owner_count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(all.owners[i].fresh, 2 * ROUNDS);
        assert_int_equal(all.owners[i].open_intents, ROUNDS);
    }
}

static void second_process_fences_the_first_out(void **state)
{
    struct fixture *fixture = *state;
    duet_journal_close(fixture->journal); /* a child must not inherit it; the claim outlives it */
    fixture->journal = NULL;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct duet_journal *journal = NULL;
        struct duet_owner owner = { DUET_OWNER_TENANT, "acme", 0 };
        bool fine = duet_journal_open(fixture->path, &journal, NULL) == DUET_OK &&
                    duet_journal_claim(journal, &owner) == DUET_OK &&
                    duet_journal_remember(journal, &owner, "who", "the second") == DUET_OK;
        _exit(fine ? 0 : 1);
    }
    int end = 0;
    assert_int_equal(waitpid(child, &end, 0), child);
    assert_int_equal(end, 0);
    fixture->journal = open_journal(fixture);
    assert_int_equal(duet_journal_remember(fixture->journal, &fixture->acme, "who", "the first"),
                     DUET_CONFLICT);
    const char *who = NULL;
    assert_int_equal(
        duet_journal_recall(fixture->journal, &fixture->acme, "who", fixture->arena, &who),
        DUET_OK);
    assert_string_equal(who, "the second");
}

/* --- held by somebody else ---------------------------------------------------------------------------------------- */

static void reader_is_never_held_up_by_a_writer(void **state)
{
    struct fixture *fixture = *state;
    struct duet_journal *reader = NULL;
    struct duet_error error;
    assert_int_equal(duet_journal_remember(fixture->journal, &fixture->acme, "a", "before"),
                     DUET_OK);
    assert_int_equal(duet_journal_begin(fixture->journal), DUET_OK);
    assert_int_equal(duet_journal_remember(fixture->journal, &fixture->acme, "a", "after"),
                     DUET_OK);
    assert_int_equal(duet_journal_open_existing(fixture->path, &reader, &error), DUET_OK);
    const char *text = NULL;
    assert_int_equal(duet_journal_recall(reader, &fixture->acme, "a", fixture->arena, &text),
                     DUET_OK);
    assert_string_equal(text, "before");
    assert_int_equal(duet_journal_commit(fixture->journal), DUET_OK);
    assert_int_equal(duet_journal_recall(reader, &fixture->acme, "a", fixture->arena, &text),
                     DUET_OK);
    assert_string_equal(text, "after");
    duet_journal_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(killed_writer_loses_nothing_it_acknowledged_and_tears_nothing),
        TEST(two_processes_write_side_by_side),
        TEST(second_process_fences_the_first_out),
        TEST(reader_is_never_held_up_by_a_writer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
