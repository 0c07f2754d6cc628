/* Tests of the simulated Smart SOAR over HTTP, switch by switch: writing, and the triggers that it posts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/sim/soar_client.h"
#include "tests/sim/text.h"

/* --- writing ---------------------------------------------------------------------------------------- */

static void a_bulk_write_answers_for_each(void **state)
{
    struct client *client = *state;
    char *number = soar_create(client);
    json_t *answer =
        soar_call(client, "SetIncidentFieldsInBulk",
                  json_pack("{s:[{s:s, s:{s:s, s:s}}, {s:s, s:{s:s}}, {s:s, s:{s:s}}]}", "Input",
                            "IncidentNumber", number, "Input", "Owner", "ann", "SeverityName",
                            "low", "IncidentNumber", "none", "Input", "Title", "x",
                            "IncidentNumber", number, "Input", "Owner", "nobody"));
    assert_string_equal(client_text_at(answer, "error"), "");
    assert_string_equal(client_text_at(answer, "returnData.Status"), "Partially Successful");
    assert_true(soar_row_succeeded(answer));
    assert_string_equal(client_text_at(answer, "contextData.1.Incident Number"), "none");
    assert_memory_equal(client_text_at(answer, "contextData.1.Result"), "Failed", 6);
    assert_memory_equal(client_text_at(answer, "contextData.2.Result"), "Failed", 6);
    json_decref(answer);
    json_t *one = soar_row(client, number);
    assert_string_equal(client_text_at(one, "Owner"), "Ann Lee");
    assert_string_equal(client_text_at(one, "Severity"), "Low");
    json_decref(one);
    json_decref(soar_set_fields(client, number, json_pack("{s:s}", "Owner", "")));
    one = soar_row(client, number);
    assert_string_equal(client_text_at(one, "Owner"), "System");
    json_decref(one);
    free(number);
}

static void a_title_is_cut_and_a_wrong_status_refused(void **state)
{
    struct client *client = *state;
    char *number = soar_create(client);
    char title[121];
    memset(title, 'x', 120);
    title[120] = '\0';
    json_decref(soar_set_fields(client, number, json_pack("{s:s}", "Title", title)));
    json_t *one = soar_row(client, number);
    assert_int_equal(strlen(client_text_at(one, "Title")), 100);
    json_decref(one);
    json_t *answer = soar_set_fields(client, number, json_pack("{s:s}", "Status", "Resolved"));
    assert_false(soar_row_succeeded(answer));
    json_decref(answer);
    free(number);
}

static void the_form_takes_what_it_offers(void **state)
{
    struct client *client = *state;
    char *number = soar_create(client);
    json_t *answer = soar_set_form(
        client, number,
        json_pack("{s:s, s:s}", "Classification", "FalsePositive", "Reason", "InaccurateData"));
    assert_true(soar_row_succeeded(answer));
    json_decref(answer);
    answer = soar_set_form(client, number, json_pack("{s:s}", "Reason", "SuspiciousActivity"));
    assert_false(soar_row_succeeded(answer));
    json_decref(answer);
    answer = soar_set_form(client, number, json_pack("{s:s}", "Classification", "Guess"));
    assert_false(soar_row_succeeded(answer));
    json_decref(answer);
    client_switch(client, "form_dependency", "off");
    answer = soar_set_form(client, number, json_pack("{s:s}", "Reason", "SuspiciousActivity"));
    assert_true(soar_row_succeeded(answer));
    json_decref(answer);
    answer = soar_set_form(client, number, json_pack("{s:s, s:n}", "Classification", "", "Reason"));
    assert_true(soar_row_succeeded(answer));
    json_decref(answer);
    json_t *one = soar_row(client, number);
    assert_null(json_object_get(one, "Sentinel Sync - Classification"));
    assert_null(json_object_get(one, "Sentinel Sync - Reason"));
    json_decref(one);
    free(number);
}

