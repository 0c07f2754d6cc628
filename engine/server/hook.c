#include "engine/server/hook.h"

#include <string.h>

#include <jansson.h>

#include "engine/record/record.h"

const struct duet_t_webhook *duet_hook_block(const struct duet_hook *hook)
{
    const struct duet_t_side *side = duet_side_row(hook->tables, hook->at);
    return duet_webhook_row(hook->tables, side->webhook);
}

/* --- the body -------------------------------------------------------------------------------------------- */

/* Before jansson recurses, whose own limit is higher. */
static bool is_too_deep(const char *body, size_t length)
{
    unsigned depth = 0;
    bool in_text = false;
    for (size_t i = 0; i < length; i++) {
        if (in_text && body[i] == '\\')
            i++;
        else if (body[i] == '"')
            in_text = !in_text;
        else if (!in_text && (body[i] == '{' || body[i] == '['))
            depth++;
        else if (!in_text && (body[i] == '}' || body[i] == ']'))
            depth -= depth > 0;
        if (depth > DUET_HOOK_MAX_DEPTH)
            return true;
    }
    return false;
}

static enum duet_status parse(const char *body, size_t length, json_t **json_out,
                              struct duet_error *error)
{
    json_error_t fault;
    if (is_too_deep(body, length))
        return duet_fail(error, DUET_INVALID, "the body is nested deeper than %u",
                         DUET_HOOK_MAX_DEPTH);
    *json_out = json_loadb(body, length, JSON_REJECT_DUPLICATES, &fault);
    if (!*json_out)
        return duet_fail(error, DUET_INVALID, "the body isn't valid JSON: line %d, column %d",
                         fault.line, fault.column);
    if (!json_is_object(*json_out))
        return duet_fail(error, DUET_INVALID, "the body must be a JSON object");
    return DUET_OK;
}

/* The path as its author wrote it: "data.id". */
static const char *path_text(const struct duet_tables *tables, uint32_t path,
                             struct duet_arena *arena)
{
    const struct duet_t_path *row = duet_path_row(tables, path);
    const char *text = "";
    for (uint32_t i = 0; i < row->steps_count; i++)
        text = duet_arena_format(arena, "%s%s%s", text, i > 0 ? "." : "",
                                 duet_str(tables, duet_step_row(tables, row->steps + i)->name));
    return text;
}

/* NULL where nothing stands, or null. */
static const json_t *find(const struct duet_tables *tables, uint32_t path, const json_t *body)
{
    const json_t *found = path == DUET_NONE ? NULL : duet_path_find(tables, path, body);
    return json_is_null(found) ? NULL : found;
}

static enum duet_status read_key(const struct duet_tables *tables, uint32_t path,
                                 const json_t *body, struct duet_arena *arena, const char **key_out,
                                 struct duet_error *error)
{
    const json_t *found = find(tables, path, body);
    const char *name = path_text(tables, path, arena);
    if (!found)
        return duet_fail(error, DUET_INVALID, "'%s', the record's key, is missing", name);
    if (json_is_integer(found)) {
        *key_out = duet_arena_format(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(found));
        return DUET_OK;
    }
    size_t length = json_string_length(found);
    if (!json_is_string(found) || length == 0)
        return duet_fail(error, DUET_INVALID, "'%s' must be text or a whole number", name);
    if (length > DUET_HOOK_MAX_KEY)
        return duet_fail(error, DUET_INVALID, "'%s' is longer than %u bytes", name,
                         DUET_HOOK_MAX_KEY);
    *key_out = duet_arena_copy_text(arena, json_string_value(found), length);
    return DUET_OK;
}

/* --- signals ------------------------------------------------------------------------------------------------ */

static bool is_text(const json_t *json)
{
    return json_is_string(json) && json_string_length(json) > 0;
}

/* Whoever signals names the signal in its data. */
static const char *signal_name(const json_t *data)
{
    const json_t *signal = json_object_get(data, "signal");
    const json_t *name = json_object_get(data, "name");
    if (is_text(signal))
        return json_string_value(signal);
    return is_text(name) ? json_string_value(name) : "signal";
}

static const char *data_text(const json_t *data, struct duet_arena *arena)
{
    size_t length = json_dumpb(data, NULL, 0, JSON_COMPACT | JSON_ENCODE_ANY);
    char *text = duet_arena_alloc(arena, length + 1);
    json_dumpb(data, text, length, JSON_COMPACT | JSON_ENCODE_ANY);
    return text;
}

static enum duet_status read_event(const struct duet_tables *tables,
                                   const struct duet_t_webhook *block, const json_t *body,
                                   struct duet_arena *arena, struct duet_hook_message *message,
                                   struct duet_error *error)
{
    const char *wanted = duet_opt_str(tables, block->signal);
    const json_t *event = find(tables, block->event, body);
    if (event && !json_is_string(event))
        return duet_fail(error, DUET_INVALID, "'%s' must be text",
                         path_text(tables, block->event, arena));
    if (!wanted || !event || strcmp(json_string_value(event), wanted) != 0)
        return DUET_OK;
    const json_t *data = find(tables, block->data, body);
    const char *name = signal_name(data);
    message->signal = duet_arena_copy_text(arena, name, strlen(name));
    message->data = data ? data_text(data, arena) : NULL;
    return DUET_OK;
}

enum duet_status duet_hook_read(const struct duet_hook *hook, const char *body, size_t length,
                                struct duet_arena *arena, struct duet_hook_message *message_out,
                                struct duet_error *error)
{
    const struct duet_t_webhook *block = duet_hook_block(hook);
    json_t *json = NULL;
    *message_out = (struct duet_hook_message){ 0 };
    enum duet_status status = parse(body, length, &json, error);
    if (status == DUET_OK)
        status = read_key(hook->tables, block->key, json, arena, &message_out->key, error);
    if (status == DUET_OK)
        status = read_event(hook->tables, block, json, arena, message_out, error);
    json_decref(json);
    return status;
}

/* --- the journal -------------------------------------------------------------------------------------------- */

enum duet_status duet_hook_keep(const struct duet_hook *hook,
                                const struct duet_hook_message *message, int64_t when,
                                struct duet_journal *journal)
{
    const struct duet_owner owner = { hook->kind, hook->owner, 0 };
    const char *side = hook->kind == DUET_OWNER_HUB ? "" : hook->side;
    if (!message->signal) {
        const struct duet_source source = { &owner, side };
        return duet_journal_hint(journal, &source, message->key, when);
    }
    const struct duet_signal signal = { .side = side,
                                        .key = message->key,
                                        .name = message->signal,
                                        .data = message->data,
                                        .when = when };
    return duet_journal_signal(journal, &owner, &signal);
}
