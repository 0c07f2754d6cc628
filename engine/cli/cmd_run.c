/* `duet run FLEET`: the engine. Puts the real clock, network and store together, reloads and ends when it is told to. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "engine/cli/commands.h"
#include "engine/cli/load.h"
#include "engine/cli/recompile.h"
#include "engine/fleet/fleet.h"
#include "engine/fleet/keyfile.h"
#include "engine/fleet/settings.h"
#include "engine/server/server.h"
#include "engine/world/memory.h"
#include "engine/world/net_curl.h"

static const struct duet_option options[] = {
    { "once", 0, NULL, "one round of every tenant, then it ends" },
    { "dry-run", 0, NULL,
      "one round on a copy of the store: tells what would be written, created and noted, with "
      "values, and writes nothing" },
    { "store", 0, "FILE", "the store; without it the fleet's, DUET_STORE, or duet.db" },
    { "listen", 0, "ADDRESS:PORT", "where webhooks are taken; port 0: any free one" },
    { "log", 0, "text|json", "how it tells; without it text on a terminal, else json" },
    { "verbose", 'v', NULL, "tells each request too" },
    DUET_OPTION_COLOR,
    { NULL, 0, NULL, NULL },
};

struct retired {
    struct duet_compilation *compilation;
    struct retired *older;
};

/* All that a run is made of; freed in the order of run_close(). */
struct run {
    const struct duet_arguments *arguments;
    struct duet_arena *arena;
    struct duet_compilation *compilation;
    struct duet_compilation *next; /* what a reload goes over to; NULL: none is under way */
    struct retired *retired;       /* what ran before; a webhook under way may still use it */
    const struct duet_fleet_config *config;
    bool is_dry;
    bool is_once;

    struct duet_loop *loop;
    struct duet_log *log;
    struct duet_journal *journal;
    struct duet_key key;
    struct duet_net_curl *net;
    struct duet_fleet *fleet;
    struct duet_hook *hooks;
    size_t hook_count;
    struct duet_server *server;
    int signals; /* file descriptor; -1: none */
    struct duet_watch *watch;
    bool is_told; /* to end */
};

/* --- what the fleet file says of the engine ------------------------------------------------------------------------ */

/* The option, else the fleet's setting, else `otherwise`. NULL after a message. */
static const char *chosen(struct run *run, const char *name, const char *otherwise)
{
    const char *given = duet_option_text(run->arguments, name, NULL);
    struct duet_setting_value *values = NULL;
    struct duet_error error = { "" };
    if (given)
        return given;
    const struct duet_fleet_setting *setting = duet_fleet_setting(&run->config->settings, name);
    if (!setting)
        return otherwise;
    const struct duet_fleet_settings one = { .list = setting, .count = 1 };
    if (duet_settings_read(&one, run->arena, &values, &error) == DUET_OK)
        return values[0].text;
    (void)duet_complain(run->arguments, DUET_EXIT_WORLD, "%s", error.text);
    return NULL;
}

/* --- signals -------------------------------------------------------------------------------------------------------- */

static void reload(struct run *run)
{
    if (run->is_told || run->is_once)
        return;
    struct duet_compilation *next = duet_recompile(duet_operand(run->arguments, 0), run->log);
    if (!next)
        return;
    duet_log_event(run->log, DUET_LOG_INFO, "reloading: what is under way is ended first");
    duet_fleet_reload(run->fleet, duet_compilation_fleet(next));
    duet_compilation_free(run->next); /* an earlier one that wasn't gone over to yet */
    run->next = next;
}

static void told(void *data, uint32_t events)
{
    struct run *run = data;
    struct signalfd_siginfo info;
    (void)events;
    if (read(run->signals, &info, sizeof info) != (ssize_t)sizeof info)
        return;
    if (info.ssi_signo == SIGHUP) {
        reload(run);
        return;
    }
    if (run->is_told) {
        duet_loop_stop(run->loop);
        return;
    }
    run->is_told = true;
    duet_log_event(run->log, DUET_LOG_INFO, "ending: what is under way is ended first");
    duet_fleet_drain(run->fleet);
}

