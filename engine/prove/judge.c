#include "engine/prove/judge.h"

#include <string.h>

/* --- words ----------------------------------------------------------------------------------------------- */

static const struct duet_tables *tables_of(const struct duet_judge *judge)
{
    return judge->play->rules->tables;
}

static const struct duet_t_unit *unit_row(const struct duet_judge *judge, uint32_t unit)
{
    return duet_unit_row(tables_of(judge), duet_mapping(tables_of(judge))->units + unit);
}

static const char *side_name(const struct duet_judge *judge, enum duet_side side)
{
    return duet_str(tables_of(judge), duet_side_row(tables_of(judge), side)->name);
}

static int side_named(const struct duet_judge *judge, const char *name)
{
    for (uint32_t side = 0; side < 2; side++) {
        if (strcmp(side_name(judge, (enum duet_side)side), name) == 0)
            return (int)side;
    }
    return -1;
}

static const char *outcome_of(const struct duet_judge *judge, const struct duet_move *move)
{
    struct duet_arena *arena = judge->play->arena;
    const char *from = side_name(judge, move->from);
    switch (move->decision) {
    case DUET_NOTHING:
        return "nothing was done about it";
    case DUET_ABSORBED:
        return "both sides agree";
    case DUET_MOVES:
        return duet_arena_format(arena, "went from %s to %s%s", from,
                                 side_name(judge, duet_other(move->from)),
                                 move->first_contact ? " at first contact"
                                 : move->conflict    ? ", both had changed"
                                                     : "");
    case DUET_PENDING:
        return duet_arena_format(arena, "changed in %s, and no trigger releases it", from);
    case DUET_HELD:
        return duet_arena_format(arena, "is held: %s", move->sentence ? move->sentence : "?");
    case DUET_SHOWN:
        return duet_arena_format(arena, "changed in %s, which nobody reads", from);
    case DUET_FROZEN:
        return "is frozen: a record was merged";
    case DUET_EMPTIED:
        return "was cleared";
    case DUET_DECISIONS:
        break;
    }
    return "?";
}

const char *duet_judge_move(const struct duet_judge *judge, uint32_t unit)
{
    struct duet_arena *arena = judge->play->arena;
    const struct duet_move *move = &judge->play->moves[unit];
    const struct duet_t_unit *row = unit_row(judge, unit);
    const struct duet_t_trigger *trigger = duet_trigger_row(tables_of(judge), move->trigger);
    const char *text = duet_arena_format(
        arena, "%s %s, by %s:%u", duet_str(tables_of(judge), row->name), outcome_of(judge, move),
        duet_str(tables_of(judge), row->file), row->line);
    if (trigger)
        text = duet_arena_format(arena, "%s and the trigger in line %u", text, trigger->line);
    return text;
}

/* The unit that a side's field belongs to; DUET_NONE. */
static uint32_t unit_of_field(const struct duet_judge *judge, enum duet_side side, uint32_t field)
{
    const struct duet_tables *tables = tables_of(judge);
    uint32_t index = duet_side_row(tables, side)->fields + field;
    for (uint32_t u = 0; u < duet_mapping(tables)->units_count; u++) {
        const struct duet_t_unit *row = unit_row(judge, u);
        for (uint32_t p = row->pairs; p < row->pairs + row->pairs_count; p++) {
            if (duet_pair_field(duet_pair_row(tables, p), side) == index)
                return u;
        }
    }
    return DUET_NONE;
}

static struct duet_diag *fail(const struct duet_judge *judge, struct duet_span at,
                              const char *message)
{
    return duet_diag_add(judge->failures, DUET_DIAG_TEST_FAILED, at, "%s", message);
}

/* The sentence of whatever holds something back; NULL. */
static const char *held_by(const struct duet_judge *judge, const char *words)
{
    const struct duet_play *play = judge->play;
    const char *found = NULL;
    if (play->creation_held)
        found = play->creation_held;
    else if (play->last && play->last->quarantined)
        found = play->last->sentence;
    if (found && (!words || strstr(found, words)))
        return found;
    for (uint32_t u = 0; play->last && u < duet_mapping(tables_of(judge))->units_count; u++) {
        const struct duet_move *move = &play->last->moves[u];
        if (move->decision == DUET_HELD && move->sentence &&
            (!words || strstr(move->sentence, words)))
            return move->sentence;
    }
    return NULL;
}

/* --- records --------------------------------------------------------------------------------------------- */

