#include "engine/plan/state.h"

#include <string.h>

#include "engine/plan/relation.h"

static uint32_t pair_count(const struct duet_rules *rules)
{
    return duet_mapping(rules->tables)->pairs_count;
}

static uint32_t unit_count(const struct duet_rules *rules)
{
    return duet_mapping(rules->tables)->units_count;
}

struct duet_pairs duet_pairs_new(const struct duet_rules *rules, struct duet_arena *arena)
{
    struct duet_pairs pairs;
    for (int side = 0; side < 2; side++)
        pairs.side[side] =
            duet_arena_alloc_array(arena, pair_count(rules) + 1U, sizeof *pairs.side[side]);
    return pairs;
}

struct duet_state *duet_state_new(const struct duet_rules *rules, struct duet_arena *arena)
{
    struct duet_state *state = duet_arena_alloc(arena, sizeof *state);
    state->base = duet_pairs_new(rules, arena);
    state->last = duet_pairs_new(rules, arena);
    for (int side = 0; side < 2; side++)
        state->times[side] =
            duet_arena_alloc_array(arena, unit_count(rules) + 1U, sizeof *state->times[side]);
    return state;
}

struct duet_pairs duet_pairs_copy(const struct duet_rules *rules, const struct duet_pairs *pairs,
                                  struct duet_arena *arena)
{
    struct duet_pairs copy = duet_pairs_new(rules, arena);
    for (int side = 0; side < 2; side++)
        memcpy(copy.side[side], pairs->side[side], pair_count(rules) * sizeof *copy.side[side]);
    return copy;
}

struct duet_state *duet_state_copy(const struct duet_rules *rules, const struct duet_state *state,
                                   struct duet_arena *arena)
{
    struct duet_state *copy = duet_state_new(rules, arena);
    copy->known = state->known;
    copy->base = duet_pairs_copy(rules, &state->base, arena);
    copy->last = duet_pairs_copy(rules, &state->last, arena);
    copy->sent = duet_arena_alloc_array(arena, state->sent_count + 1, sizeof *copy->sent);
    copy->sent_count = state->sent_count;
    for (size_t i = 0; i < state->sent_count; i++) {
        copy->sent[i] = state->sent[i];
        copy->sent[i].was = duet_pairs_copy(rules, &state->sent[i].was, arena);
        copy->sent[i].before = duet_pairs_copy(rules, &state->sent[i].before, arena);
    }
    copy->refusals =
        duet_arena_alloc_array(arena, state->refusal_count + 1, sizeof *copy->refusals);
    copy->refusal_count = state->refusal_count;
    for (size_t i = 0; i < state->refusal_count; i++) {
        copy->refusals[i] = state->refusals[i];
        copy->refusals[i].seen = duet_pairs_copy(rules, &state->refusals[i].seen, arena);
    }
    for (int side = 0; side < 2; side++) {
        memcpy(copy->times[side], state->times[side],
               unit_count(rules) * sizeof *copy->times[side]);
        copy->last_modified[side] = state->last_modified[side];
    }
    return copy;
}

struct duet_pairs duet_pairs_of(const struct duet_rules *rules, const struct duet_value *left,
                                const struct duet_value *right, struct duet_arena *arena)
{
    const struct duet_t_mapping *mapping = duet_mapping(rules->tables);
    struct duet_pairs pairs = duet_pairs_new(rules, arena);
    for (uint32_t i = 0; i < mapping->pairs_count; i++) {
        const struct duet_t_pair *pair = duet_pair_row(rules->tables, mapping->pairs + i);
        pairs.side[DUET_LEFT][i] = duet_pair_reading(
            pair, DUET_LEFT, &left[duet_field_number(rules->tables, DUET_LEFT, pair->left)]);
        pairs.side[DUET_RIGHT][i] = duet_pair_reading(
            pair, DUET_RIGHT, &right[duet_field_number(rules->tables, DUET_RIGHT, pair->right)]);
    }
    return pairs;
}

/* --- JSON --------------------------------------------------------------------------------------------- */

static const char *const side_names[] = { "left", "right" };

/* {"status": [left, right], ...}: the pairs of the given units. */
static json_t *pairs_to_json(const struct duet_rules *rules, const struct duet_pairs *pairs,
                             uint64_t units)
{
    const struct duet_t_mapping *mapping = duet_mapping(rules->tables);
    json_t *json = json_object();
    for (uint32_t u = 0; u < mapping->units_count; u++) {
        const struct duet_t_unit *unit = duet_unit_row(rules->tables, mapping->units + u);
        for (uint32_t p = unit->pairs; (units & duet_bit(u)) && p < unit->pairs + unit->pairs_count;
             p++) {
            const struct duet_t_pair *pair = duet_pair_row(rules->tables, p);
            json_t *values = json_array();
            for (int side = 0; side < 2; side++) {
                const struct duet_t_field *field =
                    duet_field_row(rules->tables, duet_pair_field(pair, (enum duet_side)side));
                (void)json_array_append_new(
                    values, duet_value_to_json(rules->tables, field,
                                               &pairs->side[side][p - mapping->pairs]));
            }
            (void)json_object_set_new(json, duet_str(rules->tables, pair->name), values);
        }
    }
    return json;
}

