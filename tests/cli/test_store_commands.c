/* `duet status`, `links`, `held` and `conflicts`: what they tell from a store alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "engine/cli/commands.h"
#include "engine/journal/journal.h"
#include "engine/world/clock.h"
#include "tests/support/run_cli.h"

#define NOON (INT64_C(1772366400) * INT64_C(10000000)) /* 2026-03-01T12:00:00Z */
#define SECOND INT64_C(10000000)

#define HELD                                                                                       \
    "{\"what\":\"held\",\"name\":\"verdict\",\"side\":\"soar\",\"sentence\":\"no reason is "       \
    "legal\","                                                                                     \
    "\"left\":\"TruePositive, -\",\"right\":\"Undetermined\",\"file\":\"pair.duet\",\"line\":37}"
#define PENDING                                                                                    \
    "{\"what\":\"pending\",\"name\":\"owner\",\"side\":\"soar\",\"sentence\":\"nothing releases "  \
    "it\",\"left\":\"a\",\"right\":\"b\",\"file\":\"pair.duet\",\"line\":40}"
#define CONFLICT                                                                                   \
    "{\"what\":\"conflict\",\"name\":\"title\",\"sentence\":\"both sides "                         \
    "changed\",\"left\":\"x\","                                                                    \
    "\"right\":\"y\",\"file\":\"pair.duet\",\"line\":12}"
#define PARKED "{\"what\":\"parked\",\"name\":\"status\",\"sentence\":\"stale three times\"}"

struct fixture {
    char folder[64];
    char path[96];
    struct duet_journal *journal;
    struct duet_owner acme;
    struct duet_owner beta;
    struct duet_owner hub;
};

/* --- filling a store ---------------------------------------------------------------------------------------- */

static void ok(enum duet_status status)
{
    assert_int_equal(status, DUET_OK);
}

static int64_t put_link(struct fixture *fixture, const struct duet_owner *tenant, const char *left,
                        const char *right, const char *shown)
{
    int64_t link = 0;
    const struct duet_link_end ends[2] = { { { tenant, "sentinel" }, left },
                                           { { &fixture->hub, "" }, right } };
    ok(duet_journal_link(fixture->journal, tenant, "pair", &ends[0], &ends[1], NOON, &link));
    ok(duet_journal_link_set(fixture->journal, tenant, link, "{}", shown));
    return link;
}

static void put_row(struct fixture *fixture, const struct duet_owner *tenant, int64_t when,
                    enum duet_ledger_kind kind, const char *to, const char *lost)
{
    const struct duet_ledger_row row = { .when = when,
                                         .kind = kind,
                                         .keys = { "inc-1", "20260301-1" },
                                         .field = "severity",
                                         .from = "Low",
                                         .to = to,
                                         .lost = lost,
                                         .cause = "on soar change, line 9",
                                         .file = "pair.duet",
                                         .line = 20 };
    ok(duet_journal_log(fixture->journal, tenant, &row));
}

static void put_decided(struct fixture *fixture, const struct duet_owner *tenant, int64_t when,
                        enum duet_ledger_kind kind, const char *to)
{
    put_row(fixture, tenant, when, kind, to, "Medium");
}

static void put_poison(struct fixture *fixture, const struct duet_owner *owner, const char *side,
                       const char *key, const char *reason)
{
    const struct duet_source source = { owner, side };
    const struct duet_row row = {
        .key = key, .raw = "{", .length = 1, .hash = 1, .read_began = NOON
    };
    struct duet_arena *arena = duet_arena_new();
    struct duet_inbox_row stored = { 0 };
    ok(duet_journal_receive(fixture->journal, &source, &row, 1, NULL));
    ok(duet_journal_snapshot(fixture->journal, &source, key, arena, &stored));
    ok(duet_journal_quarantine(fixture->journal, &source, key, stored.revision, reason));
    duet_arena_free(arena);
}

static void put_creation(struct fixture *fixture)
{
    const struct duet_creation creation = { .mapping = "pair",
                                            .origin = DUET_LEFT,
                                            .origin_key = "inc-9",
                                            .claim = "duet:acme",
                                            .operation = "op-1",
                                            .state = DUET_CREATION_SENT,
                                            .when = NOON };
    ok(duet_journal_create(fixture->journal, &fixture->acme, &creation));
}

