#include "tests/lab/lab.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/lab/programs.h"
#include "tests/lab/text.h"

enum { RUN_SECONDS = 120, WORDS_MAX = 24, STEP_SECONDS = 10 };

#define START_TIME "2026-03-01T08:00:00Z"

struct tenant {
    const char *name;
    const char *directory;
    const char *client;
    const char *secret;
    const char *subscription;
};

static const struct tenant TENANTS[LAB_TENANTS_MAX] = {
    { "acme", "acme.example", "acme-app", "canary-acme-1c9f",
      "11111111-0000-4000-8000-000000000001" },
    { "beta", "beta.example", "beta-app", "canary-beta-77d2",
      "22222222-0000-4000-8000-000000000002" },
};

#define HUB_KEY "canary-hub-40be"
#define HUB_ACCESS "canary-hub-40be:svc_sync:SOC"
#define HOOK_KEY "canary-hook-e51a"

static const char *const CANARIES[] = { "canary-acme-1c9f", "canary-beta-77d2", HUB_KEY, HOOK_KEY };

static const char *const VARIABLES[] = { "ACME_SECRET=canary-acme-1c9f",
                                         "BETA_SECRET=canary-beta-77d2",
                                         "HUB_KEY=canary-hub-40be",
                                         "HOOK_KEY=canary-hook-e51a",
                                         "NO_COLOR=1",
                                         NULL };

/* Two analysts by all their names, and one whom only Sentinel knows. */
#define ANALYSTS                                                                                   \
    "siem.id,siem.login,siem.name,soar.login,soar.name\n"                                          \
    "aaaaaaaa-0000-4000-8000-00000000000a,ann@acme.example,Ann Lee (acme),ann,Ann Lee\n"           \
    "bbbbbbbb-0000-4000-8000-00000000000b,bob@acme.example,Bob Ray (acme),bob,Bob Ray\n"

const char *lab_tenant(unsigned tenant)
{
    return TENANTS[tenant].name;
}

const char *lab_workspace(unsigned tenant)
{
    static char text[LAB_TENANTS_MAX][128];
    snprintf(text[tenant], sizeof(text[tenant]), "%s/soc/%s", TENANTS[tenant].subscription,
             TENANTS[tenant].name);
    return text[tenant];
}

/* --- the systems -------------------------------------------------------------------------------- */

static void start_siem(struct lab *lab)
{
    char *clients[LAB_TENANTS_MAX] = { 0 };
    const char *words[WORDS_MAX] = {
        "--user", "aaaaaaaa-0000-4000-8000-00000000000a:ann@acme.example:Ann Lee (acme)",
        "--user", "bbbbbbbb-0000-4000-8000-00000000000b:bob@acme.example:Bob Ray (acme)",
        "--set",  "get_incident_limit=0",
    };
    size_t count = 6;
    for (unsigned i = 0; i < lab->options.tenants; i++) {
        const struct tenant *tenant = &TENANTS[i];
        clients[i] = lab_format("%s:%s:%s:%s", tenant->directory, tenant->client, tenant->secret,
                                lab_workspace(i));
        words[count++] = "--client";
        words[count++] = clients[i];
    }
    if (!lab->options.real_time) {
        words[count++] = "--clock";
        words[count++] = START_TIME;
    }
    lab_system_start(&lab->siem, "sentinel", words, lab->folder);
    for (unsigned i = 0; i < LAB_TENANTS_MAX; i++)
        free(clients[i]);
}

