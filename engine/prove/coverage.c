#include "engine/prove/coverage.h"

#include <string.h>

/* A point and what of the tables it stands for: a row of the kind's section, and the side that is written. */
struct key {
    enum duet_coverage_kind kind;
    uint32_t row;
    enum duet_side target; /* FIELD, ARM, NOTES */
};

/* What a point did since the last edit, and what of a test would judge it. */
struct outcome {
    uint64_t fields[2]; /* by number within the side */
    uint64_t units;     /* by their conflict */
    bool notes[2];
};

struct duet_coverage {
    const struct duet_tables *tables;
    struct duet_arena *arena;
    struct duet_coverage_point *points;
    struct key *keys;
    struct outcome *outcomes; /* one a point */
    size_t count;
    size_t room;
};

const char *duet_coverage_kind_name(enum duet_coverage_kind kind)
{
    static const char *const names[DUET_COVERAGE_KINDS] = {
        [DUET_COVERAGE_FIELD] = "rules",
        [DUET_COVERAGE_ARM] = "arms",
        [DUET_COVERAGE_TRIGGER] = "triggers",
        [DUET_COVERAGE_CREATE] = "creations",
        [DUET_COVERAGE_NOTES] = "notes",
        [DUET_COVERAGE_CONFLICT] = "conflicts",
        [DUET_COVERAGE_FIRST_CONTACT] = "first contact",
    };
    return names[kind];
}

/* --- what there is --------------------------------------------------------------------------------------- */

static void add(struct duet_coverage *coverage, struct key key, const char *what, uint32_t file,
                uint32_t line)
{
    if (coverage->count == coverage->room) {
        size_t room = coverage->room ? coverage->room * 2 : 64;
        struct duet_coverage_point *points =
            duet_arena_alloc_array(coverage->arena, room, sizeof *points);
        struct key *keys = duet_arena_alloc_array(coverage->arena, room, sizeof *keys);
        for (size_t i = 0; i < coverage->count; i++) {
            points[i] = coverage->points[i];
            keys[i] = coverage->keys[i];
        }
        coverage->points = points;
        coverage->keys = keys;
        coverage->room = room;
    }
    coverage->keys[coverage->count] = key;
    coverage->points[coverage->count++] = (struct duet_coverage_point){
        .kind = key.kind, .what = what, .file = duet_str(coverage->tables, file), .line = line
    };
}

static bool leads_to(uint32_t direction, enum duet_side target)
{
    return direction == DUET_BOTH_WAYS || (direction == DUET_TO_RIGHT) == (target == DUET_RIGHT);
}

static const char *side_name(const struct duet_coverage *coverage, enum duet_side side)
{
    return duet_str(coverage->tables, duet_side_row(coverage->tables, side)->name);
}

static void add_fields(struct duet_coverage *coverage)
{
    const struct duet_tables *tables = coverage->tables;
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    for (uint32_t p = mapping->pairs; p < mapping->pairs + mapping->pairs_count; p++) {
        const struct duet_t_pair *pair = duet_pair_row(tables, p);
        for (uint32_t side = 2; side-- > 0;) {
            enum duet_side target = (enum duet_side)side;
            if (leads_to(pair->direction, target))
                add(coverage, (struct key){ DUET_COVERAGE_FIELD, p, target },
                    duet_arena_format(coverage->arena, "field %s, to %s",
                                      duet_str(tables, pair->name), side_name(coverage, target)),
                    pair->file, pair->line);
        }
    }
}

static const char *value_name(const struct duet_tables *tables, uint32_t values, uint32_t index)
{
    const struct duet_t_enum *row = duet_enum_row(tables, values);
    return duet_str(tables, duet_value_row(tables, row->values + index)->name);
}

static void add_arm(struct duet_coverage *coverage, const struct duet_t_pair *pair, uint32_t a)
{
    const struct duet_tables *tables = coverage->tables;
    const struct duet_t_map *map = duet_map_row(tables, pair->map);
    const struct duet_t_arm *arm = duet_arm_row(tables, a);
    for (uint32_t side = 2; side-- > 0;) {
        enum duet_side target = (enum duet_side)side;
        if (leads_to(arm->direction, target) && leads_to(pair->direction, target))
            add(coverage, (struct key){ DUET_COVERAGE_ARM, a, target },
                duet_arena_format(coverage->arena, "%s: %s %s %s", duet_str(tables, pair->name),
                                  value_name(tables, map->left, arm->left),
                                  target == DUET_RIGHT ? "->" : "<-",
                                  value_name(tables, map->right, arm->right)),
                arm->file, arm->line);
    }
}