static void put_signal(struct fixture *fixture, const struct duet_owner *owner, const char *side)
{
    const struct duet_signal signal = {
        .side = side, .key = "20260301-7", .name = "resync", .when = NOON
    };
    ok(duet_journal_signal(fixture->journal, owner, &signal));
}

static void put_cursor(struct fixture *fixture, const struct duet_owner *owner, const char *side)
{
    const struct duet_source source = { owner, side };
    const struct duet_cursor cursor = { "2026", NOON + 1234567, 0 };
    ok(duet_journal_set_cursor(fixture->journal, &source, &cursor));
}

static void fill(struct fixture *fixture)
{
    put_link(fixture, &fixture->acme, "inc-1", "20260301-1", "[" HELD "," PENDING "," CONFLICT "]");
    put_link(fixture, &fixture->acme, "inc-2", "20260301-2", "");
    put_link(fixture, &fixture->beta, "inc-3", "20260301-3", "[" PARKED "]");
    int64_t buried = put_link(fixture, &fixture->acme, "inc-4", "20260301-4", "[" HELD "]");
    ok(duet_journal_bury(fixture->journal, &fixture->acme, buried, NOON, "merged"));
    put_decided(fixture, &fixture->acme, NOON, DUET_LEDGER_CONFLICT, "High");
    put_decided(fixture, &fixture->beta, NOON + SECOND, DUET_LEDGER_CONFLICT, "Informational");
    put_decided(fixture, &fixture->acme, NOON + 2 * SECOND + 5, DUET_LEDGER_FIRST_CONTACT,
                "Critical");
    put_decided(fixture, &fixture->acme, NOON + 3 * SECOND, DUET_LEDGER_SENT, "Medium");
    put_row(fixture, &fixture->acme, NOON + 4 * SECOND, DUET_LEDGER_FIRST_CONTACT, "75", "-, -");
    put_row(fixture, &fixture->acme, NOON + 5 * SECOND, DUET_LEDGER_FIRST_CONTACT, "76", NULL);
    put_poison(fixture, &fixture->acme, "sentinel", "inc-5", "the record isn't valid JSON");
    put_poison(fixture, &fixture->hub, "", "20260301-8", "nobody's \x1b[2Jclaim");
    put_creation(fixture);
    put_signal(fixture, &fixture->acme, "sentinel");
    put_signal(fixture, &fixture->hub, "");
    put_cursor(fixture, &fixture->acme, "sentinel");
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct duet_error error = { "" };
    assert_non_null(fixture);
    snprintf(fixture->folder, sizeof fixture->folder, "/tmp/duet-store-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->path, sizeof fixture->path, "%s/duet.db", fixture->folder);
    fixture->acme = (struct duet_owner){ DUET_OWNER_TENANT, "acme", 0 };
    fixture->beta = (struct duet_owner){ DUET_OWNER_TENANT, "beta", 0 };
    fixture->hub = (struct duet_owner){ DUET_OWNER_HUB, "shared", 0 };
    ok(duet_journal_open(fixture->path, &fixture->journal, &error));
    ok(duet_journal_claim(fixture->journal, &fixture->acme));
    ok(duet_journal_claim(fixture->journal, &fixture->beta));
    ok(duet_journal_claim(fixture->journal, &fixture->hub));
    *state = fixture;
    return 0;
}

static int setup_filled(void **state)
{
    setup(state);
    fill(*state);
    return 0;
}

static int teardown(void **state)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    struct fixture *fixture = *state;
    duet_journal_close(fixture->journal);
    for (size_t i = 0; i < 3; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", fixture->path, endings[i]);
        unlink(path);
    }
    rmdir(fixture->folder);
    free(fixture);
    return 0;
}

/* --- asking ---------------------------------------------------------------------------------------------------- */

/* The command's JSON; the test fails unless it ended well. json_decref() it. */
#define ask_json(fixture, command, ...)                                                            \
    parse_answer(run_command(command, "--store", (fixture)->path, "--format", "json", __VA_ARGS__))

