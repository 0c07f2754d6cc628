/* `duet lsp`: a language server on standard input and output. */
#include <poll.h>
#include <unistd.h>

#include "engine/cli/commands.h"
#include "engine/lsp/server.h"
#include "engine/lsp/wire.h"

#define READ_BYTES ((size_t)64 * 1024)

struct connection {
    const struct duet_io *io;
    struct duet_wire wire;
    struct duet_lsp *lsp;
    bool is_ended;
};

static void send(void *context, const json_t *message)
{
    struct connection *connection = context;
    if (!duet_wire_write(message, connection->io->out))
        connection->is_ended = true;
}

/* Whether bytes wait to be read; a stream that is no file is read to its end at once. */
static bool is_waiting(const struct connection *connection)
{
    struct pollfd input = { .fd = fileno(connection->io->in), .events = POLLIN };
    return input.fd < 0 || poll(&input, 1, 0) > 0;
}

static size_t read_some(const struct connection *connection, char *bytes)
{
    int fd = fileno(connection->io->in);
    ssize_t got = fd < 0 ? (ssize_t)fread(bytes, 1, READ_BYTES, connection->io->in)
                         : read(fd, bytes, READ_BYTES);
    return got > 0 ? (size_t)got : 0;
}

static void take_messages(struct connection *connection)
{
    json_t *message = NULL;
    const char *why = NULL;
    for (;;) {
        switch (duet_wire_next(&connection->wire, &message, &why)) {
        case DUET_WIRE_MORE:
            return;
        case DUET_WIRE_MESSAGE:
            duet_lsp_receive(connection->lsp, message);
            break;
        case DUET_WIRE_BROKEN:
            duet_lsp_receive_broken(connection->lsp, why);
            break;
        }
    }
}

static void read_messages(struct connection *connection)
{
    char bytes[READ_BYTES];
    size_t got = read_some(connection, bytes);
    if (got == 0 || !duet_wire_feed(&connection->wire, bytes, got))
        connection->is_ended = true;
    take_messages(connection);
}

/* All that waits is read before anything is done, so that the queue is known and can be cancelled. */
static enum duet_exit serve(struct connection *connection)
{
    bool in_order = false;
    while (!duet_lsp_is_over(connection->lsp, &in_order)) {
        bool is_waited_for = !connection->is_ended && is_waiting(connection);
        if (!is_waited_for && duet_lsp_work(connection->lsp))
            continue;
        if (connection->is_ended)
            break;
        read_messages(connection);
    }
    return in_order ? DUET_EXIT_FINE : DUET_EXIT_FINDINGS;
}

static enum duet_exit run(const struct duet_arguments *arguments)
{
    struct connection connection = { .io = duet_arguments_io(arguments) };
    connection.lsp = duet_lsp_new(DUET_VERSION, send, &connection);
    enum duet_exit status = serve(&connection);
    duet_lsp_free(connection.lsp);
    duet_wire_finish(&connection.wire);
    return status;
}

static const struct duet_option options[] = {
    { "stdio", 0, NULL, "as always; editors that ask for it may" },
    { NULL, 0, NULL, NULL },
};

const struct duet_command duet_cmd_lsp = {
    .name = "lsp",
    .usage = "",
    .summary = "a language server for editors, on standard input and output",
    .help =
        "Speaks the Language Server Protocol 3.17: findings as you type, and the proof's when a "
        "file is\n"
        "opened or saved; hover, definition, references, rename, completion, symbols, folding,\n"
        "formatting, fixes and semantic tokens. An editor starts it: see \"In your editor\" in "
        "the\n"
        "README. What is open in the editor counts instead of what is on disk, in imports too.\n"
        "Exit status 1 when the editor ends it without `shutdown`.",
    .options = options,
    .run = run,
};
