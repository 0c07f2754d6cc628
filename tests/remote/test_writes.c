/* Tests of engine/remote/write.c, create.c and read.c: each record gets a result of its own, and nothing is done twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/remote_stage.h"

#define W                                                                                          \
    "https://arm.test/subscriptions/sub/resourceGroups/soc/providers/"                             \
    "Microsoft.OperationalInsights/workspaces/acme/"                                               \
    "providers/Microsoft.SecurityInsights"

struct fixture {
    struct stage stage;
    struct duet_endpoint *left, *right;
    fake_handler answer; /* the test's own */
    const char *poison;  /* a key whose batches are refused whole */
    struct duet_record before[8];
    struct duet_value values[8][64];
    struct duet_remote_write writes[8];
};

static void handle(void *data, const struct fake_request *request, struct fake_answer *answer)
{
    struct fixture *f = data;
    if (strstr(request->url, "/token"))
        answer->body = "{\"expires_in\":3599,\"access_token\":\"token-1\"}";
    else
        f->answer(f, request, answer);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    stage_open_shipped(&f->stage, handle, f, &f->left, &f->right);
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

/* The i-th write: from one record to another, of the fields that are named, a blank between two. */
static void add_write(struct fixture *f, size_t i, enum duet_side side, const char *before,
                      const char *after, const char *names)
{
    const struct duet_t_side *row = duet_side_row(f->stage.rules.tables, side);
    struct duet_record wanted = stage_record(&f->stage, side, after);
    f->before[i] = stage_record(&f->stage, side, before);
    memcpy(f->values[i], wanted.values, row->fields_count * sizeof *wanted.values);
    f->writes[i] = (struct duet_remote_write){ .key = f->before[i].key,
                                               .version = f->before[i].version,
                                               .before = &f->before[i],
                                               .values = f->values[i] };
    while (*names) {
        char name[64];
        size_t length = strcspn(names, " ");
        snprintf(name, sizeof name, "%.*s", (int)length, names);
        f->writes[i].mask |= duet_bit(stage_field(&f->stage, side, name));
        names += length + (names[length] == ' ');
    }
}

static void write_all(struct fixture *f, struct duet_endpoint *endpoint, size_t count)
{
    duet_remote_write(endpoint, f->writes, count, stage_on_written, &f->stage);
    assert_int_equal(f->stage.told_count, 0);
    duet_loop_run(f->stage.loop);
    assert_int_equal(f->stage.told_count, count);
}

static json_t *body_of(const struct fixture *f, size_t request)
{
    json_t *body = json_loads(f->stage.net.requests[request].body, 0, NULL);
    assert_non_null(body);
    return body;
}

/* --- a whole record ------------------------------------------------------------------------------------------------------- */

#define INCIDENT(status, rest)                                                                     \
    "{\"id\":\"/x\", \"name\":\"g-1\",\"etag\":\"\\\"e1\\\"\",\"properties\":{ "                   \
    "\"title\":\"t\",\"severity\":\"High\","                                                       \
    "\"status\":\"" status "\"," rest                                                              \
    "\"labels\":[ {\"labelName\":\"a\",\"labelType\":\"User\"} ] }}"
#define VERDICT                                                                                    \
    "\"classification\":\"TruePositive\",\"classificationReason\":\"SuspiciousActivity\","

static void answer_put(void *data, const struct fake_request *request, struct fake_answer *answer)
{
    (void)data;
    assert_string_equal(request->method, "PUT");
    answer->body = "{\"name\":\"g-1\",\"etag\":\"\\\"e2\\\"\",\"properties\":{}}";
}

static void a_whole_record_is_one_put_without_a_read(void **state)
{
    struct fixture *f = *state;
    f->answer = answer_put;
    add_write(f, 0, DUET_LEFT, INCIDENT("Active", ""), INCIDENT("Closed", VERDICT),
              "status classification reason");
    write_all(f, f->left, 1);
    assert_int_equal(f->stage.net.count, 2);
    assert_string_equal(f->stage.net.requests[1].url, W "/incidents/g-1?api-version=2024-09-01");
    json_t *body = body_of(f, 1);
    assert_int_equal(json_object_size(body), 2); /* etag and properties */
    assert_string_equal(json_string_value(json_object_get(body, "etag")), "\"e1\"");
    const json_t *properties = json_object_get(body, "properties");
    assert_string_equal(json_string_value(json_object_get(properties, "status")), "Closed");
    assert_string_equal(json_string_value(json_object_get(properties, "classificationReason")),
                        "SuspiciousActivity");
    json_decref(body);
    assert_non_null(strstr(f->stage.net.requests[1].body,
                           "\"labels\":[ {\"labelName\":\"a\",\"labelType\":\"User\"} ]"));
    const struct stage_told *told = stage_told_of(&f->stage, 0);
    assert_int_equal(told->outcome, DUET_REMOTE_OK);
    assert_int_equal(told->written, f->writes[0].mask);
    assert_string_equal(told->record,
                        "{\"name\":\"g-1\",\"etag\":\"\\\"e2\\\"\",\"properties\":{}}");
}

static void answer_by_status(void *data, const struct fake_request *request,
                             struct fake_answer *answer)
{
    const struct fixture *f = data;
    (void)request;
    answer->status = (int)strtol(f->poison, NULL, 10);
    answer->body = "{\"error\":{\"code\":\"X\",\"message\":\"because\"}}";
}

static void each_status_has_its_outcome_and_no_write_is_sent_twice(void **state)
{
    static const struct {
        const char *status;
        enum duet_remote_outcome outcome;
    } cases[] = {
        { "400", DUET_REMOTE_REFUSED }, { "403", DUET_REMOTE_DENIED },
        { "404", DUET_REMOTE_GONE },    { "409", DUET_REMOTE_STALE },
        { "412", DUET_REMOTE_STALE },   { "500", DUET_REMOTE_UNKNOWN },
        { "504", DUET_REMOTE_UNKNOWN }, { "503", DUET_REMOTE_TRANSIENT },
        { "302", DUET_REMOTE_REFUSED }, { "429", DUET_REMOTE_THROTTLED },
    };
    struct fixture *f = *state;
    f->answer = answer_by_status;
    add_write(f, 0, DUET_LEFT, INCIDENT("New", ""), INCIDENT("Active", ""), "status");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        f->poison = cases[i].status;
        write_all(f, f->left, 1);
        assert_int_equal(f->stage.told[0].outcome, cases[i].outcome);
        assert_int_equal(f->stage.told[0].written, 0);
        assert_int_equal(duet_remote_sent(f->left, DUET_OP_WRITE), i + 1);
        f->stage.told_count = 0;
    }
}

