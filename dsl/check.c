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

bool duet_checker_damaged(const struct duet_checker *check, struct duet_span at)
{
    return duet_ast_is_damaged(check->program, at);
}

/* --- what a missing statement may have been --------------------------------------------------- */

static bool spans(struct duet_span at, const struct duet_ast_damage *damage)
{
    return inside(damage->at, at);
}

static bool in_a_record(const struct duet_ast_system *system, const struct duet_ast_damage *damage)
{
    for (const struct duet_ast_record *record = system->records.first; record;
         record = record->next) {
        if (spans(record->at, damage))
            return true;
    }
    return false;
}

static bool in_a_field(const struct duet_ast_record *record, const struct duet_ast_damage *damage)
{
    for (const struct duet_ast_field *field = record->fields.first; field; field = field->next) {
        if (spans(field->at, damage))
            return true;
    }
    for (const struct duet_ast_moves *moves = record->moves.first; moves; moves = moves->next) {
        if (spans(moves->at, damage))
            return true;
    }
    return false;
}

static bool in_an_operation(const struct duet_ast_http *http, const struct duet_ast_damage *damage)
{
    for (const struct duet_ast_operation *operation = http->operations.first; operation;
         operation = operation->next) {
        if (spans(operation->at, damage))
            return true;
    }
    return (http->auth && spans(http->auth->at, damage)) ||
           (http->webhook && spans(http->webhook->at, damage));
}

static bool in_a_rule(const struct duet_ast_mapping *mapping, const struct duet_ast_damage *damage)
{
    for (const struct duet_ast_rule *rule = mapping->rules.first; rule; rule = rule->next) {
        if (spans(rule->at, damage))
            return true;
    }
    for (const struct duet_ast_group *group = mapping->groups.first; group; group = group->next) {
        if (spans(group->at, damage))
            return true;
    }
    return false;
}

static const struct duet_ast_damage *damages_of(const struct duet_checker *check,
                                                struct duet_span at)
{
    for (const struct duet_ast_file *file = check->program->files.first; file; file = file->next) {
        if (file->file == at.file)
            return file->damages.first;
    }
    return NULL;
}

bool duet_checker_system_lacks(const struct duet_checker *check,
                               const struct duet_ast_system *system)
{
    for (const struct duet_ast_damage *damage = damages_of(check, system->at); damage;
         damage = damage->next) {
        if (spans(system->at, damage) && !in_a_record(system, damage) &&
            !(system->http && spans(system->http->at, damage)))
            return true;
    }
    return false;
}

bool duet_checker_record_lacks(const struct duet_checker *check,
                               const struct duet_ast_record *record)
{
    for (const struct duet_ast_damage *damage = damages_of(check, record->at); damage;
         damage = damage->next) {
        if (spans(record->at, damage) && !in_a_field(record, damage))
            return true;
    }
    return false;
}

bool duet_checker_http_lacks(const struct duet_checker *check, const struct duet_ast_http *http)
{
    for (const struct duet_ast_damage *damage = damages_of(check, http->at); damage;
         damage = damage->next) {
        if (spans(http->at, damage) && !in_an_operation(http, damage))
            return true;
    }
    return false;
}

bool duet_checker_mapping_lacks(const struct duet_checker *check,
                                const struct duet_ast_mapping *mapping)
{
    for (const struct duet_ast_damage *damage = damages_of(check, mapping->at); damage;
         damage = damage->next) {
        if (spans(mapping->at, damage) && !in_a_rule(mapping, damage))
            return true;
    }
    return false;
}
