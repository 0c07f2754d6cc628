/* What a random run of faults and edits found broken once. */
#include "tests/support/http_case.h"

/* The note and the later edit are read together, so the record's own time is later than the note; and the servers' clocks are months
 * behind the engine's. It is no note from before the link all the same. */
static void a_note_after_the_creation_goes_over_whatever_the_clocks_say(void **data)
{
    struct http_case *test = *data;
    struct lab *lab = &test->lab;
    test->incident = lab_new_incident(lab, 0, NULL);
    lab_note_siem(lab, &test->incident, "from before the link");
    lab_rounds(lab, 1);
    assert_true(lab_find_number(lab, &test->incident));
    lab_clock_advance(&lab->siem, 1);
    lab_note_siem(lab, &test->incident, "written after the link");
    lab_clock_advance(&lab->siem, 1);
    lab_edit_siem(lab, &test->incident, json_pack("{s:s}", "severity", "Low"));
    lab_rounds(lab, 2);
    assert_int_equal(lab_soar_notes(lab, &test->incident, "written after the link"), 1);
    assert_int_equal(lab_soar_notes(lab, &test->incident, "from before the link"), 0);
    lab_quiet(lab, 2);
}

/* One record says that it is from a far future. It is synced as any other, and what people do now isn't missed for it. */
static void a_time_from_the_future_hides_nothing(void **data)
{
    struct http_case *test = *data;
    struct lab *lab = &test->lab;
    http_link(test);
    lab_clock_set(&lab->siem, "2199-01-01T00:00:00Z");
    struct lab_incident odd = lab_new_incident(lab, 0, NULL);
    lab_rounds(lab, 1);
    assert_true(lab_find_number(lab, &odd));
    lab_clock_set(&lab->siem, "2026-03-02T08:00:00Z");
    lab_edit_siem(lab, &test->incident, json_pack("{s:s}", "severity", "Low"));
    lab_rounds(lab, 1);
    assert_string_equal(lab_soar_text(lab, &test->incident, "Severity"), "Low");
    lab_quiet(lab, 2);
}

/* The server said yes to a verdict without the old comment, and its answer shows the comment still. */
static void what_a_server_keeps_all_the_same_is_held_and_shown(void **data)
{
    struct http_case *test = *data;
    struct lab *lab = &test->lab;
    lab_switch(&lab->siem, "omitted_fields", "keep");
    http_link_as(test, "Closed", "FP.ID");
    lab_edit_siem(lab, &test->incident, json_pack("{s:s}", "classificationComment", "kept"));
    lab_rounds(lab, 2);
    lab_edit_soar(lab, &test->incident,
                  json_pack("{s:s, s:s, s:n}", "form.Classification", "BenignPositive",
                            "form.Reason", "SuspiciousButExpected", "form.Comment"));
    lab_reset_all_counts(lab);
    lab_rounds(lab, 2);
    assert_string_equal(lab_siem_text(lab, &test->incident, "properties.classificationComment"),
                        "kept");
    http_expect_told(test, "held", "shows another verdict");
    assert_int_equal(lab_count(&lab->siem, "write incident"), 1);
    lab_quiet(lab, 2);
}

/* The other side closes with a verdict; what stood in this one's form was a draft. No round has run yet. */
static void close_over_a_draft(struct http_case *test)
{
    struct lab *lab = &test->lab;
    http_link_as(test, "Active", NULL);
    lab_edit_soar(lab, &test->incident, json_pack("{s:s}", "form.Comment", "a draft"));
    lab_edit_siem(lab, &test->incident,
                  json_pack("{s:s, s:s, s:s}", "status", "Closed", "classification", "Undetermined",
                            "classificationComment", "the verdict"));
}

static void expect_the_draft_lost(struct http_case *test)
{
    struct lab *lab = &test->lab;
    assert_string_equal(lab_soar_text(lab, &test->incident, "Sentinel Sync - Comment"),
                        "the verdict");
    http_expect_lost(test, "verdict");
    lab_quiet(lab, 2);
}

/* The form is written and the close behind it fails: the draft that stood in the form is overwritten, and must be known as lost. */
static void a_draft_is_known_although_the_write_failed_half_way(void **data)
{
    struct http_case *test = *data;
    struct lab *lab = &test->lab;
    close_over_a_draft(test);
    lab_fault(&lab->soar, json_pack("{s:s, s:i, s:i, s:s}", "kind", "CloseIncidentInBulk", "nth", 1,
                                    "times", 1, "do", "401"));
    (void)lab_run_once(lab);
    lab_rounds(lab, 2);
    assert_string_equal(lab_soar_text(lab, &test->incident, "Status"), "Closed");
    expect_the_draft_lost(test);
}

/* The engine dies when the form was written: the one that starts next knows what was overwritten. */
static void a_draft_is_known_although_the_engine_died(void **data)
{
    struct http_case *test = *data;
    struct lab *lab = &test->lab;
    close_over_a_draft(test);
    lab_begin_once(lab);
    lab_fault(&lab->soar,
              json_pack("{s:s, s:i, s:i, s:s, s:i}", "kind", "UpdateDynamicFieldsByNumberInBulk",
                        "nth", 1, "times", 1, "do", "kill-applied", "pid", (int)lab->engine.pid));
    (void)lab_finish_once(lab);
    lab_rounds(lab, 3);
    expect_the_draft_lost(test);
}

/* The engine dies between the write to the one side and the write to the other: what the first has overwritten is known. */
static void a_conflict_is_known_although_the_engine_died_between_two_writes(void **data)
{
    struct http_case *test = *data;
    struct lab *lab = &test->lab;
    http_link(test);
    lab_judge_siem(lab, &test->incident, "Closed", "FP.IAL");
    lab_judge_soar(lab, &test->incident, "On Hold", NULL);
    lab_begin_once(lab);
    lab_fault(&lab->soar,
              json_pack("{s:s, s:i, s:i, s:s, s:i}", "kind", "UpdateDynamicFieldsByNumberInBulk",
                        "nth", 1, "times", 1, "do", "kill-before", "pid", (int)lab->engine.pid));
    (void)lab_finish_once(lab);
    assert_string_equal(lab_siem_text(lab, &test->incident, "properties.status"), "Active");
    lab_rounds(lab, 3);
    http_expect_told(test, "conflicts", "lost: Closed");
    assert_string_equal(lab_both(lab, &test->incident), "Active FP.IAL ~ On Hold FP.IAL");
    lab_quiet(lab, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_note_after_the_creation_goes_over_whatever_the_clocks_say,
                                        http_case_start, http_case_stop),
        cmocka_unit_test_setup_teardown(a_time_from_the_future_hides_nothing, http_case_start,
                                        http_case_stop),
        cmocka_unit_test_setup_teardown(what_a_server_keeps_all_the_same_is_held_and_shown,
                                        http_case_start, http_case_stop),
        cmocka_unit_test_setup_teardown(a_draft_is_known_although_the_write_failed_half_way,
                                        http_case_start, http_case_stop),
        cmocka_unit_test_setup_teardown(a_draft_is_known_although_the_engine_died, http_case_start,
                                        http_case_stop),
        cmocka_unit_test_setup_teardown(
            a_conflict_is_known_although_the_engine_died_between_two_writes, http_case_start,
            http_case_stop),
    };
    return cmocka_run_group_tests_name("attack", tests, NULL, NULL);
}
