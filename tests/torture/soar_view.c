/* The simulated SOAR's half of view.h. */
#include <stdio.h>
#include <string.h>

#include "tests/sim/smartsoar/state.h"
#include "tests/torture/view.h"

static const char *form_text(const struct sim_state *state,
                             const struct smartsoar_incident *incident, const char *field)
{
    const json_t *section = json_object_get(incident->form, state->section);
    const char *text = json_string_value(json_object_get(section, field));
    return text ? text : "";
}

void soar_view(const struct sim_server *server, const char *number, struct view *out)
{
    struct smartsoar_incident *incident = smartsoar_incident_find(server->state, number);
    *out = (struct view){ .is_there = incident != NULL };
    if (!incident)
        return;
    (void)snprintf(out->values[UNIT_STATUS], VIEW_SIZE, "%s", smartsoar_text(incident, "Status"));
    (void)snprintf(out->values[UNIT_SEVERITY], VIEW_SIZE, "%s",
                   smartsoar_text(incident, "Severity"));
    (void)snprintf(out->values[UNIT_OWNER], VIEW_SIZE, "%s", smartsoar_text(incident, "Owner"));
    (void)snprintf(out->values[UNIT_VERDICT], VIEW_SIZE, "%s/%s/%s",
                   form_text(server->state, incident, "Classification"),
                   form_text(server->state, incident, "Reason"),
                   form_text(server->state, incident, "Comment"));
}

size_t soar_notes(const struct sim_server *server, const char *number, const char *text)
{
    const struct smartsoar_incident *incident = smartsoar_incident_find(server->state, number);
    size_t count = 0;
    for (size_t i = 0; incident && i < json_array_size(incident->notes); i++) {
        const json_t *note = json_array_get(incident->notes, i);
        const char *own = json_string_value(json_object_get(note, "Text"));
        count += own && strstr(own, text) != NULL;
    }
    return count;
}

size_t soar_find(const struct sim_server *server, const char *name, char *number_out, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < server->state->incident_count; i++) {
        const struct smartsoar_incident *incident = server->state->incidents[i];
        const char *own =
            json_string_value(json_object_get(incident->custom, "CustomSentinelIncidentId"));
        if (!own || strcmp(own, name) != 0)
            continue;
        if (count++ == 0)
            (void)snprintf(number_out, size, "%s", incident->number);
    }
    return count;
}

size_t soar_count(const struct sim_server *server)
{
    return server->state->incident_count;
}
