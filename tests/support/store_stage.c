#include "tests/support/store_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define PENDING                                                                                    \
    "{\"what\":\"pending\",\"name\":\"owner\",\"side\":\"soar\",\"sentence\":\"nothing releases "  \
    "it\",\"left\":\"a\",\"right\":\"b\",\"file\":\"pair.duet\",\"line\":40}"
#define CONFLICT                                                                                   \
    "{\"what\":\"conflict\",\"name\":\"title\",\"sentence\":\"both sides "                         \
    "changed\",\"left\":\"x\","                                                                    \
    "\"right\":\"y\",\"file\":\"pair.duet\",\"line\":12}"
#define PARKED "{\"what\":\"parked\",\"name\":\"status\",\"sentence\":\"stale three times\"}"

/* --- filling a store ---------------------------------------------------------------------------------------- */

void ok(enum duet_status status)
{
    assert_int_equal(status, DUET_OK);
}

int64_t put_link(struct store_stage *stage, const struct duet_owner *tenant, const char *left,
                 const char *right, const char *shown)
{
    int64_t link = 0;
    const struct duet_link_end ends[2] = { { { tenant, "sentinel" }, left },
                                           { { &stage->hub, "" }, right } };
    ok(duet_journal_link(stage->journal, tenant, "pair", &ends[0], &ends[1], NOON, &link));
    ok(duet_journal_link_set(stage->journal, tenant, link, "{}", shown));
    return link;
}

void put_links(struct store_stage *stage, int count, const char *shown)
{
    ok(duet_journal_begin(stage->journal));
    for (int i = 0; i < count; i++) {
        char left[16];
        char right[16];
        snprintf(left, sizeof left, "l-%d", i);
        snprintf(right, sizeof right, "r-%d", i);
        put_link(stage, &stage->acme, left, right, shown);
    }
    ok(duet_journal_commit(stage->journal));
}

void put_row(struct store_stage *stage, const struct duet_owner *tenant, int64_t when,
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
    ok(duet_journal_log(stage->journal, tenant, &row));
}

void put_decided(struct store_stage *stage, const struct duet_owner *tenant, int64_t when,
                 enum duet_ledger_kind kind, const char *to)
{
    put_row(stage, tenant, when, kind, to, "Medium");
}

void put_poison(struct store_stage *stage, const struct duet_owner *owner, const char *side,
                const char *key, const char *reason)
{
    const struct duet_source source = { owner, side };
    const struct duet_row row = {
        .key = key, .raw = "{", .length = 1, .hash = 1, .read_began = NOON
    };
    struct duet_arena *arena = duet_arena_new();
    struct duet_inbox_row stored = { 0 };
    ok(duet_journal_receive(stage->journal, &source, &row, 1, NULL));
    ok(duet_journal_snapshot(stage->journal, &source, key, arena, &stored));
    ok(duet_journal_quarantine(stage->journal, &source, key, stored.revision, reason));
    duet_arena_free(arena);
}

static void put_creation(struct store_stage *stage)
{
    const struct duet_creation creation = { .mapping = "pair",
                                            .origin = DUET_LEFT,
                                            .origin_key = "inc-9",
                                            .claim = "duet:acme",
                                            .operation = "op-1",
                                            .state = DUET_CREATION_SENT,
                                            .when = NOON };
    ok(duet_journal_create(stage->journal, &stage->acme, &creation));
}

static void put_signal(struct store_stage *stage, const struct duet_owner *owner, const char *side)
{
    const struct duet_signal signal = {
        .side = side, .key = "20260301-7", .name = "resync", .when = NOON
    };
    ok(duet_journal_signal(stage->journal, owner, &signal));
}

static void put_cursor(struct store_stage *stage, const struct duet_owner *owner, const char *side)
{
    const struct duet_source source = { owner, side };
    const struct duet_cursor cursor = { "2026", NOON + 1234567, 0 };
    ok(duet_journal_set_cursor(stage->journal, &source, &cursor));
}

