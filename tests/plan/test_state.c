/* What is remembered of a link: kept as JSON and copied with nothing lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/two_records.h"

/* A refused write, one that waits for a read, and times of both sides. */
static struct duet_state *much_of_everything(struct world *world)
{
    both_active(world, "-");
    world->play.serving[S] = DUET_SERVING_TURNS_DOWN;
    edit(world, O, "Closed", "TP.SA");
    duet_play_round(&world->play);
    world->play.serving[O] = DUET_SERVING_SAYS_YES;
    set(world, S, "severity", "Low");
    duet_play_round(&world->play);
    struct duet_state *state = world->play.state;
    assert_true(state->refusal_count > 0);
    for (size_t side = 0; side < 2; side++) {
        state->last_modified[side] = 70 + (int64_t)side;
        state->times[side][1] =
            (struct duet_change_time){ .without = 10 + (int64_t)side, .with = 20 + (int64_t)side };
    }
    return state;
}

static void assert_same(struct world *world, const struct duet_state *a, const struct duet_state *b)
{
    json_t *left = duet_state_to_json(&world->rules, a);
    json_t *right = duet_state_to_json(&world->rules, b);
    assert_true(json_equal(left, right));
    json_decref(left);
    json_decref(right);
    assert_int_equal(a->known, b->known);
    assert_int_equal(a->sent_count, b->sent_count);
    assert_int_equal(a->refusal_count, b->refusal_count);
    for (size_t side = 0; side < 2; side++) {
        assert_int_equal(a->last_modified[side], b->last_modified[side]);
        for (uint32_t u = 0; u < duet_mapping(world->rules.tables)->units_count; u++) {
            assert_int_equal(a->times[side][u].with, b->times[side][u].with);
            assert_int_equal(a->times[side][u].without, b->times[side][u].without);
        }
    }
}

static void json_keeps_all_of_it(void **data)
{
    struct world *world = *data;
    struct duet_state *state = much_of_everything(world);
    json_t *json = duet_state_to_json(&world->rules, state);
    struct duet_state *again = NULL;
    assert_int_equal(duet_state_from_json(&world->rules, json, world->arena, &again), DUET_OK);
    assert_same(world, state, again);
    json_decref(json);
}

static void a_copy_keeps_all_of_it(void **data)
{
    struct world *world = *data;
    struct duet_state *state = much_of_everything(world);
    assert_same(world, state, duet_state_copy(&world->rules, state, world->arena));
}

static void times_of_one_side_are_kept(void **data)
{
    struct world *world = *data;
    settle(world);
    for (size_t side = 0; side < 2; side++) {
        struct duet_state *state = duet_state_new(&world->rules, world->arena);
        state->times[side][2] = (struct duet_change_time){ .without = 1, .with = 2 };
        json_t *json = duet_state_to_json(&world->rules, state);
        struct duet_state *again = NULL;
        assert_int_equal(duet_state_from_json(&world->rules, json, world->arena, &again), DUET_OK);
        assert_same(world, state, again);
        assert_int_equal(json_object_size(json_object_get(json, "changed")), 1);
        json_decref(json);
    }
}

static void another_version_is_refused(void **data)
{
    struct world *world = *data;
    json_t *json = duet_state_to_json(&world->rules, much_of_everything(world));
    struct duet_state *state = NULL;
    json_object_set_new(json, "version", json_integer(2));
    assert_int_equal(duet_state_from_json(&world->rules, json, world->arena, &state), DUET_INVALID);
    json_object_del(json, "version");
    assert_int_equal(duet_state_from_json(&world->rules, json, world->arena, &state), DUET_INVALID);
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(json_keeps_all_of_it, world_start, world_stop),
        cmocka_unit_test_setup_teardown(a_copy_keeps_all_of_it, world_start, world_stop),
        cmocka_unit_test_setup_teardown(times_of_one_side_are_kept, world_start, world_stop),
        cmocka_unit_test_setup_teardown(another_version_is_refused, world_start, world_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
