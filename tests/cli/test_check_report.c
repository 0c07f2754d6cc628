/* `duet check --format sarif` and `--format github`: what their readers require. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "engine/cli/commands.h"
#include "tests/support/run_cli.h"

/* Two unknown fields in one line, a name that stands twice; the file's name needs escaping. */
#define TEXT                                                                                       \
    "edition 2026;\n"                                                                              \
    "system s \"a system\" {\n"                                                                    \
    "  settings { address : url; }\n"                                                              \
    "  record r { key : text at id; title : text at a; title : text at b; }\n"                     \
    "  record r2 { key : text at id; }\n"                                                          \
    "}\n"                                                                                          \
    "mapping m between nowhere.thing as a and nowhere.thing as b {\n"                              \
    "  link a.key <-> b.key;\n"                                                                    \
    "  first contact a;\n"                                                                         \
    "}\n"
#define NAME "a b:c,d%.duet"

static char folder[] = "/tmp/duet-test-report-XXXXXX";
static char before[4096];

static void write_text(const char *prefix)
{
    FILE *file = fopen(NAME, "w");
    assert_non_null(file);
    fputs(prefix, file);
    fputs(TEXT, file);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    (void)state;
    return getcwd(before, sizeof before) && mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(NAME);
    return chdir(before) == 0 ? rmdir(folder) : -1;
}

static const char *string_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    assert_non_null(text);
    return text;
}

static json_t *run_of(const char *path)
{
    struct cli_result result = run_cli(NULL, "check", "--format", "sarif", path, NULL);
    assert_int_equal(result.status, 1);
    json_t *log = json_loads(result.out, 0, NULL);
    assert_non_null(log);
    assert_string_equal(string_at(log, "version"), "2.1.0");
    json_t *runs = json_object_get(log, "runs");
    assert_int_equal(json_array_size(runs), 1);
    json_t *run = json_incref(json_array_get(runs, 0));
    json_decref(log);
    cli_result_finish(&result);
    return run;
}

static const json_t *driver_of(const json_t *run)
{
    return json_object_get(json_object_get(run, "tool"), "driver");
}

static const json_t *physical(const json_t *location)
{
    return json_object_get(location, "physicalLocation");
}

static void expect_place(const json_t *location)
{
    const json_t *place = physical(location);
    assert_string_equal(string_at(json_object_get(place, "artifactLocation"), "uri"),
                        "a%20b%3Ac%2Cd%25.duet");
    const json_t *region = json_object_get(place, "region");
    assert_true(json_integer_value(json_object_get(region, "startLine")) >= 1);
    assert_true(json_integer_value(json_object_get(region, "startColumn")) >= 1);
    assert_true(json_integer_value(json_object_get(region, "endLine")) >= 1);
    assert_true(json_integer_value(json_object_get(region, "endColumn")) >= 1);
}

static void every_result_has_what_the_standard_requires(void **state)
{
    (void)state;
    write_text("");
    json_t *run = run_of(NAME);
    assert_string_equal(string_at(driver_of(run), "name"), "duet");
    assert_string_equal(string_at(run, "columnKind"), "unicodeCodePoints");
    const json_t *rules = json_object_get(driver_of(run), "rules");
    const json_t *results = json_object_get(run, "results");
    assert_true(json_array_size(results) >= 3);
    size_t i = 0;
    const json_t *result = NULL;
    json_array_foreach(results, i, result)
    {
        assert_true(*string_at(json_object_get(result, "message"), "text") != '\0');
        assert_string_equal(string_at(result, "level"), "error");
        const json_t *index = json_object_get(result, "ruleIndex");
        const json_t *rule = json_array_get(rules, (size_t)json_integer_value(index));
        assert_string_equal(string_at(rule, "id"), string_at(result, "ruleId"));
        assert_true(*string_at(json_object_get(rule, "shortDescription"), "text") != '\0');
        assert_true(*string_at(json_object_get(rule, "help"), "text") != '\0');
        assert_int_equal(json_array_size(json_object_get(result, "locations")), 1);
        expect_place(json_array_get(json_object_get(result, "locations"), 0));
    }
    json_decref(run);
}

