#include "engine/fleet/show.h"

#include <stdlib.h>
#include <string.h>

static const struct duet_t_unit *unit_row(const struct duet_tables *tables, uint32_t unit)
{
    return duet_unit_row(tables, duet_mapping(tables)->units + unit);
}

static const char *side_name(const struct duet_tables *tables, enum duet_side side)
{
    return duet_str(tables, duet_side_row(tables, side)->name);
}

/* --- texts ---------------------------------------------------------------------------------------------------- */

/* A side's values of a unit, joined: `values` by field number, or by pair. */
static const char *join(const struct duet_tables *tables, uint32_t unit, enum duet_side side,
                        const struct duet_value *values, bool is_by_pair, struct duet_arena *arena)
{
    const struct duet_t_unit *row = unit_row(tables, unit);
    const char *text = "";
    for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
        uint32_t field = duet_pair_field(duet_pair_row(tables, p), side);
        uint32_t at =
            is_by_pair ? p - duet_mapping(tables)->pairs : duet_field_number(tables, side, field);
        const char *value =
            duet_value_show(tables, duet_field_row(tables, field), &values[at], arena);
        text = duet_arena_format(arena, "%s%s%s", text, *text ? ", " : "", value);
    }
    return text;
}

const char *duet_show_unit(const struct duet_tables *tables, uint32_t unit, enum duet_side side,
                           const struct duet_value *values, struct duet_arena *arena)
{
    return join(tables, unit, side, values, false, arena);
}

const char *duet_show_unit_pairs(const struct duet_tables *tables, uint32_t unit,
                                 enum duet_side side, const struct duet_pairs *pairs,
                                 struct duet_arena *arena)
{
    return join(tables, unit, side, pairs->side[side], true, arena);
}

const char *duet_show_units(const struct duet_tables *tables, uint64_t units,
                            struct duet_arena *arena)
{
    const char *text = "";
    for (uint32_t u = 0; u < duet_mapping(tables)->units_count; u++) {
        if (units & duet_bit(u))
            text = duet_arena_format(arena, "%s%s%s", text, *text ? ", " : "",
                                     duet_str(tables, unit_row(tables, u)->name));
    }
    return text;
}

const char *duet_show_fields(const struct duet_tables *tables, enum duet_side side,
                             const struct duet_value *before, const struct duet_value *after,
                             uint64_t fields, struct duet_arena *arena)
{
    const struct duet_t_side *row = duet_side_row(tables, side);
    const char *text = "";
    for (uint32_t i = 0; i < row->fields_count; i++) {
        const struct duet_t_field *field = duet_field_row(tables, row->fields + i);
        if (!(fields & duet_bit(i)))
            continue;
        text = duet_arena_format(
            arena, "%s%s%s: %s%s%s", text, *text ? ", " : "", duet_str(tables, field->name),
            before ? duet_value_show(tables, field, &before[i], arena) : "", before ? " -> " : "",
            duet_value_show(tables, field, &after[i], arena));
    }
    return text;
}

const char *duet_show_cause(const struct duet_tables *tables, const struct duet_move *move,
                            struct duet_arena *arena)
{
    static const char *const events[DUET_EVENTS] = {
        [DUET_EVENT_CLOSE] = "close",   [DUET_EVENT_REOPEN] = "reopen", [DUET_EVENT_MOVE] = "move",
        [DUET_EVENT_CHANGE] = "change", [DUET_EVENT_SIGNAL] = "signal",
    };
    const struct duet_t_trigger *trigger = duet_trigger_row(tables, move->trigger);
    const char *how = move->conflict ? ", both sides had changed" : "";
    if (!trigger)
        return move->first_contact ? "first contact" : NULL;
    return duet_arena_format(arena, "on %s %s, line %u%s",
                             side_name(tables, (enum duet_side)trigger->side),
                             events[trigger->event], trigger->line, how);
}

/* --- what stands with a link ----------------------------------------------------------------------------------- */

static void set_text(json_t *object, const char *name, const char *text)
{
    if (text)
        (void)json_object_set_new(object, name, json_string(text));
}

void duet_show_add(json_t *list, const struct duet_shown *shown)
{
    json_t *object = json_object();
    set_text(object, "what", shown->what);
    set_text(object, "name", shown->name);
    set_text(object, "side", shown->side);
    set_text(object, "sentence", shown->sentence);
    set_text(object, "left", shown->left);
    set_text(object, "right", shown->right);
    set_text(object, "file", shown->file);
    if (shown->file)
        (void)json_object_set_new(object, "line", json_integer((json_int_t)shown->line));
    (void)json_array_append_new(list, object);
}

/* Held because a person must decide between two values; else because the target lacks something. */
static bool is_for_a_person(const struct duet_tables *tables, const struct duet_move *move)
{
    return (move->conflict && unit_row(tables, move->unit)->policy == DUET_POLICY_HOLD) ||
           (move->first_contact && duet_mapping(tables)->first_contact == DUET_CHOOSE_NONE);
}

