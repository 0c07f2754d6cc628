/* `duet map` and `duet plan` over the shipped mapping. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include "tests/support/run_cli.h"

#define MAPPING "mappings/sentinel-smartsoar.duet"
#define EXAMPLES "../shared/data/sentinel/examples/"

static json_t *example_body(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, EXAMPLES "%s", name);
    json_t *file = json_load_file(path, 0, NULL);
    json_t *body = json_incref(
        json_object_get(json_object_get(json_object_get(file, "responses"), "200"), "body"));
    json_decref(file);
    return body;
}

/* Where the text went; the caller frees the name. */
static char *file_with(const json_t *json)
{
    char *name = strdup("/tmp/duet-test-XXXXXX");
    int descriptor = mkstemp(name);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    assert_int_equal(json_dumpf(json, file, 0), 0);
    fclose(file);
    return name;
}

static void gone(char *name)
{
    remove(name);
    free(name);
}

static const char *text_at(const json_t *json, const char *name)
{
    return json_string_value(json_object_get(json, name));
}

static void the_official_list_gives_a_record_for_each(void **state)
{
    (void)state;
    json_t *body = example_body("GetIncidents.json");
    if (!body)
        skip();
    char *in = json_dumps(body, 0);
    struct cli_result result = run_cli(in, "map", MAPPING, "--to", "soar", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINE);
    json_t *record = json_loads(result.out, 0, NULL); /* one line, one record */
    assert_non_null(record);
    assert_string_equal(text_at(record, "Title"), "My incident");
    assert_string_equal(text_at(record, "Status"), "Closed");
    assert_string_equal(text_at(record, "Severity"), "High");
    assert_string_equal(text_at(record, "Sentinel Sync - Classification"), "FalsePositive");
    assert_string_equal(text_at(record, "Sentinel Sync - Reason"), "IncorrectAlertLogic");
    assert_string_equal(
        text_at(json_object_get(record, "Custom Field"), "CustomSentinelIncidentId"),
        "73e01a99-5cd7-4139-a149-9f2736ff2ab5");
    assert_non_null(strstr(result.err, "owner")); /* nobody told who that is */
    json_decref(record);
    cli_result_finish(&result);
    free(in);
    json_decref(body);
}

static void a_list_answer_of_the_other_system_is_read_too(void **state)
{
    (void)state;
    static const char in[] =
        "{\"error\":\"\",\"outputData\":{\"TotalPages\":1},\"rawData\":{\"incidents\":["
        "{\"IR Number\":\"1\",\"Title\":\"a\",\"Status\":\"On Hold\",\"Severity\":\"Critical\","
        "\"Owner\":\"System\"},"
        "{\"IR Number\":\"2\",\"Title\":\"b\",\"Status\":\"Open\",\"Severity\":\"Low\"}]}}";
    struct cli_result result = run_cli(in, "map", MAPPING, "--to", "siem", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINE);
    assert_non_null(strstr(result.out, "\"status\":\"Active\""));
    assert_non_null(strstr(result.out, "\"severity\":\"High\""));
    assert_non_null(strstr(result.out, "\n{"));
    cli_result_finish(&result);
}

static void one_bad_line_stops_no_other(void **state)
{
    (void)state;
    static const char in[] = "{\"IR Number\":\"1\",\"Status\":\"Open\"}\n{\"IR Number\":\n"
                             "{\"IR Number\":\"3\",\"Status\":\"Closed\"}\n";
    struct cli_result result = run_cli(in, "map", MAPPING, "--to", "siem", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINDINGS);
    assert_non_null(strstr(result.err, "record 2: the record isn't valid JSON"));
    assert_non_null(strstr(result.out, "\"New\""));
    assert_non_null(strstr(result.out, "\"Closed\""));
    cli_result_finish(&result);
}

static void a_wrong_side_says_which_there_are(void **state)
{
    (void)state;
    struct cli_result result = run_cli("", "map", MAPPING, "--to", "sentinel", NULL);
    assert_int_equal(result.status, DUET_EXIT_USAGE);
    assert_non_null(strstr(result.err, "the mapping has 'siem' and 'soar'"));
    cli_result_finish(&result);
}

static char *file_with_text(const char *text)
{
    char *name = strdup("/tmp/duet-test-XXXXXX");
    int descriptor = mkstemp(name);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    fputs(text, file);
    fclose(file);
    return name;
}

#define PERSONS_OF_ANN "siem.id,siem.login,soar.login\n1,ann@x,ann\n"

/* `duet map` with a table of that name and text; nothing is mapped when the table doesn't fit. */
static struct cli_result map_with_table(const char *name, const char *csv)
{
    char table[128];
    char *path = file_with_text(csv);
    snprintf(table, sizeof table, "%s=%s", name, path);
    struct cli_result result =
        run_cli("{\"IR Number\":\"1\",\"Status\":\"Open\",\"Owner\":\"ann\"}", "map", MAPPING,
                "--to", "siem", "--table", table, NULL);
    gone(path);
    return result;
}

