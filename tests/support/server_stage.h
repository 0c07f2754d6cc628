/* The webhook intake on a socket with a journal in memory, and a client on the same loop. */
#pragma once

#include <stdio.h>

#include "dsl/compile.h"
#include "engine/server/server.h"
#include "tests/support/post_client.h"

#define WALL (INT64_C(1772366400) * INT64_C(10000000)) /* 2026-03-01T12:00:00Z */
#define HINT                                                                                       \
    "{\"trigger\":\"OnIncidentClose\",\"incidentNumber\":\"20260101-1\",\"triggerData\":{}}"
#define SIGNAL                                                                                     \
    "{\"trigger\":\"OnIncidentExternalAction\",\"incidentNumber\":\"20260101-1\","                 \
    "\"triggerData\":{\"name\":\"resync\"}}"

enum { TENANT, HUB, KEYLESS, BLOCKLESS, ODD, HOOKS };

struct server_stage {
    struct duet_clock_sim clock;
    struct duet_loop *loop;
    struct duet_compilation *compilation;
    struct duet_journal *journal;
    char *log_text;
    size_t log_size;
    FILE *log_stream;
    struct duet_log *log;
    struct duet_hook hooks[HOOKS];
    struct duet_server *server;
    struct duet_arena *arena;
    size_t woken;
    const struct duet_hook *woken_by;
    size_t kept_when_woken; /* hints and signals that stood in the journal then */
};

/* For cmocka: *state is a stage whose server listens, and its end. */
int server_stage_start(void **state);
int server_stage_stop(void **state);

/* What its server was started with. */
struct duet_server_options server_stage_options(struct server_stage *stage);

void server_connect(struct server_stage *stage, struct post_client *client);
void server_say(struct post_client *client, const char *text);

/* Sends the text as it stands; the answer is left in `answer`, which has 4096 bytes. */
int server_exchange(struct server_stage *stage, const char *text, char *answer);

/* A POST; no key: NULL. Into the stage's arena. */
char *server_request(struct server_stage *stage, const char *path, const char *key,
                     const char *body);
/* Sends one; the status of the answer. */
int server_post(struct server_stage *stage, const char *path, const char *key, const char *body);

/* No hint and no signal in the journal, and nobody was woken. */
void server_expect_nothing_kept(struct server_stage *stage);
