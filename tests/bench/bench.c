/* duet-bench: `duet map` beside the same mapping in jq and in hand-written C on jansson, on one file.
 * First the outputs must be equal, then the times mean something. Run by `./dev bench`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <jansson.h>

#include "tests/bench/compare.h"
#include "tests/bench/generate.h"
#include "tests/bench/measure.h"

enum { MOST_RUNS = 25, MOST_RUNNERS = 3, MOST_ARGUMENTS = 8, PATH_BYTES = 1024 };

enum format { FORMAT_TEXT, FORMAT_JSON };

struct options {
    unsigned count;
    unsigned runs;
    enum format format;
    int references_only;
    const char *duet;
    const char *programs; /* the folder of the references */
    const char *source;   /* the repository's root */
    const char *work;     /* the folder for what is generated and printed */
};

/* One way of doing the mapping, and how long it took. */
struct runner {
    const char *name;
    const char *title;
    size_t argument_count;
    char arguments[MOST_ARGUMENTS][PATH_BYTES];
    char *argv[MOST_ARGUMENTS + 1]; /* into `arguments`, NULL at the end */
    char output[PATH_BYTES];
    double wall; /* median, in microseconds an incident */
    double cpu;
};

struct bench {
    struct options options;
    char incidents[PATH_BYTES];
    char analysts[PATH_BYTES];
    double input_bytes;
    size_t runner_count;
    struct runner runners[MOST_RUNNERS]; /* duet first, unless only the references run */
};

/* --- options ------------------------------------------------------------------------------------ */

static const char usage[] =
    "usage: duet-bench --programs DIR --source DIR --work DIR [--duet PATH]\n"
    "                  [--count N] [--runs N] [--format text|json] [--references-only]\n";

static int parse_number(const char *text, unsigned most, unsigned *number_out)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || number < 1 || number > most) {
        fprintf(stderr, "duet-bench: '%s' is no number from 1 to %u\n", text, most);
        return -1;
    }
    *number_out = (unsigned)number;
    return 0;
}

static int parse_format(const char *text, enum format *format_out)
{
    if (strcmp(text, "text") == 0)
        *format_out = FORMAT_TEXT;
    else if (strcmp(text, "json") == 0)
        *format_out = FORMAT_JSON;
    else {
        fprintf(stderr, "duet-bench: unknown format '%s', expected text or json\n", text);
        return -1;
    }
    return 0;
}

static int parse_option(struct options *options, const char *name, const char *value)
{
    if (strcmp(name, "--count") == 0)
        return parse_number(value, 10000000, &options->count);
    if (strcmp(name, "--runs") == 0)
        return parse_number(value, MOST_RUNS, &options->runs);
    if (strcmp(name, "--format") == 0)
        return parse_format(value, &options->format);
    if (strcmp(name, "--duet") == 0)
        options->duet = value;
    else if (strcmp(name, "--programs") == 0)
        options->programs = value;
    else if (strcmp(name, "--source") == 0)
        options->source = value;
    else if (strcmp(name, "--work") == 0)
        options->work = value;
    else {
        fprintf(stderr, "duet-bench: unknown option '%s'\n%s", name, usage);
        return -1;
    }
    return 0;
}

static int parse_options(int argc, char **argv, struct options *options)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--references-only") == 0) {
            options->references_only = 1;
        } else if (i + 1 == argc) {
            fprintf(stderr, "duet-bench: unknown option '%s', or its value is missing\n%s", argv[i],
                    usage);
            return -1;
        } else if (parse_option(options, argv[i], argv[i + 1]) != 0) {
            return -1;
        } else {
            i++;
        }
    }
    if (options->programs && options->source && options->work &&
        (options->duet || options->references_only))
        return 0;
    fputs(usage, stderr);
    return -1;
}

/* --- the input ------------------------------------------------------------------------------------ */

static int generate(struct bench *bench)
{
    FILE *incidents = fopen(bench->incidents, "w");
    FILE *analysts = fopen(bench->analysts, "w");
    int status = -1;
    if (incidents && analysts)
        status = bench_generate_incidents(incidents, bench->options.count) |
                 bench_generate_analysts(analysts);
    if (incidents) {
        bench->input_bytes = (double)ftell(incidents);
        status |= fclose(incidents);
    }
    if (analysts)
        status |= fclose(analysts);
    if (status != 0)
        fprintf(stderr, "duet-bench: can't write the input in %s\n", bench->options.work);
    return status;
}

/* --- the runners ---------------------------------------------------------------------------------- */

static void add_argument(struct runner *runner, const char *folder, const char *file)
{
    char *argument = runner->arguments[runner->argument_count++];
    snprintf(argument, PATH_BYTES, "%s%s", folder, file);
    runner->argv[runner->argument_count - 1] = argument;
}

/* The program is the first argument. */
static struct runner *add_runner(struct bench *bench, const char *name, const char *title,
                                 const char *folder, const char *program)
{
    struct runner *runner = &bench->runners[bench->runner_count++];
    runner->name = name;
    runner->title = title;
    snprintf(runner->output, PATH_BYTES, "%s/%s.out", bench->options.work, name);
    add_argument(runner, folder, program);
    return runner;
}

