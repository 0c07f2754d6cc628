#include "tests/mutants/in_mappings.h"

#include <stdio.h>
#include <stdlib.h>

#include "dsl/arena.h"
#include "tests/mutants/mutations.h"
#include "tests/mutants/outcomes.h"
#include "tests/mutants/trial.h"

#define FILES 3

static const char *const FILE_NAMES[FILES] = { "sentinel-smartsoar.duet", "systems/sentinel.duet",
                                               "systems/smartsoar.duet" };

struct in_mappings {
    const char *folder;
    struct mutations mutations;
};

static void expect_clean(void *of)
{
    const struct in_mappings *all = of;
    const struct trial trial = trial_of(all->folder, NULL);
    if (trial.outcome == TRIAL_SURVIVES)
        return;
    fprintf(stderr, "mutate: the mappings as they are: %s %s\n", outcome_name(trial.outcome),
            trial.name);
    exit(3);
}

static struct trial try_one(const void *of, size_t index)
{
    const struct in_mappings *all = of;
    return trial_of(all->folder, &all->mutations.list[index]);
}

struct mistakes mistakes_in_mappings(const char *folder, struct duet_arena *arena)
{
    struct in_mappings *all = duet_arena_alloc(arena, sizeof *all);
    struct mutant_file *files = duet_arena_alloc_array(arena, FILES, sizeof *files);
    for (size_t i = 0; i < FILES; i++) {
        if (!mutant_file_read(folder, FILE_NAMES[i], arena, &files[i])) {
            fprintf(stderr, "mutate: can't read %s/%s\n", folder, FILE_NAMES[i]);
            exit(3);
        }
    }
    *all = (struct in_mappings){ .folder = folder, .mutations = mutations_of(files, FILES, arena) };
    size_t count = all->mutations.count;
    struct mistakes mistakes = { .list =
                                     duet_arena_alloc_array(arena, count, sizeof *mistakes.list),
                                 .count = count,
                                 .of = all,
                                 .prepare = expect_clean,
                                 .try_one = try_one };
    for (size_t i = 0; i < count; i++) {
        const struct mutation *mutation = &all->mutations.list[i];
        mistakes.list[i] = (struct mistake){ .file = mutation->file->name,
                                             .line = mutation->line,
                                             .kind = mutation->kind,
                                             .name = mutation->name };
    }
    return mistakes;
}
