/* An HTTP client on the test's own loop that sends exactly the bytes it is given, whole or bit by bit. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "engine/world/loop.h"

struct post_client {
    struct duet_loop *loop;
    int fd;
    struct duet_watch *watch;
    char *out; /* still to be sent */
    size_t out_length, out_sent;
    char answer[4096]; /* head and body, NUL-terminated */
    size_t answer_length;
    bool is_closed; /* by the server */
};

/* The test fails when there is no connection. */
void post_client_open(struct post_client *client, struct duet_loop *loop, int port);
void post_client_close(struct post_client *client);

/* Sends while the loop turns. */
void post_client_send(struct post_client *client, const char *bytes, size_t length);

/* Turns the loop until the server has closed the connection; the status of its answer, 0 when it gave none. */
int post_client_wait(struct post_client *client);
/* Turns the loop until the answer has this text; the test fails when the connection is closed before. */
void post_client_expect(struct post_client *client, const char *text);
/* Turns the loop until all is sent, and then as long as something happens. */
void post_client_settle(struct post_client *client);
