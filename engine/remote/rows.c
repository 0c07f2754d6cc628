#include "engine/remote/rows.h"

#include <stdlib.h>
#include <string.h>

#include "engine/world/hash.h"

struct cursor {
    const char *at;
    const char *end;
};

static void skip_blanks(struct cursor *cursor)
{
    while (cursor->at < cursor->end && strchr(" \t\r\n", *cursor->at) && *cursor->at)
        cursor->at++;
}

static bool take(struct cursor *cursor, char c)
{
    skip_blanks(cursor);
    if (cursor->at == cursor->end || *cursor->at != c)
        return false;
    cursor->at++;
    return true;
}

/* Behind the closing quote. False when there is none. */
static bool skip_string(struct cursor *cursor)
{
    for (cursor->at++; cursor->at < cursor->end; cursor->at++) {
        if (*cursor->at == '"') {
            cursor->at++;
            return true;
        }
        if (*cursor->at == '\\')
            cursor->at++;
    }
    cursor->at = cursor->end; /* the last byte may have been a backslash */
    return false;
}

/* Behind the value's last byte. Brackets are counted, not matched: the row's reader is the judge of that. */
static bool skip_value(struct cursor *cursor)
{
    size_t depth = 0;
    skip_blanks(cursor);
    const char *start = cursor->at;
    while (cursor->at < cursor->end) {
        char c = *cursor->at;
        if (depth == 0 && cursor->at > start && strchr(",]}: \t\r\n", c) && c)
            return true;
        if (c == '"') {
            if (!skip_string(cursor))
                return false;
            if (depth == 0)
                return true;
            continue;
        }
        if (depth == 0 && strchr(",:]}", c) && c)
            return false;
        if (c == '{' || c == '[') {
            depth++;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            cursor->at++;
            return true;
        }
        cursor->at++;
    }
    return depth == 0 && cursor->at > start;
}

static bool name_is(const char *start, const char *end, const char *name)
{
    size_t length = (size_t)(end - start); /* with its quotes */
    if (!memchr(start, '\\', length))
        return length == strlen(name) + 2 && memcmp(start + 1, name, length - 2) == 0;
    json_t *text = json_loadb(start, length, JSON_DECODE_ANY, NULL);
    bool same = json_is_string(text) && strcmp(json_string_value(text), name) == 0;
    json_decref(text);
    return same;
}

/* Moves to the value of the member; of two with one name to the last, as the JSON library does. */
static bool find_member(struct cursor *cursor, const char *name)
{
    const char *found = NULL;
    if (!take(cursor, '{'))
        return false;
    while (!take(cursor, '}')) {
        skip_blanks(cursor);
        const char *start = cursor->at;
        if (start == cursor->end || *start != '"' || !skip_string(cursor))
            return false;
        bool wanted = name_is(start, cursor->at, name);
        if (!take(cursor, ':'))
            return false;
        skip_blanks(cursor);
        if (wanted)
            found = cursor->at;
        if (!skip_value(cursor))
            return false;
        take(cursor, ',');
    }
    cursor->at = found;
    return found != NULL;
}

static void add_row(struct duet_body *body, size_t *size, struct duet_remote_row row,
                    struct duet_arena *arena)
{
    if (body->count == *size) {
        *size = *size > 0 ? 2 * *size : 64;
        struct duet_remote_row *rows = duet_arena_alloc_array(arena, *size, sizeof *rows);
        if (body->count > 0)
            memcpy(rows, body->rows, body->count * sizeof *rows);
        body->rows = rows;
    }
    body->rows[body->count++] = row;
}

/* Stands before the list; afterwards behind it. */
static bool take_rows(struct cursor *cursor, struct duet_body *body, struct duet_arena *arena)
{
    size_t size = 0;
    if (!take(cursor, '['))
        return false;
    while (!take(cursor, ']')) {
        skip_blanks(cursor);
        const char *start = cursor->at;
        if (!skip_value(cursor))
            return false;
        add_row(body, &size, (struct duet_remote_row){ start, (size_t)(cursor->at - start) },
                arena);
        skip_blanks(cursor);
        if (cursor->at < cursor->end && *cursor->at != ']' && !take(cursor, ','))
            return false;
    }
    return true;
}

static bool cut_rows(const struct duet_tables *tables, uint32_t items, struct cursor *cursor,
                     struct duet_body *body, struct duet_arena *arena)
{
    const struct duet_t_path *path = duet_path_row(tables, items);
    for (uint32_t i = 0; i < path->steps_count; i++) {
        if (!find_member(cursor, duet_str(tables, duet_step_row(tables, path->steps + i)->name)))
            return false;
    }
    skip_blanks(cursor);
    const char *start = cursor->at;
    body->has_rows = take_rows(cursor, body, arena);
    if (!body->has_rows)
        cursor->at = start;
    return body->has_rows;
}

struct duet_body duet_body_split(const struct duet_tables *tables, uint32_t items,
                                 const char *bytes, size_t length, struct duet_arena *arena)
{
    struct duet_body body = { 0 };
    struct cursor cursor = { bytes, bytes + length };
    if (items == DUET_NONE || !cut_rows(tables, items, &cursor, &body, arena)) {
        body.count = 0;
        body.json = json_loadb(bytes, length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        return body;
    }
    const char *list = body.count > 0 ? body.rows[0].bytes : NULL;
    if (!list) {
        body.json = json_loadb(bytes, length, JSON_ALLOW_NUL, NULL);
        return body;
    }
    size_t front = (size_t)(list - bytes); /* with the opening bracket */
    size_t back = (size_t)(cursor.end - cursor.at);
    char *rest = duet_arena_alloc(arena, front + back + 2);
    memcpy(rest, bytes, front);
    rest[front] = ']';
    memcpy(rest + front + 1, cursor.at, back);
    body.json = json_loadb(rest, front + 1 + back, JSON_ALLOW_NUL, NULL);
    return body;
}

bool duet_bytes_are_object(const char *bytes, size_t length)
{
    struct cursor cursor = { bytes, bytes + length };
    skip_blanks(&cursor);
    if (cursor.at == cursor.end || *cursor.at != '{' || !skip_value(&cursor))
        return false;
    skip_blanks(&cursor);
    return cursor.at == cursor.end;
}

const char *duet_body_key(const struct duet_endpoint *endpoint, const json_t *body,
                          struct duet_arena *arena)
{
    const struct duet_t_field *field = duet_field_row(endpoint->tables, endpoint->row->key);
    const json_t *json = body ? duet_path_find(endpoint->tables, field->path, body) : NULL;
    if (json_is_integer(json))
        return duet_arena_format(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
    const char *text = json_string_value(json);
    return text && *text ? duet_arena_format(arena, "%s", text) : NULL;
}

uint64_t duet_row_hash(const struct duet_remote_row *row)
{
    uint64_t hash = duet_hash_bytes(row->bytes, row->length);
    /* Sums of hashes are compared: spread what near rows have in common. */
    hash ^= hash >> 33;
    hash *= UINT64_C(0xff51afd7ed558ccd);
    return hash ^ (hash >> 33);
}
