/* `duet replay FILE`: what a changed mapping would alter on records that were recorded. */
#include <string.h>

#include "engine/cli/commands.h"
#include "engine/cli/load.h"
#include "engine/cli/replay.h"
#include "engine/cli/store.h"

#define EXAMPLES 3
#define MOST_EXAMPLES 1000

static const struct duet_option options[] = {
    { "against", 0, "OLD", "the mapping or fleet as it was; without it: all that FILE would do" },
    { "records", 0, "DIR", "recorded records: DIR/TENANT/SIDE.jsonl, or DIR/SIDE.jsonl" },
    DUET_OPTION_STORE,
    DUET_OPTION_TENANT,
    { "examples", 0, "N", "records shown of each field, 0 to 1000; without it 3" },
    { "table", 0, "NAME=CSV", "a table of persons, where FILE is no fleet; several times" },
    { "mapping", 0, "NAME", "which mapping, where a file has several" },
    DUET_OPTION_FORMAT,
    DUET_OPTION_COLOR,
    { NULL, 0, NULL, NULL },
};

static bool open_versions(struct duet_replay_run *run)
{
    const char *old = duet_option_text(run->arguments, "against", NULL);
    return (!old || duet_replay_open(run, 0, old)) &&
           duet_replay_open(run, 1, duet_operand(run->arguments, 0));
}

static enum duet_exit end_of(const struct duet_replay_run *run)
{
    const struct duet_tally_sum sum = duet_tally_sum(run->tally);
    if (run->status != DUET_EXIT_FINE)
        return run->status;
    duet_replay_tell(run);
    return sum.altered > 0 || sum.bad > 0 ? DUET_EXIT_FINDINGS : DUET_EXIT_FINE;
}

/* `store` NULL: from the folder of --records. */
static enum duet_exit replay(const struct duet_arguments *arguments, const struct duet_store *store)
{
    struct duet_replay_run run = { .arguments = arguments };
    long examples = EXAMPLES;
    if (!duet_option_number(arguments, "examples", 0, MOST_EXAMPLES, &examples))
        return DUET_EXIT_USAGE;
    run.tally = duet_tally_new((size_t)examples);
    if (open_versions(&run) && store)
        duet_replay_store(&run, store);
    else if (run.status == DUET_EXIT_FINE)
        duet_replay_folder(&run, duet_option_text(arguments, "records", NULL));
    enum duet_exit status = end_of(&run);
    duet_replay_close(&run);
    return status;
}

static enum duet_exit run(const struct duet_arguments *arguments)
{
    bool has_folder = duet_option_given(arguments, "records");
    if (has_folder && duet_option_given(arguments, "store"))
        return duet_complain(
            arguments, DUET_EXIT_USAGE,
            "records come from a folder or from a store: give --records or --store");
    return has_folder ? replay(arguments, NULL) : duet_with_store(arguments, replay);
}

const struct duet_command duet_cmd_replay = {
    .name = "replay",
    .usage = "FILE [--against OLD]",
    .summary = "what a changed mapping would alter on recorded records",
    .help =
        "Plans recorded records by FILE and by OLD, from the base that OLD would remember, and "
        "tells what differs:\n"
        "what would be written, held or pending, with both rules' lines, counted by tenant and "
        "field. A record\n"
        "without a partner is shown as the record that it would become. Without --against: all "
        "that FILE would\n"
        "do with the records now. Nothing is sent and no store is changed.\n"
        "\n"
        "Records come from --records: a folder for each tenant with a file for each side, named "
        "as the mapping\n"
        "calls its sides, as one record a line (.jsonl), a JSON array or a list answer (.json). "
        "They are paired\n"
        "by the fields of the mapping's `link`. Or from the engine's --store: its links with "
        "what it remembers of\n"
        "them. Where FILE is a fleet each tenant has its own overrides and persons. A record that "
        "FILE can't\n"
        "take is named as in quarantine, with the reason.\n"
        "\n"
        "Exit status: 0 nothing altered, 1 something would be, or a record can't be read, 2 "
        "wrong usage or a\n"
        "mapping with mistakes, 3 a file or the store can't be read.",
    .options = options,
    .least = 1,
    .most = 1,
    .run = run,
};
