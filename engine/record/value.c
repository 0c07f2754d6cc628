#include "engine/record/value.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/record/times.h"

#define SHOWN_CHARACTERS 60U

static bool same_items(const struct duet_value *a, const struct duet_value *b)
{
    if (a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++) {
        if (strcmp(a->items[i], b->items[i]) != 0)
            return false;
    }
    return true;
}

bool duet_value_equal(const struct duet_value *a, const struct duet_value *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case DUET_VALUE_MISSING:
        return true;
    case DUET_VALUE_TEXT:
    case DUET_VALUE_NUMBER:
    case DUET_VALUE_UNKNOWN:
        return a->text == b->text || strcmp(a->text, b->text) == 0;
    case DUET_VALUE_INTEGER:
    case DUET_VALUE_BOOLEAN:
    case DUET_VALUE_TIME:
    case DUET_VALUE_ENUM:
    case DUET_VALUE_PERSON:
        return a->number == b->number;
    case DUET_VALUE_LIST:
        return same_items(a, b);
    case DUET_VALUE_KINDS:
        break;
    }
    return false;
}

struct duet_value duet_value_copy(const struct duet_value *value, struct duet_arena *arena)
{
    struct duet_value copy = *value;
    if (value->text)
        copy.text = duet_arena_copy_text(arena, value->text, strlen(value->text));
    if (value->kind == DUET_VALUE_LIST) {
        const char **items = duet_arena_alloc_array(arena, value->count + 1U, sizeof *items);
        for (uint32_t i = 0; i < value->count; i++)
            items[i] = duet_arena_copy_text(arena, value->items[i], strlen(value->items[i]));
        copy.items = items;
    }
    return copy;
}

/* Cut so that no character is halved. */
static const char *show_text(const char *text, struct duet_arena *arena)
{
    size_t characters = 0;
    size_t bytes = 0;
    for (; text[bytes] && characters <= SHOWN_CHARACTERS; bytes++) {
        if (((unsigned char)text[bytes] & 0xc0U) != 0x80U)
            characters++;
    }
    if (!text[bytes])
        return duet_arena_format(arena, "\"%s\"", text);
    bytes--;
    return duet_arena_format(arena, "\"%.*s...\"", (int)bytes, text);
}

static const char *show_list(const struct duet_value *value, struct duet_arena *arena)
{
    const char *text = "";
    for (uint32_t i = 0; i < value->count && i < 8; i++)
        text = duet_arena_format(arena, "%s%s%s", text, i ? ", " : "", value->items[i]);
    return duet_arena_format(arena, "(%s%s)", text, value->count > 8 ? ", ..." : "");
}

static const char *enum_name(const struct duet_tables *tables, const struct duet_t_field *field,
                             int64_t index)
{
    const struct duet_t_enum *values = duet_enum_row(tables, field->values);
    if (!values || index < 0 || index >= values->values_count)
        return NULL;
    return duet_str(tables, duet_value_row(tables, values->values + (uint32_t)index)->name);
}

const char *duet_value_show(const struct duet_tables *tables, const struct duet_t_field *field,
                            const struct duet_value *value, struct duet_arena *arena)
{
    char time[DUET_TIME_TEXT_MAX];
    switch (value->kind) {
    case DUET_VALUE_MISSING:
        return "-";
    case DUET_VALUE_ENUM: {
        const char *name = enum_name(tables, field, value->number);
        return name ? name : "?";
    }
    case DUET_VALUE_TEXT:
    case DUET_VALUE_UNKNOWN:
        return show_text(value->text, arena);
    case DUET_VALUE_NUMBER:
    case DUET_VALUE_PERSON:
        return value->text;
    case DUET_VALUE_INTEGER:
        return duet_arena_format(arena, "%lld", (long long)value->number);
    case DUET_VALUE_BOOLEAN:
        return value->number ? "true" : "false";
    case DUET_VALUE_TIME:
        return duet_time_print(DUET_TIME_RFC3339, NULL, value->number, time)
                   ? duet_arena_format(arena, "%s", time)
                   : "?";
    case DUET_VALUE_LIST:
        return show_list(value, arena);
    case DUET_VALUE_KINDS:
        break;
    }
    return "?";
}

static const char *const kind_names[DUET_VALUE_KINDS] = {
    [DUET_VALUE_MISSING] = "missing", [DUET_VALUE_TEXT] = "text",
    [DUET_VALUE_INTEGER] = "integer", [DUET_VALUE_NUMBER] = "number",
    [DUET_VALUE_BOOLEAN] = "boolean", [DUET_VALUE_TIME] = "time",
    [DUET_VALUE_ENUM] = "enum",       [DUET_VALUE_PERSON] = "person",
    [DUET_VALUE_LIST] = "list",       [DUET_VALUE_UNKNOWN] = "unknown",
};

