/* A second opinion on the prover, which shares none of its shortcuts: mappings at random that it calls sound are lived with. Two records
 * start anywhere, people edit anything that their systems take, and after each edit the engine's rounds must end, with every law kept.
 *
 * What is judged here is written from the laws and knows no component, no abstract value and no image. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "dsl/arena.h"
#include "dsl/compile.h"
#include "dsl/diag.h"
#include "engine/plan/unit.h"
#include "engine/prove/play.h"
#include "engine/prove/proof.h"
#include "tests/support/any_mapping.h"

#ifndef LIVES
#define LIVES 700U /* mappings; more by hand: -DLIVES=100000 */
#endif
#define RECORDS 12U /* pairs of records a mapping */
#define STEPS 10U
#define SEED UINT64_C(88172645463325252)

struct life {
    struct chance chance;
    const char *text; /* the mapping's */
    struct duet_rules rules;
    const struct duet_t_mapping *mapping;
    struct duet_arena *arena;
    struct duet_play play;
    uint64_t asked;    /* units that a plan of this step cleared, or a signal concerned */
    const char *story; /* what happened, told with what went wrong */
};

/* cmocka cuts long messages. */
static void gone_wrong(const struct life *life, const char *unit, const char *what)
{
    fprintf(stderr, "%s\n%s %s:%s\n", life->text, unit, what, life->story);
    fail_msg("%s %s", unit, what);
}

/* --- people ---------------------------------------------------------------------------------------------------- */

static const struct duet_t_side *side_of(const struct life *life, uint32_t side)
{
    return duet_side_row(life->rules.tables, side);
}

static const char *field_name(const struct life *life, uint32_t side, uint32_t number)
{
    return duet_str(life->rules.tables,
                    duet_field_row(life->rules.tables, side_of(life, side)->fields + number)->name);
}

static bool is_for_people(const char *field)
{
    static const char *const own[] = { "key", "modified", "ref" };
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (strcmp(own[i], field) == 0)
            return false;
    }
    return true;
}

static struct duet_value any_value_of(struct life *life, uint32_t side, uint32_t number)
{
    const char *text = any_value(&life->chance, field_name(life, side, number));
    json_t *json = text ? json_string(text) : NULL;
    struct duet_value value =
        duet_value_read(&life->rules, side_of(life, side)->fields + number, json, life->arena);
    json_decref(json);
    return value;
}

/* Some of a record's values, as many as `share` of ten, when its own system takes them all together. */
static void edit(struct life *life, uint32_t side, unsigned share)
{
    uint32_t count = side_of(life, side)->fields_count;
    const struct duet_value *before = life->play.record[side].values;
    struct duet_value *after = duet_arena_alloc_array(life->arena, count + 1U, sizeof *after);
    uint64_t edited = 0;
    for (uint32_t i = 0; i < count; i++) {
        after[i] = before[i];
        if (!is_for_people(field_name(life, side, i)) || chance_draw(&life->chance, 10) >= share)
            continue;
        after[i] = any_value_of(life, side, i);
        edited |= duet_bit(i);
    }
    if (!edited ||
        duet_side_refuses(&life->rules, (enum duet_side)side, before, after, edited, life->arena))
        return;
    for (uint32_t i = 0; i < count; i++) {
        if ((edited & duet_bit(i)) && !duet_value_equal(&before[i], &after[i]))
            duet_play_edit(&life->play, (enum duet_side)side, i, &after[i]);
    }
}

/* A record that its system would have. */
static void be_born(struct life *life, uint32_t side)
{
    for (unsigned tries = 0; tries < 200; tries++) {
        edit(life, side, 10);
        if (!duet_value_missing(&life->play.record[side].values[duet_field_number(
                life->rules.tables, (enum duet_side)side, side_of(life, side)->modified)]))
            return;
    }
    gone_wrong(life, "no record", "is legal");
}

static uint64_t call(struct life *life)
{
    for (uint32_t t = 0; t < life->mapping->triggers_count; t++) {
        const struct duet_t_trigger *trigger =
            duet_trigger_row(life->rules.tables, life->mapping->triggers + t);
        if (trigger->event == DUET_EVENT_SIGNAL && chance_is(&life->chance, 6))
            return duet_bit(t);
    }
    return 0;
}

