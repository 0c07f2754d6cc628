/* The simulated Smart SOAR: its commands, and its row of functions for the server. */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/smartsoar/auth.h"
#include "tests/sim/smartsoar/call.h"
#include "tests/sim/smartsoar/person.h"
#include "tests/sim/text.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const struct smartsoar_command COMMANDS[] = {
    { "GetIncidents", smartsoar_get_incidents },
    { "GetIncidentsWithNewParameters", smartsoar_get_incidents_new },
    { "getIncidentStaticField", smartsoar_get_static_field },
    { "SearchIncident", smartsoar_search_incident },
    { "GetEvents", smartsoar_get_events },
    { "CreateAnIncident", smartsoar_create },
    { "SetIncidentField", smartsoar_set_field },
    { "SetIncidentFields", smartsoar_set_fields },
    { "SetIncidentFieldsInBulk", smartsoar_set_fields_in_bulk },
    { "CloseIncidentInBulk", smartsoar_close_in_bulk },
    { "UpdateIncidentOwnerInBulk", smartsoar_owner_in_bulk },
    { "UpdateIncidentSiteInBulk", smartsoar_site_in_bulk },
    { "SetIncidentFieldHTML", smartsoar_set_html },
    { "AddIncidentTags", smartsoar_add_tags },
    { "UpdateDynamicFieldsByNumber", smartsoar_form },
    { "UpdateDynamicFieldsByNumberInBulk", smartsoar_form_in_bulk },
    { "TriggerIncidentExternalAction", smartsoar_external_action },
    { "CloseIncident", smartsoar_playbook_only },
    { "SetIncidentNotes", smartsoar_playbook_only },
    { "CreateIncident", smartsoar_playbook_only },
    { "CreateIncidentWithConditions", smartsoar_playbook_only },
    { "LinkEventToIncident", smartsoar_playbook_only },
};

/* The commands' names and "other". */
static const char *const KINDS[] = { "GetIncidents",
                                     "GetIncidentsWithNewParameters",
                                     "getIncidentStaticField",
                                     "SearchIncident",
                                     "GetEvents",
                                     "CreateAnIncident",
                                     "SetIncidentField",
                                     "SetIncidentFields",
                                     "SetIncidentFieldsInBulk",
                                     "CloseIncidentInBulk",
                                     "UpdateIncidentOwnerInBulk",
                                     "UpdateIncidentSiteInBulk",
                                     "SetIncidentFieldHTML",
                                     "AddIncidentTags",
                                     "UpdateDynamicFieldsByNumber",
                                     "UpdateDynamicFieldsByNumberInBulk",
                                     "TriggerIncidentExternalAction",
                                     "CloseIncident",
                                     "SetIncidentNotes",
                                     "CreateIncident",
                                     "CreateIncidentWithConditions",
                                     "LinkEventToIncident",
                                     "other" };
_Static_assert(COUNT(KINDS) == COUNT(COMMANDS) + 1, "a command without a kind");

static const struct sim_switch_row SWITCHES[] = {
#define SMARTSOAR_SWITCH(id, name, choices, initial, help) { name, choices, initial, help },
#include "tests/sim/smartsoar/switches.def"
#undef SMARTSOAR_SWITCH
};

static const struct sim_option_row OPTIONS[] = {
    { "--key", "KEY:USER:SITE", "an API key (header d3key); may be given several times" },
    { "--jwt", "SECRET:USER:SITE",
      "a secret that signs tokens (header d3jwt, HS256); may be given several times" },
    { "--user", "LOGIN:FULL NAME",
      "a person; once one is given, other owners are refused; may be given several times" },
    { "--form-section", "NAME",
      "the form's section (Sentinel Sync) with Classification, Reason and Comment" },
    { "--hook", "URL", "where triggers are posted" },
    { "--hook-key", "KEY", "what the posts carry in X-Api-Key" },
};

/* The command of a path like /any/prefix/api/command/NAME; NULL when there is none. */
static const struct smartsoar_command *find_command(const struct sim_request *request)
{
    size_t count = request->segment_count;
    if (count < 3 || !sim_same_name(request->segments[count - 3], "api") ||
        !sim_same_name(request->segments[count - 2], "command"))
        return NULL;
    for (size_t i = 0; i < COUNT(COMMANDS); i++)
        if (sim_same_name(COMMANDS[i].name, request->segments[count - 1]))
            return &COMMANDS[i];
    return NULL;
}

static const char *kind(const struct sim_request *request)
{
    const struct smartsoar_command *command = find_command(request);
    return command ? command->name : "other";
}

static void http_error(struct sim_reply *reply, unsigned status, const char *message)
{
    sim_reply_json(reply, status, json_pack("{s:s}", "Error", message));
}

static void refuse(unsigned status, const char *retry_after, struct sim_reply *reply)
{
    const char *message = "Unexpected Error.";
    if (status == 401)
        message = "Invalid authentication key.";
    else if (status == 429)
        message = "The request exceeds rate limits or is otherwise blocked by rate limiting "
                  "policies.";
    http_error(reply, status, message);
    if (retry_after)
        sim_reply_header(reply, "Retry-After", retry_after);
}

static bool take_rate(struct sim_state *state, struct sim_reply *reply)
{
    long rate = smartsoar_number(state, SMARTSOAR_RATE_LIMIT);
    if (sim_bucket_take(&state->bucket, sim_clock_elapsed(state->context.clock), rate, rate))
        return true;
    const char *retry_after = "1";
    if (smartsoar_is(state, SMARTSOAR_RETRY_AFTER, "absent"))
        retry_after = NULL;
    else if (smartsoar_is(state, SMARTSOAR_RETRY_AFTER, "huge"))
        retry_after = "99999999999";
    refuse(429, retry_after, reply);
    return false;
}

