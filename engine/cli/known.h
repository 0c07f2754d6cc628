/* What a store knows of a record by its key, and which key is near when it knows none. */
#pragma once

#include "engine/cli/store.h"

enum duet_known_as {
    DUET_KNOWN_NOT,
    DUET_KNOWN_READ,     /* a source has shown it, and it is linked with nothing */
    DUET_KNOWN_CREATING, /* it is to get a partner */
    DUET_KNOWN_LINKED,
};

struct duet_known {
    enum duet_known_as as;
    const char *source;  /* READ: "acme/siem", "hub shared" */
    const char *partner; /* LINKED: the other record's key; CREATING: NULL */
    const char *near;    /* NOT: a known key that may be meant; NULL: none */
};

/* Looks in all tenants of the store's overview. Texts live in the store's arena. */
enum duet_status duet_known_record(const struct duet_store *store, const char *key,
                                   struct duet_known *known_out);
