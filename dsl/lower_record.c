/* A side's record: fields, enums, predicates, what it refuses, notes, settings. */
#include "dsl/arena.h"
#include "dsl/lower_parts.h"
#include "dsl/names.h"
#include "dsl/types.h"

/* --- fields ----------------------------------------------------------------------------------- */

static uint32_t lower_enum(struct duet_lower *lower, const struct duet_m_field *field)
{
    struct duet_t_enum row = { .name = duet_lower_str(lower, field->name),
                               .values = duet_build_count(lower->builder, DUET_SECTION_VALUE),
                               .values_count = field->values.count,
                               .ordered = field->values.ordered };
    for (uint32_t i = 0; i < field->values.count; i++) {
        const struct duet_m_value *value = &field->values.values[i];
        struct duet_t_value built = { .name = duet_lower_str(lower, value->name),
                                      .wire = duet_lower_str(lower, value->wire),
                                      .wire_number = value->wire_number };
        duet_build_row(lower->builder, DUET_SECTION_VALUE, &built);
    }
    return duet_build_row(lower->builder, DUET_SECTION_ENUM, &row);
}

/* `person (login Owner) at Owner`: the path itself holds the one key. */
static bool is_scalar(const struct duet_ast_field *field)
{
    const struct duet_ast_person_key *key = field->type->persons.first;
    const struct duet_ast_step *last = field->place->steps.last;
    return key && !key->next && key->path->steps.count == 1 &&
           duet_names_same(key->path->steps.first->name.text, last->name.text);
}

static uint32_t flags_of(const struct duet_m_field *field)
{
    const struct duet_ast_field *ast = field->ast;
    uint32_t flags = 0;
    if (field->required)
        flags |= DUET_FIELD_REQUIRED;
    if (field->read_only)
        flags |= DUET_FIELD_READ_ONLY;
    if (ast->type->as_text)
        flags |= DUET_FIELD_AS_TEXT;
    if (field->type == DUET_TYPE_PERSON && is_scalar(ast))
        flags |= DUET_FIELD_SCALAR;
    if (ast->write_whole_at.file != DUET_SOURCE_NONE)
        flags |= DUET_FIELD_WHOLE;
    return flags;
}

static void lower_person_keys(struct duet_lower *lower, const struct duet_ast_type *type,
                              struct duet_t_field *row)
{
    row->keys = duet_build_count(lower->builder, DUET_SECTION_PERSON_KEY);
    for (const struct duet_ast_person_key *key = type->persons.first; key; key = key->next) {
        struct duet_t_person_key built = { .key = duet_lower_str(lower, key->key.text),
                                           .member = duet_lower_path(lower, key->path) };
        duet_build_row(lower->builder, DUET_SECTION_PERSON_KEY, &built);
        row->keys_count++;
    }
}

static void add_empty_also(struct duet_lower *lower, struct duet_t_field *row, const char *text)
{
    struct duet_t_name name = { .text = duet_lower_str(lower, text) };
    if (row->empty_also_count == 0)
        row->empty_also = duet_build_count(lower->builder, DUET_SECTION_NAME);
    duet_build_row(lower->builder, DUET_SECTION_NAME, &name);
    row->empty_also_count++;
}

/* The first is what is written, the others are read as missing too. */
static void lower_empty(struct duet_lower *lower, const struct duet_ast_value *empty,
                        struct duet_t_field *row)
{
    row->empty_text = DUET_NONE;
    const struct duet_ast_value *value =
        empty && empty->kind == DUET_AST_VALUE_LIST ? empty->values.first : empty;
    for (bool first = true; value; value = value->next, first = false) {
        const char *word = duet_types_value_word(lower->check->arena, value);
        if (!first && word)
            add_empty_also(lower, row, word);
        if (!first)
            continue;
        if (word) {
            row->empty = DUET_EMPTY_TEXT;
            row->empty_text = duet_lower_str(lower, word);
        } else {
            row->empty = value->kind == DUET_AST_VALUE_NULL ? DUET_EMPTY_NULL : DUET_EMPTY_ABSENT;
        }
        if (empty->kind != DUET_AST_VALUE_LIST)
            break;
    }
}

static enum duet_time_unit time_unit(enum duet_ast_time_form form)
{
    switch (form) {
    case DUET_AST_TIME_ISO:
        return DUET_TIME_RFC3339;
    case DUET_AST_TIME_FORMAT:
        return DUET_TIME_FORMAT;
    case DUET_AST_TIME_MILLISECONDS:
        return DUET_TIME_MILLISECONDS;
    case DUET_AST_TIME_SECONDS:
        return DUET_TIME_SECONDS;
    }
    return DUET_TIME_RFC3339;
}

