#include "tests/support/http_case.h"

#include <stdlib.h>
#include <string.h>

enum { ROUNDS_MAX = 4 };

void http_fail(const char *message)
{
    fail_msg("%s", message);
}

int http_case_start_closed(void **data)
{
    struct http_case *test = calloc(1, sizeof(*test));
    lab_on_failure = http_fail;
    *data = test;
    return test ? 0 : -1;
}

int http_case_start(void **data)
{
    if (http_case_start_closed(data) != 0)
        return -1;
    struct http_case *test = *data;
    lab_open(&test->lab, NULL);
    return 0;
}

int http_case_start_running(void **data)
{
    if (http_case_start_closed(data) != 0)
        return -1;
    struct http_case *test = *data;
    lab_open(&test->lab, &(struct lab_options){ .hooks = true, .real_time = true, .every = "1h" });
    return 0;
}

/* After a failure the laboratory may be in any state; that a failed test fails is enough. */
int http_case_stop(void **data)
{
    struct http_case *test = *data;
    if (test->lab.folder)
        lab_close(&test->lab);
    free(test);
    return 0;
}

void http_link(struct http_case *test)
{
    http_link_with(test, NULL);
}

void http_link_with(struct http_case *test, json_t *properties)
{
    test->incident = lab_new_incident(&test->lab, 0, properties);
    lab_rounds(&test->lab, 1);
    if (!lab_find_number(&test->lab, &test->incident))
        fail_msg("no incident was created in the SOAR; duet said:\n%s", test->lab.said);
    http_settle(test);
    http_expect(test, "New - ~ Open -");
    lab_reset_all_counts(&test->lab);
}

void http_link_as(struct http_case *test, const char *status, const char *verdict)
{
    http_link(test);
    http_siem(test, status, verdict);
    http_settle(test);
    lab_reset_all_counts(&test->lab);
}

void http_siem(struct http_case *test, const char *status, const char *verdict)
{
    lab_judge_siem(&test->lab, &test->incident, status, verdict);
}

void http_soar(struct http_case *test, const char *status, const char *verdict)
{
    lab_judge_soar(&test->lab, &test->incident, status, verdict);
}

static long all_writes(struct http_case *test)
{
    return lab_writes(&test->lab.siem) + lab_writes(&test->lab.soar);
}

void http_settle(struct http_case *test)
{
    lab_reset_all_counts(&test->lab);
    long before = -1;
    for (unsigned i = 0; i < ROUNDS_MAX && before != all_writes(test); i++) {
        before = all_writes(test);
        lab_rounds(&test->lab, 1);
    }
    before = all_writes(test);
    lab_rounds(&test->lab, 1);
    if (before != all_writes(test))
        fail_msg("not quiet after %d rounds", ROUNDS_MAX);
}

long http_siem_writes(struct http_case *test)
{
    return lab_count(&test->lab.siem, "write incident");
}

long http_soar_writes(struct http_case *test)
{
    static const char *const KINDS[] = { "UpdateDynamicFieldsByNumberInBulk", "CloseIncidentInBulk",
                                         "SetIncidentFieldsInBulk" };
    long most = 0;
    for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
        long count = lab_count(&test->lab.soar, KINDS[i]);
        most = count > most ? count : most;
    }
    return most;
}

/* The output of a command, which ends well and has `text` in it. */
static void expect_output(struct http_case *test, int status, char *stolen_out, const char *text)
{
    if (status != 0 || !strstr(stolen_out, text))
        fail_msg("duet ended with %d and doesn't say '%s'; it printed:\n%s%s", status, text,
                 stolen_out, test->lab.said);
    free(stolen_out);
}

void http_expect_told(struct http_case *test, const char *command, const char *text)
{
    char *out = NULL;
    int status = lab_duet(&test->lab, &out, LAB_WORDS(command, "--store", test->lab.store));
    expect_output(test, status, out, text);
}

void http_expect_lost(struct http_case *test, const char *field)
{
    char *out = NULL;
    int status = lab_duet(&test->lab, &out,
                          LAB_WORDS("why", test->incident.name, field, "--store", test->lab.store));
    expect_output(test, status, out, "lost:");
}
