/* The simulated Sentinel: routes, and its row of functions for the server. */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/jwt.h"
#include "tests/sim/sentinel/auth.h"
#include "tests/sim/sentinel/errors.h"
#include "tests/sim/sentinel/operations.h"
#include "tests/sim/sentinel/person.h"
#include "tests/sim/sentinel/quota.h"
#include "tests/sim/text.h"

/* Where the parts of /subscriptions/S/resourceGroups/G/providers/Microsoft.OperationalInsights/
 * workspaces/W/providers/Microsoft.SecurityInsights/incidents/I/comments/C stand. */
enum {
    AT_SUBSCRIPTION = 1,
    AT_GROUP = 3,
    AT_WORKSPACE = 7,
    AT_COLLECTION = 10,
    AT_INCIDENT = 11,
    AT_BELOW = 12,
    AT_COMMENT = 13
};

static const char *const FIXED[] = { "subscriptions",  NULL,
                                     "resourceGroups", NULL,
                                     "providers",      "Microsoft.OperationalInsights",
                                     "workspaces",     NULL,
                                     "providers",      "Microsoft.SecurityInsights",
                                     "incidents" };

struct route {
    const char *method;
    size_t segments;
    const char *below; /* what stands after the incident, or NULL */
    const char *kind;
    const char *action; /* for the text of a 403 */
    void (*run)(const struct sentinel_call *call);
};

/* Alerts, bookmarks, entities, relations and tasks: there, and always empty. */
static void nothing_below(const struct sentinel_call *call)
{
    if (!sentinel_call_incident(call))
        return;
    if (sim_same_name(call->request->segments[AT_BELOW], "entities"))
        sim_reply_json(call->reply, 200, json_pack("{s:[], s:[]}", "entities", "metaData"));
    else
        sim_reply_json(call->reply, 200, json_pack("{s:[]}", "value"));
}

static const struct route ROUTES[] = {
    { "GET", 11, NULL, "list incidents", "incidents/read", sentinel_incident_list },
    { "GET", 12, NULL, "read incident", "incidents/read", sentinel_incident_get },
    { "PUT", 12, NULL, "write incident", "incidents/write", sentinel_incident_put },
    { "DELETE", 12, NULL, "delete incident", "incidents/delete", sentinel_incident_delete },
    { "GET", 13, "comments", "list notes", "incidents/comments/read", sentinel_comment_list },
    { "GET", 14, "comments", "read note", "incidents/comments/read", sentinel_comment_get },
    { "PUT", 14, "comments", "add note", "incidents/comments/write", sentinel_comment_put },
    { "DELETE", 14, "comments", "delete note", "incidents/comments/delete",
      sentinel_comment_delete },
    { "POST", 13, "alerts", "list alerts", "incidents/read", nothing_below },
    { "POST", 13, "bookmarks", "list bookmarks", "incidents/read", nothing_below },
    { "POST", 13, "entities", "list entities", "incidents/read", nothing_below },
    { "GET", 13, "relations", "list relations", "incidents/read", nothing_below },
    { "GET", 13, "tasks", "list tasks", "incidents/read", nothing_below },
};

static const char *const KINDS[] = { "token",          "list incidents",  "read incident",
                                     "write incident", "delete incident", "list notes",
                                     "read note",      "add note",        "delete note",
                                     "list alerts",    "list bookmarks",  "list entities",
                                     "list relations", "list tasks",      "other" };

static const char *const VERSIONS[] = { "2020-01-01", "2021-04-01", "2023-02-01",
                                        "2023-11-01", "2024-03-01", "2024-09-01",
                                        "2025-03-01", "2025-06-01", "2025-09-01" };

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const struct sim_switch_row SWITCHES[] = {
#define SENTINEL_SWITCH(id, name, choices, initial, help) { name, choices, initial, help },
#include "tests/sim/sentinel/switches.def"
#undef SENTINEL_SWITCH
};

static const struct sim_option_row OPTIONS[] = {
    { "--client", "DIRECTORY:CLIENT_ID:SECRET:SUBSCRIPTION/RESOURCE_GROUP/WORKSPACE",
      "an application and a workspace that it may use (made when new); may be given several "
      "times" },
    { "--user", "OBJECT_ID:LOGIN:NAME",
      "a person: an owner given by this object id alone is filled in; may be given several times" },
};

static bool is_collection(const struct sim_request *request)
{
    if (request->segment_count < COUNT(FIXED))
        return false;
    for (size_t i = 0; i < COUNT(FIXED); i++)
        if (FIXED[i] && !sim_same_name(FIXED[i], request->segments[i]))
            return false;
    return true;
}

