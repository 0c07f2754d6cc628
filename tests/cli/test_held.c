/* `duet held` and `duet conflicts`: what waits, and what was decided. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/cli/commands.h"
#include "engine/world/clock.h"
#include "tests/support/store_stage.h"

/* --- held ---------------------------------------------------------------------------------------------------------- */

static void held_shows_each_thing_that_waits(void **state)
{
    struct store_stage *stage = *state;
    json_t *held = ask_json(stage, &duet_cmd_held, NULL);
    assert_int_equal(json_array_size(held), 7);
    assert_item(held, 0,
                "{\"tenant\":\"acme\",\"what\":\"held\",\"name\":\"verdict\",\"side\":\"soar\","
                "\"keys\":{\"left\":\"inc-1\",\"right\":\"20260301-1\"},"
                "\"sentence\":\"no reason is legal\","
                "\"values\":{\"left\":\"TruePositive, -\",\"right\":\"Undetermined\"},"
                "\"file\":\"pair.duet\",\"line\":37}");
    assert_item(held, 2,
                "{\"tenant\":\"acme\",\"what\":\"creating\",\"name\":\"pair\","
                "\"keys\":{\"left\":\"inc-9\"},"
                "\"sentence\":\"sent, the answer isn't known: it is looked for before it is sent "
                "again\",\"since\":\"2026-03-01T12:00:00Z\"}");
    assert_item(
        held, 3,
        "{\"tenant\":\"acme\",\"what\":\"signal\",\"name\":\"resync\",\"side\":\"sentinel\","
        "\"key\":\"20260301-7\",\"sentence\":\"nobody has acted on it yet\","
        "\"since\":\"2026-03-01T12:00:00Z\"}");
    assert_item(held, 4,
                "{\"hub\":\"shared\",\"what\":\"signal\",\"name\":\"resync\","
                "\"key\":\"20260301-7\",\"sentence\":\"nobody has acted on it yet\","
                "\"since\":\"2026-03-01T12:00:00Z\"}");
    assert_item(held, 5,
                "{\"tenant\":\"acme\",\"what\":\"quarantined\",\"side\":\"sentinel\","
                "\"key\":\"inc-5\",\"sentence\":\"the record isn't valid JSON\","
                "\"since\":\"2026-03-01T12:00:00Z\"}");
    json_decref(held);
}

static void held_as_text_has_reason_keys_values_and_rule(void **state)
{
    struct store_stage *stage = *state;
    struct cli_result result = ask_text(stage, &duet_cmd_held, NULL);
    assert_int_equal(result.status, DUET_EXIT_FINE);
    assert_has(&result, "acme  held: verdict in soar\n"
                        "    records: inc-1 <-> 20260301-1\n"
                        "    no reason is legal\n"
                        "    left:  TruePositive, -\n"
                        "    right: Undetermined\n"
                        "    rule: pair.duet:37\n");
    assert_has(&result, "acme  pending: owner in soar\n");
    assert_has(&result, "acme  creating: pair\n    records: inc-9 <-> -\n");
    assert_has(&result, "hub shared  signal: resync\n    record: 20260301-7\n");
    assert_has(&result, "\n2 wait for a person to decide: see `duet conflicts`\n");
    assert_null(strstr(result.out, "both sides changed"));
    cli_result_finish(&result);
}

/* --- held: creations ------------------------------------------------------------------------------------------------- */

static void put_creation_of(struct store_stage *stage, const char *key,
                            enum duet_creation_state state, int64_t when)
{
    const struct duet_creation creation = { .mapping = "pair",
                                            .origin = DUET_LEFT,
                                            .origin_key = key,
                                            .claim = "duet:acme",
                                            .operation = key,
                                            .state = state,
                                            .when = when };
    ok(duet_journal_create(stage->journal, &stage->acme, &creation));
}

