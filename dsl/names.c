#include "dsl/names.h"

#include <string.h>

#include "dsl/arena.h"
#include "dsl/ast_value.h"
#include "dsl/name_index.h"
#include "dsl/propose.h"

bool duet_names_same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

/* --- definitions over all files --------------------------------------------------------------- */

static const struct duet_ast_item *find_item(const struct duet_ast_program *program,
                                             enum duet_ast_item_kind kind, const char *name)
{
    return duet_name_index_find(program->defined, kind, name);
}

const struct duet_ast_system *duet_names_system(const struct duet_ast_program *program,
                                                const char *name)
{
    const struct duet_ast_item *item = find_item(program, DUET_AST_ITEM_SYSTEM, name);
    return item ? item->system : NULL;
}

const struct duet_ast_mapping *duet_names_mapping(const struct duet_ast_program *program,
                                                  const char *name)
{
    const struct duet_ast_item *item = find_item(program, DUET_AST_ITEM_MAPPING, name);
    return item ? item->mapping : NULL;
}

const struct duet_ast_hub *duet_names_hub(const struct duet_ast_program *program, const char *name)
{
    const struct duet_ast_item *item = find_item(program, DUET_AST_ITEM_HUB, name);
    return item ? item->hub : NULL;
}

const struct duet_ast_record *duet_names_record(const struct duet_ast_system *system,
                                                const char *name)
{
    for (const struct duet_ast_record *record = system->records.first; record;
         record = record->next) {
        if (duet_names_same(record->name.text, name))
            return record;
    }
    return NULL;
}

const struct duet_ast_setting *duet_names_setting(const struct duet_ast_system *system,
                                                  const char *name)
{
    for (const struct duet_ast_setting *setting = system->settings.first; setting;
         setting = setting->next) {
        if (duet_names_same(setting->name.text, name))
            return setting;
    }
    return NULL;
}

static const struct duet_ast_item *need_item(struct duet_checker *check, enum duet_diag_code code,
                                             enum duet_ast_item_kind kind, const char *what,
                                             struct duet_ast_name name)
{
    const struct duet_ast_item *found = find_item(check->program, kind, name.text);
    if (found || !name.text || duet_checker_program_lacks(check, name.text))
        return found;
    struct duet_suggest suggest = duet_checker_suggest(check, name.text);
    const struct duet_ast_file *file = check->program->files.first;
    for (; file && !duet_diags_full(check->diags); file = file->next) {
        for (const struct duet_ast_item *item = file->items.first; item; item = item->next) {
            if (item->kind == kind && duet_name_index_name(item).text)
                duet_suggest_offer(&suggest, duet_name_index_name(item).text);
        }
    }
    struct duet_diag *diag =
        duet_checker_report(check, code, name.at, "there is no %s '%s'", what, name.text);
    if (!duet_propose(check->arena, diag, name.at, &suggest))
        duet_diag_help(diag, "define it, or import the file that does");
    return NULL;
}

const struct duet_ast_system *duet_names_need_system(struct duet_checker *check,
                                                     struct duet_ast_name name)
{
    const struct duet_ast_item *item =
        need_item(check, DUET_DIAG_UNKNOWN_SYSTEM, DUET_AST_ITEM_SYSTEM, "system", name);
    return item ? item->system : NULL;
}

const struct duet_ast_mapping *duet_names_need_mapping(struct duet_checker *check,
                                                       struct duet_ast_name name)
{
    const struct duet_ast_item *item =
        need_item(check, DUET_DIAG_UNKNOWN_MAPPING, DUET_AST_ITEM_MAPPING, "mapping", name);
    return item ? item->mapping : NULL;
}

const struct duet_ast_hub *duet_names_need_hub(struct duet_checker *check,
                                               struct duet_ast_name name)
{
    const struct duet_ast_item *item =
        need_item(check, DUET_DIAG_UNKNOWN_HUB, DUET_AST_ITEM_HUB, "hub", name);
    return item ? item->hub : NULL;
}

const struct duet_ast_record *duet_names_need_record(struct duet_checker *check,
                                                     const struct duet_ast_system *system,
                                                     struct duet_ast_name name)
{
    const struct duet_ast_record *found = duet_names_record(system, name.text);
    if (found || !name.text || duet_checker_system_lacks(check, system, name.text))
        return found;
    struct duet_suggest suggest = duet_checker_suggest(check, name.text);
    for (const struct duet_ast_record *record = system->records.first; record;
         record = record->next)
        duet_suggest_offer(&suggest, record->name.text);
    duet_propose(check->arena,
                 duet_checker_report(check, DUET_DIAG_UNKNOWN_RECORD, name.at,
                                     "system '%s' has no record '%s'", system->name.text,
                                     name.text),
                 name.at, &suggest);
    return NULL;
}

