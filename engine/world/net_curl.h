/* HTTP exchanges by libcurl on the loop: connections, names and TLS sessions shared by all that use it. */
#pragma once

#include "engine/world/log.h"
#include "engine/world/loop.h"
#include "engine/world/net.h"

struct duet_net_curl;

struct duet_net_curl_options {
    struct duet_loop *loop; /* borrowed, outlives it */
    struct duet_log *
        log; /* borrowed; NULL: none. One debug line an exchange: method, URL without its query, status, time */
    const char *ca_file;    /* instead of the system's certificates; NULL: the system's */
    const char *user_agent; /* NULL: "duet" */
};

/* NULL when libcurl can't be set up. Freeing ends what is under way, silently; NULL is fine. */
struct duet_net_curl *duet_net_curl_new(const struct duet_net_curl_options *options);
void duet_net_curl_free(struct duet_net_curl *net);

struct duet_net *duet_net_curl_net(struct duet_net_curl *net);
