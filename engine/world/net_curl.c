#include "engine/world/net_curl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <curl/curl.h>

#include "engine/world/memory.h"

#define CONNECT_MS 10000L
#define KEPT_CONNECTIONS 64L

struct duet_net_exchange {
    struct duet_net_curl *owner;
    struct duet_net_exchange *before, *after;
    CURL *easy; /* NULL: refused before it was sent */
    struct curl_slist *headers_out;
    char *url;
    char *side;  /* for the log, */
    char *whose; /* as in the request */
    char *body_out;
    size_t body_out_length, body_out_read;
    struct duet_net_header *headers;
    size_t header_count, header_bytes;
    char *body;
    size_t body_length, body_size, max_bytes;
    bool is_too_large;
    char error[CURL_ERROR_SIZE];
    struct duet_timer *refusal;
    duet_net_done done;
    void *data;
};

struct duet_net_curl {
    struct duet_net net;
    struct duet_net_curl_options options;
    CURLM *multi;
    int timer; /* curl's own timeouts are about the real network: real time, whatever the loop's clock says */
    struct duet_watch *timer_watch;
    struct duet_net_exchange *first;
};

static struct duet_net_curl *curl_of(struct duet_net *net)
{
    return (struct duet_net_curl *)net; /* its first member */
}

/* --- one exchange's own ------------------------------------------------------------------------------------ */

static void forget_headers(struct duet_net_exchange *exchange)
{
    for (size_t i = 0; i < exchange->header_count; i++) {
        union {
            const char *read;
            char *owned;
        } name = { exchange->headers[i].name };
        free(name.owned); /* the value stands in the same memory */
    }
    exchange->header_count = 0;
    exchange->header_bytes = 0;
}

static void unlink_exchange(struct duet_net_exchange *exchange)
{
    *(exchange->before ? &exchange->before->after : &exchange->owner->first) = exchange->after;
    if (exchange->after)
        exchange->after->before = exchange->before;
}

static void exchange_free(struct duet_net_exchange *exchange)
{
    struct duet_loop *loop = exchange->owner->options.loop;
    if (exchange->easy) {
        curl_multi_remove_handle(exchange->owner->multi, exchange->easy);
        curl_easy_cleanup(exchange->easy);
        duet_loop_release(loop);
    }
    duet_loop_cancel(loop, exchange->refusal);
    for (struct curl_slist *line = exchange->headers_out; line; line = line->next)
        memset(line->data, 0, strlen(line->data)); /* credentials stand here */
    curl_slist_free_all(exchange->headers_out);
    unlink_exchange(exchange);
    forget_headers(exchange);
    free(exchange->headers);
    free(exchange->url);
    free(exchange->whose);
    free(exchange->side);
    duet_secret_free(exchange->body_out);
    free(exchange->body);
    free(exchange);
}

static size_t take_body(char *bytes, size_t size, size_t count, void *data)
{
    struct duet_net_exchange *exchange = data;
    size_t length = size * count;
    if (length > exchange->max_bytes - exchange->body_length) {
        exchange->is_too_large = true;
        return 0;
    }
    if (exchange->body_length + length + 1 > exchange->body_size) {
        exchange->body_size = 2 * (exchange->body_length + length) + 1024;
        exchange->body = duet_grow_array(exchange->body, exchange->body_size, 1);
    }
    memcpy(exchange->body + exchange->body_length, bytes, length);
    exchange->body_length += length;
    exchange->body[exchange->body_length] = '\0';
    return length;
}

static void add_header(struct duet_net_exchange *exchange, const char *line, size_t length)
{
    const char *colon = memchr(line, ':', length);
    if (!colon || colon == line)
        return;
    char *name = duet_text_new_cut(line, length);
    char *value = name + (colon - line);
    *value++ = '\0';
    while (*value == ' ' || *value == '\t')
        value++;
    size_t end = strlen(value);
    while (end > 0 && strchr(" \t\r\n", value[end - 1]))
        value[--end] = '\0';
    exchange->headers[exchange->header_count++] =
        (struct duet_net_header){ .name = name, .value = value };
}

static size_t take_header(char *bytes, size_t size, size_t count, void *data)
{
    struct duet_net_exchange *exchange = data;
    size_t length = size * count;
    if (length >= 5 && strncmp(bytes, "HTTP/", 5) == 0) {
        forget_headers(exchange); /* of an interim answer */
        return length;
    }
    exchange->header_bytes += length;
    if (exchange->header_count == DUET_NET_MAX_HEADERS ||
        exchange->header_bytes > DUET_NET_MAX_HEADER_BYTES) {
        exchange->is_too_large = true;
        return 0;
    }
    add_header(exchange, bytes, length);
    return length;
}

