#include "engine/remote/render.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "engine/record/times.h"
#include "engine/record/write.h"
#include "engine/remote/url.h"

#define LONGEST_VALUE_IN_FAULT 60

struct duet_render duet_render_start(const struct duet_endpoint *endpoint,
                                     const struct duet_t_op *op, struct duet_arena *arena)
{
    return (struct duet_render){ .endpoint = endpoint,
                                 .arena = arena,
                                 .op = op,
                                 .rules = endpoint->rules,
                                 .side = endpoint->side };
}

void duet_render_new_record(struct duet_render *render, const struct duet_remote_record *record)
{
    struct duet_arena *arena = render->arena;
    uint32_t fields = render->endpoint->row->fields_count;
    if (record->rules) {
        render->rules = record->rules;
        render->side = record->side;
    }
    if (record->values) {
        struct duet_value *values = duet_arena_alloc_array(arena, fields, sizeof *values);
        for (uint32_t i = 0; i < fields; i++)
            values[i] = duet_value_copy(&record->values[i], arena);
        render->values = values;
    }
    render->mask = record->mask;
    render->claim = record->claim ? duet_arena_format(arena, "%s", record->claim) : NULL;
    render->key = record->key ? duet_arena_format(arena, "%s", record->key) : NULL;
}

static json_t *fault(struct duet_render *render, const char *text)
{
    if (!*render->error.text)
        duet_fail(&render->error, DUET_INVALID, "%s", text);
    return NULL;
}

static bool has_fault(const struct duet_render *render)
{
    return *render->error.text != '\0';
}

/* --- what a reference stands for ----------------------------------------------------------------------------- */

static json_t *text_json(struct duet_render *render, const char *text, const char *missing)
{
    json_t *json = text ? json_string(text) : NULL;
    return json ? json : fault(render, text ? "a text isn't UTF-8" : missing);
}

static json_t *field_json(struct duet_render *render, uint32_t field)
{
    const struct duet_endpoint *endpoint = render->endpoint;
    uint32_t number = duet_field_number(endpoint->tables, endpoint->side, field);
    uint32_t own = duet_side_row(render->rules->tables, render->side)->fields + number;
    if (!render->values)
        return fault(render, "the request refers to a field where no record is");
    if (render->values[number].kind == DUET_VALUE_MISSING)
        return NULL;
    return duet_value_json(render->rules, own, &render->values[number]);
}

static json_t *since_json(struct duet_render *render)
{
    const struct duet_endpoint *endpoint = render->endpoint;
    const struct duet_t_field *field = duet_field_row(endpoint->tables, endpoint->row->modified);
    enum duet_time_unit unit = (enum duet_time_unit)field->time_unit;
    char text[DUET_TIME_TEXT_MAX];
    if (!duet_time_print(unit, duet_opt_str(endpoint->tables, field->time_format), render->since,
                         text))
        return fault(render, "the time since when can't be written in the system's format");
    bool is_number = (unit == DUET_TIME_SECONDS || unit == DUET_TIME_MILLISECONDS) &&
                     !(field->flags & DUET_FIELD_AS_TEXT);
    return is_number ? json_integer(strtoll(text, NULL, 10)) : json_string(text);
}

/* A key goes out in the type in which the record shows it. */
static json_t *key_json(struct duet_render *render)
{
    const struct duet_t_field *field =
        duet_field_row(render->endpoint->tables, render->endpoint->row->key);
    char *end = NULL;
    if (render->key && field->type == DUET_TYPE_INTEGER && !(field->flags & DUET_FIELD_AS_TEXT)) {
        long long number = strtoll(render->key, &end, 10);
        if (end != render->key && !*end)
            return json_integer(number);
    }
    return text_json(render, render->key, "the request refers to a key where no record is");
}

static json_t *setting_json(struct duet_render *render, const char *name)
{
    const struct duet_endpoint *endpoint = render->endpoint;
    const char *text = duet_endpoint_setting(endpoint, name);
    for (uint32_t i = 0; text && i < endpoint->row->settings_count; i++) {
        const struct duet_t_setting *row =
            duet_setting_row(endpoint->tables, endpoint->row->settings + i);
        char *end = NULL;
        if (row->type != DUET_SETTING_NUMBER ||
            strcmp(duet_str(endpoint->tables, row->name), name) != 0)
            continue;
        long long number = strtoll(text, &end, 10);
        return *text && !*end ? json_integer(number) : json_string(text);
    }
    return text_json(render, text, "the request refers to a setting that isn't there");
}

/* `found.to.id`: names joined by dots. */
static json_t *found_json(struct duet_render *render, const char *path)
{
    json_t *json = render->found;
    while (json && *path) {
        size_t length = strcspn(path, ".");
        json = json_object_get(json, duet_arena_copy_text(render->arena, path, length));
        path += length + (path[length] == '.');
    }
    return json ? json_incref(json)
                : fault(render, "what was looked up lacks what the request needs of it");
}

static json_t *shared(struct duet_render *render, json_t *json, const char *missing)
{
    return json ? json_incref(json) : fault(render, missing);
}