static void lower_matrices(struct duet_lower *lower, const struct duet_m_field *field,
                           struct duet_t_field *row)
{
    uint32_t words = duet_m_words(field->values.count);
    if (field->legal) {
        struct duet_lower_range legal =
            duet_lower_words(lower, field->legal, field->parent->values.count * words);
        row->legal = legal.first;
        row->legal_count = legal.count;
    }
    if (field->moves) {
        struct duet_lower_range moves =
            duet_lower_words(lower, field->moves, field->values.count * words);
        row->moves = moves.first;
        row->moves_count = moves.count;
    }
}

static void lower_field(struct duet_lower *lower, enum duet_side side,
                        const struct duet_m_field *field)
{
    const struct duet_ast_field *ast = field->ast;
    struct duet_t_field row = {
        .name = duet_lower_str(lower, field->name),
        .type = (uint32_t)field->type,
        .values = field->type == DUET_TYPE_ENUM ? lower_enum(lower, field) : DUET_NONE,
        .path = duet_lower_path(lower, ast->place),
        .write_as = ast->write_as
                        ? duet_lower_str(lower, duet_names_plain(lower->check->arena,
                                                                 ast->write_as->steps.first))
                        : DUET_NONE,
        .section = duet_lower_str(lower, field->section),
        .max = ast->max.given ? (uint32_t)ast->max.value : 0,
        .flags = flags_of(field),
        .required_when = duet_lower_expr(lower, field->required_when),
        .depends = field->legal ? duet_lower_field(lower, side, field->parent) : DUET_NONE,
        .time_unit = (uint32_t)time_unit(ast->type->time_form),
        .time_format = duet_lower_str(lower, ast->type->time_format),
        .file = duet_lower_file(lower, ast->at),
        .line = duet_lower_line(lower, ast->at),
    };
    lower_person_keys(lower, ast->type, &row);
    lower_empty(lower, ast->empty, &row);
    lower_matrices(lower, field, &row);
    duet_build_row(lower->builder, DUET_SECTION_FIELD, &row);
}

void duet_lower_fields(struct duet_lower *lower, enum duet_side side)
{
    const struct duet_m_record *record = lower->mapping->records[side];
    for (uint32_t i = 0; i < record->count; i++)
        lower_field(lower, side, &record->fields[i]);
}

/* --- what the side refuses -------------------------------------------------------------------- */

static void add_rule(struct duet_lower *lower, enum duet_side side, enum duet_rule_kind kind,
                     const struct duet_m_field *field, const struct duet_m_expr *when,
                     uint64_t reads)
{
    struct duet_t_rule row = {
        .kind = (uint32_t)kind,
        .field = duet_lower_field(lower, side, field),
        .when = duet_lower_expr(lower, when),
        .reads_lo = (uint32_t)(reads & 0xffffffffU),
        .reads_hi = (uint32_t)(reads >> 32),
        .file = duet_lower_file(lower, field->ast->at),
        .line = duet_lower_line(lower, field->ast->at),
    };
    duet_build_row(lower->builder, DUET_SECTION_RULE, &row);
}

static void lower_rules_of(struct duet_lower *lower, enum duet_side side,
                           const struct duet_m_field *field)
{
    uint64_t own = duet_bit(field->number);
    uint64_t parent = field->legal ? duet_bit(field->parent->number) : 0;
    if (field->read_only)
        return;
    if (field->required || field->required_when)
        add_rule(lower, side, DUET_RULE_REQUIRED, field, field->required_when,
                 own | parent |
                     duet_checker_reads(lower->mapping->records[side], field->required_when));
    if (field->legal)
        add_rule(lower, side, DUET_RULE_DEPENDENT, field, NULL, own | parent);
    if (field->ast->max.given)
        add_rule(lower, side, DUET_RULE_MAX, field, NULL, own);
    if (field->moves)
        add_rule(lower, side, DUET_RULE_MOVES, field, NULL, own);
}

/* --- notes, settings -------------------------------------------------------------------------- */

static const struct duet_ast_field *note_field(const struct duet_ast_field *notes, const char *name)
{
    for (const struct duet_ast_field *field = notes->fields.first; field; field = field->next) {
        if (duet_names_same(field->name.text, name))
            return field;
    }
    return NULL;
}

static uint32_t note_path(struct duet_lower *lower, const struct duet_ast_field *field)
{
    return field ? duet_lower_path(lower, field->place) : DUET_NONE;
}