static void answer_lost(void *data, const struct fake_request *request, struct fake_answer *answer)
{
    (void)data;
    (void)request;
    answer->failure = DUET_NET_LOST;
}

static void a_lost_reply_is_unknown(void **state)
{
    struct fixture *f = *state;
    f->answer = answer_lost;
    add_write(f, 0, DUET_LEFT, INCIDENT("New", ""), INCIDENT("Active", ""), "status");
    write_all(f, f->left, 1);
    assert_int_equal(f->stage.told[0].outcome, DUET_REMOTE_UNKNOWN);
    assert_int_equal(duet_remote_sent(f->left, DUET_OP_WRITE), 1);
}

static void keys_that_leave_their_place_are_not_sent(void **state)
{
    static const char *const keys[] = { "..", ".", "a/../../b", "a\\\\b", "a\\r\\nHost: x" };
    struct fixture *f = *state;
    f->answer = answer_put;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        char record[512];
        snprintf(record, sizeof record,
                 "{\"name\":\"%s\",\"etag\":\"e\",\"properties\":{\"status\":\"New\"}}", keys[i]);
        add_write(f, 0, DUET_LEFT, record, INCIDENT("Active", ""), "status");
        write_all(f, f->left, 1);
        assert_int_equal(f->stage.told[0].outcome, DUET_REMOTE_REFUSED);
        f->stage.told_count = 0;
    }
    assert_int_equal(f->stage.net.count, 0);
    add_write(f, 0, DUET_LEFT,
              "{\"name\":\"a b%2f?#\",\"etag\":\"e\",\"properties\":{\"status\":\"New\"}}",
              INCIDENT("Active", ""), "status");
    write_all(f, f->left, 1);
    assert_string_equal(f->stage.net.requests[1].url,
                        W "/incidents/a%20b%252f%3F%23?api-version=2024-09-01");
}

