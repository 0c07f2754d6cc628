/* Triples that are images of each other fare alike: the prover runs one of them. Here all are run, and compared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "engine/prove/space.h"
#include "tests/support/proved.h"

#define ALL "on a change send all; on b change send all;"
#define STATUS "status : enum (New, Active, Closed) at st required; "
#define CLOSED "closed when status == Closed;"
#define STATUS_RULE "field status a.status <-> b.status conflict a;\n"

/* What a plan makes of a triple, in words that an image shares. */
struct fate {
    struct duet_move moves[64];
    uint64_t sent[2], cleared; /* of the core */
    bool writes[2];
    uint32_t leads; /* to the first of that triple's images; DUET_NONE: not in the space */
    bool refused;
};

static struct duet_result take(const struct duet_space *space, const struct duet_changeset *changes,
                               enum duet_side side, const struct duet_record *before,
                               struct duet_record *shows, struct duet_arena *arena)
{
    struct duet_result result = { .taken = DUET_NOT_WRITTEN };
    if (!changes->fields[side])
        return result;
    result.sent_at = 1;
    result.taken = DUET_REFUSED;
    if (duet_side_refuses(space->rules, side, before->values, changes->after[side],
                          changes->fields[side], arena))
        return result;
    *shows = *before;
    shows->values = changes->after[side];
    result.taken = DUET_TAKEN;
    result.shows = shows;
    return result;
}

static struct fate fate_of(const struct duet_space *space, uint32_t number,
                           struct duet_arena *arena)
{
    struct duet_triple triple = duet_space_triple(space, number);
    struct duet_record shows[2];
    struct duet_result results[2];
    struct fate fate = { .leads = DUET_NONE };
    struct duet_plan_input input = { .rules = space->rules,
                                     .state = space->states[triple.base],
                                     .still = duet_space_still(space) };
    for (uint32_t s = 0; s < 2; s++)
        input.record[s] = &space->side[s].records[triple.record[s]];
    const struct duet_changeset *changes = duet_plan(&input, arena);
    for (uint32_t u = 0; u < duet_mapping(space->rules->tables)->units_count; u++) {
        if (!(space->component.core & duet_bit(u)))
            continue;
        fate.moves[u] = changes->moves[u];
        fate.moves[u].sentence = changes->moves[u].sentence ? "held" : NULL;
    }
    for (uint32_t s = 0; s < 2; s++) {
        enum duet_side side = (enum duet_side)s;
        results[s] = take(space, changes, side, input.record[s], &shows[s], arena);
        fate.sent[s] = changes->sent[s] & space->component.core;
        fate.writes[s] = changes->fields[s] != 0;
        fate.refused = fate.refused || results[s].taken == DUET_REFUSED;
        triple.record[s] = duet_space_record(space, side, changes->after[s]);
    }
    fate.cleared = changes->cleared & space->component.core;
    triple.base = duet_space_base(space, duet_plan_record(space->rules, changes, results, arena));
    if (triple.record[0] != DUET_NONE && triple.record[1] != DUET_NONE && triple.base != DUET_NONE)
        fate.leads = duet_space_first(space, triple);
    return fate;
}

static bool is_same_fate(const struct fate *a, const struct fate *b)
{
    bool same = a->leads == b->leads && a->refused == b->refused && a->cleared == b->cleared;
    for (uint32_t s = 0; s < 2; s++)
        same = same && a->sent[s] == b->sent[s] && a->writes[s] == b->writes[s];
    for (uint32_t u = 0; u < 64; u++)
        same = same && a->moves[u].decision == b->moves[u].decision &&
               a->moves[u].from == b->moves[u].from &&
               a->moves[u].conflict == b->moves[u].conflict &&
               a->moves[u].clear == b->moves[u].clear && a->moves[u].trigger == b->moves[u].trigger;
    return same;
}

/* Every `step`th triple; how many are images of another is returned. */
static uint32_t compare_space(const struct duet_space *space, uint32_t step)
{
    struct duet_arena *arena = duet_arena_new();
    uint32_t images = 0;
    assert_null(space->refused);
    for (uint32_t t = 0; t < space->triple_count; t += step) {
        uint32_t first = duet_space_first(space, duet_space_triple(space, t));
        assert_int_equal(duet_space_first(space, duet_space_triple(space, first)), first);
        if (first == t)
            continue;
        struct fate own = fate_of(space, t, arena);
        struct fate of_first = fate_of(space, first, arena);
        if (!is_same_fate(&own, &of_first))
            fail_msg("triple %u isn't like %u, which stands for it: leads to %u and %u", t, first,
                     own.leads, of_first.leads);
        images++;
        duet_arena_clear(arena);
    }
    duet_arena_free(arena);
    return images;
}

