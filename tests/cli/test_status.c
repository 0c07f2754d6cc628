/* `duet status` and `duet links`: how far it is, and what belongs together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/cli/commands.h"
#include "tests/support/store_stage.h"

/* --- status --------------------------------------------------------------------------------------------------------- */

static void status_counts_by_owner_and_source(void **state)
{
    struct store_stage *stage = *state;
    json_t *status = ask_json(stage, &duet_cmd_status, NULL);
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
    struct store_stage *stage = *state;
    json_t *status = ask_json(stage, &duet_cmd_status, NULL);
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
    struct store_stage *stage = *state;
    struct cli_result result = ask_text(stage, &duet_cmd_status, NULL);
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
    struct store_stage *stage = *state;
    struct cli_result result = ask_text(stage, &duet_cmd_status, NULL);
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
    struct store_stage *stage = *state;
    for (int i = 0; i < 23; i++) {
        char key[16];
        snprintf(key, sizeof key, "inc-%d", i);
        put_poison(stage, &stage->acme, "sentinel", key, "no JSON");
    }
    struct cli_result result = ask_text(stage, &duet_cmd_status, NULL);
    assert_has(&result, "acme  quarantined in sentinel  inc-19  no JSON\nand 3 more\n");
    cli_result_finish(&result);
}

static void status_of_one_tenant_shows_it_alone(void **state)
{
    struct store_stage *stage = *state;
    struct cli_result result = ask_text(stage, &duet_cmd_status, "--tenant", "beta", NULL);
    assert_int_equal(result.status, DUET_EXIT_FINE);
    assert_has(&result, "beta");
    assert_null(strstr(result.out, "acme"));
    assert_null(strstr(result.out, "shared"));
    cli_result_finish(&result);
}

/* --- links ---------------------------------------------------------------------------------------------------------- */

static void links_are_listed_with_what_became_of_them(void **state)
{
    struct store_stage *stage = *state;
    int64_t gone = put_link(stage, &stage->beta, "inc-6", "20260301-6", "");
    ok(duet_journal_link_gone(stage->journal, &stage->beta, gone, DUET_RIGHT, true));
    assert_writes(ask_text(stage, &duet_cmd_links, NULL),
                  "acme  inc-1 <-> 20260301-1\n"
                  "acme  inc-2 <-> 20260301-2\n"
                  "acme  inc-4 <-> 20260301-4  buried: merged\n"
                  "beta  inc-3 <-> 20260301-3\n"
                  "beta  inc-6 <-> 20260301-6  right gone\n");
    json_t *links = ask_json(stage, &duet_cmd_links, "--tenant", "beta", NULL);
    assert_int_equal(json_array_size(links), 2);
    assert_item(links, 1,
                "{\"tenant\":\"beta\",\"mapping\":\"pair\",\"left\":\"inc-6\","
                "\"right\":\"20260301-6\",\"state\":\"right gone\","
                "\"since\":\"2026-03-01T12:00:00Z\"}");
    json_decref(links);
}

static void links_of_another_mapping_are_left_out(void **state)
{
    struct store_stage *stage = *state;
    assert_writes(ask_text(stage, &duet_cmd_links, "--mapping", "other", NULL),
                  "nothing is linked\n");
}

static void more_links_than_a_page_are_listed(void **state)
{
    struct store_stage *stage = *state;
    put_links(stage, 1001, "");
    json_t *links = ask_json(stage, &duet_cmd_links, NULL);
    assert_int_equal(json_array_size(links), 1001);
    json_decref(links);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_FILLED(status_counts_by_owner_and_source),
        STORE_FILLED(status_says_how_long_ago_a_source_was_polled),
        STORE_FILLED(status_as_text_is_two_tables),
        STORE_FILLED(status_lists_what_stays_until_a_person_does_something),
        STORE_EMPTY(status_cuts_a_long_list),
        STORE_FILLED(status_of_one_tenant_shows_it_alone),
        STORE_FILLED(links_are_listed_with_what_became_of_them),
        STORE_FILLED(links_of_another_mapping_are_left_out),
        STORE_EMPTY(more_links_than_a_page_are_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
