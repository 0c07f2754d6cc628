/* What went wrong for others with fields and verdicts (scenarios S1 to S4, S6, S9, S15, S19, S20), and the three traps of the language's
 * reference, over real HTTP. */
#include <stdlib.h>
#include <string.h>

#include "tests/support/http_case.h"

#define ANN "aaaaaaaa-0000-4000-8000-00000000000a"
#define STRANGER "eeeeeeee-0000-4000-8000-00000000000e"

/* --- S1: a whole-record PUT leaves nothing out ------------------------------------------------------- */

static json_t *rich_properties(const char *owner)
{
    return json_pack("{s:s, s:{s:s}, s:[{s:s, s:s}, {s:s, s:s}], s:s, s:s}", "description",
                     "A \"quoted\" text\nof two lines", "owner", "objectId", owner, "labels",
                     "labelName", "vip", "labelType", "User", "labelName", "model-7", "labelType",
                     "AutoAssigned", "firstActivityTimeUtc", "2026-02-28T23:59:59.1234567Z",
                     "lastActivityTimeUtc", "2026-03-01T00:00:00Z");
}

/* Equal in all but what the close must change. */
static void expect_untouched(const json_t *before, const json_t *after)
{
    static const char *const CHANGED[] = { "status", "classification", "classificationReason",
                                           "lastModifiedTimeUtc" };
    json_t *left = json_deep_copy(before);
    json_t *right = json_deep_copy(after);
    for (size_t i = 0; i < sizeof(CHANGED) / sizeof(CHANGED[0]); i++) {
        json_object_del(left, CHANGED[i]);
        json_object_del(right, CHANGED[i]);
    }
    char *was = json_dumps(left, JSON_SORT_KEYS | JSON_INDENT(1));
    char *is = json_dumps(right, JSON_SORT_KEYS | JSON_INDENT(1));
    assert_string_equal(was, is);
    free(was);
    free(is);
    json_decref(left);
    json_decref(right);
}

static void close_a_rich_one(struct http_case *test, const char *owner)
{
    http_link_with(test, rich_properties(owner));
    json_t *before =
        json_deep_copy(lab_at(lab_siem_record(&test->lab, &test->incident), "properties"));
    http_soar(test, "Closed", "FP.IAL");
    http_settle(test);
    http_expect(test, "Closed FP.IAL ~ Closed FP.IAL");
    http_expect_writes(test, 1, 0);
    expect_untouched(before, lab_at(lab_siem_record(&test->lab, &test->incident), "properties"));
    json_decref(before);
}

static void s1_a_close_leaves_owner_labels_and_texts_as_they_were(void **data)
{
    close_a_rich_one(*data, ANN);
}

static void s1_an_owner_whom_nobody_knows_stays(void **data)
{
    struct http_case *test = *data;
    close_a_rich_one(test, STRANGER);
    assert_string_equal(lab_soar_text(&test->lab, &test->incident, "Owner"), "System");
}

static void s1_with_an_etag_required(void **data)
{
    struct http_case *test = *data;
    lab_switch(&test->lab.siem, "etag", "required");
    close_a_rich_one(test, ANN);
}

static void s1_with_an_etag_ignored(void **data)
{
    struct http_case *test = *data;
    lab_switch(&test->lab.siem, "etag", "ignored");
    close_a_rich_one(test, ANN);
}

static void s1_where_omitted_fields_are_kept(void **data)
{
    struct http_case *test = *data;
    lab_switch(&test->lab.siem, "omitted_fields", "keep");
    close_a_rich_one(test, ANN);
}

static void s1_with_members_that_nobody_documented(void **data)
{
    struct http_case *test = *data;
    lab_switch(&test->lab.siem, "extra_members", "on");
    lab_switch(&test->lab.siem, "id_case", "incidents");
    lab_switch(&test->lab.siem, "nulls_in_owner", "off");
    lab_switch(&test->lab.soar, "extra_members", "on");
    lab_switch(&test->lab.soar, "returndata", "mixed");
    close_a_rich_one(test, STRANGER);
}

/* --- S2, S3: a missing reason is told, not guessed ---------------------------------------------------- */

static void s2_a_close_without_its_reason_is_held_and_says_so(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", NULL);
    http_soar(test, "Closed", "BP");
    http_settle(test);
    http_expect(test, "Active - ~ Closed BP");
    http_expect_writes(test, 0, 0);
    http_expect_told(test, "held", test->incident.name);
    http_expect_told(test, "held", "reason");
    http_soar(test, NULL, "BP.SBE");
    http_settle(test);
    http_expect(test, "Closed BP.SBE ~ Closed BP.SBE");
    http_expect_writes(test, 1, 0);
}

static void s3_other_components_move_while_one_is_held(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", NULL);
    http_soar(test, "Closed", "FP");
    lab_edit_soar(&test->lab, &test->incident, json_pack("{s:s}", "Severity", "Low"));
    http_settle(test);
    http_expect(test, "Active - ~ Closed FP");
    assert_string_equal(lab_siem_text(&test->lab, &test->incident, "properties.severity"), "Low");
    http_expect_writes(test, 1, 0);
}

