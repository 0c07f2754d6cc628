/* Tests of engine/fleet/notes_sync.h: each note stands once on each side, whatever is lost and whenever the engine dies (S13). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/notes_stage.h"

#define BOTH "<-> right.notes"
#define HTML_BOARD NOTES_STAGE(BOARD_HTML, BOARD_ADD, BOTH)
#define TEXT_BOARD NOTES_STAGE(BOARD_TEXT, BOARD_ADD, BOTH)
#define LISTED_BOARD NOTES_STAGE(BOARD_TEXT, BOARD_LIST BOARD_ADD, BOTH)

static struct notes_stage *open_stage(const char *text)
{
    struct notes_stage *stage = calloc(1, sizeof *stage);
    notes_open(stage, text);
    notes_settle(stage); /* the link is looked at for the first time */
    return stage;
}

static void close_stage(struct notes_stage *stage)
{
    notes_close(stage);
    free(stage);
}

static void expect_once(const struct notes_stage *stage, const char *text)
{
    assert_int_equal(notes_with(stage, DUET_LEFT, text), 1);
    assert_int_equal(notes_with(stage, DUET_RIGHT, text), 1);
}

static void expect_total(const struct notes_stage *stage, size_t count)
{
    assert_int_equal(stage->servers[DUET_LEFT].count, count);
    assert_int_equal(stage->servers[DUET_RIGHT].count, count);
}

/* --- going over ------------------------------------------------------------------------------------------------------- */

static void notes_go_over_once_and_never_come_back(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    notes_write(stage, DUET_LEFT, "a < b & c");
    notes_write(stage, DUET_RIGHT, "<p>d &amp; <b>e</b></p><script>x</script>");
    notes_settle(stage);
    notes_settle(stage);
    assert_int_equal(notes_with(stage, DUET_RIGHT, "a &lt; b &amp; c<!-- duet:"), 1);
    assert_int_equal(notes_with(stage, DUET_LEFT, "d & e"), 1);
    assert_string_equal(stage->servers[DUET_LEFT].notes[1].text, "d & e");
    expect_total(stage, 2);
    close_stage(stage);
}

static void each_part_has_its_row_in_the_ledger(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    notes_write(stage, DUET_LEFT, "for the ledger");
    notes_settle(stage);
    struct duet_ledger_row *rows = NULL;
    size_t count = 0;
    enum duet_ledger_kind kind = DUET_LEDGER_NOTE;
    const struct duet_ledger_query wanted = { .link = stage->link, .kind = &kind };
    assert_int_equal(duet_journal_ledger(stage->journal, &stage->owner, &wanted, 10,
                                         stage->stage.arena, &rows, &count),
                     DUET_OK);
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].side, DUET_RIGHT);
    assert_string_equal(rows[0].to, "for the ledger");
    assert_string_equal(rows[0].cause, "note 'p0' of left");
    assert_string_equal(rows[0].file, "stage.duet");
    close_stage(stage);
}

static void a_quiet_link_asks_for_nothing(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    notes_write(stage, DUET_LEFT, "one");
    notes_write(stage, DUET_RIGHT, "two");
    notes_settle(stage);
    notes_read(stage);
    (void)notes_sync(stage);
    notes_reset(stage);
    for (int i = 0; i < 5; i++) {
        assert_false(notes_sync(stage));
        notes_read(stage);
    }
    notes_write(stage, DUET_LEFT, "three");
    notes_settle(stage);
    assert_int_equal(stage->servers[DUET_LEFT].lists, 1); /* its count moved */
    close_stage(stage);
}

/* Planned again before it is read again: the record still shows the count from before. */
static void a_count_from_before_our_own_note_says_nothing(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    notes_write(stage, DUET_LEFT, "from the desk");
    notes_write(stage, DUET_RIGHT, "from the board");
    notes_read(stage);
    assert_true(notes_sync(stage));
    assert_int_equal(stage->servers[DUET_LEFT].lists, 1);
    assert_int_equal(stage->servers[DUET_LEFT].count, 2);
    assert_false(notes_sync(stage));
    notes_read(stage);
    (void)notes_sync(stage);
    assert_int_equal(stage->servers[DUET_LEFT].lists, 1);
    close_stage(stage);
}

