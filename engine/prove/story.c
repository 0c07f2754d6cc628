#include "engine/prove/story.h"

#include <string.h>

struct story {
    const struct duet_ast_test *test;
    struct duet_play play;
    struct duet_written written;
    struct duet_judge judge;
    uint64_t given[2]; /* fields that the test gives, by number */
    bool stopped;
};

static struct duet_diag *fail(struct story *story, struct duet_span at, const char *message)
{
    return duet_diag_add(story->judge.failures, DUET_DIAG_TEST_FAILED, at, "%s", message);
}

static int side_named(const struct story *story, const char *name)
{
    const struct duet_tables *tables = story->play.rules->tables;
    for (uint32_t side = 0; side < 2; side++) {
        if (strcmp(duet_str(tables, duet_side_row(tables, side)->name), name) == 0)
            return (int)side;
    }
    return -1;
}

/* --- edits ----------------------------------------------------------------------------------------------- */

/* What a person writes into a side's record: the fields that were set. */
static uint64_t edit(struct story *story, enum duet_side side,
                     const struct duet_ast_test_step *step)
{
    uint64_t set = 0;
    for (const struct duet_ast_assign *assign = step->assigns.first; assign;
         assign = assign->next) {
        struct duet_error error = { "" };
        struct duet_value value;
        uint32_t field = duet_written_field(&story->written, side, assign->path);
        if (field == DUET_NONE || !assign->value)
            continue; /* the checker said so */
        if (duet_written_read(&story->written, side, field, assign->value, &value, &error) !=
            DUET_OK) {
            fail(story, assign->value->at, error.text);
            story->stopped = true;
            continue;
        }
        duet_play_edit(&story->play, side, field, &value);
        set |= duet_bit(field);
    }
    return set;
}

static void write_notes(struct story *story, enum duet_side side,
                        const struct duet_ast_test_step *step, bool old)
{
    for (const struct duet_ast_name_item *item = step->notes.first; item; item = item->next)
        duet_play_note(&story->play, side, item->name.text, old);
}

/* --- given ----------------------------------------------------------------------------------------------- */

static void give(struct story *story, const struct duet_ast_test_step *step)
{
    int side = side_named(story, step->name.text);
    if (side < 0)
        return;
    story->play.exists[side] = true;
    story->play.keeps_omitted[side] |= step->keeps_omitted;
    story->given[side] |= edit(story, (enum duet_side)side, step);
    write_notes(story, (enum duet_side)side, step, true);
}

/* What only one side was given, the other takes from it, where the two would then agree. */
static void take_over(struct story *story, uint32_t p, enum duet_side from)
{
    const struct duet_rules *rules = story->play.rules;
    const struct duet_t_pair *pair = duet_pair_row(rules->tables, p);
    enum duet_side to = duet_other(from);
    uint32_t source = duet_field_number(rules->tables, from, duet_pair_field(pair, from));
    uint32_t target = duet_field_number(rules->tables, to, duet_pair_field(pair, to));
    const struct duet_value *value = &story->play.record[from].values[source];
    struct duet_value made;
    if (!(story->given[from] & duet_bit(source)) || (story->given[to] & duet_bit(target)) ||
        duet_pair_convert(rules, pair, from, value, story->play.arena, &made) != DUET_CONVERTED)
        return;
    if (duet_pair_agree(rules, pair, from == DUET_LEFT ? value : &made,
                        from == DUET_LEFT ? &made : value, story->play.arena))
        duet_play_edit(&story->play, to, target, &made);
}

static void complete(struct story *story)
{
    const struct duet_t_mapping *mapping = duet_mapping(story->play.rules->tables);
    for (uint32_t p = mapping->pairs; p < mapping->pairs + mapping->pairs_count; p++) {
        take_over(story, p, DUET_LEFT);
        take_over(story, p, DUET_RIGHT);
    }
}

static void complain_of_rest(struct story *story, struct duet_span at)
{
    struct duet_diag *failure =
        fail(story, at,
             duet_arena_format(story->play.arena,
                               "it doesn't come to rest: still writing after %u plans",
                               DUET_PLAY_MAX_ROUNDS));
    for (uint32_t u = 0; u < duet_mapping(story->play.rules->tables)->units_count; u++) {
        if (story->play.moves[u].decision == DUET_MOVES)
            duet_diag_fact(failure, "because", "%s", duet_judge_move(&story->judge, u));
    }
    story->stopped = true;
}

static void settle(struct story *story, struct duet_span at)
{
    if (!duet_play_settle(&story->play))
        complain_of_rest(story, at);
    if (story->play.refused)
        fail(story, at,
             duet_arena_format(story->play.arena, "something was written that is refused: %s",
                               story->play.refused));
}

