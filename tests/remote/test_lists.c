/* Tests of engine/remote/list.c and pages.c: every page followed, nothing missed, nobody led astray. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/remote_stage.h"

#define BASE                                                                                       \
    "https://arm.test/subscriptions/sub/resourceGroups/soc/providers/"                             \
    "Microsoft.OperationalInsights/workspaces/acme/"                                               \
    "providers/Microsoft.SecurityInsights"
#define SINCE (INT64_C(1772366400) * INT64_C(10000000)) /* 2026-03-01T12:00:00Z */

/* Answers in turn; tokens apart. */
struct script {
    const struct fake_answer *answers;
    size_t count, next;
};

static void play(void *data, const struct fake_request *request, struct fake_answer *answer)
{
    struct script *script = data;
    if (strstr(request->url, "/oauth2/v2.0/token")) {
        answer->body =
            "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"token-canary\"}";
        return;
    }
    assert_true(script->next < script->count);
    *answer = script->answers[script->next++];
    if (answer->status == 0)
        answer->status = 200;
}

struct fixture {
    struct stage stage;
    struct script script;
    struct duet_endpoint *left, *right;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    stage_open_shipped(&f->stage, play, &f->script, &f->left, &f->right);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    duet_endpoint_free(f->left);
    duet_endpoint_free(f->right);
    stage_close(&f->stage);
    free(f);
    return 0;
}

static void script(struct fixture *f, const struct fake_answer *answers, size_t count)
{
    f->script = (struct script){ answers, count, 0 };
}

static const struct stage_told *list(struct fixture *f, struct duet_endpoint *endpoint,
                                     int64_t since)
{
    duet_remote_changed(endpoint, since, stage_on_page, stage_on_done, &f->stage);
    assert_int_equal(f->stage.told_count, 0);
    duet_loop_run(f->stage.loop);
    return stage_told_of(&f->stage, 0);
}

static void an_idle_poll_is_one_request(void **state)
{
    struct fixture *f = *state;
    const struct fake_answer answers[] = { { .body = "{\"value\":[]}" } };
    script(f, answers, 1);
    assert_int_equal(list(f, f->left, SINCE)->outcome, DUET_REMOTE_OK);
    assert_int_equal(f->stage.net.count, 2); /* a token, a page */
    assert_int_equal(duet_remote_sent(f->left, DUET_OP_CHANGED), 1);
    /* two minutes of overlap are taken off, and the query is encoded */
    assert_string_equal(
        f->stage.net.requests[1].url,
        BASE "/incidents?api-version=2024-09-01&$filter=properties/lastModifiedTimeUtc%20ge%20"
             "2026-03-01T11:58:00Z&$orderby=properties/lastModifiedTimeUtc%20asc&$top=1000");
    assert_string_equal(f->stage.net.requests[1].method, "GET");
    assert_string_equal(fake_header(&f->stage.net.requests[1], "Authorization"),
                        "Bearer token-canary");
    assert_string_equal(f->stage.net.requests[0].url, "https://login.test/dir/oauth2/v2.0/token");
    assert_string_equal(f->stage.net.requests[0].body,
                        "client_id=id&client_secret=s3cr3t-canary&scope=https://arm.test/.default&"
                        "grant_type=client_credentials");
}

static void links_are_followed_byte_for_byte(void **state)
{
    struct fixture *f = *state;
    const struct fake_answer answers[] = {
        { .body = "{ \"value\" : [ {\"name\":\"a\", \"x\" : 1.0 } ,\"odd\"],\"nextLink\":\"" BASE
                  "/Incidents?api-version=2024-09-01&$skipToken=H4sI//A+B==\"}" },
        { .body = "{\"value\":[{\"name\":\"b\"}]}" },
    };
    script(f, answers, 2);
    assert_int_equal(list(f, f->left, SINCE)->outcome, DUET_REMOTE_OK);
    assert_string_equal(f->stage.net.requests[2].url,
                        BASE "/Incidents?api-version=2024-09-01&$skipToken=H4sI//A+B==");
    assert_int_equal(f->stage.row_count, 3);
    assert_string_equal(f->stage.rows[0], "{\"name\":\"a\", \"x\" : 1.0 }");
    assert_string_equal(f->stage.rows[1], "\"odd\"");
    assert_string_equal(f->stage.rows[2], "{\"name\":\"b\"}");
}

