/* `duet graph FILE`: a picture of a mapping, as SVG or for Graphviz. */
#include <string.h>

#include "engine/cli/commands.h"
#include "engine/cli/load.h"
#include "engine/cli/output.h"
#include "engine/cli/tables_file.h"
#include "engine/graph/dot.h"
#include "engine/graph/svg.h"

static const struct duet_option options[] = {
    { "mapping", 0, "NAME", "which mapping, where a file has several" },
    { "format", 0, "svg|dot", "a picture, or a graph for Graphviz; svg" },
    { "output", 'o', "OUT", "the file to write; standard output" },
    DUET_OPTION_COLOR,
    { NULL, 0, NULL, NULL },
};

static void write_dot(FILE *out, const void *tables)
{
    struct duet_arena *arena = duet_arena_new();
    duet_graph_write_dot(tables, arena, out);
    duet_arena_free(arena);
}

static void write_svg(FILE *out, const void *tables)
{
    struct duet_arena *arena = duet_arena_new();
    struct duet_picture picture = duet_picture_of(tables, arena);
    duet_graph_write_svg(&picture, out);
    duet_arena_free(arena);
}

static enum duet_exit draw(const struct duet_arguments *arguments, const struct duet_tables *tables,
                           void *context)
{
    (void)context;
    bool is_dot = strcmp(duet_option_text(arguments, "format", "svg"), "dot") == 0;
    return duet_output(arguments, is_dot ? write_dot : write_svg, tables);
}

static enum duet_exit run(const struct duet_arguments *arguments)
{
    return duet_tables_file_use(arguments, draw, NULL);
}

const struct duet_command duet_cmd_graph = {
    .name = "graph",
    .usage = "FILE",
    .summary = "a picture of a mapping",
    .help = "Draws both sides' fields with an arrow for each pair, enum values with a line for "
            "each arm, groups,\n"
            "conflict policies and triggers. FILE is a mapping or what 'duet compile' wrote. The "
            "SVG stands alone;\n"
            "the same mapping gives the same bytes.",
    .options = options,
    .least = 1,
    .most = 1,
    .run = run,
};
