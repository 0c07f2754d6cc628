/* `./dev mutate`: small mistakes in the shipped mappings, and what finds each. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <jansson.h>

#include "dsl/arena.h"
#include "tests/mutants/mutations.h"
#include "tests/mutants/survivors.h"
#include "tests/mutants/trial.h"

#define TRIAL_SECONDS 60
#define FILES 3

static const char *const FILE_NAMES[FILES] = { "sentinel-smartsoar.duet", "systems/sentinel.duet",
                                               "systems/smartsoar.duet" };
static const char *const OUTCOMES[] = {
    [TRIAL_NO_ANSWER] = "no answer",      [TRIAL_NO_LANGUAGE] = "doesn't parse",
    [TRIAL_BY_CHECK] = "caught by check", [TRIAL_BY_PROOF] = "caught by proof",
    [TRIAL_BY_TEST] = "caught by test",   [TRIAL_SURVIVES] = "found by nothing",
};

struct options {
    bool is_list, is_json;
    size_t only;  /* 0: all; counted from 1 */
    size_t every; /* 1: all; else each so many */
    const char *folder;
    const char *explained;
};

struct run {
    struct options options;
    struct duet_arena *arena;
    struct mutations mutations;
    struct trial *trials; /* one for each mutation */
    struct survivors survivors;
    size_t of[TRIAL_SURVIVES + 1]; /* how many ended so */
    size_t tried, faults;
};

static bool is_chosen(const struct run *run, size_t index)
{
    if (run->options.only)
        return index + 1 == run->options.only;
    return index % run->options.every == 0;
}

/* --- trials, several at a time ------------------------------------------------------------------------------ */

/* Each in a process of its own, which leaves what it found in the file. */
static void start(const struct run *run, size_t index, int results)
{
    fflush(NULL);
    pid_t child = fork();
    if (child != 0) {
        if (child < 0) {
            perror("mutate: fork");
            exit(3);
        }
        return;
    }
    alarm(TRIAL_SECONDS);
    const struct trial trial = trial_of(run->options.folder, &run->mutations.list[index]);
    ssize_t written = pwrite(results, &trial, sizeof trial, (off_t)(index * sizeof trial));
    _exit(written == (ssize_t)sizeof trial ? 0 : 1);
}

static void run_trials(struct run *run)
{
    FILE *file = tmpfile();
    if (!file) {
        perror("mutate: a temporary file");
        exit(3);
    }
    int results = fileno(file);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    long running = 0;
    for (size_t i = 0; i < run->mutations.count; i++) {
        if (!is_chosen(run, i))
            continue;
        if (running >= processors && wait(NULL) > 0)
            running--;
        start(run, i, results);
        running++;
    }
    while (wait(NULL) > 0)
        continue;
    for (size_t i = 0; i < run->mutations.count; i++) {
        struct trial *trial = &run->trials[i];
        if (pread(results, trial, sizeof *trial, (off_t)(i * sizeof *trial)) !=
            (ssize_t)sizeof *trial)
            *trial = (struct trial){ .outcome = TRIAL_NO_ANSWER };
        if (is_chosen(run, i)) {
            run->of[trial->outcome]++;
            run->tried++;
        }
    }
    fclose(file);
}

/* --- report ------------------------------------------------------------------------------------------------- */

static void name(const struct run *run, size_t index)
{
    const struct mutation *mutation = &run->mutations.list[index];
    printf("%4zu  %u: %s\n", index + 1, mutation->line, mutation->name);
}

static bool wants_explaining(const struct run *run, size_t index)
{
    return is_chosen(run, index) && run->trials[index].outcome == TRIAL_SURVIVES &&
           !survivors_find(&run->survivors, run->mutations.list[index].name);
}

static bool is_explained_in_vain(const struct run *run, size_t index)
{
    return is_chosen(run, index) && run->trials[index].outcome != TRIAL_SURVIVES &&
           survivors_find(&run->survivors, run->mutations.list[index].name);
}

static bool has_no_answer(const struct run *run, size_t index)
{
    return is_chosen(run, index) && run->trials[index].outcome == TRIAL_NO_ANSWER;
}

