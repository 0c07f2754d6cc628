/* Tests of engine/fleet/notes_match.c: which notes are ours, where people quote and edit and systems throw marks away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/notes_stage.h"

static void who_quotes_our_note_has_written_one(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
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
    notes_expect_total(stage, 2);
    notes_stage_free(stage);
}

/* In the same second, and shown first: it is ours that still reads as it was sent. */
static void a_quote_that_is_shown_first_is_a_quote(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
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
    notes_expect_total(stage, 2);
    notes_stage_free(stage);
}

static void our_note_stays_ours_when_somebody_edits_it(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
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
    notes_expect_total(stage, 1);
    notes_stage_free(stage);
}

/* Where marks are kept, a note without one is never taken for ours. */
static void somebody_elses_same_words_confirm_nothing(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
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
    notes_stage_free(stage);
}

static void where_marks_are_thrown_away_ours_are_known_all_the_same(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
    stage->servers[DUET_RIGHT].strips_marks = true;
    notes_write(stage, DUET_LEFT, "same words");
    notes_settle(stage);
    notes_write(stage, DUET_RIGHT, "same words"); /* a person's */
    notes_settle(stage);
    notes_settle(stage);
    notes_expect_total(stage, 2);
    notes_stage_free(stage);
}

static void where_marks_are_thrown_away_a_lost_reply_is_found(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
    stage->servers[DUET_RIGHT].strips_marks = true;
    stage->servers[DUET_RIGHT].next_add = NOTES_LOST_AFTER;
    notes_write(stage, DUET_LEFT, "only once");
    notes_settle(stage);
    notes_expect_once(stage, "only once");
    notes_expect_total(stage, 1);
    notes_stage_free(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_quotes_our_note_has_written_one),
        cmocka_unit_test(a_quote_that_is_shown_first_is_a_quote),
        cmocka_unit_test(our_note_stays_ours_when_somebody_edits_it),
        cmocka_unit_test(somebody_elses_same_words_confirm_nothing),
        cmocka_unit_test(where_marks_are_thrown_away_ours_are_known_all_the_same),
        cmocka_unit_test(where_marks_are_thrown_away_a_lost_reply_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
