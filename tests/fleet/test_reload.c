/* Another config while the fleet runs, on a clock that moves only when nothing else is to do: what is asked, written, refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "dsl/compile.h"
#include "dsl/diag.h"
#include "engine/fleet/fleet.h"
#include "tests/support/fake_net.h"

#define NOON (INT64_C(1772366400) * INT64_C(10000000)) /* 2026-03-01T12:00:00Z */
#define TURNS_MAX 20000
#define CONFIGS_MAX 4

/* %s: how long a title may be, whose value a parked record has, and where the right side is. */
static const char FLEET[] =
    "edition 2026;\n"
    "system desk { settings { site : url; }\n"
    "  record ticket { key : text at id; title : text at title; state : enum (Open, Closed) at "
    "state;\n"
    "    modified : time at changed; closed when state == Closed; }\n"
    "  http { base \"{site}\"; changed ticket GET \"/t\" { items rows; }\n"
    "    write ticket PUT \"/t/{key}\" { body changed; } }\n"
    "}\n"
    "system board { settings { site : url; }\n"
    "  record thing { key : text at id; title : text at title;\n"
    "    state : enum (Open, Parked, Closed) at state; origin : text at origin;\n"
    "    claim : text at mark read only; modified : time at changed; closed when state == Closed; "
    "}\n"
    "  http { base \"{site}\"; changed thing GET \"/t\" { items rows; }\n"
    "    find thing GET \"/t\" { query { mark: thing.claim } items rows; }\n"
    "    create thing POST \"/t\" { body { title: thing.title, mark: thing.claim, origin: "
    "thing.origin }\n"
    "      returns key id; }\n"
    "    write thing PUT \"/t/{key}\" { body changed; } }\n"
    "}\n"
    "mapping both between desk.ticket as left and board.thing as right {\n"
    "  link left.key <-> right.origin;\n"
    "  first contact left;\n"
    "  create right from left;\n"
    "  field title left.title -> right.title | truncate %s;\n"
    "  field state left.state <-> right.state conflict left {\n"
    "    Open <-> Open; %s <- Parked; Closed <-> Closed;\n"
    "  }\n"
    "  on left change send all;\n"
    "  on right change send state;\n"
    "}\n"
    "tenant acme runs both {\n"
    "  side left { site = \"http://left\"; }\n"
    "  side right { site = %s; }\n"
    "  every 30s;\n"
    "}\n";
#define RIGHT "\"http://right\""

struct bench {
    struct duet_clock_sim clock;
    struct duet_random_seeded random;
    struct duet_loop *loop;
    struct duet_log *log;
    char *log_text;
    size_t log_size;
    FILE *log_stream;
    struct fake_net net;
    struct duet_journal *journal;
    struct duet_key key;
    struct duet_compilation *configs[CONFIGS_MAX];
    size_t config_count;
    struct duet_fleet *fleet;
    json_t *records[2]; /* of each side, by key */
    json_int_t changes; /* seconds: when a record was changed last */
    int64_t put_delay_ms;
    size_t puts; /* to the right side */
    size_t reloads;
    char last_put[256]; /* its URL */
};

/* --- two systems ----------------------------------------------------------------------------------------- */

static void touch(struct bench *bench, json_t *record)
{
    char time[32];
    bench->changes++;
    snprintf(time, sizeof time, "2026-03-01T12:%02d:%02dZ", (int)(bench->changes / 60),
             (int)(bench->changes % 60));
    json_object_set_new(record, "changed", json_string(time));
}

static json_t *put_record(struct bench *bench, enum duet_side side, const char *key)
{
    json_t *record = json_pack("{s:s, s:s}", "id", key, "state", "Open");
    json_object_set_new(bench->records[side], key, record);
    touch(bench, record);
    return record;
}

/* A person's edit. */
static void edit(struct bench *bench, enum duet_side side, const char *key, const char *member,
                 const char *value)
{
    json_t *record = json_object_get(bench->records[side], key);
    assert_non_null(record);
    json_object_set_new(record, member, json_string(value));
    touch(bench, record);
}

static const char *text_of(const struct bench *bench, enum duet_side side, const char *key,
                           const char *member)
{
    const char *text =
        json_string_value(json_object_get(json_object_get(bench->records[side], key), member));
    return text ? text : "";
}

