#include "tests/sim/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/text.h"

static void split_path(struct sim_request *request)
{
    for (const char *at = request->path; *at;) {
        size_t length = strcspn(at, "/");
        if (length > 0 && request->segment_count < SIM_SEGMENTS_MAX) {
            char *segment = sim_copy_part(at, length);
            sim_percent_decode(segment);
            request->segments[request->segment_count++] = segment;
        }
        at += length;
        if (*at == '/')
            at++;
    }
}

void sim_request_init(struct sim_request *request, const char *method, const char *uri)
{
    *request = (struct sim_request){ 0 };
    size_t path_length = strcspn(uri, "?");
    request->method = sim_copy(method);
    request->path = sim_copy_part(uri, path_length);
    request->query_text = sim_copy(uri[path_length] == '?' ? uri + path_length + 1 : "");
    request->query = sim_form_parse(request->query_text, "$skipToken");
    request->headers = json_object();
    request->body = sim_copy("");
    split_path(request);
}

void sim_request_finish(struct sim_request *request)
{
    free(request->method);
    free(request->path);
    free(request->query_text);
    json_decref(request->query);
    json_decref(request->headers);
    for (size_t i = 0; i < request->segment_count; i++)
        free(request->segments[i]);
    free(request->body);
    *request = (struct sim_request){ 0 };
}

const char *sim_request_header(const struct sim_request *request, const char *lower_name)
{
    return sim_member_text(request->headers, lower_name);
}

const char *sim_request_query(const struct sim_request *request, const char *name)
{
    for (void *at = json_object_iter(request->query); at;
         at = json_object_iter_next(request->query, at))
        if (sim_same_name(json_object_iter_key(at), name))
            return json_string_value(json_object_iter_value(at));
    return NULL;
}

void sim_reply_finish(struct sim_reply *reply)
{
    free(reply->body);
    json_decref(reply->headers);
    *reply = (struct sim_reply){ 0 };
}

void sim_reply_header(struct sim_reply *reply, const char *name, const char *value)
{
    if (!reply->headers)
        reply->headers = json_object();
    json_object_set_new(reply->headers, name, json_string(value));
}

static void set_body(struct sim_reply *reply, unsigned status, char *stolen)
{
    free(reply->body);
    reply->status = status;
    reply->body = stolen;
    reply->body_length = stolen ? strlen(stolen) : 0;
}

void sim_reply_json(struct sim_reply *reply, unsigned status, json_t *stolen)
{
    char *text = json_dumps(stolen, JSON_COMPACT | JSON_ENCODE_ANY);
    json_decref(stolen);
    set_body(reply, status, text ? text : sim_copy("null"));
    sim_reply_header(reply, "Content-Type", "application/json; charset=utf-8");
}

void sim_reply_text(struct sim_reply *reply, unsigned status, const char *type, const char *text)
{
    set_body(reply, status, sim_copy(text));
    sim_reply_header(reply, "Content-Type", type);
}

void sim_reply_empty(struct sim_reply *reply, unsigned status)
{
    set_body(reply, status, NULL);
}
