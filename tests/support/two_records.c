#include "tests/support/two_records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>
#include <cmocka.h>

#define MAPPING "mappings/sentinel-smartsoar.duet"
#define MAX_ROUNDS 6 /* two writing plans, then nothing; lost ones once more: six show a loop */

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

void both_active(struct world *world, const char *verdict)
{
    edit(world, S, "Active", verdict);
    edit(world, O, "In Progress", verdict);
    settle(world);
    expect_writes(world, 0, 0);
}

void both_closed(struct world *world, const char *verdict)
{
    edit(world, S, "Closed", verdict);
    edit(world, O, "Closed", verdict);
    settle(world);
    expect_writes(world, 0, 0);
}

const struct duet_value *value_of(struct world *world, int side, const char *field)
{
    return &world->play.record[side].values[number_of(world, side, field)];
}

void set(struct world *world, int side, const char *field, const char *text)
{
    uint32_t number = number_of(world, side, field);
    json_t *json = text ? json_string(text) : NULL;
    struct duet_value value = duet_value_read(
        &world->rules, duet_side_row(world->rules.tables, (uint32_t)side)->fields + number, json,
        world->arena);
    duet_play_edit(&world->play, (enum duet_side)side, number, &value);
    json_decref(json);
}

void set_list(struct world *world, int side, const char *field, const char *const *items,
              uint32_t count)
{
    const struct duet_value value = { .kind = DUET_VALUE_LIST, .items = items, .count = count };
    duet_play_edit(&world->play, (enum duet_side)side, number_of(world, side, field), &value);
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
            return &world->play.last->moves[u];
    }
    fail_msg("no unit %s", unit);
    return NULL;
}

void settle(struct world *world)
{
    unsigned quiet = 0;
    duet_play_begin(&world->play);
    for (int round = 0; round < MAX_ROUNDS && quiet < 2; round++) {
        duet_play_round(&world->play);
        quiet = duet_changeset_quiet(world->play.last) ? quiet + 1 : 0;
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
    duet_play_init(&world->play, &world->rules, world->arena);
    duet_play_link(&world->play);
    for (int side = 0; side < 2; side++) {
        set(world, side, "severity", "High");
        set(world, side, "title", "t");
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