static json_t *list_to_json(const struct duet_value *value)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < value->count; i++)
        (void)json_array_append_new(list, json_string(value->items[i]));
    return list;
}

struct duet_value duet_value_shown(const struct duet_tables *tables,
                                   const struct duet_t_field *field, const struct duet_value *value)
{
    struct duet_value shown = *value;
    if (value->kind == DUET_VALUE_TIME && field->type == DUET_TYPE_TIME)
        shown.number = duet_time_shown((enum duet_time_unit)field->time_unit,
                                       duet_opt_str(tables, field->time_format), value->number);
    return shown;
}

json_t *duet_value_plain(const struct duet_tables *tables, const struct duet_t_field *field,
                         const struct duet_value *value)
{
    switch (value->kind) {
    case DUET_VALUE_MISSING:
        return json_null();
    case DUET_VALUE_TEXT:
    case DUET_VALUE_NUMBER:
    case DUET_VALUE_UNKNOWN:
    case DUET_VALUE_PERSON:
        return json_string(value->text);
    case DUET_VALUE_INTEGER:
    case DUET_VALUE_BOOLEAN:
    case DUET_VALUE_TIME:
        return json_integer(value->number);
    case DUET_VALUE_ENUM: {
        const char *name = enum_name(tables, field, value->number);
        return json_string(name ? name : "");
    }
    case DUET_VALUE_LIST:
        return list_to_json(value);
    case DUET_VALUE_KINDS:
        break;
    }
    return json_null();
}

json_t *duet_value_to_json(const struct duet_tables *tables, const struct duet_t_field *field,
                           const struct duet_value *value)
{
    json_t *json = json_object();
    (void)json_object_set_new(json, kind_names[value->kind],
                              duet_value_plain(tables, field, value));
    return json;
}

static enum duet_value_kind kind_of_name(const char *name)
{
    for (int kind = 0; kind < DUET_VALUE_KINDS; kind++) {
        if (strcmp(kind_names[kind], name) == 0)
            return (enum duet_value_kind)kind;
    }
    return DUET_VALUE_KINDS;
}

static bool list_from_json(const json_t *json, struct duet_arena *arena, struct duet_value *value)
{
    size_t count = json_array_size(json);
    const char **items = duet_arena_alloc_array(arena, count + 1, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(json, i);
        if (!json_is_string(item))
            return false;
        items[i] = duet_arena_copy_text(arena, json_string_value(item), json_string_length(item));
    }
    value->items = items;
    value->count = (uint32_t)count;
    return json_is_array(json);
}

/* A name that the enum no longer has becomes UNKNOWN, so that a changed mapping sees a value it doesn't know. */
static void enum_from_name(const struct duet_tables *tables, const struct duet_t_field *field,
                           struct duet_value *value)
{
    const struct duet_t_enum *values = duet_enum_row(tables, field->values);
    for (uint32_t i = 0; values && i < values->values_count; i++) {
        if (strcmp(duet_str(tables, duet_value_row(tables, values->values + i)->name),
                   value->text) == 0) {
            value->number = i;
            return;
        }
    }
    value->kind = DUET_VALUE_UNKNOWN;
}

enum duet_status duet_value_from_json(const struct duet_tables *tables,
                                      const struct duet_t_field *field, const json_t *json,
                                      struct duet_arena *arena, struct duet_value *value_out)
{
    struct duet_value value = { 0 };
    void *member = json_object_iter((json_t *)(uintptr_t)json); /* borrowed, only read */
    if (!member)
        return DUET_INVALID;
    const json_t *content = json_object_iter_value(member);
    value.kind = kind_of_name(json_object_iter_key(member));
    if (json_is_string(content))
        value.text =
            duet_arena_copy_text(arena, json_string_value(content), json_string_length(content));
    value.number = json_integer_value(content);
    switch (value.kind) {
    case DUET_VALUE_MISSING:
        break;
    case DUET_VALUE_TEXT:
    case DUET_VALUE_NUMBER:
    case DUET_VALUE_UNKNOWN:
        if (!value.text)
            return DUET_INVALID;
        break;
    case DUET_VALUE_PERSON:
        if (!value.text)
            return DUET_INVALID;
        value.kind = DUET_VALUE_UNKNOWN;
        break;
    case DUET_VALUE_INTEGER:
    case DUET_VALUE_BOOLEAN:
    case DUET_VALUE_TIME:
        if (!json_is_integer(content))
            return DUET_INVALID;
        break;
    case DUET_VALUE_ENUM:
        if (!value.text)
            return DUET_INVALID;
        enum_from_name(tables, field, &value);
        break;
    case DUET_VALUE_LIST:
        if (!list_from_json(content, arena, &value))
            return DUET_INVALID;
        break;
    case DUET_VALUE_KINDS:
        return DUET_INVALID;
    }
    *value_out = value;
    return DUET_OK;
}