static void put_reason(struct store_stage *stage, const char *key, enum duet_ledger_kind kind,
                       int64_t when, const char *reason)
{
    const struct duet_ledger_row row = { .when = when,
                                         .kind = kind,
                                         .keys = { key, NULL },
                                         .side = DUET_RIGHT,
                                         .cause = reason,
                                         .file = "pair.duet",
                                         .line = 9 };
    ok(duet_journal_log(stage->journal, &stage->acme, &row));
}

static void a_creation_under_way_is_not_held(void **state)
{
    struct store_stage *stage = *state;
    int64_t now = duet_clock_wall(duet_clock_real());
    put_creation_of(stage, "inc-11", DUET_CREATION_WANTED, now);
    put_creation_of(stage, "inc-12", DUET_CREATION_SENT, now);
    put_creation_of(stage, "inc-13", DUET_CREATION_CREATED, now);
    put_reason(stage, "inc-14", DUET_LEDGER_HELD, NOON, "needs a state");
    put_creation_of(stage, "inc-14", DUET_CREATION_WANTED, now); /* nothing is missing any more */
    struct cli_result result = ask_text(stage, &duet_cmd_held, NULL);
    assert_string_equal(result.out, "nothing is held\n");
    cli_result_finish(&result);
    json_t *status = ask_json(stage, &duet_cmd_status, NULL);
    const json_t *owner = json_array_get(json_object_get(status, "owners"), 0);
    assert_int_equal(json_integer_value(json_object_get(owner, "creating")), 4);
    json_decref(status);
}

static void a_creation_that_is_held_or_was_refused_says_why(void **state)
{
    struct store_stage *stage = *state;
    put_creation_of(stage, "inc-11", DUET_CREATION_WANTED, NOON);
    put_reason(stage, "inc-11", DUET_LEDGER_HELD, NOON, "soar needs a title");
    put_creation_of(stage, "inc-12", DUET_CREATION_WANTED, NOON);
    put_reason(stage, "inc-12", DUET_LEDGER_HELD, NOON, "soar needs a title");
    put_creation_of(stage, "inc-12", DUET_CREATION_WANTED, NOON + SECOND);
    put_reason(stage, "inc-12", DUET_LEDGER_REFUSED, NOON + SECOND, "no such template");
    json_t *held = ask_json(stage, &duet_cmd_held, NULL);
    assert_int_equal(json_array_size(held), 2);
    assert_item(held, 0,
                "{\"tenant\":\"acme\",\"what\":\"held\",\"name\":\"pair\","
                "\"keys\":{\"left\":\"inc-11\"},\"sentence\":\"soar needs a title\","
                "\"file\":\"pair.duet\",\"line\":9,\"since\":\"2026-03-01T12:00:00Z\"}");
    assert_item(held, 1,
                "{\"tenant\":\"acme\",\"what\":\"held\",\"name\":\"pair\","
                "\"keys\":{\"left\":\"inc-12\"},\"sentence\":\"no such template\","
                "\"file\":\"pair.duet\",\"line\":9,\"since\":\"2026-03-01T12:00:01Z\"}");
    json_decref(held);
    struct cli_result result = ask_text(stage, &duet_cmd_status, NULL);
    assert_has(&result, "acme            0     2        0          0         2  ");
    assert_has(&result, "\nacme  held: pair  inc-11 <-> -  soar needs a title\n");
    cli_result_finish(&result);
}

static void a_creation_that_does_not_go_on_is_shown(void **state)
{
    struct store_stage *stage = *state;
    put_creation_of(stage, "inc-11", DUET_CREATION_WANTED, NOON);
    struct cli_result result = ask_text(stage, &duet_cmd_held, NULL);
    assert_string_equal(result.out, "acme  creating: pair\n"
                                    "    records: inc-11 <-> -\n"
                                    "    to be made on the other side, nothing was sent yet\n"
                                    "    since: 2026-03-01T12:00:00Z\n");
    cli_result_finish(&result);
}