static void a_row_with_bad_bytes_is_handed_on_and_the_others_with_it(void **state)
{
    struct fixture *f = *state;
    const struct fake_answer answers[] = {
        { .body = "{\"value\":[{\"name\":\"a\\u0000\"},{\"name\":\"\xff\"},{\"name\":\"c\"}]}" }
    };
    script(f, answers, 1);
    assert_int_equal(list(f, f->left, SINCE)->outcome, DUET_REMOTE_OK);
    assert_int_equal(f->stage.row_count, 3);
    assert_string_equal(f->stage.rows[1], "{\"name\":\"\xff\"}");
}

static void pages_that_go_round_in_a_circle_end(void **state)
{
    struct fixture *f = *state;
    const struct fake_answer answers[] = {
        { .body = "{\"value\":[],\"nextLink\":\"" BASE "/incidents?t=1\"}" },
        { .body = "{\"value\":[],\"nextLink\":\"" BASE "/incidents?t=2\"}" },
        { .body = "{\"value\":[],\"nextLink\":\"" BASE "/incidents?t=1\"}" },
    };
    script(f, answers, 3);
    const struct stage_told *told = list(f, f->left, SINCE);
    assert_int_equal(told->outcome, DUET_REMOTE_REFUSED);
    assert_string_equal(told->text, "the list's pages go round in a circle");
}

static void links_that_lead_elsewhere_are_not_asked(void **state)
{
    static const char *const links[] = {
        "https://evil.test"
        "/incidents?x=1",
        "https://arm.test.evil.test/x",
        "http://arm.test/subscriptions/sub",
        "https://user@arm.test/subscriptions/sub",
        "https://arm.test@evil.test/",
        "//evil.test/x",
        "https://169.254.169.254/metadata",
        "https://arm.test:8443/subscriptions/sub",
        "https://arm.test/subscriptions/sub/resourceGroups/soc/providers/"
        "Microsoft.OperationalInsights/workspaces/other/"
        "providers/Microsoft.SecurityInsights/incidents",
        BASE "2/incidents",
        BASE "/../../../../../x",
        BASE "/%2e%2e/%2E%2e/x",
        BASE "/..%2f..%2fx",
        BASE "/%252e%252e/x",
        BASE "/..\\\\x",
        "ftp://arm.test/x",
        "javascript:alert(1)",
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        char body[1024];
        snprintf(body, sizeof body, "{\"value\":[],\"nextLink\":\"%s\"}", links[i]);
        const struct fake_answer answers[] = { { .body = body } };
        script(f, answers, 1);
        const struct stage_told *told = list(f, f->left, SINCE);
        if (told->outcome != DUET_REMOTE_REFUSED ||
            !strstr(told->text, "the link to the next page leads"))
            fail_msg("%s: %s", links[i], told->text);
        f->stage.told_count = 0;
    }
}

/* --- pages by number ---------------------------------------------------------------------------------------------------- */

#define PAGE(rows, total)                                                                          \
    {                                                                                              \
        .body = "{\"error\":\"\",\"outputData\":{\"TotalPages\":" total                            \
                "},\"rawData\":{\"incidents\":[" rows "]}}"                                        \
    }

static void one_page_by_number_is_one_request(void **state)
{
    struct fixture *f = *state;
    const struct fake_answer answers[] = { PAGE("{\"IR Number\":\"1\"}", "1") };
    script(f, answers, 1);
    assert_int_equal(list(f, f->right, SINCE)->outcome, DUET_REMOTE_OK);
    assert_int_equal(f->stage.net.count, 1);
    const struct fake_request *request = &f->stage.net.requests[0];
    assert_string_equal(request->url, "https://soar.test/MainApp/VSOC/api/Command/GetIncidents");
    assert_string_equal(fake_header(request, "d3key"), "key-canary");
    json_t *body = json_loads(request->body, 0, NULL);
    json_t *params = json_object_get(body, "CommandParams");
    assert_string_equal(json_string_value(json_object_get(body, "Username")), "svc");
    assert_string_equal(json_string_value(json_object_get(body, "Site")), "SOC");
    assert_int_equal(json_integer_value(json_object_get(params, "Page Index")), 0);
    assert_true(json_is_integer(json_object_get(params, "Page Index")));
    assert_int_equal(json_integer_value(json_object_get(params, "Page Size")), 200);
    const json_t *filter = json_array_get(json_array_get(json_object_get(params, "Filter"), 0), 0);
    assert_string_equal(json_string_value(json_object_get(filter, "value")), "2026-03-01 11:59:00");
    json_decref(body);
}