/* Without a count, a record that was read anew is listed, and only then. */
static void without_a_count_a_new_read_is_listed_once(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(LISTED_BOARD);
    notes_reset(stage);
    notes_read(stage);
    assert_true(notes_sync(stage));
    assert_false(notes_sync(stage));
    assert_int_equal(stage->servers[DUET_RIGHT].lists, 1);
    close_stage(stage);
}

static void a_note_that_was_deleted_isnt_looked_for_again(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    notes_write(stage, DUET_LEFT, "one");
    notes_write(stage, DUET_LEFT, "two");
    notes_settle(stage);
    struct notes_server *desk = &stage->servers[DUET_LEFT];
    free(desk->notes[1].id);
    free(desk->notes[1].text);
    free(desk->notes[1].author);
    desk->count = 1;
    notes_settle(stage);
    notes_reset(stage);
    notes_settle(stage);
    assert_int_equal(desk->lists, 0);
    assert_int_equal(stage->servers[DUET_RIGHT].count, 2);
    close_stage(stage);
}

static void equal_texts_are_notes_of_their_own(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    notes_write(stage, DUET_LEFT, "ok");
    notes_write(stage, DUET_RIGHT, "ok");
    notes_write(stage, DUET_RIGHT, "ok")->written--; /* in the same second, by the same person */
    notes_settle(stage);
    notes_settle(stage);
    expect_total(stage, 3);
    close_stage(stage);
}

/* A list that begins with the newest must not shift what names an older note. */
static void a_list_may_begin_with_the_newest(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    stage->servers[DUET_RIGHT].is_newest_first = true;
    notes_write(stage, DUET_RIGHT, "first");
    notes_write(stage, DUET_RIGHT, "second")->written--;
    int64_t third = notes_write(stage, DUET_RIGHT, "third")->written;
    notes_settle(stage);
    notes_write(stage, DUET_RIGHT, "fourth")->written = third;
    notes_settle(stage);
    expect_once(stage, "first");
    expect_once(stage, "second");
    expect_once(stage, "third");
    expect_once(stage, "fourth");
    expect_total(stage, 4);
    close_stage(stage);
}

static void an_id_may_come_back_in_capitals(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    stage->servers[DUET_LEFT].shouts = true;
    notes_write(stage, DUET_RIGHT, "to the desk");
    notes_settle(stage);
    notes_write(stage, DUET_LEFT, "makes it list");
    notes_settle(stage);
    expect_once(stage, "to the desk");
    expect_total(stage, 2);
    close_stage(stage);
}

static void one_way_is_one_way(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(NOTES_STAGE(BOARD_HTML, BOARD_ADD, "-> right.notes"));
    notes_write(stage, DUET_LEFT, "goes");
    notes_write(stage, DUET_RIGHT, "stays");
    notes_settle(stage);
    assert_int_equal(notes_with(stage, DUET_RIGHT, "goes"), 1);
    assert_int_equal(notes_with(stage, DUET_LEFT, "stays"), 0);
    close_stage(stage);
}

static void what_no_trigger_releases_is_shown(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    stage->released[DUET_RIGHT] = false;
    notes_write(stage, DUET_RIGHT, "a draft");
    notes_settle(stage);
    assert_int_equal(stage->servers[DUET_LEFT].count, 0);
    assert_non_null(strstr(stage->shown, "pending/left: 1 of the notes of right"));
    stage->released[DUET_RIGHT] = true;
    notes_settle(stage);
    expect_once(stage, "a draft");
    close_stage(stage);
}

/* --- whose is it ---------------------------------------------------------------------------------------------------------- */

static void who_quotes_our_note_has_written_one(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    notes_write(stage, DUET_LEFT, "original");
    notes_settle(stage);
    char quote[400];
    (void)snprintf(quote, sizeof quote, "<blockquote>%s</blockquote>my answer",
                   stage->servers[DUET_RIGHT].notes[0].text);
    notes_write(stage, DUET_RIGHT, quote); /* before our note was ever read again */
    notes_settle(stage);
    notes_settle(stage);
    assert_int_equal(notes_with(stage, DUET_LEFT, "my answer"), 1);
    assert_int_equal(notes_with(stage, DUET_LEFT, "duet:"), 0);
    expect_total(stage, 2);
    close_stage(stage);
}

