/* Which value stands where: slots thought out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "engine/graph/arms.h"
#include "tests/support/graph_case.h"

/* A mapping of one enum pair. */
static struct duet_compilation *compile(const char *left, const char *right, const char *arms)
{
    char text[2048];
    snprintf(
        text, sizeof text,
        "edition 2026;\n"
        "system a \"A\" { record t { key : text at id; s : enum (%s) at s; } }\n"
        "system b \"B\" { record t { key : text at id; o : text at o; s : enum (%s) at s; } }\n"
        "mapping m between a.t as l and b.t as r {\n"
        "  link l.key <-> r.o;\n  first contact l;\n"
        "  field s l.s <-> r.s conflict l { %s }\n"
        "  on l change send s;\n  on r change send s;\n}\n",
        left, right, arms);
    return graph_case_compile(text);
}

static void assert_places(const uint32_t *places, uint32_t count, const uint32_t *expected)
{
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(places[i], expected[i]);
}

static void values_follow_what_they_are_connected_to(void **state)
{
    (void)state;
    struct duet_compilation *compilation =
        compile("A, B, C", "Z, X, Y", "A <-> Y; B -> Y; B <- X; C <-> Z;");
    struct duet_arena *arena = duet_arena_new();
    const struct duet_tables *tables = duet_compilation_tables(compilation, 0);
    struct duet_graph_slots slots = duet_graph_slots(tables, duet_map_row(tables, 0), arena);
    assert_int_equal(slots.slots, 3);
    assert_places(slots.places[DUET_LEFT], 3, (const uint32_t[]){ 0, 2, 4 });
    assert_places(slots.places[DUET_RIGHT], 3, (const uint32_t[]){ 4, 2, 0 });
    assert_places(slots.right_arms, 3, (const uint32_t[]){ 1, 1, 2 });
    duet_arena_free(arena);
    duet_compilation_free(compilation);
}

/* Two against three: in the middle. One against three: beside its equal. */
static void the_smaller_side_stands_in_the_middle(void **state)
{
    (void)state;
    struct duet_compilation *compilation = compile(
        "A, B, C", "U, V, W, X, Y, Z", "A <-> U; A <- V; B -> V; B <- W; C <- X; C <-> Y; C <- Z;");
    struct duet_arena *arena = duet_arena_new();
    const struct duet_tables *tables = duet_compilation_tables(compilation, 0);
    struct duet_graph_slots slots = duet_graph_slots(tables, duet_map_row(tables, 0), arena);
    assert_int_equal(slots.slots, 6);
    assert_places(slots.places[DUET_LEFT], 3, (const uint32_t[]){ 1, 3, 8 });
    assert_places(slots.places[DUET_RIGHT], 6, (const uint32_t[]){ 0, 2, 4, 6, 8, 10 });
    duet_arena_free(arena);
    duet_compilation_free(compilation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_follow_what_they_are_connected_to),
        cmocka_unit_test(the_smaller_side_stands_in_the_middle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