static char *listed(const struct bench *bench, enum duet_side side)
{
    json_t *rows = json_array();
    const char *key = NULL;
    json_t *record = NULL;
    json_object_foreach(bench->records[side], key, record)
    {
        json_array_append(rows, record);
    }
    json_t *answer = json_pack("{s:o}", "rows", rows);
    char *text = json_dumps(answer, JSON_COMPACT);
    json_decref(answer);
    return text;
}

static void create(struct bench *bench, const json_t *body, struct fake_answer *answer)
{
    static char made[64];
    char key[16];
    snprintf(key, sizeof key, "r%zu", json_object_size(bench->records[DUET_RIGHT]) + 1);
    json_object_update(put_record(bench, DUET_RIGHT, key), (json_t *)(uintptr_t)body);
    snprintf(made, sizeof made, "{\"id\":\"%s\"}", key);
    answer->body = made;
}

static void take(struct bench *bench, enum duet_side side, const char *url, const json_t *body,
                 struct fake_answer *answer)
{
    json_t *record = json_object_get(bench->records[side], strrchr(url, '/') + 1);
    assert_non_null(record);
    json_object_update(record, (json_t *)(uintptr_t)body);
    touch(bench, record);
    answer->body = "{}";
    if (side != DUET_RIGHT)
        return;
    answer->delay_ms = bench->put_delay_ms;
    bench->puts++;
    snprintf(bench->last_put, sizeof bench->last_put, "%s", url);
}

static void serve(void *data, const struct fake_request *request, struct fake_answer *answer)
{
    static char *list;
    struct bench *bench = data;
    enum duet_side side = strncmp(request->url, "http://left", 11) == 0 ? DUET_LEFT : DUET_RIGHT;
    json_t *body = json_loads(request->body, 0, NULL);
    if (strcmp(request->method, "POST") == 0)
        create(bench, body, answer);
    else if (strcmp(request->method, "PUT") == 0)
        take(bench, side, request->url, body, answer);
    json_decref(body);
    if (strcmp(request->method, "GET") != 0)
        return;
    free(list);
    list = strstr(request->url, "mark=") ? strdup("{\"rows\":[]}") : listed(bench, side);
    answer->body = list;
}

/* --- the fleet ------------------------------------------------------------------------------------------- */

static const struct duet_fleet_config *config_of(struct bench *bench, const char *length,
                                                 const char *parked, const char *right)
{
    char text[4096];
    struct duet_compilation **compilation = &bench->configs[bench->config_count++];
    assert_true(bench->config_count <= CONFIGS_MAX);
    snprintf(text, sizeof text, FLEET, length, parked, right);
    assert_int_equal(duet_compile_text("fleet.duet", text, strlen(text), compilation), DUET_OK);
    struct duet_diags *diags = duet_compilation_diags(*compilation);
    if (duet_diags_errors(diags) > 0)
        duet_diags_render_text(diags, duet_compilation_sources(*compilation), DUET_DIAG_PLAIN,
                               stderr);
    assert_int_equal(duet_diags_errors(diags), 0);
    return duet_compilation_fleet(*compilation);
}

static void on_reloaded(void *data)
{
    struct bench *bench = data;
    bench->reloads++;
}

static struct duet_fleet_counts counts_of(const struct bench *bench)
{
    struct duet_fleet_counts counts;
    duet_fleet_counts(bench->fleet, &counts);
    return counts;
}

static void turn(struct bench *bench)
{
    (void)duet_loop_turn(bench->loop, true);
}

static void run_rounds(struct bench *bench, uint64_t count)
{
    uint64_t until = counts_of(bench).rounds + count;
    for (int i = 0; counts_of(bench).rounds < until; i++) {
        assert_true(i < TURNS_MAX);
        turn(bench);
    }
}

static void run_until_reloaded(struct bench *bench, size_t reloads)
{
    for (int i = 0; bench->reloads < reloads; i++) {
        assert_true(i < TURNS_MAX);
        turn(bench);
    }
}

static bool is_logged(struct bench *bench, const char *text)
{
    fflush(bench->log_stream);
    return strstr(bench->log_text, text) != NULL;
}

