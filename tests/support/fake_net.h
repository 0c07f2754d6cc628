/* A network that a test answers by hand: every request is kept, each answer comes when the test says. */
#pragma once

#include "engine/world/loop.h"
#include "engine/world/net.h"

#define FAKE_NET_MAX_REQUESTS 512

struct fake_request {
    char *method, *url, *body; /* body: "" when none */
    char *headers;             /* "Name: value\n" each */
    int64_t at;                /* ms of the simulated clock */
};

/* What the test's handler fills in; zeroed: 200, an empty body, at once. Texts are copied. */
struct fake_answer {
    enum duet_net_failure failure;
    int status;
    const char *headers; /* "Name: value\n" each */
    const char *body;
    size_t body_length; /* 0: strlen */
    int64_t delay_ms;
};

typedef void (*fake_handler)(void *data, const struct fake_request *request,
                             struct fake_answer *answer);

struct fake_net {
    struct duet_net net; /* hand in &fake.net */
    struct duet_loop *loop;
    fake_handler handler;
    void *data;
    struct fake_request requests[FAKE_NET_MAX_REQUESTS];
    size_t count;
    size_t under_way;
};

void fake_net_init(struct fake_net *fake, struct duet_loop *loop, fake_handler handler, void *data);
void fake_net_finish(struct fake_net *fake);

/* The header's value; NULL. Valid until the next call. */
const char *fake_header(const struct fake_request *request, const char *name);
