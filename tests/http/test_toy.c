/* A third system that has nothing in common with the shipped ones, described in toy.duet alone and served here: it syncs with the simulated
 * Sentinel without a line of C for it in the engine. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <microhttpd.h>

#include "tests/lab/programs.h"
#include "tests/support/http_case.h"

/* user duet, password as the laboratory's HOOK_KEY */
#define CREDENTIALS "Basic ZHVldDpjYW5hcnktaG9vay1lNTFh"

enum { TICKETS_MAX = 16, ANSWER_OK = 200, PAGE = 2 };

/* The desk: everything behind one lock, since its server has a thread of its own. */
struct desk {
    struct MHD_Daemon *daemon;
    pthread_mutex_t lock;
    json_t *tickets; /* {id, rev, changed, fields, remarks} in order of creation */
    json_int_t now;  /* milliseconds, one on with each change */
    int lists;
    int patches;
    int creations;
    char *last_patch; /* its body */
};

struct toy {
    struct http_case base; /* first: what http_case_stop() frees */
    struct desk desk;
};

/* --- the server ------------------------------------------------------------------------------------------- */

struct request {
    char *body;
    size_t length;
};

struct answer {
    unsigned status;
    json_t *body;
};

static struct answer refuse(unsigned status, const char *problem)
{
    return (struct answer){ status, json_pack("{s:s}", "problem", problem) };
}

static json_t *find_ticket(struct desk *desk, const char *id)
{
    json_int_t wanted = strtoll(id, NULL, 10);
    for (size_t i = 0; i < json_array_size(desk->tickets); i++) {
        json_t *ticket = json_array_get(desk->tickets, i);
        if (json_integer_value(json_object_get(ticket, "id")) == wanted)
            return ticket;
    }
    return NULL;
}

static void touch(struct desk *desk, json_t *ticket)
{
    desk->now += 1000;
    json_object_set_new(ticket, "changed", json_integer(desk->now));
    json_object_set_new(ticket, "rev", json_sprintf("r%lld", (long long)desk->now));
}

static json_t *add_ticket(struct desk *desk, json_t *fields)
{
    json_t *ticket = json_pack("{s:I, s:{s:s, s:s}, s:[]}", "id",
                               (json_int_t)json_array_size(desk->tickets) + 700, "fields", "state",
                               "1", "weight", "20", "remarks");
    json_object_update(json_object_get(ticket, "fields"), fields);
    touch(desk, ticket);
    json_array_append_new(desk->tickets, ticket);
    return ticket;
}

static bool is_wanted(const json_t *ticket, const char *since, const char *mark)
{
    if (mark)
        return strcmp(lab_text_at(ticket, "fields.mark"), mark) == 0;
    return !since ||
           json_integer_value(json_object_get(ticket, "changed")) >= strtoll(since, NULL, 10);
}

/* Two tickets a page; `more.token` names the next one's first id until there is none. */
static struct answer list(struct desk *desk, struct MHD_Connection *connection)
{
    const char *since = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "since");
    const char *mark = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "mark");
    const char *after = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "after");
    json_int_t first = after ? strtoll(after, NULL, 10) : 0;
    json_t *found = json_array();
    json_t *more = json_object();
    desk->lists++;
    for (size_t i = 0; i < json_array_size(desk->tickets); i++) {
        json_t *ticket = json_array_get(desk->tickets, i);
        json_int_t id = json_integer_value(json_object_get(ticket, "id"));
        if (id < first || !is_wanted(ticket, since, mark))
            continue;
        if (json_array_size(found) == PAGE) {
            json_object_set_new(more, "token", json_sprintf("%lld", (long long)id));
            break;
        }
        json_array_append_new(found, json_deep_copy(ticket));
    }
    return (struct answer){ ANSWER_OK, json_pack("{s:o, s:o}", "found", found, "more", more) };
}

static bool is_text_or_null(const json_t *value)
{
    return json_is_string(value) || json_is_null(value);
}

/* Only texts are taken, also for numbers; a ticket is Done with a verdict alone. */
static const char *check(const json_t *fields)
{
    static const char *const STATES[] = { "1", "2", "9" };
    const char *state = lab_text_at(fields, "state");
    bool known = false;
    for (void *at = json_object_iter((json_t *)(uintptr_t)fields); at;
         at = json_object_iter_next((json_t *)(uintptr_t)fields, at))
        if (!is_text_or_null(json_object_iter_value(at)))
            return "every field is a text";
    for (size_t i = 0; i < sizeof(STATES) / sizeof(STATES[0]); i++)
        known = known || strcmp(STATES[i], state) == 0;
    if (!known)
        return "no such state";
    if (strcmp(state, "9") == 0 && !*lab_text_at(fields, "verdict"))
        return "done without a verdict";
    return NULL;
}

