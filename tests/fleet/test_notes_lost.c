/* Tests of engine/fleet/notes_sync.h: each note stands once, whatever is lost, refused or put off, and whenever the engine dies (S13). */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/notes_stage.h"

/* --- lost and dying ------------------------------------------------------------------------------------------------------------ */

static void lose_one(const char *text, enum notes_fault fault)
{
    struct notes_stage *stage = notes_stage_new(text);
    stage->servers[DUET_LEFT].next_add = fault;
    stage->servers[DUET_RIGHT].next_add = fault;
    notes_write(stage, DUET_LEFT, "from the desk");
    notes_write(stage, DUET_RIGHT, "from the board");
    notes_settle(stage);
    notes_settle(stage);
    notes_expect_once(stage, "from the desk");
    notes_expect_once(stage, "from the board");
    notes_expect_total(stage, 2);
    notes_stage_free(stage);
}

static void a_lost_reply_makes_no_second_note(void **data)
{
    (void)data;
    for (size_t i = 0; i < NOTES_BOARDS; i++)
        lose_one(notes_boards[i], NOTES_LOST_AFTER);
}

static void a_lost_request_is_sent_again(void **data)
{
    (void)data;
    for (size_t i = 0; i < NOTES_BOARDS; i++)
        lose_one(notes_boards[i], NOTES_LOST_BEFORE);
}

/* The record as read before the loss tells nothing: nothing is sent until a newer read. */
static void an_older_read_settles_nothing(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
    notes_write(stage, DUET_LEFT, "only once");
    notes_write(stage, DUET_LEFT, "and one behind it");
    stage->servers[DUET_RIGHT].next_add = NOTES_LOST_AFTER;
    notes_read(stage);
    assert_true(notes_sync(stage));
    assert_true(stage->outcome.again);
    assert_int_equal(stage->outcome.sent[DUET_RIGHT], 1); /* perhaps: to be read */
    assert_true(notes_sync(stage));
    assert_true(stage->outcome.again);
    assert_non_null(strstr(stage->shown, "waiting/right: the reply to the note \"only once\""));
    assert_int_equal(stage->servers[DUET_RIGHT].adds, 1);
    notes_settle(stage);
    assert_int_equal(stage->servers[DUET_RIGHT].adds, 2);
    assert_string_equal(stage->shown, "");
    notes_expect_total(stage, 2);
    notes_stage_free(stage);
}

/* A read that began while the request was under way, before it landed. */
static void a_read_from_before_the_loss_settles_nothing(void **data)
{
    (void)data;
    for (size_t turns = 0; turns < 12; turns++) {
        for (int dies = 0; dies < 2; dies++) {
            struct notes_stage *stage = notes_stage_new(HTML_BOARD);
            struct notes_server *board = &stage->servers[DUET_RIGHT];
            board->next_add = NOTES_LOST_LATE;
            notes_write(stage, DUET_LEFT, "only once");
            notes_read(stage);
            assert_true(notes_start(stage));
            for (size_t i = 0; i < turns && board->adds == 0 && notes_turn(stage);)
                i++;
            notes_read(stage);
            while (board->adds == 0 && notes_turn(stage))
                continue;
            while (!dies && notes_turn(stage))
                continue;
            notes_end(stage);
            notes_land(stage, DUET_RIGHT);
            assert_true(notes_sync(stage));
            assert_int_equal(board->adds, 1);
            notes_settle(stage);
            assert_int_equal(board->adds, 1);
            notes_expect_total(stage, 1);
            notes_stage_free(stage);
        }
    }
}

/* A side that nothing is taken from is listed all the same to find a note that was lost there. */
static void a_lost_note_is_looked_for_where_nothing_is_taken_from(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(LISTED_BOARD);
    stage->released[DUET_RIGHT] = false;
    stage->servers[DUET_RIGHT].next_add = NOTES_LOST_AFTER;
    notes_write(stage, DUET_LEFT, "only once");
    notes_settle(stage);
    notes_reset(stage);
    notes_settle(stage);
    assert_int_equal(stage->servers[DUET_RIGHT].lists, 0);
    notes_expect_total(stage, 1);
    notes_stage_free(stage);
}