static json_t *parse_answer(struct cli_result result)
{
    assert_string_equal(result.err, "");
    assert_int_equal(result.status, DUET_EXIT_FINE);
    json_t *json = json_loads(result.out, 0, NULL);
    assert_non_null(json);
    cli_result_finish(&result);
    return json;
}

#define ask_text(fixture, command, ...)                                                            \
    run_command(command, "--store", (fixture)->path, __VA_ARGS__)

static void assert_has(const struct cli_result *result, const char *text)
{
    if (!strstr(result->out, text))
        fail_msg("not found: %s\nin: %s", text, result->out);
}

/* The JSON text of what stands at `index` equals `expected`. */
static void assert_item(const json_t *array, size_t index, const char *expected)
{
    json_t *wanted = json_loads(expected, 0, NULL);
    assert_non_null(wanted);
    const json_t *found = json_array_get(array, index);
    if (!json_equal(found, wanted)) {
        char *text = json_dumps(found, JSON_ENCODE_ANY);
        print_message("found %s\nexpected %s\n", text ? text : "nothing", expected);
        free(text);
    }
    assert_true(json_equal(found, wanted));
    json_decref(wanted);
}

/* --- held ---------------------------------------------------------------------------------------------------------- */

static void held_shows_each_thing_that_waits(void **state)
{
    struct fixture *fixture = *state;
    json_t *held = ask_json(fixture, &duet_cmd_held, NULL);
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
    struct fixture *fixture = *state;
    struct cli_result result = ask_text(fixture, &duet_cmd_held, NULL);
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

static void put_creation_of(struct fixture *fixture, const char *key,
                            enum duet_creation_state state, int64_t when)
{
    const struct duet_creation creation = { .mapping = "pair",
                                            .origin = DUET_LEFT,
                                            .origin_key = key,
                                            .claim = "duet:acme",
                                            .operation = key,
                                            .state = state,
                                            .when = when };
    ok(duet_journal_create(fixture->journal, &fixture->acme, &creation));
}

static void put_reason(struct fixture *fixture, const char *key, enum duet_ledger_kind kind,
                       int64_t when, const char *reason)
{
    const struct duet_ledger_row row = { .when = when,
                                         .kind = kind,
                                         .keys = { key, NULL },
                                         .side = DUET_RIGHT,
                                         .cause = reason,
                                         .file = "pair.duet",
                                         .line = 9 };
    ok(duet_journal_log(fixture->journal, &fixture->acme, &row));
}

static void a_creation_under_way_is_not_held(void **state)
{
    struct fixture *fixture = *state;
    int64_t now = duet_clock_wall(duet_clock_real());
    put_creation_of(fixture, "inc-11", DUET_CREATION_WANTED, now);
    put_creation_of(fixture, "inc-12", DUET_CREATION_SENT, now);
    put_creation_of(fixture, "inc-13", DUET_CREATION_CREATED, now);
    put_reason(fixture, "inc-14", DUET_LEDGER_HELD, NOON, "needs a state");
    put_creation_of(fixture, "inc-14", DUET_CREATION_WANTED, now); /* nothing is missing any more */
    struct cli_result result = ask_text(fixture, &duet_cmd_held, NULL);
    assert_string_equal(result.out, "nothing is held\n");
    cli_result_finish(&result);
    json_t *status = ask_json(fixture, &duet_cmd_status, NULL);
    const json_t *owner = json_array_get(json_object_get(status, "owners"), 0);
    assert_int_equal(json_integer_value(json_object_get(owner, "creating")), 4);
    json_decref(status);
}

static void a_creation_that_is_held_or_was_refused_says_why(void **state)
{
    struct fixture *fixture = *state;
    put_creation_of(fixture, "inc-11", DUET_CREATION_WANTED, NOON);
    put_reason(fixture, "inc-11", DUET_LEDGER_HELD, NOON, "soar needs a title");
    put_creation_of(fixture, "inc-12", DUET_CREATION_WANTED, NOON);
    put_reason(fixture, "inc-12", DUET_LEDGER_HELD, NOON, "soar needs a title");
    put_creation_of(fixture, "inc-12", DUET_CREATION_WANTED, NOON + SECOND);
    put_reason(fixture, "inc-12", DUET_LEDGER_REFUSED, NOON + SECOND, "no such template");
    json_t *held = ask_json(fixture, &duet_cmd_held, NULL);
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
    struct cli_result result = ask_text(fixture, &duet_cmd_status, NULL);
    assert_has(&result, "acme            0     2        0          0         2  ");
    assert_has(&result, "\nacme  held: pair  inc-11 <-> -  soar needs a title\n");
    cli_result_finish(&result);
}

static void a_creation_that_does_not_go_on_is_shown(void **state)
{
    struct fixture *fixture = *state;
    put_creation_of(fixture, "inc-11", DUET_CREATION_WANTED, NOON);
    struct cli_result result = ask_text(fixture, &duet_cmd_held, NULL);
    assert_string_equal(result.out, "acme  creating: pair\n"
                                    "    records: inc-11 <-> -\n"
                                    "    to be made on the other side, nothing was sent yet\n"
                                    "    since: 2026-03-01T12:00:00Z\n");
    cli_result_finish(&result);
}

static void no_text_of_a_record_reaches_the_terminal_as_a_command(void **state)
{
    struct fixture *fixture = *state;
    struct cli_result result = ask_text(fixture, &duet_cmd_held, NULL);
    assert_has(&result, "nobody's \\u001b[2Jclaim");
    assert_null(strchr(result.out, '\x1b'));
    cli_result_finish(&result);
}

static void held_of_one_tenant_shows_nothing_of_others(void **state)
{
    struct fixture *fixture = *state;
    json_t *held = ask_json(fixture, &duet_cmd_held, "--tenant", "acme", NULL);
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
    struct fixture *fixture = *state;
    struct cli_result result = ask_text(fixture, &duet_cmd_held, NULL);
    assert_int_equal(result.status, DUET_EXIT_FINE);
    assert_string_equal(result.out, "nothing is held\n");
    cli_result_finish(&result);
    json_t *held = ask_json(fixture, &duet_cmd_held, NULL);
    assert_int_equal(json_array_size(held), 0);
    json_decref(held);
}

static void what_cannot_be_read_is_shown_all_the_same(void **state)
{
    static const char *const odd[] = { "nonsense", "{}", "[7]", "[{\"line\":\"x\",\"left\":1}]" };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        char left[16];
        char right[16];
        snprintf(left, sizeof left, "l-%zu", i);
        snprintf(right, sizeof right, "r-%zu", i);
        put_link(fixture, &fixture->acme, left, right, odd[i]);
    }
    json_t *held = ask_json(fixture, &duet_cmd_held, NULL);
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
    struct fixture *fixture = *state;
    ok(duet_journal_begin(fixture->journal));
    for (int i = 0; i < 401; i++) {
        char left[16];
        char right[16];
        snprintf(left, sizeof left, "l-%d", i);
        snprintf(right, sizeof right, "r-%d", i);
        put_link(fixture, &fixture->acme, left, right, "[" HELD "]");
    }
    ok(duet_journal_commit(fixture->journal));
    json_t *held = ask_json(fixture, &duet_cmd_held, NULL);
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
    struct fixture *fixture = *state;
    json_t *conflicts = ask_json(fixture, &duet_cmd_conflicts, NULL);
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
    struct fixture *fixture = *state;
    struct cli_result result = ask_text(fixture, &duet_cmd_conflicts, NULL);
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
    struct fixture *fixture = *state;
    json_t *conflicts = ask_json(fixture, &duet_cmd_conflicts, "--limit", "2", NULL);
    assert_int_equal(json_array_size(json_object_get(conflicts, "decided")), 2);
    assert_string_equal(decided_to(conflicts, 0), "Critical");
    assert_string_equal(decided_to(conflicts, 1), "Informational");
    assert_int_equal(json_array_size(json_object_get(conflicts, "open")), 2);
    json_decref(conflicts);
    conflicts = ask_json(fixture, &duet_cmd_conflicts, "--limit", "0", NULL);
    assert_int_equal(json_array_size(json_object_get(conflicts, "decided")), 0);
    json_decref(conflicts);
    struct cli_result result = ask_text(fixture, &duet_cmd_conflicts, "--limit", "-1", NULL);
    assert_int_equal(result.status, DUET_EXIT_USAGE);
    cli_result_finish(&result);
}

