#include "engine/record/write.h"

#include <stdlib.h>
#include <string.h>

#include "engine/record/times.h"

#define MAX_STEPS 64U

/* --- one value ---------------------------------------------------------------------------------------- */

static json_t *enum_json(const struct duet_tables *tables, const struct duet_t_field *field,
                         const struct duet_value *value)
{
    const struct duet_t_enum *values = duet_enum_row(tables, field->values);
    if (value->number < 0 || value->number >= values->values_count)
        return NULL;
    const struct duet_t_value *row =
        duet_value_row(tables, values->values + (uint32_t)value->number);
    const char *spelled =
        row->wire != DUET_NONE ? duet_str(tables, row->wire) : duet_str(tables, row->name);
    return row->wire_number ? json_integer(strtoll(spelled, NULL, 10)) : json_string(spelled);
}

static json_t *time_json(const struct duet_tables *tables, const struct duet_t_field *field,
                         const struct duet_value *value)
{
    char text[DUET_TIME_TEXT_MAX];
    enum duet_time_unit unit = (enum duet_time_unit)field->time_unit;
    if (!duet_time_print(unit, duet_opt_str(tables, field->time_format), value->number, text))
        return NULL;
    if (unit == DUET_TIME_RFC3339 || unit == DUET_TIME_FORMAT ||
        (field->flags & DUET_FIELD_AS_TEXT))
        return json_string(text);
    return json_integer(strtoll(text, NULL, 10));
}

static void set_at(const struct duet_tables *tables, json_t *object, uint32_t path, json_t *value);

/* Only the keys that the table has for this person: the system fills in the others. */
static json_t *person_json(const struct duet_rules *rules, uint32_t index,
                           const struct duet_value *value)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_field *field = duet_field_row(tables, index);
    const struct duet_persons *persons = duet_rules_persons(rules, index);
    enum duet_side side = duet_field_side(tables, index);
    if (!persons)
        return NULL;
    json_t *object = json_object();
    for (uint32_t k = 0; k < field->keys_count; k++) {
        const struct duet_t_person_key *key = duet_person_key_row(tables, field->keys + k);
        const char *cell =
            duet_persons_cell(persons, (uint32_t)value->number, side, duet_str(tables, key->key));
        if (!cell)
            continue;
        if (field->flags & DUET_FIELD_SCALAR) {
            json_decref(object);
            return json_string(cell);
        }
        set_at(tables, object, key->member, json_string(cell));
    }
    if (json_object_size(object) > 0)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *nobody_json(const struct duet_tables *tables, const struct duet_t_field *field)
{
    json_t *object = json_object();
    for (uint32_t k = 0; k < field->keys_count; k++)
        set_at(tables, object, duet_person_key_row(tables, field->keys + k)->member, json_null());
    return object;
}

static bool person_object(const struct duet_t_field *field)
{
    return field->type == DUET_TYPE_PERSON && !(field->flags & DUET_FIELD_SCALAR);
}

static json_t *missing_json(const struct duet_tables *tables, const struct duet_t_field *field)
{
    switch ((enum duet_empty)field->empty) {
    case DUET_EMPTY_TEXT:
        return json_string(duet_str(tables, field->empty_text));
    case DUET_EMPTY_NULL:
        return json_null();
    case DUET_EMPTY_DEFAULT:
        return person_object(field) ? nobody_json(tables, field) : NULL;
    case DUET_EMPTY_ABSENT:
    case DUET_EMPTIES:
        break;
    }
    return NULL;
}

static json_t *list_json(const struct duet_tables *tables, const struct duet_t_field *field,
                         const struct duet_value *value)
{
    const struct duet_t_path *path = duet_path_row(tables, field->path);
    uint32_t each = 0;
    while (each < path->steps_count && !duet_step_row(tables, path->steps + each)->each)
        each++;
    json_t *list = json_array();
    for (uint32_t i = 0; i < value->count; i++) {
        json_t *item = json_string(value->items[i]);
        for (uint32_t step = path->steps_count; step > each + 1; step--) {
            json_t *outer = json_object();
            (void)json_object_set_new(
                outer, duet_str(tables, duet_step_row(tables, path->steps + step - 1)->name), item);
            item = outer;
        }
        (void)json_array_append_new(list, item);
    }
    return list;
}

