/* duet-sim: simulated incident systems over real HTTP. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/sim/http.h"
#include "tests/sim/options.h"

static int stop_pipe[2]; /* a signal handler can reach nothing else */

static void stop(int signal_number)
{
    (void)signal_number;
    ssize_t written = write(stop_pipe[1], "x", 1);
    (void)written;
}

static void catch_signals(void)
{
    struct sigaction action = { 0 };
    action.sa_handler = stop;
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
}

static int serve(struct sim_server *server, unsigned short port)
{
    if (pipe(stop_pipe) != 0) {
        perror("duet-sim: pipe");
        return 3;
    }
    catch_signals();
    struct sim_http *http = sim_http_new(server, port, stop_pipe[0]);
    if (!http)
        return 3;
    printf("listening on http://127.0.0.1:%u\n", (unsigned)sim_http_port(http));
    fflush(stdout);
    sim_http_run(http);
    sim_http_free(http);
    return 0;
}

int main(int count, char **words)
{
    struct sim_server *server = NULL;
    unsigned short port = 0;
    switch (sim_options_read(count, words, &server, &port)) {
    case SIM_OPTIONS_HELP:
        return 0;
    case SIM_OPTIONS_WRONG:
        return 2;
    case SIM_OPTIONS_RUN:
        break;
    }
    int status = serve(server, port);
    sim_server_free(server);
    return status;
}