static uint32_t lower_notes(struct duet_lower *lower, enum duet_side side)
{
    const struct duet_m_record *record = lower->mapping->records[side];
    const struct duet_ast_field *notes = record->notes;
    if (!notes)
        return DUET_NONE;
    const struct duet_ast_field *text = note_field(notes, "text");
    const struct duet_ast_field *written = note_field(notes, "written");
    struct duet_t_notes row = {
        .name = duet_lower_str(lower, notes->name.text),
        .path = duet_lower_path(lower, notes->place),
        .id = note_path(lower, note_field(notes, "id")),
        .text = note_path(lower, text),
        .html = text->type->kind == DUET_AST_TYPE_HTML,
        .author = note_path(lower, note_field(notes, "author")),
        .written = note_path(lower, written),
        .time_unit = written ? (uint32_t)time_unit(written->type->time_form) : 0,
        .time_format = duet_lower_str(lower, written ? written->type->time_format : NULL),
        .max_count = notes->max.given ? (uint32_t)notes->max.value : 0,
        .max_length = text->max.given ? (uint32_t)text->max.value : 0,
        .count = duet_lower_field(lower, side, record->note_count),
    };
    return duet_build_row(lower->builder, DUET_SECTION_NOTES, &row);
}

static enum duet_setting_type setting_type(enum duet_ast_type_kind kind)
{
    switch (kind) {
    case DUET_AST_TYPE_URL:
        return DUET_SETTING_URL;
    case DUET_AST_TYPE_SECRET:
        return DUET_SETTING_SECRET;
    case DUET_AST_TYPE_INTEGER:
    case DUET_AST_TYPE_NUMBER:
    case DUET_AST_TYPE_DURATION:
        return DUET_SETTING_NUMBER;
    case DUET_AST_TYPE_TEXT:
    case DUET_AST_TYPE_HTML:
    case DUET_AST_TYPE_BOOLEAN:
    case DUET_AST_TYPE_TIME:
    case DUET_AST_TYPE_ENUM:
    case DUET_AST_TYPE_DEPENDENT:
    case DUET_AST_TYPE_PERSON:
    case DUET_AST_TYPE_LIST:
    case DUET_AST_TYPE_NOTES:
        break;
    }
    return DUET_SETTING_TEXT;
}

/* How a setting's value reads as text; NULL: it has none. */
static const char *fallback_of(struct duet_lower *lower, const struct duet_ast_value *value)
{
    if (!value)
        return NULL;
    if (value->kind == DUET_AST_VALUE_TRUE || value->kind == DUET_AST_VALUE_FALSE)
        return value->kind == DUET_AST_VALUE_TRUE ? "true" : "false";
    if (value->kind == DUET_AST_VALUE_DECIMAL)
        return value->text;
    if (value->kind == DUET_AST_VALUE_DURATION)
        return duet_arena_format(lower->check->arena, "%lld", (long long)value->integer);
    if (value->kind == DUET_AST_VALUE_PATH)
        return duet_names_plain(lower->check->arena, value->path->steps.first);
    return duet_types_value_word(lower->check->arena, value);
}

static void lower_settings(struct duet_lower *lower, const struct duet_ast_system *system,
                           struct duet_t_side *row)
{
    row->settings = duet_build_count(lower->builder, DUET_SECTION_SETTING);
    for (const struct duet_ast_setting *setting = system->settings.first; setting;
         setting = setting->next) {
        struct duet_t_setting built = {
            .name = duet_lower_str(lower, setting->name.text),
            .type = (uint32_t)setting_type(setting->type->kind),
            .fallback = duet_lower_str(lower, fallback_of(lower, setting->default_value)),
        };
        duet_build_row(lower->builder, DUET_SECTION_SETTING, &built);
        row->settings_count++;
    }
}

void duet_lower_record(struct duet_lower *lower, enum duet_side side, struct duet_t_side *row)
{
    const struct duet_m_record *record = lower->mapping->records[side];
    const struct duet_ast_system *system = record->system;
    row->name = duet_lower_str(lower, lower->mapping->side_names[side]);
    row->system = duet_lower_str(lower, system->name.text);
    row->title = duet_lower_str(lower, system->title.text ? system->title.text : system->name.text);
    row->record = duet_lower_str(lower, record->ast->name.text);
    row->fields = lower->first_field[side];
    row->fields_count = record->count;
    row->key = duet_lower_field(lower, side, record->key);
    row->version = duet_lower_field(lower, side, record->version);
    row->modified = duet_lower_field(lower, side, record->modified);
    row->claim = duet_lower_field(lower, side, record->claim);
    row->closed = duet_lower_expr(lower, record->closed ? record->closed->when : NULL);
    row->merged = duet_lower_expr(lower, record->merged ? record->merged->when : NULL);
    row->rules = duet_build_count(lower->builder, DUET_SECTION_RULE);
    for (uint32_t i = 0; i < record->count; i++)
        lower_rules_of(lower, side, &record->fields[i]);
    row->rules_count = duet_build_count(lower->builder, DUET_SECTION_RULE) - row->rules;
    row->notes = lower_notes(lower, side);
    lower_settings(lower, system, row);
}
