/* Mistakes in the shipped mapping: `duet check` names each by its code, and what it tells of them really goes wrong when they are run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "tests/lab/programs.h"
#include "tests/lab/text.h"
#include "tests/mutants/replay.h"
#include "tests/mutants/seeds.h"
#include "tests/support/http_case.h"
#include "tests/support/run_cli.h"

/* The finding with this code, new; NULL and `others_out` (to be freed) says what was found instead. */
static json_t *finding_of(const char *mapping, const char *code, char **others_out)
{
    struct cli_result result = run_cli(NULL, "check", "--format", "json", mapping, NULL);
    json_t *findings = json_loads(result.out, 0, NULL);
    json_t *found = NULL;
    for (size_t i = 0; i < json_array_size(findings) && !found; i++) {
        json_t *finding = json_array_get(findings, i);
        if (strcmp(json_string_value(json_object_get(finding, "code")), code) == 0)
            found = json_incref(finding);
    }
    *others_out = lab_copy(result.out);
    json_decref(findings);
    cli_result_finish(&result);
    return found;
}

static void expect_wrong(const struct seed *seed, const struct replay *replay)
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
        is_wrong = replay->at_rest && !replay->is_edited;
        break;
    }
    if (!is_wrong)
        fail_msg("%s: nothing goes wrong: %u rounds wrote, %s; %s", seed->name, replay->rounds,
                 replay->at_rest ? "at rest" : "not at rest", replay->both);
}

/* The same story under the shipped mapping goes well; one that its form doesn't offer isn't told there. */
static void expect_well(const struct seed *seed, const json_t *story)
{
    if (seed->is_of_its_form || !replay_is_fair(story))
        return;
    char *shipped = lab_format("%s/mappings/sentinel-smartsoar.duet", lab_source_folder());
    struct replay replay = replay_story(shipped, story, NULL, seed->soar_switch);
    free(shipped);
    if (!replay.prepared || !replay.at_rest || !replay.agrees || replay.is_held ||
        replay.rounds > 2)
        fail_msg("%s: the shipped mapping fails, too: %u rounds wrote; %s", seed->name,
                 replay.rounds, replay.both);
}

static void a_mistake_is_found_and_really_is_one(void **state)
{
    const struct seed *seed = *state;
    lab_on_failure = http_fail;
    char *folder = mutant_copy(seed->edits);
    char *mapping = lab_format("%s/sentinel-smartsoar.duet", folder);
    char *others = NULL;
    json_t *finding = finding_of(mapping, seed->code, &others);
    if (!finding)
        fail_msg("%s: no %s but %s", seed->name, seed->code, others);
    const json_t *story = json_object_get(finding, "story");
    if (seed->wrong != SEED_REFUSED && !story)
        fail_msg("%s: a finding without a story: %s", seed->name, others);
    json_t *none = json_object();
    struct replay replay =
        replay_story(mapping, story ? story : none, seed->mark, seed->soar_switch);
    assert_int_equal(replay.started, seed->wrong != SEED_REFUSED);
    if (replay.started) {
        expect_wrong(seed, &replay);
        expect_well(seed, story);
    }
    json_decref(none);
    json_decref(finding);
    free(others);
    free(mapping);
    mutant_remove(folder);
}

/* The control: no edit, no finding. */
static void the_shipped_mapping_passes(void **state)
{
    (void)state;
    lab_on_failure = http_fail;
    static const struct mutant_edit none[] = { { 0 } };
    char *folder = mutant_copy(none);
    char *mapping = lab_format("%s/sentinel-smartsoar.duet", folder);
    struct cli_result result =
        run_cli(NULL, "check", "--strict", "--format", "json", mapping, NULL);
    assert_string_equal(result.out, "[]\n");
    assert_int_equal(result.status, 0);
    cli_result_finish(&result);
    free(mapping);
    mutant_remove(folder);
}

int main(void)
{
    struct CMUnitTest *tests = calloc(SEED_COUNT + 1, sizeof(*tests));
    if (!tests)
        return 1;
    tests[0] = (struct CMUnitTest)cmocka_unit_test(the_shipped_mapping_passes);
    for (size_t i = 0; i < SEED_COUNT; i++)
        tests[i + 1] = (struct CMUnitTest){ .name = SEEDS[i].name,
                                            .test_func = a_mistake_is_found_and_really_is_one,
                                            .initial_state = (void *)(uintptr_t)&SEEDS[i] };
    cmocka_set_test_filter(getenv("SEED"));
    /* _cmocka_run_group_tests: the macro counts an array */
    int failed = _cmocka_run_group_tests("mistakes in the shipped mapping", tests, SEED_COUNT + 1,
                                         NULL, NULL);
    free(tests);
    return failed;
}
