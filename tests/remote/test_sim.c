/* Tests of engine/remote over real HTTP against the two simulated systems, counted by them. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <curl/curl.h>

#include "engine/world/net_curl.h"
#include "tests/support/remote_stage.h"

#define SKIPPED 77

struct simulator {
    pid_t pid;
    FILE *out;
    char base[64];
};

struct fixture {
    struct stage stage;
    struct duet_net_curl *curl;
    struct simulator sentinel, smartsoar;
    struct duet_endpoint *left, *right;
};

static const char *program(void)
{
    const char *path = getenv("DUET_SIM_BIN");
    return path ? path : "";
}

static void start(struct simulator *simulator, const char *const *arguments)
{
    int ends[2];
    char line[128];
    assert_int_equal(pipe(ends), 0);
    simulator->pid = fork();
    if (simulator->pid == 0) {
        char *argv[16] = { NULL };
        for (size_t i = 0; arguments[i]; i++)
            argv[i] = strdup(arguments[i]);
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execv(program(), argv);
        _exit(127);
    }
    close(ends[1]);
    simulator->out = fdopen(ends[0], "r");
    assert_non_null(fgets(line, sizeof line, simulator->out));
    assert_int_equal(sscanf(line, "listening on %63s", simulator->base), 1);
}

static void stop(struct simulator *simulator)
{
    if (simulator->pid <= 0)
        return;
    kill(simulator->pid, SIGTERM);
    waitpid(simulator->pid, NULL, 0);
    fclose(simulator->out);
}

static size_t take(char *bytes, size_t size, size_t count, void *data)
{
    struct duet_arena *arena = ((struct stage *)data)->arena;
    char **text = &((struct stage *)data)->rows[STAGE_MAX_TOLD - 1];
    *text = duet_arena_format(arena, "%s%.*s", *text ? *text : "", (int)(size * count), bytes);
    return size * count;
}

/* As a person. The caller frees the answer. */
static json_t *control(struct fixture *f, const struct simulator *simulator, const char *path,
                       const char *body)
{
    char url[256];
    CURL *easy = curl_easy_init();
    f->stage.rows[STAGE_MAX_TOLD - 1] = NULL;
    snprintf(url, sizeof url, "%s/_sim/%s", simulator->base, path);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &f->stage);
    if (body)
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
    assert_int_equal(curl_easy_perform(easy), CURLE_OK);
    curl_easy_cleanup(easy);
    json_t *answer = json_loads(f->stage.rows[STAGE_MAX_TOLD - 1], JSON_DECODE_ANY, NULL);
    f->stage.rows[STAGE_MAX_TOLD - 1] = NULL;
    assert_non_null(answer);
    return answer;
}

static void tell(struct fixture *f, const struct simulator *simulator, const char *path,
                 const char *body)
{
    json_decref(control(f, simulator, path, body));
}

/* How often the simulator saw a kind of request since it was last reset. */
static int seen(struct fixture *f, const struct simulator *simulator, const char *kind)
{
    json_t *answer = control(f, simulator, "requests", NULL);
    const json_t *log = json_object_get(answer, "log") ? json_object_get(answer, "log")
                                                       : json_object_get(answer, "requests");
    assert_true(json_is_array(log));
    int count = 0;
    for (size_t i = 0; i < json_array_size(log); i++) {
        const char *name = json_string_value(json_object_get(json_array_get(log, i), "kind"));
        count += name && strcmp(name, kind) == 0;
    }
    json_decref(answer);
    return count;
}

static struct duet_endpoint *endpoint(struct fixture *f, enum duet_side side,
                                      const struct duet_setting_value *settings, size_t count)
{
    const struct duet_endpoint_options options = {
        .rules = &f->stage.rules,
        .side = side,
        .name = "acme",
        .settings = settings,
        .setting_count = count,
        .clock = &f->stage.clock.clock,
        .random = &f->stage.random.random,
        .loop = f->stage.loop,
        .net = duet_net_curl_net(f->curl),
        .log = f->stage.log,
        .quotas = f->stage.quotas,
    };
    struct duet_endpoint *made = NULL;
    struct duet_error error = { "" };
    if (duet_endpoint_new(&options, &made, &error) != DUET_OK)
        fail_msg("%s", error.text);
    return made;
}