static void what_lost_nothing_hides_no_conflict(void **state)
{
    struct fixture *fixture = *state;
    ok(duet_journal_begin(fixture->journal));
    put_decided(fixture, &fixture->acme, NOON, DUET_LEDGER_FIRST_CONTACT, "first");
    for (int i = 0; i < 401; i++)
        put_row(fixture, &fixture->acme, NOON, DUET_LEDGER_FIRST_CONTACT, "made", "-");
    ok(duet_journal_commit(fixture->journal));
    json_t *conflicts = ask_json(fixture, &duet_cmd_conflicts, "--limit", "1", NULL);
    assert_int_equal(json_array_size(json_object_get(conflicts, "decided")), 1);
    assert_string_equal(decided_to(conflicts, 0), "first");
    json_decref(conflicts);
}

static void conflicts_say_when_there_are_none(void **state)
{
    struct fixture *fixture = *state;
    struct cli_result result = ask_text(fixture, &duet_cmd_conflicts, NULL);
    assert_int_equal(result.status, DUET_EXIT_FINE);
    assert_string_equal(result.out, "no conflicts\n");
    cli_result_finish(&result);
}

/* --- status --------------------------------------------------------------------------------------------------------- */

static void status_counts_by_owner_and_source(void **state)
{
    struct fixture *fixture = *state;
    json_t *status = ask_json(fixture, &duet_cmd_status, NULL);
    const json_t *owners = json_object_get(status, "owners");
    assert_int_equal(json_array_size(owners), 3);
    assert_item(owners, 0,
                "{\"kind\":\"tenant\",\"name\":\"acme\",\"links\":2,\"tombstones\":1,\"held\":1,"
                "\"pending\":1,\"conflicts\":1,\"creating\":1,\"open_writes\":0,"
                "\"uncertain_notes\":0,\"signals\":1}");
    assert_item(owners, 1,
                "{\"kind\":\"tenant\",\"name\":\"beta\",\"links\":1,\"tombstones\":0,\"held\":0,"
                "\"pending\":0,\"conflicts\":1,\"creating\":0,\"open_writes\":0,"
                "\"uncertain_notes\":0,\"signals\":0}");
    assert_item(owners, 2, "{\"kind\":\"hub\",\"name\":\"shared\",\"signals\":1}");
    json_decref(status);
}

