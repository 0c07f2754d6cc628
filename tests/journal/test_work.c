/* tests engine/journal/intents.c, signals.c, ledger.c and overview.c. */
#include "support.h"

/* --- intents ------------------------------------------------------------------------------------------ */

static struct duet_intent intent_of(const char *operation, uint64_t body_hash)
{
    return (struct duet_intent){ .operation = operation,
                                 .link = 3,
                                 .side = DUET_RIGHT,
                                 .key = "R",
                                 .body_hash = body_hash,
                                 .what = "{\"fields\":[\"status\"]}",
                                 .parts = "[\"a\"]",
                                 .when = 11 };
}

static void intend(struct fixture *fixture, const char *operation)
{
    struct duet_intent intent = intent_of(operation, 1);
    assert_int_equal(duet_journal_intend(fixture->journal, &fixture->acme, &intent), DUET_OK);
}

static int64_t latest(struct fixture *fixture)
{
    int64_t latest = -1;
    reopen(fixture);
    assert_int_equal(duet_journal_latest(fixture->journal, &latest), DUET_OK);
    return latest;
}

/* A clock that stepped back doesn't make a read look older than the write that it shows. */
static void latest_is_over_all_that_is_under_way(void **state)
{
    struct fixture *fixture = *state;
    const struct duet_link_end left = { fixture->siem, "L" };
    const struct duet_link_end right = { fixture->soar, "R" };
    int64_t link = 0;
    intend(fixture, "op");
    assert_int_equal(latest(fixture), 11);
    assert_int_equal(
        duet_journal_outcome(fixture->journal, &fixture->acme, "op", DUET_OUTCOME_OK, NULL, 25),
        DUET_OK);
    assert_int_equal(latest(fixture), 25);
    const struct duet_creation creation = { .mapping = "m",
                                            .origin = DUET_LEFT,
                                            .origin_key = "K",
                                            .claim = "c",
                                            .operation = "o",
                                            .state = DUET_CREATION_SENT,
                                            .when = 30 };
    assert_int_equal(duet_journal_create(fixture->journal, &fixture->acme, &creation), DUET_OK);
    assert_int_equal(latest(fixture), 30);
    assert_int_equal(
        duet_journal_link(fixture->journal, &fixture->acme, "m", &left, &right, 1, &link), DUET_OK);
    struct duet_journal_note note = {
        .link = link, .origin = DUET_LEFT, .origin_note = "n", .state = DUET_NOTE_SENT, .when = 40
    };
    assert_int_equal(duet_journal_put_note(fixture->journal, &fixture->acme, &note), DUET_OK);
    assert_int_equal(latest(fixture), 40);
    const struct duet_row row = {
        .key = "R", .raw = "{}", .length = 2, .hash = 1, .read_began = 2
    };
    assert_int_equal(duet_journal_keep(fixture->journal, &fixture->soar, &row), DUET_OK);
    assert_int_equal(duet_journal_await(fixture->journal, &fixture->soar, "R", 50), DUET_OK);
    assert_int_equal(latest(fixture), 50);
}

static enum duet_status outcome(struct fixture *fixture, const char *operation,
                                enum duet_outcome end, int64_t when)
{
    return duet_journal_outcome(fixture->journal, &fixture->acme, operation, end, "said so", when);
}

static size_t count_open(struct fixture *fixture, struct duet_intent **intents_out)
{
    size_t count = 99;
    assert_int_equal(duet_journal_open_intents(fixture->journal, &fixture->acme, 0, 100,
                                               fixture->arena, intents_out, &count),
                     DUET_OK);
    return count;
}

