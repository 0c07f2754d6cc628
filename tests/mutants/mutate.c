/* `./dev mutate`: small mistakes in the shipped mappings and in the code, and what finds each. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"
#include "tests/mutants/in_code.h"
#include "tests/mutants/in_mappings.h"
#include "tests/mutants/report.h"
#include "tests/mutants/run.h"
#include "tests/mutants/survivors.h"

#define HERE DUET_SOURCE_DIR "/tests/mutants/"

struct options {
    bool is_code, is_list, is_json;
    size_t only, every; /* as a run has them */
    const char *folder;
    const char *explained;
};

static void usage(FILE *out)
{
    fputs(
        "usage: mutate [OPTIONS]\n\n"
        "  --code              mistakes in the checker and the planner, each branch turned round,\n"
        "                      instead of those in the mappings\n"
        "  --list              names the mistakes and tries none\n"
        "  --only N            one mistake, by its number in the list\n"
        "  --every N           each Nth of them\n"
        "  --format text|json  how it is shown; json is one array, all outcomes in it\n"
        "  --mappings FOLDER   the mappings, instead of the shipped ones\n"
        "  --survivors FILE    the explanations, instead of survivors.txt or survivors_code.txt "
        "in\n"
        "                      tests/mutants\n\n"
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
        { "code", no_argument, NULL, 'c' },
        { "list", no_argument, NULL, 'l' },
        { "only", required_argument, NULL, 'o' },
        { "every", required_argument, NULL, 'e' },
        { "format", required_argument, NULL, 'f' },
        { "mappings", required_argument, NULL, 'm' },
        { "survivors", required_argument, NULL, 's' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    struct options options = { .every = 1, .folder = DUET_SOURCE_DIR "/mappings" };
    int letter = 0;
    while ((letter = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        switch (letter) {
        case 'c':
            options.is_code = true;
            break;
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
    if (!options.explained)
        options.explained = options.is_code ? HERE "survivors_code.txt" : HERE "survivors.txt";
    return options;
}

int main(int argc, char **argv)
{
    const struct options options = options_of(argc, argv);
    struct duet_arena *arena = duet_arena_new();
    struct mistakes mistakes = options.is_code ? mistakes_in_code(DUET_SOURCE_DIR, DUET_BUILD_DIR,
                                                                  HERE "judges.txt", arena)
                                               : mistakes_in_mappings(options.folder, arena);
    struct survivors survivors = survivors_read(options.explained, arena);
    struct run run = { .mistakes = &mistakes, .only = options.only, .every = options.every };
    const struct report report = { .run = &run,
                                   .survivors = &survivors,
                                   .explained = options.explained,
                                   .is_json = options.is_json };
    if (options.only > mistakes.count) {
        fprintf(stderr, "mutate: there are %zu mistakes\n", mistakes.count);
        exit(2);
    }
    size_t faults = 0;
    if (options.is_list) {
        report_list(&report);
    } else {
        run_trials(&run, arena);
        faults = report_outcomes(&report);
    }
    duet_arena_free(arena);
    return faults > 0 ? 1 : 0;
}