static size_t give_body(char *bytes, size_t size, size_t count, void *data)
{
    struct duet_net_exchange *exchange = data;
    size_t length = exchange->body_out_length - exchange->body_out_read;
    if (length > size * count)
        length = size * count;
    memcpy(bytes, exchange->body_out + exchange->body_out_read, length);
    exchange->body_out_read += length;
    return length;
}

/* A kept connection that turns out to be dead makes curl send the request again by itself; the server may have done the
 * first one. To do so it must rewind the body, and that is refused once some of it is out. */
static int rewind_body(void *data, curl_off_t offset, int origin)
{
    const struct duet_net_exchange *exchange = data;
    return origin == SEEK_SET && (size_t)offset == exchange->body_out_read ? CURL_SEEKFUNC_OK
                                                                           : CURL_SEEKFUNC_FAIL;
}

/* --- answers ---------------------------------------------------------------------------------------------- */

static enum duet_net_failure failure_of(const struct duet_net_exchange *exchange, CURLcode code)
{
    curl_off_t before_sending = 0;
    if (exchange->is_too_large)
        return DUET_NET_TOO_LARGE;
    if (code == CURLE_OK)
        return DUET_NET_OK;
    if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT ||
        code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL ||
        code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR)
        return DUET_NET_UNREACHABLE;
    curl_easy_getinfo(exchange->easy, CURLINFO_PRETRANSFER_TIME_T, &before_sending);
    return before_sending > 0 ? DUET_NET_LOST : DUET_NET_UNREACHABLE;
}

static void log_exchange(const struct duet_net_exchange *exchange,
                         const struct duet_net_answer *answer)
{
    char url[256];
    curl_off_t microseconds = 0;
    if (exchange->easy)
        curl_easy_getinfo(exchange->easy, CURLINFO_TOTAL_TIME_T, &microseconds);
    snprintf(url, sizeof url, "%.*s", (int)strcspn(exchange->url, "?"), exchange->url);
    duet_log_line(exchange->owner->options.log, DUET_LOG_DEBUG, "exchange",
                  DUET_LOG_FIELDS({ DUET_LOGGED_OWNER, .text = exchange->whose },
                                  { DUET_LOGGED_SIDE, .text = exchange->side },
                                  { DUET_LOGGED_URL, .text = url },
                                  { DUET_LOGGED_STATUS, .number = answer->status },
                                  { DUET_LOGGED_MS, .number = microseconds / 1000 },
                                  { DUET_LOGGED_WHY, .text = answer->error }));
}

static void finish(struct duet_net_exchange *exchange, CURLcode code)
{
    struct duet_net_answer answer = { .failure = failure_of(exchange, code),
                                      .body = "",
                                      .error = "" };
    char error[CURL_ERROR_SIZE + 64];
    if (answer.failure == DUET_NET_OK) {
        long status = 0;
        curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
        answer.status = (int)status;
        answer.headers = exchange->headers;
        answer.header_count = exchange->header_count;
        answer.body = exchange->body ? exchange->body : "";
        answer.body_length = exchange->body_length;
    } else if (exchange->is_too_large) {
        snprintf(error, sizeof error, "the answer is larger than %zu bytes or has too many headers",
                 exchange->max_bytes);
        answer.error = error;
    } else {
        snprintf(error, sizeof error, "%s",
                 *exchange->error ? exchange->error : curl_easy_strerror(code));
        answer.error = error;
    }
    log_exchange(exchange, &answer);
    duet_net_done done = exchange->done;
    void *data = exchange->data;
    /* The caller may start the next exchange from here; this one only lends its memory. */
    done(data, &answer);
    exchange_free(exchange);
}

static void finish_all(struct duet_net_curl *net)
{
    int left = 0;
    for (CURLMsg *message = curl_multi_info_read(net->multi, &left); message;
         message = curl_multi_info_read(net->multi, &left)) {
        struct duet_net_exchange *exchange = NULL;
        if (message->msg != CURLMSG_DONE)
            continue;
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
        finish(exchange, code);
    }
}

/* --- between curl and the loop -------------------------------------------------------------------------- */

struct connection {
    struct duet_net_curl *net;
    struct duet_watch *watch;
    curl_socket_t fd;
};

