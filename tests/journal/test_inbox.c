/* tests engine/journal/inbox.c and sources.c. */
#include "support.h"

static void content_is_kept_to_the_byte(void **state)
{
    struct fixture *fixture = *state;
    static const char raw[] = "{\"a\":\0\xff\"}";
    struct duet_row row = { "k'\"; --", raw, sizeof raw - 1, "\"0x1\"", UINT64_MAX, 7 };
    assert_int_equal(duet_journal_receive(fixture->journal, &fixture->siem, &row, 1, NULL),
                     DUET_OK);
    reopen(fixture);
    struct duet_inbox_row kept = snapshot(fixture, &fixture->siem, row.key);
    assert_int_equal(kept.row.length, sizeof raw - 1);
    assert_memory_equal(kept.row.raw, raw, sizeof raw);
    assert_string_equal(kept.row.key, row.key);
    assert_string_equal(kept.row.version, "\"0x1\"");
    assert_true(kept.row.hash == UINT64_MAX);
    assert_int_equal(kept.row.read_began, 7);
    assert_int_equal(kept.state, DUET_ROW_FRESH);
    assert_null(kept.reason);
}

static void empty_content_and_no_version_are_fine(void **state)
{
    struct fixture *fixture = *state;
    struct duet_row row = { "k", NULL, 0, NULL, 0, 0 };
    assert_int_equal(duet_journal_receive(fixture->journal, &fixture->siem, &row, 1, NULL),
                     DUET_OK);
    struct duet_inbox_row kept = snapshot(fixture, &fixture->siem, "k");
    assert_int_equal(kept.row.length, 0);
    assert_string_equal(kept.row.raw, "");
    assert_null(kept.row.version);
}

static void known_content_is_dropped(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(receive(fixture, &fixture->siem, row_of("k", "1", "v1", 1)).fresh, 1);
    struct duet_received again = receive(fixture, &fixture->siem, row_of("k", "1", "v1", 2));
    assert_int_equal(again.fresh, 0);
    assert_int_equal(again.same, 1);
    assert_int_equal(receive(fixture, &fixture->siem, row_of("k", "1", "v2", 3)).fresh, 1);
    assert_int_equal(receive(fixture, &fixture->siem, row_of("k", "2", "v2", 4)).fresh, 1);
    assert_int_equal(receive(fixture, &fixture->siem, row_of("k", "2", NULL, 5)).fresh, 1);
    assert_int_equal(receive(fixture, &fixture->siem, row_of("k", "2", NULL, 6)).same, 1);
    assert_int_equal(count_fresh(fixture, &fixture->siem), 1);
}

static void taken_content_stays_taken_when_read_again(void **state)
{
    struct fixture *fixture = *state;
    receive(fixture, &fixture->siem, row_of("k", "1", "v1", 1));
    int64_t revision = snapshot(fixture, &fixture->siem, "k").revision;
    assert_int_equal(duet_journal_take(fixture->journal, &fixture->siem, "k", revision), DUET_OK);
    assert_int_equal(duet_journal_take(fixture->journal, &fixture->siem, "k", revision), DUET_OK);
    receive(fixture, &fixture->siem, row_of("k", "1", "v1", 2));
    assert_int_equal(count_fresh(fixture, &fixture->siem), 0);
    receive(fixture, &fixture->siem, row_of("k", "2", "v2", 3));
    assert_int_equal(count_fresh(fixture, &fixture->siem), 1);
    assert_int_equal(duet_journal_take(fixture->journal, &fixture->siem, "none", 1),
                     DUET_NOT_FOUND);
}

static void content_that_came_in_meanwhile_stays_fresh(void **state)
{
    struct fixture *fixture = *state;
    receive(fixture, &fixture->siem, row_of("k", "1", "v1", 1));
    int64_t looked_at = snapshot(fixture, &fixture->siem, "k").revision;
    receive(fixture, &fixture->siem, row_of("k", "2", "v2", 2));
    assert_int_equal(duet_journal_take(fixture->journal, &fixture->siem, "k", looked_at), DUET_OK);
    assert_int_equal(count_fresh(fixture, &fixture->siem), 1);
    assert_int_equal(
        duet_journal_quarantine(fixture->journal, &fixture->siem, "k", looked_at, "bad"), DUET_OK);
    assert_int_equal(count_fresh(fixture, &fixture->siem), 1);
    assert_null(snapshot(fixture, &fixture->siem, "k").reason);
}