/* --- ordered steps in batches --------------------------------------------------------------------------------------------- */

#define ROW(key, status, rest)                                                                     \
    "{\"IR Number\":\"" key "\",\"Title\":\"t\",\"Status\":\"" status                              \
    "\",\"Severity\":\"Low\"" rest "}"
#define FORM                                                                                       \
    ",\"Sentinel Sync - Classification\":\"FalsePositive\",\"Sentinel Sync - "                     \
    "Reason\":\"InaccurateData\""

/* Every record of the request has its row; those whose key holds "bad" are turned down, of "gap" nothing is said. */
static void answer_bulk(void *data, const struct fake_request *request, struct fake_answer *answer)
{
    struct fixture *f = data;
    json_t *body = json_loads(request->body, 0, NULL);
    const json_t *params = json_object_get(body, "CommandParams");
    const json_t *input = json_object_get(params, "Input")
                              ? json_object_get(params, "Input")
                              : json_object_get(params, "Incident Numbers");
    json_t *reply = json_object();
    json_t *rows = json_array();
    bool is_form = strstr(request->url, "DynamicFields") != NULL;
    json_object_set_new(reply, "error", json_string(""));
    for (size_t i = 0; i < json_array_size(input); i++) {
        const json_t *item = json_array_get(input, i);
        const char *key = json_is_string(item)
                              ? json_string_value(item)
                              : json_string_value(json_object_get(item, "IncidentNumber"));
        if (f->poison && strcmp(f->poison, key) == 0)
            json_object_set_new(reply, "error", json_string("one of them is poison"));
        if (strstr(key, "gap"))
            continue;
        json_t *row =
            json_pack("{s:s, s:s}", is_form ? "incidentNumber" : "Incident Number", key, "Result",
                      strstr(key, "bad") ? "Failed: tasks are open" : "Succeed");
        json_array_append_new(rows, row);
    }
    json_object_set_new(reply, "contextData", rows);
    char *text = json_dumps(reply, 0);
    answer->body = duet_arena_copy_text(f->stage.arena, text, strlen(text));
    free(text);
    json_decref(reply);
    json_decref(body);
}

static const char *command_of(const struct fixture *f, size_t request)
{
    return strrchr(f->stage.net.requests[request].url, '/') + 1;
}

