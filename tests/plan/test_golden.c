/* The golden cases G1 to G12 of the reconciling rules: the shipped mapping, two records, people who edit, the planner until quiet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>
#include <cmocka.h>

#include "tests/support/two_records.h"

static void g1_a_reopen_clears_and_the_same_verdict_closes_again(void **data)
{
    struct world *world = *data;
    both_closed(world, "TP.SA");
    edit(world, O, "Open", NULL);
    settle(world);
    expect(world, "New", "-", "Open", "-");
    expect_writes(world, 1, 1);
    edit(world, O, "Closed", "TP.SA");
    settle(world);
    expect(world, "Closed", "TP.SA", "Closed", "TP.SA");
    expect_writes(world, 1, 0);
}

static void g2_a_verdict_corrected_after_closing_moves(void **data)
{
    struct world *world = *data;
    both_closed(world, "TP.SA");
    edit(world, O, NULL, "BP.SBE");
    settle(world);
    expect(world, "Closed", "BP.SBE", "Closed", "BP.SBE");
    expect_writes(world, 1, 0);
    edit(world, S, NULL, "FP.ID");
    settle(world);
    expect(world, "Closed", "FP.ID", "Closed", "FP.ID");
    expect_writes(world, 0, 1);
}

static void g3_a_withdrawn_verdict_closes_nothing(void **data)
{
    struct world *world = *data;
    both_active(world, "TP.SA");
    edit(world, O, "Closed", "-");
    settle(world);
    expect(world, "Active", "TP.SA", "Closed", "-");
    assert_int_equal(move_of(world, "status")->decision, DUET_HELD);
    edit(world, O, NULL, "FP.IAL");
    settle(world);
    expect(world, "Closed", "FP.IAL", "Closed", "FP.IAL");
}

static void g3_in_two_polls(void **data)
{
    struct world *world = *data;
    both_active(world, "TP.SA");
    edit(world, O, NULL, "-");
    settle(world);
    edit(world, O, "Closed", NULL);
    settle(world);
    expect(world, "Active", "TP.SA", "Closed", "-");
    edit(world, O, NULL, "FP.IAL");
    settle(world);
    expect(world, "Closed", "FP.IAL", "Closed", "FP.IAL");
}

static void g4_a_close_without_verdict_waits_for_the_other_side(void **data)
{
    struct world *world = *data;
    both_active(world, "-");
    edit(world, O, "Closed", NULL);
    settle(world);
    expect(world, "Active", "-", "Closed", "-");
    assert_int_equal(move_of(world, "status")->decision, DUET_HELD);
    edit(world, S, "Closed", "BP.SBE");
    settle(world);
    expect(world, "Closed", "BP.SBE", "Closed", "BP.SBE");
    expect_writes(world, 0, 1);
}

static void g5_an_illegal_pair_is_held_until_corrected(void **data)
{
    struct world *world = *data;
    both_active(world, "-");
    edit(world, O, "Closed", "TP.ID");
    settle(world);
    expect(world, "Active", "-", "Closed", "TP.ID");
    assert_int_equal(move_of(world, "status")->decision, DUET_HELD);
    edit(world, S, "Closed", "BP.SBE");
    settle(world);
    expect(world, "Closed", "BP.SBE", "Closed", "TP.ID");
    assert_int_equal(move_of(world, "verdict")->decision, DUET_HELD);
    edit(world, O, NULL, "TP.SA");
    settle(world);
    expect(world, "Closed", "TP.SA", "Closed", "TP.SA");
    assert_true(world->play.conflicts);
}

static void g6_a_correction_beside_a_reopen_stays_pending(void **data)
{
    struct world *world = *data;
    both_closed(world, "TP.SA");
    edit(world, S, "Active", NULL);
    edit(world, O, NULL, "BP.SBE");
    settle(world);
    expect(world, "Active", "TP.SA", "In Progress", "BP.SBE");
    assert_int_equal(move_of(world, "verdict")->decision, DUET_PENDING);
    edit(world, O, "Closed", NULL);
    settle(world);
    expect(world, "Closed", "BP.SBE", "Closed", "BP.SBE");
}

static void g7_both_reopen_alike_and_nothing_is_written(void **data)
{
    struct world *world = *data;
    both_closed(world, "TP.SA");
    edit(world, S, "Active", NULL);
    edit(world, O, "In Progress", NULL);
    settle(world);
    expect(world, "Active", "TP.SA", "In Progress", "TP.SA");
    expect_writes(world, 0, 0);
}

static void g7_both_reopen_differently_and_the_policy_decides(void **data)
{
    struct world *world = *data;
    both_closed(world, "TP.SA");
    edit(world, S, "Active", NULL);
    edit(world, O, "Open", NULL);
    settle(world);
    expect(world, "New", "-", "Open", "-");
    expect_writes(world, 1, 1);
    assert_true(world->play.conflicts);
}

static void g8_an_edit_beside_a_reopen_survives_the_clear(void **data)
{
    struct world *world = *data;
    both_closed(world, "TP.SA");
    edit(world, O, "Open", "BP.SBE");
    settle(world);
    expect(world, "New", "-", "Open", "BP.SBE");
    assert_int_equal(move_of(world, "verdict")->decision, DUET_PENDING);
    edit(world, O, NULL, "TP.SA");
    settle(world);
    expect(world, "New", "-", "Open", "TP.SA");
    edit(world, O, "Closed", NULL);
    settle(world);
    expect(world, "Closed", "TP.SA", "Closed", "TP.SA");
}

static void g9_released_beats_draft(void **data)
{
    struct world *world = *data;
    both_active(world, "-");
    edit(world, O, NULL, "TP.SA");
    settle(world);
    expect(world, "Active", "-", "In Progress", "TP.SA");
    assert_int_equal(move_of(world, "verdict")->decision, DUET_PENDING);
    edit(world, S, "Closed", "BP.SBE");
    settle(world);
    expect(world, "Closed", "BP.SBE", "Closed", "BP.SBE");
    expect_writes(world, 0, 1);
}

static void g10_a_merge_freezes_status_and_verdict(void **data)
{
    struct world *world = *data;
    static const char *const labels[] = { "Redirected" };
    both_active(world, "-");
    edit(world, S, "Closed", NULL);
    set(world, S, "classification", "Undetermined");
    set_list(world, S, "labels", labels, 1);
    settle(world);
    expect_writes(world, 0, 0);
    edit(world, O, "Closed", "TP.SA");
    settle(world);
    expect_writes(world, 0, 0);
    assert_int_equal(move_of(world, "status")->decision, DUET_FROZEN);
}

static void g11_an_emptied_verdict_holds_the_close(void **data)
{
    struct world *world = *data;
    both_active(world, "TP.SA");
    edit(world, S, NULL, "-");
    edit(world, O, "Closed", NULL);
    settle(world);
    expect(world, "Active", "-", "Closed", "-");
    assert_int_equal(move_of(world, "status")->decision, DUET_HELD);
}

static void g11_a_changed_verdict_closes_with_it(void **data)
{
    struct world *world = *data;
    both_active(world, "TP.SA");
    edit(world, S, NULL, "BP.SBE");
    edit(world, O, "Closed", NULL);
    settle(world);
    expect(world, "Closed", "BP.SBE", "Closed", "BP.SBE");
    expect_writes(world, 1, 1);
}

static void g12_a_server_that_keeps_omitted_fields_stays_quiet(void **data)
{
    struct world *world = *data;
    world->play.keeps_omitted[S] = true;
    both_closed(world, "TP.SA");
    edit(world, O, "Open", NULL);
    settle(world);
    expect(world, "New", "TP.SA", "Open", "TP.SA");
    expect_writes(world, 1, 0);
    edit(world, S, "Closed", NULL);
    settle(world);
    expect(world, "Closed", "TP.SA", "Closed", "TP.SA");
    expect_writes(world, 0, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define GOLDEN(name) cmocka_unit_test_setup_teardown(name, world_start, world_stop)
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