static void fresh_rows_come_in_order_of_arrival_and_in_pages(void **state)
{
    struct fixture *fixture = *state;
    struct duet_row rows[] = { row_of("c", "1", NULL, 1), row_of("a", "1", NULL, 1),
                               row_of("b", "1", NULL, 1) };
    struct duet_received received = { 0 };
    assert_int_equal(duet_journal_receive(fixture->journal, &fixture->siem, rows, 3, &received),
                     DUET_OK);
    assert_int_equal(received.fresh, 3);
    receive(fixture, &fixture->siem,
            row_of("c", "2", NULL, 2)); /* keeps its place, though it changed */
    struct duet_inbox_row *page = NULL;
    size_t count = 0;
    assert_int_equal(
        duet_journal_fresh(fixture->journal, &fixture->siem, 0, 2, fixture->arena, &page, &count),
        DUET_OK);
    assert_int_equal(count, 2);
    assert_string_equal(page[0].row.key, "c");
    assert_string_equal(page[0].row.raw, "2");
    assert_string_equal(page[1].row.key, "a");
    assert_int_equal(duet_journal_fresh(fixture->journal, &fixture->siem, page[1].arrived, 2,
                                        fixture->arena, &page, &count),
                     DUET_OK);
    assert_int_equal(count, 1);
    assert_string_equal(page[0].row.key, "b");
}

static void row_that_changes_after_it_was_taken_goes_to_the_end(void **state)
{
    struct fixture *fixture = *state;
    receive(fixture, &fixture->siem, row_of("a", "1", NULL, 1));
    receive(fixture, &fixture->siem, row_of("b", "1", NULL, 1));
    assert_int_equal(duet_journal_take(fixture->journal, &fixture->siem, "a", 1), DUET_OK);
    receive(fixture, &fixture->siem, row_of("a", "2", NULL, 2));
    struct duet_inbox_row *rows = NULL;
    size_t count = 0;
    assert_int_equal(
        duet_journal_fresh(fixture->journal, &fixture->siem, 0, 9, fixture->arena, &rows, &count),
        DUET_OK);
    assert_int_equal(count, 2);
    assert_string_equal(rows[0].row.key, "b");
    assert_string_equal(rows[1].row.key, "a");
}

static void quarantine_ends_with_other_content_or_by_hand(void **state)
{
    struct fixture *fixture = *state;
    struct duet_inbox_row *rows = NULL;
    size_t count = 0;
    receive(fixture, &fixture->siem, row_of("k", "1", "v1", 1));
    assert_int_equal(duet_journal_quarantine(fixture->journal, &fixture->siem, "k", 1, "not JSON"),
                     DUET_OK);
    reopen(fixture);
    assert_int_equal(count_fresh(fixture, &fixture->siem), 0);
    assert_int_equal(duet_journal_quarantined(fixture->journal, &fixture->siem, 0, 9,
                                              fixture->arena, &rows, &count),
                     DUET_OK);
    assert_int_equal(count, 1);
    assert_string_equal(rows[0].reason, "not JSON");
    assert_int_equal(receive(fixture, &fixture->siem, row_of("k", "1", "v1", 2)).same, 1);
    assert_int_equal(count_fresh(fixture, &fixture->siem), 0);
    assert_int_equal(receive(fixture, &fixture->siem, row_of("k", "2", "v2", 3)).fresh, 1);
    assert_null(snapshot(fixture, &fixture->siem, "k").reason);

    int64_t revision = snapshot(fixture, &fixture->siem, "k").revision;
    assert_int_equal(
        duet_journal_quarantine(fixture->journal, &fixture->siem, "k", revision, "again"), DUET_OK);
    assert_int_equal(duet_journal_release(fixture->journal, &fixture->siem, "k"), DUET_OK);
    assert_int_equal(count_fresh(fixture, &fixture->siem), 1);
    assert_null(snapshot(fixture, &fixture->siem, "k").reason);
    assert_int_equal(duet_journal_release(fixture->journal, &fixture->siem, "none"),
                     DUET_NOT_FOUND);
}

static void release_of_all_leaves_taken_rows_alone_and_refresh_does_not(void **state)
{
    struct fixture *fixture = *state;
    static const char *const keys[] = { "a", "b", "c" };
    for (size_t i = 0; i < 3; i++)
        receive(fixture, &fixture->siem, row_of(keys[i], "1", NULL, 1));
    assert_int_equal(duet_journal_take(fixture->journal, &fixture->siem, "a", 1), DUET_OK);
    assert_int_equal(duet_journal_quarantine(fixture->journal, &fixture->siem, "b", 1, "x"),
                     DUET_OK);
    assert_int_equal(duet_journal_quarantine(fixture->journal, &fixture->siem, "c", 1, "x"),
                     DUET_OK);
    assert_int_equal(duet_journal_release(fixture->journal, &fixture->siem, "a"), DUET_OK);
    assert_int_equal(count_fresh(fixture, &fixture->siem), 0);
    assert_int_equal(duet_journal_release(fixture->journal, &fixture->siem, NULL), DUET_OK);
    assert_int_equal(count_fresh(fixture, &fixture->siem), 2);
    assert_int_equal(duet_journal_refresh(fixture->journal, &fixture->siem, NULL), DUET_OK);
    assert_int_equal(count_fresh(fixture, &fixture->siem), 3);
    /* Whoever looked before the refresh has looked with the old rules. */
    assert_int_equal(duet_journal_take(fixture->journal, &fixture->siem, "a", 1), DUET_OK);
    assert_int_equal(count_fresh(fixture, &fixture->siem), 3);
}

