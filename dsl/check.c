#include "dsl/check.h"

#include <stdarg.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/propose.h"

static bool inside(struct duet_span at, struct duet_span home)
{
    return home.file != DUET_SOURCE_NONE && at.file == home.file && at.start >= home.start &&
           at.end <= home.end;
}

static const struct {
    enum duet_diag_code code;
    enum duet_severity severity;
} severities[] = {
#define DUET_DIAG(name, number, severity, meaning) { DUET_DIAG_##name, DUET_SEVERITY_##severity },
#include "dsl/diag_codes.def"
#undef DUET_DIAG
};

static bool is_error(enum duet_diag_code code)
{
    for (size_t i = 0; i < sizeof severities / sizeof severities[0]; i++) {
        if (severities[i].code == code)
            return severities[i].severity == DUET_SEVERITY_ERROR;
    }
    return true;
}

struct duet_diag *duet_checker_report(struct duet_checker *check, enum duet_diag_code code,
                                      struct duet_span at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *message = duet_arena_format_list(check->arena, format, arguments);
    va_end(arguments);

    bool error = is_error(code);
    check->errors += error;
    struct duet_diags *diags = check->diags;
    if (check->errors_only && !error)
        diags = duet_diags_new(check->arena);
    struct duet_diag *diag = duet_diag_add(diags, code, at, "%s", message);
    if (check->context && !inside(at, check->home))
        duet_diag_context(diag, "%s", check->context);
    return diag;
}

void duet_checker_twice(struct duet_checker *check, struct duet_span first, struct duet_span again,
                        const char *name)
{
    struct duet_diag *diag =
        duet_checker_report(check, DUET_DIAG_WRITTEN_TWICE, again, "'%s' is written twice", name);
    duet_diag_note(diag, first, "first written here");
    duet_propose_once(diag, check->sources, first, again);
}

void duet_checker_assigned_once(struct duet_checker *check,
                                const struct duet_ast_assign_list *assigns)
{
    for (const struct duet_ast_assign *assign = assigns->first;
         assign && !duet_diags_full(check->diags); assign = assign->next) {
        const struct duet_ast_assign *first = assigns->first;
        while (first != assign && strcmp(first->path->text, assign->path->text) != 0)
            first = first->next;
        if (first != assign)
            duet_checker_twice(check, first->at, assign->at, assign->path->text);
    }
}

struct duet_suggest duet_checker_suggest(const struct duet_checker *check, const char *written)
{
    return duet_suggest_start(duet_diags_full(check->diags) ? "" : written);
}

struct duet_checker duet_checker_quietly(const struct duet_checker *check)
{
    struct duet_checker quiet = *check;
    quiet.diags = duet_diags_new(check->arena);
    quiet.errors = 0;
    return quiet;
}