static void pending_tasks_block_a_close(void **state)
{
    struct client *client = *state;
    char *number = soar_create(client);
    soar_edit(client, number, json_pack("{s:i}", "Pending Required Tasks", 1), 200);
    json_t *answer = soar_close_it(client, number, "No");
    assert_false(soar_row_succeeded(answer));
    json_decref(answer);
    soar_edit(client, number, json_pack("{s:s}", "Status", "Closed"), 400);
    answer = soar_close_it(client, number, "Yes");
    assert_true(soar_row_succeeded(answer));
    json_decref(answer);
    json_t *one = soar_row(client, number);
    assert_string_equal(client_text_at(one, "Status"), "Closed");
    assert_string_equal(client_text_at(one, "Closed by"), "Sync Service");
    assert_string_equal(client_text_at(one, "Date Closed"), "2026-01-02 03:04:05");
    assert_string_equal(client_text_at(one, "Conclusion"), "done");
    json_decref(one);
    json_decref(soar_set_fields(client, number, json_pack("{s:s}", "Status", "Open")));
    one = soar_row(client, number);
    assert_string_equal(client_text_at(one, "Date Closed"), "");
    assert_string_equal(client_text_at(one, "Conclusion"), "done");
    json_decref(one);
    client_switch(client, "close_rule", "ignored");
    answer = soar_close_it(client, number, "No");
    assert_true(soar_row_succeeded(answer));
    json_decref(answer);
    free(number);
}

static void a_close_by_status_is_checked_or_free(void **state)
{
    struct client *client = *state;
    char *number = soar_create(client);
    client_switch(client, "required_on_close", "on");
    json_t *answer = soar_close_it(client, number, "Yes");
    assert_false(soar_row_succeeded(answer));
    json_decref(answer);
    client_switch(client, "status_close", "checked");
    answer = soar_set_fields(client, number, json_pack("{s:s}", "Status", "Closed"));
    assert_false(soar_row_succeeded(answer));
    json_decref(answer);
    client_switch(client, "status_close", "free");
    answer = soar_set_fields(client, number, json_pack("{s:s}", "Status", "Closed"));
    assert_true(soar_row_succeeded(answer));
    json_decref(answer);
    free(number);
}

static void write_note(struct client *client, const char *number, const char *html)
{
    json_t *answer = soar_call(client, "SetIncidentFieldHTML",
                               json_pack("{s:s, s:s, s:s}", "Incident Number", number, "Field Name",
                                         "Note", "HTML Content", html));
    assert_string_equal(client_text_at(answer, "error"), "");
    json_decref(answer);
}

static void notes_are_added_or_replaced_with_or_without_marks(void **state)
{
    struct client *client = *state;
    char *number = soar_create(client);
    write_note(client, number, "<p>a</p><!-- mark -->");
    client_switch(client, "note_comments", "stripped");
    write_note(client, number, "<p>b</p><!-- mark -->!");
    json_t *one = soar_row(client, number);
    assert_int_equal(json_array_size(client_at(one, "Notes")), 2);
    assert_string_equal(client_text_at(one, "Notes.0.Text"), "<p>a</p><!-- mark -->");
    assert_string_equal(client_text_at(one, "Notes.1.Text"), "<p>b</p>!");
    assert_string_equal(client_text_at(one, "Notes.1.Author"), "Sync Service");
    assert_string_equal(client_text_at(one, "Notes.1.Date Created"), "2026-01-02 03:04:05");
    json_decref(one);
    client_switch(client, "note_write", "replace");
    write_note(client, number, "c");
    one = soar_row(client, number);
    assert_int_equal(json_array_size(client_at(one, "Notes")), 1);
    json_decref(one);
    free(number);
}

