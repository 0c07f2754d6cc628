/* One record to be made from its origin: find by claim, create, link, then what the creating request can't carry.
 *
 *     WANTED -> find -> (found: adopt) -> SENT -> create -> CREATED and linked -> write the rest -> the link goes its own way
 *
 * A lost reply leaves SENT, and the next round finds the claim before it sends again. What is refused stays WANTED, to be seen,
 * and is tried again when the origin changes. For engine/fleet alone. */
#pragma once

#include "engine/fleet/inside.h"

struct duet_birth {
    struct duet_errand errand;
    struct duet_push push;

    enum duet_side origin, target;
    struct duet_inbox_row row; /* of the origin */
    struct duet_record record;
    struct duet_creation creation;
    int64_t since; /* when it became wanted; 0: not known */
    bool is_wanted;
    struct duet_new_record made; /* what the new record shall be */
    struct duet_record shown;    /* the new record, where an answer showed it */
    struct duet_row kept;        /* the same for the journal; key NULL: none */
    int64_t link;
    int64_t read_began;
    const char *operation; /* of the write of the rest */
};

static inline struct duet_journal *duet_birth_journal(const struct duet_birth *birth)
{
    return birth->errand.tenant->fleet->options.journal;
}

static inline struct duet_feed *duet_birth_feed(const struct duet_birth *birth, enum duet_side side)
{
    return birth->errand.tenant->feed[side];
}

/* --- birth.c: the way itself -------------------------------------------------------------------------------------- */

/* Within a transaction: the origin's row is taken, where it was fresh. */
enum duet_status duet_birth_take_origin(const struct duet_birth *birth);

/* The transaction's end: a commit when `status` is DUET_OK, else a rollback. What came of it. */
enum duet_status duet_birth_close(const struct duet_birth *birth, enum duet_status status);

/* One line about it. NULL result: nothing was asked; `why` is the reason then. */
void duet_birth_log(const struct duet_birth *birth, enum duet_log_level level, const char *event,
                    const char *why, const struct duet_remote_result *result);

/* In a dry run: `before` NULL for the creation, else what stands where the rest goes. */
void duet_birth_log_would(const struct duet_birth *birth, const char *event,
                          const struct duet_value *before, uint64_t fields);

/* The new record as `made` describes it; borrows from the birth. */
struct duet_remote_record duet_birth_record(const struct duet_birth *birth);

/* Sends the request that makes the record. */
void duet_birth_create(struct duet_birth *birth);

/* Not wanted, or not any more: looked at again when it changes. */
void duet_birth_leave(struct duet_birth *birth);

/* The record is there, made now or before: it is linked, and the rest written. */
void duet_birth_link(struct duet_birth *birth, const char *key, enum duet_ledger_kind kind,
                     const char *cause);

/* --- birth_find.c ------------------------------------------------------------------------------------------------- */

/* Looks for a record with the claim: links it, or goes on to create one or to leave. */
void duet_birth_find(struct duet_birth *birth);

/* --- birth_rest.c ------------------------------------------------------------------------------------------------- */

/* Writes what the creating request couldn't carry, if anything is left; ends the creation. */
void duet_birth_write_rest(struct duet_birth *birth);

/* The creation is over. Not whole: the link is met anew, and its planner says what is held. */
void duet_birth_end(struct duet_birth *birth, bool is_whole);