static void steps_go_in_order_one_command_of_a_kind(void **state)
{
    struct fixture *f = *state;
    f->answer = answer_bulk;
    add_write(f, 0, DUET_RIGHT, ROW("1", "Open", ""), ROW("1", "Closed", FORM),
              "status form.classification form.reason");
    add_write(f, 1, DUET_RIGHT, ROW("2", "Open", ""),
              "{\"Status\":\"In Progress\",\"Severity\":\"High\"}", "status severity");
    add_write(f, 2, DUET_RIGHT, ROW("3", "Closed", ""), ROW("3", "Open", ""), "status");
    write_all(f, f->right, 3);
    assert_int_equal(f->stage.net.count, 3);
    assert_string_equal(command_of(f, 0), "UpdateDynamicFieldsByNumberInBulk");
    assert_string_equal(command_of(f, 1), "CloseIncidentInBulk");
    assert_string_equal(command_of(f, 2), "SetIncidentFieldsInBulk");
    assert_string_equal(
        f->stage.net.requests[0].body,
        "{\"Username\":\"svc\",\"Site\":\"SOC\",\"CommandParams\":{\"Input\":[{\"IncidentNumber\":"
        "\"1\","
        "\"SectionName\":\"Sentinel Sync\",\"Condition\":{},\"FieldValue\":{\"Classification\":"
        "\"FalsePositive\",\"Reason\":\"InaccurateData\"}}]}}");
    json_t *close = body_of(f, 1);
    json_t *set = body_of(f, 2);
    json_t *wanted_close = json_pack("[s]", "1");
    json_t *wanted_set = json_pack("[{s:s, s:{s:s, s:s}}, {s:s, s:{s:s}}]", "IncidentNumber", "2",
                                   "Input", "Status", "In Progress", "SeverityName", "High",
                                   "IncidentNumber", "3", "Input", "Status", "Open");
    assert_true(
        json_equal(json_object_get(json_object_get(close, "CommandParams"), "Incident Numbers"),
                   wanted_close));
    assert_true(
        json_equal(json_object_get(json_object_get(set, "CommandParams"), "Input"), wanted_set));
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(stage_told_of(&f->stage, i)->outcome, DUET_REMOTE_OK);
        assert_int_equal(stage_told_of(&f->stage, i)->written, f->writes[i].mask);
    }
    json_decref(close);
    json_decref(set);
    json_decref(wanted_close);
    json_decref(wanted_set);
}

static void a_record_whose_step_failed_takes_no_later_one(void **state)
{
    struct fixture *f = *state;
    f->answer = answer_bulk;
    add_write(f, 0, DUET_RIGHT, ROW("bad", "Open", ""), ROW("bad", "Closed", FORM),
              "status form.classification");
    add_write(f, 1, DUET_RIGHT, ROW("gap", "Open", ""), ROW("gap", "Closed", FORM),
              "status form.classification");
    add_write(f, 2, DUET_RIGHT, ROW("3", "Open", ""), ROW("3", "Closed", FORM),
              "status form.classification");
    write_all(f, f->right, 3);
    assert_int_equal(f->stage.net.count, 2);
    json_t *close = body_of(f, 1);
    assert_int_equal(json_array_size(json_object_get(json_object_get(close, "CommandParams"),
                                                     "Incident Numbers")),
                     1);
    json_decref(close);
    const struct stage_told *bad = stage_told_of(&f->stage, 0);
    assert_int_equal(bad->outcome, DUET_REMOTE_REFUSED);
    assert_non_null(strstr(bad->text, "Failed: tasks are open"));
    assert_int_equal(bad->written, 0);
    assert_int_equal(stage_told_of(&f->stage, 1)->outcome, DUET_REMOTE_UNKNOWN);
    assert_int_equal(stage_told_of(&f->stage, 2)->outcome, DUET_REMOTE_OK);
}

static void a_batch_refused_whole_is_halved_until_the_culprit_is_found(void **state)
{
    struct fixture *f = *state;
    static const char *const keys[] = { "0", "1", "2", "3", "4", "5", "6" };
    f->answer = answer_bulk;
    f->poison = "5";
    for (size_t i = 0; i < 7; i++) {
        char before[200];
        snprintf(before, sizeof before,
                 "{\"IR Number\":\"%s\",\"Title\":\"t\",\"Status\":\"Open\"}", keys[i]);
        add_write(f, i, DUET_RIGHT, before, "{\"Status\":\"On Hold\"}", "status");
    }
    write_all(f, f->right, 7);
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(stage_told_of(&f->stage, i)->outcome,
                         i == 5 ? DUET_REMOTE_REFUSED : DUET_REMOTE_OK);
    assert_string_equal(stage_told_of(&f->stage, 5)->text, "HTTP 200: one of them is poison");
    assert_int_equal(f->stage.net.count, 7); /* 7; 3, 4; 2, 2; 1, 1 */
}