static json_t *number_json(const struct duet_t_field *field, const char *text)
{
    if (field->flags & DUET_FIELD_AS_TEXT)
        return json_string(text);
    return json_loads(text, JSON_DECODE_ANY, NULL);
}

static json_t *integer_json(const struct duet_t_field *field, int64_t number)
{
    if (field->flags & DUET_FIELD_AS_TEXT)
        return json_sprintf("%lld", (long long)number);
    return json_integer(number);
}

json_t *duet_value_json(const struct duet_rules *rules, uint32_t index,
                        const struct duet_value *value)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_field *field = duet_field_row(tables, index);
    switch (value->kind) {
    case DUET_VALUE_MISSING:
        return missing_json(tables, field);
    case DUET_VALUE_TEXT:
        return json_string(value->text);
    case DUET_VALUE_INTEGER:
        return integer_json(field, value->number);
    case DUET_VALUE_NUMBER:
        return number_json(field, value->text);
    case DUET_VALUE_BOOLEAN:
        return json_boolean(value->number);
    case DUET_VALUE_TIME:
        return time_json(tables, field, value);
    case DUET_VALUE_ENUM:
        return enum_json(tables, field, value);
    case DUET_VALUE_PERSON:
        return person_json(rules, index, value);
    case DUET_VALUE_LIST:
        return list_json(tables, field, value);
    case DUET_VALUE_UNKNOWN:
    case DUET_VALUE_KINDS:
        break;
    }
    return NULL;
}

/* In bodies that only name what changes, "nothing" must be said. */
static json_t *partial_json(const struct duet_rules *rules, uint32_t index,
                            const struct duet_value *value)
{
    json_t *json = duet_value_json(rules, index, value);
    const struct duet_t_field *field = duet_field_row(rules->tables, index);
    if (json || value->kind != DUET_VALUE_MISSING)
        return json;
    bool as_text = field->type == DUET_TYPE_TEXT || field->type == DUET_TYPE_ENUM ||
                   field->type == DUET_TYPE_PERSON;
    return as_text && field->empty == DUET_EMPTY_DEFAULT ? json_string("") : json_null();
}

/* --- paths ---------------------------------------------------------------------------------------------- */

/* The names up to a `[]`; 0 when the path is too long to be one of ours. */
static size_t names_of(const struct duet_tables *tables, uint32_t path,
                       const char *names[MAX_STEPS])
{
    const struct duet_t_path *row = duet_path_row(tables, path);
    size_t count = 0;
    for (uint32_t i = 0; i < row->steps_count && count < MAX_STEPS; i++) {
        const struct duet_t_step *step = duet_step_row(tables, row->steps + i);
        if (step->each)
            break;
        names[count++] = duet_str(tables, step->name);
    }
    return count;
}

/* Steals `value`. Objects on the way are made. */
static void set_at(const struct duet_tables *tables, json_t *object, uint32_t path, json_t *value)
{
    const char *names[MAX_STEPS];
    size_t count = names_of(tables, path, names);
    for (size_t i = 0; i + 1 < count; i++) {
        json_t *inner = json_object_get(object, names[i]);
        if (!json_is_object(inner)) {
            inner = json_object();
            (void)json_object_set_new(object, names[i], inner);
        }
        object = inner;
    }
    if (count == 0)
        json_decref(value);
    else
        (void)json_object_set_new(object, names[count - 1], value);
}

static const char *last_name(const struct duet_tables *tables, uint32_t path)
{
    const char *names[MAX_STEPS];
    size_t count = names_of(tables, path, names);
    return count ? names[count - 1] : "";
}

/* --- bodies ----------------------------------------------------------------------------------------------- */

json_t *duet_write_fields(const struct duet_rules *rules, enum duet_side side,
                          const struct duet_value *values, uint64_t mask)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_side *row = duet_side_row(tables, side);
    json_t *fields = json_object();
    for (uint32_t i = 0; i < row->fields_count; i++) {
        if (!(mask & duet_bit(i)))
            continue;
        const struct duet_t_field *field = duet_field_row(tables, row->fields + i);
        const char *name = field->write_as != DUET_NONE ? duet_str(tables, field->write_as)
                                                        : last_name(tables, field->path);
        json_t *value = partial_json(rules, row->fields + i, &values[i]);
        if (value)
            (void)json_object_set_new(fields, name, value);
    }
    return fields;
}

