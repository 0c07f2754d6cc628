#include "engine/record/record.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/record/expr.h"
#include "engine/record/times.h"

/* --- paths ------------------------------------------------------------------------------------------ */

static const json_t *find_steps(const struct duet_tables *tables, uint32_t step, uint32_t count,
                                const json_t *json)
{
    for (uint32_t i = 0; i < count && json; i++) {
        const struct duet_t_step *row = duet_step_row(tables, step + i);
        json = json_object_get(json, duet_str(tables, row->name));
        if (row->each)
            return json_is_array(json) ? json : NULL;
    }
    return json;
}

const json_t *duet_path_find(const struct duet_tables *tables, uint32_t path, const json_t *json)
{
    const struct duet_t_path *row = duet_path_row(tables, path);
    return row ? find_steps(tables, row->steps, row->steps_count, json) : NULL;
}

/* How many steps stand before and with the first `[]`; the path's length when there is none. */
static uint32_t steps_to_each(const struct duet_tables *tables, const struct duet_t_path *path)
{
    for (uint32_t i = 0; i < path->steps_count; i++) {
        if (duet_step_row(tables, path->steps + i)->each)
            return i + 1;
    }
    return path->steps_count;
}

/* --- values ----------------------------------------------------------------------------------------- */

static struct duet_value unknown_json(const json_t *json, struct duet_arena *arena)
{
    struct duet_value value = { .kind = DUET_VALUE_UNKNOWN };
    if (json_is_string(json)) {
        value.text = duet_arena_copy_text(arena, json_string_value(json), json_string_length(json));
        return value;
    }
    char *text = json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT);
    value.text = text ? duet_arena_copy_text(arena, text, strlen(text)) : "?";
    free(text);
    return value;
}

static bool text_is_empty(const struct duet_tables *tables, const struct duet_t_field *field,
                          const char *text)
{
    if (!*text)
        return field->empty == DUET_EMPTY_DEFAULT || field->empty == DUET_EMPTY_TEXT;
    if (field->empty == DUET_EMPTY_TEXT && strcmp(duet_str(tables, field->empty_text), text) == 0)
        return true;
    for (uint32_t i = 0; i < field->empty_also_count; i++) {
        if (strcmp(duet_str(tables, duet_name_row(tables, field->empty_also + i)->text), text) == 0)
            return true;
    }
    return false;
}

/* A scalar as text: strings as they are, integers in decimal; NULL for the rest. */
static const char *scalar_text(const json_t *json, struct duet_arena *arena)
{
    if (json_is_string(json))
        return duet_arena_copy_text(arena, json_string_value(json), json_string_length(json));
    if (json_is_integer(json))
        return duet_arena_format(arena, "%lld", (long long)json_integer_value(json));
    return NULL;
}

static struct duet_value read_enum(const struct duet_tables *tables,
                                   const struct duet_t_field *field, const char *text,
                                   const json_t *json, struct duet_arena *arena)
{
    const struct duet_t_enum *values = duet_enum_row(tables, field->values);
    for (uint32_t i = 0; text && i < values->values_count; i++) {
        const struct duet_t_value *row = duet_value_row(tables, values->values + i);
        const char *spelled =
            row->wire != DUET_NONE ? duet_str(tables, row->wire) : duet_str(tables, row->name);
        if (strcasecmp(spelled, text) == 0)
            return (struct duet_value){ .kind = DUET_VALUE_ENUM, .number = i, .text = text };
    }
    return unknown_json(json, arena);
}

static bool parse_integer(const char *text, int64_t *number_out)
{
    char *end = NULL;
    long long number = strtoll(text, &end, 10);
    *number_out = number;
    return end != text && !*end;
}

static struct duet_value read_integer(const struct duet_t_field *field, const char *text,
                                      const json_t *json, struct duet_arena *arena)
{
    int64_t number = 0;
    if (json_is_integer(json))
        return (struct duet_value){ .kind = DUET_VALUE_INTEGER,
                                    .number = json_integer_value(json) };
    if ((field->flags & DUET_FIELD_AS_TEXT) && text && parse_integer(text, &number))
        return (struct duet_value){ .kind = DUET_VALUE_INTEGER, .number = number };
    return unknown_json(json, arena);
}

static struct duet_value read_number(const struct duet_t_field *field, const char *text,
                                     const json_t *json, struct duet_arena *arena)
{
    if (json_is_number(json))
        return (struct duet_value){ .kind = DUET_VALUE_NUMBER,
                                    .text = duet_arena_format(arena, "%.17g",
                                                              json_number_value(json)) };
    char *end = NULL;
    if ((field->flags & DUET_FIELD_AS_TEXT) && text && (strtod(text, &end), end != text && !*end))
        return (struct duet_value){ .kind = DUET_VALUE_NUMBER, .text = text };
    return unknown_json(json, arena);
}

