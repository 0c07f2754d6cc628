#include "tests/support/raw_server.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/world/memory.h"

static void hang_up(struct raw_connection *connection)
{
    duet_loop_unwatch(connection->server->loop, connection->watch);
    close(connection->fd);
    connection->fd = -1;
    connection->watch = NULL;
}

/* Bytes of the first whole request in the buffer; 0: not yet. */
static size_t whole_request(struct raw_connection *connection)
{
    connection->buffer[connection->used] = '\0';
    const char *end = strstr(connection->buffer, "\r\n\r\n");
    size_t body = 0;
    if (!end)
        return 0;
    for (const char *line = connection->buffer; line < end; line = strstr(line, "\r\n") + 2) {
        if (strncasecmp(line, "Content-Length:", 15) == 0)
            body = strtoul(line + 15, NULL, 10);
    }
    size_t length = (size_t)(end + 4 - connection->buffer) + body;
    return connection->used >= length ? length : 0;
}

static void serve(struct raw_connection *connection, size_t length)
{
    struct raw_server *server = connection->server;
    size_t number = server->request_count;
    assert(number < RAW_MAX_REQUESTS);
    const struct raw_answer *answer =
        &server->answers[number < server->answer_count ? number : server->answer_count - 1];
    server->requests[server->request_count++] = duet_text_new_cut(connection->buffer, length);
    memmove(connection->buffer, connection->buffer + length, connection->used - length);
    connection->used -= length;
    size_t left = !answer->bytes ? 0 : answer->length > 0 ? answer->length : strlen(answer->bytes);
    for (const char *at = answer->bytes; left > 0;) {
        ssize_t sent = send(connection->fd, at, left, MSG_NOSIGNAL);
        if (sent <= 0)
            break;
        at += sent;
        left -= (size_t)sent;
    }
    if (answer->cuts)
        hang_up(connection);
}

static void ready(void *data, uint32_t events)
{
    struct raw_connection *connection = data;
    (void)events;
    ssize_t got = read(connection->fd, connection->buffer + connection->used,
                       RAW_REQUEST_BYTES - 1 - connection->used);
    if (got <= 0) {
        hang_up(connection);
        return;
    }
    connection->used += (size_t)got;
    for (size_t length = whole_request(connection); length > 0 && connection->fd >= 0;
         length = whole_request(connection))
        serve(connection, length);
}

static void come_in(void *data, uint32_t events)
{
    struct raw_server *server = data;
    struct raw_connection *connection = server->connections;
    (void)events;
    while (connection->fd >= 0)
        connection++;
    assert(connection < server->connections + RAW_MAX_CONNECTIONS);
    *connection = (struct raw_connection){ .server = server, .fd = accept(server->fd, NULL, NULL) };
    connection->watch =
        duet_loop_watch(server->loop, connection->fd, DUET_LOOP_READ, ready, connection);
    server->accepted++;
}

void raw_server_open(struct raw_server *server, struct duet_loop *loop,
                     const struct raw_answer *answers, size_t count)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t size = sizeof address;
    memset(server, 0, sizeof *server);
    server->loop = loop;
    server->answers = answers;
    server->answer_count = count;
    for (size_t i = 0; i < RAW_MAX_CONNECTIONS; i++)
        server->connections[i].fd = -1;
    server->fd = socket(AF_INET, SOCK_STREAM, 0);
    int bound = bind(server->fd, (struct sockaddr *)&address, size);
    int listens = listen(server->fd, 16);
    int named = getsockname(server->fd, (struct sockaddr *)&address, &size);
    assert(bound == 0 && listens == 0 && named == 0);
    server->port = bound == 0 && listens == 0 && named == 0 ? ntohs(address.sin_port) : 0;
    server->watch = duet_loop_watch(loop, server->fd, DUET_LOOP_READ, come_in, server);
}

void raw_server_close(struct raw_server *server)
{
    for (size_t i = 0; i < RAW_MAX_CONNECTIONS; i++) {
        if (server->connections[i].fd >= 0)
            hang_up(&server->connections[i]);
    }
    for (size_t i = 0; i < server->request_count; i++)
        free(server->requests[i]);
    duet_loop_unwatch(server->loop, server->watch);
    if (server->fd >= 0)
        close(server->fd);
}