static void a_table_says_who_is_who(void **state)
{
    (void)state;
    struct cli_result result = map_with_table("analysts", PERSONS_OF_ANN);
    assert_int_equal(result.status, DUET_EXIT_FINE);
    assert_non_null(strstr(result.out, "\"userPrincipalName\":\"ann@x\""));
    assert_string_equal(result.err, "");
    cli_result_finish(&result);
}

static void a_table_that_the_mapping_lacks_is_refused(void **state)
{
    (void)state;
    struct cli_result result = map_with_table("analyst", PERSONS_OF_ANN);
    assert_int_equal(result.status, DUET_EXIT_USAGE);
    assert_string_equal(result.out, "");
    assert_non_null(strstr(result.err, "uses no table 'analyst'; it uses 'analysts'; did you mean "
                                       "'analysts'?"));
    cli_result_finish(&result);
}

static void a_table_without_a_needed_column_is_refused(void **state)
{
    (void)state;
    struct cli_result result = map_with_table("analysts", "siem.id,soar.logni\n1,ann\n");
    assert_int_equal(result.status, DUET_EXIT_FINDINGS);
    assert_string_equal(result.out, "");
    assert_non_null(strstr(result.err, "'soar.login'; found 'siem.id', 'soar.logni'"));
    cli_result_finish(&result);
}

static void a_table_given_twice_is_refused(void **state)
{
    (void)state;
    char *path = file_with_text(PERSONS_OF_ANN);
    char table[128];
    snprintf(table, sizeof table, "analysts=%s", path);
    struct cli_result result =
        run_cli("", "map", MAPPING, "--to", "siem", "--table", table, "--table", table, NULL);
    assert_int_equal(result.status, DUET_EXIT_USAGE);
    assert_non_null(strstr(result.err, "table 'analysts' is given twice"));
    cli_result_finish(&result);
    gone(path);
}

/* The example by id, open again, with labels of both kinds, an owner and a number that a double can't hold. */
static json_t *open_incident(void)
{
    json_t *incident = example_body("GetIncidentById.json");
    json_t *properties = json_object_get(incident, "properties");
    if (!properties)
        return NULL;
    json_object_set_new(properties, "status", json_string("Active"));
    json_object_del(properties, "classification");
    json_object_del(properties, "classificationReason");
    json_object_del(properties, "classificationComment");
    json_object_set_new(properties, "labels",
                        json_pack("[{s:s, s:s}, {s:s, s:s}]", "labelName", "vip", "labelType",
                                  "User", "labelName", "auto", "labelType", "AutoAssigned"));
    json_object_set_new(properties, "extra", json_integer(9007199254740993));
    return incident;
}

static void a_false_positive_closes_with_a_legal_pair_and_touches_nothing_else(void **state)
{
    (void)state;
    json_t *incident = open_incident();
    if (!incident)
        skip();
    json_t *before = json_pack("{s:s, s:s, s:s, s:s, s:{s:s}}", "IR Number", "20260101-1", "Status",
                               "In Progress", "Severity", "High", "Title", "My incident",
                               "Custom Field", "CustomSentinelNumber", "3177");
    json_t *after = json_deep_copy(before);
    json_object_set_new(after, "Status", json_string("Closed"));
    json_object_set_new(after, "Sentinel Sync - Classification", json_string("FalsePositive"));
    json_object_set_new(after, "Sentinel Sync - Reason", json_string("InaccurateData"));
    json_t *pair = json_pack("[O, O]", incident, before);
    char *left = file_with(incident);
    char *right = file_with(after);
    char *base = file_with(pair);
    struct cli_result result = run_cli(NULL, "plan", MAPPING, "--left", left, "--right", right,
                                       "--base", base, "--format", "json", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINE);
    json_t *plan = json_loads(result.out, 0, NULL);
    const json_t *writes = json_object_get(plan, "writes");
    json_t *wanted =
        json_pack("{s:O, s:o}", "etag", json_object_get(incident, "etag"), "properties",
                  json_deep_copy(json_object_get(incident, "properties")));
    json_t *properties = json_object_get(wanted, "properties");
    json_object_set_new(properties, "status", json_string("Closed"));
    json_object_set_new(properties, "classification", json_string("FalsePositive"));
    json_object_set_new(properties, "classificationReason", json_string("InaccurateData"));
    assert_true(json_equal(json_object_get(writes, "siem"), wanted));
    assert_null(json_object_get(writes, "soar"));
    json_decref(wanted);
    json_decref(plan);
    cli_result_finish(&result);
    gone(left);
    gone(right);
    gone(base);
    json_decref(pair);
    json_decref(after);
    json_decref(before);
    json_decref(incident);
}

