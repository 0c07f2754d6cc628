/* `duet dump FILE`: rule tables as text, of a mapping file or of what `duet compile` wrote. */
#include "dsl/tables_text.h"
#include "engine/cli/commands.h"
#include "engine/cli/load.h"
#include "engine/cli/tables_file.h"

static const struct duet_option options[] = {
    { "mapping", 0, "NAME", "which mapping, where a file has several" },
    DUET_OPTION_COLOR,
    { NULL, 0, NULL, NULL },
};

static enum duet_exit dump(const struct duet_arguments *arguments, const struct duet_tables *tables,
                           void *context)
{
    (void)context;
    duet_tables_dump(tables, duet_arguments_io(arguments)->out);
    return DUET_EXIT_FINE;
}

static enum duet_exit run(const struct duet_arguments *arguments)
{
    return duet_tables_file_use(arguments, dump, NULL);
}

const struct duet_command duet_cmd_dump = {
    .name = "dump",
    .usage = "FILE",
    .summary = "the rule tables of a mapping as text",
    .help = "Shows what is executed: every row of the rule tables, references by name. FILE is a "
            "mapping or what\n"
            "'duet compile' wrote; the latter is validated in full first.",
    .options = options,
    .least = 1,
    .most = 1,
    .run = run,
};