static void a_lost_reply_of_a_batch_leaves_all_of_it_unknown(void **state)
{
    struct fixture *f = *state;
    f->answer = answer_lost;
    add_write(f, 0, DUET_RIGHT, ROW("1", "Open", ""), ROW("1", "Closed", FORM),
              "status form.classification");
    add_write(f, 1, DUET_RIGHT, ROW("2", "Open", ""), ROW("2", "Closed", FORM),
              "status form.classification");
    write_all(f, f->right, 2);
    assert_int_equal(f->stage.net.count, 1);
    assert_int_equal(stage_told_of(&f->stage, 0)->outcome, DUET_REMOTE_UNKNOWN);
    assert_int_equal(stage_told_of(&f->stage, 1)->outcome, DUET_REMOTE_UNKNOWN);
}

static void freeing_an_endpoint_ends_what_is_under_way(void **state)
{
    struct fixture *f = *state;
    f->answer = answer_bulk;
    add_write(f, 0, DUET_RIGHT, ROW("1", "Open", ""), ROW("1", "On Hold", ""), "status");
    duet_remote_write(f->right, f->writes, 1, stage_on_written, &f->stage);
    duet_remote_read(f->right, "1", stage_on_done, &f->stage);
    duet_remote_read(f->left, "1", stage_on_done, &f->stage);
    while (f->stage.net.under_way == 0)
        duet_loop_turn(f->stage.loop, false);
    duet_endpoint_free(f->right);
    duet_endpoint_free(f->left);
    f->right = f->left = NULL;
    duet_loop_run(f->stage.loop);
    assert_int_equal(f->stage.told_count, 0);
}

/* --- reading, finding, creating, notes ------------------------------------------------------------------------------------- */

static void answer_rows(void *data, const struct fake_request *request, struct fake_answer *answer)
{
    const struct fixture *f = data;
    (void)request;
    answer->body = f->poison;
}

static void reading_one_record_through_a_list(void **state)
{
    struct fixture *f = *state;
    f->answer = answer_rows;
    f->poison = "{\"error\":\"\",\"rawData\":{\"incidents\":[ " ROW("1", "Open", "") " ]}}";
    duet_remote_read(f->right, "1", stage_on_done, &f->stage);
    duet_loop_run(f->stage.loop);
    assert_int_equal(f->stage.told[0].outcome, DUET_REMOTE_OK);
    assert_string_equal(f->stage.told[0].record, ROW("1", "Open", ""));
    assert_non_null(strstr(f->stage.net.requests[0].body,
                           "{\"field\":\"IR Number\",\"operator\":\"=\",\"value\":\"1\"}"));
    f->poison = "{\"error\":\"\",\"rawData\":{\"incidents\":[]}}";
    duet_remote_read(f->right, "1", stage_on_done, &f->stage);
    duet_loop_run(f->stage.loop);
    assert_int_equal(f->stage.told[1].outcome, DUET_REMOTE_GONE);
}

static void a_body_that_is_no_record_is_not_read(void **state)
{
    struct fixture *f = *state;
    f->answer = answer_rows;
    f->poison = "{\"name\":\"g\"} ";
    duet_remote_read(f->left, "g", stage_on_done, &f->stage);
    duet_loop_run(f->stage.loop);
    assert_int_equal(f->stage.told[0].outcome, DUET_REMOTE_OK);
    f->poison = "<html>please sign in</html>";
    duet_remote_read(f->left, "g", stage_on_done, &f->stage);
    duet_loop_run(f->stage.loop);
    assert_int_equal(f->stage.told[1].outcome, DUET_REMOTE_TRANSIENT);
}