static void judge_assign(const struct duet_judge *judge, enum duet_side side,
                         const struct duet_ast_assign *assign)
{
    struct duet_arena *arena = judge->play->arena;
    struct duet_error error = { "" };
    struct duet_value expected;
    uint32_t field = duet_written_field(judge->written, side, assign->path);
    if (field == DUET_NONE || !assign->value)
        return; /* the checker said so */
    if (duet_written_read(judge->written, side, field, assign->value, &expected, &error) !=
        DUET_OK) {
        fail(judge, assign->value->at, error.text);
        return;
    }
    const struct duet_play_watcher *watcher = &judge->play->watcher;
    if (watcher->judged_field)
        watcher->judged_field(watcher->data, side, field);
    const struct duet_value *is = &judge->play->record[side].values[field];
    if (duet_value_equal(&expected, is))
        return;
    const char *shown = duet_written_show(judge->written, side, field, is);
    struct duet_diag *failure = fail(
        judge, assign->at,
        duet_arena_format(arena, "%s.%s is %s, not %s", side_name(judge, side), assign->path->text,
                          shown, duet_written_show(judge->written, side, field, &expected)));
    duet_diag_label(failure, "it is %s", shown);
    uint32_t unit = unit_of_field(judge, side, field);
    if (unit != DUET_NONE)
        duet_diag_fact(failure, "because", "%s", duet_judge_move(judge, unit));
}

static unsigned standing(const struct duet_judge *judge, enum duet_side side, const char *text)
{
    unsigned count = 0;
    for (const struct duet_play_note *note = judge->play->notes; note; note = note->next)
        count += note->stands[side] && strcmp(note->text, text) == 0;
    return count;
}

static void judge_notes(const struct duet_judge *judge, enum duet_side side,
                        const struct duet_ast_name_item_list *notes)
{
    const struct duet_play_watcher *watcher = &judge->play->watcher;
    if (notes->first && watcher->judged_note)
        watcher->judged_note(watcher->data, side);
    for (const struct duet_ast_name_item *item = notes->first; item; item = item->next) {
        unsigned expected = 0;
        for (const struct duet_ast_name_item *same = notes->first; same; same = same->next)
            expected += strcmp(same->name.text, item->name.text) == 0;
        unsigned count = standing(judge, side, item->name.text);
        if (count == 0)
            fail(judge, item->name.at,
                 duet_arena_format(judge->play->arena, "this note doesn't stand in %s",
                                   side_name(judge, side)));
        else if (count != expected)
            fail(judge, item->name.at,
                 duet_arena_format(judge->play->arena, "this note stands in %s %u times",
                                   side_name(judge, side), count));
    }
}

static void judge_record(const struct duet_judge *judge, const struct duet_ast_test_step *step)
{
    int side = side_named(judge, step->name.text);
    if (side < 0)
        return;
    if (!judge->play->exists[side]) {
        struct duet_diag *failure = fail(
            judge, step->name.at,
            duet_arena_format(judge->play->arena, "there is no record in %s", step->name.text));
        if (judge->play->creation_held)
            duet_diag_fact(failure, "because", "%s", judge->play->creation_held);
        return;
    }
    for (const struct duet_ast_assign *assign = step->assigns.first; assign; assign = assign->next)
        judge_assign(judge, (enum duet_side)side, assign);
    judge_notes(judge, (enum duet_side)side, &step->notes);
}

/* --- what was done --------------------------------------------------------------------------------------- */

static const char *counted(const struct duet_judge *judge)
{
    const unsigned *writes = judge->play->writes;
    return duet_arena_format(judge->play->arena, "%u to %s, %u to %s", writes[DUET_LEFT],
                             side_name(judge, DUET_LEFT), writes[DUET_RIGHT],
                             side_name(judge, DUET_RIGHT));
}

static void add_moves(const struct duet_judge *judge, struct duet_diag *failure)
{
    for (uint32_t u = 0; u < duet_mapping(tables_of(judge))->units_count; u++) {
        enum duet_decision decision = judge->play->moves[u].decision;
        if (decision != DUET_NOTHING && decision != DUET_ABSORBED)
            duet_diag_fact(failure, "because", "%s", duet_judge_move(judge, u));
    }
}

static void judge_writes(const struct duet_judge *judge, const struct duet_ast_test_step *step)
{
    const struct duet_play *play = judge->play;
    int side = step->name.text ? side_named(judge, step->name.text) : -1;
    unsigned count =
        side < 0 ? play->writes[DUET_LEFT] + play->writes[DUET_RIGHT] : play->writes[side];
    if ((int64_t)count == step->writes.value)
        return;
    struct duet_diag *failure =
        fail(judge, step->at,
             duet_arena_format(play->arena, "%u write%s, not %lld", count, count == 1 ? "" : "s",
                               (long long)step->writes.value));
    duet_diag_label(failure, "there were %s", counted(judge));
    add_moves(judge, failure);
}

static void judge_nothing(const struct duet_judge *judge, const struct duet_ast_test_step *step)
{
    const struct duet_play *play = judge->play;
    if (!play->writes[DUET_LEFT] && !play->writes[DUET_RIGHT] && !play->notes_added)
        return;
    struct duet_diag *failure = fail(judge, step->at, "something was written");
    duet_diag_label(failure, "there were %s, and %u notes", counted(judge), play->notes_added);
    add_moves(judge, failure);
}