static void pages_by_number_are_read_until_two_passes_agree(void **state)
{
    struct fixture *f = *state;
    const struct fake_answer answers[] = {
        PAGE("{\"IR Number\":\"1\"},{\"IR Number\":\"2\"}", "2"),
        PAGE("{\"IR Number\":\"4\"}", "2"), /* 3 slipped through */
        PAGE("{\"IR Number\":\"2\"},{\"IR Number\":\"3\"}", "2"),
        PAGE("{\"IR Number\":\"4\"}", "2"),
        PAGE("{\"IR Number\":\"2\"},{\"IR Number\":\"3\"}", "2"),
        PAGE("{\"IR Number\":\"4\"}", "2"),
    };
    script(f, answers, 6);
    assert_int_equal(list(f, f->right, SINCE)->outcome, DUET_REMOTE_OK);
    assert_int_equal(f->script.next, 6);
    assert_int_equal(f->stage.row_count, 4); /* each once */
    assert_string_equal(f->stage.rows[3], "{\"IR Number\":\"3\"}");
}

static void a_list_that_never_stands_still_leaves_the_cursor(void **state)
{
    struct fixture *f = *state;
    struct fake_answer answers[2 * DUET_REMOTE_MAX_PASSES];
    char bodies[2 * DUET_REMOTE_MAX_PASSES][200];
    for (size_t i = 0; i < 2 * DUET_REMOTE_MAX_PASSES; i++) {
        snprintf(bodies[i], sizeof bodies[i],
                 "{\"error\":\"\",\"outputData\":{\"TotalPages\":2},\"rawData\":{\"incidents\":[{"
                 "\"IR Number\":\"%zu\"}]}}",
                 i);
        answers[i] = (struct fake_answer){ .body = bodies[i] };
    }
    script(f, answers, 2 * DUET_REMOTE_MAX_PASSES);
    assert_int_equal(list(f, f->right, SINCE)->outcome, DUET_REMOTE_TRANSIENT);
    assert_int_equal(f->script.next, 2 * DUET_REMOTE_MAX_PASSES);
}

static void an_answer_without_its_list_is_no_empty_list(void **state)
{
    struct fixture *f = *state;
    struct fake_answer answers[DUET_REMOTE_MAX_TRIES];
    for (size_t i = 0; i < DUET_REMOTE_MAX_TRIES; i++)
        answers[i] =
            (struct fake_answer){ .body = "{\"error\":\"\",\"returnData\":\"Successful\"}" };
    script(f, answers, DUET_REMOTE_MAX_TRIES);
    assert_int_equal(list(f, f->right, SINCE)->outcome, DUET_REMOTE_TRANSIENT);
}

static void an_error_inside_of_200_is_refused_in_the_systems_words(void **state)
{
    struct fixture *f = *state;
    const struct fake_answer answers[] = {
        { .body = "{\"error\":\"the site key-canary is unknown\"}" }
    };
    script(f, answers, 1);
    const struct stage_told *told = list(f, f->right, SINCE);
    assert_int_equal(told->outcome, DUET_REMOTE_REFUSED);
    assert_string_equal(told->text, "HTTP 200: the site *** is unknown");
}

/* --- failures ------------------------------------------------------------------------------------------------------------ */

static void reading_is_tried_again_a_few_times(void **state)
{
    struct fixture *f = *state;
    const struct fake_answer answers[] = { { .failure = DUET_NET_LOST },
                                           { .status = 500 },
                                           { .status = 502, .body = "<html>" },
                                           { .body = "{\"value\":[]}" } };
    script(f, answers, 4);
    assert_int_equal(list(f, f->left, SINCE)->outcome, DUET_REMOTE_OK);
    assert_int_equal(f->stage.net.count, 5);
    for (size_t i = 2; i < 5; i++) /* each wait longer than the one before */
        assert_true(f->stage.net.requests[i].at - f->stage.net.requests[i - 1].at >=
                    500 << (i - 2));
}

static void trying_again_ends(void **state)
{
    struct fixture *f = *state;
    struct fake_answer answers[DUET_REMOTE_MAX_TRIES];
    for (size_t i = 0; i < DUET_REMOTE_MAX_TRIES; i++)
        answers[i] = (struct fake_answer){ .status = 503,
                                           .headers = "x-request-id: abc\n",
                                           .body = "{\"error\":{\"message\":\"busy\"}}" };
    script(f, answers, DUET_REMOTE_MAX_TRIES);
    const struct stage_told *told = list(f, f->left, SINCE);
    assert_int_equal(told->outcome, DUET_REMOTE_TRANSIENT);
    assert_int_equal(told->http_status, 503);
    assert_string_equal(told->text, "HTTP 503: busy");
    assert_string_equal(told->request_id, "x-request-id=abc");
    assert_int_equal(f->script.next, DUET_REMOTE_MAX_TRIES);
}