static struct duet_value read_time(const struct duet_tables *tables,
                                   const struct duet_t_field *field, const char *text,
                                   const json_t *json, struct duet_arena *arena)
{
    struct duet_value value = { .kind = DUET_VALUE_TIME };
    if (text && duet_time_parse((enum duet_time_unit)field->time_unit,
                                duet_opt_str(tables, field->time_format), text, &value.number))
        return value;
    return unknown_json(json, arena);
}

static struct duet_value person_of_text(const struct duet_rules *rules, uint32_t field,
                                        const char *text)
{
    enum duet_side side = duet_field_side(rules->tables, field);
    const struct duet_persons *persons = duet_rules_persons(rules, field);
    uint32_t row = persons ? duet_persons_find(persons, side, text) : DUET_NONE;
    if (row == DUET_NONE)
        return (struct duet_value){ .kind = DUET_VALUE_UNKNOWN, .text = text };
    return (struct duet_value){ .kind = DUET_VALUE_PERSON, .number = row, .text = text };
}

/* An object with a member for each key: the first key that the table knows decides; an empty person has no member set. */
static struct duet_value read_person_object(const struct duet_rules *rules, uint32_t index,
                                            const json_t *json, struct duet_arena *arena)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_field *field = duet_field_row(tables, index);
    struct duet_value first = { 0 };
    for (uint32_t k = 0; k < field->keys_count; k++) {
        const struct duet_t_person_key *key = duet_person_key_row(tables, field->keys + k);
        const char *text = scalar_text(duet_path_find(tables, key->member, json), arena);
        if (!text || text_is_empty(tables, field, text))
            continue;
        struct duet_value value = person_of_text(rules, index, text);
        if (duet_value_known(&value))
            return value;
        if (duet_value_missing(&first))
            first = value;
    }
    return first;
}

static struct duet_value read_list(const struct duet_tables *tables,
                                   const struct duet_t_field *field, const json_t *json,
                                   struct duet_arena *arena)
{
    if (!json_is_array(json))
        return unknown_json(json, arena);
    const struct duet_t_path *path = duet_path_row(tables, field->path);
    uint32_t each = steps_to_each(tables, path);
    size_t count = json_array_size(json);
    const char **items = duet_arena_alloc_array(arena, count + 1, sizeof *items);
    struct duet_value value = { .kind = DUET_VALUE_LIST, .items = items };
    for (size_t i = 0; i < count; i++) {
        const json_t *item = find_steps(tables, path->steps + each, path->steps_count - each,
                                        json_array_get(json, i));
        const char *text = scalar_text(item, arena);
        if (!text)
            return unknown_json(json, arena);
        items[value.count++] = text;
    }
    return value;
}

struct duet_value duet_value_read(const struct duet_rules *rules, uint32_t index,
                                  const json_t *json, struct duet_arena *arena)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_field *field = duet_field_row(tables, index);
    if (!json || json_is_null(json))
        return (struct duet_value){ 0 };
    const char *text = scalar_text(json, arena);
    if (text && text_is_empty(tables, field, text))
        return (struct duet_value){ 0 };
    switch ((enum duet_type)field->type) {
    case DUET_TYPE_TEXT:
        return text ? (struct duet_value){ .kind = DUET_VALUE_TEXT, .text = text }
                    : unknown_json(json, arena);
    case DUET_TYPE_ENUM:
        return read_enum(tables, field, text, json, arena);
    case DUET_TYPE_INTEGER:
        return read_integer(field, text, json, arena);
    case DUET_TYPE_NUMBER:
        return read_number(field, text, json, arena);
    case DUET_TYPE_BOOLEAN:
        if (json_is_boolean(json))
            return (struct duet_value){ .kind = DUET_VALUE_BOOLEAN, .number = json_is_true(json) };
        return unknown_json(json, arena);
    case DUET_TYPE_TIME:
        return read_time(tables, field, text, json, arena);
    case DUET_TYPE_PERSON:
        if (text)
            return person_of_text(rules, index, text);
        return json_is_object(json) ? read_person_object(rules, index, json, arena)
                                    : unknown_json(json, arena);
    case DUET_TYPE_LIST:
        return read_list(tables, field, json, arena);
    case DUET_TYPES:
        break;
    }
    return unknown_json(json, arena);
}

struct duet_value duet_value_resolve(const struct duet_rules *rules, uint32_t field,
                                     const struct duet_value *value)
{
    if (duet_field_row(rules->tables, field)->type != DUET_TYPE_PERSON || !value->text)
        return *value;
    return person_of_text(rules, field, value->text);
}

/* --- records ---------------------------------------------------------------------------------------- */

static const char *text_of_field(const struct duet_tables *tables, uint32_t field,
                                 const json_t *json, struct duet_arena *arena)
{
    const struct duet_t_field *row = duet_field_row(tables, field);
    return row ? scalar_text(duet_path_find(tables, row->path, json), arena) : NULL;
}