#define INCIDENT(key)                                                                              \
    "{\"name\":\"" key                                                                             \
    "\",\"properties\":{\"title\":\"t\",\"status\":\"New\",\"severity\":\"High\"}}"
#define CASE(key)                                                                                  \
    "{\"IR Number\":\"1\",\"Title\":\"t\",\"Status\":\"Open\",\"Severity\":\"High\","              \
    "\"Custom Field\":{\"CustomSentinelIncidentId\":" key "}}"

static struct cli_result plan_of(const char *left_text, const char *right_text, const char *format)
{
    char *left = file_with_text(left_text);
    char *right = file_with_text(right_text);
    struct cli_result result =
        run_cli(NULL, "plan", MAPPING, "--left", left, "--right", right, "--format", format, NULL);
    gone(left);
    gone(right);
    assert_int_equal(result.status, DUET_EXIT_FINE);
    assert_string_equal(result.err, "");
    return result;
}

/* They agree in every field, and yet the engine would never make a pair of them. */
static void records_that_are_not_linked_are_told(void **state)
{
    (void)state;
    static const char differ[] = "not linked: siem.key is \"8a1b\", soar.sentinel_id is \"77f0\"; "
                                 "what follows is as if they were\n";
    static const char lacks[] = "not linked: siem.key is \"8a1b\", soar.sentinel_id is -; "
                                "what follows is as if they were\n";
    struct cli_result result = plan_of(INCIDENT("8a1b"), CASE("\"77f0\""), "text");
    assert_memory_equal(result.out, differ, strlen(differ));
    cli_result_finish(&result);
    result = plan_of(INCIDENT("8a1b"), CASE("null"), "text");
    assert_memory_equal(result.out, lacks, strlen(lacks));
    cli_result_finish(&result);
    result = plan_of(INCIDENT("8a1b"), CASE("\"8a1b\""), "text");
    assert_null(strstr(result.out, "linked"));
    cli_result_finish(&result);
}

static void the_link_stands_in_the_json(void **state)
{
    (void)state;
    struct cli_result result = plan_of(INCIDENT("8a1b"), CASE("\"77f0\""), "json");
    json_t *plan = json_loads(result.out, 0, NULL);
    json_t *wanted =
        json_pack("{s:b, s:s, s:s}", "linked", 0, "siem.key", "8a1b", "soar.sentinel_id", "77f0");
    assert_true(json_equal(json_object_get(plan, "link"), wanted));
    json_decref(wanted);
    json_decref(plan);
    cli_result_finish(&result);
    result = plan_of(INCIDENT("8a1b"), CASE("null"), "json");
    plan = json_loads(result.out, 0, NULL);
    wanted = json_pack("{s:b, s:s, s:n}", "linked", 0, "siem.key", "8a1b", "soar.sentinel_id");
    assert_true(json_equal(json_object_get(plan, "link"), wanted));
    json_decref(wanted);
    json_decref(plan);
    cli_result_finish(&result);
    result = plan_of(INCIDENT("8a1b"), CASE("\"8a1b\""), "json");
    plan = json_loads(result.out, 0, NULL);
    assert_true(json_is_true(json_object_get(json_object_get(plan, "link"), "linked")));
    json_decref(plan);
    cli_result_finish(&result);
}

static void a_signal_that_nothing_waits_for_is_refused(void **state)
{
    (void)state;
    json_t *empty = json_object();
    char *record = file_with(empty);
    struct cli_result known = run_cli(NULL, "plan", MAPPING, "--left", record, "--right", record,
                                      "--event", "resync", NULL);
    assert_int_equal(known.status, DUET_EXIT_FINE);
    struct cli_result unknown = run_cli(NULL, "plan", MAPPING, "--left", record, "--right", record,
                                        "--event", "resink", NULL);
    assert_int_equal(unknown.status, DUET_EXIT_USAGE);
    assert_non_null(strstr(unknown.err, "'resink'"));
    assert_string_equal(unknown.out, "");
    cli_result_finish(&known);
    cli_result_finish(&unknown);
    gone(record);
    json_decref(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_official_list_gives_a_record_for_each),
        cmocka_unit_test(a_list_answer_of_the_other_system_is_read_too),
        cmocka_unit_test(one_bad_line_stops_no_other),
        cmocka_unit_test(a_wrong_side_says_which_there_are),
        cmocka_unit_test(a_false_positive_closes_with_a_legal_pair_and_touches_nothing_else),
        cmocka_unit_test(a_table_says_who_is_who),
        cmocka_unit_test(a_table_that_the_mapping_lacks_is_refused),
        cmocka_unit_test(a_table_without_a_needed_column_is_refused),
        cmocka_unit_test(a_table_given_twice_is_refused),
        cmocka_unit_test(records_that_are_not_linked_are_told),
        cmocka_unit_test(the_link_stands_in_the_json),
        cmocka_unit_test(a_signal_that_nothing_waits_for_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
