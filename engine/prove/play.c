#include "engine/prove/play.h"

#include <assert.h>
#include <string.h>

#include "engine/prove/step.h"

#define TICKS_OF_MS 10000

void duet_play_init(struct duet_play *play, const struct duet_rules *rules,
                    struct duet_arena *arena)
{
    *play = (struct duet_play){ .rules = rules, .arena = arena };
    for (uint32_t side = 0; side < 2; side++) {
        uint32_t count = duet_side_row(rules->tables, side)->fields_count;
        play->record[side].values =
            duet_arena_alloc_array(arena, count + 1U, sizeof *play->record[side].values);
    }
    duet_play_begin(play);
}

/* --- people ---------------------------------------------------------------------------------------------- */

/* The record's values are never changed in place: plans point into them. */
static void own_values(struct duet_play *play, enum duet_side side, const struct duet_value *from)
{
    uint32_t count = duet_side_row(play->rules->tables, side)->fields_count;
    struct duet_value *values = duet_arena_alloc_array(play->arena, count + 1U, sizeof *values);
    if (count)
        memcpy(values, from, count * sizeof *values);
    play->record[side].values = values;
}

static void touch(struct duet_play *play, enum duet_side side)
{
    uint32_t modified = duet_side_row(play->rules->tables, side)->modified;
    play->record[side].modified = play->now;
    if (modified != DUET_NONE)
        play->record[side].values[duet_field_number(play->rules->tables, side, modified)] =
            (struct duet_value){ .kind = DUET_VALUE_TIME, .number = play->now };
}

void duet_play_edit(struct duet_play *play, enum duet_side side, uint32_t field,
                    const struct duet_value *value)
{
    own_values(play, side, play->record[side].values);
    touch(play, side);
    play->record[side].values[field] = *value;
    const struct duet_t_side *row = duet_side_row(play->rules->tables, side);
    if (value->kind == DUET_VALUE_TIME && row->modified == row->fields + field)
        play->record[side].modified = value->number;
}

void duet_play_note(struct duet_play *play, enum duet_side side, const char *text, bool old)
{
    struct duet_play_note *note = duet_arena_alloc(play->arena, sizeof *note);
    note->text = text;
    note->side = side;
    note->old = old;
    note->stands[side] = true;
    note->next = play->notes;
    play->notes = note;
}

void duet_play_link(struct duet_play *play)
{
    play->state = duet_state_new(play->rules, play->arena);
}

void duet_play_begin(struct duet_play *play)
{
    uint32_t units = duet_mapping(play->rules->tables)->units_count;
    play->last = NULL;
    play->writes[DUET_LEFT] = play->writes[DUET_RIGHT] = 0;
    play->notes_added = 0;
    play->conflicts = 0;
    play->creation_held = NULL;
    play->refused = NULL;
    play->moves = duet_arena_alloc_array(play->arena, units + 1U, sizeof *play->moves);
    for (uint32_t u = 0; u < units; u++)
        play->moves[u] = (struct duet_move){ .unit = u, .trigger = DUET_NONE };
    play->now++;
    if (play->watcher.begun)
        play->watcher.begun(play->watcher.data);
}

/* --- systems --------------------------------------------------------------------------------------------- */

/* The system takes the write; one that keeps omitted fields can't lose a value. */
static void serve(struct duet_play *play, enum duet_side side, const struct duet_value *after)
{
    const struct duet_value *before = play->record[side].values;
    uint32_t count = duet_side_row(play->rules->tables, side)->fields_count;
    own_values(play, side, after);
    for (uint32_t i = 0; i < count && play->keeps_omitted[side]; i++) {
        if (duet_value_missing(&play->record[side].values[i]))
            play->record[side].values[i] = before[i];
    }
    touch(play, side);
}

/* By the system's own rules, of what was written and what stood there: the planner should have known. */
static bool refuses(struct duet_play *play, enum duet_side side, struct duet_result *result)
{
    const char *sentence =
        duet_step_refusal(play->rules, play->last, side, play->record[side].values, play->arena);
    if (!sentence)
        return false;
    play->refused = sentence;
    result->taken = DUET_REFUSED;
    result->sentence = sentence;
    return true;
}

static struct duet_result write_to(struct duet_play *play, enum duet_side target)
{
    struct duet_result result = { .taken = DUET_NOT_WRITTEN, .sent_at = ++play->now };
    enum duet_serving serving = play->serving[target];
    const struct duet_value *after = play->last->after[target];
    if (!play->last->fields[target])
        return result;
    play->serving[target] = DUET_SERVING_ANSWERS;
    if (serving == DUET_SERVING_IS_DOWN) {
        result.taken = DUET_FAILED_TO;
        return result;
    }
    play->writes[target]++;
    if (refuses(play, target, &result))
        return result;
    if (serving == DUET_SERVING_ANSWERS || serving == DUET_SERVING_SAYS_YES ||
        serving == DUET_SERVING_LOSES_REPLY)
        serve(play, target, after);
    switch (serving) {
    case DUET_SERVING_ANSWERS:
        result.taken = DUET_TAKEN;
        result.shows = &play->record[target];
        break;
    case DUET_SERVING_SAYS_YES:
    case DUET_SERVING_PRETENDS:
        result.taken = DUET_TAKEN;
        break;
    case DUET_SERVING_TURNS_DOWN:
        result.taken = DUET_REFUSED;
        result.sentence = "the server says no";
        break;
    case DUET_SERVING_LOSES_REPLY:
    case DUET_SERVING_LOSES_REQUEST:
        result.taken = DUET_LOST;
        break;
    case DUET_SERVING_IS_DOWN:
        break;
    }
    return result;
}