static bool is_token_path(const struct sim_request *request)
{
    size_t count = request->segment_count;
    return (count == 3 || count == 4) && sim_same(request->segments[1], "oauth2") &&
           sim_same(request->segments[count - 1], "token") &&
           (count == 3 || sim_same(request->segments[2], "v2.0"));
}

/* The route of a path; NULL when there is none, with `path_known_out` when another method has one. */
static const struct route *find_route(const struct sim_request *request, bool *path_known_out)
{
    *path_known_out = false;
    if (!is_collection(request))
        return NULL;
    for (size_t i = 0; i < COUNT(ROUTES); i++) {
        const struct route *route = &ROUTES[i];
        if (route->segments != request->segment_count)
            continue;
        if (route->below && !sim_same_name(route->below, request->segments[AT_BELOW]))
            continue;
        *path_known_out = true;
        if (sim_same(route->method, request->method))
            return route;
    }
    return NULL;
}

static const char *kind(const struct sim_request *request)
{
    bool path_known = false;
    if (is_token_path(request))
        return "token";
    const struct route *route = find_route(request, &path_known);
    return route ? route->kind : "other";
}

static bool version_is_known(const char *version)
{
    for (size_t i = 0; i < COUNT(VERSIONS); i++)
        if (sim_same(VERSIONS[i], version))
            return true;
    return strlen(version) > 8 && sim_contains(version, "-preview");
}

static bool check_version(struct sim_state *state, const struct sim_request *request,
                          struct sim_reply *reply)
{
    const char *version = sim_request_query(request, "api-version");
    if (!version || !*version) {
        sentinel_error(state, reply, 400, "MissingApiVersionParameter",
                       "The api-version query parameter (?api-version=) is required for all "
                       "requests.");
        return false;
    }
    if (version_is_known(version))
        return true;
    sentinel_error(state, reply, 400, "InvalidApiVersionParameter",
                   "The api-version '%s' is invalid.", version);
    return false;
}

static void refuse_access(struct sim_state *state, const struct sentinel_client *client,
                          const struct sim_request *request, const struct route *route,
                          struct sim_reply *reply)
{
    sentinel_error(state, reply, 403, "AuthorizationFailed",
                   "The client '%s' with object id '%s' does not have authorization to perform "
                   "action 'Microsoft.SecurityInsights/%s' over scope '%s' or the scope is "
                   "invalid. If access was recently granted, please refresh your credentials.",
                   client->id, client->id, route->action, request->path);
    sim_reply_header(reply, "x-ms-failure-cause", "gateway");
}

static bool role_allows(const struct sim_state *state, const char *method)
{
    if (sentinel_is(state, SENTINEL_ROLE, "reader"))
        return sim_same(method, "GET");
    return !sim_same(method, "DELETE") || sentinel_is(state, SENTINEL_ROLE, "contributor");
}

static void refuse_path(struct sim_state *state, const struct sim_request *request, bool path_known,
                        struct sim_reply *reply)
{
    const char *version = sim_request_query(request, "api-version");
    if (!path_known) {
        sentinel_error(state, reply, 404, "NotFound", "The resource '%s' was not found.",
                       request->path);
        return;
    }
    sim_reply_json(
        reply, 405,
        json_pack("{s:{s:s, s:o, s:n}}", "error", "code", "UnsupportedApiVersion", "message",
                  json_sprintf("The HTTP resource that matches the request URI '%s' with API "
                               "version '%s' does not support HTTP method '%s'.",
                               request->path, version ? version : "", request->method),
                  "innerError"));
}

static void run_route(struct sim_state *state, const struct sentinel_client *client,
                      const struct sim_request *request, const struct route *route,
                      struct sim_reply *reply)
{
    char *const *segments = request->segments;
    struct sentinel_workspace *workspace = sentinel_workspace_find(
        state, segments[AT_SUBSCRIPTION], segments[AT_GROUP], segments[AT_WORKSPACE]);
    if (!workspace || !sentinel_may_use(state, client, workspace) ||
        !role_allows(state, request->method)) {
        refuse_access(state, client, request, route, reply);
        return;
    }
    if (!sentinel_quota_take(state, client, workspace, route->kind, request->method, reply))
        return;
    struct sentinel_call call = {
        .state = state, .workspace = workspace, .client = client, .request = request, .reply = reply
    };
    if (request->segment_count > AT_INCIDENT)
        call.incident = segments[AT_INCIDENT];
    if (request->segment_count > AT_COMMENT)
        call.comment = segments[AT_COMMENT];
    route->run(&call);
}

