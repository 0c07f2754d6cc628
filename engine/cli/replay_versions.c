/* The versions of a mapping that `duet replay` compares: files, tenants, persons. */
#include <string.h>

#include "dsl/suggest.h"
#include "engine/cli/load.h"
#include "engine/cli/replay.h"

bool duet_replay_open(struct duet_replay_run *run, size_t version, const char *path)
{
    struct duet_replay_version *opened = &run->version[version];
    const char *name = duet_option_text(run->arguments, "mapping", NULL);
    enum duet_exit status = DUET_EXIT_FINE;
    opened->path = path;
    opened->compilation = duet_load(run->arguments, path, &status);
    if (!opened->compilation) {
        /* A mapping with mistakes alters nothing: 1 would say that it does. */
        run->status = status == DUET_EXIT_FINDINGS ? DUET_EXIT_USAGE : status;
        return false;
    }
    opened->fleet = duet_compilation_fleet(opened->compilation);
    if (opened->fleet)
        return true;
    if (duet_load_mapping(run->arguments, opened->compilation, path, name, &opened->mapping))
        return true;
    run->status = DUET_EXIT_USAGE;
    return false;
}

void duet_replay_close(struct duet_replay_run *run)
{
    for (size_t v = 0; v < 2; v++) {
        duet_person_tables_finish(&run->version[v].persons);
        duet_compilation_free(run->version[v].compilation);
    }
    duet_tally_free(run->tally);
}

static const struct duet_fleet_tenant *tenant_named(const struct duet_replay_version *version,
                                                    const char *name, const char **near_out)
{
    struct duet_suggest suggest = duet_suggest_start(name);
    for (size_t i = 0; i < version->fleet->tenant_count; i++) {
        const struct duet_fleet_tenant *tenant = &version->fleet->tenants[i];
        if (strcmp(tenant->name, name) == 0)
            return tenant;
        duet_suggest_offer(&suggest, tenant->name);
    }
    *near_out = duet_suggest_best(&suggest);
    return NULL;
}

static bool load_persons(struct duet_replay_run *run, struct duet_replay_version *version,
                         const struct duet_fleet_tenant *tenant)
{
    enum duet_exit status = DUET_EXIT_FINE;
    bool is_good = true;
    duet_person_tables_finish(&version->persons);
    if (!tenant)
        is_good = duet_person_tables_given(run->arguments, version->rules.tables, &version->persons,
                                           &status);
    for (size_t i = 0; tenant && is_good && i < tenant->person_table_count; i++)
        is_good = duet_person_tables_add(run->arguments, version->rules.tables,
                                         tenant->person_tables[i].name,
                                         tenant->person_tables[i].path, &version->persons, &status);
    version->rules.person_tables = version->persons.tables;
    version->rules.person_table_count = version->persons.count;
    if (!is_good)
        run->status = status == DUET_EXIT_FINDINGS ? DUET_EXIT_USAGE : status;
    return is_good;
}

static bool take_tenant(struct duet_replay_run *run, struct duet_replay_version *version,
                        const char *name)
{
    const struct duet_fleet_tenant *tenant = NULL;
    const char *near = NULL;
    if (version->fleet && !(tenant = tenant_named(version, name, &near))) {
        (void)duet_complain(run->arguments, DUET_EXIT_FINE,
                            near ? "'%s' has no tenant '%s', which is left out; is '%s' meant?"
                                 : "'%s' has no tenant '%s', which is left out",
                            version->path, name, near);
        return false;
    }
    version->rules.tables =
        tenant ? tenant->tables : duet_compilation_tables(version->compilation, version->mapping);
    return load_persons(run, version, tenant);
}

bool duet_replay_tenant(struct duet_replay_run *run, const char *tenant)
{
    for (size_t v = 0; v < 2; v++) {
        if (run->version[v].compilation && !take_tenant(run, &run->version[v], tenant))
            return false;
    }
    run->versions.old = run->version[0].compilation ? &run->version[0].rules : NULL;
    run->versions.new = &run->version[1].rules;
    duet_tally_tenant(run->tally, tenant);
    return true;
}

/* --- one record --------------------------------------------------------------------------------------------- */

static void count(struct duet_replay_run *run, enum duet_status status,
                  const struct duet_alterations *alterations, const char *place,
                  const struct duet_error *error)
{
    if (status == DUET_OK) {
        duet_tally_record(run->tally, alterations);
        return;
    }
    (void)duet_complain(run->arguments, DUET_EXIT_FINE, "%s: %s", place, error->text);
    duet_tally_bad(run->tally);
}

void duet_replay_pair(struct duet_replay_run *run, const struct duet_recorded *recorded,
                      const char *place)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_alterations alterations;
    struct duet_error error = { "" };
    enum duet_status status =
        duet_altered_pair(&run->versions, recorded, arena, &alterations, &error);
    count(run, status, &alterations, place, &error);
    duet_arena_free(arena);
}

void duet_replay_alone(struct duet_replay_run *run, enum duet_side side, const char *raw,
                       size_t length, const char *place)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_alterations alterations;
    struct duet_error error = { "" };
    enum duet_status status =
        duet_altered_alone(&run->versions, side, raw, length, arena, &alterations, &error);
    count(run, status, &alterations, place, &error);
    duet_arena_free(arena);
}
