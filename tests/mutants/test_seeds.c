/* Mistakes in the shipped mapping: `duet check` names each by its code, and what it tells of them really goes wrong when they are run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "tests/lab/child.h"
#include "tests/lab/programs.h"
#include "tests/lab/text.h"
#include "tests/mutants/replay.h"
#include "tests/mutants/seeds.h"
#include "tests/support/http_case.h"
#include "tests/support/run_cli.h"

enum { CHECK_SECONDS = 300, SEEDS_OF_A_LAW = 3, OTHERS = 2 };

/* What `duet check` finds, new, by the program that also runs; `said_out` (to be freed): as it printed it. */
static json_t *check_by_program(const char *mapping, char **said_out)
{
    const char *const words[] = {
        lab_program("DUET_BIN", "duet"), "check", "--format", "json", mapping, NULL
    };
    char *out = lab_format("%s.found", mapping);
    char *err = lab_format("%s.said", mapping);
    struct lab_child child = { 0 };
    lab_child_start(&child, words, NULL, out, err);
    (void)lab_child_wait(&child, CHECK_SECONDS);
    lab_child_end(&child);
    *said_out = lab_read_file(out);
    unlink(out);
    unlink(err);
    free(out);
    free(err);
    return json_loads(*said_out, 0, NULL);
}

static bool is_meant(const json_t *finding, const struct seed *seed)
{
    if (strcmp(json_string_value(json_object_get(finding, "code")), seed->code) != 0)
        return false;
    char *unit = lab_format("'%s'", seed->unit ? seed->unit : "");
    bool is_of_unit =
        !seed->unit || strstr(json_string_value(json_object_get(finding, "message")), unit);
    free(unit);
    return is_of_unit;
}

/* The finding that the seed means, new; NULL and `others_out` (to be freed) says what was found instead. */
static json_t *finding_of(const char *mapping, const struct seed *seed, char **others_out)
{
    json_t *findings = check_by_program(mapping, others_out);
    json_t *found = NULL;
    for (size_t i = 0; i < json_array_size(findings) && !found; i++) {
        json_t *finding = json_array_get(findings, i);
        if (is_meant(finding, seed))
            found = json_incref(finding);
    }
    json_decref(findings);
    return found;
}

/* The mapping is checked and run by the engine with the seed's mistake; NULL: by the right one again. */
static void take_engine(const char *patch)
{
    static const char *right = NULL;
    if (!right)
        right = lab_copy(lab_program("DUET_BIN", "duet"));
    char *mistaken =
        patch ? lab_format("%s/tests/mutants/duet-%s", getenv("DUET_BUILD_DIR"), patch) : NULL;
    setenv("DUET_BIN", mistaken ? mistaken : right, 1);
    free(mistaken);
}

/* The engine names the same mistake as the check, at its place in the file. */
static void expect_refused(const struct seed *seed, const json_t *finding,
                           const struct replay *replay)
{
    char *where = lab_format(":%lld:", json_integer_value(json_object_get(finding, "line")));
    char *what = lab_format("error[%s]: %s\n", seed->code,
                            json_string_value(json_object_get(finding, "message")));
    if (!strstr(replay->said, what) || !strstr(replay->said, where))
        fail_msg("%s: the engine doesn't say why it doesn't start, but: %s", seed->name,
                 replay->said);
    free(what);
    free(where);
}

static bool winner_stands(const struct seed *seed, const json_t *story, const struct replay *replay)
{
    const char *later = json_string_value(json_object_get(story, "later"));
    const char *winner = seed->winner ? seed->winner : later;
    if (!winner)
        fail_msg("%s: a story that doesn't say whose edit is the later one", seed->name);
    return replay->is_edited[winner && strcmp(winner, "siem") == 0];
}

