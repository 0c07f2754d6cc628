/* Listing, reading, writing and deleting an incident's comments. */
#include <stdlib.h>

#include "tests/sim/sentinel/errors.h"
#include "tests/sim/sentinel/list.h"
#include "tests/sim/sentinel/operations.h"
#include "tests/sim/sentinel/render.h"
#include "tests/sim/text.h"

/* The order when none is asked for isn't documented, so the list is told which one to take. */
static void ask_for_order(const struct sentinel_call *call)
{
    bool newest = sentinel_is(call->state, SENTINEL_COMMENT_ORDER, "newest");
    if (!sim_request_query(call->request, "$orderby") &&
        !sim_request_query(call->request, "$skipToken"))
        json_object_set_new(call->request->query, "$orderby",
                            json_sprintf("properties/createdTimeUtc %s", newest ? "desc" : "asc"));
}

void sentinel_comment_list(const struct sentinel_call *call)
{
    const struct sentinel_incident *incident = sentinel_call_incident(call);
    if (!incident)
        return;
    json_t *comments = json_array();
    for (size_t i = 0; i < incident->comment_count; i++)
        json_array_append_new(comments, sentinel_comment_json(call->state, call->workspace,
                                                              incident, &incident->comments[i]));
    ask_for_order(call);
    sentinel_list(call->state, call->request, call->reply, comments);
}

static struct sentinel_comment *call_comment(const struct sentinel_call *call,
                                             struct sentinel_incident *incident)
{
    struct sentinel_comment *comment =
        incident ? sentinel_comment_find(incident, call->comment) : NULL;
    if (incident && !comment)
        sentinel_error(call->state, call->reply, 404, "NotFound", "Comment '%s' does not exist.",
                       call->comment);
    return comment;
}

void sentinel_comment_get(const struct sentinel_call *call)
{
    struct sentinel_incident *incident = sentinel_call_incident(call);
    const struct sentinel_comment *comment = call_comment(call, incident);
    if (comment)
        sim_reply_json(call->reply, 200,
                       sentinel_comment_json(call->state, call->workspace, incident, comment));
}

char *sentinel_comment_check(const struct sim_state *state,
                             const struct sentinel_incident *incident, const char *message,
                             bool adding)
{
    long length = sentinel_number(state, SENTINEL_COMMENT_LENGTH);
    long most = sentinel_number(state, SENTINEL_COMMENTS_MAX);
    if (!message)
        return sim_copy("'message' is required.");
    if (sim_utf16_length(message) > (size_t)length)
        return sim_format("The comment is longer than %ld characters.", length);
    if (adding && incident->comment_count >= (size_t)most)
        return sim_format("The incident already has %ld comments.", most);
    return NULL;
}

void sentinel_comment_write(struct sim_state *state, struct sentinel_incident *incident,
                            const char *name, const char *message, const char *client,
                            json_t *stolen_author)
{
    struct sentinel_comment *comment = sentinel_comment_find(incident, name);
    int64_t now = sentinel_stamp(state);
    if (!comment) {
        comment = sentinel_comment_add(incident, name);
        comment->created = now;
        comment->client = client ? sim_copy(client) : NULL;
        comment->author = json_incref(stolen_author);
    }
    json_decref(stolen_author);
    free(comment->message);
    free(comment->etag);
    comment->message = sim_copy(message);
    comment->etag = sentinel_fresh_etag(state);
    comment->modified = now;
    if (sentinel_is(state, SENTINEL_COMMENT_BUMPS_INCIDENT, "on"))
        sentinel_incident_touch(state, incident);
}

static json_t *author_of(const struct sentinel_client *client)
{
    return json_pack("{s:s, s:n, s:s, s:n}", "objectId", client->id, "email", "name", client->id,
                     "userPrincipalName");
}

static void put(const struct sentinel_call *call, struct sentinel_incident *incident,
                const char *message)
{
    const struct sentinel_comment *comment = sentinel_comment_find(incident, call->comment);
    unsigned status = comment ? 200 : 201;
    char *problem = sentinel_comment_check(call->state, incident, message, !comment);
    if (problem) {
        sentinel_bad_request(call->state, call->reply, problem);
        return;
    }
    if (comment && !sim_same_name(comment->client, call->client->id)) {
        sentinel_error(call->state, call->reply, 403, "Forbidden",
                       "Only the author of a comment can edit it.");
        return;
    }
    sentinel_comment_write(call->state, incident, call->comment, message, call->client->id,
                           author_of(call->client));
    call->reply->applied = true;
    sim_reply_json(call->reply, status,
                   sentinel_comment_json(call->state, call->workspace, incident,
                                         sentinel_comment_find(incident, call->comment)));
}

void sentinel_comment_put(const struct sentinel_call *call)
{
    struct sentinel_incident *incident = sentinel_call_incident(call);
    if (!incident)
        return;
    json_t *body =
        json_loadb(call->request->body, call->request->body_length, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(body))
        sentinel_bad_request(call->state, call->reply, sim_copy("The body must be a JSON object."));
    else
        put(call, incident, sim_member_text(json_object_get(body, "properties"), "message"));
    json_decref(body);
}

void sentinel_comment_delete(const struct sentinel_call *call)
{
    struct sentinel_incident *incident = sentinel_call_incident(call);
    if (!incident)
        return;
    struct sentinel_comment *comment = sentinel_comment_find(incident, call->comment);
    if (!comment) {
        sim_reply_empty(call->reply, 204);
        return;
    }
    sentinel_comment_remove(incident, comment);
    if (sentinel_is(call->state, SENTINEL_COMMENT_BUMPS_INCIDENT, "on"))
        sentinel_incident_touch(call->state, incident);
    call->reply->applied = true;
    sim_reply_empty(call->reply, 200);
}
