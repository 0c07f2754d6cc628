#include "engine/record/splice.h"

#include <stdlib.h>
#include <string.h>
#include <jansson.h>

/* A member of an object: where it starts (its key's quote), its value, and the comma behind it if any. */
struct member {
    size_t start, value, value_end;
    bool found;
};

static size_t skip_space(struct duet_text text, size_t at)
{
    while (at < text.length && (text.bytes[at] == ' ' || text.bytes[at] == '\n' ||
                                text.bytes[at] == '\t' || text.bytes[at] == '\r'))
        at++;
    return at;
}

/* Behind the closing quote of the string that starts at `at`; the text's length when it never closes. */
static size_t skip_string(struct duet_text text, size_t at)
{
    for (at++; at < text.length && text.bytes[at] != '"'; at++) {
        if (text.bytes[at] == '\\')
            at++;
    }
    return at < text.length ? at + 1 : text.length;
}

/* Behind the bracket that closes the one at `at`. */
static size_t skip_nested(struct duet_text text, size_t at)
{
    size_t depth = 0;
    while (at < text.length) {
        char character = text.bytes[at];
        if (character == '"') {
            at = skip_string(text, at);
            continue;
        }
        at++;
        if (character == '{' || character == '[')
            depth++;
        else if ((character == '}' || character == ']') && --depth == 0)
            break;
    }
    return at;
}

static bool ends_scalar(char character)
{
    return character == ',' || character == ']' || character == '}' || character == ' ' ||
           character == '\n' || character == '\t' || character == '\r';
}

static size_t skip_value(struct duet_text text, size_t at)
{
    if (at >= text.length)
        return text.length;
    if (text.bytes[at] == '"')
        return skip_string(text, at);
    if (text.bytes[at] == '{' || text.bytes[at] == '[')
        return skip_nested(text, at);
    while (at < text.length && !ends_scalar(text.bytes[at]))
        at++;
    return at;
}

/* Keys are compared as they mean, escapes included. */
static bool key_is(struct duet_text text, size_t start, size_t end, const char *name)
{
    if (!memchr(text.bytes + start, '\\', end - start))
        return end - start == strlen(name) + 2 &&
               memcmp(text.bytes + start + 1, name, end - start - 2) == 0;
    json_t *key = json_loadb(text.bytes + start, end - start, JSON_DECODE_ANY, NULL);
    bool same = json_is_string(key) && strcmp(json_string_value(key), name) == 0;
    json_decref(key);
    return same;
}

/* Looks through the object that opens at `open`; `*end_out` is where it closes. False when it isn't an object. */
static bool find_member(struct duet_text text, size_t open, const char *name, struct member *member,
                        size_t *end_out, bool *empty_out)
{
    *member = (struct member){ 0 };
    *empty_out = true;
    if (open >= text.length || text.bytes[open] != '{')
        return false;
    size_t at = skip_space(text, open + 1);
    while (at < text.length && text.bytes[at] == '"') {
        *empty_out = false;
        size_t key = at;
        size_t key_end = skip_string(text, at);
        at = skip_space(text, key_end);
        if (at >= text.length || text.bytes[at] != ':')
            return false;
        at = skip_space(text, at + 1);
        size_t value_end = skip_value(text, at);
        if (!member->found && key_is(text, key, key_end, name))
            *member =
                (struct member){ .start = key, .value = at, .value_end = value_end, .found = true };
        at = skip_space(text, value_end);
        if (at < text.length && text.bytes[at] == ',')
            at = skip_space(text, at + 1);
    }
    *end_out = at;
    return at < text.length && text.bytes[at] == '}';
}

static struct duet_text replaced(struct duet_text text, size_t start, size_t end,
                                 const char *middle, struct duet_arena *arena)
{
    const struct duet_text parts[] = { { text.bytes, start },
                                       { middle, strlen(middle) },
                                       { text.bytes + end, text.length - end } };
    char *bytes = duet_arena_alloc(arena, start + parts[1].length + parts[2].length + 1);
    size_t used = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        memcpy(bytes + used, parts[i].bytes, parts[i].length);
        used += parts[i].length;
    }
    return (struct duet_text){ .bytes = bytes, .length = used };
}

static const char *quoted(const char *name, struct duet_arena *arena)
{
    json_t *key = json_string(name);
    char *text = key ? json_dumps(key, JSON_ENCODE_ANY) : NULL;
    const char *copy = text ? duet_arena_copy_text(arena, text, strlen(text)) : "\"\"";
    json_decref(key);
    free(text);
    return copy;
}

/* {"b":{"c":value}} for the names behind the first. */
static const char *nested(const char *const *names, size_t count, const char *value,
                          struct duet_arena *arena)
{
    const char *text = value;
    for (size_t i = count; i > 0; i--)
        text = duet_arena_format(arena, "{%s:%s}", quoted(names[i - 1], arena), text);
    return text;
}

/* Takes out the member and one comma, the one behind it or, for the last, the one before. */
static struct duet_text without(struct duet_text text, const struct member *member,
                                struct duet_arena *arena)
{
    size_t start = member->start;
    size_t end = skip_space(text, member->value_end);
    if (end < text.length && text.bytes[end] == ',')
        return replaced(text, start, skip_space(text, end + 1), "", arena);
    size_t before = start;
    while (before > 0 && (text.bytes[before - 1] == ' ' || text.bytes[before - 1] == '\n' ||
                          text.bytes[before - 1] == '\t' || text.bytes[before - 1] == '\r'))
        before--;
    if (before > 0 && text.bytes[before - 1] == ',')
        start = before - 1;
    return replaced(text, start, member->value_end, "", arena);
}

bool duet_splice(struct duet_text text, const char *const *names, size_t count, const char *value,
                 struct duet_arena *arena, struct duet_text *text_out)
{
    size_t open = skip_space(text, 0);
    for (size_t i = 0; i < count; i++) {
        struct member member;
        size_t end = 0;
        bool empty = true;
        if (!find_member(text, open, names[i], &member, &end, &empty))
            return false;
        bool last = i + 1 == count;
        bool is_null =
            member.found && member.value_end - member.value == 4 && text.bytes[member.value] == 'n';
        if (!value && (!member.found || (is_null && !last))) {
            *text_out = text;
            return true;
        }
        if (!value && last) {
            *text_out = without(text, &member, arena);
            return true;
        }
        if (!member.found) {
            const char *made = nested(names + i + 1, count - i - 1, value, arena);
            *text_out = replaced(text, end, end,
                                 duet_arena_format(arena, "%s%s:%s", empty ? "" : ",",
                                                   quoted(names[i], arena), made),
                                 arena);
            return true;
        }
        if (last || is_null) {
            *text_out = replaced(text, member.value, member.value_end,
                                 nested(names + i + 1, count - i - 1, value, arena), arena);
            return true;
        }
        open = member.value;
    }
    return false;
}

bool duet_splice_member(struct duet_text text, const char *name, struct duet_text *value_out)
{
    struct member member;
    size_t end = 0;
    bool empty = true;
    if (!find_member(text, skip_space(text, 0), name, &member, &end, &empty) || !member.found)
        return false;
    *value_out = (struct duet_text){ .bytes = text.bytes + member.value,
                                     .length = member.value_end - member.value };
    return true;
}