static json_t *units_to_json(const struct duet_rules *rules, uint64_t units)
{
    const struct duet_t_mapping *mapping = duet_mapping(rules->tables);
    json_t *names = json_array();
    for (uint32_t u = 0; u < mapping->units_count; u++) {
        if (units & duet_bit(u))
            (void)json_array_append_new(
                names, json_string(duet_str(
                           rules->tables, duet_unit_row(rules->tables, mapping->units + u)->name)));
    }
    return names;
}

static json_t *sent_to_json(const struct duet_rules *rules, const struct duet_sent *sent)
{
    uint64_t unit = duet_bit(sent->unit);
    json_t *json =
        json_pack("{s:s, s:o, s:b, s:I, s:o}", "target", side_names[sent->target], "units",
                  units_to_json(rules, unit), "answered", (int)sent->answered, "at",
                  (json_int_t)sent->sent_at, "was", pairs_to_json(rules, &sent->was, unit));
    if (!sent->is_made)
        (void)json_object_set_new(json, "before", pairs_to_json(rules, &sent->before, unit));
    if (sent->is_half)
        (void)json_object_set_new(json, "half", json_true());
    return json;
}

static json_t *refusal_to_json(const struct duet_rules *rules, const struct duet_refusal *refusal)
{
    return json_pack("{s:s, s:o, s:s, s:o}", "target", side_names[refusal->target], "units",
                     units_to_json(rules, refusal->units), "sentence",
                     refusal->sentence ? refusal->sentence : "", "seen",
                     pairs_to_json(rules, &refusal->seen, ~(uint64_t)0));
}

static json_t *times_to_json(const struct duet_rules *rules, const struct duet_state *state)
{
    const struct duet_t_mapping *mapping = duet_mapping(rules->tables);
    json_t *times = json_object();
    for (uint32_t u = 0; u < mapping->units_count; u++) {
        const struct duet_change_time *left = &state->times[DUET_LEFT][u];
        const struct duet_change_time *right = &state->times[DUET_RIGHT][u];
        if (left->with || right->with)
            (void)json_object_set_new(
                times,
                duet_str(rules->tables, duet_unit_row(rules->tables, mapping->units + u)->name),
                json_pack("[I, I, I, I]", (json_int_t)left->without, (json_int_t)left->with,
                          (json_int_t)right->without, (json_int_t)right->with));
    }
    return times;
}

json_t *duet_state_to_json(const struct duet_rules *rules, const struct duet_state *state)
{
    json_t *sent = json_array();
    for (size_t i = 0; i < state->sent_count; i++)
        (void)json_array_append_new(sent, sent_to_json(rules, &state->sent[i]));
    json_t *refusals = json_array();
    for (size_t i = 0; i < state->refusal_count; i++)
        (void)json_array_append_new(refusals, refusal_to_json(rules, &state->refusals[i]));
    return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:[I, I]}", "version", 1, "base",
                     pairs_to_json(rules, &state->base, state->known), "sent", sent, "refused",
                     refusals, "last", pairs_to_json(rules, &state->last, ~(uint64_t)0), "changed",
                     times_to_json(rules, state), "modified", (json_int_t)state->last_modified[0],
                     (json_int_t)state->last_modified[1]);
}

/* One pair's [left, right]; false when they aren't there or aren't ours. */
static bool pair_from_json(const struct duet_rules *rules, uint32_t pair_index, const json_t *json,
                           struct duet_pairs *pairs, struct duet_arena *arena)
{
    const struct duet_t_mapping *mapping = duet_mapping(rules->tables);
    const struct duet_t_pair *pair = duet_pair_row(rules->tables, pair_index);
    const json_t *values = json_object_get(json, duet_str(rules->tables, pair->name));
    for (size_t side = 0; side < 2; side++) {
        uint32_t field = duet_pair_field(pair, (enum duet_side)side);
        struct duet_value value;
        if (duet_value_from_json(rules->tables, duet_field_row(rules->tables, field),
                                 json_array_get(values, side), arena, &value) != DUET_OK)
            return false;
        pairs->side[side][pair_index - mapping->pairs] = duet_value_resolve(rules, field, &value);
    }
    return true;
}

/* The units all of whose pairs are there. */
static uint64_t pairs_from_json(const struct duet_rules *rules, const json_t *json,
                                struct duet_pairs *pairs, struct duet_arena *arena)
{
    const struct duet_t_mapping *mapping = duet_mapping(rules->tables);
    uint64_t units = 0;
    for (uint32_t u = 0; u < mapping->units_count; u++) {
        const struct duet_t_unit *unit = duet_unit_row(rules->tables, mapping->units + u);
        bool whole = true;
        for (uint32_t p = unit->pairs; p < unit->pairs + unit->pairs_count; p++)
            whole = pair_from_json(rules, p, json, pairs, arena) && whole;
        if (whole)
            units |= duet_bit(u);
    }
    return units;
}

