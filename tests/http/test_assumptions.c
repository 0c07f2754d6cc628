/* What nobody documents about both systems, both ways: one short story under each answer. It must end the same. */
#include <stdlib.h>
#include <string.h>

#include "tests/support/http_case.h"

struct assumption {
    const char *system; /* "siem", "soar" */
    const char *name;
    const char *value;
};

/* Not const, for cmocka hands each to its test as a void pointer. */
static struct assumption ASSUMPTIONS[] = {
    { "siem", "etag", "optional" },
    { "siem", "etag", "required" },
    { "siem", "etag", "ignored" },
    { "siem", "conflict_status", "200" },
    { "siem", "label_types", "user" },
    { "siem", "comment_bumps_incident", "off" },
    { "siem", "comment_order", "oldest" },
    { "siem", "paging", "offset" },
    { "siem", "id_case", "incidents" },
    { "siem", "fraction_digits", "0" },
    { "siem", "fraction_digits", "3" },
    { "siem", "fraction_digits", "6" },
    { "siem", "nulls_in_owner", "off" },
    { "siem", "extra_members", "on" },
    { "siem", "number_gaps", "on" },
    { "siem", "error_shape", "gateway" },
    { "siem", "error_shape", "empty" },
    { "siem", "token_lifetime", "60" },
    { "siem", "reopen_drops_verdict", "on" },
    { "soar", "returndata", "succeed" },
    { "soar", "returndata", "object" },
    { "soar", "returndata", "mixed" },
    { "soar", "note_comments", "stripped" },
    { "soar", "form_dependency", "off" },
    { "soar", "required_on_close", "on" },
    { "soar", "close_rule", "ignored" },
    { "soar", "status_close", "checked" },
    { "soar", "reopen_drops_form", "on" },
    { "soar", "missing_parameter", "400" },
    { "soar", "row_order", "newest" },
    { "soar", "extra_members", "on" },
    { "soar", "api_triggers", "off" },
};

enum { ASSUMPTIONS_COUNT = sizeof(ASSUMPTIONS) / sizeof(ASSUMPTIONS[0]) };

static void assume(struct http_case *test, const struct assumption *assumption)
{
    struct lab_system *system =
        strcmp(assumption->system, "siem") == 0 ? &test->lab.siem : &test->lab.soar;
    char *end = NULL;
    long number = strtol(assumption->value, &end, 10);
    if (*end)
        lab_switch(system, assumption->name, assumption->value);
    else
        lab_switch_number(system, assumption->name, number);
}

/* A comment on one side, a note on the other, each once on both. */
static void talk(struct http_case *test)
{
    lab_note_siem(&test->lab, &test->incident, "first word");
    lab_edit_siem(&test->lab, &test->incident, json_pack("{s:s}", "severity", "Medium"));
    http_settle(test);
    lab_note_soar(&test->lab, &test->incident, "second word");
    http_settle(test);
    assert_int_equal(lab_siem_notes(&test->lab, &test->incident, "first word"), 1);
    assert_int_equal(lab_soar_notes(&test->lab, &test->incident, "first word"), 1);
    assert_int_equal(lab_siem_notes(&test->lab, &test->incident, "second word"), 1);
    assert_int_equal(lab_soar_notes(&test->lab, &test->incident, "second word"), 1);
}

static void the_story_ends_the_same(void **data)
{
    const struct assumption *assumption = *data;
    void *state = NULL;
    assert_int_equal(http_case_start(&state), 0);
    struct http_case *test = state;
    assume(test, assumption);
    http_link_as(test, "Active", NULL);
    http_expect(test, "Active - ~ In Progress -");
    talk(test);
    assert_string_equal(lab_soar_text(&test->lab, &test->incident, "Severity"), "Medium");
    http_soar(test, "Closed", "TP.SA");
    http_settle(test);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
    http_expect_writes(test, 1, 0);
    http_soar(test, "Open", NULL);
    http_settle(test);
    http_expect(test, "New - ~ Open -");
    http_siem(test, "Closed", "FP.IAL");
    http_settle(test);
    http_expect(test, "Closed FP.IAL ~ Closed FP.IAL");
    http_expect_writes(test, 0, 1);
    lab_quiet(&test->lab, 3);
    http_case_stop(&state);
}

int main(void)
{
    struct CMUnitTest tests[ASSUMPTIONS_COUNT];
    char *names[ASSUMPTIONS_COUNT];
    for (size_t i = 0; i < ASSUMPTIONS_COUNT; i++) {
        struct assumption *assumption = &ASSUMPTIONS[i];
        names[i] = lab_format("%s %s=%s", assumption->system, assumption->name, assumption->value);
        tests[i] = (struct CMUnitTest){ .name = names[i],
                                        .test_func = the_story_ends_the_same,
                                        .initial_state = assumption };
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    for (size_t i = 0; i < ASSUMPTIONS_COUNT; i++)
        free(names[i]);
    return failed;
}