/* After the key comes the body, then who may do what in which site. */
static void run(struct sim_state *state, const struct smartsoar_command *command,
                const struct smartsoar_access *access, const json_t *claims, const json_t *body,
                struct sim_reply *reply)
{
    const char *user = sim_member_text(body, "Username");
    const char *site = sim_member_text(body, "Site");
    struct smartsoar_call call = { .state = state,
                                   .params = json_object_get(body, "CommandParams"),
                                   .user = user,
                                   .site = site,
                                   .reply = reply };
    if (!json_is_object(body))
        http_error(reply, 400, "The body of the request must be a valid JSON object");
    else if (claims && !smartsoar_claims_agree(claims, user, site))
        http_error(reply, 401, "Invalid authentication key.");
    else if (!user || !site)
        http_error(reply, 400, "Username and Site are required.");
    else if (!sim_same(user, access->user) || !sim_same(site, access->site))
        smartsoar_fail(&call,
                       sim_format("The user '%s' has no access to the site '%s'.", user, site));
    else if (!json_is_object(call.params))
        smartsoar_fail(&call, sim_copy("CommandParams must be a JSON object."));
    else
        command->run(&call);
}

static void handle(struct sim_state *state, const struct sim_request *request,
                   struct sim_reply *reply)
{
    const struct smartsoar_command *command = find_command(request);
    json_t *claims = NULL;
    if (!take_rate(state, reply))
        return;
    if (!command) {
        http_error(reply, 404, "The command does not exist.");
        return;
    }
    if (!sim_same(request->method, "POST")) {
        http_error(reply, 405, "Only POST is allowed.");
        return;
    }
    const struct smartsoar_access *access = smartsoar_authenticate(state, request, &claims);
    if (!access) {
        http_error(reply, 401, "Invalid authentication key.");
        return;
    }
    json_t *body = json_loadb(request->body, request->body_length, JSON_ALLOW_NUL, NULL);
    run(state, command, access, claims, body, reply);
    json_decref(body);
    json_decref(claims);
}

static json_t *loggable_body(const struct sim_request *request, const char *request_kind)
{
    (void)request_kind;
    if (request->body_length == 0)
        return json_null();
    json_t *body = json_loadb(request->body, request->body_length, JSON_DECODE_ANY, NULL);
    if (!body)
        body = json_string(request->body);
    return body ? body : json_string("(not UTF-8)");
}

/* "KEY:USER:SITE": the secret may hold colons, user and site can't. */
static bool add_access(struct sim_state *state, bool is_jwt, const char *value, char **problem_out)
{
    const char *last = strrchr(value, ':');
    const char *middle = last;
    while (middle && middle > value && *--middle != ':') {}
    if (!last || middle == value || *middle != ':') {
        *problem_out = sim_format("'%s': expected %s", value, OPTIONS[is_jwt ? 1 : 0].argument);
        return false;
    }
    char *secret = sim_copy_part(value, (size_t)(middle - value));
    char *user = sim_copy_part(middle + 1, (size_t)(last - middle - 1));
    smartsoar_access_add(state, is_jwt, secret, user, last + 1);
    free(secret);
    free(user);
    return true;
}

static bool add_user(struct sim_state *state, const char *value, char **problem_out)
{
    size_t length = strcspn(value, ":");
    if (value[length] != ':') {
        *problem_out = sim_format("--user '%s': expected %s", value, OPTIONS[2].argument);
        return false;
    }
    char *login = sim_copy_part(value, length);
    json_object_set_new(state->people, login, json_string(value + length + 1));
    free(login);
    return true;
}

/* The key may come before or after the address, so the thread is started anew. */
static void set_hook(struct sim_state *state, char **place, const char *value)
{
    free(*place);
    *place = sim_copy(value);
    smartsoar_hooks_free(state->hooks);
    state->hooks = state->hook_url ? smartsoar_hooks_new(state->hook_url, state->hook_key) : NULL;
}

static bool configure(struct sim_state *state, const char *option, const char *value,
                      char **problem_out)
{
    if (sim_same(option, "--key"))
        return add_access(state, false, value, problem_out);
    if (sim_same(option, "--jwt"))
        return add_access(state, true, value, problem_out);
    if (sim_same(option, "--user"))
        return add_user(state, value, problem_out);
    if (sim_same(option, "--hook")) {
        set_hook(state, &state->hook_url, value);
        return true;
    }
    if (sim_same(option, "--hook-key")) {
        set_hook(state, &state->hook_key, value);
        return true;
    }
    free(state->section);
    state->section = sim_copy(value);
    return true;
}

const struct sim_system sim_smartsoar = {
    .name = "smartsoar",
    .summary = "D3 Smart SOAR's incidents (remote commands) and its trigger posts",
    .switches = SWITCHES,
    .switch_count = COUNT(SWITCHES),
    .options = OPTIONS,
    .option_count = COUNT(OPTIONS),
    .kinds = KINDS,
    .kind_count = COUNT(KINDS),
    .create = smartsoar_state_new,
    .destroy = smartsoar_state_free,
    .configure = configure,
    .kind = kind,
    .handle = handle,
    .refuse = refuse,
    .loggable_body = loggable_body,
    .inspect = smartsoar_inspect,
    .person = smartsoar_person,
};