static void finding_and_creating_carry_the_claim(void **state)
{
    struct fixture *f = *state;
    struct duet_record record = stage_record(
        &f->stage, DUET_RIGHT, "{\"Title\":\"a \\\"title\\\"\",\"Severity\":\"High\"}");
    const struct duet_remote_record fresh = { .values = record.values,
                                              .claim = "duet:acme:g-1:sig" };
    f->answer = answer_rows;
    f->poison = "{\"error\":\"\",\"rawData\":{\"incidents\":[]}}";
    duet_remote_find(f->right, &fresh, stage_on_rows, stage_on_done, &f->stage);
    duet_loop_run(f->stage.loop);
    assert_int_equal(f->stage.page_count, 1);
    assert_non_null(strstr(f->stage.net.requests[0].body, "\"value\":\"%duet:acme:g-1:sig%\""));
    f->poison = "{\"error\":\"\",\"returnData\":{\"Status\":\"Successful\",\"Data\":{"
                "\"IncidentNumber\":\"20260101-2\"}}}";
    duet_remote_create(f->right, &fresh, stage_on_done, &f->stage);
    duet_loop_run(f->stage.loop);
    assert_int_equal(f->stage.told[1].outcome, DUET_REMOTE_OK);
    assert_string_equal(f->stage.told[1].key, "20260101-2");
    assert_string_equal(
        f->stage.net.requests[1].body,
        "{\"Username\":\"svc\",\"Site\":\"SOC\",\"CommandParams\":{\"IncidentType\":\"Sentinel\","
        "\"Title\":"
        "\"a \\\"title\\\"\",\"Severity\":\"High\",\"Description\":\"duet:acme:g-1:sig\"}}");
    f->poison = "{\"error\":\"\",\"returnData\":\"Successful\"}";
    duet_remote_create(f->right, &fresh, stage_on_done, &f->stage);
    duet_loop_run(f->stage.loop);
    assert_int_equal(f->stage.told[2].outcome, DUET_REMOTE_UNKNOWN);
}

static void notes_are_listed_over_pages_and_added_once(void **state)
{
    struct fixture *f = *state;
    const struct duet_new_note note = { .uuid = "0f-1",
                                        .text = "a <b> & \"c\"",
                                        .html = "<p>a</p>" };
    f->answer = answer_rows;
    f->poison = "{\"value\":[{\"name\":\"n1\"},{\"name\":\"n2\"}]}";
    assert_true(duet_remote_has(f->left, DUET_OP_LIST_NOTES));
    assert_false(duet_remote_has(f->right, DUET_OP_LIST_NOTES));
    duet_remote_list_notes(f->left, "g-1", stage_on_rows, stage_on_done, &f->stage);
    duet_loop_run(f->stage.loop);
    assert_int_equal(f->stage.row_count, 2);
    f->poison = "{}";
    duet_remote_add_note(f->left, "g-1", &note, stage_on_done, &f->stage);
    duet_loop_run(f->stage.loop);
    const struct fake_request *put = &f->stage.net.requests[2];
    assert_string_equal(put->method, "PUT");
    assert_string_equal(put->url, W "/incidents/g-1/comments/0f-1?api-version=2024-09-01");
    assert_string_equal(put->body, "{\"properties\":{\"message\":\"<p>a</p>\"}}");
    assert_true(duet_remote_note_is_repeatable(f->left));
    assert_false(duet_remote_note_is_repeatable(f->right));
    f->answer = answer_lost;
    duet_remote_add_note(f->right, "1", &note, stage_on_done, &f->stage);
    duet_loop_run(f->stage.loop);
    assert_int_equal(f->stage.told[2].outcome, DUET_REMOTE_UNKNOWN);
    assert_int_equal(duet_remote_sent(f->right, DUET_OP_ADD_NOTE), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_whole_record_is_one_put_without_a_read),
        TEST(each_status_has_its_outcome_and_no_write_is_sent_twice),
        TEST(a_lost_reply_is_unknown),
        TEST(keys_that_leave_their_place_are_not_sent),
        TEST(steps_go_in_order_one_command_of_a_kind),
        TEST(a_record_whose_step_failed_takes_no_later_one),
        TEST(a_batch_refused_whole_is_halved_until_the_culprit_is_found),
        TEST(a_lost_reply_of_a_batch_leaves_all_of_it_unknown),
        TEST(freeing_an_endpoint_ends_what_is_under_way),
        TEST(reading_one_record_through_a_list),
        TEST(a_body_that_is_no_record_is_not_read),
        TEST(finding_and_creating_carry_the_claim),
        TEST(notes_are_listed_over_pages_and_added_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