static void fill(struct store_stage *stage)
{
    put_link(stage, &stage->acme, "inc-1", "20260301-1", "[" HELD "," PENDING "," CONFLICT "]");
    put_link(stage, &stage->acme, "inc-2", "20260301-2", "");
    put_link(stage, &stage->beta, "inc-3", "20260301-3", "[" PARKED "]");
    int64_t buried = put_link(stage, &stage->acme, "inc-4", "20260301-4", "[" HELD "]");
    ok(duet_journal_bury(stage->journal, &stage->acme, buried, NOON, "merged"));
    put_decided(stage, &stage->acme, NOON, DUET_LEDGER_CONFLICT, "High");
    put_decided(stage, &stage->beta, NOON + SECOND, DUET_LEDGER_CONFLICT, "Informational");
    put_decided(stage, &stage->acme, NOON + 2 * SECOND + 5, DUET_LEDGER_FIRST_CONTACT, "Critical");
    put_decided(stage, &stage->acme, NOON + 3 * SECOND, DUET_LEDGER_SENT, "Medium");
    put_row(stage, &stage->acme, NOON + 4 * SECOND, DUET_LEDGER_FIRST_CONTACT, "75", "-, -");
    put_row(stage, &stage->acme, NOON + 5 * SECOND, DUET_LEDGER_FIRST_CONTACT, "76", NULL);
    put_poison(stage, &stage->acme, "sentinel", "inc-5", "the record isn't valid JSON");
    put_poison(stage, &stage->hub, "", "20260301-8", "nobody's \x1b[2Jclaim");
    put_creation(stage);
    put_signal(stage, &stage->acme, "sentinel");
    put_signal(stage, &stage->hub, "");
    put_cursor(stage, &stage->acme, "sentinel");
}

int store_stage_start(void **state)
{
    struct store_stage *stage = calloc(1, sizeof *stage);
    struct duet_error error = { "" };
    assert_non_null(stage);
    snprintf(stage->folder, sizeof stage->folder, "/tmp/duet-store-XXXXXX");
    assert_non_null(mkdtemp(stage->folder));
    snprintf(stage->path, sizeof stage->path, "%s/duet.db", stage->folder);
    stage->acme = (struct duet_owner){ DUET_OWNER_TENANT, "acme", 0 };
    stage->beta = (struct duet_owner){ DUET_OWNER_TENANT, "beta", 0 };
    stage->hub = (struct duet_owner){ DUET_OWNER_HUB, "shared", 0 };
    ok(duet_journal_open(stage->path, &stage->journal, &error));
    ok(duet_journal_claim(stage->journal, &stage->acme));
    ok(duet_journal_claim(stage->journal, &stage->beta));
    ok(duet_journal_claim(stage->journal, &stage->hub));
    *state = stage;
    return 0;
}

int store_stage_start_filled(void **state)
{
    store_stage_start(state);
    fill(*state);
    return 0;
}

void store_remove(const char *folder, const char *path)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < 3; i++) {
        char file[128];
        snprintf(file, sizeof file, "%s%s", path, endings[i]);
        unlink(file);
    }
    rmdir(folder);
}

int store_stage_stop(void **state)
{
    struct store_stage *stage = *state;
    duet_journal_close(stage->journal);
    store_remove(stage->folder, stage->path);
    free(stage);
    return 0;
}

/* --- asking ---------------------------------------------------------------------------------------------------- */

json_t *store_answer(struct cli_result result)
{
    assert_string_equal(result.err, "");
    assert_int_equal(result.status, DUET_EXIT_FINE);
    json_t *json = json_loads(result.out, 0, NULL);
    assert_non_null(json);
    cli_result_finish(&result);
    return json;
}

void assert_has(const struct cli_result *result, const char *text)
{
    if (!strstr(result->out, text))
        fail_msg("not found: %s\nin: %s", text, result->out);
}

void assert_item(const json_t *array, size_t index, const char *expected)
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

void assert_writes(struct cli_result result, const char *text)
{
    assert_int_equal(result.status, DUET_EXIT_FINE);
    assert_string_equal(result.out, text);
    cli_result_finish(&result);
}