static const json_t *source_of(const json_t *status, const char *owner)
{
    size_t i = 0;
    const json_t *source = NULL;
    json_array_foreach(json_object_get(status, "sources"), i, source)
    {
        if (strcmp(json_string_value(json_object_get(source, "owner")), owner) == 0)
            return source;
    }
    fail();
    return NULL;
}

static void status_says_how_long_ago_a_source_was_polled(void **state)
{
    struct fixture *fixture = *state;
    json_t *status = ask_json(fixture, &duet_cmd_status, NULL);
    const json_t *polled = source_of(status, "acme");
    const json_t *never = source_of(status, "shared");
    assert_string_equal(json_string_value(json_object_get(polled, "side")), "sentinel");
    assert_string_equal(json_string_value(json_object_get(polled, "polled")),
                        "2026-03-01T12:00:00.1234567Z");
    assert_true(json_is_integer(json_object_get(polled, "lag_seconds")));
    assert_int_equal(json_integer_value(json_object_get(polled, "quarantined")), 1);
    assert_int_equal(json_integer_value(json_object_get(polled, "records")), 1);
    assert_null(json_object_get(never, "side"));
    assert_true(json_is_null(json_object_get(never, "polled")));
    assert_true(json_is_null(json_object_get(never, "lag_seconds")));
    json_decref(status);
}