/* In the same second, and shown first: it is ours that still reads as it was sent. */
static void a_quote_that_is_shown_first_is_a_quote(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    notes_write(stage, DUET_LEFT, "original");
    notes_read(stage);
    assert_true(notes_sync(stage));
    struct notes_server *board = &stage->servers[DUET_RIGHT];
    char quote[400];
    (void)snprintf(quote, sizeof quote, "my answer to %s", board->notes[0].text);
    notes_write(stage, DUET_RIGHT, quote)->written = board->notes[0].written;
    board->is_newest_first = true;
    notes_settle(stage);
    notes_settle(stage);
    assert_int_equal(notes_with(stage, DUET_LEFT, "my answer"), 1);
    expect_total(stage, 2);
    close_stage(stage);
}

static void our_note_stays_ours_when_somebody_edits_it(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    notes_write(stage, DUET_LEFT, "original");
    notes_read(stage);
    assert_true(notes_sync(stage));
    struct notes_stored *ours = &stage->servers[DUET_RIGHT].notes[0];
    char edited[400];
    (void)snprintf(edited, sizeof edited, "<p>changed: %s</p>", ours->text);
    free(ours->text);
    ours->text = strdup(edited);
    notes_settle(stage);
    notes_settle(stage);
    expect_total(stage, 1);
    close_stage(stage);
}

/* Where marks are kept, a note without one is never taken for ours. */
static void somebody_elses_same_words_confirm_nothing(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    notes_write(stage, DUET_LEFT, "hello");
    notes_settle(stage);
    stage->servers[DUET_RIGHT].next_add = NOTES_LOST_BEFORE;
    notes_write(stage, DUET_LEFT, "done");
    notes_read(stage);
    assert_true(notes_sync(stage));
    notes_write(stage, DUET_RIGHT, "done");
    notes_settle(stage);
    notes_settle(stage);
    assert_int_equal(notes_with(stage, DUET_RIGHT, "done"), 2);
    assert_int_equal(notes_with(stage, DUET_LEFT, "done"), 2);
    close_stage(stage);
}

static void where_marks_are_thrown_away_ours_are_known_all_the_same(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    stage->servers[DUET_RIGHT].strips_marks = true;
    notes_write(stage, DUET_LEFT, "same words");
    notes_settle(stage);
    notes_write(stage, DUET_RIGHT, "same words"); /* a person's */
    notes_settle(stage);
    notes_settle(stage);
    expect_total(stage, 2);
    close_stage(stage);
}

static void where_marks_are_thrown_away_a_lost_reply_is_found(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    stage->servers[DUET_RIGHT].strips_marks = true;
    stage->servers[DUET_RIGHT].next_add = NOTES_LOST_AFTER;
    notes_write(stage, DUET_LEFT, "only once");
    notes_settle(stage);
    expect_once(stage, "only once");
    expect_total(stage, 1);
    close_stage(stage);
}

/* --- lost and dying ------------------------------------------------------------------------------------------------------------ */

static void lose_one(const char *text, enum notes_fault fault)
{
    struct notes_stage *stage = open_stage(text);
    stage->servers[DUET_LEFT].next_add = fault;
    stage->servers[DUET_RIGHT].next_add = fault;
    notes_write(stage, DUET_LEFT, "from the desk");
    notes_write(stage, DUET_RIGHT, "from the board");
    notes_settle(stage);
    notes_settle(stage);
    expect_once(stage, "from the desk");
    expect_once(stage, "from the board");
    expect_total(stage, 2);
    close_stage(stage);
}

static const char *const boards[] = { HTML_BOARD, TEXT_BOARD, LISTED_BOARD };
#define BOARDS (sizeof boards / sizeof *boards)

static void a_lost_reply_makes_no_second_note(void **data)
{
    (void)data;
    for (size_t i = 0; i < BOARDS; i++)
        lose_one(boards[i], NOTES_LOST_AFTER);
}

static void a_lost_request_is_sent_again(void **data)
{
    (void)data;
    for (size_t i = 0; i < BOARDS; i++)
        lose_one(boards[i], NOTES_LOST_BEFORE);
}

/* The record as read before the loss tells nothing: nothing is sent until a newer read. */
static void an_older_read_settles_nothing(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
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
    expect_total(stage, 2);
    close_stage(stage);
}

/* A read that began while the request was under way, before it landed. */
static void a_read_from_before_the_loss_settles_nothing(void **data)
{
    (void)data;
    for (size_t turns = 0; turns < 12; turns++) {
        for (int dies = 0; dies < 2; dies++) {
            struct notes_stage *stage = open_stage(HTML_BOARD);
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
            expect_total(stage, 1);
            close_stage(stage);
        }
    }
}