/* NULL without a fault: to be left out. */
static json_t *piece_json(struct duet_render *render, const struct duet_t_piece *piece)
{
    const struct duet_endpoint *endpoint = render->endpoint;
    const struct duet_new_note *note = render->note;
    const struct duet_t_page *page =
        duet_page_row(endpoint->tables, render->op ? render->op->page : DUET_NONE);
    switch ((enum duet_ref)piece->ref) {
    case DUET_REF_LITERAL:
        return json_string(duet_str(endpoint->tables, piece->text));
    case DUET_REF_SETTING:
        return setting_json(render, duet_str(endpoint->tables, piece->text));
    case DUET_REF_SINCE:
        return since_json(render);
    case DUET_REF_KEY:
        return key_json(render);
    case DUET_REF_VERSION:
        return text_json(render, render->version,
                         "the request needs the record's version, which isn't known");
    case DUET_REF_FIELD:
        return field_json(render, piece->field);
    case DUET_REF_CLAIM:
        return text_json(render, render->claim, "the request refers to a claim where none is");
    case DUET_REF_FIELDS:
        if (!render->values)
            return fault(render, "the request refers to fields where no record is");
        return duet_write_fields(render->rules, render->side, render->values, render->mask);
    case DUET_REF_CHANGED:
        if (!render->values)
            return fault(render, "the request refers to changes where no record is");
        return duet_write_changed(render->rules, render->side, render->values, render->mask,
                                  DUET_NONE);
    case DUET_REF_SECTION:
        return text_json(render,
                         render->op ? duet_opt_str(endpoint->tables, render->op->section) : NULL,
                         "the request refers to a section where none is");
    case DUET_REF_BATCH:
        return shared(render, render->batch, "the request refers to a batch where none is");
    case DUET_REF_BODY:
        return render->body ? json_incref(render->body) : json_object();
    case DUET_REF_NOTE_TEXT:
        return text_json(render, note ? note->text : NULL,
                         "the request refers to a note where none is");
    case DUET_REF_NOTE_HTML:
        return text_json(render, note ? note->html : NULL,
                         "the request refers to a note where none is");
    case DUET_REF_NOTE_UUID:
        return text_json(render, note ? note->uuid : NULL,
                         "the request refers to a note where none is");
    case DUET_REF_PAGE:
        return render->page ? json_string(render->page) : json_integer(render->page_number);
    case DUET_REF_SIZE:
        return page ? json_integer(page->size)
                    : fault(render, "the request refers to a page where none is");
    case DUET_REF_FOUND:
        return found_json(render, duet_str(endpoint->tables, piece->text));
    case DUET_REFS:
        break;
    }
    return fault(render, "the request has a reference that means nothing");
}

/* A value inside of a text: "" for one that is left out. */
static const char *piece_text(struct duet_render *render, const struct duet_t_piece *piece)
{
    json_t *json = piece_json(render, piece);
    const char *text = "";
    if (json_is_string(json)) {
        text =
            duet_arena_copy_text(render->arena, json_string_value(json), json_string_length(json));
    } else if (json_is_integer(json)) {
        text = duet_arena_format(render->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
    } else if (json && !json_is_null(json)) {
        char *dump = json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT);
        text = dump ? duet_arena_format(render->arena, "%s", dump) : "";
        free(dump);
    }
    json_decref(json);
    return text;
}

const char *duet_render_text(struct duet_render *render, uint32_t first, uint32_t count)
{
    const char *text = "";
    for (uint32_t i = 0; i < count; i++) {
        const char *part = piece_text(render, duet_piece_row(render->endpoint->tables, first + i));
        text = i == 0 ? part : duet_arena_format(render->arena, "%s%s", text, part);
    }
    return has_fault(render) ? NULL : text;
}

const char *duet_render_line(struct duet_render *render, uint32_t first, uint32_t count)
{
    const char *text = duet_render_text(render, first, count);
    for (const char *c = text; c && *c; c++) {
        if (((unsigned char)*c < ' ' && *c != '\t') || *c == 0x7f) {
            fault(render, "a header would have control characters");
            return NULL;
        }
    }
    return text;
}

/* --- JSON --------------------------------------------------------------------------------------------------- */

static json_t *object_json(struct duet_render *render, const struct duet_t_json *row)
{
    json_t *object = json_object();
    for (uint32_t i = 0; i < row->children_count && !has_fault(render); i++) {
        const struct duet_t_json *child =
            duet_json_row(render->endpoint->tables, row->children + i);
        json_t *value = duet_render_json(render, row->children + i);
        if (value)
            json_object_set_new(object, duet_str(render->endpoint->tables, child->key), value);
    }
    return object;
}

static json_t *array_json(struct duet_render *render, const struct duet_t_json *row)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < row->children_count && !has_fault(render); i++) {
        json_t *value = duet_render_json(render, row->children + i);
        json_array_append_new(array, value ? value : json_null());
    }
    return array;
}

static json_t *string_json(struct duet_render *render, const struct duet_t_json *row)
{
    const char *text = duet_render_text(render, row->pieces, row->pieces_count);
    return text ? text_json(render, text, "") : NULL;
}

