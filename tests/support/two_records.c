#include "tests/support/two_records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>
#include <cmocka.h>

#define MAPPING "mappings/sentinel-smartsoar.duet"
#define MAX_ROUNDS 6 /* two writing plans, then nothing: six show a loop */

/* --- records and people ------------------------------------------------------------------------------- */

static uint32_t number_of(struct world *world, int side, const char *name)
{
    const struct duet_t_side *row = duet_side_row(world->rules.tables, (uint32_t)side);
    for (uint32_t i = 0; i < row->fields_count; i++) {
        const struct duet_t_field *field = duet_field_row(world->rules.tables, row->fields + i);
        if (strcmp(duet_str(world->rules.tables, field->name), name) == 0)
            return i;
    }
    fail_msg("no field %s", name);
    return 0;
}

const struct duet_value *value_of(struct world *world, int side, const char *field)
{
    return &world->record[side].values[number_of(world, side, field)];
}

void set(struct world *world, int side, const char *field, const char *text)
{
    uint32_t number = number_of(world, side, field);
    json_t *json = text ? json_string(text) : NULL;
    world->record[side].values[number] = duet_value_read(
        &world->rules, duet_side_row(world->rules.tables, (uint32_t)side)->fields + number, json,
        world->arena);
    json_decref(json);
}

void set_list(struct world *world, int side, const char *field, const char *const *items,
              uint32_t count)
{
    world->record[side].values[number_of(world, side, field)] =
        (struct duet_value){ .kind = DUET_VALUE_LIST, .items = items, .count = count };
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

void edit(struct world *world, int side, const char *status, const char *verdict)
{
    if (status)
        set(world, side, "status", status);
    if (verdict)
        set_verdict(world, side, verdict);
}

const char *status_of(struct world *world, int side)
{
    return value_of(world, side, "status")->text;
}

const char *verdict_of(struct world *world, int side)
{
    const struct duet_value *class_of =
        value_of(world, side, side == S ? "classification" : "form.classification");
    const struct duet_value *reason = value_of(world, side, side == S ? "reason" : "form.reason");
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

const struct duet_move *move_of(struct world *world, const char *unit)
{
    const struct duet_t_mapping *mapping = duet_mapping(world->rules.tables);
    for (uint32_t u = 0; u < mapping->units_count; u++) {
        const struct duet_t_unit *row = duet_unit_row(world->rules.tables, mapping->units + u);
        if (strcmp(duet_str(world->rules.tables, row->name), unit) == 0)
            return &world->last->moves[u];
    }
    fail_msg("no unit %s", unit);
    return NULL;
}

/* --- servers ------------------------------------------------------------------------------------------- */

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
}

static struct duet_result write_to(struct world *world, enum duet_side target)
{
    struct duet_result result = { .taken = DUET_NOT_WRITTEN, .sent_at = ++world->now };
    enum serving serving = world->serving[target];
    if (!world->last->fields[target])
        return result;
    world->serving[target] = ANSWERS;
    world->writes[target]++;
    if (serving == ANSWERS || serving == SAYS_YES || serving == LOSES_REPLY)
        serve(world, (int)target);
    switch (serving) {
    case ANSWERS:
        result.taken = DUET_TAKEN;
        result.shows = &world->record[target];
        break;
    case SAYS_YES:
    case PRETENDS:
        result.taken = DUET_TAKEN;
        break;
    case TURNS_DOWN:
        result.taken = DUET_REFUSED;
        result.sentence = "the server says no";
        break;
    case LOSES_REPLY:
    case LOSES_REQUEST:
        result.taken = DUET_LOST;
        break;
    }
    return result;
}

/* --- the loop ------------------------------------------------------------------------------------------ */

/* As the store keeps it. */
static void keep_state(struct world *world)
{
    json_t *json = duet_state_to_json(&world->rules, world->state);
    assert_int_equal(duet_state_from_json(&world->rules, json, world->arena, &world->state),
                     DUET_OK);
    json_decref(json);
}

void plan_once(struct world *world)
{
    const struct duet_record *const record[2] = { &world->record[S], &world->record[O] };
    const int64_t read_at[2] = { world->now + 1, world->now + 1 };
    world->now++;
    assert_true(duet_state_settle(&world->rules, world->state, record, read_at, world->arena));
    struct duet_plan_input input = { .rules = &world->rules,
                                     .record = { record[S], record[O] },
                                     .state = world->state,
                                     .signals = world->signals };
    world->last = duet_plan(&input, world->arena);
    for (uint32_t u = 0; u < duet_mapping(world->rules.tables)->units_count; u++)
        world->conflict |=
            world->last->moves[u].conflict && world->last->moves[u].decision == DUET_MOVES;
    struct duet_result results[2] = { { .taken = DUET_NOT_WRITTEN },
                                      { .taken = DUET_NOT_WRITTEN } };
    enum duet_side first = world->last->first;
    results[first] = write_to(world, first);
    if (duet_plan_goes_on(&world->rules, world->last, &results[first], world->arena))
        results[duet_other(first)] = write_to(world, duet_other(first));
    world->state = duet_plan_record(&world->rules, world->last, results, world->arena);
    bool refused = results[S].taken == DUET_REFUSED || results[O].taken == DUET_REFUSED;
    if (!refused)
        world->signals &= ~world->last->signals_done;
    keep_state(world);
}

void settle(struct world *world)
{
    unsigned quiet = 0;
    world->writes[S] = world->writes[O] = 0;
    world->conflict = false;
    for (int round = 0; round < MAX_ROUNDS && quiet < 2; round++) {
        plan_once(world);
        quiet = duet_changeset_quiet(world->last) ? quiet + 1 : 0;
    }
    if (quiet < 2)
        fail_msg("not quiet after %d plans", MAX_ROUNDS);
}

/* --- the world ------------------------------------------------------------------------------------------ */

int world_start(void **data)
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

int world_stop(void **data)
{
    struct world *world = *data;
    duet_compilation_free(world->compilation);
    duet_arena_free(world->arena);
    test_free(world);
    return 0;
}