static void intent_is_open_after_a_restart_until_its_outcome(void **state)
{
    struct fixture *fixture = *state;
    struct duet_intent intent = intent_of("op1", UINT64_MAX), found, *open = NULL;
    assert_int_equal(duet_journal_intend(fixture->journal, &fixture->acme, &intent), DUET_OK);
    intend(fixture, "op2");
    reopen(fixture);
    assert_int_equal(count_open(fixture, &open), 2);
    assert_string_equal(open[0].operation, "op1");
    assert_int_equal(open[0].link, 3);
    assert_int_equal(open[0].side, DUET_RIGHT);
    assert_string_equal(open[0].key, "R");
    assert_true(open[0].body_hash == UINT64_MAX);
    assert_string_equal(open[0].what, "{\"fields\":[\"status\"]}");
    assert_string_equal(open[0].parts, "[\"a\"]");
    assert_int_equal(open[0].epoch, fixture->acme.epoch);
    assert_int_equal(open[0].when, 11);
    assert_int_equal(open[0].outcome, DUET_OUTCOME_OPEN);
    assert_int_equal(open[0].decided, 0);
    assert_int_equal(outcome(fixture, "op1", DUET_OUTCOME_REFUSED, 20), DUET_OK);
    reopen(fixture);
    assert_int_equal(count_open(fixture, &open), 1);
    assert_string_equal(open[0].operation, "op2");
    assert_int_equal(
        duet_journal_intent(fixture->journal, &fixture->acme, "op1", fixture->arena, &found),
        DUET_OK);
    assert_int_equal(found.outcome, DUET_OUTCOME_REFUSED);
    assert_string_equal(found.text, "said so");
    assert_int_equal(found.decided, 20);
}

static void intent_is_put_once(void **state)
{
    struct fixture *fixture = *state;
    struct duet_intent intent = intent_of("op", 1), *open = NULL;
    intend(fixture, "op");
    assert_int_equal(duet_journal_intend(fixture->journal, &fixture->acme, &intent), DUET_OK);
    assert_int_equal(count_open(fixture, &open), 1);
    intent.body_hash = 2;
    assert_int_equal(duet_journal_intend(fixture->journal, &fixture->acme, &intent), DUET_CONFLICT);
    assert_non_null(strstr(duet_journal_message(fixture->journal), "'op'"));
    /* Another tenant's operation of the same name is another one. */
    assert_int_equal(duet_journal_intend(fixture->journal, &fixture->soc, &intent), DUET_OK);
}

static void putting_again_does_not_open_what_was_decided(void **state)
{
    struct fixture *fixture = *state;
    struct duet_intent *open = NULL;
    intend(fixture, "op");
    assert_int_equal(outcome(fixture, "op", DUET_OUTCOME_OK, 20), DUET_OK);
    intend(fixture, "op");
    assert_int_equal(count_open(fixture, &open), 0);
}

static void unknown_stays_open_and_decided_stays_decided(void **state)
{
    struct fixture *fixture = *state;
    struct duet_intent *open = NULL;
    intend(fixture, "op");
    assert_int_equal(outcome(fixture, "op", DUET_OUTCOME_UNKNOWN, 20), DUET_OK);
    assert_int_equal(count_open(fixture, &open), 1);
    assert_int_equal(open[0].outcome, DUET_OUTCOME_UNKNOWN);
    assert_int_equal(outcome(fixture, "op", DUET_OUTCOME_OK, 21), DUET_OK);
    assert_int_equal(outcome(fixture, "op", DUET_OUTCOME_OK, 22), DUET_OK);
    assert_int_equal(outcome(fixture, "op", DUET_OUTCOME_STALE, 23), DUET_CONFLICT);
    assert_string_equal(duet_journal_message(fixture->journal),
                        "operation 'op' ended as ok, not as stale");
    assert_int_equal(count_open(fixture, &open), 0);
    assert_int_equal(outcome(fixture, "none", DUET_OUTCOME_OK, 1), DUET_NOT_FOUND);
}

