#include "engine/prove/written.h"

#include <string.h>

#include "dsl/names.h"
#include "engine/record/times.h"

/* --- names ----------------------------------------------------------------------------------------------- */

static const struct duet_t_field *row_of(const struct duet_written *written, enum duet_side side,
                                         uint32_t field)
{
    const struct duet_tables *tables = written->rules->tables;
    return duet_field_row(tables, duet_side_row(tables, side)->fields + field);
}

uint32_t duet_written_field(const struct duet_written *written, enum duet_side side,
                            const struct duet_ast_path *path)
{
    const struct duet_tables *tables = written->rules->tables;
    const char *name = duet_names_plain(written->arena, path->steps.first);
    uint32_t count = duet_side_row(tables, side)->fields_count;
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(duet_str(tables, row_of(written, side, i)->name), name) == 0)
            return i;
    }
    return DUET_NONE;
}

/* The word that stands there, with a variable replaced; NULL when it is no word. */
static const char *word_of(const struct duet_written *written, const struct duet_ast_value *value)
{
    const char *word = duet_ast_value_word(value);
    if (value->kind != DUET_AST_VALUE_PATH || !word)
        return word;
    for (const struct duet_binding *binding = written->bindings; binding; binding = binding->next) {
        if (strcmp(binding->name, word) == 0)
            return binding->value;
    }
    return word;
}

/* --- reading --------------------------------------------------------------------------------------------- */

static enum duet_status read_enum(const struct duet_written *written,
                                  const struct duet_t_field *field, const char *word,
                                  struct duet_value *value_out, struct duet_error *error)
{
    const struct duet_tables *tables = written->rules->tables;
    const struct duet_t_enum *values = duet_enum_row(tables, field->values);
    for (uint32_t i = 0; word && values && i < values->values_count; i++) {
        const char *name = duet_str(tables, duet_value_row(tables, values->values + i)->name);
        if (strcmp(name, word) == 0) {
            *value_out = (struct duet_value){ .kind = DUET_VALUE_ENUM, .number = i, .text = name };
            return DUET_OK;
        }
    }
    return duet_fail(error, DUET_INVALID, "'%s' has no value '%s'", duet_str(tables, field->name),
                     word ? word : "?");
}

static const char *table_of_field(const struct duet_rules *rules, uint32_t field)
{
    const struct duet_t_mapping *mapping = duet_mapping(rules->tables);
    for (uint32_t i = 0; i < mapping->pairs_count; i++) {
        const struct duet_t_pair *pair = duet_pair_row(rules->tables, mapping->pairs + i);
        if (pair->left == field || pair->right == field)
            return duet_opt_str(rules->tables, pair->table);
    }
    return NULL;
}

static const char *first_key(const struct duet_written *written, enum duet_side side,
                             uint32_t field, uint32_t row)
{
    const struct duet_tables *tables = written->rules->tables;
    uint32_t index = duet_side_row(tables, side)->fields + field;
    const struct duet_persons *persons = duet_rules_persons(written->rules, index);
    const struct duet_t_field *format = duet_field_row(tables, index);
    for (uint32_t k = 0; persons && k < format->keys_count; k++) {
        const char *key = duet_str(tables, duet_person_key_row(tables, format->keys + k)->key);
        const char *cell = duet_persons_cell(persons, row, side, key);
        if (cell)
            return cell;
    }
    return NULL;
}

static const struct duet_cast_row *cast_named(const struct duet_written *written, const char *table,
                                              const char *name)
{
    const struct duet_cast_row *row = written->cast;
    while (row && (strcmp(row->name, name) != 0 || !table || strcmp(row->table, table) != 0))
        row = row->next;
    return row;
}

static enum duet_status read_row(const struct duet_written *written, enum duet_side side,
                                 uint32_t field, const char *word, struct duet_value *value_out,
                                 struct duet_error *error)
{
    const struct duet_tables *tables = written->rules->tables;
    const char *table = table_of_field(written->rules, duet_side_row(tables, side)->fields + field);
    const struct duet_cast_row *row = cast_named(written, table, word);
    if (!row)
        return duet_fail(error, DUET_INVALID,
                         "no row '%s' in table '%s': give it with `given table %s { %s { ... } }`",
                         word, table ? table : "?", table ? table : "?", word);
    const char *key = first_key(written, side, field, row->row);
    if (!key)
        return duet_fail(error, DUET_INVALID, "'%s' has no key that '%s' shows", word,
                         duet_str(tables, duet_side_row(tables, side)->name));
    *value_out = (struct duet_value){ .kind = DUET_VALUE_PERSON, .number = row->row, .text = key };
    return DUET_OK;
}

static enum duet_status read_list(const struct duet_written *written,
                                  const struct duet_ast_value *value, struct duet_value *value_out,
                                  struct duet_error *error)
{
    size_t count = value->values.count;
    const char **items = duet_arena_alloc_array(written->arena, count + 1, sizeof *items);
    size_t i = 0;
    for (const struct duet_ast_value *item = value->values.first; item; item = item->next) {
        items[i] = word_of(written, item);
        if (!items[i++])
            return duet_fail(error, DUET_INVALID, "a list holds texts");
    }
    *value_out =
        (struct duet_value){ .kind = DUET_VALUE_LIST, .items = items, .count = (uint32_t)count };
    return DUET_OK;
}

