#include "engine/lsp/uri.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "dsl/arena.h"
#include "dsl/source.h"

#define SCHEME "file://"

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* %41 as "A"; what isn't so encoded, or would be a NUL, stays. */
static char *decoded(struct duet_arena *arena, const char *text)
{
    char *out = duet_arena_alloc(arena, strlen(text) + 1);
    size_t length = 0;
    while (*text) {
        int high = text[0] == '%' ? digit(text[1]) : -1;
        int low = high >= 0 ? digit(text[2]) : -1;
        bool encoded = low >= 0 && (high > 0 || low > 0);
        out[length++] = encoded ? (char)(high * 16 + low) : *text;
        text += encoded ? 3 : 1;
    }
    return out;
}

const char *duet_uri_path(struct duet_arena *arena, const char *uri)
{
    const char *path = uri;
    if (strncmp(uri, SCHEME, strlen(SCHEME)) == 0) {
        const char *after = uri + strlen(SCHEME);
        const char *slash = strchr(after, '/');
        path = decoded(arena, slash ? slash : after);
    }
    size_t size = strlen(path) + 2;
    char *plain = duet_arena_alloc(arena, size);
    return duet_source_resolve("", path, plain, size) && plain[0] ? plain : path;
}

const char *duet_uri_of(struct duet_arena *arena, const char *path)
{
    static const char plain[] = "-._~/!$&'()*+,;=@";
    if (path[0] != '/')
        return path;
    char *out = duet_arena_alloc(arena, 3 * strlen(path) + 1);
    size_t length = 0;
    for (; *path; path++) {
        unsigned char c = (unsigned char)*path;
        if ((c < 0x80 && isalnum(c)) || strchr(plain, c)) {
            out[length++] = *path;
            continue;
        }
        out[length++] = '%';
        out[length++] = "0123456789ABCDEF"[c >> 4];
        out[length++] = "0123456789ABCDEF"[c & 15];
    }
    return duet_arena_format(arena, "%s%s", SCHEME, out);
}
