/* The simulated Sentinel's half of view.h. */
#include <stdio.h>
#include <string.h>

#include "tests/sim/sentinel/state.h"
#include "tests/torture/view.h"

static struct sentinel_incident *find(const struct sim_server *server, const char *workspace,
                                      const char *name)
{
    for (size_t i = 0; i < server->state->workspace_count; i++) {
        struct sentinel_workspace *own = server->state->workspaces[i];
        if (strcmp(own->name, strrchr(workspace, '/') + 1) == 0)
            return sentinel_incident_find(own, name);
    }
    return NULL;
}

static const char *text_of(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text ? text : "";
}

void siem_view(const struct sim_server *server, const char *workspace, const char *name,
               struct view *out)
{
    const struct sentinel_incident *incident = find(server, workspace, name);
    *out = (struct view){ .is_there = incident != NULL };
    if (!incident)
        return;
    const json_t *all = incident->properties;
    (void)snprintf(out->values[UNIT_STATUS], VIEW_SIZE, "%s", text_of(all, "status"));
    (void)snprintf(out->values[UNIT_SEVERITY], VIEW_SIZE, "%s", text_of(all, "severity"));
    (void)snprintf(out->values[UNIT_OWNER], VIEW_SIZE, "%s",
                   text_of(json_object_get(all, "owner"), "objectId"));
    (void)snprintf(out->values[UNIT_VERDICT], VIEW_SIZE, "%s/%s/%s", text_of(all, "classification"),
                   text_of(all, "classificationReason"), text_of(all, "classificationComment"));
}

size_t siem_notes(const struct sim_server *server, const char *workspace, const char *name,
                  const char *text)
{
    const struct sentinel_incident *incident = find(server, workspace, name);
    size_t count = 0;
    for (size_t i = 0; incident && i < incident->comment_count; i++)
        count += strstr(incident->comments[i].message, text) != NULL;
    return count;
}

size_t siem_count(const struct sim_server *server)
{
    size_t count = 0;
    for (size_t i = 0; i < server->state->workspace_count; i++)
        count += server->state->workspaces[i]->incident_count;
    return count;
}
