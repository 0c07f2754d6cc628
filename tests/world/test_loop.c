/* Tests of engine/world/loop.c: order, cancelling, and a clock that moves only when there is nothing else to do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/world/loop.h"

struct fixture {
    struct duet_clock_sim clock;
    struct duet_loop *loop;
    char order[32];
    int64_t times[32];
    size_t count;
    int ends[2];
    struct duet_watch *watch;
    struct duet_timer *victim;
};

struct mark {
    struct fixture *fixture;
    char letter;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    duet_clock_sim_init(&f->clock, 0);
    f->loop = duet_loop_new(&f->clock.clock);
    assert_int_equal(pipe(f->ends), 0);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    duet_loop_unwatch(f->loop, f->watch);
    duet_loop_free(f->loop);
    close(f->ends[0]);
    close(f->ends[1]);
    free(f);
    return 0;
}

static void note(void *data)
{
    const struct mark *mark = data;
    struct fixture *f = mark->fixture;
    f->times[f->count] = duet_clock_monotonic(&f->clock.clock);
    f->order[f->count++] = mark->letter;
}

static void timers_run_by_time_and_equal_ones_as_set(void **state)
{
    struct fixture *f = *state;
    struct mark marks[] = { { f, 'a' }, { f, 'b' }, { f, 'c' }, { f, 'd' }, { f, 'e' } };
    duet_loop_after(f->loop, 300, note, &marks[0]);
    duet_loop_after(f->loop, 100, note, &marks[1]);
    duet_loop_after(f->loop, 300, note, &marks[2]);
    duet_loop_cancel(f->loop, duet_loop_after(f->loop, 200, note, &marks[3]));
    duet_loop_defer(f->loop, note, &marks[4]);
    duet_loop_run(f->loop);
    assert_string_equal(f->order, "ebac");
    assert_int_equal(f->times[0], 0);
    assert_int_equal(f->times[1], 100);
    assert_int_equal(f->times[3], 300);
    assert_int_equal(f->clock.wall_ticks, 300 * 10000);
}

static void many_timers_come_in_order(void **state)
{
    struct fixture *f = *state;
    struct duet_timer *timers[1000];
    struct mark mark = { f, 'x' };
    uint32_t random = 1;
    for (size_t i = 0; i < 1000; i++) {
        random = random * 1103515245U + 12345U;
        timers[i] = duet_loop_after(f->loop, random % 5000 + 1, note, &mark);
    }
    for (size_t i = 0; i < 1000; i++) {
        if (i % 50 != 0)
            duet_loop_cancel(f->loop, timers[i]);
    }
    duet_loop_run(f->loop);
    assert_int_equal(f->count, 20);
    for (size_t i = 1; i < f->count; i++)
        assert_true(f->times[i] >= f->times[i - 1]);
}

static void defer_again(void *data)
{
    struct fixture *f = data;
    if (f->count < 5)
        duet_loop_defer(f->loop, defer_again, f);
    f->order[f->count++] = 'd';
}

static void who_defers_again_and_again_lets_timers_run(void **state)
{
    struct fixture *f = *state;
    struct mark mark = { f, 't' };
    duet_loop_defer(f->loop, defer_again, f);
    duet_loop_after(f->loop, 0, note, &mark);
    duet_loop_run(f->loop);
    assert_string_equal(f->order, "dtdddd");
}

static void cancel_victim(void *data)
{
    struct fixture *f = data;
    duet_loop_cancel(f->loop, f->victim);
}

static void a_timer_may_cancel_another_that_is_due(void **state)
{
    struct fixture *f = *state;
    struct mark mark = { f, 'v' };
    duet_loop_after(f->loop, 10, cancel_victim, f);
    f->victim = duet_loop_after(f->loop, 10, note, &mark);
    duet_loop_run(f->loop);
    assert_int_equal(f->count, 0);
}

static void read_one(void *data, uint32_t events)
{
    struct fixture *f = data;
    char byte = 0;
    assert_true(events & DUET_LOOP_READ);
    assert_int_equal(read(f->ends[0], &byte, 1), 1);
    f->times[f->count] = duet_clock_monotonic(&f->clock.clock);
    f->order[f->count++] = byte;
    duet_loop_unwatch(f->loop, f->watch);
    f->watch = NULL;
    duet_loop_release(f->loop);
}

static void time_stands_still_while_an_answer_is_awaited(void **state)
{
    struct fixture *f = *state;
    struct mark mark = { f, 't' };
    f->watch = duet_loop_watch(f->loop, f->ends[0], DUET_LOOP_READ, read_one, f);
    duet_loop_hold(f->loop);
    duet_loop_after(f->loop, 60000, note, &mark);
    for (int i = 0; i < 10; i++)
        duet_loop_turn(f->loop, false);
    assert_int_equal(write(f->ends[1], "r", 1), 1);
    duet_loop_run(f->loop);
    assert_string_equal(f->order, "rt");
    assert_int_equal(f->times[0], 0);
    assert_int_equal(f->times[1], 60000);
}

static void stop(void *data)
{
    duet_loop_stop(((struct fixture *)data)->loop);
}

static void stopping_leaves_what_is_set(void **state)
{
    struct fixture *f = *state;
    struct mark mark = { f, 't' };
    duet_loop_after(f->loop, 5, stop, f);
    duet_loop_after(f->loop, 10, note, &mark);
    duet_loop_run(f->loop);
    assert_int_equal(f->count, 0);
    assert_int_equal(duet_clock_monotonic(&f->clock.clock), 5);
    duet_loop_run(f->loop);
    assert_int_equal(f->count, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(timers_run_by_time_and_equal_ones_as_set),
        TEST(many_timers_come_in_order),
        TEST(who_defers_again_and_again_lets_timers_run),
        TEST(a_timer_may_cancel_another_that_is_due),
        TEST(time_stands_still_while_an_answer_is_awaited),
        TEST(stopping_leaves_what_is_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