static uint64_t units_from_json(const struct duet_rules *rules, const json_t *names)
{
    const struct duet_t_mapping *mapping = duet_mapping(rules->tables);
    uint64_t units = 0;
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        for (uint32_t u = 0; name && u < mapping->units_count; u++) {
            if (strcmp(
                    duet_str(rules->tables, duet_unit_row(rules->tables, mapping->units + u)->name),
                    name) == 0)
                units |= duet_bit(u);
        }
    }
    return units;
}

static enum duet_side side_from_json(const json_t *json)
{
    const char *name = json_string_value(json);
    return name && strcmp(name, side_names[DUET_RIGHT]) == 0 ? DUET_RIGHT : DUET_LEFT;
}

static uint32_t lowest_unit(uint64_t units)
{
    uint32_t unit = 0;
    while (unit < 63 && !(units & duet_bit(unit)))
        unit++;
    return unit;
}

static void sent_from_json(const struct duet_rules *rules, const json_t *list,
                           struct duet_state *state, struct duet_arena *arena)
{
    state->sent = duet_arena_alloc_array(arena, json_array_size(list) + 1, sizeof *state->sent);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *json = json_array_get(list, i);
        struct duet_sent sent = { .was = duet_pairs_new(rules, arena),
                                  .before = duet_pairs_new(rules, arena) };
        const json_t *before = json_object_get(json, "before");
        uint64_t units = units_from_json(rules, json_object_get(json, "units"));
        sent.unit = lowest_unit(units);
        sent.target = side_from_json(json_object_get(json, "target"));
        sent.answered = json_is_true(json_object_get(json, "answered"));
        sent.sent_at = json_integer_value(json_object_get(json, "at"));
        sent.is_made = before == NULL;
        sent.is_half = json_is_true(json_object_get(json, "half"));
        (void)pairs_from_json(rules, before, &sent.before, arena);
        if (units &&
            (pairs_from_json(rules, json_object_get(json, "was"), &sent.was, arena) & units))
            state->sent[state->sent_count++] = sent;
    }
}

static void refusals_from_json(const struct duet_rules *rules, const json_t *list,
                               struct duet_state *state, struct duet_arena *arena)
{
    state->refusals =
        duet_arena_alloc_array(arena, json_array_size(list) + 1, sizeof *state->refusals);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *json = json_array_get(list, i);
        struct duet_refusal refusal = { .seen = duet_pairs_new(rules, arena) };
        const char *sentence = json_string_value(json_object_get(json, "sentence"));
        refusal.target = side_from_json(json_object_get(json, "target"));
        refusal.units = units_from_json(rules, json_object_get(json, "units"));
        refusal.sentence = sentence ? duet_arena_copy_text(arena, sentence, strlen(sentence)) : "";
        uint64_t seen = pairs_from_json(rules, json_object_get(json, "seen"), &refusal.seen, arena);
        if (refusal.units && (seen & refusal.units) == refusal.units)
            state->refusals[state->refusal_count++] = refusal;
    }
}

static void times_from_json(const struct duet_rules *rules, const json_t *json,
                            struct duet_state *state)
{
    const struct duet_t_mapping *mapping = duet_mapping(rules->tables);
    for (uint32_t u = 0; u < mapping->units_count; u++) {
        const json_t *times = json_object_get(
            json, duet_str(rules->tables, duet_unit_row(rules->tables, mapping->units + u)->name));
        for (size_t side = 0; side < 2; side++) {
            state->times[side][u].without = json_integer_value(json_array_get(times, side * 2));
            state->times[side][u].with = json_integer_value(json_array_get(times, side * 2 + 1));
        }
    }
}

enum duet_status duet_state_from_json(const struct duet_rules *rules, const json_t *json,
                                      struct duet_arena *arena, struct duet_state **state_out)
{
    if (json_integer_value(json_object_get(json, "version")) != 1)
        return DUET_INVALID;
    struct duet_state *state = duet_state_new(rules, arena);
    state->known = pairs_from_json(rules, json_object_get(json, "base"), &state->base, arena);
    (void)pairs_from_json(rules, json_object_get(json, "last"), &state->last, arena);
    sent_from_json(rules, json_object_get(json, "sent"), state, arena);
    refusals_from_json(rules, json_object_get(json, "refused"), state, arena);
    times_from_json(rules, json_object_get(json, "changed"), state);
    for (size_t side = 0; side < 2; side++)
        state->last_modified[side] =
            json_integer_value(json_array_get(json_object_get(json, "modified"), side));
    *state_out = state;
    return DUET_OK;
}
