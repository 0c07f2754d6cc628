/* Tests of engine/remote/oauth.c: one token for all who wait, fetched early enough, told honestly when there is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/remote_stage.h"

static const struct duet_setting_value settings[] = {
    { "arm", "https://arm.test" }, { "login", "https://login.test" }, { "directory", "dir" },
    { "client_id", "id" },         { "client_secret", "s3cr3t" },     { "subscription", "sub" },
    { "resource_group", "soc" },   { "workspace", "acme" },
};

struct fixture {
    struct stage stage;
    struct duet_endpoint *endpoint;
    struct fake_answer token; /* how the token address answers */
    size_t tokens;
};

static void play(void *data, const struct fake_request *request, struct fake_answer *answer)
{
    struct fixture *f = data;
    if (strstr(request->url, "/token")) {
        *answer = f->token;
        answer->status = f->token.status ? f->token.status : 200;
        f->tokens++;
    } else {
        answer->body = "{\"value\":[]}";
    }
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    stage_open(&f->stage, "mappings/sentinel-smartsoar.duet", play, f);
    f->endpoint = stage_endpoint(&f->stage, DUET_LEFT, "acme", settings, 8);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    duet_endpoint_free(f->endpoint);
    stage_close(&f->stage);
    free(f);
    return 0;
}

static void poll_once(struct fixture *f)
{
    duet_remote_changed(f->endpoint, DUET_SINCE_EVER, stage_on_page, stage_on_done, &f->stage);
}

static const struct stage_told *poll_now(struct fixture *f)
{
    poll_once(f);
    duet_loop_run(f->stage.loop);
    return &f->stage.told[f->stage.told_count - 1];
}

static void wait_ms(struct fixture *f, int64_t milliseconds)
{
    f->stage.clock.clock.advance(&f->stage.clock.clock,
                                 duet_clock_monotonic(&f->stage.clock.clock) + milliseconds);
}

/* The first token is used until then, and no longer. */
static void expect_renewed_after(struct fixture *f, int64_t seconds)
{
    poll_now(f);
    wait_ms(f, (seconds - 1) * 1000);
    poll_now(f);
    assert_int_equal(f->tokens, 1);
    wait_ms(f, 1000);
    poll_now(f);
    assert_int_equal(f->tokens, 2);
}

static void all_who_wait_share_one_token(void **state)
{
    struct fixture *f = *state;
    f->token = (struct fake_answer){ .body = "{\"expires_in\":3599,\"access_token\":\"one\"}",
                                     .delay_ms = 3000 };
    for (int i = 0; i < 5; i++)
        poll_once(f);
    duet_loop_run(f->stage.loop);
    assert_int_equal(f->stage.told_count, 5);
    for (int i = 0; i < 5; i++)
        assert_int_equal(f->stage.told[i].outcome, DUET_REMOTE_OK);
    assert_int_equal(f->tokens, 1);
}

static void a_token_is_fetched_anew_before_it_ends(void **state)
{
    struct fixture *f = *state;
    f->token.body = "{\"expires_in\":\"3600\",\"access_token\":\"one\"}";
    expect_renewed_after(f, 3300); /* five minutes early */
}

static void a_short_token_is_used_for_most_of_its_life(void **state)
{
    struct fixture *f = *state;
    f->token.body = "{\"expires_in\":60,\"access_token\":\"one\"}";
    expect_renewed_after(f, 54); /* a tenth early */
}

static void a_wrong_secret_is_denied_without_being_shown(void **state)
{
    struct fixture *f = *state;
    f->token = (struct fake_answer){
        .status = 401,
        .body = "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: 's3cr3t' is "
                "wrong\\r\\nTrace ID: 1\"}"
    };
    const struct stage_told *told = poll_now(f);
    assert_int_equal(told->outcome, DUET_REMOTE_DENIED);
    assert_string_equal(told->text,
                        "no token: HTTP 401: AADSTS7000215: '***' is wrong  Trace ID: 1");
    assert_int_equal(f->tokens, 1);
    assert_int_equal(f->stage.net.count, 1); /* nothing was asked without a token */
    f->token = (struct fake_answer){ .body = "{\"access_token\":\"two\"}" };
    assert_int_equal(poll_now(f)->outcome, DUET_REMOTE_OK); /* the next one asks again */
}

static void a_token_address_that_is_down_passes(void **state)
{
    struct fixture *f = *state;
    f->token = (struct fake_answer){ .status = 503 };
    assert_int_equal(poll_now(f)->outcome, DUET_REMOTE_TRANSIENT);
    assert_int_equal(f->tokens, DUET_REMOTE_MAX_TRIES);
}

static void an_answer_without_a_token_is_none(void **state)
{
    static const char *const bodies[] = {
        "", "<html>", "{}", "{\"access_token\":7}", "{\"access_token\":\"a\\r\\nHost: x\"}", "[1]"
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        f->token = (struct fake_answer){ .body = bodies[i] };
        assert_int_equal(poll_now(f)->outcome, DUET_REMOTE_TRANSIENT);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_who_wait_share_one_token),
        TEST(a_token_is_fetched_anew_before_it_ends),
        TEST(a_short_token_is_used_for_most_of_its_life),
        TEST(a_wrong_secret_is_denied_without_being_shown),
        TEST(a_token_address_that_is_down_passes),
        TEST(an_answer_without_a_token_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
