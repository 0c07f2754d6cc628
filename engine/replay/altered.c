#include "engine/replay/altered.h"

#include <string.h>

#include "engine/replay/altering.h"

static const char *const version_names[] = {
    [DUET_VIEW_OLD] = "the old mapping", [DUET_VIEW_NEW] = "the mapping"
};

static enum duet_status read_record(struct duet_view *view, size_t version, enum duet_side side,
                                    const char *raw, size_t length, struct duet_arena *arena,
                                    struct duet_error *error)
{
    struct duet_error reason = { "" };
    if (!view->rules)
        return DUET_OK;
    enum duet_status status =
        duet_record_read(view->rules, side, raw, length, arena, &view->record[side], &reason);
    return status == DUET_OK ? DUET_OK
                             : duet_fail(error, DUET_INVALID, "%s can't read it: %s",
                                         version_names[version], reason.text);
}

static void views_of(const struct duet_versions *versions, struct duet_view views[DUET_VIEWS])
{
    views[DUET_VIEW_OLD] = (struct duet_view){ .rules = versions->old };
    views[DUET_VIEW_NEW] = (struct duet_view){ .rules = versions->new };
}

/* --- linked records: the base, and both plans -------------------------------------------------------------- */

static const struct duet_changeset *
plan_of(const struct duet_view *view, const struct duet_state *state, struct duet_arena *arena)
{
    const struct duet_plan_input input = { .rules = view->rules,
                                           .record = { &view->record[0], &view->record[1] },
                                           .state = state };
    return duet_plan(&input, arena);
}

/* What is remembered once these records were seen and nothing was written. */
static struct duet_state *settled(const struct duet_view *view, struct duet_state *state,
                                  struct duet_arena *arena)
{
    static const struct duet_result nothing[2] = { { .taken = DUET_NOT_WRITTEN },
                                                   { .taken = DUET_NOT_WRITTEN } };
    return duet_plan_record(view->rules, plan_of(view, state, arena), nothing, arena);
}

/* The state as this version reads it; one that can't be read is met anew, as the engine does. */
static struct duet_state *state_as(const struct duet_rules *rules, json_t *json,
                                   struct duet_arena *arena)
{
    struct duet_state *state = NULL;
    if (!json || duet_state_from_json(rules, json, arena, &state) != DUET_OK)
        state = duet_state_new(rules, arena);
    return state;
}

/* Both plans, from the base that the old version would have. False: a write isn't confirmed yet. */
static bool plan_both(struct duet_view views[DUET_VIEWS], const struct duet_recorded *recorded,
                      struct duet_arena *arena)
{
    bool is_stored = recorded->state && *recorded->state;
    struct duet_view *first = &views[views[DUET_VIEW_OLD].rules ? DUET_VIEW_OLD : DUET_VIEW_NEW];
    json_t *json = is_stored ? json_loads(recorded->state, 0, NULL) : NULL;
    struct duet_state *state = state_as(first->rules, json, arena);
    json_decref(json);
    const struct duet_record *const records[2] = { &first->record[0], &first->record[1] };
    if (!duet_state_settle(first->rules, state, records, recorded->read_at, arena))
        return false;
    if (!is_stored && views[DUET_VIEW_OLD].rules)
        state = settled(first, state, arena);
    first->changes = plan_of(first, state, arena);
    if (first == &views[DUET_VIEW_NEW])
        return true;
    json = duet_state_to_json(first->rules, state);
    struct duet_view *second = &views[DUET_VIEW_NEW];
    second->changes = plan_of(second, state_as(second->rules, json, arena), arena);
    json_decref(json);
    return true;
}

/* --- outcomes ------------------------------------------------------------------------------------------------- */

