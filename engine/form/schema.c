#include "engine/form/schema.h"

#include "engine/form/words.h"
#include "engine/graph/text.h"

struct writing {
    const struct duet_form *form;
    struct duet_arena *arena;
};

json_t *duet_form_string(const char *text, struct duet_arena *arena)
{
    json_t *string = json_string(text);
    return string ? string : json_string(duet_graph_clean(arena, text));
}

static void set(json_t *object, const char *key, json_t *value)
{
    (void)json_object_set_new(object, key, value); /* fails only with NULL or without memory */
}

static const char *member(const struct writing *writing, const struct duet_form_field *field)
{
    json_t *name = duet_form_string(field->name, writing->arena);
    const char *text = json_string_value(name);
    const char *copy = duet_arena_format(writing->arena, "%s", text ? text : "");
    json_decref(name);
    return copy;
}

/* --- what stands in one field --------------------------------------------------------------------------------- */

static json_t *constant(const struct writing *writing, const struct duet_form_field *field,
                        uint32_t choice)
{
    if (duet_field_row(writing->form->tables, field->field)->type == DUET_TYPE_BOOLEAN)
        return json_boolean(choice == 2);
    return duet_form_string(duet_form_choice(writing->form, field, choice), writing->arena);
}

static json_t *constants(const struct writing *writing, const struct duet_form_field *field,
                         const bool *has)
{
    json_t *list = json_array();
    for (uint32_t c = 1; c < field->choice_count; c++) {
        if (has[c])
            (void)json_array_append_new(list, constant(writing, field, c));
    }
    return list;
}

static json_t *typed(const struct writing *writing, const struct duet_form_field *field)
{
    switch ((enum duet_type)duet_field_row(writing->form->tables, field->field)->type) {
    case DUET_TYPE_ENUM:
    case DUET_TYPE_BOOLEAN:
        return json_pack("{so}", "enum", constants(writing, field, field->offered));
    case DUET_TYPE_INTEGER:
        return json_pack("{ss}", "type", "integer");
    case DUET_TYPE_NUMBER:
        return json_pack("{ss}", "type", "number");
    case DUET_TYPE_TIME:
        return json_pack("{ss ss}", "type", "string", "format", "date-time");
    case DUET_TYPE_LIST:
        return json_pack("{ss si s{ss}}", "type", "array", "minItems", 1, "items", "type",
                         "string");
    case DUET_TYPE_TEXT:
    case DUET_TYPE_PERSON:
    case DUET_TYPES:
        break;
    }
    return json_pack("{ss si}", "type", "string", "minLength", 1);
}

static bool offers_any(const struct duet_form_field *field)
{
    bool offers = false;
    for (uint32_t c = 1; c < field->choice_count; c++)
        offers = offers || field->offered[c];
    return offers;
}

static json_t *property(const struct writing *writing, const struct duet_form_field *field)
{
    if (!offers_any(field))
        return json_false();
    json_t *schema = typed(writing, field);
    set(schema, "title", duet_form_string(duet_form_label(field, writing->arena), writing->arena));
    if (field->max != DUET_NONE)
        set(schema, "maxLength", json_integer(field->max));
    return schema;
}

static json_t *required(const struct writing *writing, const struct duet_form_field *field)
{
    return json_pack("{s[o]}", "required",
                     duet_form_string(member(writing, field), writing->arena));
}

/* True of an object in which one of these choices stands in the field. */
static json_t *one_of(const struct writing *writing, const struct duet_form_field *field,
                      const bool *has)
{
    json_t *list = constants(writing, field, has);
    size_t count = json_array_size(list);
    bool has_all = true;
    for (uint32_t c = 1; c < field->choice_count; c++)
        has_all = has_all && has[c] == field->offered[c];
    json_t *schema;
    if (count == 0)
        schema = has[0] ? json_pack("{so}", "not", required(writing, field)) : json_false();
    else if (has_all)
        schema = has[0] ? json_true() : required(writing, field);
    else {
        schema = has[0] ? json_object() : required(writing, field);
        json_t *values = json_object();
        if (count == 1)
            set(values, "const", json_incref(json_array_get(list, 0)));
        else
            set(values, "enum", json_incref(list));
        json_t *properties = json_object();
        set(properties, member(writing, field), values);
        set(schema, "properties", properties);
    }
    json_decref(list);
    return schema;
}

/* --- what one choice leaves of the others ------------------------------------------------------------------------- */

static json_t *schema_of(const struct writing *writing, const struct duet_form_node *node);

/* Of each case that restricts something: "if this stands there, then ...". */
static void append_cases(const struct writing *writing, const struct duet_form_node *node,
                         const char *place, json_t *list)
{
    const struct duet_form_field *field = &writing->form->fields[node->field];
    for (uint32_t c = 0; c < node->case_count; c++) {
        if (!node->cases[c].then)
            continue;
        json_t *schema = json_object();
        if (place)
            set(schema, "$comment", duet_form_string(place, writing->arena));
        set(schema, "if", one_of(writing, field, node->cases[c].has));
        set(schema, "then", schema_of(writing, node->cases[c].then));
        (void)json_array_append_new(list, schema);
    }
}

/* Depth: a rule's fields. */
static json_t *schema_of(const struct writing *writing, const struct duet_form_node *node)
{
    if (node->is_last)
        return one_of(writing, &writing->form->fields[node->field], node->cases[0].has);
    json_t *list = json_array();
    append_cases(writing, node, NULL, list);
    if (json_array_size(list) != 1)
        return json_pack("{so}", "allOf", list);
    json_t *only = json_incref(json_array_get(list, 0));
    json_decref(list);
    return only;
}

static json_t *rules_of(const struct writing *writing)
{
    json_t *list = json_array();
    for (uint32_t r = 0; r < writing->form->rule_count; r++) {
        const struct duet_form_rule *rule = &writing->form->rules[r];
        if (rule->tree->is_last)
            (void)json_array_append_new(list, schema_of(writing, rule->tree));
        else
            append_cases(writing, rule->tree, rule->place, list);
    }
    return list;
}

static const char *remarks_of(const struct duet_form *form, struct duet_arena *arena)
{
    const char *text = "not in this schema";
    for (uint32_t r = 0; r < form->remark_count; r++)
        text = duet_arena_format(arena, "%s%s %s", text, r ? ";" : ":", form->remarks[r]);
    return text;
}

json_t *duet_form_schema(const struct duet_form *form, struct duet_arena *arena)
{
    struct writing writing = { form, arena };
    json_t *schema =
        json_pack("{ss so so ss}", "$schema", "https://json-schema.org/draft/2020-12/schema",
                  "title", duet_form_string(duet_form_title(form, arena), arena), "description",
                  duet_form_string(duet_form_about(form, arena), arena), "type", "object");
    json_t *properties = json_object();
    json_t *needed = json_array();
    for (uint32_t f = 0; f < form->field_count; f++) {
        const char *name = member(&writing, &form->fields[f]);
        set(properties, name, property(&writing, &form->fields[f]));
        if (!form->fields[f].offered[0])
            (void)json_array_append_new(needed, duet_form_string(name, arena));
    }
    set(schema, "properties", properties);
    set(schema, "required", needed);
    set(schema, "additionalProperties", json_false());
    json_t *rules = rules_of(&writing);
    if (json_array_size(rules))
        set(schema, "allOf", json_incref(rules));
    json_decref(rules);
    if (form->remark_count)
        set(schema, "$comment", duet_form_string(remarks_of(form, arena), arena));
    return schema;
}