/* Depth is bounded by the loader of the tables. */
json_t *duet_render_json(struct duet_render *render, uint32_t json)
{
    const struct duet_t_json *row = duet_json_row(render->endpoint->tables, json);
    json_t *value = NULL;
    switch ((enum duet_json_kind)row->kind) {
    case DUET_JSON_OBJECT:
        value = object_json(render, row);
        break;
    case DUET_JSON_ARRAY:
        value = array_json(render, row);
        break;
    case DUET_JSON_STRING:
        value = string_json(render, row);
        break;
    case DUET_JSON_NUMBER:
        value = json_integer((json_int_t)duet_mask(row->number_lo, row->number_hi));
        break;
    case DUET_JSON_TRUE:
        value = json_true();
        break;
    case DUET_JSON_FALSE:
        value = json_false();
        break;
    case DUET_JSON_NULL:
        value = json_null();
        break;
    case DUET_JSON_VALUE:
        if (row->pieces_count > 0)
            value = piece_json(render, duet_piece_row(render->endpoint->tables, row->pieces));
        break;
    case DUET_JSON_KINDS:
        break;
    }
    if (!has_fault(render))
        return value;
    json_decref(value);
    return NULL;
}

/* --- URLs ---------------------------------------------------------------------------------------------------- */

static bool is_url_setting(const struct duet_endpoint *endpoint, const struct duet_t_piece *piece)
{
    for (uint32_t i = 0; piece->ref == DUET_REF_SETTING && i < endpoint->row->settings_count; i++) {
        const struct duet_t_setting *row =
            duet_setting_row(endpoint->tables, endpoint->row->settings + i);
        if (row->type == DUET_SETTING_URL && strcmp(duet_str(endpoint->tables, row->name),
                                                    duet_str(endpoint->tables, piece->text)) == 0)
            return true;
    }
    return false;
}

static void step_fault(struct duet_render *render, const char *text)
{
    if (has_fault(render))
        return;
    const char *shown = duet_secrets_strike(render->endpoint->secrets, text, render->arena);
    duet_fail(&render->error, DUET_INVALID,
              "'%.*s' can't stand in a URL's path: it is empty, too long, '.', '..', or has a "
              "slash or control characters",
              LONGEST_VALUE_IN_FAULT, shown);
}

const char *duet_render_url(struct duet_render *render, uint32_t first, uint32_t count,
                            bool is_whole)
{
    const char *url = "";
    for (uint32_t i = 0; i < count; i++) {
        const struct duet_t_piece *piece = duet_piece_row(render->endpoint->tables, first + i);
        const char *part = piece_text(render, piece);
        bool is_raw = piece->ref == DUET_REF_LITERAL || (is_whole && i == 0) ||
                      is_url_setting(render->endpoint, piece);
        if (!is_raw && strchr(url, '?'))
            part = duet_url_query_text(part, render->arena);
        else if (!is_raw) {
            const char *step = duet_url_step(part, render->arena);
            if (!step)
                step_fault(render, part);
            part = step;
        }
        if (has_fault(render))
            return NULL;
        url = duet_arena_format(render->arena, "%s%s", url, part);
    }
    return url;
}

static const char *with_parameter(struct duet_render *render, const char *url,
                                  const char *parameter)
{
    return duet_arena_format(render->arena, "%s%c%s", url, strchr(url, '?') ? '&' : '?', parameter);
}

static const char *value_text(struct duet_render *render, json_t *value)
{
    if (json_is_string(value))
        return duet_arena_copy_text(render->arena, json_string_value(value),
                                    json_string_length(value));
    if (json_is_integer(value))
        return duet_arena_format(render->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    char *dump = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    const char *text = duet_arena_format(render->arena, "%s", dump ? dump : "");
    free(dump);
    return text;
}

static const char *with_query(struct duet_render *render, const char *url, uint32_t query)
{
    const char *name = NULL;
    json_t *value = NULL;
    json_t *members = query != DUET_NONE ? duet_render_json(render, query) : NULL;
    json_object_foreach(members, name, value)
    {
        const char *parameter =
            duet_arena_format(render->arena, "%s=%s", duet_url_query_text(name, render->arena),
                              duet_url_query_text(value_text(render, value), render->arena));
        url = with_parameter(render, url, parameter);
    }
    json_decref(members);
    return url;
}

const char *duet_render_address(struct duet_render *render, const char *extra)
{
    const struct duet_endpoint *endpoint = render->endpoint;
    const char *tail = duet_render_url(render, render->op->url, render->op->url_count, false);
    if (!tail)
        return NULL;
    const char *url = duet_arena_format(render->arena, "%s%s", endpoint->base, tail);
    url = with_query(render, url, endpoint->row->query);
    url = with_query(render, url, render->op->query);
    if (extra)
        url = with_parameter(render, url, extra);
    if (strlen(url) > DUET_URL_MAX_BYTES)
        fault(render, "the URL would be too long");
    return has_fault(render) ? NULL : url;
}
