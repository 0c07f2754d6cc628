/* Tests of engine/fleet/notes_sync.h: each note stands once on each side, what is long, too many, older or edited included. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/notes_stage.h"

/* --- going over ------------------------------------------------------------------------------------------------------- */

static void notes_go_over_once_and_never_come_back(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
    notes_write(stage, DUET_LEFT, "a < b & c");
    notes_write(stage, DUET_RIGHT, "<p>d &amp; <b>e</b></p><script>x</script>");
    notes_settle(stage);
    notes_settle(stage);
    assert_int_equal(notes_with(stage, DUET_RIGHT, "a &lt; b &amp; c<!-- duet:"), 1);
    assert_int_equal(notes_with(stage, DUET_LEFT, "d & e"), 1);
    assert_string_equal(stage->servers[DUET_LEFT].notes[1].text, "d & e");
    notes_expect_total(stage, 2);
    notes_stage_free(stage);
}

static void each_part_has_its_row_in_the_ledger(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
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
    notes_stage_free(stage);
}

static void a_quiet_link_asks_for_nothing(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
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
    notes_stage_free(stage);
}

/* Planned again before it is read again: the record still shows the count from before. */
static void a_count_from_before_our_own_note_says_nothing(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
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
    notes_stage_free(stage);
}

/* Without a count, a record that was read anew is listed, and only then. */
static void without_a_count_a_new_read_is_listed_once(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(LISTED_BOARD);
    notes_reset(stage);
    notes_read(stage);
    assert_true(notes_sync(stage));
    assert_false(notes_sync(stage));
    assert_int_equal(stage->servers[DUET_RIGHT].lists, 1);
    notes_stage_free(stage);
}

static void a_note_that_was_deleted_isnt_looked_for_again(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
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
    notes_stage_free(stage);
}

static void equal_texts_are_notes_of_their_own(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
    notes_write(stage, DUET_LEFT, "ok");
    notes_write(stage, DUET_RIGHT, "ok");
    notes_write(stage, DUET_RIGHT, "ok")->written--; /* in the same second, by the same person */
    notes_settle(stage);
    notes_settle(stage);
    notes_expect_total(stage, 3);
    notes_stage_free(stage);
}

/* A list that begins with the newest must not shift what names an older note. */
static void a_list_may_begin_with_the_newest(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
    stage->servers[DUET_RIGHT].is_newest_first = true;
    notes_write(stage, DUET_RIGHT, "first");
    notes_write(stage, DUET_RIGHT, "second")->written--;
    int64_t third = notes_write(stage, DUET_RIGHT, "third")->written;
    notes_settle(stage);
    notes_write(stage, DUET_RIGHT, "fourth")->written = third;
    notes_settle(stage);
    notes_expect_once(stage, "first");
    notes_expect_once(stage, "second");
    notes_expect_once(stage, "third");
    notes_expect_once(stage, "fourth");
    notes_expect_total(stage, 4);
    notes_stage_free(stage);
}

static void an_id_may_come_back_in_capitals(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
    stage->servers[DUET_LEFT].shouts = true;
    notes_write(stage, DUET_RIGHT, "to the desk");
    notes_settle(stage);
    notes_write(stage, DUET_LEFT, "makes it list");
    notes_settle(stage);
    notes_expect_once(stage, "to the desk");
    notes_expect_total(stage, 2);
    notes_stage_free(stage);
}

static void one_way_is_one_way(void **data)
{
    (void)data;
    struct notes_stage *stage =
        notes_stage_new(NOTES_STAGE(BOARD_HTML, BOARD_ADD, "-> right.notes"));
    notes_write(stage, DUET_LEFT, "goes");
    notes_write(stage, DUET_RIGHT, "stays");
    notes_settle(stage);
    assert_int_equal(notes_with(stage, DUET_RIGHT, "goes"), 1);
    assert_int_equal(notes_with(stage, DUET_LEFT, "stays"), 0);
    notes_stage_free(stage);
}

static void what_no_trigger_releases_is_shown(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
    stage->released[DUET_RIGHT] = false;
    notes_write(stage, DUET_RIGHT, "a draft");
    notes_settle(stage);
    assert_int_equal(stage->servers[DUET_LEFT].count, 0);
    assert_non_null(strstr(stage->shown, "pending/left: 1 of the notes of right"));
    stage->released[DUET_RIGHT] = true;
    notes_settle(stage);
    notes_expect_once(stage, "a draft");
    notes_stage_free(stage);
}

/* --- limits -------------------------------------------------------------------------------------------------------------------------- */

/* The desk takes six notes. */
static void the_last_free_note_says_that_there_is_more(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
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
    notes_stage_free(stage);
}

static void what_becomes_free_is_used(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
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
    notes_stage_free(stage);
}

static void a_long_note_goes_over_in_parts(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
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
    notes_stage_free(stage);
}

static void a_note_without_words_stays(void **data)
{
    (void)data;
    struct notes_stage *stage = notes_stage_new(HTML_BOARD);
    notes_write(stage, DUET_RIGHT, "<img src='picture.png'>");
    notes_settle(stage);
    notes_read(stage);
    assert_false(notes_sync(stage));
    assert_int_equal(stage->servers[DUET_LEFT].adds, 0);
    notes_stage_free(stage);
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
        struct notes_stage *stage = open_with_old(notes_boards[i]);
        notes_expect_once(stage, "new left");
        notes_expect_once(stage, "new right");
        notes_expect_once(stage, "old one");
        notes_expect_total(stage, 4);
        notes_stage_free(stage);
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
    notes_stage_free(stage);
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
        struct notes_stage *stage = notes_stage_new(texts[i]);
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
        notes_stage_free(stage);
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