static void only_decided_intents_are_forgotten(void **state)
{
    struct fixture *fixture = *state;
    struct duet_intent found, *open = NULL;
    intend(fixture, "old");
    intend(fixture, "new");
    intend(fixture, "open");
    assert_int_equal(outcome(fixture, "old", DUET_OUTCOME_GONE, 20), DUET_OK);
    assert_int_equal(outcome(fixture, "new", DUET_OUTCOME_OK, 30), DUET_OK);
    assert_int_equal(duet_journal_forget_intents(fixture->journal, &fixture->acme, 30), DUET_OK);
    assert_int_equal(
        duet_journal_intent(fixture->journal, &fixture->acme, "old", fixture->arena, &found),
        DUET_NOT_FOUND);
    assert_int_equal(
        duet_journal_intent(fixture->journal, &fixture->acme, "new", fixture->arena, &found),
        DUET_OK);
    assert_int_equal(count_open(fixture, &open), 1);
}

static void what_a_later_read_settled_is_no_longer_open(void **state)
{
    struct fixture *fixture = *state;
    struct duet_intent found, *open = NULL;
    intend(fixture, "lost");
    intend(fixture, "done");
    assert_int_equal(outcome(fixture, "lost", DUET_OUTCOME_UNKNOWN, 20), DUET_OK);
    assert_int_equal(outcome(fixture, "done", DUET_OUTCOME_OK, 21), DUET_OK);
    assert_int_equal(count_open(fixture, &open), 1);
    int64_t link = open[0].link;
    assert_int_equal(duet_journal_settle_intents(fixture->journal, &fixture->acme, link + 1, 30),
                     DUET_OK);
    assert_int_equal(count_open(fixture, &open), 1);
    assert_int_equal(duet_journal_settle_intents(fixture->journal, &fixture->acme, link, 30),
                     DUET_OK);
    assert_int_equal(count_open(fixture, &open), 0);
    assert_int_equal(
        duet_journal_intent(fixture->journal, &fixture->acme, "lost", fixture->arena, &found),
        DUET_OK);
    assert_int_equal(found.outcome, DUET_OUTCOME_SETTLED);
    assert_int_equal(found.decided, 30);
    assert_int_equal(
        duet_journal_intent(fixture->journal, &fixture->acme, "done", fixture->arena, &found),
        DUET_OK);
    assert_int_equal(found.outcome, DUET_OUTCOME_OK);
}

static void recent_requests_are_told_oldest_first(void **state)
{
    struct fixture *fixture = *state;
    struct duet_intent found;
    int64_t *times = NULL;
    size_t count = 0;
    intend(fixture, "a");
    intend(fixture, "b");
    assert_int_equal(outcome(fixture, "a", DUET_OUTCOME_OK, 90), DUET_OK);
    assert_int_equal(outcome(fixture, "b", DUET_OUTCOME_OK, 80), DUET_OK);
    assert_int_equal(
        duet_journal_intent(fixture->journal, &fixture->acme, "a", fixture->arena, &found),
        DUET_OK);
    assert_int_equal(duet_journal_recent(fixture->journal, &fixture->acme, found.side,
                                         DUET_RECENT_WRITES, 80, fixture->arena, &times, &count),
                     DUET_OK);
    assert_int_equal(count, 2);
    assert_int_equal(times[0], 80);
    assert_int_equal(times[1], 90);
    assert_int_equal(duet_journal_recent(fixture->journal, &fixture->acme, found.side,
                                         DUET_RECENT_WRITES, 81, fixture->arena, &times, &count),
                     DUET_OK);
    assert_int_equal(count, 1);
    assert_int_equal(duet_journal_recent(fixture->journal, &fixture->acme,
                                         found.side == DUET_LEFT ? DUET_RIGHT : DUET_LEFT,
                                         DUET_RECENT_WRITES, 0, fixture->arena, &times, &count),
                     DUET_OK);
    assert_int_equal(count, 0);
}

/* --- signals and hints ------------------------------------------------------------------------------------ */

