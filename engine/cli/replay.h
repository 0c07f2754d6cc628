/* What the parts of `duet replay` share: the two versions of a mapping, tenant by tenant, and where records come from. */
#pragma once

#include "dsl/compile.h"
#include "engine/cli/command.h"
#include "engine/cli/persons_files.h"
#include "engine/cli/store.h"
#include "engine/replay/tally.h"

/* One file with a mapping or a fleet, and the rules of the tenant at hand. */
struct duet_replay_version {
    const char *path;
    struct duet_compilation *compilation;
    const struct duet_fleet_config *fleet; /* NULL: a mapping alone, which judges every tenant */
    size_t mapping;                        /* then: which */
    struct duet_person_tables persons;
    struct duet_rules rules;
};

struct duet_replay_run {
    const struct duet_arguments *arguments;
    struct duet_replay_version version[2]; /* the old one (zeroed: none), the new one */
    struct duet_versions versions;         /* of the tenant at hand */
    struct duet_tally *tally;
    enum duet_exit status; /* USAGE, WORLD: it can't go on */
};

/* Compiles `path`; findings are told. False: end with run->status. */
bool duet_replay_open(struct duet_replay_run *run, size_t version, const char *path);
void duet_replay_close(struct duet_replay_run *run);

/* Makes the tenant's rules those at hand, by both versions, and counts for it from now on. A version without this tenant: told, and
 * nothing is counted. False: it has none, or run->status says that it can't go on. */
bool duet_replay_tenant(struct duet_replay_run *run, const char *tenant);

/* Takes every record of a folder: FOLDER/TENANT/SIDE.jsonl or .json, or FOLDER/SIDE.* without tenants. */
void duet_replay_folder(struct duet_replay_run *run, const char *folder);

/* Takes every living link of an engine's store. */
void duet_replay_store(struct duet_replay_run *run, const struct duet_store *store);

/* Two linked records, or one: counted; `place` says where a record that can't be read stands. */
void duet_replay_pair(struct duet_replay_run *run, const struct duet_recorded *recorded,
                      const char *place);
void duet_replay_alone(struct duet_replay_run *run, enum duet_side side, const char *raw,
                       size_t length, const char *place);

/* What was counted, as text or JSON. */
void duet_replay_tell(const struct duet_replay_run *run);