/* Two linked pairs at rest: of a both are open, of b the right one is parked, which agrees. */
static int start(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    struct duet_error error = { "" };
    assert_non_null(bench);
    *state = bench;
    duet_clock_sim_init(&bench->clock, NOON);
    duet_random_seeded_init(&bench->random, 1);
    bench->loop = duet_loop_new(&bench->clock.clock);
    bench->log_stream = open_memstream(&bench->log_text, &bench->log_size);
    bench->log =
        duet_log_new(bench->log_stream, DUET_LOG_JSON, DUET_LOG_DEBUG, &bench->clock.clock);
    fake_net_init(&bench->net, bench->loop, serve, bench);
    assert_int_equal(duet_journal_open(":memory:", &bench->journal, &error), DUET_OK);
    bench->records[DUET_LEFT] = json_object();
    bench->records[DUET_RIGHT] = json_object();
    put_record(bench, DUET_LEFT, "a");
    put_record(bench, DUET_LEFT, "b");
    edit(bench, DUET_LEFT, "a", "title", "the first one");
    edit(bench, DUET_LEFT, "b", "title", "the second one");
    const struct duet_fleet_options options = { .config = config_of(bench, "100", "Open", RIGHT),
                                                .journal = bench->journal,
                                                .key = &bench->key,
                                                .clock = &bench->clock.clock,
                                                .random = &bench->random.random,
                                                .loop = bench->loop,
                                                .net = &bench->net.net,
                                                .log = bench->log,
                                                .reloaded = on_reloaded,
                                                .data = bench };
    assert_int_equal(duet_fleet_new(&options, &bench->fleet, &error), DUET_OK);
    duet_fleet_start(bench->fleet);
    run_rounds(bench, 3);
    assert_string_equal(text_of(bench, DUET_RIGHT, "r2", "title"), "the second one");
    edit(bench, DUET_RIGHT, "r2", "state", "Parked");
    run_rounds(bench, 2);
    bench->puts = 0;
    return 0;
}

static int stop(void **state)
{
    struct bench *bench = *state;
    duet_fleet_free(bench->fleet);
    duet_journal_close(bench->journal);
    fake_net_finish(&bench->net);
    for (size_t i = 0; i < bench->config_count; i++)
        duet_compilation_free(bench->configs[i]);
    duet_log_free(bench->log);
    fclose(bench->log_stream);
    free(bench->log_text);
    duet_loop_free(bench->loop);
    json_decref(bench->records[DUET_LEFT]);
    json_decref(bench->records[DUET_RIGHT]);
    free(bench);
    return 0;
}

/* --- what a reload does ---------------------------------------------------------------------------------- */

/* Rules are compared, not files: nobody is asked anything, and the next poll comes when it was due. */
static void the_same_rules_change_nothing_and_polls_keep_their_time(void **state)
{
    struct bench *bench = *state;
    int64_t last_poll = bench->net.requests[bench->net.count - 1].at;
    size_t asked = bench->net.count;
    duet_fleet_reload(bench->fleet, config_of(bench, "100", "Open", RIGHT));
    run_until_reloaded(bench, 1);
    assert_int_equal(bench->net.count, asked);
    assert_false(is_logged(bench, "links planned by the changed rules"));
    run_rounds(bench, 1);
    assert_int_equal(bench->net.requests[asked].at - last_poll, 30000);
    assert_int_equal(bench->puts, 0);
}

static void only_the_link_that_a_changed_arm_touches_is_planned_at_once(void **state)
{
    struct bench *bench = *state;
    int64_t now = duet_clock_monotonic(&bench->clock.clock);
    duet_fleet_reload(bench->fleet, config_of(bench, "100", "Closed", RIGHT));
    run_until_reloaded(bench, 1);
    run_rounds(bench, 1);
    assert_true(is_logged(bench, "\"links planned by the changed rules\",\"owner\":\"acme\","
                                 "\"rules\":1,\"links\":1"));
    assert_int_equal(duet_clock_monotonic(&bench->clock.clock) - now,
                     0); /* it waited for no poll */
    assert_int_equal(bench->puts, 1);
    assert_string_equal(bench->last_put, "http://right/t/r2");
    assert_string_equal(text_of(bench, DUET_RIGHT, "r2", "state"), "Open");
    run_rounds(bench, 2);
    assert_int_equal(bench->puts, 1);
}