static void a_token_that_ends_in_the_middle_costs_one_page_again(void **state)
{
    struct fixture *f = *state;
    const struct fake_answer answers[] = {
        { .body = "{\"value\":[1],\"nextLink\":\"" BASE "/incidents?t=1\"}" },
        { .status = 401, .body = "{\"error\":{\"code\":\"ExpiredAuthenticationToken\"}}" },
        { .body = "{\"value\":[2]}" },
    };
    script(f, answers, 3);
    assert_int_equal(list(f, f->left, SINCE)->outcome, DUET_REMOTE_OK);
    assert_int_equal(f->stage.net.count, 5); /* token, page, page refused, token, page */
    assert_int_equal(f->stage.row_count, 2);
    assert_int_equal(duet_remote_sent(f->left, DUET_OP_ANY), 2);
}

static void a_second_401_is_denied(void **state)
{
    struct fixture *f = *state;
    const struct fake_answer answers[] = { { .status = 401 }, { .status = 401 } };
    script(f, answers, 2);
    assert_int_equal(list(f, f->left, SINCE)->outcome, DUET_REMOTE_DENIED);
    assert_int_equal(f->script.next, 2);
}

static void retry_after_is_obeyed(void **state)
{
    struct fixture *f = *state;
    const struct fake_answer answers[] = { { .status = 429, .headers = "Retry-After: 17\n" },
                                           { .body = "{\"value\":[]}" } };
    script(f, answers, 2);
    assert_int_equal(list(f, f->left, SINCE)->outcome, DUET_REMOTE_OK);
    assert_true(f->stage.net.requests[2].at - f->stage.net.requests[1].at >= 17000);
    assert_true(f->stage.net.requests[2].at - f->stage.net.requests[1].at < 19000);
}

static void a_long_pause_is_told_and_kept(void **state)
{
    struct fixture *f = *state;
    const struct fake_answer answers[] = {
        { .status = 429,
          .headers =
              "Date: Sun, 01 Mar 2026 10:00:00 GMT\nRetry-After: Sun, 01 Mar 2026 10:05:00 GMT\n" },
        { .body = "{\"value\":[]}" }
    };
    script(f, answers, 2);
    const struct stage_told *told = list(f, f->left, SINCE);
    assert_int_equal(told->outcome, DUET_REMOTE_THROTTLED);
    assert_int_equal(told->retry_ms,
                     300000); /* by the server's own clock, which is two hours behind */
    f->stage.told_count = 0;
    assert_int_equal(list(f, f->left, SINCE)->outcome, DUET_REMOTE_OK);
    assert_true(f->stage.net.requests[2].at - f->stage.net.requests[1].at >= 300000);
}

static void no_secret_is_logged(void **state)
{
    struct fixture *f = *state;
    const struct fake_answer answers[] = {
        { .status = 400, .body = "{\"error\":{\"message\":\"token-canary and s3cr3t-canary\"}}" }
    };
    script(f, answers, 1);
    assert_string_equal(list(f, f->left, SINCE)->text, "HTTP 400: *** and ***");
    fflush(f->stage.log_stream);
    assert_non_null(strstr(f->stage.log_text, "HTTP 400"));
    assert_null(strstr(f->stage.log_text, "canary"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_idle_poll_is_one_request),
        TEST(links_are_followed_byte_for_byte),
        TEST(a_row_with_bad_bytes_is_handed_on_and_the_others_with_it),
        TEST(pages_that_go_round_in_a_circle_end),
        TEST(links_that_lead_elsewhere_are_not_asked),
        TEST(one_page_by_number_is_one_request),
        TEST(pages_by_number_are_read_until_two_passes_agree),
        TEST(a_list_that_never_stands_still_leaves_the_cursor),
        TEST(an_answer_without_its_list_is_no_empty_list),
        TEST(an_error_inside_of_200_is_refused_in_the_systems_words),
        TEST(reading_is_tried_again_a_few_times),
        TEST(trying_again_ends),
        TEST(a_token_that_ends_in_the_middle_costs_one_page_again),
        TEST(a_second_401_is_denied),
        TEST(retry_after_is_obeyed),
        TEST(a_long_pause_is_told_and_kept),
        TEST(no_secret_is_logged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
