/* A stage for tests of endpoints: simulated clock, loop, log, quotas, a network answered by hand, and what was told. */
#pragma once

#include <stdio.h>

#include "dsl/compile.h"
#include "engine/remote/quotas.h"
#include "engine/remote/remote.h"
#include "tests/support/fake_net.h"

#define STAGE_MAX_TOLD 512

struct stage_told {
    size_t index;
    enum duet_remote_outcome outcome;
    int http_status;
    uint64_t written;
    int64_t retry_ms;
    char text[256], key[256], request_id[256];
    char *record; /* NULL: none */
};

struct stage {
    struct duet_clock_sim clock;
    struct duet_random_seeded random;
    struct duet_loop *loop;
    struct duet_log *log;
    char *log_text;
    size_t log_size;
    FILE *log_stream;
    struct duet_quotas *quotas;
    struct fake_net net;
    struct duet_compilation *compilation;
    struct duet_rules rules;
    struct duet_arena *arena;
    char *rows[STAGE_MAX_TOLD]; /* all rows shown, as texts */
    size_t row_count;
    size_t page_count;
    struct stage_told told[STAGE_MAX_TOLD];
    size_t told_count;
};

/* Compiles the mapping file (a path from the repository's root); the test fails when it has errors. */
void stage_open(struct stage *stage, const char *path, fake_handler handler, void *data);
/* The same for a mapping as text. */
void stage_open_text(struct stage *stage, const char *text, fake_handler handler, void *data);
void stage_close(struct stage *stage);

/* The test fails when it is refused. */
struct duet_endpoint *stage_endpoint(struct stage *stage, enum duet_side side, const char *name,
                                     const struct duet_setting_value *settings, size_t count);

/* The shipped mapping with both its systems: https://arm.test, https://login.test and https://soar.test, whose secrets are
 * "s3cr3t-canary" and "key-canary". The endpoints are to be freed before the stage is closed. */
void stage_open_shipped(struct stage *stage, fake_handler handler, void *data,
                        struct duet_endpoint **left_out, struct duet_endpoint **right_out);

/* The field's number by its name. */
uint32_t stage_field(const struct stage *stage, enum duet_side side, const char *name);

/* Reads a record; the test fails when it is none. Lives as long as the stage. */
struct duet_record stage_record(struct stage *stage, enum duet_side side, const char *json);

/* Callbacks with the stage as data. */
bool stage_on_page(void *data, const struct duet_remote_row *rows, size_t count, uint32_t page);
void stage_on_rows(void *data, const struct duet_remote_row *rows, size_t count);
void stage_on_done(void *data, const struct duet_remote_result *result);
void stage_on_written(void *data, size_t index, const struct duet_remote_result *result);

/* What was told about an index; the test fails unless exactly one was. */
const struct stage_told *stage_told_of(const struct stage *stage, size_t index);