static void a_note_moves_the_incident_or_not(void **state)
{
    struct client *client = *state;
    char *number = soar_create(client);
    assert_int_equal(client_do(client, "POST", "/_sim/clock", json_pack("{s:i}", "advance", 60)),
                     200);
    client_switch(client, "note_bumps_incident", "off");
    write_note(client, number, "a");
    assert_int_equal(soar_found(client, soar_filtered("Date Modified", ">", "2026-01-02 03:04:05")),
                     0);
    client_switch(client, "note_bumps_incident", "on");
    write_note(client, number, "b");
    assert_int_equal(soar_found(client, soar_filtered("Date Modified", "=", "2026-01-02 03:05:05")),
                     1);
    free(number);
}

static void return_data_has_many_styles(void **state)
{
    struct client *client = *state;
    char *number = soar_create(client);
    json_t *answer = soar_set_fields(client, number, json_object());
    assert_string_equal(client_text_at(answer, "returnData"), "Successful");
    json_decref(answer);
    client_switch(client, "returndata", "succeed");
    answer = soar_set_fields(client, number, json_object());
    assert_string_equal(client_text_at(answer, "returnData"), "Succeed");
    json_decref(answer);
    client_switch(client, "returndata", "object");
    answer = soar_set_fields(client, number, json_object());
    assert_string_equal(client_text_at(answer, "returnData.Status"), "Successful");
    json_decref(answer);
    client_switch(client, "returndata", "mixed");
    int objects = 0;
    for (int i = 0; i < 3; i++) {
        answer = soar_set_fields(client, number, json_object());
        objects += json_is_object(client_at(answer, "returnData")) ? 1 : 0;
        json_decref(answer);
    }
    assert_int_equal(objects, 1);
    free(number);
}

static void playbook_commands_fail_from_outside(void **state)
{
    struct client *client = *state;
    soar_fails(client, "CloseIncident", json_object(), "playbook");
    soar_fails(client, "SetIncidentNotes", json_object(), "playbook");
}

/* --- triggers: another simulator is the listener, its log is what arrived ------------------------------ */

static json_t *arrived(struct client *client, struct client *listener)
{
    for (;;) { /* the post is sent by a thread of its own; ctest's timeout ends a wait in vain */
        json_t *hooks = client_send(client, "GET", "/_sim/hooks", NULL);
        bool waiting = json_integer_value(client_at(hooks, "waiting")) > 0;
        json_decref(hooks);
        if (!waiting)
            break;
    }
    json_t *requests = client_send(listener, "GET", "/_sim/requests", NULL);
    json_t *triggers = json_array();
    const json_t *log = client_at(requests, "log");
    for (size_t i = 0; i < json_array_size(log); i++)
        json_array_append(triggers, client_at(json_array_get(log, i), "body.trigger"));
    json_decref(requests);
    assert_int_equal(client_do(listener, "POST", "/_sim/requests/reset", NULL), 200);
    return triggers;
}

static void expect_triggers(struct client *client, struct client *listener, json_t *expected)
{
    json_t *triggers = arrived(client, listener);
    if (!json_equal(triggers, expected)) {
        char *text = json_dumps(triggers, 0);
        fail_msg("triggers: %s", text);
    }
    json_decref(triggers);
    json_decref(expected);
}

static void start_with_listener(struct client *client, struct client *listener)
{
    static const char *const LISTENER[] = { "sentinel", NULL };
    client_start(listener, LISTENER);
    char *hook = sim_format("%s/hooks/soc", listener->base);
    const char *const arguments[] = { "smartsoar", "--key",  "K:svc:SOC", "--hook-key",
                                      "H",         "--hook", hook,        NULL };
    client_start(client, arguments);
    client_set_header(client, sim_copy("d3key: K"));
    free(hook);
}