static void a_second_place_is_a_related_location(void **state)
{
    (void)state;
    write_text("");
    json_t *run = run_of(NAME);
    size_t i = 0;
    size_t found = 0;
    const json_t *result = NULL;
    json_array_foreach(json_object_get(run, "results"), i, result)
    {
        if (strcmp(string_at(result, "ruleId"), "D020") != 0)
            continue;
        const json_t *related = json_array_get(json_object_get(result, "relatedLocations"), 0);
        expect_place(related);
        assert_true(*string_at(json_object_get(related, "message"), "text") != '\0');
        found++;
    }
    assert_int_equal(found, 1);
    json_decref(run);
}

/* The fingerprints, one a line. */
static void fingerprints(const json_t *run, char *text, size_t size)
{
    size_t i = 0;
    const json_t *result = NULL;
    *text = '\0';
    json_array_foreach(json_object_get(run, "results"), i, result)
    {
        size_t length = strlen(text);
        snprintf(text + length, size - length, "%s\n",
                 string_at(json_object_get(result, "partialFingerprints"), "duetFinding/v1"));
    }
}

static void fingerprints_are_different_and_stay_when_lines_move(void **state)
{
    (void)state;
    char here[1024];
    char moved[1024];
    write_text("");
    json_t *run = run_of(NAME);
    fingerprints(run, here, sizeof here);
    json_decref(run);
    write_text("# a line more\n\n");
    run = run_of(NAME);
    fingerprints(run, moved, sizeof moved);
    json_decref(run);
    assert_string_equal(here, moved);
    for (char *line = here; *line; line = strchr(line, '\n') + 1) {
        char one[64];
        snprintf(one, sizeof one, "%.*s", (int)(strchr(line, '\n') - line + 1), line);
        assert_null(strstr(strchr(line, '\n'), one));
    }
}

static void paths_are_relative_to_where_one_stands(void **state)
{
    (void)state;
    char path[256];
    write_text("");
    snprintf(path, sizeof path, "%s/%s", folder, NAME);
    json_t *run = run_of(path);
    expect_place(json_array_get(
        json_object_get(json_array_get(json_object_get(run, "results"), 0), "locations"), 0));
    json_decref(run);
}

static void without_findings_there_is_an_empty_run(void **state)
{
    (void)state;
    const char *path = DUET_SOURCE_DIR "/mappings/sentinel-smartsoar.duet";
    struct cli_result result =
        run_cli(NULL, "check", "--no-proof", "--format", "sarif", path, NULL);
    assert_int_equal(result.status, 0);
    json_t *log = json_loads(result.out, 0, NULL);
    const json_t *run = json_array_get(json_object_get(log, "runs"), 0);
    assert_true(json_is_array(json_object_get(run, "results")));
    assert_int_equal(json_array_size(json_object_get(run, "results")), 0);
    json_decref(log);
    cli_result_finish(&result);
    result = run_cli(NULL, "check", "--no-proof", "--format", "github", path, NULL);
    assert_string_equal(result.out, "");
    assert_int_equal(result.status, 0);
    cli_result_finish(&result);
}

static void an_annotation_is_one_escaped_line(void **state)
{
    (void)state;
    write_text("");
    struct cli_result result = run_cli(NULL, "check", "--format", "github", NAME, NULL);
    assert_int_equal(result.status, 1);
    assert_non_null(
        strstr(result.out, "::error file=a b%3Ac%2Cd%25.duet,line=7,col=19,title=D021::"));
    char *save = NULL;
    for (char *line = strtok_r(result.out, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
        assert_int_equal(strncmp(line, "::error file=a b%3Ac%2Cd%25.duet,line=", 38), 0);
    cli_result_finish(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_result_has_what_the_standard_requires),
        cmocka_unit_test(a_second_place_is_a_related_location),
        cmocka_unit_test(fingerprints_are_different_and_stay_when_lines_move),
        cmocka_unit_test(paths_are_relative_to_where_one_stands),
        cmocka_unit_test(without_findings_there_is_an_empty_run),
        cmocka_unit_test(an_annotation_is_one_escaped_line),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
