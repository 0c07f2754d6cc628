/* What becomes of one link's notes: which stand where and whose they are, what is learned from that, what is to be sent. Pure: the lists
 * as read and the journal's rows in, rows to put and parts to send out.
 *
 * Whose a note is that stands on a side: ours, when its id or identity is the one a row of ours has there; else when it carries the mark
 * of a row that isn't bound to another note that stands there (who quotes our note carries it too); else, where no mark
 * survives, when it reads like one that we sent and that wasn't found otherwise. All others are theirs. */
#pragma once

#include "engine/fleet/notes_sync.h"

#define DUET_NOTES_MOST 5000U /* of one record: work grows with the square of their number */

/* One side as far as it is known without asking, or after it was listed. */
struct duet_notes_side {
    const struct duet_t_notes *format; /* NULL: the system has no notes */
    bool can_list;                     /* by a request of its own */
    bool can_add;
    bool is_repeatable;         /* a note sent twice stands once */
    struct duet_note_list list; /* `known`: what stands there */
    int64_t list_at;            /* when that read began */
    int64_t read_at;            /* when the record's read began */
    int64_t count;              /* of notes, as the record shows; -1: it doesn't */
    const char *remembered;     /* the next four as they are kept; NULL: nothing yet */
    int64_t listed_at;          /* `read_at` when it was last listed; 0: never */
    int64_t surplus;            /* notes that stood there then more than the journal knows */
    int64_t old;                /* notes that are older than the link; -1: told by their time: */
    int64_t since;              /* those written before */
};

struct duet_notes_input {
    const struct duet_notes_options *options;
    struct duet_notes_side sides[2];
    const struct duet_journal_note *rows; /* all of the link's, oldest first */
    const char **refusals;                /* one a row: what the target answered; NULL: nothing */
    size_t row_count;
};

/* A row to put, with the ledger's kind when it is to be told. */
struct duet_notes_put {
    struct duet_journal_note note;
    bool is_told;
    enum duet_ledger_kind kind;
    const char *cause;
};

/* A part to send; its row stands in the journal once the puts are made. */
struct duet_notes_send {
    struct duet_journal_note note;
    size_t part_count; /* of the whole note */
};

struct duet_notes_plan {
    struct duet_notes_put *puts; /* one commit */
    size_t put_count;
    struct duet_notes_send *sends; /* in this order */
    size_t send_count;
    struct duet_notes_shown *shown;
    size_t shown_count;
    size_t waiting[2];  /* [target] parts that only a newer read settles */
    int64_t surplus[2]; /* where a side was listed: to be kept for the next time */
};

/* Must the side be listed to know what to do? False where nothing can have changed. */
bool duet_notes_wants_list(const struct duet_notes_input *input, enum duet_side side);

/* Never fails. All of it in the arena. */
struct duet_notes_plan *duet_notes_plan(const struct duet_notes_input *input,
                                        struct duet_arena *arena);

/* For people: a part whose reply was lost where nobody can look. */
const char *duet_notes_uncertain(const struct duet_notes_input *input,
                                 const struct duet_journal_note *row, struct duet_arena *arena);

/* --- for its parts --- */

/* Names of notes that are no notes of a person's: behind an identity, the note as it was edited later; and what tells of the limit. */
#define DUET_NOTES_EDITION " (edit "
#define DUET_NOTES_NOTICE "duet:more"

/* How many notes the target takes yet, INT64_MAX: any. `found`: rows that its list shows. */
int64_t duet_notes_room(const struct duet_notes_input *input, enum duet_side target,
                        const bool *found);

/* Does the journal know of a note there that says that there are more? */
bool duet_notes_has_notice(const struct duet_notes_input *input, enum duet_side target);

/* What was listed on the side more than the journal knows of once the plan's puts are made. */
int64_t duet_notes_surplus(const struct duet_notes_input *input, const struct duet_notes_plan *plan,
                           enum duet_side side);

/* A note that stands on a side. */
struct duet_notes_seen {
    const struct duet_note *note;
    const char *identity; /* its id, or author, time and ordinal among equals */
    size_t row;           /* of `input->rows`; SIZE_MAX: none */
    bool is_ours;
};

/* The side's notes from old to new, each with its row. */
struct duet_notes_seen *duet_notes_see(const struct duet_notes_input *input, enum duet_side side,
                                       struct duet_arena *arena);

/* Do notes of `origin` go to the other side at all? */
bool duet_notes_go(const struct duet_notes_input *input, enum duet_side origin);

enum duet_note_form duet_notes_form(const struct duet_notes_side *side);

/* A part as its reader sees it. */
const char *duet_notes_reading(const struct duet_notes_input *input,
                               const struct duet_journal_note *row, struct duet_arena *arena);