static void signal_is_kept_until_it_is_acted_on(void **state)
{
    struct fixture *fixture = *state;
    struct duet_signal signal = { .side = "soar",
                                  .key = "7",
                                  .name = "resync",
                                  .data = "{}",
                                  .when = 4 },
                       *signals = NULL;
    size_t count = 0;
    assert_int_equal(duet_journal_signal(fixture->journal, &fixture->acme, &signal), DUET_OK);
    assert_int_equal(duet_journal_signal(fixture->journal, &fixture->acme, &signal), DUET_OK);
    reopen(fixture);
    assert_int_equal(duet_journal_signals(fixture->journal, &fixture->acme, 0, 9, fixture->arena,
                                          &signals, &count),
                     DUET_OK);
    assert_int_equal(count, 2);
    assert_string_equal(signals[0].side, "soar");
    assert_string_equal(signals[0].key, "7");
    assert_string_equal(signals[0].name, "resync");
    assert_string_equal(signals[0].data, "{}");
    assert_int_equal(signals[0].when, 4);
    int64_t acted = signals[0].id;
    assert_int_equal(duet_journal_acted(fixture->journal, &fixture->soc, acted),
                     DUET_OK); /* not the hub's */
    assert_int_equal(duet_journal_acted(fixture->journal, &fixture->acme, acted), DUET_OK);
    assert_int_equal(duet_journal_acted(fixture->journal, &fixture->acme, acted), DUET_OK);
    assert_int_equal(duet_journal_signals(fixture->journal, &fixture->acme, 0, 9, fixture->arena,
                                          &signals, &count),
                     DUET_OK);
    assert_int_equal(count, 1);
    assert_true(signals[0].id != acted);
}

static void hint_stands_once_and_a_later_one_outlives_the_first(void **state)
{
    struct fixture *fixture = *state;
    struct duet_hint *hints = NULL, *later = NULL;
    size_t count = 0;
    struct duet_owner unclaimed = { DUET_OWNER_TENANT, "new", 0 };
    struct duet_source source = { &unclaimed, "siem" };
    assert_int_equal(duet_journal_hint(fixture->journal, &source, "k", 1), DUET_OK);
    assert_int_equal(
        duet_journal_hints(fixture->journal, &source, 0, 9, fixture->arena, &hints, &count),
        DUET_OK);
    assert_int_equal(count, 1);
    assert_int_equal(duet_journal_hint(fixture->journal, &source, "k", 2),
                     DUET_OK); /* while "k" is being read */
    assert_int_equal(duet_journal_claim(fixture->journal, &unclaimed), DUET_OK);
    assert_int_equal(duet_journal_followed(fixture->journal, &source, hints[0].id), DUET_OK);
    assert_int_equal(
        duet_journal_hints(fixture->journal, &source, 0, 9, fixture->arena, &later, &count),
        DUET_OK);
    assert_int_equal(count, 1);
    assert_int_equal(later[0].when, 2);
    assert_int_equal(duet_journal_followed(fixture->journal, &source, later[0].id), DUET_OK);
    assert_int_equal(
        duet_journal_hints(fixture->journal, &source, 0, 9, fixture->arena, &later, &count),
        DUET_OK);
    assert_int_equal(count, 0);
}

/* --- ledger --------------------------------------------------------------------------------------------------- */

static void note_down(struct fixture *fixture, enum duet_ledger_kind kind, int64_t link,
                      const char *key, const char *field, int64_t when)
{
    struct duet_ledger_row row = {
        .when = when, .kind = kind, .link = link, .keys = { key, "R" }, .field = field
    };
    assert_int_equal(duet_journal_log(fixture->journal, &fixture->acme, &row), DUET_OK);
}

static struct duet_ledger_row *ask(struct fixture *fixture, struct duet_ledger_query query,
                                   size_t expected)
{
    struct duet_ledger_row *rows = NULL;
    size_t count = 99;
    assert_int_equal(duet_journal_ledger(fixture->journal, &fixture->acme, &query, 10,
                                         fixture->arena, &rows, &count),
                     DUET_OK);
    assert_int_equal(count, expected);
    return rows;
}