static void later_notes_wait_behind_a_lost_one(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
    stage->servers[DUET_RIGHT].next_add = NOTES_LOST_BEFORE;
    notes_write(stage, DUET_LEFT, "first");
    notes_write(stage, DUET_LEFT, "second");
    notes_settle(stage);
    assert_non_null(strstr(stage->servers[DUET_RIGHT].notes[0].text, "first"));
    assert_non_null(strstr(stage->servers[DUET_RIGHT].notes[1].text, "second"));
    notes_stage_free(stage);
}

/* Dies after every number of turns that a whole call takes, with each fault on the first request; then dies again as early. */
static void die_anywhere(const char *text, enum notes_fault fault)
{
    for (size_t turns = 0; turns < 14; turns++) {
        struct notes_stage *stage = notes_stage_new(text);
        stage->servers[DUET_LEFT].next_add = fault;
        stage->servers[DUET_RIGHT].next_add = fault;
        notes_write(stage, DUET_LEFT, "from the desk");
        notes_write(stage, DUET_RIGHT, "from the board");
        notes_write(stage, DUET_LEFT,
                    "a long one that goes over in parts, because the board takes no more than two "
                    "hundred characters in one note, and this one has quite some more than that: "
                    "so that the last words, which are THE LAST, stand in another note of theirs");
        notes_crash(stage, turns);
        notes_crash(stage, turns / 2);
        notes_settle(stage);
        notes_settle(stage);
        notes_expect_once(stage, "from the desk");
        notes_expect_once(stage, "from the board");
        notes_expect_once(stage, "THE LAST");
        assert_int_equal(stage->servers[DUET_LEFT].count, 3);
        assert_int_equal(stage->servers[DUET_RIGHT].count, 4);
        notes_stage_free(stage);
    }
}

static void an_engine_that_dies_anywhere_ends_alike(void **data)
{
    (void)data;
    for (size_t i = 0; i < NOTES_BOARDS; i++) {
        die_anywhere(notes_boards[i], NOTES_FINE);
        die_anywhere(notes_boards[i], NOTES_LOST_BEFORE);
        die_anywhere(notes_boards[i], NOTES_LOST_AFTER);
    }
}

static void where_nobody_can_look_a_lost_note_is_uncertain(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
    struct notes_server *board = &stage->servers[DUET_RIGHT];
    board->is_hidden = true;
    board->next_add = NOTES_LOST_AFTER;
    notes_write(stage, DUET_LEFT, "who knows");
    notes_write(stage, DUET_LEFT, "certain");
    notes_read(stage);
    assert_true(notes_sync(stage));
    size_t uncertain = 0;
    assert_int_equal(duet_journal_count_notes(stage->journal, &stage->owner, stage->link, DUET_LEFT,
                                              DUET_NOTE_UNCERTAIN, &uncertain),
                     DUET_OK);
    assert_int_equal(uncertain, 1);
    for (int i = 0; i < 3; i++) {
        notes_settle(stage);
        assert_non_null(
            strstr(stage->shown, "note uncertain/right: the note \"who knows\" of left"));
    }
    assert_int_equal(board->adds, 2);
    board->is_hidden = false; /* and should it show after all */
    notes_settle(stage);
    assert_string_equal(stage->shown, "");
    notes_expect_total(stage, 2);
    notes_stage_free(stage);
}

static void where_nobody_can_look_one_sent_before_dying_is_uncertain(void **data)
{
    (void)data;
    size_t sent = 0;
    for (size_t turns = 0; turns < 8; turns++) {
        struct notes_stage *stage = notes_stage_new(HTML_BOARD);
        struct notes_server *board = &stage->servers[DUET_RIGHT];
        board->is_hidden = true;
        notes_write(stage, DUET_LEFT, "who knows");
        notes_crash(stage, turns);
        size_t before = board->adds;
        sent += before;
        notes_settle(stage);
        notes_settle(stage);
        assert_true(board->adds <= 1);
        if (before == 1 && notes_sync(stage))
            assert_non_null(strstr(stage->shown, "note uncertain/right"));
        notes_stage_free(stage);
    }
    assert_true(sent > 0);
}

