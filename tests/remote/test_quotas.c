/* Tests of engine/remote/quotas.c: no window of the server's ever counts too many, and nobody waits for another's crowd. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/remote/quotas.h"
#include "engine/world/clock.h"

#define MOST 400

struct request {
    struct duet_place place;
    struct fixture *fixture;
    int owner;
};

struct fixture {
    struct duet_clock_sim clock;
    struct duet_loop *loop;
    struct duet_quotas *quotas;
    struct duet_line *lines[3];
    struct request requests[MOST];
    size_t count;
    int64_t sent[MOST];
    int owners[MOST];
    size_t sent_count;
    int64_t latency;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    duet_clock_sim_init(&f->clock, 0);
    f->loop = duet_loop_new(&f->clock.clock);
    f->quotas = duet_quotas_new(f->loop);
    for (size_t i = 0; i < 3; i++)
        f->lines[i] = duet_line_new(f->quotas);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < 3; i++)
        duet_line_free(f->lines[i]);
    duet_quotas_free(f->quotas);
    duet_loop_free(f->loop);
    free(f);
    return 0;
}

static void answered(void *data)
{
    struct request *request = data;
    duet_place_done(&request->place);
}

static void granted(void *data)
{
    struct request *request = data;
    struct fixture *f = request->fixture;
    f->owners[f->sent_count] = request->owner;
    f->sent[f->sent_count++] = duet_clock_monotonic(&f->clock.clock);
    duet_loop_after(f->loop, f->latency, answered, request);
}

static void ask(struct fixture *f, int owner, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct request *request = &f->requests[f->count++];
        request->fixture = f;
        request->owner = owner;
        duet_place_wait(&request->place, f->lines[owner], granted, request);
    }
}

/* However the server's windows lie and wherever between sending and answer it counts a request. */
static void assert_kept(const struct fixture *f, size_t count, int64_t per)
{
    for (size_t i = 0; i + count < f->sent_count; i++)
        assert_true(f->sent[i + count] > f->sent[i] + f->latency + per);
}

static void no_window_counts_too_many(void **state)
{
    struct fixture *f = *state;
    f->latency = 700;
    duet_line_limit(f->lines[0], "writes", 75, 300000, true);
    ask(f, 0, 200);
    duet_loop_run(f->loop);
    assert_int_equal(f->sent_count, 200);
    assert_kept(f, 75, 300000);
    assert_true(f->sent[74] < 20000);   /* the first ones go at once, six at a time */
    assert_true(f->sent[199] < 640000); /* and the others as soon as they may */
}

static void who_shares_a_bucket_takes_turns(void **state)
{
    struct fixture *f = *state;
    duet_line_limit(f->lines[0], "writes by subscription=s1", 10, 1000, true);
    duet_line_limit(f->lines[1], "writes by subscription=s1", 10, 1000, true);
    ask(f, 0, 100);
    ask(f, 1, 5);
    duet_loop_run(f->loop);
    assert_kept(f, 10, 1000);
    size_t of_second = 0;
    for (size_t i = 0; i < 10; i++)
        of_second += f->owners[i] == 1;
    assert_int_equal(of_second, 5); /* behind a hundred others, and yet in the first ten */
}

static void another_bucket_is_not_waited_for(void **state)
{
    struct fixture *f = *state;
    duet_line_limit(f->lines[0], "writes by subscription=s1", 1, 60000, true);
    duet_line_limit(f->lines[1], "writes by subscription=s2", 1, 60000, true);
    ask(f, 0, 3);
    ask(f, 1, 1);
    ask(f, 2, 2);
    duet_loop_run(f->loop);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(f->sent[i], 0);
    assert_true(f->sent[4] > 60000);
}

static void a_line_obeys_all_its_limits(void **state)
{
    struct fixture *f = *state;
    duet_line_limit(f->lines[0], "writes", 5, 10000, true);
    duet_line_limit(f->lines[0], "all", 2, 1000, false);
    ask(f, 0, 12);
    duet_loop_run(f->loop);
    assert_kept(f, 5, 10000);
    assert_kept(f, 2, 1000);
}

