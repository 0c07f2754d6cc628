/* From an address as people write it to a socket that listens there. */
#pragma once

#include "dsl/status.h"

/* "HOST:PORT", "[ADDRESS]:PORT" or ":PORT" (every address of this machine). The caller closes `*fd_out`; `*port_out` is the port it got.
 * DUET_INVALID: no such text; DUET_FAILED: unknown host, port in use, not allowed. */
enum duet_status duet_listen(const char *address, int *fd_out, int *port_out,
                             struct duet_error *error);