/* --- S4: any order of filling in and closing ------------------------------------------------------------ */

static void s4_verdict_first_then_close(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", NULL);
    http_soar(test, NULL, "TP.SA");
    http_settle(test);
    http_expect(test, "Active - ~ In Progress TP.SA");
    http_soar(test, "Closed", NULL);
    http_settle(test);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
    http_expect_writes(test, 1, 0);
}

static void s4_close_first_then_verdict(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", NULL);
    http_soar(test, "Closed", NULL);
    http_settle(test);
    http_soar(test, NULL, "TP");
    http_settle(test);
    http_expect(test, "Active - ~ Closed TP");
    http_soar(test, NULL, "TP.SA");
    http_settle(test);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
    http_expect_writes(test, 1, 0);
}

static void s4_both_at_once(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", NULL);
    http_soar(test, "Closed", "TP.SA");
    http_settle(test);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
    http_expect_writes(test, 1, 0);
}

/* --- S6: `create when` is looked at on every change ----------------------------------------------------- */

static void s6_an_incident_raised_later_is_created_then(void **data)
{
    struct http_case *test = *data;
    test->incident =
        lab_new_incident(&test->lab, 0, json_pack("{s:s}", "severity", "Informational"));
    http_settle(test);
    assert_false(lab_find_number(&test->lab, &test->incident));
    assert_int_equal(lab_writes(&test->lab.soar), 0);
    lab_edit_siem(&test->lab, &test->incident, json_pack("{s:s}", "severity", "Medium"));
    http_settle(test);
    assert_true(lab_find_number(&test->lab, &test->incident));
    assert_string_equal(lab_soar_text(&test->lab, &test->incident, "Severity"), "Medium");
    assert_int_equal(lab_count(&test->lab.soar, "CreateAnIncident"), 1);
}

/* --- S9: reopening goes both ways -------------------------------------------------------------------------- */

static void s9_a_reopen_in_sentinel_reopens_the_soar(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Closed", "FP.ID");
    http_siem(test, "Active", NULL);
    http_settle(test);
    http_expect(test, "Active FP.ID ~ In Progress FP.ID");
    http_expect_writes(test, 0, 1);
}

static void s9_a_reopen_in_the_soar_reopens_sentinel(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Closed", "FP.ID");
    http_soar(test, "In Progress", NULL);
    http_settle(test);
    http_expect(test, "Active - ~ In Progress -");
    http_expect_writes(test, 1, 1);
}

static void s9_where_the_servers_drop_the_verdict_themselves(void **data)
{
    struct http_case *test = *data;
    lab_switch(&test->lab.siem, "reopen_drops_verdict", "on");
    lab_switch(&test->lab.soar, "reopen_drops_form", "on");
    http_link_as(test, "Closed", "FP.ID");
    http_soar(test, "In Progress", NULL);
    http_settle(test);
    http_expect(test, "Active - ~ In Progress -");
}

/* --- S15: a cut title agrees with its original ---------------------------------------------------------------- */

static void s15_a_cut_title_never_comes_back(void **data)
{
    struct http_case *test = *data;
    char title[151];
    memset(title, 'x', sizeof(title) - 1);
    title[sizeof(title) - 1] = '\0';
    http_link_with(test, json_pack("{s:s}", "title", title));
    assert_int_equal(strlen(lab_soar_text(&test->lab, &test->incident, "Title")), 100);
    http_soar(test, "In Progress", NULL);
    http_settle(test);
    http_expect_writes(test, 1, 0);
    assert_string_equal(lab_siem_text(&test->lab, &test->incident, "properties.title"), title);
    lab_edit_siem(&test->lab, &test->incident, json_pack("{s:s}", "title", "Short now"));
    http_settle(test);
    assert_string_equal(lab_soar_text(&test->lab, &test->incident, "Title"), "Short now");
    http_expect_writes(test, 0, 1);
}

static void s15_characters_are_cut_not_bytes(void **data)
{
    struct http_case *test = *data;
    char title[2 * 120 + 1] = "";
    for (size_t i = 0; i < sizeof(title) - 1; i++)
        title[i] = i % 2 == 0 ? '\xc3' : '\xa9';
    http_link_with(test, json_pack("{s:s}", "title", title));
    assert_int_equal(strlen(lab_soar_text(&test->lab, &test->incident, "Title")), 200);
    lab_quiet(&test->lab, 2);
    assert_string_equal(lab_siem_text(&test->lab, &test->incident, "properties.title"), title);
}

/* --- S19: Critical agrees with High ------------------------------------------------------------------------------ */