json_t *duet_write_changed(const struct duet_rules *rules, enum duet_side side,
                           const struct duet_value *values, uint64_t mask, uint32_t under)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_side *row = duet_side_row(tables, side);
    json_t *changed = json_object();
    for (uint32_t i = 0; i < row->fields_count; i++) {
        if (!(mask & duet_bit(i)))
            continue;
        const struct duet_t_field *field = duet_field_row(tables, row->fields + i);
        json_t *value = partial_json(rules, row->fields + i, &values[i]);
        if (value && field->write_as != DUET_NONE)
            (void)json_object_set_new(changed, duet_str(tables, field->write_as), value);
        else if (value)
            set_at(tables, changed, field->path, value);
    }
    if (under == DUET_NONE)
        return changed;
    json_t *outer = json_object();
    set_at(tables, outer, under, changed);
    return outer;
}

json_t *duet_write_record(const struct duet_rules *rules, enum duet_side side,
                          const struct duet_value *values, uint64_t mask)
{
    const struct duet_tables *tables = rules->tables;
    const struct duet_t_side *row = duet_side_row(tables, side);
    json_t *record = json_object();
    for (uint32_t i = 0; i < row->fields_count; i++) {
        bool shown = !duet_value_missing(&values[i]) ||
                     duet_field_row(tables, row->fields + i)->empty == DUET_EMPTY_TEXT;
        if (!(mask & duet_bit(i)) || !shown)
            continue;
        json_t *value = duet_value_json(rules, row->fields + i, &values[i]);
        if (value)
            set_at(tables, record, duet_field_row(tables, row->fields + i)->path, value);
    }
    return record;
}

static bool splice_field(const struct duet_rules *rules, uint32_t index,
                         const struct duet_value *value, struct duet_text *text,
                         struct duet_arena *arena)
{
    const char *names[MAX_STEPS];
    size_t count = names_of(rules->tables, duet_field_row(rules->tables, index)->path, names);
    json_t *json = duet_value_json(rules, index, value);
    char *bytes = json ? json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
    bool spliced =
        count > 0 && (!json || bytes) && duet_splice(*text, names, count, bytes, arena, text);
    free(bytes);
    json_decref(json);
    return spliced;
}

/* Only the named members of the outermost object, each byte for byte. */
static struct duet_text pick_members(const struct duet_tables *tables, struct duet_text text,
                                     uint32_t members, uint32_t count, struct duet_arena *arena)
{
    struct duet_text picked = { .bytes = "{}", .length = 2 };
    for (uint32_t i = 0; i < count; i++) {
        const char *name = duet_str(tables, duet_name_row(tables, members + i)->text);
        struct duet_text value;
        if (!duet_splice_member(text, name, &value))
            continue;
        const char *bytes = duet_arena_copy_text(arena, value.bytes, value.length);
        bool set = duet_splice(picked, &name, 1, bytes, arena, &picked);
        (void)set; /* an object that was just made */
    }
    return picked;
}

enum duet_status duet_write_whole(const struct duet_rules *rules, enum duet_side side,
                                  const struct duet_whole_write *write, const struct duet_t_op *op,
                                  struct duet_arena *arena, struct duet_text *text_out,
                                  struct duet_error *error)
{
    const struct duet_t_side *row = duet_side_row(rules->tables, side);
    struct duet_text text = { .bytes = write->before->raw, .length = write->before->length };
    if (!text.bytes)
        return duet_fail(error, DUET_INVALID, "a whole record can't be written before it was read");
    for (uint32_t i = 0; i < row->fields_count; i++) {
        if ((write->mask & duet_bit(i)) &&
            !splice_field(rules, row->fields + i, &write->values[i], &text, arena))
            return duet_fail(
                error, DUET_INVALID,
                "'%s' can't be put into the record: something else than an object is in its way",
                duet_str(rules->tables, duet_field_row(rules->tables, row->fields + i)->name));
    }
    if (op->whole_count > 0)
        text = pick_members(rules->tables, text, op->whole, op->whole_count, arena);
    text_out->bytes = duet_arena_copy_text(arena, text.bytes, text.length);
    text_out->length = text.length;
    return DUET_OK;
}