void duet_names_check_twice(struct duet_checker *check)
{
    for (const struct duet_ast_file *file = check->program->files.first; file; file = file->next) {
        for (const struct duet_ast_item *item = file->items.first; item; item = item->next) {
            struct duet_ast_name name = duet_name_index_name(item);
            const struct duet_ast_item *first =
                name.text ? find_item(check->program, item->kind, name.text) : item;
            if (!first || first == item)
                continue;
            struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_DEFINED_TWICE, name.at,
                                                         "'%s' is defined twice", name.text);
            duet_diag_note(diag, duet_name_index_name(first).at, "first defined here");
        }
    }
}

/* --- fields and sides ------------------------------------------------------------------------- */

static bool path_is(const struct duet_ast_step *steps, const char *name)
{
    for (; steps; steps = steps->next) {
        if (steps->each || !steps->name.text)
            return false;
        size_t length = strlen(steps->name.text);
        if (strncmp(name, steps->name.text, length) != 0)
            return false;
        name += length;
        if (steps->next && *name++ != '.')
            return false;
    }
    return *name == '\0';
}

const struct duet_m_field *duet_names_field(const struct duet_m_record *record,
                                            const struct duet_ast_step *steps)
{
    for (uint32_t i = 0; steps && i < record->count; i++) {
        if (path_is(steps, record->fields[i].name))
            return &record->fields[i];
    }
    return NULL;
}

/* Within a text that has escapes a name's place is the whole text. */
static bool stands_alone(const struct duet_ast_step *step)
{
    return !step->each && (step->name.quoted ||
                           step->name.at.end - step->name.at.start == strlen(step->name.text));
}

struct duet_span duet_names_place(const struct duet_ast_step *steps)
{
    const struct duet_ast_step *last = steps;
    for (; last && last->next && stands_alone(last); last = last->next)
        continue;
    if (!last || !stands_alone(last))
        return DUET_SPAN_NONE;
    return duet_span_join(steps->name.at, last->name.at);
}

const char *duet_names_plain(struct duet_arena *arena, const struct duet_ast_step *steps)
{
    if (steps && !steps->next && !steps->each)
        return steps->name.text;
    const char *text = "";
    for (; steps; steps = steps->next)
        text = duet_arena_format(arena, "%s%s%s", text, *text && !steps->each ? "." : "",
                                 steps->each ? "[]" : steps->name.text);
    return text;
}

/* Of the steps as a path's text has them. */
static size_t written_length(const struct duet_ast_step *steps)
{
    size_t length = 0;
    for (const struct duet_ast_step *step = steps; step; step = step->next) {
        bool in_quotes =
            !step->each && step->name.quoted && !duet_ast_is_plain_word(step->name.text);
        length += step->each ? 2 : strlen(step->name.text) + (step != steps) + 2 * in_quotes;
    }
    return length;
}

const struct duet_m_field *duet_names_need_field(struct duet_checker *check,
                                                 const struct duet_m_record *record,
                                                 const struct duet_ast_step *steps,
                                                 struct duet_span at, const char *what)
{
    const struct duet_m_field *field = duet_names_field(record, steps);
    if (field ||
        duet_checker_record_lacks(check, record->ast, duet_names_plain(check->arena, steps)))
        return field;
    const char *written = duet_names_plain(check->arena, steps);
    struct duet_suggest suggest = duet_checker_suggest(check, written);
    for (uint32_t i = 0; i < record->count; i++) {
        const char *name = record->fields[i].name;
        duet_suggest_offer(&suggest, name);
        if (record->fields[i].section && duet_names_same(strrchr(name, '.') + 1, written))
            duet_suggest_certain(&suggest, name);
    }
    struct duet_diag *diag =
        duet_checker_report(check, DUET_DIAG_UNKNOWN_FIELD, at, "%s.%s has no field '%s'",
                            record->system->name.text, record->ast->name.text, written);
    size_t behind = written_length(steps);
    size_t before = strlen(what) > behind ? strlen(what) - behind : 0;
    duet_propose_behind(check->arena, diag, duet_names_place(steps),
                        duet_arena_copy_text(check->arena, what, before), &suggest);
    return NULL;
}

int duet_names_side(const char *const side_names[2], const char *name)
{
    for (int side = 0; side < 2; side++) {
        if (duet_names_same(side_names[side], name))
            return side;
    }
    return -1;
}

static struct duet_diag *no_side(struct duet_checker *check, const char *const side_names[2],
                                 const char *name, struct duet_span at)
{
    return duet_checker_report(check, DUET_DIAG_UNKNOWN_SIDE, at,
                               "there is no side '%s': this mapping has '%s' and '%s'", name,
                               side_names[0], side_names[1]);
}