static void content_of_an_earlier_read_is_doubted_and_read_again(void **state)
{
    struct fixture *fixture = *state;
    struct duet_hint *hints = NULL;
    size_t count = 0;
    receive(fixture, &fixture->siem, row_of("k", "2", "v2", 20));
    struct duet_received late = receive(fixture, &fixture->siem, row_of("k", "1", "v1", 10));
    assert_int_equal(late.doubted, 1);
    assert_int_equal(late.fresh, 0);
    assert_string_equal(snapshot(fixture, &fixture->siem, "k").row.raw, "2");
    assert_int_equal(
        duet_journal_hints(fixture->journal, &fixture->siem, 0, 9, fixture->arena, &hints, &count),
        DUET_OK);
    assert_int_equal(count, 1);
    assert_string_equal(hints[0].key, "k");
}

static void awaited_record_is_fresh_by_a_late_enough_read(void **state)
{
    struct fixture *fixture = *state;
    receive(fixture, &fixture->siem, row_of("k", "1", "v1", 1));
    assert_int_equal(duet_journal_take(fixture->journal, &fixture->siem, "k", 1), DUET_OK);
    assert_int_equal(duet_journal_await(fixture->journal, &fixture->siem, "k", 10), DUET_OK);
    assert_int_equal(duet_journal_await(fixture->journal, &fixture->siem, "k", 5), DUET_OK);
    reopen(fixture);
    assert_int_equal(receive(fixture, &fixture->siem, row_of("k", "1", "v1", 9)).same, 1);
    assert_int_equal(receive(fixture, &fixture->siem, row_of("k", "1", "v1", 10)).same, 1);
    assert_int_equal(receive(fixture, &fixture->siem, row_of("k", "1", "v1", 11)).fresh, 1);
    assert_int_equal(snapshot(fixture, &fixture->siem, "k").row.read_began, 11);
    int64_t revision = snapshot(fixture, &fixture->siem, "k").revision;
    assert_int_equal(duet_journal_take(fixture->journal, &fixture->siem, "k", revision), DUET_OK);
    assert_int_equal(receive(fixture, &fixture->siem, row_of("k", "1", "v1", 12)).same, 1);
}

static void record_may_be_awaited_before_it_was_seen(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(duet_journal_await(fixture->journal, &fixture->siem, "k", 10), DUET_OK);
    assert_int_equal(receive(fixture, &fixture->siem, row_of("k", "1", "v1", 9)).fresh, 1);
    assert_int_equal(duet_journal_take(fixture->journal, &fixture->siem, "k", 1), DUET_OK);
    assert_int_equal(receive(fixture, &fixture->siem, row_of("k", "1", "v1", 11)).fresh, 1);
}

static void kept_answer_is_no_news(void **state)
{
    struct fixture *fixture = *state;
    struct duet_row answer = row_of("k", "2", "v2", 20);
    assert_int_equal(duet_journal_keep(fixture->journal, &fixture->siem, &answer), DUET_OK);
    assert_int_equal(duet_journal_keep(fixture->journal, &fixture->siem, &answer), DUET_OK);
    assert_int_equal(count_fresh(fixture, &fixture->siem), 0);
    assert_int_equal(receive(fixture, &fixture->siem, row_of("k", "2", "v2", 21)).same, 1);
    struct duet_row earlier = row_of("k", "1", "v1", 10);
    assert_int_equal(duet_journal_keep(fixture->journal, &fixture->siem, &earlier), DUET_OK);
    assert_string_equal(snapshot(fixture, &fixture->siem, "k").row.raw, "2");
}

static void kept_answer_over_an_unseen_edit_stays_fresh(void **state)
{
    struct fixture *fixture = *state;
    receive(fixture, &fixture->siem, row_of("k", "edited", "v2", 10));
    struct duet_row answer = row_of("k", "edited and written", "v3", 20);
    assert_int_equal(duet_journal_keep(fixture->journal, &fixture->siem, &answer), DUET_OK);
    assert_int_equal(count_fresh(fixture, &fixture->siem), 1);
    assert_string_equal(snapshot(fixture, &fixture->siem, "k").row.raw, "edited and written");
}