static uint32_t compare(const struct proved *proved, uint32_t step)
{
    const struct duet_tables *tables = duet_compilation_tables(proved->compilation, 0);
    struct duet_persons *persons = duet_domain_persons(tables);
    struct duet_rules rules = duet_domain_rules(tables, persons, proved->arena);
    size_t count = 0;
    const struct duet_component *components = duet_components(&rules, proved->arena, &count);
    uint32_t images = 0;
    for (size_t i = 0; i < count; i++)
        images += compare_space(duet_space_new(&rules, &components[i], proved->arena), step);
    duet_persons_free(persons);
    return images;
}

static uint32_t compare_rules(const char *left, const char *right, const char *rules)
{
    struct proved proved = prove_rules(left, right, rules);
    uint32_t images = compare(&proved, 1);
    finish_proof(&proved);
    return images;
}

/* --- cases ---------------------------------------------------------------------------------------------------- */

/* Of b = none and one text, of three, there are 5 kinds of pairs with no base; with a base, b empty or not: 15 kinds of triples. */
static void texts_change_places(void **state)
{
    (void)state;
    struct proved proved =
        prove_rules("x : text at x;", "x : text at x;", "field x a.x <-> b.x conflict a;\n" ALL);
    assert_int_equal(part_of(&proved, "x")->triples, 3 * 3 * 4);
    assert_int_equal(part_of(&proved, "x")->run, 5 + 14); /* a third text isn't needed */
    assert_int_equal(compare(&proved, 1), 36 - 19);
    finish_proof(&proved);
}

static void what_a_rule_can_tell_stays(void **state)
{
    (void)state;
    assert_int_equal(compare_rules("e : enum (A, B) at e; closed when e == B;",
                                   "e : enum (A, B) at e;",
                                   "field e a.e <-> b.e conflict a;\n" ALL),
                     0);
    assert_int_equal(compare_rules("e : ordered enum (A, B) at e;", "e : ordered enum (A, B) at e;",
                                   "field e a.e <-> b.e conflict highest;\n" ALL),
                     0);
    assert_int_equal(compare_rules("e : enum (A, B) at e;", "e : enum (A, B) at e;",
                                   "field e a.e <-> b.e conflict a;\n"
                                   "on a change send all; on b change send all when b.e != A;"),
                     0);
    assert_int_equal(
        compare_rules("e : enum (A, B) at e;", "e : enum (A, B, C) at e;",
                      "field e a.e <-> b.e conflict a { A <-> A; B <-> B; B <- C; }\n" ALL),
        0);
}

static void values_of_a_kind_change_places_beside_a_status(void **state)
{
    (void)state;
    assert_int_not_equal(
        compare_rules(STATUS "v : enum (P, Q, R) at v required when closed;\n" CLOSED,
                      STATUS "v : enum (P, Q, R) at v;\n" CLOSED,
                      STATUS_RULE
                      "field v a.v <-> b.v conflict b;\n"
                      "on a change send all; on b close send all; on b move send status;"
                      "on b reopen send status; on b reopen clear v;"),
        0);
}

static void groups_change_places_as_one(void **state)
{
    (void)state;
    static const char fields[] =
        STATUS "v : enum (P, Q) at v required when closed;\n"
               "w : enum by v at w required when closed { P : P1, P2; Q : Q1; }\n"
               "c : text at c;\n" CLOSED;
    assert_int_not_equal(
        compare_rules(fields, fields,
                      STATUS_RULE "group g conflict b { field v a.v <-> b.v; field w a.w <-> b.w; "
                                  "field c a.c <-> b.c; }\n"
                                  "on a change send all; on b close send status, g; on b move send "
                                  "status; on b reopen send status; on b reopen clear g;"),
        0);
}

static void a_field_of_two_rules_stays(void **state)
{
    (void)state;
    assert_int_equal(compare_rules("x : text at x;", "x : text at x; y : text at y;",
                                   "field x a.x <-> b.x conflict b;\nfield y a.x -> b.y;\n" ALL),
                     0);
}

/* Only whether b's status is New, now and after the plan, counts for o; x decides what it will be after two plans. */
static void what_stands_beside_is_seen_through_what_is_read(void **state)
{
    (void)state;
    assert_int_not_equal(compare_rules(STATUS "o : boolean at o;" CLOSED,
                                       STATUS "o : boolean at o;" CLOSED,
                                       STATUS_RULE "field o a.o <-> b.o conflict b;\n"
                                                   "on a change send all; on b change send status;"
                                                   "on b change send o when b.status != New;"),
                         0);
    assert_int_not_equal(
        compare_rules(STATUS "o : boolean at o; x : enum (No, Go) at x;" CLOSED,
                      STATUS "o : boolean at o; x : enum (No, Go) at x;" CLOSED,
                      STATUS_RULE "field o a.o <-> b.o conflict b;\n"
                                  "field x a.x <-> b.x conflict a;\n"
                                  "on a change send x, o; on a change send status when a.x == Go;"
                                  "on b change send x, status;"
                                  "on b change send o when b.status != New;"),
        0);
}