static void status_as_text_is_two_tables(void **state)
{
    struct fixture *fixture = *state;
    struct cli_result result = ask_text(fixture, &duet_cmd_status, NULL);
    assert_int_equal(result.status, DUET_EXIT_FINE);
    assert_has(
        &result,
        "OWNER       LINKS  HELD  PENDING  CONFLICTS  CREATING  WRITING  UNCERTAIN  SIGNALS\n"
        "acme            2     1        1          1         1        0          0        1\n"
        "beta            1     0        0          1         0        0          0        0\n"
        "hub shared      -     -        -          -         -        -          -        1\n");
    assert_has(&result, "SOURCE         POLLED                  LAG  RECORDS  FRESH  QUARANTINED  "
                        "HINTS\n");
    assert_has(&result, "acme/sentinel  2026-03-01T12:00:00Z  ");
    assert_has(&result, "hub shared     never                     -        1      0            1"
                        "      0\n");
    assert_has(&result, "\n`duet held` and `duet conflicts` say more\n");
    cli_result_finish(&result);
}

static void status_lists_what_stays_until_a_person_does_something(void **state)
{
    struct fixture *fixture = *state;
    struct cli_result result = ask_text(fixture, &duet_cmd_status, NULL);
    assert_has(&result, "\nacme  held: verdict in soar  inc-1 <-> 20260301-1  no reason is legal\n"
                        "acme  conflict: title  inc-1 <-> 20260301-1  both sides changed\n"
                        "beta  parked: status  inc-3 <-> 20260301-3  stale three times\n"
                        "acme  quarantined in sentinel  inc-5  the record isn't valid JSON\n"
                        "hub shared  quarantined  20260301-8  nobody's \\u001b[2Jclaim\n");
    assert_null(strstr(result.out, "pending: "));
    assert_null(strstr(result.out, "creating: "));
    cli_result_finish(&result);
}

static void status_cuts_a_long_list(void **state)
{
    struct fixture *fixture = *state;
    for (int i = 0; i < 23; i++) {
        char key[16];
        snprintf(key, sizeof key, "inc-%d", i);
        put_poison(fixture, &fixture->acme, "sentinel", key, "no JSON");
    }
    struct cli_result result = ask_text(fixture, &duet_cmd_status, NULL);
    assert_has(&result, "acme  quarantined in sentinel  inc-19  no JSON\nand 3 more\n");
    cli_result_finish(&result);
}

static void status_of_one_tenant_shows_it_alone(void **state)
{
    struct fixture *fixture = *state;
    struct cli_result result = ask_text(fixture, &duet_cmd_status, "--tenant", "beta", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINE);
    assert_has(&result, "beta");
    assert_null(strstr(result.out, "acme"));
    assert_null(strstr(result.out, "shared"));
    cli_result_finish(&result);
}

/* --- links ---------------------------------------------------------------------------------------------------------- */

static void links_are_listed_with_what_became_of_them(void **state)
{
    struct fixture *fixture = *state;
    int64_t gone = put_link(fixture, &fixture->beta, "inc-6", "20260301-6", "");
    ok(duet_journal_link_gone(fixture->journal, &fixture->beta, gone, DUET_RIGHT, true));
    struct cli_result result = ask_text(fixture, &duet_cmd_links, NULL);
    assert_int_equal(result.status, DUET_EXIT_FINE);
    assert_string_equal(result.out, "acme  inc-1 <-> 20260301-1\n"
                                    "acme  inc-2 <-> 20260301-2\n"
                                    "acme  inc-4 <-> 20260301-4  buried: merged\n"
                                    "beta  inc-3 <-> 20260301-3\n"
                                    "beta  inc-6 <-> 20260301-6  right gone\n");
    cli_result_finish(&result);
    json_t *links = ask_json(fixture, &duet_cmd_links, "--tenant", "beta", NULL);
    assert_int_equal(json_array_size(links), 2);
    assert_item(links, 1,
                "{\"tenant\":\"beta\",\"mapping\":\"pair\",\"left\":\"inc-6\","
                "\"right\":\"20260301-6\",\"state\":\"right gone\","
                "\"since\":\"2026-03-01T12:00:00Z\"}");
    json_decref(links);
}

static void links_of_another_mapping_are_left_out(void **state)
{
    struct fixture *fixture = *state;
    struct cli_result result = ask_text(fixture, &duet_cmd_links, "--mapping", "other", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINE);
    assert_string_equal(result.out, "nothing is linked\n");
    cli_result_finish(&result);
}