/* A side that nothing is taken from is listed all the same to find a note that was lost there. */
static void a_lost_note_is_looked_for_where_nothing_is_taken_from(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(LISTED_BOARD);
    stage->released[DUET_RIGHT] = false;
    stage->servers[DUET_RIGHT].next_add = NOTES_LOST_AFTER;
    notes_write(stage, DUET_LEFT, "only once");
    notes_settle(stage);
    notes_reset(stage);
    notes_settle(stage);
    assert_int_equal(stage->servers[DUET_RIGHT].lists, 0);
    expect_total(stage, 1);
    close_stage(stage);
}

static void later_notes_wait_behind_a_lost_one(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    stage->servers[DUET_RIGHT].next_add = NOTES_LOST_BEFORE;
    notes_write(stage, DUET_LEFT, "first");
    notes_write(stage, DUET_LEFT, "second");
    notes_settle(stage);
    assert_non_null(strstr(stage->servers[DUET_RIGHT].notes[0].text, "first"));
    assert_non_null(strstr(stage->servers[DUET_RIGHT].notes[1].text, "second"));
    close_stage(stage);
}

/* Dies after every number of turns that a whole call takes, with each fault on the first request; then dies again as early. */
static void die_anywhere(const char *text, enum notes_fault fault)
{
    for (size_t turns = 0; turns < 14; turns++) {
        struct notes_stage *stage = open_stage(text);
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
        expect_once(stage, "from the desk");
        expect_once(stage, "from the board");
        expect_once(stage, "THE LAST");
        assert_int_equal(stage->servers[DUET_LEFT].count, 3);
        assert_int_equal(stage->servers[DUET_RIGHT].count, 4);
        close_stage(stage);
    }
}

static void an_engine_that_dies_anywhere_ends_alike(void **data)
{
    (void)data;
    for (size_t i = 0; i < BOARDS; i++) {
        die_anywhere(boards[i], NOTES_FINE);
        die_anywhere(boards[i], NOTES_LOST_BEFORE);
        die_anywhere(boards[i], NOTES_LOST_AFTER);
    }
}

static void where_nobody_can_look_a_lost_note_is_uncertain(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
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
    expect_total(stage, 2);
    close_stage(stage);
}

static void where_nobody_can_look_one_sent_before_dying_is_uncertain(void **data)
{
    (void)data;
    size_t sent = 0;
    for (size_t turns = 0; turns < 8; turns++) {
        struct notes_stage *stage = open_stage(HTML_BOARD);
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
        close_stage(stage);
    }
    assert_true(sent > 0);
}

/* --- turned down and put off ----------------------------------------------------------------------------------------------------- */

static void a_refused_note_is_held_and_holds_nothing_else(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
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
    close_stage(stage);
}

static void a_throttled_note_comes_later(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    stage->servers[DUET_RIGHT].next_add = NOTES_THROTTLED;
    notes_write(stage, DUET_LEFT, "later");
    notes_read(stage);
    assert_true(notes_sync(stage));
    assert_true(stage->outcome.again);
    assert_int_equal(stage->outcome.retry_ms, 7000);
    notes_settle(stage);
    expect_once(stage, "later");
    close_stage(stage);
}

static void a_record_that_is_gone_is_told(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    stage->servers[DUET_RIGHT].next_add = NOTES_GONE;
    notes_write(stage, DUET_LEFT, "one");
    notes_write(stage, DUET_LEFT, "two");
    notes_read(stage);
    assert_true(notes_sync(stage));
    assert_true(stage->outcome.gone[DUET_RIGHT]);
    assert_false(stage->outcome.gone[DUET_LEFT]);
    assert_int_equal(stage->servers[DUET_RIGHT].adds, 1);
    close_stage(stage);
}

static void a_list_that_fails_holds_up_only_its_side(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    stage->servers[DUET_LEFT].next_list = NOTES_THROTTLED;
    notes_write(stage, DUET_LEFT, "from the desk");
    notes_write(stage, DUET_RIGHT, "from the board");
    notes_read(stage);
    for (int i = 0; i < 6 && stage->servers[DUET_LEFT].lists == 0; i++)
        assert_true(notes_sync(stage));
    notes_settle(stage);
    expect_once(stage, "from the desk");
    expect_once(stage, "from the board");
    close_stage(stage);
}