/* How a unit stands by a plan, for people; NULL: it moves or there is nothing to do. */
static const char *outcome_of(const struct duet_move *move, struct duet_arena *arena)
{
    switch (move->decision) {
    case DUET_NOTHING:
    case DUET_ABSORBED:
    case DUET_MOVES:
        return NULL;
    case DUET_PENDING:
        return "pending: no trigger releases it";
    case DUET_HELD:
        return move->sentence ? duet_arena_format(arena, "held: %s", move->sentence) : "held";
    case DUET_SHOWN:
        return "shown only: the field goes the other way";
    case DUET_FROZEN:
        return "frozen: the record is merged";
    case DUET_EMPTIED:
        return "emptied";
    case DUET_DECISIONS:
        break;
    }
    return NULL;
}

struct outcome {
    const char *text;
    struct duet_replay_place rule;
};

static struct outcome unit_outcome(const struct duet_view *view, const char *name,
                                   struct duet_arena *arena)
{
    struct outcome outcome = { 0 };
    if (!view->rules)
        return outcome;
    const struct duet_tables *tables = view->rules->tables;
    for (uint32_t u = 0; u < duet_mapping(tables)->units_count; u++) {
        const struct duet_t_unit *unit = duet_unit_row(tables, duet_mapping(tables)->units + u);
        if (strcmp(duet_str(tables, unit->name), name) != 0)
            continue;
        outcome.rule = (struct duet_replay_place){ duet_str(tables, unit->file), unit->line };
        outcome.text = outcome_of(&view->changes->moves[u], arena);
    }
    return outcome;
}

static void add_outcome(const char *name, const struct outcome outcomes[DUET_VIEWS],
                        struct duet_alterations *list, struct duet_arena *arena)
{
    if (duet_altered_same(outcomes[DUET_VIEW_OLD].text, outcomes[DUET_VIEW_NEW].text))
        return;
    duet_altered_add(list,
                     &(struct duet_altered){ .kind = DUET_ALTERED_OUTCOME,
                                             .field = name,
                                             .old = outcomes[DUET_VIEW_OLD].rule,
                                             .new = outcomes[DUET_VIEW_NEW].rule,
                                             .was = outcomes[DUET_VIEW_OLD].text,
                                             .becomes = outcomes[DUET_VIEW_NEW].text },
                     arena);
}

/* Of the units that `view` has and, for the old version's, the new one lacks. */
static void outcomes_of(const struct duet_view views[DUET_VIEWS], size_t version,
                        struct duet_alterations *list, struct duet_arena *arena)
{
    const struct duet_rules *rules = views[version].rules;
    for (uint32_t u = 0; rules && u < duet_mapping(rules->tables)->units_count; u++) {
        const char *name =
            duet_str(rules->tables,
                     duet_unit_row(rules->tables, duet_mapping(rules->tables)->units + u)->name);
        struct outcome outcomes[DUET_VIEWS];
        for (size_t v = 0; v < DUET_VIEWS; v++)
            outcomes[v] = unit_outcome(&views[v], name, arena);
        if (version == DUET_VIEW_NEW || !outcomes[DUET_VIEW_NEW].rule.file)
            add_outcome(name, outcomes, list, arena);
    }
}

static struct outcome quarantine_of(const struct duet_view *view, struct duet_arena *arena)
{
    bool is_poison = view->changes && view->changes->quarantined;
    return (struct outcome){ .text = is_poison ? duet_arena_format(arena, "in quarantine: %s",
                                                                   view->changes->sentence)
                                               : NULL };
}

/* Which notes go over is said by triggers alone. */
static struct outcome notes_of(const struct duet_view *view, enum duet_side origin)
{
    struct outcome outcome = { 0 };
    if (!view->rules)
        return outcome;
    const struct duet_tables *tables = view->rules->tables;
    const struct duet_t_trigger *trigger =
        duet_trigger_row(tables, view->changes->notes_by[origin]);
    if (trigger)
        outcome.rule = (struct duet_replay_place){ duet_str(tables, trigger->file), trigger->line };
    outcome.text = view->changes->notes_released[origin] ? "new notes go over" : NULL;
    return outcome;
}