/* Names those of a kind, which are faults of the run. */
static void fault(struct run *run, const char *title,
                  bool (*is_fault)(const struct run *run, size_t index))
{
    bool is_first = true;
    for (size_t i = 0; i < run->mutations.count; i++) {
        if (!is_fault(run, i))
            continue;
        run->faults++;
        if (run->options.is_json)
            continue;
        if (is_first)
            printf("\n%s:\n", title);
        is_first = false;
        name(run, i);
        if (run->trials[i].name[0])
            printf("        %s %s\n", OUTCOMES[run->trials[i].outcome], run->trials[i].name);
    }
}

/* An explanation of a mistake that isn't made any more. */
static void fault_unknown(struct run *run)
{
    for (size_t i = 0; i < run->mutations.count; i++) {
        struct survivor *survivor = survivors_find(&run->survivors, run->mutations.list[i].name);
        if (survivor)
            survivor->is_used = true;
    }
    for (size_t i = 0; i < run->survivors.count; i++) {
        const struct survivor *survivor = &run->survivors.list[i];
        if (survivor->is_used)
            continue;
        run->faults++;
        fprintf(stderr, "%s:%zu: no such mistake: %s\n", run->options.explained, survivor->line,
                survivor->name);
    }
}

static void tell_shares(const struct run *run)
{
    size_t counted = run->tried - run->of[TRIAL_NO_LANGUAGE];
    printf("%zu mistakes", counted);
    for (size_t outcome = TRIAL_BY_CHECK; outcome <= TRIAL_SURVIVES && counted > 0; outcome++)
        printf("%s %zu (%zu %%) %s", outcome == TRIAL_BY_CHECK ? ":" : ",", run->of[outcome],
               (run->of[outcome] * 100 + counted / 2) / counted, OUTCOMES[outcome]);
    printf("; %zu more don't parse\n", run->of[TRIAL_NO_LANGUAGE]);
}

static void tell_one(const struct run *run, size_t index)
{
    const struct mutation *mutation = &run->mutations.list[index];
    const struct trial *trial = &run->trials[index];
    const struct survivor *survivor = survivors_find(&run->survivors, mutation->name);
    name(run, index);
    printf("      %s%s%s\n", OUTCOMES[trial->outcome], trial->name[0] ? " " : "", trial->name);
    if (survivor)
        printf("      explained: %s\n", survivor->reason);
}

static json_t *json_of(const struct run *run, size_t index)
{
    const struct mutation *mutation = &run->mutations.list[index];
    const struct survivor *survivor = survivors_find(&run->survivors, mutation->name);
    json_t *one = json_pack("{s:I, s:s, s:i, s:s, s:s}", "number", (json_int_t)index + 1, "file",
                            mutation->file->name, "line", (int)mutation->line, "kind",
                            mutation->kind, "name", mutation->name);
    if (!run->options.is_list) {
        const struct trial *trial = &run->trials[index];
        json_object_set_new(one, "outcome", json_string(OUTCOMES[trial->outcome]));
        if (trial->name[0])
            json_object_set_new(one, "by", json_string(trial->name));
    }
    if (survivor)
        json_object_set_new(one, "explained", json_string(survivor->reason));
    return one;
}