/* --- what is seen ------------------------------------------------------------------------------------------------ */

static struct duet_pairs shown(const struct life *life)
{
    return duet_pairs_of(&life->rules, life->play.record[DUET_LEFT].values,
                         life->play.record[DUET_RIGHT].values, life->arena);
}

static const char *unit_name(const struct life *life, uint32_t unit)
{
    return duet_str(life->rules.tables,
                    duet_unit_row(life->rules.tables, life->mapping->units + unit)->name);
}

static void tell(struct life *life, const char *what)
{
    const char *text = "";
    for (uint32_t side = 0; side < 2; side++) {
        for (uint32_t i = 0; i < side_of(life, side)->fields_count; i++) {
            if (is_for_people(field_name(life, side, i)))
                text = duet_arena_format(
                    life->arena, "%s %s", text,
                    duet_value_show(
                        life->rules.tables,
                        duet_field_row(life->rules.tables, side_of(life, side)->fields + i),
                        &life->play.record[side].values[i], life->arena));
        }
        text = duet_arena_format(life->arena, "%s |", text);
    }
    life->story = duet_arena_format(life->arena, "%s\n  %-8s%s", life->story, what, text);
}

static void watch(void *data, const struct duet_changeset *changes,
                  const struct duet_result results[2])
{
    struct life *life = data;
    (void)results;
    life->asked |= changes->cleared | changes->clear_due;
}

/* --- laws -------------------------------------------------------------------------------------------------------- */

static bool agrees(const struct life *life, uint32_t unit, const struct duet_pairs *values)
{
    return duet_unit_agrees(&life->rules, unit, values, life->arena);
}

static bool is_edited(const struct life *life, uint32_t unit, uint32_t side,
                      const struct duet_pairs *before, const struct duet_pairs *after)
{
    return !duet_unit_equal(life->rules.tables, unit, (enum duet_side)side, before, after);
}

static bool is_spoken_of(enum duet_decision decision)
{
    return decision == DUET_PENDING || decision == DUET_HELD || decision == DUET_SHOWN ||
           decision == DUET_FROZEN;
}

static void what_differs_is_said(const struct life *life)
{
    struct duet_pairs now = shown(life);
    for (uint32_t u = 0; u < life->mapping->units_count; u++) {
        if (!agrees(life, u, &now) && !is_spoken_of(life->play.last->moves[u].decision))
            gone_wrong(life, unit_name(life, u), "differs and nobody says so");
    }
}

static bool is_sharing(const struct life *life, uint32_t a, uint32_t b)
{
    for (uint32_t s = 0; s < 2; s++) {
        if (duet_unit_fields(life->rules.tables, a, (enum duet_side)s) &
            duet_unit_fields(life->rules.tables, b, (enum duet_side)s))
            return true;
    }
    return false;
}

/* The unit, those that map one of its fields too, and those that map one of theirs. */
static uint64_t family_of(const struct life *life, uint32_t unit)
{
    uint64_t units = duet_bit(unit);
    for (uint32_t step = 0; step < life->mapping->units_count; step++) {
        for (uint32_t u = 0; u < life->mapping->units_count; u++) {
            for (uint32_t v = 0; (units & duet_bit(u)) && v < life->mapping->units_count; v++)
                units |= is_sharing(life, u, v) ? duet_bit(v) : 0;
        }
    }
    return units;
}

/* Before it was edited, all of the family agreed; since then nobody edited the other side. */
static bool is_alone(const struct life *life, uint64_t family, uint32_t side,
                     const struct duet_pairs *quiet, const struct duet_pairs *edited)
{
    for (uint32_t u = 0; u < life->mapping->units_count; u++) {
        if ((family & duet_bit(u)) &&
            (!agrees(life, u, quiet) || is_edited(life, u, 1 - side, quiet, edited)))
            return false;
    }
    return !(life->asked & family);
}

static bool goes_from(const struct life *life, uint32_t unit, uint32_t side)
{
    const struct duet_t_unit *row = duet_unit_row(life->rules.tables, life->mapping->units + unit);
    return duet_pair_row(life->rules.tables, row->pairs)->direction !=
           (side == DUET_LEFT ? DUET_TO_LEFT : DUET_TO_RIGHT);
}

/* An edit of one side alone, of what agreed by every rule that maps it, stands there afterwards; where it is only shown, until the other
 * side has something new. */
