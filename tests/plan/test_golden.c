/* The golden cases G1 to G12 of the reconciling rules: the shipped mapping, two records, people who edit, the planner until quiet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>
#include <cmocka.h>

#include "dsl/compile.h"
#include "engine/plan/plan.h"

#define MAPPING DUET_SOURCE_DIR "/mappings/sentinel-smartsoar.duet"
#define MAX_ROUNDS 6 /* two writing plans, then nothing: six show a loop */

enum { S = DUET_LEFT, O = DUET_RIGHT };

struct world {
    struct duet_compilation *compilation;
    struct duet_rules rules;
    struct duet_arena *arena;
    struct duet_record record[2];
    struct duet_state *state;
    struct duet_changeset *last;
    unsigned writes[2];
    bool keeps_omitted; /* the left server keeps what a write leaves out */
    bool conflict, silent;
};

static uint32_t number_of(struct world *world, int side, const char *name)
{
    const struct duet_t_side *row = duet_side_row(world->rules.tables, (uint32_t)side);
    for (uint32_t i = 0; i < row->fields_count; i++) {
        if (strcmp(duet_str(world->rules.tables,
                            duet_field_row(world->rules.tables, row->fields + i)->name),
                   name) == 0)
            return i;
    }
    fail_msg("no field %s", name);
    return 0;
}

static void set(struct world *world, int side, const char *name, const char *text)
{
    uint32_t number = number_of(world, side, name);
    json_t *json = text ? json_string(text) : NULL;
    world->record[side].values[number] = duet_value_read(
        &world->rules, duet_side_row(world->rules.tables, (uint32_t)side)->fields + number, json,
        world->arena);
    json_decref(json);
}

/* "TP.SA" and so on; "-" for none. */
static void set_verdict(struct world *world, int side, const char *verdict)
{
    static const struct {
        const char *shortly, *classification, *reason;
    } verdicts[] = {
        { "-", NULL, NULL },
        { "TP.SA", "TruePositive", "SuspiciousActivity" },
        { "BP.SBE", "BenignPositive", "SuspiciousButExpected" },
        { "FP.IAL", "FalsePositive", "IncorrectAlertLogic" },
        { "FP.ID", "FalsePositive", "InaccurateData" },
        { "TP.ID", "TruePositive", "InaccurateData" },
    };
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
        if (strcmp(verdicts[i].shortly, verdict) != 0)
            continue;
        set(world, side, side == S ? "classification" : "form.classification",
            verdicts[i].classification);
        set(world, side, side == S ? "reason" : "form.reason", verdicts[i].reason);
        return;
    }
    fail_msg("no verdict %s", verdict);
}

static void edit(struct world *world, int side, const char *status, const char *verdict)
{
    if (status)
        set(world, side, "status", status);
    if (verdict)
        set_verdict(world, side, verdict);
}

/* The server takes the write; one that keeps omitted fields can't lose a value. */
static void serve(struct world *world, int side)
{
    uint32_t count = duet_side_row(world->rules.tables, (uint32_t)side)->fields_count;
    struct duet_value *values = duet_arena_alloc_array(world->arena, count, sizeof *values);
    for (uint32_t i = 0; i < count; i++) {
        values[i] = world->last->after[side][i];
        if (world->keeps_omitted && side == S && duet_value_missing(&values[i]))
            values[i] = world->record[side].values[i];
    }
    world->record[side].values = values;
    world->writes[side]++;
}

static void write_one(struct world *world, struct duet_result results[2], enum duet_side target)
{
    if (!world->last->fields[target])
        return;
    bool other_taken = results[duet_other(target)].taken == DUET_TAKEN;
    if (world->last->ordered && target != world->last->first &&
        world->last->fields[world->last->first]) {
        uint32_t number =
            number_of(world, (int)world->last->first,
                      (int)world->last->first == S ? "classification" : "form.classification");
        bool emptied = !(world->last->cleared && world->keeps_omitted) ||
                       duet_value_missing(&world->record[world->last->first].values[number]);
        if (!other_taken || !emptied)
            return;
    }
    serve(world, (int)target);
    results[target] = (struct duet_result){ .taken = DUET_TAKEN, .shows = &world->record[target] };
}

static void settle(struct world *world)
{
    world->writes[S] = world->writes[O] = 0;
    world->conflict = false;
    for (int round = 0; round < MAX_ROUNDS; round++) {
        struct duet_plan_input input = { .rules = &world->rules,
                                         .record = { &world->record[S], &world->record[O] },
                                         .state = world->state };
        world->last = duet_plan(&input, world->arena);
        struct duet_result results[2] = { { .taken = DUET_NOT_WRITTEN },
                                          { .taken = DUET_NOT_WRITTEN } };
        for (uint32_t u = 0; u < duet_mapping(world->rules.tables)->units_count; u++)
            world->conflict |=
                world->last->moves[u].conflict && world->last->moves[u].decision == DUET_MOVES;
        write_one(world, results, world->last->first);
        write_one(world, results, duet_other(world->last->first));
        bool quiet = duet_changeset_quiet(world->last);
        world->state = duet_plan_record(&world->rules, world->last, results, world->arena);
        if (quiet && round > 0)
            return;
    }
    fail_msg("not quiet after %d plans", MAX_ROUNDS);
}

static const char *status_of(struct world *world, int side)
{
    return world->record[side].values[number_of(world, side, "status")].text;
}