/* New reference; NULL for a value that has no JSON. */
static json_t *json_of(const struct duet_written *written, const struct duet_ast_value *value)
{
    switch (value->kind) {
    case DUET_AST_VALUE_TEXT:
    case DUET_AST_VALUE_PATH:
        return word_of(written, value) ? json_string(word_of(written, value)) : NULL;
    case DUET_AST_VALUE_INTEGER:
        return json_integer(value->integer);
    case DUET_AST_VALUE_DECIMAL:
        return json_real(value->decimal);
    case DUET_AST_VALUE_TRUE:
        return json_true();
    case DUET_AST_VALUE_FALSE:
        return json_false();
    case DUET_AST_VALUE_DURATION:
    case DUET_AST_VALUE_NULL:
    case DUET_AST_VALUE_NONE:
    case DUET_AST_VALUE_ABSENT:
    case DUET_AST_VALUE_LIST:
    case DUET_AST_VALUE_ENV:
    case DUET_AST_VALUE_FILE:
        break;
    }
    return NULL;
}

/* As the system would show it. */
static enum duet_status read_shown(const struct duet_written *written, enum duet_side side,
                                   uint32_t field, const struct duet_ast_value *value,
                                   struct duet_value *value_out, struct duet_error *error)
{
    const struct duet_tables *tables = written->rules->tables;
    const struct duet_t_field *row = row_of(written, side, field);
    json_t *json = json_of(written, value);
    *value_out = duet_value_read(written->rules, duet_side_row(tables, side)->fields + field, json,
                                 written->arena);
    bool strange = !json || (!duet_value_known(value_out) && row->type != DUET_TYPE_PERSON);
    json_decref(json);
    if (strange)
        return duet_fail(error, DUET_INVALID, "'%s' can't hold this value",
                         duet_str(tables, row->name));
    return DUET_OK;
}

static bool is_none(const struct duet_ast_value *value)
{
    return value->kind == DUET_AST_VALUE_NONE || value->kind == DUET_AST_VALUE_NULL ||
           value->kind == DUET_AST_VALUE_ABSENT;
}

enum duet_status duet_written_read(const struct duet_written *written, enum duet_side side,
                                   uint32_t field, const struct duet_ast_value *value,
                                   struct duet_value *value_out, struct duet_error *error)
{
    const struct duet_t_field *row = row_of(written, side, field);
    const char *word = word_of(written, value);
    *value_out = (struct duet_value){ 0 };
    if (is_none(value))
        return DUET_OK;
    if (row->type == DUET_TYPE_ENUM)
        return read_enum(written, row, word, value_out, error);
    if (row->type == DUET_TYPE_LIST && value->kind == DUET_AST_VALUE_LIST)
        return read_list(written, value, value_out, error);
    if (row->type == DUET_TYPE_PERSON && value->kind == DUET_AST_VALUE_PATH && word)
        return read_row(written, side, field, word, value_out, error);
    if (row->type == DUET_TYPE_TIME && word &&
        duet_time_parse(DUET_TIME_RFC3339, NULL, word, &value_out->number)) {
        value_out->kind = DUET_VALUE_TIME;
        return DUET_OK;
    }
    return read_shown(written, side, field, value, value_out, error);
}

/* --- showing --------------------------------------------------------------------------------------------- */

static bool is_plain_word(const char *text)
{
    for (const char *c = text; *c; c++) {
        bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || *c == '_';
        if (!letter && !(*c >= '0' && *c <= '9' && c != text))
            return false;
    }
    return *text != '\0';
}

static const char *show_person(const struct duet_written *written, enum duet_side side,
                               uint32_t field, const struct duet_value *value)
{
    const struct duet_tables *tables = written->rules->tables;
    const char *table = table_of_field(written->rules, duet_side_row(tables, side)->fields + field);
    for (const struct duet_cast_row *row = written->cast; row && table; row = row->next) {
        if (row->row == value->number && strcmp(row->table, table) == 0)
            return row->name;
    }
    return duet_arena_format(written->arena, "\"%s\"", value->text);
}

static const char *show_list(const struct duet_written *written, const struct duet_value *value)
{
    const char *text = "";
    for (uint32_t i = 0; i < value->count; i++)
        text =
            duet_arena_format(written->arena, "%s%s\"%s\"", text, i ? ", " : "", value->items[i]);
    return duet_arena_format(written->arena, "(%s)", text);
}

const char *duet_written_show(const struct duet_written *written, enum duet_side side,
                              uint32_t field, const struct duet_value *value)
{
    const struct duet_t_field *row = row_of(written, side, field);
    const char *shown = duet_value_show(written->rules->tables, row, value, written->arena);
    switch (value->kind) {
    case DUET_VALUE_MISSING:
        return "none";
    case DUET_VALUE_ENUM:
        return is_plain_word(shown) ? shown : duet_arena_format(written->arena, "\"%s\"", shown);
    case DUET_VALUE_PERSON:
        return show_person(written, side, field, value);
    case DUET_VALUE_LIST:
        return show_list(written, value);
    case DUET_VALUE_TEXT:
    case DUET_VALUE_INTEGER:
    case DUET_VALUE_NUMBER:
    case DUET_VALUE_BOOLEAN:
    case DUET_VALUE_TIME:
    case DUET_VALUE_UNKNOWN:
    case DUET_VALUE_KINDS:
        break;
    }
    return shown;
}