static void ledger_keeps_every_column(void **state)
{
    struct fixture *fixture = *state;
    struct duet_ledger_row row = { .when = 1,
                                   .kind = DUET_LEDGER_CONFLICT,
                                   .link = 2,
                                   .keys = { "L", "R" },
                                   .field = "status",
                                   .side = DUET_RIGHT,
                                   .from = "Open",
                                   .to = "Closed",
                                   .lost = "New",
                                   .cause = "both changed",
                                   .file = "a.duet",
                                   .line = 17,
                                   .operation = "op" };
    assert_int_equal(duet_journal_log(fixture->journal, &fixture->acme, &row), DUET_OK);
    reopen(fixture);
    struct duet_ledger_row *rows = ask(fixture, (struct duet_ledger_query){ 0 }, 1);
    assert_string_equal(rows[0].tenant, "acme");
    assert_int_equal(rows[0].when, 1);
    assert_int_equal(rows[0].kind, DUET_LEDGER_CONFLICT);
    assert_int_equal(rows[0].link, 2);
    assert_string_equal(rows[0].keys[DUET_LEFT], "L");
    assert_string_equal(rows[0].keys[DUET_RIGHT], "R");
    assert_string_equal(rows[0].field, "status");
    assert_int_equal(rows[0].side, DUET_RIGHT);
    assert_string_equal(rows[0].from, "Open");
    assert_string_equal(rows[0].to, "Closed");
    assert_string_equal(rows[0].lost, "New");
    assert_string_equal(rows[0].cause, "both changed");
    assert_string_equal(rows[0].file, "a.duet");
    assert_int_equal(rows[0].line, 17);
    assert_string_equal(rows[0].operation, "op");
}

static void ledger_answers_by_key_link_field_and_kind_newest_first(void **state)
{
    struct fixture *fixture = *state;
    note_down(fixture, DUET_LEDGER_SENT, 1, "L1", "status", 10);
    note_down(fixture, DUET_LEDGER_SENT, 2, "L2", "status", 11);
    note_down(fixture, DUET_LEDGER_HELD, 1, "L1", "verdict", 12);
    note_down(fixture, DUET_LEDGER_SENT, 1, "L1", "status", 13);
    struct duet_ledger_row *rows = ask(fixture, (struct duet_ledger_query){ .key = "L1" }, 3);
    assert_int_equal(rows[0].when, 13);
    assert_int_equal(rows[2].when, 10);
    ask(fixture, (struct duet_ledger_query){ .key = "R" }, 4);
    ask(fixture, (struct duet_ledger_query){ .key = "R", .link = 2 }, 1);
    ask(fixture, (struct duet_ledger_query){ .link = 1 }, 3);
    ask(fixture, (struct duet_ledger_query){ .link = 1, .field = "status" }, 2);
    ask(fixture, (struct duet_ledger_query){ .field = "verdict" }, 1);
    enum duet_ledger_kind kind = DUET_LEDGER_HELD;
    ask(fixture, (struct duet_ledger_query){ .kind = &kind }, 1);
    rows = ask(fixture, (struct duet_ledger_query){ .key = "L1", .before = rows[0].id }, 2);
    assert_int_equal(rows[0].when, 12);
    struct duet_ledger_query all = { 0 };
    size_t count = 99;
    assert_int_equal(duet_journal_ledger(fixture->journal, &fixture->soc, &all, 9, fixture->arena,
                                         &rows, &count),
                     DUET_OK);
    assert_int_equal(count, 0);
}

/* --- overview ----------------------------------------------------------------------------------------------------- */