static void never(void *data, const struct fake_request *request, struct fake_answer *answer)
{
    (void)data;
    (void)request;
    (void)answer;
    fail();
}

static int set_up(void **state)
{
    static const char *const sentinel[] = { "duet-sim", "sentinel", "--client",
                                            "dir:id:s3cr3t-canary:sub/soc/acme", NULL };
    static const char *const smartsoar[] = { "duet-sim", "smartsoar", "--key", "key-canary:svc:SOC",
                                             NULL };
    struct fixture *f = calloc(1, sizeof *f);
    *state = f;
    stage_open(&f->stage, "mappings/sentinel-smartsoar.duet", never, NULL);
    f->curl = duet_net_curl_new(
        &(struct duet_net_curl_options){ .loop = f->stage.loop, .log = f->stage.log });
    start(&f->sentinel, sentinel);
    start(&f->smartsoar, smartsoar);
    const struct duet_setting_value left[] = {
        { "arm", f->sentinel.base },
        { "login", f->sentinel.base },
        { "directory", "dir" },
        { "client_id", "id" },
        { "client_secret", "s3cr3t-canary" },
        { "subscription", "sub" },
        { "resource_group", "soc" },
        { "workspace", "acme" },
    };
    const struct duet_setting_value right[] = {
        { "site_url", f->smartsoar.base },
        { "user", "svc" },
        { "site", "SOC" },
        { "api_key", "key-canary" },
    };
    f->left = endpoint(f, DUET_LEFT, left, 8);
    f->right = endpoint(f, DUET_RIGHT, right, 4);
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    duet_endpoint_free(f->left);
    duet_endpoint_free(f->right);
    duet_net_curl_free(f->curl);
    stop(&f->sentinel);
    stop(&f->smartsoar);
    fflush(f->stage.log_stream);
    assert_null(strstr(f->stage.log_text, "canary"));
    stage_close(&f->stage);
    free(f);
    return 0;
}

static const struct stage_told *list(struct fixture *f, struct duet_endpoint *from)
{
    for (size_t i = 0; i < f->stage.row_count; i++)
        free(f->stage.rows[i]);
    f->stage.row_count = 0;
    duet_remote_changed(from, DUET_SINCE_EVER, stage_on_page, stage_on_done, &f->stage);
    duet_loop_run(f->stage.loop);
    return &f->stage.told[f->stage.told_count - 1];
}

#define INCIDENT                                                                                   \
    "{\"name\":\"g-1\",\"properties\":{\"title\":\"t\",\"severity\":\"High\",\"status\":"          \
    "\"Active\",\"description\":\"kept\"}}"

static void write_one(struct fixture *f, struct duet_endpoint *to, enum duet_side side,
                      const char *row, const struct duet_value *values, uint64_t mask)
{
    struct duet_record before = stage_record(&f->stage, side, row);
    const struct duet_remote_write write = { .key = before.key,
                                             .version = before.version,
                                             .before = &before,
                                             .values = values ? values : before.values,
                                             .mask = mask };
    duet_remote_write(to, &write, 1, stage_on_written, &f->stage);
    duet_loop_run(f->stage.loop);
}

static const struct stage_told *last(const struct fixture *f)
{
    return &f->stage.told[f->stage.told_count - 1];
}

static void an_idle_poll_is_one_request_of_each(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(list(f, f->left)->outcome, DUET_REMOTE_OK);
        assert_int_equal(list(f, f->right)->outcome, DUET_REMOTE_OK);
    }
    assert_int_equal(seen(f, &f->sentinel, "list incidents"), 3);
    assert_int_equal(seen(f, &f->sentinel, "token"), 1);
    assert_int_equal(seen(f, &f->smartsoar, "GetIncidents"), 3);
}

