/* The engine is killed at each write of the demo's story: before the server applied it, after, and after it answered. Started again, it
 * ends with the same records, and no note stands twice. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lab/story.h"
#include "tests/support/http_case.h"

enum { STEPS_MAX = 32, WRITES_MAX = 16, KILLED = 128 + 9, ROUNDS = 2, ROUNDS_AFTER_A_CRASH = 3 };

/* One write of a step: the nth of its kind since the step began. */
struct write {
    bool to_siem;
    char kind[48];
    int nth;
};

struct script {
    struct write writes[STEPS_MAX][WRITES_MAX];
    size_t counts[STEPS_MAX];
};

static const char *const KINDS[] = { "write incident",      "add note",
                                     "CreateAnIncident",    "UpdateDynamicFieldsByNumberInBulk",
                                     "CloseIncidentInBulk", "SetIncidentFieldsInBulk",
                                     "SetIncidentFieldHTML" };

/* The writes of a step's first round, in any order that keeps each kind's. */
static void note_writes(struct story *story, struct script *script, size_t step)
{
    for (int side = 0; side < 2; side++) {
        struct lab_system *system = side == 0 ? &story->lab.siem : &story->lab.soar;
        for (size_t k = 0; k < sizeof(KINDS) / sizeof(KINDS[0]); k++) {
            long count = lab_count(system, KINDS[k]);
            for (int nth = 1; nth <= count && script->counts[step] < WRITES_MAX; nth++) {
                struct write *write = &script->writes[step][script->counts[step]++];
                *write = (struct write){ .to_siem = side == 0, .nth = nth };
                snprintf(write->kind, sizeof(write->kind), "%s", KINDS[k]);
            }
        }
    }
}

static void open_story(struct story *story)
{
    *story = (struct story){ 0 };
    lab_open(&story->lab, &(struct lab_options){ .tenants = 2 });
}

static char *add_line(char *stolen_all, char *stolen_line)
{
    char *more = lab_format("%s%s\n", stolen_all, stolen_line);
    free(stolen_all);
    free(stolen_line);
    return more;
}

/* Both systems' records without what a time or an order of writing decides. */
static char *state_of(struct story *story)
{
    char *all = lab_copy("");
    for (int i = 0; i < STORY_INCIDENTS; i++) {
        const struct lab_incident *incident = &story->incidents[i];
        all = add_line(all, lab_copy(lab_both(&story->lab, incident)));
        const json_t *siem = lab_siem_record(&story->lab, incident);
        all = add_line(all, lab_format("  %s, %s, %zu comments",
                                       lab_text_at(siem, "properties.severity"),
                                       lab_text_at(siem, "properties.owner.assignedTo"),
                                       json_array_size(lab_at(siem, "comments"))));
        const json_t *soar = lab_soar_record(&story->lab, incident);
        all = add_line(all, lab_format("  %s, %s, %zu notes", lab_text_at(soar, "Severity"),
                                       lab_text_at(soar, "Owner"),
                                       json_array_size(lab_at(soar, "Notes"))));
    }
    return all;
}

static void expect_arrived(struct story *story, const struct story_step *step, const char *how)
{
    if (step->arrived(story))
        return;
    char *state = state_of(story);
    fail_msg("%s: '%s' did not arrive: %s\n%sduet said:\n%s", how, step->edit, step->arrives, state,
             story->lab.said);
}

static char *play_undisturbed(struct script *script)
{
    struct story story;
    open_story(&story);
    for (size_t i = 0; i < STORY_STEP_COUNT; i++) {
        if (STORY_STEPS[i].by_hook)
            continue;
        lab_reset_all_counts(&story.lab);
        STORY_STEPS[i].act(&story);
        lab_rounds(&story.lab, 1);
        note_writes(&story, script, i);
        lab_rounds(&story.lab, 1);
        expect_arrived(&story, &STORY_STEPS[i], "undisturbed");
    }
    char *state = state_of(&story);
    lab_close(&story.lab);
    return state;
}

/* The step with the engine killed at one of its writes. */
static void play_killed(struct story *story, const struct story_step *step,
                        const struct write *write, const char *how)
{
    struct lab_system *system = write->to_siem ? &story->lab.siem : &story->lab.soar;
    lab_reset_all_counts(&story->lab);
    step->act(story);
    lab_begin_once(&story->lab);
    lab_fault(system, json_pack("{s:s, s:i, s:s, s:i}", "kind", write->kind, "nth", write->nth,
                                "do", how, "pid", (int)story->lab.engine.pid));
    int status = lab_finish_once(&story->lab);
    /* An answer that was sent completely may be the last thing that it waited for. */
    if (status != KILLED && !(status == 0 && strcmp(how, "kill-answered") == 0))
        fail_msg("'%s' was to be killed at %s %d (%s) and ended with %d:\n%s", step->edit,
                 write->kind, write->nth, how, status, story->lab.said);
    lab_fault(system, NULL);
    lab_rounds(&story->lab, ROUNDS_AFTER_A_CRASH);
    expect_arrived(story, step, how);
}

/* The story once, each step killed at its `which`th write. False when no step has so many. */
static bool play_once(const struct script *script, const char *expected, size_t which,
                      const char *how)
{
    struct story story;
    bool killed = false;
    open_story(&story);
    for (size_t i = 0; i < STORY_STEP_COUNT; i++) {
        const struct story_step *step = &STORY_STEPS[i];
        if (step->by_hook)
            continue;
        if (which < script->counts[i]) {
            play_killed(&story, step, &script->writes[i][which], how);
            killed = true;
            continue;
        }
        step->act(&story);
        lab_rounds(&story.lab, ROUNDS);
        expect_arrived(&story, step, how);
    }
    char *state = state_of(&story);
    assert_string_equal(state, expected);
    lab_quiet(&story.lab, 2);
    free(state);
    lab_close(&story.lab);
    return killed;
}

static void play_all(const char *how)
{
    struct script script = { 0 };
    lab_on_failure = http_fail;
    char *expected = play_undisturbed(&script);
    for (size_t which = 0; play_once(&script, expected, which, how); which++) {}
    free(expected);
}

static void killed_before_a_write_is_applied(void **data)
{
    (void)data;
    play_all("kill-before");
}

static void killed_when_a_write_was_applied(void **data)
{
    (void)data;
    play_all("kill-applied");
}

static void killed_when_a_write_was_answered(void **data)
{
    (void)data;
    play_all("kill-answered");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_before_a_write_is_applied),
        cmocka_unit_test(killed_when_a_write_was_applied),
        cmocka_unit_test(killed_when_a_write_was_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
