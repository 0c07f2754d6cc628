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
    bool error = is_error(code);
    check->errors += error;
    struct duet_diags *diags = check->diags;
    if (check->errors_only && !error)
        diags = duet_diags_new(check->arena);
    va_start(arguments, format);
    struct duet_diag *diag = duet_diag_add_list(diags, code, at, format, arguments);
    va_end(arguments);
    if (check->context && !inside(at, check->home))
        duet_diag_context(diag, "%s", check->context);
    return diag;
}

bool duet_checker_affords_text(struct duet_checker *check, uint64_t bytes,
                               struct duet_ast_name name)
{
    check->cost->checked += bytes;
    if (check->cost->checked <= DUET_MAX_CHECKED)
        return true;
    duet_diag_help(duet_checker_report(check, DUET_DIAG_TOO_MANY, name.at,
                                       "with '%s', mappings and overrides have more than %llu MiB "
                                       "of records and rules checked",
                                       name.text, (unsigned long long)(DUET_MAX_CHECKED >> 20)),
                   "split the file, or let tenants have the same overrides");
    return false;
}

uint32_t *duet_checker_value_pairs(struct duet_checker *check, uint32_t lines, uint32_t columns,
                                   struct duet_ast_name name)
{
    check->cost->value_pairs += (uint64_t)lines * columns;
    if (check->cost->value_pairs <= DUET_MAX_VALUE_PAIRS)
        return duet_arena_alloc_array(check->arena, (size_t)lines * duet_m_words(columns) + 1,
                                      sizeof(uint32_t));
    duet_diag_help(duet_checker_report(check, DUET_DIAG_TOO_MANY, name.at,
                                       "with '%s', rows, moves and arms have more than %llu pairs "
                                       "of values",
                                       name.text, (unsigned long long)DUET_MAX_VALUE_PAIRS),
                   "split the file");
    return NULL;
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
