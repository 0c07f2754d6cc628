/* Listing, reading, writing and deleting incidents. */
#include <stdlib.h>

#include "tests/sim/sentinel/errors.h"
#include "tests/sim/sentinel/list.h"
#include "tests/sim/sentinel/operations.h"
#include "tests/sim/sentinel/render.h"
#include "tests/sim/sentinel/rules.h"
#include "tests/sim/text.h"

struct sentinel_incident *sentinel_call_incident(const struct sentinel_call *call)
{
    struct sentinel_incident *incident = sentinel_incident_find(call->workspace, call->incident);
    if (incident && sentinel_incident_is_visible(call->state, incident))
        return incident;
    sentinel_error(call->state, call->reply, 404, "NotFound", "Incident '%s' does not exist.",
                   call->incident);
    return NULL;
}

void sentinel_incident_list(const struct sentinel_call *call)
{
    json_t *records = json_array();
    for (size_t i = 0; i < call->workspace->incident_count; i++) {
        const struct sentinel_incident *incident = call->workspace->incidents[i];
        if (sentinel_incident_is_visible(call->state, incident))
            json_array_append_new(records,
                                  sentinel_incident_json(call->state, call->workspace, incident));
    }
    sentinel_list(call->state, call->request, call->reply, records);
}

void sentinel_incident_get(const struct sentinel_call *call)
{
    const struct sentinel_incident *incident = sentinel_call_incident(call);
    if (incident)
        sim_reply_json(call->reply, 200,
                       sentinel_incident_json(call->state, call->workspace, incident));
}

static void refuse_conflict(const struct sentinel_call *call)
{
    unsigned status = sentinel_is(call->state, SENTINEL_CONFLICT_STATUS, "409") ? 409 : 200;
    sentinel_error(call->state, call->reply, status, "Conflict",
                   "Newer version of resource '%s' exists. Data was not saved", call->incident);
}

static bool etag_is_current(const struct sentinel_call *call,
                            const struct sentinel_incident *incident, const json_t *body)
{
    const char *sent = sim_member_text(body, "etag");
    if (sentinel_number(call->state, SENTINEL_CONFLICT_STORM) > 0) {
        sim_switch_count_down(call->state->context.switches, SENTINEL_CONFLICT_STORM);
        return false;
    }
    if (sentinel_is(call->state, SENTINEL_ETAG, "ignored"))
        return true;
    if (!incident)
        return !sent || sentinel_is(call->state, SENTINEL_MISSING_WITH_ETAG, "created");
    if (!sent)
        return sentinel_is(call->state, SENTINEL_ETAG, "optional");
    return sim_same(sent, incident->etag);
}

static void put(const struct sentinel_call *call, struct sentinel_incident *incident,
                const json_t *body)
{
    json_t *before = incident ? incident->properties : NULL;
    const json_t *sent = json_object_get(body, "properties");
    unsigned status = incident ? 200 : 201;
    if (!json_is_object(sent)) {
        sentinel_bad_request(call->state, call->reply, sim_copy("'properties' is required."));
        return;
    }
    json_t *after = sentinel_merge(call->state, before, sent);
    char *problem = sentinel_check(call->state, before, after);
    if (problem) {
        sentinel_bad_request(call->state, call->reply, problem);
        json_decref(after);
        return;
    }
    if (!incident)
        incident = sentinel_incident_add(call->state, call->workspace, call->incident);
    json_decref(incident->properties);
    incident->properties = after;
    sentinel_incident_touch(call->state, incident);
    call->reply->applied = true;
    sim_reply_json(call->reply, status,
                   sentinel_incident_json(call->state, call->workspace, incident));
}

void sentinel_incident_put(const struct sentinel_call *call)
{
    struct sentinel_incident *incident = sentinel_incident_find(call->workspace, call->incident);
    json_t *body =
        json_loadb(call->request->body, call->request->body_length, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(body))
        sentinel_bad_request(call->state, call->reply, sim_copy("The body must be a JSON object."));
    else if (!etag_is_current(call, incident, body))
        refuse_conflict(call);
    else
        put(call, incident, body);
    json_decref(body);
}

void sentinel_incident_delete(const struct sentinel_call *call)
{
    bool existed = sentinel_incident_find(call->workspace, call->incident) != NULL;
    sentinel_incident_remove(call->workspace, call->incident);
    call->reply->applied = existed;
    sim_reply_empty(call->reply, existed ? 200 : 204);
}
