#include "tests/sim/sentinel/auth.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/instant.h"
#include "tests/sim/jwt.h"
#include "tests/sim/sentinel/errors.h"
#include "tests/sim/text.h"

static const char SIGNING_KEY[] = "the simulated login's own key";
static const char *const ARM_HOSTS[] = { "https://management.azure.com",
                                         "https://management.core.windows.net" };

struct login_error {
    unsigned status;
    const char *error;
    int code;
    const char *text;
};

static const struct login_error NO_DIRECTORY = { 400, "invalid_request", 90002,
                                                 "Tenant '%s' not found." };
static const struct login_error NO_CLIENT = {
    400, "unauthorized_client", 700016,
    "Application with identifier '%s' was not found in the directory."
};
static const struct login_error WRONG_SECRET = { 401, "invalid_client", 7000215,
                                                 "Invalid client secret provided for app '%s'." };
static const struct login_error EXPIRED_SECRET = {
    401, "invalid_client", 7000222, "The provided client secret keys for app '%s' are expired."
};
static const struct login_error WRONG_SCOPE = {
    400, "invalid_scope", 70011,
    "The provided value for the input parameter 'scope' is not valid: '%s'."
};
static const struct login_error WRONG_GRANT = {
    400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type '%s'."
};

static void refuse(struct sim_state *state, struct sim_reply *reply,
                   const struct login_error *error, const char *what)
{
    char now[SIM_INSTANT_SIZE];
    char trace[SIM_UUID_SIZE];
    sim_instant_format(sim_clock_now(state->context.clock), SIM_INSTANT_PLAIN, now);
    const char *hole = strstr(error->text, "%s");
    char *seed = sim_format("trace %ld", ++state->serial);
    sim_uuid(seed, trace);
    json_t *description = json_sprintf(
        "AADSTS%d: %.*s%s%s\r\nTrace ID: %s\r\nCorrelation ID: %s\r\nTimestamp: %sZ", error->code,
        (int)(hole - error->text), error->text, what ? what : "", hole + 2, trace, trace, now);
    json_t *timestamp = json_sprintf("%sZ", now);
    sim_reply_json(reply, error->status,
                   json_pack("{s:s, s:o?, s:[i], s:o, s:s, s:s}", "error", error->error,
                             "error_description", description, "error_codes", error->code,
                             "timestamp", timestamp, "trace_id", trace, "correlation_id", trace));
    free(seed);
}

static bool directory_is_known(const struct sim_state *state, const char *directory)
{
    for (size_t i = 0; i < state->client_count; i++)
        if (sim_same_name(state->clients[i].directory, directory))
            return true;
    return false;
}

static const struct sentinel_client *find_client(const struct sim_state *state,
                                                 const char *directory, const char *id)
{
    for (size_t i = 0; i < state->client_count; i++)
        if (sim_same_name(state->clients[i].directory, directory) &&
            sim_same_name(state->clients[i].id, id))
            return &state->clients[i];
    return NULL;
}

/* "https://host/.default" or, on the older endpoint, a resource: the audience, NULL when the scope
 * isn't of that form. The caller frees. */
static char *audience_of(const json_t *form)
{
    static const char END[] = "/.default";
    const char *scope = sim_member_text(form, "scope");
    const char *resource = sim_member_text(form, "resource");
    if (!scope)
        return resource ? sim_copy(resource) : NULL;
    size_t length = strlen(scope);
    size_t end = strlen(END);
    if (length <= end || strcmp(scope + length - end, END) != 0)
        return NULL;
    return sim_copy_part(scope, length - end);
}

static char *make_token(struct sim_state *state, const struct sentinel_client *client,
                        const char *audience)
{
    json_int_t now = sim_clock_now(state->context.clock) / SIM_TICKS_PER_SECOND;
    json_int_t end = now + sentinel_number(state, SENTINEL_TOKEN_LIFETIME);
    json_t *claims =
        json_pack("{s:s, s:s, s:s, s:I, s:I, s:I}", "aud", audience, "tid", client->directory,
                  "appid", client->id, "iat", now, "exp", end, "uti", (json_int_t)++state->serial);
    char *token = sim_jwt_sign(claims, SIGNING_KEY);
    json_decref(claims);
    return token;
}

static void grant(struct sim_state *state, const struct sentinel_client *client,
                  const char *audience, struct sim_reply *reply)
{
    char *token = make_token(state, client, audience);
    json_int_t lifetime = sentinel_number(state, SENTINEL_TOKEN_LIFETIME);
    sim_reply_json(reply, 200,
                   json_pack("{s:s, s:I, s:I, s:s}", "token_type", "Bearer", "expires_in", lifetime,
                             "ext_expires_in", lifetime, "access_token", token));
    sim_reply_header(reply, "Cache-Control", "no-store, no-cache");
    free(token);
}