static void triggers_are_posted(void **unused)
{
    struct client client;
    struct client listener;
    (void)unused;
    start_with_listener(&client, &listener);
    char *number = soar_create(&client);
    soar_edit(&client, number, json_pack("{s:s}", "Status", "In Progress"), 200);
    expect_triggers(&client, &listener,
                    json_pack("[s, s]", "OnIncidentStatusChange", "OnIncidentChange"));
    json_decref(soar_close_it(&client, number, "No"));
    expect_triggers(&client, &listener, json_pack("[s, s]", "OnIncidentClose", "OnIncidentChange"));
    soar_edit(&client, number, json_pack("{s:s}", "Status", "Open"), 200);
    expect_triggers(&client, &listener,
                    json_pack("[s, s]", "OnIncidentReopen", "OnIncidentChange"));
    soar_edit(&client, number, json_pack("{s:s}", "Status", "Open"), 200);
    expect_triggers(&client, &listener, json_array());
    assert_int_equal(
        client_do(&client, "POST", "/_sim/signal",
                  json_pack("{s:s, s:{s:s}}", "number", number, "signal", "source", "resync")),
        200);
    expect_triggers(&client, &listener, json_pack("[s]", "OnIncidentExternalAction"));
    json_decref(
        soar_call(&client, "TriggerIncidentExternalAction",
                  json_pack("{s:{s:s}, s:{}}", "Search Conditions", "Title", "t", "Trigger Data")));
    expect_triggers(&client, &listener, json_pack("[s]", "OnIncidentExternalAction"));
    free(number);
    client_stop(&client);
    client_stop(&listener);
}

static void posts_can_be_lost_doubled_held_or_off(void **unused)
{
    struct client client;
    struct client listener;
    (void)unused;
    start_with_listener(&client, &listener);
    char *number = soar_create(&client);
    client_switch(&client, "outbound_copies", "2");
    soar_edit(&client, number, json_pack("{s:s}", "Severity", "Low"), 200);
    expect_triggers(&client, &listener,
                    json_pack("[s, s]", "OnIncidentChange", "OnIncidentChange"));
    client_switch(&client, "outbound_copies", "1");
    client_switch(&client, "outbound_lose", "1");
    soar_edit(&client, number, json_pack("{s:s}", "Severity", "High"), 200);
    expect_triggers(&client, &listener, json_array());
    client_switch(&client, "outbound_lose", "0");
    client_switch(&client, "outbound", "off");
    soar_edit(&client, number, json_pack("{s:s}", "Severity", "Low"), 200);
    expect_triggers(&client, &listener, json_array());
    client_switch(&client, "outbound", "held");
    soar_edit(&client, number, json_pack("{s:s}", "Severity", "High"), 200);
    json_t *hooks = client_send(&client, "GET", "/_sim/hooks", NULL);
    assert_int_equal(json_integer_value(client_at(hooks, "waiting")), 1);
    json_decref(hooks);
    assert_int_equal(client_do(&client, "POST", "/_sim/release-hooks", NULL), 200);
    expect_triggers(&client, &listener, json_pack("[s]", "OnIncidentChange"));
    client_switch(&client, "outbound", "on");
    client_switch(&client, "api_triggers", "off");
    json_decref(soar_set_fields(&client, number, json_pack("{s:s}", "SeverityName", "Low")));
    expect_triggers(&client, &listener, json_array());
    free(number);
    client_stop(&client);
    client_stop(&listener);
}

#define WITH_SIMULATOR(test) cmocka_unit_test_setup_teardown(test, soar_start, soar_stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SIMULATOR(a_bulk_write_answers_for_each),
        WITH_SIMULATOR(a_title_is_cut_and_a_wrong_status_refused),
        WITH_SIMULATOR(the_form_takes_what_it_offers),
        WITH_SIMULATOR(pending_tasks_block_a_close),
        WITH_SIMULATOR(a_close_by_status_is_checked_or_free),
        WITH_SIMULATOR(notes_are_added_or_replaced_with_or_without_marks),
        WITH_SIMULATOR(a_note_moves_the_incident_or_not),
        WITH_SIMULATOR(return_data_has_many_styles),
        WITH_SIMULATOR(playbook_commands_fail_from_outside),
        cmocka_unit_test(triggers_are_posted),
        cmocka_unit_test(posts_can_be_lost_doubled_held_or_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