static void add_arms(struct duet_coverage *coverage)
{
    const struct duet_tables *tables = coverage->tables;
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    for (uint32_t p = mapping->pairs; p < mapping->pairs + mapping->pairs_count; p++) {
        const struct duet_t_pair *pair = duet_pair_row(tables, p);
        const struct duet_t_map *map = duet_map_row(tables, pair->map);
        for (uint32_t a = 0; map && a < map->arms_count; a++)
            add_arm(coverage, pair, map->arms + a);
    }
}

static const char *trigger_text(const struct duet_coverage *coverage,
                                const struct duet_t_trigger *trigger)
{
    static const char *const events[DUET_EVENTS] = { "close", "reopen", "move", "change",
                                                     "signal" };
    static const char *const verbs[DUET_VERBS] = { "send", "fetch", "clear" };
    const struct duet_tables *tables = coverage->tables;
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    uint64_t units = duet_mask(trigger->units_lo, trigger->units_hi);
    const char *text = duet_arena_format(
        coverage->arena, "on %s %s%s%s%s %s", side_name(coverage, (enum duet_side)trigger->side),
        events[trigger->event], trigger->signal == DUET_NONE ? "" : " \"",
        trigger->signal == DUET_NONE ? "" : duet_str(tables, trigger->signal),
        trigger->signal == DUET_NONE ? "" : "\"", verbs[trigger->verb]);
    const char *join = " ";
    for (uint32_t u = 0; u < mapping->units_count; u++) {
        if (!(units & duet_bit(u)))
            continue;
        text = duet_arena_format(coverage->arena, "%s%s%s", text, join,
                                 duet_str(tables, duet_unit_row(tables, mapping->units + u)->name));
        join = ", ";
    }
    return trigger->notes ? duet_arena_format(coverage->arena, "%s%snotes", text, join) : text;
}

static void add_statements(struct duet_coverage *coverage)
{
    const struct duet_tables *tables = coverage->tables;
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    for (uint32_t t = mapping->triggers; t < mapping->triggers + mapping->triggers_count; t++) {
        const struct duet_t_trigger *row = duet_trigger_row(tables, t);
        add(coverage, (struct key){ DUET_COVERAGE_TRIGGER, t, DUET_LEFT },
            trigger_text(coverage, row), row->file, row->line);
    }
    for (uint32_t c = mapping->creates; c < mapping->creates + mapping->creates_count; c++) {
        const struct duet_t_create *row = duet_create_row(tables, c);
        add(coverage, (struct key){ DUET_COVERAGE_CREATE, c, DUET_LEFT },
            duet_arena_format(coverage->arena, "create %s",
                              side_name(coverage, (enum duet_side)row->target)),
            row->file, row->line);
    }
    const struct duet_t_note_pair *notes = duet_note_pair_row(tables, mapping->notes);
    for (uint32_t side = 2; notes && side-- > 0;) {
        enum duet_side target = (enum duet_side)side;
        if (leads_to(notes->direction, target))
            add(coverage, (struct key){ DUET_COVERAGE_NOTES, 0, target },
                duet_arena_format(coverage->arena, "notes, to %s", side_name(coverage, target)),
                notes->file, notes->line);
    }
}

static void add_decisions(struct duet_coverage *coverage)
{
    const struct duet_tables *tables = coverage->tables;
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    for (uint32_t u = 0; u < mapping->units_count; u++) {
        const struct duet_t_unit *row = duet_unit_row(tables, mapping->units + u);
        if (row->policy != DUET_POLICY_NONE)
            add(coverage, (struct key){ DUET_COVERAGE_CONFLICT, u, DUET_LEFT },
                duet_arena_format(coverage->arena, "conflict of %s", duet_str(tables, row->name)),
                row->file, row->line);
    }
    add(coverage, (struct key){ DUET_COVERAGE_FIRST_CONTACT, 0, DUET_LEFT }, "first contact",
        mapping->file, mapping->line);
}

/* By kind and line; few, and equal ones must keep their order: insertion sort. */
static void sort(struct duet_coverage *coverage)
{
    for (size_t i = 1; i < coverage->count; i++) {
        struct duet_coverage_point point = coverage->points[i];
        struct key key = coverage->keys[i];
        size_t at = i;
        for (; at > 0 && coverage->points[at - 1].kind == point.kind &&
               coverage->points[at - 1].line > point.line;
             at--) {
            coverage->points[at] = coverage->points[at - 1];
            coverage->keys[at] = coverage->keys[at - 1];
        }
        coverage->points[at] = point;
        coverage->keys[at] = key;
    }
}