static void a_close_is_one_put_and_the_rest_stays(void **state)
{
    struct fixture *f = *state;
    tell(f, &f->sentinel, "create", INCIDENT);
    assert_int_equal(list(f, f->left)->outcome, DUET_REMOTE_OK);
    assert_int_equal(f->stage.row_count, 1);
    char *row = strdup(f->stage.rows[0]);
    struct duet_record wanted = stage_record(&f->stage, DUET_LEFT,
                                             "{\"name\":\"g-1\",\"properties\":{\"status\":"
                                             "\"Closed\",\"classification\":\"FalsePositive\","
                                             "\"classificationReason\":\"InaccurateData\"}}");
    uint64_t mask = duet_bit(stage_field(&f->stage, DUET_LEFT, "status")) |
                    duet_bit(stage_field(&f->stage, DUET_LEFT, "classification")) |
                    duet_bit(stage_field(&f->stage, DUET_LEFT, "reason"));
    write_one(f, f->left, DUET_LEFT, row, wanted.values, mask);
    if (last(f)->outcome != DUET_REMOTE_OK)
        fail_msg("%s", last(f)->text);
    assert_int_equal(seen(f, &f->sentinel, "write incident"), 1);
    assert_int_equal(seen(f, &f->sentinel, "read incident"), 0);
    struct duet_record answered = stage_record(&f->stage, DUET_LEFT, last(f)->record);
    assert_true(duet_record_closed(&f->stage.rules, DUET_LEFT, answered.values));
    assert_non_null(strstr(last(f)->record, "\"kept\""));
    write_one(f, f->left, DUET_LEFT, row, wanted.values, mask); /* with the version of before */
    assert_int_equal(last(f)->outcome, DUET_REMOTE_STALE);
    free(row);
}

static void a_refusal_comes_in_the_systems_words(void **state)
{
    struct fixture *f = *state;
    tell(f, &f->sentinel, "create", INCIDENT);
    list(f, f->left);
    char *row = strdup(f->stage.rows[0]);
    struct duet_record wanted = stage_record(
        &f->stage, DUET_LEFT, "{\"name\":\"g-1\",\"properties\":{\"status\":\"Closed\"}}");
    write_one(f, f->left, DUET_LEFT, row, wanted.values,
              duet_bit(stage_field(&f->stage, DUET_LEFT, "status")));
    assert_int_equal(last(f)->outcome, DUET_REMOTE_REFUSED);
    assert_int_equal(last(f)->http_status, 400);
    assert_non_null(strstr(last(f)->text, "lassification"));
    free(row);
}

static void a_lost_reply_is_unknown_and_not_sent_again(void **state)
{
    struct fixture *f = *state;
    const struct duet_new_note note = { .uuid = "5e0d7b1c-0000-5000-8000-000000000001",
                                        .text = "hello",
                                        .html = "<p>hello</p>" };
    tell(f, &f->sentinel, "create", INCIDENT);
    tell(f, &f->sentinel, "faults",
         "{\"kind\":\"add note\",\"nth\":1,\"times\":1,\"do\":\"drop-after\"}");
    list(f, f->left);
    duet_remote_add_note(f->left, "g-1", &note, stage_on_done, &f->stage);
    duet_loop_run(f->stage.loop);
    assert_int_equal(last(f)->outcome, DUET_REMOTE_UNKNOWN);
    assert_int_equal(seen(f, &f->sentinel, "add note"), 1);
    duet_remote_add_note(f->left, "g-1", &note, stage_on_done,
                         &f->stage); /* the same id: written once */
    duet_loop_run(f->stage.loop);
    assert_int_equal(last(f)->outcome, DUET_REMOTE_OK);
    for (size_t i = 0; i < f->stage.row_count; i++)
        free(f->stage.rows[i]);
    f->stage.row_count = 0;
    duet_remote_list_notes(f->left, "g-1", stage_on_rows, stage_on_done, &f->stage);
    duet_loop_run(f->stage.loop);
    assert_int_equal(last(f)->outcome, DUET_REMOTE_OK);
    assert_int_equal(f->stage.row_count, 1);
}

