/* A store with two tenants and a hub for tests of the commands that read one, and the words to fill and to ask it. */
#pragma once

#include <jansson.h>

#include "engine/journal/journal.h"
#include "tests/support/run_cli.h"

#define NOON (INT64_C(1772366400) * INT64_C(10000000)) /* 2026-03-01T12:00:00Z */
#define SECOND INT64_C(10000000)

/* What is shown of a link: a thing that is held. */
#define HELD                                                                                       \
    "{\"what\":\"held\",\"name\":\"verdict\",\"side\":\"soar\",\"sentence\":\"no reason is "       \
    "legal\","                                                                                     \
    "\"left\":\"TruePositive, -\",\"right\":\"Undetermined\",\"file\":\"pair.duet\",\"line\":37}"

struct store_stage {
    char folder[64];
    char path[96];
    struct duet_journal *journal;
    struct duet_owner acme;
    struct duet_owner beta;
    struct duet_owner hub;
};

/* For cmocka: *state is a stage whose store has no links, and its end. */
int store_stage_start(void **state);
int store_stage_stop(void **state);
/* *state is a stage with something of each kind: links, things to be shown, rows of the ledger, poison, a creation, signals, a cursor. */
int store_stage_start_filled(void **state);

#define STORE_EMPTY(name) cmocka_unit_test_setup_teardown(name, store_stage_start, store_stage_stop)
#define STORE_FILLED(name)                                                                         \
    cmocka_unit_test_setup_teardown(name, store_stage_start_filled, store_stage_stop)

/* Removes a store with what stands beside it, and the folder. */
void store_remove(const char *folder, const char *path);

void ok(enum duet_status status);

/* `shown` is what the link's JSON says. Returns the link. */
int64_t put_link(struct store_stage *stage, const struct duet_owner *tenant, const char *left,
                 const char *right, const char *shown);
/* So many of them, of acme. */
void put_links(struct store_stage *stage, int count, const char *shown);

/* A row of the ledger about the severity of inc-1, `lost` may be NULL; put_decided() has lost "Medium". */
void put_row(struct store_stage *stage, const struct duet_owner *tenant, int64_t when,
             enum duet_ledger_kind kind, const char *to, const char *lost);
void put_decided(struct store_stage *stage, const struct duet_owner *tenant, int64_t when,
                 enum duet_ledger_kind kind, const char *to);

/* A record in quarantine. */
void put_poison(struct store_stage *stage, const struct duet_owner *owner, const char *side,
                const char *key, const char *reason);

/* The command's JSON; the test fails unless it ended well. json_decref() it. */
#define ask_json(stage, command, ...)                                                              \
    store_answer(run_command(command, "--store", (stage)->path, "--format", "json", __VA_ARGS__))
json_t *store_answer(struct cli_result result);

#define ask_text(stage, command, ...) run_command(command, "--store", (stage)->path, __VA_ARGS__)

void assert_has(const struct cli_result *result, const char *text);
/* The command ended well and wrote exactly this; the result is finished. */
void assert_writes(struct cli_result result, const char *text);

/* The JSON text of what stands at `index` equals `expected`. */
void assert_item(const json_t *array, size_t index, const char *expected);
