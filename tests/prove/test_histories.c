/* Histories at random, the same for each run: people edit both sides, writes are lost, refused or answered late. Whatever happened, once
 * nothing goes wrong any more the engine comes to rest, and what it left is lawful. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>
#include <cmocka.h>

#include "tests/support/chance.h"
#include "tests/support/two_records.h"

#ifndef HISTORIES
#define HISTORIES 150 /* more by hand: -DHISTORIES=100000 */
#endif
#define STEPS 8

struct history {
    struct world *world;
    struct chance chance;
    uint64_t edited[2]; /* [side] units, in this step */
    bool faults;
    uint64_t conflicts; /* units of which a value lost, in this step */
    const char *story;  /* what happened, to be told with what went wrong */
};

static const struct duet_t_mapping *mapping_of(const struct world *world)
{
    return duet_mapping(world->rules.tables);
}

static const struct duet_t_unit *unit_of(const struct world *world, uint32_t unit)
{
    return duet_unit_row(world->rules.tables, mapping_of(world)->units + unit);
}

static void tell(struct history *history, const char *what)
{
    struct world *world = history->world;
    history->story = duet_arena_format(
        world->arena, "%s\n  %-8s S %s %s %s, O %s %s %s", history->story, what,
        status_of(world, S), verdict_of(world, S), value_of(world, S, "severity")->text,
        status_of(world, O), verdict_of(world, O), value_of(world, O, "severity")->text);
}

/* --- what people do -------------------------------------------------------------------------------------- */

static void edit_status(struct history *history, int side)
{
    static const char *const left[] = { "New", "Active", "Closed" };
    static const char *const right[] = { "Open", "In Progress", "On Hold", "Closed" };
    edit(history->world, side,
         side == S ? left[chance_draw(&history->chance, 3)]
                   : right[chance_draw(&history->chance, 4)],
         NULL);
}

static void edit_verdict(struct history *history, int side)
{
    static const char *const verdicts[] = { "-", "TP.SA", "BP.SBE", "FP.IAL", "FP.ID", "TP.ID" };
    unsigned legal =
        side == S ? 5 : 6; /* the left system refuses an illegal pair when it is typed */
    edit(history->world, side, NULL, verdicts[chance_draw(&history->chance, legal)]);
}

static void edit_severity(struct history *history, int side)
{
    static const char *const levels[] = { "Informational", "Low", "Medium", "High", "Critical" };
    set(history->world, side, "severity", levels[chance_draw(&history->chance, side == S ? 4 : 5)]);
}

static void edit_something(struct history *history, int side)
{
    if (chance_draw(&history->chance, 2))
        edit_status(history, side);
    if (chance_draw(&history->chance, 2))
        edit_verdict(history, side);
    if (chance_draw(&history->chance, 4) == 0)
        edit_severity(history, side);
    /* Nobody closes the left record without a verdict: the system refuses it. */
    if (strcmp(status_of(history->world, S), "Closed") == 0 &&
        strcmp(verdict_of(history->world, S), "-") == 0)
        edit(history->world, S, NULL, "FP.ID");
}

/* --- laws ------------------------------------------------------------------------------------------------ */

static bool agrees(struct history *history, uint32_t unit, const struct duet_pairs *values)
{
    struct world *world = history->world;
    const struct duet_t_unit *row = unit_of(world, unit);
    for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
        uint32_t number = p - mapping_of(world)->pairs;
        if (!duet_pair_agree(&world->rules, duet_pair_row(world->rules.tables, p),
                             &values->side[S][number], &values->side[O][number], world->arena))
            return false;
    }
    return true;
}

static struct duet_pairs shown(struct history *history)
{
    struct world *world = history->world;
    return duet_pairs_of(&world->rules, world->play.record[S].values, world->play.record[O].values,
                         world->arena);
}

/* Units of which a side shows something else in `b` than in `a`: typing the same again is no edit, nor is
 * returning to the base. */
static uint64_t differing(struct history *history, int side, const struct duet_pairs *a,
                          const struct duet_pairs *b)
{
    uint64_t units = 0;
    for (uint32_t u = 0; u < mapping_of(history->world)->units_count; u++) {
        const struct duet_t_unit *row = unit_of(history->world, u);
        for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
            uint32_t number = p - mapping_of(history->world)->pairs;
            if (!duet_value_equal(&a->side[side][number], &b->side[side][number]))
                units |= duet_bit(u);
        }
    }
    return units;
}

static void the_base_is_a_pair_that_agrees(struct history *history)
{
    struct world *world = history->world;
    for (uint32_t u = 0; u < mapping_of(world)->units_count; u++) {
        if ((world->play.state->known & duet_bit(u)) &&
            !agrees(history, u, &world->play.state->base))
            fail_msg("the base of %s doesn't agree:%s",
                     duet_str(world->rules.tables, unit_of(world, u)->name), history->story);
    }
}