static void no_edit_is_lost(const struct life *life, const struct duet_pairs *quiet,
                            const struct duet_pairs *edited)
{
    struct duet_pairs now = shown(life);
    for (uint32_t u = 0; u < life->mapping->units_count; u++) {
        for (uint32_t s = 0; s < 2; s++) {
            if (goes_from(life, u, s) && is_edited(life, u, s, quiet, edited) &&
                is_edited(life, u, s, edited, &now) &&
                is_alone(life, family_of(life, u), s, quiet, edited))
                gone_wrong(life, unit_name(life, u),
                           "was edited on one side alone and is overwritten");
        }
    }
}

/* --- lives ------------------------------------------------------------------------------------------------------- */

static void settle(struct life *life)
{
    unsigned plans = 0;
    life->asked = 0;
    duet_play_begin(&life->play);
    for (unsigned quiet = 0; quiet < 2; plans++) {
        if (plans > 2 + quiet)
            gone_wrong(life, "more than two", "plans write");
        duet_play_round(&life->play);
        quiet = duet_changeset_quiet(life->play.last) ? quiet + 1 : 0;
    }
    tell(life, "settled");
    if (life->play.refused)
        gone_wrong(life, "a write is refused:", life->play.refused);
    what_differs_is_said(life);
}

static void step(struct life *life)
{
    struct duet_pairs quiet = shown(life);
    unsigned who = chance_draw(&life->chance, 3);
    if (who != 0)
        edit(life, DUET_LEFT, 1 + chance_draw(&life->chance, 4));
    if (who != 1)
        edit(life, DUET_RIGHT, 1 + chance_draw(&life->chance, 4));
    life->play.signals |= call(life);
    bool is_called = life->play.signals != 0;
    struct duet_pairs edited = shown(life);
    tell(life, is_called ? "called" : "edited");
    settle(life);
    if (!is_called && !strstr(life->text, "lossy"))
        no_edit_is_lost(life, &quiet, &edited);
}

static void live(struct life *life)
{
    duet_play_init(&life->play, &life->rules, life->arena);
    life->play.watcher = (struct duet_play_watcher){ .planned = watch, .data = life };
    life->story = "";
    for (uint32_t side = 0; side < 2; side++)
        be_born(life, side);
    duet_play_link(&life->play);
    tell(life, "born");
    settle(life);
    for (unsigned s = 0; s < STEPS; s++)
        step(life);
}

static bool is_sound(const struct duet_tables *tables, struct duet_arena *arena)
{
    const struct duet_proof *proof = duet_prove(tables, NULL, arena);
    for (size_t i = 0; i < proof->count; i++) {
        if (proof->parts[i].refused)
            return false;
        for (uint32_t law = 0; law < DUET_LAWS; law++) {
            if (proof->parts[i].broken[law])
                return false;
        }
    }
    return true;
}

/* False: it has findings. */
static bool live_with(uint64_t seed)
{
    struct life life = { .chance = { seed } };
    struct duet_compilation *compilation = NULL;
    for (unsigned i = 0; i < 10; i++)
        (void)chance_draw(&life.chance, 2);
    char *text = any_mapping(&life.chance);
    life.text = text;
    assert_int_equal(duet_compile_text("any.duet", text, strlen(text), &compilation), DUET_OK);
    const struct duet_tables *tables = duet_compilation_tables(compilation, 0);
    life.arena = duet_arena_new();
    bool is = tables && duet_diags_errors(duet_compilation_diags(compilation)) == 0 &&
              is_sound(tables, life.arena);
    life.rules.tables = tables;
    life.mapping = is ? duet_mapping(tables) : NULL;
    for (unsigned r = 0; is && r < RECORDS; r++) {
        duet_arena_clear(life.arena);
        live(&life);
    }
    duet_arena_free(life.arena);
    duet_compilation_free(compilation);
    free(text);
    return is;
}

static void what_is_proved_holds_of_lives(void **state)
{
    (void)state;
    unsigned sound = 0;
    for (unsigned i = 0; i < LIVES; i++)
        sound += live_with(SEED + i * 7919U) ? 1 : 0;
    printf("%u of %u mappings are sound\n", sound, LIVES);
    assert_in_range(sound, LIVES / 30, LIVES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_proved_holds_of_lives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
