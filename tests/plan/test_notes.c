/* Which triggers let a side's new notes go over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/compile.h"
#include "engine/plan/plan.h"

#define MAPPING(arrow, triggers)                                                                   \
    "edition 2026;\n"                                                                              \
    "system desk {\n"                                                                              \
    "  settings { site : url; }\n"                                                                 \
    "  record ticket { key : text at id; state : enum (Open, Closed) at state; level : enum "      \
    "(Low, "                                                                                       \
    "High) at level;\n"                                                                            \
    "    closed when state == Closed;\n"                                                           \
    "    notes : notes at notes { text : text at text; } }\n"                                      \
    "  http { base \"{site}\";\n"                                                                  \
    "    changed ticket GET \"/t\" { items rows; }\n"                                              \
    "    write ticket PUT \"/t/{key}\" { body changed; }\n"                                        \
    "    add note POST \"/t/{key}/notes\" { body { text: note.text } } }\n"                        \
    "}\n"                                                                                          \
    "mapping both between desk.ticket as left and desk.ticket as right {\n"                        \
    "  link left.key <-> right.key;\n"                                                             \
    "  first contact left;\n"                                                                      \
    "  field state left.state <-> right.state conflict left;\n"                                    \
    "  field level left.level <-> right.level conflict left;\n"                                    \
    "  notes left.notes " arrow " right.notes;\n"                                                  \
    "  on left change send state, level;\n"                                                        \
    "  on right change send state, level;\n" triggers "}\n"

struct released {
    bool left, right;
};

/* Both sides agreed on `base`; now they show what is given. `signals`: bits of triggers. */
static struct released plan(const char *triggers, const char *base, const char *left,
                            const char *right, uint64_t signals)
{
    struct duet_compilation *compilation = NULL;
    assert_int_equal(duet_compile_text("notes.duet", triggers, strlen(triggers), &compilation),
                     DUET_OK);
    struct duet_rules rules = { .tables = duet_compilation_tables(compilation, 0) };
    assert_non_null(rules.tables);
    struct duet_arena *arena = duet_arena_new();
    struct duet_record records[2], agreed[2];
    struct duet_error error = { "" };
    const char *const texts[] = { left, right };
    for (int side = 0; side < 2; side++) {
        assert_int_equal(duet_record_read(&rules, (enum duet_side)side, texts[side],
                                          strlen(texts[side]), arena, &records[side], &error),
                         DUET_OK);
        assert_int_equal(duet_record_read(&rules, (enum duet_side)side, base, strlen(base), arena,
                                          &agreed[side], &error),
                         DUET_OK);
    }
    struct duet_plan_input input = { .rules = &rules,
                                     .record = { &agreed[0], &agreed[1] },
                                     .state = duet_state_new(&rules, arena) };
    const struct duet_result nothing[2] = { { .taken = DUET_NOT_WRITTEN },
                                            { .taken = DUET_NOT_WRITTEN } };
    input.state = duet_plan_record(&rules, duet_plan(&input, arena), nothing, arena);
    input.record[0] = &records[0];
    input.record[1] = &records[1];
    input.signals = signals;
    const struct duet_changeset *changes = duet_plan(&input, arena);
    const struct released released = { changes->notes_released[DUET_LEFT],
                                       changes->notes_released[DUET_RIGHT] };
    duet_arena_free(arena);
    duet_compilation_free(compilation);
    return released;
}

#define RECORD(state, level) "{\"id\":\"a\",\"state\":\"" state "\",\"level\":\"" level "\"}"
#define OPEN RECORD("Open", "Low")
#define CLOSED RECORD("Closed", "Low")

static void expect(struct released released, bool left, bool right)
{
    assert_int_equal(released.left, left);
    assert_int_equal(released.right, right);
}

static void a_new_note_is_the_change_itself(void **data)
{
    (void)data;
    expect(plan(MAPPING("->", "on left change send notes;"), OPEN, OPEN, OPEN, 0), true, false);
    expect(plan(MAPPING("<-", "on right change send level, notes;"), OPEN, OPEN, OPEN, 0), false,
           true);
}

static void of_a_change_the_condition_counts(void **data)
{
    (void)data;
    const char *mapping = MAPPING("<-", "on right change send notes when right.level == High;");
    expect(plan(mapping, OPEN, OPEN, OPEN, 0), false, false);
    expect(plan(mapping, RECORD("Open", "High"), RECORD("Open", "High"), RECORD("Open", "High"), 0),
           false, true);
}

/* As read the right side is High, and this plan makes it Low. */
static void the_plans_own_writes_count(void **data)
{
    (void)data;
    const char *mapping = MAPPING("<-", "on right change send notes when right.level == High;");
    expect(plan(mapping, RECORD("Open", "High"), RECORD("Open", "Low"), RECORD("Open", "High"), 0),
           false, false);
}

static void other_events_must_hold(void **data)
{
    (void)data;
    const char *mapping = MAPPING("->", "on left close send notes;");
    expect(plan(mapping, OPEN, OPEN, OPEN, 0), false, false);
    expect(plan(mapping, CLOSED, CLOSED, CLOSED, 0), true, false);
    expect(plan(mapping, OPEN, OPEN, CLOSED, 0), false, false); /* closed by this plan: next time */
    mapping = MAPPING("->", "on left reopen send notes;");
    expect(plan(mapping, CLOSED, OPEN, CLOSED, 0), true, false);
    expect(plan(mapping, OPEN, OPEN, OPEN, 0), false, false);
}

static void a_signal_lets_them_go_once_it_is_there(void **data)
{
    (void)data;
    const char *mapping = MAPPING("->", "on left signal \"tell\" send notes;");
    expect(plan(mapping, OPEN, OPEN, OPEN, 0), false, false);
    expect(plan(mapping, OPEN, OPEN, OPEN, 1U << 2), true, false); /* the third trigger */
}

static void fetching_lets_the_other_sides_go(void **data)
{
    (void)data;
    const char *mapping = MAPPING("<-", "on left signal \"get\" fetch all;");
    expect(plan(mapping, OPEN, OPEN, OPEN, 1U << 2), false, true);
    expect(plan(mapping, OPEN, OPEN, OPEN, 0), false, false);
    expect(plan(MAPPING("<-", "on left close fetch notes;"), CLOSED, CLOSED, CLOSED, 0), false,
           true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_note_is_the_change_itself),
        cmocka_unit_test(of_a_change_the_condition_counts),
        cmocka_unit_test(the_plans_own_writes_count),
        cmocka_unit_test(other_events_must_hold),
        cmocka_unit_test(a_signal_lets_them_go_once_it_is_there),
        cmocka_unit_test(fetching_lets_the_other_sides_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