int duet_names_need_side(struct duet_checker *check, const char *const side_names[2],
                         const char *name, struct duet_span at)
{
    int side = duet_names_side(side_names, name);
    if (side >= 0 || !name || duet_names_same(side_names[0], side_names[1]))
        return side; /* two sides of one name were reported */
    struct duet_suggest suggest = duet_suggest_all(name, side_names, 2);
    duet_propose(check->arena, no_side(check, side_names, name, at), at, &suggest);
    return -1;
}

/* A field without its side, or behind the name of its system or record. */
static bool meant_field(struct duet_checker *check, const struct duet_m_mapping *mapping,
                        enum duet_side side, const struct duet_ast_path *path)
{
    const struct duet_ast_step *first = path->steps.first;
    const struct duet_ast_side *ast =
        side == DUET_LEFT ? &mapping->ast->left : &mapping->ast->right;
    const struct duet_m_record *record = mapping->records[side];
    const char *alias = duet_propose_name(check->arena, mapping->side_names[side]);
    bool bare = record && duet_names_field(record, first);
    bool by_system = first->next && duet_names_same(first->name.text, ast->system.text);
    bool by_record = first->next && duet_names_same(first->name.text, ast->record.text);
    if ((!bare && !by_system && !by_record) ||
        duet_names_same(mapping->side_names[0], mapping->side_names[1]))
        return false;
    struct duet_diag *diag = no_side(check, mapping->side_names, first->name.text, first->name.at);
    if (bare) {
        duet_diag_help(diag, "a field is named with its side: `%s.%s`", alias, path->text);
        duet_diag_fix(diag, DUET_FIX_SAFE,
                      (struct duet_span){ path->at.file, path->at.start, path->at.start }, "%s.",
                      alias);
        return true;
    }
    duet_diag_help(diag, "%s.%s is called '%s' in this mapping", ast->system.text, ast->record.text,
                   alias);
    duet_diag_fix(diag, DUET_FIX_SAFE, first->name.at, "%s", alias);
    return true;
}

const struct duet_m_field *duet_names_need_side_field(struct duet_checker *check,
                                                      const struct duet_m_mapping *mapping,
                                                      enum duet_side side,
                                                      const struct duet_ast_path *path)
{
    const struct duet_ast_step *first = path->steps.first;
    if (duet_names_side(mapping->side_names, first->name.text) < 0 &&
        meant_field(check, mapping, side, path))
        return NULL;
    int found = duet_names_need_side(check, mapping->side_names, first->name.text, first->name.at);
    if (found < 0)
        return NULL;
    if (found != (int)side) {
        struct duet_diag *diag =
            duet_checker_report(check, DUET_DIAG_UNKNOWN_SIDE, path->at,
                                "a field of '%s' stands here, where '%s' belongs",
                                mapping->side_names[found], mapping->side_names[side]);
        duet_diag_help(diag, "'%s' is the %s side", mapping->side_names[side],
                       side == DUET_LEFT ? "left" : "right");
        return NULL;
    }
    if (!mapping->records[side])
        return NULL;
    return duet_names_need_field(check, mapping->records[side], first->next, path->at, path->text);
}

/* --- values and units ------------------------------------------------------------------------- */

uint32_t duet_names_value(const struct duet_m_enum *values, const char *name)
{
    return duet_word_index_find(values->by_name, name);
}

uint32_t duet_names_need_value(struct duet_checker *check, const struct duet_m_field *field,
                               const char *name, struct duet_span at)
{
    uint32_t value = duet_names_value(&field->values, name);
    if (value != DUET_NONE || !field->usable || !name)
        return value;
    struct duet_suggest suggest = duet_checker_suggest(check, name);
    for (uint32_t i = 0; i < field->values.count; i++)
        duet_suggest_offer(&suggest, field->values.values[i].name);
    struct duet_diag *diag = duet_checker_report(check, DUET_DIAG_UNKNOWN_VALUE, at,
                                                 "'%s' has no value '%s'", field->name, name);
    duet_diag_note(diag, field->ast->type->at, "its values stand here");
    duet_propose(check->arena, diag, at, &suggest);
    return DUET_NONE;
}

const struct duet_m_unit *duet_names_unit(const struct duet_m_mapping *mapping, const char *name,
                                          const struct duet_m_unit **inside_out)
{
    if (inside_out)
        *inside_out = NULL;
    for (uint32_t i = 0; i < mapping->unit_count; i++) {
        const struct duet_m_unit *unit = &mapping->units[i];
        if (duet_names_same(unit->name, name))
            return unit;
        for (uint32_t p = 0; inside_out && unit->group && p < unit->pair_count; p++) {
            if (duet_names_same(unit->pairs[p].ast->name.text, name))
                *inside_out = unit;
        }
    }
    return NULL;
}