static void judge_no_hold(const struct duet_judge *judge, const struct duet_ast_test_step *step)
{
    const char *sentence = held_by(judge, NULL);
    if (!sentence)
        return;
    struct duet_diag *failure = fail(judge, step->at, "something is held");
    duet_diag_label(failure, "it is: %s", sentence);
    add_moves(judge, failure);
}

static void judge_hold(const struct duet_judge *judge, const struct duet_ast_test_step *step)
{
    if (held_by(judge, step->text.text))
        return;
    const char *other = held_by(judge, NULL);
    struct duet_diag *failure =
        fail(judge, step->at, other ? "another reason holds" : "nothing is held");
    if (other)
        duet_diag_label(failure, "it is: %s", other);
    add_moves(judge, failure);
}

static uint32_t unit_named(const struct duet_judge *judge, const char *name)
{
    for (uint32_t u = 0; u < duet_mapping(tables_of(judge))->units_count; u++) {
        if (strcmp(duet_str(tables_of(judge), unit_row(judge, u)->name), name) == 0)
            return u;
    }
    return DUET_NONE;
}

static bool is_pending(const struct duet_judge *judge, uint32_t unit)
{
    return judge->play->last && judge->play->last->moves[unit].decision == DUET_PENDING;
}

static bool was_conflict(const struct duet_judge *judge, uint32_t unit)
{
    const struct duet_play *play = judge->play;
    bool undecided = play->last && play->last->moves[unit].decision == DUET_HELD &&
                     play->last->moves[unit].conflict;
    return undecided || (play->conflicts & duet_bit(unit)) != 0;
}

static void judge_units(const struct duet_judge *judge, const struct duet_ast_test_step *step,
                        bool (*holds)(const struct duet_judge *, uint32_t), const char *what)
{
    for (const struct duet_ast_name_item *item = step->fields.first; item; item = item->next) {
        uint32_t unit = unit_named(judge, item->name.text);
        if (unit == DUET_NONE || holds(judge, unit))
            continue;
        struct duet_diag *failure =
            fail(judge, item->name.at,
                 duet_arena_format(judge->play->arena, "%s %s", item->name.text, what));
        duet_diag_fact(failure, "because", "%s", duet_judge_move(judge, unit));
    }
}

static void judge_no_units(const struct duet_judge *judge, const struct duet_ast_test_step *step,
                           bool (*holds)(const struct duet_judge *, uint32_t), const char *what)
{
    for (uint32_t u = 0; u < duet_mapping(tables_of(judge))->units_count; u++) {
        if (!holds(judge, u))
            continue;
        struct duet_diag *failure =
            fail(judge, step->at,
                 duet_arena_format(judge->play->arena, "%s %s",
                                   duet_str(tables_of(judge), unit_row(judge, u)->name), what));
        duet_diag_fact(failure, "because", "%s", duet_judge_move(judge, u));
        return;
    }
}

static void judge_conflicts(const struct duet_judge *judge, const struct duet_ast_test_step *step)
{
    const struct duet_play_watcher *watcher = &judge->play->watcher;
    for (const struct duet_ast_name_item *item = step->fields.first; item; item = item->next) {
        uint32_t unit = unit_named(judge, item->name.text);
        if (unit != DUET_NONE && watcher->judged_conflict)
            watcher->judged_conflict(watcher->data, unit);
    }
    judge_units(judge, step, was_conflict, "was no conflict");
}

void duet_judge_step(const struct duet_judge *judge, const struct duet_ast_test_step *step)
{
    switch (step->kind) {
    case DUET_AST_STEP_EXPECT:
        judge_record(judge, step);
        return;
    case DUET_AST_STEP_EXPECT_WRITES:
        judge_writes(judge, step);
        return;
    case DUET_AST_STEP_EXPECT_HOLD:
        if (step->no)
            judge_no_hold(judge, step);
        else
            judge_hold(judge, step);
        return;
    case DUET_AST_STEP_EXPECT_PENDING:
        if (step->no)
            judge_no_units(judge, step, is_pending, "is pending");
        else
            judge_units(judge, step, is_pending, "isn't pending");
        return;
    case DUET_AST_STEP_EXPECT_CONFLICT:
        if (step->no)
            judge_no_units(judge, step, was_conflict, "was a conflict");
        else
            judge_conflicts(judge, step);
        return;
    case DUET_AST_STEP_EXPECT_NOTHING:
        judge_nothing(judge, step);
        return;
    case DUET_AST_STEP_GIVEN:
    case DUET_AST_STEP_GIVEN_TABLE:
    case DUET_AST_STEP_FORALL:
    case DUET_AST_STEP_WHEN:
    case DUET_AST_STEP_WHEN_SIGNAL:
        return;
    }
}