static bool watch_signals(struct run *run)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0 || signal(SIGPIPE, SIG_IGN) == SIG_ERR ||
        signal(SIGXFSZ, SIG_IGN) == SIG_ERR)
        return false;
    run->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (run->signals < 0)
        return false;
    run->watch = duet_loop_watch(run->loop, run->signals, DUET_LOOP_READ, told, run);
    return run->watch != NULL;
}

/* Secrets are in memory: no core of it is written. */
static void forbid_cores(void)
{
    const struct rlimit none = { 0, 0 };
    (void)setrlimit(RLIMIT_CORE, &none);
}

/* --- webhooks -------------------------------------------------------------------------------------------------------- */

static void woken(void *data, const struct duet_hook *hook)
{
    struct run *run = data;
    duet_fleet_wake(run->fleet, hook->kind, hook->owner);
}

static void collect_hooks(struct run *run)
{
    struct duet_hook hook;
    size_t count = 0, index = 0;
    run->hook_count = 0;
    while (duet_fleet_next_hook(run->fleet, &index, &hook))
        count++;
    run->hooks = duet_arena_alloc_array(run->arena, count + 1, sizeof *run->hooks);
    index = 0;
    while (duet_fleet_next_hook(run->fleet, &index, &run->hooks[run->hook_count]))
        run->hook_count++;
}

static void free_retired(struct run *run)
{
    while (run->retired) {
        struct retired *older = run->retired->older;
        duet_compilation_free(run->retired->compilation);
        free(run->retired);
        run->retired = older;
    }
}

static void retire(struct run *run, struct duet_compilation *compilation)
{
    struct retired *retired = duet_new(sizeof *retired);
    *retired = (struct retired){ .compilation = compilation, .older = run->retired };
    run->retired = retired;
    if (!run->server || duet_server_requests(run->server) == 0)
        free_retired(run);
}

/* The fleet runs by the next config now. */
static void reloaded(void *data)
{
    struct run *run = data;
    struct duet_error error = { "" };
    struct duet_compilation *before = run->compilation;
    run->compilation = run->next;
    run->next = NULL;
    run->config = duet_compilation_fleet(run->compilation);
    if (run->server) {
        collect_hooks(run);
        if (duet_server_take_hooks(run->server, run->hooks, run->hook_count, &error) != DUET_OK) {
            duet_log_line(run->log, DUET_LOG_ERROR, "no webhooks are taken",
                          DUET_LOG_FIELDS({ DUET_LOGGED_WHY, .text = error.text }));
            (void)duet_server_take_hooks(run->server, NULL, 0, NULL);
        }
    }
    retire(run, before);
}

static enum duet_exit listen_for_hooks(struct run *run)
{
    struct duet_error error = { "" };
    FILE *out = duet_arguments_io(run->arguments)->out;
    const char *address = chosen(run, "listen", "");
    if (!address)
        return DUET_EXIT_WORLD;
    if (!*address)
        return DUET_EXIT_FINE;
    collect_hooks(run);
    if (run->hook_count == 0)
        duet_log_event(
            run->log, DUET_LOG_WARNING,
            "no webhooks are taken: no system here has a webhook block with its secret set");
    const struct duet_server_options server = { .loop = run->loop,
                                                .journal = run->journal,
                                                .clock = duet_clock_real(),
                                                .log = run->log,
                                                .listen = address,
                                                .hooks = run->hooks,
                                                .hook_count = run->hook_count,
                                                .woken = woken,
                                                .data = run };
    enum duet_status status = duet_server_new(&server, &run->server, &error);
    if (status != DUET_OK)
        return duet_complain(run->arguments,
                             status == DUET_INVALID ? DUET_EXIT_USAGE : DUET_EXIT_WORLD, "%s",
                             error.text);
    const char *colon = strrchr(address, ':');
    fprintf(out, "listening on http://%.*s:%d\n",
            colon && colon > address ? (int)(colon - address) : 7,
            colon && colon > address ? address : "0.0.0.0", duet_server_port(run->server));
    fflush(out);
    return DUET_EXIT_FINE;
}

