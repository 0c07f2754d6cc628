#include "engine/server/server.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "engine/server/listen.h"
#include "engine/server/request.h"
#include "engine/world/memory.h"

#define CONNECTION_BYTES ((size_t)16384) /* of a connection's head and buffers */
#define MAX_SHOWN_PATH 200
#define COMPLAINT_MS 60000 /* one line about refused requests in this time */

/* The hooks, then older ones that requests under way may have begun with. */
struct gate_list {
    struct duet_gate *gates;
    size_t count;
    struct gate_list *older;
};

struct duet_server {
    struct duet_server_options options;
    struct gate_list *gates; /* never NULL once it runs */
    size_t requests;         /* under way */
    struct MHD_Daemon *daemon;
    int port;
    bool is_stopping;
    struct duet_watch *watch;
    struct duet_timer *again; /* the daemon has more to do than one turn's events */
    uint64_t refused;         /* since the last line about it */
    int64_t quiet_until;      /* the next one comes then at the earliest */
};

/* A connection has a deadline: MHD's own timeout is for silence, and a byte now and then is not silent. */
struct connection {
    struct duet_server *server;
    struct duet_timer *deadline;
    int fd;
};

/* --- turning with the loop --------------------------------------------------------------------------------- */

static void turn(void *data);

static void serve_again(struct duet_server *server)
{
    if (!server->again)
        server->again = duet_loop_defer(server->options.loop, turn, server);
}

static void serve(struct duet_server *server)
{
    MHD_UNSIGNED_LONG_LONG milliseconds = 0;
    MHD_run(server->daemon);
    if (MHD_get_timeout(server->daemon, &milliseconds) == MHD_YES && milliseconds == 0)
        serve_again(server);
}

static void turn(void *data)
{
    struct duet_server *server = data;
    server->again = NULL;
    serve(server);
}

static void ready(void *data, uint32_t events)
{
    (void)events;
    serve(data);
}

static void cut(void *data)
{
    struct connection *connection = data;
    connection->deadline = NULL;
    shutdown(connection->fd, SHUT_RDWR); /* the daemon sees that as the end */
}

/* The loop is held meanwhile: what a client does isn't due at any time that a simulated clock could go on to. */
static void connection_changed(void *data, struct MHD_Connection *handle, void **context,
                               enum MHD_ConnectionNotificationCode what)
{
    struct duet_server *server = data;
    struct duet_loop *loop = server->options.loop;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CONNECTION_FD);
        struct connection *connection = duet_new(sizeof *connection);
        *connection = (struct connection){ .server = server, .fd = info->connect_fd };
        connection->deadline = duet_loop_after(loop, DUET_SERVER_CONNECTION_MS, cut, connection);
        duet_loop_hold(loop);
        *context = connection;
    } else if (*context) {
        struct connection *connection = *context;
        duet_loop_cancel(loop, connection->deadline);
        duet_loop_release(loop);
        free(connection);
        *context = NULL;
        if (!server->is_stopping)
            serve_again(server); /* at its limit the daemon looks for new connections only then */
    }
}

/* --- requests ----------------------------------------------------------------------------------------------- */

static const char *header(const void *data, const char *name)
{
    union {
        const void *given;
        struct MHD_Connection *handle; /* looking up changes nothing */
    } connection = { data };
    return MHD_lookup_connection_value(connection.handle, MHD_HEADER_KIND, name);
}

/* Anybody can be refused as often as he likes: one line stands for many. */
static void log_refusal(struct duet_server *server, const char *path,
                        const struct duet_reply *reply)
{
    int64_t now = duet_clock_monotonic(duet_loop_clock(server->options.loop));
    server->refused++;
    if (now < server->quiet_until)
        return;
    char shown[MAX_SHOWN_PATH + 1];
    snprintf(shown, sizeof shown, "%s", path);
    duet_log_line(server->options.log, DUET_LOG_WARNING, "hook refused",
                  DUET_LOG_FIELDS({ DUET_LOGGED_PATH, .text = shown },
                                  { DUET_LOGGED_STATUS, .number = reply->status },
                                  { DUET_LOGGED_WHY, .text = reply->why },
                                  { DUET_LOGGED_REFUSED, .number = (int64_t)server->refused }));
    server->refused = 0;
    server->quiet_until = now + COMPLAINT_MS;
}

static void log_reply(struct duet_server *server, const char *path, const struct duet_reply *reply)
{
    if (!reply->why)
        duet_log_line(server->options.log, DUET_LOG_DEBUG, "hook taken",
                      DUET_LOG_FIELDS({ DUET_LOGGED_OWNER, .text = reply->hook->owner },
                                      { DUET_LOGGED_SIDE, .text = reply->hook->side }));
    else
        log_refusal(server, path, reply);
}