static struct answer patch(struct desk *desk, struct MHD_Connection *connection, json_t *ticket,
                           const json_t *body)
{
    const char *seen = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-Match");
    desk->patches++;
    if (!seen || strcmp(seen, lab_text_at(ticket, "rev")) != 0)
        return refuse(412, "somebody was faster");
    json_t *fields = json_deep_copy(json_object_get(ticket, "fields"));
    json_object_update(fields, json_object_get(body, "fields"));
    const char *problem = check(fields);
    if (problem) {
        json_decref(fields);
        return refuse(422, problem);
    }
    json_object_set_new(ticket, "fields", fields);
    touch(desk, ticket);
    return (struct answer){ 204, NULL };
}

static struct answer create(struct desk *desk, const json_t *body)
{
    desk->creations++;
    json_t *ticket = add_ticket(desk, json_object_get(body, "fields"));
    return (struct answer){ 201,
                            json_pack("{s:{s:O}}", "made", "id", json_object_get(ticket, "id")) };
}

static struct answer remark(struct desk *desk, json_t *ticket, const json_t *body)
{
    json_t *remarks = json_object_get(ticket, "remarks");
    touch(desk, ticket);
    json_array_append_new(remarks,
                          json_pack("{s:o, s:s, s:s, s:I}", "id",
                                    json_sprintf("n%zu", json_array_size(remarks) + 1), "text",
                                    lab_text_at(body, "text"), "by", "duet", "at", desk->now));
    return (struct answer){ 201, json_pack("{s:b}", "ok", 1) };
}

