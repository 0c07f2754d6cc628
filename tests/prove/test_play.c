/* The rounds of a play: they end when two plans in a row write nothing, and say so when that doesn't happen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>
#include <cmocka.h>

#include "engine/prove/coverage.h"
#include "tests/support/two_records.h"

/* Somebody who undoes each write as soon as it was made, `times` times. */
struct meddler {
    struct world *world;
    unsigned plans;
    unsigned times;
    bool when_quiet; /* instead: once nothing was written */
};

static void meddle(void *data, const struct duet_changeset *changes,
                   const struct duet_result results[2])
{
    struct meddler *meddler = data;
    (void)results;
    meddler->plans++;
    if (duet_changeset_quiet(changes) != meddler->when_quiet || !meddler->times)
        return;
    meddler->times--;
    set(meddler->world, O, "severity", meddler->plans % 2 ? "Low" : "Medium");
}

static void start_agreed(struct world *world)
{
    edit(world, S, "Active", "-");
    edit(world, O, "In Progress", "-");
    settle(world);
}

static bool settles_with(struct world *world, struct meddler *meddler)
{
    world->play.watcher = (struct duet_play_watcher){ .planned = meddle, .data = meddler };
    set(world, O, "severity", "Informational");
    duet_play_begin(&world->play);
    return duet_play_settle(&world->play);
}

static void quiet_is_two_plans_without_a_write(void **data)
{
    struct world *world = *data;
    struct meddler nobody = { .world = world };
    start_agreed(world);
    assert_true(settles_with(world, &nobody));
    assert_int_equal(nobody.plans, 3);
    expect_writes(world, 1, 0);
}

static void a_second_write_may_follow(void **data)
{
    struct world *world = *data;
    struct meddler once = { .world = world, .times = 1 };
    start_agreed(world);
    assert_true(settles_with(world, &once));
    assert_int_equal(once.plans, 4);
    expect_writes(world, 2, 0);
}

static void more_is_no_rest(void **data)
{
    struct world *world = *data;
    struct meddler always = { .world = world, .times = 100 };
    start_agreed(world);
    assert_false(settles_with(world, &always));
    assert_int_equal(always.plans, DUET_PLAY_MAX_ROUNDS);
}

static void a_write_after_a_quiet_plan_begins_the_count_anew(void **data)
{
    struct world *world = *data;
    struct meddler late = { .world = world, .times = 100, .when_quiet = true };
    start_agreed(world);
    assert_false(settles_with(world, &late));
    assert_int_equal(late.plans, DUET_PLAY_MAX_ROUNDS);
}

static void what_was_refused_was_not_exercised(void **data)
{
    struct world *world = *data;
    size_t count = 0;
    struct duet_coverage *coverage = duet_coverage_new(world->rules.tables, world->arena);
    start_agreed(world);
    world->play.watcher = duet_coverage_watcher(coverage);
    world->play.serving[S] = DUET_SERVING_TURNS_DOWN;
    set(world, O, "severity", "Low");
    settle(world);
    expect_writes(world, 1, 0);
    const struct duet_coverage_point *point = duet_coverage_points(coverage, &count);
    for (size_t i = 0; i < count; i++)
        assert_false(point[i].exercised);
}

static size_t exercised(const struct duet_coverage *coverage)
{
    size_t count = 0;
    size_t sum = 0;
    const struct duet_coverage_point *point = duet_coverage_points(coverage, &count);
    for (size_t i = 0; i < count; i++)
        sum += point[i].exercised;
    return sum;
}

/* The field's number within its side. */
static uint32_t number_of(struct world *world, int side, const char *field)
{
    return (uint32_t)(value_of(world, side, field) - world->play.record[side].values);
}

static void what_was_written_counts_once_it_was_judged(void **data)
{
    struct world *world = *data;
    struct duet_coverage *coverage = duet_coverage_new(world->rules.tables, world->arena);
    start_agreed(world);
    const struct duet_play_watcher watcher = duet_coverage_watcher(coverage);
    world->play.watcher = watcher;
    set(world, O, "severity", "Low");
    settle(world);
    expect_writes(world, 1, 0);
    assert_int_equal(exercised(coverage), 0);
    uint32_t severity = number_of(world, S, "severity");
    uint32_t status = number_of(world, S, "status");
    watcher.judged_field(watcher.data, DUET_LEFT, status); /* another field */
    watcher.judged_field(watcher.data, DUET_RIGHT, status);
    watcher.judged_note(watcher.data, DUET_LEFT);
    assert_int_equal(exercised(coverage), 0);
    watcher.begun(watcher.data); /* and too late */
    watcher.judged_field(watcher.data, DUET_LEFT, severity);
    assert_int_equal(exercised(coverage), 0);
    set(world, O, "severity", "High");
    settle(world);
    watcher.judged_field(watcher.data, DUET_LEFT, severity);
    assert_int_equal(exercised(coverage), 3); /* rule, arm, trigger */
}

static void an_unlinked_record_that_gets_no_partner_is_at_rest(void **data)
{
    struct world *world = *data;
    world->play.state = NULL;
    world->play.exists[S] = true;
    edit(world, S, "Closed", "TP.SA");
    duet_play_begin(&world->play);
    assert_true(duet_play_settle(&world->play));
    assert_null(world->play.state);
    expect_writes(world, 0, 0);
}

/* Both sides change their status. What can't be dated the SOAR wins; Sentinel wins when it changed its own after a look. */
static void a_look_tells_which_change_is_the_later_one(void **data)
{
    struct world *world = *data;
    start_agreed(world);
    duet_play_begin(&world->play);
    set(world, O, "status", "Open");
    duet_play_look(&world->play, DUET_LEFT);
    expect_writes(world, 0, 0);
    edit(world, S, "Closed", "TP.SA");
    assert_true(duet_play_settle(&world->play));
    assert_string_equal(value_of(world, O, "status")->text, "Closed");
    duet_play_begin(&world->play);
    set(world, O, "status", "In Progress");
    edit(world, S, "New", "-");
    assert_true(duet_play_settle(&world->play));
    assert_string_equal(value_of(world, S, "status")->text, "Active");
}

static void a_signal_waits_while_nothing_can_be_written(void **data)
{
    struct world *world = *data;
    start_agreed(world);
    set(world, O, "title", "Somebody's holiday");
    set(world, S, "title", "Sign-in");
    settle(world);
    set(world, O, "title", "Somebody's holiday");
    duet_play_begin(&world->play);
    world->play.signals = ~UINT64_C(0);
    duet_play_look(&world->play, DUET_LEFT);
    assert_string_equal(value_of(world, O, "title")->text, "Somebody's holiday");
    assert_true(duet_play_settle(&world->play));
    assert_string_equal(value_of(world, O, "title")->text, "Sign-in");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define PLAYS(name) cmocka_unit_test_setup_teardown(name, world_start, world_stop)
        PLAYS(quiet_is_two_plans_without_a_write),
        PLAYS(a_second_write_may_follow),
        PLAYS(more_is_no_rest),
        PLAYS(a_write_after_a_quiet_plan_begins_the_count_anew),
        PLAYS(what_was_refused_was_not_exercised),
        PLAYS(what_was_written_counts_once_it_was_judged),
        PLAYS(an_unlinked_record_that_gets_no_partner_is_at_rest),
        PLAYS(a_look_tells_which_change_is_the_later_one),
        PLAYS(a_signal_waits_while_nothing_can_be_written),
#undef PLAYS
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