static void socket_ready(void *data, uint32_t events)
{
    const struct connection *socket = data;
    struct duet_net_curl *net = socket->net;
    int running = 0;
    int mask = (events & DUET_LOOP_READ ? CURL_CSELECT_IN : 0) |
               (events & DUET_LOOP_WRITE ? CURL_CSELECT_OUT : 0) |
               (events & DUET_LOOP_ERROR ? CURL_CSELECT_ERR : 0);
    curl_multi_socket_action(net->multi, socket->fd, mask, &running);
    finish_all(net);
}

static int change_socket(CURL *easy, curl_socket_t fd, int what, void *data, void *socket_data)
{
    (void)easy;
    struct duet_net_curl *net = data;
    struct connection *socket = socket_data;
    if (what == CURL_POLL_REMOVE) {
        if (socket)
            duet_loop_unwatch(net->options.loop, socket->watch);
        free(socket);
        curl_multi_assign(net->multi, fd, NULL);
        return 0;
    }
    uint32_t events = (what & CURL_POLL_IN ? (uint32_t)DUET_LOOP_READ : 0U) |
                      (what & CURL_POLL_OUT ? (uint32_t)DUET_LOOP_WRITE : 0U);
    if (socket) {
        duet_loop_change(net->options.loop, socket->watch, events);
        return 0;
    }
    socket = duet_new(sizeof *socket);
    *socket = (struct connection){ .net = net, .fd = fd };
    socket->watch = duet_loop_watch(net->options.loop, fd, events, socket_ready, socket);
    if (!socket->watch) {
        free(socket);
        return -1;
    }
    curl_multi_assign(net->multi, fd, socket);
    return 0;
}

static int change_timer(CURLM *multi, long milliseconds, void *data)
{
    (void)multi;
    const struct duet_net_curl *net = data;
    struct itimerspec time = { 0 }; /* all 0: off */
    if (milliseconds >= 0) {
        time.it_value.tv_sec = milliseconds / 1000;
        time.it_value.tv_nsec = milliseconds > 0 ? milliseconds % 1000 * 1000000 : 1;
    }
    return timerfd_settime(net->timer, 0, &time, NULL);
}

static void timer_ready(void *data, uint32_t events)
{
    (void)events;
    struct duet_net_curl *net = data;
    uint64_t expirations = 0;
    int running = 0;
    if (read(net->timer, &expirations, sizeof expirations) < 0)
        return; /* set anew in the meantime */
    curl_multi_socket_action(net->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    finish_all(net);
}

/* --- submitting ------------------------------------------------------------------------------------------- */

/* NULL when the address may be asked; else what is wrong with it. */
static const char *refuse(const struct duet_net_request *request)
{
    const char *host = NULL;
    if (strncasecmp(request->url, "https://", 8) == 0)
        host = request->url + 8;
    else if (strncasecmp(request->url, "http://", 7) == 0)
        host = request->url + 7;
    if (!host)
        return "the address is neither https nor http";
    size_t length = strcspn(host, "/?#");
    if (memchr(host, '@', length))
        return "the address has a user name";
    for (const char *c = host; *c; c++) {
        if ((unsigned char)*c <= ' ' || *c == 0x7f)
            return "the address has blanks or control characters";
    }
    size_t name = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?#");
    if (request->url[4] == ':' && !request->is_plain_allowed &&
        !duet_net_is_loopback(host, name < length ? name : length))
        return "the address is plain http on another machine";
    return NULL;
}

static void refused(void *data)
{
    struct duet_net_exchange *exchange = data;
    exchange->refusal = NULL;
    struct duet_net_answer answer = { .failure = DUET_NET_UNREACHABLE,
                                      .error = exchange->error,
                                      .body = "" };
    log_exchange(exchange, &answer);
    exchange->done(exchange->data, &answer);
    exchange_free(exchange);
}

static bool is_safe(const char *method)
{
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ||
           strcmp(method, "OPTIONS") == 0;
}

static void add_line(struct duet_net_exchange *exchange, const char *name, const char *value)
{
    size_t size = strlen(name) + strlen(value) + 3;
    char *line = duet_new(size);
    snprintf(line, size, "%s:%s%s", name, *value ? " " : "", value);
    exchange->headers_out = curl_slist_append(exchange->headers_out, line);
    duet_secret_free(line);
}

static void set_method(struct duet_net_exchange *exchange, const struct duet_net_request *request)
{
    CURL *easy = exchange->easy;
    if (request->body) {
        exchange->body_out = duet_text_new_cut(request->body, request->body_length);
        exchange->body_out_length = request->body_length;
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_body);
        curl_easy_setopt(easy, CURLOPT_READDATA, exchange);
        curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, rewind_body);
        curl_easy_setopt(easy, CURLOPT_SEEKDATA, exchange);
    }
    if (strcmp(request->method, "HEAD") == 0)
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    if (strcmp(request->method, request->body ? "POST" : "GET") != 0)
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
    /* No body, no rewinding to refuse: such a request gets a connection that was never used. */
    if (!is_safe(request->method) && request->body_length == 0)
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
}