static uint32_t states_run(const char *statuses, const char *condition)
{
    char fields[256];
    char rules[512];
    (void)snprintf(
        fields, sizeof fields,
        "status : enum (%s) at st required; o : boolean at o; closed when status == Closed;",
        statuses);
    (void)snprintf(rules, sizeof rules,
                   STATUS_RULE "field o a.o <-> b.o conflict b;\n"
                               "on a change send all; on b change send status;"
                               "on b change send o when %s;",
                   condition);
    struct proved proved = prove_rules(fields, fields, rules);
    uint32_t run = part_of(&proved, "o")->run;
    assert_int_not_equal(compare(&proved, 1), 0);
    finish_proof(&proved);
    return run;
}

/* A fourth status adds no state where o's condition can't tell it from another, and does where it can. */
static void what_no_condition_tells_apart_is_one(void **state)
{
    (void)state;
    static const char three[] = "New, Active, Closed";
    static const char four[] = "New, Active, Waiting, Closed";
    static const char *const alike[] = {
        "b.status != New",
        "not (b.status == New)",
        "b.status in (Active, Waiting, Closed)",
        "b.status == New or not (b.status in (New))",
    };
    uint32_t run = states_run(three, "b.status != New");
    for (size_t i = 0; i < sizeof alike / sizeof alike[0]; i++)
        assert_int_equal(states_run(four, alike[i]), run);
    static const char *const apart[] = {
        "b.status in (Active, Closed)",
        "b.status != New and b.status != Waiting",
        "b.status != New and not b.closed",
        "b.status changed",
        "b.status was New",
    };
    for (size_t i = 0; i < sizeof apart / sizeof apart[0]; i++)
        assert_true(states_run(four, apart[i]) > run);
}

static void fields_that_are_compared_with_each_other_count_whole(void **state)
{
    (void)state;
    static const char fields[] = "x : text at x; y : text at y; o : boolean at o;";
    static const char *const conditions[] = { "b.x == b.y", "b.x != b.y and b.x == \"q\"",
                                              "a.x contains b.y" };
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++) {
        char rules[512];
        (void)snprintf(rules, sizeof rules,
                       "field x a.x <-> b.x conflict a;\nfield y a.y <-> b.y conflict b;\n"
                       "field o a.o <-> b.o conflict b;\n"
                       "on a change send all; on b change send x, y; on b change send o when %s;",
                       conditions[i]);
        struct proved proved = prove_rules(fields, fields, rules);
        assert_int_not_equal(compare(&proved, 13), 0);
        finish_proof(&proved);
    }
}

static void unknown_values_stay(void **state)
{
    (void)state;
    assert_int_not_equal(compare_rules("e : enum (A, B) at e;", "e : enum (A, B) at e;",
                                       "field e a.e <-> b.e unknown keep conflict a;\n" ALL),
                         0);
    assert_int_equal(compare_rules("e : enum (A, Other) at e;", "e : enum (A, Other) at e;",
                                   "field e a.e <-> b.e unknown Other conflict a;\n" ALL),
                     0);
}

static void legal_moves_can_be_told(void **state)
{
    (void)state;
    assert_int_equal(compare_rules("e : enum (A, B, C) at e; moves e { A -> B; B -> C; }",
                                   "e : enum (A, B, C) at e;",
                                   "field e a.e <-> b.e conflict a;\n" ALL),
                     0);
}

static void the_shipped_mapping(void **state)
{
    (void)state;
    struct duet_compilation *compilation = NULL;
    assert_int_equal(duet_compile_file("mappings/sentinel-smartsoar.duet", &compilation), DUET_OK);
    struct proved proved = { .compilation = compilation, .arena = duet_arena_new() };
    assert_int_not_equal(compare(&proved, 97), 0);
    finish_proof(&proved);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_change_places),
        cmocka_unit_test(what_a_rule_can_tell_stays),
        cmocka_unit_test(values_of_a_kind_change_places_beside_a_status),
        cmocka_unit_test(groups_change_places_as_one),
        cmocka_unit_test(a_field_of_two_rules_stays),
        cmocka_unit_test(what_stands_beside_is_seen_through_what_is_read),
        cmocka_unit_test(what_no_condition_tells_apart_is_one),
        cmocka_unit_test(fields_that_are_compared_with_each_other_count_whole),
        cmocka_unit_test(unknown_values_stay),
        cmocka_unit_test(legal_moves_can_be_told),
        cmocka_unit_test(the_shipped_mapping),
    };
    return cmocka_run_group_tests_name("prove: symmetry", tests, NULL, NULL);
}