/* --- opening and closing ------------------------------------------------------------------------------------------------ */

static enum duet_exit open_store(struct run *run)
{
    struct duet_error error = { "" };
    const char *fallback = getenv("DUET_STORE");
    const char *path = chosen(run, "store", fallback && *fallback ? fallback : "duet.db");
    if (!path)
        return DUET_EXIT_WORLD;
    enum duet_status status = run->is_dry ? duet_journal_open_copy(path, &run->journal, &error)
                                          : duet_journal_open(path, &run->journal, &error);
    if (run->is_dry && status == DUET_NOT_FOUND)
        status = duet_journal_open(":memory:", &run->journal, &error);
    const char *key_path = duet_arena_format(run->arena, "%s.key", path);
    if (status == DUET_OK)
        status = run->is_dry ? duet_key_borrow(key_path, duet_random_real(), &run->key, &error)
                             : duet_key_load(key_path, duet_random_real(), &run->key, &error);
    return status == DUET_OK ? DUET_EXIT_FINE
                             : duet_complain(run->arguments, DUET_EXIT_WORLD, "%s", error.text);
}

static void over(void *data)
{
    struct run *run = data;
    duet_loop_stop(run->loop);
}

static enum duet_exit open_fleet(struct run *run)
{
    struct duet_error error = { "" };
    const struct duet_net_curl_options net = { .loop = run->loop, .log = run->log };
    run->net = duet_net_curl_new(&net);
    if (!run->net)
        return duet_complain(run->arguments, DUET_EXIT_WORLD, "the HTTP library can't be set up");
    const struct duet_fleet_options fleet = { .config = run->config,
                                              .journal = run->journal,
                                              .key = &run->key,
                                              .clock = duet_clock_real(),
                                              .random = duet_random_real(),
                                              .loop = run->loop,
                                              .net = duet_net_curl_net(run->net),
                                              .log = run->log,
                                              .once = run->is_once,
                                              .dry_run = run->is_dry,
                                              .over = over,
                                              .reloaded = reloaded,
                                              .data = run };
    return duet_fleet_new(&fleet, &run->fleet, &error) == DUET_OK
               ? DUET_EXIT_FINE
               : duet_complain(run->arguments, DUET_EXIT_WORLD, "%s", error.text);
}

static enum duet_exit open_world(struct run *run)
{
    FILE *err = duet_arguments_io(run->arguments)->err;
    bool is_terminal = isatty(fileno(err)) == 1;
    const char *format = duet_option_text(run->arguments, "log", is_terminal ? "text" : "json");
    run->log =
        duet_log_new(err, strcmp(format, "json") == 0 ? DUET_LOG_JSON : DUET_LOG_TEXT,
                     duet_option_given(run->arguments, "verbose") ? DUET_LOG_DEBUG : DUET_LOG_INFO,
                     duet_clock_real());
    run->loop = duet_loop_new(duet_clock_real());
    forbid_cores();
    if (!run->loop || !watch_signals(run))
        return duet_complain(run->arguments, DUET_EXIT_WORLD, "the system refuses an event loop");
    return DUET_EXIT_FINE;
}

static void run_close(struct run *run)
{
    duet_server_free(run->server);
    duet_fleet_free(run->fleet);
    duet_net_curl_free(run->net);
    if (run->loop)
        duet_loop_unwatch(run->loop, run->watch);
    if (run->signals >= 0)
        close(run->signals);
    duet_journal_close(run->journal);
    duet_loop_free(run->loop);
    duet_log_free(run->log);
    memset(&run->key, 0, sizeof run->key);
    free_retired(run);
    duet_compilation_free(run->next);
    duet_compilation_free(run->compilation);
    duet_arena_free(run->arena);
}

/* --- running ---------------------------------------------------------------------------------------------------------------- */