/* Its right side has no address: acme couldn't run by it. */
static void a_refused_config_leaves_all_as_it_was(void **state)
{
    struct bench *bench = *state;
    duet_fleet_reload(bench->fleet, config_of(bench, "100", "Closed", "env DUET_TEST_NOT_SET"));
    run_rounds(bench, 1);
    assert_true(is_logged(bench, "reload refused: what ran before goes on"));
    assert_true(is_logged(bench, "DUET_TEST_NOT_SET"));
    assert_int_equal(bench->reloads, 0);
    assert_int_equal(counts_of(bench).broken, 0);
    edit(bench, DUET_LEFT, "a", "title", "a new title");
    run_rounds(bench, 2);
    assert_string_equal(text_of(bench, DUET_RIGHT, "r1", "title"), "a new title");
    assert_string_equal(text_of(bench, DUET_RIGHT, "r2", "state"), "Parked");
    /* A good one is taken afterwards. */
    duet_fleet_reload(bench->fleet, config_of(bench, "5", "Open", RIGHT));
    run_until_reloaded(bench, 1);
    run_rounds(bench, 2);
    assert_string_equal(text_of(bench, DUET_RIGHT, "r1", "title"), "a new");
}

static void of_two_at_once_the_later_one_counts(void **state)
{
    struct bench *bench = *state;
    duet_fleet_reload(bench->fleet, config_of(bench, "100", "Closed", RIGHT));
    duet_fleet_reload(bench->fleet, config_of(bench, "5", "Open", RIGHT));
    run_until_reloaded(bench, 1);
    run_rounds(bench, 2);
    assert_int_equal(bench->reloads, 1);
    assert_string_equal(text_of(bench, DUET_RIGHT, "r2", "state"), "Parked");
    assert_string_equal(text_of(bench, DUET_RIGHT, "r1", "title"), "the f");
}

/* The second comes before the round in which the first one's links are planned: what that would have moved stays. */
static void of_two_in_a_row_both_are_taken_and_the_later_one_counts(void **state)
{
    struct bench *bench = *state;
    duet_fleet_reload(bench->fleet, config_of(bench, "100", "Closed", RIGHT));
    run_until_reloaded(bench, 1);
    duet_fleet_reload(bench->fleet, config_of(bench, "100", "Open", RIGHT));
    run_until_reloaded(bench, 2);
    run_rounds(bench, 2);
    assert_string_equal(text_of(bench, DUET_RIGHT, "r2", "state"), "Parked");
    assert_int_equal(bench->puts, 0);
}

/* The write of the old rule is ended first, once; then the new rule has its turn. */
static void a_write_without_an_answer_is_waited_for(void **state)
{
    struct bench *bench = *state;
    bench->put_delay_ms = 5000;
    edit(bench, DUET_LEFT, "a", "title", "a long title");
    for (int i = 0; bench->puts == 0; i++) {
        assert_true(i < TURNS_MAX);
        turn(bench);
    }
    int64_t sent = duet_clock_monotonic(&bench->clock.clock);
    assert_string_equal(text_of(bench, DUET_RIGHT, "r1", "title"), "a long title");
    duet_fleet_reload(bench->fleet, config_of(bench, "6", "Open", RIGHT));
    run_until_reloaded(bench, 1);
    assert_int_equal(duet_clock_monotonic(&bench->clock.clock) - sent, 5000);
    assert_int_equal(bench->puts, 1);
    run_rounds(bench, 3);
    assert_string_equal(text_of(bench, DUET_RIGHT, "r1", "title"), "a long");
    assert_string_equal(text_of(bench, DUET_LEFT, "a", "title"), "a long title");
    /* One more for each title, and none is repeated. */
    assert_int_equal(bench->puts, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, start, stop)
        CASE(the_same_rules_change_nothing_and_polls_keep_their_time),
        CASE(only_the_link_that_a_changed_arm_touches_is_planned_at_once),
        CASE(a_refused_config_leaves_all_as_it_was),
        CASE(of_two_at_once_the_later_one_counts),
        CASE(of_two_in_a_row_both_are_taken_and_the_later_one_counts),
        CASE(a_write_without_an_answer_is_waited_for),
#undef CASE
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