static void a_store_that_fails_stops_it(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    struct duet_owner other = { DUET_OWNER_TENANT, "acme", 0 };
    assert_int_equal(duet_journal_claim(stage->journal, &other), DUET_OK);
    notes_write(stage, DUET_RIGHT, "not by us any more");
    notes_read(stage);
    assert_true(notes_sync(stage));
    assert_int_equal(stage->outcome.status, DUET_CONFLICT);
    assert_int_equal(stage->servers[DUET_LEFT].adds, 0);
    close_stage(stage);
}

/* --- limits -------------------------------------------------------------------------------------------------------------------------- */

/* The desk takes six notes. */
static void the_last_free_note_says_that_there_is_more(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    struct notes_server *desk = &stage->servers[DUET_LEFT];
    const char *const words[] = { "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8" };
    for (size_t i = 0; i < 8; i++)
        notes_write(stage, DUET_RIGHT, words[i]);
    for (int i = 0; i < 3; i++) {
        notes_settle(stage);
        assert_int_equal(desk->count, 6);
        assert_non_null(strstr(stage->shown, "note held/left: 3 of the notes of right wait"));
    }
    assert_int_equal(notes_with(stage, DUET_LEFT, "n5"), 1);
    assert_int_equal(notes_with(stage, DUET_LEFT, "n6"), 0);
    assert_int_equal(notes_with(stage, DUET_LEFT, "There are more notes in board, record b1"), 1);
    assert_int_equal(notes_with(stage, DUET_RIGHT, "There are more"), 0);
    assert_int_equal(desk->adds, 6);
    close_stage(stage);
}

static void what_becomes_free_is_used(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    struct notes_server *desk = &stage->servers[DUET_LEFT];
    for (int i = 0; i < 6; i++)
        notes_write(stage, DUET_RIGHT, "x");
    notes_settle(stage);
    assert_int_equal(desk->count, 6);
    notes_write(stage, DUET_RIGHT, "the held one");
    notes_settle(stage);
    assert_int_equal(notes_with(stage, DUET_LEFT, "the held one"), 0);
    desk->count -= 2; /* the notice and n5 are deleted */
    for (size_t i = 4; i < 6; i++) {
        free(desk->notes[i].id);
        free(desk->notes[i].text);
        free(desk->notes[i].author);
    }
    notes_settle(stage);
    assert_int_equal(notes_with(stage, DUET_LEFT, "the held one"), 1);
    assert_int_equal(desk->count, 6);
    close_stage(stage);
}

static void a_long_note_goes_over_in_parts(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    char text[800] = "";
    for (int i = 0; i < 60; i++)
        (void)snprintf(text + strlen(text), sizeof text - strlen(text), "word%02d&co ", i);
    notes_write(stage, DUET_LEFT, text);
    notes_settle(stage);
    struct notes_server *board = &stage->servers[DUET_RIGHT];
    assert_int_equal(board->count, 6); /* 60 times 14 characters in 154 each: 11 words a part */
    for (size_t i = 0; i < board->count; i++)
        assert_true(strlen(board->notes[i].text) <= 200);
    for (int i = 0; i < 60; i++) {
        char word[32];
        (void)snprintf(word, sizeof word, "word%02d&amp;co", i);
        assert_int_equal(notes_with(stage, DUET_RIGHT, word), 1);
    }
    notes_settle(stage);
    assert_int_equal(stage->servers[DUET_LEFT].count, 1);
    close_stage(stage);
}

static void a_note_without_words_stays(void **data)
{
    (void)data;
    struct notes_stage *stage = open_stage(HTML_BOARD);
    notes_write(stage, DUET_RIGHT, "<img src='picture.png'>");
    notes_settle(stage);
    notes_read(stage);
    assert_false(notes_sync(stage));
    assert_int_equal(stage->servers[DUET_LEFT].adds, 0);
    close_stage(stage);
}

/* --- older than the link ---------------------------------------------------------------------------------------------------------------- */

/* Two notes a side stand there when the records are linked; another each is written before anybody looks again. */
static struct notes_stage *open_with_old(const char *text)
{
    struct notes_stage *stage = calloc(1, sizeof *stage);
    notes_open(stage, text);
    const char *const words[] = { "old one", "old two" };
    for (size_t i = 0; i < 2; i++) {
        notes_write(stage, DUET_LEFT, words[i]);
        notes_write(stage, DUET_RIGHT, words[i]);
    }
    notes_read(stage);
    stage->link_created = ++stage->stamps;
    (void)notes_sync(stage);
    notes_write(stage, DUET_LEFT, "new left");
    notes_write(stage, DUET_RIGHT, "new right");
    notes_settle(stage);
    notes_settle(stage);
    return stage;
}