static void s19_critical_stays_critical(void **data)
{
    struct http_case *test = *data;
    http_link(test);
    lab_edit_soar(&test->lab, &test->incident, json_pack("{s:s}", "Severity", "Critical"));
    http_settle(test);
    http_expect_writes(test, 0, 0);
    http_siem(test, "Active", NULL);
    http_settle(test);
    assert_string_equal(lab_soar_text(&test->lab, &test->incident, "Severity"), "Critical");
    assert_string_equal(lab_siem_text(&test->lab, &test->incident, "properties.severity"), "High");
    lab_edit_siem(&test->lab, &test->incident, json_pack("{s:s}", "severity", "Medium"));
    http_settle(test);
    assert_string_equal(lab_soar_text(&test->lab, &test->incident, "Severity"), "Medium");
}

static void on_hold_stays_on_hold(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", NULL);
    http_soar(test, "On Hold", NULL);
    http_settle(test);
    http_expect_writes(test, 0, 0);
    lab_own_siem(&test->lab, &test->incident, ANN);
    http_settle(test);
    http_expect(test, "Active - ~ On Hold -");
    assert_string_equal(lab_soar_text(&test->lab, &test->incident, "Owner"), "Ann Lee");
}

/* --- S20: why ------------------------------------------------------------------------------------------------------ */

static void s20_why_names_the_rule_and_both_values(void **data)
{
    static const char *const TOLD[] = { "Active", "Closed", "sentinel-smartsoar.duet:", "acme" };
    struct http_case *test = *data;
    char *out = NULL;
    http_link_as(test, "Active", NULL);
    http_soar(test, "Closed", "TP.SA");
    http_settle(test);
    assert_int_equal(
        lab_duet(&test->lab, &out,
                 LAB_WORDS("why", test->incident.name, "status", "--store", test->lab.store)),
        0);
    for (size_t i = 0; i < sizeof(TOLD) / sizeof(TOLD[0]); i++)
        if (!strstr(out, TOLD[i]))
            fail_msg("'%s' isn't told:\n%s", TOLD[i], out);
    free(out);
    assert_int_equal(
        lab_duet(&test->lab, &out,
                 LAB_WORDS("why", test->incident.number, "status", "--store", test->lab.store)),
        0);
    free(out);
}

/* --- the three traps ------------------------------------------------------------------------------------------------ */

static void trap_the_same_verdict_closes_again_after_a_clear(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", NULL);
    for (int i = 0; i < 2; i++) {
        http_soar(test, "Closed", "TP.SA");
        http_settle(test);
        http_expect(test, "Closed TP.SA ~ Closed TP.SA");
        http_soar(test, "Open", NULL);
        http_settle(test);
        http_expect(test, "New - ~ Open -");
    }
}

static void trap_a_correction_after_both_are_closed_moves(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Closed", "FP.ID");
    http_soar(test, NULL, "FP.IAL");
    http_settle(test);
    http_expect(test, "Closed FP.IAL ~ Closed FP.IAL");
    lab_edit_soar(&test->lab, &test->incident, json_pack("{s:s}", "form.Comment", "a word more"));
    http_settle(test);
    assert_string_equal(
        lab_siem_text(&test->lab, &test->incident, "properties.classificationComment"),
        "a word more");
    http_expect_writes(test, 1, 0);
}

static void trap_a_withdrawn_choice_closes_nothing(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", "TP.SA");
    http_soar(test, NULL, "-");
    http_soar(test, "Closed", NULL);
    http_settle(test);
    http_expect(test, "Active TP.SA ~ Closed -");
    http_expect_writes(test, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, http_case_start, http_case_stop)
        CASE(s1_a_close_leaves_owner_labels_and_texts_as_they_were),
        CASE(s1_an_owner_whom_nobody_knows_stays),
        CASE(s1_with_an_etag_required),
        CASE(s1_with_an_etag_ignored),
        CASE(s1_where_omitted_fields_are_kept),
        CASE(s1_with_members_that_nobody_documented),
        CASE(s2_a_close_without_its_reason_is_held_and_says_so),
        CASE(s3_other_components_move_while_one_is_held),
        CASE(s4_verdict_first_then_close),
        CASE(s4_close_first_then_verdict),
        CASE(s4_both_at_once),
        CASE(s6_an_incident_raised_later_is_created_then),
        CASE(s9_a_reopen_in_sentinel_reopens_the_soar),
        CASE(s9_a_reopen_in_the_soar_reopens_sentinel),
        CASE(s9_where_the_servers_drop_the_verdict_themselves),
        CASE(s15_a_cut_title_never_comes_back),
        CASE(s15_characters_are_cut_not_bytes),
        CASE(s19_critical_stays_critical),
        CASE(on_hold_stays_on_hold),
        CASE(s20_why_names_the_rule_and_both_values),
        CASE(trap_the_same_verdict_closes_again_after_a_clear),
        CASE(trap_a_correction_after_both_are_closed_moves),
        CASE(trap_a_withdrawn_choice_closes_nothing),
#undef CASE
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
