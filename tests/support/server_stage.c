#include "tests/support/server_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static size_t all_kept(struct server_stage *stage)
{
    struct duet_journal_status status = { 0 };
    size_t count = 0;
    assert_int_equal(duet_journal_status(stage->journal, stage->arena, &status), DUET_OK);
    for (size_t i = 0; i < status.owner_count; i++)
        count += status.owners[i].signals;
    for (size_t i = 0; i < status.source_count; i++)
        count += status.sources[i].hints;
    return count;
}

static void woken(void *data, const struct duet_hook *hook)
{
    struct server_stage *stage = data;
    stage->woken++;
    stage->woken_by = hook;
    stage->kept_when_woken = all_kept(stage);
}

struct duet_server_options server_stage_options(struct server_stage *stage)
{
    return (struct duet_server_options){ .loop = stage->loop,
                                         .journal = stage->journal,
                                         .clock = &stage->clock.clock,
                                         .log = stage->log,
                                         .listen = "127.0.0.1:0",
                                         .hooks = stage->hooks,
                                         .hook_count = HOOKS,
                                         .woken = woken,
                                         .data = stage };
}

static void fill_hooks(struct server_stage *stage)
{
    const struct duet_tables *tables = duet_compilation_tables(
        stage->compilation, duet_compilation_mappings(stage->compilation) - 1);
    assert_non_null(tables);
    const struct duet_hook hook = { DUET_OWNER_TENANT, "acme",     "soar", tables,
                                    DUET_RIGHT,        "right-key" };
    for (size_t i = 0; i < HOOKS; i++)
        stage->hooks[i] = hook;
    stage->hooks[HUB].kind = DUET_OWNER_HUB;
    stage->hooks[HUB].owner = "shared";
    stage->hooks[HUB].secret = "hub-key";
    stage->hooks[KEYLESS].owner = "keyless";
    stage->hooks[KEYLESS].secret = "";
    stage->hooks[BLOCKLESS].side = "sentinel";
    stage->hooks[BLOCKLESS].at = DUET_LEFT;
    stage->hooks[ODD].owner = "a b/\xc3\xa4";
}

int server_stage_start(void **state)
{
    struct server_stage *stage = calloc(1, sizeof *stage);
    struct duet_error error = { "" };
    assert_non_null(stage);
    duet_clock_sim_init(&stage->clock, WALL);
    stage->loop = duet_loop_new(&stage->clock.clock);
    stage->arena = duet_arena_new();
    stage->log_stream = open_memstream(&stage->log_text, &stage->log_size);
    stage->log =
        duet_log_new(stage->log_stream, DUET_LOG_TEXT, DUET_LOG_DEBUG, &stage->clock.clock);
    assert_int_equal(duet_compile_file("mappings/sentinel-smartsoar.duet", &stage->compilation),
                     DUET_OK);
    assert_int_equal(duet_journal_open(":memory:", &stage->journal, &error), DUET_OK);
    fill_hooks(stage);
    const struct duet_server_options options = server_stage_options(stage);
    assert_int_equal(duet_server_new(&options, &stage->server, &error), DUET_OK);
    *state = stage;
    return 0;
}

int server_stage_stop(void **state)
{
    struct server_stage *stage = *state;
    duet_server_free(stage->server);
    duet_journal_close(stage->journal);
    duet_compilation_free(stage->compilation);
    duet_log_free(stage->log);
    fclose(stage->log_stream);
    free(stage->log_text);
    duet_arena_free(stage->arena);
    duet_loop_free(stage->loop);
    free(stage);
    return 0;
}

/* --- posting -------------------------------------------------------------------------------------------------- */

void server_connect(struct server_stage *stage, struct post_client *client)
{
    post_client_open(client, stage->loop, duet_server_port(stage->server));
}

void server_say(struct post_client *client, const char *text)
{
    post_client_send(client, text, strlen(text));
}

int server_exchange(struct server_stage *stage, const char *text, char *answer)
{
    struct post_client client;
    server_connect(stage, &client);
    server_say(&client, text);
    int status = post_client_wait(&client);
    memcpy(answer, client.answer, sizeof client.answer);
    post_client_close(&client);
    return status;
}

char *server_request(struct server_stage *stage, const char *path, const char *key,
                     const char *body)
{
    const char *header = key ? duet_arena_format(stage->arena, "x-api-key: %s\r\n", key) : "";
    return duet_arena_format(
        stage->arena, "POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %zu\r\n\r\n%s",
        path, header, strlen(body), body);
}

int server_post(struct server_stage *stage, const char *path, const char *key, const char *body)
{
    char answer[4096];
    return server_exchange(stage, server_request(stage, path, key, body), answer);
}

void server_expect_nothing_kept(struct server_stage *stage)
{
    assert_int_equal(all_kept(stage), 0);
    assert_int_equal(stage->woken, 0);
}
