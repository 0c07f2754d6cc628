#include "dsl/check.h"

#include <stdarg.h>

#include "dsl/arena.h"

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
