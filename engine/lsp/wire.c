#include "engine/lsp/wire.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LENGTH_NAME "content-length:"
#define ROOM_KEPT ((size_t)1024 * 1024) /* beyond it the buffer shrinks once it is empty */

bool duet_wire_feed(struct duet_wire *wire, const char *bytes, size_t length)
{
    size_t skipped = length < wire->skip ? length : wire->skip;
    wire->skip -= skipped;
    bytes += skipped;
    length -= skipped;
    if (length > wire->room - wire->length) {
        size_t room = wire->room ? wire->room : 4096;
        while (room - wire->length < length)
            room *= 2;
        char *larger = realloc(wire->bytes, room);
        if (!larger)
            return false;
        wire->bytes = larger;
        wire->room = room;
    }
    if (length > 0)
        memcpy(wire->bytes + wire->length, bytes, length);
    wire->length += length;
    return true;
}

void duet_wire_finish(struct duet_wire *wire)
{
    free(wire->bytes);
    *wire = (struct duet_wire){ 0 };
}

static void drop(struct duet_wire *wire, size_t count)
{
    wire->length -= count;
    if (wire->length > 0)
        memmove(wire->bytes, wire->bytes + count, wire->length);
    else if (wire->room > ROOM_KEPT)
        duet_wire_finish(wire);
}

/* --- the header ------------------------------------------------------------------------------------------ */

/* Bytes of the header with the empty line behind it; 0: not all there. */
static size_t header_length(const struct duet_wire *wire)
{
    size_t most = wire->length < DUET_WIRE_HEADER_MAX ? wire->length : DUET_WIRE_HEADER_MAX;
    for (size_t i = 3; i < most; i++) {
        if (memcmp(wire->bytes + i - 3, "\r\n\r\n", 4) == 0)
            return i + 1;
    }
    return 0;
}

/* A whole number that fits and has no other sign in it; false: it isn't one. */
static bool read_number(const char *text, const char *end, size_t *number_out)
{
    size_t number = 0;
    while (text < end && *text == ' ')
        text++;
    if (text == end)
        return false;
    for (; text < end && *text != '\r'; text++) {
        if (*text < '0' || *text > '9' || number > SIZE_MAX / 100)
            return false;
        number = number * 10 + (size_t)(*text - '0');
    }
    *number_out = number;
    return true;
}

/* The one header that counts; others are passed over. */
static bool body_length(const char *header, size_t length, size_t *length_out)
{
    const char *end = header + length - 2;
    bool found = false;
    for (const char *line = header; line < end;) {
        const char *next = memchr(line, '\r', (size_t)(end - line));
        size_t size = next ? (size_t)(next - line) : (size_t)(end - line);
        size_t name = strlen(LENGTH_NAME);
        if (size >= name && strncasecmp(line, LENGTH_NAME, name) == 0) {
            if (found || !read_number(line + name, line + size, length_out))
                return false;
            found = true;
        }
        line += size + 2;
    }
    return found;
}

/* Behind what is no message the next one begins where a length is told again; what stands before it is left out. */
static void find_header(struct duet_wire *wire)
{
    size_t name = strlen(LENGTH_NAME);
    size_t at = 0;
    while (at + name <= wire->length && strncasecmp(wire->bytes + at, LENGTH_NAME, name) != 0)
        at++;
    wire->is_lost = at + name > wire->length;
    drop(wire, at);
}

static enum duet_wire_result broken(struct duet_wire *wire, size_t count, const char *why,
                                    const char **why_out)
{
    drop(wire, count);
    *why_out = why;
    return DUET_WIRE_BROKEN;
}

/* Where the bytes behind it begin isn't known. */
static enum duet_wire_result lost(struct duet_wire *wire, size_t count, const char *why,
                                  const char **why_out)
{
    wire->is_lost = true;
    return broken(wire, count, why, why_out);
}

/* --- messages -------------------------------------------------------------------------------------------- */

/* jansson's own limit on nesting lets a text use far more stack and memory than a message needs. */
static bool is_too_deep(const char *text, size_t length)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '[' || c == '{') && ++depth > DUET_WIRE_DEPTH_MAX)
            return true;
        else if (!quoted && (c == ']' || c == '}') && depth > 0)
            depth--;
    }
    return false;
}

static json_t *read_json(const char *text, size_t length, const char **why_out)
{
    if (is_too_deep(text, length)) {
        *why_out = "the message is nested too deep";
        return NULL;
    }
    json_t *message = json_loadb(text, length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    if (!message)
        *why_out = "the message isn't JSON in UTF-8";
    return message;
}

enum duet_wire_result duet_wire_next(struct duet_wire *wire, json_t **message_out,
                                     const char **why_out)
{
    *message_out = NULL;
    if (wire->is_lost)
        find_header(wire);
    if (wire->is_lost)
        return DUET_WIRE_MORE;
    size_t header = header_length(wire);
    size_t body = 0;
    if (header == 0 && wire->length < DUET_WIRE_HEADER_MAX)
        return DUET_WIRE_MORE;
    if (header == 0)
        return lost(wire, 1, "the header of a message never ends", why_out);
    if (!body_length(wire->bytes, header, &body))
        return lost(wire, header, "the header says no Content-Length that is a number", why_out);
    if (body > DUET_WIRE_BODY_MAX) {
        size_t there = wire->length - header < body ? wire->length - header : body;
        wire->skip = body - there;
        return broken(wire, header + there, "the message is too large", why_out);
    }
    if (wire->length - header < body)
        return DUET_WIRE_MORE;
    *message_out = read_json(wire->bytes + header, body, why_out);
    drop(wire, header + body);
    wire->is_lost = !*message_out; /* its length may be wrong */
    return *message_out ? DUET_WIRE_MESSAGE : DUET_WIRE_BROKEN;
}

bool duet_wire_write(const json_t *message, FILE *out)
{
    char *text = json_dumps(message, JSON_COMPACT);
    if (!text)
        return false;
    bool written = fprintf(out, "Content-Length: %zu\r\n\r\n%s", strlen(text), text) > 0;
    free(text);
    return fflush(out) == 0 && written;
}