static void no_text_of_a_record_reaches_the_terminal_as_a_command(void **state)
{
    struct store_stage *stage = *state;
    struct cli_result result = ask_text(stage, &duet_cmd_held, NULL);
    assert_has(&result, "nobody's \\u001b[2Jclaim");
    assert_null(strchr(result.out, '\x1b'));
    cli_result_finish(&result);
}

static void held_of_one_tenant_shows_nothing_of_others(void **state)
{
    struct store_stage *stage = *state;
    json_t *held = ask_json(stage, &duet_cmd_held, "--tenant", "acme", NULL);
    size_t i = 0;
    const json_t *thing = NULL;
    assert_int_equal(json_array_size(held), 5);
    json_array_foreach(held, i, thing)
    {
        assert_string_equal(json_string_value(json_object_get(thing, "tenant")), "acme");
    }
    json_decref(held);
}

static void held_says_when_nothing_is(void **state)
{
    struct store_stage *stage = *state;
    assert_writes(ask_text(stage, &duet_cmd_held, NULL), "nothing is held\n");
    json_t *held = ask_json(stage, &duet_cmd_held, NULL);
    assert_int_equal(json_array_size(held), 0);
    json_decref(held);
}

static void what_cannot_be_read_is_shown_all_the_same(void **state)
{
    static const char *const odd[] = { "nonsense", "{}", "[7]", "[{\"line\":\"x\",\"left\":1}]" };
    struct store_stage *stage = *state;
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        char left[16];
        char right[16];
        snprintf(left, sizeof left, "l-%zu", i);
        snprintf(right, sizeof right, "r-%zu", i);
        put_link(stage, &stage->acme, left, right, odd[i]);
    }
    json_t *held = ask_json(stage, &duet_cmd_held, NULL);
    assert_int_equal(json_array_size(held), 4);
    for (size_t i = 0; i < 4; i++) {
        const json_t *thing = json_array_get(held, i);
        assert_string_equal(json_string_value(json_object_get(thing, "what")), "held");
        assert_non_null(json_object_get(thing, "keys"));
    }
    json_decref(held);
}

static void more_things_than_a_page_are_shown(void **state)
{
    struct store_stage *stage = *state;
    put_links(stage, 401, "[" HELD "]");
    json_t *held = ask_json(stage, &duet_cmd_held, NULL);
    assert_int_equal(json_array_size(held), 401);
    json_decref(held);
}

/* --- conflicts ------------------------------------------------------------------------------------------------------ */

static const char *decided_to(const json_t *conflicts, size_t index)
{
    const json_t *row = json_array_get(json_object_get(conflicts, "decided"), index);
    return json_string_value(json_object_get(row, "to"));
}

static void conflicts_are_those_to_decide_and_those_decided(void **state)
{
    struct store_stage *stage = *state;
    json_t *conflicts = ask_json(stage, &duet_cmd_conflicts, NULL);
    const json_t *open = json_object_get(conflicts, "open");
    assert_int_equal(json_array_size(open), 2);
    assert_item(open, 0,
                "{\"tenant\":\"acme\",\"what\":\"conflict\",\"name\":\"title\","
                "\"keys\":{\"left\":\"inc-1\",\"right\":\"20260301-1\"},"
                "\"sentence\":\"both sides changed\",\"values\":{\"left\":\"x\",\"right\":\"y\"},"
                "\"file\":\"pair.duet\",\"line\":12}");
    assert_item(open, 1,
                "{\"tenant\":\"beta\",\"what\":\"parked\",\"name\":\"status\","
                "\"keys\":{\"left\":\"inc-3\",\"right\":\"20260301-3\"},"
                "\"sentence\":\"stale three times\"}");
    assert_int_equal(json_array_size(json_object_get(conflicts, "decided")), 3);
    assert_string_equal(decided_to(conflicts, 0), "Critical");
    assert_string_equal(decided_to(conflicts, 1), "Informational");
    assert_string_equal(decided_to(conflicts, 2), "High");
    json_decref(conflicts);
}