/* --- notes ----------------------------------------------------------------------------------------------- */

static bool notes_go(const struct duet_play *play, enum duet_side from)
{
    const struct duet_tables *tables = play->rules->tables;
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    const struct duet_t_note_pair *pair = duet_note_pair_row(tables, mapping->notes);
    if (!pair || (pair->direction == DUET_TO_RIGHT && from == DUET_RIGHT) ||
        (pair->direction == DUET_TO_LEFT && from == DUET_LEFT))
        return false;
    return play->last->notes_by[from] != DUET_NONE;
}

/* Each note stands on the other side once. */
static void carry_notes(struct duet_play *play)
{
    const struct duet_tables *tables = play->rules->tables;
    const struct duet_t_note_pair *pair = duet_note_pair_row(tables, duet_mapping(tables)->notes);
    for (struct duet_play_note *note = play->notes; pair && note; note = note->next) {
        enum duet_side other = duet_other(note->side);
        if (note->stands[other] || (note->old && !pair->from_all) || !notes_go(play, note->side))
            continue;
        note->stands[other] = true;
        play->notes_added++;
        if (play->watcher.noted)
            play->watcher.noted(play->watcher.data, note->side, play->last->notes_by[note->side]);
    }
}

/* --- the engine ------------------------------------------------------------------------------------------ */

/* As the store keeps it. */
static void keep_state(struct duet_play *play)
{
    json_t *json = duet_state_to_json(play->rules, play->state);
    enum duet_status status = duet_state_from_json(play->rules, json, play->arena, &play->state);
    assert(status == DUET_OK);
    (void)status;
    json_decref(json);
}

static bool did_something(const struct duet_move *move)
{
    return move->decision != DUET_NOTHING && move->decision != DUET_ABSORBED;
}

static void note_moves(struct duet_play *play)
{
    for (uint32_t u = 0; u < duet_mapping(play->rules->tables)->units_count; u++) {
        const struct duet_move *move = &play->last->moves[u];
        if (move->conflict && move->decision == DUET_MOVES)
            play->conflicts |= duet_bit(u);
        if (did_something(move) || !did_something(&play->moves[u]))
            play->moves[u] = *move;
    }
}

/* Or nothing was to be written. */
static bool went_through(const struct duet_result *result)
{
    return result->taken != DUET_REFUSED && result->taken != DUET_FAILED_TO;
}

void duet_play_round(struct duet_play *play)
{
    const struct duet_record *const record[2] = { &play->record[DUET_LEFT],
                                                  &play->record[DUET_RIGHT] };
    play->now++;
    const int64_t read_at[2] = { play->now, play->now };
    bool fresh = duet_state_settle(play->rules, play->state, record, read_at, play->arena);
    assert(fresh); /* each read is later than what was written before */
    (void)fresh;
    const struct duet_plan_input input = { .rules = play->rules,
                                           .record = { record[0], record[1] },
                                           .state = play->state,
                                           .signals = play->signals };
    play->last = duet_plan(&input, play->arena);
    note_moves(play);
    struct duet_result results[2] = { { .taken = DUET_NOT_WRITTEN },
                                      { .taken = DUET_NOT_WRITTEN } };
    enum duet_side first = play->last->first;
    results[first] = write_to(play, first);
    if (duet_plan_goes_on(play->rules, play->last, &results[first], play->arena))
        results[duet_other(first)] = write_to(play, duet_other(first));
    if (play->watcher.planned)
        play->watcher.planned(play->watcher.data, play->last, results);
    play->state = duet_plan_record(play->rules, play->last, results, play->arena);
    if (went_through(&results[DUET_LEFT]) && went_through(&results[DUET_RIGHT]))
        play->signals &= ~play->last->signals_done;
    keep_state(play);
    carry_notes(play);
}

void duet_play_look(struct duet_play *play, enum duet_side later)
{
    play->now += 1 + (int64_t)duet_mapping(play->rules->tables)->skew_ms * TICKS_OF_MS;
    own_values(play, later, play->record[later].values);
    touch(play, later);
    for (uint32_t side = 0; side < 2; side++)
        play->serving[side] = DUET_SERVING_IS_DOWN;
    duet_play_round(play);
    for (uint32_t side = 0; side < 2; side++)
        play->serving[side] = DUET_SERVING_ANSWERS;
    play->now++;
}

/* A record without partner gets one when the mapping says so. */
static void create_partner(struct duet_play *play)
{
    enum duet_side origin = play->exists[DUET_LEFT] ? DUET_LEFT : DUET_RIGHT;
    enum duet_side target = duet_other(origin);
    struct duet_new_record created;
    play->creation_held = NULL;
    if (play->state || !play->exists[origin] ||
        !duet_plan_creation(play->rules, target, &play->record[origin], play->arena, &created))
        return;
    play->creation_held = created.held;
    if (created.held)
        return;
    play->writes[target]++;
    play->exists[target] = true;
    own_values(play, target, created.values);
    play->now++;
    touch(play, target);
    if (play->watcher.created)
        play->watcher.created(play->watcher.data, target, &play->record[origin], &created);
    play->state = duet_state_created(play->rules, target, &play->record[origin], &created,
                                     play->now, play->arena);
}

bool duet_play_settle(struct duet_play *play)
{
    create_partner(play);
    unsigned quiet = 0;
    for (unsigned round = 0; play->state && round < DUET_PLAY_MAX_ROUNDS && quiet < 2; round++) {
        duet_play_round(play);
        quiet = duet_changeset_quiet(play->last) ? quiet + 1 : 0;
    }
    return !play->state || quiet == 2;
}