static void page_is_received_whole_or_not_at_all(void **state)
{
    struct fixture *fixture = *state;
    struct duet_row rows[] = { row_of("a", "1", NULL, 1), { NULL, "1", 1, NULL, 1, 1 } };
    assert_int_not_equal(duet_journal_receive(fixture->journal, &fixture->siem, rows, 2, NULL),
                         DUET_OK);
    assert_int_equal(count_fresh(fixture, &fixture->siem), 0);
}

static void sources_are_apart(void **state)
{
    struct fixture *fixture = *state;
    struct duet_owner beta = { DUET_OWNER_TENANT, "beta", 0 };
    struct duet_source betas = { &beta, "siem" };
    assert_int_equal(duet_journal_claim(fixture->journal, &beta), DUET_OK);
    receive(fixture, &fixture->siem, row_of("1", "acme's", NULL, 1));
    receive(fixture, &betas, row_of("1", "beta's", NULL, 1));
    assert_string_equal(snapshot(fixture, &fixture->siem, "1").row.raw, "acme's");
    assert_string_equal(snapshot(fixture, &betas, "1").row.raw, "beta's");
    assert_int_equal(duet_journal_take(fixture->journal, &betas, "1", 1), DUET_OK);
    assert_int_equal(count_fresh(fixture, &fixture->siem), 1);
    assert_int_equal(count_fresh(fixture, &betas), 0);
}

static void latest_is_over_all_sources_and_never_sinks(void **state)
{
    struct fixture *fixture = *state;
    int64_t latest = -1;
    assert_int_equal(duet_journal_latest(fixture->journal, &latest), DUET_OK);
    assert_int_equal(latest, 0);
    receive(fixture, &fixture->siem, row_of("a", "1", NULL, 50));
    receive(fixture, &fixture->siem, row_of("b", "1", NULL, 40));
    struct duet_row answer = row_of("k", "2", "v2", 60);
    assert_int_equal(duet_journal_keep(fixture->journal, &fixture->soar, &answer), DUET_OK);
    reopen(fixture);
    assert_int_equal(duet_journal_latest(fixture->journal, &latest), DUET_OK);
    assert_int_equal(latest, 60);
}

static void cursor_is_kept_and_nothing_at_first(void **state)
{
    struct fixture *fixture = *state;
    struct duet_cursor cursor = { "?", 1, 1 };
    assert_int_equal(duet_journal_cursor(fixture->journal, &fixture->siem, fixture->arena, &cursor),
                     DUET_OK);
    assert_null(cursor.cursor);
    assert_int_equal(cursor.polled, 0);
    cursor = (struct duet_cursor){ "2026-01-01T00:00:00.1234567Z", 30, 20 };
    assert_int_equal(duet_journal_set_cursor(fixture->journal, &fixture->siem, &cursor), DUET_OK);
    reopen(fixture);
    assert_int_equal(duet_journal_cursor(fixture->journal, &fixture->siem, fixture->arena, &cursor),
                     DUET_OK);
    assert_string_equal(cursor.cursor, "2026-01-01T00:00:00.1234567Z");
    assert_int_equal(cursor.polled, 30);
    assert_int_equal(cursor.swept, 20);
    assert_int_equal(duet_journal_cursor(fixture->journal, &fixture->soar, fixture->arena, &cursor),
                     DUET_OK);
    assert_null(cursor.cursor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(content_is_kept_to_the_byte),
        TEST(empty_content_and_no_version_are_fine),
        TEST(known_content_is_dropped),
        TEST(taken_content_stays_taken_when_read_again),
        TEST(content_that_came_in_meanwhile_stays_fresh),
        TEST(fresh_rows_come_in_order_of_arrival_and_in_pages),
        TEST(row_that_changes_after_it_was_taken_goes_to_the_end),
        TEST(quarantine_ends_with_other_content_or_by_hand),
        TEST(release_of_all_leaves_taken_rows_alone_and_refresh_does_not),
        TEST(content_of_an_earlier_read_is_doubted_and_read_again),
        TEST(awaited_record_is_fresh_by_a_late_enough_read),
        TEST(record_may_be_awaited_before_it_was_seen),
        TEST(kept_answer_is_no_news),
        TEST(kept_answer_over_an_unseen_edit_stays_fresh),
        TEST(page_is_received_whole_or_not_at_all),
        TEST(sources_are_apart),
        TEST(latest_is_over_all_sources_and_never_sinks),
        TEST(cursor_is_kept_and_nothing_at_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