static void tell_json(const struct run *run)
{
    json_t *all = json_array();
    for (size_t i = 0; i < run->mutations.count; i++) {
        if (is_chosen(run, i))
            json_array_append_new(all, json_of(run, i));
    }
    json_dumpf(all, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(all);
}

static void report(struct run *run)
{
    if (run->options.is_json)
        tell_json(run);
    else if (run->options.only)
        tell_one(run, run->options.only - 1);
    else
        tell_shares(run);
    fault(run, "nothing finds these; find them by a test, or explain them in survivors.txt",
          wants_explaining);
    fault(run, "these are found, and survivors.txt explains why they can't be",
          is_explained_in_vain);
    fault(run, "no answer: the trial crashed or took too long", has_no_answer);
    fault_unknown(run);
}

/* --- command line ------------------------------------------------------------------------------------------- */

static void usage(FILE *out)
{
    fputs("usage: mutate [OPTIONS]\n\n"
          "  --list              names the mistakes and tries none\n"
          "  --only N            one mistake, by its number in the list\n"
          "  --every N           each Nth of them\n"
          "  --format text|json  how it is shown; json is one array, all outcomes in it\n"
          "  --mappings FOLDER   the mappings, instead of the shipped ones\n"
          "  --survivors FILE    the explanations, instead of tests/mutants/survivors.txt\n\n"
          "Exit status 1: a survivor isn't explained, or an explained one is found.\n",
          out);
}

static size_t number(const char *text)
{
    char *end = NULL;
    long value = strtol(text, &end, 10);
    if (value > 0 && *end == '\0')
        return (size_t)value;
    fprintf(stderr, "mutate: '%s' is no number from 1\n", text);
    exit(2);
}

static struct options options_of(int argc, char **argv)
{
    static const struct option known[] = {
        { "list", no_argument, NULL, 'l' },           { "only", required_argument, NULL, 'o' },
        { "every", required_argument, NULL, 'e' },    { "format", required_argument, NULL, 'f' },
        { "mappings", required_argument, NULL, 'm' }, { "survivors", required_argument, NULL, 's' },
        { "help", no_argument, NULL, 'h' },           { NULL, 0, NULL, 0 },
    };
    struct options options = { .every = 1,
                               .folder = DUET_SOURCE_DIR "/mappings",
                               .explained = DUET_SOURCE_DIR "/tests/mutants/survivors.txt" };
    int letter = 0;
    while ((letter = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        switch (letter) {
        case 'l':
            options.is_list = true;
            break;
        case 'o':
            options.only = number(optarg);
            break;
        case 'e':
            options.every = number(optarg);
            break;
        case 'f':
            options.is_json = strcmp(optarg, "json") == 0;
            if (options.is_json || strcmp(optarg, "text") == 0)
                break;
            fprintf(stderr, "mutate: unknown format '%s', expected one of: text json\n", optarg);
            exit(2);
        case 'm':
            options.folder = optarg;
            break;
        case 's':
            options.explained = optarg;
            break;
        default:
            usage(letter == 'h' ? stdout : stderr);
            exit(letter == 'h' ? 0 : 2);
        }
    }
    if (optind < argc) {
        usage(stderr);
        exit(2);
    }
    return options;
}

/* Nothing is found in the mappings as they are, or what is found says nothing about mistakes. */
static void expect_clean(const struct options *options)
{
    const struct trial trial = trial_of(options->folder, NULL);
    if (trial.outcome == TRIAL_SURVIVES)
        return;
    fprintf(stderr, "mutate: the mappings as they are: %s %s\n", OUTCOMES[trial.outcome],
            trial.name);
    exit(3);
}

int main(int argc, char **argv)
{
    struct run run = { .options = options_of(argc, argv), .arena = duet_arena_new() };
    struct mutant_file files[FILES];
    for (size_t i = 0; i < FILES; i++) {
        if (!mutant_file_read(run.options.folder, FILE_NAMES[i], run.arena, &files[i])) {
            fprintf(stderr, "mutate: can't read %s/%s\n", run.options.folder, FILE_NAMES[i]);
            exit(3);
        }
    }
    run.mutations = mutations_of(files, FILES, run.arena);
    run.trials = duet_arena_alloc_array(run.arena, run.mutations.count + 1, sizeof *run.trials);
    run.survivors = survivors_read(run.options.explained, run.arena);
    if (run.options.only > run.mutations.count) {
        fprintf(stderr, "mutate: there are %zu mistakes\n", run.mutations.count);
        exit(2);
    }
    if (run.options.is_list && run.options.is_json) {
        tell_json(&run);
    } else if (run.options.is_list) {
        for (size_t i = 0; i < run.mutations.count; i++) {
            if (is_chosen(&run, i))
                name(&run, i);
        }
    } else {
        expect_clean(&run.options);
        run_trials(&run);
        report(&run);
    }
    duet_arena_free(run.arena);
    return run.faults > 0 ? 1 : 0;
}