static void conflicts_as_text_name_winner_and_loser(void **state)
{
    struct store_stage *stage = *state;
    struct cli_result result = ask_text(stage, &duet_cmd_conflicts, NULL);
    assert_int_equal(result.status, DUET_EXIT_FINE);
    assert_has(&result, "to be decided:\nacme  conflict: title\n");
    assert_has(&result, "decided, newest first:\n"
                        "2026-03-01T12:00:02Z  acme  first contact  severity: Low -> Critical\n"
                        "    records: inc-1 <-> 20260301-1\n"
                        "    lost: Medium\n"
                        "    cause: on soar change, line 9\n"
                        "    rule: pair.duet:20\n"
                        "2026-03-01T12:00:01Z  beta  conflict  severity: Low -> Informational\n");
    cli_result_finish(&result);
}

static void a_limit_keeps_the_newest_of_all_tenants(void **state)
{
    struct store_stage *stage = *state;
    json_t *conflicts = ask_json(stage, &duet_cmd_conflicts, "--limit", "2", NULL);
    assert_int_equal(json_array_size(json_object_get(conflicts, "decided")), 2);
    assert_string_equal(decided_to(conflicts, 0), "Critical");
    assert_string_equal(decided_to(conflicts, 1), "Informational");
    assert_int_equal(json_array_size(json_object_get(conflicts, "open")), 2);
    json_decref(conflicts);
    conflicts = ask_json(stage, &duet_cmd_conflicts, "--limit", "0", NULL);
    assert_int_equal(json_array_size(json_object_get(conflicts, "decided")), 0);
    json_decref(conflicts);
    struct cli_result result = ask_text(stage, &duet_cmd_conflicts, "--limit", "-1", NULL);
    assert_int_equal(result.status, DUET_EXIT_USAGE);
    cli_result_finish(&result);
}

static void what_lost_nothing_hides_no_conflict(void **state)
{
    struct store_stage *stage = *state;
    ok(duet_journal_begin(stage->journal));
    put_decided(stage, &stage->acme, NOON, DUET_LEDGER_FIRST_CONTACT, "first");
    for (int i = 0; i < 401; i++)
        put_row(stage, &stage->acme, NOON, DUET_LEDGER_FIRST_CONTACT, "made", "-");
    ok(duet_journal_commit(stage->journal));
    json_t *conflicts = ask_json(stage, &duet_cmd_conflicts, "--limit", "1", NULL);
    assert_int_equal(json_array_size(json_object_get(conflicts, "decided")), 1);
    assert_string_equal(decided_to(conflicts, 0), "first");
    json_decref(conflicts);
}

static void conflicts_say_when_there_are_none(void **state)
{
    struct store_stage *stage = *state;
    assert_writes(ask_text(stage, &duet_cmd_conflicts, NULL), "no conflicts\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_FILLED(held_shows_each_thing_that_waits),
        STORE_FILLED(held_as_text_has_reason_keys_values_and_rule),
        STORE_EMPTY(a_creation_under_way_is_not_held),
        STORE_EMPTY(a_creation_that_is_held_or_was_refused_says_why),
        STORE_EMPTY(a_creation_that_does_not_go_on_is_shown),
        STORE_FILLED(no_text_of_a_record_reaches_the_terminal_as_a_command),
        STORE_FILLED(held_of_one_tenant_shows_nothing_of_others),
        STORE_EMPTY(held_says_when_nothing_is),
        STORE_EMPTY(what_cannot_be_read_is_shown_all_the_same),
        STORE_EMPTY(more_things_than_a_page_are_shown),
        STORE_FILLED(conflicts_are_those_to_decide_and_those_decided),
        STORE_FILLED(conflicts_as_text_name_winner_and_loser),
        STORE_FILLED(a_limit_keeps_the_newest_of_all_tenants),
        STORE_EMPTY(what_lost_nothing_hides_no_conflict),
        STORE_EMPTY(conflicts_say_when_there_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
