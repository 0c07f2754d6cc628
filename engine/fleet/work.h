/* One link's way through a round: look, plan, write, record, notes. For engine/fleet alone.
 *
 *     look -> (read what is missing or too old -> look) -> plan -> write first -> write other -> commit -> notes -> take
 *                ^                                                                           |
 *                +---------------------------- stale or gone: read, few times --------------+ */
#pragma once

#include <jansson.h>

#include "engine/fleet/inside.h"
#include "engine/fleet/notes_sync.h"

/* A signal that waits for this link. */
struct duet_work_signal {
    int64_t id;
    const struct duet_owner *owner;
    uint64_t triggers; /* the ones it fires, by number; 0: none has its name */
    const char *name;
};

struct duet_work {
    struct duet_errand errand;
    struct duet_push push[2]; /* [target] */

    struct duet_journal_link link;
    struct duet_inbox_row row[2];
    struct duet_record record[2];
    struct duet_work_signal *signals;
    size_t signal_count;

    struct duet_state *state;
    struct duet_changeset *changes;
    struct duet_result result[2];
    struct duet_record shows[2]; /* what a write's answer showed */
    struct duet_row kept[2];     /* the same as the journal keeps it; key NULL: nothing */
    const char *operation[2];    /* of the write under way; NULL: none */
    enum duet_outcome outcome[2];
    const char *answer[2]; /* what it said */
    bool is_anew[2];       /* it wasn't there any more, and the write made it (201) */
    uint64_t written[2];   /* fields of it that were taken all the same */
    bool is_told[2];       /* what came of it stands in the ledger */

    bool is_resync;          /* nothing is new but the rules, as far as is known */
    bool refusals_forgotten; /* those by other rules */
    enum duet_side reading;
    int64_t read_began;
    uint64_t parts;    /* units that were refused together and are yet to be written apart */
    uint64_t withheld; /* from the plan under way, because of that */
    bool is_apart;     /* that has been done */
    unsigned tries;    /* plans that met another version */
    unsigned gone[2];  /* how often the system said that there is no such record */
    bool is_settling;  /* a write without an answer was settled by what was read; */
    struct duet_ledger_row *overwritten; /* what it overwrote, to be told then */
    size_t overwritten_count;
    bool is_stale; /* to be read and planned again */
    enum duet_side stale_side;
    bool is_waiting; /* something couldn't be done now: the rows stay fresh */

    struct duet_notes_job *notes;
    json_t *shown; /* of this plan */
};

static inline struct duet_journal *duet_work_journal(const struct duet_work *work)
{
    return work->errand.tenant->fleet->options.journal;
}

/* --- work.c: the way itself --------------------------------------------------------------------------------------- */

/* Nothing more can be done for this content: the rows are taken, and the errand ends. */
void duet_work_give_up(struct duet_work *work);

/* The system said that there is no such record: it is asked once more, then the record is marked as gone. */
void duet_work_not_there(struct duet_work *work, enum duet_side side);

/* Would a commit of a plan without writes leave the link as it is? */
bool duet_work_changes_nothing(struct duet_work *work);

/* The plan's writes are answered, or none was needed: records what came of them and goes on from there. */
void duet_work_written(struct duet_work *work);

/* --- work_signals.c ------------------------------------------------------------------------------------------------- */

/* Adds to `work->signals` what waits for the record of this side. */
enum duet_status duet_work_load_signals(struct duet_work *work, enum duet_side side);

/* The triggers that its signals fire, by number. */
uint64_t duet_work_fired(const struct duet_work *work);

/* --- work_write.c --------------------------------------------------------------------------------------------------- */

/* Writes the plan's changes of this side, then those of the other where they are due; ends in duet_work_written(). */
void duet_work_write(struct duet_work *work, enum duet_side target);

/* --- work_notes.c --------------------------------------------------------------------------------------------------- */

/* What duet_notes_sync() is to do for this link; its end is the errand's, or a record that isn't there. */
struct duet_notes_options duet_work_notes(struct duet_work *work);

/* --- record.c: what a work leaves in the store ------------------------------------------------------------------ */

/* Before the state is settled: which values of people a write without an answer has overwritten. The process that wrote may have died
 * before it could tell. */
void duet_work_find_overwritten(struct duet_work *work);

/* Within a transaction: the intent, and the state as it is should no answer ever come. */
enum duet_status duet_work_intend(struct duet_work *work, enum duet_side target);

/* Outcomes, state, ledger, signals, snapshots and what is shown, in one commit; the rows are taken too when `is_last`. */
enum duet_status duet_work_commit(struct duet_work *work, bool is_last);

/* The rows are taken and what is shown is stored: nothing is left to do, or nothing can be done. */
enum duet_status duet_work_take(struct duet_work *work);

/* The record is gone for good, as far as anybody can tell: not propagated. */
enum duet_status duet_work_mark_gone(struct duet_work *work, enum duet_side side);

/* Nobody can plan with these records: the fresh ones of them are quarantined. */
enum duet_status duet_work_quarantine(struct duet_work *work, enum duet_side side,
                                      const char *reason);
