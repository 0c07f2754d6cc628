/* One request and the reply to it, free of any HTTP library. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

enum { SIM_SEGMENTS_MAX = 32 };

struct sim_request {
    char *method;
    char *path;                       /* as received, without the query */
    char *query_text;                 /* as received, without '?'; "" when there is none */
    json_t *query;                    /* object of decoded texts */
    json_t *headers;                  /* object, names in lower case */
    char *segments[SIM_SEGMENTS_MAX]; /* the path cut at '/', each decoded */
    size_t segment_count;
    char *body; /* never NULL, ended by NUL */
    size_t body_length;
};

struct sim_reply {
    unsigned status;
    char *body; /* NULL: no body */
    size_t body_length;
    json_t *headers;
    bool applied; /* the request changed what is stored */
};

/* Fills the request from a method and a URI as sent; headers and body are added by the caller. */
void sim_request_init(struct sim_request *request, const char *method, const char *uri);
void sim_request_finish(struct sim_request *request);
const char *sim_request_header(const struct sim_request *request, const char *lower_name);
const char *sim_request_query(const struct sim_request *request, const char *name);

/* A reply is {0} at first. Setting it again replaces what was there. */
void sim_reply_finish(struct sim_reply *reply);
void sim_reply_header(struct sim_reply *reply, const char *name, const char *value);
void sim_reply_json(struct sim_reply *reply, unsigned status, json_t *stolen);
void sim_reply_text(struct sim_reply *reply, unsigned status, const char *type, const char *text);
void sim_reply_empty(struct sim_reply *reply, unsigned status);
