#include "tests/sim/sentinel/person.h"

#include <stdlib.h>

#include "tests/sim/jwt.h"
#include "tests/sim/sentinel/operations.h"
#include "tests/sim/sentinel/render.h"
#include "tests/sim/sentinel/rules.h"
#include "tests/sim/text.h"

/* One `/_sim` verb on one incident. */
struct deed {
    struct sim_state *state;
    struct sentinel_workspace *workspace;
    struct sentinel_incident *incident; /* NULL while it isn't there */
    json_t *body;
    unsigned *status_out;
};

static json_t *refuse(const struct deed *deed, unsigned status, char *stolen_message)
{
    json_t *problem = sim_problem("%s", stolen_message);
    *deed->status_out = status;
    free(stolen_message);
    return problem;
}

static json_t *record(const struct deed *deed)
{
    return sentinel_record_json(deed->state, deed->workspace, deed->incident);
}

static struct sentinel_workspace *find_workspace(struct sim_state *state, const char *label)
{
    if (!label)
        return state->workspace_count == 1 ? state->workspaces[0] : NULL;
    for (size_t i = 0; i < state->workspace_count; i++) {
        char *own = sentinel_workspace_label(state->workspaces[i]);
        bool same = sim_same_name(own, label) || sim_same_name(state->workspaces[i]->name, label);
        free(own);
        if (same)
            return state->workspaces[i];
    }
    return NULL;
}

static void add_incident(struct deed *deed)
{
    char fresh[SIM_UUID_SIZE];
    const char *name = sim_member_text(deed->body, "name");
    char *seed = sim_format("incident %s %ld", deed->workspace->name, ++deed->state->serial);
    sim_uuid(seed, fresh);
    free(seed);
    deed->incident = sentinel_incident_add(deed->state, deed->workspace, name ? name : fresh);
}

/* Checks and stores; `after` is stolen. */
static json_t *store(struct deed *deed, json_t *after)
{
    const json_t *before = deed->incident ? deed->incident->properties : NULL;
    bool force = json_is_true(json_object_get(deed->body, "force"));
    char *problem = force ? NULL : sentinel_check(deed->state, before, after);
    if (problem) {
        json_decref(after);
        return refuse(deed, 400, problem);
    }
    if (!deed->incident)
        add_incident(deed);
    json_decref(deed->incident->properties);
    deed->incident->properties = after;
    sentinel_incident_touch(deed->state, deed->incident);
    return record(deed);
}

/* `set` over `base`, a new reference; null takes a property away. */
static json_t *overlaid(const json_t *base, json_t *set)
{
    json_t *result = base ? json_deep_copy(base) : json_object();
    for (void *at = json_object_iter(set); at; at = json_object_iter_next(set, at)) {
        if (json_is_null(json_object_iter_value(at)))
            json_object_del(result, json_object_iter_key(at));
        else
            json_object_set_new(result, json_object_iter_key(at),
                                json_deep_copy(json_object_iter_value(at)));
    }
    return result;
}

/* Labels given by a detector may be AutoAssigned, so they are kept as given. A person's write
 * goes through the same merge as the API's, and so drops or keeps the same. */
static json_t *person_write(struct deed *deed, json_t *set)
{
    const json_t *before = deed->incident ? deed->incident->properties : NULL;
    json_t *whole = overlaid(before, set);
    json_t *after = sentinel_merge(deed->state, whole, whole);
    json_t *labels = json_object_get(whole, "labels");
    if (labels)
        json_object_set(after, "labels", labels);
    if (json_is_string(json_object_get(before, "status")) &&
        sim_same(sim_member_text(before, "status"), "Closed") &&
        !sim_same(sim_member_text(after, "status"), "Closed") &&
        sentinel_is(deed->state, SENTINEL_REOPEN_DROPS_VERDICT, "on")) {
        json_object_del(after, "classification");
        json_object_del(after, "classificationReason");
        json_object_del(after, "classificationComment");
    }
    json_decref(whole);
    return store(deed, after);
}

static json_t *create(struct deed *deed)
{
    json_t *properties = json_object_get(deed->body, "properties");
    const char *name = sim_member_text(deed->body, "name");
    if (name && sentinel_incident_find(deed->workspace, name))
        return refuse(deed, 400, sim_format("incident '%s' exists already", name));
    json_t *whole =
        json_pack("{s:s, s:s, s:s}", "title", "An incident", "severity", "Medium", "status", "New");
    json_object_update(whole, properties);
    json_t *answer = person_write(deed, whole);
    json_decref(whole);
    return answer;
}