/* What a decision is called for people; NULL: nothing to show. */
static const char *name_of(const struct duet_tables *tables, const struct duet_move *move)
{
    switch (move->decision) {
    case DUET_NOTHING:
    case DUET_ABSORBED:
    case DUET_MOVES:
    case DUET_EMPTIED:
    case DUET_DECISIONS:
        break;
    case DUET_PENDING:
        return "pending";
    case DUET_HELD:
        return is_for_a_person(tables, move) ? "conflict" : "held";
    case DUET_SHOWN:
        return "kept";
    case DUET_FROZEN:
        return "frozen";
    }
    return NULL;
}

static const char *sentence_of(const struct duet_tables *tables, const struct duet_move *move,
                               struct duet_arena *arena)
{
    const char *side = side_name(tables, move->from);
    if (move->sentence)
        return move->sentence;
    if (move->decision == DUET_PENDING)
        return duet_arena_format(arena, "changed in %s; nothing releases it yet", side);
    if (move->decision == DUET_SHOWN)
        return duet_arena_format(arena, "changed in %s, which this field doesn't read", side);
    if (move->decision == DUET_FROZEN)
        return "a merged record freezes it";
    return NULL;
}

/* What became of a unit's write, for as long as it is neither taken nor given up. */
static const char *unfinished(const struct duet_result *result, const char **sentence_out)
{
    *sentence_out = result->sentence;
    switch (result->taken) {
    case DUET_NOT_WRITTEN:
    case DUET_TAKEN:
        break;
    case DUET_REFUSED:
        return "held";
    case DUET_LOST:
        *sentence_out = "written, but the answer was lost: the next read tells";
        return "waiting";
    case DUET_FAILED_TO:
        return "waiting";
    }
    return NULL;
}

static void show_unit(json_t *list, const struct duet_rules *rules, const struct duet_move *move,
                      const char *what, const char *sentence, enum duet_side side,
                      const struct duet_record *const records[2], struct duet_arena *arena)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_unit *row = unit_row(tables, move->unit);
    const struct duet_shown shown = {
        .what = what,
        .name = duet_str(tables, row->name),
        .side = side_name(tables, side),
        .sentence = sentence,
        .left = duet_show_unit(tables, move->unit, DUET_LEFT, records[DUET_LEFT]->values, arena),
        .right = duet_show_unit(tables, move->unit, DUET_RIGHT, records[DUET_RIGHT]->values, arena),
        .file = duet_str(tables, row->file),
        .line = row->line,
    };
    duet_show_add(list, &shown);
}

void duet_show_plan(json_t *list, const struct duet_rules *rules,
                    const struct duet_changeset *changes,
                    const struct duet_record *const records[2], const struct duet_result results[2],
                    struct duet_arena *arena)
{
    const struct duet_tables *tables = rules->tables;
    for (uint32_t u = 0; u < duet_mapping(tables)->units_count; u++) {
        const struct duet_move *move = &changes->moves[u];
        const char *what = name_of(tables, move);
        if (what)
            show_unit(list, rules, move, what, sentence_of(tables, move, arena), move->from,
                      records, arena);
        for (uint32_t target = 0; target < 2 && !what; target++) {
            const char *sentence = NULL;
            if (changes->sent[target] & duet_bit(u))
                what = unfinished(&results[target], &sentence);
            if (what)
                show_unit(list, rules, move, what, sentence, (enum duet_side)target, records,
                          arena);
        }
    }
}

void duet_show_sent(json_t *list, const struct duet_rules *rules,
                    const struct duet_changeset *changes,
                    const struct duet_record *const records[2], enum duet_side side,
                    const char *what, const char *sentence, struct duet_arena *arena)
{
    for (uint32_t u = 0; u < duet_mapping(rules->tables)->units_count; u++) {
        if (changes->sent[side] & duet_bit(u))
            show_unit(list, rules, &changes->moves[u], what, sentence, side, records, arena);
    }
}

bool duet_show_is_parked(const struct duet_tables *tables, const char *shown,
                         enum duet_side *side_out)
{
    json_t *list = json_loads(shown, 0, NULL);
    size_t i = 0;
    const json_t *item = NULL;
    bool is_parked = false;
    json_array_foreach(list, i, item)
    {
        const char *what = json_string_value(json_object_get(item, "what"));
        const char *side = json_string_value(json_object_get(item, "side"));
        if (!what || !side || strcmp(what, "parked") != 0)
            continue;
        is_parked = true;
        *side_out = strcmp(side, side_name(tables, DUET_LEFT)) == 0 ? DUET_LEFT : DUET_RIGHT;
    }
    json_decref(list);
    return is_parked;
}

const char *duet_show_text(const json_t *list, struct duet_arena *arena)
{
    if (json_array_size(list) == 0)
        return "";
    char *text = json_dumps(list, JSON_COMPACT);
    const char *copy = text ? duet_arena_copy_text(arena, text, strlen(text)) : "";
    free(text);
    return copy;
}