/* Rows and forms only as far as they are asked for, and nobody else than the analysts, as the contract has it. */
static void start_soar(struct lab *lab)
{
    char *hook = lab->listen ? lab_format("http://%s/hooks/soc/soar", lab->listen) : NULL;
    const char *words[WORDS_MAX] = {
        "--key",  HUB_ACCESS,
        "--user", "svc_sync:Sync Service",
        "--user", "ann:Ann Lee",
        "--user", "bob:Bob Ray",
        "--user", "cyd:Cyd Fox",
        "--set",  "static_default=contract",
        "--set",  "dynamic_default=off",
    };
    size_t count = 14;
    if (hook) {
        words[count++] = "--hook";
        words[count++] = hook;
        words[count++] = "--hook-key";
        words[count++] = HOOK_KEY;
    }
    if (!lab->options.real_time) {
        words[count++] = "--clock";
        words[count++] = START_TIME;
    }
    lab_system_start(&lab->soar, "smartsoar", words, lab->folder);
    free(hook);
}

/* An address that was free a moment ago: the SOAR must know it before the engine is there. */
static char *free_address(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &length) != 0)
        lab_fail("no free port");
    close(fd);
    return lab_format("127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
}

/* --- the fleet ------------------------------------------------------------------------------------ */

static char *soar_settings(const struct lab *lab)
{
    return lab_format("site_url = \"%s\"; user = \"svc_sync\"; site = \"SOC\"; api_key = env "
                      "HUB_KEY; webhook_key = env HOOK_KEY;",
                      lab->soar.base);
}

static char *tenant_block(const struct lab *lab, unsigned i, const char *soar)
{
    const struct tenant *tenant = &TENANTS[i];
    const char *variable = i == 0 ? "ACME_SECRET" : "BETA_SECRET";
    char *side = lab->options.own_soar ? lab_format("side soar { %s }", soar)
                                       : lab_copy("side soar shared soc;");
    char *text = lab_format(
        "tenant %s runs sentinel_smartsoar {\n"
        "  side siem { login = \"%s\"; arm = \"%s\"; directory = \"%s\"; client_id = \"%s\";\n"
        "    client_secret = env %s; subscription = \"%s\"; resource_group = \"soc\"; workspace = "
        "\"%s\"; }\n"
        "  %s\n"
        "  table analysts from \"analysts.csv\";\n"
        "  every %s;\n"
        "  %s\n"
        "}\n",
        tenant->name, lab->siem.base, lab->siem.base, tenant->directory, tenant->client, variable,
        tenant->subscription, tenant->name, side, lab->options.every,
        lab->options.tenant_text ? lab->options.tenant_text : "");
    free(side);
    return text;
}

static char *fleet_text(const struct lab *lab)
{
    char *soar = soar_settings(lab);
    char *tenants = lab_copy("");
    for (unsigned i = 0; i < lab->options.tenants; i++) {
        char *block = tenant_block(lab, i, soar);
        char *more = lab_format("%s\n%s", tenants, block);
        free(block);
        free(tenants);
        tenants = more;
    }
    char *hub = lab->options.own_soar ? lab_copy("")
                                      : lab_format("hub soc runs smartsoar { %s every %s; }\n",
                                                   soar, lab->options.every);
    char *text = lab_format("edition 2026;\nimport \"%s/mappings/sentinel-smartsoar.duet\";\n%s%s",
                            lab_source_folder(), hub, tenants);
    free(hub);
    free(tenants);
    free(soar);
    return text;
}

static void write_fleet(struct lab *lab)
{
    char *people = lab_format("%s/analysts.csv", lab->folder);
    char *text = lab->options.fleet_text ? lab_copy(lab->options.fleet_text) : fleet_text(lab);
    lab->fleet = lab_format("%s/fleet.duet", lab->folder);
    lab->store = lab_format("%s/duet.db", lab->folder);
    lab_write_file(people, ANALYSTS);
    lab_write_file(lab->fleet, text);
    free(text);
    free(people);
}

void lab_change_fleet(struct lab *lab, const char *from, const char *to)
{
    char *text = lab_read_file(lab->fleet);
    const char *at = strstr(text, from);
    if (!at)
        lab_fail("the fleet file doesn't say '%s':\n%s", from, text);
    char *changed = lab_format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    lab_write_file(lab->fleet, changed);
    free(changed);
    free(text);
}

