/* The notes of one link: reads them where something may be new, sends what isn't on the other side yet, each exactly once.
 *
 *     lists where needed --> what is whose --> INTENDED, text frozen --> SENT --> add note --> CONFIRMED and a ledger row
 *
 * Each arrow into the journal is a commit of its own before the next step, so that a crash anywhere ends, run again, with the same
 * notes. Where the client chooses a note's id, it is derived: sent again after a lost reply, the note stands once. Elsewhere the
 * note carries duet's mark, and a part whose reply was lost is looked for in a read that began after the loss: found, it is
 * CONFIRMED; not there, it is sent again; where the system shows no notes, it is UNCERTAIN, shown and never sent again. */
#pragma once

#include "engine/fleet/ids.h"
#include "engine/journal/journal.h"
#include "engine/remote/remote.h"

/* To be shown with the link: `what` as in its JSON ("note uncertain", "note held", "pending", "waiting"), `side` is the one that is to get
 * the note. */
struct duet_notes_shown {
    const char *what;
    enum duet_side side;
    const char *sentence;
};

/* Lives until the callback returns. */
struct duet_notes_outcome {
    enum duet_status status; /* not DUET_OK: the journal failed, which stopped it */
    size_t
        sent[2]; /* parts that were added to that side, or may have been: only a newer read tells.
                     * Its record's last snapshot is old then: duet_journal_await() it */
    size_t would_send; /* dry run: parts that are due */
    bool gone[2];      /* that side answered that there is no such record */
    bool again;        /* something is left that a later call can do: throttled, down, a lost
                              * reply that only a newer read of the record settles */
    int64_t retry_ms;  /* not sooner than this; 0: with the next round */
    const struct duet_notes_shown *shown; /* replaces what was shown of this link's notes */
    size_t shown_count;
};

typedef void (*duet_notes_done)(void *data, const struct duet_notes_outcome *outcome);

/* The structure is copied; what it points to is borrowed until `done`. */
struct duet_notes_options {
    struct duet_journal *journal;
    const struct duet_owner *tenant;
    int64_t link;
    int64_t
        link_created; /* in the systems' times where known. `from link`: notes written at or after
                           * it are sent, less the mapping's skew; older ones never */
    const char *mapping;
    const struct duet_key *key;     /* signs the marks */
    const struct duet_rules *rules; /* of the tenant */
    struct duet_endpoint *endpoints[2];
    const char *keys[2];                  /* the records' keys */
    const struct duet_record *records[2]; /* as last read */
    int64_t read_at[2];                   /* when those reads began, by `stamp` */
    bool released[2];                     /* [origin] duet_changeset.notes_released */
    int64_t started; /* a stamp from before this process sent anything: what an earlier one left as
                      * sent is only settled by a read that began later */
    bool
        dry_run; /* the log tells what would be sent, and nothing is; the journal is a copy that nobody keeps */
    struct duet_loop *loop;
    struct duet_log *log;         /* may be NULL */
    int64_t (*stamp)(void *data); /* never runs backwards: as duet_journal_row.read_began */
    void *stamp_data;
    duet_notes_done done;
    void *data;
};

/* Could anything be to list, to send or to show? Asks the journal, sends no request, and is false on a quiet link. True also when
 * the journal fails: the sync then says so. `done`, `loop` and `log` aren't looked at. */
bool duet_notes_due(const struct duet_notes_options *options);

/* Keeps what of the side is older than the link, as its record shows now: later reads can't tell where clocks differ. For a link that is
 * being made, within its transaction; of `options` only this side's key, record, endpoint and read are looked at. */
enum duet_status duet_notes_meet(const struct duet_notes_options *options, enum duet_side side,
                                 struct duet_arena *arena);

/* Both sides, one after the other. `done` is called exactly once, later, from the loop; then the job still is to be freed. Not within a
 * transaction, and no two at a time for one link. */
struct duet_notes_job *duet_notes_sync(const struct duet_notes_options *options);

/* NULL is fine; also from within `done`. Before `done`, only after both endpoints were freed: ends it silently; what was under way is
 * settled by the next call. */
void duet_notes_free(struct duet_notes_job *job);
