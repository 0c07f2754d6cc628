/* Notes over real HTTP (scenarios S13, S16): each exactly once on each side, whatever is in them, whoever lost which reply. */
#include <stdlib.h>
#include <string.h>

#include "tests/support/http_case.h"

static void expect_notes(struct http_case *test, const char *in_siem, const char *in_soar)
{
    assert_int_equal(lab_siem_notes(&test->lab, &test->incident, in_siem), 1);
    assert_int_equal(lab_soar_notes(&test->lab, &test->incident, in_soar), 1);
}

static size_t all_notes(struct http_case *test, bool in_siem)
{
    return json_array_size(in_siem
                               ? lab_at(lab_siem_record(&test->lab, &test->incident), "comments")
                               : lab_at(lab_soar_record(&test->lab, &test->incident), "Notes"));
}

static void s13_notes_go_over_once_and_never_come_back(void **data)
{
    struct http_case *test = *data;
    http_link(test);
    lab_note_siem(&test->lab, &test->incident, "seen by one");
    http_settle(test);
    expect_notes(test, "seen by one", "seen by one");
    assert_int_equal(lab_count(&test->lab.soar, "SetIncidentFieldHTML"), 1);
    assert_int_equal(lab_count(&test->lab.siem, "add note"), 0);
    lab_note_soar(&test->lab, &test->incident, "seen by the other");
    http_settle(test);
    expect_notes(test, "seen by the other", "seen by the other");
    assert_int_equal(lab_count(&test->lab.siem, "add note"), 1);
    assert_int_equal(lab_count(&test->lab.soar, "SetIncidentFieldHTML"), 0);
    assert_int_equal(all_notes(test, true), 2);
    assert_int_equal(all_notes(test, false), 2);
    lab_quiet(&test->lab, 3);
}

/* Identity never rests on the text. */
static void the_same_text_twice_is_two_notes(void **data)
{
    struct http_case *test = *data;
    http_link(test);
    lab_note_soar(&test->lab, &test->incident, "again");
    lab_note_soar(&test->lab, &test->incident, "again");
    lab_note_siem(&test->lab, &test->incident, "again");
    http_settle(test);
    assert_int_equal(lab_siem_notes(&test->lab, &test->incident, "again"), 3);
    assert_int_equal(lab_soar_notes(&test->lab, &test->incident, "again"), 3);
}

static void s16_quotes_markup_and_emoji_arrive_as_text(void **data)
{
    struct http_case *test = *data;
    http_link(test);
    lab_note_siem(&test->lab, &test->incident,
                  "she said \"no\" \\ <b>bold</b> & it's {{ \xf0\x9f\x98\x80 }}\nline two");
    lab_note_soar(&test->lab, &test->incident,
                  "<p>it&#39;s <b>fine</b> &amp; \"quoted\" &lt;script&gt;</p>");
    http_settle(test);
    expect_notes(test, "it's fine &amp; \"quoted\" &lt;script&gt;", "bold &amp; it");
    assert_int_equal(lab_siem_notes(&test->lab, &test->incident, "<script>"), 0);
    assert_int_equal(lab_soar_notes(&test->lab, &test->incident, "{{ \xf0\x9f\x98\x80 }}"), 1);
    assert_int_equal(lab_soar_notes(&test->lab, &test->incident, "<b>bold"), 0);
}

static void a_lost_reply_makes_no_second_comment(void **data)
{
    struct http_case *test = *data;
    http_link(test);
    lab_note_soar(&test->lab, &test->incident, "only once");
    lab_fault(&test->lab.siem, json_pack("{s:s, s:s}", "kind", "add note", "do", "drop-after"));
    lab_run_once(&test->lab);
    http_settle(test);
    expect_notes(test, "only once", "only once");
    assert_int_equal(all_notes(test, true), 1);
}

static void a_lost_reply_makes_no_second_note(void **data)
{
    struct http_case *test = *data;
    http_link(test);
    lab_note_siem(&test->lab, &test->incident, "only once");
    lab_fault(&test->lab.soar,
              json_pack("{s:s, s:s}", "kind", "SetIncidentFieldHTML", "do", "drop-after"));
    lab_run_once(&test->lab);
    http_settle(test);
    expect_notes(test, "only once", "only once");
    assert_int_equal(all_notes(test, false), 1);
}

static void a_lost_request_is_sent_again(void **data)
{
    struct http_case *test = *data;
    http_link(test);
    lab_note_siem(&test->lab, &test->incident, "to the one");
    lab_note_soar(&test->lab, &test->incident, "to the other");
    lab_fault(&test->lab.soar,
              json_pack("{s:s, s:s}", "kind", "SetIncidentFieldHTML", "do", "drop-before"));
    lab_fault(&test->lab.siem, json_pack("{s:s, s:s}", "kind", "add note", "do", "drop-before"));
    lab_run_once(&test->lab);
    http_settle(test);
    expect_notes(test, "to the one", "to the one");
    expect_notes(test, "to the other", "to the other");
}