static void overview_counts_what_stands_there(void **state)
{
    struct fixture *fixture = *state;
    struct duet_journal_status all = { 0 };
    int64_t first = link_keys(fixture, "L1", "R1"), second = link_keys(fixture, "L2", "R2");
    link_keys(fixture, "L3", "R3");
    assert_int_equal(duet_journal_bury(fixture->journal, &fixture->acme, second, 1, "x"), DUET_OK);
    assert_int_equal(duet_journal_link_set(fixture->journal, &fixture->acme, first, NULL, "{}"),
                     DUET_OK);
    receive(fixture, &fixture->siem, row_of("a", "1", NULL, 1));
    receive(fixture, &fixture->siem, row_of("b", "1", NULL, 1));
    receive(fixture, &fixture->siem, row_of("c", "1", NULL, 1));
    receive(fixture, &fixture->soar, row_of("a", "1", NULL, 1));
    assert_int_equal(duet_journal_quarantine(fixture->journal, &fixture->siem, "a", 1, "x"),
                     DUET_OK);
    intend(fixture, "op");
    struct duet_journal_note note = { .link = first,
                                      .origin_note = "n",
                                      .state = DUET_NOTE_UNCERTAIN };
    assert_int_equal(duet_journal_put_note(fixture->journal, &fixture->acme, &note), DUET_OK);
    struct duet_creation creation = {
        .mapping = "m", .origin_key = "k", .claim = "c", .operation = "o"
    };
    assert_int_equal(duet_journal_create(fixture->journal, &fixture->acme, &creation), DUET_OK);
    struct duet_signal signal = { .side = "", .key = "", .name = "n" };
    assert_int_equal(duet_journal_signal(fixture->journal, &fixture->acme, &signal), DUET_OK);
    assert_int_equal(duet_journal_hint(fixture->journal, &fixture->soar, "R1", 1), DUET_OK);
    struct duet_cursor cursor = { "here", 30, 20 };
    assert_int_equal(duet_journal_set_cursor(fixture->journal, &fixture->soar, &cursor), DUET_OK);

    assert_int_equal(duet_journal_status(fixture->journal, fixture->arena, &all), DUET_OK);
    assert_int_equal(all.owner_count, 2);
    struct duet_owner_status *acme = &all.owners[0];
    assert_string_equal(acme->name, "acme");
    assert_int_equal(acme->links, 2);
    assert_int_equal(acme->tombstones, 1);
    assert_int_equal(acme->shown, 1);
    assert_int_equal(acme->fresh, 2);
    assert_int_equal(acme->quarantined, 1);
    assert_int_equal(acme->creations, 1);
    assert_int_equal(acme->open_intents, 1);
    assert_int_equal(acme->uncertain_notes, 1);
    assert_int_equal(acme->signals, 1);
    assert_int_equal(all.owners[1].kind, DUET_OWNER_HUB);
    assert_int_equal(all.owners[1].links, 0);
    assert_int_equal(all.source_count, 2);
    assert_string_equal(all.sources[0].side, "siem");
    assert_int_equal(all.sources[0].rows, 3);
    assert_int_equal(all.sources[0].fresh, 2);
    assert_int_equal(all.sources[0].quarantined, 1);
    assert_string_equal(all.sources[1].owner, "soc");
    assert_int_equal(all.sources[1].hints, 1);
    assert_string_equal(all.sources[1].cursor.cursor, "here");
    assert_int_equal(all.sources[1].cursor.polled, 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(latest_is_over_all_that_is_under_way),
        TEST(intent_is_open_after_a_restart_until_its_outcome),
        TEST(intent_is_put_once),
        TEST(putting_again_does_not_open_what_was_decided),
        TEST(unknown_stays_open_and_decided_stays_decided),
        TEST(only_decided_intents_are_forgotten),
        TEST(what_a_later_read_settled_is_no_longer_open),
        TEST(recent_requests_are_told_oldest_first),
        TEST(signal_is_kept_until_it_is_acted_on),
        TEST(hint_stands_once_and_a_later_one_outlives_the_first),
        TEST(ledger_keeps_every_column),
        TEST(ledger_answers_by_key_link_field_and_kind_newest_first),
        TEST(overview_counts_what_stands_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