enum duet_status duet_record_from_json(const struct duet_rules *rules, enum duet_side side,
                                       const json_t *json, const char *raw, size_t length,
                                       struct duet_arena *arena, struct duet_record *record_out,
                                       struct duet_error *error)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_side *row = duet_side_row(tables, side);
    if (!json_is_object(json))
        return duet_fail(error, DUET_INVALID, "a record of %s must be a JSON object",
                         duet_str(tables, row->system));
    struct duet_record record = { .raw = raw, .length = length };
    record.values = duet_arena_alloc_array(arena, row->fields_count + 1U, sizeof *record.values);
    for (uint32_t i = 0; i < row->fields_count; i++) {
        const struct duet_t_field *field = duet_field_row(tables, row->fields + i);
        record.values[i] = duet_value_read(rules, row->fields + i,
                                           duet_path_find(tables, field->path, json), arena);
    }
    record.key = text_of_field(tables, row->key, json, arena);
    record.version = text_of_field(tables, row->version, json, arena);
    if (row->modified != DUET_NONE) {
        const struct duet_value *modified = &record.values[row->modified - row->fields];
        if (modified->kind == DUET_VALUE_TIME)
            record.modified = modified->number;
    }
    *record_out = record;
    return DUET_OK;
}

/* Depth is checked before jansson recurses, with its own limit of 2048 in mind. */
static bool too_deep(const char *raw, size_t length)
{
    unsigned depth = 0;
    bool in_text = false;
    for (size_t i = 0; i < length; i++) {
        char character = raw[i];
        if (in_text) {
            if (character == '\\')
                i++;
            else if (character == '"')
                in_text = false;
        } else if (character == '"') {
            in_text = true;
        } else if (character == '{' || character == '[') {
            if (++depth > DUET_RECORD_MAX_DEPTH)
                return true;
        } else if (character == '}' || character == ']') {
            depth -= depth > 0;
        }
    }
    return false;
}

enum duet_status duet_record_read(const struct duet_rules *rules, enum duet_side side,
                                  const char *raw, size_t length, struct duet_arena *arena,
                                  struct duet_record *record_out, struct duet_error *error)
{
    if (length > DUET_RECORD_MAX_BYTES)
        return duet_fail(error, DUET_INVALID, "the record is larger than %u bytes",
                         DUET_RECORD_MAX_BYTES);
    if (too_deep(raw, length))
        return duet_fail(error, DUET_INVALID, "the record is nested deeper than %u",
                         DUET_RECORD_MAX_DEPTH);
    json_error_t fault;
    json_t *json = json_loadb(raw, length, JSON_REJECT_DUPLICATES, &fault);
    if (!json)
        return duet_fail(error, DUET_INVALID, "the record isn't valid JSON: %s (byte %d)",
                         fault.text, fault.position);
    enum duet_status status =
        duet_record_from_json(rules, side, json, raw, length, arena, record_out, error);
    json_decref(json);
    return status;
}

/* --- predicates --------------------------------------------------------------------------------------- */

struct own_fields {
    const struct duet_rules *rules;
    enum duet_side side;
    const struct duet_value *values;
};

static struct duet_value read_own_field(void *data, const struct duet_t_expr *leaf)
{
    const struct own_fields *own = data;
    if (leaf->op != DUET_EXPR_FIELD)
        return (struct duet_value){ 0 };
    return own->values[duet_field_number(own->rules->tables, own->side, leaf->field)];
}

static bool test_own_record(void *data, const struct duet_t_expr *expr)
{
    const struct own_fields *own = data;
    if (expr->op == DUET_EXPR_CLOSED)
        return duet_record_closed(own->rules, own->side, own->values);
    return false;
}

static bool predicate_holds(const struct duet_rules *rules, enum duet_side side, uint32_t expr,
                            const struct duet_value *values)
{
    if (expr == DUET_NONE)
        return false;
    struct own_fields own = { .rules = rules, .side = side, .values = values };
    struct duet_leaves leaves = { .read = read_own_field, .test = test_own_record, .data = &own };
    return duet_expr_holds(rules->tables, expr, &leaves);
}

bool duet_record_closed(const struct duet_rules *rules, enum duet_side side,
                        const struct duet_value *values)
{
    struct own_fields own = { .rules = rules, .side = side, .values = values };
    uint32_t expr = duet_side_row(rules->tables, side)->closed;
    struct duet_leaves leaves = { .read = read_own_field, .data = &own };
    return expr != DUET_NONE && duet_expr_holds(rules->tables, expr, &leaves);
}

bool duet_record_merged(const struct duet_rules *rules, enum duet_side side,
                        const struct duet_value *values)
{
    return predicate_holds(rules, side, duet_side_row(rules->tables, side)->merged, values);
}
