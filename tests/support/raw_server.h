/* An HTTP server on the test's own loop that does what it is told with each request: answers bytes, or cuts the line. */
#pragma once

#include <stddef.h>

#include "engine/world/loop.h"

#define RAW_MAX_CONNECTIONS 32
#define RAW_MAX_REQUESTS 64
#define RAW_REQUEST_BYTES 8192

/* What is done with one request. */
struct raw_answer {
    const char *bytes; /* NULL: nothing is sent */
    size_t length;     /* 0: strlen */
    bool cuts;         /* closes the connection behind it */
};

struct raw_connection {
    struct raw_server *server;
    int fd; /* -1: free */
    struct duet_watch *watch;
    char buffer[RAW_REQUEST_BYTES];
    size_t used;
};

struct raw_server {
    struct duet_loop *loop;
    int fd;
    int port;
    struct duet_watch *watch;
    struct raw_connection connections[RAW_MAX_CONNECTIONS];
    size_t accepted;
    const struct raw_answer *answers; /* in turn; the last one for all that follow */
    size_t answer_count;
    char *requests[RAW_MAX_REQUESTS]; /* whole ones, head and body */
    size_t request_count;
};

void raw_server_open(struct raw_server *server, struct duet_loop *loop,
                     const struct raw_answer *answers, size_t count);
void raw_server_close(struct raw_server *server);