static void add_request_ids(struct sim_state *state, struct sim_reply *reply)
{
    char id[SIM_UUID_SIZE];
    char *seed = sim_format("request %ld", ++state->serial);
    sim_uuid(seed, id);
    char *routing = sim_format("SIMULATED:%s", id);
    sim_reply_header(reply, "x-ms-request-id", id);
    sim_reply_header(reply, "x-ms-correlation-request-id", id);
    sim_reply_header(reply, "x-ms-routing-request-id", routing);
    free(seed);
    free(routing);
}

static void handle(struct sim_state *state, const struct sim_request *request,
                   struct sim_reply *reply)
{
    add_request_ids(state, reply);
    if (is_token_path(request) && sim_same(request->method, "POST")) {
        sentinel_token(state, request, reply);
        return;
    }
    const struct sentinel_client *client = sentinel_authenticate(state, request, reply);
    if (!client || !check_version(state, request, reply))
        return;
    bool path_known = false;
    const struct route *route = find_route(request, &path_known);
    if (route)
        run_route(state, client, request, route, reply);
    else
        refuse_path(state, request, path_known, reply);
}

/* A token request's secret must not stand in the log. */
static json_t *loggable_body(const struct sim_request *request, const char *request_kind)
{
    if (sim_same(request_kind, "token")) {
        json_t *form = sim_form_parse(request->body, NULL);
        if (json_object_get(form, "client_secret"))
            json_object_set_new(form, "client_secret", json_string("(not kept)"));
        return form;
    }
    if (request->body_length == 0)
        return json_null();
    json_t *body = json_loadb(request->body, request->body_length, JSON_DECODE_ANY, NULL);
    if (!body)
        body = json_string(request->body);
    return body ? body : json_string("(not UTF-8)");
}

/* "DIRECTORY:ID:SECRET:SUB/RG/WS"; a secret may hold colons, the other parts can't. */
static bool add_client(struct sim_state *state, const char *value, char **problem_out)
{
    const char *first = strchr(value, ':');
    const char *second = first ? strchr(first + 1, ':') : NULL;
    const char *last = strrchr(value, ':');
    const char *slash = last ? strchr(last, '/') : NULL;
    const char *slash2 = slash ? strchr(slash + 1, '/') : NULL;
    if (!second || last == second || !slash2 || !slash2[1]) {
        *problem_out = sim_format("--client '%s': expected %s", value, OPTIONS[0].argument);
        return false;
    }
    char *directory = sim_copy_part(value, (size_t)(first - value));
    char *id = sim_copy_part(first + 1, (size_t)(second - first - 1));
    char *secret = sim_copy_part(second + 1, (size_t)(last - second - 1));
    char *subscription = sim_copy_part(last + 1, (size_t)(slash - last - 1));
    char *group = sim_copy_part(slash + 1, (size_t)(slash2 - slash - 1));
    sentinel_client_add(state, directory, id, secret,
                        sentinel_workspace_need(state, subscription, group, slash2 + 1));
    free(directory);
    free(id);
    free(secret);
    free(subscription);
    free(group);
    return true;
}

static bool add_user(struct sim_state *state, const char *value, char **problem_out)
{
    const char *first = strchr(value, ':');
    const char *second = first ? strchr(first + 1, ':') : NULL;
    if (!second) {
        *problem_out = sim_format("--user '%s': expected %s", value, OPTIONS[1].argument);
        return false;
    }
    char *id = sim_copy_part(value, (size_t)(first - value));
    char *login = sim_copy_part(first + 1, (size_t)(second - first - 1));
    sentinel_user_add(state, id, login, second + 1);
    free(id);
    free(login);
    return true;
}

static bool configure(struct sim_state *state, const char *option, const char *value,
                      char **problem_out)
{
    if (sim_same(option, "--client"))
        return add_client(state, value, problem_out);
    return add_user(state, value, problem_out);
}

const struct sim_system sim_sentinel = {
    .name = "sentinel",
    .summary = "Microsoft Sentinel's incidents (SecurityInsights REST) and its login",
    .switches = SWITCHES,
    .switch_count = COUNT(SWITCHES),
    .options = OPTIONS,
    .option_count = COUNT(OPTIONS),
    .kinds = KINDS,
    .kind_count = COUNT(KINDS),
    .create = sentinel_state_new,
    .destroy = sentinel_state_free,
    .configure = configure,
    .kind = kind,
    .handle = handle,
    .refuse = sentinel_refuse,
    .loggable_body = loggable_body,
    .inspect = sentinel_inspect,
    .person = sentinel_person,
};
