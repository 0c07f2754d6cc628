#include "tests/sim/sentinel/errors.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/sim/text.h"

static json_t *arm_error(const char *code, const char *message)
{
    return json_pack("{s:{s:s, s:s}}", "error", "code", code, "message", message);
}

void sentinel_error(const struct sim_state *state, struct sim_reply *reply, unsigned status,
                    const char *code, const char *format, ...)
{
    char message[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    if (sentinel_is(state, SENTINEL_ERROR_SHAPE, "empty"))
        sim_reply_empty(reply, status);
    else if (sentinel_is(state, SENTINEL_ERROR_SHAPE, "gateway"))
        sim_reply_json(reply, status,
                       json_pack("{s:i, s:s}", "statusCode", (int)status, "message", message));
    else
        sim_reply_json(reply, status, arm_error(code, message));
}

void sentinel_bad_request(const struct sim_state *state, struct sim_reply *reply,
                          char *stolen_message)
{
    sentinel_error(state, reply, 400, "BadRequest", "%s", stolen_message);
    free(stolen_message);
}

static const char *code_of(unsigned status)
{
    switch (status) {
    case 401:
        return "ExpiredAuthenticationToken";
    case 403:
        return "AuthorizationFailed";
    case 404:
        return "NotFound";
    case 409:
        return "Conflict";
    case 429:
        return "TooManyRequests";
    case 503:
        return "ServiceUnavailable";
    default:
        return "InternalServerError";
    }
}

void sentinel_refuse(unsigned status, const char *retry_after, struct sim_reply *reply)
{
    sim_reply_json(reply, status, arm_error(code_of(status), "refused by an injected fault"));
    if (retry_after)
        sim_reply_header(reply, "Retry-After", retry_after);
}