/* Where notes can't be read, a note whose reply was lost is shown and never sent blindly. */
static void unlisted_a_lost_reply_is_shown_as_uncertain(void **data)
{
    struct http_case *test = *data;
    lab_switch(&test->lab.soar, "notes", "unlisted");
    http_link(test);
    lab_note_siem(&test->lab, &test->incident, "certain");
    http_settle(test);
    assert_int_equal(lab_soar_notes(&test->lab, &test->incident, "certain"), 1);
    lab_note_siem(&test->lab, &test->incident, "who knows");
    lab_fault(&test->lab.soar,
              json_pack("{s:s, s:s}", "kind", "SetIncidentFieldHTML", "do", "drop-after"));
    lab_run_once(&test->lab);
    http_settle(test);
    assert_int_equal(lab_soar_notes(&test->lab, &test->incident, "who knows"), 1);
    assert_int_equal(all_notes(test, false), 2);
    http_expect_told(test, "status", "uncertain");
}

static void where_comments_move_nothing_they_still_arrive(void **data)
{
    struct http_case *test = *data;
    lab_switch(&test->lab.siem, "comment_bumps_incident", "off");
    http_link(test);
    lab_note_siem(&test->lab, &test->incident, "silent");
    lab_own_siem(&test->lab, &test->incident, "aaaaaaaa-0000-4000-8000-00000000000a");
    http_settle(test);
    expect_notes(test, "silent", "silent");
    lab_note_soar(&test->lab, &test->incident, "back");
    http_settle(test);
    expect_notes(test, "back", "back");
    lab_quiet(&test->lab, 2);
}

static void where_notes_move_nothing_they_arrive_with_the_next_change(void **data)
{
    struct http_case *test = *data;
    lab_switch(&test->lab.soar, "note_bumps_incident", "off");
    http_link(test);
    lab_note_soar(&test->lab, &test->incident, "silent");
    lab_edit_soar(&test->lab, &test->incident, json_pack("{s:s}", "Severity", "Low"));
    http_settle(test);
    expect_notes(test, "silent", "silent");
}

static void a_note_longer_than_a_comment_is_split(void **data)
{
    struct http_case *test = *data;
    http_link(test);
    lab_switch_number(&test->lab.siem, "comment_length", 30000);
    char *text = malloc(70001);
    assert_non_null(text);
    memset(text, 'n', 70000);
    memcpy(text, "begin", 5);
    memcpy(text + 69997, "end", 3);
    text[70000] = '\0';
    lab_note_soar(&test->lab, &test->incident, text);
    free(text);
    http_settle(test);
    assert_int_equal(all_notes(test, true), 3);
    expect_notes(test, "begin", "begin");
    expect_notes(test, "end", "end");
    assert_int_equal(all_notes(test, false), 1);
}

static void the_last_free_comment_says_that_there_is_more(void **data)
{
    struct http_case *test = *data;
    http_link(test);
    json_t *list = json_array();
    for (int i = 0; i < 98; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "workspace", lab_workspace(0),
                                              "name", test->incident.name, "text", "filler"));
    lab_do(&test->lab.siem, "POST", "/_sim/note", list);
    lab_switch_number(&test->lab.soar, "rate_limit", 0);
    http_settle(test);
    for (int i = 0; i < 4; i++)
        lab_note_soar(&test->lab, &test->incident, i == 0 ? "the 99th" : "too many");
    http_settle(test);
    assert_int_equal(all_notes(test, true), 100);
    assert_int_equal(lab_siem_notes(&test->lab, &test->incident, "the 99th"), 1);
    assert_int_equal(lab_siem_notes(&test->lab, &test->incident, "too many"), 0);
    http_expect_told(test, "held", test->incident.name);
    lab_quiet(&test->lab, 2);
}

/* `from link`: what was said before isn't sent. */
static void notes_older_than_the_link_stay_where_they_are(void **data)
{
    struct http_case *test = *data;
    test->incident = lab_new_incident(&test->lab, 0, NULL);
    lab_note_siem(&test->lab, &test->incident, "long before");
    lab_clock_advance(&test->lab.siem, 3600);
    lab_clock_advance(&test->lab.soar, 3600);
    lab_edit_siem(&test->lab, &test->incident, json_pack("{s:s}", "description", "touched"));
    http_settle(test);
    assert_true(lab_find_number(&test->lab, &test->incident));
    lab_note_siem(&test->lab, &test->incident, "afterwards");
    http_settle(test);
    expect_notes(test, "afterwards", "afterwards");
    assert_int_equal(lab_soar_notes(&test->lab, &test->incident, "long before"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, http_case_start, http_case_stop)
        CASE(s13_notes_go_over_once_and_never_come_back),
        CASE(the_same_text_twice_is_two_notes),
        CASE(s16_quotes_markup_and_emoji_arrive_as_text),
        CASE(a_lost_reply_makes_no_second_comment),
        CASE(a_lost_reply_makes_no_second_note),
        CASE(a_lost_request_is_sent_again),
        CASE(unlisted_a_lost_reply_is_shown_as_uncertain),
        CASE(where_comments_move_nothing_they_still_arrive),
        CASE(where_notes_move_nothing_they_arrive_with_the_next_change),
        CASE(a_note_longer_than_a_comment_is_split),
        CASE(the_last_free_comment_says_that_there_is_more),
        CASE(notes_older_than_the_link_stay_where_they_are),
#undef CASE
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