static void both_sides_agree_or_it_is_said_why_not(struct history *history)
{
    struct world *world = history->world;
    struct duet_pairs now = shown(history);
    for (uint32_t u = 0; u < mapping_of(world)->units_count; u++) {
        enum duet_decision decision = world->play.last->moves[u].decision;
        if (!agrees(history, u, &now) && decision != DUET_PENDING && decision != DUET_HELD)
            fail_msg("%s differs and nobody says so:%s",
                     duet_str(world->rules.tables, unit_of(world, u)->name), history->story);
    }
}

/* An edit of one side only, of what agreed before, is never overwritten; while a reopen is refused, what was written beside it is no
 * base yet, and then it may lose as a conflict that is recorded. `before`: as the edits left it. */
static void no_edit_is_lost(struct history *history, uint64_t settled,
                            const struct duet_pairs *before)
{
    struct world *world = history->world;
    struct duet_pairs now = shown(history);
    for (uint32_t u = 0; u < mapping_of(world)->units_count; u++) {
        for (int side = 0; side < 2; side++) {
            if (!(settled & history->edited[side] & duet_bit(u)) ||
                (history->edited[1 - side] & duet_bit(u)) ||
                (history->faults && (history->conflicts & duet_bit(u))))
                continue;
            const struct duet_t_unit *row = unit_of(world, u);
            for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
                uint32_t number = p - mapping_of(world)->pairs;
                if (!duet_value_equal(&before->side[side][number], &now.side[side][number]))
                    fail_msg("an edit of %s is lost:%s",
                             duet_str(world->rules.tables, unit_of(world, u)->name),
                             history->story);
            }
        }
    }
}

static uint64_t settled_units(struct history *history)
{
    uint64_t units = 0;
    struct duet_pairs now = shown(history);
    for (uint32_t u = 0; u < mapping_of(history->world)->units_count; u++)
        units |= agrees(history, u, &now) ? duet_bit(u) : 0;
    return units;
}

/* --- histories ------------------------------------------------------------------------------------------- */

static void go_wrong(struct history *history)
{
    for (int side = 0; side < 2; side++) {
        if (chance_draw(&history->chance, 3) == 0)
            history->world->play.serving[side] =
                (enum duet_serving)chance_draw(&history->chance, DUET_SERVING_LOSES_REQUEST + 1);
    }
    duet_play_begin(&history->world->play);
    for (unsigned rounds = chance_draw(&history->chance, 3); rounds; rounds--)
        duet_play_round(&history->world->play);
    history->conflicts = history->world->play.conflicts;
}

static void step(struct history *history)
{
    struct world *world = history->world;
    uint64_t settled = settled_units(history);
    struct duet_pairs quiet = shown(history);
    history->conflicts = 0;
    unsigned who = chance_draw(&history->chance, 3);
    if (who != 0)
        edit_something(history, S);
    if (who != 1)
        edit_something(history, O);
    struct duet_pairs before = shown(history);
    for (int side = 0; side < 2; side++)
        history->edited[side] = differing(history, side, &quiet, &before) &
                                differing(history, side, &world->play.state->base, &before);
    tell(history, "edited");
    if (history->faults)
        go_wrong(history);
    world->play.serving[S] = world->play.serving[O] = DUET_SERVING_ANSWERS;
    settle(world);
    history->conflicts |= world->play.conflicts;
    tell(history, "settled");
    assert_null(world->play.refused);
    the_base_is_a_pair_that_agrees(history);
    both_sides_agree_or_it_is_said_why_not(history);
    no_edit_is_lost(history, settled, &before);
}

static void live(void **data, bool faults)
{
    for (unsigned i = 0; i < HISTORIES; i++) {
        void *fresh = NULL;
        assert_int_equal(world_start(&fresh), 0);
        struct history history = { .world = fresh,
                                   .chance = { 88172645463325252ULL + i * 7919 },
                                   .story = "" };
        edit(history.world, S, "New", "-");
        edit(history.world, O, "Open", "-");
        settle(history.world);
        history.faults = faults;
        for (unsigned s = 0; s < STEPS; s++) {
            step(&history);
        }
        assert_int_equal(world_stop(&fresh), 0);
    }
    (void)data;
}

static void every_history_keeps_the_laws(void **data)
{
    live(data, false);
}

static void also_when_writes_go_wrong(void **data)
{
    live(data, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_history_keeps_the_laws),
        cmocka_unit_test(also_when_writes_go_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
