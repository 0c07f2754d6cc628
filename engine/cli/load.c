#include "engine/cli/load.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dsl/diag.h"
#include "dsl/suggest.h"

bool duet_is_colored(const struct duet_arguments *arguments, FILE *file)
{
    const char *color = duet_option_text(arguments, "color", "auto");
    const char *no_color = getenv("NO_COLOR");
    if (strcmp(color, "auto") != 0)
        return strcmp(color, "always") == 0;
    int descriptor = fileno(file);
    return !(no_color && no_color[0]) && descriptor >= 0 && isatty(descriptor);
}

struct duet_compilation *duet_load(const struct duet_arguments *arguments, const char *path,
                                   enum duet_exit *status)
{
    struct duet_compilation *compilation = NULL;
    FILE *err = duet_arguments_io(arguments)->err;
    enum duet_status read = duet_compile_file(path, &compilation);
    struct duet_diags *diags = duet_compilation_diags(compilation);
    duet_diags_render_text(diags, duet_compilation_sources(compilation),
                           duet_is_colored(arguments, err) ? DUET_DIAG_COLORED : DUET_DIAG_PLAIN,
                           err);
    *status = read != DUET_OK                ? DUET_EXIT_WORLD
              : duet_diags_errors(diags) > 0 ? DUET_EXIT_FINDINGS
                                             : DUET_EXIT_FINE;
    if (*status == DUET_EXIT_FINE)
        return compilation;
    duet_compilation_free(compilation);
    return NULL;
}

/* Imported mappings can be asked for by name only. */
static const struct duet_tables *only_mapping(const struct duet_arguments *arguments,
                                              const struct duet_compilation *compilation,
                                              const char *path, size_t *index_out)
{
    size_t own = 0;
    for (size_t i = 0; i < duet_compilation_mappings(compilation); i++) {
        if (!duet_compilation_mapping_is_own(compilation, i))
            continue;
        *index_out = i;
        own++;
    }
    if (own == 1)
        return duet_compilation_tables(compilation, *index_out);
    if (own == 0)
        duet_complain(arguments, DUET_EXIT_USAGE,
                      "'%s' has no mapping of its own: say which with --mapping NAME", path);
    else
        duet_complain(arguments, DUET_EXIT_USAGE,
                      "'%s' has %zu mappings: say which with --mapping NAME", path, own);
    return NULL;
}

const struct duet_tables *duet_load_mapping(const struct duet_arguments *arguments,
                                            const struct duet_compilation *compilation,
                                            const char *path, const char *name, size_t *index_out)
{
    if (!name)
        return only_mapping(arguments, compilation, path, index_out);
    struct duet_suggest suggest = duet_suggest_start(name);
    for (size_t i = 0; i < duet_compilation_mappings(compilation); i++) {
        const char *candidate = duet_compilation_mapping_name(compilation, i);
        *index_out = i;
        if (strcmp(candidate, name) == 0)
            return duet_compilation_tables(compilation, i);
        duet_suggest_offer(&suggest, candidate);
    }
    const char *best = duet_suggest_best(&suggest);
    duet_complain(arguments, DUET_EXIT_USAGE,
                  best ? "'%s' has no mapping '%s'; did you mean '%s'?"
                       : "'%s' has no mapping '%s'",
                  path, name, best);
    return NULL;
}