struct duet_coverage *duet_coverage_new(const struct duet_tables *tables, struct duet_arena *arena)
{
    struct duet_coverage *coverage = duet_arena_alloc(arena, sizeof *coverage);
    coverage->tables = tables;
    coverage->arena = arena;
    add_fields(coverage);
    add_arms(coverage);
    add_statements(coverage);
    add_decisions(coverage);
    sort(coverage);
    coverage->outcomes =
        duet_arena_alloc_array(arena, coverage->count + 1U, sizeof *coverage->outcomes);
    return coverage;
}

const struct duet_coverage_point *duet_coverage_points(const struct duet_coverage *coverage,
                                                       size_t *count_out)
{
    *count_out = coverage->count;
    return coverage->points;
}

/* --- what happened --------------------------------------------------------------------------------------- */

static void add_outcome(struct outcome *all, const struct outcome *more)
{
    all->units |= more->units;
    for (uint32_t side = 0; side < 2; side++) {
        all->fields[side] |= more->fields[side];
        all->notes[side] = all->notes[side] || more->notes[side];
    }
}

static void mark(struct duet_coverage *coverage, struct key key, struct outcome outcome)
{
    for (size_t i = 0; i < coverage->count; i++) {
        if (coverage->keys[i].kind != key.kind || coverage->keys[i].row != key.row ||
            coverage->keys[i].target != key.target)
            continue;
        coverage->points[i].happened = true;
        add_outcome(&coverage->outcomes[i], &outcome);
    }
}

static struct outcome of_field(enum duet_side side, uint32_t number)
{
    struct outcome outcome = { .units = 0 };
    outcome.fields[side] = duet_bit(number);
    return outcome;
}

/* Both sides' fields of a unit: whatever decided about it shows in one of them. */
static struct outcome of_unit(const struct duet_tables *tables, uint32_t unit)
{
    const struct duet_t_unit *row = duet_unit_row(tables, duet_mapping(tables)->units + unit);
    struct outcome outcome = { .units = 0 };
    for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
        for (uint32_t side = 0; side < 2; side++) {
            uint32_t field = duet_pair_field(duet_pair_row(tables, p), (enum duet_side)side);
            outcome.fields[side] |=
                duet_bit(duet_field_number(tables, (enum duet_side)side, field));
        }
    }
    return outcome;
}

/* `to` was written from `from`. */
static void mark_pair(struct duet_coverage *coverage, uint32_t p, enum duet_side target,
                      const struct duet_value *from, const struct duet_value *to)
{
    const struct duet_t_pair *pair = duet_pair_row(coverage->tables, p);
    const struct duet_t_map *map = duet_map_row(coverage->tables, pair->map);
    struct outcome outcome = of_field(
        target, duet_field_number(coverage->tables, target, duet_pair_field(pair, target)));
    mark(coverage, (struct key){ DUET_COVERAGE_FIELD, p, target }, outcome);
    if (!map || from->kind != DUET_VALUE_ENUM || to->kind != DUET_VALUE_ENUM)
        return;
    int64_t left = target == DUET_RIGHT ? from->number : to->number;
    int64_t right = target == DUET_RIGHT ? to->number : from->number;
    for (uint32_t a = map->arms; a < map->arms + map->arms_count; a++) {
        const struct duet_t_arm *arm = duet_arm_row(coverage->tables, a);
        if (arm->left == left && arm->right == right && leads_to(arm->direction, target))
            mark(coverage, (struct key){ DUET_COVERAGE_ARM, a, target }, outcome);
    }
}

/* The fields of a unit that a plan wrote. */
static struct outcome of_written(const struct duet_tables *tables, uint32_t unit,
                                 const struct duet_changeset *changes)
{
    struct outcome outcome = of_unit(tables, unit);
    for (uint32_t side = 0; side < 2; side++)
        outcome.fields[side] &= changes->fields[side];
    return outcome;
}

static void mark_unit(struct duet_coverage *coverage, const struct duet_changeset *changes,
                      uint32_t unit, enum duet_side target)
{
    const struct duet_tables *tables = coverage->tables;
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    const struct duet_t_unit *row = duet_unit_row(tables, mapping->units + unit);
    const struct duet_move *move = &changes->moves[unit];
    if (move->trigger != DUET_NONE)
        mark(coverage, (struct key){ DUET_COVERAGE_TRIGGER, move->trigger, DUET_LEFT },
             of_written(tables, unit, changes));
    if (move->decision != DUET_MOVES || move->from == target)
        return;
    for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
        const struct duet_t_pair *pair = duet_pair_row(tables, p);
        uint32_t number = duet_field_number(tables, target, duet_pair_field(pair, target));
        if (changes->fields[target] & duet_bit(number))
            mark_pair(coverage, p, target, &changes->source.side[move->from][p - mapping->pairs],
                      &changes->after[target][number]);
    }
}

