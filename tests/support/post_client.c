#include "tests/support/post_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/world/memory.h"

#define SETTLED_TURNS 20

static void end(struct post_client *client)
{
    client->is_closed = true;
    duet_loop_unwatch(client->loop, client->watch);
    client->watch = NULL;
}

static void receive(struct post_client *client)
{
    size_t room = sizeof client->answer - 1 - client->answer_length;
    ssize_t got = recv(client->fd, client->answer + client->answer_length, room, 0);
    if (got > 0)
        client->answer_length += (size_t)got;
    else if (got == 0 || errno != EAGAIN)
        end(client);
    client->answer[client->answer_length] = '\0';
}

static void push(struct post_client *client)
{
    size_t left = client->out_length - client->out_sent;
    if (left == 0)
        return;
    ssize_t sent = send(client->fd, client->out + client->out_sent, left, MSG_NOSIGNAL);
    if (sent > 0)
        client->out_sent += (size_t)sent;
    else if (sent < 0 && errno != EAGAIN)
        client->out_sent =
            client->out_length; /* nobody takes it any more; what was answered is still read */
    if (client->watch && client->out_sent == client->out_length)
        duet_loop_change(client->loop, client->watch, DUET_LOOP_READ);
}

static void ready(void *data, uint32_t events)
{
    struct post_client *client = data;
    if (events & DUET_LOOP_WRITE)
        push(client);
    if (events & (DUET_LOOP_READ | DUET_LOOP_ERROR))
        receive(client);
}

void post_client_open(struct post_client *client, struct duet_loop *loop, int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *client = (struct post_client){ .loop = loop, .fd = socket(AF_INET, SOCK_STREAM, 0) };
    assert_true(client->fd >= 0);
    assert_int_equal(connect(client->fd, (struct sockaddr *)&to, sizeof to), 0);
    assert_int_equal(fcntl(client->fd, F_SETFL, O_NONBLOCK), 0);
    client->watch = duet_loop_watch(loop, client->fd, DUET_LOOP_READ, ready, client);
    assert_non_null(client->watch);
}

void post_client_close(struct post_client *client)
{
    duet_loop_unwatch(client->loop, client->watch);
    close(client->fd);
    free(client->out);
}

void post_client_send(struct post_client *client, const char *bytes, size_t length)
{
    client->out = duet_grow_array(client->out, client->out_length + length + 1, 1);
    memcpy(client->out + client->out_length, bytes, length);
    client->out_length += length;
    if (client->watch)
        duet_loop_change(client->loop, client->watch, DUET_LOOP_READ | DUET_LOOP_WRITE);
}

/* Held meanwhile: the answer comes from outside of the loop. */
static void turn(struct post_client *client)
{
    duet_loop_hold(client->loop);
    duet_loop_turn(client->loop, true);
    duet_loop_release(client->loop);
}

int post_client_wait(struct post_client *client)
{
    while (!client->is_closed)
        turn(client);
    const char *status = strchr(client->answer, ' ');
    return status ? (int)strtol(status, NULL, 10) : 0;
}

void post_client_expect(struct post_client *client, const char *text)
{
    while (!client->is_closed && !strstr(client->answer, text))
        turn(client);
    assert_non_null(strstr(client->answer, text));
}

void post_client_settle(struct post_client *client)
{
    while (client->out_sent < client->out_length)
        turn(client);
    for (int i = 0; i < SETTLED_TURNS; i++)
        duet_loop_turn(client->loop, false);
}