static void more_links_than_a_page_are_listed(void **state)
{
    struct fixture *fixture = *state;
    ok(duet_journal_begin(fixture->journal));
    for (int i = 0; i < 1001; i++) {
        char left[16];
        char right[16];
        snprintf(left, sizeof left, "l-%d", i);
        snprintf(right, sizeof right, "r-%d", i);
        put_link(fixture, &fixture->acme, left, right, "");
    }
    ok(duet_journal_commit(fixture->journal));
    json_t *links = ask_json(fixture, &duet_cmd_links, NULL);
    assert_int_equal(json_array_size(links), 1001);
    json_decref(links);
}

/* --- what all have in common ------------------------------------------------------------------------------------------ */

static const struct duet_command *const commands[] = { &duet_cmd_status, &duet_cmd_held,
                                                       &duet_cmd_conflicts, &duet_cmd_links };

#define COMMANDS (sizeof commands / sizeof commands[0])

static void an_unknown_tenant_is_told(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COMMANDS; i++) {
        struct cli_result result = ask_text(fixture, commands[i], "--tenant", "akme", NULL);
        assert_int_equal(result.status, DUET_EXIT_USAGE);
        assert_non_null(
            strstr(result.err, "the store knows no tenant 'akme'; did you mean 'acme'?"));
        cli_result_finish(&result);
        result = ask_text(fixture, commands[i], "--tenant", "shared", NULL);
        assert_int_equal(result.status, DUET_EXIT_USAGE); /* a hub is no tenant */
        cli_result_finish(&result);
    }
}

static void without_a_store_none_is_made(void **state)
{
    struct fixture *fixture = *state;
    char missing[128];
    snprintf(missing, sizeof missing, "%s.missing", fixture->path);
    for (size_t i = 0; i < COMMANDS; i++) {
        struct cli_result result = run_command(commands[i], "--store", missing, NULL);
        assert_int_equal(result.status, DUET_EXIT_WORLD);
        assert_string_equal(result.out, "");
        assert_non_null(strstr(result.err, missing));
        assert_int_equal(access(missing, F_OK), -1);
        cli_result_finish(&result);
    }
}

static void the_store_may_be_named_by_the_environment(void **state)
{
    struct fixture *fixture = *state;
    setenv("DUET_STORE", fixture->path, 1);
    for (size_t i = 0; i < COMMANDS; i++) {
        struct cli_result result = run_command(commands[i], "--tenant", "acme", NULL);
        assert_int_equal(result.status, DUET_EXIT_FINE);
        cli_result_finish(&result);
    }
    unsetenv("DUET_STORE");
}

#define FILLED(name) cmocka_unit_test_setup_teardown(name, setup_filled, teardown)
#define EMPTY(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILLED(held_shows_each_thing_that_waits),
        FILLED(held_as_text_has_reason_keys_values_and_rule),
        EMPTY(a_creation_under_way_is_not_held),
        EMPTY(a_creation_that_is_held_or_was_refused_says_why),
        EMPTY(a_creation_that_does_not_go_on_is_shown),
        FILLED(no_text_of_a_record_reaches_the_terminal_as_a_command),
        FILLED(held_of_one_tenant_shows_nothing_of_others),
        EMPTY(held_says_when_nothing_is),
        EMPTY(what_cannot_be_read_is_shown_all_the_same),
        EMPTY(more_things_than_a_page_are_shown),
        FILLED(conflicts_are_those_to_decide_and_those_decided),
        FILLED(conflicts_as_text_name_winner_and_loser),
        FILLED(a_limit_keeps_the_newest_of_all_tenants),
        EMPTY(what_lost_nothing_hides_no_conflict),
        EMPTY(conflicts_say_when_there_are_none),
        FILLED(status_counts_by_owner_and_source),
        FILLED(status_says_how_long_ago_a_source_was_polled),
        FILLED(status_as_text_is_two_tables),
        FILLED(status_lists_what_stays_until_a_person_does_something),
        EMPTY(status_cuts_a_long_list),
        FILLED(status_of_one_tenant_shows_it_alone),
        FILLED(links_are_listed_with_what_became_of_them),
        FILLED(links_of_another_mapping_are_left_out),
        EMPTY(more_links_than_a_page_are_listed),
        FILLED(an_unknown_tenant_is_told),
        FILLED(without_a_store_none_is_made),
        FILLED(the_store_may_be_named_by_the_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
