/* What statements that couldn't be parsed may have said: their text is searched for the name that is missing. */
#include <string.h>

#include "dsl/check.h"

/* --- text ------------------------------------------------------------------------------------- */

/* Of a word or of one that was joined to it: first_contact may have been meant as `first contact`. */
static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Of a dotted name the last step stands where it is defined. */
static const char *last_step(const char *word)
{
    const char *dot = strrchr(word, '.');
    return dot && dot[1] != '\0' ? dot + 1 : word;
}

static bool holds_word(const char *text, size_t length, const char *word)
{
    size_t size = strlen(word);
    for (size_t i = 0; size > 0 && i + size <= length; i++) {
        if (memcmp(text + i, word, size) == 0 && (i == 0 || !is_letter(text[i - 1])) &&
            (i + size == length || !is_letter(text[i + size])))
            return true;
    }
    return false;
}

/* That much was searched that nobody can tell any more. */
static bool is_lost(const struct duet_checker *check)
{
    return check->cost->searched > DUET_MAX_SEARCHED;
}

static bool says(const struct duet_checker *check, const struct duet_ast_damage *damage,
                 const char *word)
{
    struct duet_span at = damage->at;
    check->cost->searched += at.end - at.start;
    if (!word || is_lost(check))
        return true;
    return holds_word(duet_source_text(check->sources, at.file) + at.start, at.end - at.start,
                      last_step(word));
}

/* --- places ----------------------------------------------------------------------------------- */

#define STEP_COST 8U /* of a place that is looked at, in bytes searched */

static bool spans(const struct duet_checker *check, struct duet_span at,
                  const struct duet_ast_damage *damage)
{
    check->cost->searched += STEP_COST;
    return damage->at.file == at.file && damage->at.start >= at.start && damage->at.end <= at.end;
}

static bool in_a_record(const struct duet_checker *check, const struct duet_ast_system *system,
                        const struct duet_ast_damage *damage)
{
    for (const struct duet_ast_record *record = system->records.first; record;
         record = record->next) {
        if (spans(check, record->at, damage))
            return true;
    }
    return false;
}

static bool in_a_field(const struct duet_checker *check, const struct duet_ast_record *record,
                       const struct duet_ast_damage *damage)
{
    for (const struct duet_ast_field *field = record->fields.first; field; field = field->next) {
        if (spans(check, field->at, damage))
            return true;
    }
    for (const struct duet_ast_moves *moves = record->moves.first; moves; moves = moves->next) {
        if (spans(check, moves->at, damage))
            return true;
    }
    return false;
}

static bool in_an_operation(const struct duet_checker *check, const struct duet_ast_http *http,
                            const struct duet_ast_damage *damage)
{
    for (const struct duet_ast_operation *operation = http->operations.first; operation;
         operation = operation->next) {
        if (spans(check, operation->at, damage))
            return true;
    }
    return (http->auth && spans(check, http->auth->at, damage)) ||
           (http->webhook && spans(check, http->webhook->at, damage));
}

static bool in_a_rule(const struct duet_checker *check, const struct duet_ast_mapping *mapping,
                      const struct duet_ast_damage *damage)
{
    for (const struct duet_ast_rule *rule = mapping->rules.first; rule; rule = rule->next) {
        if (spans(check, rule->at, damage))
            return true;
    }
    for (const struct duet_ast_group *group = mapping->groups.first; group; group = group->next) {
        if (spans(check, group->at, damage))
            return true;
    }
    return false;
}

static bool in_an_item(const struct duet_checker *check, const struct duet_ast_file *file,
                       const struct duet_ast_damage *damage)
{
    for (const struct duet_ast_item *item = file->items.first; item; item = item->next) {
        if (spans(check, item->at, damage))
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

/* --- what may be missing ---------------------------------------------------------------------- */

bool duet_checker_damaged(const struct duet_checker *check, struct duet_span at, const char *word)
{
    if (is_lost(check))
        return true;
    for (const struct duet_ast_damage *damage = damages_of(check, at); damage;
         damage = damage->next) {
        if (spans(check, at, damage) && says(check, damage, word))
            return true;
    }
    return false;
}

bool duet_checker_program_lacks(const struct duet_checker *check, const char *word)
{
    if (check->incomplete || is_lost(check))
        return true;
    for (const struct duet_ast_file *file = check->program->files.first; file; file = file->next) {
        for (const struct duet_ast_damage *damage = file->damages.first; damage;
             damage = damage->next) {
            if (!in_an_item(check, file, damage) && says(check, damage, word))
                return true;
        }
    }
    return false;
}

bool duet_checker_system_lacks(const struct duet_checker *check,
                               const struct duet_ast_system *system, const char *word)
{
    if (is_lost(check))
        return true;
    for (const struct duet_ast_damage *damage = damages_of(check, system->at); damage;
         damage = damage->next) {
        if (spans(check, system->at, damage) && !in_a_record(check, system, damage) &&
            !(system->http && spans(check, system->http->at, damage)) && says(check, damage, word))
            return true;
    }
    return false;
}

bool duet_checker_record_lacks(const struct duet_checker *check,
                               const struct duet_ast_record *record, const char *word)
{
    if (is_lost(check))
        return true;
    for (const struct duet_ast_damage *damage = damages_of(check, record->at); damage;
         damage = damage->next) {
        if (spans(check, record->at, damage) && !in_a_field(check, record, damage) &&
            says(check, damage, word))
            return true;
    }
    return false;
}

bool duet_checker_http_lacks(const struct duet_checker *check, const struct duet_ast_http *http,
                             const char *word)
{
    if (is_lost(check))
        return true;
    for (const struct duet_ast_damage *damage = damages_of(check, http->at); damage;
         damage = damage->next) {
        if (spans(check, http->at, damage) && !in_an_operation(check, http, damage) &&
            says(check, damage, word))
            return true;
    }
    return false;
}

bool duet_checker_mapping_lacks(const struct duet_checker *check,
                                const struct duet_ast_mapping *mapping, const char *word)
{
    if (is_lost(check))
        return true;
    for (const struct duet_ast_damage *damage = damages_of(check, mapping->at); damage;
         damage = damage->next) {
        if (spans(check, mapping->at, damage) && !in_a_rule(check, mapping, damage) &&
            says(check, damage, word))
            return true;
    }
    return false;
}
