#include "tests/sim/http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <microhttpd.h>

#include "tests/sim/instant.h"
#include "tests/sim/text.h"

/* libmicrohttpd hands over control in its own poll set (an epoll descriptor); this file polls that,
 * the stop descriptor and the earliest delay. A request is collected, answered, held (suspended) or
 * cut; suspended connections don't stand in anybody's way. */

enum { BODY_MAX = 16 * 1024 * 1024, TICKS_PER_MS = 10000 };

struct connection {
    struct connection *next; /* in the list of suspended ones */
    struct MHD_Connection *mhd;
    struct sim_request request;
    struct sim_visit visit;
    struct sim_reply reply;
    struct sim_text body;
    char *uri;
    int64_t until; /* 0: until released */
    bool begun;
    bool too_large;
    bool received;
    bool suspended;
};

struct sim_http {
    struct sim_server *server;
    struct MHD_Daemon *daemon;
    struct connection *suspended;
    int stop_fd;
    int poll_fd;
    unsigned short port;
};

static void *begin(void *context, const char *uri, struct MHD_Connection *mhd)
{
    (void)context;
    struct connection *connection = sim_alloc(sizeof(*connection));
    connection->uri = sim_copy(uri);
    connection->mhd = mhd;
    return connection;
}

static enum MHD_Result copy_header(void *context, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    (void)kind;
    json_t *headers = context;
    char *lower = sim_copy(name);
    for (char *at = lower; *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    json_object_set_new(headers, lower, json_string(value ? value : ""));
    free(lower);
    return MHD_YES;
}

static void collect(struct connection *connection, const char *data, size_t length)
{
    if (connection->body.length + length > BODY_MAX)
        connection->too_large = true;
    else
        sim_text_add_part(&connection->body, data, length);
}

static enum MHD_Result header_out(struct MHD_Response *response, const json_t *headers)
{
    json_t *all = json_deep_copy(headers);
    for (void *at = json_object_iter(all); at; at = json_object_iter_next(all, at))
        MHD_add_response_header(response, json_object_iter_key(at),
                                json_string_value(json_object_iter_value(at)));
    json_decref(all);
    return MHD_YES;
}

static enum MHD_Result send_reply(struct connection *connection)
{
    struct sim_reply *reply = &connection->reply;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(reply->body_length, reply->body, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    if (reply->headers)
        header_out(response, reply->headers);
    enum MHD_Result result = MHD_queue_response(connection->mhd, reply->status, response);
    MHD_destroy_response(response);
    return result;
}

static ssize_t read_half(void *context, uint64_t position, char *buffer, size_t size)
{
    const struct connection *connection = context;
    size_t half = connection->reply.body_length / 2;
    if (position >= half)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t length = half - (size_t)position;
    if (length > size)
        length = size;
    memcpy(buffer, connection->reply.body + position, length);
    return (ssize_t)length;
}

static enum MHD_Result send_half(struct connection *connection)
{
    struct MHD_Response *response = MHD_create_response_from_callback(
        connection->reply.body_length, 4096, read_half, connection, NULL);
    if (!response)
        return MHD_NO;
    if (connection->reply.headers)
        header_out(response, connection->reply.headers);
    enum MHD_Result result =
        MHD_queue_response(connection->mhd, connection->reply.status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result suspend(struct sim_http *http, struct connection *connection, long delay_ms)
{
    connection->suspended = true;
    connection->until = 0;
    if (delay_ms > 0)
        connection->until =
            sim_clock_elapsed(http->server->clock) + (int64_t)delay_ms * TICKS_PER_MS;
    connection->next = http->suspended;
    http->suspended = connection;
    MHD_suspend_connection(connection->mhd);
    return MHD_YES;
}

static void resume(struct sim_http *http, bool released)
{
    int64_t now = sim_clock_elapsed(http->server->clock);
    for (struct connection **at = &http->suspended; *at;) {
        struct connection *connection = *at;
        bool due = connection->until == 0 ? released : connection->until <= now;
        if (!due) {
            at = &connection->next;
            continue;
        }
        *at = connection->next;
        MHD_resume_connection(connection->mhd);
    }
}

/* A client that gave up while it was held must not have its request applied behind its back. */
static bool client_is_gone(const struct connection *connection)
{
    char byte;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection->mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info && recv(info->connect_fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static enum MHD_Result act(struct sim_http *http, struct connection *connection, enum sim_step step)
{
    switch (step) {
    case SIM_STEP_RELEASE:
        resume(http, true);
        return send_reply(connection);
    case SIM_STEP_ANSWER:
        return send_reply(connection);
    case SIM_STEP_CUT:
        return send_half(connection);
    case SIM_STEP_DROP:
        sim_server_answered(http->server, &connection->visit, 0, connection->reply.applied);
        return MHD_NO;
    case SIM_STEP_HOLD:
        return suspend(http, connection, 0);
    case SIM_STEP_DELAY:
        return suspend(http, connection, connection->visit.fault.delay_ms);
    }
    return MHD_NO;
}

static enum MHD_Result receive(struct sim_http *http, struct connection *connection,
                               const char *method)
{
    struct sim_request *request = &connection->request;
    sim_request_init(request, method, connection->uri);
    MHD_get_connection_values(connection->mhd, MHD_HEADER_KIND, copy_header, request->headers);
    connection->received = true;
    if (connection->too_large) {
        sim_reply_empty(&connection->reply, 413);
        return send_reply(connection);
    }
    if (connection->body.bytes) {
        free(request->body);
        request->body = connection->body.bytes;
        request->body_length = connection->body.length;
        connection->body = (struct sim_text){ 0 };
    }
    return act(http, connection,
               sim_server_receive(http->server, request, &connection->visit, &connection->reply));
}

static enum MHD_Result handle(void *context, struct MHD_Connection *mhd, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *data_length, void **connection_at)
{
    struct sim_http *http = context;
    struct connection *connection = *connection_at;
    (void)mhd;
    (void)url;
    (void)version;
    if (!connection->begun) {
        connection->begun = true;
        return MHD_YES;
    }
    if (*data_length > 0) {
        collect(connection, data, *data_length);
        *data_length = 0;
        return MHD_YES;
    }
    if (!connection->received)
        return receive(http, connection, method);
    if (!connection->suspended)
        return MHD_YES;
    connection->suspended = false;
    if (client_is_gone(connection))
        return act(http, connection, SIM_STEP_DROP);
    return act(http, connection,
               sim_server_resume(http->server, &connection->request, &connection->visit,
                                 &connection->reply));
}

static void completed(void *context, struct MHD_Connection *mhd, void **connection_at,
                      enum MHD_RequestTerminationCode code)
{
    struct sim_http *http = context;
    struct connection *connection = *connection_at;
    (void)mhd;
    if (!connection)
        return;
    unsigned status = code == MHD_REQUEST_TERMINATED_COMPLETED_OK ? connection->reply.status : 0;
    sim_server_answered(http->server, &connection->visit, status, connection->reply.applied);
    sim_request_finish(&connection->request);
    sim_reply_finish(&connection->reply);
    sim_text_finish(&connection->body);
    free(connection->uri);
    free(connection);
    *connection_at = NULL;
}

static bool listen_on(struct sim_http *http, unsigned short port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    http->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, port, NULL, NULL, handle, http,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_URI_LOG_CALLBACK, begin, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, completed, http, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)128 * 1024, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U, MHD_OPTION_END);
    if (!http->daemon)
        return false;
    http->poll_fd = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    http->port = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    return true;
}

struct sim_http *sim_http_new(struct sim_server *server, unsigned short port, int stop_fd)
{
    struct sim_http *http = sim_alloc(sizeof(*http));
    http->server = server;
    http->stop_fd = stop_fd;
    if (listen_on(http, port))
        return http;
    fprintf(stderr, "duet-sim: can't listen on port %u of 127.0.0.1\n", (unsigned)port);
    free(http);
    return NULL;
}

unsigned short sim_http_port(const struct sim_http *http)
{
    return http->port;
}

static int64_t shorter(int64_t a, int64_t b)
{
    if (a < 0)
        return b;
    return b >= 0 && b < a ? b : a;
}

/* Milliseconds until the library or a delayed request wants to run; -1: when something arrives. */
static int wait_ms(const struct sim_http *http)
{
    MHD_UNSIGNED_LONG_LONG library = 0;
    int64_t wait = -1;
    if (MHD_get_timeout(http->daemon, &library) == MHD_YES)
        wait = (int64_t)library;
    int64_t now = sim_clock_elapsed(http->server->clock);
    for (const struct connection *at = http->suspended; at; at = at->next)
        if (at->until != 0)
            wait = shorter(wait, at->until <= now ? 0 : (at->until - now) / TICKS_PER_MS + 1);
    return (int)(wait > 60000 ? 60000 : wait);
}

void sim_http_run(struct sim_http *http)
{
    struct pollfd waiting[2] = { { .fd = http->poll_fd, .events = POLLIN },
                                 { .fd = http->stop_fd, .events = POLLIN } };
    while (waiting[1].revents == 0) {
        poll(waiting, 2, wait_ms(http));
        resume(http, false);
        MHD_run(http->daemon);
    }
}

void sim_http_free(struct sim_http *http)
{
    if (!http)
        return;
    for (; http->suspended; http->suspended = http->suspended->next)
        MHD_resume_connection(http->suspended->mhd);
    MHD_stop_daemon(http->daemon);
    free(http);
}