void sentinel_token(struct sim_state *state, const struct sim_request *request,
                    struct sim_reply *reply)
{
    const char *directory = request->segments[0];
    json_t *form = sim_form_parse(request->body, NULL);
    const char *id = sim_member_text(form, "client_id");
    const char *secret = sim_member_text(form, "client_secret");
    const char *grant_type = sim_member_text(form, "grant_type");
    const struct sentinel_client *client = id ? find_client(state, directory, id) : NULL;
    char *audience = audience_of(form);
    if (!directory_is_known(state, directory))
        refuse(state, reply, &NO_DIRECTORY, directory);
    else if (!sim_same(grant_type, "client_credentials"))
        refuse(state, reply, &WRONG_GRANT, grant_type);
    else if (!client)
        refuse(state, reply, &NO_CLIENT, id);
    else if (!sim_same(secret, client->secret))
        refuse(state, reply, &WRONG_SECRET, id);
    else if (sentinel_is(state, SENTINEL_SECRETS, "expired"))
        refuse(state, reply, &EXPIRED_SECRET, id);
    else if (!audience)
        refuse(state, reply, &WRONG_SCOPE, sim_member_text(form, "scope"));
    else
        grant(state, client, audience, reply);
    free(audience);
    json_decref(form);
}

/* This simulator stands in for the resource manager, so its own address is an audience too. */
static bool audience_is_ours(const char *audience, const char *host)
{
    char *copy = sim_copy(audience);
    size_t length = strlen(copy);
    while (length > 0 && copy[length - 1] == '/')
        copy[--length] = '\0';
    char *own = sim_format("http://%s", host ? host : "");
    bool ours = sim_same_name(copy, own);
    for (size_t i = 0; i < sizeof(ARM_HOSTS) / sizeof(ARM_HOSTS[0]); i++)
        ours = ours || sim_same_name(copy, ARM_HOSTS[i]);
    free(own);
    free(copy);
    return ours;
}

static void refuse_expired(const struct sim_state *state, struct sim_reply *reply, int64_t end,
                           int64_t now)
{
    char end_text[SIM_INSTANT_SIZE];
    char now_text[SIM_INSTANT_SIZE];
    sim_instant_format(end, SIM_INSTANT_US, end_text);
    sim_instant_format(now, SIM_INSTANT_US, now_text);
    sentinel_error(state, reply, 401, "ExpiredAuthenticationToken",
                   "The access token expiry UTC time '%s' is earlier than current UTC time '%s'.",
                   end_text, now_text);
}

static const struct sentinel_client *check_claims(struct sim_state *state, const json_t *claims,
                                                  const struct sim_request *request,
                                                  struct sim_reply *reply)
{
    const char *audience = sim_member_text(claims, "aud");
    int64_t end = json_integer_value(json_object_get(claims, "exp")) * SIM_TICKS_PER_SECOND;
    int64_t now = sim_clock_now(state->context.clock);
    const struct sentinel_client *client =
        find_client(state, sim_member_text(claims, "tid"), sim_member_text(claims, "appid"));
    if (!client) {
        sentinel_error(state, reply, 401, "InvalidAuthenticationToken",
                       "The access token is invalid.");
        return NULL;
    }
    if (end <= now) {
        refuse_expired(state, reply, end, now);
        return NULL;
    }
    if (!audience || !audience_is_ours(audience, sim_request_header(request, "host"))) {
        sentinel_error(state, reply, 401, "InvalidAuthenticationTokenAudience",
                       "The access token has been obtained for wrong audience or resource '%s'.",
                       audience ? audience : "");
        return NULL;
    }
    return client;
}

const struct sentinel_client *sentinel_authenticate(struct sim_state *state,
                                                    const struct sim_request *request,
                                                    struct sim_reply *reply)
{
    const char *header = sim_request_header(request, "authorization");
    if (!header || strncmp(header, "Bearer ", 7) != 0) {
        sentinel_error(state, reply, 401, "AuthenticationFailed",
                       "Authentication failed. The 'Authorization' header is missing.");
        sim_reply_header(reply, "WWW-Authenticate", "Bearer");
        return NULL;
    }
    json_t *claims = sim_jwt_verify(header + 7, SIGNING_KEY);
    if (!claims) {
        sentinel_error(state, reply, 401, "InvalidAuthenticationToken",
                       "The access token is invalid.");
        return NULL;
    }
    const struct sentinel_client *client = check_claims(state, claims, request, reply);
    json_decref(claims);
    return client;
}

bool sentinel_may_use(const struct sim_state *state, const struct sentinel_client *client,
                      const struct sentinel_workspace *workspace)
{
    for (size_t i = 0; i < state->client_count; i++)
        if (sim_same_name(state->clients[i].id, client->id) &&
            sim_same_name(state->clients[i].directory, client->directory) &&
            state->clients[i].workspace == workspace)
            return true;
    return false;
}
