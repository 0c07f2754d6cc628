#include "engine/remote/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/world/net.h"

static const char unreserved[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

/* Encodes all but the unreserved characters and those in `also`. */
static const char *encode(const char *text, const char *also, struct duet_arena *arena)
{
    char *encoded = duet_arena_alloc(arena, 3 * strlen(text) + 1);
    char *at = encoded;
    for (const char *c = text; *c; c++) {
        if (strchr(unreserved, *c) || strchr(also, *c))
            *at++ = *c;
        else
            at += sprintf(at, "%%%02X", (unsigned)(unsigned char)*c);
    }
    return encoded;
}

static bool has_control(const char *text)
{
    for (const char *c = text; *c; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return true;
    }
    return false;
}

const char *duet_url_step(const char *text, struct duet_arena *arena)
{
    if (!*text || strlen(text) > DUET_URL_MAX_STEP || strcmp(text, ".") == 0 ||
        strcmp(text, "..") == 0 || strpbrk(text, "/\\") || has_control(text))
        return NULL;
    return encode(text, "", arena);
}

const char *duet_url_query_text(const char *text, struct duet_arena *arena)
{
    return encode(text, "$:,/()'*!@", arena);
}

/* --- addresses ------------------------------------------------------------------------------------------- */

static size_t scheme_length(const char *url)
{
    return strncasecmp(url, "https://", 8) == 0 ? 8 : strncasecmp(url, "http://", 7) == 0 ? 7 : 0;
}

size_t duet_url_origin(const char *url)
{
    size_t scheme = scheme_length(url);
    size_t authority = strcspn(url + scheme, "/?#\\");
    if (scheme == 0 || authority == 0 || memchr(url + scheme, '@', authority) || url[scheme] == ':')
        return 0;
    return scheme + authority;
}

bool duet_url_is_local(const char *url)
{
    size_t scheme = scheme_length(url);
    const char *host = url + scheme;
    return duet_net_is_loopback(host,
                                *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?#"));
}

/* One character of a path, with `%2e` and its like decoded once: what some server on the way may see. */
static unsigned char decoded(const char **at)
{
    char digits[3] = { 0 };
    if (**at == '%' && (*at)[1] && (*at)[2]) {
        memcpy(digits, *at + 1, 2);
        if (strspn(digits, "0123456789abcdefABCDEF") == 2) {
            *at += 3;
            return (unsigned char)strtoul(digits, NULL, 16);
        }
    }
    return (unsigned char)*(*at)++;
}

/* `.` or `..` as a step, a backslash, or a percent sign that hides another one: in any spelling. */
static bool path_wanders(const char *path)
{
    size_t dots = 0;
    size_t others = 0;
    const char *end = path + strcspn(path, "?#");
    while (path < end) {
        unsigned char c = decoded(&path);
        if (c == '\\' || c == '%' || c < ' ' || c == 0x7f)
            return true;
        if (c != '/') {
            *(c == '.' ? &dots : &others) += 1;
            continue;
        }
        if (others == 0 && (dots == 1 || dots == 2))
            return true;
        dots = others = 0;
    }
    return others == 0 && (dots == 1 || dots == 2);
}

enum duet_status duet_url_check_base(const char *url, struct duet_error *error)
{
    size_t origin = duet_url_origin(url);
    if (strlen(url) > DUET_URL_MAX_BYTES)
        return duet_fail(error, DUET_INVALID, "the address is longer than %u bytes",
                         DUET_URL_MAX_BYTES);
    if (origin == 0)
        return duet_fail(error, DUET_INVALID,
                         "'%s' is no address: expected https://HOST/PATH, without a user name",
                         url);
    if (strpbrk(url, "?# ") || has_control(url))
        return duet_fail(error, DUET_INVALID,
                         "'%s' has a query, a fragment or a blank, which no base may have", url);
    if (path_wanders(url + origin))
        return duet_fail(error, DUET_INVALID, "'%s' has '.', '..' or a backslash in its path", url);
    return DUET_OK;
}

/* Is `link` at or below `base`? Letter case is ignored in paths: servers that ignore it answer links in another case. */
static bool is_below(const char *base, const char *link)
{
    size_t length = strlen(base);
    return strncasecmp(base, link, length) == 0 &&
           (link[length] == '/' || link[length] == '?' || link[length] == '\0');
}

static const char *with_blanks_encoded(const char *text, struct duet_arena *arena)
{
    char *encoded = duet_arena_alloc(arena, 3 * strlen(text) + 1);
    char *at = encoded;
    for (; *text; text++)
        at += *text == ' ' ? sprintf(at, "%%20") : sprintf(at, "%c", *text);
    return encoded;
}

const char *duet_url_follow(const char *base, const char *link, struct duet_arena *arena,
                            const char **fault_out)
{
    size_t origin = duet_url_origin(base);
    if (strlen(link) > DUET_URL_MAX_BYTES || has_control(link)) {
        *fault_out = "the link to the next page is too long or has control characters";
        return NULL;
    }
    if (link[0] == '/' && link[1] != '/' && link[1] != '\\')
        link = duet_arena_format(arena, "%.*s%s", (int)origin, base, link);
    if (duet_url_origin(link) != origin || strncasecmp(link, base, origin) != 0) {
        *fault_out = "the link to the next page leads to another server";
        return NULL;
    }
    if (!is_below(base, link) || path_wanders(link + origin)) {
        *fault_out = "the link to the next page leads out of the configured address";
        return NULL;
    }
    return with_blanks_encoded(link, arena);
}