static const char *verdict_of(struct world *world, int side)
{
    const struct duet_value *class_of =
        &world->record[side]
             .values[number_of(world, side, side == S ? "classification" : "form.classification")];
    const struct duet_value *reason =
        &world->record[side].values[number_of(world, side, side == S ? "reason" : "form.reason")];
    if (duet_value_missing(class_of) && duet_value_missing(reason))
        return "-";
    char shortly[8] = { 0 };
    size_t used = 0;
    const char *texts[] = { class_of->text ? class_of->text : "",
                            reason->text ? reason->text : "" };
    for (size_t i = 0; i < 2; i++) {
        for (const char *c = texts[i]; *c && used < sizeof shortly - 2; c++) {
            if (*c >= 'A' && *c <= 'Z')
                shortly[used++] = *c;
        }
        if (i == 0)
            shortly[used++] = '.';
    }
    return duet_arena_format(world->arena, "%s", shortly);
}

#define expect(world, s_status, s_verdict, o_status, o_verdict)                                    \
    do {                                                                                           \
        assert_string_equal(status_of(world, S), s_status);                                        \
        assert_string_equal(verdict_of(world, S), s_verdict);                                      \
        assert_string_equal(status_of(world, O), o_status);                                        \
        assert_string_equal(verdict_of(world, O), o_verdict);                                      \
    } while (0)

#define expect_writes(world, to_s, to_o)                                                           \
    do {                                                                                           \
        assert_int_equal((world)->writes[S], to_s);                                                \
        assert_int_equal((world)->writes[O], to_o);                                                \
    } while (0)

static enum duet_decision decision(struct world *world, const char *unit)
{
    const struct duet_t_mapping *mapping = duet_mapping(world->rules.tables);
    for (uint32_t u = 0; u < mapping->units_count; u++) {
        if (strcmp(duet_str(world->rules.tables,
                            duet_unit_row(world->rules.tables, mapping->units + u)->name),
                   unit) == 0)
            return world->last->moves[u].decision;
    }
    fail_msg("no unit %s", unit);
    return DUET_NOTHING;
}

static int start(void **data)
{
    struct world *world = test_calloc(1, sizeof *world);
    assert_int_equal(duet_compile_file(MAPPING, &world->compilation), DUET_OK);
    world->rules.tables = duet_compilation_tables(world->compilation, 0);
    assert_non_null(world->rules.tables);
    world->arena = duet_arena_new();
    world->state = duet_state_new(&world->rules, world->arena);
    for (uint32_t side = 0; side < 2; side++) {
        uint32_t count = duet_side_row(world->rules.tables, side)->fields_count;
        world->record[side].values =
            duet_arena_alloc_array(world->arena, count, sizeof *world->record[side].values);
        set(world, (int)side, "severity", "High");
        set(world, (int)side, "title", "t");
    }
    *data = world;
    return 0;
}

static int stop(void **data)
{
    struct world *world = *data;
    duet_compilation_free(world->compilation);
    duet_arena_free(world->arena);
    test_free(world);
    return 0;
}

static void both_active(struct world *world, const char *verdict)
{
    edit(world, S, "Active", verdict);
    edit(world, O, "In Progress", verdict);
    settle(world);
    expect_writes(world, 0, 0);
}

static void both_closed(struct world *world, const char *verdict)
{
    edit(world, S, "Closed", verdict);
    edit(world, O, "Closed", verdict);
    settle(world);
    expect_writes(world, 0, 0);
}

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
    assert_int_equal(decision(world, "status"), DUET_HELD);
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
    assert_int_equal(decision(world, "status"), DUET_HELD);
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
    assert_int_equal(decision(world, "status"), DUET_HELD);
    edit(world, S, "Closed", "BP.SBE");
    settle(world);
    expect(world, "Closed", "BP.SBE", "Closed", "TP.ID");
    assert_int_equal(decision(world, "verdict"), DUET_HELD);
    edit(world, O, NULL, "TP.SA");
    settle(world);
    expect(world, "Closed", "TP.SA", "Closed", "TP.SA");
    assert_true(world->conflict);
}

static void g6_a_correction_beside_a_reopen_stays_pending(void **data)
{
    struct world *world = *data;
    both_closed(world, "TP.SA");
    edit(world, S, "Active", NULL);
    edit(world, O, NULL, "BP.SBE");
    settle(world);
    expect(world, "Active", "TP.SA", "In Progress", "BP.SBE");
    assert_int_equal(decision(world, "verdict"), DUET_PENDING);
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
    assert_true(world->conflict);
}

static void g8_an_edit_beside_a_reopen_survives_the_clear(void **data)
{
    struct world *world = *data;
    both_closed(world, "TP.SA");
    edit(world, O, "Open", "BP.SBE");
    settle(world);
    expect(world, "New", "-", "Open", "BP.SBE");
    assert_int_equal(decision(world, "verdict"), DUET_PENDING);
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
    assert_int_equal(decision(world, "verdict"), DUET_PENDING);
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
    world->record[S].values[number_of(world, S, "labels")] =
        (struct duet_value){ .kind = DUET_VALUE_LIST, .items = labels, .count = 1 };
    settle(world);
    expect_writes(world, 0, 0);
    edit(world, O, "Closed", "TP.SA");
    settle(world);
    expect_writes(world, 0, 0);
    assert_int_equal(decision(world, "status"), DUET_FROZEN);
}

static void g11_an_emptied_verdict_holds_the_close(void **data)
{
    struct world *world = *data;
    both_active(world, "TP.SA");
    edit(world, S, NULL, "-");
    edit(world, O, "Closed", NULL);
    settle(world);
    expect(world, "Active", "-", "Closed", "-");
    assert_int_equal(decision(world, "status"), DUET_HELD);
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
    world->keeps_omitted = true;
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
#define GOLDEN(name) cmocka_unit_test_setup_teardown(name, start, stop)
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