void lab_open(struct lab *lab, const struct lab_options *options)
{
    const char *parent = getenv("TMPDIR");
    *lab = (struct lab){ .step = STEP_SECONDS };
    if (options)
        lab->options = *options;
    if (lab->options.tenants == 0)
        lab->options.tenants = 1;
    if (!lab->options.every)
        lab->options.every = "1s";
    lab->folder = lab_format("%s/duet-lab-XXXXXX", parent ? parent : "/tmp");
    lab->said = lab_copy("");
    if (!mkdtemp(lab->folder))
        lab_fail("can't make a folder in '%s'", parent ? parent : "/tmp");
    if (lab->options.hooks)
        lab->listen = free_address();
    start_siem(lab);
    start_soar(lab);
    write_fleet(lab);
}

/* --- the end -------------------------------------------------------------------------------------- */

/* Calls for each file in the folder, which has no folders. */
static void each_file(const struct lab *lab, void (*visit)(const char *path))
{
    DIR *folder = opendir(lab->folder);
    for (const struct dirent *entry = folder ? readdir(folder) : NULL; entry;
         entry = readdir(folder)) {
        if (entry->d_name[0] == '.')
            continue;
        char *path = lab_format("%s/%s", lab->folder, entry->d_name);
        visit(path);
        free(path);
    }
    if (folder)
        closedir(folder);
}

static void remove_file(const char *path)
{
    unlink(path);
}

static bool holds_bytes(const char *bytes, size_t size, const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i + length <= size; i++)
        if (memcmp(bytes + i, text, length) == 0)
            return true;
    return false;
}

static void look_for_secrets(const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t size = 0;
    char *bytes = NULL;
    if (file && fseek(file, 0, SEEK_END) == 0 && ftell(file) > 0) {
        size = (size_t)ftell(file);
        bytes = malloc(size);
        rewind(file);
        size = bytes ? fread(bytes, 1, size, file) : 0;
    }
    if (file)
        fclose(file);
    for (size_t i = 0; i < sizeof(CANARIES) / sizeof(CANARIES[0]); i++)
        if (holds_bytes(bytes, size, CANARIES[i]))
            lab_fail("the secret '%s' stands in '%s'", CANARIES[i], path);
    free(bytes);
}

void lab_end(struct lab *lab)
{
    if (!lab->folder)
        return;
    lab_child_end(&lab->engine);
    lab_system_end(&lab->siem);
    lab_system_end(&lab->soar);
    each_file(lab, remove_file);
    rmdir(lab->folder);
    free(lab->folder);
    free(lab->fleet);
    free(lab->store);
    free(lab->listen);
    free(lab->said);
    *lab = (struct lab){ 0 };
}

void lab_close(struct lab *lab)
{
    if (lab_child_runs(&lab->engine))
        lab_stop_engine(lab);
    each_file(lab, look_for_secrets);
    lab_reset_all_counts(lab);
    if (!lab->throttling_is_ok && lab->throttled > 0)
        lab_fail("a server had to answer 429");
    lab_system_stop(&lab->siem);
    lab_system_stop(&lab->soar);
    lab_end(lab);
}

/* --- the engine ----------------------------------------------------------------------------------- */

static void remember_said(struct lab *lab, const char *path)
{
    free(lab->said);
    lab->said = lab_read_file(path);
    look_for_secrets(path);
}

static void prepare_run(struct lab *lab, bool once)
{
    const char *words[WORDS_MAX] = { lab_program("DUET_BIN", "duet"), "run", lab->fleet, "--store",
                                     lab->store };
    size_t count = 5;
    char *out = lab_format("%s/engine.out", lab->folder);
    if (once)
        words[count++] = "--once";
    if (!once && lab->listen) {
        words[count++] = "--listen";
        words[count++] = lab->listen;
    }
    lab_child_prepare(&lab->engine, words, VARIABLES, out, out);
    free(out);
}

