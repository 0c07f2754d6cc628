/* `duet fmt FILE...`: mapping files in the one layout. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/diag.h"
#include "dsl/intern.h"
#include "dsl/layout.h"
#include "dsl/source.h"
#include "engine/cli/commands.h"
#include "engine/cli/diff.h"
#include "engine/cli/load.h"
#include "engine/cli/rewrite.h"

static const struct duet_option options[] = {
    { "check", 0, NULL,
      "changes nothing, names the files that would change; exit status 1 if any" },
    { "diff", 0, NULL, "changes nothing, shows what would change" },
    DUET_OPTION_COLOR,
    { NULL, 0, NULL, NULL },
};

#define READ_BYTES ((size_t)64 * 1024)
#define STREAM_NAME "<stdin>"

/* A file's text before and after. */
struct laid_out {
    const char *path;
    bool is_stream;
    struct text {
        const char *text;
        size_t length;
    } before, after;
};

/* --- reading --------------------------------------------------------------------------------------------- */

static enum duet_status read_stream(const struct duet_parse_context *context, FILE *in,
                                    uint32_t *file_out)
{
    char *text = NULL;
    size_t length = 0;
    size_t got = 0;
    FILE *kept = open_memstream(&text, &length);
    char bytes[READ_BYTES];
    size_t total = 0;
    while (kept && total <= DUET_SOURCE_BYTES_MAX && (got = fread(bytes, 1, sizeof bytes, in)) > 0)
        total += fwrite(bytes, 1, got, kept);
    bool is_read = kept && fclose(kept) == 0 && !ferror(in);
    enum duet_status status = DUET_FAILED;
    if (is_read)
        status = duet_sources_add_text(context->sources, STREAM_NAME, text, length, file_out);
    free(text);
    return status;
}

static enum duet_exit read_operand(const struct duet_arguments *arguments, const char *path,
                                   const struct duet_parse_context *context, uint32_t *file_out)
{
    bool is_stream = strcmp(path, "-") == 0;
    enum duet_status status = is_stream
                                  ? read_stream(context, duet_arguments_io(arguments)->in, file_out)
                                  : duet_sources_read(context->sources, path, file_out);
    if (status == DUET_OK)
        return DUET_EXIT_FINE;
    return duet_complain(arguments, DUET_EXIT_WORLD, "can't read '%s': %s", path,
                         status == DUET_INVALID ? "it is too large" : strerror(errno));
}

/* --- writing --------------------------------------------------------------------------------------------- */

static enum duet_exit write_file(const struct duet_arguments *arguments,
                                 const struct laid_out *file)
{
    if (duet_rewrite(file->path, file->after.text, file->after.length))
        return DUET_EXIT_FINE;
    return duet_complain(arguments, DUET_EXIT_WORLD, "can't write '%s': %s", file->path,
                         strerror(errno));
}

static void write_diff(const struct laid_out *file, FILE *out)
{
    struct duet_diff_text before = { file->path, file->before.text, file->before.length };
    struct duet_diff_text after = { file->path, file->after.text, file->after.length };
    duet_diff_write(&before, &after, out);
}

/* What the options ask for with a file that was laid out. */
static enum duet_exit use(const struct duet_arguments *arguments, const struct laid_out *file)
{
    FILE *out = duet_arguments_io(arguments)->out;
    bool check = duet_option_given(arguments, "check");
    bool diff = duet_option_given(arguments, "diff");
    bool changed = file->before.length != file->after.length ||
                   memcmp(file->before.text, file->after.text, file->after.length) != 0;
    if (!check && !diff && file->is_stream) {
        fwrite(file->after.text, 1, file->after.length, out);
        return DUET_EXIT_FINE;
    }
    if (!changed)
        return DUET_EXIT_FINE;
    if (diff)
        write_diff(file, out);
    else
        fprintf(out, "%s\n", file->path);
    if (check)
        return DUET_EXIT_FINDINGS;
    return diff ? DUET_EXIT_FINE : write_file(arguments, file);
}

static enum duet_exit format_operand(const struct duet_arguments *arguments, const char *path,
                                     const struct duet_parse_context *context)
{
    FILE *err = duet_arguments_io(arguments)->err;
    uint32_t number = 0;
    enum duet_exit status = read_operand(arguments, path, context, &number);
    if (status != DUET_EXIT_FINE)
        return status;
    struct laid_out file = { .path = duet_source_path(context->sources, number),
                             .is_stream = strcmp(path, "-") == 0 };
    file.before.text = duet_source_text(context->sources, number);
    file.before.length = duet_source_length(context->sources, number);
    file.after.text = duet_layout_file(context, number, &file.after.length);
    if (file.after.text)
        return use(arguments, &file);
    duet_diags_render_text(context->diags, context->sources,
                           duet_is_colored(arguments, err) ? DUET_DIAG_COLORED : DUET_DIAG_PLAIN,
                           err);
    return DUET_EXIT_FINDINGS;
}

/* Each file by itself: what one is takes nothing from the others. The worst status counts. */
static enum duet_exit run(const struct duet_arguments *arguments)
{
    enum duet_exit worst = DUET_EXIT_FINE;
    for (size_t i = 0; i < duet_operand_count(arguments); i++) {
        struct duet_arena *arena = duet_arena_new();
        struct duet_parse_context context = { arena, duet_intern_new(arena), duet_sources_new(),
                                              duet_diags_new(arena) };
        enum duet_exit status = format_operand(arguments, duet_operand(arguments, i), &context);
        worst = status > worst ? status : worst;
        duet_sources_free(context.sources);
        duet_arena_free(arena);
    }
    return worst;
}

const struct duet_command duet_cmd_fmt = {
    .name = "fmt",
    .usage = "FILE...",
    .summary = "mapping files in one layout",
    .help =
        "Rewrites the files in the layout of the shipped mappings and names those that changed; "
        "'-' is\n"
        "standard input, laid out to standard output. Indents, spaces, empty lines and columns "
        "are\n"
        "put right; comments stay, and so do line breaks where a line may end. What a file means\n"
        "doesn't change. One that doesn't parse is left alone, with its findings and exit status "
        "1.",
    .options = options,
    .least = 1,
    .most = SIZE_MAX,
    .run = run,
};
