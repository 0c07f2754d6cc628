#include "tests/torture/world.h"

#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "dsl/diag.h"
#include "engine/server/hook.h"
#include "tests/sim/text.h"

#define NOON (INT64_C(1772366400) * INT64_C(10000000)) /* 2026-03-01T12:00:00Z */
#define TICKS_A_MS INT64_C(10000)
#define FLEET "tests/torture/fleet.duet"

static const char *const TENANTS[WORLD_TENANTS] = { "acme", "beta" };
static const char *const WORKSPACES[WORLD_TENANTS] = {
    "11111111-0000-4000-8000-000000000001/soc/acme",
    "22222222-0000-4000-8000-000000000002/soc/beta",
};

static const struct {
    const char *variable, *value;
} CANARIES[] = {
    { "TORTURE_HUB_KEY", "canary-hub-6f0d1c5e9a" },
    { "TORTURE_HOOK_KEY", "canary-hook-2b7e94d013" },
    { "TORTURE_ACME_SECRET", "canary-acme-c81f55a7e2" },
    { "TORTURE_BETA_SECRET", "canary-beta-90d3be6641" },
};
enum { CANARY_COUNT = sizeof CANARIES / sizeof CANARIES[0], HUB = 0, ACME = 2 };

const char *world_workspace(unsigned tenant)
{
    return WORKSPACES[tenant];
}

const char *world_tenant(unsigned tenant)
{
    return TENANTS[tenant];
}

const char *world_canary(size_t number)
{
    return number < CANARY_COUNT ? CANARIES[number].value : NULL;
}

/* --- in common --------------------------------------------------------------------------------------------------- */

bool world_common_open(struct world_common *common)
{
    for (size_t i = 0; i < CANARY_COUNT; i++)
        (void)setenv(CANARIES[i].variable, CANARIES[i].value, 1);
    *common = (struct world_common){ 0 };
    if (duet_compile_file(FLEET, &common->compilation) != DUET_OK) {
        fprintf(stderr, "torture: can't read '%s': run it in the repository's root\n", FLEET);
        return false;
    }
    struct duet_diags *diags = duet_compilation_diags(common->compilation);
    if (duet_diags_errors(diags) > 0) {
        duet_diags_render_text(diags, duet_compilation_sources(common->compilation),
                               DUET_DIAG_PLAIN, stderr);
        return false;
    }
    common->config = duet_compilation_fleet(common->compilation);
    return true;
}

void world_common_close(struct world_common *common)
{
    duet_compilation_free(common->compilation);
}

/* --- the systems --------------------------------------------------------------------------------------------------- */

static void configure(struct sim_server *server, const char *option, const char *value)
{
    char *problem = NULL;
    if (!server->system->configure(server->state, option, value, &problem)) {
        fprintf(stderr, "torture: %s %s: %s\n", option, value, problem ? problem : "refused");
        abort();
    }
}

static struct sim_server *new_system(struct world *world, const struct sim_system *system)
{
    struct sim_server *server = sim_server_new(system);
    sim_clock_follow(server->clock, &world->truth);
    return server;
}

static void open_siem(struct world *world)
{
    struct sim_server *server = new_system(world, &sim_sentinel);
    configure(server, "--user",
              "aaaaaaaa-0000-4000-8000-00000000000a:ann@acme.example:Ann Lee (acme)");
    configure(server, "--user",
              "bbbbbbbb-0000-4000-8000-00000000000b:bob@acme.example:Bob Ray (acme)");
    for (unsigned t = 0; t < WORLD_TENANTS; t++) {
        char *client = sim_format("%s.example.com:app-%s:%s:%s", TENANTS[t], TENANTS[t],
                                  CANARIES[ACME + t].value, WORKSPACES[t]);
        configure(server, "--client", client);
        free(client);
    }
    world->systems[SIEM] = server;
}

static void open_soar(struct world *world)
{
    struct sim_server *server = new_system(world, &sim_smartsoar);
    char *key = sim_format("%s:svc_sync:SOC", CANARIES[HUB].value);
    configure(server, "--key", key);
    free(key);
    configure(server, "--user", "svc_sync:Sync Service");
    configure(server, "--user", "ann:Ann Lee");
    configure(server, "--user", "bob:Bob Ray");
    configure(server, "--user", "cyd:Cyd Fox");
    world->systems[SOAR] = server;
}

bool world_person(struct world *world, int system, const char *verb, json_t *body)
{
    unsigned status = 200;
    struct sim_server *server = world->systems[system];
    json_t *answer = server->system->person(server->state, verb, body, &status);
    json_decref(answer);
    json_decref(body);
    return answer && status < 400;
}

/* --- the clock ------------------------------------------------------------------------------------------------------ */

static int64_t truth_at(int64_t monotonic_ms)
{
    return NOON + monotonic_ms * TICKS_A_MS;
}

static struct world *world_of(struct duet_clock *clock)
{
    return (struct world *)(void *)((char *)clock - offsetof(struct world, clock));
}

static int64_t wall(struct duet_clock *clock)
{
    return world_of(clock)->wall_ticks;
}

static int64_t monotonic(struct duet_clock *clock)
{
    return world_of(clock)->monotonic_ms;
}

static void advance(struct duet_clock *clock, int64_t monotonic_ms)
{
    struct world *world = world_of(clock);
    int64_t passed = monotonic_ms - world->monotonic_ms;
    if (passed <= 0)
        return;
    world->monotonic_ms = monotonic_ms;
    world->wall_ticks += passed * TICKS_A_MS;
    world->truth = truth_at(monotonic_ms);
}

int64_t world_now(const struct world *world)
{
    return world->monotonic_ms;
}

