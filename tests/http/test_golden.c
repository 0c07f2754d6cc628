/* The golden cases G1 to G12 of the reconciling rules, over real HTTP: people edit, `duet run --once` until quiet, both sides are looked
 * at. What is written is counted by the simulators. */
#include "tests/support/http_case.h"

static void g1_a_reopen_clears_and_the_same_verdict_closes_again(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Closed", "TP.SA");
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
    http_soar(test, "Open", NULL);
    http_settle(test);
    http_expect(test, "New - ~ Open -");
    http_expect_writes(test, 1, 1);
    http_soar(test, "Closed", "TP.SA");
    http_settle(test);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
    http_expect_writes(test, 1, 0);
}

static void g2_a_verdict_corrected_after_closing_moves(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Closed", "TP.SA");
    http_soar(test, NULL, "BP.SBE");
    http_settle(test);
    http_expect(test, "Closed BP.SBE ~ Closed BP.SBE");
    http_expect_writes(test, 1, 0);
    http_siem(test, NULL, "FP.ID");
    http_settle(test);
    http_expect(test, "Closed FP.ID ~ Closed FP.ID");
    http_expect_writes(test, 0, 1);
}

static void g3_a_withdrawn_verdict_closes_nothing(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", "TP.SA");
    http_expect(test, "Active TP.SA ~ In Progress TP.SA");
    http_soar(test, "Closed", "-");
    http_settle(test);
    http_expect(test, "Active TP.SA ~ Closed -");
    http_expect_writes(test, 0, 0);
    http_expect_told(test, "held", test->incident.name);
    http_soar(test, NULL, "FP.IAL");
    http_settle(test);
    http_expect(test, "Closed FP.IAL ~ Closed FP.IAL");
    http_expect_writes(test, 1, 0);
}

static void g3_in_two_polls(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", "TP.SA");
    http_soar(test, NULL, "-");
    http_settle(test);
    http_soar(test, "Closed", NULL);
    http_settle(test);
    http_expect(test, "Active TP.SA ~ Closed -");
    http_expect_writes(test, 0, 0);
    http_soar(test, NULL, "FP.IAL");
    http_settle(test);
    http_expect(test, "Closed FP.IAL ~ Closed FP.IAL");
}

static void g4_a_close_without_verdict_waits_for_the_other_side(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", NULL);
    http_soar(test, "Closed", NULL);
    http_settle(test);
    http_expect(test, "Active - ~ Closed -");
    http_expect_writes(test, 0, 0);
    http_expect_told(test, "held", test->incident.name);
    http_siem(test, "Closed", "BP.SBE");
    http_settle(test);
    http_expect(test, "Closed BP.SBE ~ Closed BP.SBE");
    http_expect_writes(test, 0, 1);
}

static void g5_an_illegal_pair_is_held_until_corrected(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", NULL);
    http_soar(test, "Closed", "TP.ID");
    http_settle(test);
    http_expect(test, "Active - ~ Closed TP.ID");
    http_expect_writes(test, 0, 0);
    http_siem(test, "Closed", "BP.SBE");
    http_settle(test);
    http_expect(test, "Closed BP.SBE ~ Closed TP.ID");
    http_expect_told(test, "held", "verdict");
    http_soar(test, NULL, "TP.SA");
    http_settle(test);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
    http_expect_lost(test, "verdict");
}

static void g6_a_correction_beside_a_reopen_stays_pending(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Closed", "TP.SA");
    http_siem(test, "Active", NULL);
    http_soar(test, NULL, "BP.SBE");
    http_settle(test);
    http_expect(test, "Active TP.SA ~ In Progress BP.SBE");
    http_expect_told(test, "held", "pending");
    http_soar(test, "Closed", NULL);
    http_settle(test);
    http_expect(test, "Closed BP.SBE ~ Closed BP.SBE");
}

static void g7_both_reopen_alike_and_nothing_is_written(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Closed", "TP.SA");
    http_siem(test, "Active", NULL);
    http_soar(test, "In Progress", NULL);
    http_settle(test);
    http_expect(test, "Active TP.SA ~ In Progress TP.SA");
    http_expect_writes(test, 0, 0);
}