/* --- turned down and put off ----------------------------------------------------------------------------------------------------- */

static void a_refused_note_is_held_and_holds_nothing_else(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
    stage->servers[DUET_RIGHT].next_add = NOTES_REFUSED;
    notes_write(stage, DUET_LEFT, "bad words");
    notes_write(stage, DUET_LEFT, "good words");
    for (int i = 0; i < 3; i++) {
        notes_settle(stage);
        assert_non_null(
            strstr(stage->shown, "note held/right: right refused the note \"bad words\""));
    }
    assert_int_equal(stage->servers[DUET_RIGHT].adds, 2);
    assert_int_equal(notes_with(stage, DUET_RIGHT, "good words"), 1);
    notes_stage_free(stage);
}

static void a_throttled_note_comes_later(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
    stage->servers[DUET_RIGHT].next_add = NOTES_THROTTLED;
    notes_write(stage, DUET_LEFT, "later");
    notes_read(stage);
    assert_true(notes_sync(stage));
    assert_true(stage->outcome.again);
    assert_int_equal(stage->outcome.retry_ms, 7000);
    notes_settle(stage);
    notes_expect_once(stage, "later");
    notes_stage_free(stage);
}

static void a_record_that_is_gone_is_told(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
    stage->servers[DUET_RIGHT].next_add = NOTES_GONE;
    notes_write(stage, DUET_LEFT, "one");
    notes_write(stage, DUET_LEFT, "two");
    notes_read(stage);
    assert_true(notes_sync(stage));
    assert_true(stage->outcome.gone[DUET_RIGHT]);
    assert_false(stage->outcome.gone[DUET_LEFT]);
    assert_int_equal(stage->servers[DUET_RIGHT].adds, 1);
    notes_stage_free(stage);
}

static void a_list_that_fails_holds_up_only_its_side(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
    stage->servers[DUET_LEFT].next_list = NOTES_THROTTLED;
    notes_write(stage, DUET_LEFT, "from the desk");
    notes_write(stage, DUET_RIGHT, "from the board");
    notes_read(stage);
    for (int i = 0; i < 6 && stage->servers[DUET_LEFT].lists == 0; i++)
        assert_true(notes_sync(stage));
    notes_settle(stage);
    notes_expect_once(stage, "from the desk");
    notes_expect_once(stage, "from the board");
    notes_stage_free(stage);
}

static void a_store_that_fails_stops_it(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
    struct duet_owner other = { DUET_OWNER_TENANT, "acme", 0 };
    assert_int_equal(duet_journal_claim(stage->journal, &other), DUET_OK);
    notes_write(stage, DUET_RIGHT, "not by us any more");
    notes_read(stage);
    assert_true(notes_sync(stage));
    assert_int_equal(stage->outcome.status, DUET_CONFLICT);
    assert_int_equal(stage->servers[DUET_LEFT].adds, 0);
    notes_stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_reply_makes_no_second_note),
        cmocka_unit_test(a_lost_request_is_sent_again),
        cmocka_unit_test(an_older_read_settles_nothing),
        cmocka_unit_test(a_read_from_before_the_loss_settles_nothing),
        cmocka_unit_test(a_lost_note_is_looked_for_where_nothing_is_taken_from),
        cmocka_unit_test(later_notes_wait_behind_a_lost_one),
        cmocka_unit_test(an_engine_that_dies_anywhere_ends_alike),
        cmocka_unit_test(where_nobody_can_look_a_lost_note_is_uncertain),
        cmocka_unit_test(where_nobody_can_look_one_sent_before_dying_is_uncertain),
        cmocka_unit_test(a_refused_note_is_held_and_holds_nothing_else),
        cmocka_unit_test(a_throttled_note_comes_later),
        cmocka_unit_test(a_record_that_is_gone_is_told),
        cmocka_unit_test(a_list_that_fails_holds_up_only_its_side),
        cmocka_unit_test(a_store_that_fails_stops_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
