#include "tests/sim/requestlog.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/sim/text.h"

struct sim_requestlog {
    json_t *counts;
    json_t *statuses;
    json_t *entries;
    json_int_t last;
};

static void start(struct sim_requestlog *log)
{
    log->counts = json_pack("{s:i}", "total", 0);
    log->statuses = json_object();
    log->entries = json_array();
    log->last = 0;
}

static void end(struct sim_requestlog *log)
{
    json_decref(log->counts);
    json_decref(log->statuses);
    json_decref(log->entries);
}

struct sim_requestlog *sim_requestlog_new(void)
{
    struct sim_requestlog *log = sim_alloc(sizeof(*log));
    start(log);
    return log;
}

void sim_requestlog_free(struct sim_requestlog *log)
{
    if (!log)
        return;
    end(log);
    free(log);
}

void sim_requestlog_reset(struct sim_requestlog *log)
{
    end(log);
    start(log);
}

static void count(json_t *counts, const char *name)
{
    json_int_t before = json_integer_value(json_object_get(counts, name));
    json_object_set_new(counts, name, json_integer(before + 1));
}

json_t *sim_requestlog_begin(struct sim_requestlog *log, const char *kind, const char *method,
                             const char *path, const char *query, json_t *body)
{
    count(log->counts, kind);
    count(log->counts, "total");
    json_t *entry = json_object();
    json_object_set_new(entry, "n", json_integer(++log->last));
    json_object_set_new(entry, "kind", json_string(kind));
    json_object_set_new(entry, "method", json_string(method));
    json_object_set_new(entry, "path", json_string(path));
    json_object_set_new(entry, "query", json_string(query));
    json_object_set_new(entry, "status", json_null());
    json_object_set_new(entry, "body", body);
    json_object_set_new(entry, "applied", json_false());
    if (json_array_size(log->entries) >= SIM_LOG_MAX)
        json_array_remove(log->entries, 0);
    json_array_append(log->entries, entry);
    return entry;
}

void sim_requestlog_done(struct sim_requestlog *log, json_t *entry, unsigned status, bool applied)
{
    char name[16];
    snprintf(name, sizeof(name), "%u", status);
    count(log->statuses, name);
    json_object_set_new(entry, "status", json_integer((json_int_t)status));
    json_object_set_new(entry, "applied", json_boolean(applied));
    json_decref(entry);
}

json_t *sim_requestlog_json(const struct sim_requestlog *log)
{
    json_t *all = json_object();
    json_object_set_new(all, "counts", json_deep_copy(log->counts));
    json_object_set_new(all, "status", json_deep_copy(log->statuses));
    json_object_set_new(all, "log", json_deep_copy(log->entries));
    return all;
}
