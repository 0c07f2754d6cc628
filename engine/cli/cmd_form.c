/* `duet form FILE --side SIDE`: a side's form with what one choice leaves of the others, as JSON Schema or as a page. */
#include <stdlib.h>
#include <string.h>

#include "engine/cli/commands.h"
#include "engine/cli/load.h"
#include "engine/cli/output.h"
#include "engine/cli/records.h"
#include "engine/cli/tables_file.h"
#include "engine/form/page.h"
#include "engine/form/schema.h"

static const struct duet_option options[] = {
    { "side", 0, "SIDE", "the side whose form is wanted, by its name in the mapping" },
    { "format", 0, "schema|html", "JSON Schema, or a page to try it on; schema" },
    { "output", 'o', "OUT", "the file to write; standard output" },
    { "mapping", 0, "NAME", "which mapping, where a file has several" },
    DUET_OPTION_COLOR,
    { NULL, 0, NULL, NULL },
};

static void write_schema(FILE *out, const void *form)
{
    struct duet_arena *arena = duet_arena_new();
    json_t *schema = duet_form_schema(form, arena);
    char *text = json_dumps(schema, JSON_INDENT(2));
    fprintf(out, "%s\n", text ? text : "");
    free(text);
    json_decref(schema);
    duet_arena_free(arena);
}

static void write_page(FILE *out, const void *form)
{
    struct duet_arena *arena = duet_arena_new();
    duet_form_write_page(form, arena, out);
    duet_arena_free(arena);
}

static enum duet_exit put_form(const struct duet_arguments *arguments, const struct duet_form *form)
{
    if (form->refused)
        return duet_complain(arguments, DUET_EXIT_FINDINGS, "%s", form->refused);
    bool is_page = strcmp(duet_option_text(arguments, "format", "schema"), "html") == 0;
    return duet_output(arguments, is_page ? write_page : write_schema, form);
}

static enum duet_exit make_form(const struct duet_arguments *arguments,
                                const struct duet_tables *tables, void *context)
{
    (void)context;
    const char *name = duet_option_text(arguments, "side", NULL);
    struct duet_rules rules = { .tables = tables };
    enum duet_side side;
    if (!name)
        return duet_complain(arguments, DUET_EXIT_USAGE, "which side? give --side %s or --side %s",
                             duet_str(tables, duet_side_row(tables, DUET_LEFT)->name),
                             duet_str(tables, duet_side_row(tables, DUET_RIGHT)->name));
    if (!duet_side_named(arguments, tables, name, &side))
        return DUET_EXIT_USAGE;
    struct duet_arena *arena = duet_arena_new();
    enum duet_exit status = put_form(arguments, duet_form_of(&rules, side, arena));
    duet_arena_free(arena);
    return status;
}

static enum duet_exit run(const struct duet_arguments *arguments)
{
    return duet_tables_file_use(arguments, make_form, NULL);
}

const struct duet_command duet_cmd_form = {
    .name = "form",
    .usage = "FILE --side SIDE",
    .summary = "a side's form: which choices go together",
    .help = "Works out what may be chosen in a side's form: the reasons that a classification has, "
            "what is required\n"
            "once it is closed, what the other side would take. As JSON Schema (draft 2020-12), or "
            "as one HTML page to\n"
            "try it on. FILE is a mapping or what 'duet compile' wrote.",
    .options = options,
    .least = 1,
    .most = 1,
    .run = run,
};