static bool is_expectation(const struct duet_ast_test_step *step)
{
    return step->kind != DUET_AST_STEP_WHEN && step->kind != DUET_AST_STEP_WHEN_SIGNAL;
}

/* Records that are given as they can't agree are linked for the first time: a test of that says what it expects of it. */
static void want_agreement(struct story *story, const struct duet_ast_test_step *next)
{
    const struct duet_play *play = &story->play;
    if (!next || is_expectation(next))
        return;
    for (uint32_t u = 0; play->last && u < duet_mapping(play->rules->tables)->units_count; u++) {
        if (!play->moves[u].first_contact)
            continue;
        struct duet_diag *failure =
            fail(story, next->at, "both sides aren't in agreement before this");
        duet_diag_fact(failure, "because", "%s", duet_judge_move(&story->judge, u));
        duet_diag_help(failure, "to test first contact, write `expect` before the first `when`");
        story->stopped = true;
        return;
    }
}

static bool begins(const struct duet_ast_test_step *step)
{
    return step->kind == DUET_AST_STEP_GIVEN || step->kind == DUET_AST_STEP_GIVEN_TABLE ||
           step->kind == DUET_AST_STEP_FORALL;
}

/* All that is given; returns the first step behind it. */
static const struct duet_ast_test_step *begin(struct story *story)
{
    const struct duet_ast_test_step *step = story->test->steps.first;
    for (; step && begins(step); step = step->next) {
        if (step->kind == DUET_AST_STEP_GIVEN)
            give(story, step);
    }
    bool both = story->play.exists[DUET_LEFT] && story->play.exists[DUET_RIGHT];
    if (!both && !story->play.exists[DUET_LEFT] && !story->play.exists[DUET_RIGHT]) {
        fail(story, story->test->name.at, "no record is given");
        story->stopped = true;
        return step;
    }
    if (both) {
        complete(story);
        duet_play_link(&story->play);
    }
    duet_play_begin(&story->play);
    settle(story, story->test->name.at);
    want_agreement(story, step);
    return step;
}

/* --- when ------------------------------------------------------------------------------------------------ */

static void raise_signal(struct story *story, const struct duet_ast_test_step *step)
{
    const struct duet_tables *tables = story->play.rules->tables;
    const struct duet_t_mapping *mapping = duet_mapping(tables);
    int side = side_named(story, step->name.text);
    for (uint32_t t = 0; t < mapping->triggers_count && t < 64; t++) {
        const struct duet_t_trigger *trigger = duet_trigger_row(tables, mapping->triggers + t);
        const char *signal = duet_opt_str(tables, trigger->signal);
        if (trigger->event == DUET_EVENT_SIGNAL && (int)trigger->side == side && signal &&
            strcmp(signal, step->text.text) == 0)
            story->play.signals |= duet_bit(t);
    }
}

/* `held`: why the record wasn't made; NULL: nothing was in the way. */
static void miss_record(struct story *story, struct duet_span at, const char *held)
{
    struct duet_diag *failure = fail(story, at, "there is no record to edit");
    if (held)
        duet_diag_fact(failure, "because", "%s", held);
    story->stopped = true;
}

static void happen(struct story *story, const struct duet_ast_test_step *step)
{
    const char *held = story->play.creation_held;
    duet_play_begin(&story->play);
    if (step->kind == DUET_AST_STEP_WHEN_SIGNAL)
        raise_signal(story, step);
    for (const struct duet_ast_test_step *part = step; step->kind == DUET_AST_STEP_WHEN && part;
         part = part->with) {
        int side = side_named(story, part->name.text);
        if (side < 0)
            continue;
        if (!story->play.exists[side]) {
            miss_record(story, part->name.at, held);
            return;
        }
        if (part->is_later && story->play.state)
            duet_play_look(&story->play, (enum duet_side)side);
        (void)edit(story, (enum duet_side)side, part);
        write_notes(story, (enum duet_side)side, part, false);
    }
    settle(story, step->at);
}

void duet_story_run(const struct duet_ast_test *test, const struct duet_cast *cast,
                    const struct duet_binding *bindings, struct duet_play_watcher watcher,
                    struct duet_diags *failures, struct duet_arena *arena)
{
    struct story story = { .test = test };
    duet_play_init(&story.play, &cast->rules, arena);
    story.play.watcher = watcher;
    story.written = (struct duet_written){
        .rules = &cast->rules, .arena = arena, .cast = cast->rows, .bindings = bindings
    };
    story.judge =
        (struct duet_judge){ .play = &story.play, .written = &story.written, .failures = failures };
    const struct duet_ast_test_step *step = begin(&story);
    for (; step && !story.stopped; step = step->next) {
        if (step->kind == DUET_AST_STEP_WHEN || step->kind == DUET_AST_STEP_WHEN_SIGNAL)
            happen(&story, step);
        else
            duet_judge_step(&story.judge, step);
    }
}
