/* The continuous engine over real HTTP: webhooks tell it sooner than polls would, keys are checked, signals are kept, SIGTERM drains. Polls are an
 * hour apart here, so that what arrives came by a webhook. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <curl/curl.h>

#include "tests/support/http_case.h"

enum { DEADLINE_SECONDS = 30 };

/* Linked while nobody listens, then the engine starts. Its first polls are over before anything is edited. */
static void link_and_run(struct http_case *test)
{
    lab_switch(&test->lab.soar, "outbound", "off");
    http_link_as(test, "Active", NULL);
    lab_switch(&test->lab.soar, "outbound", "on");
    lab_start_engine(&test->lab);
    double deadline = lab_seconds() + DEADLINE_SECONDS;
    while ((lab_count(&test->lab.siem, "list incidents") == 0 ||
            lab_count(&test->lab.soar, "GetIncidents") == 0) &&
           lab_seconds() < deadline)
        lab_pause();
}

static void wait_for(struct http_case *test, const char *both)
{
    double deadline = lab_seconds() + DEADLINE_SECONDS;
    while (strcmp(lab_both(&test->lab, &test->incident), both) != 0) {
        if (lab_seconds() > deadline)
            fail_msg("still '%s', not '%s'", lab_both(&test->lab, &test->incident), both);
        lab_pause();
    }
}

static void wait_for_hooks(struct http_case *test)
{
    double deadline = lab_seconds() + DEADLINE_SECONDS;
    while (json_integer_value(json_object_get(lab_do(&test->lab.soar, "GET", "/_sim/hooks", NULL),
                                              "waiting")) > 0 &&
           lab_seconds() < deadline)
        lab_pause();
}

static void a_hint_brings_an_edit_over_without_a_poll(void **data)
{
    struct http_case *test = *data;
    link_and_run(test);
    http_soar(test, "Closed", "TP.SA");
    wait_for(test, "Closed TP.SA ~ Closed TP.SA");
    http_soar(test, "Open", NULL);
    wait_for(test, "New - ~ Open -");
    assert_int_equal(lab_count(&test->lab.siem, "write incident"), 2);
    lab_stop_engine(&test->lab);
    lab_quiet(&test->lab, 2);
}

static void hints_doubled_and_late_change_nothing_more(void **data)
{
    struct http_case *test = *data;
    lab_switch_number(&test->lab.soar, "outbound_copies", 3);
    lab_switch_number(&test->lab.soar, "outbound_delay_ms", 20);
    link_and_run(test);
    http_soar(test, "Closed", "TP.SA");
    wait_for(test, "Closed TP.SA ~ Closed TP.SA");
    wait_for_hooks(test);
    lab_stop_engine(&test->lab);
    assert_int_equal(lab_count(&test->lab.siem, "write incident"), 1);
    lab_quiet(&test->lab, 2);
}

static void lost_hints_are_healed_by_the_next_poll(void **data)
{
    struct http_case *test = *data;
    lab_switch_number(&test->lab.soar, "outbound_lose", 1);
    link_and_run(test);
    http_soar(test, "Closed", "TP.SA");
    lab_stop_engine(&test->lab);
    http_settle(test);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
}

/* `fetch all`: the SOAR's owner, pending while the incident is Open, gives way to Sentinel's. */
static void a_signal_fetches_the_other_sides_values(void **data)
{
    struct http_case *test = *data;
    lab_switch(&test->lab.soar, "outbound", "off");
    http_link(test);
    lab_edit_soar(&test->lab, &test->incident, json_pack("{s:s}", "Owner", "Ann Lee"));
    http_settle(test);
    http_expect_writes(test, 0, 0);
    lab_switch(&test->lab.soar, "outbound", "on");
    lab_start_engine(&test->lab);
    lab_signal_soar(&test->lab, &test->incident, "resync");
    double deadline = lab_seconds() + DEADLINE_SECONDS;
    while (strcmp(lab_soar_text(&test->lab, &test->incident, "Owner"), "System") != 0) {
        if (lab_seconds() > deadline)
            fail_msg("the owner is still '%s'",
                     lab_soar_text(&test->lab, &test->incident, "Owner"));
        lab_pause();
    }
    lab_stop_engine(&test->lab);
    lab_quiet(&test->lab, 2);
    assert_string_equal(lab_soar_text(&test->lab, &test->incident, "Owner"), "System");
}