/* Without an old version notes that go over are nothing to tell: every linked record has that. */
static void add_notes(const struct duet_view views[DUET_VIEWS], struct duet_alterations *list,
                      struct duet_arena *arena)
{
    const struct duet_tables *tables = views[DUET_VIEW_NEW].rules->tables;
    for (uint32_t origin = 0; views[DUET_VIEW_OLD].rules && origin < 2; origin++) {
        const struct outcome outcomes[DUET_VIEWS] = {
            notes_of(&views[DUET_VIEW_OLD], (enum duet_side)origin),
            notes_of(&views[DUET_VIEW_NEW], (enum duet_side)origin),
        };
        add_outcome(duet_arena_format(arena, "notes from %s",
                                      duet_str(tables, duet_side_row(tables, origin)->name)),
                    outcomes, list, arena);
    }
}

/* --- two records -------------------------------------------------------------------------------------------------- */

enum duet_status duet_altered_pair(const struct duet_versions *versions,
                                   const struct duet_recorded *recorded, struct duet_arena *arena,
                                   struct duet_alterations *out, struct duet_error *error)
{
    struct duet_view views[DUET_VIEWS];
    views_of(versions, views);
    *out = (struct duet_alterations){ 0 };
    for (size_t v = 0; v < DUET_VIEWS; v++) {
        for (uint32_t side = 0; side < 2; side++) {
            enum duet_status status =
                read_record(&views[v], v, (enum duet_side)side, recorded->raw[side],
                            recorded->length[side], arena, error);
            if (status != DUET_OK)
                return status;
            out->keys[side] = views[v].record[side].key;
        }
    }
    out->is_under_way = !plan_both(views, recorded, arena);
    if (out->is_under_way)
        return DUET_OK;
    const struct outcome poison[DUET_VIEWS] = { quarantine_of(&views[DUET_VIEW_OLD], arena),
                                                quarantine_of(&views[DUET_VIEW_NEW], arena) };
    add_outcome("the whole record", poison, out, arena);
    if (poison[DUET_VIEW_NEW].text)
        return DUET_OK; /* that is why nothing else is done */
    duet_altered_writes(views, out, arena);
    outcomes_of(views, DUET_VIEW_NEW, out, arena);
    outcomes_of(views, DUET_VIEW_OLD, out, arena);
    add_notes(views, out, arena);
    return DUET_OK;
}

/* --- a record without a partner --------------------------------------------------------------------------------------- */

struct counterpart {
    struct duet_value *values;
    uint64_t mask;
    const char *made; /* whether and how the engine would make it; NULL: it wouldn't */
};

static struct counterpart counterpart_of(const struct duet_view *view, enum duet_side side,
                                         struct duet_arena *arena)
{
    struct counterpart counterpart = { 0 };
    struct duet_new_record made;
    if (!view->rules)
        return counterpart;
    counterpart.values = duet_map_values(view->rules, duet_other(side), &view->record[side], arena,
                                         &counterpart.mask, NULL, NULL);
    if (duet_plan_creation(view->rules, duet_other(side), &view->record[side], arena, &made))
        counterpart.made =
            made.held ? duet_arena_format(arena, "held: %s", made.held) : "it would be made";
    return counterpart;
}

static const char *value_text(const struct duet_view *view, const struct counterpart *counterpart,
                              const struct duet_t_pair *pair, enum duet_side target,
                              struct duet_arena *arena)
{
    if (!view->rules || !pair)
        return NULL;
    const struct duet_tables *tables = view->rules->tables;
    uint32_t field = duet_pair_field(pair, target);
    uint32_t number = duet_field_number(tables, target, field);
    if (!(counterpart->mask & duet_bit(number)) || duet_value_missing(&counterpart->values[number]))
        return NULL;
    return duet_value_show(tables, duet_field_row(tables, field), &counterpart->values[number],
                           arena);
}