static void notes_older_than_the_link_stay_where_they_are(void **data)
{
    (void)data;
    for (size_t i = 0; i < 2; i++) { /* the third can't count what stood there */
        struct notes_stage *stage = open_with_old(boards[i]);
        expect_once(stage, "new left");
        expect_once(stage, "new right");
        expect_once(stage, "old one");
        expect_total(stage, 4);
        close_stage(stage);
    }
}

static void from_all_means_all(void **data)
{
    (void)data;
    struct notes_stage *stage = open_with_old(NOTES_STAGE(BOARD_HTML, BOARD_ADD, BOTH " from all"));
    for (int side = 0; side < 2; side++) {
        assert_int_equal(notes_with(stage, (enum duet_side)side, "old one"), 2);
        assert_int_equal(notes_with(stage, (enum duet_side)side, "old two"), 2);
    }
    close_stage(stage);
}

/* --- edited notes --------------------------------------------------------------------------------------------------------------------------- */

static void edit(struct notes_stored *note, const char *text)
{
    free(note->text);
    note->text = strdup(text);
}

static void edits_are_ignored_or_appended(void **data)
{
    (void)data;
    static const char *const texts[] = { HTML_BOARD,
                                         NOTES_STAGE(BOARD_HTML, BOARD_ADD, BOTH " edits append") };
    for (size_t i = 0; i < 2; i++) {
        struct notes_stage *stage = open_stage(texts[i]);
        struct notes_stored *note = notes_write(stage, DUET_RIGHT, "<p>as it was</p>");
        notes_settle(stage);
        edit(note, "<p>as  it was</p>"); /* reads the same */
        notes_settle(stage);
        assert_int_equal(stage->servers[DUET_LEFT].count, 1);
        edit(note, "<p>as it is</p>");
        notes_settle(stage);
        notes_settle(stage);
        assert_int_equal(stage->servers[DUET_LEFT].count, i == 0 ? 1 : 2);
        assert_int_equal(notes_with(stage, DUET_LEFT, "Edited: as it is"), i);
        edit(note, "<p>as it will be</p>");
        notes_settle(stage);
        notes_settle(stage);
        assert_int_equal(notes_with(stage, DUET_LEFT, "Edited: as it will be"), i);
        assert_int_equal(stage->servers[DUET_LEFT].count, i == 0 ? 1 : 3);
        close_stage(stage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notes_go_over_once_and_never_come_back),
        cmocka_unit_test(each_part_has_its_row_in_the_ledger),
        cmocka_unit_test(a_quiet_link_asks_for_nothing),
        cmocka_unit_test(a_count_from_before_our_own_note_says_nothing),
        cmocka_unit_test(without_a_count_a_new_read_is_listed_once),
        cmocka_unit_test(a_note_that_was_deleted_isnt_looked_for_again),
        cmocka_unit_test(equal_texts_are_notes_of_their_own),
        cmocka_unit_test(a_list_may_begin_with_the_newest),
        cmocka_unit_test(an_id_may_come_back_in_capitals),
        cmocka_unit_test(one_way_is_one_way),
        cmocka_unit_test(what_no_trigger_releases_is_shown),
        cmocka_unit_test(who_quotes_our_note_has_written_one),
        cmocka_unit_test(a_quote_that_is_shown_first_is_a_quote),
        cmocka_unit_test(our_note_stays_ours_when_somebody_edits_it),
        cmocka_unit_test(somebody_elses_same_words_confirm_nothing),
        cmocka_unit_test(where_marks_are_thrown_away_ours_are_known_all_the_same),
        cmocka_unit_test(where_marks_are_thrown_away_a_lost_reply_is_found),
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
        cmocka_unit_test(the_last_free_note_says_that_there_is_more),
        cmocka_unit_test(what_becomes_free_is_used),
        cmocka_unit_test(a_long_note_goes_over_in_parts),
        cmocka_unit_test(a_note_without_words_stays),
        cmocka_unit_test(notes_older_than_the_link_stay_where_they_are),
        cmocka_unit_test(from_all_means_all),
        cmocka_unit_test(edits_are_ignored_or_appended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