static void expect_wrong(const struct seed *seed, const json_t *story, const struct replay *replay)
{
    if (!replay->prepared && seed->wrong != SEED_RUNS_ON && seed->wrong != SEED_GONE)
        fail_msg("%s: the story's beginning isn't reached: %s", seed->name, replay->both);
    bool is_wrong = false;
    switch (seed->wrong) {
    case SEED_REFUSED:
        break;
    case SEED_RUNS_ON:
        is_wrong = replay->rounds > 2;
        break;
    case SEED_STAYS:
        is_wrong = replay->at_rest && !replay->agrees;
        break;
    case SEED_HELD:
        is_wrong = replay->at_rest && replay->is_held && !replay->agrees;
        break;
    case SEED_GONE:
        is_wrong = replay->at_rest && !(replay->is_edited[0] && replay->is_edited[1]);
        break;
    case SEED_NEXT_GONE:
        is_wrong = replay->at_rest && replay->agrees && !replay->keeps_status;
        break;
    case SEED_IN_VAIN:
        is_wrong = replay->in_vain > 0;
        break;
    case SEED_OTHER_WINS:
        is_wrong = replay->at_rest && !(replay->agrees && winner_stands(seed, story, replay));
        break;
    }
    if (!is_wrong)
        fail_msg("%s: nothing goes wrong: %u rounds wrote, %s; %s", seed->name, replay->rounds,
                 replay->at_rest ? "at rest" : "not at rest", replay->both);
}

static void expect_clean(const char *mapping)
{
    struct cli_result result =
        run_cli(NULL, "check", "--strict", "--format", "json", mapping, NULL);
    assert_string_equal(result.out, "[]\n");
    assert_int_equal(result.status, 0);
    cli_result_finish(&result);
}

/* The story, new; with a reason that the shipped form has for the class. */
static json_t *with_shipped_reason(const json_t *story)
{
    static const char *const REASONS[][2] = { { "TruePositive", "SuspiciousActivity" },
                                              { "BenignPositive", "SuspiciousButExpected" },
                                              { "FalsePositive", "IncorrectAlertLogic" } };
    static const char *const CLASS = "form.classification";
    json_t *told = json_deep_copy(story);
    json_t *edit = json_object_get(json_object_get(told, "edit"), "soar");
    const json_t *before = json_object_get(json_object_get(told, "before"), "soar");
    const json_t *chosen = json_object_get(edit, CLASS);
    const char *word = json_string_value(chosen ? chosen : json_object_get(before, CLASS));
    json_t *reason = json_null();
    for (size_t i = 0; word && i < sizeof(REASONS) / sizeof(REASONS[0]); i++)
        if (strcmp(REASONS[i][0], word) == 0)
            reason = json_string(REASONS[i][1]);
    json_object_set_new(edit, "form.reason", reason);
    return told;
}

/* The same story goes well where the mistake isn't made. */
static void expect_well(const struct seed *seed, const json_t *story)
{
    if (!replay_is_fair(story))
        return;
    json_t *told = seed->is_of_its_form ? with_shipped_reason(story) : json_deep_copy(story);
    char *folder = mutant_copy(seed->control);
    char *mapping = lab_format("%s/sentinel-smartsoar.duet", folder);
    take_engine(NULL);
    if (seed->control[0].file)
        expect_clean(mapping);
    struct replay replay = replay_story(&(struct replay_order){ .mapping = mapping,
                                                                .story = told,
                                                                .soar_switch = seed->soar_switch,
                                                                .status = seed->status });
    bool is_right_winner = seed->wrong != SEED_OTHER_WINS || winner_stands(seed, story, &replay);
    bool is_next_kept = !seed->status || replay.keeps_status;
    if (!replay.prepared || !replay.at_rest || !replay.agrees || replay.is_held ||
        replay.rounds > 2 || replay.in_vain || !is_right_winner || !is_next_kept)
        fail_msg("%s: without the mistake it fails, too: %u rounds wrote; %s", seed->name,
                 replay.rounds, replay.both);
    free(mapping);
    mutant_remove(folder);
    json_decref(told);
}