void lab_begin_once(struct lab *lab)
{
    if (!lab->options.real_time) {
        lab_clock_advance(&lab->siem, lab->step);
        lab_clock_advance(&lab->soar, lab->step);
    }
    prepare_run(lab, true);
}

int lab_finish_once(struct lab *lab)
{
    lab_child_release(&lab->engine);
    int status = lab_child_wait(&lab->engine, RUN_SECONDS);
    remember_said(lab, lab->engine.out);
    return status;
}

int lab_run_once(struct lab *lab)
{
    lab_begin_once(lab);
    return lab_finish_once(lab);
}

void lab_rounds(struct lab *lab, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        int status = lab_run_once(lab);
        if (status != 0)
            lab_fail("duet run --once ended with %d; it said:\n%s", status, lab->said);
    }
}

void lab_start_engine(struct lab *lab)
{
    prepare_run(lab, false);
    lab_child_release(&lab->engine);
    if (lab->listen)
        free(lab_child_line(&lab->engine, lab->engine.out, "listening on http://"));
}

void lab_stop_engine(struct lab *lab)
{
    lab_child_stop(&lab->engine, 0);
    remember_said(lab, lab->engine.out);
}

int lab_duet(struct lab *lab, char **out, const char *const *words)
{
    const char *all[WORDS_MAX] = { lab_program("DUET_BIN", "duet") };
    struct lab_child child = { 0 };
    char *printed = lab_format("%s/command.out", lab->folder);
    char *said = lab_format("%s/command.err", lab->folder);
    for (size_t i = 0; words[i] && i + 2 < WORDS_MAX; i++)
        all[i + 1] = words[i];
    lab_child_start(&child, all, VARIABLES, printed, said);
    int status = lab_child_wait(&child, RUN_SECONDS);
    remember_said(lab, said);
    look_for_secrets(printed);
    if (out)
        *out = lab_read_file(printed);
    lab_child_end(&child);
    free(printed);
    free(said);
    return status;
}

/* --- what it cost --------------------------------------------------------------------------------- */

static const char *const WRITES[] = { "write incident",
                                      "delete incident",
                                      "add note",
                                      "delete note",
                                      "CreateAnIncident",
                                      "SetIncidentField",
                                      "SetIncidentFields",
                                      "SetIncidentFieldsInBulk",
                                      "CloseIncidentInBulk",
                                      "UpdateIncidentOwnerInBulk",
                                      "UpdateIncidentSiteInBulk",
                                      "SetIncidentFieldHTML",
                                      "AddIncidentTags",
                                      "UpdateDynamicFieldsByNumber",
                                      "UpdateDynamicFieldsByNumberInBulk",
                                      "TriggerIncidentExternalAction" };

void lab_reset_all_counts(struct lab *lab)
{
    lab->throttled += lab_count_status(&lab->siem, 429) + lab_count_status(&lab->soar, 429);
    lab_reset_counts(&lab->siem);
    lab_reset_counts(&lab->soar);
}

long lab_writes(struct lab_system *system)
{
    long sum = 0;
    const json_t *counts = json_object_get(lab_do(system, "GET", "/_sim/requests", NULL), "counts");
    for (size_t i = 0; i < sizeof(WRITES) / sizeof(WRITES[0]); i++)
        sum += (long)json_integer_value(json_object_get(counts, WRITES[i]));
    return sum;
}

static void expect_no_writes(struct lab_system *system, unsigned round)
{
    if (lab_writes(system) == 0)
        return;
    char *log = json_dumps(json_object_get(lab_do(system, "GET", "/_sim/requests", NULL), "log"),
                           JSON_INDENT(1));
    lab_fail("not quiet: a write to %s in round %u:\n%s", system->name, round, log);
}

void lab_quiet(struct lab *lab, unsigned rounds)
{
    lab_reset_all_counts(lab);
    for (unsigned i = 1; i <= rounds; i++) {
        lab_rounds(lab, 1);
        expect_no_writes(&lab->siem, i);
        expect_no_writes(&lab->soar, i);
    }
}