static void g7_both_reopen_differently_and_the_policy_decides(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Closed", "TP.SA");
    http_siem(test, "Active", NULL);
    http_soar(test, "Open", NULL);
    http_settle(test);
    http_expect(test, "New - ~ Open -");
    http_expect_writes(test, 1, 1);
    http_expect_lost(test, "status");
}

static void g8_an_edit_beside_a_reopen_survives_the_clear(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Closed", "TP.SA");
    http_soar(test, "Open", "BP.SBE");
    http_settle(test);
    http_expect(test, "New - ~ Open BP.SBE");
    http_expect_told(test, "held", "pending");
    http_soar(test, NULL, "TP.SA");
    http_settle(test);
    http_expect(test, "New - ~ Open TP.SA");
    http_soar(test, "Closed", NULL);
    http_settle(test);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
}

static void g9_released_beats_draft(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", NULL);
    http_soar(test, NULL, "TP.SA");
    http_settle(test);
    http_expect(test, "Active - ~ In Progress TP.SA");
    http_expect_writes(test, 0, 0);
    http_siem(test, "Closed", "BP.SBE");
    http_settle(test);
    http_expect(test, "Closed BP.SBE ~ Closed BP.SBE");
    http_expect_writes(test, 0, 1);
    http_expect_lost(test, "verdict");
}

static void g10_a_merge_freezes_status_and_verdict(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", NULL);
    lab_merge_siem(&test->lab, &test->incident);
    http_settle(test);
    http_expect(test, "Closed U ~ In Progress -");
    http_expect_writes(test, 0, 0);
    http_soar(test, "Closed", "TP.SA");
    http_settle(test);
    http_expect(test, "Closed U ~ Closed TP.SA");
    http_expect_writes(test, 0, 0);
    http_expect_told(test, "held", test->incident.name);
}

static void g11_an_emptied_verdict_holds_the_close(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", "TP.SA");
    http_siem(test, NULL, "-");
    http_soar(test, "Closed", NULL);
    http_settle(test);
    http_expect(test, "Active - ~ Closed -");
    http_expect_told(test, "held", test->incident.name);
}

static void g11_a_changed_verdict_closes_with_it(void **data)
{
    struct http_case *test = *data;
    http_link_as(test, "Active", "TP.SA");
    http_siem(test, NULL, "BP.SBE");
    http_soar(test, "Closed", NULL);
    http_settle(test);
    http_expect(test, "Closed BP.SBE ~ Closed BP.SBE");
    http_expect_writes(test, 1, 1);
}

static void g12_a_server_that_keeps_omitted_fields_stays_quiet(void **data)
{
    struct http_case *test = *data;
    lab_switch(&test->lab.siem, "omitted_fields", "keep");
    http_link_as(test, "Closed", "TP.SA");
    http_soar(test, "Open", NULL);
    http_settle(test);
    http_expect(test, "New TP.SA ~ Open TP.SA");
    http_expect_writes(test, 1, 0);
    http_siem(test, "Closed", NULL);
    http_settle(test);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
    http_expect_writes(test, 0, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define GOLDEN(name) cmocka_unit_test_setup_teardown(name, http_case_start, http_case_stop)
        GOLDEN(g1_a_reopen_clears_and_the_same_verdict_closes_again),
        GOLDEN(g2_a_verdict_corrected_after_closing_moves),
        GOLDEN(g3_a_withdrawn_verdict_closes_nothing),
        GOLDEN(g3_in_two_polls),
        GOLDEN(g4_a_close_without_verdict_waits_for_the_other_side),
        GOLDEN(g5_an_illegal_pair_is_held_until_corrected),
        GOLDEN(g6_a_correction_beside_a_reopen_stays_pending),
        GOLDEN(g7_both_reopen_alike_and_nothing_is_written),
        GOLDEN(g7_both_reopen_differently_and_the_policy_decides),
        GOLDEN(g8_an_edit_beside_a_reopen_survives_the_clear),
        GOLDEN(g9_released_beats_draft),
        GOLDEN(g10_a_merge_freezes_status_and_verdict),
        GOLDEN(g11_an_emptied_verdict_holds_the_close),
        GOLDEN(g11_a_changed_verdict_closes_with_it),
        GOLDEN(g12_a_server_that_keeps_omitted_fields_stays_quiet),
#undef GOLDEN
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