static struct answer serve(struct desk *desk, struct MHD_Connection *connection, const char *method,
                           const char *path, const json_t *body)
{
    const char *login = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");
    if (!login || strcmp(login, CREDENTIALS) != 0)
        return refuse(401, "who are you?");
    bool is_post = strcmp(method, "POST") == 0;
    if (strcmp(path, "/v7/tickets") == 0)
        return is_post ? create(desk, body) : list(desk, connection);
    if (strncmp(path, "/v7/tickets/", 12) != 0)
        return refuse(404, "no such place");
    json_t *ticket = find_ticket(desk, path + 12);
    if (!ticket)
        return refuse(410, "no such ticket");
    if (is_post)
        return remark(desk, ticket, body);
    if (strcmp(method, "PATCH") == 0)
        return patch(desk, connection, ticket, body);
    return (struct answer){ ANSWER_OK, json_deep_copy(ticket) };
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, struct answer answer)
{
    char *text = answer.body ? json_dumps(answer.body, JSON_COMPACT) : NULL;
    json_decref(answer.body);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        text ? strlen(text) : 0, text, text ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    enum MHD_Result result = MHD_queue_response(connection, answer.status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result on_request(void *data, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **state)
{
    struct desk *desk = data;
    struct request *request = *state;
    (void)version;
    if (!request) {
        *state = calloc(1, sizeof(struct request));
        return *state ? MHD_YES : MHD_NO;
    }
    if (*upload_size > 0) {
        char *body = realloc(request->body, request->length + *upload_size);
        if (!body)
            return MHD_NO;
        request->body = body;
        memcpy(body + request->length, upload, *upload_size);
        request->length += *upload_size;
        *upload_size = 0;
        return MHD_YES;
    }
    json_t *body = request->body ? json_loadb(request->body, request->length, 0, NULL) : NULL;
    pthread_mutex_lock(&desk->lock);
    if (strcmp(method, "PATCH") == 0) {
        free(desk->last_patch);
        desk->last_patch = lab_format("%.*s", (int)request->length, request->body);
    }
    struct answer answer = serve(desk, connection, method, url, body);
    pthread_mutex_unlock(&desk->lock);
    json_decref(body);
    return send_answer(connection, answer);
}

static void on_end(void *data, struct MHD_Connection *connection, void **state,
                   enum MHD_RequestTerminationCode code)
{
    struct request *request = *state;
    (void)data;
    (void)connection;
    (void)code;
    if (request)
        free(request->body);
    free(request);
    *state = NULL;
}

static unsigned desk_port(const struct desk *desk)
{
    return MHD_get_daemon_info(desk->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

/* --- setting up --------------------------------------------------------------------------------------------- */

static char *fleet_for(const struct lab *lab, const struct desk *desk)
{
    return lab_format("edition 2026;\nimport \"%s/tests/http/toy.duet\";\n"
                      "tenant acme runs sentinel_desk {\n"
                      "  side siem { login = \"%s\"; arm = \"%s\"; directory = \"acme.example\"; "
                      "client_id = \"acme-app\"; client_secret = env ACME_SECRET;\n"
                      "    subscription = \"11111111-0000-4000-8000-000000000001\"; "
                      "resource_group = \"soc\"; workspace = \"acme\"; }\n"
                      "  side desk { site = \"http://127.0.0.1:%u\"; user = \"duet\"; password = "
                      "env HOOK_KEY; }\n}\n",
                      lab_source_folder(), lab->siem.base, lab->siem.base, desk_port(desk));
}

static int start(void **data)
{
    struct toy *toy = calloc(1, sizeof(*toy));
    if (!toy)
        return -1;
    lab_on_failure = http_fail;
    *data = toy;
    pthread_mutex_init(&toy->desk.lock, NULL);
    toy->desk.tickets = json_array();
    toy->desk.now = INT64_C(1772352000000);
    toy->desk.daemon =
        MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, on_request, &toy->desk,
                         MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL, MHD_OPTION_END);
    if (!toy->desk.daemon)
        return -1;
    lab_open(&toy->base.lab, NULL);
    char *fleet = fleet_for(&toy->base.lab, &toy->desk);
    lab_write_file(toy->base.lab.fleet, fleet);
    free(fleet);
    return 0;
}

static int stop(void **data)
{
    struct toy *toy = *data;
    MHD_stop_daemon(toy->desk.daemon);
    json_decref(toy->desk.tickets);
    free(toy->desk.last_patch);
    pthread_mutex_destroy(&toy->desk.lock);
    return http_case_stop(data);
}

/* --- a person at the desk ------------------------------------------------------------------------------------- */

static void edit_desk(struct toy *toy, json_t *stolen_fields)
{
    pthread_mutex_lock(&toy->desk.lock);
    json_t *ticket = json_array_get(toy->desk.tickets, 0);
    json_object_update(json_object_get(ticket, "fields"), stolen_fields);
    touch(&toy->desk, ticket);
    pthread_mutex_unlock(&toy->desk.lock);
    json_decref(stolen_fields);
}

/* "state weight verdict why" of the first ticket; in a static buffer. */
static const char *desk_state(struct toy *toy)
{
    static char text[256];
    pthread_mutex_lock(&toy->desk.lock);
    const json_t *fields = json_object_get(json_array_get(toy->desk.tickets, 0), "fields");
    snprintf(text, sizeof(text), "%s %s %s %s", lab_text_at(fields, "state"),
             lab_text_at(fields, "weight"), lab_text_at(fields, "verdict"),
             lab_text_at(fields, "why"));
    pthread_mutex_unlock(&toy->desk.lock);
    return text;
}

static char *desk_text(struct toy *toy, const char *path)
{
    pthread_mutex_lock(&toy->desk.lock);
    char *text = lab_copy(lab_text_at(json_array_get(toy->desk.tickets, 0), path));
    pthread_mutex_unlock(&toy->desk.lock);
    return text;
}

static void expect_desk_text(struct toy *toy, const char *path, const char *expected)
{
    char *text = desk_text(toy, path);
    assert_string_equal(text, expected);
    free(text);
}

static void link_one(struct toy *toy)
{
    toy->base.incident = lab_new_incident(&toy->base.lab, 0, NULL);
    lab_rounds(&toy->base.lab, 3);
    assert_int_equal(toy->desk.creations, 1);
    assert_string_equal(desk_state(toy), "1 30  ");
    expect_desk_text(toy, "fields.origin", toy->base.incident.name);
}

static const char *siem_text(struct toy *toy, const char *path)
{
    return lab_siem_text(&toy->base.lab, &toy->base.incident, path);
}

/* --- tests ------------------------------------------------------------------------------------------------------- */

static void a_ticket_is_created_with_numbers_as_text(void **data)
{
    struct toy *toy = *data;
    link_one(toy);
    expect_desk_text(toy, "fields.subject", "An odd sign-in");
    expect_desk_text(toy, "fields.number", "1");
}

static void sentinels_edits_are_patched_and_nothing_else(void **data)
{
    struct toy *toy = *data;
    link_one(toy);
    edit_desk(toy, json_pack("{s:s}", "custom", "of the desk alone"));
    lab_rounds(&toy->base.lab, 1);
    int before = toy->desk.patches;
    lab_judge_siem(&toy->base.lab, &toy->base.incident, "Active", NULL);
    lab_rounds(&toy->base.lab, 1);
    assert_string_equal(desk_state(toy), "2 30  ");
    assert_int_equal(toy->desk.patches, before + 1);
    assert_string_equal(toy->desk.last_patch, "{\"fields\":{\"state\":\"2\"}}");
    expect_desk_text(toy, "fields.custom", "of the desk alone");
    lab_judge_siem(&toy->base.lab, &toy->base.incident, "Closed", "FP.ID");
    lab_rounds(&toy->base.lab, 1);
    assert_string_equal(desk_state(toy), "9 30 FalsePositive InaccurateData");
}

static void the_desks_edits_reach_sentinel(void **data)
{
    struct toy *toy = *data;
    link_one(toy);
    edit_desk(toy, json_pack("{s:s, s:s, s:s, s:s}", "state", "9", "weight", "10", "verdict",
                             "TruePositive", "why", "SuspiciousActivity"));
    lab_reset_all_counts(&toy->base.lab);
    lab_rounds(&toy->base.lab, 1);
    assert_string_equal(siem_text(toy, "properties.status"), "Closed");
    assert_string_equal(siem_text(toy, "properties.severity"), "Low");
    assert_string_equal(siem_text(toy, "properties.classificationReason"), "SuspiciousActivity");
    assert_int_equal(lab_count(&toy->base.lab.siem, "write incident"), 1);
    int before = toy->desk.patches;
    lab_quiet(&toy->base.lab, 3);
    assert_int_equal(toy->desk.patches, before);
}

static void notes_go_both_ways_once(void **data)
{
    struct toy *toy = *data;
    link_one(toy);
    lab_note_siem(&toy->base.lab, &toy->base.incident, "from Sentinel");
    pthread_mutex_lock(&toy->desk.lock);
    json_t *ticket = json_array_get(toy->desk.tickets, 0);
    touch(&toy->desk, ticket);
    json_array_append_new(json_object_get(ticket, "remarks"),
                          json_pack("{s:s, s:s, s:s, s:I}", "id", "h1", "text", "from the desk",
                                    "by", "Dee", "at", toy->desk.now));
    pthread_mutex_unlock(&toy->desk.lock);
    lab_rounds(&toy->base.lab, 4);
    assert_int_equal(lab_siem_notes(&toy->base.lab, &toy->base.incident, "from the desk"), 1);
    assert_int_equal(lab_siem_notes(&toy->base.lab, &toy->base.incident, "from Sentinel"), 1);
    char *second = desk_text(toy, "remarks.1.text");
    assert_non_null(strstr(second, "from Sentinel"));
    free(second);
    assert_int_equal(json_array_size(lab_at(json_array_get(toy->desk.tickets, 0), "remarks")), 2);
}

static void all_pages_are_read(void **data)
{
    struct toy *toy = *data;
    link_one(toy);
    pthread_mutex_lock(&toy->desk.lock);
    for (int i = 0; i < 5; i++)
        add_ticket(&toy->desk, NULL);
    touch(&toy->desk, json_array_get(toy->desk.tickets, 0));
    pthread_mutex_unlock(&toy->desk.lock);
    edit_desk(toy, json_pack("{s:s}", "state", "2"));
    toy->desk.lists = 0;
    lab_rounds(&toy->base.lab, 1);
    assert_int_equal(toy->desk.lists, 3); /* 6 tickets, 2 a page */
    assert_string_equal(siem_text(toy, "properties.status"), "Active");
}

/* The first PATCH meets a newer revision: read, planned again, written over nothing. */
static void an_edit_in_between_is_kept(void **data)
{
    struct toy *toy = *data;
    link_one(toy);
    edit_desk(toy, json_pack("{s:s}", "weight", "10"));
    lab_judge_siem(&toy->base.lab, &toy->base.incident, "Active", NULL);
    lab_rounds(&toy->base.lab, 2);
    assert_string_equal(desk_state(toy), "2 10  ");
    assert_string_equal(siem_text(toy, "properties.severity"), "Low");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TOY(name) cmocka_unit_test_setup_teardown(name, start, stop)
        TOY(a_ticket_is_created_with_numbers_as_text),
        TOY(sentinels_edits_are_patched_and_nothing_else),
        TOY(the_desks_edits_reach_sentinel),
        TOY(notes_go_both_ways_once),
        TOY(all_pages_are_read),
        TOY(an_edit_in_between_is_kept),
#undef TOY
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
