#include "tests/sim/smartsoar/state.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/instant.h"
#include "tests/sim/text.h"

struct sim_state *smartsoar_state_new(const struct sim_context *context)
{
    struct sim_state *state = sim_alloc(sizeof(*state));
    state->context = *context;
    state->people = json_object();
    state->index = json_object();
    state->section = sim_copy("Sentinel Sync");
    return state;
}

static void incident_free(struct smartsoar_incident *incident)
{
    free(incident->number);
    json_decref(incident->fields);
    json_decref(incident->form);
    json_decref(incident->custom);
    json_decref(incident->notes);
    json_decref(incident->raw);
    free(incident);
}

void smartsoar_state_free(struct sim_state *state)
{
    if (!state)
        return;
    smartsoar_hooks_free(state->hooks);
    for (size_t i = 0; i < state->incident_count; i++)
        incident_free(state->incidents[i]);
    for (size_t i = 0; i < state->access_count; i++) {
        free(state->accesses[i].secret);
        free(state->accesses[i].user);
        free(state->accesses[i].site);
    }
    free(state->accesses);
    free(state->incidents);
    json_decref(state->people);
    json_decref(state->index);
    free(state->section);
    free(state->hook_url);
    free(state->hook_key);
    free(state);
}

bool smartsoar_is(const struct sim_state *state, enum smartsoar_switch id, const char *choice)
{
    return sim_switch_is(state->context.switches, (size_t)id, choice);
}

long smartsoar_number(const struct sim_state *state, enum smartsoar_switch id)
{
    return sim_switch_number(state->context.switches, (size_t)id);
}

void smartsoar_access_add(struct sim_state *state, bool is_jwt, const char *secret,
                          const char *user, const char *site)
{
    state->accesses =
        sim_resize(state->accesses, (state->access_count + 1) * sizeof(state->accesses[0]));
    state->accesses[state->access_count++] = (struct smartsoar_access){
        .is_jwt = is_jwt, .secret = sim_copy(secret), .user = sim_copy(user), .site = sim_copy(site)
    };
}

const char *smartsoar_full_name(const struct sim_state *state, const char *name)
{
    if (!name || !*name || sim_same_name(name, "System"))
        return "System";
    if (json_object_size(state->people) == 0)
        return name;
    for (void *at = json_object_iter(state->people); at;
         at = json_object_iter_next(state->people, at)) {
        const char *full = json_string_value(json_object_iter_value(at));
        if (sim_same_name(json_object_iter_key(at), name) || sim_same_name(full, name))
            return full;
    }
    return NULL;
}

int64_t smartsoar_stamp(struct sim_state *state)
{
    return sim_instant_truncate(sim_clock_stamp(state->context.clock), 0);
}

static char *next_number(struct sim_state *state, int64_t now)
{
    char day[SIM_INSTANT_SIZE];
    sim_instant_format(now, SIM_INSTANT_DAY, day);
    return sim_format("%s-%ld", day, ++state->last_number);
}

struct smartsoar_incident *smartsoar_incident_add(struct sim_state *state, const char *number,
                                                  const char *site)
{
    struct smartsoar_incident *incident = sim_alloc(sizeof(*incident));
    incident->created = smartsoar_stamp(state);
    incident->modified = incident->created;
    incident->number = number ? sim_copy(number) : next_number(state, incident->created);
    incident->fields = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "IR Type",
        "Sentinel", "Title", "", "Status", "Open", "Severity", "Medium", "Stage", "Triage",
        "Priority", "", "Disposition", "", "Tags", "", "Owner", "System", "Creator", "System",
        "Timezone", "UTC", "Playbook", "", "Description", "", "Conclusion", "");
    json_object_set_new(incident->fields, "Site", json_string(site));
    incident->form = json_object();
    incident->custom = json_object();
    incident->notes = json_array();
    if (state->incident_count == state->incident_size) {
        state->incident_size = state->incident_size * 2 + 16;
        state->incidents =
            sim_resize(state->incidents, state->incident_size * sizeof(state->incidents[0]));
    }
    json_object_set_new(state->index, incident->number,
                        json_integer((json_int_t)state->incident_count));
    state->incidents[state->incident_count++] = incident;
    return incident;
}

struct smartsoar_incident *smartsoar_incident_find(struct sim_state *state, const char *number)
{
    const json_t *place = number ? json_object_get(state->index, number) : NULL;
    return place ? state->incidents[json_integer_value(place)] : NULL;
}

/* Order is by creation, so what follows moves down. */
void smartsoar_incident_remove(struct sim_state *state, const char *number)
{
    const json_t *place = json_object_get(state->index, number);
    if (!place)
        return;
    size_t at = (size_t)json_integer_value(place);
    struct smartsoar_incident *removed = state->incidents[at];
    state->incident_count--;
    memmove(&state->incidents[at], &state->incidents[at + 1],
            (state->incident_count - at) * sizeof(state->incidents[0]));
    json_object_del(state->index, removed->number);
    for (; at < state->incident_count; at++)
        json_object_set_new(state->index, state->incidents[at]->number,
                            json_integer((json_int_t)at));
    incident_free(removed);
}

const char *smartsoar_text(const struct smartsoar_incident *incident, const char *field)
{
    const char *text = sim_member_text(incident->fields, field);
    return text ? text : "";
}