static void a_mistake_is_found_and_really_is_one(void **state)
{
    const struct seed *seed = *state;
    lab_on_failure = http_fail;
    char *folder = mutant_copy(seed->edits);
    char *mapping = lab_format("%s/sentinel-smartsoar.duet", folder);
    char *others = NULL;
    take_engine(seed->patch);
    json_t *finding = finding_of(mapping, seed, &others);
    if (!finding)
        fail_msg("%s: no %s but %s", seed->name, seed->code, others);
    const json_t *story = json_object_get(finding, "story");
    if (seed->wrong == SEED_IN_VAIN && !strstr(others, "is written though both sides agree"))
        fail_msg("%s: it isn't said that both sides agree: %s", seed->name, others);
    if (seed->wrong != SEED_REFUSED && !story)
        fail_msg("%s: a finding without a story: %s", seed->name, others);
    json_t *none = json_object();
    struct replay replay = replay_story(&(struct replay_order){ .mapping = mapping,
                                                                .story = story ? story : none,
                                                                .mark = seed->mark,
                                                                .soar_switch = seed->soar_switch,
                                                                .status = seed->status });
    assert_int_equal(replay.started, seed->wrong != SEED_REFUSED);
    if (replay.started) {
        expect_wrong(seed, story, &replay);
        expect_well(seed, story);
    } else {
        expect_refused(seed, finding, &replay);
    }
    json_decref(none);
    json_decref(finding);
    free(others);
    free(mapping);
    mutant_remove(folder);
}

/* Those of "total" are refused; of every other law at least so many really go wrong. */
static void each_law_has_its_seeds(void **state)
{
    (void)state;
    static const char *const LAWS[] = {
        "total",        "legal", "correct",          "hippocratic", "round trip",
        "no lost edit", "quiet", "every edit moves", "one outcome", "form fits"
    };
    for (size_t l = 0; l < sizeof(LAWS) / sizeof(LAWS[0]); l++) {
        unsigned count = 0;
        for (size_t i = 0; i < SEED_COUNT; i++)
            count += strcmp(SEEDS[i].law, LAWS[l]) == 0 &&
                     (SEEDS[i].wrong != SEED_REFUSED || strcmp(LAWS[l], "total") == 0);
        if (count < SEEDS_OF_A_LAW)
            fail_msg("%s: %u seeds", LAWS[l], count);
    }
}

/* The control: no edit, no finding. */
static void the_shipped_mapping_passes(void **state)
{
    (void)state;
    lab_on_failure = http_fail;
    static const struct mutant_edit none[] = { { 0 } };
    char *folder = mutant_copy(none);
    char *mapping = lab_format("%s/sentinel-smartsoar.duet", folder);
    expect_clean(mapping);
    free(mapping);
    mutant_remove(folder);
}

int main(void)
{
    struct CMUnitTest *tests = calloc(SEED_COUNT + OTHERS, sizeof(*tests));
    if (!tests)
        return 1;
    tests[0] = (struct CMUnitTest)cmocka_unit_test(the_shipped_mapping_passes);
    tests[1] = (struct CMUnitTest)cmocka_unit_test(each_law_has_its_seeds);
    for (size_t i = 0; i < SEED_COUNT; i++)
        tests[i + OTHERS] = (struct CMUnitTest){ .name = SEEDS[i].name,
                                                 .test_func = a_mistake_is_found_and_really_is_one,
                                                 .initial_state = (void *)(uintptr_t)&SEEDS[i] };
    cmocka_set_test_filter(getenv("SEED"));
    /* _cmocka_run_group_tests: the macro counts an array */
    int failed = _cmocka_run_group_tests("mistakes in the shipped mapping", tests,
                                         SEED_COUNT + OTHERS, NULL, NULL);
    free(tests);
    return failed;
}