static void set_up(struct duet_net_exchange *exchange, const struct duet_net_request *request)
{
    const struct duet_net_curl *net = exchange->owner;
    CURL *easy = exchange->easy;
    bool is_tls = strncasecmp(request->url, "https:", 6) == 0;
    long deadline = request->deadline_ms > 0 ? (long)request->deadline_ms : 1L;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, exchange);
    curl_easy_setopt(easy, CURLOPT_URL, exchange->url);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, is_tls ? "https" : "http");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, is_tls ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, deadline);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     deadline < CONNECT_MS ? deadline : CONNECT_MS);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange->error);
    curl_easy_setopt(easy, CURLOPT_USERAGENT,
                     net->options.user_agent ? net->options.user_agent : "duet");
    if (net->options.ca_file)
        curl_easy_setopt(easy, CURLOPT_CAINFO, net->options.ca_file);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, exchange);
    add_line(exchange, "Expect", "");
    for (size_t i = 0; i < request->header_count; i++)
        add_line(exchange, request->headers[i].name, request->headers[i].value);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange->headers_out);
    set_method(exchange, request);
}

static struct duet_net_exchange *submit(struct duet_net *interface,
                                        const struct duet_net_request *request, duet_net_done done,
                                        void *data)
{
    struct duet_net_curl *net = curl_of(interface);
    struct duet_net_exchange *exchange = duet_new(sizeof *exchange);
    *exchange = (struct duet_net_exchange){
        .owner = net,
        .after = net->first,
        .done = done,
        .data = data,
        .max_bytes = request->max_bytes,
        .url = duet_text_new(request->url),
        .whose = duet_text_new(request->owner),
        .side = duet_text_new(request->side),
    };
    if (net->first)
        net->first->before = exchange;
    net->first = exchange;
    exchange->headers = duet_new_array(DUET_NET_MAX_HEADERS, sizeof *exchange->headers);
    const char *fault = refuse(request);
    CURL *easy = fault ? NULL : curl_easy_init();
    if (!easy) {
        snprintf(exchange->error, sizeof exchange->error, "%s",
                 fault ? fault : "no connection can be set up");
        exchange->refusal = duet_loop_defer(net->options.loop, refused, exchange);
        return exchange;
    }
    exchange->easy = easy;
    duet_loop_hold(net->options.loop);
    set_up(exchange, request);
    curl_multi_add_handle(net->multi, easy);
    return exchange;
}

static void cancel(struct duet_net *interface, struct duet_net_exchange *exchange)
{
    (void)interface;
    exchange_free(exchange);
}

struct duet_net_curl *duet_net_curl_new(const struct duet_net_curl_options *options)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return NULL;
    struct duet_net_curl *net = duet_new(sizeof *net);
    *net = (struct duet_net_curl){ .net = { .submit = submit, .cancel = cancel },
                                   .options = *options };
    net->multi = curl_multi_init();
    net->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (net->timer >= 0)
        net->timer_watch =
            duet_loop_watch(options->loop, net->timer, DUET_LOOP_READ, timer_ready, net);
    if (!net->multi || !net->timer_watch) {
        duet_net_curl_free(net);
        return NULL;
    }
    curl_multi_setopt(net->multi, CURLMOPT_SOCKETFUNCTION, change_socket);
    curl_multi_setopt(net->multi, CURLMOPT_SOCKETDATA, net);
    curl_multi_setopt(net->multi, CURLMOPT_TIMERFUNCTION, change_timer);
    curl_multi_setopt(net->multi, CURLMOPT_TIMERDATA, net);
    curl_multi_setopt(net->multi, CURLMOPT_MAXCONNECTS, KEPT_CONNECTIONS);
    curl_multi_setopt(net->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    return net;
}

void duet_net_curl_free(struct duet_net_curl *net)
{
    if (!net)
        return;
    for (struct duet_net_exchange *exchange = net->first; exchange;) {
        struct duet_net_exchange *next = exchange->after;
        exchange_free(exchange);
        exchange = next;
    }
    curl_multi_cleanup(net->multi);
    duet_loop_unwatch(net->options.loop, net->timer_watch);
    if (net->timer >= 0)
        close(net->timer);
    free(net);
    curl_global_cleanup();
}

struct duet_net *duet_net_curl_net(struct duet_net_curl *net)
{
    return &net->net;
}