static void an_unknown_signal_changes_nothing(void **data)
{
    struct http_case *test = *data;
    link_and_run(test);
    lab_signal_soar(&test->lab, &test->incident, "no such signal");
    wait_for_hooks(test);
    lab_stop_engine(&test->lab);
    lab_quiet(&test->lab, 2);
}

/* --- what is refused ---------------------------------------------------------------------------------------- */

static size_t drop_body(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count;
}

/* The status of a POST to the engine. */
static long post(struct http_case *test, const char *path, const char *key, const char *body,
                 size_t length)
{
    long status = 0;
    char *url = lab_format("http://%s%s", test->lab.listen, path);
    char *header = lab_format("X-Api-Key: %s", key ? key : "");
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    if (key)
        headers = curl_slist_append(headers, header);
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)length);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop_body);
    if (curl_easy_perform(curl) == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    free(header);
    free(url);
    return status;
}

static const char HINT[] = "{\"trigger\":\"OnIncidentChange\",\"incidentNumber\":\"20260301-1\"}";

static long post_hint(struct http_case *test, const char *path, const char *key)
{
    return post(test, path, key, HINT, strlen(HINT));
}

static void only_the_right_key_path_and_size_are_taken(void **data)
{
    enum { LARGE = 64 * 1024 + 1 };
    struct http_case *test = *data;
    link_and_run(test);
    assert_int_equal(post_hint(test, "/hooks/soc/soar", "canary-hook-e51a"), 202);
    assert_int_equal(post_hint(test, "/hooks/soc/soar", "canary-hook-e51b"), 401);
    assert_int_equal(post_hint(test, "/hooks/soc/soar", ""), 401);
    assert_int_equal(post_hint(test, "/hooks/soc/soar", NULL), 401);
    assert_int_equal(post_hint(test, "/hooks/nobody/soar", "canary-hook-e51a"), 401);
    assert_int_equal(post_hint(test, "/hooks/acme/siem", "canary-hook-e51a"), 401);
    assert_int_equal(post_hint(test, "/elsewhere", "canary-hook-e51a"), 404);
    assert_int_equal(post(test, "/hooks/soc/soar", "canary-hook-e51a", "{\"a\"", 4), 400);
    char *large = calloc(1, LARGE);
    assert_non_null(large);
    memset(large, ' ', LARGE);
    assert_int_equal(post(test, "/hooks/soc/soar", "canary-hook-e51a", large, LARGE), 413);
    free(large);
    lab_stop_engine(&test->lab);
}

/* --- stopping and starting ------------------------------------------------------------------------------------ */

static void a_drain_finishes_what_was_begun(void **data)
{
    struct http_case *test = *data;
    link_and_run(test);
    lab_fault(&test->lab.siem, json_pack("{s:s, s:s}", "kind", "write incident", "do", "hang"));
    http_soar(test, "Closed", "TP.SA");
    double deadline = lab_seconds() + DEADLINE_SECONDS;
    while (lab_count(&test->lab.siem, "write incident") == 0 && lab_seconds() < deadline)
        lab_pause();
    kill(test->lab.engine.pid, SIGTERM);
    lab_do(&test->lab.siem, "POST", "/_sim/release", NULL);
    assert_int_equal(lab_child_wait(&test->lab.engine, DEADLINE_SECONDS), 0);
    http_expect(test, "Closed TP.SA ~ Closed TP.SA");
    assert_int_equal(lab_count(&test->lab.siem, "write incident"), 1);
    lab_quiet(&test->lab, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, http_case_start_running, http_case_stop)
        CASE(a_hint_brings_an_edit_over_without_a_poll),
        CASE(hints_doubled_and_late_change_nothing_more),
        CASE(lost_hints_are_healed_by_the_next_poll),
        CASE(a_signal_fetches_the_other_sides_values),
        CASE(an_unknown_signal_changes_nothing),
        CASE(only_the_right_key_path_and_size_are_taken),
        CASE(a_drain_finishes_what_was_begun),
#undef CASE
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
