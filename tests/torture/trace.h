/* All that goes over a simulated wire, as one number, and for people as lines. */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "tests/torture/wire.h"

struct trace {
    uint64_t hash;
    FILE *out; /* NULL: only the number */
};

void trace_init(struct trace *trace, FILE *out);
void trace_event(struct trace *trace, int64_t now_ms, const char *what,
                 const struct wire_exchange *exchange);