static json_t *edit(struct deed *deed)
{
    json_t *set = json_object_get(deed->body, "set");
    bool force = json_is_true(json_object_get(deed->body, "force"));
    for (void *at = json_object_iter(set); at; at = json_object_iter_next(set, at))
        if (!force && !sentinel_can_write(json_object_iter_key(at)))
            return refuse(deed, 400,
                          sim_format("'%s' can't be set by a person; \"force\": true sets it",
                                     json_object_iter_key(at)));
    return person_write(deed, set);
}

static json_t *note(struct deed *deed)
{
    char name[SIM_UUID_SIZE];
    const char *author = sim_member_text(deed->body, "author");
    const char *text = sim_member_text(deed->body, "text");
    const char *id = sim_member_text(deed->body, "id");
    char *problem = sentinel_comment_check(deed->state, deed->incident, text,
                                           !id || !sentinel_comment_find(deed->incident, id));
    if (problem)
        return refuse(deed, 400, problem);
    char *seed = sim_format("comment %s %ld", deed->incident->name, ++deed->state->serial);
    sim_uuid(seed, name);
    free(seed);
    author = author ? author : "an analyst";
    sentinel_comment_write(deed->state, deed->incident, id ? id : name, text, NULL,
                           json_pack("{s:n, s:s, s:s, s:s}", "objectId", "email", author, "name",
                                     author, "userPrincipalName", author));
    return record(deed);
}

static json_t *remove_incident(struct deed *deed)
{
    json_t *answer = record(deed);
    sentinel_incident_remove(deed->workspace, deed->incident->name);
    return answer;
}

/* Folded into another incident: closed as Undetermined with the label Redirected, no alerts left. */
static json_t *merge(struct deed *deed)
{
    json_t *properties = json_deep_copy(deed->incident->properties);
    json_t *labels = json_object_get(properties, "labels");
    labels = labels ? json_incref(labels) : json_array();
    json_array_append_new(
        labels, json_pack("{s:s, s:s}", "labelName", "Redirected", "labelType", "AutoAssigned"));
    json_object_set_new(properties, "labels", labels);
    json_object_set_new(properties, "status", json_string("Closed"));
    json_object_set_new(properties, "classification", json_string("Undetermined"));
    json_object_del(properties, "classificationReason");
    json_t *data = json_object_get(properties, "additionalData");
    data = data ? json_incref(data) : json_object();
    json_object_set_new(data, "alertsCount", json_integer(0));
    json_object_set_new(properties, "additionalData", data);
    return store(deed, properties);
}

struct verb {
    const char *name;
    bool needs_incident;
    json_t *(*run)(struct deed *deed);
};

static const struct verb VERBS[] = {
    { "create", false, create },         { "edit", true, edit },   { "note", true, note },
    { "delete", true, remove_incident }, { "merge", true, merge },
};

static json_t *perform(const struct verb *verb, struct deed *deed)
{
    const char *label = sim_member_text(deed->body, "workspace");
    const char *name = sim_member_text(deed->body, "name");
    deed->workspace = find_workspace(deed->state, label);
    if (!deed->workspace)
        return refuse(deed, 404, sim_format("no workspace '%s'", label ? label : ""));
    if (verb->needs_incident) {
        deed->incident = name ? sentinel_incident_find(deed->workspace, name) : NULL;
        if (!deed->incident)
            return refuse(deed, 404, sim_format("no incident '%s'", name ? name : ""));
    }
    return verb->run(deed);
}

json_t *sentinel_person(struct sim_state *state, const char *verb, json_t *body,
                        unsigned *status_out)
{
    struct deed deed = { .state = state, .body = body, .status_out = status_out };
    for (size_t i = 0; i < sizeof(VERBS) / sizeof(VERBS[0]); i++)
        if (sim_same(VERBS[i].name, verb))
            return perform(&VERBS[i], &deed);
    return NULL;
}

json_t *sentinel_inspect(struct sim_state *state, const char *what)
{
    if (!sim_same(what, "records"))
        return NULL;
    json_t *workspaces = json_object();
    for (size_t i = 0; i < state->workspace_count; i++) {
        const struct sentinel_workspace *workspace = state->workspaces[i];
        json_t *records = json_array();
        for (size_t j = 0; j < workspace->incident_count; j++)
            json_array_append_new(records,
                                  sentinel_record_json(state, workspace, workspace->incidents[j]));
        char *label = sentinel_workspace_label(workspace);
        json_object_set_new(workspaces, label, records);
        free(label);
    }
    return json_pack("{s:o}", "workspaces", workspaces);
}
