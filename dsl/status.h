/* How a call into the world ended: one enum for everything that is nobody's mistake in a mapping and nobody's bug. */
#pragma once

/* Mistakes in a mapping are diagnostics (diag.h), our own mistakes are asserts. */
enum duet_status {
    DUET_OK,
    DUET_END,       /* nothing more to give; not a failure */
    DUET_NOT_FOUND, /* the thing asked for isn't there; often expected */
    DUET_INVALID,   /* input was refused: a table file, a record, a setting */
    DUET_CONFLICT,  /* somebody else was first: a stale version, a lower fencing epoch */
    DUET_BUSY,      /* try again later: locked store, quota used up */
    DUET_DENIED,    /* credentials missing or refused */
    DUET_FAILED,    /* the world failed: file, network, store; a message went with it */
};

/* The text that each function with a `duet_error *` leaves for a person: lower case, quotes what was given. */
struct duet_error {
    char text[512];
};

/* Writes the message, cut to fit, and returns `status`, so that `return duet_fail(...)` reads as one step. `error` may be NULL. */
__attribute__((format(printf, 3, 4))) enum duet_status
duet_fail(struct duet_error *error, enum duet_status status, const char *format, ...);