static void mark_decision(struct duet_coverage *coverage, const struct duet_move *move)
{
    struct outcome outcome = of_unit(coverage->tables, move->unit);
    outcome.units = duet_bit(move->unit);
    if (move->decision != DUET_MOVES && move->decision != DUET_HELD)
        return;
    if (move->first_contact)
        mark(coverage, (struct key){ DUET_COVERAGE_FIRST_CONTACT, 0, DUET_LEFT }, outcome);
    else if (move->conflict)
        mark(coverage, (struct key){ DUET_COVERAGE_CONFLICT, move->unit, DUET_LEFT }, outcome);
}

static void on_plan(void *data, const struct duet_changeset *changes,
                    const struct duet_result results[2])
{
    struct duet_coverage *coverage = data;
    for (uint32_t u = 0; u < duet_mapping(coverage->tables)->units_count; u++) {
        mark_decision(coverage, &changes->moves[u]);
        for (uint32_t target = 0; target < 2; target++) {
            if ((changes->sent[target] & duet_bit(u)) && results[target].taken == DUET_TAKEN)
                mark_unit(coverage, changes, u, (enum duet_side)target);
        }
    }
}

static void on_creation(void *data, enum duet_side target, const struct duet_record *origin,
                        const struct duet_new_record *record)
{
    struct duet_coverage *coverage = data;
    const struct duet_tables *tables = coverage->tables;
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    struct outcome outcome = { .units = 0 };
    outcome.fields[target] = record->fields;
    for (uint32_t c = mapping->creates; c < mapping->creates + mapping->creates_count; c++) {
        if (duet_create_row(tables, c)->target == target)
            mark(coverage, (struct key){ DUET_COVERAGE_CREATE, c, DUET_LEFT }, outcome);
    }
    for (uint32_t p = mapping->pairs; p < mapping->pairs + mapping->pairs_count; p++) {
        const struct duet_t_pair *pair = duet_pair_row(tables, p);
        uint32_t number = duet_field_number(tables, target, duet_pair_field(pair, target));
        enum duet_side from = duet_other(target);
        if (record->fields & duet_bit(number))
            mark_pair(coverage, p, target,
                      &origin->values[duet_field_number(tables, from, duet_pair_field(pair, from))],
                      &record->values[number]);
    }
}

static void on_note(void *data, enum duet_side from, uint32_t trigger)
{
    struct duet_coverage *coverage = data;
    struct outcome outcome = { .units = 0 };
    outcome.notes[duet_other(from)] = true;
    mark(coverage, (struct key){ DUET_COVERAGE_NOTES, 0, duet_other(from) }, outcome);
    mark(coverage, (struct key){ DUET_COVERAGE_TRIGGER, trigger, DUET_LEFT }, outcome);
}

/* --- what was judged ------------------------------------------------------------------------------------- */

static void on_begin(void *data)
{
    struct duet_coverage *coverage = data;
    for (size_t i = 0; i < coverage->count; i++)
        coverage->outcomes[i] = (struct outcome){ .units = 0 };
}

static bool meet(const struct outcome *a, const struct outcome *b)
{
    bool met = (a->units & b->units) != 0;
    for (uint32_t side = 0; side < 2; side++)
        met = met || (a->fields[side] & b->fields[side]) || (a->notes[side] && b->notes[side]);
    return met;
}

static void judged(struct duet_coverage *coverage, struct outcome outcome)
{
    for (size_t i = 0; i < coverage->count; i++) {
        if (meet(&coverage->outcomes[i], &outcome))
            coverage->points[i].exercised = true;
    }
}

static void on_judged_field(void *data, enum duet_side side, uint32_t number)
{
    judged(data, of_field(side, number));
}

static void on_judged_note(void *data, enum duet_side side)
{
    struct outcome outcome = { .units = 0 };
    outcome.notes[side] = true;
    judged(data, outcome);
}

static void on_judged_conflict(void *data, uint32_t unit)
{
    judged(data, (struct outcome){ .units = duet_bit(unit) });
}

struct duet_play_watcher duet_coverage_watcher(struct duet_coverage *coverage)
{
    return (struct duet_play_watcher){
        .begun = on_begin,
        .planned = on_plan,
        .created = on_creation,
        .noted = on_note,
        .judged_field = on_judged_field,
        .judged_note = on_judged_note,
        .judged_conflict = on_judged_conflict,
        .data = coverage,
    };
}