static void a_pause_holds_the_kind_wherever_it_is_asked(void **state)
{
    struct fixture *f = *state;
    int64_t wait = 0;
    duet_line_limit(f->lines[0], "writes", 5, 1000, true);
    duet_line_limit(f->lines[0], "all", 50, 1000, false);
    duet_line_limit(f->lines[1], "writes", 5, 1000, true);
    duet_line_limit(f->lines[2], "all", 50, 1000, false);
    assert_int_equal(duet_line_room(f->lines[0], 0, &wait), 5);
    duet_line_pause(f->lines[0], 17000);
    assert_int_equal(duet_line_room(f->lines[0], 0, &wait), 0);
    assert_int_equal(wait, 17000);
    assert_int_equal(duet_line_room(f->lines[1], 0, NULL), 0);
    assert_int_equal(duet_line_room(f->lines[2], 0, NULL), 50);
    for (int owner = 0; owner < 3; owner++)
        ask(f, owner, 1);
    duet_loop_run(f->loop);
    assert_int_equal(f->owners[0], 2);
    assert_int_equal(f->sent[0], 0);
    assert_true(f->sent[1] >= 17000 && f->sent[2] >= 17000);
}

static void room_within_a_time_counts_what_frees_until_then(void **state)
{
    struct fixture *f = *state;
    duet_line_limit(f->lines[0], "writes", 5, 1000, true);
    duet_line_limit(f->lines[1], "slow", 5, 300000, true);
    for (int i = 0; i < 3; i++) {
        duet_line_spend(f->lines[0], 100);
        duet_line_spend(f->lines[1], 100);
    }
    assert_int_equal(duet_line_room(f->lines[0], 0, NULL), 2);
    assert_int_equal(duet_line_room(f->lines[0], 950, NULL), 5);
    assert_int_equal(duet_line_room(f->lines[0], 10000, NULL), 55);
    assert_int_equal(duet_line_room(f->lines[1], 10000, NULL), 2);
    duet_line_pause(f->lines[1], 20000);
    assert_int_equal(duet_line_room(f->lines[1], 10000, NULL), 0);
}

static void what_was_spent_before_the_start_counts(void **state)
{
    struct fixture *f = *state;
    int64_t wait = 0;
    duet_line_limit(f->lines[0], "writes", 2, 1000, true);
    duet_line_spend(f->lines[0], 2000); /* too old */
    duet_line_spend(f->lines[0], 900);
    duet_line_spend(f->lines[0], 300);
    assert_int_equal(duet_line_room(f->lines[0], 0, &wait), 0);
    assert_int_equal(wait, 101);
}

static void who_leaves_takes_no_place(void **state)
{
    struct fixture *f = *state;
    duet_line_limit(f->lines[0], "writes", 1, 60000, true);
    ask(f, 0, 3);
    duet_place_leave(&f->requests[0].place);
    duet_place_leave(&f->requests[2].place);
    duet_loop_run(f->loop);
    assert_int_equal(f->sent_count, 1);
    assert_int_equal(f->sent[0], 0);
}

static void a_bucket_remembers_across_a_reload(void **state)
{
    struct fixture *f = *state;
    duet_line_limit(f->lines[0], "writes", 1, 60000, true);
    ask(f, 0, 1);
    duet_loop_run(f->loop);
    duet_line_free(f->lines[0]);
    f->lines[0] = duet_line_new(f->quotas);
    duet_line_limit(f->lines[0], "writes", 1, 60000, true);
    ask(f, 0, 1);
    duet_loop_run(f->loop);
    assert_int_equal(f->sent_count, 2);
    assert_true(f->sent[1] > 60000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_window_counts_too_many),
        TEST(who_shares_a_bucket_takes_turns),
        TEST(another_bucket_is_not_waited_for),
        TEST(a_line_obeys_all_its_limits),
        TEST(a_pause_holds_the_kind_wherever_it_is_asked),
        TEST(room_within_a_time_counts_what_frees_until_then),
        TEST(what_was_spent_before_the_start_counts),
        TEST(who_leaves_takes_no_place),
        TEST(a_bucket_remembers_across_a_reload),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
