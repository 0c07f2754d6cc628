/* `duet map FILE --to SIDE`: records of one side, from standard input, as the other side's records. */
#include <stdlib.h>
#include <string.h>

#include "engine/cli/commands.h"
#include "engine/cli/load.h"
#include "engine/cli/records.h"
#include "engine/plan/plan.h"
#include "engine/record/write.h"

static const struct duet_option options[] = {
    { "to", 0, "SIDE", "the side whose records are wanted, by its name in the mapping" },
    { "table", 0, "NAME=CSV", "a table of persons; may be given several times" },
    { "mapping", 0, "NAME", "which mapping, where a file has several" },
    DUET_OPTION_COLOR,
    { NULL, 0, NULL, NULL },
};

struct mapping_run {
    const struct duet_arguments *arguments;
    const struct duet_rules *rules;
    enum duet_side target;
    struct duet_arena *arena; /* of the record at hand */
    const char *key;
    size_t number;
    size_t refused;
};

static void tell_problem(void *data, const struct duet_t_pair *pair,
                         enum duet_conversion conversion, const struct duet_value *value)
{
    const struct mapping_run *run = data;
    const struct duet_tables *tables = run->rules->tables;
    const struct duet_t_field *field =
        duet_field_row(tables, duet_pair_field(pair, duet_other(run->target)));
    static const char *const why[] = {
        [DUET_CONVERTED] = "",
        [DUET_CONVERSION_NONE] = "has no counterpart",
        [DUET_CONVERSION_UNKNOWN] = "isn't known to the mapping or its tables",
        [DUET_CONVERSION_NO_KEY] = "has no key on the other side",
    };
    (void)duet_complain(run->arguments, DUET_EXIT_FINE, "record %zu (%s): %s %s %s (%s:%u)",
                        run->number, run->key ? run->key : "no key", duet_str(tables, field->name),
                        duet_value_show(tables, field, value, run->arena), why[conversion],
                        duet_str(tables, pair->file), pair->line);
}

static void map_record(struct mapping_run *run, const struct duet_record *record)
{
    uint64_t mask = 0;
    struct duet_value *values =
        duet_map_values(run->rules, run->target, record, run->arena, &mask, tell_problem, run);
    json_t *json = duet_write_record(run->rules, run->target, values, mask);
    char *text = json_dumps(json, JSON_COMPACT);
    if (text)
        fprintf(duet_arguments_io(run->arguments)->out, "%s\n", text);
    free(text);
    json_decref(json);
}

static void take_record(void *data, const char *text, size_t length)
{
    struct mapping_run *run = data;
    struct duet_record record;
    struct duet_error error = { "" };
    run->arena = duet_arena_new();
    run->number++;
    if (duet_record_read(run->rules, duet_other(run->target), text, length, run->arena, &record,
                         &error) == DUET_OK) {
        run->key = record.key;
        map_record(run, &record);
    } else {
        run->refused++;
        (void)duet_complain(run->arguments, DUET_EXIT_FINE, "record %zu: %s", run->number,
                            error.text);
    }
    duet_arena_free(run->arena);
}

static enum duet_exit map_all(const struct duet_arguments *arguments,
                              const struct duet_rules *rules)
{
    const char *to = duet_option_text(arguments, "to", NULL);
    struct mapping_run run = { .arguments = arguments, .rules = rules };
    struct duet_error error = { "" };
    if (!to)
        return duet_complain(arguments, DUET_EXIT_USAGE, "which side? give --to %s or --to %s",
                             duet_str(rules->tables, duet_side_row(rules->tables, 0)->name),
                             duet_str(rules->tables, duet_side_row(rules->tables, 1)->name));
    if (!duet_side_named(arguments, rules->tables, to, &run.target))
        return DUET_EXIT_USAGE;
    if (duet_records_each(duet_arguments_io(arguments)->in, rules->tables, duet_other(run.target),
                          take_record, &run, &error) != DUET_OK)
        return duet_complain(arguments, DUET_EXIT_WORLD, "%s", error.text);
    return run.refused ? DUET_EXIT_FINDINGS : DUET_EXIT_FINE;
}

static enum duet_exit run(const struct duet_arguments *arguments)
{
    return duet_with_rules(arguments, map_all);
}

const struct duet_command duet_cmd_map = {
    .name = "map",
    .usage = "FILE --to SIDE",
    .summary = "records of one side as the other side's records",
    .help = "Reads records from standard input (a JSON array, a list answer as the system gives "
            "it, or one a\n"
            "line) and writes the other side's records, one a line, as if each were created now. "
            "What has no\n"
            "counterpart is told on standard error with the rule's line.",
    .options = options,
    .least = 1,
    .most = 1,
    .run = run,
};