static enum MHD_Result send_reply(struct MHD_Connection *handle, const struct duet_reply *reply)
{
    union {
        const char *text;
        void *bytes; /* copied, not changed */
    } body = { reply->body };
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(reply->body), body.bytes, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    if (reply->header)
        MHD_add_response_header(response, reply->header, reply->value);
    enum MHD_Result queued = MHD_queue_response(handle, reply->status, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result finish(struct duet_server *server, struct MHD_Connection *handle,
                              const char *path, struct duet_request *request)
{
    struct duet_reply reply = duet_request_finish(request, server->options.journal,
                                                  duet_clock_wall(server->options.clock));
    log_reply(server, path, &reply);
    if (!reply.why && server->options.woken)
        server->options.woken(server->options.data, reply.hook);
    return send_reply(handle, &reply);
}

static struct duet_request *begin(struct duet_server *server, struct MHD_Connection *handle,
                                  const char *path, const char *method)
{
    const struct duet_gates gates = { server->gates->gates, server->gates->count };
    const char *length = header(handle, MHD_HTTP_HEADER_CONTENT_LENGTH);
    const struct duet_request_head head = { .method = method,
                                            .path = path,
                                            .length = length ? strtoull(length, NULL, 10) : 0,
                                            .header = header,
                                            .data = handle };
    server->requests++;
    return duet_request_new(&gates, &head);
}

/* Called with the head, then with each piece of the body, then with none. */
static enum MHD_Result handle_request(void *data, struct MHD_Connection *handle, const char *path,
                                      const char *method, const char *version, const char *bytes,
                                      size_t *length, void **state)
{
    (void)version;
    struct duet_server *server = data;
    struct duet_request *request = *state;
    if (!request) {
        request = begin(server, handle, path, method);
        *state = request;
        return duet_request_is_over(request) ? finish(server, handle, path, request) : MHD_YES;
    }
    if (*length == 0)
        return finish(server, handle, path, request);
    bool goes_on = duet_request_take(request, bytes, *length);
    *length = 0;
    return goes_on ? MHD_YES : MHD_NO;
}

static void request_completed(void *data, struct MHD_Connection *handle, void **state,
                              enum MHD_RequestTerminationCode how)
{
    struct duet_server *server = data;
    (void)handle;
    (void)how;
    if (*state)
        server->requests--;
    duet_request_free(*state);
    *state = NULL;
}

/* --- starting and stopping ---------------------------------------------------------------------------------- */

static enum duet_status add_gate(struct gate_list *list, const struct duet_hook *hook,
                                 struct duet_error *error)
{
    struct duet_gate *gate = &list->gates[list->count];
    enum duet_status status = duet_gate_init(gate, hook, error);
    bool is_needed = status == DUET_OK;
    for (size_t i = 0; is_needed && status == DUET_OK && i < list->count; i++) {
        const struct duet_gate *other = &list->gates[i];
        if (strcmp(other->path, gate->path) != 0)
            continue;
        is_needed = false;
        if (!duet_gate_same(other, gate))
            status = duet_fail(error, DUET_INVALID,
                               "'%s' would be the address of two different hooks", gate->path);
    }
    if (is_needed)
        list->count++;
    else
        duet_gate_finish(gate);
    return status == DUET_NOT_FOUND ? DUET_OK : status;
}

static void free_gates(struct gate_list *list)
{
    while (list) {
        struct gate_list *older = list->older;
        for (size_t i = 0; i < list->count; i++)
            duet_gate_finish(&list->gates[i]);
        free(list->gates);
        free(list);
        list = older;
    }
}

enum duet_status duet_server_take_hooks(struct duet_server *server, const struct duet_hook *hooks,
                                        size_t count, struct duet_error *error)
{
    struct gate_list *list = duet_new(sizeof *list);
    enum duet_status status = DUET_OK;
    list->gates = duet_new_array(count + 1, sizeof *list->gates);
    for (size_t i = 0; status == DUET_OK && i < count; i++)
        status = add_gate(list, &hooks[i], error);
    if (status != DUET_OK) {
        free_gates(list);
        return status;
    }
    if (server->requests == 0)
        free_gates(server->gates);
    else
        list->older = server->gates;
    server->gates = list;
    return DUET_OK;
}

size_t duet_server_requests(const struct duet_server *server)
{
    return server->requests;
}

/* The listening socket is the daemon's once it runs. */
static enum duet_status start(struct duet_server *server, struct duet_error *error)
{
    int fd = -1;
    enum duet_status status = duet_listen(server->options.listen, &fd, &server->port, error);
    if (status != DUET_OK)
        return status;
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL, 0, NULL, NULL, handle_request, server, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_CONNECTION_LIMIT, DUET_SERVER_MAX_CONNECTIONS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_NOTIFY_CONNECTION, connection_changed, server, MHD_OPTION_NOTIFY_COMPLETED,
        request_completed, server, MHD_OPTION_END);
    if (!server->daemon) {
        close(fd);
        return duet_fail(error, DUET_FAILED, "can't serve '%s'", server->options.listen);
    }
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    server->watch =
        info ? duet_loop_watch(server->options.loop, info->epoll_fd, DUET_LOOP_READ, ready, server)
             : NULL;
    if (!server->watch)
        return duet_fail(error, DUET_FAILED, "can't watch '%s'", server->options.listen);
    return DUET_OK;
}

enum duet_status duet_server_new(const struct duet_server_options *options,
                                 struct duet_server **server_out, struct duet_error *error)
{
    struct duet_server *server = duet_new(sizeof *server);
    server->options = *options;
    enum duet_status status =
        duet_server_take_hooks(server, options->hooks, options->hook_count, error);
    if (status == DUET_OK)
        status = start(server, error);
    if (status != DUET_OK) {
        duet_server_free(server);
        return status;
    }
    duet_log_line(options->log, DUET_LOG_INFO, "listening",
                  DUET_LOG_FIELDS({ DUET_LOGGED_ADDRESS, .text = options->listen }));
    *server_out = server;
    return DUET_OK;
}

void duet_server_free(struct duet_server *server)
{
    if (!server)
        return;
    server->is_stopping = true;
    duet_loop_unwatch(server->options.loop, server->watch);
    duet_loop_cancel(server->options.loop, server->again);
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    free_gates(server->gates);
    free(server);
}

int duet_server_port(const struct duet_server *server)
{
    return server->port;
}
