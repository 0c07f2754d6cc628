#include "tests/support/remote_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dsl/diag.h"
#include "engine/world/memory.h"

/* 2026-03-01T12:00:00Z */
#define STAGE_WALL (INT64_C(1772366400) * INT64_C(10000000))

static void open_stage(struct stage *stage, fake_handler handler, void *data)
{
    assert_true(duet_compilation_mappings(stage->compilation) > 0);
    if (!duet_compilation_tables(stage->compilation,
                                 duet_compilation_mappings(stage->compilation) - 1))
        duet_diags_render_text(duet_compilation_diags(stage->compilation),
                               duet_compilation_sources(stage->compilation), DUET_DIAG_PLAIN,
                               stderr);
    stage->rules.tables = duet_compilation_tables(
        stage->compilation, duet_compilation_mappings(stage->compilation) - 1);
    assert_non_null(stage->rules.tables);
    duet_clock_sim_init(&stage->clock, STAGE_WALL);
    duet_random_seeded_init(&stage->random, 1);
    stage->loop = duet_loop_new(&stage->clock.clock);
    stage->log_stream = open_memstream(&stage->log_text, &stage->log_size);
    stage->log =
        duet_log_new(stage->log_stream, DUET_LOG_JSON, DUET_LOG_DEBUG, &stage->clock.clock);
    stage->quotas = duet_quotas_new(stage->loop);
    stage->arena = duet_arena_new();
    fake_net_init(&stage->net, stage->loop, handler, data);
}

void stage_open(struct stage *stage, const char *path, fake_handler handler, void *data)
{
    memset(stage, 0, sizeof *stage);
    assert_int_equal(duet_compile_file(path, &stage->compilation), DUET_OK);
    open_stage(stage, handler, data);
}

void stage_open_text(struct stage *stage, const char *text, fake_handler handler, void *data)
{
    memset(stage, 0, sizeof *stage);
    assert_int_equal(duet_compile_text("stage.duet", text, strlen(text), &stage->compilation),
                     DUET_OK);
    open_stage(stage, handler, data);
}

void stage_close(struct stage *stage)
{
    for (size_t i = 0; i < stage->row_count; i++)
        free(stage->rows[i]);
    for (size_t i = 0; i < stage->told_count; i++)
        free(stage->told[i].record);
    fake_net_finish(&stage->net);
    duet_quotas_free(stage->quotas);
    duet_log_free(stage->log);
    fclose(stage->log_stream);
    free(stage->log_text);
    duet_loop_free(stage->loop);
    duet_arena_free(stage->arena);
    duet_compilation_free(stage->compilation);
}

struct duet_endpoint *stage_endpoint(struct stage *stage, enum duet_side side, const char *name,
                                     const struct duet_setting_value *settings, size_t count)
{
    const struct duet_endpoint_options options = {
        .rules = &stage->rules,
        .side = side,
        .name = name,
        .settings = settings,
        .setting_count = count,
        .clock = &stage->clock.clock,
        .random = &stage->random.random,
        .loop = stage->loop,
        .net = &stage->net.net,
        .log = stage->log,
        .quotas = stage->quotas,
    };
    struct duet_endpoint *endpoint = NULL;
    struct duet_error error = { "" };
    if (duet_endpoint_new(&options, &endpoint, &error) != DUET_OK)
        fail_msg("%s", error.text);
    return endpoint;
}

static const struct duet_setting_value left_settings[] = {
    { "arm", "https://arm.test" },
    { "login", "https://login.test" },
    { "directory", "dir" },
    { "client_id", "id" },
    { "client_secret", "s3cr3t-canary" },
    { "subscription", "sub" },
    { "resource_group", "soc" },
    { "workspace", "acme" },
};
static const struct duet_setting_value right_settings[] = {
    { "site_url", "https://soar.test/MainApp/VSOC/" },
    { "user", "svc" },
    { "site", "SOC" },
    { "api_key", "key-canary" },
};

void stage_open_shipped(struct stage *stage, fake_handler handler, void *data,
                        struct duet_endpoint **left_out, struct duet_endpoint **right_out)
{
    stage_open(stage, "mappings/sentinel-smartsoar.duet", handler, data);
    *left_out = stage_endpoint(stage, DUET_LEFT, "acme", left_settings, 8);
    *right_out = stage_endpoint(stage, DUET_RIGHT, "soc", right_settings, 4);
}

uint32_t stage_field(const struct stage *stage, enum duet_side side, const char *name)
{
    const struct duet_t_side *row = duet_side_row(stage->rules.tables, side);
    for (uint32_t i = 0; i < row->fields_count; i++) {
        if (strcmp(duet_str(stage->rules.tables,
                            duet_field_row(stage->rules.tables, row->fields + i)->name),
                   name) == 0)
            return i;
    }
    fail_msg("no field '%s'", name);
    return 0;
}

struct duet_record stage_record(struct stage *stage, enum duet_side side, const char *json)
{
    struct duet_record record;
    struct duet_error error = { "" };
    json = duet_arena_copy_text(stage->arena, json, strlen(json));
    if (duet_record_read(&stage->rules, side, json, strlen(json), stage->arena, &record, &error) !=
        DUET_OK)
        fail_msg("%s", error.text);
    return record;
}

void stage_on_rows(void *data, const struct duet_remote_row *rows, size_t count)
{
    struct stage *stage = data;
    stage->page_count++;
    for (size_t i = 0; i < count; i++)
        stage->rows[stage->row_count++] = duet_text_new_cut(rows[i].bytes, rows[i].length);
}

bool stage_on_page(void *data, const struct duet_remote_row *rows, size_t count, uint32_t page)
{
    (void)page;
    stage_on_rows(data, rows, count);
    return true;
}

void stage_on_written(void *data, size_t index, const struct duet_remote_result *result)
{
    struct stage *stage = data;
    struct stage_told *told = &stage->told[stage->told_count++];
    *told = (struct stage_told){ .index = index,
                                 .outcome = result->outcome,
                                 .http_status = result->http_status,
                                 .written = result->written,
                                 .retry_ms = result->retry_ms };
    snprintf(told->text, sizeof told->text, "%s", result->text);
    snprintf(told->key, sizeof told->key, "%s", result->key ? result->key : "");
    snprintf(told->request_id, sizeof told->request_id, "%s", result->request_id);
    if (result->record)
        told->record = duet_text_new_cut(result->record, result->record_length);
}

void stage_on_done(void *data, const struct duet_remote_result *result)
{
    stage_on_written(data, 0, result);
}

const struct stage_told *stage_told_of(const struct stage *stage, size_t index)
{
    const struct stage_told *found = NULL;
    for (size_t i = 0; i < stage->told_count; i++) {
        if (stage->told[i].index != index)
            continue;
        assert_null(found);
        found = &stage->told[i];
    }
    assert_non_null(found);
    return found;
}
