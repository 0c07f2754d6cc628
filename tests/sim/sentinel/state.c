#include "tests/sim/sentinel/state.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/instant.h"
#include "tests/sim/text.h"

struct sim_state *sentinel_state_new(const struct sim_context *context)
{
    struct sim_state *state = sim_alloc(sizeof(*state));
    state->context = *context;
    return state;
}

static void comment_finish(struct sentinel_comment *comment)
{
    free(comment->name);
    free(comment->message);
    free(comment->client);
    free(comment->etag);
    json_decref(comment->author);
}

static void incident_free(struct sentinel_incident *incident)
{
    for (size_t i = 0; i < incident->comment_count; i++)
        comment_finish(&incident->comments[i]);
    free(incident->comments);
    free(incident->name);
    free(incident->etag);
    json_decref(incident->properties);
    free(incident);
}

static void workspace_free(struct sentinel_workspace *workspace)
{
    for (size_t i = 0; i < workspace->incident_count; i++)
        incident_free(workspace->incidents[i]);
    free(workspace->incidents);
    free(workspace->subscription);
    free(workspace->group);
    free(workspace->name);
    json_decref(workspace->index);
    free(workspace);
}

void sentinel_state_free(struct sim_state *state)
{
    if (!state)
        return;
    for (size_t i = 0; i < state->workspace_count; i++)
        workspace_free(state->workspaces[i]);
    for (size_t i = 0; i < state->client_count; i++) {
        free(state->clients[i].directory);
        free(state->clients[i].id);
        free(state->clients[i].secret);
    }
    for (size_t i = 0; i < state->user_count; i++) {
        free(state->users[i].object_id);
        free(state->users[i].login);
        free(state->users[i].name);
    }
    for (size_t i = 0; i < state->quota_count; i++) {
        free(state->quotas[i].key);
        sim_window_finish(&state->quotas[i].window);
    }
    free(state->workspaces);
    free(state->clients);
    free(state->users);
    free(state->quotas);
    free(state);
}

bool sentinel_is(const struct sim_state *state, enum sentinel_switch id, const char *choice)
{
    return sim_switch_is(state->context.switches, (size_t)id, choice);
}

long sentinel_number(const struct sim_state *state, enum sentinel_switch id)
{
    return sim_switch_number(state->context.switches, (size_t)id);
}

struct sentinel_workspace *sentinel_workspace_find(struct sim_state *state,
                                                   const char *subscription, const char *group,
                                                   const char *name)
{
    for (size_t i = 0; i < state->workspace_count; i++) {
        struct sentinel_workspace *workspace = state->workspaces[i];
        if (sim_same_name(workspace->subscription, subscription) &&
            sim_same_name(workspace->group, group) && sim_same_name(workspace->name, name))
            return workspace;
    }
    return NULL;
}

struct sentinel_workspace *sentinel_workspace_need(struct sim_state *state,
                                                   const char *subscription, const char *group,
                                                   const char *name)
{
    struct sentinel_workspace *workspace =
        sentinel_workspace_find(state, subscription, group, name);
    if (workspace)
        return workspace;
    workspace = sim_alloc(sizeof(*workspace));
    workspace->subscription = sim_copy(subscription);
    workspace->group = sim_copy(group);
    workspace->name = sim_copy(name);
    workspace->index = json_object();
    state->workspaces =
        sim_resize(state->workspaces, (state->workspace_count + 1) * sizeof(state->workspaces[0]));
    state->workspaces[state->workspace_count++] = workspace;
    return workspace;
}

char *sentinel_workspace_label(const struct sentinel_workspace *workspace)
{
    return sim_format("%s/%s/%s", workspace->subscription, workspace->group, workspace->name);
}

void sentinel_client_add(struct sim_state *state, const char *directory, const char *id,
                         const char *secret, struct sentinel_workspace *workspace)
{
    state->clients =
        sim_resize(state->clients, (state->client_count + 1) * sizeof(state->clients[0]));
    state->clients[state->client_count++] =
        (struct sentinel_client){ .directory = sim_copy(directory),
                                  .id = sim_copy(id),
                                  .secret = sim_copy(secret),
                                  .workspace = workspace };
}

void sentinel_user_add(struct sim_state *state, const char *object_id, const char *login,
                       const char *name)
{
    state->users = sim_resize(state->users, (state->user_count + 1) * sizeof(state->users[0]));
    state->users[state->user_count++] = (struct sentinel_user){ .object_id = sim_copy(object_id),
                                                                .login = sim_copy(login),
                                                                .name = sim_copy(name) };
}

const struct sentinel_user *sentinel_user_find(const struct sim_state *state, const char *object_id)
{
    for (size_t i = 0; i < state->user_count; i++)
        if (sim_same_name(state->users[i].object_id, object_id))
            return &state->users[i];
    return NULL;
}