static void a_record_is_created_found_and_written(void **state)
{
    struct fixture *f = *state;
    struct duet_record values =
        stage_record(&f->stage, DUET_RIGHT, "{\"Title\":\"t\",\"Severity\":\"High\"}");
    const struct duet_remote_record fresh = { .values = values.values,
                                              .claim = "duet-acme-g-1-5f3a" };
    duet_remote_create(f->right, &fresh, stage_on_done, &f->stage);
    duet_loop_run(f->stage.loop);
    if (last(f)->outcome != DUET_REMOTE_OK)
        fail_msg("%s", last(f)->text);
    duet_remote_find(f->right, &fresh, stage_on_rows, stage_on_done, &f->stage);
    duet_loop_run(f->stage.loop);
    assert_int_equal(f->stage.row_count, 1);
    char *row = strdup(f->stage.rows[0]);
    struct duet_record wanted =
        stage_record(&f->stage, DUET_RIGHT,
                     "{\"Status\":\"Closed\",\"Sentinel Sync - Classification\":"
                     "\"FalsePositive\",\"Sentinel Sync - Reason\":\"InaccurateData\"}");
    write_one(f, f->right, DUET_RIGHT, row, wanted.values,
              duet_bit(stage_field(&f->stage, DUET_RIGHT, "status")) |
                  duet_bit(stage_field(&f->stage, DUET_RIGHT, "form.classification")) |
                  duet_bit(stage_field(&f->stage, DUET_RIGHT, "form.reason")));
    if (last(f)->outcome != DUET_REMOTE_OK)
        fail_msg("%s", last(f)->text);
    assert_int_equal(seen(f, &f->smartsoar, "UpdateDynamicFieldsByNumberInBulk"), 1);
    assert_int_equal(seen(f, &f->smartsoar, "CloseIncidentInBulk"), 1);
    duet_remote_read(f->right, stage_record(&f->stage, DUET_RIGHT, row).key, stage_on_done,
                     &f->stage);
    duet_loop_run(f->stage.loop);
    struct duet_record now = stage_record(&f->stage, DUET_RIGHT, last(f)->record);
    assert_true(duet_record_closed(&f->stage.rules, DUET_RIGHT, now.values));
    uint32_t reason = stage_field(&f->stage, DUET_RIGHT, "form.reason");
    assert_true(duet_value_equal(&now.values[reason], &wanted.values[reason]));
    free(row);
}

static void an_unknown_record_is_gone(void **state)
{
    struct fixture *f = *state;
    duet_remote_read(f->left, "no-such", stage_on_done, &f->stage);
    duet_remote_read(f->right, "no-such", stage_on_done, &f->stage);
    duet_loop_run(f->stage.loop);
    assert_int_equal(f->stage.told[0].outcome, DUET_REMOTE_GONE);
    assert_int_equal(f->stage.told[1].outcome, DUET_REMOTE_GONE);
}

static void a_long_list_comes_whole(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 205; i++) {
        char body[128];
        snprintf(body, sizeof body,
                 "{\"fields\":{\"Title\":\"t%d\",\"Severity\":\"Low\",\"Status\":\"Open\"}}", i);
        tell(f, &f->smartsoar, "create", body);
    }
    assert_int_equal(list(f, f->right)->outcome, DUET_REMOTE_OK);
    assert_int_equal(f->stage.row_count, 205);
    assert_int_equal(seen(f, &f->smartsoar, "GetIncidents"), 4); /* two pages, twice */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    if (access(program(), X_OK) != 0) {
        puts("skipped: duet-sim isn't built");
        return SKIPPED;
    }
    const struct CMUnitTest tests[] = {
        TEST(an_idle_poll_is_one_request_of_each),
        TEST(a_close_is_one_put_and_the_rest_stays),
        TEST(a_refusal_comes_in_the_systems_words),
        TEST(a_lost_reply_is_unknown_and_not_sent_again),
        TEST(a_record_is_created_found_and_written),
        TEST(an_unknown_record_is_gone),
        TEST(a_long_list_comes_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
