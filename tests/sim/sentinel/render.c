#include "tests/sim/sentinel/render.h"

#include <stdlib.h>

#include "tests/sim/instant.h"
#include "tests/sim/text.h"

static json_t *time_json(const struct sim_state *state, int64_t ticks)
{
    char text[SIM_INSTANT_SIZE];
    long digits = sentinel_number(state, SENTINEL_FRACTION_DIGITS);
    sim_instant_rfc3339(ticks, (int)(digits > 7 ? 7 : digits), text);
    return json_string(text);
}

static const char *incidents_word(const struct sim_state *state)
{
    return sentinel_is(state, SENTINEL_ID_CASE, "Incidents") ? "Incidents" : "incidents";
}

static char *incident_path(const struct sim_state *state,
                           const struct sentinel_workspace *workspace, const char *name)
{
    return sim_format("/subscriptions/%s/resourceGroups/%s/providers/"
                      "Microsoft.OperationalInsights/workspaces/%s/providers/"
                      "Microsoft.SecurityInsights/%s/%s",
                      workspace->subscription, workspace->group, workspace->name,
                      incidents_word(state), name);
}

static json_t *nobody(void)
{
    return json_pack("{s:n, s:n, s:n, s:n, s:n}", "objectId", "email", "assignedTo",
                     "userPrincipalName", "ownerType");
}

static void add_server_part(struct sim_state *state, const char *path,
                            const struct sentinel_incident *incident, json_t *properties)
{
    json_object_set_new(properties, "lastModifiedTimeUtc", time_json(state, incident->modified));
    json_object_set_new(properties, "createdTimeUtc", time_json(state, incident->created));
    json_object_set_new(properties, "incidentNumber", json_integer(incident->number));
    if (!json_object_get(properties, "owner") && sentinel_is(state, SENTINEL_NULLS_IN_OWNER, "on"))
        json_object_set_new(properties, "owner", nobody());
    if (!json_object_get(properties, "labels"))
        json_object_set_new(properties, "labels", json_array());
    if (!json_object_get(properties, "relatedAnalyticRuleIds"))
        json_object_set_new(properties, "relatedAnalyticRuleIds", json_array());
    if (!json_object_get(properties, "providerName"))
        json_object_set_new(properties, "providerName", json_string("Azure Sentinel"));
    if (!json_object_get(properties, "providerIncidentId"))
        json_object_set_new(properties, "providerIncidentId",
                            json_sprintf("%ld", incident->number));
    if (!json_object_get(properties, "incidentUrl"))
        json_object_set_new(properties, "incidentUrl",
                            json_sprintf("https://portal.azure.com/#asset/"
                                         "Microsoft_Azure_Security_Insights/Incident%s",
                                         path));
}

static void add_additional_data(const struct sentinel_incident *incident, json_t *properties)
{
    json_t *data = json_pack(
        "{s:i, s:i, s:I, s:[], s:[], s:[]}", "alertsCount", 0, "bookmarksCount", 0, "commentsCount",
        (json_int_t)incident->comment_count, "alertProductNames", "tactics", "techniques");
    json_t *known = json_object_get(properties, "additionalData");
    if (known)
        json_object_update(data, known);
    json_object_set_new(data, "commentsCount", json_integer((json_int_t)incident->comment_count));
    json_object_set_new(properties, "additionalData", data);
}

json_t *sentinel_incident_json(struct sim_state *state, const struct sentinel_workspace *workspace,
                               const struct sentinel_incident *incident)
{
    char *path = incident_path(state, workspace, incident->name);
    json_t *properties = json_deep_copy(incident->properties);
    add_server_part(state, path, incident, properties);
    add_additional_data(incident, properties);
    if (sentinel_is(state, SENTINEL_EXTRA_MEMBERS, "on"))
        json_object_set_new(properties, "futureMember",
                            json_pack("{s:[i, n], s:f}", "list", 1, "ratio", 0.25));
    json_t *type = json_sprintf("Microsoft.SecurityInsights/%s", incidents_word(state));
    json_t *envelope = json_pack("{s:s, s:s, s:o, s:s, s:o}", "id", path, "name", incident->name,
                                 "type", type, "etag", incident->etag, "properties", properties);
    if (sentinel_is(state, SENTINEL_EXTRA_MEMBERS, "on"))
        json_object_set_new(envelope, "futureEnvelope", json_true());
    free(path);
    return envelope;
}

json_t *sentinel_comment_json(struct sim_state *state, const struct sentinel_workspace *workspace,
                              const struct sentinel_incident *incident,
                              const struct sentinel_comment *comment)
{
    char *path = incident_path(state, workspace, incident->name);
    json_t *properties = json_object();
    json_object_set_new(properties, "message", json_string(comment->message));
    json_object_set_new(properties, "createdTimeUtc", time_json(state, comment->created));
    json_object_set_new(properties, "lastModifiedTimeUtc", time_json(state, comment->modified));
    json_object_set(properties, "author", comment->author);
    json_t *id = json_sprintf("%s/Comments/%s", path, comment->name);
    json_t *type = json_sprintf("Microsoft.SecurityInsights/%s/Comments", incidents_word(state));
    free(path);
    return json_pack("{s:o, s:s, s:o, s:s, s:o}", "id", id, "name", comment->name, "type", type,
                     "etag", comment->etag, "properties", properties);
}

json_t *sentinel_record_json(struct sim_state *state, const struct sentinel_workspace *workspace,
                             const struct sentinel_incident *incident)
{
    json_t *record = sentinel_incident_json(state, workspace, incident);
    json_t *comments = json_array();
    for (size_t i = 0; i < incident->comment_count; i++)
        json_array_append_new(
            comments, sentinel_comment_json(state, workspace, incident, &incident->comments[i]));
    json_object_set_new(record, "comments", comments);
    return record;
}