static const struct duet_value *source_value(const struct duet_view *view,
                                             const struct duet_t_pair *pair, enum duet_side side)
{
    return &view->record[side]
                .values[duet_field_number(view->rules->tables, side, duet_pair_field(pair, side))];
}

static struct duet_replay_place value_rule(const struct duet_view *view,
                                           const struct counterpart *counterpart,
                                           const struct duet_t_pair *pair, enum duet_side target)
{
    if (!view->rules || !pair)
        return (struct duet_replay_place){ 0 };
    const struct duet_tables *tables = view->rules->tables;
    uint32_t number = duet_field_number(tables, target, duet_pair_field(pair, target));
    return duet_altered_rule(tables, pair, target, source_value(view, pair, duet_other(target)),
                             &counterpart->values[number]);
}

static void add_value(const struct duet_view views[DUET_VIEWS],
                      const struct counterpart counterparts[DUET_VIEWS],
                      const struct duet_both_pairs *pairs, enum duet_side target,
                      struct duet_alterations *list, struct duet_arena *arena)
{
    const char *text[DUET_VIEWS];
    struct duet_replay_place rule[DUET_VIEWS];
    for (size_t v = 0; v < DUET_VIEWS; v++) {
        text[v] = value_text(&views[v], &counterparts[v], pairs->pair[v], target, arena);
        rule[v] = value_rule(&views[v], &counterparts[v], pairs->pair[v], target);
    }
    if (duet_altered_same(text[DUET_VIEW_OLD], text[DUET_VIEW_NEW]))
        return;
    size_t v = pairs->pair[DUET_VIEW_NEW] ? DUET_VIEW_NEW : DUET_VIEW_OLD;
    const struct duet_tables *tables = views[v].rules->tables;
    const struct duet_t_pair *pair = pairs->pair[v];
    uint32_t source = duet_pair_field(pair, duet_other(target));
    duet_altered_add(
        list,
        &(struct duet_altered){
            .kind = DUET_ALTERED_VALUE,
            .field = duet_altered_field(tables, duet_pair_field(pair, target), arena),
            .old = rule[DUET_VIEW_OLD],
            .new = rule[DUET_VIEW_NEW],
            .stands = duet_value_show(tables, duet_field_row(tables, source),
                                      source_value(&views[v], pair, duet_other(target)), arena),
            .was = text[DUET_VIEW_OLD],
            .becomes = text[DUET_VIEW_NEW] },
        arena);
}

enum duet_status duet_altered_alone(const struct duet_versions *versions, enum duet_side side,
                                    const char *raw, size_t length, struct duet_arena *arena,
                                    struct duet_alterations *out, struct duet_error *error)
{
    struct duet_view views[DUET_VIEWS];
    struct counterpart counterparts[DUET_VIEWS];
    views_of(versions, views);
    *out = (struct duet_alterations){ 0 };
    for (size_t v = 0; v < DUET_VIEWS; v++) {
        enum duet_status status = read_record(&views[v], v, side, raw, length, arena, error);
        if (status != DUET_OK)
            return status;
        counterparts[v] = counterpart_of(&views[v], side, arena);
        out->keys[side] = views[v].record[side].key;
    }
    const struct outcome made[DUET_VIEWS] = { { .text = counterparts[DUET_VIEW_OLD].made },
                                              { .text = counterparts[DUET_VIEW_NEW].made } };
    add_outcome("the counterpart", made, out, arena);
    /* Without an old version only what would really be made is told. */
    if (!views[DUET_VIEW_OLD].rules && !counterparts[DUET_VIEW_NEW].made)
        return DUET_OK;
    struct duet_both_pairs pairs;
    size_t next = 0;
    while (duet_both_pairs_next(views, &next, &pairs))
        add_value(views, counterparts, &pairs, duet_other(side), out, arena);
    return DUET_OK;
}