static char *lower_copy(const char *text)
{
    char *lower = sim_copy(text);
    for (char *at = lower; *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    return lower;
}

static void index_set(struct sentinel_workspace *workspace, const char *name, json_t *place)
{
    char *key = lower_copy(name);
    if (place)
        json_object_set_new(workspace->index, key, place);
    else
        json_object_del(workspace->index, key);
    free(key);
}

static json_t *index_get(struct sentinel_workspace *workspace, const char *name)
{
    char *key = lower_copy(name);
    json_t *place = json_object_get(workspace->index, key);
    free(key);
    return place;
}

struct sentinel_incident *sentinel_incident_add(struct sim_state *state,
                                                struct sentinel_workspace *workspace,
                                                const char *name)
{
    struct sentinel_incident *incident = sim_alloc(sizeof(*incident));
    bool gap = sentinel_is(state, SENTINEL_NUMBER_GAPS, "on") && workspace->last_number % 3 == 2;
    workspace->last_number += gap ? 4 : 1;
    incident->name = sim_copy(name);
    incident->number = workspace->last_number;
    incident->properties = json_object();
    if (workspace->incident_count == workspace->incident_size) {
        workspace->incident_size = workspace->incident_size * 2 + 16;
        workspace->incidents = sim_resize(
            workspace->incidents, workspace->incident_size * sizeof(workspace->incidents[0]));
    }
    index_set(workspace, name, json_integer((json_int_t)workspace->incident_count));
    workspace->incidents[workspace->incident_count++] = incident;
    return incident;
}

struct sentinel_incident *sentinel_incident_find(struct sentinel_workspace *workspace,
                                                 const char *name)
{
    const json_t *place = index_get(workspace, name);
    return place ? workspace->incidents[json_integer_value(place)] : NULL;
}

void sentinel_incident_remove(struct sentinel_workspace *workspace, const char *name)
{
    const json_t *place = index_get(workspace, name);
    if (!place)
        return;
    size_t at = (size_t)json_integer_value(place);
    struct sentinel_incident *last = workspace->incidents[--workspace->incident_count];
    struct sentinel_incident *removed = workspace->incidents[at];
    index_set(workspace, name, NULL);
    if (last != removed) {
        workspace->incidents[at] = last;
        index_set(workspace, last->name, json_integer((json_int_t)at));
    }
    incident_free(removed);
}

int64_t sentinel_stamp(struct sim_state *state)
{
    long digits = sentinel_number(state, SENTINEL_FRACTION_DIGITS);
    return sim_instant_truncate(sim_clock_stamp(state->context.clock),
                                (int)(digits > 7 ? 7 : digits));
}

char *sentinel_fresh_etag(struct sim_state *state)
{
    state->serial++;
    int64_t seconds = sim_clock_now(state->context.clock) / SIM_TICKS_PER_SECOND;
    return sim_format("%08lx-0000-0d00-0000-%08lx0000", (unsigned long)state->serial + 0x03000000UL,
                      (unsigned long)seconds & 0xFFFFFFFFUL);
}

void sentinel_incident_touch(struct sim_state *state, struct sentinel_incident *incident)
{
    char *fresh = sentinel_fresh_etag(state);
    free(incident->etag);
    incident->etag = sim_format("\"%s\"", fresh);
    free(fresh);
    incident->modified = sentinel_stamp(state);
    if (incident->created == 0) {
        long late = sentinel_number(state, SENTINEL_LATE_ARRIVALS);
        incident->created = incident->modified;
        incident->visible_from = late > 0 ? incident->created + late * SIM_TICKS_PER_SECOND : 0;
    }
}

bool sentinel_incident_is_visible(const struct sim_state *state,
                                  const struct sentinel_incident *incident)
{
    return incident->visible_from == 0 ||
           incident->visible_from <= sim_clock_now(state->context.clock);
}

struct sentinel_comment *sentinel_comment_find(struct sentinel_incident *incident, const char *name)
{
    for (size_t i = 0; i < incident->comment_count; i++)
        if (sim_same_name(incident->comments[i].name, name))
            return &incident->comments[i];
    return NULL;
}

struct sentinel_comment *sentinel_comment_add(struct sentinel_incident *incident, const char *name)
{
    incident->comments = sim_resize(incident->comments,
                                    (incident->comment_count + 1) * sizeof(incident->comments[0]));
    struct sentinel_comment *comment = &incident->comments[incident->comment_count++];
    *comment = (struct sentinel_comment){ .name = sim_copy(name) };
    return comment;
}

void sentinel_comment_remove(struct sentinel_incident *incident, struct sentinel_comment *comment)
{
    size_t at = (size_t)(comment - incident->comments);
    comment_finish(comment);
    incident->comment_count--;
    memmove(comment, comment + 1, (incident->comment_count - at) * sizeof(*comment));
}
