#include "tests/mutants/in_code.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dsl/arena.h"
#include "tests/mutants/branch.h"
#include "tests/mutants/judges.h"

struct branch {
    uint32_t number; /* as compiled */
    uint32_t line;
    const char *kind, *function, *file;
    const char *text; /* of the line */
};

struct in_code {
    const char *source, *build;
    struct duet_arena *arena;
    struct branch *branches; /* by file, line and number */
    size_t count;
    struct judges judges;
};

static _Noreturn void give_up(const char *path)
{
    fprintf(stderr, "mutate: can't read %s\n", path);
    exit(3);
}

/* --- the branches of a build -------------------------------------------------------------------------------- */

static void take_row(struct in_code *all, char *row)
{
    char *rest = NULL;
    const char *number = strtok_r(row, "\t\n", &rest);
    const char *kind = strtok_r(NULL, "\t\n", &rest);
    const char *line = strtok_r(NULL, "\t\n", &rest);
    const char *function = strtok_r(NULL, "\t\n", &rest);
    const char *file = strtok_r(NULL, "\t\n", &rest);
    if (!file || all->count >= BRANCH_NUMBERS)
        return;
    all->branches[all->count++] =
        (struct branch){ .number = (uint32_t)strtoul(number, NULL, 10),
                         .line = (uint32_t)strtoul(line, NULL, 10),
                         .kind = duet_arena_copy_text(all->arena, kind, strlen(kind)),
                         .function = duet_arena_copy_text(all->arena, function, strlen(function)),
                         .file = duet_arena_copy_text(all->arena, file, strlen(file)) };
}

/* Each file's branches are numbered from a multiple of BRANCHES_APART on. */
static bool read_list(struct in_code *all, unsigned nth)
{
    FILE *file = fopen(
        duet_arena_format(all->arena, "%s/branches/%u", all->build, nth * BRANCHES_APART), "r");
    if (!file)
        return false;
    char *row = NULL;
    size_t size = 0;
    while (getline(&row, &size, file) >= 0)
        take_row(all, row);
    free(row);
    fclose(file);
    return true;
}

static int by_place(const void *a, const void *b)
{
    const struct branch *left = a, *right = b;
    int order = strcmp(left->file, right->file);
    if (order == 0)
        order = (left->line > right->line) - (left->line < right->line);
    if (order == 0)
        order = (left->number > right->number) - (left->number < right->number);
    return order;
}

/* --- their names -------------------------------------------------------------------------------------------- */

/* The branches from `first` on that stand in one file get their lines; gives the first of the next file. */
static size_t quote_file(const struct in_code *all, size_t first)
{
    const char *name = all->branches[first].file;
    const char *path = duet_arena_format(all->arena, "%s/%s", all->source, name);
    FILE *file = fopen(path, "r");
    if (!file)
        give_up(path);
    char *line = NULL;
    size_t size = 0, at = first;
    for (uint32_t number = 1; getline(&line, &size, file) >= 0; number++) {
        const char *text = line + strspn(line, " \t");
        const char *quoted = NULL;
        for (; at < all->count && all->branches[at].line == number &&
               strcmp(all->branches[at].file, name) == 0;
             at++) {
            if (!quoted)
                quoted = duet_arena_copy_text(all->arena, text, strcspn(text, "\n"));
            all->branches[at].text = quoted;
        }
    }
    free(line);
    fclose(file);
    if (at < all->count && strcmp(all->branches[at].file, name) == 0)
        give_up(path);
    return at;
}

static bool are_alike(const struct branch *left, const struct branch *right)
{
    return strcmp(left->kind, right->kind) == 0 && strcmp(left->text, right->text) == 0 &&
           strcmp(left->function, right->function) == 0 && strcmp(left->file, right->file) == 0;
}

/* A name says nothing of line numbers, so that it stays what it is when other lines change. */
static const char *name_of(const struct in_code *all, size_t index)
{
    const struct branch *branch = &all->branches[index];
    unsigned nth = 1;
    for (size_t i = index; i > 0 && strcmp(all->branches[i - 1].file, branch->file) == 0; i--)
        nth += are_alike(&all->branches[i - 1], branch);
    return duet_arena_format(all->arena, "%s: %s: %s: %s %u", branch->file, branch->function,
                             branch->text, branch->kind, nth);
}

/* --- trials ------------------------------------------------------------------------------------------------- */

static void learn(void *of)
{
    struct in_code *all = of;
    for (size_t i = 0; i < all->judges.count; i++)
        judge_learn(&all->judges.list[i], all->build, all->arena);
}

static struct trial try_one(const void *of, size_t index)
{
    const struct in_code *all = of;
    uint32_t number = all->branches[index].number;
    struct trial trial = { .outcome = TRIAL_UNREACHED };
    for (size_t i = 0; i < all->judges.count; i++) {
        const struct judge *judge = &all->judges.list[i];
        if (!judge->seen.reached[number])
            continue;
        char how[TRIAL_NAME];
        if (judge_finds(judge, number, how, sizeof how)) {
            trial.outcome = judge->outcome;
            snprintf(trial.name, sizeof trial.name, "%s: %.*s", judge->name,
                     (int)(sizeof trial.name - strlen(judge->name) - 3), how);
            return trial;
        }
        trial.outcome = TRIAL_SURVIVES;
    }
    return trial;
}

/* The judges run in the project's root; what they leave behind when they break off stays in the build. */
static void prepare_judges(const struct in_code *all)
{
    const char *temporary = duet_arena_format(all->arena, "%s/branches", all->build);
    if (chdir(all->source) != 0 || setenv("DUET_SOURCE_DIR", all->source, 1) != 0 ||
        setenv("DUET_BUILD_DIR", all->build, 1) != 0 || setenv("TMPDIR", temporary, 1) != 0)
        give_up(all->source);
}

static struct mistake as_mistake(const struct in_code *all, size_t index)
{
    const struct branch *branch = &all->branches[index];
    return (struct mistake){ .file = branch->file,
                             .line = branch->line,
                             .kind = branch->kind,
                             .name = name_of(all, index) };
}

struct mistakes mistakes_in_code(const char *source, const char *build, const char *judges,
                                 struct duet_arena *arena)
{
    struct in_code *all = duet_arena_alloc(arena, sizeof *all);
    *all = (struct in_code){ .source = source,
                             .build = build,
                             .arena = arena,
                             .branches = duet_arena_alloc_array(arena, BRANCH_NUMBERS,
                                                                sizeof *all->branches),
                             .judges = judges_read(judges, build, arena) };
    for (unsigned nth = 0; read_list(all, nth); nth++)
        continue;
    if (all->count == 0)
        give_up(duet_arena_format(arena, "%s/branches: ./dev mutate --code builds it", build));
    qsort(all->branches, all->count, sizeof *all->branches, by_place);
    for (size_t at = 0; at < all->count;)
        at = quote_file(all, at);
    prepare_judges(all);
    struct mistakes mistakes = { .list = duet_arena_alloc_array(arena, all->count,
                                                                sizeof *mistakes.list),
                                 .count = all->count,
                                 .of = all,
                                 .prepare = learn,
                                 .try_one = try_one };
    for (size_t i = 0; i < all->count; i++)
        mistakes.list[i] = as_mistake(all, i);
    return mistakes;
}
