#include "engine/server/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 64
#define MAX_HOST 256

struct place {
    char host[MAX_HOST]; /* "": everywhere */
    const char *port;    /* borrowed from the address */
};

static bool is_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && digits <= 5 && text[digits] == '\0' &&
           strtol(text, NULL, 10) <= UINT16_MAX;
}

/* An IPv6 address stands in brackets, since it has colons of its own. */
static bool split(const char *address, struct place *place_out)
{
    bool in_brackets = address[0] == '[';
    const char *host = in_brackets ? address + 1 : address;
    const char *end = strchr(host, in_brackets ? ']' : ':');
    if (!end || (size_t)(end - host) >= sizeof place_out->host)
        return false;
    memcpy(place_out->host, host, (size_t)(end - host));
    place_out->host[end - host] = '\0';
    if (in_brackets && (end == host || *++end != ':'))
        return false;
    place_out->port = end + 1;
    return is_port(place_out->port);
}

/* -1 with errno set. */
static int open_one(const struct addrinfo *at, bool everywhere)
{
    const int on = 1;
    const int off = 0;
    int fd = socket(at->ai_family, at->ai_socktype, at->ai_protocol);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    /* Everywhere means both families on one socket. */
    if (at->ai_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, everywhere ? &off : &on, sizeof on);
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0 &&
        bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

static int open_family(const struct addrinfo *first, int family, bool everywhere)
{
    int fd = -1;
    for (const struct addrinfo *at = first; at && fd < 0; at = at->ai_next) {
        if (family == AF_UNSPEC || at->ai_family == family)
            fd = open_one(at, everywhere);
    }
    return fd;
}

static int port_of(int fd)
{
    struct sockaddr_storage name = { 0 };
    socklen_t length = sizeof name;
    if (getsockname(fd, (struct sockaddr *)&name, &length) != 0)
        return -1;
    if (name.ss_family == AF_INET6)
        return ntohs(((struct sockaddr_in6 *)&name)->sin6_port);
    return ntohs(((struct sockaddr_in *)&name)->sin_port);
}

enum duet_status duet_listen(const char *address, int *fd_out, int *port_out,
                             struct duet_error *error)
{
    struct place place;
    if (!split(address, &place))
        return duet_fail(error, DUET_INVALID,
                         "can't listen on '%s': expected HOST:PORT, [ADDRESS]:PORT or :PORT",
                         address);
    bool everywhere = place.host[0] == '\0';
    const struct addrinfo wanted = { .ai_socktype = SOCK_STREAM,
                                     .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
    struct addrinfo *found = NULL;
    /* RFC 6761, 6.3: this name is this machine, also where no file says so */
    const char *host = strcmp(place.host, "localhost") == 0 ? "127.0.0.1" : place.host;
    int failure = getaddrinfo(everywhere ? NULL : host, place.port, &wanted, &found);
    if (failure != 0)
        return duet_fail(error, DUET_FAILED, "can't listen on '%s': %s", address,
                         gai_strerror(failure));
    int fd = everywhere ? open_family(found, AF_INET6, true) : -1;
    if (fd < 0)
        fd = open_family(found, AF_UNSPEC, everywhere);
    int why = errno;
    freeaddrinfo(found);
    if (fd < 0)
        return duet_fail(error, DUET_FAILED, "can't listen on '%s': %s", address, strerror(why));
    *fd_out = fd;
    *port_out = port_of(fd);
    return DUET_OK;
}