static enum duet_exit end_of(struct run *run)
{
    struct duet_fleet_counts counts;
    FILE *out = duet_arguments_io(run->arguments)->out;
    duet_fleet_counts(run->fleet, &counts);
    if (run->is_dry)
        fprintf(out,
                "%llu record%s would be written, %llu created, %llu note%s sent; nothing was\n",
                (unsigned long long)counts.would_write, counts.would_write == 1 ? "" : "s",
                (unsigned long long)counts.would_create, (unsigned long long)counts.would_note,
                counts.would_note == 1 ? "" : "s");
    else if (run->is_once)
        duet_log_line(run->log, DUET_LOG_INFO, "round over",
                      DUET_LOG_FIELDS({ DUET_LOGGED_WRITTEN, .number = (int64_t)counts.writes },
                                      { DUET_LOGGED_CREATED, .number = (int64_t)counts.created },
                                      { DUET_LOGGED_NOTES, .number = (int64_t)counts.notes }));
    if (counts.is_store_failing || counts.tenants == 0)
        return DUET_EXIT_WORLD;
    bool is_incomplete = counts.failed > 0 || counts.broken > 0;
    return run->is_once && is_incomplete ? DUET_EXIT_WORLD : DUET_EXIT_FINE;
}

static enum duet_exit run_all(struct run *run)
{
    enum duet_exit status = open_world(run);
    if (status == DUET_EXIT_FINE)
        status = open_store(run);
    if (status == DUET_EXIT_FINE)
        status = open_fleet(run);
    if (status == DUET_EXIT_FINE && !run->is_once)
        status = listen_for_hooks(run);
    if (status != DUET_EXIT_FINE)
        return status;
    duet_fleet_start(run->fleet);
    duet_loop_run(run->loop);
    return end_of(run);
}

static enum duet_exit run_fleet(const struct duet_arguments *arguments)
{
    enum duet_exit status = DUET_EXIT_FINE;
    struct run run = { .arguments = arguments, .arena = duet_arena_new(), .signals = -1 };
    const char *path = duet_operand(arguments, 0);
    run.is_dry = duet_option_given(arguments, "dry-run");
    run.is_once = run.is_dry || duet_option_given(arguments, "once");
    run.compilation = duet_load(arguments, path, &status);
    run.config = run.compilation ? duet_compilation_fleet(run.compilation) : NULL;
    if (run.config)
        status = run_all(&run);
    else if (run.compilation)
        status = duet_complain(arguments, DUET_EXIT_USAGE, "'%s' has no tenant", path);
    run_close(&run);
    return status;
}

const struct duet_command duet_cmd_run = {
    .name = "run",
    .usage = "FLEET",
    .summary = "the engine: keeps the fleet's tenants in agreement",
    .help = "Polls both systems of every tenant, plans, writes, and goes on until SIGTERM or "
            "SIGINT: then it\n"
            "ends what is under way and stops; a second signal stops at once. Nothing is lost by "
            "either, nor by a\n"
            "crash: what was read and what was about to be written is in the store. Two engines on "
            "one store: the\n"
            "one that started last owns the tenants.\n"
            "\n"
            "SIGHUP reads FLEET and its mappings anew and goes over to them between two rounds: "
            "what is refused is\n"
            "logged, and what ran before goes on. Only links that the change touches are planned "
            "anew, also when the\n"
            "change was made while no engine ran. The store and --listen stay as they were.\n"
            "\n"
            "Secrets come from the environment and files that the fleet names. Claims and note "
            "marks are signed\n"
            "with DUET_KEY (64 hexadecimal digits) or the key in STORE.key, made at the first run: "
            "keep it with the\n"
            "store. Webhooks arrive at /hooks/HUB/SIDE or /hooks/TENANT/SIDE of --listen.\n"
            "\n"
            "Exit status with --once: 3 when a tenant couldn't be polled or written to.",
    .options = options,
    .least = 1,
    .most = 1,
    .run = run_fleet,
};
