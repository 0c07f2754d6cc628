#include "engine/cli/recompile.h"

#include "dsl/diag.h"
#include "dsl/source.h"

static void log_refusal(struct duet_log *log, const char *why)
{
    duet_log_line(log, DUET_LOG_ERROR, "reload refused: what ran before goes on",
                  DUET_LOG_FIELDS({ DUET_LOGGED_WHY, .text = why }));
}

static void log_error(struct duet_log *log, const struct duet_sources *sources,
                      const struct duet_diag *diag)
{
    struct duet_arena *arena = duet_arena_new();
    const struct duet_span at = duet_diag_place(diag);
    if (at.file == DUET_SOURCE_NONE) {
        log_refusal(log, duet_diag_message(diag));
        duet_arena_free(arena);
        return;
    }
    const struct duet_position position = duet_source_position(sources, at.file, at.start);
    log_refusal(log, duet_arena_format(
                         arena, "%s:%u:%u: error[%s]: %s", duet_source_path(sources, at.file),
                         position.line, position.column,
                         duet_diag_code_name(duet_diag_code_of(diag)), duet_diag_message(diag)));
    duet_arena_free(arena);
}

static void log_errors(struct duet_log *log, const struct duet_compilation *compilation)
{
    struct duet_diags *diags = duet_compilation_diags(compilation);
    for (size_t i = 0; i < duet_diags_count(diags); i++) {
        const struct duet_diag *diag = duet_diags_at(diags, i);
        if (duet_diag_severity(diag) == DUET_SEVERITY_ERROR)
            log_error(log, duet_compilation_sources(compilation), diag);
    }
}

struct duet_compilation *duet_recompile(const char *path, struct duet_log *log)
{
    struct duet_compilation *compilation = NULL;
    enum duet_status status = duet_compile_file(path, &compilation);
    log_errors(log, compilation);
    bool has_errors = duet_diags_errors(duet_compilation_diags(compilation)) > 0;
    if (status == DUET_OK && !has_errors && duet_compilation_fleet(compilation))
        return compilation;
    if (!has_errors)
        log_refusal(log, status == DUET_OK ? "it has no tenant" : "the file can't be read");
    duet_compilation_free(compilation);
    return NULL;
}
