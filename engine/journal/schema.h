/* The tables of a journal: telling a journal from other files, making one, bringing an older one up to date. */
#pragma once

#include "engine/journal/db.h"

enum duet_schema_state {
    DUET_SCHEMA_EMPTY,   /* nothing in it yet */
    DUET_SCHEMA_OLDER,   /* a journal that an earlier duet made */
    DUET_SCHEMA_CURRENT, /* ours, whole */
};

/* Changes nothing. DUET_INVALID: another program's file, a newer schema, damaged; `error` says which. */
enum duet_status duet_schema_look(struct duet_db *db, const char *path,
                                  enum duet_schema_state *state_out, struct duet_error *error);

/* Makes it current, in one transaction; several processes may try at once. */
enum duet_status duet_schema_upgrade(struct duet_db *db);

/* Reads every page of the file. DUET_INVALID: damaged, `error` says where. */
enum duet_status duet_schema_verify(struct duet_db *db, const char *path, struct duet_error *error);
