/* URLs: texts put into them so that they stay within their place, and addresses compared with where they may lead. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "dsl/arena.h"
#include "dsl/status.h"

#define DUET_URL_MAX_BYTES 16384U
#define DUET_URL_MAX_STEP 1024U /* of a key in a path */

/* A step of a path, percent-encoded. NULL when it could leave its place on some server: empty, `.`, `..`, with a slash, a backslash or
 * a control character (servers decode before they look), or too long. */
const char *duet_url_step(const char *text, struct duet_arena *arena);

/* A name or value of a query, percent-encoded. */
const char *duet_url_query_text(const char *text, struct duet_arena *arena);

/* Bytes of scheme, host and port; 0 when the text is no http(s) address with a host, or has user info. */
size_t duet_url_origin(const char *url);

/* Looks at a configured base: http or https, a host, no user info, query, fragment, blank, control character or `..`. */
enum duet_status duet_url_check_base(const char *url, struct duet_error *error);

/* Where a link in an answer leads, as the address to be asked: byte for byte, blanks apart, and with the base's origin in front when it
 * begins with one slash. NULL when it leads elsewhere than below the base: another origin or path, user info, `..` or a
 * backslash in any spelling, control characters; `fault_out` then says so. */
const char *duet_url_follow(const char *base, const char *link, struct duet_arena *arena,
                            const char **fault_out);

/* Does the URL's host name this machine? */
bool duet_url_is_local(const char *url);