/* --- dying --------------------------------------------------------------------------------------------------------- */

static bool passes(void *data)
{
    struct world *world = data;
    if (world->is_dying)
        return false;
    world->points++;
    if (world->points_left < 0 || world->points_left-- > 0)
        return true;
    world->is_dying = true;
    duet_loop_stop(world->loop);
    return false;
}

/* The store's last word before a commit: the point before it, then the one behind it, at which it still holds. */
static int before_commit(void *data)
{
    if (!passes(data))
        return 1;
    (void)passes(data);
    return 0;
}

static struct world *opening; /* whose store is being opened */

static int on_open(sqlite3 *handle, const char **message, const struct sqlite3_api_routines *api)
{
    (void)message;
    (void)api;
    opening->store = handle;
    (void)sqlite3_commit_hook(handle, before_commit, opening);
    return SQLITE_OK;
}

bool world_is_intended(const struct world *world)
{
    static const char sql[] = "SELECT EXISTS (SELECT 1 FROM intent WHERE outcome < 2) OR "
                              "EXISTS (SELECT 1 FROM creation) OR "
                              "EXISTS (SELECT 1 FROM note WHERE state < 2)";
    sqlite3_stmt *query = NULL;
    bool is_there = sqlite3_get_autocommit(world->store) &&
                    sqlite3_prepare_v2(world->store, sql, -1, &query, NULL) == SQLITE_OK &&
                    sqlite3_step(query) == SQLITE_ROW && sqlite3_column_int(query, 0) != 0;
    (void)sqlite3_finalize(query);
    return is_there;
}

/* --- the engine ------------------------------------------------------------------------------------------------------ */

static void over(void *data)
{
    struct world *world = data;
    world->is_over = true;
}

void world_start(struct world *world)
{
    struct duet_error error = { "" };
    const struct duet_fleet_options options = { .config = world->common->config,
                                                .journal = world->journal,
                                                .key = &world->key,
                                                .clock = &world->clock,
                                                .random = &world->random.random,
                                                .loop = world->loop,
                                                .net = &world->wire.net,
                                                .log = world->log,
                                                .over = over,
                                                .data = world };
    world->starts++;
    world->is_over = false;
    if (duet_fleet_new(&options, &world->fleet, &error) != DUET_OK) {
        fprintf(stderr, "torture: the engine doesn't start: %s\n", error.text);
        abort();
    }
    duet_fleet_start(world->fleet);
}

void world_crash(struct world *world)
{
    world->is_dying = true;
    duet_fleet_free(world->fleet);
    world->fleet = NULL;
    duet_journal_rollback(world->journal);
    wire_cut(&world->wire);
    world->is_dying = false;
    world->points_left = -1;
}

static void stop(void *data)
{
    duet_loop_stop(data);
}

void world_run_until(struct world *world, int64_t monotonic_ms)
{
    struct duet_timer *timer = duet_loop_at(world->loop, monotonic_ms, stop, world->loop);
    duet_loop_run(world->loop);
    if (world->is_dying)
        duet_loop_cancel(world->loop, timer);
}

void world_signal(struct world *world, const char *number, const char *name)
{
    struct duet_hook hook;
    size_t index = 0;
    while (world->fleet && duet_fleet_next_hook(world->fleet, &index, &hook)) {
        const struct duet_hook_message message = { .key = number, .signal = name, .data = "{}" };
        if (hook.kind == DUET_OWNER_HUB &&
            duet_hook_keep(&hook, &message, world->wall_ticks, world->journal) == DUET_OK)
            duet_fleet_wake(world->fleet, hook.kind, hook.owner);
    }
}

/* --- the whole ------------------------------------------------------------------------------------------------------ */

void world_open(struct world *world, const struct world_common *common, uint64_t seed)
{
    struct duet_error error = { "" };
    *world = (struct world){ .common = common, .chance = { seed * 2 + 1 }, .truth = truth_at(0) };
    world->clock = (struct duet_clock){ .wall = wall, .monotonic = monotonic, .advance = advance };
    world->wall_ticks = NOON;
    duet_random_seeded_init(&world->random, seed);
    world->random.random.fill(&world->random.random, world->key.bytes, sizeof world->key.bytes);
    world->loop = duet_loop_new(&world->clock);
    world->log_stream = open_memstream(&world->log_text, &world->log_size);
    world->log = duet_log_new(world->log_stream, DUET_LOG_JSON, DUET_LOG_DEBUG, &world->clock);
    wire_init(&world->wire, world->loop, &world->chance);
    open_siem(world);
    open_soar(world);
    world->wire.systems[SIEM] = (struct wire_system){ world->systems[SIEM], "http://siem.test" };
    world->wire.systems[SOAR] = (struct wire_system){ world->systems[SOAR], "http://soar.test" };
    world->points_left = -1;
    world->wire.truth = &world->truth;
    world->wire.gate = (struct wire_gate){ passes, world };
    opening = world;
    (void)sqlite3_auto_extension((void (*)(void))on_open);
    if (duet_journal_open(":memory:", &world->journal, &error) != DUET_OK) {
        fprintf(stderr, "torture: no store: %s\n", error.text);
        abort();
    }
    (void)sqlite3_cancel_auto_extension((void (*)(void))on_open);
}

void world_close(struct world *world)
{
    if (world->fleet)
        world_crash(world);
    wire_finish(&world->wire);
    duet_journal_close(world->journal);
    for (int i = 0; i < WIRE_SYSTEMS; i++)
        sim_server_free(world->systems[i]);
    duet_log_free(world->log);
    (void)fclose(world->log_stream);
    free(world->log_text);
    duet_loop_free(world->loop);
}
