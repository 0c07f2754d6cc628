#include "tests/sim/smartsoar/person.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/smartsoar/change.h"
#include "tests/sim/smartsoar/rows.h"
#include "tests/sim/text.h"

struct deed {
    struct sim_state *state;
    struct smartsoar_incident *incident;
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

static const char *author(const struct deed *deed)
{
    const char *name = sim_member_text(deed->body, "author");
    return name ? name : "an analyst";
}

static void begin(const struct deed *deed, struct smartsoar_change *change)
{
    smartsoar_change_begin(change, deed->state, deed->incident, SMARTSOAR_BY_PERSON, author(deed));
    change->force = json_is_true(json_object_get(deed->body, "force"));
}

/* "Severity", "form.Classification", "Custom Field.X", "Pending Required Tasks". */
static char *set_one(const struct deed *deed, struct smartsoar_change *change, const char *key,
                     const json_t *value)
{
    if (sim_starts_with(key, "form."))
        return smartsoar_change_form(change, deed->state->section, key + strlen("form."), value);
    if (sim_starts_with(key, "Custom Field."))
        return smartsoar_change_field(change, key + strlen("Custom Field."), value);
    if (sim_same(key, "Pending Required Tasks")) {
        deed->incident->pending_tasks = (long)json_integer_value(value);
        return NULL;
    }
    return smartsoar_change_field(change, key, value);
}

static char *set_all(const struct deed *deed, struct smartsoar_change *change, json_t *set)
{
    char *problem = NULL;
    for (void *at = json_object_iter(set); at && !problem; at = json_object_iter_next(set, at))
        problem = set_one(deed, change, json_object_iter_key(at), json_object_iter_value(at));
    return problem;
}

static bool closes(const struct smartsoar_change *change)
{
    return sim_same(sim_member_text(change->fields, "Status"), "Closed") &&
           !sim_same(smartsoar_text(change->incident, "Status"), "Closed");
}

static json_t *save(const struct deed *deed, struct smartsoar_change *change, char *problem)
{
    if (!problem && closes(change) && !change->force)
        problem = smartsoar_change_check_close(change, false, false);
    if (!problem)
        problem = smartsoar_change_save(change);
    smartsoar_change_finish(change);
    if (problem)
        return refuse(deed, 400, problem);
    return smartsoar_whole_row(deed->state, deed->incident);
}

static json_t *edit(struct deed *deed)
{
    struct smartsoar_change change;
    begin(deed, &change);
    return save(deed, &change, set_all(deed, &change, json_object_get(deed->body, "set")));
}

static const char *default_site(const struct sim_state *state)
{
    return state->access_count > 0 ? state->accesses[0].site : "SOC";
}

static char *set_form(const struct deed *deed, struct smartsoar_change *change)
{
    json_t *form = json_object_get(deed->body, "form");
    char *problem = NULL;
    for (void *at = json_object_iter(form); at && !problem; at = json_object_iter_next(form, at))
        problem = smartsoar_change_form(change, deed->state->section, json_object_iter_key(at),
                                        json_object_iter_value(at));
    return problem;
}

/* {"Custom Field": {"CustomX": ...}} among the fields. */
static char *set_fields(const struct deed *deed, struct smartsoar_change *change)
{
    json_t *fields = json_deep_copy(json_object_get(deed->body, "fields"));
    json_t *custom = json_incref(json_object_get(fields, "Custom Field"));
    json_object_del(fields, "Custom Field");
    json_object_del(fields, "IR Number");
    json_object_del(fields, "Site");
    char *problem = set_all(deed, change, fields);
    if (!problem)
        problem = set_all(deed, change, custom);
    json_decref(custom);
    json_decref(fields);
    return problem;
}

static json_t *create(struct deed *deed)
{
    const json_t *fields = json_object_get(deed->body, "fields");
    const char *number = sim_member_text(fields, "IR Number");
    const char *site = sim_member_text(fields, "Site");
    if (number && smartsoar_incident_find(deed->state, number))
        return refuse(deed, 400, sim_format("incident '%s' exists already", number));
    deed->incident =
        smartsoar_incident_add(deed->state, number, site ? site : default_site(deed->state));
    struct smartsoar_change change;
    begin(deed, &change);
    change.creating = true;
    char *problem = set_fields(deed, &change);
    if (!problem)
        problem = set_form(deed, &change);
    json_t *answer = save(deed, &change, problem);
    if (*deed->status_out >= 400)
        smartsoar_incident_remove(deed->state, deed->incident->number);
    return answer;
}

static json_t *note(struct deed *deed)
{
    const char *text = sim_member_text(deed->body, "text");
    struct smartsoar_change change;
    if (!text)
        return refuse(deed, 400, sim_copy("'text' is missing"));
    begin(deed, &change);
    change.only_note = true;
    smartsoar_change_note(&change, text);
    return save(deed, &change, NULL);
}

static json_t *signal_trigger(struct deed *deed)
{
    json_t *data = json_object_get(deed->body, "signal");
    smartsoar_fire(deed->state, deed->incident, "OnIncidentExternalAction",
                   data ? json_incref(data) : json_object());
    return smartsoar_whole_row(deed->state, deed->incident);
}

static json_t *remove_incident(struct deed *deed)
{
    json_t *row = smartsoar_whole_row(deed->state, deed->incident);
    smartsoar_incident_remove(deed->state, deed->incident->number);
    return row;
}

static json_t *release_hooks(struct deed *deed)
{
    if (deed->state->hooks)
        smartsoar_hooks_release(deed->state->hooks);
    return json_object();
}

struct verb {
    const char *name;
    bool needs_incident;
    json_t *(*run)(struct deed *deed);
};

static const struct verb VERBS[] = {
    { "create", false, create },
    { "edit", true, edit },
    { "note", true, note },
    { "signal", true, signal_trigger },
    { "delete", true, remove_incident },
    { "release-hooks", false, release_hooks },
};

static json_t *perform(const struct verb *verb, struct deed *deed)
{
    const char *number = sim_member_text(deed->body, "number");
    deed->incident = smartsoar_incident_find(deed->state, number);
    if (verb->needs_incident && !deed->incident)
        return refuse(deed, 404, sim_format("no incident '%s'", number ? number : ""));
    return verb->run(deed);
}

json_t *smartsoar_person(struct sim_state *state, const char *verb, json_t *body,
                         unsigned *status_out)
{
    struct deed deed = { .state = state, .body = body, .status_out = status_out };
    for (size_t i = 0; i < sizeof(VERBS) / sizeof(VERBS[0]); i++)
        if (sim_same(VERBS[i].name, verb))
            return perform(&VERBS[i], &deed);
    return NULL;
}

json_t *smartsoar_inspect(struct sim_state *state, const char *what)
{
    if (sim_same(what, "hooks"))
        return state->hooks ? smartsoar_hooks_json(state->hooks)
                            : json_pack("{s:i, s:[]}", "waiting", 0, "sent");
    if (!sim_same(what, "records"))
        return NULL;
    json_t *rows = json_array();
    for (size_t i = 0; i < state->incident_count; i++)
        json_array_append_new(rows, smartsoar_whole_row(state, state->incidents[i]));
    return json_pack("{s:o}", "incidents", rows);
}