static void add_duet(struct bench *bench)
{
    struct runner *duet = add_runner(bench, "duet", "duet map", bench->options.duet, "");
    add_argument(duet, "map", "");
    add_argument(duet, bench->options.source, "/mappings/sentinel-smartsoar.duet");
    add_argument(duet, "--to", "");
    add_argument(duet, "soar", "");
    add_argument(duet, "--table", "");
    add_argument(duet, "analysts=", bench->analysts);
}

static void add_runners(struct bench *bench)
{
    if (!bench->options.references_only)
        add_duet(bench);
    struct runner *jansson = add_runner(bench, "jansson", "hand-written C on jansson",
                                        bench->options.programs, "/bench-map-jansson");
    add_argument(jansson, bench->analysts, "");
    struct runner *jq =
        add_runner(bench, "jq", "jq program, libjq", bench->options.programs, "/bench-map-jq");
    add_argument(jq, bench->options.source, "/tests/bench/sentinel-smartsoar.jq");
    add_argument(jq, bench->analysts, "");
}

/* --- measuring ------------------------------------------------------------------------------------ */

static int by_value(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;
    return (*a > *b) - (*a < *b);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof values[0], by_value);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static int measure_runner(const struct bench *bench, struct runner *runner)
{
    double wall[MOST_RUNS] = { 0 };
    double cpu[MOST_RUNS] = { 0 };
    double each = 1e6 / bench->options.count;
    for (unsigned i = 0; i < bench->options.runs; i++) {
        struct bench_measure measure;
        int status = bench_measure_run(runner->argv, bench->incidents, runner->output, &measure);
        if (status != 0) {
            fprintf(stderr, "duet-bench: %s failed (exit %d)\n", runner->title, status);
            return -1;
        }
        wall[i] = measure.wall_seconds * each;
        cpu[i] = measure.cpu_seconds * each;
    }
    runner->wall = median(wall, bench->options.runs);
    runner->cpu = median(cpu, bench->options.runs);
    return 0;
}

static int measure_all(struct bench *bench)
{
    for (size_t i = 0; i < bench->runner_count; i++)
        if (measure_runner(bench, &bench->runners[i]) != 0)
            return -1;
    return 0;
}

static int outputs_are_equal(const struct bench *bench)
{
    for (size_t i = 1; i < bench->runner_count; i++)
        if (bench_compare(bench->runners[0].output, bench->runners[i].output, bench->options.count,
                          stderr) != BENCH_EQUAL)
            return 0;
    return 1;
}

/* --- what is printed ------------------------------------------------------------------------------ */

static void print_text(const struct bench *bench)
{
    printf("%u incidents of %.2f KB, median of %u runs; the outputs are equal\n\n",
           bench->options.count, bench->input_bytes / bench->options.count / 1000,
           bench->options.runs);
    printf("%-28s %12s %12s %12s\n", "", "us/incident", "us cpu", "ratio");
    for (size_t i = 0; i < bench->runner_count; i++) {
        const struct runner *runner = &bench->runners[i];
        printf("%-28s %12.2f %12.2f %11.2fx\n", runner->title, runner->wall, runner->cpu,
               runner->cpu / bench->runners[0].cpu);
    }
    printf("\nratio: CPU time against %s\n", bench->runners[0].title);
}

static void print_json(const struct bench *bench)
{
    json_t *runners = json_array();
    for (size_t i = 0; i < bench->runner_count; i++) {
        const struct runner *runner = &bench->runners[i];
        json_array_append_new(runners,
                              json_pack("{s:s, s:f, s:f, s:f}", "name", runner->name,
                                        "us_per_incident", runner->wall, "cpu_us_per_incident",
                                        runner->cpu, "ratio", runner->cpu / bench->runners[0].cpu));
    }
    json_t *report =
        json_pack("{s:I, s:f, s:i, s:b, s:o}", "incidents", (json_int_t)bench->options.count,
                  "bytes_per_incident", bench->input_bytes / bench->options.count, "runs",
                  (int)bench->options.runs, "equal", 1, "runners", runners);
    json_dumpf(report, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(report);
}

int main(int argc, char **argv)
{
    static struct bench bench = { .options = { .count = 100000, .runs = 3 } };
    if (parse_options(argc, argv, &bench.options) != 0)
        return 2;
    mkdir(bench.options.work, 0755);
    snprintf(bench.incidents, PATH_BYTES, "%s/incidents.jsonl", bench.options.work);
    snprintf(bench.analysts, PATH_BYTES, "%s/analysts.csv", bench.options.work);
    add_runners(&bench);

    if (generate(&bench) != 0 || measure_all(&bench) != 0)
        return 3;
    if (!outputs_are_equal(&bench)) {
        fputs("duet-bench: the outputs differ, so the times mean nothing\n", stderr);
        return 1;
    }
    switch (bench.options.format) {
    case FORMAT_TEXT:
        print_text(&bench);
        break;
    case FORMAT_JSON:
        print_json(&bench);
        break;
    }
    return 0;
}
